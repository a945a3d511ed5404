/* test_memory_search.c - each operator on each type against a slow version that reads with the
 * presets' own decoder; steps taken back; what says the same is shown once. */
#include "memory_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "preset.h"
#include "why.h"

enum { NUM_BYTES = 400, MAX_FOUND = NUM_BYTES * SEARCH_NUM_TYPES };

static const search_range_t two_ranges[2] = { { 0x300, 150 }, { 0x2000, NUM_BYTES - 150 } };
static preset_t *readers[SEARCH_NUM_TYPES];
static search_candidate_t found[MAX_FOUND], expected[MAX_FOUND];

/* A preset with one variable of each type, to be asked what bytes mean. */
static int make_readers(void **state)
{
    (void)state;
    for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++) {
        char text[400];
        why_t why;
        snprintf(text, sizeof text,
                 "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": "
                 "{\"v\": {\"address\": 0, \"type\": \"%s\"}}, \"actions\": {\"primitives\": "
                 "[{\"name\": \"N\", \"pad\": \"5\"}]}}",
                 search_types[t]);
        if (!preset_parse(&readers[t], text, strlen(text), "reader", why)) fail_msg("%s", why);
        assert_int_equal(preset_variable(readers[t], 0)->num_bytes, search_type_bytes(t));
    }
    return 0;
}

static int drop_readers(void **state)
{
    (void)state;
    for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++) preset_free(readers[t]);
    return 0;
}

static bool is_decimal(const uint8_t *bytes, int32_t num_bytes)
{
    for (int32_t i = 0; i < num_bytes; i++)
        if (bytes[i] % 16 > 9 || bytes[i] / 16 > 9) return false;
    return true;
}

/* The words of search.h taken one by one. */
static bool fits_slowly(search_op_t op, int64_t number, int32_t type, const uint8_t *before,
                        const uint8_t *now)
{
    const int64_t b = preset_decode(readers[type], 0, before);
    const int64_t n = preset_decode(readers[type], 0, now);
    if (search_types[type][1] == 'd') {
        if (!is_decimal(now, search_type_bytes(type))) return false;
        if (op != SEARCH_EQUAL && op != SEARCH_NOT_EQUAL &&
            !is_decimal(before, search_type_bytes(type)))
            return false;
    }
    switch (op) {
    case SEARCH_EQUAL: return n == number;
    case SEARCH_NOT_EQUAL: return n != number;
    case SEARCH_UNCHANGED: return n == b;
    case SEARCH_CHANGED: return n != b;
    case SEARCH_LESS: return n < b;
    case SEARCH_GREATER: return n > b;
    case SEARCH_BY: return n == b + number;
    }
    return false;
}

typedef struct {
    bool is_left[NUM_BYTES][SEARCH_NUM_TYPES];
    uint8_t memory[NUM_BYTES];
} slow_t;

static void slow_begin(slow_t *slow, const uint8_t *memory)
{
    memset(slow, 0, sizeof *slow);
    memcpy(slow->memory, memory, NUM_BYTES);
    size_t first = 0;
    for (int32_t r = 0; r < 2; r++) {
        for (size_t i = 0; i < two_ranges[r].num_bytes; i++)
            for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++)
                slow->is_left[first + i][t] =
                    i + (size_t)search_type_bytes(t) <= two_ranges[r].num_bytes;
        first += two_ranges[r].num_bytes;
    }
}

static void slow_narrow(slow_t *slow, search_op_t op, int64_t number, const uint8_t *memory)
{
    for (size_t i = 0; i < NUM_BYTES; i++)
        for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++)
            if (slow->is_left[i][t])
                slow->is_left[i][t] = fits_slowly(op, number, t, slow->memory + i, memory + i);
    memcpy(slow->memory, memory, NUM_BYTES);
}

static size_t slow_list(const slow_t *slow)
{
    size_t count = 0;
    for (size_t i = 0; i < NUM_BYTES; i++)
        for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++)
            if (slow->is_left[i][t])
                expected[count++] =
                    (search_candidate_t){ .address = i < 150 ? 0x300 + i : 0x2000 + i - 150,
                                          .type = t,
                                          .value = preset_decode(readers[t], 0, slow->memory + i) };
    return count;
}

static void expect_same(const memory_search_t *search, const slow_t *slow)
{
    const size_t count = slow_list(slow);
    assert_int_equal(search_count(search), count);
    assert_int_equal(search_list(search, found, MAX_FOUND, true), count);
    for (size_t c = 0; c < count; c++) {
        assert_int_equal(found[c].address, expected[c].address);
        assert_int_equal(found[c].type, expected[c].type);
        assert_int_equal(found[c].value, expected[c].value);
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Few values, so that each operator finds some; many bytes stay, some move by 1 or by 8. */
static void scramble(uint8_t *memory, uint32_t *random)
{
    static const uint8_t values[] = { 0, 1, 9, 0x10, 0x19, 0x88, 0x99, 0x7F, 0x80, 0xFF, 0xA0 };
    for (int i = 0; i < NUM_BYTES; i++) switch (next_random(random) % 6) {
        case 0: memory[i] = values[next_random(random) % sizeof values]; break;
        case 1: memory[i]++; break;
        case 2: memory[i] = (uint8_t)(memory[i] - 8); break;
        default: break;
        }
}

/* Half of the time one that fits somewhere. */
static int64_t a_number(search_op_t op, const uint8_t *before, const uint8_t *now, uint32_t *random)
{
    static const int64_t numbers[] = { 0, 1, -1, -8, 8, 136, 88, 25, 32767, -128, 4294967295 };
    if (next_random(random) % 2)
        return numbers[next_random(random) % (sizeof numbers / sizeof numbers[0])];
    const int32_t type = (int32_t)(next_random(random) % SEARCH_NUM_TYPES);
    size_t place = next_random(random) % (NUM_BYTES - 4);
    for (int i = 0; i < 100 && !is_decimal(now + place, search_type_bytes(type)); i++)
        place = next_random(random) % (NUM_BYTES - 4);
    const int64_t value = preset_decode(readers[type], 0, now + place);
    return op == SEARCH_BY ? value - preset_decode(readers[type], 0, before + place) : value;
}

static void test_each_operator_on_each_type_against_a_slow_version(void **state)
{
    (void)state;
    static slow_t slow;
    uint8_t memory[NUM_BYTES] = { 0 };
    uint32_t random = 5;
    int32_t hits[7][SEARCH_NUM_TYPES] = { { 0 } };
    for (int round = 0; round < 400; round++) {
        memory_search_t *search;
        scramble(memory, &random);
        assert_true(search_create(&search, two_ranges, 2, memory, NULL));
        slow_begin(&slow, memory);
        for (int step = 0; step < 3; step++) {
            const search_op_t op = (search_op_t)(next_random(&random) % 7);
            scramble(memory, &random);
            const int64_t number = a_number(op, slow.memory, memory, &random);
            slow_narrow(&slow, op, number, memory);
            const size_t left = search_narrow(search, op, number, memory);
            expect_same(search, &slow);
            assert_int_equal(left, search_count(search));
            for (size_t c = 0; c < left; c++) hits[op][found[c].type]++;
        }
        assert_int_equal(search_steps(search), 3);
        search_destroy(search);
    }
    for (int op = 0; op < 7; op++) /* a comparison that nothing passes would prove nothing */
        for (int t = 0; t < SEARCH_NUM_TYPES; t++)
            if (!hits[op][t]) fail_msg("operator %d never kept a %s", op, search_types[t]);
}

static void test_decoding_is_the_presets(void **state)
{
    (void)state;
    uint32_t random = 9;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[4];
        for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)next_random(&random);
        for (int32_t t = 0; t < SEARCH_NUM_TYPES; t++) {
            int64_t value;
            const bool is_number =
                search_types[t][1] != 'd' || is_decimal(bytes, search_type_bytes(t));
            assert_int_equal(search_decode(t, bytes, &value), is_number);
            if (is_number) assert_int_equal(value, preset_decode(readers[t], 0, bytes));
        }
    }
    assert_int_equal(search_find_type(">d4"), 12);
    assert_int_equal(search_find_type("|u2"), -1);
}

static void test_a_step_is_taken_back_with_its_memory(void **state)
{
    (void)state;
    static slow_t slow[SEARCH_MAX_UNDO + 3];
    uint8_t memory[NUM_BYTES] = { 0 };
    uint32_t random = 1;
    memory_search_t *search;
    assert_true(search_create(&search, two_ranges, 2, memory, NULL));
    assert_false(search_undo(search));
    slow_begin(&slow[0], memory);
    for (int step = 1; step <= SEARCH_MAX_UNDO + 2; step++) { /* more than can be kept */
        memory[step * 3]++;
        memory[200 + next_random(&random) % 9]++;
        slow[step] = slow[step - 1];
        slow_narrow(&slow[step], SEARCH_UNCHANGED, 0, memory);
        search_narrow(search, SEARCH_UNCHANGED, 0, memory);
    }
    for (int step = SEARCH_MAX_UNDO + 2; step > 2; step--) {
        expect_same(search, &slow[step]);
        assert_int_equal(search_steps(search), step);
        assert_true(search_undo(search));
    }
    expect_same(search, &slow[2]);
    assert_false(search_undo(search));
    /* What is compared with is what it was then. */
    memory[3] = slow[2].memory[3], memory[300] = 77;
    slow_narrow(&slow[2], SEARCH_CHANGED, 0, memory);
    search_narrow(search, SEARCH_CHANGED, 0, memory);
    expect_same(search, &slow[2]);
    search_destroy(search);
}

static void test_mark_reset_and_types(void **state)
{
    (void)state;
    static slow_t slow;
    uint8_t memory[NUM_BYTES] = { 0 };
    memory_search_t *search;
    assert_true(search_create(&search, two_ranges, 2, memory, NULL));
    memory[10] = 5;
    search_mark(search, memory); /* the change to 5 is not looked at */
    assert_int_equal(search_steps(search), 0);
    memory[10] = 4;
    search_narrow(search, SEARCH_LESS, 0, memory);
    slow_begin(&slow, memory);
    slow.memory[10] = 5;
    slow_narrow(&slow, SEARCH_LESS, 0, memory);
    expect_same(search, &slow);

    search_keep_types(search, 1u << search_find_type("|u1") | 1u << search_find_type(">d2"));
    assert_int_equal(search_list(search, found, MAX_FOUND, true), 3);
    assert_int_equal(found[0].address, 0x309); /* low byte behind */
    assert_string_equal(search_types[found[0].type], ">d2");
    assert_int_equal(found[0].value, 4);
    assert_int_equal(found[0].was, 5);
    assert_string_equal(search_types[found[1].type], "|u1");
    assert_int_equal(found[2].value, 400); /* high byte */
    search_candidate_t one;
    assert_true(search_has(search, 0x30A, search_find_type("|u1"), &one));
    assert_int_equal(one.value, 4);
    assert_false(search_has(search, 0x30A, search_find_type("|i1"), &one));
    assert_false(search_has(search, 0x30B, search_find_type("|u1"), &one));
    assert_false(search_has(search, 0x396, 0, &one)); /* behind the first range */
    assert_false(search_has(search, 0x2FF, 0, &one));

    search_reset(search, memory);
    slow_begin(&slow, memory);
    expect_same(search, &slow);
    assert_int_equal(search_steps(search), 0);
    assert_true(search_undo(search)); /* a reset by mistake loses nothing */
    assert_int_equal(search_count(search), 3);
    search_destroy(search);
}

static void test_what_says_the_same_is_shown_once(void **state)
{
    (void)state;
    uint8_t memory[NUM_BYTES];
    memset(memory, 0xEE, sizeof memory);
    memcpy(memory + 20, (const uint8_t[]){ 0, 0, 0, 88, 0, 0, 0 }, 7);
    memory[100] = 0x88, memory[101] = 0x00; /* decimal 88 */
    memory[200] = 0xFF, memory[201] = 0xFF; /* 65535 and -1 */
    memory_search_t *search;
    assert_true(search_create(&search, two_ranges, 2, memory, NULL));
    search_narrow(search, SEARCH_EQUAL, 88, memory);
    /* 88 as |u1 |i1, <u2 <i2 >u2 >i2, and the same of four bytes; decimal 88 as |d1 and <d2. */
    assert_int_equal(search_count(search), 12);
    assert_int_equal(search_list(search, found, MAX_FOUND, false), 2);
    assert_int_equal(found[0].address, 0x300 + 23);
    assert_string_equal(search_types[found[0].type], "|u1");
    assert_int_equal(found[1].address, 0x300 + 100);
    assert_string_equal(search_types[found[1].type], "|d1");
    /* The list says how many there are, however few there is room for. */
    found[1].address = 7;
    assert_int_equal(search_list(search, found, 1, false), 2);
    assert_int_equal(found[1].address, 7);

    search_reset(search, memory);
    search_narrow(search, SEARCH_EQUAL, -1, memory);
    assert_int_equal(search_list(search, found, MAX_FOUND, false), 2); /* each byte, as |i1 */
    search_reset(search, memory);
    search_narrow(search, SEARCH_EQUAL, 65535, memory);
    assert_int_equal(search_list(search, found, MAX_FOUND, false), 2); /* either end may be first */
    assert_string_equal(search_types[found[0].type], "<u2");
    assert_string_equal(search_types[found[1].type], ">u2");
    search_destroy(search);
}

static void test_what_cannot_be_searched_is_refused(void **state)
{
    (void)state;
    why_t why;
    memory_search_t *search;
    const uint8_t byte = 1;
    const search_range_t nothing = { 0, 0 };
    assert_false(search_create(&search, &nothing, 1, &byte, why));
    assert_string_equal(why, "there is no memory to search");
    assert_null(search);
    assert_false(search_create(&search, &nothing, 0, &byte, why));
    const search_range_t much[2] = { { 0, SEARCH_MAX_BYTES }, { 1 << 30, 1 } };
    assert_false(search_create(&search, much, 2, &byte, why));
    assert_string_equal(why, "more than 4 MiB of memory to search");
    const search_range_t huge[2] = { { 0, 16 }, { 0, SIZE_MAX } }; /* their sum wraps around */
    assert_false(search_create(&search, huge, 2, &byte, why));
    const search_range_t one = { 0xFFFF, 1 };
    assert_true(search_create(&search, &one, 1, &byte, why));
    assert_int_equal(search_count(search), 3); /* |u1 |d1 |i1 */
    search_destroy(search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_operator_on_each_type_against_a_slow_version),
        cmocka_unit_test(test_decoding_is_the_presets),
        cmocka_unit_test(test_a_step_is_taken_back_with_its_memory),
        cmocka_unit_test(test_mark_reset_and_types),
        cmocka_unit_test(test_what_says_the_same_is_shown_once),
        cmocka_unit_test(test_what_cannot_be_searched_is_refused),
    };
    return cmocka_run_group_tests(tests, make_readers, drop_readers);
}
