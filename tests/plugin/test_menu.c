/* What the frontend's menus show of Kata: options that have an effect, in any of the three forms,
 * and the agent as a type of controller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "../leaky_cores.h"

enum { KATA_AGENT = RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 0x4b41), TWO_PLAYERS = 0x308 };

static const char *const about_play[] = { "kata_agent",    "kata_port",    "kata_start",
                                          "kata_takeover", "kata_epsilon", "kata_status",
                                          "kata_overlay" };
enum { NUM_ABOUT_PLAY = sizeof about_play / sizeof about_play[0] };

static int learn(void **state)
{
    (void)state;
    kit_forget();
    kit_learn_kumite("level1", NULL);
    return 0;
}

static int count_presses(frontend_t *front, int fighter, int num_frames)
{
    int presses = 0;
    for (int i = 0; i < num_frames; i++) {
        frontend_run(front, 1);
        presses += frontend_ram(front, (size_t)(KUMITE_PAD + fighter)) != 0;
    }
    return presses;
}

static void wait_for(frontend_t *front, size_t address, int value, int limit)
{
    for (int frames = 0; frontend_ram(front, address) != value; frames++) {
        if (frames == limit) fail_msg("0x%zx is not %d after %d frames", address, value, limit);
        frontend_run(front, 1);
    }
}

/* ---- options ----------------------------------------------------------------------------------
 */

static void expect_shown(const frontend_t *front, bool shown)
{
    for (int i = 0; i < NUM_ABOUT_PLAY; i++)
        if (frontend_shows_option(front, about_play[i]) != shown)
            fail_msg("%s is %s", about_play[i], shown ? "hidden" : "shown");
    assert_true(frontend_shows_option(front, "kata_core"));
    assert_true(frontend_shows_option(front, "kata_mode"));
    assert_true(frontend_shows_option(front, "kata_record"));
}

/* The menu asks while it is open, without a frame; what it is told is true after a frame, too. */
static void test_options_without_effect_are_hidden(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_non_null(front.update_display);
    assert_false(frontend_shows_option(&front, "kata_start")); /* of no game yet */
    assert_true(frontend_shows_option(&front, "kata_port"));
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_shows_option(&front, "nestopia_palette")); /* the core's own are there */
    expect_shown(&front, true);
    for (int change = 0; change < 4; change++) {
        const bool plays = change & 1;
        frontend_set_option(&front, "kata_mode", plays ? "play" : "off");
        if (change < 2) assert_true(front.update_display());
        if (change >= 2) frontend_run(&front, 1);
        expect_shown(&front, plays);
        assert_true(front.options_changed == false || change < 2);
        front.update_display();
        expect_shown(&front, plays);
        frontend_run(&front, 1);
        assert_int_equal(frontend_was_told(&front, "the agent is off"), true);
        expect_shown(&front, plays);
    }
    frontend_close(&front);

    frontend_open(&front, kit_plugin); /* off from the beginning */
    front.save_dir = kit_dir;
    frontend_set_option(&front, "kata_mode", "off");
    frontend_init(&front);
    assert_false(frontend_shows_option(&front, "kata_port"));
    assert_true(frontend_load(&front, kit_kumite));
    expect_shown(&front, false);
    frontend_close(&front);

    kit_forget(); /* a game that no agent can play */
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_false(frontend_shows_option(&front, "kata_port"));
    assert_true(frontend_shows_option(&front, "kata_mode"));
    assert_true(frontend_shows_option(&front, "kata_record"));
    frontend_close(&front);
}

/* The newest form that the frontend has, never a newer one (frontend_options.c fails then); the
 * values and what they do are the same in each. */
static void test_the_same_options_in_each_form(void **state)
{
    (void)state;
    static const unsigned shapes[] = { RETRO_ENVIRONMENT_SET_VARIABLES,
                                       RETRO_ENVIRONMENT_SET_CORE_OPTIONS,
                                       RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2 };
    static frontend_option_t newest[FRONTEND_OPTIONS];
    int count = 0;
    for (int version = 2; version >= 0; version--) {
        frontend_t front;
        frontend_open(&front, kit_plugin);
        front.save_dir = kit_dir;
        front.options_version = (unsigned)version;
        frontend_set_option(&front, "kata_start", "level2");
        frontend_set_option(&front, "nestopia_palette", "raw");
        frontend_init(&front);
        assert_true(frontend_load(&front, kit_kumite));
        assert_int_equal(front.option_shape, shapes[version]);
        int there = 0;
        for (int i = 0; i < front.num_options; i++) there += front.options[i].is_there;
        if (version == 2) {
            count = there;
            memcpy(newest, front.options, sizeof newest);
        }
        assert_int_equal(there, count);
        for (int i = 0; i < front.num_options; i++) {
            const frontend_option_t *now = frontend_find_option(&front, newest[i].key);
            assert_non_null(now);
            assert_string_equal(now->value, newest[i].value);
        }
        assert_string_equal(frontend_option(&front, "kata_start"), "level2");
        assert_string_equal(frontend_option(&front, "nestopia_palette"), "raw");
        wait_for(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
        assert_int_equal(frontend_ram(&front, 0x307), 2);
        frontend_set_option(&front, "kata_mode", "off");
        frontend_run(&front, 2);
        assert_int_equal(count_presses(&front, 0, 60), 0);
        assert_int_equal(frontend_shows_option(&front, "kata_port"), version == 0);
        frontend_close(&front);
    }
}

/* ---- the agent as a controller -----------------------------------------------------------------
 */

static void plug(frontend_t *front, unsigned port, unsigned device)
{
    front->core.set_controller_port_device(port, device);
}

static void test_the_controls_menu_offers_the_agent(void **state)
{
    (void)state;
    for (int has_agent = 0; has_agent < 2; has_agent++) {
        frontend_t front;
        if (!has_agent) kit_forget();
        if (has_agent) learn(state);
        kit_open(&front);
        assert_true(frontend_load(&front, kit_kumite));
        for (unsigned port = 0; port < 2; port++) {
            assert_in_range(front.num_types[port], 2, FRONTEND_TYPES); /* nestopia's own */
            const int last = front.num_types[port] - 1;
            assert_int_equal(front.types[port][last].id == KATA_AGENT, has_agent);
            if (has_agent) assert_string_equal(front.types[port][last].desc, "Kata agent");
        }
        assert_int_equal(front.types[2][front.num_types[2] - 1].id == KATA_AGENT, false);
        frontend_close(&front);
    }
}

/* A pad is given, and taken back; of the menu and kata_port the later choice counts. */
static void test_a_pad_is_given_to_the_agent_and_taken_back(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    frontend_set_option(&front, "kata_start", "versus");
    wait_for(&front, TWO_PLAYERS, 1, 900);
    wait_for(&front, KUMITE_FIGHT_ACTIVE, 1, 900);
    frontend_run(&front, 60);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    assert_int_equal(count_presses(&front, 1, 30), 0);

    plug(&front, 1, KATA_AGENT); /* the menu decides from here on */
    assert_true(frontend_was_told(&front, "the agent's pad is pad 2"));
    frontend_run(&front, 8);
    assert_in_range(count_presses(&front, 1, 60), 30, 60);
    assert_int_equal(count_presses(&front, 0, 30), 0);

    plug(&front, 0, KATA_AGENT);
    assert_true(frontend_was_told(&front, "the agent's pads are pads 1 and 2"));
    frontend_run(&front, 8);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    assert_in_range(count_presses(&front, 1, 60), 30, 60);

    front.num_messages = 0;
    plug(&front, 0, RETRO_DEVICE_JOYPAD);
    plug(&front, 1, RETRO_DEVICE_JOYPAD);
    assert_true(frontend_was_told(&front, "the agent has no pad"));
    assert_int_equal(count_presses(&front, 0, 60), 0);
    assert_int_equal(count_presses(&front, 1, 60), 0);

    front.num_messages = 0;
    plug(&front, 0, RETRO_DEVICE_JOYPAD); /* said again, as frontends do: no choice */
    assert_int_equal(front.num_messages, 0);

    frontend_set_option(&front, "kata_port", "2"); /* the option decides from here on */
    frontend_run(&front, 8);
    assert_in_range(count_presses(&front, 1, 60), 30, 60);
    assert_int_equal(count_presses(&front, 0, 30), 0);
    frontend_close(&front);
}

/* RetroArch names all types when a game is loaded: one that was saved counts, and the plain pads do
 * not take the agent's away. */
static void test_a_saved_type_counts_from_the_first_frame(void **state)
{
    (void)state;
    for (int saved = 0; saved < 2; saved++) {
        frontend_t front;
        kit_open(&front);
        assert_true(frontend_load(&front, kit_kumite));
        plug(&front, 0, RETRO_DEVICE_JOYPAD);
        plug(&front, 1, saved ? KATA_AGENT : RETRO_DEVICE_JOYPAD);
        wait_for(&front, KUMITE_FIGHT_ACTIVE, 1, 600);
        assert_int_equal(frontend_ram(&front, TWO_PLAYERS), saved);
        frontend_run(&front, 40);
        assert_in_range(count_presses(&front, saved, 60), 30, 60);
        assert_int_equal(count_presses(&front, !saved, 30), 0);
        frontend_close(&front);
    }
}

static void test_a_given_pad_says_what_keeps_the_agent_from_it(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "off");
    assert_true(frontend_load(&front, kit_kumite));
    plug(&front, 1, KATA_AGENT);
    assert_true(frontend_was_told(&front, "the agent is off: kata_mode switches it on"));
    assert_int_equal(count_presses(&front, 0, 60), 0);
    frontend_set_option(&front, "kata_mode", "play"); /* and the pad is still its */
    wait_for(&front, TWO_PLAYERS, 1, 1500);
    frontend_close(&front);
}

#define TEST(name) cmocka_unit_test_setup(name, learn)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_options_without_effect_are_hidden),
        TEST(test_the_same_options_in_each_form),
        TEST(test_the_controls_menu_offers_the_agent),
        TEST(test_a_pad_is_given_to_the_agent_and_taken_back),
        TEST(test_a_saved_type_counts_from_the_first_frame),
        TEST(test_a_given_pad_says_what_keeps_the_agent_from_it),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
