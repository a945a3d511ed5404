/* test_row_products.c - products of few rows, by both ways, beside sums in double precision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "rng.h"
#include "row_products.h"

enum { MOST_M = 8, MOST_N = 18, MOST_K = 40 };

static void fill(real_t *x, int32_t count, rng_t *rng)
{
    for (int32_t i = 0; i < count; i++) x[i] = (real_t)(2 * rng_uniform(rng) - 1);
}

/* Blocks of the exact size, so that a sanitizer sees a read too far; begun off an even address. */
static void expect_products(bool wide, int32_t m, int32_t n, int32_t k, real_t scale, rng_t *rng)
{
    real_t *const a = malloc(sizeof *a * (size_t)(m * k + 1)),
                  *const b = malloc(sizeof *b * (size_t)(n * k + 1)),
                  *const c = malloc(sizeof *c * (size_t)(m * n));
    assert_true(a && b && c);
    fill(a + 1, m * k, rng);
    fill(b + 1, n * k, rng);
    for (int32_t i = 0; i < m * n; i++) c[i] = NAN; /* written, not added to */
    assert_true(row_products_by(wide, m, n, k, scale, a + 1, b + 1, c));
    for (int32_t i = 0; i < m; i++)
        for (int32_t j = 0; j < n; j++) {
            double sum = 0;
            for (int32_t t = 0; t < k; t++) sum += (double)a[1 + i * k + t] * b[1 + j * k + t];
            const double error = fabs(scale * sum - c[i * n + j]);
            if (!(error <= 1e-7 * k))
                fail_msg("%s, %d x %d x %d, scale %g: [%d,%d] is %.9g, should be %.9g",
                         wide ? "wide" : "narrow", m, n, k, scale, i, j, c[i * n + j], scale * sum);
        }
    free(a);
    free(b);
    free(c);
}

/* Every remainder of every tile. */
static void expect_all_sizes(bool wide)
{
    rng_t rng;
    rng_seed(&rng, 5, 0);
    for (int32_t m = 1; m <= MOST_M; m++)
        for (int32_t n = 1; n <= MOST_N; n++)
            for (int32_t k = 1; k <= MOST_K; k++) expect_products(wide, m, n, k, 1, &rng);
    expect_products(wide, 400, 32, 256, (real_t)(1.0 / 255), &rng);
    expect_products(wide, 1, 1024, 3136, 1, &rng);
}

static void test_any_processors_way(void **state)
{
    (void)state;
    expect_all_sizes(false);
}

static void test_the_way_with_wide_registers(void **state)
{
    (void)state;
    real_t one = 1, product;
    if (!row_products_by(true, 1, 1, 1, 1, &one, &one, &product)) {
        printf("skipped: this processor has no AVX2 and FMA\n");
        skip();
    }
    expect_all_sizes(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_processors_way),
        cmocka_unit_test(test_the_way_with_wide_registers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
