/* numeric.c - see numeric.h. */
#include "numeric.h"

#include <math.h>

void numeric_fill(rng_t *rng, double *x, size_t count)
{
    for (size_t i = 0; i < count; i++) x[i] = rng_normal(rng);
}

bool numeric_close(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

double numeric_dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

double numeric_grad_error(numeric_function_t f, void *context, double *x, const double *grad,
                          size_t count, int32_t num_probes, double step, rng_t *rng)
{
    const double floor_size = 1e-2 * sqrt(numeric_dot(grad, grad, count) / (double)count);
    const size_t probes = count < (size_t)num_probes ? count : (size_t)num_probes;
    double worst = 0;
    for (size_t k = 0; k < probes; k++) {
        const size_t i = count <= (size_t)num_probes ? k : rng_below(rng, (uint32_t)count);
        const double before = x[i];
        x[i] = before + step;
        const double above = f(context);
        x[i] = before - step;
        const double below = f(context);
        x[i] = before;
        const double slope = (above - below) / (2 * step);
        const double size = fmax(fmax(fabs(slope), fabs(grad[i])), floor_size);
        const double error = size > 0 ? fabs(slope - grad[i]) / size : 0;
        if (!(error <= worst)) worst = error; /* a NaN sticks */
    }
    return worst;
}
