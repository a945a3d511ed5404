/* test_splitmix.c - the generator is the published one: streams in savestates depend on it. */
#include "splitmix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_numbers_are_those_of_splitmix64(void **state)
{
    (void)state;
    /* From state 1234567, as published with other implementations of it. */
    static const uint64_t expected[] = { 6457827717110365317u, 3203168211198807973u,
                                         9817491932198370423u, 4593380528125082431u,
                                         16408922859458223821u };
    uint64_t random = 1234567;
    for (int i = 0; i < 5; i++) assert_true(splitmix64(&random) == expected[i]);
    assert_true(random == 1234567 + 5 * SPLITMIX_GOLDEN);
}

static void test_below_is_even_and_in_range(void **state)
{
    (void)state;
    uint64_t random = 0;
    int counts[6] = { 0 };
    for (int i = 0; i < 60000; i++) {
        const uint32_t x = splitmix_below(&random, 6);
        assert_true(x < 6);
        counts[x]++;
    }
    /* Standard deviation 91; five of them allowed. */
    for (int i = 0; i < 6; i++) assert_in_range(counts[i], 10000 - 460, 10000 + 460);
    assert_int_equal(splitmix_below(&random, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_those_of_splitmix64),
        cmocka_unit_test(test_below_is_even_and_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
