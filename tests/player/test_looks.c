/* test_looks.c - a core that asks whether it is seen draws only the frames that the agent looks at,
 * and the agent sees the same. Our fake core, in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fake_core/fake_core.h"
#include "bridge.h"
#include "player.h"
#include "why.h"

enum { DECISIONS = 40, FRAME_SKIP = 4, IDLE = 7 };

static const char fake_preset[] =
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\","
    "\"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    "\"variables\": {\"clock\": {\"address\": 0, \"type\": \"|u1\"}},"
    "\"pad\": {\"ports\": 1, \"buttons\": {\"A\": \"a\", \"START\": \"start\"}},"
    "\"timing\": {\"frame_skip\": 4, \"max_steps\": 1000},"
    "\"actions\": {\"primitives\": [{\"name\": \"Nothing\", \"pad\": \"5\"},"
    "{\"name\": \"A\", \"pad\": \"A\"}], \"macros\": []},"
    "\"reward\": {\"variables\": {\"clock\": {\"reward\": 1}}},"
    "\"done\": {\"variables\": {\"clock\": {\"op\": \"equal\", \"reference\": 255}}},"
    "\"starts\": {\"here\": [\"{20}\"]}, \"default_start\": \"here\"}";

typedef struct {
    fake_report_t at_reset, at_end;
    uint64_t frames;
    uint8_t obs[DECISIONS][PLAYER_OBS_BYTES];
} watched_t;

static void read_report(bridge_t *bridge, fake_report_t *report)
{
    size_t num_bytes;
    const void *memory = bridge_memory(bridge, BRIDGE_MEMORY_SAVE_RAM, &num_bytes);
    assert_non_null(memory);
    assert_int_equal(num_bytes, sizeof *report);
    memcpy(report, memory, sizeof *report);
}

static void nothing(void *user, const bridge_frame_t *frame)
{
    (void)frame;
    ++*(int32_t *)user;
}

static void watch(watched_t *watched, const char *content, bool somebody_else_looks)
{
    char core[1024];
    why_t why = "";
    const char *build = getenv("KATA_BUILD");
    snprintf(core, sizeof core, "%s/tests/fake_core/plain_libretro.so",
             build ? build : "build/release");
    preset_t *preset;
    bridge_t *bridge;
    player_t *player;
    const bridge_config_t bridge_config = { .core_path = core };
    if (!preset_parse(&preset, fake_preset, sizeof fake_preset - 1, "test", why))
        fail_msg("%s", why);
    if (bridge_open(&bridge, &bridge_config, why) != BRIDGE_OK) fail_msg("%s", why);
    if (bridge_load(bridge, NULL, content, strlen(content), why) != BRIDGE_OK) fail_msg("%s", why);
    player_config_t config;
    player_config_defaults(&config, bridge, preset);
    config.min_idle_frames = config.max_idle_frames = IDLE - 1;
    if (!player_create(&player, &config, why)) fail_msg("%s", why);
    if (!player_boot(player, 0, why) || !player_reset(player, why)) fail_msg("%s", why);
    read_report(bridge, &watched->at_reset);
    const uint64_t before = player_frames(player);
    int32_t seen = 0;
    const bridge_observer_t other = { .on_frame = nothing, .user = &seen };
    for (int32_t d = 0; d < DECISIONS; d++) {
        player_begin(player, 0, d % 2);
        while (!(player_frame(player, somebody_else_looks ? &other : NULL)->closed & 1))
            ;
        memcpy(watched->obs[d], player_observation(player, 0), PLAYER_OBS_BYTES);
    }
    watched->frames = player_frames(player) - before;
    read_report(bridge, &watched->at_end);
    player_destroy(player);
    bridge_close(bridge);
    preset_free(preset);
}

static watched_t plain, asking;

static void test_frames_that_nobody_sees_are_not_drawn(void **state)
{
    (void)state;
    watch(&plain, "FAKE", false);
    watch(&asking, "FAKE asks_av", false);
    assert_int_equal(asking.frames, DECISIONS * FRAME_SKIP);
    /* A core that does not ask draws all. */
    assert_int_equal(plain.at_end.frames_drawn - plain.at_reset.frames_drawn, plain.frames);
    assert_int_equal(plain.at_end.frames_drawn, plain.at_end.frames_sounded);
    /* Of the start script nothing, of the idle frames the last, of a step the last two. */
    assert_int_equal(asking.at_reset.frames_drawn, 1);
    assert_int_equal(asking.at_end.frames_drawn - asking.at_reset.frames_drawn, 2 * DECISIONS);
    assert_int_equal(asking.at_end.frames_sounded, 0);
    assert_memory_equal(plain.obs, asking.obs, sizeof plain.obs);
    assert_int_not_equal(memcmp(plain.obs[0], plain.obs[DECISIONS - 1], PLAYER_OBS_BYTES), 0);
}

static void test_what_somebody_else_sees_is_drawn(void **state)
{
    (void)state;
    watch(&asking, "FAKE asks_av", true);
    assert_int_equal(asking.at_end.frames_drawn - asking.at_reset.frames_drawn, asking.frames);
    assert_int_equal(asking.at_end.frames_sounded, 0);
}

/* Where a looked-at frame repeats the one before it, all are drawn from then on. */
static void test_a_core_that_repeats_frames_draws_them_all(void **state)
{
    (void)state;
    watch(&plain, "FAKE dupe=3", false);
    watch(&asking, "FAKE dupe=3 asks_av", false);
    const uint32_t drawn = asking.at_end.frames_drawn - asking.at_reset.frames_drawn;
    assert_true(drawn > (DECISIONS - 3) * FRAME_SKIP && drawn <= asking.frames);
    assert_memory_equal(plain.obs[4], asking.obs[4], (DECISIONS - 4) * PLAYER_OBS_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_that_nobody_sees_are_not_drawn),
        cmocka_unit_test(test_what_somebody_else_sees_is_drawn),
        cmocka_unit_test(test_a_core_that_repeats_frames_draws_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
