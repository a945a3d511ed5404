/* test_player.c - decisions to the last frame, on a scripted bridge. */
#include "player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_bridge.h"
#include "why.h"

enum { B = 1 << 0, A = 1 << 8, UP = 1 << 4, DOWN = 1 << 5, LEFT = 1 << 6, RIGHT = 1 << 7 };
enum { NEUTRAL, FORWARD, PUNCH, FIREBALL, ODD };

/* ram[0] score, ram[1] done, ram[2] who won, ram[3] 1 when facing left, ram[4] boot flag. */
static const char preset_text_json[] =
    "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 64},"
    " \"variables\": {"
    "  \"score\": {\"address\": 0, \"type\": \"|u1\"}, \"over\": {\"address\": 1, \"type\": "
    "\"|u1\"},"
    "  \"winner\": {\"address\": 2, \"type\": \"|u1\"}, \"left\": {\"address\": 3, \"type\": "
    "\"|u1\"},"
    "  \"ready\": {\"address\": 4, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 2, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4, \"max_steps\": 50, \"motion_frames\": 3, \"press_frames\": "
    "3},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
    "   {\"name\": \"Forward\", \"pad\": \"6\"}, {\"name\": \"Punch\", \"pad\": \"6B\", \"tap\": "
    "true}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Odd\", \"frames\": [{\"pad\": \"2\", \"frames\": 4}, {\"pad\": \"A\", "
    "\"frames\": 1}]}]},"
    " \"reward\": {\"scale\": 0.5, \"variables\": {\"score\": {\"reward\": 1, \"penalty\": 1}}},"
    " \"done\": \"over == 1\","
    " \"result\": {\"won\": \"winner == 1\", \"lost\": \"winner == 2\"},"
    " \"facing\": {\"left_when\": \"left == 1\"},"
    " \"starts\": {\"go\": [\"{5}\", \"press B until ready == 1 within 40\"],"
    "             \"never\": [\"until ready == 9 within 30\"]},"
    " \"default_start\": \"go\"}";

static preset_t *preset;
static player_t *player;

static preset_t *parse(void)
{
    why_t why = "";
    preset_t *out;
    if (!preset_parse(&out, preset_text_json, strlen(preset_text_json), "fake", why))
        fail_msg("%s", why);
    return out;
}

/* Ready 12 frames after power-on; afterwards nothing happens by itself. */
static void ready_after_a_while(uint8_t *ram, uint32_t frame_idx, uint16_t pad)
{
    (void)pad;
    if (frame_idx == 12) ram[4] = 1;
}

static int open_player(void **state)
{
    (void)state;
    why_t why = "";
    fake_bridge_reset();
    fake.script = ready_after_a_while;
    preset = parse();
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.discount_per_step = 0.5f;
    config.max_idle_frames = 0;
    if (!player_create(&player, &config, why)) fail_msg("%s", why);
    if (!player_boot(player, 0, why)) fail_msg("%s", why);
    if (!player_reset(player, why)) fail_msg("%s", why);
    return 0;
}

static int close_player(void **state)
{
    (void)state;
    player_destroy(player);
    preset_free(preset);
    return 0;
}

/* Play one decision, adding `reward_on_frame[f]` to the score in its f-th frame. */
static player_outcome_t decide(int32_t action, const int *score_on_frame, int num_frames)
{
    assert_true(player_wants_action(player, 0));
    player_begin(player, 0, action);
    for (int f = 0; f < 200; f++) {
        if (score_on_frame && f < num_frames)
            fake.ram[0] = (uint8_t)(fake.ram[0] + score_on_frame[f]);
        const player_news_t *news = player_frame(player, NULL);
        if (news->closed) return news->outcomes[0];
    }
    fail_msg("the decision does not end");
    return (player_outcome_t){ 0 };
}

static const uint16_t *last_pads(int n)
{
    return &fake.pads[fake.num_frames - n];
}

static void test_a_primitive_lasts_one_step_and_holds_its_pad(void **state)
{
    (void)state;
    const player_outcome_t outcome = decide(FORWARD, NULL, 0);
    assert_int_equal(outcome.duration_steps, 1);
    assert_int_equal(outcome.duration_frames, 4);
    for (int f = 0; f < 4; f++) assert_int_equal(last_pads(4)[f], RIGHT);
    assert_true(player_wants_action(player, 0));
}

/* Chosen twice, its button is pressed twice; the direction is held on. */
static void test_a_tapped_button_goes_up_in_the_last_frame(void **state)
{
    (void)state;
    static const uint16_t pads[8] = { RIGHT | B, RIGHT | B, RIGHT | B, RIGHT,
                                      RIGHT | B, RIGHT | B, RIGHT | B, RIGHT };
    decide(PUNCH, NULL, 0);
    decide(PUNCH, NULL, 0);
    assert_memory_equal(last_pads(8), pads, sizeof pads);
}

static void test_a_macro_plays_its_timeline_and_fills_whole_steps(void **state)
{
    (void)state;
    const player_outcome_t fireball = decide(FIREBALL, NULL, 0);
    static const uint16_t pads[12] = { DOWN,         DOWN,         DOWN,
                                       DOWN | RIGHT, DOWN | RIGHT, DOWN | RIGHT,
                                       RIGHT | B,    RIGHT | B,    RIGHT | B };
    assert_int_equal(fireball.duration_steps, 3);
    assert_memory_equal(last_pads(fireball.duration_frames), pads, 9 * sizeof *pads);
    for (int f = 9; f < 12; f++) assert_int_equal(last_pads(12)[f] & (B | A), 0);

    const player_outcome_t odd = decide(ODD, NULL, 0);
    assert_int_equal(odd.duration_frames, 8); /* 5 frames padded to 2 steps */
    static const uint16_t odd_pads[8] = { DOWN, DOWN, DOWN, DOWN, A, 0, 0, 0 };
    assert_memory_equal(last_pads(8), odd_pads, sizeof odd_pads);
}

static void test_macros_mirror_by_the_side_where_they_began(void **state)
{
    (void)state;
    fake.ram[3] = 1;
    decide(NEUTRAL, NULL, 0); /* the player sees the flag after a frame */
    player_begin(player, 0, FIREBALL);
    player_frame(player, NULL);
    fake.ram[3] = 0; /* crossing over in the middle changes nothing */
    for (int f = 1; f < 9; f++) player_frame(player, NULL);
    assert_int_equal(last_pads(9)[0], DOWN);
    assert_int_equal(last_pads(9)[4], DOWN | LEFT);
    assert_int_equal(last_pads(9)[8], LEFT | B);
}

static void test_rewards_are_discounted_by_step_not_by_frame(void **state)
{
    (void)state;
    /* Steps: frames 0-3, 4-7, 8-11. Scale 0.5, discount 0.5 a step. */
    static const int score[12] = { 1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 8 };
    const player_outcome_t outcome = decide(FIREBALL, score, 12);
    assert_float_equal(outcome.reward, 0.5 * (3 + 0.5 * 4 + 0.25 * 8), 1e-6);
    assert_int_equal(outcome.duration_steps, 3);
    const player_outcome_t next = decide(NEUTRAL, NULL, 0);
    assert_float_equal(next.reward, 0, 0);
}

static void test_done_cuts_the_macro_on_that_frame_and_counts_once(void **state)
{
    (void)state;
    player_begin(player, 0, FIREBALL);
    for (int f = 0; f < 5; f++) player_frame(player, NULL);
    fake.ram[0] += 2, fake.ram[1] = 1, fake.ram[2] = 2;
    const player_news_t *news = player_frame(player, NULL);
    assert_int_equal(news->closed, 1);
    assert_int_equal(news->ended, 1);
    const player_outcome_t outcome = news->outcomes[0];
    assert_true(outcome.terminal);
    assert_false(outcome.truncated);
    assert_int_equal(outcome.result, PRESET_LOST);
    assert_int_equal(outcome.duration_frames, 6);
    assert_int_equal(outcome.duration_steps, 2);
    assert_float_equal(outcome.reward, 0.5 * 0.5 * 2, 1e-6);
    assert_float_equal(outcome.episode_return, 1, 1e-6);
    /* Nobody resets the game in RetroArch: the flag stays, but it was told. */
    assert_false(decide(NEUTRAL, NULL, 0).terminal);
    fake.ram[1] = 0;
    assert_false(decide(NEUTRAL, NULL, 0).terminal);
    fake.ram[1] = 1;
    assert_true(decide(NEUTRAL, NULL, 0).terminal);
}

static void test_the_step_limit_truncates_and_is_no_terminal(void **state)
{
    (void)state;
    player_outcome_t outcome = { 0 };
    int32_t steps = 0;
    while (!outcome.truncated) {
        outcome = decide(FIREBALL, NULL, 0);
        steps += outcome.duration_steps;
        assert_true(steps <= 50);
    }
    assert_int_equal(steps, 50); /* the last fireball was cut */
    assert_false(outcome.terminal);
    assert_int_equal(outcome.episode_steps, 50);
}

static void test_a_step_sees_the_brighter_of_its_last_two_frames(void **state)
{
    (void)state;
    decide(NEUTRAL, NULL, 0);
    const uint32_t last = fake.frame_idx - 1;
    const uint8_t *obs = player_observation(player, 0);
    const int newest = (int)(last % 32 * 8), before = (int)((last - 1) % 32 * 8);
    const int expected = newest > before ? newest : before;
    const uint8_t seen = obs[(PLAYER_OBS_STACK - 1) * 84 * 84 + 1000];
    assert_in_range(seen, expected > 2 ? expected - 2 : 0, expected + 2);
    decide(NEUTRAL, NULL, 0); /* one step on, it is one place further back */
    assert_int_equal(player_observation(player, 0)[(PLAYER_OBS_STACK - 2) * 84 * 84 + 1000], seen);
}

static void test_repeated_frames_keep_the_last_picture(void **state)
{
    (void)state;
    decide(NEUTRAL, NULL, 0);
    const uint8_t seen = player_observation(player, 0)[(PLAYER_OBS_STACK - 1) * 84 * 84];
    fake.repeats_pictures = true;
    for (int i = 0; i < 4; i++) decide(NEUTRAL, NULL, 0);
    for (int c = 0; c < 4; c++)
        assert_in_range(player_observation(player, 0)[c * 84 * 84], seen - 9, seen + 9);
}

/* A core that draws every third frame: whatever frames a step's last two are, they show what was
 * drawn last, be it before the step's last two. */
static void test_a_repeated_frame_shows_the_frame_before_it(void **state)
{
    (void)state;
    uint32_t drawn = fake.frame_idx - 1, shown[4] = { 0 };
    for (int step = 0; step < 24; step++) {
        player_begin(player, 0, NEUTRAL);
        for (int f = 0; f < 4; f++) {
            fake.repeats_pictures = fake.frame_idx % 3 != 0;
            if (!fake.repeats_pictures) drawn = fake.frame_idx;
            shown[f] = drawn;
            player_frame(player, NULL);
        }
        if (step == 0) continue; /* from the first repeated frame on, every frame is looked at */
        const int a = (int)(shown[2] % 32 * 8), b = (int)(shown[3] % 32 * 8);
        const int seen = player_observation(player, 0)[(PLAYER_OBS_STACK - 1) * 84 * 84 + 1000];
        assert_in_range(seen + 2, (a > b ? a : b), (a > b ? a : b) + 4);
    }
}

/* Where nobody resets the game there is nothing to be cut. */
static void test_without_a_step_limit_macros_are_played_to_their_end(void **state)
{
    (void)state;
    why_t why;
    player_t *endless;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.has_step_limit = false;
    assert_true(player_create(&endless, &config, why));
    for (int d = 0; d < 40; d++) {
        player_begin(endless, 0, FIREBALL);
        const player_news_t *news;
        do news = player_frame(endless, NULL);
        while (!news->closed);
        assert_int_equal(news->outcomes[0].duration_steps, 3);
        assert_false(news->outcomes[0].truncated);
    }
    player_destroy(endless);
}

/* The steps of the episode so far are in the state: the limit comes in the same frame again. */
static void test_a_restored_episode_is_as_long_as_it_was(void **state)
{
    (void)state;
    uint8_t *saved = malloc(player_state_bytes());
    int steps[2] = { 0, 0 };
    for (int d = 0; d < 10; d++) decide(FIREBALL, NULL, 0);
    player_save(player, 0, saved);
    for (int round = 0; round < 2; round++) {
        player_outcome_t outcome;
        do {
            outcome = decide(FIREBALL, NULL, 0);
            steps[round] += outcome.duration_steps;
        } while (!outcome.truncated);
        assert_int_equal(outcome.episode_steps, 50);
        assert_true(player_restore(player, saved, player_state_bytes()));
    }
    assert_int_equal(steps[0], 20);
    assert_int_equal(steps[1], 20);
    free(saved);
}

static void test_random_actions_are_as_many_as_wished(void **state)
{
    (void)state;
    int seen[6] = { 0 };
    for (int i = 0; i < 100; i++) assert_int_equal(player_explore(player), -1);
    player_wish(player, &(holder_wish_t){ .ports = 1, .random_percent = 20 });
    for (int i = 0; i < 5000; i++) seen[player_explore(player) + 1]++;
    assert_in_range(5000 - seen[0], 880, 1120);                     /* 1,000, sd 28 */
    for (int a = 1; a < 6; a++) assert_in_range(seen[a], 140, 260); /* 200, sd 14 */
}

static void test_reset_begins_where_boot_ended(void **state)
{
    (void)state;
    why_t why;
    assert_int_equal(fake.ram[4], 1);
    const uint32_t began = fake.frame_idx;
    for (int i = 0; i < 7; i++) decide(FIREBALL, NULL, 0);
    fake.ram[0] = 99;
    assert_true(player_reset(player, why));
    assert_int_equal(fake.frame_idx, began);
    assert_int_equal(fake.ram[0], 0);
    assert_float_equal(decide(NEUTRAL, NULL, 0).reward, 0, 0); /* 99 points lost are no reward */
}

static void test_idle_frames_differ_and_stay_in_range(void **state)
{
    (void)state;
    why_t why;
    player_t *idler;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.min_idle_frames = 7;
    config.max_idle_frames = 30;
    assert_true(player_create(&idler, &config, why));
    assert_true(player_boot(idler, 0, why));
    const uint32_t boot = fake.frame_idx;
    int seen[31] = { 0 }, kinds = 0;
    for (int i = 0; i < 300; i++) {
        assert_true(player_reset(idler, why));
        const uint32_t idle = fake.frame_idx - boot - 1;
        assert_in_range(idle, 7, 30);
        kinds += seen[idle]++ == 0;
    }
    assert_true(kinds > 22); /* of 24 */
    player_destroy(idler);
}

/* Mashed, no two beginnings are alike, and the pad is let go before the first decision. */
static void test_mashed_idle_frames(void **state)
{
    (void)state;
    enum { ROUNDS = 20, FRAMES = 31 };
    why_t why;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.min_idle_frames = config.max_idle_frames = FRAMES - 1;
    for (int mashes = 0; mashes <= 1; mashes++) {
        player_t *masher;
        config.mashes_idle_frames = mashes;
        assert_true(player_create(&masher, &config, why));
        assert_true(player_boot(masher, 0, why));
        uint16_t pads[ROUNDS][FRAMES];
        int alike = 0;
        for (int i = 0; i < ROUNDS; i++) {
            fake.num_frames = 0;
            assert_true(player_reset(masher, why));
            assert_int_equal(fake.num_frames, FRAMES);
            assert_int_equal(fake.held[0], 0);
            memcpy(pads[i], fake.pads, sizeof pads[i]);
            for (int f = 0; f < FRAMES; f++) {
                assert_false(pads[i][f] & (1u << 2 | 1u << 3)); /* SELECT and START */
                if (!mashes) assert_int_equal(pads[i][f], 0);
            }
            for (int k = 0; k < i; k++) alike += !memcmp(pads[i], pads[k], sizeof pads[i]);
        }
        assert_int_equal(alike, mashes ? 0 : ROUNDS * (ROUNDS - 1) / 2);
        player_destroy(masher);
    }
}

static void test_sticky_actions_keep_the_pad_about_as_often_as_said(void **state)
{
    (void)state;
    why_t why;
    player_t *sticky;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.sticky_probability = 0.25f;
    assert_true(player_create(&sticky, &config, why));
    int kept = 0;
    for (int i = 0; i < 2000; i++) {
        player_begin(sticky, 0, i % 2 ? FORWARD : NEUTRAL);
        for (int f = 0; f < 4; f++) player_frame(sticky, NULL);
        const uint16_t meant = i % 2 ? RIGHT : 0;
        for (int f = 1; f < 4; f++) assert_int_equal(last_pads(4)[f], last_pads(4)[0]);
        kept += last_pads(4)[0] != meant;
    }
    /* Kept pads repeat what was kept before: the chance that a pad differs from what was meant is
     * p (1 - p) + p^3 (1 - p) + ... = p / (1 + p) = 0.2; 2,000 draws: sd 0.009. */
    assert_in_range(kept, 2000 * 16 / 100, 2000 * 24 / 100);
    player_destroy(sticky);
}

static void test_states_restore_the_macro_in_flight_and_the_ring(void **state)
{
    (void)state;
    why_t why;
    for (int i = 0; i < 5; i++) decide(PUNCH, NULL, 0);
    player_begin(player, 0, FIREBALL);
    for (int f = 0; f < 5; f++) player_frame(player, NULL);

    uint8_t *trailer = malloc(player_state_bytes()), game[128];
    bridge_save(fake_bridge(), game, sizeof game, why);
    player_save(player, 0, trailer);
    uint16_t pads[2][12];
    uint8_t obs[2][PLAYER_OBS_BYTES];
    for (int round = 0; round < 2; round++) {
        for (int f = 0; f < 7; f++) player_frame(player, NULL);
        memcpy(pads[round], last_pads(7), 7 * sizeof(uint16_t));
        assert_true(player_wants_action(player, 0));
        memcpy(obs[round], player_observation(player, 0), PLAYER_OBS_BYTES);
        player_begin(player, 0, ODD); /* something else happens before the state is loaded */
        for (int f = 0; f < 6; f++) player_frame(player, NULL);
        bridge_restore(fake_bridge(), game, sizeof game, why);
        assert_true(player_restore(player, trailer, player_state_bytes()));
    }
    assert_memory_equal(pads[0], pads[1], sizeof pads[0] * 7 / 12);
    assert_memory_equal(obs[0], obs[1], PLAYER_OBS_BYTES);

    /* Time travel: the macro ends, but nobody is told an outcome. */
    for (int f = 0; f < 7; f++) assert_int_equal(player_frame(player, NULL)->closed, 0);
    assert_true(player_wants_action(player, 0));
    free(trailer);
}

static void test_a_human_takes_the_pad_at_once_and_gives_it_back(void **state)
{
    (void)state;
    player_wish(player, &(holder_wish_t){ .ports = 1, .hold_frames = 30 });
    assert_int_equal(player_touch(player, 0), 1);
    player_begin(player, 0, FIREBALL);
    player_frame(player, NULL);
    assert_true(fake.is_held[0]);
    for (int f = 0; f < 30; f++) {
        assert_int_equal(player_touch(player, f == 0), 0);
        assert_false(fake.is_held[0]);
        assert_int_equal(player_frame(player, NULL)->closed, 0);
        assert_false(fake.is_held[0]);
        assert_false(player_wants_action(player, 0));
    }
    assert_int_equal(player_touch(player, 0), 1);
    for (int f = 0; !player_wants_action(player, 0); f++) {
        assert_true(f < 4);
        player_frame(player, NULL);
    }
    assert_int_equal(decide(FORWARD, NULL, 0).duration_steps, 1);
    assert_int_equal(last_pads(1)[0], RIGHT);
}

static void test_boot_that_is_never_reached_names_its_line(void **state)
{
    (void)state;
    why_t why = "";
    assert_false(player_boot(player, 1, why));
    assert_non_null(strstr(why, "ready == 9"));
    assert_non_null(strstr(why, "30 frames"));
    assert_false(player_boot(player, 7, why));
    assert_non_null(strstr(why, "start"));
}

static void test_what_cannot_work_is_refused_by_name(void **state)
{
    (void)state;
    why_t why = "";
    player_t *other = player;
    player_config_t config;
    player_config_defaults(&config, fake_bridge(), preset);
    config.ports = 1 << 2;
    assert_false(player_create(&other, &config, why));
    assert_null(other);
    assert_non_null(strstr(why, "port must be 1..2 for Fake, found 3"));
    player_config_defaults(&config, fake_bridge(), preset);
    config.discount_per_step = NAN;
    assert_false(player_create(&other, &config, why));
    assert_non_null(strstr(why, "discount"));
    config.discount_per_step = 0.9f;
    config.sticky_probability = 1;
    assert_false(player_create(&other, &config, why));
    assert_non_null(strstr(why, "sticky"));

    fake.state_bytes = 0;
    player_config_defaults(&config, fake_bridge(), preset);
    assert_true(player_create(&other, &config, why));
    assert_false(player_reset(other, why));
    assert_false(player_boot(other, 0, why));
    assert_non_null(strstr(why, "Fake has no savestates"));
    player_destroy(other);
}

/* Some cores know how large a state is only when they have run: the script's frames do, and where
 * they are too few one more is run. */
static void test_boot_asks_for_the_size_when_the_script_is_over(void **state)
{
    (void)state;
    why_t why = "";
    const int32_t first_frames[] = { 0, 1, INT32_MAX, INT32_MAX };
    uint64_t frames[4];
    for (int i = 0; i < 4; i++) {
        player_t *late;
        player_config_t config;
        fake_bridge_reset();
        fake.script = ready_after_a_while;
        fake.first_state_frame = i == 2 ? (int32_t)frames[0] + 1 : first_frames[i];
        player_config_defaults(&config, fake_bridge(), preset);
        assert_true(player_create(&late, &config, why));
        const bool booted = player_boot(late, 0, why);
        if (booted != (i < 3)) fail_msg("case %d: %s", i, why);
        frames[i] = player_frames(late);
        if (booted) assert_true(player_reset(late, why));
        player_destroy(late);
    }
    assert_int_equal(frames[1], frames[0]);
    assert_int_equal(frames[2], frames[0] + 1);
    assert_non_null(strstr(why, "Fake has no savestates"));
}

int main(void)
{
#define WITH_PLAYER(test) cmocka_unit_test_setup_teardown(test, open_player, close_player)
    const struct CMUnitTest tests[] = {
        WITH_PLAYER(test_a_primitive_lasts_one_step_and_holds_its_pad),
        WITH_PLAYER(test_a_tapped_button_goes_up_in_the_last_frame),
        WITH_PLAYER(test_a_macro_plays_its_timeline_and_fills_whole_steps),
        WITH_PLAYER(test_macros_mirror_by_the_side_where_they_began),
        WITH_PLAYER(test_rewards_are_discounted_by_step_not_by_frame),
        WITH_PLAYER(test_done_cuts_the_macro_on_that_frame_and_counts_once),
        WITH_PLAYER(test_the_step_limit_truncates_and_is_no_terminal),
        WITH_PLAYER(test_a_step_sees_the_brighter_of_its_last_two_frames),
        WITH_PLAYER(test_repeated_frames_keep_the_last_picture),
        WITH_PLAYER(test_a_repeated_frame_shows_the_frame_before_it),
        WITH_PLAYER(test_without_a_step_limit_macros_are_played_to_their_end),
        WITH_PLAYER(test_a_restored_episode_is_as_long_as_it_was),
        WITH_PLAYER(test_random_actions_are_as_many_as_wished),
        WITH_PLAYER(test_reset_begins_where_boot_ended),
        WITH_PLAYER(test_idle_frames_differ_and_stay_in_range),
        WITH_PLAYER(test_mashed_idle_frames),
        WITH_PLAYER(test_sticky_actions_keep_the_pad_about_as_often_as_said),
        WITH_PLAYER(test_states_restore_the_macro_in_flight_and_the_ring),
        WITH_PLAYER(test_a_human_takes_the_pad_at_once_and_gives_it_back),
        WITH_PLAYER(test_boot_that_is_never_reached_names_its_line),
        WITH_PLAYER(test_boot_asks_for_the_size_when_the_script_is_over),
        WITH_PLAYER(test_what_cannot_work_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
