/* noisy.c - see noisy.h. */
#include "noisy.h"

#include "thread_pool.h"
#include "wide.h"

/* One output's weights, and its bias as one more of the same with eps_in = 1. */
typedef struct {
    size_t w, noise_w;
    int32_t ins;
    const real_t *eps_in;
    real_t eps_out;
} row_t;

static const real_t ONE = 1;

static row_t weights_of(const noisy_part_t *part, int32_t o)
{
    const size_t at = (size_t)o * (size_t)part->ins;
    return (row_t){ part->w + at, part->noise_w + at, part->ins, part->eps_in, part->eps_out[o] };
}

static row_t bias_of(const noisy_part_t *part, int32_t o)
{
    return (row_t){ part->b + (size_t)o, part->noise_b + (size_t)o, 1, &ONE, part->eps_out[o] };
}

WIDE_LOOP(compose_values,
          (int32_t count, real_t eps_out, const real_t *restrict eps_in,
           const real_t *restrict mean, const real_t *restrict scale, real_t *restrict to),
          (count, eps_out, eps_in, mean, scale, to))
{
    for (int32_t i = 0; i < count; i++) to[i] = mean[i] + scale[i] * (eps_out * eps_in[i]);
}

static void compose_row(row_t row, const real_t *weights, real_t *to)
{
    compose_values(row.ins, row.eps_out, row.eps_in, weights + row.w, weights + row.noise_w, to);
}

void noisy_compose(const noisy_t *noisy, const real_t *weights, real_t *effective, int32_t share,
                   int32_t num_shares)
{
    for (int32_t p = 0; p < noisy->num_parts; p++) {
        const noisy_part_t *part = &noisy->parts[p];
        int32_t first;
        const int32_t outs = thread_pool_share(part->outs, 1, share, num_shares, &first);
        for (int32_t o = first; o < first + outs; o++) {
            const row_t w = weights_of(part, o), b = bias_of(part, o);
            compose_row(w, weights, effective + (w.w - noisy->mean_offset));
            compose_row(b, weights, effective + (b.w - noisy->mean_offset));
        }
    }
}

/* lanes: (16) sums, each of every 16th. */
WIDE_LOOP(add_squares,
          (int32_t count, real_t eps_out, const real_t *restrict eps_in, const real_t *restrict d,
           real_t *restrict lanes),
          (count, eps_out, eps_in, d, lanes))
{
    real_t lane[16] = { 0 };
    int32_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (int32_t l = 0; l < 16; l++) {
            const real_t eps = eps_out * eps_in[i + l];
            lane[l] += d[i + l] * d[i + l] * (1 + eps * eps);
        }
    for (; i < count; i++) {
        const real_t eps = eps_out * eps_in[i];
        lane[0] += d[i] * d[i] * (1 + eps * eps);
    }
    for (int32_t l = 0; l < 16; l++) lanes[l] = lane[l];
}

static double square_sum_row(row_t row, const real_t *grad)
{
    real_t lanes[16];
    add_squares(row.ins, row.eps_out, row.eps_in, grad + row.w, lanes);
    double sum = 0;
    for (int32_t l = 0; l < 16; l++) sum += (double)lanes[l];
    return sum;
}

double noisy_square_sum(const noisy_t *noisy, const real_t *grad, int32_t share, int32_t num_shares)
{
    double sum = 0;
    for (int32_t p = 0; p < noisy->num_parts; p++) {
        const noisy_part_t *part = &noisy->parts[p];
        int32_t first;
        const int32_t outs = thread_pool_share(part->outs, 1, share, num_shares, &first);
        for (int32_t o = first; o < first + outs; o++)
            sum +=
                square_sum_row(weights_of(part, o), grad) + square_sum_row(bias_of(part, o), grad);
    }
    return sum;
}

WIDE_LOOP(step_values,
          (int32_t count, adam_rates_t rates, real_t eps_out, const real_t *restrict eps_in,
           const real_t *restrict d, real_t *restrict mean, real_t *restrict mean_m,
           real_t *restrict mean_v, real_t *restrict scale, real_t *restrict scale_m,
           real_t *restrict scale_v),
          (count, rates, eps_out, eps_in, d, mean, mean_m, mean_v, scale, scale_m, scale_v))
{
    for (int32_t i = 0; i < count; i++) {
        const real_t g = d[i] * rates.scale;
        mean[i] = adam_weight(rates, mean[i], &mean_m[i], &mean_v[i], g);
        scale[i] =
            adam_weight(rates, scale[i], &scale_m[i], &scale_v[i], g * (eps_out * eps_in[i]));
    }
}

static void step_row(row_t row, const adam_t *adam, adam_rates_t rates, real_t *weights,
                     const real_t *grad)
{
    const size_t w = row.w, n = row.noise_w;
    step_values(row.ins, rates, row.eps_out, row.eps_in, grad + w, weights + w, adam->m + w,
                adam->v + w, weights + n, adam->m + n, adam->v + n);
}

void noisy_step(const noisy_t *noisy, const adam_t *adam, adam_rates_t rates, real_t *weights,
                const real_t *grad, int32_t share, int32_t num_shares)
{
    for (int32_t p = 0; p < noisy->num_parts; p++) {
        const noisy_part_t *part = &noisy->parts[p];
        int32_t first;
        const int32_t outs = thread_pool_share(part->outs, 1, share, num_shares, &first);
        for (int32_t o = first; o < first + outs; o++) {
            step_row(weights_of(part, o), adam, rates, weights, grad);
            step_row(bias_of(part, o), adam, rates, weights, grad);
        }
    }
}

/* u_mean + u_scale * eps, where u_scale = (1 - beta1) D_scale g eps': eps' is the noise under
 * which g was taken. eps_out is the product of the two of both. */
WIDE_LOOP(tangent_values,
          (int32_t count, adam_rates_t rates, real_t eps_out, const real_t *restrict eps_in,
           const real_t *restrict other_in, const real_t *restrict d, const real_t *restrict mean_v,
           const real_t *restrict scale_v, real_t *restrict to),
          (count, rates, eps_out, eps_in, other_in, d, mean_v, scale_v, to))
{
    for (int32_t i = 0; i < count; i++)
        to[i] = d[i] * (adam_tangent_factor(rates, mean_v[i]) +
                        adam_tangent_factor(rates, scale_v[i]) * eps_out * eps_in[i] * other_in[i]);
}

static void tangent_row(row_t row, row_t other, const adam_t *adam, adam_rates_t rates,
                        const real_t *grad, real_t *to)
{
    tangent_values(row.ins, rates, row.eps_out * other.eps_out, row.eps_in, other.eps_in,
                   grad + row.w, adam->v + row.w, adam->v + row.noise_w, to);
}

void noisy_tangent(const noisy_t *noisy, const noisy_t *other, const adam_t *adam,
                   adam_rates_t rates, const real_t *grad, real_t *effective, int32_t share,
                   int32_t num_shares)
{
    for (int32_t p = 0; p < noisy->num_parts; p++) {
        const noisy_part_t *part = &noisy->parts[p], *beside = &other->parts[p];
        int32_t first;
        const int32_t outs = thread_pool_share(part->outs, 1, share, num_shares, &first);
        for (int32_t o = first; o < first + outs; o++) {
            const row_t w = weights_of(part, o), b = bias_of(part, o);
            tangent_row(w, weights_of(beside, o), adam, rates, grad,
                        effective + (w.w - noisy->mean_offset));
            tangent_row(b, bias_of(beside, o), adam, rates, grad,
                        effective + (b.w - noisy->mean_offset));
        }
    }
}
