/* The proof that nobody can tell that Kata is there while no agent plays, as it comes out of the
 * box: five real cores found by themselves, alone and inside the plugin, the same pictures, sounds,
 * memory, states and polls. (tests/core_bridge plays them for a minute with the agent switched
 * off.) And a minute of Kumite with an agent that is switched off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kit.h"
#include "mini_frontend.h"
#include "why.h"
#include "../leaky_cores.h"

enum { FRAMES = 3600, SHORT = 1200 };
static mini_frame_t direct[FRAMES], inside[FRAMES];

static void play(const mini_run_t *run, mini_frame_t *frames)
{
    why_t why = "";
    if (!mini_frontend_run(run, frames, why)) fail_msg("%s", why);
}

static const char *real_core(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "/usr/lib/x86_64-linux-gnu/libretro/%s_libretro.so", name);
    if (access(path, R_OK) != 0) {
        print_message("skipped: the core %s is not installed (./packages.sh says whether this "
                      "distribution has it)\n",
                      name);
        skip();
    }
    return path;
}

/* A comparison of two black screens proves nothing. */
static void assert_alive(const mini_frame_t *frames, uint32_t num_frames)
{
    uint32_t pictures = 0, memories = 0, states = 0;
    for (uint32_t i = 1; i < num_frames; i++) {
        pictures += frames[i].video != frames[i - 1].video;
        memories += frames[i].memory != frames[i - 1].memory;
        states += frames[i].state != 0;
    }
    assert_in_range(pictures, num_frames / 2, num_frames);
    assert_in_range(memories, num_frames / 2, num_frames);
    assert_in_range(states, num_frames / 60 - 1, num_frames);
}

static mini_run_t run_of(const char *core, const char *rom, uint32_t num_frames)
{
    return (mini_run_t){ .core_path = core,
                         .content_path = rom,
                         .num_frames = num_frames,
                         .seed = 20250301,
                         .state_every = 60,
                         .rewind_every = 600 };
}

static void assert_plays_the_same(const char *core, const char *rom)
{
    why_t why = "";
    mini_run_t run = run_of(real_core(core), rom, SHORT);
    play(&run, direct);
    assert_alive(direct, SHORT);
    run.core_path = kit_plugin;
    run.library_name = "Kata";
    play(&run, inside);
    if (mini_frontend_difference(direct, inside, SHORT, why) >= 0) fail_msg("%s: %s", core, why);
    assert_int_equal(inside[59].state_bytes, direct[59].state_bytes); /* no agent, no trailer */
}

static void compare_with_homebrew(const char *core, const char *extension)
{
    const char *build = getenv("KATA_BUILD");
    char rom[2048];
    snprintf(rom, sizeof rom, "%s/tests/pad_echo/pad_echo.%s", build ? build : "build/release",
             extension);
    assert_plays_the_same(core, rom);
}

static void test_nestopia(void **state)
{
    (void)state;
    compare_with_homebrew("nestopia", "nes");
}

static void test_gambatte(void **state)
{
    (void)state;
    compare_with_homebrew("gambatte", "gb");
}

static void test_mgba(void **state)
{
    (void)state;
    compare_with_homebrew("mgba", "gba");
}

static void test_bsnes_mercury_performance(void **state)
{
    (void)state;
    compare_with_homebrew("bsnes_mercury_performance", "sfc");
}

static void test_beetle_pce_fast(void **state)
{
    (void)state;
    compare_with_homebrew("mednafen_pce_fast", "pce");
}

static void test_kumite_without_an_agent(void **state)
{
    (void)state;
    kit_forget();
    assert_plays_the_same("nestopia", kit_kumite);
}

/* The agent is there and switched off: a trailer stands behind the states, nothing else changes. */
static void test_kumite_with_its_agent_switched_off(void **state)
{
    (void)state;
    why_t why = "";
    const bridge_option_t off = { "kata_mode", "off" };
    kit_learn(kit_kumite, NULL);
    mini_run_t run = run_of(real_core("nestopia"), kit_kumite, FRAMES);
    play(&run, direct);
    assert_alive(direct, FRAMES);
    run.core_path = kit_plugin;
    run.library_name = "Kata";
    run.state_hash_bytes = direct[59].state_bytes;
    run.variables = &off;
    run.num_variables = 1;
    play(&run, inside);
    if (mini_frontend_difference(direct, inside, FRAMES, why) >= 0) fail_msg("%s", why);
    assert_in_range(inside[59].state_bytes, direct[59].state_bytes + 28000, 1 << 24);

    /* The comparison can fail: with the agent it is another game. */
    run.num_variables = 0;
    play(&run, inside);
    assert_true(mini_frontend_difference(direct, inside, FRAMES, why) >= 0);
}

int main(void)
{
    /* Some cores save memory that they never set: what malloc() hands out is made the same. */
    mallopt(M_PERTURB, 0x5a);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nestopia),
        cmocka_unit_test(test_gambatte),
        cmocka_unit_test(test_mgba),
        cmocka_unit_test(test_bsnes_mercury_performance),
        cmocka_unit_test(test_beetle_pce_fast),
        cmocka_unit_test(test_kumite_without_an_agent),
        cmocka_unit_test(test_kumite_with_its_agent_switched_off),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
