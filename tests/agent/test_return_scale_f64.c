/* test_return_scale_f64.c - the scale of returns against its definition, and what it does to the
 * projection. */
#include "return_scale.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atoms.h"
#include "numeric.h"

typedef struct {
    return_scale_t scale;
    void *block;
} subject_t;

static agent_config_t config_of(float low, float high)
{
    agent_config_t config;
    agent_config_defaults(&config, 3);
    config.num_streams = 2;
    config.discount_per_step = 0.96875f; /* exact in binary */
    config.return_min = low;
    config.return_max = high;
    return config;
}

static void begin(subject_t *s, const agent_config_t *config)
{
    arena_t arena = { 0 };
    return_scale_take(&s->scale, &arena, config);
    s->block = calloc(1, arena.used_bytes);
    arena = (arena_t){ .base = s->block };
    return_scale_take(&s->scale, &arena, config);
}

/* A chain of one decision: its need is reward / 10. */
static void add_single(subject_t *s, float reward)
{
    return_scale_add(&s->scale, 0, reward, 1);
    return_scale_end(&s->scale, 0);
}

/* max over t of G_t / its edge, G_t = sum_k discount^(durations from t to k) r_k. */
static double need_slowly(const agent_config_t *config, const float *rewards,
                          const int32_t *durations, int32_t count)
{
    double most = 0;
    for (int32_t t = 0; t < count; t++) {
        double sum = 0;
        int32_t steps = 0;
        for (int32_t k = t; k < count; k++) {
            sum += pow((double)config->discount_per_step, steps) * (double)rewards[k];
            steps += durations[k];
        }
        const double edge = (double)(sum < 0 ? config->return_min : config->return_max);
        if (sum / edge > most) most = sum / edge;
    }
    return most;
}

static void test_a_chain_needs_what_its_largest_return_needs(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 3, 0);
    static const float ranges[][2] = { { -10, 10 }, { -3, 2 }, { 0, 5 } };
    for (int i = 0; i < 60; i++) {
        const agent_config_t config = config_of(ranges[i % 3][0], ranges[i % 3][1]);
        subject_t s;
        begin(&s, &config);
        float rewards[40];
        int32_t durations[40];
        const int32_t count = 1 + (int32_t)rng_below(&rng, 40);
        for (int32_t k = 0; k < count; k++) {
            rewards[k] = rng_below(&rng, 3) ? 0 : (float)(100 * rng_normal(&rng));
            durations[k] = 1 + (int32_t)rng_below(&rng, 12);
            return_scale_add(&s.scale, 1, rewards[k], durations[k]);
        }
        return_scale_end(&s.scale, 1);
        const double need = need_slowly(&config, rewards, durations, count);
        assert_int_equal(s.scale.num_needs, need > 0 ? 1 : 0);
        assert_true(numeric_close(s.scale.needs[0], need, 1e-12));
        free(s.block);
    }
}

/* A game that never ends is looked at in blocks. */
static void test_a_long_chain_counts_in_blocks(void **state)
{
    (void)state;
    const agent_config_t config = config_of(-10, 10);
    subject_t s;
    begin(&s, &config);
    for (int32_t i = 0; i < 2 * RETURN_SCALE_BLOCK - 1; i++) return_scale_add(&s.scale, 0, 1, 1);
    assert_int_equal(s.scale.num_needs, 1);
    return_scale_add(&s.scale, 0, 1, 1);
    assert_int_equal(s.scale.num_needs, 2);
    /* 1 + d + d^2 ... = 32, of an edge of 10 */
    assert_true(numeric_close(s.scale.needs[0], 3.2, 1e-6));
    free(s.block);
}

/* Of the chains so far nine in ten fit, with a fifth of the range to spare; few chains all do. */
static void test_the_first_scale_covers_the_returns(void **state)
{
    (void)state;
    const agent_config_t config = config_of(-10, 10);
    subject_t s;
    begin(&s, &config);
    assert_true(return_scale_of(&s.scale) == 1);
    return_scale_follow(&s.scale);
    assert_true(s.scale.scale == 0 && return_scale_of(&s.scale) == 1); /* no reward so far */
    add_single(&s, 0);
    add_single(&s, 20);
    return_scale_add(&s.scale, 1, -50, 1); /* running */
    return_scale_follow(&s.scale);
    assert_true(numeric_close(return_scale_of(&s.scale), 1.25 * 50 / 10, 1e-12));
    free(s.block);

    begin(&s, &config);
    for (int i = 1; i <= 20; i++) add_single(&s, (float)(i % 2 ? -i : i));
    return_scale_follow(&s.scale);
    assert_true(numeric_close(return_scale_of(&s.scale), 1.25 * 18 / 10, 1e-12));
    free(s.block);
}

static void test_it_moves_only_when_returns_no_longer_fit(void **state)
{
    (void)state;
    const agent_config_t config = config_of(-10, 10);
    subject_t s;
    begin(&s, &config);
    for (int i = 0; i < 64; i++) add_single(&s, 80);
    return_scale_follow(&s.scale);
    assert_true(return_scale_of(&s.scale) == 10);
    for (int i = 0; i < 64; i++) { /* within the range, and one that was misread */
        add_single(&s, i == 30 ? 1e9f : i % 2 ? 99 : -27);
        return_scale_follow(&s.scale);
        assert_true(return_scale_of(&s.scale) == 10);
    }
    for (int i = 0; i < 64; i++) {
        add_single(&s, 400);
        return_scale_follow(&s.scale);
    }
    assert_true(return_scale_of(&s.scale) == 50);
    for (int i = 0; i < 64; i++) {
        add_single(&s, 8);
        return_scale_follow(&s.scale);
    }
    assert_true(return_scale_of(&s.scale) == 1);
    free(s.block);
}

/* A saved scale stays until enough chains of this session say otherwise. */
static void test_a_loaded_scale_waits_for_enough_chains(void **state)
{
    (void)state;
    const agent_config_t config = config_of(-10, 10);
    subject_t s;
    begin(&s, &config);
    s.scale.scale = 2;
    for (int i = 0; i < 8; i++) {
        assert_true(return_scale_of(&s.scale) == 2);
        add_single(&s, 80);
        return_scale_follow(&s.scale);
    }
    assert_true(return_scale_of(&s.scale) == 10);
    free(s.block);
}

static void test_a_fixed_scale_stays(void **state)
{
    (void)state;
    agent_config_t config = config_of(-10, 10);
    config.return_scale = 7;
    subject_t s;
    begin(&s, &config);
    for (int i = 0; i < 70; i++) {
        add_single(&s, 1e6f);
        return_scale_follow(&s.scale);
    }
    assert_true(return_scale_of(&s.scale) == 7);
    free(s.block);
}

/* To divide the reward is to widen the atoms: the same distribution. */
static void test_projecting_a_scaled_return_is_projecting_on_wider_atoms(void **state)
{
    (void)state;
    enum { Z = 11 };
    rng_t rng;
    rng_seed(&rng, 1, 0);
    for (int i = 0; i < 500; i++) {
        double logits[Z], probs[Z], scaled[Z], wide[Z];
        const double scale = pow(10, 4 * rng_normal(&rng)), discount = rng_uniform(&rng);
        const double sum = 3 * scale * rng_normal(&rng);
        const atoms_t atoms = { Z, -2, 3 }, wider = { Z, -2 * scale, 3 * scale };
        numeric_fill(&rng, logits, Z);
        atoms_softmax(&atoms, 1, logits, probs);
        atoms_project(&atoms, probs, sum / scale, discount, scaled);
        atoms_project(&wider, probs, sum, discount, wide);
        for (int z = 0; z < Z; z++) assert_true(numeric_close(scaled[z], wide[z], 1e-9));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_chain_needs_what_its_largest_return_needs),
        cmocka_unit_test(test_a_long_chain_counts_in_blocks),
        cmocka_unit_test(test_the_first_scale_covers_the_returns),
        cmocka_unit_test(test_it_moves_only_when_returns_no_longer_fit),
        cmocka_unit_test(test_a_loaded_scale_waits_for_enough_chains),
        cmocka_unit_test(test_a_fixed_scale_stays),
        cmocka_unit_test(test_projecting_a_scaled_return_is_projecting_on_wider_atoms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
