/* test_train_bench.c - `kata bench train` measures a training beside its bounds, and its numbers
 * agree with each other and with the kernel's count of processor time; `kata bench replay`. Its
 * figures themselves are for docs/results, not for a test: they depend on the machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "kata.h"
#include "processors.h"

static kata_run_t r;
#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsNumber(item)) fail_msg("%s: missing or no number in: %s", key, r.out);
    return item->valuedouble;
}

static void near(double found, double expected, double share)
{
    if (!(fabs(found - expected) <= share * fabs(expected)))
        fail_msg("found %g, expected %g within %g in: %s", found, expected, share, r.out);
}

static void test_its_three_cases_agree(void **state)
{
    (void)state;
    RUN(&r, "bench", "train", kata_rom(), "--seconds", "0.4", "--json");
    kata_expect(&r, 0);
    cJSON *cases[3];
    char *line = r.out;
    for (int i = 0; i < 3; i++) {
        cases[i] = cJSON_ParseWithOpts(line, (const char **)&line, 0);
        if (!cases[i]) fail_msg("no object %d in: %s", i, r.out);
        assert_string_equal(cJSON_GetObjectItem(cases[i], "bench")->valuestring, "train");
    }
    /* Medians of ratios and ratios of medians differ, more so on a busy machine. */
    const cJSON *acting = cases[0], *decision = cases[1], *busy = cases[2];
    assert_true(number(acting, "updates_per_s") == 0);
    assert_true(number(acting, "decisions_per_s") > 0);
    near(number(acting, "ratio"),
         number(acting, "frames_per_s") / number(acting, "bare_frames_per_s"), 0.9);
    /* Watching and choosing cost something, and not several times the core. */
    assert_true(number(acting, "cpu_ratio") > 0.1 && number(acting, "cpu_ratio") < 2);

    near(number(decision, "updates_per_s"), 0.25 * number(decision, "decisions_per_s"), 0.3);
    near(number(decision, "decision_ms"), 1e3 / number(decision, "decisions_per_s"), 0.5);
    near(number(decision, "learner_bound_ms"), 250 / number(decision, "bare_updates_per_s"), 0.5);
    const double bound =
        fmax(number(decision, "actors_bound_ms"), number(decision, "learner_bound_ms"));
    near(number(decision, "ratio"), number(decision, "decision_ms") / bound, 0.9);

    near(number(busy, "ratio"), number(busy, "busy") / number(busy, "processors"), 0.05);
    assert_true(number(busy, "busy") > 0.02 &&
                number(busy, "busy") < number(busy, "processors") + 0.3);
    assert_true(number(busy, "processors_of_others") >= 0);
    for (int i = 0; i < 3; i++) cJSON_Delete(cases[i]);
}

/* What the measurement counts processor time with. */
static void test_processor_time_is_the_kernels(void **state)
{
    (void)state;
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    const double counted_before = processors_seconds_of(getpid());
    volatile double sum = 0;
    do {
        for (int i = 0; i < 100000; i++) sum += i;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    } while (after.tv_sec - before.tv_sec + 1e-9 * (double)(after.tv_nsec - before.tv_nsec) < 0.1);
    const double counted = processors_seconds_of(getpid()) - counted_before;
    assert_true(sum > 0);
    assert_true(counted >= 0.09 && counted < 1);
    assert_true(processors_seconds_of(0x7ffffffe) == 0); /* nobody */

    double busy, stolen;
    assert_true(processors_seconds(&busy, &stolen));
    assert_true(busy > 0 && stolen >= 0);
    assert_false(processors_pin(-1));
    assert_false(processors_pin(1 << 20)); /* fewer are there */
}

/* In the second that it has it cannot store ten million: what it says of them is extrapolated, and
 * called so. */
static void test_replay_says_what_a_decision_takes(void **state)
{
    (void)state;
    RUN(&r, "bench", "replay", kata_rom(), "--seconds", "1", "--json");
    kata_expect(&r, 0);
    char *line = r.out;
    double decisions = 1e5;
    for (int i = 0; i < 3; i++, decisions *= 10) {
        cJSON *one = cJSON_ParseWithOpts(line, (const char **)&line, 0);
        if (!one) fail_msg("no object %d in: %s", i, r.out);
        assert_string_equal(cJSON_GetObjectItem(one, "bench")->valuestring, "replay");
        const double bytes = number(one, "bytes_per_decision");
        /* A picture of Kumite takes some 600 bytes; what training reckons with must hold. */
        if (!(bytes > 400 && number(one, "ratio") < 1.1)) fail_msg("%s", r.out);
        near(number(one, "mib"), decisions * bytes / (1 << 20), 0.01);
        near(number(one, "ratio"), number(one, "mib") / number(one, "said_mib"), 0.02);
        assert_true(number(one, "store_us") > 0 && number(one, "draw_us") > 0);
        assert_true(number(one, "stored") >= 1000 && number(one, "stored") <= decisions);
        const char *name = cJSON_GetObjectItem(one, "case")->valuestring;
        assert_true((strstr(name, "extrapolated") != NULL) == (number(one, "stored") < decisions));
        cJSON_Delete(one);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    RUN(&r, "bench", "train", kata_path("none.nes"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "none.nes");
    RUN(&r, "bench", "trian");
    kata_expect(&r, 2);
    kata_expect_err(&r, "did you mean 'train'?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_three_cases_agree),
        cmocka_unit_test(test_processor_time_is_the_kernels),
        cmocka_unit_test(test_replay_says_what_a_decision_takes),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
