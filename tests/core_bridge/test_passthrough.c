/* test_passthrough.c - the proof that nobody can tell the bridge is there: five real cores, each
 * with our own homebrew, a minute of play (3,600 frames) with scripted pads, direct and through the
 * bridge. tests/plugin/test_passthrough.c makes it once more with all of kata_libretro.so. */
#define _GNU_SOURCE
#include "setup.h"

#include "mini_frontend.h"
#include "why.h"

enum { FRAMES = 3600 };

static mini_frame_t direct[FRAMES], bridged[FRAMES];

static void play(mini_run_t run, mini_frame_t *frames)
{
    why_t why = "";
    if (!mini_frontend_run(&run, frames, why)) fail_msg("%s", why);
}

/* A comparison of two black screens proves nothing: the game must answer to its pads. */
static void expect_a_living_game(const mini_frame_t *frames, const char *core)
{
    uint32_t pictures = 0, sounds = 0, memories = 0, states = 0;
    for (uint32_t i = 1; i < FRAMES; i++) {
        pictures += frames[i].video != frames[i - 1].video;
        sounds += frames[i].audio != frames[i - 1].audio;
        memories += frames[i].memory != frames[i - 1].memory;
        states += frames[i].state != 0;
    }
    if (pictures < FRAMES * 8 / 10) fail_msg("%s: only %u pictures changed", core, pictures);
    if (sounds < FRAMES * 5 / 10) fail_msg("%s: only %u sounds changed", core, sounds);
    if (memories < FRAMES * 8 / 10) fail_msg("%s: only %u memories changed", core, memories);
    if (states < FRAMES / 60 - 1) fail_msg("%s: only %u states", core, states);
}

static void expect_no_difference(const char *core, const char *how, uint32_t num_frames)
{
    why_t why = "";
    if (mini_frontend_difference(direct, bridged, num_frames, why) >= 0)
        fail_msg("%s %s: %s", core, how, why);
}

static void expect_the_same(const char *core, const char *game)
{
    char path[1024], below[64];
    snprintf(below, sizeof below, "pad_echo/%s", game);
    snprintf(path, sizeof path, "%s", build_path(below));
    mini_run_t run = { .core_path = real_core(core),
                       .content_path = path,
                       .num_frames = FRAMES,
                       .seed = 20240229,
                       .state_every = 60,
                       .rewind_every = 600 };
    play(run, direct);
    expect_a_living_game(direct, core);
    run.through_bridge = true;
    play(run, bridged);
    expect_no_difference(core, "through the bridge", FRAMES);
    run.own_options = true; /* merged with the core's: must change nothing */
    run.num_frames = 300;
    play(run, bridged);
    expect_no_difference(core, "with own options", 300);
}

static void test_nestopia(void **state)
{
    (void)state;
    expect_the_same("nestopia", "pad_echo.nes");
}

static void test_gambatte(void **state)
{
    (void)state;
    expect_the_same("gambatte", "pad_echo.gb");
}

static void test_mgba(void **state)
{
    (void)state;
    expect_the_same("mgba", "pad_echo.gba");
}

static void test_bsnes_mercury_performance(void **state)
{
    (void)state;
    expect_the_same("bsnes_mercury_performance", "pad_echo.sfc");
}

static void test_beetle_pce_fast(void **state)
{
    (void)state;
    expect_the_same("mednafen_pce_fast", "pad_echo.pce");
}

/* The comparison itself must be able to fail: another seed is another game. */
static void test_other_pads_give_another_game(void **state)
{
    (void)state;
    char path[1024];
    why_t why = "";
    snprintf(path, sizeof path, "%s", build_path("pad_echo/pad_echo.nes"));
    mini_run_t run = {
        .core_path = real_core("nestopia"), .content_path = path, .num_frames = 300, .seed = 1
    };
    play(run, direct);
    run.seed = 2;
    play(run, bridged);
    assert_true(mini_frontend_difference(direct, bridged, 300, why) >= 0);
    assert_sentence(why, "differs in its ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nestopia),
        cmocka_unit_test(test_gambatte),
        cmocka_unit_test(test_mgba),
        cmocka_unit_test(test_bsnes_mercury_performance),
        cmocka_unit_test(test_beetle_pce_fast),
        cmocka_unit_test(test_other_pads_give_another_game),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
