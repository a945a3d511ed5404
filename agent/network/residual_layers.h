/* residual_layers.h - what residual.h has beside convolutions: two max-pools and a LayerNorm, each
 * forward, backward and jvp of one row.
 *
 * Pictures are (H, W, C). Of equal values a pool takes the first, line by line, and it alone gets
 * the derivative.
 */
#ifndef AGENT_RESIDUAL_LAYERS_H
#define AGENT_RESIDUAL_LAYERS_H

#include <stdint.h>

#include "real.h"

/* Max-pool of 3 x 3 by 2, padded by 1: what is outside never counts. Of H lines it leaves
 * pool_size(H), at least 1. */
typedef struct {
    int32_t height, width, channels; /* of its input; each at least 1 */
} pool_t;

int32_t pool_size(int32_t size);

/* out: (pool_size(H), pool_size(W), C); from: as out, 0 to 8, whose value it was: 3 ky + kx. */
void pool_forward(const pool_t *pool, const real_t *in, real_t *out, uint8_t *from);
/* d_in: written. */
void pool_backward(const pool_t *pool, const uint8_t *from, const real_t *d_out, real_t *d_in);
void pool_jvp(const pool_t *pool, const uint8_t *from, const real_t *t_in, real_t *t_out);

/* ReLU, then max-pool to 6 x 6 cells: cell i of H lines is lines [floor(i H / 6),
 * ceil((i + 1) H / 6)); cells of fewer than 6 lines share some. */
enum { CELLS_SIDE = 6, CELLS = CELLS_SIDE * CELLS_SIDE, CELLS_CLOSED = -1 };

/* out: (6, 6, C); from: as out, whose pixel's it was, y W + x; CELLS_CLOSED where none is above 0.
 */
void cells_forward(const pool_t *pool, const real_t *in, real_t *out, int32_t *from);
/* d_in: written. */
void cells_backward(const pool_t *pool, const int32_t *from, const real_t *d_out, real_t *d_in);
void cells_jvp(const pool_t *pool, const int32_t *from, const real_t *t_in, real_t *t_out);

/* x becomes (x - mean) / standard deviation, x^, in place; returns 1 / standard deviation. */
real_t plain_norm(int32_t count, real_t *x);
/* From a derivative on one side of plain_norm() to that on the other, in place. Its Jacobian,
 * rate (1 - 1 1^T / count - x^ x^^T / count), is symmetric, so this is backward and jvp. */
void plain_norm_derivative(int32_t count, const real_t *hat, real_t rate, real_t *d);

#endif
