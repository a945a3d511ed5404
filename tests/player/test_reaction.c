/* test_reaction.c - an agent that sees the game late: which pictures, which pads, and in a state.
 */
#include "player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_bridge.h"
#include "half.h"
#include "reaction.h"
#include "vision.h"

enum { B = 1 << 0, LEFT = 1 << 6, RIGHT = 1 << 7, NUM_STEPS = 24, INNER = 8 };

static const char preset_text_json[] =
    "{\"kata_preset\": 1, \"game\": \"Late\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"variables\": {\"ready\": {\"address\": 0, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}}, \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
    "   {\"name\": \"Punch\", \"pad\": \"B\"}, {\"name\": \"Right\", \"pad\": \"6\"}]},"
    " \"sides\": {\"mirror\": true}, \"starts\": {\"go\": [\"{1}\"]}}";

static preset_t *preset;
static player_t *player;

static int open_player(void **state)
{
    (void)state;
    why_t why = "";
    fake_bridge_reset();
    if (!preset_parse(&preset, preset_text_json, strlen(preset_text_json), "late", why))
        fail_msg("%s", why);
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.ports = 3;
    config.novelty = 0;
    config.max_idle_frames = 0;
    if (!player_create(&player, &config, why) || !player_boot(player, 0, why)) fail_msg("%s", why);
    return 0;
}

static int close_player(void **state)
{
    (void)state;
    player_destroy(player);
    preset_free(preset);
    return 0;
}

static void tick(uint8_t *ram, uint32_t frame_idx, uint16_t pad)
{
    (void)pad;
    ram[10] = (uint8_t)(frame_idx + 1);
}

static const int32_t actions[2][3] = { { 1, 2, 0 }, { 2, 2, 1 } };

static void play_step(int32_t step)
{
    for (uint32_t port = 0; port < 2; port++)
        if (player_wants_action(player, port)) player_begin(player, port, actions[port][step % 3]);
    for (int32_t f = 0; f < 4; f++) player_frame(player, NULL);
}

/* Observations at the beginning and after each step. */
static void play(uint32_t delay, uint8_t (*seen)[2][PLAYER_OBS_BYTES])
{
    why_t why;
    player_delay(player, delay);
    assert_true(player_reset(player, why));
    for (int32_t step = 0; step <= NUM_STEPS; step++) {
        if (step > 0) play_step(step - 1);
        for (uint32_t port = 0; port < 2; port++)
            memcpy(seen[step][port], player_observation(player, port), PLAYER_OBS_BYTES);
    }
}

static uint8_t now[NUM_STEPS + 1][2][PLAYER_OBS_BYTES], late[NUM_STEPS + 1][2][PLAYER_OBS_BYTES];

/* Pads of step `step` as port's agent sees the screen; before the first: none. */
static uint16_t pad_of(uint32_t port, int32_t step)
{
    static const uint16_t words[] = { 0, B, RIGHT };
    return step < 0 ? 0 : words[actions[port][step % 3]];
}

static bool is_lit(const uint8_t *picture, int32_t row, int32_t cell)
{
    const uint8_t *at = picture + row * PLAYER_OBS_WIDTH_PX + cell * REACTION_CELL_PX;
    for (int32_t i = 1; i < REACTION_CELL_PX; i++) assert_int_equal(at[i], at[0]);
    assert_true(at[0] == 0 || at[0] == 255);
    return at[0] == 255;
}

/* The observation of so many steps ago, but for the bands with the pads since. */
static void test_it_sees_what_was(void **state)
{
    (void)state;
    play(0, now);
    assert_memory_not_equal(now[8][0], now[9][0], PLAYER_OBS_BYTES);
    for (int32_t delay = 1; delay <= HOLDER_MAX_DELAY; delay++) {
        play((uint32_t)delay, late);
        const size_t bands = (size_t)(delay * REACTION_BAND_ROWS * PLAYER_OBS_WIDTH_PX);
        for (int32_t step = 0; step <= NUM_STEPS; step++)
            for (uint32_t port = 0; port < 2; port++) {
                const uint8_t *was = now[step < delay ? 0 : step - delay][port];
                const uint8_t *sees = late[step][port];
                assert_memory_equal(sees + bands, was + bands, PLAYER_OBS_BYTES - bands);
                for (int32_t row = 0; row < delay * REACTION_BAND_ROWS; row++) {
                    const uint16_t pad = pad_of(port, step - 1 - row / REACTION_BAND_ROWS);
                    assert_true(is_lit(sees, row, 0));
                    for (int32_t bit = 0; bit < 16; bit++)
                        assert_int_equal(is_lit(sees, row, 1 + bit), pad >> bit & 1);
                    for (int32_t x = 17 * REACTION_CELL_PX; x < PLAYER_OBS_WIDTH_PX; x++)
                        assert_int_equal(sees[row * PLAYER_OBS_WIDTH_PX + x], 0);
                }
            }
    }
    assert_true(fake.held[1] != RIGHT); /* pressed mirrored, seen as meant */
}

/* A state brings back what the agent sees, how late it sees included. */
static void test_a_state_brings_it_back(void **state)
{
    (void)state;
    const size_t num_bytes = INNER + player_state_bytes();
    uint8_t *bytes = calloc(1, num_bytes);
    assert_non_null(bytes);
    play(0, now);
    play(5, late);
    player_save(player, INNER, bytes + INNER);
    uint8_t expected[2][PLAYER_OBS_BYTES], other[PLAYER_OBS_BYTES];
    for (uint32_t port = 0; port < 2; port++)
        memcpy(expected[port], player_observation(player, port), PLAYER_OBS_BYTES);
    player_delay(player, 0);
    for (int32_t step = 0; step < 7; step++) play_step(step);
    memcpy(other, player_observation(player, 0), PLAYER_OBS_BYTES);
    assert_memory_not_equal(other, expected[0], PLAYER_OBS_BYTES);
    assert_true(player_restore(player, bytes, num_bytes));
    assert_int_equal(player_holder(player)->wish.delay_steps, 5);
    for (uint32_t port = 0; port < 2; port++)
        assert_memory_equal(player_observation(player, port), expected[port], PLAYER_OBS_BYTES);
    free(bytes);
}

static double number_of(uint32_t port, int32_t look, int32_t number, int32_t numbers)
{
    uint16_t half;
    memcpy(&half, player_observation(player, port) + (look * numbers + number) * 2, 2);
    return (double)half_value(half);
}

/* Four directions, B, how late; then `tick`, which is as late as that. A macro that presses and
 * lets go within a step was held in it. */
static void test_numbers_have_the_own_pads_of_the_last_steps(void **state)
{
    (void)state;
    enum { NUMBERS = 7, UP_AT = 1, DOWN_AT, LEFT_AT, RIGHT_AT, LATE_AT, TICK_AT };
    static const char json[] =
        "{\"kata_preset\": 1, \"game\": \"Late\", \"system\": \"nes\","
        " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
        " \"variables\": {\"tick\": {\"address\": 10, \"type\": \"|u1\"}},"
        " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\"}}, \"timing\": {\"frame_skip\": 4},"
        " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
        "   {\"name\": \"Tap\", \"pad\": \"B\", \"tap\": true}, {\"name\": \"Right\", \"pad\": "
        "\"6\"}]},"
        " \"observe\": [{\"own_pad\": true}, {\"variable\": \"tick\", \"range\": [0, 256]}],"
        " \"sides\": {\"mirror\": true}, \"starts\": {\"go\": [\"{1}\"]}}";
    why_t why = "";
    fake_bridge_reset();
    fake.script = tick;
    if (!preset_parse(&preset, json, strlen(json), "late", why)) fail_msg("%s", why);
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.ports = 3;
    config.novelty = 0;
    config.max_idle_frames = 0;
    config.eyes = AGENT_EYES_VARIABLES;
    if (!player_create(&player, &config, why) || !player_boot(player, 0, why)) fail_msg("%s", why);
    for (uint32_t delay = 0; delay <= HOLDER_MAX_DELAY; delay += HOLDER_MAX_DELAY) {
        player_delay(player, delay);
        assert_true(player_reset(player, why));
        const double first = fake.ram[10];
        for (int32_t step = 0; step < NUM_STEPS; step++) {
            for (uint32_t port = 0; port < 2; port++)
                for (int32_t look = 0; look < PLAYER_OBS_STACK; look++) {
                    const int32_t ago = PLAYER_OBS_STACK - 1 - look,
                                  seen_ago = ago + (int32_t)delay;
                    const uint16_t pad = pad_of(port, step - 1 - ago);
                    const double when = first + (seen_ago < step ? 4 * (step - seen_ago) : 0);
                    assert_true(number_of(port, look, 0, NUMBERS) == (pad == B));
                    assert_true(number_of(port, look, RIGHT_AT, NUMBERS) == (pad == RIGHT));
                    for (int32_t at = UP_AT; at <= LEFT_AT; at++)
                        assert_true(number_of(port, look, at, NUMBERS) == 0);
                    assert_true(number_of(port, look, LATE_AT, NUMBERS) == (delay ? 1 : 0));
                    assert_true(number_of(port, look, TICK_AT, NUMBERS) == when / 256);
                }
            play_step(step);
        }
    }
    /* What a human presses on a pad that is not ours is its own pad, too. */
    holder_wish_t wish = player_holder(player)->wish;
    wish.ports = wish.fights = wish.starts = 0;
    player_wish(player, &wish);
    (void)player_touch(player, 0);
    for (int32_t f = 0; f < 4; f++) {
        player_see_pad(player, 0, f == 1 ? B : 0);
        player_frame(player, NULL);
    }
    assert_true(number_of(0, 3, 0, NUMBERS) == 1 && number_of(1, 3, 0, NUMBERS) == 0);
    close_player(NULL);
}

static void test_milliseconds_are_rounded_up_to_steps(void **state)
{
    (void)state;
    static const int32_t at_four[REACTION_NUM] = { 0, 2, 3, 4, 5 };
    int32_t steps;
    why_t why;
    for (int32_t i = 0; i < REACTION_NUM; i++) {
        assert_true(reaction_steps(reaction_ms[i], 4, &steps, why));
        assert_int_equal(steps, at_four[i]);
    }
    assert_true(reaction_steps(100, 6, &steps, why));
    assert_int_equal(steps, 1);
    assert_true(reaction_steps(100, 60, &steps, why));
    assert_int_equal(steps, 1);
    assert_false(reaction_steps(300, 2, &steps, why));
    assert_string_equal(why, "a reaction of 300 ms is 9 steps of 2 frames, and at most 5 are kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_sees_what_was, open_player, close_player),
        cmocka_unit_test_setup_teardown(test_a_state_brings_it_back, open_player, close_player),
        cmocka_unit_test(test_numbers_have_the_own_pads_of_the_last_steps),
        cmocka_unit_test(test_milliseconds_are_rounded_up_to_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
