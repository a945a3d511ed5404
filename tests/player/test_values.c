/* test_values.c - the numbers that a player shows: of the last steps, of either side, in
 * savestates. */
#include "player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_bridge.h"
#include "half.h"
#include "why.h"

enum { SKIP = 4, VALUES = 5, TICK = 10, SUM = 2, ENEMY_SUM = 3 };

/* tick rises each frame, x with it; port 2's x is elsewhere. */
#define PRESET_OF(observe)                                                                         \
    "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"timing\": {\"frame_skip\": 4},"  \
    "\"variables\": {\"tick\": {\"address\": 10, \"type\": \"|u1\"}, \"x\": {\"address\": 2, "     \
    "\"type\": \"|u1\"}, \"enemy_x\": {\"address\": 3, \"type\": \"|u1\"}},"                       \
    "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}, {\"name\": \"F\", "         \
    "\"pad\": \"6\"}]}, \"facing\": {\"left_when\": \"x > enemy_x\"}, \"sides\": "                 \
    "{\"variables\": {\"x\": \"enemy_x\"}}" observe "}"
#define OBSERVE                                                                                    \
    ", \"observe\": [{\"variable\": \"tick\", \"range\": [0, 256]}, {\"variable\": \"x\", "        \
    "\"range\": [0, 128], \"horizontal\": true}, {\"variable\": \"enemy_x\", \"range\": [0, "      \
    "128], \"horizontal\": true}]"

static preset_t *preset;
static player_t *player;

static void tick(uint8_t *ram, uint32_t frame_idx, uint16_t pad)
{
    (void)pad;
    ram[TICK] = (uint8_t)(frame_idx + 1);
    ram[SUM] = (uint8_t)(frame_idx % 64);
    ram[ENEMY_SUM] = 100;
}

static preset_t *parse(const char *text)
{
    why_t why;
    preset_t *parsed;
    if (!preset_parse(&parsed, text, strlen(text), "it", why)) fail_msg("%s", why);
    return parsed;
}

static bool make(agent_eyes_t eyes, float novelty, why_t why)
{
    fake_bridge_reset();
    fake.script = tick;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.ports = 3;
    config.eyes = eyes;
    config.novelty = novelty;
    config.max_idle_frames = 0;
    return player_create(&player, &config, why) && player_boot(player, 0, why) &&
           player_reset(player, why);
}

static void open_with(agent_eyes_t eyes)
{
    why_t why;
    preset = parse(PRESET_OF(OBSERVE));
    if (!make(eyes, 0, why)) fail_msg("%s", why);
}

static void close_all(void)
{
    player_destroy(player);
    preset_free(preset);
}

static void step(void)
{
    for (uint32_t port = 0; port < 2; port++)
        if (player_wants_action(player, port)) player_begin(player, port, 1);
    for (int32_t f = 0; f < SKIP; f++) player_frame(player, NULL);
}

/* Value v of look c, the newest is 3. */
static double seen(uint32_t port, int32_t c, int32_t v, size_t picture_bytes)
{
    const size_t look_bytes = picture_bytes + 2 * VALUES;
    uint16_t half;
    memcpy(&half, player_observation(player, port) + (size_t)c * look_bytes + picture_bytes + 2 * v,
           2);
    return (double)half_value(half);
}

static void test_each_look_has_its_steps_last_values(void **state)
{
    (void)state;
    for (agent_eyes_t eyes = AGENT_EYES_VARIABLES; eyes <= AGENT_EYES_BOTH; eyes++) {
        const size_t picture = eyes == AGENT_EYES_BOTH ? PLAYER_PICTURE_BYTES : 0;
        open_with(eyes);
        const double first = fake.ram[TICK];
        for (int32_t c = 0; c < 4; c++) /* as if it had always been so */
            assert_true(seen(0, c, 2, picture) == first / 256);
        for (int32_t s = 1; s <= 6; s++) {
            step();
            for (int32_t c = 0; c < 4; c++) {
                const int32_t ago = 3 - c;
                const double when = first + (ago < s ? SKIP * (s - ago) : 0);
                assert_true(seen(0, c, 2, picture) == when / 256);
            }
        }
        close_all();
    }
}

static void test_each_port_sees_itself_on_the_left(void **state)
{
    (void)state;
    open_with(AGENT_EYES_VARIABLES);
    step();
    const double x = fake.ram[SUM] / 128.0, other = 100 / 128.0;
    const double wanted[2][4] = { { 1, 0, x, other }, { 1, 0, 1 - other, 1 - x } };
    const int32_t at[4] = { 0, 1, 3, 4 };
    for (uint32_t port = 0; port < 2; port++)
        for (int32_t i = 0; i < 4; i++) assert_true(seen(port, 3, at[i], 0) == wanted[port][i]);
    close_all();
}

static void test_pictures_are_where_they_were(void **state)
{
    (void)state;
    static uint8_t pictures[2][PLAYER_OBS_BYTES];
    open_with(AGENT_EYES_PICTURES);
    for (int32_t s = 0; s < 5; s++) step();
    for (uint32_t port = 0; port < 2; port++)
        memcpy(pictures[port], player_observation(player, port), PLAYER_OBS_BYTES);
    close_all();
    open_with(AGENT_EYES_BOTH);
    for (int32_t s = 0; s < 5; s++) step();
    for (uint32_t port = 0; port < 2; port++)
        for (int32_t c = 0; c < PLAYER_OBS_STACK; c++)
            assert_memory_equal(player_observation(player, port) +
                                    c * (PLAYER_PICTURE_BYTES + 2 * VALUES),
                                pictures[port] + c * PLAYER_PICTURE_BYTES, PLAYER_PICTURE_BYTES);
    close_all();
}

static void test_a_savestate_holds_them(void **state)
{
    (void)state;
    why_t why;
    open_with(AGENT_EYES_VARIABLES);
    for (int32_t s = 0; s < 6; s++) step();
    uint8_t *trailer = malloc(player_state_bytes()), game[128];
    uint8_t before[4 * 2 * VALUES];
    bridge_save(fake_bridge(), game, sizeof game, why);
    player_save(player, 0, trailer);
    memcpy(before, player_observation(player, 1), sizeof before);
    for (int32_t s = 0; s < 3; s++) step();
    assert_memory_not_equal(player_observation(player, 1), before, sizeof before);
    bridge_restore(fake_bridge(), game, sizeof game, why);
    assert_true(player_restore(player, trailer, player_state_bytes()));
    assert_memory_equal(player_observation(player, 1), before, sizeof before);
    free(trailer);
    close_all();
}

/* A trailer whose "EYES" end before the numbers, as those of older versions do. */
static void test_an_older_savestate_shows_what_is_now(void **state)
{
    (void)state;
    why_t why;
    open_with(AGENT_EYES_VARIABLES);
    for (int32_t s = 0; s < 6; s++) step();
    uint8_t *trailer = malloc(player_state_bytes()), *older = malloc(player_state_bytes());
    uint8_t game[128];
    bridge_save(fake_bridge(), game, sizeof game, why);
    player_save(player, 0, trailer);
    const size_t cut = PLAYER_OBS_STACK * PRESET_MAX_VARIABLES * sizeof(int64_t);
    const size_t eyes = sizeof(player_eyes_t) - cut, bytes = player_state_bytes() - cut;
    assert_memory_equal(trailer, "EYES", 4);
    memcpy(older, trailer, 8 + eyes);
    for (int i = 0; i < 4; i++) older[4 + i] = (uint8_t)(eyes >> 8 * i);
    memcpy(older + 8 + eyes, trailer + 8 + eyes + cut, bytes - 8 - eyes);
    for (int i = 0; i < 4; i++) older[bytes - 24 + (size_t)i] = (uint8_t)(bytes >> 8 * i);
    /* As player_state.c sums them. */
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t at = 0;
    for (; at + 8 <= bytes - 16; at += 8) {
        uint64_t eight;
        memcpy(&eight, older + at, 8);
        hash = (hash ^ eight) * UINT64_C(0x100000001b3);
    }
    for (; at < bytes - 16; at++) hash = (hash ^ older[at]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    memcpy(older + bytes - 16, &hash, 8);

    const double now = fake.ram[TICK] / 256.0;
    for (int32_t s = 0; s < 3; s++) step();
    bridge_restore(fake_bridge(), game, sizeof game, why);
    assert_true(player_restore(player, older, bytes));
    for (int32_t c = 0; c < 4; c++) assert_true(seen(0, c, 2, 0) == now);
    free(trailer);
    free(older);
    close_all();
}

static void test_a_preset_without_the_list_is_refused(void **state)
{
    (void)state;
    why_t why;
    preset = parse(PRESET_OF(""));
    assert_false(make(AGENT_EYES_BOTH, 0, why));
    assert_string_equal(why, "the preset of G lists no variables to be seen: write \"observe\" "
                             "(presets/FORMAT.md), or let the agent see pictures");
    assert_null(player);
    assert_true(make(AGENT_EYES_PICTURES, 0, why));
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_look_has_its_steps_last_values),
        cmocka_unit_test(test_each_port_sees_itself_on_the_left),
        cmocka_unit_test(test_pictures_are_where_they_were),
        cmocka_unit_test(test_a_savestate_holds_them),
        cmocka_unit_test(test_an_older_savestate_shows_what_is_now),
        cmocka_unit_test(test_a_preset_without_the_list_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
