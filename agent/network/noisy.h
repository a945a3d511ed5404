/* noisy.h - factorised noisy layers (Fortunato et al. 2018): what the noise does to weights,
 * gradients and steps.
 *
 *     effective w[o,i] = w[o,i] + scale_w[o,i] * eps_out[o] * eps_in[i]
 *     effective b[o]   = b[o]   + scale_b[o]   * eps_out[o]
 *
 * Layers see effective weights only, and give their gradient. That of a scale is the same times
 * eps: it is never written out, since going through memory is what these loops cost. Norm,
 * step and tangent make it on the way.
 *
 * A noisy_t is one draw cut into products; one product is a group of outputs that share their
 * eps_in: fc has two with dueling, head and value one each. All functions work on share k of n
 * of each product's outputs.
 */
#ifndef AGENT_NOISY_H
#define AGENT_NOISY_H

#include <stddef.h>
#include <stdint.h>

#include "adam.h"
#include "real.h"

enum { NOISY_MAX_PARTS = 4 };

typedef struct {
    size_t w, b;             /* offsets of the first output's means in the flat array */
    size_t noise_w, noise_b; /* of its scales */
    int32_t outs, ins;
    const real_t *eps_in;  /* (ins) */
    const real_t *eps_out; /* (outs) */
} noisy_part_t;

typedef struct {
    noisy_part_t parts[NOISY_MAX_PARTS];
    int32_t num_parts;  /* 0: no noise */
    size_t mean_offset; /* where effective[0] lies in the flat array */
} noisy_t;

/* effective from weights; weights may be tangents of weights. */
void noisy_compose(const noisy_t *noisy, const real_t *weights, real_t *effective, int32_t share,
                   int32_t num_shares);
/* sum of squares over the gradients of means and scales. grad: of the effective weights. */
double noisy_square_sum(const noisy_t *noisy, const real_t *grad, int32_t share,
                        int32_t num_shares);
/* Adam on means and scales. */
void noisy_step(const noisy_t *noisy, const adam_t *adam, adam_rates_t rates, real_t *weights,
                const real_t *grad, int32_t share, int32_t num_shares);
/* effective (of a tangent, under the noise of `noisy`) = compose(u), where u = (1 - beta1) D g
 * over means and scales, and g is the gradient under other noise. Same parts, other eps. */
void noisy_tangent(const noisy_t *noisy, const noisy_t *other, const adam_t *adam,
                   adam_rates_t rates, const real_t *grad, real_t *effective, int32_t share,
                   int32_t num_shares);

#endif
