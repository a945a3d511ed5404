/* test_canonical.c - one spelling, one hash; differences by name. */
#include "canonical.h"
#include "sample.h"
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../comma_locale.h"

static void expect_fixed_point(preset_t *preset)
{
    size_t num_bytes;
    char *once = preset_canonical(preset, &num_bytes);
    assert_non_null(once);
    assert_int_equal(num_bytes, strlen(once));
    preset_t *again = sample_parse(once);
    char *twice = preset_canonical(again, NULL);
    assert_string_equal(once, twice);
    char *pretty = preset_pretty(preset, NULL);
    preset_t *prettier = sample_parse(pretty);
    char *thrice = preset_canonical(prettier, NULL);
    assert_string_equal(once, thrice);
    char *nothing = preset_diff(preset, again);
    assert_string_equal(nothing, "");
    free(nothing);
    free(once);
    free(twice);
    free(pretty);
    free(thrice);
    preset_free(again);
    preset_free(prettier);
    preset_free(preset);
}

static bool look_at(void *context, const char *path, preset_t *preset, const char *why)
{
    (void)context;
    (void)preset;
    assert_string_equal(why, "");
    expect_fixed_point(sample_load(path));
    return true;
}

static void test_printing_and_parsing_changes_nothing(void **state)
{
    (void)state;
    char *text = sample_example();
    expect_fixed_point(sample_parse(text));
    free(text);
    preset_walk("presets/library", look_at, NULL);
}

static void test_the_form_to_the_byte(void **state)
{
    (void)state;
    char text[2048];
    sample_minimal(text, sizeof text,
                   "\"note\": [1.50, 1e2, -0.0, 0.1, 1e-7, 123456789012345680, true, null,"
                   " \"\\u00e9\\n\\u001b\\/\\\"\", {}, []],"
                   " \"memory\": {\"ram_bytes\": 2048, \"ram_base\": \"0x0\"},"
                   " \"hashes\": [{\"crc32\": \"89ABCDEF\"}]");
    preset_t *preset = sample_parse(text);
    char *canonical = preset_canonical(preset, NULL);
    assert_string_equal(
        canonical, "{\"actions\":{\"primitives\":[{\"name\":\"N\",\"pad\":\"5\"}]},\"game\":\"G\","
                   "\"hashes\":[{\"crc32\":\"89abcdef\"}],\"kata_preset\":1,"
                   "\"memory\":{\"ram_base\":0,\"ram_bytes\":2048},"
                   "\"note\":[1.5,100,0,0.1,1e-07,1.2345678901234568e+17,true,null,"
                   "\"\xC3\xA9\\n\\u001b/\\\"\",{},[]],\"system\":\"nes\","
                   "\"variables\":{\"a\":{\"address\":0,\"type\":\"|u1\"}}}");
    free(canonical);
    preset_free(preset);
}

static void test_the_hash_sees_meaning_not_spelling(void **state)
{
    (void)state;
    static const char *const same[] = {
        "\"timing\": {\"frame_skip\": 2, \"press_frames\": 3}, \"starts\": {\"s\": []}",
        "\"starts\": {\"s\": [ ]},\n\"timing\": {\"press_frames\": 3.0, \"frame_skip\": 2e0}",
        "\"st\\u0061rts\": {\"s\": []}, \"timing\": {\"press_frames\": 3, \"frame_skip\": 2}",
    };
    char hashes[4][41], text[2048];
    for (size_t i = 0; i < 3; i++) {
        sample_minimal(text, sizeof text, same[i]);
        preset_t *preset = sample_parse(text);
        assert_true(preset_canonical_hash(preset, hashes[i]));
        preset_free(preset);
        assert_string_equal(hashes[i], hashes[0]);
    }
    sample_minimal(text, sizeof text, "\"timing\": {\"frame_skip\": 3}");
    preset_t *preset = sample_parse(text);
    assert_true(preset_canonical_hash(preset, hashes[3]));
    preset_free(preset);
    assert_string_not_equal(hashes[3], hashes[0]);
}

static void test_notations_have_one_spelling(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\":"
        " [{\"name\": \"M\", \"notation\": \" 236 + A+B , {05} LPX \"}]}, \"pad\": {\"buttons\":"
        " {\"B\": \"b\", \"A\": \"a\", \"LPX\": \"x\"}}}",
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\":"
        " [{\"name\": \"M\", \"notation\": \"236A+B,{5}LPX\"}]}, \"pad\": {\"buttons\":"
        " {\"B\": \"b\", \"A\": \"a\", \"LPX\": \"x\"}}}",
    };
    char hashes[2][41];
    for (int32_t i = 0; i < 2; i++) {
        preset_t *preset = sample_parse(forms[i]);
        assert_true(preset_canonical_hash(preset, hashes[i]));
        preset_free(preset);
    }
    assert_string_equal(hashes[0], hashes[1]);
}

/* A frontend's locale, in which a decimal point is a comma, or several bytes. */
static void test_locale_does_not_matter(void **state)
{
    (void)state;
    char text[1024];
    sample_minimal(text, sizeof text, "\"reward\": {\"scale\": 0.25}");
    for (int i = 0; i < COMMA_NUM_LOCALES; i++) {
        comma_locale_begin(i);
        preset_t *preset = sample_parse(text);
        char *canonical = preset_canonical(preset, NULL);
        assert_true(preset_reward_scale(preset) == 0.25);
        comma_locale_end();
        if (!strstr(canonical, "{\"scale\":0.25}")) fail_msg("found: %s", canonical);
        free(canonical);
        preset_free(preset);
    }
}

static void expect_diff(const char *before, const char *after, const char *expected)
{
    char a[2048], b[2048];
    sample_minimal(a, sizeof a, before);
    sample_minimal(b, sizeof b, after);
    preset_t *first = sample_parse(a), *second = sample_parse(b);
    char *diff = preset_diff(first, second);
    assert_non_null(diff);
    assert_string_equal(diff, expected);
    free(diff);
    preset_free(first);
    preset_free(second);
}

static void test_differences(void **state)
{
    (void)state;
    expect_diff("", "", "");
    expect_diff("\"timing\": {\"frame_skip\": 2, \"max_steps\": 5}",
                "\"timing\": {\"frame_skip\": 3, \"jump_frames\": 9}",
                "- timing.frame_skip: 2\n+ timing.frame_skip: 3\n- timing.max_steps: 5\n"
                "+ timing.jump_frames: 9\n");
    expect_diff("\"done\": \"a > 1\"", "\"done\": {\"any\": [\"a > 1\"]}",
                "- done: \"a > 1\"\n+ done: {\"any\":[\"a > 1\"]}\n");
    expect_diff("\"starts\": {\"s\": [\"START\"]}", "\"starts\": {\"t\": [\"START\"]}",
                "- starts.s: [\"START\"]\n+ starts.t: [\"START\"]\n");
    expect_diff("\"note\": {\"\\u001b[2J\": 1}", "\"note\": {}", "- note.?[2J: 1\n");
}

#define ACTIONS(list)                                                                              \
    "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": {\"macros\": [" list  \
    "]}}"

static void test_actions_differ_by_name(void **state)
{
    (void)state;
    preset_t *before = sample_parse(ACTIONS("{\"name\": \"A\", \"notation\": \"6A\"},"
                                            "{\"name\": \"B\", \"notation\": \"2A\"}"));
    preset_t *after = sample_parse(ACTIONS("{\"name\": \"C\", \"notation\": \"5A\"},"
                                           "{\"name\": \"B\", \"notation\": \"2B\"},"
                                           "{\"name\": \"A\", \"notation\": \"6 A\"}"));
    char *diff = preset_diff(before, after);
    assert_string_equal(diff, "- actions.macros \"B\".notation: \"2A\"\n"
                              "+ actions.macros \"B\".notation: \"2B\"\n"
                              "+ actions.macros \"C\": {\"name\":\"C\",\"notation\":\"5A\"}\n"
                              "~ actions.macros: in another order\n");
    free(diff);
    preset_free(before);
    preset_free(after);
}

static void test_a_hostile_pair_is_compared_quickly(void **state)
{
    (void)state;
    /* Deep lists of objects, which double the work of a naive comparison at each level. */
    char deep[2][2048];
    for (int32_t side = 0; side < 2; side++) {
        size_t used = (size_t)snprintf(deep[side], sizeof deep[side], "\"note\": ");
        for (int32_t level = 0; level < 15; level++)
            used += (size_t)snprintf(deep[side] + used, sizeof deep[side] - used, "[{\"x\": ");
        used += (size_t)snprintf(deep[side] + used, sizeof deep[side] - used, "%d", (int)side);
        for (int32_t level = 0; level < 15; level++)
            used += (size_t)snprintf(deep[side] + used, sizeof deep[side] - used, "}]");
    }
    char a[4096], b[4096];
    sample_minimal(a, sizeof a, deep[0]);
    sample_minimal(b, sizeof b, deep[1]);
    preset_t *first = sample_parse(a), *second = sample_parse(b);
    char *diff = preset_diff(first, second);
    assert_non_null(strstr(diff, "- note: [{"));
    free(diff);
    preset_free(first);
    preset_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printing_and_parsing_changes_nothing),
        cmocka_unit_test(test_the_form_to_the_byte),
        cmocka_unit_test(test_the_hash_sees_meaning_not_spelling),
        cmocka_unit_test(test_notations_have_one_spelling),
        cmocka_unit_test(test_locale_does_not_matter),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_actions_differ_by_name),
        cmocka_unit_test(test_a_hostile_pair_is_compared_quickly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
