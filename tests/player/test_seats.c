/* Both pads held at once: two seats, one screen. */
#include "player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_bridge.h"
#include "vision.h"
#include "why.h"

enum { B = 1 << 0, DOWN = 1 << 5, LEFT = 1 << 6, RIGHT = 1 << 7 };
enum { NEUTRAL, PUNCH, FIREBALL };
enum { NUM_FRAMES = 48 };

static const char preset_text_json[] =
    "{\"kata_preset\": 1, \"game\": \"Two\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"variables\": {\"hits\": {\"address\": 0, \"type\": \"|u1\"},"
    "  \"enemy_hits\": {\"address\": 1, \"type\": \"|u1\"},"
    "  \"left\": {\"address\": 2, \"type\": \"|u1\"}, \"enemy_left\": {\"address\": 3, \"type\": "
    "\"|u1\"},"
    "  \"over\": {\"address\": 4, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}},"
    " \"timing\": {\"frame_skip\": 4, \"motion_frames\": 3, \"press_frames\": 3},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
    "   {\"name\": \"Punch\", \"pad\": \"B\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"}]},"
    " \"reward\": {\"variables\": {\"hits\": {\"reward\": 1}, \"enemy_hits\": {\"penalty\": 0, "
    "\"reward\": -1}}},"
    " \"done\": \"over == 1\", \"result\": {\"won\": \"hits > enemy_hits\", \"lost\": \"hits < "
    "enemy_hits\"},"
    " \"facing\": {\"left_when\": \"left == 1\"},"
    " \"sides\": {\"variables\": {\"hits\": \"enemy_hits\", \"left\": \"enemy_left\"}},"
    " \"starts\": {\"go\": [\"{1}\"]}}";

static preset_t *preset;
static player_t *player;

/* A press of B is a hit, and the more hits end it. Port 2's fighter looks left. */
static void fight(uint8_t *ram, uint32_t frame_idx, uint16_t pad)
{
    (void)frame_idx, (void)pad;
    for (int port = 0; port < 2; port++) ram[port] += (fake.held[port] & B) != 0;
    ram[3] = 1;
    ram[4] = ram[0] + ram[1] >= 15;
}

static int open_player(void **state)
{
    (void)state;
    why_t why = "";
    fake_bridge_reset();
    fake.script = fight;
    if (!preset_parse(&preset, preset_text_json, strlen(preset_text_json), "two", why))
        fail_msg("%s", why);
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.ports = 3;
    config.discount_per_step = 0.5f;
    config.max_idle_frames = 0;
    if (!player_create(&player, &config, why) || !player_boot(player, 0, why) ||
        !player_reset(player, why))
        fail_msg("%s", why);
    return 0;
}

static int close_player(void **state)
{
    (void)state;
    player_destroy(player);
    preset_free(preset);
    return 0;
}

typedef struct {
    uint16_t pads[NUM_FRAMES];
    player_outcome_t outcomes[NUM_FRAMES];
    int32_t ended_at[NUM_FRAMES];
    int32_t num_outcomes;
    uint8_t obs[PLAYER_OBS_BYTES];
} course_t;

/* Each seat plays its list of actions over and over, until the fight is over. */
static void play(course_t courses[2], const int32_t actions[2][3])
{
    why_t why;
    int32_t next[2] = { 0, 0 };
    memset(courses, 0, 2 * sizeof *courses);
    assert_true(player_reset(player, why));
    for (int32_t f = 0; f < NUM_FRAMES; f++) {
        for (uint32_t port = 0; port < 2; port++)
            if (player_wants_action(player, port))
                player_begin(player, port, actions[port][next[port]++ % 3]);
        const player_news_t *news = player_frame(player, NULL);
        for (uint32_t port = 0; port < 2; port++) {
            course_t *course = &courses[port];
            course->pads[f] = fake.held[port];
            assert_int_equal(player_pad(player, port), fake.held[port]);
            if (!(news->closed >> port & 1)) continue;
            course->ended_at[course->num_outcomes] = f;
            course->outcomes[course->num_outcomes++] = news->outcomes[port];
        }
        if (!news->ended) continue;
        assert_int_equal(news->ended, 3);
        for (uint32_t port = 0; port < 2; port++)
            memcpy(courses[port].obs, player_observation(player, port), PLAYER_OBS_BYTES);
        return;
    }
    fail_msg("the fight does not end");
}

static void test_two_seats_play_two_macros_at_once(void **state)
{
    (void)state;
    static const int32_t actions[2][3] = { { FIREBALL, NEUTRAL, NEUTRAL },
                                           { PUNCH, FIREBALL, PUNCH } };
    static course_t courses[2];
    play(courses, actions);
    static const uint16_t first[12] = {
        DOWN, DOWN, DOWN, DOWN | RIGHT, DOWN | RIGHT, DOWN | RIGHT, RIGHT | B, RIGHT | B, RIGHT | B,
        0,    0,    0
    };
    /* the second looks left from the first decision that sees it on */
    static const uint16_t second[13] = { B,        B,        B,           B,           DOWN,
                                         DOWN,     DOWN,     DOWN | LEFT, DOWN | LEFT, DOWN | LEFT,
                                         LEFT | B, LEFT | B, LEFT | B };
    assert_memory_equal(courses[0].pads, first, sizeof first);
    assert_memory_equal(courses[1].pads, second, sizeof second);

    assert_int_equal(courses[0].ended_at[0], 11);
    assert_int_equal(courses[0].outcomes[0].action, FIREBALL);
    assert_int_equal(courses[0].outcomes[0].duration_steps, 3);
    /* steps: -4 | 0 | 3 hits of his, 2 of the other's (frames 10, 11) */
    assert_float_equal(courses[0].outcomes[0].reward, -4 + 0.5 * 2 + 0.25 * (1 - 2), 1e-6);
    assert_int_equal(courses[1].ended_at[0], 3);
    assert_float_equal(courses[1].outcomes[0].reward, 4, 1e-6);
    assert_int_equal(courses[1].ended_at[1], 15);
}

/* Exchanged pads give exchanged outcomes, frame for frame: nothing knows which port it is. */
static void test_exchanged_actions_give_exchanged_outcomes(void **state)
{
    (void)state;
    static const int32_t actions[2][3] = { { PUNCH, FIREBALL, PUNCH },
                                           { FIREBALL, PUNCH, NEUTRAL } };
    static const int32_t exchanged[2][3] = { { FIREBALL, PUNCH, NEUTRAL },
                                             { PUNCH, FIREBALL, PUNCH } };
    static course_t a[2], b[2];
    play(a, actions);
    play(b, exchanged);
    for (uint32_t port = 0; port < 2; port++) {
        const course_t *here = &a[port], *there = &b[1 - port];
        assert_int_equal(here->num_outcomes, there->num_outcomes);
        assert_memory_equal(here->ended_at, there->ended_at, sizeof here->ended_at);
        for (int32_t o = 0; o < here->num_outcomes; o++) {
            const player_outcome_t *x = &here->outcomes[o], *y = &there->outcomes[o];
            assert_int_equal(x->action, y->action);
            assert_true(x->reward == y->reward);
            assert_int_equal(x->duration_frames, y->duration_frames);
            assert_int_equal(x->terminal, y->terminal);
            assert_int_equal(x->result, y->result);
            assert_true(x->episode_return == y->episode_return);
        }
        const player_outcome_t *last = &here->outcomes[here->num_outcomes - 1];
        assert_true(last->terminal);
        assert_int_not_equal(last->result, PRESET_NO_RESULT);
    }
    assert_int_not_equal(a[0].outcomes[a[0].num_outcomes - 1].result,
                         a[1].outcomes[a[1].num_outcomes - 1].result);
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++) { /* one screen, from either side */
        uint8_t mirrored[VISION_BYTES];
        vision_mirror(mirrored, a[0].obs + i * VISION_BYTES);
        assert_memory_equal(mirrored, a[1].obs + i * VISION_BYTES, VISION_BYTES);
    }
}

static void test_a_human_takes_one_pad_and_the_other_plays_on(void **state)
{
    (void)state;
    player_wish(player, &(holder_wish_t){ .ports = 3, .hold_frames = 6 });
    assert_int_equal(player_touch(player, 0), 3);
    player_begin(player, 0, FIREBALL);
    player_begin(player, 1, FIREBALL);
    player_frame(player, NULL);
    assert_int_equal(player_touch(player, 1 << 1), 1 << 0);
    assert_int_equal(player_action(player, 0), FIREBALL);
    assert_int_equal(player_action(player, 1), -1);
    assert_true(fake.is_held[0]);
    assert_false(fake.is_held[1]);
    const player_news_t *news = NULL;
    for (int f = 1; f < 12; f++) {
        news = player_frame(player, NULL);
        player_touch(player, 0);
    }
    assert_int_equal(news->closed, 1 << 0);
    assert_true(fake.is_held[0]);
    assert_true(player_wants_action(player, 0));
    assert_true(player_wants_action(player, 1)); /* it has the pad again */
}

/* Both macros in flight, both episodes, one ring: all of it is in the state. */
static void test_a_state_holds_both_seats(void **state)
{
    (void)state;
    uint8_t *saved = calloc(1, player_state_bytes()), game[128];
    uint8_t *again = calloc(1, player_state_bytes());
    why_t why;
    player_begin(player, 0, FIREBALL);
    player_begin(player, 1, PUNCH);
    for (int f = 0; f < 6; f++) {
        if (player_wants_action(player, 1)) player_begin(player, 1, FIREBALL);
        player_frame(player, NULL);
    }
    bridge_save(fake_bridge(), game, sizeof game, why);
    player_save(player, 0, saved);
    uint16_t pads[2][6][2];
    for (int round = 0; round < 2; round++) {
        for (int f = 0; f < 6; f++) {
            player_frame(player, NULL);
            pads[round][f][0] = fake.held[0], pads[round][f][1] = fake.held[1];
        }
        assert_true(player_wants_action(player, 0));
        bridge_restore(fake_bridge(), game, sizeof game, why);
        assert_true(player_restore(player, saved, player_state_bytes()));
        player_save(player, 0, again);
        assert_memory_equal(again, saved, player_state_bytes());
    }
    assert_memory_equal(pads[0], pads[1], sizeof pads[0]);
    free(saved);
    free(again);
}

/* What a frontend does: wishes, a script, touches; the console is reset when no round follows. */
static void test_power_on_runs_the_script_and_holds_every_pad(void **state)
{
    (void)state;
    player_wish(player, &(holder_wish_t){ .ports = 1, .hold_frames = 6, .starts = 1 });
    player_power_on(player);
    assert_int_equal(player_touch(player, 0), UINT32_MAX);
    player_frame(player, NULL);
    for (int port = 0; port < BRIDGE_MAX_PORTS; port++)
        assert_int_equal(fake.is_held[port], port == 0); /* a script of one frame: it is over */
    assert_int_equal(player_touch(player, 0), 1);
    fake.ram[0] = 20;
    int resets = 0;
    for (int f = 0; f < 700 && !resets; f++) {
        player_touch(player, 0);
        resets = player_frame(player, NULL)->script == BOOT_WANTS_RESET;
        if (f > 5 && !resets)
            for (int port = 0; port < BRIDGE_MAX_PORTS; port++) {
                assert_false(fake.is_held[port]); /* whoever wants to go on may press */
            }
    }
    assert_int_equal(resets, 1);
    assert_int_equal(fake.num_resets, 1);
    assert_int_equal(player_touch(player, 0), UINT32_MAX); /* and the script runs anew */
}

int main(void)
{
#define WITH_PLAYER(test) cmocka_unit_test_setup_teardown(test, open_player, close_player)
    const struct CMUnitTest tests[] = {
        WITH_PLAYER(test_two_seats_play_two_macros_at_once),
        WITH_PLAYER(test_exchanged_actions_give_exchanged_outcomes),
        WITH_PLAYER(test_a_human_takes_one_pad_and_the_other_plays_on),
        WITH_PLAYER(test_a_state_holds_both_seats),
        WITH_PLAYER(test_power_on_runs_the_script_and_holds_every_pad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
