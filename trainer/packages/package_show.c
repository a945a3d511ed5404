/* package_show.c - see package_show.h. */
#include "package_show.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"

void package_rating_text(char out[PACKAGE_RATING_BYTES], const package_rating_t *rating)
{
    if (rating->episodes == 0)
        snprintf(out, PACKAGE_RATING_BYTES, "never evaluated");
    else
        snprintf(out, PACKAGE_RATING_BYTES,
                 "won %d of %d rounds (%.0f %%, 95 %% interval %.0f to %.0f %%), mean return %+.2f",
                 rating->won, rating->episodes, 100 * rating->win_rate, 100 * rating->win_low,
                 100 * rating->win_high, rating->mean_return);
}

static void show_training(const package_training_t *t)
{
    char decisions[NUMBERS_BYTES], updates[NUMBERS_BYTES], rating[PACKAGE_RATING_BYTES];
    printf("trained     %s decisions", numbers_grouped(decisions, (uint64_t)t->decisions));
    if (t->updates > 0) printf(", %s updates", numbers_grouped(updates, (uint64_t)t->updates));
    if (t->core[0]) printf(", on %s", t->core);
    if (t->start[0]) printf(", start %s", t->start);
    if (t->versus[0]) printf(", against %s", t->versus);
    if (t->port != 1) printf(", pad %d", t->port);
    package_rating_text(rating, &t->rating);
    printf("\nrating      %s; its maker's figure\n", rating);
    printf("weights     in %s precision\n", t->is_half ? "half" : "full");
}

void package_show(const package_t *package)
{
    char number[NUMBERS_BYTES];
    printf("game        %s (%s)\n", package->game, package->system);
    if (package->sha1[0]) printf("dump        SHA-1 %s\n", package->sha1);
    if (package->made_by[0]) printf("made by     %s\n", package->made_by);
    if (package->has_agent) {
        printf("agent       %s\n", package->name);
        show_training(&package->training);
        if (package_part(package, PACKAGE_LEAGUE)) puts("strengths   easy, normal, hard, best");
    } else {
        puts("agent       none in it");
    }
    for (int32_t p = 0; p < package->num_parts; p++)
        printf("%s%-45s %s bytes, SHA-256 %.16s...\n", p ? "            " : "parts       ",
               package->parts[p].name, numbers_grouped(number, package->parts[p].num_bytes),
               package->parts[p].sha256);
}
