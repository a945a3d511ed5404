/* test_kinds.c - random actions by kinds: the probabilities by hand, and what is drawn has them. */
#include "kinds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent.h"
#include "toy_world.h"
#include "why.h"

static bool is_close(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static void test_weights_by_hand(void **state)
{
    (void)state;
    /* Actions 0, 1, 2 are one kind, 3 stands alone: rho 2, 2, 2, 0. */
    const double rho[] = { 2, 2, 2, 0 };
    double cumulative[4];
    assert_true(is_close(kinds_count(4, rho), 2));
    kinds_cumulate(4, rho, 1, cumulative);
    const double thirds[] = { 1.0 / 6, 2.0 / 6, 3.0 / 6, 1 };
    for (int i = 0; i < 4; i++) assert_true(is_close(cumulative[i], thirds[i]));
    kinds_cumulate(4, rho, 0, cumulative);
    for (int i = 0; i < 4; i++) assert_true(is_close(cumulative[i], (i + 1) / 4.0));
    kinds_cumulate(4, rho, 2, cumulative); /* 1/9 three times, and 1 */
    for (int i = 0; i < 3; i++) assert_true(is_close(cumulative[i], (i + 1) / 12.0));
    assert_true(cumulative[3] == 1);
}

/* Every unit draws exactly the action whose interval it lies in, ends included. */
static void test_a_draw_is_the_interval_that_the_number_lies_in(void **state)
{
    (void)state;
    const double cumulative[] = { 0.25, 0.25, 0.5, 1 }; /* action 1 has no probability */
    assert_int_equal(kinds_draw(4, cumulative, 0), 0);
    assert_int_equal(kinds_draw(4, cumulative, nextafter(0.25, 0)), 0);
    assert_int_equal(kinds_draw(4, cumulative, 0.25), 2);
    assert_int_equal(kinds_draw(4, cumulative, nextafter(0.5, 0)), 2);
    assert_int_equal(kinds_draw(4, cumulative, 0.5), 3);
    assert_int_equal(kinds_draw(4, cumulative, nextafter(1, 0)), 3);
    int32_t counts[4] = { 0 };
    for (int i = 0; i < 1000; i++) counts[kinds_draw(4, cumulative, i / 1000.0)]++;
    assert_int_equal(counts[0], 250);
    assert_int_equal(counts[1], 0);
    assert_int_equal(counts[2], 250);
    assert_int_equal(counts[3], 500);
}

/* ---- an agent's random actions ---- */

enum { DRAWS = 200000 };

static agent_t *make(float sharpness, agent_similarity_mode_t mode)
{
    agent_config_t config;
    toy_config(&config);
    config.similarity_mode = mode;
    config.similarity_kinds = sharpness;
    config.epsilon_start = config.epsilon_end = 1;
    agent_t *agent = NULL;
    why_t why = "";
    if (agent_create(&agent, &config, why) != AGENT_OK) fail_msg("%s", why);
    return agent;
}

/* All but the last are one kind. */
static void set_kinds(agent_t *agent)
{
    float sigma[TOY_ACTIONS * TOY_ACTIONS] = { 0 };
    for (int i = 0; i < TOY_ACTIONS - 1; i++)
        for (int j = 0; j < TOY_ACTIONS - 1; j++) sigma[i * TOY_ACTIONS + j] = i != j;
    assert_int_equal(agent_set_similarity(agent, sigma, NULL), AGENT_OK);
}

/* The share of the last action among random ones of the agent, and of a policy with its weights. */
static void expect_share(agent_t *agent, double wanted)
{
    static uint8_t obs[1 << 16];
    policy_t *policy = NULL;
    assert_int_equal(policy_create(&policy, agent_config(agent), NULL), AGENT_OK);
    float *weights = calloc(policy_num_weights(policy), sizeof *weights);
    agent_write_weights(agent, false, weights);
    policy_take_weights(policy, weights);
    if (policy_num_kinds(policy) > 0) {
        float cumulative[TOY_ACTIONS];
        assert_int_equal(policy_num_kinds(policy), TOY_ACTIONS);
        agent_write_kinds(agent, cumulative);
        policy_take_kinds(policy, cumulative);
    }
    (void)agent_choose(agent, 0, obs); /* which looks up how they are drawn now */
    agent_drop(agent, 0);
    int32_t of_agent = 0, of_policy = 0;
    for (int i = 0; i < DRAWS; i++) {
        of_agent += policy_explore(agent_policy(agent), obs, 1, 0, NULL) == TOY_ACTIONS - 1;
        of_policy += policy_explore(policy, obs, 1, 0, NULL) == TOY_ACTIONS - 1;
    }
    const double spread = 5 * sqrt(wanted * (1 - wanted) / DRAWS);
    assert_true(fabs((double)of_agent / DRAWS - wanted) < spread);
    assert_true(fabs((double)of_policy / DRAWS - wanted) < spread);
    free(weights);
    policy_destroy(policy);
}

static void test_random_actions_have_these_frequencies(void **state)
{
    (void)state;
    const double least = 1e-3; /* a similarity never reaches its ends (masp.h) */
    const double many = 2 * (1 - least) + least, one = 3 * least;
    agent_t *agent = make(1, AGENT_SIMILARITY_FIXED);
    set_kinds(agent);
    expect_share(agent, 1 / (1 + one) / (1 / (1 + one) + 3 / (1 + many)));
    assert_true(fabs(agent_num_kinds(agent) - 2) < 0.01);
    agent_destroy(agent);

    agent = make(2, AGENT_SIMILARITY_META);
    set_kinds(agent);
    expect_share(agent,
                 pow(1 / (1 + one), 2) / (pow(1 / (1 + one), 2) + 3 * pow(1 / (1 + many), 2)));
    agent_destroy(agent);
}

static void test_without_similarity_or_sharpness_they_are_uniform(void **state)
{
    (void)state;
    agent_t *agent = make(0, AGENT_SIMILARITY_FIXED);
    set_kinds(agent);
    expect_share(agent, 0.25);
    agent_destroy(agent);
    agent = make(1, AGENT_SIMILARITY_OFF);
    expect_share(agent, 0.25);
    assert_true(agent_num_kinds(agent) == TOY_ACTIONS);
    agent_destroy(agent);
}

/* Only together with the penalty: when it has faded they are uniform again. */
static void test_they_are_uniform_when_the_penalty_has_faded(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.similarity_mode = AGENT_SIMILARITY_FIXED;
    config.similarity_fade_updates = 10;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    set_kinds(agent);
    float cumulative[TOY_ACTIONS];
    agent_write_kinds(agent, cumulative);
    assert_true(cumulative[0] < 0.2f);
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    toy_train(agent, &world, 150, 1);
    agent_write_kinds(agent, cumulative);
    for (int i = 0; i < TOY_ACTIONS; i++)
        assert_true(cumulative[i] == (float)(i + 1) / TOY_ACTIONS);
    expect_share(agent, 0.25);
    agent_destroy(agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_by_hand),
        cmocka_unit_test(test_a_draw_is_the_interval_that_the_number_lies_in),
        cmocka_unit_test(test_random_actions_have_these_frequencies),
        cmocka_unit_test(test_without_similarity_or_sharpness_they_are_uniform),
        cmocka_unit_test(test_they_are_uniform_when_the_penalty_has_faded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
