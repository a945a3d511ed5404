/* statistics.c - see statistics.h. */
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "splitmix.h"

static const statistics_estimate_t unknown = { NAN, NAN, NAN };

/* ---- order ---- */

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Runs are few: insertion is what is quick then. */
static void sort(double *values, int32_t count)
{
    if (count > 32) {
        qsort(values, (size_t)count, sizeof *values, rising);
        return;
    }
    for (int32_t i = 1; i < count; i++) {
        const double value = values[i];
        int32_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) values[at] = values[at - 1];
        values[at] = value;
    }
}

double statistics_iqm(double *values, int32_t count)
{
    if (count < 1) return NAN;
    sort(values, count);
    const int32_t cut = count / 4;
    double sum = 0;
    for (int32_t i = cut; i < count - cut; i++) sum += values[i];
    return sum / (count - 2 * cut);
}

double statistics_quantile(const double *values, int32_t count, double p)
{
    const double at = p * (count - 1);
    const int32_t below = (int32_t)floor(at);
    if (below >= count - 1) return values[count - 1];
    return values[below] + (at - below) * (values[below + 1] - values[below]);
}

/* ---- samples ---- */

static int32_t num_scores(const statistics_sample_t *sample)
{
    int32_t sum = 0;
    for (int32_t t = 0; t < sample->num_tasks; t++) sum += sample->num_runs[t];
    return sum;
}

bool statistics_fits(const statistics_sample_t *sample)
{
    return sample->num_tasks <= STATISTICS_MAX_TASKS && num_scores(sample) <= STATISTICS_MAX_SCORES;
}

static void resample(const statistics_sample_t *sample, uint64_t *state, double *out)
{
    const double *from = sample->scores;
    for (int32_t t = 0; t < sample->num_tasks; t++) {
        const int32_t count = sample->num_runs[t];
        for (int32_t i = 0; i < count; i++) *out++ = from[splitmix_below(state, (uint32_t)count)];
        from += count;
    }
}

/* A task's only run is the same in each resample: what it might have been, nobody knows. */
static bool has_single_run(const statistics_sample_t *sample)
{
    for (int32_t t = 0; t < sample->num_tasks; t++)
        if (sample->num_runs[t] == 1) return true;
    return false;
}

static void set_interval(statistics_estimate_t *estimate, double *values, int32_t count)
{
    sort(values, count);
    estimate->low = statistics_quantile(values, count, 0.025);
    estimate->high = statistics_quantile(values, count, 0.975);
}

statistics_estimate_t statistics_sample_iqm(const statistics_sample_t *sample, int32_t resamples,
                                            uint64_t seed)
{
    const int32_t count = num_scores(sample);
    if (count == 0 || !statistics_fits(sample)) return unknown;
    double values[STATISTICS_RESAMPLES], scores[STATISTICS_MAX_SCORES];
    memcpy(scores, sample->scores, (size_t)count * sizeof *scores);
    statistics_estimate_t estimate = { statistics_iqm(scores, count), NAN, NAN };
    if (has_single_run(sample)) return estimate;
    for (int32_t r = 0; r < resamples; r++) {
        resample(sample, &seed, scores);
        values[r] = statistics_iqm(scores, count);
    }
    set_interval(&estimate, values, resamples);
    return estimate;
}

/* Scores, not the sample's own: those may be a resample's. NAN: they share no task. */
static double improvement(const statistics_sample_t *x_sample, const double *x,
                          const statistics_sample_t *y_sample, const double *y)
{
    double sum = 0;
    int32_t num_tasks = 0;
    for (int32_t t = 0; t < x_sample->num_tasks && t < y_sample->num_tasks; t++) {
        const int32_t m = x_sample->num_runs[t], n = y_sample->num_runs[t];
        double better = 0;
        for (int32_t i = 0; i < m; i++)
            for (int32_t j = 0; j < n; j++) better += x[i] > y[j] ? 1 : x[i] == y[j] ? 0.5 : 0;
        if (m > 0 && n > 0) {
            sum += better / ((double)m * n);
            num_tasks++;
        }
        x += m;
        y += n;
    }
    return num_tasks ? sum / num_tasks : NAN;
}

statistics_estimate_t statistics_improvement(const statistics_sample_t *x,
                                             const statistics_sample_t *y, int32_t resamples,
                                             uint64_t seed)
{
    if (!statistics_fits(x) || !statistics_fits(y)) return unknown;
    statistics_estimate_t estimate = { improvement(x, x->scores, y, y->scores), NAN, NAN };
    if (isnan(estimate.value) || has_single_run(x) || has_single_run(y)) return estimate;
    double values[STATISTICS_RESAMPLES], xs[STATISTICS_MAX_SCORES], ys[STATISTICS_MAX_SCORES];
    for (int32_t r = 0; r < resamples; r++) {
        resample(x, &seed, xs);
        resample(y, &seed, ys);
        values[r] = improvement(x, xs, y, ys);
    }
    set_interval(&estimate, values, resamples);
    return estimate;
}
