/* test_arena.c - pieces do not overlap, and sizes beyond a size_t are told, not wrapped around. */
#include "arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_pieces_lie_one_behind_the_other_on_cache_lines(void **state)
{
    (void)state;
    _Alignas(ARENA_ALIGNMENT_BYTES) static uint8_t block[1024];
    arena_t counting = { 0 }, arena = { .base = block };
    assert_null(arena_take(&counting, 3, 5));
    assert_null(arena_take(&counting, 1, 64));
    assert_null(arena_take(&counting, 0, 8));
    assert_int_equal(counting.used_bytes, 128);
    assert_ptr_equal(arena_take(&arena, 3, 5), block);
    assert_ptr_equal(arena_take(&arena, 1, 64), block + 64);
    assert_ptr_equal(arena_take(&arena, 0, 8), block + 128);
}

static void test_too_large_stays_too_large(void **state)
{
    (void)state;
    const size_t cases[][2] = { { SIZE_MAX / 2, 4 }, { SIZE_MAX, 1 }, { SIZE_MAX - 100, 1 } };
    for (int i = 0; i < 3; i++) {
        arena_t counting = { 0 };
        (void)arena_take(&counting, 1, 128);
        (void)arena_take(&counting, cases[i][0], cases[i][1]);
        assert_true(counting.used_bytes == ARENA_TOO_LARGE);
        (void)arena_take(&counting, 1, 64);
        assert_true(counting.used_bytes == ARENA_TOO_LARGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_lie_one_behind_the_other_on_cache_lines),
        cmocka_unit_test(test_too_large_stays_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
