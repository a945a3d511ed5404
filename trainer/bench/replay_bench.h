/* replay_bench.h - what a decision takes in the replay memory, in bytes and in processor time, with
 * so many stored.
 *
 * Decisions of random play on the game itself are recorded first, with their pictures, and then
 * stored again and again, a round of them after the other: each picture is compressed anew when it
 * is stored, so they take as much as as many decisions of the game that are all different.
 */
#ifndef TRAINER_REPLAY_BENCH_H
#define TRAINER_REPLAY_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "why.h"

typedef struct replay_bench replay_bench_t;

typedef struct {
    int32_t decisions;         /* that are asked for: the memory's capacity */
    int32_t filled;            /* stored; fewer than asked for: the bytes are extrapolated */
    double bytes_per_decision; /* of resident memory */
    double store_us;           /* of processor time, a decision, over the last tenth */
    double draw_us;            /* a transition drawn, in batches of 32, its priority set again */
} replay_bench_result_t;

/* Record. */
bool replay_bench_open(replay_bench_t **out, const game_t *game, why_t why);
void replay_bench_close(replay_bench_t *bench); /* NULL is fine */

/* Until it is full, `seconds` are over, or the half of the free memory is taken. */
bool replay_bench_fill(replay_bench_t *bench, int32_t decisions, double seconds,
                       replay_bench_result_t *result, why_t why);

#endif
