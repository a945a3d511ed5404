/* adam.h - Adam (Kingma and Ba 2015, algorithm 1) over one flat array of weights.
 *
 *     m' = beta1 m + (1 - beta1) g,   v' = beta2 v + (1 - beta2) g^2
 *     w' = w - alpha D m',            D = 1 / ((1 - beta1^t) (sqrt(v' / (1 - beta2^t)) + epsilon))
 *
 * MASP differentiates through this step with D held fixed (MASP.md), so D has a function
 * of its own.
 */
#ifndef KATA_ADAM_H
#define KATA_ADAM_H

#include <stddef.h>
#include <stdint.h>

#include "real.h"

#define ADAM_BETA1 0.9
#define ADAM_BETA2 0.999

typedef struct {
    real_t *m; /* (num_weights), first moment, zero at first */
    real_t *v; /* (num_weights), second moment, zero at first, never negative */
    size_t num_weights;
    uint64_t num_steps; /* t */
    double learning_rate;
    double epsilon;
} adam_t;

/* One step. The gradient used is grad * grad_scale (clipping). */
void adam_step(adam_t *adam, real_t *weights, const real_t *grad, double grad_scale);
/* out[i] = (1 - beta1) * D[i] * in[i], with the D of the last step. May be in place. */
void adam_scale_by_last_step(const adam_t *adam, const real_t *in, real_t *out);
/* sqrt(sum g^2) in double: not finite if and only if some g is not, or the sum overflows. */
double adam_norm(const real_t *grad, size_t num_weights);

#endif
