/* layers.c - see layers.h. Gradients are proven in tests/agent/test_layers_f64.c. */
#include "layers.h"

#include <assert.h>
#include <string.h>

#include "row_products.h"
#include "wide.h"

enum {
    CONV_GROUP_BYTES = 512 * 1024,
    LINES_VALUES = 8 * 512 /* a kernel's height of the widest picture that a configuration allows */
};
static const real_t BYTE_SCALE = (real_t)(1.0 / 255.0);

bool conv_init(conv_t *conv, bool from_bytes, const int32_t in_shape[3], int32_t out_channels,
               int32_t kernel, int32_t stride)
{
    *conv = (conv_t){
        .from_bytes = from_bytes,
        .in_channels = in_shape[0],
        .in_height = in_shape[1],
        .in_width = in_shape[2],
        .plane_bytes = (size_t)in_shape[1] * (size_t)in_shape[2],
        .kernel = kernel,
        .stride = stride,
        .relu = true,
        .out_channels = out_channels,
    };
    if (in_shape[1] < kernel || in_shape[2] < kernel) return false;
    if (from_bytes && kernel * in_shape[2] > LINES_VALUES) return false;
    conv->out_height = (in_shape[1] - kernel) / stride + 1;
    conv->out_width = (in_shape[2] - kernel) / stride + 1;
    return true;
}

void conv_init_same(conv_t *conv, bool from_bytes, const int32_t in_shape[3], int32_t out_channels,
                    bool relu)
{
    enum { KERNEL = 3, PAD = KERNEL / 2 };
    assert(!from_bytes || KERNEL * (in_shape[2] + 2 * PAD) <= LINES_VALUES);
    *conv = (conv_t){
        .from_bytes = from_bytes,
        .in_channels = in_shape[0],
        .in_height = in_shape[1],
        .in_width = in_shape[2],
        .plane_bytes = (size_t)in_shape[1] * (size_t)in_shape[2],
        .kernel = KERNEL,
        .stride = 1,
        .pad = PAD,
        .relu = relu,
        .out_channels = out_channels,
        .out_height = in_shape[1],
        .out_width = in_shape[2],
    };
}

int32_t conv_pixels(const conv_t *conv)
{
    return conv->out_height * conv->out_width;
}

int32_t conv_taps(const conv_t *conv)
{
    return conv->kernel * conv->kernel * conv->in_channels;
}

size_t conv_patches_size(const conv_t *conv)
{
    return (size_t)conv_pixels(conv) * (size_t)conv_taps(conv);
}

size_t conv_out_size(const conv_t *conv)
{
    return (size_t)conv_pixels(conv) * (size_t)conv->out_channels;
}

size_t conv_in_size(const conv_t *conv)
{
    return (size_t)conv->in_channels * (size_t)conv->in_height * (size_t)conv->in_width;
}

int32_t conv_group_rows(const conv_t *conv)
{
    const size_t rows = CONV_GROUP_BYTES / (conv_patches_size(conv) * sizeof(real_t));
    return rows < 1 ? 1 : rows > 64 ? 64 : (int32_t)rows;
}

/* obs: (C, H, W) -> patches: (pixels, C * k * k). The 1/255 is left to the product's alpha.
 * Bytes become reals a few whole lines at a time, in vectors; inlined per kernel size, a patch then
 * copies each of its runs by one or two moves. */
static inline __attribute__((always_inline)) void
unfold_bytes(const conv_t *conv, const uint8_t *obs, real_t *patches, int32_t kernel)
{
    real_t lines[LINES_VALUES];
    const int32_t width = conv->in_width, taps = conv_taps(conv), square = kernel * kernel;
    for (int32_t y = 0; y < conv->out_height; y++)
        for (int32_t c = 0; c < conv->in_channels; c++) {
            const uint8_t *from =
                obs + (size_t)c * conv->plane_bytes + (size_t)(y * conv->stride * width);
            for (int32_t i = 0; i < kernel * width; i++) lines[i] = from[i];
            real_t *to = patches + (size_t)y * (size_t)(conv->out_width * taps) + c * square;
            for (int32_t x = 0; x < conv->out_width; x++, to += taps)
                for (int32_t ky = 0; ky < kernel; ky++)
                    memcpy(to + ky * kernel, lines + ky * width + x * conv->stride,
                           (size_t)kernel * sizeof *to);
        }
}

/* The same with padding: lines have zeros at their ends, and where they are outside. */
static void unfold_padded_bytes(const conv_t *conv, const uint8_t *obs, real_t *patches)
{
    real_t lines[LINES_VALUES];
    const int32_t width = conv->in_width, pad = conv->pad, kernel = conv->kernel;
    const int32_t line = width + 2 * pad, taps = conv_taps(conv);
    memset(lines, 0, (size_t)(kernel * line) * sizeof *lines);
    for (int32_t y = 0; y < conv->out_height; y++)
        for (int32_t c = 0; c < conv->in_channels; c++) {
            for (int32_t ky = 0; ky < kernel; ky++) {
                const int32_t from_y = y * conv->stride + ky - pad;
                const uint8_t *from = obs + (size_t)c * conv->plane_bytes + from_y * width;
                real_t *to = lines + ky * line + pad;
                if (from_y < 0 || from_y >= conv->in_height)
                    memset(to, 0, (size_t)width * sizeof *to);
                else
                    for (int32_t x = 0; x < width; x++) to[x] = from[x];
            }
            real_t *to =
                patches + (size_t)y * (size_t)(conv->out_width * taps) + c * kernel * kernel;
            for (int32_t x = 0; x < conv->out_width; x++, to += taps)
                for (int32_t ky = 0; ky < kernel; ky++)
                    for (int32_t kx = 0; kx < kernel; kx++)
                        to[ky * kernel + kx] = lines[ky * line + x * conv->stride + kx];
        }
}

static void unfold_one_from_bytes(const conv_t *conv, const uint8_t *obs, real_t *patches)
{
    if (conv->pad > 0) {
        unfold_padded_bytes(conv, obs, patches);
        return;
    }
    switch (conv->kernel) {
    case 5: unfold_bytes(conv, obs, patches, 5); break;
    case 8: unfold_bytes(conv, obs, patches, 8); break;
    default: unfold_bytes(conv, obs, patches, conv->kernel); break;
    }
}

/* in: (H, W, C) -> patches: (pixels, k * k * C) */
static void unfold_one(const conv_t *conv, const real_t *in, real_t *patches)
{
    const size_t run = (size_t)conv->kernel * (size_t)conv->in_channels;
    const size_t row = (size_t)conv->in_width * (size_t)conv->in_channels;
    for (int32_t y = 0; y < conv->out_height; y++)
        for (int32_t x = 0; x < conv->out_width; x++)
            for (int32_t ky = 0; ky < conv->kernel; ky++) {
                memcpy(patches,
                       in + (size_t)(y * conv->stride + ky) * row +
                           (size_t)(x * conv->stride * conv->in_channels),
                       run * sizeof *patches);
                patches += run;
            }
}

/* The taps [*first, *last) of a kernel at `at`, along one axis, that are inside `size`. */
static void taps_inside(const conv_t *conv, int32_t at, int32_t size, int32_t *first, int32_t *last)
{
    const int32_t from = at * conv->stride - conv->pad;
    *first = from < 0 ? -from : 0;
    *last = from + conv->kernel > size ? size - from : conv->kernel;
}

/* unfold_one() and fold_one() with padding: what of a run is outside is 0, and goes nowhere. */
static void unfold_one_padded(const conv_t *conv, const real_t *in, real_t *patches)
{
    const int32_t ins = conv->in_channels, run = conv->kernel * ins;
    for (int32_t y = 0; y < conv->out_height; y++) {
        int32_t first_y, last_y, first_x, last_x;
        taps_inside(conv, y, conv->in_height, &first_y, &last_y);
        for (int32_t x = 0; x < conv->out_width; x++) {
            taps_inside(conv, x, conv->in_width, &first_x, &last_x);
            const size_t inside = (size_t)((last_x - first_x) * ins) * sizeof *patches;
            for (int32_t ky = 0; ky < conv->kernel; ky++, patches += run) {
                const bool is_inside = ky >= first_y && ky < last_y;
                const int32_t from_y = y * conv->stride - conv->pad + ky;
                const int32_t from_x = x * conv->stride - conv->pad + first_x;
                if (!is_inside || last_x - first_x < conv->kernel)
                    memset(patches, 0, (size_t)run * sizeof *patches);
                if (is_inside)
                    memcpy(patches + first_x * ins, in + (from_y * conv->in_width + from_x) * ins,
                           inside);
            }
        }
    }
}

static void fold_one_padded(const conv_t *conv, const real_t *d_patches, real_t *d_in)
{
    const int32_t ins = conv->in_channels, run = conv->kernel * ins;
    memset(d_in, 0, conv_in_size(conv) * sizeof *d_in);
    for (int32_t y = 0; y < conv->out_height; y++) {
        int32_t first_y, last_y, first_x, last_x;
        taps_inside(conv, y, conv->in_height, &first_y, &last_y);
        for (int32_t x = 0; x < conv->out_width; x++, d_patches += conv->kernel * run) {
            taps_inside(conv, x, conv->in_width, &first_x, &last_x);
            for (int32_t ky = first_y; ky < last_y; ky++) {
                const int32_t to_y = y * conv->stride - conv->pad + ky;
                const int32_t to_x = x * conv->stride - conv->pad + first_x;
                const real_t *from = d_patches + ky * run + first_x * ins;
                real_t *to = d_in + (to_y * conv->in_width + to_x) * ins;
                for (int32_t i = 0; i < (last_x - first_x) * ins; i++) to[i] += from[i];
            }
        }
    }
}

/* The transpose of unfold_one: d_in (H, W, C) = sum of the patches that read each value. */
static void fold_one(const conv_t *conv, const real_t *d_patches, real_t *d_in)
{
    const size_t run = (size_t)conv->kernel * (size_t)conv->in_channels;
    const size_t row = (size_t)conv->in_width * (size_t)conv->in_channels;
    memset(d_in, 0, conv_in_size(conv) * sizeof *d_in);
    for (int32_t y = 0; y < conv->out_height; y++)
        for (int32_t x = 0; x < conv->out_width; x++)
            for (int32_t ky = 0; ky < conv->kernel; ky++) {
                real_t *to = d_in + (size_t)(y * conv->stride + ky) * row +
                             (size_t)(x * conv->stride * conv->in_channels);
                for (size_t i = 0; i < run; i++) to[i] += d_patches[i];
                d_patches += run;
            }
}

static void unfold(const conv_t *conv, int32_t first_row, int32_t num_rows, conv_input_t in,
                   real_t *patches)
{
    const size_t step = conv_patches_size(conv);
    for (int32_t n = 0; n < num_rows; n++) {
        const size_t at = (size_t)(first_row + n) * conv_in_size(conv);
        if (conv->from_bytes)
            unfold_one_from_bytes(conv, in.bytes[first_row + n], patches + (size_t)n * step);
        else if (conv->pad > 0)
            unfold_one_padded(conv, in.reals + at, patches + (size_t)n * step);
        else
            unfold_one(conv, in.reals + at, patches + (size_t)n * step);
    }
}

/* x[n,o] = max(x[n,o] + b[o], 0), or without the max. */
static void add_bias(int32_t num_rows, int32_t size, int32_t stride, const real_t *b, bool relu,
                     real_t *x)
{
    for (int32_t n = 0; n < num_rows; n++, x += stride) {
        if (relu) {
            for (int32_t o = 0; o < size; o++) {
                const real_t sum = x[o] + b[o];
                x[o] = sum > 0 ? sum : 0;
            }
        } else {
            for (int32_t o = 0; o < size; o++) x[o] += b[o];
        }
    }
}

/* d[n,o] = 0 where the ReLU was closed; d_b[o] += sum_n d[n,o] unless NULL. */
static void mask_and_sum(int32_t num_rows, int32_t size, int32_t stride, const real_t *out,
                         real_t *d, real_t *d_b)
{
    for (int32_t n = 0; n < num_rows; n++, d += stride) {
        if (out) {
            for (int32_t o = 0; o < size; o++) d[o] = out[o] > 0 ? d[o] : 0;
            out += stride;
        }
        if (d_b)
            for (int32_t o = 0; o < size; o++) d_b[o] += d[o];
    }
}

static real_t input_scale(const conv_t *conv)
{
    return conv->from_bytes ? BYTE_SCALE : (real_t)1;
}

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

void conv_forward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                  const real_t *b, real_t *scratch, real_t *out)
{
    const int32_t pixels = conv_pixels(conv), taps = conv_taps(conv), outs = conv->out_channels;
    for (int32_t n = 0, group; n < num_rows; n += group) {
        group = smaller(conv_group_rows(conv), num_rows - n);
        real_t *to = out + (size_t)n * conv_out_size(conv);
        unfold(conv, n, group, in, scratch);
        /* out[p,o] = sum_t patches[p,t] * w[o,t] */
        if (num_rows == 1)
            row_products(pixels, outs, taps, input_scale(conv), scratch, w, to);
        else
            real_gemm(false, true, group * pixels, outs, taps, input_scale(conv), scratch, taps, w,
                      taps, 0, to, outs);
        add_bias(group * pixels, outs, outs, b, conv->relu, to);
    }
}

/* out[p,o] = max(x[p,o] + b[o], 0) for the first half of each row, other[p,o] for the second. */
static void split_with_bias(int32_t num_rows, int32_t size, const real_t *restrict x,
                            const real_t *restrict b, real_t *restrict out, real_t *restrict other)
{
    for (int32_t n = 0; n < num_rows; n++, x += 2 * size, out += size, other += size)
        for (int32_t o = 0; o < size; o++) {
            const real_t mine = x[o] + b[o], others = x[size + o] + b[size + o];
            out[o] = mine > 0 ? mine : 0;
            other[o] = others > 0 ? others : 0;
        }
}

void conv_forward_pair(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                       const real_t *b, real_t *scratch, real_t *out, real_t *other_out)
{
    const int32_t pixels = conv_pixels(conv), taps = conv_taps(conv), outs = conv->out_channels;
    const int32_t most = conv_group_rows(conv);
    assert(conv->relu);
    real_t *both = scratch + (size_t)most * conv_patches_size(conv);
    for (int32_t n = 0, group; n < num_rows; n += group) {
        group = smaller(most, num_rows - n);
        const size_t at = (size_t)n * conv_out_size(conv);
        unfold(conv, n, group, in, scratch);
        real_gemm(false, true, group * pixels, 2 * outs, taps, input_scale(conv), scratch, taps, w,
                  taps, 0, both, 2 * outs);
        split_with_bias(group * pixels, outs, both, b, out + at, other_out + at);
    }
}

void conv_backward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                   const real_t *out, real_t *d_out, real_t *scratch, real_t *d_w, real_t *d_b,
                   real_t *d_in)
{
    memset(d_w, 0, (size_t)conv->out_channels * (size_t)conv_taps(conv) * sizeof *d_w);
    memset(d_b, 0, (size_t)conv->out_channels * sizeof *d_b);
    conv_add_backward(conv, num_rows, in, w, out, d_out, scratch, d_w, d_b, d_in);
}

void conv_add_backward(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
                       const real_t *out, real_t *d_out, real_t *scratch, real_t *d_w, real_t *d_b,
                       real_t *d_in)
{
    const int32_t pixels = conv_pixels(conv), taps = conv_taps(conv), outs = conv->out_channels;
    for (int32_t n = 0, group; n < num_rows; n += group) {
        group = smaller(conv_group_rows(conv), num_rows - n);
        const size_t at = (size_t)n * conv_out_size(conv);
        mask_and_sum(group * pixels, outs, outs, conv->relu ? out + at : NULL, d_out + at, d_b);
        unfold(conv, n, group, in, scratch);
        /* d_w[o,t] += sum_p d_out[p,o] * patches[p,t] */
        real_gemm(true, false, outs, taps, group * pixels, input_scale(conv), d_out + at, outs,
                  scratch, taps, 1, d_w, taps);
        if (!d_in) continue;
        /* d_patches[p,t] = sum_o d_out[p,o] * w[o,t] */
        real_gemm(false, false, group * pixels, taps, outs, 1, d_out + at, outs, w, taps, 0,
                  scratch, taps);
        for (int32_t i = 0; i < group; i++) {
            const real_t *from = scratch + (size_t)i * conv_patches_size(conv);
            real_t *to = d_in + (size_t)(n + i) * conv_in_size(conv);
            if (conv->pad > 0)
                fold_one_padded(conv, from, to);
            else
                fold_one(conv, from, to);
        }
    }
}

void conv_jvp(const conv_t *conv, int32_t num_rows, conv_input_t in, const real_t *w,
              const real_t *out, const real_t *t_in, const real_t *t_w, const real_t *t_b,
              real_t *scratch, real_t *t_out)
{
    const int32_t pixels = conv_pixels(conv), taps = conv_taps(conv), outs = conv->out_channels;
    for (int32_t n = 0, group; n < num_rows; n += group) {
        group = smaller(conv_group_rows(conv), num_rows - n);
        const size_t at = (size_t)n * conv_out_size(conv);
        /* t_out[p,o] = sum_t patches[p,t] * t_w[o,t] + t_patches[p,t] * w[o,t] */
        unfold(conv, n, group, in, scratch);
        real_gemm(false, true, group * pixels, outs, taps, input_scale(conv), scratch, taps, t_w,
                  taps, 0, t_out + at, outs);
        if (t_in) {
            unfold(conv, n, group, (conv_input_t){ .reals = t_in }, scratch);
            real_gemm(false, true, group * pixels, outs, taps, 1, scratch, taps, w, taps, 1,
                      t_out + at, outs);
        }
        add_bias(group * pixels, outs, outs, t_b, false, t_out + at);
        if (conv->relu) mask_and_sum(group * pixels, outs, outs, out + at, t_out + at, NULL);
    }
}

linear_range_t linear_all_outs(const linear_t *layer)
{
    return (linear_range_t){ 0, layer->out_size };
}

linear_range_t linear_all_ins(const linear_t *layer)
{
    return (linear_range_t){ 0, layer->in_size };
}

void linear_forward(const linear_t *layer, linear_range_t outs, int32_t num_rows, const real_t *in,
                    const real_t *w, const real_t *b, real_t *out)
{
    const int32_t ins = layer->in_size;
    if (outs.count == 0) return;
    w += (size_t)outs.first * (size_t)ins;
    out += outs.first;
    /* out[n,o] = sum_i in[n,i] * w[o,i] */
    if (num_rows == 1)
        row_products(1, outs.count, ins, 1, in, w, out);
    else
        real_gemm(false, true, num_rows, outs.count, ins, 1, in, layer->in_stride, w, ins, 0, out,
                  layer->out_stride);
    add_bias(num_rows, outs.count, layer->out_stride, b + outs.first, layer->relu, out);
}

void linear_backward_weights(const linear_t *layer, linear_range_t outs, int32_t num_rows,
                             const real_t *in, const real_t *out, real_t *d_out, real_t *d_w,
                             real_t *d_b)
{
    const int32_t ins = layer->in_size, o = outs.first;
    if (outs.count == 0) return;
    memset(d_b + o, 0, (size_t)outs.count * sizeof *d_b);
    mask_and_sum(num_rows, outs.count, layer->out_stride, layer->relu ? out + o : NULL, d_out + o,
                 d_b + o);
    /* d_w[o,i] = sum_n d_out[n,o] * in[n,i] */
    real_gemm(true, false, outs.count, ins, num_rows, 1, d_out + o, layer->out_stride, in,
              layer->in_stride, 0, d_w + (size_t)o * (size_t)ins, ins);
}

void linear_backward_input(const linear_t *layer, linear_range_t ins, int32_t num_rows,
                           const real_t *w, const real_t *d_out, real_t *d_in)
{
    if (ins.count == 0) return;
    /* d_in[n,i] = sum_o d_out[n,o] * w[o,i] */
    real_gemm(false, false, num_rows, ins.count, layer->out_size, 1, d_out, layer->out_stride,
              w + ins.first, layer->in_size, 0, d_in + ins.first, layer->in_stride);
}

/* y += scale * x. */
WIDE_LOOP(add_scaled, (int32_t count, real_t scale, const real_t *restrict x, real_t *restrict y),
          (count, scale, x, y))
{
    for (int32_t i = 0; i < count; i++) y[i] += scale * x[i];
}

void linear_backward_chosen_weights(const linear_t *layer, int32_t block_size,
                                    linear_range_t blocks, const int32_t *chosen, int32_t num_rows,
                                    const real_t *in, const real_t *d_out, real_t *d_w, real_t *d_b)
{
    const size_t ins = (size_t)layer->in_size, size = (size_t)block_size;
    const size_t first = (size_t)blocks.first * size, count = (size_t)blocks.count * size;
    memset(d_w + first * ins, 0, count * ins * sizeof *d_w);
    memset(d_b + first, 0, count * sizeof *d_b);
    for (int32_t n = 0; n < num_rows; n++) {
        if (chosen[n] < blocks.first || chosen[n] >= blocks.first + blocks.count) continue;
        const size_t at = (size_t)chosen[n] * size;
        const real_t *x = in + (size_t)n * (size_t)layer->in_stride;
        const real_t *d = d_out + (size_t)n * (size_t)layer->out_stride + at;
        for (size_t o = 0; o < size; o++) {
            add_scaled((int32_t)ins, d[o], x, d_w + (at + o) * ins);
            d_b[at + o] += d[o];
        }
    }
}

void linear_backward_chosen_input(const linear_t *layer, int32_t block_size, const int32_t *chosen,
                                  int32_t row, int32_t num_rows, const real_t *w,
                                  const real_t *d_out, real_t *d_in)
{
    const size_t ins = (size_t)layer->in_size;
    for (size_t n = (size_t)row; n < (size_t)(row + num_rows); n++) {
        const size_t at = (size_t)chosen[n] * (size_t)block_size;
        const real_t *d = d_out + n * (size_t)layer->out_stride + at;
        real_t *to = d_in + n * (size_t)layer->in_stride;
        memset(to, 0, ins * sizeof *to);
        for (int32_t o = 0; o < block_size; o++)
            add_scaled((int32_t)ins, d[o], w + (at + (size_t)o) * ins, to);
    }
}

void linear_jvp(const linear_t *layer, linear_range_t outs, int32_t num_rows, const real_t *in,
                const real_t *w, const real_t *out, const real_t *t_in, const real_t *t_w,
                const real_t *t_b, real_t *t_out)
{
    const int32_t ins = layer->in_size, o = outs.first;
    const size_t at = (size_t)o * (size_t)ins;
    if (outs.count == 0) return;
    /* t_out[n,o] = sum_i in[n,i] * t_w[o,i] + t_in[n,i] * w[o,i] */
    real_gemm(false, true, num_rows, outs.count, ins, 1, in, layer->in_stride, t_w + at, ins, 0,
              t_out + o, layer->out_stride);
    real_gemm(false, true, num_rows, outs.count, ins, 1, t_in, layer->in_stride, w + at, ins, 1,
              t_out + o, layer->out_stride);
    add_bias(num_rows, outs.count, layer->out_stride, t_b + o, false, t_out + o);
    if (layer->relu)
        mask_and_sum(num_rows, outs.count, layer->out_stride, out + o, t_out + o, NULL);
}

void dueling_forward(int32_t num_rows, int32_t num_actions, int32_t num_atoms, const real_t *value,
                     real_t *advantage_to_logits)
{
    const int32_t A = num_actions, Z = num_atoms;
    for (int32_t n = 0; n < num_rows; n++) {
        real_t *row = advantage_to_logits + (size_t)n * (size_t)A * (size_t)Z; /* (A, Z) */
        for (int32_t z = 0; z < Z; z++) {
            real_t sum = 0;
            for (int32_t a = 0; a < A; a++) sum += row[a * Z + z];
            const real_t shift = value[n * Z + z] - sum / (real_t)A;
            for (int32_t a = 0; a < A; a++) row[a * Z + z] += shift;
        }
    }
}

void dueling_backward(int32_t num_rows, int32_t num_actions, int32_t num_atoms,
                      real_t *d_logits_to_advantage, real_t *d_value)
{
    const int32_t A = num_actions, Z = num_atoms;
    for (int32_t n = 0; n < num_rows; n++) {
        real_t *row = d_logits_to_advantage + (size_t)n * (size_t)A * (size_t)Z; /* (A, Z) */
        for (int32_t z = 0; z < Z; z++) {
            real_t sum = 0;
            for (int32_t a = 0; a < A; a++) sum += row[a * Z + z];
            d_value[n * Z + z] = sum;
            for (int32_t a = 0; a < A; a++) row[a * Z + z] -= sum / (real_t)A;
        }
    }
}
