/* adam.c - see adam.h.
 *
 * The loops are noinline functions with restrict parameters: with -fno-strict-aliasing a store
 * might change the struct that holds a pointer or a bound, and where GCC inlines such a function it
 * drops `restrict`; either way it would not vectorize. */
#include "adam.h"

#define ALONE static __attribute__((noinline))

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

ALONE void step_values(size_t count, adam_rates_t rates, const real_t *restrict d,
                       real_t *restrict w, real_t *restrict m, real_t *restrict v)
{
    for (size_t i = 0; i < count; i++)
        w[i] = adam_weight(rates, w[i], &m[i], &v[i], d[i] * rates.scale);
}

void adam_apply(const adam_t *adam, adam_rates_t rates, real_t *weights, const real_t *grad,
                size_t offset, size_t count)
{
    step_values(count, rates, grad + offset, weights + offset, adam->m + offset, adam->v + offset);
}

ALONE void tangent_values(size_t count, adam_rates_t rates, const real_t *restrict d,
                          const real_t *restrict v, real_t *restrict u)
{
    for (size_t i = 0; i < count; i++) u[i] = adam_tangent_factor(rates, v[i]) * d[i];
}

void adam_tangent(const adam_t *adam, adam_rates_t rates, const real_t *grad, real_t *tangent,
                  size_t offset, size_t count)
{
    tangent_values(count, rates, grad + offset, adam->v + offset, tangent + offset);
}

double adam_square_sum(const real_t *grad, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i += 1024) {
        /* Short runs in the vector type, their sum in double: fast and exact enough. */
        const size_t end = i + 1024 < count ? i + 1024 : count;
        real_t lane[16] = { 0 };
        size_t j = i;
        for (; j + 16 <= end; j += 16)
            for (size_t l = 0; l < 16; l++) lane[l] += grad[j + l] * grad[j + l];
        for (; j < end; j++) lane[0] += grad[j] * grad[j];
        for (size_t l = 0; l < 16; l++) sum += (double)lane[l];
    }
    return sum;
}
