/* adam.h - Adam (Kingma and Ba 2015, algorithm 1).
 *
 *     m' = beta1 m + (1 - beta1) g,   v' = beta2 v + (1 - beta2) g^2
 *     w' = w - alpha D m',            D = 1 / ((1 - beta1^t) (sqrt(v' / (1 - beta2^t)) + epsilon))
 *
 * A step is adam_begin() once, then adam_apply() on each piece of the weights. MASP
 * differentiates through the step with D held fixed (masp.h): adam_again() gives the rates of that
 * step, adam_tangent_factor() computes (1 - beta1) D from them.
 */
#ifndef AGENT_ADAM_H
#define AGENT_ADAM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "real.h"

#define ADAM_BETA1 0.9
#define ADAM_BETA2 0.999

typedef struct {
    real_t *m;          /* (num_weights), first moment, zero at first */
    real_t *v;          /* (num_weights), second moment, zero at first, never negative */
    uint64_t num_steps; /* t */
    double learning_rate;
    double epsilon;
} adam_t;

/* What a step multiplies by, worked out once. */
typedef struct {
    real_t rate;     /* alpha / (1 - beta1^t) */
    real_t unbias_v; /* 1 / sqrt(1 - beta2^t) */
    real_t epsilon;
    real_t scale;   /* of the gradient (clipping) */
    real_t tangent; /* (1 - beta1) / (1 - beta1^t) */
} adam_rates_t;

/* Counts the step. */
adam_rates_t adam_begin(adam_t *adam, double grad_scale);
/* The rates of the last step, gradients unscaled. */
adam_rates_t adam_again(const adam_t *adam);

static inline real_t adam_root(real_t x)
{
#ifdef AGENT_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

/* One weight's step; g is already scaled. Returns the weight. */
static inline real_t adam_weight(const adam_rates_t rates, real_t w, real_t *m, real_t *v, real_t g)
{
    *m = (real_t)ADAM_BETA1 * *m + (real_t)(1 - ADAM_BETA1) * g;
    *v = (real_t)ADAM_BETA2 * *v + (real_t)(1 - ADAM_BETA2) * g * g;
    return w - rates.rate * *m / (adam_root(*v) * rates.unbias_v + rates.epsilon);
}

/* (1 - beta1) D of one weight in the last step. */
static inline real_t adam_tangent_factor(const adam_rates_t rates, real_t v)
{
    return rates.tangent / (adam_root(v) * rates.unbias_v + rates.epsilon);
}

/* count weights from `offset` on; weights and grad are whole flat arrays, as m and v are. */
void adam_apply(const adam_t *adam, adam_rates_t rates, real_t *weights, const real_t *grad,
                size_t offset, size_t count);
/* tangent[i] = (1 - beta1) D[i] grad[i], same range. */
void adam_tangent(const adam_t *adam, adam_rates_t rates, const real_t *grad, real_t *tangent,
                  size_t offset, size_t count);
/* sum g^2: not finite if and only if some g is not, or the sum overflows. */
double adam_square_sum(const real_t *grad, size_t count);

#endif
