/* atoms.h - from logits to Q, to losses, and back to gradients of logits.
 *
 * With Z = 1 a logit is Q(s, a) and the loss is Huber's. With Z > 1 the logits are those of a
 * distribution over Z returns ("atoms"), evenly spaced on [low, high] (Bellemare et al. 2017),
 * Q is its mean and the loss is the cross-entropy to the projected target.
 */
#ifndef AGENT_ATOMS_H
#define AGENT_ATOMS_H

#include <stdint.h>

#include "real.h"

typedef struct {
    int32_t num_atoms; /* Z */
    real_t low, high;
} atoms_t;

real_t atoms_value(const atoms_t *atoms, int32_t z);

/* probs = softmax(logits), both (count, Z); may be in place. */
void atoms_softmax(const atoms_t *atoms, int32_t count, const real_t *logits, real_t *probs);
/* q (count) = sum_z value_z probs[., z]; with Z = 1, probs are the logits themselves. */
void atoms_mean(const atoms_t *atoms, int32_t count, const real_t *probs, real_t *q);
/* The distribution of return + discount * X, X ~ probs (Z), put back on the atoms: each
 * moved atom shares its mass between its two neighbours (algorithm 1 of the paper). */
void atoms_project(const atoms_t *atoms, const real_t *probs, real_t n_step_return, real_t discount,
                   real_t *target);

/* The same, times `share`, added to target: a mixture of distributions. */
void atoms_add_projection(const atoms_t *atoms, const real_t *probs, real_t n_step_return,
                          real_t discount, real_t share, real_t *target);

/* One (s, a): logits (Z) against target (Z); with Z = 1, target is a value of Q.
 * d_logits (Z) = weight * d loss. *td_error, >= 0: |TD error|, or the KL divergence from the
 * target: what prioritized replay ranks by. Returns the loss without the weight. */
real_t atoms_loss(const atoms_t *atoms, const real_t *logits, const real_t *target, real_t weight,
                  real_t *d_logits, real_t *td_error);

/* probs of the next two: (count, Z), NULL if Z = 1.
 * d_logits (count, Z) += d_q * dq/dlogit = d_q p_z (value_z - q); with Z = 1, += d_q. */
void atoms_add_mean_grad(const atoms_t *atoms, int32_t count, const real_t *probs, const real_t *q,
                         const real_t *d_q, real_t *d_logits);
/* t_q (count): the tangent of q, given tangents of the logits. */
void atoms_mean_jvp(const atoms_t *atoms, int32_t count, const real_t *probs, const real_t *q,
                    const real_t *t_logits, real_t *t_q);

#endif
