/* mine_cost.h - the length of a recording's description, in bits. Internal to macros/.
 *
 * A run costs what its pad word and its length tell, by how often each occurs in this recording
 * (an order-0 code). Lengths above 8 frames share codes, four to each doubling.
 */
#ifndef KATA_MINE_COST_H
#define KATA_MINE_COST_H

#include "mine.h"

enum { COST_NUM_LENGTHS = 64 };

typedef struct {
    uint16_t pad;
    bool begins;   /* the first of its track */
    bool is_spent; /* part of a macro that was taken */
    int32_t frames;
} mine_run_t;

typedef struct {
    float *pad_bits; /* (65536) */
    double length_bits[COST_NUM_LENGTHS];
} mine_cost_t;

/* False: no memory. */
bool mine_cost_create(mine_cost_t *cost, const mine_run_t *runs, int32_t num_runs);
void mine_cost_free(mine_cost_t *cost);

double mine_cost_run(const mine_cost_t *cost, uint16_t pad, int32_t frames);

#endif
