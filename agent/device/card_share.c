/* card_share.c - see card_share.h. */
#include "card_share.h"

#include <assert.h>

card_share_t card_share_begin(double most_share, double now)
{
    assert(most_share > 0 && most_share <= 1);
    return (card_share_t){ .most_share = most_share, .began_at = now, .rests_until = now };
}

void card_share_note(card_share_t *share, double busy_seconds, double now)
{
    share->num_updates++;
    share->busy_seconds += busy_seconds;
    share->rests_until = now + busy_seconds * (1 / share->most_share - 1);
}

double card_share_rest(const card_share_t *share, double now)
{
    return now < share->rests_until ? share->rests_until - now : 0;
}

double card_share_taken(const card_share_t *share, double now)
{
    return now > share->began_at ? share->busy_seconds / (now - share->began_at) : 0;
}
