/* adam.c - see adam.h. */
#include "adam.h"

#include "wide.h"

static adam_rates_t rates_of(const adam_t *adam, double grad_scale)
{
    const double t = (double)adam->num_steps;
    const double unbias1 = 1 - pow(ADAM_BETA1, t), unbias2 = 1 - pow(ADAM_BETA2, t);
    return (adam_rates_t){
        .rate = (real_t)(adam->learning_rate / unbias1),
        .unbias_v = (real_t)(1 / sqrt(unbias2)),
        .epsilon = (real_t)adam->epsilon,
        .scale = (real_t)grad_scale,
        .tangent = (real_t)((1 - ADAM_BETA1) / unbias1),
    };
}

adam_rates_t adam_begin(adam_t *adam, double grad_scale)
{
    adam->num_steps++;
    return rates_of(adam, grad_scale);
}

adam_rates_t adam_again(const adam_t *adam)
{
    return rates_of(adam, 1);
}

WIDE_LOOP(step_values,
          (size_t count, adam_rates_t rates, const real_t *restrict d, real_t *restrict w,
           real_t *restrict m, real_t *restrict v),
          (count, rates, d, w, m, v))
{
    for (size_t i = 0; i < count; i++)
        w[i] = adam_weight(rates, w[i], &m[i], &v[i], d[i] * rates.scale);
}

void adam_apply(const adam_t *adam, adam_rates_t rates, real_t *weights, const real_t *grad,
                size_t offset, size_t count)
{
    step_values(count, rates, grad + offset, weights + offset, adam->m + offset, adam->v + offset);
}

WIDE_LOOP(tangent_values,
          (size_t count, adam_rates_t rates, const real_t *restrict d, const real_t *restrict v,
           real_t *restrict u),
          (count, rates, d, v, u))
{
    for (size_t i = 0; i < count; i++) u[i] = adam_tangent_factor(rates, v[i]) * d[i];
}

void adam_tangent(const adam_t *adam, adam_rates_t rates, const real_t *grad, real_t *tangent,
                  size_t offset, size_t count)
{
    tangent_values(count, rates, grad + offset, adam->v + offset, tangent + offset);
}

/* lanes: (16) sums, each of every 16th number. Short runs, so that their sum in double is exact
 * enough. */
WIDE_LOOP(add_squares, (size_t count, const real_t *restrict x, real_t *restrict lanes),
          (count, x, lanes))
{
    real_t lane[16] = { 0 };
    size_t j = 0;
    for (; j + 16 <= count; j += 16)
        for (size_t l = 0; l < 16; l++) lane[l] += x[j + l] * x[j + l];
    for (; j < count; j++) lane[0] += x[j] * x[j];
    for (size_t l = 0; l < 16; l++) lanes[l] = lane[l];
}

double adam_square_sum(const real_t *grad, size_t count)
{
    enum { RUN = 1024 };
    double sum = 0;
    for (size_t i = 0; i < count; i += RUN) {
        real_t lanes[16];
        add_squares(count - i < RUN ? count - i : RUN, grad + i, lanes);
        for (size_t l = 0; l < 16; l++) sum += (double)lanes[l];
    }
    return sum;
}
