/* card_share.h - how much of the time a card computes that also draws: after each update it rests.
 *
 * An update that kept the card for b seconds is followed by a rest of b (1 / share - 1): from the
 * beginning of each update to that of the next one the card is busy for at most `share` of the
 * time. A pure machine: the caller says what time it is, in seconds of a clock that never goes
 * back.
 *
 *     card_share_t share = card_share_begin(0.5, now);
 *     ... an update is asked for, and done at `now` ...
 *     card_share_note(&share, busy_seconds, now);
 *     while (card_share_rest(&share, now) > 0) wait;
 */
#ifndef AGENT_CARD_SHARE_H
#define AGENT_CARD_SHARE_H

#include <stdint.h>

typedef struct {
    double most_share; /* above 0, up to 1 */
    double began_at, rests_until;
    double busy_seconds;  /* since it began */
    uint64_t num_updates; /* that the card computed */
} card_share_t;

card_share_t card_share_begin(double most_share, double now);
/* An update is done, for which the card was busy up to now. */
void card_share_note(card_share_t *share, double busy_seconds, double now);
/* So many seconds it rests from now on; 0: the next update may be asked for. */
double card_share_rest(const card_share_t *share, double now);
/* Of the time since the beginning; the last update's rest counts when it is over. */
double card_share_taken(const card_share_t *share, double now);

#endif
