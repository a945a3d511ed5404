/* Who holds the pads, by enumeration; and the start script, frame by frame. No core, no player. */
#include "holder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

enum { B = 1 << 0, START = 1 << 3 };
enum { READY, OVER, NUM_VARIABLES };

static const char preset_text_json[] =
    "{\"kata_preset\": 1, \"game\": \"Pads\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"variables\": {\"ready\": {\"address\": 0, \"type\": \"|u1\"},"
    "  \"over\": {\"address\": 1, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"}]},"
    " \"done\": \"over == 1\", \"sides\": {},"
    " \"starts\": {\"go\": [\"{2}\", \"START{3}\", \"port 2: B{2}\", \"until ready == 1 within "
    "10\"],"
    "  \"at once\": [\"until ready == 0 within 10\"], \"empty\": []}}";

static preset_t *preset;
static int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];

static int load(void **state)
{
    (void)state;
    why_t why = "";
    if (preset_parse(&preset, preset_text_json, strlen(preset_text_json), "pads", why)) return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(preset);
    return 0;
}

static int anew(void **state)
{
    (void)state;
    memset(before, 0, sizeof before);
    memset(now, 0, sizeof now);
    return 0;
}

static holder_t holder_with(uint32_t ports, uint32_t hold_frames, bool starts)
{
    holder_t holder = { 0 };
    holder_wish(&holder,
                &(holder_wish_t){ .ports = ports, .hold_frames = hold_frames, .starts = starts });
    return holder;
}

/* The rule itself, from the whole past: touched and hold_frames of each frame so far. */
static bool slow_human(const bool *touched, int num_frames, int hold_frames)
{
    int left = 0;
    bool armed = false;
    for (int f = 0; f < num_frames; f++) {
        armed |= !touched[f];
        left = touched[f] && armed ? hold_frames : left > 0 ? left - 1 : 0;
    }
    return left > 0;
}

/* Every course of 12 touches, on either port, held against the rule. */
static void test_a_touch_takes_the_pad_and_rest_gives_it_back(void **state)
{
    (void)state;
    enum { FRAMES = 12 };
    for (uint32_t port = 0; port < 2; port++)
        for (uint32_t hold_frames = 0; hold_frames < 5; hold_frames++)
            for (unsigned course = 0; course < 1u << FRAMES; course++) {
                bool touched[FRAMES];
                holder_t holder = holder_with(3, hold_frames, false);
                for (int f = 0; f < FRAMES; f++) {
                    touched[f] = course >> f & 1;
                    holder_touch(&holder, (uint32_t)touched[f] << port);
                    const bool human = slow_human(touched, f + 1, (int)hold_frames);
                    assert_int_equal(holder_of(&holder, port), human ? HOLDER_HUMAN : HOLDER_AGENT);
                    assert_int_equal(holder_of(&holder, 1 - port), HOLDER_AGENT);
                    assert_int_equal(holder_agents(&holder), human ? 3u & ~(1u << port) : 3);
                }
            }
}

static void test_a_pad_that_is_not_the_agents_is_left_alone(void **state)
{
    (void)state;
    holder_t holder = holder_with(1, 10, true);
    holder_touch(&holder, 0);
    holder_touch(&holder, 2);
    assert_int_equal(holder_of(&holder, 1), HOLDER_NOBODY);
    assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    assert_int_equal(holder_humans(&holder), 0);
    holder_wish(&holder, &(holder_wish_t){ 0 });
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++)
        assert_int_equal(holder_of(&holder, port), HOLDER_NOBODY);
}

static void test_other_pads_end_what_was_in_flight_other_numbers_do_not(void **state)
{
    (void)state;
    holder_t holder = holder_with(1, 10, true);
    holder_touch(&holder, 0);
    holder_touch(&holder, 1);
    holder_wish(&holder, &(holder_wish_t){ .ports = 1, .hold_frames = 20, .random_percent = 5 });
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
    holder_wish(&holder, &(holder_wish_t){ .ports = 1, .hold_frames = 2 });
    holder_touch(&holder, 0); /* 2 of the 9 that are left are more than is wished now */
    holder_touch(&holder, 0);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
    holder_touch(&holder, 0);
    assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    holder_touch(&holder, 1);
    holder_wish(&holder, &(holder_wish_t){ .ports = 3, .hold_frames = 2 });
    assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
}

/* Runs the script for a frame: what it holds, and where. */
static boot_turn_t run_frame(holder_t *holder, uint16_t *pad, uint32_t *port)
{
    *pad = boot_script_pad(&holder->script, preset, port);
    memcpy(before, now, sizeof before);
    return holder_advance(holder, preset, before, now, now[OVER] == 1);
}

static void test_the_script_holds_its_pads_frame_by_frame(void **state)
{
    (void)state;
    static const uint16_t pads[7] = { 0, 0, START, START, START, B, B };
    static const uint32_t ports[7] = { 0, 0, 0, 0, 0, 1, 1 };
    uint16_t pad;
    uint32_t port;
    for (int32_t idle = 0; idle < 4; idle++) {
        holder_t holder = holder_with(1, 10, true);
        now[READY] = 0;
        holder_power_on(&holder, preset, now, idle);
        for (int f = 0; f < 7; f++) {
            assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
            assert_int_equal(holder_of(&holder, 1), HOLDER_SCRIPT);
            assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
            assert_int_equal(pad, pads[f]);
            if (pad) assert_int_equal(port, ports[f]);
        }
        for (int f = 0; f < 4; f++) assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
        now[READY] = 1;
        for (int32_t f = 0; f < idle; f++)
            assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
        assert_int_equal(run_frame(&holder, &pad, &port), BOOT_FINISHED);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

static void test_a_wait_in_vain_names_its_step(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    holder_t holder = holder_with(1, 10, true);
    holder_power_on(&holder, preset, now, 0);
    for (int f = 0; f < 7 + 9; f++) assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
    assert_int_equal(run_frame(&holder, &pad, &port), BOOT_FAILED);
    assert_int_equal(holder.script.step, 3);
    assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
}

static void test_starts_that_have_nothing_to_do_take_no_frame(void **state)
{
    (void)state;
    boot_script_t script;
    boot_script_begin(&script, preset, preset_find_start(preset, "at once"), now, 0);
    assert_false(boot_script_runs(&script));
    boot_script_begin(&script, preset, preset_find_start(preset, "empty"), now, 5);
    assert_false(boot_script_runs(&script));
    boot_script_begin(&script, preset, preset_find_start(preset, "at once"), now, 2);
    assert_true(boot_script_runs(&script)); /* but the idle frames */
    assert_int_equal(boot_script_advance(&script, preset, now, now), BOOT_GOES_ON);
    assert_int_equal(boot_script_advance(&script, preset, now, now), BOOT_FINISHED);
}

static void test_the_script_runs_only_where_it_is_wished(void **state)
{
    (void)state;
    for (unsigned ports = 0; ports < 4; ports++)
        for (int starts = 0; starts < 2; starts++) {
            holder_t holder = holder_with(ports, 10, starts);
            holder_power_on(&holder, preset, now, 0);
            assert_int_equal(boot_script_runs(&holder.script), starts && ports & 1);
        }
}

static void test_a_touch_stops_the_script(void **state)
{
    (void)state;
    holder_t holder = holder_with(1, 10, true);
    holder_power_on(&holder, preset, now, 0);
    holder_touch(&holder, 0);
    assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
    holder_touch(&holder, 2); /* another's pad */
    assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
    holder_touch(&holder, 1);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
    assert_int_equal(holder_of(&holder, 1), HOLDER_NOBODY);
}

static void test_after_an_episode_the_next_round_or_a_reset(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        holder_t holder = holder_with(1, 10, true);
        now[READY] = 0, now[OVER] = 1;
        assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
        assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
        for (int f = 0; f < HOLDER_OVER_FRAMES - 1; f++) {
            assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
            assert_int_equal(pad, 0);
        }
        if (goes_on) now[READY] = 1, now[OVER] = 0;
        assert_int_equal(run_frame(&holder, &pad, &port),
                         goes_on ? BOOT_FINISHED : BOOT_WANTS_RESET);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
    /* A human who has the pad is not taken out of his game. */
    holder_t holder = holder_with(1, 10, true);
    now[READY] = 0, now[OVER] = 1;
    holder_touch(&holder, 0);
    holder_touch(&holder, 1);
    assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
}

/* What the header promises of wish.fights, with random touches: hands off, a game that begins a
 * fight is fought, and in any other the agent presses nothing and waits. */
static void test_hands_off_a_fight_is_on_or_the_agent_waits(void **state)
{
    (void)state;
    const int32_t bound = HOLDER_MAX_TRIES * (HOLDER_OVER_FRAMES + 40) + 20;
    uint32_t random = 1;
    for (uint32_t seed = 0; seed < 64; seed++) {
        const bool works = seed & 1, starts = seed >> 1 & 1, company = seed >> 2 & 1;
        holder_t holder = { 0 };
        uint16_t pad;
        uint32_t port;
        int resets = 0, waited = 0;
        memset(now, 0, sizeof now);
        holder_wish(&holder, &(holder_wish_t){
                                 .ports = 1, .hold_frames = 10, .starts = starts, .fights = 1 });
        holder_power_on(&holder, preset, now, 0);
        for (int f = 0; f < 500 + bound; f++) {
            const uint32_t drawn = (random = random * 1664525u + 1013904223u) >> 16;
            const uint32_t free_ports = company ? 3 : 1;
            holder_touch(&holder, f < 500 && drawn % 16 == 0 ? drawn >> 4 & free_ports : 0);
            if (holder.way.frames > 0) assert_int_equal(holder_agents(&holder), 0);
            const boot_turn_t turn = run_frame(&holder, &pad, &port);
            if (turn == BOOT_WANTS_RESET) {
                const uint32_t tries = holder.way.tries;
                resets++;
                now[READY] = now[OVER] = 0;
                holder_power_on(&holder, preset, now, 0);
                holder.way.tries = tries;
            }
            if (works && pad == B && port == 1) now[READY] = 1;
            if (f < 500 && drawn % 64 == 1)
                now[READY] = 0; /* a menu, a state, the end of a match */
            waited += holder_waits(&holder);
        }
        if (works && starts && !company) assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
        if (holder_of(&holder, 0) == HOLDER_AGENT) {
            assert_int_equal(now[READY], 1);
            continue;
        }
        assert_true(holder_waits(&holder));
        assert_true(waited > 0);
        if (!starts) assert_int_equal(resets, 0);
    }
}

static void test_company_is_not_thrown_out_of_its_game(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int company = 0; company < 2; company++) {
        holder_t holder = { 0 };
        holder_wish(&holder,
                    &(holder_wish_t){ .ports = 1, .hold_frames = 10, .starts = 1, .fights = 1 });
        holder_touch(&holder, company ? 2 : 0);
        now[READY] = 1, now[OVER] = 1; /* the match is over */
        int resets = 0;
        for (int f = 0; f < 2 * HOLDER_OVER_FRAMES && !resets; f++)
            resets += run_frame(&holder, &pad, &port) == BOOT_WANTS_RESET;
        assert_int_equal(resets, !company);
        if (company) assert_true(holder_waits(&holder));
        assert_int_equal(holder_agents(&holder), 0);
        now[OVER] = 0; /* and the next one begins */
        run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, anew)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_touch_takes_the_pad_and_rest_gives_it_back),
        TEST(test_a_pad_that_is_not_the_agents_is_left_alone),
        TEST(test_other_pads_end_what_was_in_flight_other_numbers_do_not),
        TEST(test_the_script_holds_its_pads_frame_by_frame),
        TEST(test_a_wait_in_vain_names_its_step),
        TEST(test_starts_that_have_nothing_to_do_take_no_frame),
        TEST(test_the_script_runs_only_where_it_is_wished),
        TEST(test_a_touch_stops_the_script),
        TEST(test_hands_off_a_fight_is_on_or_the_agent_waits),
        TEST(test_company_is_not_thrown_out_of_its_game),
        TEST(test_after_an_episode_the_next_round_or_a_reset),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
