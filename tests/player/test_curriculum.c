/* test_curriculum.c - a start's share is what it still loses, by hand. */
#include "curriculum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void note(curriculum_t *c, int32_t start, int32_t won, int32_t lost)
{
    for (int32_t i = 0; i < won; i++) curriculum_note(c, start, true);
    for (int32_t i = 0; i < lost; i++) curriculum_note(c, start, false);
}

static void test_shares_by_hand(void **state)
{
    (void)state;
    curriculum_t c;
    float shares[PRESET_MAX_STARTS];
    curriculum_init(&c, 3);
    curriculum_shares(&c, shares);
    for (int32_t s = 0; s < 3; s++) assert_float_equal(shares[s], 1.0 / 3, 1e-6);

    note(&c, 0, 3, 5); /* lost (5 + 1) of (8 + 2) */
    note(&c, 1, 0, 2); /* (2 + 1) of (2 + 2) */
    curriculum_shares(&c, shares);
    const double sum = 0.6 + 0.75 + 0.5;
    assert_float_equal(shares[0], 0.6 / sum, 1e-6);
    assert_float_equal(shares[1], 0.75 / sum, 1e-6);
    assert_float_equal(shares[2], 0.5 / sum, 1e-6);
}

static void test_what_is_won_keeps_a_tenth(void **state)
{
    (void)state;
    curriculum_t c;
    float shares[PRESET_MAX_STARTS];
    int32_t rounds;
    curriculum_init(&c, 2);
    note(&c, 0, 0, 70); /* long ago: only the last ones count */
    note(&c, 0, CURRICULUM_RECENT, 0);
    note(&c, 1, 0, CURRICULUM_RECENT);
    assert_float_equal(curriculum_win_rate(&c, 0, &rounds), 1, 0);
    assert_int_equal(rounds, CURRICULUM_RECENT);
    assert_float_equal(curriculum_win_rate(&c, 1, &rounds), 0, 0);
    curriculum_shares(&c, shares);
    const double least = CURRICULUM_LEAST_SHARE, most = 51.0 / 52;
    assert_float_equal(shares[0], least / (least + most), 1e-6);

    note(&c, 2, 1, 0); /* none of its starts */
    note(&c, -1, 1, 0);
    assert_float_equal(curriculum_win_rate(&c, 1, &rounds), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_by_hand),
        cmocka_unit_test(test_what_is_won_keeps_a_tenth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
