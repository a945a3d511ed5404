/* test_encoder_f64.c - networks that see numbers: gradient and tangent against central differences,
 * with and without pictures; the encoder's parts by their definitions. */
#include "net.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "half.h"
#include "noise_grad.h"
#include "numeric.h"

enum { ROWS = 3, PROBES = 15, STACK = 2, VALUES = 7, H = 40, W = 36, MOST_BYTES = 4096 };

typedef struct {
    agent_config_t config;
    net_t net;
    thread_pool_t pool;
    void *block;
    real_t *weights, *grad, *tangent, *noise, *effective, *tangent_effective;
    real_t *out_weights, *d_logits, *t_logits;
    net_acts_t acts;
    net_scratch_t scratch;
    uint8_t obs[ROWS][MOST_BYTES];
    const uint8_t *rows[ROWS];
} subject_t;

static void take(subject_t *s, arena_t *arena)
{
    const net_t *net = &s->net;
    real_t **flats[] = { &s->weights, &s->grad, &s->tangent };
    for (int i = 0; i < 3; i++) *flats[i] = arena_take(arena, net->num_weights, sizeof(real_t));
    s->noise = arena_take(arena, net->noise_count, sizeof(real_t));
    s->effective = arena_take(arena, net->mean_count, sizeof(real_t));
    s->tangent_effective = arena_take(arena, net->mean_count, sizeof(real_t));
    real_t **outs[] = { &s->out_weights, &s->d_logits, &s->t_logits };
    for (int i = 0; i < 3; i++)
        *outs[i] = arena_take(arena, ROWS * (size_t)net->head.out_size, sizeof(real_t));
    net_acts_take(net, arena, ROWS, &s->acts);
    net_scratch_take(net, arena, ROWS, &s->scratch);
}

static size_t num_logits(const subject_t *s)
{
    return ROWS * (size_t)s->net.head.out_size;
}

static uint8_t *value_at(subject_t *s, int32_t row, int32_t look, int32_t v)
{
    return s->obs[row] + (size_t)look * agent_look_bytes(&s->config) +
           agent_picture_bytes(&s->config) + 2 * v;
}

static void set_value(subject_t *s, int32_t row, int32_t look, int32_t v, double value)
{
    memcpy(value_at(s, row, look, v), &(uint16_t){ half_of((float)value) }, 2);
}

static double get_value(subject_t *s, int32_t row, int32_t look, int32_t v)
{
    uint16_t half;
    memcpy(&half, value_at(s, row, look, v), 2);
    return (double)half_value(half);
}

static subject_t *make_subject(agent_eyes_t eyes, agent_net_kind_t kind, bool dueling, bool noisy,
                               int32_t num_atoms, rng_t *rng)
{
    subject_t *s = calloc(1, sizeof *s);
    agent_config_defaults(&s->config, 5);
    s->config.eyes = eyes;
    s->config.obs_values = VALUES;
    s->config.net_kind = kind;
    s->config.obs_stack = STACK;
    s->config.obs_height_px = H;
    s->config.obs_width_px = W;
    s->config.dueling = dueling;
    s->config.noisy = noisy;
    s->config.num_atoms = num_atoms;
    assert_true(agent_obs_bytes(&s->config) <= MOST_BYTES);
    assert_true(net_init(&s->net, &s->config));
    arena_t arena = { 0 };
    take(s, &arena);
    s->block = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(s->block, 0, arena.used_bytes);
    arena = (arena_t){ .base = s->block };
    take(s, &arena);
    net_first_weights(&s->net, 0.5, rng, s->weights);
    /* Not where everything is 0 or 1. */
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++) {
        const net_row_t *row = &s->net.rows[NET_ENCODER + t];
        if (row->fan_in > 0) continue;
        for (size_t i = 0; i < row->count; i++)
            s->weights[row->offset + i] += (real_t)(0.3 * rng_uniform(rng));
    }
    net_draw_noise(&s->net, rng, s->noise);
    numeric_fill(rng, s->out_weights, num_logits(s));
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++)
        numeric_fill(rng, s->tangent + s->net.rows[t].offset, s->net.rows[t].count);
    for (int32_t n = 0; n < ROWS; n++) {
        for (int32_t i = 0; i < MOST_BYTES; i++) s->obs[n][i] = (uint8_t)rng_next(rng);
        for (int32_t c = 0; c < STACK; c++)
            for (int32_t v = 0; v < VALUES; v++) set_value(s, n, c, v, 2 * rng_uniform(rng) - 0.5);
        s->rows[n] = s->obs[n];
    }
    return s;
}

static void free_subject(subject_t *s)
{
    thread_pool_stop(&s->pool);
    free(s->block);
    free(s);
}

static net_view_t run_forward(subject_t *s)
{
    if (s->net.noisy) {
        const noisy_t noisy = net_noisy(&s->net, s->noise);
        noisy_compose(&noisy, s->weights, s->effective, 0, 1);
    }
    const net_view_t view = net_view(&s->net, s->weights, s->net.noisy ? s->effective : NULL);
    net_forward(&s->net, &view, s->rows, ROWS, &s->pool, &s->scratch, &s->acts);
    return view;
}

static double run_scalar(void *context)
{
    subject_t *s = context;
    (void)run_forward(s);
    return numeric_dot(s->acts.logits, s->out_weights, num_logits(s));
}

static bool is_trained(int32_t tensor)
{
    return tensor != NET_ENCODER + ENCODER_MEAN && tensor != NET_ENCODER + ENCODER_VARIANCE;
}

static void prove(int32_t num_threads, agent_eyes_t eyes, agent_net_kind_t kind, bool dueling,
                  bool noisy, int32_t num_atoms)
{
    rng_t rng;
    rng_seed(&rng, 31, 0);
    subject_t *s = make_subject(eyes, kind, dueling, noisy, num_atoms, &rng);
    if (num_threads > 1) thread_pool_start(&s->pool, num_threads);
    const net_t *net = &s->net;
    const net_view_t view = run_forward(s);
    /* Twice: what the first pass left behind must not count. */
    for (int i = 0; i < 2; i++) {
        memcpy(s->d_logits, s->out_weights, num_logits(s) * sizeof(real_t));
        net_backward(net, &view, s->rows, &s->acts, ROWS, s->d_logits, &s->pool, &s->scratch,
                     s->grad);
    }
    const noisy_t draw = net_noisy(net, s->noise);
    noise_grad_write(&draw, s->grad);
    noisy_compose(&draw, s->tangent, s->tangent_effective, 0, 1);
    const net_view_t along = net_view(net, s->tangent, noisy ? s->tangent_effective : NULL);
    net_jvp(net, &view, &along, s->rows, &s->acts, ROWS, &s->pool, &s->scratch, s->t_logits);

    const double left = numeric_dot(s->t_logits, s->out_weights, num_logits(s));
    const double right = numeric_dot(s->tangent, s->grad, net->num_weights);
    assert_true(fabs(left - right) <= 1e-10 * fmax(fabs(left), 1));

    int32_t num_proven = 0;
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &net->rows[t];
        if (row->count == 0) continue;
        if (!is_trained(t)) {
            for (size_t i = 0; i < row->count; i++) assert_true(s->grad[row->offset + i] == 0);
            continue;
        }
        const double error =
            numeric_grad_error(run_scalar, s, s->weights + row->offset, s->grad + row->offset,
                               row->count, PROBES, NUMERIC_STEP, &rng);
        /* The sum's own rounding, beside the small gradient of a picture's weights. */
        if (!(error <= 1e-5)) fail_msg("%s: relative error %g", row->name, error);
        num_proven++;
    }
    assert_true(num_proven >= ENCODER_NUM_TENSORS - 2 + 4);
    free_subject(s);
}

static void test_gradient_and_tangent_of_numbers_alone(void **state)
{
    (void)state;
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, false, false, 1);
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, true, 7);
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_NATURE, true, false, 3);
}

static void test_gradient_and_tangent_of_pictures_and_numbers(void **state)
{
    (void)state;
    prove(1, AGENT_EYES_BOTH, AGENT_NET_SMALL, false, false, 1);
    prove(1, AGENT_EYES_BOTH, AGENT_NET_SMALL, true, true, 7);
    prove(1, AGENT_EYES_BOTH, AGENT_NET_NATURE, true, false, 3);
}

/* More threads than rows: some have nothing to do. */
static void test_gradient_and_tangent_on_several_threads(void **state)
{
    (void)state;
    openblas_set_num_threads(1);
    prove(2, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, true, 7);
    prove(5, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, false, 7);
    prove(5, AGENT_EYES_BOTH, AGENT_NET_SMALL, true, true, 7);
}

static void test_one_noisy_row_agrees_with_composed_weights(void **state)
{
    (void)state;
    for (agent_eyes_t eyes = AGENT_EYES_VARIABLES; eyes <= AGENT_EYES_BOTH; eyes++) {
        rng_t rng;
        rng_seed(&rng, 33, 0);
        subject_t *s = make_subject(eyes, AGENT_NET_SMALL, true, true, 3, &rng);
        (void)run_forward(s);
        memcpy(s->t_logits, s->acts.logits, num_logits(s) * sizeof(real_t));
        net_forward_noisy_row(&s->net, s->weights, s->noise, s->rows[0], &s->scratch, &s->acts);
        for (int32_t i = 0; i < s->net.head.out_size; i++)
            assert_true(numeric_close(s->acts.logits[i], s->t_logits[i], 1e-12));
        free_subject(s);
    }
}

/* An update's passes share conv1's work: the same logits as each pass alone. */
static void test_the_passes_of_an_update_are_those_alone(void **state)
{
    (void)state;
    enum { B = 1 };
    for (agent_eyes_t eyes = AGENT_EYES_VARIABLES; eyes <= AGENT_EYES_BOTH; eyes++) {
        rng_t rng;
        rng_seed(&rng, 34, 0);
        subject_t *s = make_subject(eyes, AGENT_NET_SMALL, true, false, 3, &rng);
        const net_view_t online = run_forward(s);
        const net_view_t target = net_view(&s->net, s->tangent, NULL);
        memcpy(s->t_logits, s->acts.logits, num_logits(s) * sizeof(real_t));
        subject_t *other = make_subject(eyes, AGENT_NET_SMALL, true, false, 3, &rng);
        net_forward_update(&s->net, &online, &target, s->rows, B, true, &s->pool, &s->scratch,
                           &s->acts, &other->acts);
        const int32_t AZ = s->net.head.out_size;
        for (int32_t i = 0; i < 2 * AZ; i++)
            assert_true(numeric_close(s->acts.logits[i], s->t_logits[i], 1e-12));
        net_forward(&s->net, &target, s->rows + 1, B, &s->pool, &s->scratch, &s->acts);
        for (int32_t i = 0; i < AZ; i++)
            assert_true(numeric_close(s->acts.logits[i], other->acts.logits[i],
                                      1e-12 * fmax(1, fabs(s->acts.logits[i]))));
        free_subject(other);
        free_subject(s);
    }
}

/* The features of row 0, slowly, from encoder.h's first lines. */
static void slow_norm(const real_t *x, const real_t *gain, const real_t *shift, real_t *y)
{
    double mean = 0, variance = 0;
    for (int32_t i = 0; i < ENCODER_WIDTH; i++) mean += x[i] / ENCODER_WIDTH;
    for (int32_t i = 0; i < ENCODER_WIDTH; i++)
        variance += (x[i] - mean) * (x[i] - mean) / ENCODER_WIDTH;
    for (int32_t i = 0; i < ENCODER_WIDTH; i++)
        y[i] = gain[i] * (x[i] - mean) / sqrt(variance + 1e-5) + shift[i];
}

static void slow_linear(int32_t ins, int32_t outs, const real_t *x, const real_t *w,
                        const real_t *b, real_t *y)
{
    for (int32_t o = 0; o < outs; o++) {
        y[o] = b[o];
        for (int32_t i = 0; i < ins; i++) y[o] += w[o * ins + i] * x[i];
    }
}

static void test_features_by_their_definition(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 35, 0);
    subject_t *s = make_subject(AGENT_EYES_BOTH, AGENT_NET_SMALL, true, false, 3, &rng);
    set_value(s, 0, 1, 2, 1000); /* far beyond anything seen: kept at 10 deviations */
    (void)run_forward(s);
    const real_t *at[ENCODER_NUM_TENSORS];
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++)
        at[t] = s->weights + s->net.rows[NET_ENCODER + t].offset;
    real_t in[STACK * VALUES], x[ENCODER_WIDTH], y[ENCODER_WIDTH], up[4 * ENCODER_WIDTH];
    for (int32_t c = 0; c < STACK; c++)
        for (int32_t v = 0; v < VALUES; v++) {
            const double normal = (get_value(s, 0, c, v) - at[ENCODER_MEAN][v]) /
                                  sqrt(at[ENCODER_VARIANCE][v] + 1e-4);
            in[c * VALUES + v] = fmax(-10, fmin(10, normal));
        }
    assert_true(in[VALUES + 2] == 10);
    slow_linear(STACK * VALUES, ENCODER_WIDTH, in, at[ENCODER_IN_W], at[ENCODER_IN_B], x);
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        const real_t *const *of = at + ENCODER_BLOCK + 6 * b;
        slow_norm(x, of[ENCODER_GAIN], of[ENCODER_SHIFT], y);
        slow_linear(ENCODER_WIDTH, 4 * ENCODER_WIDTH, y, of[ENCODER_UP_W], of[ENCODER_UP_B], up);
        for (int32_t i = 0; i < 4 * ENCODER_WIDTH; i++) up[i] = fmax(up[i], 0);
        slow_linear(4 * ENCODER_WIDTH, ENCODER_WIDTH, up, of[ENCODER_DOWN_W], of[ENCODER_DOWN_B],
                    y);
        for (int32_t i = 0; i < ENCODER_WIDTH; i++) x[i] += y[i];
    }
    slow_norm(x, at[ENCODER_OUT_GAIN], at[ENCODER_OUT_SHIFT], y);
    for (int32_t i = 0; i < ENCODER_WIDTH; i++)
        assert_true(numeric_close(s->acts.features[s->net.num_pixels + i], y[i], 1e-9));
    free_subject(s);
}

/* At rates 1, 1/2, 1/3 it is mean and variance of all that was seen, and nothing else moves. */
static void test_mean_and_variance_are_those_of_all_seen(void **state)
{
    (void)state;
    enum { BATCHES = 5 };
    rng_t rng;
    rng_seed(&rng, 36, 0);
    subject_t *s = make_subject(AGENT_EYES_BOTH, AGENT_NET_SMALL, true, false, 3, &rng);
    memcpy(s->grad, s->weights, s->net.num_weights * sizeof(real_t));
    double sums[VALUES] = { 0 }, squares[VALUES] = { 0 }, count = 0;
    for (int32_t k = 1; k <= BATCHES; k++) {
        for (int32_t n = 0; n < ROWS; n++)
            for (int32_t c = 0; c < STACK; c++, count++)
                for (int32_t v = 0; v < VALUES; v++) {
                    set_value(s, n, c, v, v == 0 ? 0.25 : k * rng_uniform(&rng) - v);
                    sums[v] += get_value(s, n, c, v);
                    squares[v] += get_value(s, n, c, v) * get_value(s, n, c, v);
                }
        net_follow_values(&s->net, s->rows, ROWS, 1.0 / k, s->weights);
    }
    const net_row_t *mean = &s->net.rows[NET_ENCODER + ENCODER_MEAN], *variance = mean + 1;
    for (int32_t v = 0; v < VALUES; v++) {
        const double m = sums[v] / count;
        assert_true(numeric_close(s->weights[mean->offset + (size_t)v], m, 1e-9));
        assert_true(numeric_close(s->weights[variance->offset + (size_t)v],
                                  squares[v] / count - m * m, 1e-9));
    }
    for (size_t i = 0; i < s->net.num_weights; i++)
        if (i < mean->offset || i >= variance->offset + variance->count)
            assert_true(s->weights[i] == s->grad[i]);
    free_subject(s);
}

/* A hostile file's. */
static void test_a_negative_variance_makes_no_nan(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 37, 0);
    subject_t *s = make_subject(AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, false, 3, &rng);
    s->weights[s->net.rows[NET_ENCODER + ENCODER_VARIANCE].offset] = -5;
    assert_true(isfinite(run_scalar(s)));
    free_subject(s);
}

/* Of a replay memory's file: no number, infinite. */
static void test_what_is_no_number_counts_as_0(void **state)
{
    (void)state;
    static const uint16_t halves[] = { 0x7c00, 0xfc00, 0x7e00, 0xfe01 };
    for (int i = 0; i < 4; i++) {
        rng_t rng;
        rng_seed(&rng, 38, 0);
        subject_t *s = make_subject(AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, false, 3, &rng);
        set_value(s, 1, 0, 3, 0);
        const double wanted = run_scalar(s);
        memcpy(value_at(s, 1, 0, 3), &halves[i], 2);
        assert_true(run_scalar(s) == wanted);
        net_follow_values(&s->net, s->rows, ROWS, 0.5, s->weights);
        for (size_t w = 0; w < s->net.num_weights; w++) assert_true(isfinite(s->weights[w]));
        free_subject(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradient_and_tangent_of_numbers_alone),
        cmocka_unit_test(test_gradient_and_tangent_of_pictures_and_numbers),
        cmocka_unit_test(test_gradient_and_tangent_on_several_threads),
        cmocka_unit_test(test_one_noisy_row_agrees_with_composed_weights),
        cmocka_unit_test(test_the_passes_of_an_update_are_those_alone),
        cmocka_unit_test(test_features_by_their_definition),
        cmocka_unit_test(test_mean_and_variance_are_those_of_all_seen),
        cmocka_unit_test(test_a_negative_variance_makes_no_nan),
        cmocka_unit_test(test_what_is_no_number_counts_as_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
