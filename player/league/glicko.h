/* glicko.h - how strong a player is, and how sure that is: Glicko-2.
 *
 * Source: Mark E. Glickman, "Example of the Glicko-2 system" (2013), glicko.net/glicko/glicko2.pdf.
 * Numbers are on the scale of Elo's ratings: 400 points are odds of ten to one. A rating's interval
 * of 95 % is rating +- 1.96 deviations.
 *
 *     glicko_t player;
 *     glicko_begin(&player);
 *     glicko_update(&player, results, num_results);      one rating period
 *
 * Pure arithmetic: no memory, no state, no error.
 */
#ifndef PLAYER_GLICKO_H
#define PLAYER_GLICKO_H

#include <stdint.h>

#define GLICKO_TAU 0.5 /* how fast a volatility may change; the paper's example */
#define GLICKO_95 1.959964

typedef struct {
    double rating, deviation, volatility;
} glicko_t;

/* What a period brought against one opponent, as it was rated before the period. */
typedef struct {
    glicko_t opponent;
    double rounds; /* 0 or more */
    double score;  /* 1 for each that was won, 0.5 for each that was drawn */
} glicko_result_t;

/* Nothing is known of this player: 1500, 350, 0.06. */
void glicko_begin(glicko_t *player);
/* The end of a period. Without results only the deviation grows, to 350 at most. A rating moves by
 * at most 400, whatever the results. */
void glicko_update(glicko_t *player, const glicko_result_t *results, int32_t num_results);
/* Of a round of a against b: the share that a is expected to win, both deviations considered. */
double glicko_expected(const glicko_t *a, const glicko_t *b);

#endif
