/* test_counted_noise.c - Philox against its authors' known answers; noise is normal, and each
 * network's and update's its own. */
#include "counted_noise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* kat_vectors of Random123 1.14, "philox4x32 10". */
static void test_words_are_those_of_the_paper(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } known[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
          { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
          { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (int i = 0; i < 3; i++) {
        uint32_t words[4];
        counted_noise_words(known[i].key, known[i].counter, words);
        assert_memory_equal(words, known[i].words, sizeof words);
    }
}

/* sign(x) sqrt|x| of a normal x: squared with its sign it is x again. */
static void test_noise_is_normal(void **state)
{
    (void)state;
    enum { COUNT = 100001 };
    real_t *noise = malloc(COUNT * sizeof *noise);
    counted_noise_draw(7, 3, COUNTED_NOISE_ONLINE, COUNT, noise);
    double mean = 0, square = 0, fourth = 0;
    for (int i = 0; i < COUNT; i++) {
        const double x = (double)noise[i] * fabs((double)noise[i]);
        mean += x / COUNT;
        square += x * x / COUNT;
        fourth += x * x * x * x / COUNT;
    }
    /* Four standard errors: 1, sqrt(2) and sqrt(96) over sqrt(count). */
    assert_true(fabs(mean) < 0.0127 && fabs(square - 1) < 0.018 && fabs(fourth - 3) < 0.124);
    free(noise);
}

static void test_each_draw_is_its_own_and_the_same_again(void **state)
{
    (void)state;
    enum { COUNT = 30 };
    real_t one[COUNT], again[COUNT], other[4][COUNT];
    counted_noise_draw(7, 3, COUNTED_NOISE_ONLINE, COUNT, one);
    counted_noise_draw(7, 3, COUNTED_NOISE_ONLINE, COUNT, again);
    assert_memory_equal(one, again, sizeof one);
    counted_noise_draw(7, 3, COUNTED_NOISE_TARGET, COUNT, other[0]);
    counted_noise_draw(7, 4, COUNTED_NOISE_ONLINE, COUNT, other[1]);
    counted_noise_draw(8, 3, COUNTED_NOISE_ONLINE, COUNT, other[2]);
    counted_noise_draw(7, 3 + ((uint64_t)1 << 32), COUNTED_NOISE_ONLINE, COUNT, other[3]);
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < COUNT; i++) assert_true(one[i] != other[k][i]);
    /* A shorter draw is the beginning of a longer one. */
    counted_noise_draw(7, 3, COUNTED_NOISE_ONLINE, 5, again);
    assert_memory_equal(one, again, 5 * sizeof *one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_those_of_the_paper),
        cmocka_unit_test(test_noise_is_normal),
        cmocka_unit_test(test_each_draw_is_its_own_and_the_same_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
