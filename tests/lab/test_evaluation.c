/* test_evaluation.c - rounds that are played for the record, on a real core. */
#include "evaluation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

static preset_t *preset;
static char rom[1024];
static const char *core;

static int load(void **state)
{
    (void)state;
    why_t why = "";
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    core = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(preset);
    return 0;
}

static crew_config_t config_for(int32_t members)
{
    return (crew_config_t){ .core_path = core,
                            .content_path = rom,
                            .preset = preset,
                            .start = preset_default_start(preset),
                            .num_members = members,
                            .discount_per_step = 0.99f,
                            .max_idle_frames = 30,
                            .seed = 5 };
}

static void test_evaluations_count_every_episode_once(void **state)
{
    (void)state;
    why_t why = "";
    evaluation_result_t results[2];
    for (int round = 0; round < 2; round++) {
        crew_config_t config = config_for(1);
        if (!evaluation_play(NULL, EVALUATION_RANDOM, &config, 4, 0, NULL, NULL, &results[round],
                             why))
            fail_msg("%s", why);
        const evaluation_result_t *r = &results[round];
        assert_int_equal(r->episodes, 4);
        assert_int_equal(r->won + r->lost + r->drawn, 4);
        assert_true(r->win_low <= r->win_rate && r->win_rate <= r->win_high);
        assert_true(r->win_low >= 0 && r->win_high <= 1 && r->win_high - r->win_low > 0.3f);
    }
    assert_memory_equal(&results[0], &results[1], sizeof results[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evaluations_count_every_episode_once),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
