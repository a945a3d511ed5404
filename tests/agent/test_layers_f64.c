/* test_layers_f64.c - each layer's backward and jvp against central differences (relative error
 * <= 1e-6), and the adjoint identity <J u, w> = <u, J^T w> (1e-10). */
#include "layers.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "numeric.h"

enum { ROWS = 3, PROBES = 60 };

/* One layer with everything it reads and writes. Parameters x = in | w | b, so that gradient,
 * tangent and probes are one array each. */
typedef struct {
    const conv_t *conv; /* one of these two */
    const linear_t *linear;
    size_t in_count, w_count, b_count, out_count, patches_count;
    double *x, *dx, *tx; /* parameters, gradient, tangent */
    double *out, *out_weights, *t_out, *scratch;
    uint8_t *bytes;
    const uint8_t *rows[ROWS];
} subject_t;

static size_t x_count(const subject_t *s)
{
    return s->in_count + s->w_count + s->b_count;
}

static void run_forward(subject_t *s)
{
    const double *in = s->x, *w = in + s->in_count, *b = w + s->w_count;
    if (s->conv) {
        const conv_input_t input = { .bytes = s->rows, .reals = in };
        conv_forward(s->conv, ROWS, input, w, b, s->scratch, s->out);
    } else {
        /* In two shares, as threads would. */
        const linear_range_t all = linear_all_outs(s->linear), first = { 0, all.count / 3 };
        const linear_range_t rest = { first.count, all.count - first.count };
        linear_forward(s->linear, first, ROWS, in, w, b, s->out);
        linear_forward(s->linear, rest, ROWS, in, w, b, s->out);
    }
}

/* L = <out, out_weights> */
static double run_scalar(void *context)
{
    subject_t *s = context;
    run_forward(s);
    return numeric_dot(s->out, s->out_weights, s->out_count);
}

static void prepare(subject_t *s, rng_t *rng)
{
    const size_t most = s->in_count + s->w_count + s->b_count;
    s->x = calloc(most, sizeof(double));
    s->dx = calloc(most, sizeof(double));
    s->tx = calloc(most, sizeof(double));
    s->out = calloc(s->out_count, sizeof(double));
    s->out_weights = calloc(s->out_count, sizeof(double));
    s->t_out = calloc(s->out_count, sizeof(double));
    s->scratch = calloc(64 * s->patches_count + 1, sizeof(double));
    numeric_fill(rng, s->x, most);
    numeric_fill(rng, s->tx, most);
    numeric_fill(rng, s->out_weights, s->out_count);
}

static void clear(subject_t *s)
{
    free(s->x);
    free(s->dx);
    free(s->tx);
    free(s->out);
    free(s->out_weights);
    free(s->t_out);
    free(s->scratch);
    free(s->bytes);
}

static void run_backward(subject_t *s)
{
    double *d_out = malloc(s->out_count * sizeof(double));
    memcpy(d_out, s->out_weights, s->out_count * sizeof(double));
    const double *in = s->x, *w = in + s->in_count;
    const conv_input_t input = { .bytes = s->rows, .reals = in };
    double *d_in = s->dx, *d_w = d_in + s->in_count, *d_b = d_w + s->w_count;
    if (s->conv)
        conv_backward(s->conv, ROWS, input, w, s->out, d_out, s->scratch, d_w, d_b,
                      s->conv->from_bytes ? NULL : d_in);
    else {
        const linear_range_t outs = linear_all_outs(s->linear), some = { 0, outs.count / 3 };
        const linear_range_t rest = { some.count, outs.count - some.count };
        const linear_range_t ins = linear_all_ins(s->linear), left = { 0, ins.count / 3 };
        const linear_range_t right = { left.count, ins.count - left.count };
        linear_backward_weights(s->linear, some, ROWS, in, s->out, d_out, d_w, d_b);
        linear_backward_weights(s->linear, rest, ROWS, in, s->out, d_out, d_w, d_b);
        linear_backward_input(s->linear, left, ROWS, w, d_out, d_in);
        linear_backward_input(s->linear, right, ROWS, w, d_out, d_in);
    }
    free(d_out);
}

static void run_jvp(subject_t *s)
{
    const double *in = s->x, *w = in + s->in_count;
    const conv_input_t input = { .bytes = s->rows, .reals = in };
    const double *t_in = s->tx, *t_w = t_in + s->in_count, *t_b = t_w + s->w_count;
    if (s->conv)
        conv_jvp(s->conv, ROWS, input, w, s->out, s->conv->from_bytes ? NULL : t_in, t_w, t_b,
                 s->scratch, s->t_out);
    else {
        const linear_range_t all = linear_all_outs(s->linear), first = { 0, all.count / 3 };
        const linear_range_t rest = { first.count, all.count - first.count };
        linear_jvp(s->linear, first, ROWS, in, w, s->out, t_in, t_w, t_b, s->t_out);
        linear_jvp(s->linear, rest, ROWS, in, w, s->out, t_in, t_w, t_b, s->t_out);
    }
}

static void expect_proven(subject_t *s, rng_t *rng)
{
    run_forward(s);
    run_backward(s);
    /* What stood there before does not count. */
    double *once = malloc(x_count(s) * sizeof(double));
    memcpy(once, s->dx, x_count(s) * sizeof(double));
    run_backward(s);
    for (size_t i = 0; i < x_count(s); i++) assert_true(s->dx[i] == once[i]);
    free(once);
    run_jvp(s);

    /* <J u, w> = <u, J^T w> */
    const double left = numeric_dot(s->t_out, s->out_weights, s->out_count);
    const double right = numeric_dot(s->tx, s->dx, x_count(s));
    assert_true(fabs(left - right) <= 1e-10 * fmax(fabs(left), 1));

    /* jvp: every output against (f(x + h u) - f(x - h u)) / 2h */
    const double h = 1e-6;
    double *above = malloc(s->out_count * sizeof(double)), worst = 0;
    for (size_t i = 0; i < x_count(s); i++) s->x[i] += h * s->tx[i];
    run_forward(s);
    memcpy(above, s->out, s->out_count * sizeof(double));
    for (size_t i = 0; i < x_count(s); i++) s->x[i] -= 2 * h * s->tx[i];
    run_forward(s);
    for (size_t i = 0; i < s->out_count; i++)
        worst = fmax(worst, fabs((above[i] - s->out[i]) / (2 * h) - s->t_out[i]) /
                                fmax(fabs(s->t_out[i]), 1));
    assert_true(worst <= 1e-6);
    for (size_t i = 0; i < x_count(s); i++) s->x[i] += h * s->tx[i];
    free(above);

    assert_true(numeric_grad_error(run_scalar, s, s->x, s->dx, x_count(s), PROBES, NUMERIC_STEP,
                                   rng) <= 1e-6);
}

static void prove_this(conv_t conv)
{
    rng_t rng;
    rng_seed(&rng, 11, 0);
    const bool from_bytes = conv.from_bytes;
    const int32_t outs = conv.out_channels;
    subject_t s = {
        .conv = &conv,
        .in_count = from_bytes ? 0 : ROWS * conv_in_size(&conv),
        .w_count = (size_t)(outs * conv_taps(&conv)),
        .b_count = (size_t)outs,
        .out_count = ROWS * conv_out_size(&conv),
        .patches_count = ROWS * conv_patches_size(&conv),
    };
    s.bytes = malloc(ROWS * conv_in_size(&conv));
    for (size_t i = 0; i < ROWS * conv_in_size(&conv); i++) s.bytes[i] = (uint8_t)rng_next(&rng);
    for (int32_t n = 0; n < ROWS; n++) s.rows[n] = s.bytes + (size_t)n * conv_in_size(&conv);
    prepare(&s, &rng);
    expect_proven(&s, &rng);
    clear(&s);
}

static void prove_conv(bool from_bytes, const int32_t shape[3], int32_t outs, int32_t kernel,
                       int32_t stride)
{
    conv_t conv;
    assert_true(conv_init(&conv, from_bytes, shape, outs, kernel, stride));
    prove_this(conv);
}

static void prove_same(bool from_bytes, const int32_t shape[3], int32_t outs, bool relu)
{
    conv_t conv;
    conv_init_same(&conv, from_bytes, shape, outs, relu);
    assert_true(conv.out_height == shape[1] && conv.out_width == shape[2]);
    prove_this(conv);
}

static void test_convolution_with_padding(void **state)
{
    (void)state;
    for (int relu = 0; relu < 2; relu++) {
        prove_same(true, (int32_t[3]){ 2, 7, 9 }, 4, relu);
        prove_same(false, (int32_t[3]){ 4, 7, 6 }, 5, relu);
        /* A kernel wider than the picture, each way. */
        prove_same(true, (int32_t[3]){ 2, 1, 4 }, 3, relu);
        prove_same(false, (int32_t[3]){ 2, 3, 1 }, 3, relu);
        prove_same(false, (int32_t[3]){ 3, 1, 1 }, 3, relu);
    }
}

/* out[y,x,o] straight from the definition, of bytes and of reals. */
static void test_padding_agrees_with_the_slow_version(void **state)
{
    (void)state;
    enum { C = 3, H = 4, W = 6, O = 2, TAPS = 9 * C };
    rng_t rng;
    rng_seed(&rng, 3, 1);
    uint8_t obs[C * H * W];
    double reals[H * W * C], w[O * TAPS], b[O], out[H * W * O], scratch[64 * H * W * TAPS];
    for (size_t i = 0; i < sizeof obs; i++) obs[i] = (uint8_t)rng_next(&rng);
    numeric_fill(&rng, reals, H * W * C);
    numeric_fill(&rng, w, O * TAPS);
    numeric_fill(&rng, b, O);
    const uint8_t *rows[1] = { obs };
    for (int bytes = 0; bytes < 2; bytes++) {
        conv_t conv;
        conv_init_same(&conv, bytes, (int32_t[3]){ C, H, W }, O, false);
        conv_forward(&conv, 1, (conv_input_t){ .bytes = rows, .reals = reals }, w, b, scratch, out);
        for (int32_t i = 0; i < H * W * O; i++) {
            const int32_t o = i % O, x = i / O % W, y = i / O / W;
            double sum = b[o];
            for (int32_t t = 0; t < TAPS; t++) {
                const int32_t c = t / 9, ky = t / 3 % 3, kx = t % 3;
                const int32_t at_y = y + ky - 1, at_x = x + kx - 1;
                if (at_y < 0 || at_y >= H || at_x < 0 || at_x >= W) continue;
                sum += bytes
                           ? w[o * TAPS + t] * obs[(c * H + at_y) * W + at_x] / 255
                           : w[((o * 3 + ky) * 3 + kx) * C + c] * reals[(at_y * W + at_x) * C + c];
            }
            assert_true(numeric_close(out[i], sum, 1e-12));
        }
    }
}

static void test_convolution_of_bytes(void **state)
{
    (void)state;
    prove_conv(true, (int32_t[3]){ 2, 20, 24 }, 4, 8, 4);
    prove_conv(true, (int32_t[3]){ 3, 16, 11 }, 5, 5, 5);
    prove_conv(true, (int32_t[3]){ 1, 7, 9 }, 2, 3, 2); /* a kernel without a fast path */
}

static void test_convolution_of_pictures(void **state)
{
    (void)state;
    prove_conv(false, (int32_t[3]){ 6, 9, 9 }, 4, 4, 2);
    prove_conv(false, (int32_t[3]){ 4, 7, 6 }, 5, 3, 1);
    prove_conv(false, (int32_t[3]){ 3, 16, 16 }, 4, 5, 5); /* leaves a column over */
}

static void test_twins_agree_with_two_networks(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 6, 0);
    const int32_t shape[3] = { 2, 20, 16 };
    conv_t conv;
    assert_true(conv_init(&conv, true, shape, 3, 8, 4));
    enum { OUT = 4 * 3 * 3, TAPS = 128, OBS = 2 * 20 * 16 };
    uint8_t obs[ROWS][OBS];
    const uint8_t *rows[ROWS];
    for (int32_t n = 0; n < ROWS; n++) {
        for (int32_t i = 0; i < OBS; i++) obs[n][i] = (uint8_t)rng_next(&rng);
        rows[n] = obs[n];
    }
    double w[6 * TAPS], b[6], out[4][ROWS * OUT];
    double *scratch = malloc(64 * (12 * TAPS + 2 * OUT) * sizeof(double));
    numeric_fill(&rng, w, 6 * TAPS);
    numeric_fill(&rng, b, 6);
    const conv_input_t in = { .bytes = rows };
    conv_forward_pair(&conv, ROWS, in, w, b, scratch, out[0], out[1]);
    conv_forward(&conv, ROWS, in, w, b, scratch, out[2]);
    conv_forward(&conv, ROWS, in, w + 3 * TAPS, b + 3, scratch, out[3]);
    for (int32_t i = 0; i < ROWS * OUT; i++) {
        assert_true(numeric_close(out[0][i], out[2][i], 1e-12));
        assert_true(numeric_close(out[1][i], out[3][i], 1e-12));
    }
    free(scratch);
}

/* out[y,x,o] by seven loops, straight from the definition. */
static void test_convolution_agrees_with_the_slow_version(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 3, 0);
    const int32_t shape[3] = { 3, 13, 11 };
    conv_t conv;
    assert_true(conv_init(&conv, true, shape, 4, 5, 2));
    uint8_t obs[3 * 13 * 11];
    double w[4 * 75], b[4], out[5 * 4 * 4], *scratch = malloc(64 * 20 * 75 * sizeof(double));
    for (size_t i = 0; i < sizeof obs; i++) obs[i] = (uint8_t)rng_next(&rng);
    numeric_fill(&rng, w, 4 * 75);
    numeric_fill(&rng, b, 4);
    const uint8_t *rows[1] = { obs };
    conv_forward(&conv, 1, (conv_input_t){ .bytes = rows }, w, b, scratch, out);
    for (int32_t y = 0; y < 5; y++)
        for (int32_t x = 0; x < 4; x++)
            for (int32_t o = 0; o < 4; o++) {
                double sum = b[o];
                for (int32_t c = 0; c < 3; c++)
                    for (int32_t ky = 0; ky < 5; ky++)
                        for (int32_t kx = 0; kx < 5; kx++)
                            sum += w[((o * 3 + c) * 5 + ky) * 5 + kx] / 255 *
                                   obs[(c * 13 + y * 2 + ky) * 11 + x * 2 + kx];
                assert_true(numeric_close(out[(y * 4 + x) * 4 + o], sum > 0 ? sum : 0, 1e-12));
            }
    free(scratch);
}

static void prove_linear(linear_t linear)
{
    rng_t rng;
    rng_seed(&rng, 12, 0);
    subject_t s = {
        .linear = &linear,
        .in_count = (size_t)(ROWS * linear.in_stride),
        .w_count = (size_t)(linear.in_size * linear.out_size),
        .b_count = (size_t)linear.out_size,
        .out_count = (size_t)(ROWS * linear.out_stride),
    };
    prepare(&s, &rng);
    /* Columns beside the layer's part belong to someone else: they must not count. */
    for (size_t i = 0; i < s.out_count; i++)
        if ((int32_t)(i % (size_t)linear.out_stride) >= linear.out_size) s.out_weights[i] = 0;
    expect_proven(&s, &rng);
    clear(&s);
}

static void test_linear(void **state)
{
    (void)state;
    prove_linear((linear_t){ 37, 19, 37, 19, true });
    prove_linear((linear_t){ 37, 19, 37, 19, false });
    prove_linear((linear_t){ 16, 5, 40, 9, false }); /* a part of wider rows */
}

static void test_one_row_agrees_with_many(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 4, 0);
    const linear_t linear = { 33, 21, 33, 21, true };
    double in[2 * 33], w[33 * 21], b[21], both[2 * 21], one[21];
    numeric_fill(&rng, in, 2 * 33);
    numeric_fill(&rng, w, 33 * 21);
    numeric_fill(&rng, b, 21);
    linear_forward(&linear, linear_all_outs(&linear), 2, in, w, b, both);
    linear_forward(&linear, linear_all_outs(&linear), 1, in + 33, w, b, one);
    for (int i = 0; i < 21; i++) assert_true(numeric_close(one[i], both[21 + i], 1e-12));
}

/* Two rows, two actions, one atom: by hand. */
static void test_dueling_by_hand(void **state)
{
    (void)state;
    double logits[4] = { 1, 3, -2, 2 };
    const double value[2] = { 10, 20 };
    dueling_forward(2, 2, 1, value, logits);
    const double expected[4] = { 9, 11, 18, 22 };
    for (int i = 0; i < 4; i++) assert_true(numeric_close(logits[i], expected[i], 1e-15));
}

static void test_dueling_is_linear_and_backward_is_its_transpose(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 5, 0);
    enum { N = 3, A = 5, Z = 4 };
    double adv[N * A * Z], value[N * Z], out[N * A * Z], weights[N * A * Z], d_value[N * Z];
    numeric_fill(&rng, adv, N * A * Z);
    numeric_fill(&rng, value, N * Z);
    numeric_fill(&rng, weights, N * A * Z);
    memcpy(out, adv, sizeof out);
    dueling_forward(N, A, Z, value, out);
    const double left = numeric_dot(out, weights, N * A * Z);
    dueling_backward(N, A, Z, weights, d_value);
    const double right = numeric_dot(adv, weights, N * A * Z) + numeric_dot(value, d_value, N * Z);
    assert_true(numeric_close(left, right, 1e-10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_convolution_of_bytes),
        cmocka_unit_test(test_convolution_of_pictures),
        cmocka_unit_test(test_convolution_agrees_with_the_slow_version),
        cmocka_unit_test(test_convolution_with_padding),
        cmocka_unit_test(test_padding_agrees_with_the_slow_version),
        cmocka_unit_test(test_twins_agree_with_two_networks),
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_one_row_agrees_with_many),
        cmocka_unit_test(test_dueling_by_hand),
        cmocka_unit_test(test_dueling_is_linear_and_backward_is_its_transpose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
