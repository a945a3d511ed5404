/* curriculum.h - which of several starts the next rounds begin at: each in proportion to the rounds
 * that are lost there (1 - its win rate; FightLadder, Li et al. 2024), so that none is given time
 * that it no longer needs. A start that is always won keeps a tenth of what one that is always lost
 * gets, or it would be forgotten.
 */
#ifndef PLAYER_CURRICULUM_H
#define PLAYER_CURRICULUM_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"

enum { CURRICULUM_RECENT = 50 }; /* rounds of a start that its win rate is of */
#define CURRICULUM_LEAST_SHARE 0.1

typedef struct {
    int32_t num_starts;
    struct {
        uint64_t num_rounds;            /* noted so far */
        uint8_t won[CURRICULUM_RECENT]; /* the last ones, in a ring */
    } starts[PRESET_MAX_STARTS];
} curriculum_t;

void curriculum_init(curriculum_t *curriculum, int32_t num_starts);
/* A round at this start is over. Where the preset cannot tell who won, note nothing. */
void curriculum_note(curriculum_t *curriculum, int32_t start, bool won);
/* Of the last CURRICULUM_RECENT rounds there or fewer; *rounds: how many, 0: the rate is 0. */
float curriculum_win_rate(const curriculum_t *curriculum, int32_t start, int32_t *rounds);
/* shares: (num_starts), with sum 1. A win rate of few rounds counts with one won and one lost round
 * beside them (Laplace), so that starts begin alike. */
void curriculum_shares(const curriculum_t *curriculum, float *shares);

#endif
