/* own_gemm.h - a product of matrices where there is no OpenBLAS (Windows: real.h calls it there).
 *
 * Packs blocks of both operands on the stack (about 400 KiB), allocates nothing and starts no
 * thread. With AVX-512, AVX2 and FMA, or SSE2, as the processor has. How fast beside OpenBLAS:
 * dist/README.md.
 */
#ifndef AGENT_OWN_GEMM_H
#define AGENT_OWN_GEMM_H

#include <stdbool.h>
#include <stdint.h>

#include "real.h"

/* c (m, n) = alpha * op(a) (m, k) * op(b) (k, n) + beta * c, as real_gemm() in real.h; c is not
 * read with beta 0. */
void own_gemm(bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k, real_t alpha,
              const real_t *a, int32_t lda, const real_t *b, int32_t ldb, real_t beta, real_t *c,
              int32_t ldc);

/* The same by one of the ways, for tests: 0 SSE2 (or what the compiler makes of it), 1 AVX2 and
 * FMA, 2 AVX-512. False: the processor has not what it needs, and nothing was done. */
bool own_gemm_by(int32_t way, bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k,
                 real_t alpha, const real_t *a, int32_t lda, const real_t *b, int32_t ldb,
                 real_t beta, real_t *c, int32_t ldc);

#endif
