/* test_self_play.c - actors that play against themselves: who is met, what both seats report, that
 * nothing depends on who was quicker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor_pool.h"
#include "files.h"
#include "kumite.h"
#include "training.h"
#include "vision.h"

static char dir[600];
static agent_config_t network;

static void use_dir(const char *name)
{
    const char *tmp = getenv("TMPDIR");
    char command[1300];
    snprintf(dir, sizeof dir, "%s/self-play-%s-%d", tmp ? tmp : "/tmp", name, (int)getpid());
    snprintf(command, sizeof command, "rm -rf '%s'; mkdir -p '%s'", dir, dir);
    assert_int_equal(system(command), 0);
}

static int32_t start_of(const char *name)
{
    const int32_t start = preset_find_start(kumite_preset, name);
    assert_true(start >= 0);
    return start;
}

/* Random actions, by a policy whose epsilon is 1. */
static actor_pool_config_t config_for(float cpu_share, float self_share)
{
    agent_config_defaults(&network, preset_num_actions(kumite_preset));
    return (actor_pool_config_t){ .num_actors = 1,
                                  .actor = { .core_path = kumite_core,
                                             .content_path = kumite_rom,
                                             .preset = kumite_preset,
                                             .start = start_of("level1"),
                                             .discount_per_step = 0.99f,
                                             .max_idle_frames = 30,
                                             .novelty = NAN,
                                             .seed = 5,
                                             .who = ACTOR_EXPLORES,
                                             .agent = &network,
                                             .versus = OPPONENT_SELF,
                                             .num_starts = 2,
                                             .starts = { start_of("level1"), start_of("level3") },
                                             .self_play = { .start = start_of("versus"),
                                                            .cpu_share = cpu_share,
                                                            .self_share = self_share,
                                                            .league_dir = dir } } };
}

static actor_pool_t *start(const actor_pool_config_t *config, const uint32_t *past, int32_t count)
{
    actor_pool_t *pool;
    why_t why;
    if (!actor_pool_start(&pool, config, why)) fail_msg("%s", why);
    actor_pool_set_past(pool, past, count);
    memset(actor_pool_draft(pool), 0, 4);
    actor_pool_publish(pool, 1);
    return pool;
}

static void next_turn(actor_pool_t *pool, actor_turn_t *turn)
{
    why_t why;
    for (int32_t i = 0; i < 3000; i++) {
        if (actor_pool_turn(pool, turn)) return;
        actor_pool_wait(pool, 10);
        if (!actor_pool_watch(pool, why)) fail_msg("%s", why);
    }
    fail_msg("no turn within half a minute");
}

/* What rounds brought. */
typedef struct {
    int32_t rounds[2]; /* that began for each seat */
    int32_t decisions[2];
    int32_t mirrors, cpu, past; /* rounds */
    int32_t won[2], lost[2];
} seen_t;

static void play(actor_pool_t *pool, int32_t num_rounds, seen_t *seen)
{
    *seen = (seen_t){ 0 };
    actor_pool_allow(pool, UINT64_MAX / 2);
    for (int32_t ended = 0; ended < num_rounds;) {
        actor_turn_t turn;
        next_turn(pool, &turn);
        assert_true(turn.stream == 0 || turn.stream == 1);
        seen->rounds[turn.stream] += turn.began;
        if (turn.began) {
            seen->mirrors += turn.met == ACTOR_MET_SELF && turn.stream == 0;
            seen->cpu += turn.met == ACTOR_MET_CPU;
            seen->past += turn.met >= 0;
            continue;
        }
        seen->decisions[turn.stream]++;
        if (!turn.outcome.terminal && !turn.outcome.truncated) continue;
        seen->won[turn.stream] += turn.outcome.result == PRESET_WON;
        seen->lost[turn.stream] += turn.outcome.result == PRESET_LOST;
        ended += turn.met != ACTOR_MET_SELF || turn.stream == 0;
    }
    actor_pool_stop(pool);
}

/* Both seats are told the same round: one wins what the other loses. */
static void test_both_seats_of_a_round_against_itself(void **state)
{
    (void)state;
    use_dir("both");
    const actor_pool_config_t config = config_for(0, 1);
    actor_pool_t *pool = start(&config, NULL, 0);
    actor_pool_allow(pool, UINT64_MAX / 2);
    float returns[2] = { 0 };
    int32_t steps = 0; /* of a round's two seats together */
    preset_result_t results[2] = { PRESET_NO_RESULT, PRESET_NO_RESULT };
    int32_t ended[2] = { 0 }, decided = 0;
    static uint8_t began[2][PLAYER_OBS_BYTES];
    while (ended[0] + ended[1] < 8) {
        actor_turn_t turn;
        next_turn(pool, &turn);
        const int32_t seat = turn.stream;
        assert_int_equal(turn.met, ACTOR_MET_SELF);
        if (turn.began) {
            memcpy(began[seat], turn.obs, PLAYER_OBS_BYTES);
            if (seat == 1) { /* the same picture, mirrored */
                uint8_t mirrored[PLAYER_PICTURE_BYTES];
                for (int32_t i = 0; i < PLAYER_OBS_STACK; i++) {
                    vision_mirror(mirrored, began[0] + i * PLAYER_PICTURE_BYTES);
                    assert_memory_equal(mirrored, began[1] + i * PLAYER_PICTURE_BYTES,
                                        PLAYER_PICTURE_BYTES);
                }
            }
            continue;
        }
        decided++;
        steps += turn.outcome.duration_steps;
        if (!turn.outcome.terminal && !turn.outcome.truncated) continue;
        returns[seat] = turn.outcome.episode_return;
        results[seat] = turn.outcome.result;
        ended[seat]++;
        if (ended[0] != ended[1]) continue;
        /* Of zero sum, but for time, whose last step may be cut short, and a draw: both lose. */
        const double others = returns[0] + returns[1] + (results[0] == PRESET_DRAWN ? 5 : 0);
        assert_true(others > -0.04 * steps - 1e-3 && others < -0.04 * (steps - 2) + 1e-3);
        steps = 0;
        if (results[0] == PRESET_WON) assert_int_equal(results[1], PRESET_LOST);
        if (results[0] == PRESET_LOST) assert_int_equal(results[1], PRESET_WON);
    }
    assert_true(decided > 40);
    actor_pool_stop(pool);
}

/* Nothing is taken for time there: points of health and won rounds are whole ones of 0.05. */
static void test_rounds_against_the_cpu_are_as_they_are(void **state)
{
    (void)state;
    use_dir("cpu");
    const actor_pool_config_t config = config_for(1, 0);
    actor_pool_t *pool = start(&config, NULL, 0);
    actor_pool_allow(pool, UINT64_MAX / 2);
    for (int32_t ended = 0; ended < 3;) {
        actor_turn_t turn;
        next_turn(pool, &turn);
        assert_int_equal(turn.met, ACTOR_MET_CPU);
        if (turn.began || (!turn.outcome.terminal && !turn.outcome.truncated)) continue;
        const double points = 20 * (double)turn.outcome.episode_return;
        assert_true(fabs(points - round(points)) < 1e-2);
        ended++;
    }
    actor_pool_stop(pool);
}

static void save_past(int32_t number, int32_t num_actions)
{
    agent_config_t config;
    policy_t *policy;
    why_t why;
    char path[HOME_PATH_BYTES];
    agent_config_defaults(&config, num_actions);
    assert_int_equal(policy_create(&policy, &config, why), AGENT_OK);
    snprintf(path, sizeof path, "%s/%04d.safetensors", dir, number);
    assert_int_equal(policy_save(policy, path, NULL, true, why), AGENT_OK);
    policy_destroy(policy);
}

/* A past self (its weights are 0, so that it does nothing but its first action) is met on either
 * port, and only the other seat reports. */
static void test_past_selves_are_met_on_both_ports(void **state)
{
    (void)state;
    use_dir("past");
    save_past(7, preset_num_actions(kumite_preset));
    const actor_pool_config_t config = config_for(0, 0);
    static const uint32_t past[] = { 7 };
    actor_pool_t *pool = start(&config, past, 1);
    seen_t seen;
    play(pool, 10, &seen);
    assert_int_equal(seen.mirrors + seen.cpu, 0);
    assert_true(seen.past >= 10);
    assert_true(seen.rounds[0] >= 2 && seen.rounds[1] >= 2);
    assert_true(seen.decisions[0] > 20 && seen.decisions[1] > 20);
    /* Moving at random beats standing still. */
    assert_true(seen.won[0] + seen.won[1] > 2 * (seen.lost[0] + seen.lost[1]));
}

/* Gone, damaged, of another game: the round is against itself. */
static void test_a_past_self_that_cannot_be_loaded(void **state)
{
    (void)state;
    use_dir("gone");
    save_past(2, 3);
    why_t why;
    char path[700];
    snprintf(path, sizeof path, "%s/0003.safetensors", dir);
    assert_true(files_replace(path, "no weights", 10, why));
    const actor_pool_config_t config = config_for(0, 0);
    static const uint32_t past[] = { 1, 2, 3 };
    actor_pool_t *pool = start(&config, past, 3);
    seen_t seen;
    play(pool, 6, &seen);
    assert_int_equal(seen.past + seen.cpu, 0);
    assert_true(seen.mirrors >= 6);
}

static void test_shares_are_kept(void **state)
{
    (void)state;
    use_dir("shares");
    save_past(1, preset_num_actions(kumite_preset));
    static const uint32_t past[] = { 1 };
    actor_pool_config_t config = config_for(1, 0.5f);
    seen_t seen;
    play(start(&config, past, 1), 10, &seen);
    assert_int_equal(seen.mirrors + seen.past, 0);
    assert_true(seen.rounds[0] >= 1 && seen.rounds[1] >= 1); /* both remember the CPU */
    config = config_for(0.4f, 0.5f);
    play(start(&config, past, 1), 24, &seen);
    assert_true(seen.cpu >= 3 && seen.mirrors >= 3 && seen.past >= 3);
}

/* Two seats claim for themselves, and what they did not use goes back. */
static void test_no_more_decisions_than_are_allowed(void **state)
{
    (void)state;
    use_dir("allowed");
    save_past(1, preset_num_actions(kumite_preset));
    static const uint32_t past[] = { 1 };
    const actor_pool_config_t config = config_for(0.3f, 0.5f);
    actor_pool_t *pool = start(&config, past, 1);
    uint64_t decisions = 0;
    for (uint64_t allowed = 40; allowed <= 200; allowed += 40) {
        actor_turn_t turn;
        actor_pool_allow(pool, allowed);
        while (actor_pool_wait(pool, 2000)) {
            assert_true(actor_pool_turn(pool, &turn));
            decisions += !turn.began;
        }
        (void)actor_pool_turn(pool, &turn); /* releases the last */
        if (decisions > allowed || decisions + 2 < allowed)
            fail_msg("%d of %d decisions", (int)decisions, (int)allowed);
    }
    actor_pool_stop(pool);
}

/* ---- in a training --------------------------------------------------------------------------- */

static void make_training(training_config_t *config, const char *name)
{
    use_dir(name);
    training_config_defaults(config, kumite_preset);
    const actor_pool_config_t actors = config_for(0.2f, 0.3f);
    config->actors.actor = actors.actor;
    config->actors.actor.agent = NULL;
    config->dir = dir;
    config->agent.replay_warmup_decisions = 64;
    config->agent.batch_size = 8;
    config->league_every_decisions = 100;
    config->repeatable = true;
}

static void train(training_t *training, uint64_t decisions)
{
    training_progress_t p = { 0 };
    why_t why;
    while (p.decisions < decisions) {
        if (!training_turn(training, why)) fail_msg("%s", why);
        const char *news = training_news(training);
        if (news) fail_msg("%s", news);
        training_get_progress(training, &p);
    }
}

static void read_file(const char *name, uint8_t **bytes, size_t *num_bytes)
{
    char path[700];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (!files_read(path, 1 << 26, bytes, num_bytes, why)) fail_msg("%s", why);
}

static void test_self_play_can_be_repeated_to_the_byte(void **state)
{
    (void)state;
    static const char *const names[] = { "agent.safetensors", "league/0003.safetensors",
                                         "league/league.json" };
    enum { NUM_NAMES = 3 };
    uint8_t *bytes[2][NUM_NAMES];
    size_t num_bytes[2][NUM_NAMES];
    for (int32_t run = 0; run < 2; run++) {
        training_config_t config;
        training_t *training;
        why_t why;
        make_training(&config, run ? "again" : "once");
        if (!training_open(&training, &config, why)) fail_msg("%s", why);
        train(training, 420);
        const league_t *league = training_league(training);
        assert_non_null(league);
        assert_true(league->num_entries == 4);
        if (!training_save(training, why)) fail_msg("%s", why);
        training_close(training);
        for (int32_t i = 0; i < NUM_NAMES; i++)
            read_file(names[i], &bytes[run][i], &num_bytes[run][i]);
    }
    for (int32_t i = 0; i < NUM_NAMES; i++) {
        assert_int_equal(num_bytes[0][i], num_bytes[1][i]);
        assert_memory_equal(bytes[0][i], bytes[1][i], num_bytes[0][i]);
        free(bytes[0][i]);
        free(bytes[1][i]);
    }
}

/* What is seen late is remembered twice, and counted and learned from as often as ever. */
static void test_a_decision_that_is_seen_twice_counts_once(void **state)
{
    (void)state;
    agent_stats_t stats[2];
    for (int32_t twice = 0; twice < 2; twice++) {
        training_config_t config;
        training_t *training;
        why_t why;
        make_training(&config, twice ? "twice" : "one-delay");
        config.actors.actor.num_delays = 1 + twice;
        config.actors.actor.delays[1] = 2;
        config.league_every_decisions = 1000;
        if (!training_open(&training, &config, why)) fail_msg("%s", why);
        train(training, 300);
        agent_get_stats(training_agent(training), &stats[twice]);
        training_close(training);
    }
    assert_int_equal(stats[0].decisions, 300);
    assert_int_equal(stats[1].decisions, 300);
    assert_in_range(stats[0].replay_size_decisions, 280, 300);
    assert_in_range(stats[1].replay_size_decisions, 330, 590);
    assert_in_range(stats[1].updates, 50, 75);
}

static void test_a_league_is_gone_on_with(void **state)
{
    (void)state;
    training_config_t config;
    training_t *training;
    why_t why;
    make_training(&config, "goes-on");
    config.league_size = 2;
    if (!training_open(&training, &config, why)) fail_msg("%s", why);
    train(training, 350);
    assert_true(training_save(training, why));
    training_close(training);
    config.league_size = 0;
    if (!training_open(&training, &config, why)) fail_msg("%s", why);
    assert_true(training_resumed(training));
    assert_int_equal(training_league(training)->num_entries, 2);
    assert_int_equal(training_league(training)->size, 2);
    assert_int_equal(training_league(training)->entries[1].number, 3);
    train(training, 450);
    assert_int_equal(training_league(training)->entries[1].number, 4);
    training_close(training);
    char path[700];
    snprintf(path, sizeof path, "%s/league/league.json", dir);
    assert_true(files_replace(path, "{}", 2, why));
    assert_false(training_open(&training, &config, why));
    assert_non_null(strstr(why, "league.json: its checksum is missing"));
    config.fresh = true;
    if (!training_open(&training, &config, why)) fail_msg("%s", why);
    assert_int_equal(training_league(training)->num_entries, 0);
    training_close(training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_seats_of_a_round_against_itself),
        cmocka_unit_test(test_rounds_against_the_cpu_are_as_they_are),
        cmocka_unit_test(test_past_selves_are_met_on_both_ports),
        cmocka_unit_test(test_a_past_self_that_cannot_be_loaded),
        cmocka_unit_test(test_shares_are_kept),
        cmocka_unit_test(test_no_more_decisions_than_are_allowed),
        cmocka_unit_test(test_self_play_can_be_repeated_to_the_byte),
        cmocka_unit_test(test_a_decision_that_is_seen_twice_counts_once),
        cmocka_unit_test(test_a_league_is_gone_on_with),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
