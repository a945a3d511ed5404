/* The agent plays; the human may at any time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core_alone.h"
#include "kit.h"
#include "../leaky_cores.h"

static int learn(void **state)
{
    (void)state;
    kit_learn(kit_kumite, NULL);
    return 0;
}

/* Frames of the next `num_frames` in which the game saw a button on this fighter's pad. */
static int count_presses(frontend_t *front, int fighter, int num_frames)
{
    int presses = 0;
    for (int i = 0; i < num_frames; i++) {
        frontend_run(front, 1);
        presses += frontend_ram(front, (size_t)(KUMITE_PAD + fighter)) != 0;
    }
    return presses;
}

static void test_the_agents_buttons_reach_the_game(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    assert_true(frontend_was_told(&front, "the agent for Kumite plays on pad 1"));
    assert_false(front.achievements);
    const uint8_t x = frontend_ram(&front, KUMITE_X);
    assert_in_range(count_presses(&front, 0, 240), 120, 240);
    assert_int_not_equal(frontend_ram(&front, KUMITE_X), x);
    assert_int_equal(front.num_polls, front.num_frames_shown); /* once a frame */
    frontend_close(&front);
}

static void test_mode_off_leaves_the_pads_alone(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "off");
    assert_true(frontend_load(&front, kit_kumite));
    assert_int_equal(front.num_messages, 0);
    assert_true(front.achievements);
    assert_int_equal(count_presses(&front, 0, 400), 0);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1); /* still the title */
    frontend_close(&front);
}

static void test_mode_can_be_switched_while_the_game_runs(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    frontend_set_option(&front, "kata_mode", "off");
    frontend_run(&front, 2);
    assert_int_equal(count_presses(&front, 0, 60), 0);
    front.achievements = true;
    frontend_set_option(&front, "kata_mode", "play");
    frontend_run(&front, 8);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    assert_false(front.achievements);
    frontend_close(&front);
}

static void test_the_agent_can_have_the_second_pad(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    frontend_set_option(&front, "kata_port", "2");
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 120);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1); /* no start script: a human starts */
    front.pad[0] = PAD_DOWN;                                  /* 2 PLAYERS */
    frontend_run(&front, 3);
    front.pad[0] = 0;
    frontend_run(&front, 10);
    front.pad[0] = PAD_START;
    frontend_run(&front, 3);
    front.pad[0] = 0;
    for (int i = 0; i < 300 && !frontend_ram(&front, KUMITE_FIGHT_ACTIVE); i++)
        frontend_run(&front, 1);
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
    assert_in_range(count_presses(&front, 1, 120), 60, 120);
    assert_int_equal(count_presses(&front, 0, 60), 0);

    frontend_set_option(&front, "kata_port", "1");
    frontend_run(&front, 8);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    assert_int_equal(count_presses(&front, 1, 60), 0);
    frontend_close(&front);
}

/* How often the screen said something with this text. */
static int count_told(const frontend_t *front, const char *text)
{
    int count = 0;
    for (int i = 0; i < front->num_messages; i++) count += strstr(front->messages[i], text) != NULL;
    return count;
}

/* The agent plays on the pad that the preset knows, which is said once; what else is changed then
 * does not disturb it. */
static void test_a_pad_that_the_preset_does_not_know_is_said_once(void **state)
{
    (void)state;
    static char preset[8192];
    uint64_t hash[2] = { 0 };
    strcpy(preset, kit_preset);
    memcpy(strstr(preset, "\"ports\": 2"), "\"ports\": 1", strlen("\"ports\": 1"));
    kit_learn(kit_kumite, preset);
    for (int run = 0; run < 2; run++) {
        frontend_t front;
        kit_open(&front);
        frontend_set_option(&front, "kata_port", "2");
        assert_true(frontend_load(&front, kit_kumite));
        assert_int_equal(count_told(&front, "port must be 1..1"), 1);
        for (int i = 0; i < 900; i++) {
            /* of no weight for who plays */
            if (run == 1 && i % 50 == 13)
                frontend_set_option(&front, "kata_record", i % 100 == 13 ? "enabled" : "disabled");
            frontend_run(&front, 1);
            const uint8_t pad = frontend_ram(&front, KUMITE_PAD);
            hash[run] = frontend_hash(hash[run], &pad, 1);
        }
        assert_int_equal(count_told(&front, "port must be 1..1"), 1);
        frontend_set_option(&front, "kata_port", "1");
        frontend_run(&front, 10);
        frontend_set_option(&front, "kata_port", "2"); /* wished again, explained again */
        frontend_run(&front, 10);
        assert_int_equal(count_told(&front, "port must be 1..1"), 2);
        assert_in_range(count_presses(&front, 0, 900), 60, 900);
        frontend_close(&front);
    }
    assert_true(hash[0] == hash[1]);
}

static void test_without_the_start_script_the_title_stays(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    frontend_set_option(&front, "kata_start", "disabled");
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 600);
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1);
    frontend_close(&front);
}

static void test_reset_starts_the_script_again(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    front.core.reset();
    frontend_run(&front, 20);
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 0);
    int frames = 0;
    while (frames < 900 && !frontend_ram(&front, KUMITE_FIGHT_ACTIVE)) {
        frontend_run(&front, 1);
        frames++;
    }
    assert_in_range(frames, 30, 899);
    frontend_close(&front);
}

/* Rounds follow each other by themselves, with the agent in each; after the match the console is
 * reset and the next one begins. */
static void test_the_next_round_and_the_next_match_begin_by_themselves(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    int rounds = 0, presses = 0, frames_after = 0;
    bool was_active = false, saw_winner = false;
    for (int i = 0; i < 60 * 60 * 8 && !(saw_winner && was_active); i++) {
        frontend_run(&front, 1);
        const bool active = frontend_ram(&front, KUMITE_FIGHT_ACTIVE) == 1;
        const uint8_t screen = frontend_ram(&front, KUMITE_SCREEN);
        if (active && !was_active) presses = 0;
        presses += active && frontend_ram(&front, KUMITE_PAD) != 0;
        if (!active && was_active) {
            rounds++;
            assert_in_range(presses, 30, 1 << 20);
        }
        was_active = active;
        if (screen == 3) saw_winner = true;
        frames_after += saw_winner;
    }
    assert_true(saw_winner); /* the match was played to its end */
    assert_in_range(rounds, 2, 5);
    assert_in_range(frames_after, 60, 1500);
    assert_int_equal(frontend_ram(&front, KUMITE_ROUND_NO), 1);
    frontend_close(&front);
}

static void test_random_moves_are_random_moves(void **state)
{
    (void)state;
    static const char *const values[] = { "0", "0", "5", "varied", "varied" };
    enum { RUNS = sizeof values / sizeof values[0] };
    uint64_t hash[RUNS] = { 0 };
    for (int run = 0; run < RUNS; run++) {
        frontend_t front;
        kit_open(&front);
        frontend_set_option(&front, "kata_epsilon", values[run]);
        assert_true(frontend_load(&front, kit_kumite));
        for (int i = 0; i < 1500; i++) {
            frontend_run(&front, 1);
            const uint8_t pad = frontend_ram(&front, KUMITE_PAD);
            hash[run] = frontend_hash(hash[run], &pad, 1);
        }
        frontend_close(&front);
    }
    assert_true(hash[0] == hash[1]); /* the same evening twice is the same */
    assert_true(hash[0] != hash[2]);
    assert_true(hash[3] == hash[4]);
    assert_true(hash[3] != hash[0] && hash[3] != hash[2]);
}

/* A tap on the title stops the script; hands off, the agent finds its way all the same and presses
 * nothing before. */
static void test_a_tap_on_the_title_does_not_end_the_evening(void **state)
{
    (void)state;
    for (int held = 0; held < 2; held++) { /* tapped on the title; held through a reset */
        frontend_t front;
        kit_open(&front);
        assert_true(frontend_load(&front, kit_kumite));
        frontend_run(&front, 20);
        front.pad[0] = PAD_RIGHT;
        if (held) front.core.reset();
        frontend_run(&front, 5);
        front.pad[0] = 0;
        frontend_run(&front, 5);
        front.pad[0] = PAD_RIGHT;
        frontend_run(&front, 5);
        front.pad[0] = 0;
        frontend_run(&front, 190); /* the takeover is over */
        assert_int_equal(count_presses(&front, 0, 300), 0);
        int frames = 0;
        while (!frontend_ram(&front, KUMITE_FIGHT_ACTIVE) && frames++ < 1500)
            frontend_run(&front, 1);
        assert_in_range(frames, 1, 1499);
        frontend_run(&front, 60); /* the script's idle frames */
        assert_in_range(count_presses(&front, 0, 120), 60, 120);
        frontend_close(&front);
    }
}

/* In a game for one the second pad is nobody's: nothing is pressed, and the screen says why. */
static void test_the_second_pad_waits_for_a_game_for_two(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    frontend_set_option(&front, "kata_port", "2");
    assert_true(frontend_load(&front, kit_kumite));
    assert_int_equal(count_presses(&front, 1, 300), 0);
    assert_true(count_told(&front, "start a game for two") > 0);
    frontend_close(&front);
}

static void test_each_change_of_an_option_is_answered(void **state)
{
    static const struct {
        const char *key, *value, *said;
    } changes[] = {
        { "kata_mode", "off", "the agent is off, the pads are yours" },
        { "kata_mode", "play", "the agent may play" },
        { "kata_start", "disabled", "you go to the fight yourself" },
        { "kata_start", "trained", "it goes to what it was trained on" },
        { "kata_takeover", "10", "a touch takes its pad until let go for 10 s" },
        { "kata_takeover", "disabled", "a touch does not take its pad" },
        { "kata_epsilon", "5", "5 % of its moves are random" },
        { "kata_epsilon", "varied", "moves that it thinks about as good take turns" },
        { "kata_epsilon", "0", "0 % of its moves are random" },
        { "kata_port", "2", "the agent's pad is pad 2" },
        { "kata_port", "1", "the agent's pad is pad 1" },
        { "kata_agent", "sent", "the agent that was sent plays from the next load on" },
        { "kata_agent", "own", "your own agent plays from the next load on" },
        { "kata_reaction", "250", "it sees the game 250 ms late" },
        { "kata_reaction", "0", "it sees the game at once" },
        { "kata_strength", "easy", "strength easy from the next round on" },
        { "kata_strength", "best", "strength best from the next round on" },
        { "kata_strength", "auto", "its strength follows what you win" },
        { "kata_strength", "best", "strength best from the next round on" },
        { "kata_device", "gpu", "when learning begins again it is on the graphics card" },
        { "kata_device", "cpu", "when learning begins again it is on the processor" },
        { "kata_record", "enabled", "what you hold is recorded" },
        { "kata_record", "disabled", "nothing is recorded" },
    };
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        front.num_messages = 0;
        frontend_set_option(&front, changes[i].key, changes[i].value);
        frontend_run(&front, 1);
        if (!frontend_was_told(&front, changes[i].said))
            fail_msg("%s: \"%s\"", changes[i].said, front.messages[0]);
        front.num_messages = 0;
        front.options_changed = true; /* news that change nothing of ours: of the inner core */
        frontend_run(&front, 1);
        assert_false(frontend_was_told(&front, changes[i].said));
    }
    frontend_close(&front);
}

/* ---- takeover ---- */

static void test_a_touch_takes_the_pad_in_the_same_frame(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    frontend_run(&front, 33);
    front.pad[0] = PAD_UP; /* the agent has no action with it */
    frontend_run(&front, 1);
    assert_int_equal(frontend_ram(&front, KUMITE_PAD), KUMITE_UP);
    assert_true(frontend_was_told(&front, "you play"));
    frontend_run(&front, 100);
    assert_int_equal(frontend_ram(&front, KUMITE_PAD), KUMITE_UP);
    frontend_close(&front);
}

static void takes_over_for(const char *value, int hold_frames)
{
    frontend_t front;
    kit_open_in_fight(&front);
    frontend_set_option(&front, "kata_takeover", value);
    frontend_run(&front, 10);
    front.pad[0] = PAD_UP;
    frontend_run(&front, 5);
    front.pad[0] = 0;
    int quiet = 0;
    while (quiet < 1000) {
        frontend_run(&front, 1);
        if (frontend_ram(&front, KUMITE_PAD)) break;
        quiet++;
    }
    assert_in_range(quiet, hold_frames - 2, hold_frames + 4);
    assert_true(frontend_was_told(&front, "the agent plays"));
    frontend_close(&front);
}

static void test_letting_go_hands_it_over_again(void **state)
{
    (void)state;
    takes_over_for("1", 60);
    takes_over_for("3", 180);
    takes_over_for("10", 600);
}

/* All the time, whoever plays: checked frame by frame. */
static void test_the_screen_says_who_holds_which_pad(void **state)
{
    (void)state;
    static const char log[] =
        "{\"kind\":\"evaluation\",\"episodes\":100,\"win_rate\":0.9}\n"
        "{\"kind\":\"training\",\"episodes\":50,\"win_rate\":0.2}\n{\"kind\":\"evalu";
    char path[4096];
    snprintf(path, sizeof path, "%s/log.jsonl", kit_game_dir(kit_kumite));
    kit_write(path, log, sizeof log - 1);
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    assert_true(frontend_was_told(&front, "it won 90 % of 100 rounds when it was tried last"));
    frontend_run(&front, 30);
    assert_string_equal(front.status, "the agent is on the way to the fight");
    for (int i = 0; i < 900 && frontend_ram(&front, KUMITE_FIGHT_ACTIVE) != 1; i++)
        frontend_run(&front, 1);
    frontend_run(&front, 60);
    assert_string_equal(front.status, "P1 agent, P2 you | touch pad 1 to play");
    front.pad[0] = PAD_UP;
    frontend_run(&front, 2);
    assert_string_equal(front.status, "P1 you, the agent in 3 s, P2 you");
    front.pad[0] = 0;
    frontend_run(&front, 61);
    assert_string_equal(front.status, "P1 you, the agent in 2 s, P2 you");
    frontend_set_option(&front, "kata_epsilon", "5"); /* it seldom plays a macro of its own */
    bool named = false;
    for (int i = 0; i < 6000 && !named; i++) {
        frontend_run(&front, 1);
        named = strstr(front.status, "P1 agent, P2 you | Fireball") ||
                strstr(front.status, "P1 agent, P2 you | Rise");
    }
    assert_true(named);
    frontend_set_option(&front, "kata_status", "disabled");
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "nothing says who holds which pad"));
    front.status[0] = '\0';
    frontend_run(&front, 200);
    assert_string_equal(front.status, "");
    frontend_close(&front);
}

static void test_takeover_can_be_switched_off(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    frontend_set_option(&front, "kata_takeover", "disabled");
    front.pad[0] = PAD_UP;
    for (int i = 0; i < 60; i++) {
        frontend_run(&front, 1);
        assert_int_equal(frontend_ram(&front, KUMITE_PAD) & KUMITE_UP, 0);
    }
    frontend_close(&front);
}

static void test_a_stick_is_a_touch_and_a_worn_stick_is_none(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    front.stick_x[0] = 0x2000;
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    front.stick_x[0] = -0x7fff;
    frontend_run(&front, 2);
    assert_int_equal(count_presses(&front, 0, 60), 0);
    frontend_close(&front);
}

static void test_takeover_works_without_input_masks(void **state)
{
    (void)state;
    frontend_t front;
    frontend_open(&front, kit_plugin);
    front.without_masks = true;
    front.save_dir = kit_dir;
    frontend_init(&front);
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 400);
    front.pad[0] = PAD_UP;
    frontend_run(&front, 1);
    assert_int_equal(frontend_ram(&front, KUMITE_PAD), KUMITE_UP);
    frontend_close(&front);
}

/* The button that chose the game in the frontend's menu is still down. */
static void test_a_button_held_from_the_start_is_no_touch(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    front.pad[0] = PAD_B;
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 30);
    assert_false(frontend_was_told(&front, "you play"));
    front.pad[0] = 0;
    frontend_run(&front, 1);
    front.pad[0] = PAD_B;
    frontend_run(&front, 1);
    assert_true(frontend_was_told(&front, "you play"));
    frontend_close(&front);
}

static void test_a_touch_stops_the_start_script(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 20);
    front.pad[0] = PAD_UP;
    frontend_run(&front, 2);
    front.pad[0] = 0;
    frontend_run(&front, 600); /* three seconds the human's, then held still for a while */
    assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1);
    frontend_close(&front);
}

/* ---- odd frontends ---- */

static void test_plays_without_callbacks(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    front.core.set_video_refresh(NULL);
    front.core.set_audio_sample(NULL);
    front.core.set_audio_sample_batch(NULL);
    front.core.set_input_poll(NULL);
    front.core.set_input_state(NULL);
    assert_true(frontend_load(&front, kit_kumite));
    for (int i = 0; i < 900 && !frontend_ram(&front, KUMITE_FIGHT_ACTIVE); i++)
        frontend_run(&front, 1);
    assert_in_range(count_presses(&front, 0, 60), 30, 60);
    assert_int_equal(front.num_frames_shown, 0);
    frontend_close(&front);

    kit_open(&front);
    front.core.set_environment(NULL);
    assert_false(frontend_load(&front, kit_kumite)); /* Nestopia wants a system folder */
    frontend_run(&front, 2);
    frontend_close(&front);
}

static void test_load_unload_load(void **state)
{
    (void)state;
    frontend_t front;
    kit_open_in_fight(&front);
    front.core.unload_game();
    frontend_run(&front, 1);
    assert_int_equal(front.core.serialize_size(), 0);
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 400);
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
    assert_true(frontend_load(&front, kit_kumite)); /* without unloading */
    frontend_run(&front, 10);
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 0);

    front.core.unload_game();
    front.core.deinit();
    front.core.init(); /* the callbacks are not repeated */
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 400);
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
    frontend_close(&front);
}

/* RetroArch's second instance for run-ahead is a copy of Kata's file, but not of the inner core's.
 */
static void test_a_second_copy_of_the_plugin_plays_beside_the_first(void **state)
{
    (void)state;
    core_alone_measure();
    char copy[2048];
    strcpy(copy, kit_path("second_libretro.so"));
    kit_copy(kit_plugin, copy);
    frontend_t first, *second = calloc(1, sizeof *second);
    assert_non_null(second);
    kit_open_in_fight(&first);
    frontend_open(second, copy);
    second->save_dir = kit_dir;
    frontend_init(second);
    assert_true(frontend_load(second, kit_kumite));

    frontend_run(&first, 60);
    frontend_run(second, 30);
    assert_int_equal(frontend_ram(&first, KUMITE_FIGHT_ACTIVE), 1);
    assert_int_equal(frontend_ram(second, KUMITE_FIGHT_ACTIVE), 0);

    const size_t num_bytes = first.core.serialize_size();
    assert_int_equal(second->core.serialize_size(), num_bytes);
    uint8_t *bytes[2] = { calloc(1, num_bytes), calloc(1, num_bytes) };
    assert_true(bytes[0] && bytes[1]);
    frontend_run(&first, 1);
    assert_true(first.core.serialize(bytes[0], num_bytes));
    frontend_run(second, 1);
    assert_true(second->core.unserialize(bytes[0], num_bytes));
    for (int i = 0; i < 60; i++) {
        frontend_run(&first, 1);
        assert_true(first.core.serialize(bytes[0], num_bytes));
        frontend_run(second, 1);
        assert_true(second->core.serialize(bytes[1], num_bytes));
        assert_true(first.video_hash == second->video_hash);
        core_alone_expect_same(bytes[1], bytes[0], num_bytes);
    }
    free(bytes[0]);
    free(bytes[1]);
    frontend_close(second);
    frontend_run(&first, 10);
    frontend_close(&first);
    free(second);
}

#define TEST(name) cmocka_unit_test_setup(name, learn)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_agents_buttons_reach_the_game),
        TEST(test_mode_off_leaves_the_pads_alone),
        TEST(test_mode_can_be_switched_while_the_game_runs),
        TEST(test_the_agent_can_have_the_second_pad),
        TEST(test_a_pad_that_the_preset_does_not_know_is_said_once),
        TEST(test_without_the_start_script_the_title_stays),
        TEST(test_reset_starts_the_script_again),
        TEST(test_a_tap_on_the_title_does_not_end_the_evening),
        TEST(test_the_second_pad_waits_for_a_game_for_two),
        TEST(test_the_next_round_and_the_next_match_begin_by_themselves),
        TEST(test_random_moves_are_random_moves),
        TEST(test_each_change_of_an_option_is_answered),
        TEST(test_a_touch_takes_the_pad_in_the_same_frame),
        TEST(test_letting_go_hands_it_over_again),
        TEST(test_the_screen_says_who_holds_which_pad),
        TEST(test_takeover_can_be_switched_off),
        TEST(test_a_stick_is_a_touch_and_a_worn_stick_is_none),
        TEST(test_takeover_works_without_input_masks),
        TEST(test_a_button_held_from_the_start_is_no_touch),
        TEST(test_a_touch_stops_the_start_script),
        TEST(test_plays_without_callbacks),
        TEST(test_load_unload_load),
        TEST(test_a_second_copy_of_the_plugin_plays_beside_the_first),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
