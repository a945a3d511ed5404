/* test_statistics.c - interquartile means, quantiles, the stratified bootstrap and the probability
 * of improvement: by hand, against slow versions, and by how often an interval holds the truth. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "statistics.h"

static uint64_t state = 12345;

static double uniform(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* Box and Muller. */
static double normal(void)
{
    return sqrt(-2 * log(1 - uniform())) * cos(2 * acos(-1) * uniform());
}

static void near(double found, double expected)
{
    if (!(fabs(found - expected) < 1e-12)) fail_msg("found %.17g, expected %.17g", found, expected);
}

static statistics_sample_t one_task(const double *scores, int32_t num_runs)
{
    return (statistics_sample_t){ .scores = scores, .num_runs = { num_runs }, .num_tasks = 1 };
}

static void test_the_interquartile_mean_by_hand(void **unused)
{
    (void)unused;
    double one[] = { 7 }, three[] = { 9, 1, 2 }, four[] = { 100, 2, 4, -50 };
    double five[] = { 5, 1000, 3, -1000, 4 }, eight[] = { 8, 7, 6, 5, 4, 3, 2, 1 };
    double nine[] = { 90, 1, 2, 3, 4, 5, 6, 7, -80 };
    near(statistics_iqm(one, 1), 7);
    near(statistics_iqm(three, 3), 4);                     /* nothing is left out */
    near(statistics_iqm(four, 4), 3);                      /* one at each end */
    near(statistics_iqm(five, 5), 4);                      /* one at each end */
    near(statistics_iqm(eight, 8), (3 + 4 + 5 + 6) / 4.0); /* two at each end */
    near(statistics_iqm(nine, 9), (2 + 3 + 4 + 5 + 6) / 5.0);
    assert_true(isnan(statistics_iqm(one, 0)));
}

/* Leaves out the least and the largest, one pair after the other. */
static double slow_iqm(const double *values, int32_t count)
{
    double *left = malloc((size_t)count * sizeof *left);
    memcpy(left, values, (size_t)count * sizeof *left);
    int32_t num_left = count;
    for (int32_t cut = 0; cut < count / 4; cut++)
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t at = 0;
            for (int32_t i = 1; i < num_left; i++)
                if (sign * left[i] > sign * left[at]) at = i;
            left[at] = left[--num_left];
        }
    double sum = 0;
    for (int32_t i = 0; i < num_left; i++) sum += left[i];
    free(left);
    return sum / num_left;
}

static void test_the_interquartile_mean_against_the_slow_one(void **unused)
{
    (void)unused;
    for (int32_t count = 1; count < 100; count++) { /* both ways of sorting */
        double values[100];
        for (int32_t i = 0; i < count; i++) values[i] = floor(20 * normal());
        const double slow = slow_iqm(values, count);
        if (fabs(statistics_iqm(values, count) - slow) > 1e-9)
            fail_msg("%d values: %g, slowly %g", count, statistics_iqm(values, count), slow);
    }
}

static void test_quantiles_are_linear_between_neighbours(void **unused)
{
    (void)unused;
    const double values[] = { 10, 20, 40, 80 };
    near(statistics_quantile(values, 4, 0), 10);
    near(statistics_quantile(values, 4, 1), 80);
    near(statistics_quantile(values, 4, 0.5), 30);
    near(statistics_quantile(values, 4, 0.25), 17.5);
    near(statistics_quantile(values, 4, 0.9), 68);
    near(statistics_quantile(values, 1, 0.3), 10);
}

/* Every resample of three runs, 27 of them: the exact bootstrap distribution. */
static void test_the_interval_is_that_of_all_resamples(void **unused)
{
    (void)unused;
    const double scores[] = { 0, 3, 30 };
    double all[27];
    for (int32_t i = 0; i < 27; i++) {
        double drawn[] = { scores[i / 9], scores[i / 3 % 3], scores[i % 3] };
        all[i] = statistics_iqm(drawn, 3);
    }
    statistics_iqm(all, 27); /* sorts */
    const statistics_sample_t sample = one_task(scores, 3);
    const statistics_estimate_t found = statistics_sample_iqm(&sample, 10000, 1);
    near(found.value, 11);
    /* 1/27 of all resamples are (0, 0, 0) and as many (30, 30, 30): 2.5 % lies within them. */
    near(found.low, all[0]);
    near(found.high, all[26]);

    /* Eight of twenty at 1: the mean of the middle half has a distribution worth comparing. */
    double ones[20] = { 0 };
    for (int32_t i = 0; i < 8; i++) ones[i] = 1;
    const statistics_sample_t share = one_task(ones, 20);
    const statistics_estimate_t twenty = statistics_sample_iqm(&share, 10000, 1);
    near(twenty.value, 0.3); /* of ten in the middle three */
    /* k ones of twenty give (k - 5) / 10 within 0..1; P(k <= 3) = 0.016, P(k <= 4) = 0.051, so the
     * 2.5 % quantile is at k = 4; P(k >= 13) = 0.021, P(k >= 12) = 0.057, so the other is at 12. */
    near(twenty.low, 0);
    near(twenty.high, 0.7);
}

static void test_the_same_seed_gives_the_same_interval(void **unused)
{
    (void)unused;
    const double scores[] = { 0.1, 0.7, 0.3, 0.9, 0.4 };
    const statistics_sample_t sample = one_task(scores, 5);
    const statistics_estimate_t a = statistics_sample_iqm(&sample, 1000, 5),
                                b = statistics_sample_iqm(&sample, 1000, 5);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.low < a.value && a.value < a.high);
    const double same[] = { 2, 2, 2, 2 };
    const statistics_sample_t constant = one_task(same, 4);
    const statistics_estimate_t c = statistics_sample_iqm(&constant, 1000, 5);
    near(c.low, 2);
    near(c.high, 2);
}

/* Between tasks lies a gulf: resampling across it would make the interval as wide as the gulf. */
static void test_resampling_stays_within_a_task(void **unused)
{
    (void)unused;
    const double scores[] = { 0.0, 0.1, 0.2, 100.0, 100.1, 100.2 };
    const statistics_sample_t sample = { .scores = scores, .num_runs = { 3, 3 }, .num_tasks = 2 };
    const statistics_estimate_t found = statistics_sample_iqm(&sample, 10000, 1);
    near(found.value, (0.1 + 0.2 + 100.0 + 100.1) / 4);
    assert_true(found.high - found.low < 0.21);
    const statistics_sample_t mixed = one_task(scores, 6);
    const statistics_estimate_t wide = statistics_sample_iqm(&mixed, 10000, 1);
    assert_true(wide.high - wide.low > 50);
}

static void test_nothing_is_known_of_no_runs(void **unused)
{
    (void)unused;
    const double scores[] = { 1, 2 };
    const statistics_sample_t none = { .scores = scores, .num_runs = { 0, 0 }, .num_tasks = 2 },
                              first = { .scores = scores, .num_runs = { 2, 0 }, .num_tasks = 2 },
                              second = { .scores = scores, .num_runs = { 0, 2 }, .num_tasks = 2 };
    assert_true(isnan(statistics_sample_iqm(&none, 100, 1).value));
    assert_true(isnan(statistics_sample_iqm(&none, 100, 1).low));
    assert_true(isnan(statistics_improvement(&first, &none, 100, 1).value));
    assert_true(isnan(statistics_improvement(&first, &second, 100, 1).value));
    near(statistics_improvement(&first, &first, 100, 1).value, 0.5);
    const statistics_sample_t many = { .scores = scores,
                                       .num_runs = { STATISTICS_MAX_SCORES, 1 },
                                       .num_tasks = 2 };
    assert_false(statistics_fits(&many));
    assert_true(isnan(statistics_sample_iqm(&many, 100, 1).value));
}

static void test_the_probability_of_improvement_by_hand(void **unused)
{
    (void)unused;
    const double low[] = { 1, 2, 3 }, high[] = { 4, 5 }, tied[] = { 2, 2, 2 };
    const statistics_sample_t l = one_task(low, 3), h = one_task(high, 2), t = one_task(tied, 3);
    statistics_estimate_t found = statistics_improvement(&h, &l, 1000, 1);
    near(found.value, 1);
    near(found.low, 1);
    near(found.high, 1);
    near(statistics_improvement(&l, &h, 1000, 1).value, 0);
    /* 1 < 2 thrice, 2 = 2 thrice, 3 > 2 thrice. */
    near(statistics_improvement(&l, &t, 1000, 1).value, 0.5);
    const double mixed[] = { 1, 5 };
    const statistics_sample_t m = one_task(mixed, 2);
    found = statistics_improvement(&m, &l, 10000, 1);
    near(found.value, (0.5 + 3) / 6); /* 1 ties with 1; 5 is above all */
    assert_true(found.low >= 0 && found.low < found.value && found.high == 1);
    /* Tasks count alike, however many runs they have: 1 of the first, 0 of the second. */
    const double x[] = { 9, 0, 0, 0 }, y[] = { 1, 1, 1, 1 };
    const statistics_sample_t xs = { .scores = x, .num_runs = { 1, 3 }, .num_tasks = 2 },
                              ys = { .scores = y, .num_runs = { 2, 2 }, .num_tasks = 2 };
    near(statistics_improvement(&xs, &ys, 100, 1).value, 0.5);
}

static void test_a_single_run_has_no_interval(void **unused)
{
    (void)unused;
    const double a[] = { 3, 1, 2 }, b[] = { 2, 5, 5 };
    const statistics_sample_t single = one_task(a, 1), pair = one_task(b, 2),
                              both = { .scores = a, .num_runs = { 1, 2 }, .num_tasks = 2 },
                              gap = { .scores = b, .num_runs = { 0, 2 }, .num_tasks = 2 };
    statistics_estimate_t found = statistics_sample_iqm(&single, 1000, 1);
    near(found.value, 3);
    assert_true(isnan(found.low) && isnan(found.high));
    assert_true(isnan(statistics_sample_iqm(&both, 1000, 1).low));
    assert_true(isfinite(statistics_sample_iqm(&gap, 1000, 1).low)); /* none is not one */
    found = statistics_improvement(&single, &pair, 1000, 1);
    near(found.value, 0.5);
    assert_true(isnan(found.low) && isnan(found.high));
    assert_true(isnan(statistics_improvement(&pair, &single, 1000, 1).high));
}

/* P(X > Y) and P(Y > X) add up to one, whatever the ties. */
static void test_improvement_against_counting(void **unused)
{
    (void)unused;
    for (int32_t trial = 0; trial < 50; trial++) {
        double x[12], y[9];
        for (int32_t i = 0; i < 12; i++) x[i] = floor(5 * uniform());
        for (int32_t i = 0; i < 9; i++) y[i] = floor(5 * uniform());
        int32_t above = 0, ties = 0;
        for (int32_t pair = 0; pair < 12 * 9; pair++) {
            above += x[pair / 9] > y[pair % 9];
            ties += x[pair / 9] == y[pair % 9];
        }
        const statistics_sample_t xs = one_task(x, 12), ys = one_task(y, 9);
        const double there = statistics_improvement(&xs, &ys, 1, 1).value,
                     back = statistics_improvement(&ys, &xs, 1, 1).value;
        near(there, (above + 0.5 * ties) / (12 * 9));
        near(there + back, 1);
    }
}

/* How often the 95 % interval of `num_runs` normal runs of each of two tasks holds the truth. */
static double coverage_of_iqm(int32_t num_runs, int32_t trials)
{
    int32_t covered = 0;
    for (int32_t trial = 0; trial < trials; trial++) {
        double scores[128];
        for (int32_t i = 0; i < 2 * num_runs; i++) scores[i] = normal();
        const statistics_sample_t sample = { .scores = scores,
                                             .num_runs = { num_runs, num_runs },
                                             .num_tasks = 2 };
        const statistics_estimate_t found =
            statistics_sample_iqm(&sample, 400, (uint64_t)trial + 1);
        covered += found.low <= 0 && 0 <= found.high; /* symmetric: the truth is 0 */
    }
    return (double)covered / trials;
}

static void test_intervals_hold_the_truth_about_as_often_as_they_say(void **unused)
{
    (void)unused;
    state = 2021;
    const double many = coverage_of_iqm(50, 600), few = coverage_of_iqm(5, 1000);
    printf("95 %% intervals hold the truth: %.3f with 2 x 50 runs, %.3f with 2 x 5\n", many, few);
    assert_true(many > 0.92 && many < 0.98);
    assert_true(few > 0.85 && few < 0.96);
}

static void test_intervals_of_improvement_hold_the_truth(void **unused)
{
    (void)unused;
    state = 2022;
    enum { TRIALS = 500, RUNS = 30 };
    int32_t covered = 0;
    /* X - Y is normal with mean 1 and variance 2: P(X > Y) = Phi(1 / sqrt 2). */
    const double truth = 0.5 * (1 + erf(0.5));
    for (int32_t trial = 0; trial < TRIALS; trial++) {
        double x[RUNS], y[RUNS];
        for (int32_t i = 0; i < RUNS; i++) x[i] = 1 + normal(), y[i] = normal();
        const statistics_sample_t xs = one_task(x, RUNS), ys = one_task(y, RUNS);
        const statistics_estimate_t found =
            statistics_improvement(&xs, &ys, 300, (uint64_t)trial + 1);
        covered += found.low <= truth && truth <= found.high;
    }
    printf("95 %% intervals of P(X > Y) hold the truth: %.3f with 30 runs each\n",
           (double)covered / TRIALS);
    assert_true(covered > 0.91 * TRIALS && covered < 0.985 * TRIALS);
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_interquartile_mean_by_hand),
        cmocka_unit_test(test_the_interquartile_mean_against_the_slow_one),
        cmocka_unit_test(test_quantiles_are_linear_between_neighbours),
        cmocka_unit_test(test_the_interval_is_that_of_all_resamples),
        cmocka_unit_test(test_the_same_seed_gives_the_same_interval),
        cmocka_unit_test(test_resampling_stays_within_a_task),
        cmocka_unit_test(test_nothing_is_known_of_no_runs),
        cmocka_unit_test(test_the_probability_of_improvement_by_hand),
        cmocka_unit_test(test_a_single_run_has_no_interval),
        cmocka_unit_test(test_improvement_against_counting),
        cmocka_unit_test(test_intervals_hold_the_truth_about_as_often_as_they_say),
        cmocka_unit_test(test_intervals_of_improvement_hold_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
