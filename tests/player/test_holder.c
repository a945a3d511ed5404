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
enum { READY, OVER, TWO, MENU };

#define PADS                                                                                       \
    "{\"kata_preset\": 1, \"game\": \"Pads\", \"system\": \"nes\","                                \
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"                                           \
    " \"variables\": {\"ready\": {\"address\": 0, \"type\": \"|u1\"},"                             \
    "  \"over\": {\"address\": 1, \"type\": \"|u1\"}, \"two\": {\"address\": 2, \"type\": "        \
    "\"|u1\"},"                                                                                    \
    "  \"menu\": {\"address\": 3, \"type\": \"|u1\"}},"                                            \
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}},"                                       \
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"}]},"                   \
    " \"done\": \"over == 1\", \"sides\": {},"                                                     \
    " \"starts\": {\"go\": [\"{2}\", \"START{3}\", \"port 2: B{2}\", \"until ready == 1 within "   \
    "10\"], \"duel\": [\"port 2: B{2}\", \"until ready == 1 within 10\"],"                         \
    "  \"at once\": [\"until ready == 0 within 10\"], \"empty\": []}"
#define WAYS                                                                                       \
    ", \"ways\": [{\"when\": \"menu == 1\", \"press\": \"START{2}\", \"versus\": false,"           \
    " \"say\": \"press START\"}, {\"when\": \"menu == 2\", \"press\": \"B\"}]"

static const char preset_text_json[] = PADS "}";
static const char fights_json[] = PADS ", \"fight\": {\"when\": \"ready == 1\"}" WAYS "}";
static const char versus_json[] =
    PADS ", \"fight\": {\"when\": \"ready == 1\", \"port2_when\": {\"all\": [\"ready == 1\","
         " \"two == 1\"]}, \"still_frames\": 50, \"versus\": \"duel\"}" WAYS "}";

static preset_t *plain, *fights, *versus;
static preset_t *preset;
static int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];

static int load(void **state)
{
    (void)state;
    why_t why = "";
    if (preset_parse(&plain, preset_text_json, strlen(preset_text_json), "pads", why) &&
        preset_parse(&fights, fights_json, strlen(fights_json), "fights", why) &&
        preset_parse(&versus, versus_json, strlen(versus_json), "versus", why))
        return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(plain);
    preset_free(fights);
    preset_free(versus);
    return 0;
}

static int anew(void **state)
{
    (void)state;
    memset(before, 0, sizeof before);
    memset(now, 0, sizeof now);
    preset = plain;
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

/* Runs the script, or a way, for a frame: what it holds, and where (a way: on port 0). */
static boot_turn_t run_frame(holder_t *holder, uint16_t *pad, uint32_t *port)
{
    *pad = boot_script_pad(&holder->script, preset, port);
    holder_way_pad(holder, preset, pad);
    const boot_turn_t turn = holder_advance(holder, preset, before, now, now[OVER] == 1);
    memcpy(before, now, sizeof before);
    return turn;
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
        holder_power_on(&holder, preset, now, idle, true);
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
    holder_power_on(&holder, preset, now, 0, true);
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
            holder_power_on(&holder, preset, now, 0, true);
            assert_int_equal(boot_script_runs(&holder.script), starts && ports & 1);
        }
}

static void test_a_touch_stops_the_script(void **state)
{
    (void)state;
    holder_t holder = holder_with(1, 10, true);
    holder_power_on(&holder, preset, now, 0, true);
    holder_touch(&holder, 0);
    assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
    holder_touch(&holder, 2); /* another's pad */
    assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
    holder_touch(&holder, 1);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
    assert_int_equal(holder_of(&holder, 1), HOLDER_NOBODY);
}

/* Where the preset does not say what a fight is. */
static void test_after_an_episode_the_next_round_or_a_reset(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int goes_on = 0; goes_on < 2; goes_on++) {
        holder_t holder = holder_with(1, 10, true);
        now[READY] = 0, now[OVER] = 1;
        assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
        assert_int_equal(holder_of(&holder, 0), HOLDER_NOBODY);
        for (int f = 0; f < HOLDER_OVER_FRAMES - 1; f++) {
            assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
            assert_int_equal(pad, 0);
        }
        if (goes_on) now[READY] = 1, now[OVER] = 0;
        assert_int_equal(run_frame(&holder, &pad, &port),
                         goes_on ? BOOT_GOES_ON : BOOT_WANTS_RESET);
        assert_int_equal(holder_of(&holder, 0), goes_on ? HOLDER_AGENT : HOLDER_NOBODY);
    }
    /* A human who has the pad is not taken out of his game, nor one at another pad. */
    for (uint32_t touched = 1; touched < 3; touched++) {
        holder_t holder = holder_with(1, 10, true);
        now[READY] = 0, now[OVER] = 1;
        holder_touch(&holder, 0);
        holder_touch(&holder, touched);
        for (int f = 0; f < 2 * HOLDER_OVER_FRAMES; f++)
            assert_int_equal(run_frame(&holder, &pad, &port), BOOT_GOES_ON);
        assert_int_equal(holder_of(&holder, 0), touched == 1 ? HOLDER_HUMAN : HOLDER_AGENT);
    }
}

static holder_t fighter(uint32_t ports, bool starts)
{
    holder_t holder = { 0 };
    holder_wish(&holder, &(holder_wish_t){
                             .ports = ports, .hold_frames = 10, .starts = starts, .fights = 1 });
    holder_touch(&holder, 0);
    return holder;
}

/* What the header promises, with random touches: hands off, a game that begins a fight is fought,
 * and in any other the agent presses nothing and waits. */
static void test_hands_off_a_fight_is_on_or_the_agent_waits(void **state)
{
    (void)state;
    const int32_t bound = HOLDER_BOUND_FRAMES + 200;
    uint32_t random = 1;
    for (uint32_t seed = 0; seed < 64; seed++) {
        const bool works = seed & 1, starts = seed >> 1 & 1, company = seed >> 2 & 1;
        preset = seed >> 3 & 1 ? versus : fights;
        uint16_t pad;
        uint32_t port;
        int resets = 0, waited = 0;
        memset(now, 0, sizeof now);
        holder_t holder = fighter(1 + (seed >> 4 & 1), starts);
        const uint32_t agents = holder.wish.ports;
        holder_power_on(&holder, preset, now, 0, true);
        for (int f = 0; f < 500 + bound; f++) {
            const uint32_t drawn = (random = random * 1664525u + 1013904223u) >> 16;
            const uint32_t free_ports = company ? 3 : agents;
            now[OVER] = f & 2; /* something moves: no pause */
            holder_touch(&holder, f < 500 && drawn % 16 == 0 ? drawn >> 4 & free_ports : 0);
            if (holder.way.frames > 0) assert_int_equal(holder_agents(&holder), 0);
            const boot_turn_t turn = run_frame(&holder, &pad, &port);
            if (turn == BOOT_WANTS_RESET) {
                resets++;
                now[READY] = now[MENU] = 0;
                holder_power_on(&holder, preset, now, 0, false);
            }
            if (works && pad == B && port == 1) now[READY] = 1, now[TWO] = agents == 2;
            if (works && pad && now[MENU]) now[MENU] = 0, now[READY] = 1;
            if (f < 500 && drawn % 128 == 2) holder_leave(&holder, preset);
            if (f < 500 && drawn % 64 == 1)
                now[READY] = 0, now[MENU] = drawn >> 8 & 3; /* a menu, a state, a match's end */
            waited += holder_waits(&holder, preset);
        }
        if (works && starts && !company && (agents == 1 || preset == versus))
            assert_int_equal(now[READY], 1);
        if (holder_agents(&holder)) {
            assert_int_equal(now[READY], 1);
            continue;
        }
        assert_true(holder_waits(&holder, preset));
        assert_true(waited > 0);
        if (!starts) assert_int_equal(resets, 0);
    }
}

/* Another player's pad was touched. Nobody is thrown out of his game, and a match of two is begun
 * again as one. */
static void test_company_is_not_thrown_out_of_its_game(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int which = 0; which < 8; which++) {
        const bool company = which & 1, two = which >> 1 & 1;
        preset = which >> 2 ? versus : fights;
        holder_t holder = fighter(1, true);
        holder_touch(&holder, company ? 2 : 0);
        now[OVER] = 0, now[READY] = 1, now[TWO] = two;
        run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
        now[OVER] = 1; /* the match is over */
        int resets = 0;
        for (int f = 0; f < 2 * HOLDER_OVER_FRAMES && !resets; f++)
            resets += run_frame(&holder, &pad, &port) == BOOT_WANTS_RESET;
        assert_int_equal(resets, !company || preset == versus);
        assert_int_equal(holder_agents(&holder), 0);
        if (resets) {
            holder_power_on(&holder, preset, now, 0, false);
            const bool duel = two && preset == versus;
            assert_int_equal(holder.script.start, duel ? preset_find_start(preset, "duel") : 0);
            continue;
        }
        assert_true(holder_waits(&holder, preset));
        now[OVER] = 0; /* and the next one begins */
        run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

static void test_the_start_that_is_wished(void **state)
{
    (void)state;
    holder_t holder = fighter(1, true);
    assert_int_equal(holder_start(&holder, preset), 0);
    for (uint32_t start = 0; start < 4; start++) {
        holder.wish.start = start + 1;
        assert_int_equal(holder_start(&holder, preset), start);
        holder_power_on(&holder, preset, now, 7, true);
        if (boot_script_runs(&holder.script)) assert_int_equal(holder.script.start, start);
    }
    holder.wish.start = 60; /* another preset's */
    assert_int_equal(holder_start(&holder, preset), 0);
    holder.wish.ports = 2; /* a game for the first player alone will not do */
    assert_int_equal(holder_start(&holder, preset), -1);
    assert_int_equal(holder_start(&holder, versus), preset_find_start(versus, "duel"));
}

/* In the middle of a fight a person chooses another: the agent lets go at once, and the reset comes
 * when all pads have rested. */
static void test_another_start_is_gone_to(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int which = 0; which < 8; which++) {
        const bool human = which & 1, two = which >> 1 & 1, knows = which >> 2 & 1;
        preset = knows ? versus : plain;
        memset(now, 0, sizeof now);
        now[READY] = 1, now[TWO] = two, now[MENU] = 1; /* and a way would lead on */
        holder_t holder = fighter(1, true);
        holder_touch(&holder, two ? 2 : 0);
        run_frame(&holder, &pad, &port);
        holder_touch(&holder, human);
        assert_int_equal(holder_of(&holder, 0), human ? HOLDER_HUMAN : HOLDER_AGENT);
        holder_wish_t wish = holder.wish;
        wish.start = 3; /* "at once" */
        holder_wish(&holder, &wish);
        assert_int_equal(holder_of(&holder, 0), human ? HOLDER_HUMAN : HOLDER_AGENT);
        holder_leave(&holder, preset);
        assert_int_equal(holder_agents(&holder), 0);
        int frames = 0;
        for (boot_turn_t turn = BOOT_GOES_ON; turn != BOOT_WANTS_RESET; frames++) {
            assert_in_range(frames, 0, HOLDER_REST_FRAMES + 20);
            holder_touch(&holder, human && frames < 10);
            turn = run_frame(&holder, &pad, &port);
            assert_int_equal(pad, 0);
            now[OVER] = 2 * (frames & 1); /* no pause */
        }
        const int his = human ? 10 + (int)holder.wish.hold_frames - 2 : 0; /* frames before */
        assert_int_equal(frames, his + HOLDER_REST_FRAMES);
        now[READY] = 0;
        holder_power_on(&holder, preset, now, 3, false);
        assert_true(boot_script_runs(&holder.script));
        assert_int_equal(holder.way.leaves, 0);
        now[READY] = 1;
        for (int f = 0; f < 4; f++) run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

/* Without a script, and where another sits down in the meantime, the fight that is on goes on. */
static void test_where_no_start_may_begin_the_fight_is_not_left(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int which = 0; which < 4; which++) {
        preset = which < 3 ? fights : versus;
        memset(now, 0, sizeof now);
        now[READY] = 1;
        holder_t holder = fighter(which == 1 ? 2 : 1, which != 0);
        if (which == 1) now[TWO] = 1;
        run_frame(&holder, &pad, &port);
        const uint32_t agents = holder_agents(&holder);
        holder_leave(&holder, preset);
        if (which < 2) { /* no script is wished; a game for two cannot be begun */
            assert_int_equal(holder_agents(&holder), agents);
            continue;
        }
        assert_int_equal(holder_agents(&holder), 0);
        holder_touch(&holder, 2);
        bool resets = false;
        for (int f = 0; f < 2 * HOLDER_REST_FRAMES && !resets; f++) {
            now[OVER] = 2 * (f & 1);
            resets = run_frame(&holder, &pad, &port) == BOOT_WANTS_RESET;
        }
        assert_int_equal(resets, which == 3); /* which can put both into the new one */
        if (!resets) assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

/* Ways: after a rest, one at a time, a few times, only where the agent is in the game. */
static void test_ways_lead_on(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int which = 0; which < 16; which++) {
        const bool starts = which & 1, two = which >> 1 & 1;
        const uint32_t ports = 1 + (which >> 2 & 1);
        const int menu = 1 + (which >> 3);
        preset = versus;
        memset(now, 0, sizeof now);
        holder_t holder = fighter(ports, starts);
        now[READY] = 1, now[TWO] = two; /* a fight was on */
        run_frame(&holder, &pad, &port);
        now[READY] = 0, now[MENU] = menu;
        const bool in_game = ports == 1 || two, allowed = menu == 2 || !two;
        int presses = 0;
        for (int f = 0; f < HOLDER_REST_FRAMES - 1; f++) {
            run_frame(&holder, &pad, &port);
            assert_int_equal(pad, 0);
        }
        for (int f = 0; f < HOLDER_MAX_PRESSES * (HOLDER_REST_FRAMES + 4); f++) {
            const bool in_flight = holder.way.way > 0;
            assert_int_equal(holder_of(&holder, ports - 1),
                             in_flight ? HOLDER_SCRIPT : HOLDER_NOBODY);
            run_frame(&holder, &pad, &port);
            assert_int_equal(pad, !in_flight ? 0 : menu == 1 ? START : B);
            presses += in_flight;
        }
        const int frames = preset_way(preset, menu - 1)->macro.num_frames;
        assert_int_equal(presses, starts && in_game && allowed ? HOLDER_MAX_PRESSES * frames : 0);
        assert_int_equal(holder_of(&holder, ports - 1), HOLDER_NOBODY);
        if (!starts) assert_true(holder_waits(&holder, preset));
        const preset_way_t *way = holder_way(preset, before, now);
        assert_non_null(way);
        assert_string_equal(way->say, menu == 1 ? "press START" : "");
    }
}

static void test_a_touch_ends_a_way_and_the_wait_begins_again(void **state)
{
    (void)state;
    uint16_t pad = 0;
    uint32_t port;
    for (uint32_t touched = 1; touched < 3; touched++) {
        preset = versus;
        holder_t holder = fighter(1, true);
        memset(now, 0, sizeof now);
        now[MENU] = 1;
        pad = 0;
        for (int f = 0; !pad; f++) {
            assert_in_range(f, 0, HOLDER_REST_FRAMES);
            run_frame(&holder, &pad, &port);
        }
        holder_touch(&holder, touched);
        assert_int_equal(holder.way.way, 0);
        for (int f = 0; f < HOLDER_REST_FRAMES; f++) {
            run_frame(&holder, &pad, &port);
            assert_int_equal(pad, 0);
        }
    }
}

/* still_frames: nothing changed for so long that the game must be paused. */
static void test_a_fight_in_which_nothing_changes_is_paused(void **state)
{
    (void)state;
    uint16_t pad;
    uint32_t port;
    for (int frames = 48; frames < 53; frames++) {
        preset = versus;
        holder_t holder = fighter(1, true);
        memset(now, 0, sizeof now);
        now[READY] = 1;
        for (int f = 0; f < 300; f++) {
            if (f % frames == 0) now[MENU] ^= 4;
            run_frame(&holder, &pad, &port);
        }
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
        for (int f = 0; f < 50; f++) run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_NOBODY);
        now[MENU] ^= 4;
        run_frame(&holder, &pad, &port);
        assert_int_equal(holder_of(&holder, 0), HOLDER_AGENT);
    }
}

static void test_what_is_held_through_a_reset_is_no_touch(void **state)
{
    (void)state;
    holder_t holder = fighter(1, true);
    holder_touch(&holder, 1);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
    holder_power_on(&holder, preset, now, 0, true);
    holder_touch(&holder, 1);
    assert_int_equal(holder_of(&holder, 0), HOLDER_SCRIPT);
    holder_touch(&holder, 0);
    holder_touch(&holder, 1);
    assert_int_equal(holder_of(&holder, 0), HOLDER_HUMAN);
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
        TEST(test_the_start_that_is_wished),
        TEST(test_another_start_is_gone_to),
        TEST(test_where_no_start_may_begin_the_fight_is_not_left),
        TEST(test_ways_lead_on),
        TEST(test_a_touch_ends_a_way_and_the_wait_begins_again),
        TEST(test_a_fight_in_which_nothing_changes_is_paused),
        TEST(test_what_is_held_through_a_reset_is_no_touch),
        TEST(test_after_an_episode_the_next_round_or_a_reset),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
