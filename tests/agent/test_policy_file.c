/* test_policy_file.c - the weights that play, sent alone: the same play, in full or half precision.
 */

#define _GNU_SOURCE /* memmem */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "agent.h"
#include "files.h"
#include "half.h"
#include "parts.h"
#include "policy.h"
#include "toy_world.h"

static char path[512], sent[512];
static agent_t *agent;
static toy_world_t world = { .random = 1 };

static int make_agent(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    char folder[256];
    snprintf(folder, sizeof folder, "%s/policy-XXXXXX", base ? base : "/tmp");
    agent_set_blas_threads(1);
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/agent.safetensors", folder);
    snprintf(sent, sizeof sent, "%s/sent.safetensors", folder);
    agent_config_t config;
    toy_config(&config);
    config.noisy = config.dueling = true;
    config.num_atoms = 21;
    config.average_updates = 50;
    if (agent_create(&agent, &config, NULL) != AGENT_OK) return -1;
    toy_reset(&world);
    toy_train(agent, &world, 300, 1);
    return agent_save(agent, path, "a note", NULL) == AGENT_OK ? 0 : -1;
}

static int free_agent(void **state)
{
    (void)state;
    agent_destroy(agent);
    return 0;
}

/* Half is a step of 2^-11 of the value, or of 2^-25. */
static void test_every_half_reads_back_and_every_float_goes_to_the_nearest(void **state)
{
    (void)state;
    for (uint32_t h = 0; h < 0x10000; h++) {
        const float value = half_value((uint16_t)h);
        if (isnan(value))
            assert_true(isnan(half_value(half_of(value))));
        else
            assert_int_equal(half_of(value), h);
    }
    rng_t rng;
    rng_seed(&rng, 1, 0);
    for (int i = 0; i < 100000; i++) {
        const float value = ldexpf((float)rng_normal(&rng), (int)rng_below(&rng, 30) - 26);
        const double error = fabs((double)half_value(half_of(value)) - (double)value);
        assert_true(error <= fmax(fabs((double)value) / 2048, ldexp(1, -25)));
    }
    assert_true(half_value(half_of(1 + 1.0f / 2048)) == 1); /* a tie goes to the even one */
    assert_true(half_value(half_of(1 + 3.0f / 2048)) == 1 + 2.0f / 1024);
    assert_true(half_value(half_of(65504)) == HALF_LARGEST);
    assert_true(isinf(half_value(half_of(65520))));
}

static policy_t *sent_policy(bool as_halves)
{
    policy_t *own = NULL, *policy = NULL;
    char note[16];
    why_t why = "";
    assert_int_equal(policy_load(&own, path, note, sizeof note, why), AGENT_OK);
    if (policy_save(own, sent, note, as_halves, why) != AGENT_OK) fail_msg("%s", why);
    policy_destroy(own);
    if (policy_load_alone(&policy, sent, note, sizeof note, why) != AGENT_OK) fail_msg("%s", why);
    assert_string_equal(note, "a note");
    return policy;
}

static void test_what_is_sent_plays_as_the_agent(void **state)
{
    (void)state;
    for (int as_halves = 0; as_halves < 2; as_halves++) {
        policy_t *policy = sent_policy(as_halves);
        uint64_t decisions, updates;
        agent_stats_t stats;
        agent_get_stats(agent, &stats);
        policy_trained(policy, &decisions, &updates);
        assert_true(decisions == stats.decisions && updates == stats.updates && updates > 0);
        for (int k = 0; k < 20; k++, toy_reset(&world)) {
            float q[TOY_ACTIONS], other[TOY_ACTIONS];
            policy_q_values(agent_policy(agent), world.obs, q);
            policy_q_values(policy, world.obs, other);
            if (!as_halves) assert_memory_equal(q, other, sizeof q);
            for (int a = 0; a < TOY_ACTIONS; a++) assert_true(fabsf(q[a] - other[a]) < 0.01f);
        }
        policy_destroy(policy);
    }
}

/* A third of the sets' size or less, and no word of optimizer or target network. */
static void test_nothing_else_is_sent(void **state)
{
    (void)state;
    struct stat whole, full, half;
    assert_int_equal(stat(path, &whole), 0);
    policy_destroy(sent_policy(false));
    assert_int_equal(stat(sent, &full), 0);
    policy_destroy(sent_policy(true));
    assert_int_equal(stat(sent, &half), 0);
    assert_true(full.st_size * 4 < whole.st_size);
    assert_in_range(half.st_size * 2, full.st_size, full.st_size + 16384);
    uint8_t *bytes;
    size_t num_bytes;
    assert_true(files_read(sent, 1 << 24, &bytes, &num_bytes, NULL));
    assert_null(memmem(bytes, num_bytes, "adam_m", 6));
    assert_null(memmem(bytes, num_bytes, "rng.", 4));
    free(bytes);
}

static void test_other_tensors_and_weights_that_are_no_numbers_are_refused(void **state)
{
    (void)state;
    policy_t *policy = NULL;
    char note[16];
    why_t why = "";
    assert_int_equal(policy_load_alone(&policy, path, note, sizeof note, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "of which"));
    assert_null(policy);
    policy_destroy(sent_policy(true));
    uint8_t *bytes;
    size_t num_bytes;
    assert_true(files_read(sent, 1 << 24, &bytes, &num_bytes, NULL));
    bytes[num_bytes - 1] ^= 1;
    assert_true(files_replace(sent, bytes, num_bytes, NULL));
    free(bytes);
    assert_int_equal(policy_load_alone(&policy, sent, note, sizeof note, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "is damaged"));
    /* Whole, and with a NaN. */
    policy_t *evil = NULL;
    assert_int_equal(policy_load(&evil, path, NULL, 0, why), AGENT_OK);
    evil->own[5] = (real_t)NAN;
    assert_int_equal(policy_save(evil, sent, "", false, why), AGENT_OK);
    policy_destroy(evil);
    assert_int_equal(policy_load_alone(&policy, sent, note, sizeof note, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "not finite"));
    /* A weight that no half holds. */
    agent->learner.averaged[0] = 1e6f;
    assert_int_equal(policy_save(agent_policy(agent), sent, "", true, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "beyond 65504"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_half_reads_back_and_every_float_goes_to_the_nearest),
        cmocka_unit_test(test_what_is_sent_plays_as_the_agent),
        cmocka_unit_test(test_nothing_else_is_sent),
        cmocka_unit_test(test_other_tensors_and_weights_that_are_no_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, make_agent, free_agent);
}
