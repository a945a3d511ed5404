/* train_bench.h - a whole training beside its two bounds: the bare cores and the bare learner.
 *
 * Four things take turns, a block of time each, so that a load on the machine slows all of them:
 *
 *     bare       as many cores as a training has actors, each on a processor of its own, in the
 *                fight, with the pads of random actions, nobody watching and nothing learned
 *     acting     a training without updates: actors with the policy, records taken and stored
 *     learner    updates alone, on a replay memory of this game, while no actor plays
 *     training   all of it, with the ratio of updates to decisions that `kata train` has
 *
 * Rates are medians over the rounds; each ratio is the median of the rounds' ratios. Nothing is
 * saved.
 */
#ifndef TRAINER_TRAIN_BENCH_H
#define TRAINER_TRAIN_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "why.h"

typedef struct {
    double frames_per_s, decisions_per_s, updates_per_s;
    double busy;   /* processors that this program's processes had, on average */
    double others; /* that other processes had meanwhile; NAN: the system does not say */
    double stolen; /* that other machines on the same hardware had; NAN */
} train_bench_rates_t;

typedef struct {
    int32_t processors, actors, threads, rounds;
    double load_before; /* runnable processes of the last minute, before it began; NAN */
    train_bench_rates_t bare, acting, learner, training;
    double acting_ratio;       /* frames of acting over those of the bare cores */
    double actors_bound_s;     /* a decision's frames on the bare cores */
    double learner_bound_s;    /* a decision's updates by the bare learner */
    double decision_s;         /* a decision of the training */
    double slower_bound_ratio; /* decision_s over the larger of the bounds */
    double shared_bound_ratio; /* over what all processors need for both, sharing nothing out */
    double busy_ratio;         /* share of the processors that the training kept busy */
    /* The same two in processor time alone, which other programs disturb less: frames of acting
     * over those of the bare cores; a decision of the training over its frames on a bare core and
     * its updates by the bare learner. */
    double acting_cpu_ratio, decision_cpu_ratio;
} train_bench_t;

/* About `seconds` for all four together, after a warm-up. */
bool train_bench(train_bench_t *result, const game_t *game, double seconds, why_t why);

#endif
