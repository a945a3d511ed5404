/* noise_grad.h - the gradients of the noise scales, which an update never writes out. */
#ifndef TESTS_NOISE_GRAD_H
#define TESTS_NOISE_GRAD_H

#include "noisy.h"

/* grad: flat; its noise block is written from its mean block. */
static inline void noise_grad_write(const noisy_t *noisy, real_t *grad)
{
    for (int32_t p = 0; p < noisy->num_parts; p++) {
        const noisy_part_t *part = &noisy->parts[p];
        for (int32_t o = 0; o < part->outs; o++) {
            const size_t row = (size_t)o * (size_t)part->ins;
            for (size_t i = 0; i < (size_t)part->ins; i++)
                grad[part->noise_w + row + i] =
                    grad[part->w + row + i] * (part->eps_out[o] * part->eps_in[i]);
            grad[part->noise_b + (size_t)o] = grad[part->b + (size_t)o] * part->eps_out[o];
        }
    }
}

#endif
