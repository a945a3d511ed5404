/* test_own_gemm.c - own_gemm.h beside OpenBLAS, on shapes that fill a block, end inside one, and
 * are thin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "own_gemm.h"
#include "splitmix.h"

enum { MOST = 600, GAP = 3 };

static real_t *numbers(uint64_t seed)
{
    real_t *x = malloc(sizeof *x * MOST * (MOST + GAP));
    assert_non_null(x);
    for (size_t i = 0; i < (size_t)MOST * (MOST + GAP); i++)
        x[i] = (real_t)splitmix_below(&seed, 2001) / 1000 - 1;
    return x;
}

static void compare(int32_t way, bool ta, bool tb, int32_t m, int32_t n, int32_t k, real_t beta)
{
    real_t *a = numbers(1), *b = numbers(2), *c = numbers(3), *expected = numbers(3);
    const int32_t lda = (ta ? m : k) + GAP, ldb = (tb ? k : n) + GAP, ldc = n + GAP;
    if (beta == 0) /* must not be read */
        for (int32_t i = 0; i < m; i++)
            for (int32_t j = 0; j < n; j++) c[i * ldc + j] = NAN;
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n,
                k, 0.5f, a, lda, b, ldb, beta, expected, ldc);
    if (own_gemm_by(way, ta, tb, m, n, k, 0.5f, a, lda, b, ldb, beta, c, ldc))
        for (int32_t i = 0; i < m * ldc; i++)
            if (!(fabsf(c[i] - expected[i]) <= 1e-4f))
                fail_msg("way %d, %d %d, (%d, %d, %d), beta %g: %g at %d, %g expected", way, ta, tb,
                         m, n, k, (double)beta, (double)c[i], i, (double)expected[i]);
    free(a);
    free(b);
    free(c);
    free(expected);
}

static void test_products_are_those_of_openblas(void **state)
{
    (void)state;
    static const int32_t shapes[][3] = { { 1, 1, 1 },     { 1, 512, 300 },  { 32, 18, 512 },
                                         { 5, 7, 3 },     { 96, 256, 256 }, { 97, 257, 257 },
                                         { 13, 33, 600 }, { 400, 16, 64 },  { 16, 600, 20 } };
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++)
        for (int32_t way = 0; way < 3; way++)
            for (int32_t transposed = 0; transposed < 4; transposed++)
                for (int32_t beta = 0; beta < 2; beta++)
                    compare(way, transposed & 1, transposed >> 1, shapes[s][0], shapes[s][1],
                            shapes[s][2], (real_t)beta * 0.7f);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_products_are_those_of_openblas) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
