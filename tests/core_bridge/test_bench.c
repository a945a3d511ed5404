/* test_bench.c - the passthrough bench measures, and says why when it cannot. Its numbers are not
 * judged here. */
#define _GNU_SOURCE
#include "setup.h"

#include "passthrough_bench.h"
#include "why.h"

static void test_it_measures(void **state)
{
    (void)state;
    char core[1024], game[1024];
    why_t why = "";
    snprintf(core, sizeof core, "%s", real_core("nestopia"));
    snprintf(game, sizeof game, "%s", build_path("pad_echo/pad_echo.nes"));
    const passthrough_bench_config_t config = { .core_path = core,
                                                .content_path = game,
                                                .num_pairs = 3,
                                                .num_blocks = 4,
                                                .frames_per_block = 30 };
    passthrough_bench_t result = { 0 };
    if (!passthrough_bench(&result, &config, why)) fail_msg("%s", why);
    assert_int_equal(result.num_pairs, 3);
    assert_int_equal(result.frames_of_each_pair, 120);
    assert_true(result.direct_us > 20 && result.direct_us < 100000);
    assert_true(result.bridged_us > 20 && result.bridged_us < 100000);
    assert_true(result.lowest_ratio <= result.ratio && result.ratio <= result.highest_ratio);
    /* A bridge that copied or converted frames would be far outside, on any machine. */
    assert_true(result.ratio > 0.5 && result.ratio < 2.0);
}

static void test_it_says_why_not(void **state)
{
    (void)state;
    char core[1024], game[600];
    why_t why = "";
    passthrough_bench_t result;
    snprintf(core, sizeof core, "%s", fake_path("plain"));
    passthrough_bench_config_t config = { .core_path = "/nowhere", .content_path = "/nowhere" };
    assert_false(passthrough_bench(&result, &config, why));
    assert_sentence(why, "there is no such core");
    config.core_path = core;
    assert_false(passthrough_bench(&result, &config, why));
    assert_sentence(why, "/nowhere: cannot be read");
    snprintf(game, sizeof game, "%s", content_file("bad.fake", "nothing", 7));
    config.content_path = game;
    assert_false(passthrough_bench(&result, &config, why));
    assert_sentence(why, "does not open the content");
    snprintf(game, sizeof game, "%s", scripted("crash_at=20"));
    assert_false(passthrough_bench(&result, &config, why));
    assert_sentence(why, "crashed with SIGABRT");
    config.num_pairs = 1000;
    assert_false(passthrough_bench(&result, &config, why));
    assert_sentence(why, "at most 64 pairs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_measures),
        cmocka_unit_test(test_it_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
