/* test_agent.c - what agent.h promises: it learns, it repeats itself, it says what is wrong. */
#include "agent.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"
#include "toy_world.h"

static char folder[256];

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/agent-XXXXXX", base ? base : "/tmp");
    agent_set_blas_threads(1);
    return mkdtemp(folder) ? 0 : -1;
}

static agent_t *trained(const agent_config_t *config, int32_t num_decisions)
{
    agent_t *agent = NULL;
    char why[AGENT_WHY_BYTES] = "";
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    toy_train(agent, &world, num_decisions, 1);
    return agent;
}

static void expect_solved(const agent_config_t *config, int32_t num_decisions)
{
    agent_t *agent = trained(config, num_decisions);
    /* Reached at once by a macro: 0.99. One wrong end in 40 would give 0.94. */
    const double score = toy_evaluate(agent, 40);
    if (!(score > 0.98))
        fail_msg("greedy score %.3f, dueling %d, noisy %d, prioritized %d, atoms %d", score,
                 config->dueling, config->noisy, config->prioritized, config->num_atoms);
    agent_destroy(agent);
}

static void test_dqn_solves_the_toy_world(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    config.double_q = false;
    expect_solved(&config, 1500);
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
        expect_solved(&config, 1500);
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
    config.return_min = -2;
    config.return_max = 2;
    config.noisy_sigma_init = 0.5f;
    expect_solved(&config, 1500);
}

static void save_of(agent_t *agent, const char *name, uint8_t **bytes, size_t *num_bytes)
{
    char path[512], why[AGENT_WHY_BYTES];
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
        for (int i = 0; i < 3; i++) {
            config.seed = i < 2 ? 5 : 6;
            agent_t *agent = trained(&config, 300);
            save_of(agent, "same", &bytes[i], &num_bytes[i]);
            agent_destroy(agent);
        }
        assert_int_equal(num_bytes[0], num_bytes[1]);
        assert_memory_equal(bytes[0], bytes[1], num_bytes[0]);
        assert_true(num_bytes[0] != num_bytes[2] || memcmp(bytes[0], bytes[2], num_bytes[0]) != 0);
        for (int i = 0; i < 3; i++) free(bytes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dqn_solves_the_toy_world),
        cmocka_unit_test(test_each_part_of_rainbow_alone_solves_it),
        cmocka_unit_test(test_all_of_rainbow_solves_it),
        cmocka_unit_test(test_same_seed_same_bytes),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
