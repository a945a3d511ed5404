/* encoder.c - see encoder.h. Proven in tests/agent/test_encoder_f64.c. */
#include "encoder.h"

#include <math.h>
#include <string.h>

#include "half.h"

static const double LEAST_VARIANCE = 1e-4; /* a value that hardly ever changes is not blown up */
static const double NO_VARIANCE = 1e-6;    /* one that never did was not learned from: not seen */
static const real_t MOST = 10;
static const real_t NORM_EPSILON = (real_t)1e-5;

enum { D = ENCODER_WIDTH };

static int32_t block_tensor(int32_t block, int32_t tensor)
{
    return ENCODER_BLOCK + 6 * block + tensor;
}

/* Gain and shift of LayerNorm n: those of the blocks, then the last. */
static int32_t gain_of(int32_t norm)
{
    return norm < ENCODER_BLOCKS ? block_tensor(norm, ENCODER_GAIN) : ENCODER_OUT_GAIN;
}

void encoder_init(encoder_t *encoder, int32_t num_values, int32_t stack, size_t picture_bytes,
                  size_t look_bytes)
{
    const int32_t ins = num_values * stack;
    *encoder = (encoder_t){
        .num_values = num_values,
        .stack = stack,
        .picture_bytes = picture_bytes,
        .look_bytes = look_bytes,
        .in = { ins, D, ins, D, false },
        .up = { D, 4 * D, D, 4 * D, true },
        .down = { 4 * D, D, 4 * D, D, false },
    };
}

void encoder_acts_take(const encoder_t *encoder, arena_t *arena, int32_t max_rows,
                       encoder_acts_t *acts)
{
    const size_t rows = (size_t)max_rows, real = sizeof(real_t);
    *acts = (encoder_acts_t){ 0 };
    acts->in = arena_take(arena, rows * (size_t)encoder->in.in_size, real);
    acts->x = arena_take(arena, rows * D, real);
    for (int32_t n = 0; n < ENCODER_NORMS; n++) {
        acts->hat[n] = arena_take(arena, rows * D, real);
        acts->rate[n] = arena_take(arena, rows, real);
    }
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        acts->normed[b] = arena_take(arena, rows * D, real);
        acts->up[b] = arena_take(arena, rows * 4 * D, real);
    }
}

void encoder_scratch_take(arena_t *arena, int32_t max_rows, encoder_scratch_t *scratch)
{
    const size_t rows = (size_t)max_rows, real = sizeof(real_t);
    scratch->d_x = arena_take(arena, rows * D, real);
    scratch->d_normed = arena_take(arena, rows * D, real);
    scratch->d_up = arena_take(arena, rows * 4 * D, real);
}

/* ---- values ---------------------------------------------------------------------------------- */

/* A file's half may be no number; a player's never is. */
static float value_at(const uint8_t *at)
{
    uint16_t half;
    memcpy(&half, at, sizeof half);
    return (half & 0x7c00) == 0x7c00 ? 0 : half_value(half);
}

/* values: (V), those of one look. */
static void read_values(const encoder_t *encoder, const uint8_t *obs, int32_t look, real_t *values)
{
    const uint8_t *from = obs + (size_t)look * encoder->look_bytes + encoder->picture_bytes;
    for (int32_t v = 0; v < encoder->num_values; v++) values[v] = (real_t)value_at(from + 2 * v);
}

/* A file's variance may be any number. */
static real_t rate_of(real_t variance)
{
    const double v = (double)variance;
    return v >= NO_VARIANCE ? (real_t)(1 / sqrt(v + LEAST_VARIANCE)) : 0;
}

static void normalise(const encoder_t *encoder, const encoder_view_t *view, const uint8_t *obs,
                      real_t *in)
{
    const real_t *mean = view->at[ENCODER_MEAN], *variance = view->at[ENCODER_VARIANCE];
    for (int32_t c = 0; c < encoder->stack; c++)
        read_values(encoder, obs, c, in + c * encoder->num_values);
    for (int32_t v = 0; v < encoder->num_values; v++) {
        const real_t rate = rate_of(variance[v]);
        for (int32_t i = v; i < encoder->in.in_size; i += encoder->num_values) {
            const real_t x = (in[i] - mean[v]) * rate;
            in[i] = x > MOST ? MOST : x < -MOST ? -MOST : x;
        }
    }
}

void encoder_follow(const encoder_t *encoder, const uint8_t *const *obs, int32_t num_rows,
                    double rate, real_t *mean, real_t *variance)
{
    const double count = (double)num_rows * encoder->stack;
    for (int32_t v = 0; v < encoder->num_values; v++) {
        double sum = 0, squares = 0;
        for (int32_t n = 0; n < num_rows; n++)
            for (int32_t c = 0; c < encoder->stack; c++) {
                const double value = (double)value_at(obs[n] + (size_t)c * encoder->look_bytes +
                                                      encoder->picture_bytes + 2 * v);
                sum += value;
                squares += value * value;
            }
        const double here = sum / count, step = here - (double)mean[v];
        const double spread = fmax(squares / count - here * here, 0);
        variance[v] =
            (real_t)((1 - rate) * ((double)variance[v] + rate * step * step) + rate * spread);
        mean[v] += (real_t)(rate * step);
    }
}

/* ---- LayerNorm ------------------------------------------------------------------------------- */

/* y: row n at n * stride. */
static void norm_forward(int32_t num_rows, const real_t *x, const real_t *gain, const real_t *shift,
                         real_t *hat, real_t *rate, real_t *y, int32_t stride)
{
    for (int32_t n = 0; n < num_rows; n++, x += D, hat += D, y += stride) {
        real_t mean = 0, variance = 0;
        for (int32_t i = 0; i < D; i++) mean += x[i];
        mean /= D;
        for (int32_t i = 0; i < D; i++) variance += (x[i] - mean) * (x[i] - mean);
        rate[n] = (real_t)(1 / sqrt((double)(variance / D + NORM_EPSILON)));
        for (int32_t i = 0; i < D; i++) {
            hat[i] = (x[i] - mean) * rate[n];
            y[i] = gain[i] * hat[i] + shift[i];
        }
    }
}

/* d_x += ..., d_gain += ..., d_shift += ... */
static void norm_backward(int32_t num_rows, const real_t *hat, const real_t *rate,
                          const real_t *gain, const real_t *d_y, int32_t stride, real_t *d_x,
                          real_t *d_gain, real_t *d_shift)
{
    for (int32_t n = 0; n < num_rows; n++, hat += D, d_y += stride, d_x += D) {
        real_t sum = 0, along = 0;
        for (int32_t i = 0; i < D; i++) {
            const real_t d_hat = d_y[i] * gain[i];
            sum += d_hat;
            along += d_hat * hat[i];
            d_gain[i] += d_y[i] * hat[i];
            d_shift[i] += d_y[i];
        }
        for (int32_t i = 0; i < D; i++)
            d_x[i] += rate[n] * (d_y[i] * gain[i] - (sum + along * hat[i]) / D);
    }
}

static void norm_jvp(int32_t num_rows, const real_t *hat, const real_t *rate, const real_t *gain,
                     const real_t *t_x, const real_t *t_gain, const real_t *t_shift, real_t *t_y,
                     int32_t stride)
{
    for (int32_t n = 0; n < num_rows; n++, hat += D, t_x += D, t_y += stride) {
        real_t sum = 0, along = 0;
        for (int32_t i = 0; i < D; i++) {
            sum += t_x[i];
            along += t_x[i] * hat[i];
        }
        for (int32_t i = 0; i < D; i++)
            t_y[i] = gain[i] * rate[n] * (t_x[i] - (sum + along * hat[i]) / D) +
                     t_gain[i] * hat[i] + t_shift[i];
    }
}

/* ---- passes ---------------------------------------------------------------------------------- */

static void add_rows(int32_t num_rows, const real_t *from, real_t *to)
{
    for (int32_t i = 0; i < num_rows * D; i++) to[i] += from[i];
}

void encoder_forward(const encoder_t *encoder, const encoder_view_t *view,
                     const uint8_t *const *obs, int32_t row, int32_t num_rows, encoder_acts_t *acts,
                     real_t *out, int32_t out_stride)
{
    if (num_rows == 0) return;
    const real_t *const *w = view->at;
    const size_t r = (size_t)row, at = r * D;
    real_t *in = acts->in + r * (size_t)encoder->in.in_size, *x = acts->x + at;
    for (int32_t n = 0; n < num_rows; n++)
        normalise(encoder, view, obs[row + n], in + (size_t)n * (size_t)encoder->in.in_size);
    linear_forward(&encoder->in, linear_all_outs(&encoder->in), num_rows, in, w[ENCODER_IN_W],
                   w[ENCODER_IN_B], x);
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        const real_t *const *of = w + block_tensor(b, 0);
        real_t *normed = acts->normed[b] + at, *up = acts->up[b] + 4 * at;
        norm_forward(num_rows, x, of[ENCODER_GAIN], of[ENCODER_SHIFT], acts->hat[b] + at,
                     acts->rate[b] + r, normed, D);
        linear_forward(&encoder->up, linear_all_outs(&encoder->up), num_rows, normed,
                       of[ENCODER_UP_W], of[ENCODER_UP_B], up);
        /* The last LayerNorm's place is free until x is whole. */
        real_t *down = acts->hat[ENCODER_BLOCKS] + at;
        linear_forward(&encoder->down, linear_all_outs(&encoder->down), num_rows, up,
                       of[ENCODER_DOWN_W], of[ENCODER_DOWN_B], down);
        add_rows(num_rows, down, x);
    }
    norm_forward(num_rows, x, w[ENCODER_OUT_GAIN], w[ENCODER_OUT_SHIFT],
                 acts->hat[ENCODER_BLOCKS] + at, acts->rate[ENCODER_BLOCKS] + r,
                 out + r * (size_t)out_stride, out_stride);
}

static void zero_layer(const linear_t *layer, real_t *d_w, real_t *d_b)
{
    memset(d_w, 0, (size_t)layer->in_size * (size_t)layer->out_size * sizeof *d_w);
    memset(d_b, 0, (size_t)layer->out_size * sizeof *d_b);
}

/* Of no rows, where OpenBLAS need not write anything. */
static void zero_layers(const encoder_t *encoder, real_t *const grad[ENCODER_NUM_TENSORS])
{
    zero_layer(&encoder->in, grad[ENCODER_IN_W], grad[ENCODER_IN_B]);
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        real_t *const *to = grad + block_tensor(b, 0);
        zero_layer(&encoder->up, to[ENCODER_UP_W], to[ENCODER_UP_B]);
        zero_layer(&encoder->down, to[ENCODER_DOWN_W], to[ENCODER_DOWN_B]);
    }
}

void encoder_backward(const encoder_t *encoder, const encoder_view_t *view,
                      const encoder_acts_t *acts, int32_t row, int32_t num_rows,
                      const real_t *d_out, int32_t out_stride, encoder_scratch_t *scratch,
                      real_t *const grad[ENCODER_NUM_TENSORS])
{
    const size_t r = (size_t)row, at = r * D;
    real_t *d_x = scratch->d_x + at, *d_normed = scratch->d_normed + at;
    real_t *d_up = scratch->d_up + 4 * at;
    for (int32_t n = 0; n < ENCODER_NORMS; n++) {
        memset(grad[gain_of(n)], 0, D * sizeof(real_t));
        memset(grad[gain_of(n) + 1], 0, D * sizeof(real_t));
    }
    if (num_rows == 0) {
        zero_layers(encoder, grad);
        return;
    }
    memset(d_x, 0, (size_t)num_rows * D * sizeof *d_x);
    norm_backward(num_rows, acts->hat[ENCODER_BLOCKS] + at, acts->rate[ENCODER_BLOCKS] + r,
                  view->at[ENCODER_OUT_GAIN], d_out + r * (size_t)out_stride, out_stride, d_x,
                  grad[ENCODER_OUT_GAIN], grad[ENCODER_OUT_SHIFT]);
    for (int32_t b = ENCODER_BLOCKS - 1; b >= 0; b--) {
        const real_t *const *of = view->at + block_tensor(b, 0);
        real_t *const *to = grad + block_tensor(b, 0);
        const linear_t *up = &encoder->up, *down = &encoder->down;
        linear_backward_weights(down, linear_all_outs(down), num_rows, acts->up[b] + 4 * at, NULL,
                                d_x, to[ENCODER_DOWN_W], to[ENCODER_DOWN_B]);
        linear_backward_input(down, linear_all_ins(down), num_rows, of[ENCODER_DOWN_W], d_x, d_up);
        linear_backward_weights(up, linear_all_outs(up), num_rows, acts->normed[b] + at,
                                acts->up[b] + 4 * at, d_up, to[ENCODER_UP_W], to[ENCODER_UP_B]);
        linear_backward_input(up, linear_all_ins(up), num_rows, of[ENCODER_UP_W], d_up, d_normed);
        norm_backward(num_rows, acts->hat[b] + at, acts->rate[b] + r, of[ENCODER_GAIN], d_normed, D,
                      d_x, to[ENCODER_GAIN], to[ENCODER_SHIFT]);
    }
    linear_backward_weights(&encoder->in, linear_all_outs(&encoder->in), num_rows,
                            acts->in + r * (size_t)encoder->in.in_size, NULL, d_x,
                            grad[ENCODER_IN_W], grad[ENCODER_IN_B]);
}

void encoder_jvp(const encoder_t *encoder, const encoder_view_t *view,
                 const encoder_view_t *tangent, const encoder_acts_t *acts, int32_t row,
                 int32_t num_rows, encoder_scratch_t *scratch, real_t *t_out, int32_t out_stride)
{
    if (num_rows == 0) return;
    const size_t r = (size_t)row, at = r * D;
    const real_t *in = acts->in + r * (size_t)encoder->in.in_size;
    real_t *t_x = scratch->d_x + at, *t_normed = scratch->d_normed + at;
    real_t *t_up = scratch->d_up + 4 * at;
    linear_forward(&encoder->in, linear_all_outs(&encoder->in), num_rows, in,
                   tangent->at[ENCODER_IN_W], tangent->at[ENCODER_IN_B], t_x);
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        const real_t *const *of = view->at + block_tensor(b, 0);
        const real_t *const *t = tangent->at + block_tensor(b, 0);
        const linear_t *up = &encoder->up, *down = &encoder->down;
        norm_jvp(num_rows, acts->hat[b] + at, acts->rate[b] + r, of[ENCODER_GAIN], t_x,
                 t[ENCODER_GAIN], t[ENCODER_SHIFT], t_normed, D);
        linear_jvp(up, linear_all_outs(up), num_rows, acts->normed[b] + at, of[ENCODER_UP_W],
                   acts->up[b] + 4 * at, t_normed, t[ENCODER_UP_W], t[ENCODER_UP_B], t_up);
        linear_jvp(down, linear_all_outs(down), num_rows, acts->up[b] + 4 * at, of[ENCODER_DOWN_W],
                   NULL, t_up, t[ENCODER_DOWN_W], t[ENCODER_DOWN_B], t_normed);
        add_rows(num_rows, t_normed, t_x);
    }
    norm_jvp(num_rows, acts->hat[ENCODER_BLOCKS] + at, acts->rate[ENCODER_BLOCKS] + r,
             view->at[ENCODER_OUT_GAIN], t_x, tangent->at[ENCODER_OUT_GAIN],
             tangent->at[ENCODER_OUT_SHIFT], t_out + r * (size_t)out_stride, out_stride);
}
