/* statistics.h - what a few runs say of an algorithm, and how sure that is.
 *
 * After Agarwal, Schwarzer, Castro, Courville and Bellemare (2021), "Deep Reinforcement Learning at
 * the Edge of the Statistical Precipice": the interquartile mean instead of mean, median or best
 * run, intervals by a stratified bootstrap, and the probability of improvement.
 *
 * A task is a game and a start. Runs of one task are exchangeable, those of two are not, so every
 * resample draws the runs of a task from the runs of that task alone.
 *
 * With five runs or fewer a percentile interval is too narrow: tests/lab/test_statistics.c
 * measures by how much.
 */
#ifndef LAB_STATISTICS_H
#define LAB_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    STATISTICS_RESAMPLES = 10000,
    STATISTICS_MAX_TASKS = 64,
    STATISTICS_MAX_SCORES = 4096 /* of an algorithm, over all tasks */
};

/* Scores of one algorithm: those of task 0, then of task 1 ... All are finite. */
typedef struct {
    const double *scores;                   /* (sum of num_runs) */
    int32_t num_runs[STATISTICS_MAX_TASKS]; /* of each task; a task may have none */
    int32_t num_tasks;
} statistics_sample_t;

typedef struct {
    /* low, high: 95 % interval, NAN if a task has a single run; all NAN if there is none */
    double value, low, high;
} statistics_estimate_t;

/* Mean of the middle half: floor(count / 4) values are left out at each end. NAN of none. values is
 * sorted by it. */
double statistics_iqm(double *values, int32_t count);

/* The p-quantile, 0 <= p <= 1, linear between neighbours. values: (count > 0), rising. */
double statistics_quantile(const double *values, int32_t count, double p);

/* Interquartile mean over all runs of all tasks, and its percentile interval. resamples: at most
 * STATISTICS_RESAMPLES; same seed, same answer. */
statistics_estimate_t statistics_sample_iqm(const statistics_sample_t *sample, int32_t resamples,
                                            uint64_t seed);

/* P(X > Y), a tie counting half: for each task that both have runs of, the share of pairs (x, y)
 * with x > y; then the mean over tasks. X and Y are resampled apart. */
statistics_estimate_t statistics_improvement(const statistics_sample_t *x,
                                             const statistics_sample_t *y, int32_t resamples,
                                             uint64_t seed);

/* False: there are more tasks or scores than the two above can take. */
bool statistics_fits(const statistics_sample_t *sample);

#endif
