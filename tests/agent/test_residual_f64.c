/* test_residual_f64.c - the residual trunk: each of its layers and the whole of it against central
 * differences and against slow loops, ties, pictures down to one pixel. Its convolutions:
 * test_layers_f64.c. */
#include "residual.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "numeric.h"
#include "residual_layers.h"

static void *zeroed(size_t bytes)
{
    void *block = aligned_alloc(ARENA_ALIGNMENT_BYTES, bytes + (size_t)(-bytes % 64));
    assert_non_null(block);
    return memset(block, 0, bytes);
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* One of the three layers, of one row. */
typedef enum { POOL, CELLS_POOL, NORM, NUM_LAYERS } layer_kind_t;

typedef struct {
    layer_kind_t kind;
    pool_t pool;
    size_t in_count, out_count;
    double *in, *out, *weights;
    uint8_t *from;
    int32_t *cells;
    double rate;
} layer_t;

static void run_layer(layer_t *l)
{
    if (l->kind == POOL) pool_forward(&l->pool, l->in, l->out, l->from);
    if (l->kind == CELLS_POOL) cells_forward(&l->pool, l->in, l->out, l->cells);
    if (l->kind != NORM) return;
    memcpy(l->out, l->in, l->in_count * sizeof(double));
    l->rate = plain_norm((int32_t)l->in_count, l->out);
}

static double scalar_of_layer(void *context)
{
    layer_t *l = context;
    run_layer(l);
    return numeric_dot(l->out, l->weights, l->out_count);
}

static void derive_layer(const layer_t *l, bool backward, const double *from, double *to)
{
    if (l->kind == POOL && backward) pool_backward(&l->pool, l->from, from, to);
    if (l->kind == POOL && !backward) pool_jvp(&l->pool, l->from, from, to);
    if (l->kind == CELLS_POOL && backward) cells_backward(&l->pool, l->cells, from, to);
    if (l->kind == CELLS_POOL && !backward) cells_jvp(&l->pool, l->cells, from, to);
    if (l->kind != NORM) return;
    memcpy(to, from, l->in_count * sizeof(double));
    plain_norm_derivative((int32_t)l->in_count, l->out, l->rate, to);
}

static void prove_layer(layer_kind_t kind, int32_t height, int32_t width, int32_t channels)
{
    rng_t rng;
    rng_seed(&rng, 41, 0);
    const size_t in_count = (size_t)(height * width * channels);
    layer_t l = { .kind = kind, .pool = { height, width, channels }, .in_count = in_count };
    l.out_count = kind == NORM   ? in_count
                  : kind == POOL ? (size_t)(pool_size(height) * pool_size(width) * channels)
                                 : (size_t)(CELLS * channels);
    double *block = zeroed((4 * in_count + 3 * l.out_count) * sizeof(double));
    double *d_in = block, *t_in = d_in + in_count, *t_out = t_in + in_count;
    l.in = t_out + l.out_count;
    l.out = l.in + in_count;
    l.weights = l.out + l.out_count;
    l.from = zeroed(l.out_count);
    l.cells = zeroed(l.out_count * sizeof *l.cells);
    numeric_fill(&rng, l.in, in_count);
    numeric_fill(&rng, t_in, in_count);
    numeric_fill(&rng, l.weights, l.out_count);
    run_layer(&l);
    for (size_t i = 0; i < in_count; i++) d_in[i] = NAN; /* is written */
    derive_layer(&l, true, l.weights, d_in);
    derive_layer(&l, false, t_in, t_out);
    const double left = numeric_dot(t_out, l.weights, l.out_count);
    const double right = numeric_dot(t_in, d_in, in_count);
    assert_true(fabs(left - right) <= 1e-10 * fmax(fabs(left), 1));
    const double error =
        numeric_grad_error(scalar_of_layer, &l, l.in, d_in, in_count, 60, NUMERIC_STEP, &rng);
    if (!(error <= 1e-6)) fail_msg("layer %d: relative error %g", (int)kind, error);
    /* jvp: every output. */
    const double h = 1e-6;
    for (size_t i = 0; i < in_count; i++) l.in[i] += h * t_in[i];
    run_layer(&l);
    double *above = zeroed(l.out_count * sizeof *above);
    memcpy(above, l.out, l.out_count * sizeof *above);
    for (size_t i = 0; i < in_count; i++) l.in[i] -= 2 * h * t_in[i];
    run_layer(&l);
    for (size_t i = 0; i < l.out_count; i++)
        assert_true(numeric_close((above[i] - l.out[i]) / (2 * h), t_out[i],
                                  1e-6 * fmax(fabs(t_out[i]), 1)));
    free(above);
    free(l.from);
    free(l.cells);
    free(block);
}

static void test_each_layer_has_its_gradient_and_tangent(void **state)
{
    (void)state;
    static const int32_t sizes[][2] = { { 17, 14 }, { 6, 12 }, { 5, 3 }, { 1, 1 }, { 2, 1 } };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int kind = 0; kind < NUM_LAYERS; kind++)
            prove_layer((layer_kind_t)kind, sizes[i][0], sizes[i][1], 3);
}

/* By hand: five pixels in a line become three, of windows {0, 1}, {1, 2, 3}, {3, 4}. */
static void test_the_pool_by_hand(void **state)
{
    (void)state;
    const pool_t pool = { 1, 5, 1 };
    const double in[5] = { -3, -1, -2, -5, -4 };
    double out[3];
    uint8_t from[3];
    assert_int_equal(pool_size(84), 42);
    assert_int_equal(pool_size(21), 11);
    assert_int_equal(pool_size(1), 1);
    assert_int_equal(pool_size(5), 3);
    pool_forward(&pool, in, out, from);
    assert_true(out[0] == -1 && out[1] == -1 && out[2] == -4);
    /* The line is the middle one of the windows' three. */
    assert_true(from[0] == 5 && from[1] == 3 && from[2] == 4);
    const double d_out[3] = { 10, 20, 30 };
    double d_in[5];
    pool_backward(&pool, from, d_out, d_in);
    assert_true(d_in[0] == 0 && d_in[1] == 30 && d_in[2] == 0 && d_in[3] == 0 && d_in[4] == 30);
}

/* Cells of 11 lines, of nature's and of fewer than 6: floor(i n / 6) to ceil((i + 1) n / 6). */
static void test_the_cells_by_hand(void **state)
{
    (void)state;
    static const struct {
        int32_t size, first[CELLS_SIDE], last[CELLS_SIDE];
    } cases[] = { { 11, { 0, 1, 3, 5, 7, 9 }, { 2, 4, 6, 8, 10, 11 } },
                  { 6, { 0, 1, 2, 3, 4, 5 }, { 1, 2, 3, 4, 5, 6 } },
                  { 4, { 0, 0, 1, 2, 2, 3 }, { 1, 2, 2, 3, 4, 4 } },
                  { 1, { 0 }, { 1, 1, 1, 1, 1, 1 } } };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        for (int32_t way = 0; way < 2; way++)
            for (int32_t line = 0; line < cases[k].size; line++) {
                /* Only one line is above 0: the cells that have it show it. */
                const int32_t n = cases[k].size;
                const pool_t pool = { way ? 1 : n, way ? n : 1, 1 };
                double in[11], out[CELLS];
                int32_t from[CELLS];
                for (int32_t i = 0; i < n; i++) in[i] = i == line ? 2 : -1;
                cells_forward(&pool, in, out, from);
                for (int32_t i = 0; i < CELLS; i++) {
                    const int32_t cell = way ? i % CELLS_SIDE : i / CELLS_SIDE;
                    const bool has = line >= cases[k].first[cell] && line < cases[k].last[cell];
                    assert_true(out[i] == (has ? 2 : 0));
                    assert_int_equal(from[i], has ? line : CELLS_CLOSED);
                }
            }
}

/* Of equals the first, line by line; only it has a derivative. Zeros are closed. */
static void test_ties_go_to_the_first(void **state)
{
    (void)state;
    enum { H = 5, W = 4 };
    const pool_t pool = { H, W, 1 };
    double in[H * W], out[CELLS], d_out[CELLS], d_in[H * W];
    uint8_t from[9];
    int32_t cells[CELLS];
    for (int32_t i = 0; i < H * W; i++) in[i] = 0.5;
    for (int32_t i = 0; i < CELLS; i++) d_out[i] = 1;
    pool_forward(&pool, in, out, from);
    for (int32_t i = 0; i < 3 * 2; i++) {
        const int32_t y = i / 2, x = i % 2; /* a window's first line and column may be outside */
        assert_int_equal(from[i], 3 * (y == 0) + (x == 0));
    }
    pool_backward(&pool, from, d_out, d_in);
    for (int32_t i = 0; i < H * W; i++) {
        const int32_t y = i / W, x = i % W;
        assert_true(d_in[i] == ((y == 0 || y == 1 || y == 3) && (x == 0 || x == 1)));
    }
    cells_forward(&pool, in, out, cells);
    for (int32_t i = 0; i < CELLS; i++)
        assert_int_equal(cells[i], i / CELLS_SIDE * H / 6 * W + i % CELLS_SIDE * W / 6);
    for (int32_t i = 0; i < H * W; i++) in[i] = 0;
    cells_forward(&pool, in, out, cells);
    cells_backward(&pool, cells, d_out, d_in);
    for (int32_t i = 0; i < CELLS; i++) assert_true(cells[i] == CELLS_CLOSED && out[i] == 0);
    for (int32_t i = 0; i < H * W; i++) assert_true(d_in[i] == 0);
}

static void test_the_norm_has_mean_0_and_variance_1(void **state)
{
    (void)state;
    enum { COUNT = 72 };
    rng_t rng;
    rng_seed(&rng, 42, 0);
    double x[COUNT], sum = 0, square = 0;
    for (int32_t i = 0; i < COUNT; i++) x[i] = 5 + 3 * rng_normal(&rng);
    const double rate = plain_norm(COUNT, x);
    for (int32_t i = 0; i < COUNT; i++) {
        sum += x[i] / COUNT;
        square += x[i] * x[i] / COUNT;
    }
    assert_true(fabs(sum) < 1e-12 && fabs(square - 1) < 1e-5);
    assert_true(rate > 0.25 && rate < 0.45);
    for (int32_t i = 0; i < COUNT; i++) x[i] = 7; /* no variance: nothing but zeros */
    (void)plain_norm(COUNT, x);
    for (int32_t i = 0; i < COUNT; i++) assert_true(x[i] == 0);
}

/* ---- the trunk ------------------------------------------------------------------------------- */

enum { ROWS = 2, STACK = 2, STRIDE_BEHIND = 3, PROBES = 12 };

typedef struct {
    residual_t residual;
    residual_acts_t acts;
    residual_scratch_t scratch;
    size_t obs_bytes, plane_bytes, num_weights, at[RESIDUAL_NUM_TENSORS], stride;
    double *weights, *grad, *tangent, *patches;
    double *features, *out_weights, *d_features, *t_features; /* (ROWS, stride) */
    uint8_t *obs;
    const uint8_t *rows[ROWS];
    void *block;
} trunk_t;

static void take_trunk(trunk_t *t, arena_t *arena)
{
    residual_acts_take(&t->residual, arena, ROWS, &t->acts);
    residual_scratch_take(&t->residual, arena, &t->scratch);
    double **flats[] = { &t->weights, &t->grad, &t->tangent };
    for (int i = 0; i < 3; i++) *flats[i] = arena_take(arena, t->num_weights, sizeof(double));
    double **rows[] = { &t->features, &t->out_weights, &t->d_features, &t->t_features };
    for (int i = 0; i < 4; i++) *rows[i] = arena_take(arena, ROWS * t->stride, sizeof(double));
    t->patches = arena_take(arena, residual_patches_size(&t->residual), sizeof(double));
    t->obs = arena_take(arena, ROWS * t->obs_bytes, 1);
}

static size_t count_of(const trunk_t *t, int32_t tensor)
{
    const conv_t *conv = &t->residual.conv[tensor / 2];
    return (size_t)conv->out_channels * (size_t)(tensor % 2 ? 1 : conv_taps(conv));
}

/* As in an observation that also has values: planes and rows have something behind them. */
static trunk_t *make_trunk(int32_t height, int32_t width, int32_t wide, rng_t *rng)
{
    trunk_t *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->plane_bytes = (size_t)(height * width) + 6;
    t->obs_bytes = STACK * t->plane_bytes;
    residual_init(&t->residual, (int32_t[3]){ STACK, height, width }, t->plane_bytes, wide);
    assert_int_equal(t->residual.num_features, 36 * 32 * wide);
    t->stride = (size_t)t->residual.num_features + STRIDE_BEHIND;
    for (int32_t i = 0; i < RESIDUAL_NUM_TENSORS; i++) {
        t->at[i] = t->num_weights;
        t->num_weights += count_of(t, i);
    }
    arena_t arena = { 0 };
    take_trunk(t, &arena);
    arena = (arena_t){ .base = t->block = zeroed(arena.used_bytes) };
    take_trunk(t, &arena);
    numeric_fill(rng, t->tangent, t->num_weights);
    numeric_fill(rng, t->out_weights, ROWS * t->stride);
    for (int32_t i = 0; i < RESIDUAL_NUM_TENSORS; i++)
        for (size_t k = 0; k < count_of(t, i); k++)
            t->weights[t->at[i] + k] =
                rng_normal(rng) / sqrt((double)conv_taps(&t->residual.conv[i / 2]));
    for (size_t i = 0; i < ROWS * t->obs_bytes; i++) t->obs[i] = (uint8_t)rng_next(rng);
    for (int32_t n = 0; n < ROWS; n++) {
        t->rows[n] = t->obs + (size_t)n * t->obs_bytes;
        for (size_t i = 0; i < STRIDE_BEHIND; i++) /* someone else's */
            t->out_weights[((size_t)n + 1) * t->stride - 1 - i] = 0;
    }
    return t;
}

static void free_trunk(trunk_t *t)
{
    free(t->block);
    free(t);
}

static residual_view_t view_of(const trunk_t *t, const double *flat)
{
    residual_view_t view;
    for (int32_t i = 0; i < RESIDUAL_NUM_TENSORS; i++) view.at[i] = flat + t->at[i];
    return view;
}

static void run_trunk(trunk_t *t)
{
    const residual_view_t view = view_of(t, t->weights);
    residual_forward(&t->residual, &view, t->rows, 0, ROWS, t->patches, &t->scratch, &t->acts,
                     t->features, (int32_t)t->stride);
}

static double scalar_of_trunk(void *context)
{
    trunk_t *t = context;
    run_trunk(t);
    return numeric_dot(t->features, t->out_weights, ROWS * t->stride);
}

static void prove_trunk(int32_t height, int32_t width, int32_t wide)
{
    rng_t rng;
    rng_seed(&rng, 43, 0);
    trunk_t *t = make_trunk(height, width, wide, &rng);
    const residual_view_t view = view_of(t, t->weights), along = view_of(t, t->tangent);
    double *grad[RESIDUAL_NUM_TENSORS];
    for (int32_t i = 0; i < RESIDUAL_NUM_TENSORS; i++) grad[i] = t->grad + t->at[i];
    run_trunk(t);
    for (int i = 0; i < 2; i++) { /* what was there before must not count */
        memcpy(t->d_features, t->out_weights, ROWS * t->stride * sizeof(double));
        residual_backward(&t->residual, &view, t->rows, &t->acts, 0, ROWS, t->features,
                          t->d_features, (int32_t)t->stride, t->patches, &t->scratch, grad);
    }
    residual_jvp(&t->residual, &view, &along, t->rows, &t->acts, 0, ROWS, t->features, t->patches,
                 &t->scratch, t->t_features, (int32_t)t->stride);
    const double left = numeric_dot(t->t_features, t->out_weights, ROWS * t->stride);
    const double right = numeric_dot(t->tangent, t->grad, t->num_weights);
    assert_true(fabs(left - right) <= 1e-10 * fmax(fabs(left), 1));
    for (int32_t i = 0; i < RESIDUAL_NUM_TENSORS; i++) {
        /* The bound is for the rounding of a sum of some thousand numbers; a corner of a ReLU or a
         * pool within the step spoils a difference: then a shorter step must agree. */
        double error = 1;
        for (double step = NUMERIC_STEP; step > 1e-8 && !(error <= 1e-5); step /= 10)
            error = numeric_grad_error(scalar_of_trunk, t, t->weights + t->at[i], grad[i],
                                       count_of(t, i), PROBES, step, &rng);
        if (!(error <= 1e-5))
            fail_msg("%d x %d, tensor %d: relative error %g", height, width, i, error);
    }
    free_trunk(t);
}

static void test_the_trunk_has_its_gradient_and_tangent(void **state)
{
    (void)state;
    prove_trunk(17, 14, 1);
    prove_trunk(12, 19, 2);
    prove_trunk(5, 3, 1);
    prove_trunk(1, 1, 1);
}

/* One row of one section, straight from the definition. x: (H, W, C). */
static double conv_slowly(const double *w, double bias, int32_t o, const double *x, bool opens,
                          const int32_t shape[3] /* H, W, C */, int32_t y, int32_t at_x)
{
    double sum = bias;
    for (int32_t ky = 0; ky < 3; ky++)
        for (int32_t kx = 0; kx < 3; kx++) {
            const int32_t from_y = y + ky - 1, from_x = at_x + kx - 1;
            if (from_y < 0 || from_y >= shape[0] || from_x < 0 || from_x >= shape[1]) continue;
            for (int32_t c = 0; c < shape[2]; c++) {
                const double value = x[(from_y * shape[1] + from_x) * shape[2] + c];
                sum += w[((o * 3 + ky) * 3 + kx) * shape[2] + c] * (opens && value < 0 ? 0 : value);
            }
        }
    return sum;
}

static void convolve_slowly(const trunk_t *t, int32_t conv, const double *w, const double *x,
                            bool opens, double *out)
{
    const conv_t *c = &t->residual.conv[conv];
    const int32_t shape[3] = { c->in_height, c->in_width, c->in_channels };
    for (int32_t i = 0; i < (int32_t)conv_out_size(c); i++) {
        const int32_t o = i % c->out_channels, pixel = i / c->out_channels;
        out[i] = conv_slowly(w, t->weights[t->at[2 * conv + 1] + (size_t)o], o, x, opens, shape,
                             pixel / c->in_width, pixel % c->in_width);
    }
}

static void pool_slowly(const conv_t *conv, const double *in, double *out)
{
    const int32_t H = conv->out_height, W = conv->out_width, C = conv->out_channels;
    for (int32_t y = 0; y < (H + 1) / 2; y++)
        for (int32_t x = 0; x < (W + 1) / 2; x++)
            for (int32_t c = 0; c < C; c++) {
                double most = -INFINITY;
                for (int32_t at_y = 2 * y - 1; at_y <= 2 * y + 1; at_y++)
                    for (int32_t at_x = 2 * x - 1; at_x <= 2 * x + 1; at_x++)
                        if (at_y >= 0 && at_y < H && at_x >= 0 && at_x < W)
                            most = fmax(most, in[(at_y * W + at_x) * C + c]);
                out[(y * ((W + 1) / 2) + x) * C + c] = most;
            }
}

/* Conv, pool, twice x += conv(ReLU(conv(ReLU(x)))), three times; ReLU, cells, (x - mean) / sd. */
static void test_the_trunk_is_its_definition(void **state)
{
    (void)state;
    enum { H = 13, W = 10, MOST = H * W * 32 };
    rng_t rng;
    rng_seed(&rng, 44, 0);
    trunk_t *t = make_trunk(H, W, 1, &rng);
    run_trunk(t);
    double *x = calloc(3 * MOST, sizeof *x), *y = x + MOST, *z = y + MOST;
    for (int32_t n = 0; n < ROWS; n++) {
        for (int32_t i = 0; i < H * W * STACK; i++) /* (H, W, C) of (C, H, W) */
            x[i] = t->rows[n][(size_t)(i % STACK) * t->plane_bytes + (size_t)(i / STACK)] / 255.0;
        for (int32_t conv = 0; conv < RESIDUAL_CONVS; conv++) {
            const conv_t *c = &t->residual.conv[conv];
            const double *w = t->weights + t->at[2 * conv];
            double first[32 * STACK * 9];
            for (int32_t i = 0; conv == 0 && i < 16 * STACK * 9; i++) /* (k, k, C) of (C, k, k) */
                first[i] = w[i / (9 * STACK) * 9 * STACK + i % STACK * 9 + i / STACK % 9];
            const int32_t part = conv % RESIDUAL_CONVS_EACH; /* 0, or 1 and 2 of a block twice */
            convolve_slowly(t, conv, conv == 0 ? first : w, part > 0 && part % 2 == 0 ? y : x,
                            part > 0, part % 2 == 1 ? y : z);
            if (part == 0) pool_slowly(c, z, x);
            for (size_t i = 0; part > 0 && part % 2 == 0 && i < conv_out_size(c); i++) x[i] += z[i];
        }
        const conv_t *last = &t->residual.conv[RESIDUAL_CONVS - 1];
        const int32_t high = last->out_height, wide = last->out_width, F = t->residual.num_features;
        double mean = 0, square = 0;
        for (int32_t i = 0; i < F; i++) {
            const int32_t c = i % 32, cell_x = i / 32 % 6, cell_y = i / 32 / 6;
            y[i] = 0;
            for (int32_t p = 0; p < high * wide; p++) {
                const bool is_in =
                    6 * (p / wide + 1) > cell_y * high && 6 * (p / wide) < (cell_y + 1) * high &&
                    6 * (p % wide + 1) > cell_x * wide && 6 * (p % wide) < (cell_x + 1) * wide;
                if (is_in) y[i] = fmax(y[i], x[p * 32 + c]);
            }
            mean += y[i] / F;
            square += y[i] * y[i] / F;
        }
        for (int32_t i = 0; i < F; i++)
            assert_true(numeric_close(t->features[(size_t)n * t->stride + (size_t)i],
                                      (y[i] - mean) / sqrt(square - mean * mean + 1e-5), 1e-9));
    }
    free(x);
    free_trunk(t);
}

/* Rows are computed one by one: a part of them makes the same bytes, and no other row's. */
static void test_rows_do_not_depend_on_each_other(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 45, 0);
    trunk_t *t = make_trunk(9, 11, 1, &rng);
    run_trunk(t);
    double *all = calloc(t->stride, sizeof *all);
    memcpy(all, t->features + t->stride, t->stride * sizeof *all);
    memset(t->features, 0, ROWS * t->stride * sizeof *all);
    const residual_view_t view = view_of(t, t->weights);
    residual_forward(&t->residual, &view, t->rows, 1, 1, t->patches, &t->scratch, &t->acts,
                     t->features, (int32_t)t->stride);
    assert_memory_equal(t->features + t->stride, all, t->stride * sizeof *all);
    for (size_t i = 0; i < t->stride; i++) assert_true(t->features[i] == 0);
    free(all);
    free_trunk(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_layer_has_its_gradient_and_tangent),
        cmocka_unit_test(test_the_pool_by_hand),
        cmocka_unit_test(test_the_cells_by_hand),
        cmocka_unit_test(test_ties_go_to_the_first),
        cmocka_unit_test(test_the_norm_has_mean_0_and_variance_1),
        cmocka_unit_test(test_the_trunk_has_its_gradient_and_tangent),
        cmocka_unit_test(test_the_trunk_is_its_definition),
        cmocka_unit_test(test_rows_do_not_depend_on_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
