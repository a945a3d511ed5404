/* test_inverse_model.c - which actions do the same is found from what follows them: against numbers
 * by hand, with copies, however often each was played; what cannot be learned from is refused. */
#include "inverse_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "splitmix.h"

enum { ROWS = 2000, INPUTS = 6, ACTIONS = 12, KINDS = 4 };

typedef struct {
    float inputs[ROWS * INPUTS];
    int32_t actions[ROWS];
} played_t;

static played_t played;

static float random_part(uint64_t *random)
{
    return (float)(splitmix64(random) >> 40) * 0x1p-24f;
}

static inverse_model_config_t config_of(int32_t num_rows, int32_t num_actions, uint64_t seed)
{
    return (inverse_model_config_t){ .inputs = played.inputs,
                                     .actions = played.actions,
                                     .num_rows = num_rows,
                                     .num_inputs = INPUTS,
                                     .num_actions = num_actions,
                                     .seed = seed };
}

static inverse_model_result_t learn(float *distances, const inverse_model_config_t *config)
{
    why_t why = "";
    inverse_model_result_t result;
    if (!inverse_model_distances(distances, &result, config, why)) fail_msg("%s", why);
    for (int32_t a = 0; a < config->num_actions; a++)
        for (int32_t b = 0; b < config->num_actions; b++) {
            const float d = distances[a * config->num_actions + b];
            assert_true(d >= 0 && d <= 1 && d == distances[b * config->num_actions + a]);
            assert_true(a != b || d == 0);
        }
    return result;
}

/* Two places on a plane are seen, before and behind; an action moves a random step into the
 * direction of its kind, a % KINDS, and the rest is noise. The actions 0, 1, 2 ... are drawn
 * `often`, 1, 1 ... times as often as each other. */
static void play(uint64_t seed, int32_t often)
{
    static const float directions[KINDS][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
    uint64_t random = seed;
    for (int32_t r = 0; r < ROWS; r++) {
        const int32_t drawn =
            (int32_t)splitmix_below(&random, (uint32_t)(ACTIONS - 1 + often)) - often + 1;
        const int32_t action = drawn < 0 ? 0 : drawn;
        float *x = played.inputs + (ptrdiff_t)r * INPUTS;
        const float length = 0.2f + random_part(&random);
        for (int i = 0; i < 2; i++) {
            x[i] = random_part(&random);
            x[2 + i] = x[i] + length * directions[action % KINDS][i];
            x[4 + i] = random_part(&random);
        }
        played.actions[r] = action;
    }
}

/* The share of (copy, no copy) couples of pairs of which the first is nearer. */
static double auc_of(const float *distances)
{
    double wins = 0, contests = 0;
    for (int32_t p = 0; p < ACTIONS * ACTIONS; p++) {
        const int32_t i = p / ACTIONS, j = p % ACTIONS;
        if (i >= j || i % KINDS != j % KINDS) continue;
        for (int32_t q = 0; q < ACTIONS * ACTIONS; q++) {
            const int32_t k = q / ACTIONS, l = q % ACTIONS;
            if (k >= l || k % KINDS == l % KINDS) continue;
            wins += distances[p] < distances[q] ? 1 : distances[p] > distances[q] ? 0 : 0.5;
            contests++;
        }
    }
    return wins / contests;
}

static void expect_copies(const float *distances, uint64_t seed)
{
    for (int32_t a = 0; a < ACTIONS; a++)
        for (int32_t b = 0; b < a; b++) {
            const float d = distances[a * ACTIONS + b];
            if (a % KINDS == b % KINDS ? !(d < 0.25f) : !(d > 0.6f))
                fail_msg("seed %d: actions %d and %d are %g apart", (int)seed, a, b, (double)d);
        }
}

static void test_copies_are_near_and_others_far(void **state)
{
    (void)state;
    float distances[ACTIONS * ACTIONS];
    for (uint64_t seed = 1; seed <= 4; seed++) {
        play(seed, 1);
        const inverse_model_config_t config = config_of(ROWS, ACTIONS, seed);
        const inverse_model_result_t result = learn(distances, &config);
        /* A perfect guess among three copies costs log 3. */
        assert_true(result.held_out_loss < result.chance_loss - 0.8);
        assert_true(result.held_out_loss > log(ACTIONS / KINDS) - 0.1);
        /* What is told is what is not missing, as good as each action was played alike. */
        assert_true(fabs(result.told - (log(ACTIONS) - result.held_out_loss)) < 0.05);
        assert_true(result.told > 10 * result.told_error);
        assert_true(result.epochs > 0 && result.epochs <= INVERSE_MODEL_MAX_EPOCHS);
        const double auc = auc_of(distances);
        if (!(auc >= 0.99)) fail_msg("seed %d: area under the ROC curve %.3f", (int)seed, auc);
        expect_copies(distances, seed);
    }
}

/* How often an action was played says nothing of what it does. */
static void test_the_behaviour_policy_is_divided_out(void **state)
{
    (void)state;
    float distances[ACTIONS * ACTIONS];
    play(5, 12);
    const inverse_model_config_t config = config_of(ROWS, ACTIONS, 5);
    learn(distances, &config);
    expect_copies(distances, 5);
}

/* One bit follows: 1 after action 0 in 4 of 5 cases, after action 1 in 1 of 5, after actions 2 and
 * 3 in half of them. By hand: 1 - sum over both bits of 2 f g / (f + g). */
static void test_distances_are_half_the_triangular_discrimination(void **state)
{
    (void)state;
    static const double chances[4] = { 0.8, 0.2, 0.5, 0.5 };
    float distances[16];
    uint64_t random = 3;
    memset(&played, 0, sizeof played);
    for (int32_t r = 0; r < ROWS; r++) {
        played.actions[r] = (int32_t)splitmix_below(&random, 4);
        played.inputs[(ptrdiff_t)r * INPUTS] =
            (double)random_part(&random) < chances[played.actions[r]];
    }
    const inverse_model_config_t config = config_of(ROWS, 4, 1);
    learn(distances, &config);
    for (int32_t a = 0; a < 4; a++)
        for (int32_t b = 0; b < a; b++) {
            const double f = chances[a], g = chances[b];
            const double expected = 1 - 2 * f * g / (f + g) - 2 * (1 - f) * (1 - g) / (2 - f - g);
            const double found = (double)distances[a * 4 + b];
            if (!(fabs(found - expected) < 0.06))
                fail_msg("actions %d and %d: found %g, expected %g", a, b, found, expected);
        }
}

static void test_what_tells_nothing_is_not_learned(void **state)
{
    (void)state;
    float distances[ACTIONS * ACTIONS];
    play(6, 1);
    uint64_t random = 6;
    for (int32_t r = 0; r < ROWS; r++) /* other names for what was played */
        played.actions[r] = (int32_t)splitmix_below(&random, ACTIONS);
    const inverse_model_config_t config = config_of(ROWS, ACTIONS, 6);
    const inverse_model_result_t result = learn(distances, &config);
    assert_true(result.held_out_loss > result.chance_loss - 0.02);
    assert_true(fabs(result.told) < 3 * result.told_error + 0.01);
    for (int32_t i = 0; i < ACTIONS * ACTIONS; i++) assert_true(distances[i] < 0.1f);
}

static void test_the_seed_decides(void **state)
{
    (void)state;
    float first[ACTIONS * ACTIONS], again[ACTIONS * ACTIONS], other[ACTIONS * ACTIONS];
    play(7, 1);
    inverse_model_config_t config = config_of(400, ACTIONS, 7);
    learn(first, &config);
    learn(again, &config);
    assert_memory_equal(first, again, sizeof first);
    config.seed = 8;
    learn(other, &config);
    assert_memory_not_equal(first, other, sizeof first);
}

static bool stop_at_three(void *context, int32_t epochs_done, double held_out_loss)
{
    assert_int_equal(epochs_done, ++*(int32_t *)context);
    assert_true(isfinite(held_out_loss));
    return epochs_done < 3;
}

static void test_refusals(void **state)
{
    (void)state;
    float distances[ACTIONS * ACTIONS];
    inverse_model_result_t result;
    why_t why = "";
    play(9, 1);
    inverse_model_config_t config = config_of(INVERSE_MODEL_MIN_ROWS - 1, ACTIONS, 1);
    assert_false(inverse_model_distances(distances, &result, &config, why));
    assert_string_equal(why, "an inverse model needs 10 decisions or more, found 9");

    int32_t calls = 0;
    config = config_of(ROWS, ACTIONS, 1);
    config.watch = stop_at_three;
    config.context = &calls;
    assert_false(inverse_model_distances(distances, &result, &config, why));
    assert_string_equal(why, "stopped after 3 epochs of the inverse model");

    config.watch = NULL;
    played.inputs[17 * INPUTS + 4] = NAN;
    assert_false(inverse_model_distances(distances, &result, &config, why));
    assert_non_null(strstr(why, "number 4 of decision 17 must be finite, found "));
    played.inputs[17 * INPUTS + 4] = INFINITY;
    assert_false(inverse_model_distances(distances, &result, &config, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies_are_near_and_others_far),
        cmocka_unit_test(test_the_behaviour_policy_is_divided_out),
        cmocka_unit_test(test_distances_are_half_the_triangular_discrimination),
        cmocka_unit_test(test_what_tells_nothing_is_not_learned),
        cmocka_unit_test(test_the_seed_decides),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
