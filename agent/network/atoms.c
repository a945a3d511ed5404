/* atoms.c - see atoms.h. */
#include "atoms.h"

#include <math.h>
#include <string.h>

static real_t exponential(real_t x)
{
#ifdef AGENT_DOUBLE
    return exp(x);
#else
    return expf(x);
#endif
}

real_t atoms_value(const atoms_t *atoms, int32_t z)
{
    return atoms->low + (atoms->high - atoms->low) * (real_t)z / (real_t)(atoms->num_atoms - 1);
}

void atoms_softmax(const atoms_t *atoms, int32_t count, const real_t *logits, real_t *probs)
{
    const int32_t Z = atoms->num_atoms;
    for (int32_t i = 0; i < count; i++, logits += Z, probs += Z) {
        real_t largest = logits[0], sum = 0;
        for (int32_t z = 1; z < Z; z++) largest = logits[z] > largest ? logits[z] : largest;
        for (int32_t z = 0; z < Z; z++) sum += probs[z] = exponential(logits[z] - largest);
        for (int32_t z = 0; z < Z; z++) probs[z] /= sum;
    }
}

void atoms_mean(const atoms_t *atoms, int32_t count, const real_t *probs, real_t *q)
{
    const int32_t Z = atoms->num_atoms;
    if (Z == 1) {
        memmove(q, probs, (size_t)count * sizeof *q);
        return;
    }
    const real_t step = (atoms->high - atoms->low) / (real_t)(Z - 1);
    for (int32_t i = 0; i < count; i++, probs += Z) {
        real_t sum = 0;
        for (int32_t z = 0; z < Z; z++) sum += (atoms->low + step * (real_t)z) * probs[z];
        q[i] = sum;
    }
}

void atoms_project(const atoms_t *atoms, const real_t *probs, real_t n_step_return, real_t discount,
                   real_t *target)
{
    memset(target, 0, (size_t)atoms->num_atoms * sizeof *target);
    atoms_add_projection(atoms, probs, n_step_return, discount, 1, target);
}

void atoms_add_projection(const atoms_t *atoms, const real_t *probs, real_t n_step_return,
                          real_t discount, real_t share, real_t *target)
{
    const int32_t Z = atoms->num_atoms;
    const real_t step = (atoms->high - atoms->low) / (real_t)(Z - 1);
    for (int32_t z = 0; z < Z; z++) {
        real_t moved = n_step_return + discount * atoms_value(atoms, z);
        moved = moved < atoms->low ? atoms->low : moved > atoms->high ? atoms->high : moved;
        const real_t position = (moved - atoms->low) / step; /* in atoms, from the lowest */
        /* Rounding may land on or past the last atom; a NaN must stay in the array, and shows
         * in the shares. */
        const int32_t below = position >= (real_t)(Z - 2) ? Z - 2
                              : position > 0              ? (int32_t)position
                                                          : 0;
        const real_t above_share = position - (real_t)below;
        target[below] += share * probs[z] * (1 - above_share);
        target[below + 1] += share * probs[z] * above_share;
    }
}

real_t atoms_loss(const atoms_t *atoms, const real_t *logits, const real_t *target, real_t weight,
                  real_t *d_logits, real_t *td_error)
{
    const int32_t Z = atoms->num_atoms;
    if (Z == 1) {
        const real_t error = logits[0] - target[0];
        const real_t size = error < 0 ? -error : error;
        d_logits[0] = weight * (size <= 1 ? error : error < 0 ? (real_t)-1 : (real_t)1);
        *td_error = size;
        /* Not a comparison that a NaN would pass as the harmless branch. */
        return size <= 1 ? error * error / 2 : size - (real_t)0.5;
    }
    real_t largest = logits[0], sum = 0, loss = 0, entropy = 0;
    for (int32_t z = 1; z < Z; z++) largest = logits[z] > largest ? logits[z] : largest;
    for (int32_t z = 0; z < Z; z++) sum += d_logits[z] = exponential(logits[z] - largest);
    const real_t log_sum = largest + (real_t)log((double)sum);
    for (int32_t z = 0; z < Z; z++) {
        loss -= target[z] * (logits[z] - log_sum);
        if (target[z] > 0) entropy -= target[z] * (real_t)log((double)target[z]);
        d_logits[z] = weight * (d_logits[z] / sum - target[z]);
    }
    *td_error = loss > entropy ? loss - entropy : 0;
    return loss;
}

void atoms_add_mean_grad(const atoms_t *atoms, int32_t count, const real_t *probs, const real_t *q,
                         const real_t *d_q, real_t *d_logits)
{
    const int32_t Z = atoms->num_atoms;
    if (Z == 1) { /* there are no probs */
        for (int32_t i = 0; i < count; i++) d_logits[i] += d_q[i];
        return;
    }
    for (int32_t i = 0; i < count; i++, probs += Z, d_logits += Z)
        for (int32_t z = 0; z < Z; z++)
            d_logits[z] += d_q[i] * probs[z] * (atoms_value(atoms, z) - q[i]);
}

void atoms_mean_jvp(const atoms_t *atoms, int32_t count, const real_t *probs, const real_t *q,
                    const real_t *t_logits, real_t *t_q)
{
    const int32_t Z = atoms->num_atoms;
    if (Z == 1) { /* there are no probs */
        memcpy(t_q, t_logits, (size_t)count * sizeof *t_q);
        return;
    }
    for (int32_t i = 0; i < count; i++, probs += Z, t_logits += Z) {
        real_t sum = 0;
        for (int32_t z = 0; z < Z; z++)
            sum += t_logits[z] * probs[z] * (atoms_value(atoms, z) - q[i]);
        t_q[i] = sum;
    }
}
