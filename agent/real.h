/* real.h - the number type of the network, and the BLAS calls on it.
 *
 * float in what users run; double with -DAGENT_DOUBLE, where gradients are proven
 * against finite differences. Everything is row-major, slowest index first.
 */
#ifndef AGENT_REAL_H
#define AGENT_REAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef _WIN32
#include <cblas.h>
#endif

#ifdef AGENT_DOUBLE
typedef double real_t;
#define REAL_SAFETENSORS_DTYPE "F64"
#else
typedef float real_t;
#define REAL_SAFETENSORS_DTYPE "F32"
#endif

/* c (m, n) = alpha * op(a) (m, k) * op(b) (k, n) + beta * c; op transposes if asked.
 * ld* is the distance between rows as they lie in memory. */
#ifdef _WIN32 /* there is no OpenBLAS: own_gemm.h */
void own_gemm(bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k, real_t alpha,
              const real_t *a, int32_t lda, const real_t *b, int32_t ldb, real_t beta, real_t *c,
              int32_t ldc);
#define real_gemm own_gemm
static inline void real_use_threads(int32_t num_threads)
{
    (void)num_threads; /* one */
}
#else
static inline void real_gemm(bool transpose_a, bool transpose_b, int32_t m, int32_t n, int32_t k,
                             real_t alpha, const real_t *a, int32_t lda, const real_t *b,
                             int32_t ldb, real_t beta, real_t *c, int32_t ldc)
{
#ifdef AGENT_DOUBLE
    cblas_dgemm(
#else
    cblas_sgemm(
#endif
        CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
        transpose_b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/* In each product from now on. */
static inline void real_use_threads(int32_t num_threads)
{
    openblas_set_num_threads(num_threads);
}
#endif

/* The place of the largest of x (count); the first of equals, 0 if all are NaN. */
static inline int32_t real_best(const real_t *x, int32_t count)
{
    int32_t best = 0;
    for (int32_t i = 1; i < count; i++)
        if (x[i] > x[best]) best = i;
    return best;
}

#endif
