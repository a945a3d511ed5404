/* test_types.c - every type string and operator of stable-retro, against slow versions. */
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

/* Where each byte of a value lies, most significant first. Halves of an odd width: the one that
 * stands second in memory is the larger. */
static void lay_out(const char *order, const uint8_t *most_first, int32_t width, uint8_t *memory)
{
    const bool big_halves = !strcmp(order, "><") || !strcmp(order, ">=");
    const bool little_halves = !strcmp(order, "<>");
    const int32_t front = width / 2; /* bytes of the half that stands first */
    for (int32_t i = 0; i < width; i++) {
        if (!strcmp(order, ">"))
            memory[i] = most_first[i];
        else if (big_halves && i < front)
            memory[front - 1 - i] = most_first[i];
        else if (big_halves)
            memory[width - 1 - (i - front)] = most_first[i];
        else if (little_halves && i < width - front)
            memory[front + i] = most_first[i];
        else if (little_halves)
            memory[i - (width - front)] = most_first[i];
        else
            memory[width - 1 - i] = most_first[i];
    }
}

static int64_t decode_slowly(char format, const uint8_t *most_first, int32_t width)
{
    char digits[32] = "";
    if (format == 'd' || format == 'n') {
        for (int32_t i = 0; i < width; i++)
            snprintf(digits + strlen(digits), 8, format == 'd' ? "%02x" : "%x",
                     format == 'd' ? most_first[i] : most_first[i] & 15);
        return strtoll(digits, NULL, 10);
    }
    /* A negative number goes on with ones to the left. */
    uint64_t value = format == 'i' && most_first[0] >= 128 ? ~0ull : 0;
    for (int32_t i = 0; i < width; i++) value = value * 256 + most_first[i];
    return (int64_t)value;
}

static void test_every_type_string_decodes(void **state)
{
    (void)state;
    static const char *const orders[] = { "|", "<", ">", "=", "><", "<>", ">=", "<=", "=>", "=<" };
    int32_t num_types = 0;
    for (size_t o = 0; o < 10; o++) {
        for (const char *format = "uidn"; *format; format++) {
            for (int32_t width = 1; width <= 8; width++) {
                char text[16];
                value_type_t type;
                snprintf(text, sizeof text, "%s%c%d", orders[o], *format, (int)width);
                const char *broken = type_parse(&type, text);
                assert_string_equal(broken, "");
                for (uint32_t round = 0; round < 50; round++) {
                    uint8_t most_first[16], memory[16];
                    for (int32_t i = 0; i < width; i++) {
                        const uint32_t r = (round * 2654435761u + (uint32_t)i * 40503u) >> 7;
                        most_first[i] = *format == 'd'   ? (uint8_t)((r / 10 % 10) << 4 | r % 10)
                                        : *format == 'n' ? (uint8_t)((r & 0xF0) | r % 10)
                                                         : (uint8_t)r;
                    }
                    lay_out(orders[o], most_first, width, memory);
                    const int64_t expected = decode_slowly(*format, most_first, width);
                    if (type_decode(&type, memory) != expected)
                        fail_msg("%s: %lld, not %lld", text, (long long)type_decode(&type, memory),
                                 (long long)expected);
                }
                num_types++;
            }
        }
    }
    assert_int_equal(num_types, 10 * 4 * 8);
}

static void test_half_bytes_that_are_no_digits(void **state)
{
    (void)state;
    value_type_t type;
    assert_string_equal(type_parse(&type, ">d2"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 0xFA, 0x1B }), 5011);
    assert_string_equal(type_parse(&type, ">n2"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 0x1F, 0xF3 }), 53);
}

/* 0x01020304 as stable-retro lays it out, and a width that cannot be halved. */
static void test_middle_endian_as_in_stable_retro(void **state)
{
    (void)state;
    value_type_t type;
    assert_string_equal(type_parse(&type, "><u4"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 2, 1, 4, 3 }), 0x01020304);
    assert_string_equal(type_parse(&type, "<>u4"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 3, 4, 1, 2 }), 0x01020304);
    assert_string_equal(type_parse(&type, "><u3"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 1, 3, 2 }), 0x010203);
    assert_string_equal(type_parse(&type, "<>u3"), "");
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 3, 1, 2 }), 0x010203);
    assert_string_equal(type_parse(&type, "=>u4"), ""); /* '=' alone decides */
    assert_int_equal(type_decode(&type, (const uint8_t[]){ 4, 3, 2, 1 }), 0x01020304);
}

static void test_types_that_are_none(void **state)
{
    (void)state;
    static const char *const all[] = { "",     "u1",   "|",    "|u",  "|u0", "|u9", "|x1", "|u1 ",
                                       ">>u2", "<u10", "| u1", "^u1", ">u",  ">2",  "|U1", ">u-1" };
    value_type_t type;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (type_parse(&type, all[i])[0] == '\0') fail_msg("%s was accepted", all[i]);
}

/* ---- operators ---- */

static preset_t *with_sections(const char *sections)
{
    char text[4096];
    why_t why;
    preset_t *preset;
    snprintf(text, sizeof text,
             "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\","
             "\"variables\": {\"a\": {\"address\": 0, \"type\": \"|i1\"},"
             " \"b\": {\"address\": 1, \"type\": \"|i1\"}},"
             "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}, %s}",
             sections);
    if (!preset_parse(&preset, text, strlen(text), "test", why)) fail_msg("%s: %s", sections, why);
    assert_int_equal(preset_num_warnings(preset), 0);
    return preset;
}

static int32_t op_slowly(const char *op, int32_t value, int32_t reference)
{
    if (!strcmp(op, "equal")) return value == reference;
    if (!strcmp(op, "negative-equal")) return value == -reference;
    if (!strcmp(op, "not-equal")) return value != reference;
    if (!strcmp(op, "less-than")) return value < reference;
    if (!strcmp(op, "greater-than")) return value > reference;
    if (!strcmp(op, "less-or-equal")) return value <= reference;
    if (!strcmp(op, "greater-or-equal")) return value >= reference;
    if (!strcmp(op, "nonzero")) return value != 0;
    if (!strcmp(op, "zero")) return value == 0;
    if (!strcmp(op, "positive")) return value > 0;
    if (!strcmp(op, "negative")) return value < 0;
    if (!strcmp(op, "sign")) return value > 0 ? 1 : value < 0 ? -1 : 0;
    return value;
}

static const char *const all_ops[] = {
    "equal",
    "negative-equal",
    "not-equal",
    "less-than",
    "greater-than",
    "less-or-equal",
    "greater-or-equal",
    "nonzero",
    "zero",
    "positive",
    "negative",
    "sign",
    "",
};

static void test_every_operator_in_rewards_and_ends(void **state)
{
    (void)state;
    for (size_t o = 0; o < sizeof all_ops / sizeof all_ops[0]; o++) {
        for (int32_t delta = 0; delta < 2; delta++) {
            char op[64] = "", sections[512];
            if (all_ops[o][0]) snprintf(op, sizeof op, "\"op\": \"%s\",", all_ops[o]);
            snprintf(sections, sizeof sections,
                     "\"reward\": {\"variables\": {\"a\": {%s \"measurement\": \"%s\","
                     " \"reference\": 3, \"reward\": 2.5, \"penalty\": 0.5}}},"
                     "\"done\": {\"variables\": {\"a\": {%s \"measurement\": \"%s\","
                     " \"reference\": 3}}}",
                     op, delta ? "delta" : "absolute", op, delta ? "delta" : "absolute");
            preset_t *preset = with_sections(sections);
            for (int32_t before = -5; before <= 5; before++) {
                for (int32_t now = -5; now <= 5; now++) {
                    const int64_t b[2] = { before, 0 }, n[2] = { now, 0 };
                    const int32_t m = op_slowly(all_ops[o], delta ? now - before : now, 3);
                    const double expected = m > 0 ? m * 2.5 : m < 0 ? m * 0.5 : 0;
                    assert_true(preset_reward(preset, 0, b, n) == expected);
                    assert_int_equal(preset_done(preset, 0, b, n), m > 0);
                }
            }
            preset_free(preset);
        }
    }
}

static void test_defaults_of_measurement(void **state)
{
    (void)state;
    preset_t *preset = with_sections("\"reward\": {\"variables\": {\"a\": {\"reward\": 1}},"
                                     " \"time\": {\"reward\": 0.25, \"penalty\": 9}},"
                                     "\"done\": {\"variables\": {\"a\": {\"op\": \"zero\"}}}");
    const int64_t before[2] = { 2, 0 }, now[2] = { 5, 0 }, zero[2] = { 0, 0 };
    assert_true(preset_reward(preset, 0, before, now) == 3.25); /* delta, and time's 1 x 0.25 */
    assert_false(preset_done(preset, 0, zero, now));            /* absolute */
    assert_true(preset_done(preset, 0, now, zero));
    preset_free(preset);
}

/* Terms of `reward.versus` are apart from the others, and checked as they are. */
static void test_terms_of_starts_for_two(void **state)
{
    (void)state;
    const int64_t before[2] = { 2, 1 }, now[2] = { 5, 3 };
    preset_t *preset = with_sections(
        "\"reward\": {\"variables\": {\"a\": {\"reward\": 1}}, \"versus\": {\"time\": "
        "{\"reward\": -0.25}, \"terms\": [{\"variable\": \"b\", \"reward\": 10}]}},"
        "\"done\": {\"variables\": {\"a\": {\"op\": \"zero\"}}}");
    assert_true(preset_reward(preset, 0, before, now) == 3);
    assert_true(preset_versus_reward(preset, 0, before, now) == 20 - 0.25);
    assert_true(preset_has_reward(preset));
    preset_free(preset);
    preset = with_sections("\"reward\": {\"versus\": {\"time\": {\"reward\": -0.25}}},"
                           "\"done\": {\"variables\": {\"a\": {\"op\": \"zero\"}}}");
    assert_true(preset_reward(preset, 0, before, now) == 0);
    assert_true(preset_versus_reward(preset, 0, before, now) == -0.25);
    assert_false(preset_has_reward(preset)); /* so what is new counts */
    preset_free(preset);
}

static void test_trees_of_conditions(void **state)
{
    (void)state;
    /* Each form of "(a > 1 and b > 1) or a == 7". */
    static const char *const forms[] = {
        "\"done\": {\"any\": [{\"all\": [\"a > 1\", \"b > 1\"]}, \"a == 7\"]}",
        ("\"done\": {\"variables\": {\"a\": {\"op\": \"equal\", \"reference\": 7}}, \"nodes\": "
         "{\"n\":"
         " {\"condition\": \"all\", \"variables\": {\"a\": {\"op\": \"greater-than\", "
         "\"reference\": 1},"
         " \"b\": {\"op\": \"greater-than\", \"reference\": 1}}}}}"),
        ("\"done\": {\"any\": [{\"all\": [{\"variable\": \"a\", \"op\": \">\", \"reference\": 1},"
         " \"b greater-than 0x1\"]}, \"a equal 7\"]}"),
    };
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        preset_t *preset = with_sections(forms[f]);
        for (int64_t a = -2; a < 9; a++)
            for (int64_t b = -2; b < 9; b++)
                assert_int_equal(preset_done(preset, 0, (int64_t[]){ a, b }, (int64_t[]){ a, b }),
                                 (a > 1 && b > 1) || a == 7);
        preset_free(preset);
    }
}

static void test_two_variables_compared_and_facing(void **state)
{
    (void)state;
    preset_t *preset =
        with_sections("\"facing\": {\"left_when\": \"a > b\"}, \"result\":"
                      " {\"won\": \"delta a > 0\", \"lost\": {\"variable\": \"a\","
                      " \"op\": \"less-than\", \"reference\": \"b\"}, \"drawn\": \"b\"}");
    assert_true(preset_faces_left(preset, 0, (int64_t[]){ 2, 1 }));
    assert_false(preset_faces_left(preset, 0, (int64_t[]){ 1, 1 }));
    const int64_t one[2] = { 1, 5 }, two[2] = { 2, 1 };
    assert_int_equal(preset_result(preset, 0, one, two), PRESET_WON);
    assert_int_equal(preset_result(preset, 0, two, one), PRESET_LOST);
    assert_int_equal(preset_result(preset, 0, two, two), PRESET_DRAWN);
    assert_int_equal(preset_result(preset, 0, (int64_t[]){ 0, 0 }, (int64_t[]){ 0, 0 }),
                     PRESET_NO_RESULT);
    preset_free(preset);
}

static void test_all_of_nothing_is_true_any_of_nothing_is_not(void **state)
{
    (void)state;
    const int64_t values[2] = { 0, 0 };
    preset_t *preset = with_sections("\"done\": {\"condition\": \"all\"}");
    assert_true(preset_done(preset, 0, values, values));
    preset_free(preset);
    preset = with_sections("\"done\": {}");
    assert_false(preset_done(preset, 0, values, values));
    preset_free(preset);
}

static void test_masks_and_swapped_words(void **state)
{
    (void)state;
    static const char text[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"genesis\","
        "\"memory\": {\"ram_base\": \"0xFF0000\", \"word_swapped\": true}, \"variables\": {"
        "\"even\": {\"address\": 16711682, \"type\": \">u2\"},"
        "\"odd\": {\"address\": \"0xFF0003\", \"type\": \">u4\"},"
        "\"byte\": {\"address\": \"0xFF0005\", \"type\": \"|u1\", \"mask\": 15},"
        "\"wide\": {\"address\": \"0xFF0001\", \"type\": \">u8\"}},"
        "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}}";
    uint8_t swapped[16];
    for (int32_t a = 0; a < 16; a++)
        swapped[a ^ 1] = (uint8_t)(0x10 + a); /* byte a holds 0x10 + a */
    preset_t *preset;
    why_t why = "";
    if (!preset_parse(&preset, text, strlen(text), "test", why)) fail_msg("%s", why);
    static const int64_t expected[4] = { 0x1213, 0x13141516, 0x15 & 15, 0x1112131415161718 };
    static const int32_t num_bytes[4] = { 2, 6, 2, 10 };
    for (int32_t v = 0; v < 4; v++) {
        const preset_variable_t *variable = preset_variable(preset, v);
        assert_int_equal(variable->num_bytes, num_bytes[v]);
        assert_true(variable->num_bytes <= PRESET_VARIABLE_BYTES);
        assert_int_equal(preset_decode(preset, v, swapped + (variable->address - 0xFF0000)),
                         expected[v]);
    }
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_string_decodes),
        cmocka_unit_test(test_half_bytes_that_are_no_digits),
        cmocka_unit_test(test_middle_endian_as_in_stable_retro),
        cmocka_unit_test(test_types_that_are_none),
        cmocka_unit_test(test_every_operator_in_rewards_and_ends),
        cmocka_unit_test(test_defaults_of_measurement),
        cmocka_unit_test(test_terms_of_starts_for_two),
        cmocka_unit_test(test_trees_of_conditions),
        cmocka_unit_test(test_two_variables_compared_and_facing),
        cmocka_unit_test(test_all_of_nothing_is_true_any_of_nothing_is_not),
        cmocka_unit_test(test_masks_and_swapped_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
