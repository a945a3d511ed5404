/* test_tournament.c - agents that play each other: whose rounds are whose, and what ratings say. */
#include "tournament.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <math.h>

#include "policy.h"

static preset_t *preset;
static char rom[1024], still[1024];
static const char *core;

/* A policy whose weights are all 0: it takes its first action, which is none. */
static bool save_still(char *why)
{
    agent_config_t config;
    policy_t *policy;
    agent_config_defaults(&config, preset_num_actions(preset));
    snprintf(still, sizeof still, "%s/still-%d.safetensors",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid());
    if (policy_create(&policy, &config, why) != AGENT_OK) return false;
    const bool ok = policy_save(policy, still, NULL, true, why) == AGENT_OK;
    policy_destroy(policy);
    return ok;
}

static int load(void **state)
{
    (void)state;
    why_t why = "";
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    core = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (preset_load(&preset, "presets/library/nes/Kumite.kata.json", why) && save_still(why))
        return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    unlink(still);
    preset_free(preset);
    return 0;
}

static bool play(tournament_t *t, const tournament_player_t *players, int32_t num_players,
                 int32_t rounds, char *why)
{
    const actor_pool_config_t actors = { .num_actors = 1,
                                         .actor = { .core_path = core,
                                                    .content_path = rom,
                                                    .preset = preset,
                                                    .start = preset_find_start(preset, "versus"),
                                                    .discount_per_step = 0.99f,
                                                    .min_idle_frames = 31,
                                                    .max_idle_frames = 61,
                                                    .sticky_probability = 0.02f,
                                                    .seed = 5 } };
    const tournament_request_t request = {
        .actors = &actors, .players = players, .num_players = num_players, .rounds = rounds
    };
    return tournament_play(t, &request, why);
}

/* Whoever is named first: the same rounds, each counted for one and against the other. Pressing
 * anything beats standing still. */
static void test_each_round_is_counted_for_both(void **state)
{
    (void)state;
    tournament_player_t players[] = { { .name = "masher", .kind = OPPONENT_MASHER },
                                      { .name = "still", .kind = OPPONENT_FILE },
                                      { .name = "random", .kind = OPPONENT_RANDOM } };
    snprintf(players[1].path, sizeof players[1].path, "%s", still);
    const tournament_player_t turned[] = { players[2], players[1], players[0] };
    tournament_t t, other;
    why_t why = "";
    if (!play(&t, players, 3, 1, why)) fail_msg("%s", why);
    if (!play(&other, turned, 3, 1, why)) fail_msg("%s", why);
    for (int32_t a = 0; a < 3; a++) {
        for (int32_t b = 0; b < 3; b++) {
            const tournament_score_t *pair = &t.pairs[a * 3 + b], *back = &t.pairs[b * 3 + a];
            if (a == b) {
                assert_int_equal(pair->rounds, 0);
                continue;
            }
            assert_int_equal(pair->rounds, back->rounds);
            assert_true(pair->rounds >= 1 && pair->rounds <= 2);
            assert_int_equal(pair->won, back->lost);
            assert_int_equal(pair->drawn, back->drawn);
            assert_true(pair->won + pair->lost + pair->drawn <= pair->rounds);
            /* The masher is met by the others; of those the first one named is the actor. */
            if (a == 0 || b == 0)
                assert_memory_equal(pair, &other.pairs[(2 - a) * 3 + 2 - b], sizeof *pair);
        }
    }
    assert_true(t.pairs[0 * 3 + 1].won == 2 && t.pairs[0 * 3 + 1].lost == 0);
    assert_true(t.pairs[2 * 3 + 1].won >= t.pairs[2 * 3 + 1].lost);
    assert_true(t.ratings[0].rating > t.ratings[1].rating);
    assert_true(t.frames > 1000);
    const tournament_score_t sum = tournament_score(&t, 0);
    assert_int_equal(sum.rounds, t.pairs[1].rounds + t.pairs[2].rounds);
    tournament_close(&t);
    tournament_close(&other);
}

/* Ratings from made-up pairs: order of strength, order of players, and how sure they are. */
static void test_ratings_follow_the_rounds(void **state)
{
    (void)state;
    tournament_score_t pairs[16] = { 0 };
    glicko_t ratings[4];
    static const int32_t won[4][4] = {
        { 0, 2, 1, 0 }, { 8, 0, 3, 2 }, { 9, 7, 0, 4 }, { 10, 8, 6, 0 }
    };
    tournament_t t = { .num_players = 4, .pairs = pairs, .ratings = ratings };
    for (int32_t a = 0; a < 4; a++)
        for (int32_t b = 0; b < 4; b++)
            if (a != b)
                pairs[a * 4 + b] =
                    (tournament_score_t){ .rounds = 10, .won = won[a][b], .lost = won[b][a] };
    tournament_rate(&t);
    double sum = 0, deviation = 0;
    for (int32_t p = 0; p < 4; p++) {
        if (p > 0) assert_true(ratings[p].rating > ratings[p - 1].rating + 20);
        assert_true(ratings[p].deviation > 20 && ratings[p].deviation < 150);
        sum += ratings[p].rating;
        deviation = ratings[p].deviation;
    }
    assert_true(fabs(sum / 4 - 1500) < 40);
    for (int32_t i = 0; i < 16; i++) {
        pairs[i].rounds *= 10;
        pairs[i].won *= 10;
        pairs[i].lost *= 10;
    }
    tournament_rate(&t);
    assert_true(ratings[3].deviation < 0.6 * deviation);
    memset(pairs, 0, sizeof pairs);
    tournament_rate(&t);
    for (int32_t p = 0; p < 4; p++) assert_true(ratings[p].rating == 1500);
}

static void test_what_cannot_be_played_is_refused(void **state)
{
    (void)state;
    tournament_player_t players[] = { { .name = "masher", .kind = OPPONENT_MASHER },
                                      { .name = "again", .kind = OPPONENT_MASHER },
                                      { .name = "gone", .kind = OPPONENT_FILE } };
    tournament_t t;
    why_t why = "";
    assert_false(play(&t, players, 1, 1, why));
    tournament_close(&t);
    assert_non_null(strstr(why, "players must be 2 to 80, found 1"));
    assert_false(play(&t, players, 2, 1, why));
    tournament_close(&t);
    assert_non_null(strstr(why, "the masher can be in it once, found 2 times"));
    snprintf(players[2].path, sizeof players[2].path, "/nowhere/agent.safetensors");
    assert_false(play(&t, players + 1, 2, 1, why));
    tournament_close(&t);
    assert_non_null(strstr(why, "/nowhere/agent.safetensors"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_round_is_counted_for_both),
        cmocka_unit_test(test_ratings_follow_the_rounds),
        cmocka_unit_test(test_what_cannot_be_played_is_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
