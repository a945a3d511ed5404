/* residual_layers.c - see residual_layers.h. Proven in tests/agent/test_residual_f64.c. */
#include "residual_layers.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const real_t NORM_EPSILON = (real_t)1e-5;

enum { KERNEL = 3, STRIDE = 2, PAD = 1 };

int32_t pool_size(int32_t size)
{
    return (size + 2 * PAD - KERNEL) / STRIDE + 1;
}

/* The input's pixel at place k, 0 to 8, of output pixel (y, x)'s window; -1: outside. */
static int32_t pixel_at(const pool_t *pool, int32_t y, int32_t x, int32_t k)
{
    const int32_t at_y = y * STRIDE - PAD + k / KERNEL, at_x = x * STRIDE - PAD + k % KERNEL;
    const bool is_inside = at_y >= 0 && at_y < pool->height && at_x >= 0 && at_x < pool->width;
    return is_inside ? at_y * pool->width + at_x : -1;
}

void pool_forward(const pool_t *pool, const real_t *in, real_t *out, uint8_t *from)
{
    const int32_t C = pool->channels, width = pool_size(pool->width);
    for (int32_t i = 0; i < pool_size(pool->height) * width; i++, out += C, from += C) {
        bool is_first = true;
        for (int32_t k = 0; k < KERNEL * KERNEL; k++) {
            const int32_t pixel = pixel_at(pool, i / width, i % width, k);
            if (pixel < 0) continue;
            const real_t *value = in + (size_t)pixel * (size_t)C;
            for (int32_t c = 0; c < C; c++) {
                const bool is_larger = is_first || value[c] > out[c];
                out[c] = is_larger ? value[c] : out[c];
                from[c] = is_larger ? (uint8_t)k : from[c];
            }
            is_first = false;
        }
    }
}

void pool_backward(const pool_t *pool, const uint8_t *from, const real_t *d_out, real_t *d_in)
{
    const int32_t C = pool->channels, width = pool_size(pool->width);
    memset(d_in, 0, (size_t)(pool->height * pool->width * C) * sizeof *d_in);
    for (int32_t i = 0; i < pool_size(pool->height) * width; i++)
        for (int32_t c = 0; c < C; c++)
            d_in[pixel_at(pool, i / width, i % width, *from++) * C + c] += *d_out++;
}

void pool_jvp(const pool_t *pool, const uint8_t *from, const real_t *t_in, real_t *t_out)
{
    const int32_t C = pool->channels, width = pool_size(pool->width);
    for (int32_t i = 0; i < pool_size(pool->height) * width; i++)
        for (int32_t c = 0; c < C; c++)
            *t_out++ = t_in[pixel_at(pool, i / width, i % width, *from++) * C + c];
}

/* The first line of cell i, and the one behind its last. */
static int32_t cell_first(int32_t i, int32_t size)
{
    return i * size / CELLS_SIDE;
}

static int32_t cell_last(int32_t i, int32_t size)
{
    return ((i + 1) * size + CELLS_SIDE - 1) / CELLS_SIDE;
}

void cells_forward(const pool_t *pool, const real_t *in, real_t *out, int32_t *from)
{
    const int32_t C = pool->channels, H = pool->height, W = pool->width;
    for (int32_t i = 0; i < CELLS; i++, out += C, from += C) {
        const int32_t cell_y = i / CELLS_SIDE, cell_x = i % CELLS_SIDE;
        for (int32_t c = 0; c < C; c++) {
            out[c] = 0;
            from[c] = CELLS_CLOSED;
        }
        for (int32_t y = cell_first(cell_y, H); y < cell_last(cell_y, H); y++)
            for (int32_t x = cell_first(cell_x, W); x < cell_last(cell_x, W); x++) {
                const real_t *value = in + (size_t)(y * W + x) * (size_t)C;
                for (int32_t c = 0; c < C; c++) {
                    if (!(value[c] > out[c])) continue;
                    out[c] = value[c];
                    from[c] = y * W + x;
                }
            }
    }
}

void cells_backward(const pool_t *pool, const int32_t *from, const real_t *d_out, real_t *d_in)
{
    const int32_t C = pool->channels;
    memset(d_in, 0, (size_t)(pool->height * pool->width * C) * sizeof *d_in);
    for (int32_t i = 0; i < CELLS * C; i++)
        if (from[i] != CELLS_CLOSED) d_in[from[i] * C + i % C] += d_out[i];
}

void cells_jvp(const pool_t *pool, const int32_t *from, const real_t *t_in, real_t *t_out)
{
    const int32_t C = pool->channels;
    for (int32_t i = 0; i < CELLS * C; i++)
        t_out[i] = from[i] == CELLS_CLOSED ? 0 : t_in[from[i] * C + i % C];
}

real_t plain_norm(int32_t count, real_t *x)
{
    real_t mean = 0, variance = 0;
    for (int32_t i = 0; i < count; i++) mean += x[i];
    mean /= (real_t)count;
    for (int32_t i = 0; i < count; i++) variance += (x[i] - mean) * (x[i] - mean);
    const real_t rate = (real_t)(1 / sqrt((double)(variance / (real_t)count + NORM_EPSILON)));
    for (int32_t i = 0; i < count; i++) x[i] = (x[i] - mean) * rate;
    return rate;
}

void plain_norm_derivative(int32_t count, const real_t *hat, real_t rate, real_t *d)
{
    real_t sum = 0, along = 0;
    for (int32_t i = 0; i < count; i++) {
        sum += d[i];
        along += d[i] * hat[i];
    }
    for (int32_t i = 0; i < count; i++)
        d[i] = rate * (d[i] - (sum + along * hat[i]) / (real_t)count);
}
