/* mine_cost.c - see mine_cost.h. */
#include "mine_cost.h"

#include <math.h>
#include <stdlib.h>

enum { NUM_PADS = 65536, EXACT_LENGTHS = 8 };

/* Which code a length has: 1..8 their own, then four to each doubling. */
static int32_t code_of(int32_t frames)
{
    if (frames <= EXACT_LENGTHS) return frames;
    int32_t octave = 0;
    while (frames >> (octave + 4)) octave++;
    const int32_t quarter = frames >> (octave + 1) & 3; /* the two bits behind the leading one */
    const int32_t code = EXACT_LENGTHS + 1 + octave * 4 + quarter;
    return code < COST_NUM_LENGTHS ? code : COST_NUM_LENGTHS - 1;
}

/* How many lengths share that code, as bits. */
static double width_bits(int32_t code)
{
    return code <= EXACT_LENGTHS ? 0 : (code - EXACT_LENGTHS - 1) / 4 + 1;
}

bool mine_cost_create(mine_cost_t *cost, const mine_run_t *runs, int32_t num_runs)
{
    double lengths[COST_NUM_LENGTHS] = { 0 };
    *cost = (mine_cost_t){ .pad_bits = calloc(NUM_PADS, sizeof *cost->pad_bits) };
    if (!cost->pad_bits) return false;
    for (int32_t r = 0; r < num_runs; r++) {
        cost->pad_bits[runs[r].pad]++;
        lengths[code_of(runs[r].frames)]++;
    }
    for (int32_t p = 0; p < NUM_PADS; p++)
        if (cost->pad_bits[p] > 0) cost->pad_bits[p] = log2f((float)num_runs / cost->pad_bits[p]);
    for (int32_t c = 0; c < COST_NUM_LENGTHS; c++) /* half a run more, so that none is impossible */
        cost->length_bits[c] =
            log2((num_runs + 0.5 * COST_NUM_LENGTHS) / (lengths[c] + 0.5)) + width_bits(c);
    return true;
}

void mine_cost_free(mine_cost_t *cost)
{
    free(cost->pad_bits);
    *cost = (mine_cost_t){ 0 };
}

double mine_cost_run(const mine_cost_t *cost, uint16_t pad, int32_t frames)
{
    return (double)cost->pad_bits[pad] + cost->length_bits[code_of(frames)];
}
