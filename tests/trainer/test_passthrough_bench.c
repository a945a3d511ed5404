/* test_passthrough_bench.c - the passthrough bench measures, and says why when it cannot. Its
 * numbers are not judged here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kata.h"
#include "passthrough_bench.h"
#include "why.h"

static const char *scripted(const char *name, const char *text)
{
    const char *const path = kata_path(name);
    kata_write_file(path, text, strlen(text));
    return path;
}

static void assert_says(const char *why, const char *part)
{
    if (!strstr(why, part)) fail_msg("'%s' should say '%s'", why, part);
}

/* The fake core aborts without GET_LOG_INTERFACE, as mednafen_vb does. */
static void test_it_measures(void **state)
{
    (void)state;
    why_t why = "";
    const passthrough_bench_config_t config = {
        .core_path = kata_fake_core("plain"),
        .content_path = scripted("game.fake", "FAKE needs_log needs_perf"),
        .num_pairs = 3,
        .num_blocks = 4,
        .frames_per_block = 30,
    };
    passthrough_bench_t result = { 0 };
    if (!passthrough_bench(&result, &config, why)) fail_msg("%s", why);
    assert_int_equal(result.num_pairs, 3);
    assert_int_equal(result.frames_of_each_pair, 120);
    assert_true(result.direct_us > 0 && result.direct_us < 100000);
    assert_true(result.bridged_us > 0 && result.bridged_us < 100000);
    assert_true(result.lowest_ratio <= result.ratio && result.ratio <= result.highest_ratio);
    /* A bridge that copied or converted frames would be far outside, on any machine. */
    assert_true(result.ratio > 0.5 && result.ratio < 2.0);
}

static void test_it_says_why_not(void **state)
{
    (void)state;
    why_t why = "";
    passthrough_bench_t result;
    passthrough_bench_config_t config = { .core_path = "/nowhere", .content_path = "/nowhere" };
    assert_false(passthrough_bench(&result, &config, why));
    assert_says(why, "there is no such core");
    config.core_path = kata_fake_core("plain");
    assert_false(passthrough_bench(&result, &config, why));
    assert_says(why, "/nowhere: cannot be read");
    config.content_path = scripted("bad.fake", "nothing");
    assert_false(passthrough_bench(&result, &config, why));
    assert_says(why, "does not open the content");
    config.content_path = scripted("crash.fake", "FAKE crash_at=20");
    assert_false(passthrough_bench(&result, &config, why));
    assert_says(why, "crashed with SIGABRT");
    config.num_pairs = 1000;
    assert_false(passthrough_bench(&result, &config, why));
    assert_says(why, "at most 64 pairs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_measures),
        cmocka_unit_test(test_it_says_why_not),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
