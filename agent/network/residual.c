/* residual.c - see residual.h. Proven in tests/agent/test_residual_f64.c. */
#include "residual.h"

#include <string.h>

#include "residual_layers.h"

static const int32_t section_channels[RESIDUAL_SECTIONS] = { 16, 32, 32 };

void residual_init(residual_t *residual, const int32_t in_shape[3], size_t plane_bytes,
                   int32_t width)
{
    int32_t shape[3] = { in_shape[0], in_shape[1], in_shape[2] };
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        conv_t *conv = &residual->conv[s * RESIDUAL_CONVS_EACH];
        conv_init_same(conv, s == 0, shape, section_channels[s] * width, false);
        shape[0] = conv->out_channels;
        shape[1] = pool_size(shape[1]);
        shape[2] = pool_size(shape[2]);
        for (int32_t c = 1; c < RESIDUAL_CONVS_EACH; c++)
            conv_init_same(&conv[c], false, shape, shape[0], c % 2 == 1);
    }
    residual->conv[0].plane_bytes = plane_bytes;
    residual->num_features = CELLS * shape[0];
}

/* The convolution before a section's pool, and the first of those behind it. */
static const conv_t *before(const residual_t *residual, int32_t section)
{
    return &residual->conv[section * RESIDUAL_CONVS_EACH];
}

static const conv_t *behind(const residual_t *residual, int32_t section)
{
    return before(residual, section) + 1;
}

/* Over a convolution's output. */
static pool_t pool_of(const conv_t *conv)
{
    return (pool_t){ conv->out_height, conv->out_width, conv->out_channels };
}

void residual_acts_take(const residual_t *residual, arena_t *arena, int32_t max_rows,
                        residual_acts_t *acts)
{
    const size_t rows = (size_t)max_rows, real = sizeof(real_t);
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        const size_t size = rows * conv_in_size(behind(residual, s));
        for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
            acts->open[s][b] = arena_take(arena, size, real);
            acts->inner[s][b] = arena_take(arena, size, real);
        }
        acts->out[s] = arena_take(arena, size, real);
        acts->from[s] = arena_take(arena, size, 1);
    }
    acts->cells = arena_take(arena, rows * (size_t)residual->num_features, sizeof *acts->cells);
    acts->rate = arena_take(arena, rows, real);
}

residual_sizes_t residual_sizes(const residual_t *residual)
{
    residual_sizes_t sizes = { 0, 0 };
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        const size_t out = conv_out_size(before(residual, s));
        const size_t in = conv_in_size(behind(residual, s));
        sizes.wide = out > sizes.wide ? out : sizes.wide;
        sizes.pooled = in > sizes.pooled ? in : sizes.pooled;
    }
    return sizes;
}

void residual_scratch_take(const residual_t *residual, arena_t *arena, residual_scratch_t *scratch)
{
    const residual_sizes_t sizes = residual_sizes(residual);
    scratch->wide = arena_take(arena, sizes.wide, sizeof(real_t));
    scratch->a = arena_take(arena, sizes.pooled, sizeof(real_t));
    scratch->b = arena_take(arena, sizes.pooled, sizeof(real_t));
}

size_t residual_patches_size(const residual_t *residual)
{
    size_t most = 0;
    for (int32_t c = 0; c < RESIDUAL_CONVS; c++) {
        const size_t size = conv_patches_size(&residual->conv[c]);
        most = size > most ? size : most;
    }
    return most;
}

/* ---- passes ---------------------------------------------------------------------------------- */

/* One row of everything. */
typedef struct {
    const uint8_t *const *obs;
    const real_t *open[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS];
    const real_t *inner[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS];
    const real_t *out[RESIDUAL_SECTIONS];
    const uint8_t *from[RESIDUAL_SECTIONS];
} residual_row_t;

static residual_row_t row_of(const residual_t *residual, const residual_acts_t *acts,
                             const uint8_t *const *obs, int32_t n)
{
    residual_row_t row = { .obs = obs + n };
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        const size_t at = (size_t)n * conv_in_size(behind(residual, s));
        for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
            row.open[s][b] = acts->open[s][b] + at;
            row.inner[s][b] = acts->inner[s][b] + at;
        }
        row.out[s] = acts->out[s] + at;
        row.from[s] = acts->from[s] + at;
    }
    return row;
}

/* Of the convolution before a section's pool. */
static conv_input_t input_of(const residual_row_t *row, int32_t section)
{
    return (conv_input_t){ .bytes = row->obs, .reals = section > 0 ? row->out[section - 1] : NULL };
}

/* to = x where `open` is above 0, else 0; to may be x. */
static void let_open(size_t count, const real_t *open, const real_t *x, real_t *to)
{
    for (size_t i = 0; i < count; i++) to[i] = open[i] > 0 ? x[i] : 0;
}

static void add(size_t count, const real_t *x, real_t *to)
{
    for (size_t i = 0; i < count; i++) to[i] += x[i];
}

static void forward_section(const residual_t *residual, const residual_view_t *view, int32_t s,
                            conv_input_t in, size_t at, real_t *patches,
                            residual_scratch_t *scratch, residual_acts_t *acts)
{
    const conv_t *conv = before(residual, s);
    const real_t *const *w = view->at + 2 * s * RESIDUAL_CONVS_EACH;
    const pool_t pool = pool_of(conv);
    real_t *x = acts->out[s] + at;
    conv_forward(conv, 1, in, w[0], w[1], patches, scratch->wide);
    pool_forward(&pool, scratch->wide, x, acts->from[s] + at);
    for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
        const conv_t *first = behind(residual, s) + 2 * b, *second = first + 1;
        const real_t *const *of = w + 2 * (1 + 2 * b);
        real_t *open = acts->open[s][b] + at, *inner = acts->inner[s][b] + at;
        let_open(conv_in_size(first), x, x, open);
        conv_forward(first, 1, (conv_input_t){ .reals = open }, of[0], of[1], patches, inner);
        conv_forward(second, 1, (conv_input_t){ .reals = inner }, of[2], of[3], patches,
                     scratch->a);
        add(conv_in_size(first), scratch->a, x);
    }
}

void residual_forward(const residual_t *residual, const residual_view_t *view,
                      const uint8_t *const *obs, int32_t row, int32_t num_rows, real_t *patches,
                      residual_scratch_t *scratch, residual_acts_t *acts, real_t *features,
                      int32_t stride)
{
    const int32_t F = residual->num_features, last = RESIDUAL_SECTIONS - 1;
    const pool_t pool = pool_of(behind(residual, last));
    for (int32_t n = row; n < row + num_rows; n++) {
        const residual_row_t of = row_of(residual, acts, obs, n);
        for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++)
            forward_section(residual, view, s, input_of(&of, s),
                            (size_t)n * conv_in_size(behind(residual, s)), patches, scratch, acts);
        real_t *to = features + (size_t)n * (size_t)stride;
        cells_forward(&pool, of.out[last], to, acts->cells + (size_t)n * (size_t)F);
        acts->rate[n] = plain_norm(F, to);
    }
}

/* *d_x: that of the section's output; becomes that of its input, unless it is the picture. */
static void backward_section(const residual_t *residual, const residual_view_t *view, int32_t s,
                             const residual_row_t *row, real_t *patches,
                             residual_scratch_t *scratch, real_t *const *grad)
{
    const conv_t *conv = before(residual, s);
    const real_t *const *w = view->at + 2 * s * RESIDUAL_CONVS_EACH;
    const pool_t pool = pool_of(conv);
    real_t *d_x = scratch->a, *d_inner = scratch->b, *d_open = scratch->wide;
    for (int32_t b = RESIDUAL_BLOCKS - 1; b >= 0; b--) {
        const conv_t *first = behind(residual, s) + 2 * b, *second = first + 1;
        const int32_t t = 2 * (1 + 2 * b);
        const conv_input_t inner = { .reals = row->inner[s][b] },
                           open = { .reals = row->open[s][b] };
        conv_add_backward(second, 1, inner, w[t + 2], NULL, d_x, patches, grad[t + 2], grad[t + 3],
                          d_inner);
        conv_add_backward(first, 1, open, w[t], row->inner[s][b], d_inner, patches, grad[t],
                          grad[t + 1], d_open);
        let_open(conv_in_size(first), row->open[s][b], d_open, d_open);
        add(conv_in_size(first), d_open, d_x);
    }
    pool_backward(&pool, row->from[s], d_x, scratch->wide);
    conv_add_backward(conv, 1, input_of(row, s), w[0], NULL, scratch->wide, patches, grad[0],
                      grad[1], s > 0 ? d_x : NULL);
}

void residual_backward(const residual_t *residual, const residual_view_t *view,
                       const uint8_t *const *obs, const residual_acts_t *acts, int32_t row,
                       int32_t num_rows, const real_t *features, real_t *d_features, int32_t stride,
                       real_t *patches, residual_scratch_t *scratch,
                       real_t *const grad[RESIDUAL_NUM_TENSORS])
{
    const int32_t F = residual->num_features, last = RESIDUAL_SECTIONS - 1;
    const pool_t pool = pool_of(behind(residual, last));
    for (int32_t c = 0; c < RESIDUAL_CONVS; c++) {
        const conv_t *conv = &residual->conv[c];
        const size_t outs = (size_t)conv->out_channels;
        memset(grad[2 * c], 0, outs * (size_t)conv_taps(conv) * sizeof(real_t));
        memset(grad[2 * c + 1], 0, outs * sizeof(real_t));
    }
    for (int32_t n = row; n < row + num_rows; n++) {
        const residual_row_t of = row_of(residual, acts, obs, n);
        const size_t at = (size_t)n * (size_t)stride;
        plain_norm_derivative(F, features + at, acts->rate[n], d_features + at);
        cells_backward(&pool, acts->cells + (size_t)n * (size_t)F, d_features + at, scratch->a);
        for (int32_t s = last; s >= 0; s--)
            backward_section(residual, view, s, &of, patches, scratch,
                             grad + 2 * s * RESIDUAL_CONVS_EACH);
    }
}

/* t_x, scratch->a: of the section's input, unless it is the picture; becomes that of its output. */
static void jvp_section(const residual_t *residual, const residual_view_t *view,
                        const residual_view_t *tangent, int32_t s, const residual_row_t *row,
                        real_t *patches, residual_scratch_t *scratch)
{
    const conv_t *conv = before(residual, s);
    const real_t *const *w = view->at + 2 * s * RESIDUAL_CONVS_EACH;
    const real_t *const *t = tangent->at + 2 * s * RESIDUAL_CONVS_EACH;
    const pool_t pool = pool_of(conv);
    real_t *t_x = scratch->a, *t_open = scratch->b, *t_inner = scratch->wide;
    conv_jvp(conv, 1, input_of(row, s), w[0], NULL, s > 0 ? t_x : NULL, t[0], t[1], patches,
             scratch->wide);
    pool_jvp(&pool, row->from[s], scratch->wide, t_x);
    for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
        const conv_t *first = behind(residual, s) + 2 * b, *second = first + 1;
        const int32_t i = 2 * (1 + 2 * b);
        const conv_input_t inner = { .reals = row->inner[s][b] },
                           open = { .reals = row->open[s][b] };
        let_open(conv_in_size(first), row->open[s][b], t_x, t_open);
        conv_jvp(first, 1, open, w[i], row->inner[s][b], t_open, t[i], t[i + 1], patches, t_inner);
        conv_jvp(second, 1, inner, w[i + 2], NULL, t_inner, t[i + 2], t[i + 3], patches, t_open);
        add(conv_in_size(first), t_open, t_x);
    }
}

void residual_jvp(const residual_t *residual, const residual_view_t *view,
                  const residual_view_t *tangent, const uint8_t *const *obs,
                  const residual_acts_t *acts, int32_t row, int32_t num_rows,
                  const real_t *features, real_t *patches, residual_scratch_t *scratch,
                  real_t *t_features, int32_t stride)
{
    const int32_t F = residual->num_features, last = RESIDUAL_SECTIONS - 1;
    const pool_t pool = pool_of(behind(residual, last));
    for (int32_t n = row; n < row + num_rows; n++) {
        const residual_row_t of = row_of(residual, acts, obs, n);
        const size_t at = (size_t)n * (size_t)stride;
        for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++)
            jvp_section(residual, view, tangent, s, &of, patches, scratch);
        cells_jvp(&pool, acts->cells + (size_t)n * (size_t)F, scratch->a, t_features + at);
        plain_norm_derivative(F, features + at, acts->rate[n], t_features + at);
    }
}
