/* Pictures in a ring: each comes back as it was, or is gone with its group; held against a list
 * that forgets nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "pictures.h"

enum { PICTURE = 500, COUNT = 5000 };

static uint8_t *all; /* (COUNT, PICTURE) */

/* Still, moving a little, or noise, by turns: sizes from a few bytes to more than raw. */
static void draw_all(void)
{
    srand(7);
    all = malloc((size_t)COUNT * PICTURE);
    assert_non_null(all);
    for (int32_t n = 0; n < COUNT; n++) {
        uint8_t *picture = all + (size_t)n * PICTURE;
        const int32_t kind = n / 300 % 3;
        if (n > 0) memcpy(picture, picture - PICTURE, PICTURE);
        if (n == 0 || kind == 2)
            for (int32_t i = 0; i < PICTURE; i++) picture[i] = (uint8_t)rand();
        if (kind == 1)
            for (int32_t i = 0; i < 20; i++) picture[rand() % PICTURE] = (uint8_t)rand();
    }
}

static void make(pictures_t *pictures, void **block, size_t num_bytes, uint64_t max_count)
{
    arena_t arena = { 0 };
    pictures_take(pictures, &arena, PICTURE, num_bytes, max_count);
    *block = calloc(1, arena.used_bytes + ARENA_ALIGNMENT_BYTES);
    assert_non_null(*block);
    const uintptr_t aligned = ((uintptr_t)*block + ARENA_ALIGNMENT_BYTES - 1) /
                              ARENA_ALIGNMENT_BYTES * ARENA_ALIGNMENT_BYTES;
    arena = (arena_t){ .base = (uint8_t *)aligned };
    pictures_take(pictures, &arena, PICTURE, num_bytes, max_count);
}

static uint8_t first_of_reader[PICTURE];
static pictures_reader_t reader = { .first = first_of_reader };

static void assert_readable(pictures_t *pictures, uint64_t number)
{
    uint8_t picture[PICTURE];
    pictures_read(pictures, &reader, number, picture);
    assert_memory_equal(picture, all + number * PICTURE, PICTURE);
}

/* least: of the newest pictures, how many must be there at any time. */
static void run(size_t num_bytes, uint64_t max_count, uint64_t least)
{
    pictures_t pictures;
    void *block;
    make(&pictures, &block, num_bytes, max_count);
    for (uint64_t n = 0; n < COUNT; n++) {
        assert_int_equal(pictures_push(&pictures, all + n * PICTURE), n);
        assert_int_equal(pictures.first % PICTURES_GROUP, 0);
        assert_true(pictures.next - pictures.first <= max_count);
        assert_true(pictures_used_bytes(&pictures) <= num_bytes);
        assert_true(n + 1 < least || pictures.next - pictures.first >= least);
        pictures_reader_begin(&reader);
        assert_readable(&pictures, n);
        assert_readable(&pictures, pictures.first); /* the one that is written over next */
        assert_readable(&pictures,
                        pictures.first + (uint64_t)rand() % (pictures.next - pictures.first));
        assert_false(pictures_has(&pictures, n + 1));
        if (pictures.first > 0) assert_false(pictures_has(&pictures, pictures.first - 1));
    }
    for (uint64_t n = pictures.first; n < COUNT; n++) assert_readable(&pictures, n);
    free(block);
}

static void test_bytes_run_out(void **state)
{
    (void)state;
    run(pictures_min_bytes(PICTURE, 1), 100000, 1);
    run(pictures_min_bytes(PICTURE, 40), 100000, 40);
    run(pictures_min_bytes(PICTURE, 400) + 17, 100000, 400);
}

static void test_numbers_run_out(void **state)
{
    (void)state;
    run((size_t)COUNT * PICTURE, 2 * PICTURES_GROUP, PICTURES_GROUP);
    run((size_t)COUNT * PICTURE, 100, 100 - PICTURES_GROUP);
}

static void test_still_pictures_cost_next_to_nothing(void **state)
{
    (void)state;
    pictures_t pictures;
    void *block;
    make(&pictures, &block, pictures_min_bytes(PICTURE, 300), 1000);
    for (int32_t n = 0; n < 300; n++) pictures_push(&pictures, all);
    assert_int_equal(pictures.first, 0);
    const size_t firsts = (300 / PICTURES_GROUP + 1) * (PICTURE + 20);
    assert_true(pictures_used_bytes(&pictures) < firsts + 300 * 20);
    free(block);
}

int main(void)
{
    draw_all();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_run_out),
        cmocka_unit_test(test_numbers_run_out),
        cmocka_unit_test(test_still_pictures_cost_next_to_nothing),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(all);
    return failed;
}
