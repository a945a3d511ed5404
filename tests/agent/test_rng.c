/* test_rng.c - the generator is the published one, and what is drawn from it is spread right. */
#include "rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* xoshiro256** from state 1, 2, 3, 4. The first by hand: rotl(2 * 5, 7) * 9 = 11520; after one
 * step word 1 is 0, so the second is 0. The twelfth has seen every bit of the definition
 * (worked out apart, in Python). */
static void test_numbers_are_those_of_xoshiro256(void **state)
{
    (void)state;
    rng_t rng = { { 1, 2, 3, 4 } };
    uint64_t number = rng_next(&rng);
    assert_true(number == 11520);
    assert_true(rng_next(&rng) == 0);
    for (int i = 2; i < 12; i++) number = rng_next(&rng);
    assert_true(number == 1266835380287703300u);
}

static void test_seeds_and_purposes_give_different_sequences(void **state)
{
    (void)state;
    rng_t a, b, c, again;
    rng_seed(&a, 1, 1);
    rng_seed(&b, 2, 1);
    rng_seed(&c, 1, 2);
    rng_seed(&again, 1, 1);
    assert_memory_equal(&a, &again, sizeof a);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
}

static void test_below_is_even_and_in_range(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 3, 0);
    int counts[6] = { 0 };
    for (int i = 0; i < 60000; i++) {
        const uint32_t x = rng_below(&rng, 6);
        assert_true(x < 6);
        counts[x]++;
    }
    /* Standard deviation 91; five of them allowed. */
    for (int i = 0; i < 6; i++) assert_in_range(counts[i], 10000 - 460, 10000 + 460);
    assert_int_equal(rng_below(&rng, 1), 0);
}

static void test_uniform_and_normal_have_their_moments(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 4, 0);
    double sum = 0, normal_sum = 0, squares = 0;
    enum { DRAWS = 200000 };
    for (int i = 0; i < DRAWS; i++) {
        const double u = rng_uniform(&rng), n = rng_normal(&rng);
        assert_true(u >= 0 && u < 1 && isfinite(n));
        sum += u;
        normal_sum += n;
        squares += n * n;
    }
    /* Five standard errors: 0.29, 1 and 1.41, each over sqrt(200000) = 447. */
    assert_true(fabs(sum / DRAWS - 0.5) < 0.0033);
    assert_true(fabs(normal_sum / DRAWS) < 0.0112);
    assert_true(fabs(squares / DRAWS - 1) < 0.016);
}

static void test_a_pair_of_normals_is_two_of_them(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 5, 0);
    double products = 0, squares = 0;
    enum { DRAWS = 100000 };
    for (int i = 0; i < DRAWS; i++) {
        double pair[2];
        rng_normal_pair(&rng, pair);
        products += pair[0] * pair[1];
        squares += pair[1] * pair[1];
    }
    /* Five standard errors: 1 and 1.41, each over sqrt(100000) = 316. */
    assert_true(fabs(products / DRAWS) < 0.016);
    assert_true(fabs(squares / DRAWS - 1) < 0.0224);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_those_of_xoshiro256),
        cmocka_unit_test(test_seeds_and_purposes_give_different_sequences),
        cmocka_unit_test(test_below_is_even_and_in_range),
        cmocka_unit_test(test_uniform_and_normal_have_their_moments),
        cmocka_unit_test(test_a_pair_of_normals_is_two_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
