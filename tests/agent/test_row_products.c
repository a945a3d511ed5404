/* test_row_products.c - products of few rows, by each way, beside sums in double precision. */
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
static void expect_products(row_products_way_t way, int32_t m, int32_t n, int32_t k, real_t scale, rng_t *rng)
{
    real_t *const a = malloc(sizeof *a * (size_t)(m * k + 1)),
                  *const b = malloc(sizeof *b * (size_t)(n * k + 1)),
                  *const c = malloc(sizeof *c * (size_t)(m * n)),
                 *const wide = malloc(sizeof *c * (size_t)(m * n));
    assert_true(a && b && c && wide);
    fill(a + 1, m * k, rng);
    fill(b + 1, n * k, rng);
    for (int32_t i = 0; i < m * n; i++) c[i] = NAN; /* written, not added to */
    assert_true(row_products_by(way, m, n, k, scale, a + 1, b + 1, c));
    for (int32_t i = 0; i < m; i++)
        for (int32_t j = 0; j < n; j++) {
            double sum = 0;
            for (int32_t t = 0; t < k; t++) sum += (double)a[1 + i * k + t] * b[1 + j * k + t];
            const double error = fabs(scale * sum - c[i * n + j]);
            if (!(error <= 1e-7 * k))
                fail_msg("way %d, %d x %d x %d, scale %g: [%d,%d] is %.9g, should be %.9g",
                         way, m, n, k, scale, i, j, c[i * n + j], scale * sum);
        }
    if (way == ROW_PRODUCTS_PAIRS) { /* the same bits, so that two processors play alike */
        assert_true(row_products_by(ROW_PRODUCTS_WIDE, m, n, k, scale, a + 1, b + 1, wide));
        assert_memory_equal(c, wide, sizeof *c * (size_t)(m * n));
    }
    free(a);
    free(b);
    free(c);
    free(wide);
}

/* Every remainder of every tile. */
static void expect_all_sizes(row_products_way_t way)
{
    rng_t rng;
    rng_seed(&rng, 5, 0);
    for (int32_t m = 1; m <= MOST_M; m++)
        for (int32_t n = 1; n <= MOST_N; n++)
            for (int32_t k = 1; k <= MOST_K; k++) expect_products(way, m, n, k, 1, &rng);
    expect_products(way, 400, 32, 256, (real_t)(1.0 / 255), &rng);
    expect_products(way, 1, 1024, 3136, 1, &rng);
}

static void expect_way(row_products_way_t way, const char *needs)
{
    real_t one = 1, product;
    if (!row_products_by(way, 1, 1, 1, 1, &one, &one, &product)) {
        printf("skipped: this processor has no %s\n", needs);
        skip();
    }
    expect_all_sizes(way);
}

static void test_any_processors_way(void **state)
{
    (void)state;
    expect_all_sizes(ROW_PRODUCTS_NARROW);
}

static void test_the_way_with_wide_registers(void **state)
{
    (void)state;
    expect_way(ROW_PRODUCTS_WIDE, "AVX2 and FMA");
}

static void test_pairs_of_rows_are_the_wide_ways_bits(void **state)
{
    (void)state;
    expect_way(ROW_PRODUCTS_PAIRS, "AVX-512");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_processors_way),
        cmocka_unit_test(test_the_way_with_wide_registers),
        cmocka_unit_test(test_pairs_of_rows_are_the_wide_ways_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
