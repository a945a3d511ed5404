/* test_agent.c - what agent.h promises: it learns, it repeats itself, it says what is wrong. */
#include "agent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulated.h"
#include "files.h"
#include "parts.h"
#include "toy_world.h"
#include "why.h"

static char folder[256];

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/agent-XXXXXX", base ? base : "/tmp");
    agent_set_blas_threads(1);
    return mkdtemp(folder) ? 0 : -1;
}

static agent_t *trained_on(const agent_config_t *config, int32_t num_decisions, float times)
{
    agent_t *agent = NULL;
    why_t why = "";
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    toy_world_t world = { .random = 1, .times = times };
    toy_reset(&world);
    toy_train(agent, &world, num_decisions, 1);
    return agent;
}

static agent_t *trained(const agent_config_t *config, int32_t num_decisions)
{
    return trained_on(config, num_decisions, 1);
}

/* Within 4,000 decisions, looked at every 500: while it learns, a good policy may be lost for a
 * moment and come back. */
static void expect_solved_with(const agent_config_t *config, float times, bool both_pay)
{
    agent_t *agent = NULL;
    why_t why = "";
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    toy_world_t world = { .random = 1, .times = times, .both_pay = both_pay };
    toy_reset(&world);
    double score = -1;
    for (int i = 0; i < 8 && score < 0.98; i++) {
        toy_train(agent, &world, 500, 1);
        score = toy_evaluate(agent, 40); /* by one macro: 0.99; one wrong end in 40: 0.94 */
    }
    agent_destroy(agent);
    if (score < 0.98)
        fail_msg("greedy score %.3f (double %d, dueling %d, noisy %d, prioritized %d, atoms %d, "
                 "rewards times %g)",
                 score, config->double_q, config->dueling, config->noisy, config->prioritized,
                 config->num_atoms, (double)times);
}

static void expect_solved(const agent_config_t *config)
{
    expect_solved_with(config, 1, false);
}

static void test_dqn_solves_the_toy_world(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.double_q = false;
    expect_solved(&config);
}

static void test_each_part_of_rainbow_alone_solves_it(void **state)
{
    (void)state;
    for (int part = 0; part < 5; part++) {
        agent_config_t config;
        toy_config(&config);
        config.double_q = part == 0;
        config.dueling = part == 1;
        config.prioritized = part == 2;
        config.num_atoms = part == 3 ? 21 : 1;
        config.noisy = part == 4;
        if (config.noisy) config.epsilon_start = config.epsilon_end = 0;
        expect_solved(&config);
    }
}

static void test_all_of_rainbow_solves_it(void **state)
{
    (void)state;
    agent_config_t config, toy;
    toy_config(&config);
    toy = config;
    assert_true(agent_config_named(&config, "vanhasselt2019"));
    config.replay_capacity_decisions = toy.replay_capacity_decisions;
    config.replay_warmup_decisions = toy.replay_warmup_decisions;
    config.learning_rate = toy.learning_rate;
    config.target_sync_period_updates = 50;
    config.n_step_decisions = 3;
    config.n_step_end_decisions = 0;
    config.return_min = -2;
    config.return_max = 2;
    config.noisy_sigma_init = 0.5f;
    expect_solved(&config);
}

static void test_the_impala_network_solves_it(void **state)
{
    (void)state;
    if (emulated_skips("the impala network")) skip();
    agent_config_t config;
    toy_config(&config);
    config.net_kind = AGENT_NET_IMPALA;
    expect_solved(&config);
}

/* Both ends pay, so that the better one can only be told where neither lies outside the atoms. */
static void test_rewards_of_any_size_are_learned_from(void **state)
{
    (void)state;
    static const float times[] = { 0.01f, 1, 100, 10000 };
    for (int atoms = 0; atoms < 2; atoms++)
        for (int i = 0; i < 4; i += emulated() ? 3 : 1) {
            agent_config_t config;
            toy_config(&config);
            config.num_atoms = atoms ? 21 : 1;
            expect_solved_with(&config, times[i], true);
        }
}

/* A reward and its scale times a power of two are exact, so that all that is learned is the same:
 * only the scale differs, and what is counted in reward units. */
static void test_rewards_times_a_power_of_two_give_the_same_weights(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.dueling = config.prioritized = true;
    config.num_atoms = 21;
    agent_t *one = trained(&config, 400);
    agent_stats_t stats, scaled;
    agent_get_stats(one, &stats);
    assert_true(stats.updates > 200 && stats.return_scale > 0);
    static const float times[] = { 1.0f / 128, 8192 };
    for (int i = 0; i < 2; i++) {
        agent_t *other = trained_on(&config, 400, times[i]);
        agent_get_stats(other, &scaled);
        assert_true(scaled.return_scale == times[i] * stats.return_scale);
        assert_true(fabs(scaled.q_chosen_mean / times[i] - stats.q_chosen_mean) < 1e-6);
        assert_memory_equal(one->learner.online, other->learner.online,
                            one->learner.net.num_weights * sizeof(real_t));
        agent_destroy(other);
    }
    agent_destroy(one);
}

static void save_of(agent_t *agent, const char *name, uint8_t **bytes, size_t *num_bytes)
{
    char path[512];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(agent_save(agent, path, "a note", why), AGENT_OK);
    assert_true(files_read(path, 1 << 28, bytes, num_bytes, NULL));
}

static void test_same_seed_same_bytes(void **state)
{
    (void)state;
    for (int all = 0; all < 2; all++) {
        agent_config_t config;
        toy_config(&config);
        if (all) {
            config.dueling = config.prioritized = config.noisy = true;
            config.num_atoms = 21;
        }
        uint8_t *bytes[3];
        size_t num_bytes[3];
        agent_t *agents[3]; /* alive together: an address must not matter either */
        for (int i = 0; i < 3; i++) {
            config.seed = i < 2 ? 5 : 6;
            agents[i] = trained(&config, 300);
            save_of(agents[i], "same", &bytes[i], &num_bytes[i]);
        }
        for (int i = 0; i < 3; i++) agent_destroy(agents[i]);
        assert_int_equal(num_bytes[0], num_bytes[1]);
        assert_memory_equal(bytes[0], bytes[1], num_bytes[0]);
        assert_true(num_bytes[0] != num_bytes[2] || memcmp(bytes[0], bytes[2], num_bytes[0]) != 0);
        for (int i = 0; i < 3; i++) free(bytes[i]);
    }
}

/* The order of sums depends on the number of threads, and on nothing else. */
static void expect_same_bytes_on_three_threads(agent_net_kind_t kind, int32_t num_decisions)
{
    agent_config_t config;
    toy_config(&config);
    config.dueling = config.prioritized = config.noisy = true;
    config.num_atoms = 21;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.net_kind = kind;
    uint8_t *bytes[2];
    size_t num_bytes[2];
    agent_set_blas_threads(3);
    for (int i = 0; i < 2; i++) {
        agent_t *agent = trained(&config, num_decisions);
        save_of(agent, "threads", &bytes[i], &num_bytes[i]);
        agent_destroy(agent);
    }
    agent_set_blas_threads(1);
    assert_int_equal(num_bytes[0], num_bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], num_bytes[0]);
    for (int i = 0; i < 2; i++) free(bytes[i]);
}

static void test_same_bytes_on_three_threads(void **state)
{
    (void)state;
    expect_same_bytes_on_three_threads(AGENT_NET_SMALL, 250);
    if (!emulated()) expect_same_bytes_on_three_threads(AGENT_NET_IMPALA, 110);
}

static void test_evaluating_never_changes_training(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.noisy = true;
    uint8_t *bytes[2];
    size_t num_bytes[2];
    for (int i = 0; i < 2; i++) {
        agent_t *agent = trained(&config, 150);
        toy_world_t world = { .random = 9 };
        toy_reset(&world);
        float q[TOY_ACTIONS];
        for (int k = 0; i == 1 && k < 50; k++) {
            (void)policy_greedy(agent_policy(agent), world.obs, 0.5f);
            policy_q_values(agent_policy(agent), world.obs, q);
        }
        toy_train(agent, &world, 50, 1);
        save_of(agent, "evaluated", &bytes[i], &num_bytes[i]);
        agent_destroy(agent);
    }
    assert_int_equal(num_bytes[0], num_bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], num_bytes[0]);
    for (int i = 0; i < 2; i++) free(bytes[i]);
}

static void test_greedy_with_epsilon_one_is_uniform(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    agent_t *agent = trained(&config, 1);
    const uint8_t obs[TOY_OBS_BYTES] = { 0 };
    int counts[TOY_ACTIONS] = { 0 };
    for (int i = 0; i < 4000; i++) counts[policy_greedy(agent_policy(agent), obs, 1)]++;
    for (int a = 0; a < TOY_ACTIONS; a++) assert_in_range(counts[a], 860, 1140); /* 5 sigma */
    agent_destroy(agent);
}

static void test_nothing_is_learned_before_the_warmup_is_over(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.n_step_decisions = 1;
    config.n_step_end_decisions = 0;
    config.replay_warmup_decisions = 60;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    const uint8_t obs[TOY_OBS_BYTES] = { 0 };
    const agent_outcome_t outcome = { .reward = 1, .duration_steps = 2 };
    for (int i = 0; i < 60; i++) {
        int32_t done = -1;
        assert_int_equal(agent_learn(agent, 3, &done, NULL), AGENT_OK);
        assert_int_equal(done, 0);
        (void)agent_choose(agent, 0, obs);
        agent_settle(agent, 0, &outcome, obs);
    }
    int32_t done = -1;
    assert_int_equal(agent_learn(agent, 3, &done, NULL), AGENT_OK);
    assert_int_equal(done, 3);
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    assert_int_equal(stats.decisions, 60);
    assert_int_equal(stats.updates, 3);
    assert_int_equal(stats.replay_size_decisions, 60);
    agent_destroy(agent);
}

/* Every eighth update the average moves to the weights: by an equal share of all that was seen at
 * first, by 8 / 24 later. Greedy play is with it, and training never sees it. */
static void test_greedy_play_is_with_the_average_of_the_weights(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    agent_t *plain = trained(&config, 300);
    config.average_updates = 24;
    agent_t *agent = trained(&config, 0);
    const size_t count = agent->learner.net.num_weights;
    double *average = calloc(count, sizeof *average);
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    for (int decisions = 0; decisions < 300; decisions++) {
        const uint64_t before = agent->learner.num_updates;
        toy_train(agent, &world, 1, 1);
        const uint64_t updates = agent->learner.num_updates;
        if (updates == before || updates % 8 != 0) continue;
        const double rate = updates < 24 ? 8.0 / (double)updates : 8.0 / 24;
        for (size_t i = 0; i < count; i++)
            average[i] += rate * ((double)agent->learner.online[i] - average[i]);
    }
    assert_in_range(agent->learner.num_updates, 100, 300);
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(average[i] - (double)agent->learner.averaged[i]));
    assert_true(largest < 1e-6);
    assert_memory_equal(agent->learner.online, plain->learner.online, count * sizeof(real_t));

    float q[TOY_ACTIONS], last[TOY_ACTIONS];
    policy_q_values(agent_policy(agent), world.obs, q);
    policy_q_values(agent_policy(plain), world.obs, last);
    assert_memory_not_equal(q, last, sizeof q);
    memcpy(plain->learner.online, agent->learner.averaged, count * sizeof(real_t));
    policy_q_values(agent_policy(plain), world.obs, last);
    assert_memory_equal(q, last, sizeof q);

    /* To weights that are all 0, action 0 is best; to their average, where the world is, not. */
    int32_t best = 0;
    for (int decisions = 0; decisions < 100 && best == 0; decisions++) {
        toy_train(agent, &world, 1, 1);
        policy_q_values(agent_policy(agent), world.obs, q);
        for (int32_t a = 1; a < TOY_ACTIONS; a++)
            if (q[a] > q[best]) best = a;
    }
    assert_int_not_equal(best, 0);
    memset(agent->learner.online, 0, count * sizeof(real_t));
    assert_int_equal(policy_greedy(agent_policy(agent), world.obs, 0), best);
    free(average);
    agent_destroy(agent);
    agent_destroy(plain);
}

static void test_epsilon_falls_along_its_ramp(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.epsilon_start = 0.9f;
    config.epsilon_end = 0.1f;
    config.epsilon_ramp_decisions = 80;
    const float expected[3] = { 0.9f, 0.5f, 0.1f };
    for (int i = 0; i < 3; i++) {
        agent_t *agent = trained(&config, i == 2 ? 90 : 40 * i);
        agent_stats_t stats;
        agent_get_stats(agent, &stats);
        assert_true(fabsf(stats.epsilon - expected[i]) < 1e-6f);
        agent_destroy(agent);
    }
}

/* Two agents of one past step along the same gradient, one with a quarter of the learning rate. */
static void test_a_step_is_as_long_as_the_learning_rate_is_scaled(void **state)
{
    (void)state;
    agent_config_t config;
    agent_stats_t stats;
    toy_config(&config);
    agent_t *agents[2];
    double *step[2];
    for (int32_t i = 0; i < 2; i++) {
        agents[i] = trained(&config, 200);
        const learner_t *learner = &agents[i]->learner;
        const size_t count = learner->net.num_weights;
        toy_world_t world = { .random = 1 };
        toy_reset(&world);
        step[i] = calloc(count, sizeof *step[i]);
        agent_scale_learning_rate(agents[i], i == 0 ? 1 : 0.25);
        agent_get_stats(agents[i], &stats);
        assert_true(fabsf(stats.learning_rate - config.learning_rate * (i == 0 ? 1 : 0.25f)) <
                    1e-9f);
        const uint64_t updates = learner->num_updates;
        for (size_t w = 0; w < count; w++) step[i][w] = -(double)learner->online[w];
        toy_train(agents[i], &world, 1, 1);
        assert_int_equal(learner->num_updates, updates + 1);
        for (size_t w = 0; w < count; w++) step[i][w] += (double)learner->online[w];
    }
    double largest = 0, error = 0;
    for (size_t w = 0; w < agents[0]->learner.net.num_weights; w++) {
        largest = fmax(largest, fabs(step[0][w]));
        error = fmax(error, fabs(step[1][w] - step[0][w] / 4));
    }
    assert_true(largest > 1e-5 && error < largest * 1e-2);
    for (int32_t i = 0; i < 2; i++) {
        free(step[i]);
        agent_destroy(agents[i]);
    }
}

static void test_a_loss_that_is_not_finite_is_reported_and_changes_nothing(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.return_scale = 1;
    agent_t *agent = NULL;
    why_t why = "";
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    const uint8_t obs[TOY_OBS_BYTES] = { 0 };
    const agent_outcome_t outcome = { .reward = 3e38f, .duration_steps = 1 };
    for (int i = 0; i < 120; i++) {
        (void)agent_choose(agent, 0, obs);
        agent_settle(agent, 0, &outcome, obs);
    }
    float before[TOY_ACTIONS], after[TOY_ACTIONS];
    policy_q_values(agent_policy(agent), obs, before);
    int32_t done = -1;
    assert_int_equal(agent_learn(agent, 5, &done, why), AGENT_DIVERGED);
    assert_int_equal(done, 0);
    assert_non_null(strstr(why, "update 0: the loss (inf) or its gradient"));
    policy_q_values(agent_policy(agent), obs, after);
    assert_memory_equal(before, after, sizeof before);
    agent_destroy(agent);
}

/* A stream that is dropped with a decision open goes on as if that had never been made. */
static void test_a_dropped_decision_is_not_learned_from(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.num_streams = 2;
    config.n_step_decisions = 1;
    config.n_step_end_decisions = 0;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    const uint8_t obs[TOY_OBS_BYTES] = { 0 };
    const agent_outcome_t outcome = { .duration_steps = 1 };
    for (int i = 0; i < 10; i++) {
        (void)agent_choose(agent, 1, obs);
        agent_drop(agent, 1);
        agent_drop(agent, 0);
        (void)agent_choose(agent, 0, obs);
        agent_settle(agent, 0, &outcome, obs);
    }
    agent_stats_t stats;
    agent_get_stats(agent, &stats);
    assert_int_equal(stats.replay_size_decisions, 10);
    agent_destroy(agent);
}

static void test_similarity_is_set_and_read(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    why_t why = "";
    float sigma[TOY_ACTIONS * TOY_ACTIONS], back[TOY_ACTIONS * TOY_ACTIONS];
    for (int i = 0; i < TOY_ACTIONS * TOY_ACTIONS; i++) sigma[i] = 0.25f;
    for (int mode = 0; mode < 3; mode++) {
        config.similarity_mode = (agent_similarity_mode_t)mode;
        agent_t *agent = NULL;
        assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
        const agent_status_t status = agent_set_similarity(agent, sigma, why);
        agent_get_similarity(agent, back);
        if (mode == AGENT_SIMILARITY_OFF) {
            assert_int_equal(status, AGENT_BAD_CONFIG);
            assert_non_null(strstr(why, "\"similarity_mode\" is off"));
            assert_true(back[1] == 0);
        } else {
            assert_int_equal(status, AGENT_OK);
            assert_true(back[0] == 0 && fabsf(back[1] - 0.25f) < 1e-6f);
            sigma[6] = 1.5f;
            assert_int_equal(agent_set_similarity(agent, sigma, why), AGENT_BAD_CONFIG);
            assert_non_null(strstr(why, "similarity of actions 1 and 2 must be 0 to 1, found 1.5"));
            sigma[6] = NAN;
            assert_int_equal(agent_set_similarity(agent, sigma, why), AGENT_BAD_CONFIG);
            sigma[6] = 0.25f;
        }
        agent_destroy(agent);
    }
}

/* One action: there are no pairs, and nothing to be like. */
static void test_a_single_action_learns_with_similarity_on(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.num_actions = 1;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.replay_warmup_decisions = 10;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    const uint8_t obs[TOY_OBS_BYTES] = { 0 };
    const agent_outcome_t outcome = { .reward = 1, .duration_steps = 1 };
    for (int i = 0; i < 30; i++) {
        assert_int_equal(agent_choose(agent, 0, obs), 0);
        agent_settle(agent, 0, &outcome, obs);
        assert_int_equal(agent_learn(agent, 1, NULL, NULL), AGENT_OK);
    }
    float sigma = 1;
    agent_get_similarity(agent, &sigma);
    assert_true(sigma == 0);
    agent_destroy(agent);
}

static void test_the_arena_is_as_large_as_was_said(void **state)
{
    (void)state;
    agent_config_t config;
    agent_config_defaults(&config, 24);
    /* 50,000 observations of 28,224 bytes, and less than 100 MB for everything else. */
    const size_t bytes = agent_arena_bytes(&config), replay = (size_t)50000 * 28224;
    assert_true(bytes > replay && bytes < replay + 100000000);
}

/* The nature network of Mnih et al. 2015 on 84 x 84, counted by hand. */
static void test_operations_of_an_update(void **state)
{
    (void)state;
    agent_config_t config;
    agent_config_defaults(&config, 24);
    config.net_kind = AGENT_NET_NATURE;
    config.noisy = config.dueling = config.double_q = false;
    config.num_atoms = 1;
    config.batch_size = 32;
    config.similarity_mode = AGENT_SIMILARITY_OFF;
    config.replay_capacity_decisions = 1000;
    config.replay_warmup_decisions = 500;
    const double first = 2.0 * 20 * 20 * 8 * 8 * 4 * 32;
    const double forward = first + 2.0 * 9 * 9 * 4 * 4 * 32 * 64 + 2.0 * 7 * 7 * 3 * 3 * 64 * 64 +
                           2.0 * 3136 * 512 + 2.0 * 512 * 24;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    /* s and s' forward, then two products for each layer backward, but no gradient of pixels. */
    assert_true(agent_update_operations(agent) == 32 * (4 * forward - first));
    agent_destroy(agent);
    config.double_q = true; /* the target network's and the online network's s' */
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    assert_true(agent_update_operations(agent) == 32 * (5 * forward - first));
    agent_destroy(agent);
    /* The residual trunk: 84, 42, 21, 11 pixels a side. */
    config.net_kind = AGENT_NET_IMPALA;
    const double residual_first = 2.0 * 84 * 84 * 9 * 4 * 16;
    const double residual = residual_first + 2.0 * 42 * 42 * 9 * 16 * (4 * 16 + 32) +
                            2.0 * 21 * 21 * 9 * 32 * 5 * 32 + 2.0 * 11 * 11 * 9 * 32 * 4 * 32 +
                            2.0 * 1152 * 512 + 2.0 * 512 * 24;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    assert_true(agent_update_operations(agent) == 32 * (5 * residual - residual_first));
    agent_destroy(agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_of_an_update),
        cmocka_unit_test(test_dqn_solves_the_toy_world),
        cmocka_unit_test(test_each_part_of_rainbow_alone_solves_it),
        cmocka_unit_test(test_all_of_rainbow_solves_it),
        cmocka_unit_test(test_the_impala_network_solves_it),
        cmocka_unit_test(test_rewards_of_any_size_are_learned_from),
        cmocka_unit_test(test_rewards_times_a_power_of_two_give_the_same_weights),
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_same_bytes_on_three_threads),
        cmocka_unit_test(test_evaluating_never_changes_training),
        cmocka_unit_test(test_greedy_with_epsilon_one_is_uniform),
        cmocka_unit_test(test_nothing_is_learned_before_the_warmup_is_over),
        cmocka_unit_test(test_greedy_play_is_with_the_average_of_the_weights),
        cmocka_unit_test(test_epsilon_falls_along_its_ramp),
        cmocka_unit_test(test_a_step_is_as_long_as_the_learning_rate_is_scaled),
        cmocka_unit_test(test_a_loss_that_is_not_finite_is_reported_and_changes_nothing),
        cmocka_unit_test(test_a_dropped_decision_is_not_learned_from),
        cmocka_unit_test(test_similarity_is_set_and_read),
        cmocka_unit_test(test_a_single_action_learns_with_similarity_on),
        cmocka_unit_test(test_the_arena_is_as_large_as_was_said),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
