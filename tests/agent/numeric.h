/* numeric.h - gradients against central differences, in double precision.
 *
 * Layers are linear but for ReLU, whose corner a step of 4e-6 hardly ever meets, so
 * the difference quotient is exact to rounding: 1e-16 / 4e-6, relative to the whole sum.
 */
#ifndef AGENT_NUMERIC_H
#define AGENT_NUMERIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rng.h"

/* A scalar function of whatever it reads through context. */
typedef double (*numeric_function_t)(void *context);

void numeric_fill(rng_t *rng, double *x, size_t count); /* standard normal */
/* |a - b| <= tolerance; cmocka's own compares in float. */
bool numeric_close(double a, double b, double tolerance);
double numeric_dot(const double *a, const double *b, size_t count);

#define NUMERIC_STEP 4e-6

/* Largest relative error of grad[i] against the central difference of f in x[i] +- step, over
 * num_probes random i (all if count is less). Relative to the larger of the two numbers, but
 * at least to 1e-2 of the root mean square of grad. */
double numeric_grad_error(numeric_function_t f, void *context, double *x, const double *grad,
                          size_t count, int32_t num_probes, double step, rng_t *rng);

#endif
