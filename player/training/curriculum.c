/* curriculum.c - see curriculum.h. */
#include "curriculum.h"

#include <string.h>

void curriculum_init(curriculum_t *curriculum, int32_t num_starts)
{
    memset(curriculum, 0, sizeof *curriculum);
    curriculum->num_starts = num_starts;
}

void curriculum_note(curriculum_t *curriculum, int32_t start, bool won)
{
    if (start < 0 || start >= curriculum->num_starts) return;
    const uint64_t at = curriculum->starts[start].num_rounds++ % CURRICULUM_RECENT;
    curriculum->starts[start].won[at] = won;
}

static int32_t recent(const curriculum_t *curriculum, int32_t start, int32_t *won)
{
    const uint64_t all = curriculum->starts[start].num_rounds;
    const int32_t rounds = all < CURRICULUM_RECENT ? (int32_t)all : CURRICULUM_RECENT;
    *won = 0;
    for (int32_t i = 0; i < rounds; i++) *won += curriculum->starts[start].won[i];
    return rounds;
}

float curriculum_win_rate(const curriculum_t *curriculum, int32_t start, int32_t *rounds)
{
    int32_t won;
    *rounds = recent(curriculum, start, &won);
    return *rounds ? (float)won / (float)*rounds : 0;
}

void curriculum_shares(const curriculum_t *curriculum, float *shares)
{
    double sum = 0;
    for (int32_t s = 0; s < curriculum->num_starts; s++) {
        int32_t won;
        const int32_t rounds = recent(curriculum, s, &won);
        const double lost = 1 - (won + 1.0) / (rounds + 2.0);
        shares[s] = (float)(lost > CURRICULUM_LEAST_SHARE ? lost : CURRICULUM_LEAST_SHARE);
        sum += (double)shares[s];
    }
    for (int32_t s = 0; s < curriculum->num_starts; s++) shares[s] = (float)(shares[s] / sum);
}
