/* test_policy.c - a policy chooses as its agent does, from weights alone, in little memory. */
#include "policy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent.h"
#include "toy_world.h"

static char path[512];

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    char folder[256];
    snprintf(folder, sizeof folder, "%s/policy-XXXXXX", base ? base : "/tmp");
    agent_set_blas_threads(1);
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/agent.safetensors", folder);
    return 0;
}

static agent_t *trained(const agent_config_t *config, toy_world_t *world)
{
    agent_t *agent = NULL;
    why_t why = "";
    if (agent_create(&agent, config, why) != AGENT_OK) fail_msg("%s", why);
    *world = (toy_world_t){ .random = 1 };
    toy_reset(world);
    toy_train(agent, world, 300, 1);
    return agent;
}

static void config_of(agent_config_t *config, bool noisy, int32_t average_updates)
{
    toy_config(config);
    config->noisy = config->dueling = noisy;
    config->num_atoms = noisy ? 21 : 1;
    config->average_updates = average_updates;
}

static void expect_same_q(policy_t *a, policy_t *b, const uint8_t *obs)
{
    float q[TOY_ACTIONS], other[TOY_ACTIONS];
    policy_q_values(a, obs, q);
    policy_q_values(b, obs, other);
    assert_memory_equal(q, other, sizeof q);
    assert_int_equal(policy_greedy(a, obs, 0), policy_greedy(b, obs, 0));
}

static void test_a_loaded_policy_plays_as_the_saved_agent(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        agent_config_t config;
        config_of(&config, i & 1, i & 2 ? 50 : 0);
        toy_world_t world;
        agent_t *agent = trained(&config, &world);
        assert_int_equal(agent_save(agent, path, "a note", NULL), AGENT_OK);
        policy_t *policy = NULL;
        char note[16];
        why_t why = "";
        if (policy_load(&policy, path, note, sizeof note, why) != AGENT_OK) fail_msg("%s", why);
        assert_string_equal(note, "a note");
        uint64_t decisions, updates;
        agent_stats_t stats;
        agent_get_stats(agent, &stats);
        policy_trained(policy, &decisions, &updates);
        assert_int_equal(decisions, stats.decisions);
        assert_int_equal(updates, stats.updates);
        for (int k = 0; k < 20; k++) {
            expect_same_q(agent_policy(agent), policy, world.obs);
            toy_reset(&world);
        }
        policy_destroy(policy);
        agent_destroy(agent);
    }
}

/* An actor's: with the same weights and the same random state it explores alike. */
static void test_a_policy_with_an_agents_weights_chooses_as_the_agent(void **state)
{
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        agent_config_t config;
        config_of(&config, noisy, 50);
        toy_world_t world;
        agent_t *agent = trained(&config, &world);
        policy_t *own = agent_policy(agent), *policy = NULL, *again = NULL;
        assert_int_equal(policy_create(&policy, &config, NULL), AGENT_OK);
        assert_int_equal(policy_create(&again, &config, NULL), AGENT_OK);
        const size_t count = policy_num_weights(policy);
        assert_int_equal(count, policy_num_weights(own));
        float *online = malloc(count * sizeof *online), *averaged = malloc(count * sizeof *online);
        agent_write_weights(agent, false, online);
        agent_write_weights(agent, true, averaged);
        assert_memory_not_equal(online, averaged, count * sizeof *online);
        policy_take_weights(policy, averaged);
        expect_same_q(own, policy, world.obs);
        /* Borrowed they stay the lender's: what is written there is acted with, until they are
         * owned. */
        float *lent = malloc(count * sizeof *lent);
        memcpy(lent, online, count * sizeof *lent);
        policy_take_weights(policy, online); /* its own are others than what is lent in the end */
        policy_borrow_weights(policy, lent);
        policy_take_weights(again, online);
        expect_same_q(again, policy, world.obs);
        memcpy(lent, averaged, count * sizeof *lent);
        expect_same_q(own, policy, world.obs);
        policy_own_weights(policy);
        memset(lent, 0, count * sizeof *lent);
        free(lent);
        expect_same_q(own, policy, world.obs);
        policy_own_weights(policy); /* they are already */
        expect_same_q(own, policy, world.obs);

        policy_take_weights(policy, online);
        policy_take_weights(again, online);
        int differ = 0;
        for (int k = 0; k < 60; k++) {
            const int32_t action = policy_explore(policy, world.obs, 0.5f, 0, NULL);
            assert_int_equal(action, policy_explore(again, world.obs, 0.5f, 0, NULL));
            assert_in_range(action, 0, TOY_ACTIONS - 1);
            differ += action != policy_greedy(policy, world.obs, 0);
            if (k % 10 == 9) toy_reset(&world);
        }
        assert_in_range(differ, 5, 55);
        for (uint64_t seed = 0; seed < 20; seed++) { /* one decision again, whatever was drawn */
            policy_seed(policy, seed);
            const int32_t action = policy_explore(policy, world.obs, 0.5f, 0, NULL);
            (void)policy_explore(policy, world.obs, 0.5f, 0, NULL);
            policy_seed(policy, seed);
            assert_int_equal(action, policy_explore(policy, world.obs, 0.5f, 0, NULL));
        }
        free(online);
        free(averaged);
        policy_destroy(policy);
        policy_destroy(again);
        agent_destroy(agent);
    }
}

/* Decisions made by a policy elsewhere, handed over: the agent learns the same bytes from them. */
static void test_an_agent_learns_the_same_from_decisions_made_elsewhere(void **state)
{
    (void)state;
    agent_config_t config;
    config_of(&config, true, 50);
    agent_t *agents[2];
    toy_world_t worlds[2] = { { .random = 3 }, { .random = 3 } };
    for (int i = 0; i < 2; i++) {
        assert_int_equal(agent_create(&agents[i], &config, NULL), AGENT_OK);
        toy_reset(&worlds[i]);
    }
    policy_t *actor = NULL;
    assert_int_equal(policy_create(&actor, &config, NULL), AGENT_OK);
    const size_t count = policy_num_weights(actor), bytes = count * sizeof(float);
    float *weights[2] = { malloc(bytes), malloc(bytes) };
    for (int k = 0; k < 200; k++)
        for (int i = 0; i < 2; i++) {
            toy_world_t *world = &worlds[i];
            int32_t action;
            if (i == 0) {
                action = agent_choose(agents[0], 0, world->obs);
            } else {
                agent_write_weights(agents[1], false, weights[1]);
                policy_take_weights(actor, weights[1]);
                action = policy_explore(actor, world->obs, agent_epsilon(agents[1]), 0, NULL);
                agent_open(agents[1], 0, world->obs, action);
            }
            agent_outcome_t outcome;
            const bool over = toy_step(world, action, &outcome);
            agent_settle(agents[i], 0, &outcome, world->obs);
            if (over) toy_reset(world);
            assert_int_equal(agent_learn(agents[i], 1, NULL, NULL), AGENT_OK);
        }
    agent_stats_t stats;
    agent_get_stats(agents[1], &stats);
    assert_true(stats.updates > 50);
    for (int i = 0; i < 2; i++) agent_write_weights(agents[i], false, weights[i]);
    assert_memory_equal(weights[0], weights[1], bytes);
    for (int i = 0; i < 2; i++) {
        free(weights[i]);
        agent_destroy(agents[i]);
    }
    policy_destroy(actor);
}

static size_t mapped_bytes(void)
{
    FILE *status = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    assert_non_null(status);
    assert_int_equal(fscanf(status, "%lu", &pages), 1);
    fclose(status);
    return (size_t)pages * 4096;
}

/* Frequencies against softmax(Q / t) itself, chi-squared; cold: the best; the same seed, the same
 * draws. */
static void test_soft_play_draws_by_the_values(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    agent_config_t config;
    toy_world_t world;
    config_of(&config, false, 0);
    agent_t *agent = trained(&config, &world);
    policy_t *policy = agent_policy(agent);
    float q[TOY_ACTIONS], least = 0;
    policy_q_values(policy, world.obs, q);
    const int32_t best = policy_greedy(policy, world.obs, 0);
    for (int32_t a = 0; a < TOY_ACTIONS; a++) least = fminf(least, q[a] - q[best]);
    const float t = -least / 2; /* the worst one has a share that is drawn */
    assert_true(t > 0);
    double wanted[TOY_ACTIONS], total = 0;
    for (int32_t a = 0; a < TOY_ACTIONS; a++)
        total += wanted[a] = exp((double)((q[a] - q[best]) / t));
    policy_seed(policy, 7);
    for (int explores = 0; explores < 2; explores++) {
        int32_t found[TOY_ACTIONS] = { 0 };
        double chi = 0;
        for (int32_t i = 0; i < DRAWS; i++)
            found[explores ? policy_explore(policy, world.obs, 0, t, NULL)
                           : policy_soft(policy, world.obs, t)]++;
        for (int32_t a = 0; a < TOY_ACTIONS; a++) {
            const double expected = DRAWS * wanted[a] / total, off = found[a] - expected;
            chi += off * off / expected;
        }
        if (chi > 4 * TOY_ACTIONS + 20) fail_msg("chi-squared %g, explores %d", chi, explores);
    }
    for (int32_t i = 0; i < 50; i++) {
        assert_int_equal(policy_soft(policy, world.obs, 0), best);
        policy_seed(policy, (uint64_t)i);
        const int32_t drawn = policy_soft(policy, world.obs, t);
        policy_seed(policy, (uint64_t)i);
        assert_int_equal(policy_soft(policy, world.obs, t), drawn);
    }
    agent_destroy(agent);
}

/* The agent's replay memory would hold 50,000 observations of 28,224 bytes. */
static void test_a_policy_maps_no_replay_memory(void **state)
{
    (void)state;
    agent_config_t config;
    agent_config_defaults(&config, 24);
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    assert_int_equal(agent_save(agent, path, NULL, NULL), AGENT_OK);
    agent_destroy(agent);
    assert_true(agent_arena_bytes(&config) > (size_t)1 << 30);
    const size_t before = mapped_bytes();
    policy_t *policy = NULL;
    why_t why = "";
    if (policy_load(&policy, path, NULL, 0, why) != AGENT_OK) fail_msg("%s", why);
    const size_t after = mapped_bytes(), weights = policy_num_weights(policy) * sizeof(float);
    assert_true(after < before + weights + ((size_t)64 << 20));
    policy_destroy(policy);
}

static size_t peak_bytes(void)
{
    char line[256];
    unsigned long peak_kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %lu", &peak_kb) == 1) break;
    fclose(status);
    assert_true(peak_kb > 0);
    return (size_t)peak_kb << 10;
}

/* The checkpoint holds five sets of weights, and a policy needs one of them. The peak is that of a
 * process that did nothing else: a fork's begins with what it has. */
static void test_loading_needs_one_set_of_the_checkpoint(void **state)
{
    (void)state;
    agent_config_t config;
    agent_config_defaults(&config, 24);
    config.net_kind = AGENT_NET_NATURE;
    config.replay_capacity_decisions = 1000;
    config.replay_warmup_decisions = 500;
    config.noisy = true;
    agent_t *agent = NULL;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    assert_int_equal(agent_save(agent, path, NULL, NULL), AGENT_OK);
    agent_destroy(agent);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const size_t before = peak_bytes();
        policy_t *policy = NULL;
        if (policy_load(&policy, path, NULL, 0, NULL) != AGENT_OK) _exit(2);
        const size_t grown = peak_bytes() - before;
        const size_t weights = policy_num_weights(policy) * sizeof(float);
        _exit(weights * 4 > (size_t)file.st_size || grown > weights + ((size_t)8 << 20));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void test_what_is_no_checkpoint_or_config_is_refused(void **state)
{
    (void)state;
    agent_config_t config;
    toy_config(&config);
    why_t why = "";
    policy_t *policy = (policy_t *)&config; /* must be set to NULL */
    config.num_atoms = 0;
    assert_int_equal(policy_create(&policy, &config, why), AGENT_BAD_CONFIG);
    assert_null(policy);
    assert_non_null(strstr(why, "\"num_atoms\" must be 1 to 255, found 0"));
    toy_config(&config);
    config.obs_height_px = 3;
    assert_int_equal(policy_create(&policy, &config, why), AGENT_BAD_CONFIG);
    assert_non_null(strstr(why, "too small for the network's kernels"));
    policy = (policy_t *)&config;
    assert_int_equal(policy_load(&policy, "/nowhere/x", NULL, 0, why), AGENT_BAD_FILE);
    assert_null(policy);
    assert_non_null(strstr(why, "/nowhere/x: cannot be read"));

    toy_world_t world;
    toy_config(&config);
    agent_t *agent = trained(&config, &world);
    assert_int_equal(agent_save(agent, path, "long", NULL), AGENT_OK);
    agent_destroy(agent);
    char note[4];
    assert_int_equal(policy_load(&policy, path, note, sizeof note, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "its note has 4 bytes, at most 3 fit"));
}

/* P(n) ~ n^-2 to 20: within five standard errors of each n's share, the actions uniform. A run goes
 * on whatever epsilon is, draws nothing, and has an end. */
static void test_random_actions_are_repeated(void **state)
{
    (void)state;
    enum { RUNS = 20000 };
    agent_config_t config;
    toy_config(&config);
    config.epsilon_repeat = 2;
    policy_t *policy;
    assert_int_equal(policy_create(&policy, &config, NULL), AGENT_OK);
    static uint8_t obs[TOY_OBS_BYTES];
    int32_t counts[POLICY_MAX_REPEATS + 1] = { 0 }, actions[TOY_ACTIONS] = { 0 };
    double total = 0;
    for (int32_t i = 0; i < RUNS; i++) {
        policy_run_t run = { 0 };
        const int32_t action = policy_explore(policy, obs, 1, 0, &run);
        actions[action]++;
        assert_in_range(run.left, 0, POLICY_MAX_REPEATS - 1);
        assert_true(run.left == 0 || run.action == action);
        counts[run.left + 1]++;
    }
    for (int32_t n = 1; n <= POLICY_MAX_REPEATS; n++) total += 1.0 / (n * n);
    for (int32_t n = 1; n <= POLICY_MAX_REPEATS; n++) {
        const double p = 1 / (n * n * total);
        assert_true(fabs(counts[n] - RUNS * p) < 5 * sqrt(RUNS * p * (1 - p)) + 1);
    }
    for (int32_t a = 0; a < TOY_ACTIONS; a++)
        assert_true(fabs(actions[a] - RUNS / (double)TOY_ACTIONS) < 5 * sqrt(RUNS));

    policy_run_t run = { TOY_ACTIONS - 1, 3 };
    float q[TOY_ACTIONS];
    for (int32_t left = 3; left > 0; left--) {
        assert_int_equal(run.left, left);
        assert_int_equal(policy_explore(policy, obs, 0, 0, &run), TOY_ACTIONS - 1);
        assert_false(policy_last_values(policy, q));
    }
    assert_int_equal(run.left, 0);
    (void)policy_explore(policy, obs, 0, 0, &run);
    assert_true(policy_last_values(policy, q)); /* the network's */
    assert_int_equal(run.left, 0);
    policy_destroy(policy);

    config.epsilon_repeat = 0;
    assert_int_equal(policy_create(&policy, &config, NULL), AGENT_OK);
    for (int32_t i = 0; i < 200; i++) {
        (void)policy_explore(policy, obs, 1, 0, &run);
        assert_int_equal(run.left, 0);
    }
    policy_destroy(policy);
}

/* Each stream has its own, and an episode's end, a drop and a discard end it: with epsilon 1 and
 * runs of 20 the action stays, and changes with the episode. */
static void test_a_run_ends_with_its_episode(void **state)
{
    (void)state;
    enum { A = 64 };
    agent_config_t config;
    toy_config(&config);
    config.num_actions = A;
    config.num_streams = 2;
    config.epsilon_start = config.epsilon_end = 1;
    config.epsilon_repeat = 1e-3f; /* runs of every length to 20 alike */
    agent_t *agent;
    assert_int_equal(agent_create(&agent, &config, NULL), AGENT_OK);
    static uint8_t obs[TOY_OBS_BYTES];
    int32_t same[2] = { 0 }, over_an_end[3] = { 0 };
    for (int32_t i = 0; i < 300; i++) {
        int32_t last[2];
        for (int32_t k = 0; k < 4; k++)
            for (int32_t s = 0; s < 2; s++) {
                const int32_t action = agent_choose(agent, s, obs);
                if (k > 0) same[s] += action == last[s];
                last[s] = action;
                const agent_outcome_t outcome = { .duration_steps = 1,
                                                  .terminal = k == 3 && i % 3 == 0 };
                agent_settle(agent, s, &outcome, obs);
            }
        for (int32_t s = 0; s < 2 && i % 3 > 0; s++)
            i % 3 == 1 ? agent_drop(agent, s) : agent_discard(agent, s);
        const int32_t action = agent_choose(agent, 0, obs);
        over_an_end[i % 3] += action == last[0];
        agent_drop(agent, 0);
    }
    for (int32_t s = 0; s < 2; s++) assert_true(same[s] > 600);       /* of 900; without runs 14 */
    for (int32_t w = 0; w < 3; w++) assert_true(over_an_end[w] < 15); /* of 100; 1.6 by chance */
    agent_destroy(agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_loaded_policy_plays_as_the_saved_agent),
        cmocka_unit_test(test_a_policy_with_an_agents_weights_chooses_as_the_agent),
        cmocka_unit_test(test_an_agent_learns_the_same_from_decisions_made_elsewhere),
        cmocka_unit_test(test_soft_play_draws_by_the_values),
        cmocka_unit_test(test_random_actions_are_repeated),
        cmocka_unit_test(test_a_run_ends_with_its_episode),
        cmocka_unit_test(test_a_policy_maps_no_replay_memory),
        cmocka_unit_test(test_loading_needs_one_set_of_the_checkpoint),
        cmocka_unit_test(test_what_is_no_checkpoint_or_config_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
