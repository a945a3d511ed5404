/* What the plugin hands through to a core, seen from the core: a fake one that reports. Nothing but
 * our own code runs here, so a sanitizer's word on leaks is about us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_core.h"
#include "kit.h"

/* Each action presses something. Its memory is 256 bytes that change each frame. */
static const char preset[] =
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    " \"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"}},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"},"
    "   {\"name\": \"Down\", \"pad\": \"2\"}]},"
    " \"starts\": {\"hopeless\": [\"{10}\", \"until a == 1000 within 20\"]}}";

static char rom[2048];

/* The core `below` <build>/tests is the only one, its game holds the words of `script`. */
static void open_with(frontend_t *front, const char *below, const char *script)
{
    const char *build = getenv("KATA_BUILD");
    char core[2048];
    snprintf(core, sizeof core, "%s/tests/%s", build ? build : "build/release", below);
    kit_uninstall();
    kit_install(core, "fake", "nes");
    strcpy(rom, kit_path("game.nes"));
    kit_write(rom, script, strlen(script));
    kit_open(front);
}

static void open_fake(frontend_t *front, const char *script)
{
    open_with(front, "fake_core/plain_libretro.so", script);
}

static const fake_report_t *report(frontend_t *front)
{
    assert_int_equal(front->core.get_memory_size(RETRO_MEMORY_SAVE_RAM), sizeof(fake_report_t));
    return front->core.get_memory_data(RETRO_MEMORY_SAVE_RAM);
}

static void test_the_core_hears_what_the_frontend_says(void **state)
{
    (void)state;
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE");
    assert_true(frontend_load(&front, rom));
    frontend_run(&front, 3);
    front.core.cheat_reset();
    front.core.cheat_set(1, true, "SXIOPO");
    front.core.reset(); /* it counts frames from here */
    assert_int_equal(front.core.get_region(), RETRO_REGION_PAL);
    front.core.set_controller_port_device(1, RETRO_DEVICE_ANALOG);
    front.pad[0] = PAD_LEFT;
    front.pad[1] = PAD_START;
    frontend_run(&front, 1);
    const fake_report_t *seen = report(&front);
    assert_int_equal(seen->frames, 1);
    assert_int_not_equal(seen->cheats, 0);
    assert_int_equal(seen->resets, 1);
    assert_int_equal(seen->devices[1], RETRO_DEVICE_ANALOG);
    assert_int_equal(seen->pads[0], PAD_LEFT);
    assert_int_equal(seen->pads[1], PAD_START);
    assert_string_equal(seen->path, rom);
    assert_true(seen->had_data);
    assert_string_not_equal(seen->libretro_path, front.path); /* the core's own, not Kata's */
    assert_int_equal(front.num_polls, 4);
    frontend_close(&front);
}

static void test_the_agents_pad_is_all_that_differs(void **state)
{
    (void)state;
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE");
    kit_learn(rom, preset);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, rom));
    frontend_run(&front, 5);
    front.pad[1] = PAD_START;
    for (int i = 0; i < 60; i++) {
        frontend_run(&front, 1);
        const uint16_t pad = report(&front)->pads[0];
        assert_true(pad == PAD_LEFT || pad == PAD_DOWN);
        assert_int_equal(report(&front)->pads[1], PAD_START);
    }
    assert_int_equal(front.num_polls, 65);
    frontend_close(&front);
}

/* RetroArch tells of changed options once, to whoever asks first, and reading any option ends it.
 * Kata and the inner core both learn of each change, once. */
static void test_both_learn_of_changed_options_once(void **state)
{
    (void)state;
    static const char *const speeds[] = { "fast", "slow", "normal", "fast" };
    frontend_t front;
    kit_forget();
    setenv("FAKE_CORE", "options=v2", 1); /* it registers them before there is content */
    open_fake(&front, "FAKE");
    kit_learn(rom, preset);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, rom));
    unsetenv("FAKE_CORE");
    assert_true(frontend_shows_option(&front, "fake_speed"));
    frontend_run(&front, 3);
    for (int change = 0; change < 4; change++) {
        const int updates = (int)report(&front)->option_updates;
        const bool plays = change % 2;
        frontend_set_option(&front, "fake_speed", speeds[change]);
        frontend_set_option(&front, "kata_mode", plays ? "play" : "off");
        for (int frame = 0; frame < 5; frame++) {
            frontend_run(&front, 1);
            assert_int_equal(report(&front)->option_updates, updates + 1);
            assert_string_equal(report(&front)->option_now, speeds[change]);
        }
        assert_int_equal(report(&front)->pads[0] != 0, plays);
    }
    frontend_close(&front);
}

/* With an agent the core draws hidden frames, too, for its eyes; the frontend does not see them.
 * Without one the core hears what the frontend says. */
static void test_hidden_frames_are_drawn_for_the_agent_and_not_shown(void **state)
{
    (void)state;
    for (int with_agent = 0; with_agent < 2; with_agent++) {
        frontend_t front;
        kit_forget();
        open_with(&front, "plugin/cores/shy_libretro.so", "a game");
        if (with_agent) kit_learn(rom, preset);
        assert_true(frontend_load(&front, rom));
        frontend_run(&front, 5);
        front.hidden = true;
        frontend_run(&front, 5);
        assert_int_equal(front.num_frames_shown, 5);
        front.hidden = false;
        frontend_run(&front, 1);
        assert_int_equal(front.num_frames_shown, 6);
        assert_int_equal(frontend_ram(&front, 0), 11);
        assert_int_equal(frontend_ram(&front, 1), with_agent ? 11 : 6);
        frontend_close(&front);
    }
}

/* A state of the cores here with a trailer behind it is smaller. */
enum { STATE_MOST = 1 << 17 };

/* The core gets as many bytes as it wrote, whatever stands behind them. */
static void test_a_strict_core_gets_its_own_bytes_back(void **state)
{
    (void)state;
    uint8_t bytes[STATE_MOST] = { 0 };
    frontend_t front;
    kit_forget();
    open_with(&front, "plugin/cores/shy_libretro.so", "a game");
    kit_learn(rom, preset);
    assert_true(frontend_load(&front, rom));
    const size_t num_bytes = front.core.serialize_size();
    assert_in_range(num_bytes, 257, sizeof bytes - 100);
    frontend_run(&front, 9);
    assert_true(front.core.serialize(bytes, num_bytes));
    frontend_run(&front, 9);
    assert_true(front.core.unserialize(bytes, num_bytes));
    assert_int_equal(frontend_ram(&front, 0), 9);
    assert_true(front.core.unserialize(bytes, num_bytes + 100));
    assert_true(front.core.unserialize(bytes, 256));
    assert_false(front.core.unserialize(bytes, 255));
    frontend_close(&front);
}

/* FBNeo has a size for states that are kept and one for those that are not, and takes no other
 * number of bytes. With an agent (a trailer behind) and without one. */
static void test_a_core_with_two_sizes_of_states(void **state)
{
    (void)state;
    uint8_t bytes[STATE_MOST] = { 0 };
    for (int with_agent = 0; with_agent < 2; with_agent++) {
        frontend_t front;
        kit_forget();
        open_fake(&front, "FAKE state=400 two_states");
        if (with_agent) kit_learn(rom, preset);
        frontend_set_option(&front, "kata_start", "disabled");
        assert_true(frontend_load(&front, rom));
        size_t sizes[2];
        for (int round = 0; round < 6; round++) {
            front.for_now = round & 1;
            const size_t num_bytes = front.core.serialize_size();
            if (round < 2) sizes[round] = num_bytes;
            assert_int_equal(num_bytes, sizes[round & 1]);
            frontend_run(&front, 3);
            const uint32_t frames = report(&front)->frames;
            assert_true(front.core.serialize(bytes, num_bytes));
            frontend_run(&front, 5);
            assert_true(front.core.unserialize(bytes, num_bytes));
            frontend_run(&front, 1);
            assert_int_equal(report(&front)->frames, frames + 1);
        }
        assert_int_equal(sizes[0], sizes[1] + 20);
        assert_in_range(sizes[0], with_agent ? 28000 : 400, with_agent ? STATE_MOST : 400);
        frontend_close(&front);
    }
}

static void test_a_core_whose_states_grow(void **state)
{
    (void)state;
    uint8_t bytes[STATE_MOST] = { 0 };
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE state=400 growing_state");
    kit_learn(rom, preset);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, rom));
    const size_t at_load = front.core.serialize_size();
    for (uint32_t i = 1; i <= 20; i++) {
        frontend_run(&front, 1);
        assert_int_equal(front.core.serialize_size(), at_load + i);
        assert_true(front.core.serialize(bytes, at_load + i));
        assert_true(front.core.unserialize(bytes, at_load + i));
    }
    frontend_close(&front);
}

static void test_a_core_without_a_size_before_its_first_frame(void **state)
{
    (void)state;
    uint8_t bytes[STATE_MOST] = { 0 };
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE must_run");
    kit_learn(rom, preset);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, rom));
    assert_int_equal(front.core.serialize_size(), 0);
    frontend_run(&front, 1);
    const size_t num_bytes = front.core.serialize_size();
    assert_in_range(num_bytes, 28000, sizeof bytes);
    assert_true(front.core.serialize(bytes, num_bytes));
    assert_true(front.core.unserialize(bytes, num_bytes));
    frontend_close(&front);
}

static void test_the_agent_plays_on_a_core_without_savestates(void **state)
{
    (void)state;
    frontend_t front;
    uint8_t bytes[64] = { 0 };
    kit_forget();
    open_fake(&front, "FAKE no_state");
    kit_learn(rom, preset);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, rom));
    assert_true(frontend_was_told(&front, "has no savestates: no rewind, no run-ahead"));
    assert_int_equal(front.core.serialize_size(), 0);
    assert_false(front.core.serialize(bytes, sizeof bytes));
    assert_false(front.core.unserialize(bytes, sizeof bytes));
    frontend_run(&front, 10);
    assert_int_not_equal(report(&front)->pads[0], 0);
    frontend_close(&front);
}

static void test_a_start_script_that_waits_in_vain_is_named(void **state)
{
    (void)state;
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE");
    kit_learn(rom, preset);
    assert_true(frontend_load(&front, rom));
    frontend_run(&front, 29);
    assert_int_equal(report(&front)->pads[0], 0);
    frontend_run(&front, 10);
    assert_true(frontend_was_told(
        &front, "the start script waited 20 frames in vain: until a == 1000 within 20"));
    assert_int_not_equal(report(&front)->pads[0], 0); /* the agent plays from here */
    frontend_close(&front);
}

static void test_a_preset_for_other_memory(void **state)
{
    (void)state;
    static const char far_away[] =
        "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"nes\","
        " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 65536},"
        " \"variables\": {\"health\": {\"address\": 4096, \"type\": \"|u1\"}},"
        " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}]}}";
    frontend_t front;
    kit_forget();
    open_fake(&front, "FAKE");
    kit_learn(rom, far_away);
    assert_true(frontend_load(&front, rom));
    assert_true(frontend_was_told(&front, "health"));
    frontend_run(&front, 10);
    assert_int_equal(report(&front)->pads[0], 0);
    assert_true(front.achievements);
    frontend_close(&front);
}

/* For a sanitizer, mostly. */
static void test_many_sessions(void **state)
{
    (void)state;
    kit_forget();
    for (int i = 0; i < 12; i++) {
        frontend_t front;
        open_fake(&front, i % 3 ? "FAKE options=v2" : "FAKE refuse");
        kit_learn(rom, preset);
        assert_int_equal(frontend_load(&front, rom), i % 3 != 0);
        frontend_run(&front, 20);
        if (i % 2) assert_int_equal(frontend_load(&front, rom), i % 3 != 0);
        if (i % 4 == 0) frontend_set_option(&front, "kata_port", "2");
        frontend_run(&front, 20);
        frontend_close(&front);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_core_hears_what_the_frontend_says),
        cmocka_unit_test(test_the_agents_pad_is_all_that_differs),
        cmocka_unit_test(test_both_learn_of_changed_options_once),
        cmocka_unit_test(test_hidden_frames_are_drawn_for_the_agent_and_not_shown),
        cmocka_unit_test(test_a_strict_core_gets_its_own_bytes_back),
        cmocka_unit_test(test_a_core_with_two_sizes_of_states),
        cmocka_unit_test(test_a_core_whose_states_grow),
        cmocka_unit_test(test_a_core_without_a_size_before_its_first_frame),
        cmocka_unit_test(test_the_agent_plays_on_a_core_without_savestates),
        cmocka_unit_test(test_a_start_script_that_waits_in_vain_is_named),
        cmocka_unit_test(test_a_preset_for_other_memory),
        cmocka_unit_test(test_many_sessions),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
