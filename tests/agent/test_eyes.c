/* test_eyes.c - an agent that sees numbers: it learns, is saved, remembered and refused as one that
 * sees pictures is. */
#include "agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "emulated.h"
#include "half.h"
#include "parts.h"

enum { VALUES = 3, STACK = 2, ACTIONS = 3, SIDE = 25, MOST_BYTES = 4096 };

static agent_config_t config_of(agent_eyes_t eyes)
{
    agent_config_t config;
    agent_config_defaults(&config, ACTIONS);
    config.eyes = eyes;
    config.obs_values = eyes == AGENT_EYES_PICTURES ? 0 : VALUES;
    config.obs_stack = STACK;
    config.obs_height_px = config.obs_width_px = SIDE;
    config.replay_capacity_decisions = 2000;
    config.replay_memory_mib = 16;
    config.replay_warmup_decisions = 100;
    config.n_step_decisions = 1;
    config.n_step_end_decisions = 0;
    config.learning_rate = 1e-3f;
    config.epsilon_ramp_decisions = 500;
    config.target_sync_period_updates = 100;
    config.dueling = config.noisy = config.prioritized = true;
    config.average_updates = 50;
    return config;
}

/* The right action stands in the newest look's numbers, far from 0 to 1; pictures are noise. */
static int32_t show(const agent_config_t *config, uint8_t *obs, uint64_t n)
{
    rng_t rng;
    rng_seed(&rng, n, 77);
    const int32_t right = (int32_t)rng_below(&rng, ACTIONS);
    for (size_t i = 0; i < agent_obs_bytes(config); i++) obs[i] = (uint8_t)rng_next(&rng);
    for (int32_t c = 0; c < STACK; c++)
        for (int32_t v = 0; v < VALUES; v++) {
            const int32_t shown = c == STACK - 1 ? right : (int32_t)rng_below(&rng, ACTIONS);
            const uint16_t half = half_of(v == shown ? 500 : v == 0 ? 480 : 490);
            memcpy(obs + (size_t)c * agent_look_bytes(config) + agent_picture_bytes(config) + 2 * v,
                   &half, 2);
        }
    return right;
}

static void play(agent_t *agent, uint64_t first, uint64_t count)
{
    uint8_t obs[MOST_BYTES];
    why_t why;
    for (uint64_t n = first; n < first + count; n++) {
        const int32_t right = show(agent_config(agent), obs, n);
        const int32_t action = agent_choose(agent, 0, obs);
        const agent_outcome_t outcome = { .reward = action == right ? 1 : -1,
                                          .duration_steps = 1,
                                          .terminal = true };
        agent_settle(agent, 0, &outcome, obs);
        if (agent_learn(agent, 1, NULL, why) != AGENT_OK) fail_msg("%s", why);
    }
}

static double share_right(policy_t *policy)
{
    uint8_t obs[MOST_BYTES];
    int32_t num_right = 0;
    for (uint64_t n = 0; n < 200; n++) {
        const int32_t right = show(policy_config(policy), obs, 1000000 + n);
        num_right += policy_greedy(policy, obs, 0) == right;
    }
    return num_right / 200.0;
}

static agent_t *make(const agent_config_t *config)
{
    agent_t *agent;
    why_t why;
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    return agent;
}

static agent_eyes_t most_eyes(void)
{
    return emulated() ? AGENT_EYES_VARIABLES : AGENT_EYES_BOTH;
}

static void test_numbers_are_learned_from(void **state)
{
    (void)state;
    for (agent_eyes_t eyes = AGENT_EYES_VARIABLES; eyes <= most_eyes(); eyes++) {
        const agent_config_t config = config_of(eyes);
        agent_t *agent = make(&config);
        play(agent, 0, 900);
        const double right = share_right(agent_policy(agent));
        if (right < 0.9) fail_msg("eyes %d: %g", (int)eyes, right);
        agent_destroy(agent);
    }
    /* Those who see pictures alone cannot know. */
    const agent_config_t config = config_of(AGENT_EYES_PICTURES);
    agent_t *agent = make(&config);
    play(agent, 0, 300);
    assert_true(share_right(agent_policy(agent)) < 0.6);
    agent_destroy(agent);
}

static void expect_same_q(policy_t *a, policy_t *b, float tolerance)
{
    uint8_t obs[MOST_BYTES];
    for (uint64_t n = 0; n < 10; n++) {
        float q[ACTIONS], other[ACTIONS];
        (void)show(policy_config(a), obs, n);
        policy_q_values(a, obs, q);
        policy_q_values(b, obs, other);
        for (int32_t i = 0; i < ACTIONS; i++) assert_float_equal(q[i], other[i], tolerance);
    }
}

/* Weights, mean and variance, in each of the files; the agent goes on to the same bytes. */
static void test_it_is_saved_and_goes_on(void **state)
{
    (void)state;
    for (agent_eyes_t eyes = AGENT_EYES_VARIABLES; eyes <= most_eyes(); eyes++) {
        const agent_config_t config = config_of(eyes);
        char dir[] = "/tmp/kata-eyes-XXXXXX", path[64], memory[64], sent[64];
        why_t why;
        assert_non_null(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/a", dir);
        snprintf(memory, sizeof memory, "%s/m", dir);
        snprintf(sent, sizeof sent, "%s/s", dir);
        agent_t *agent = make(&config), *again;
        play(agent, 0, 300);
        assert_int_equal(agent_save(agent, path, "n", why), AGENT_OK);
        assert_int_equal(agent_save_replay(agent, memory, why), AGENT_OK);
        if (agent_load(&again, path, 1, false, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
        if (agent_load_replay(again, memory, why) != AGENT_OK) fail_msg("%s", why);
        assert_int_equal(agent_config(again)->eyes, eyes);
        assert_int_equal(agent_config(again)->obs_values, VALUES);
        expect_same_q(agent_policy(agent), agent_policy(again), 0);
        play(agent, 300, 50);
        play(again, 300, 50);
        expect_same_q(agent_policy(agent), agent_policy(again), 0);

        policy_t *alone;
        assert_int_equal(policy_save(agent_policy(again), sent, NULL, true, why), AGENT_OK);
        if (policy_load_alone(&alone, sent, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
        expect_same_q(agent_policy(again), alone, 0.2f); /* halves */
        policy_destroy(alone);
        agent_destroy(agent);
        agent_destroy(again);
        unlink(path);
        unlink(memory);
        unlink(sent);
        rmdir(dir);
    }
}

/* What the target network normalises by rests between two copies. */
static void test_the_target_keeps_its_own_mean(void **state)
{
    (void)state;
    agent_config_t config = config_of(AGENT_EYES_VARIABLES);
    config.target_sync_period_updates = 1000000;
    agent_t *agent = make(&config);
    play(agent, 0, 200);
    const net_t *net = &agent->learner.net;
    const size_t at = net->rows[NET_ENCODER + ENCODER_MEAN].offset;
    for (int32_t v = 0; v < VALUES; v++) {
        assert_true(agent->learner.target[at + (size_t)v] == 0);
        assert_in_range(agent->learner.online[at + (size_t)v], 480, 500);
        assert_in_range(agent->learner.averaged[at + (size_t)v], 480, 500);
    }
    agent_destroy(agent);
}

/* No picture is kept where none is seen. */
static void test_its_memory_is_small(void **state)
{
    (void)state;
    size_t used[3] = { 0 };
    for (agent_eyes_t eyes = AGENT_EYES_PICTURES; eyes <= AGENT_EYES_BOTH; eyes++) {
        const agent_config_t config = config_of(eyes);
        agent_t *agent = make(&config);
        play(agent, 0, 90);
        used[eyes] = replay_used_bytes(&agent->learner.replay);
        assert_int_equal(agent->learner.replay.obs_bytes,
                         (size_t)STACK * ((eyes == AGENT_EYES_VARIABLES ? 0 : SIDE * SIDE) +
                                          (eyes == AGENT_EYES_PICTURES ? 0 : 2 * VALUES)));
        agent_destroy(agent);
    }
    assert_true(used[AGENT_EYES_VARIABLES] < 90 * STACK * 16);
    assert_true(used[AGENT_EYES_PICTURES] > 90 * STACK * 500);
    assert_true(used[AGENT_EYES_BOTH] > used[AGENT_EYES_PICTURES]);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    why_t why;
    agent_config_t config = config_of(AGENT_EYES_VARIABLES);
    config.obs_values = 0;
    assert_int_equal(agent_config_check(&config, why), AGENT_BAD_CONFIG);
    assert_string_equal(why, "\"obs_values\" must be 1 or more where \"eyes\" is variables, "
                             "found 0");
    config = config_of(AGENT_EYES_PICTURES);
    config.obs_values = 4;
    assert_int_equal(agent_config_check(&config, why), AGENT_BAD_CONFIG);
    assert_string_equal(why, "\"obs_values\" must be 0 where \"eyes\" is pictures, found 4");
    config = config_of(AGENT_EYES_BOTH);
    config.obs_values = AGENT_MAX_VALUES + 1;
    assert_int_equal(agent_config_check(&config, why), AGENT_BAD_CONFIG);
    /* Kernels need room only where there is a picture. */
    config = config_of(AGENT_EYES_VARIABLES);
    config.obs_height_px = 1;
    assert_true(agent_arena_bytes(&config) > 0);
    config.eyes = AGENT_EYES_BOTH;
    assert_true(agent_arena_bytes(&config) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_learned_from),
        cmocka_unit_test(test_it_is_saved_and_goes_on),
        cmocka_unit_test(test_the_target_keeps_its_own_mean),
        cmocka_unit_test(test_its_memory_is_small),
        cmocka_unit_test(test_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
