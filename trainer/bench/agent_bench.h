/* agent_bench.h - how fast the learner is, beside how fast this machine could be.
 *
 * For `kata bench`. Times are of whole updates: drawing the batch, both networks, the step,
 * replay priorities. Several configurations are measured in turns, so that a load
 * on the machine slows both sides of a ratio. Works on agents of its own, filled with noise.
 *
 *     agent_bench_update_t found[2];
 *     agent_bench_updates(configs, 2, 5.0, found, why);
 *     ratio = found[1].ms_median / found[0].ms_median;
 *     of_peak = found[0].gflops / agent_bench_sgemm_gflops(1.0);
 *
 * The number of threads is the caller's: agent_set_blas_threads().
 */
#ifndef TRAINER_AGENT_BENCH_H
#define TRAINER_AGENT_BENCH_H

#include "agent.h"
#include "devices.h"
#include "why.h"

typedef struct {
    double ms_median, ms_best; /* per update, over turns of several updates each */
    double gflop;              /* products of matrices that one update needs, in 1e9 operations */
    double gflops;             /* gflop a second, at the median */
    int64_t num_updates;       /* that were timed */
} agent_bench_update_t;

/* About `seconds` for each configuration. A turn is a whole number of meta periods, so that
 * MASP's costlier updates count in their proportion. */
agent_status_t agent_bench_updates(const agent_config_t *configs, int32_t num_configs,
                                   double seconds, agent_bench_update_t *results, why_t why);

typedef struct {
    double ms_median; /* of whole updates */
    int32_t num_updates;
    double products_ms;      /* of an update's matrix products alone (devices.h) */
    devices_counts_t counts; /* of the one with the most launches; all 0 on the processor */
} agent_bench_device_t;

/* Updates on one device (devices.h), after one that is not timed; two at least, however long they
 * take. AGENT_BAD_CONFIG: the device refuses, or was lost on the way. */
agent_status_t agent_bench_device(const agent_config_t *config, const char *device,
                                  const char *cache_dir, double seconds,
                                  agent_bench_device_t *result, why_t why);

/* The best that OpenBLAS's own sgemm does here, on as many threads of its own, over square
 * products of several sizes. */
double agent_bench_sgemm_gflops(double seconds);

typedef struct {
    double ms_median, ms_p99, ms_worst;
    int32_t num_decisions;
} agent_bench_decision_t;

/* policy_greedy() on pictures never seen before. cold: half the cache is overwritten between
 * decisions, as an emulator in between would do. */
agent_status_t agent_bench_decisions(const agent_config_t *config, int32_t num_decisions, bool cold,
                                     agent_bench_decision_t *result, why_t why);

#endif
