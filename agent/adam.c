/* adam.c - see adam.h. */
#include "adam.h"

#include <math.h>

/* Loops below keep their bounds and pointers in locals: with -fno-strict-aliasing a store
 * through one of them might change the struct, and nothing would be vectorized. */

static inline real_t root(real_t x)
{
#ifdef AGENT_DOUBLE
    return sqrt(x);
#else
    return sqrtf(x);
#endif
}

void adam_step(adam_t *adam, real_t *weights, const real_t *grad, double grad_scale)
{
    adam->num_steps++;
    const double t = (double)adam->num_steps;
    const double unbias1 = 1 - pow(ADAM_BETA1, t), unbias2 = 1 - pow(ADAM_BETA2, t);
    const real_t rate = (real_t)(adam->learning_rate / unbias1);
    const real_t unbias_v = (real_t)(1 / sqrt(unbias2)), epsilon = (real_t)adam->epsilon;
    const real_t beta1 = (real_t)ADAM_BETA1, beta2 = (real_t)ADAM_BETA2;
    const real_t rest1 = (real_t)(1 - ADAM_BETA1), rest2 = (real_t)(1 - ADAM_BETA2);
    const real_t scale = (real_t)grad_scale;
    const size_t count = adam->num_weights;
    const real_t *restrict d = grad;
    real_t *restrict m = adam->m, *restrict v = adam->v, *restrict w = weights;
    for (size_t i = 0; i < count; i++) {
        const real_t g = d[i] * scale;
        m[i] = beta1 * m[i] + rest1 * g;
        v[i] = beta2 * v[i] + rest2 * g * g;
        w[i] -= rate * m[i] / (root(v[i]) * unbias_v + epsilon);
    }
}

void adam_scale_by_last_step(const adam_t *adam, const real_t *in, real_t *out)
{
    const double t = (double)adam->num_steps;
    const double unbias1 = 1 - pow(ADAM_BETA1, t), unbias2 = 1 - pow(ADAM_BETA2, t);
    const real_t factor = (real_t)((1 - ADAM_BETA1) / unbias1);
    const real_t unbias_v = (real_t)(1 / sqrt(unbias2)), epsilon = (real_t)adam->epsilon;
    const size_t count = adam->num_weights;
    const real_t *v = adam->v;
    for (size_t i = 0; i < count; i++)
        out[i] = factor * in[i] / (root(v[i]) * unbias_v + epsilon);
}

double adam_norm(const real_t *grad, size_t num_weights)
{
    double sum = 0;
    for (size_t i = 0; i < num_weights; i += 1024) {
        /* Short runs in the vector type, their sum in double: fast and exact enough. */
        const size_t end = i + 1024 < num_weights ? i + 1024 : num_weights;
        real_t lane[16] = { 0 };
        size_t j = i;
        for (; j + 16 <= end; j += 16)
            for (size_t l = 0; l < 16; l++) lane[l] += grad[j + l] * grad[j + l];
        for (; j < end; j++) lane[0] += grad[j] * grad[j];
        for (size_t l = 0; l < 16; l++) sum += lane[l];
    }
    return sqrt(sum);
}
