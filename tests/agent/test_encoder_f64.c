/* test_encoder_f64.c - networks that see numbers: gradient and tangent against central differences,
 * with and without pictures; the encoder's parts by their definitions. */
#include "net_subject.h"

#include "emulated.h"
#include "half.h"

enum { STACK = 2, VALUES = 7 };

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
    agent_config_t config;
    subject_config(&config, kind, dueling, noisy, num_atoms);
    config.eyes = eyes;
    config.obs_values = VALUES;
    subject_t *s = open_subject(&config, rng);
    /* Not where everything is 0 or 1. */
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++) {
        const net_row_t *row = &s->net.rows[NET_ENCODER + t];
        if (row->fan_in > 0) continue;
        for (size_t i = 0; i < row->count; i++)
            s->weights[row->offset + i] += (real_t)(0.3 * rng_uniform(rng));
    }
    for (int32_t n = 0; n < ROWS; n++)
        for (int32_t c = 0; c < STACK; c++)
            for (int32_t v = 0; v < VALUES; v++) set_value(s, n, c, v, 2 * rng_uniform(rng) - 0.5);
    return s;
}

/* The bound is for the sum's own rounding, beside the small gradient of a picture's weights. */
static void prove(int32_t num_threads, agent_eyes_t eyes, agent_net_kind_t kind, bool dueling,
                  bool noisy, int32_t num_atoms)
{
    rng_t rng;
    rng_seed(&rng, 31, 0);
    subject_t *s = make_subject(eyes, kind, dueling, noisy, num_atoms, &rng);
    assert_true(prove_subject(s, num_threads, 1e-5, &rng) >= ENCODER_NUM_TENSORS - 2 + 4);
}

static void test_gradient_and_tangent_of_numbers_alone(void **state)
{
    (void)state;
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, false, false, 1);
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, true, 7);
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_NATURE, true, false, 3);
    prove(1, AGENT_EYES_VARIABLES, AGENT_NET_IMPALA, true, false, 3);
}

static void test_gradient_and_tangent_of_pictures_and_numbers(void **state)
{
    (void)state;
    prove(1, AGENT_EYES_BOTH, AGENT_NET_SMALL, false, false, 1);
    prove(1, AGENT_EYES_BOTH, AGENT_NET_SMALL, true, true, 7);
    if (emulated()) return;
    prove(1, AGENT_EYES_BOTH, AGENT_NET_NATURE, true, false, 3);
    prove(1, AGENT_EYES_BOTH, AGENT_NET_IMPALA, true, true, 3);
}

/* More threads than rows: some have nothing to do. */
static void test_gradient_and_tangent_on_several_threads(void **state)
{
    (void)state;
    openblas_set_num_threads(1);
    prove(2, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, true, 7);
    prove(5, AGENT_EYES_VARIABLES, AGENT_NET_SMALL, true, false, 7);
    prove(5, AGENT_EYES_BOTH, AGENT_NET_SMALL, true, true, 7);
    if (!emulated()) prove(5, AGENT_EYES_BOTH, AGENT_NET_IMPALA, true, false, 3);
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
        net_forward_update(&s->net, &online, &target, s->rows, B, true, NULL, &s->pool, &s->scratch,
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
    set_value(s, 0, 1, 1, 1000); /* never changed where it was learned from: not seen */
    s->weights[s->net.rows[NET_ENCODER + ENCODER_VARIANCE].offset + 1] = 0;
    (void)run_forward(s);
    const real_t *at[ENCODER_NUM_TENSORS];
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++)
        at[t] = s->weights + s->net.rows[NET_ENCODER + t].offset;
    real_t in[STACK * VALUES], x[ENCODER_WIDTH], y[ENCODER_WIDTH], up[4 * ENCODER_WIDTH];
    for (int32_t c = 0; c < STACK; c++)
        for (int32_t v = 0; v < VALUES; v++) {
            const double normal = (get_value(s, 0, c, v) - at[ENCODER_MEAN][v]) /
                                  sqrt(at[ENCODER_VARIANCE][v] + 1e-4);
            in[c * VALUES + v] = v == 1 ? 0 : fmax(-10, fmin(10, normal));
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
