/* import_all.c - see import_all.h. */
#include "import_all.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "home.h"
#include "import_pack.h"
#include "why.h"

static void tell(void *context, const char *folder, const char *why)
{
    int *num_told = context;
    if ((*num_told)++ == 0) printf("Refused\n");
    printf("  %s: %s\n", folder, why);
}

static void say_count(int32_t count, const char *what)
{
    if (count > 0) printf("  %5d  %s\n", (int)count, what);
}

static void say_counts(const pack_count_t *count, const char *dir)
{
    printf("%s: %d games\n", dir, (int)count->num_folders);
    say_count(count->num_stored, "are in the pack now");
    say_count(count->num_known, "have a preset in Kata's own library, which knows more: left out");
    say_count(count->num_twice, "stood there twice: the first was taken");
    say_count(count->num_refused, "were refused, as listed above");
    printf("What their presets lack (in how many of the %d)\n", (int)count->num_stored);
    for (int32_t loss = 0; loss < IMPORT_NUM_LOSSES; loss++)
        say_count(count->games_losing[loss], import_loss_says((import_loss_t)loss));
    printf("%s of the pack says it game by game.\n", PACK_REPORT);
}

int import_all(const char *dir, const char *name, bool replace)
{
    char home[HOME_PATH_BYTES], packs[HOME_PATH_BYTES], pack[HOME_PATH_BYTES];
    why_t why;
    struct stat status;
    pack_count_t count;
    int num_told = 0;
    if (!pack_name_is_valid(name))
        return say_usage("preset import: --name must be 1 to %d of a-z 0-9 - _, found '%.60s'",
                         PACK_NAME_BYTES - 1, name);
    if (stat(dir, &status) != 0 || !S_ISDIR(status.st_mode))
        return say_failed("%.300s: --all wants a folder, with games of stable-retro below it", dir);
    if (!home_for_writing(home, why) || !home_join(packs, home, "packs", why) ||
        !home_join(pack, packs, name, why))
        return say_failed("%s", why);
    if (!replace && lstat(pack, &status) == 0)
        return say_failed("%.300s is there already; --replace to have it made anew, or --name NAME "
                          "for another",
                          pack);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!pack_import(&count, dir, packs, name, tell, &num_told, why)) return say_failed("%s", why);
    say_counts(&count, dir);
    printf("saved %s; `kata train ROM` finds a game in it by its hash\n", pack);
    return EXIT_OK;
}
