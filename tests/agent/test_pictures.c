/* Pictures in a ring: each comes back as it was, or is gone with its group; held against a list
 * that forgets nothing. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* Bytes of the ring that are in memory; *ranges (may be NULL): in how many of its ranges of 2 MiB,
 * by address, the size of a large page. */
static size_t resident_bytes(const pictures_t *pictures, int32_t *ranges)
{
    static unsigned char in_memory[1 << 16];
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t)pictures->ring + page - 1) / page * page;
    const size_t num_pages = (pictures->num_bytes - page) / page;
    size_t count = 0;
    uintptr_t last_range = 0;
    if (ranges) *ranges = 0;
    assert_true(num_pages <= sizeof in_memory);
    assert_int_equal(mincore((void *)first, num_pages * page, in_memory), 0);
    for (size_t i = 0; i < num_pages; i++) {
        if (!(in_memory[i] & 1)) continue;
        count++;
        const uintptr_t range = (first + i * page) >> 21;
        if (ranges && range != last_range) ++*ranges;
        last_range = range;
    }
    return count * page;
}

/* A ring far larger than what lives in it, filled three times: pages behind the oldest are given
 * back, and none that is in use. Of a range of 2 MiB behind it no page stays: one is enough for
 * Linux to make all of it a large page. */
static void test_a_large_ring_keeps_what_lives_in_memory(void **state)
{
    (void)state;
    enum { RING = 24 << 20, LIVING = 2048, ROUNDS = 3 };
    pictures_t pictures;
    void *block;
    size_t most = 0;
    int32_t most_ranges = 0;
    uint64_t pushed = 0;
    make(&pictures, &block, RING, LIVING);
    if (resident_bytes(&pictures, NULL) > RING / 4) {
        print_message("skipped: this system does not tell which pages are in memory\n");
        free(block);
        skip();
    }
    while (pictures.end < (uint64_t)ROUNDS * RING) {
        const uint64_t n = pictures_push(&pictures, all + (700 + pushed++ % 200) * PICTURE);
        if (n % 4096 != 0) continue;
        pictures_reader_begin(&reader);
        for (uint64_t old = pictures.first; old <= n; old += 97) {
            uint8_t picture[PICTURE];
            pictures_read(&pictures, &reader, old, picture);
            assert_memory_equal(picture, all + (700 + old % 200) * PICTURE, PICTURE);
        }
        int32_t ranges;
        const size_t resident = resident_bytes(&pictures, &ranges);
        if (resident > most) most = resident;
        if (ranges > most_ranges) most_ranges = ranges;
    }
    print_message("%zu bytes live, at most %zu in memory, in %d of 12 ranges, of a ring of %d\n",
                  pictures_used_bytes(&pictures), most, (int)most_ranges, RING);
    assert_true(most < RING / 2);
    assert_true(most_ranges <= 5);
    free(block);
}

int main(void)
{
    draw_all();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_run_out),
        cmocka_unit_test(test_numbers_run_out),
        cmocka_unit_test(test_still_pictures_cost_next_to_nothing),
        cmocka_unit_test(test_a_large_ring_keeps_what_lives_in_memory),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(all);
    return failed;
}
