/* test_novelty.c - what is new, counted exactly: pictures, then a player on a scripted bridge. */
#include "novelty.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_bridge.h"
#include "vision.h"
#include "why.h"

static novelty_t novelty;
static uint8_t picture[VISION_BYTES];

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void test_a_slot_is_a_coarse_picture(void **state)
{
    (void)state;
    uint32_t random = 3;
    uint8_t fine[VISION_BYTES];
    memset(picture, 100, sizeof picture); /* level 3: 96 to 127 */
    const uint32_t slot = novelty_slot(picture);
    for (int i = 0; i < VISION_BYTES; i++) fine[i] = (uint8_t)(96 + next_random(&random) % 32);
    assert_int_equal(novelty_slot(fine), slot);

    /* Each of the 144 cells counts, and each of the levels. */
    for (int cell = 0; cell < 144; cell++) {
        memset(picture, 100, sizeof picture);
        for (int y = 0; y < 7; y++)
            memset(picture + (cell / 12 * 7 + y) * VISION_W + cell % 12 * 7, 130, 7);
        if (novelty_slot(picture) == slot) fail_msg("cell %d is not looked at", cell);
    }
    uint32_t slots[NOVELTY_LEVELS];
    for (int level = 0; level < NOVELTY_LEVELS; level++) {
        memset(picture, 32 * level, sizeof picture);
        slots[level] = novelty_slot(picture);
        assert_in_range(slots[level], 0, NOVELTY_SLOTS - 1);
        for (int other = 0; other < level; other++) assert_true(slots[other] != slots[level]);
        memset(picture, 32 * level + 31, sizeof picture);
        assert_int_equal(novelty_slot(picture), slots[level]);
    }
    /* A cell is a mean: 48 pixels of 127 and one of 128 are still level 3. */
    memset(picture, 127, sizeof picture);
    picture[0] = 128;
    assert_int_equal(novelty_slot(picture), slots[3]);
    for (int y = 0; y < 7; y++) memset(picture + y * VISION_W, 128, 7);
    assert_true(novelty_slot(picture) != slots[3]);
}

static void test_the_nth_time_is_worth_one_over_root_n(void **state)
{
    (void)state;
    novelty_begin(&novelty);
    memset(picture, 7, sizeof picture);
    for (int n = 1; n <= 100; n++) assert_true(novelty_see(&novelty, picture) == 1 / sqrt(n));
    memset(picture, 200, sizeof picture); /* another one is new */
    assert_true(novelty_see(&novelty, picture) == 1);
    assert_true(novelty_see(&novelty, picture) == 1 / sqrt(2));

    /* It does not wrap around to be new again. */
    novelty.counts[novelty_slot(picture)] = UINT16_MAX - 1;
    for (int i = 0; i < 3; i++) assert_true(novelty_see(&novelty, picture) == 1 / sqrt(UINT16_MAX));

    novelty_begin(&novelty);
    assert_true(novelty_see(&novelty, picture) == 1);
}

static void test_few_pictures_share_a_slot(void **state)
{
    (void)state;
    uint32_t random = 11;
    int shared = 0;
    novelty_begin(&novelty);
    for (int i = 0; i < 1000; i++) {
        for (int p = 0; p < VISION_BYTES; p += 7) memset(picture + p, (int)next_random(&random), 7);
        shared += novelty_see(&novelty, picture) < 1;
    }
    assert_in_range(shared, 1, 20); /* expected: 7.6 */
}

/* ---- in a player ---- */

#define GAME(REWARD)                                                                               \
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"nes\", \"memory\": {\"ram_bytes\": "   \
    "64}, \"variables\": {\"score\": {\"address\": 0, \"type\": \"|u1\"}, \"over\": "              \
    "{\"address\": "                                                                               \
    "1, \"type\": \"|u1\"}}, \"timing\": {\"frame_skip\": 4, \"max_steps\": 40}, \"actions\": "    \
    "{\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"}], \"macros\": [{\"name\": "         \
    "\"Long\", "                                                                                   \
    "\"notation\": \"5{12}\"}]}, \"done\": \"over == 1\", \"starts\": {\"go\": [\"{5}\"]}" REWARD  \
    "}"
#define SCORE "\"variables\": {\"score\": {\"reward\": 1}}"

static preset_t *preset;
static player_t *player;
static int seen[NOVELTY_LEVELS];

static void open_player(const char *text, float weight)
{
    why_t why = "";
    fake_bridge_reset();
    if (!preset_parse(&preset, text, strlen(text), "fake", why)) fail_msg("%s", why);
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    assert_true(isnan(config.novelty));
    config.novelty = weight;
    config.discount_per_step = 0.5f;
    config.max_idle_frames = 0;
    if (!player_create(&player, &config, why)) fail_msg("%s", why);
    if (!player_boot(player, 0, why)) fail_msg("%s", why);
}

static void close_player(void)
{
    player_destroy(player);
    preset_free(preset);
}

/* The fake bridge draws frame k in gray 8 * (k % 32), and a step is as bright as the brighter of
 * its last two frames. 1 / sqrt(n) of the step that ends with frame `last`. */
static double expected(uint32_t last)
{
    const uint32_t a = last % 32, b = (last - 1) % 32;
    return 1 / sqrt(++seen[(a > b ? a : b) * 8 / 32]);
}

static void reset(void)
{
    assert_true(player_reset(player, NULL));
    memset(seen, 0, sizeof seen);
    seen[(fake.frame_idx - 1) % 32 * 8 / 32] = 1; /* where it begins */
}

static player_outcome_t decide(int32_t action)
{
    player_begin(player, 0, action);
    for (int f = 0; f < 100; f++) {
        const player_news_t *news = player_frame(player, NULL);
        if (news->closed) return news->outcomes[0];
    }
    fail_msg("the decision does not end");
    return (player_outcome_t){ 0 };
}

static void test_a_preset_without_reward_is_played_for_novelty(void **state)
{
    (void)state;
    open_player(GAME(""), NAN);
    double sum = 0;
    reset();
    for (int step = 0; step < 30; step++) { /* the pictures repeat after 8 steps */
        const player_outcome_t outcome = decide(0);
        const double r = PRESET_DEFAULT_NOVELTY * expected(fake.frame_idx - 1);
        sum += r;
        assert_true(outcome.reward == (float)r);
    }
    assert_int_equal(seen[0], 3);
    assert_int_equal(seen[1], 4); /* it began there */
    assert_true(sum < 30 * PRESET_DEFAULT_NOVELTY * 0.8);

    /* A macro: each of its steps counts, discounted. */
    const player_outcome_t outcome = decide(1);
    assert_int_equal(outcome.duration_steps, 3);
    double discounted = 0;
    for (uint32_t i = 0; i < 3; i++)
        discounted += pow(0.5, i) * PRESET_DEFAULT_NOVELTY * expected(fake.frame_idx - 9 + 4 * i);
    assert_float_equal(outcome.reward, discounted, 1e-7);

    /* A new episode has seen nothing but where it begins. */
    reset();
    assert_true(decide(0).reward == (float)PRESET_DEFAULT_NOVELTY);
    close_player();
}

static void test_an_episode_that_ends_in_place_begins_anew(void **state)
{
    (void)state;
    open_player(GAME(""), 1);
    reset();
    for (int step = 0; step < 8; step++) decide(0);
    assert_true(decide(0).reward < 1); /* seen before */
    memset(seen, 0, sizeof seen);
    fake.ram[1] = 1; /* done: on the first frame of a step, which has no picture */
    const player_outcome_t last = decide(0);
    assert_true(last.terminal);
    assert_true(last.reward == 0);
    fake.ram[1] = 0;
    assert_true(decide(0).reward == 1);
    /* The same after the longest episode. */
    int steps = 1;
    while (!decide(0).truncated) steps++;
    assert_int_equal(steps, 39);
    assert_true(decide(0).reward == 1);
    close_player();
}

static void test_a_reward_and_novelty_add_up(void **state)
{
    (void)state;
    open_player(GAME(", \"reward\": {\"scale\": 0.5, \"novelty\": 0.25, " SCORE "}"), NAN);
    reset();
    fake.ram[0] = 3;
    assert_true(decide(0).reward == (float)(0.5 * 3 + 0.25)); /* the scale is the reward's alone */
    close_player();

    open_player(GAME(", \"reward\": {" SCORE "}"), NAN); /* with a reward: none, if nobody says */
    reset();
    assert_true(decide(0).reward == 0);
    close_player();

    open_player(GAME(", \"reward\": {\"novelty\": 0.25, " SCORE "}"), 0); /* the player's counts */
    reset();
    assert_true(decide(0).reward == 0);
    close_player();

    open_player(GAME(", \"reward\": {" SCORE "}"), 2);
    reset();
    assert_true(decide(0).reward == 2);
    close_player();
}

static void test_a_weight_out_of_range_is_refused(void **state)
{
    (void)state;
    static const float weights[] = { -0.5f, 1001, INFINITY };
    why_t why;
    open_player(GAME(""), NAN);
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    for (int i = 0; i < 3; i++) {
        player_t *other;
        config.novelty = weights[i];
        assert_false(player_create(&other, &config, why));
        assert_null(other);
        assert_memory_equal(why, "novelty must be 0..1000, found", 30);
    }
    close_player();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slot_is_a_coarse_picture),
        cmocka_unit_test(test_the_nth_time_is_worth_one_over_root_n),
        cmocka_unit_test(test_few_pictures_share_a_slot),
        cmocka_unit_test(test_a_preset_without_reward_is_played_for_novelty),
        cmocka_unit_test(test_an_episode_that_ends_in_place_begins_anew),
        cmocka_unit_test(test_a_reward_and_novelty_add_up),
        cmocka_unit_test(test_a_weight_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
