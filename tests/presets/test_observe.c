/* test_observe.c - what an agent sees as numbers: by hand, for both ports, and what is refused. */
#include "canonical.h"
#include "merge.h"
#include "sample.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {"                  \
    "\"hp\": {\"address\": 0, \"type\": \"|u1\"}, \"enemy_hp\": {\"address\": 1, \"type\": "       \
    "\"|u1\"}, \"x\": {\"address\": 2, \"type\": \"|u1\"}, \"enemy_x\": {\"address\": 3, "         \
    "\"type\": \"|u1\"}, \"winner\": {\"address\": 4, \"type\": \"|u1\"}, \"flies\": "             \
    "{\"address\": 5, \"type\": \"|u1\"}}, \"actions\": {\"primitives\": [{\"name\": \"N\", "      \
    "\"pad\": \"5\"}]}"
#define SIDES                                                                                      \
    ", \"sides\": {\"variables\": {\"hp\": \"enemy_hp\", \"x\": \"enemy_x\"}, \"values\": "        \
    "{\"winner\": [1, 2]}}, \"facing\": {\"left_when\": \"x > enemy_x\"}"
#define OBSERVE                                                                                    \
    ", \"observe\": [{\"variable\": \"hp\", \"range\": [0, 100]}, {\"variable\": \"enemy_hp\", "   \
    "\"range\": [0, 100]}, {\"variable\": \"x\", \"range\": [0, 256], \"horizontal\": true}, "     \
    "{\"variable\": \"enemy_x\", \"range\": [0, 256], \"horizontal\": true, \"when\": "            \
    "\"flies\"}, {\"variable\": \"winner\", \"values\": [1, 2, 7]}]"

enum { NUM = 2 + 4 + 3 };

static void expect_seen(const preset_t *preset, uint32_t port, const int64_t *now,
                        const float wanted[NUM])
{
    float seen[PRESET_MAX_OBSERVED];
    assert_int_equal(preset_num_observed(preset), NUM);
    preset_observe(preset, port, now, &(preset_own_t){ 0 }, seen);
    for (int32_t i = 0; i < NUM; i++)
        if (seen[i] != wanted[i])
            fail_msg("port %u, number %d: %g, not %g", port, i, (double)seen[i], (double)wanted[i]);
}

static void test_by_hand(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD SIDES OBSERVE "}");
    /* hp, enemy_hp, x, enemy_x, winner, flies */
    const int64_t now[] = { 25, 50, 64, 192, 1, 1 };
    /* Each looks at the other; port 2's picture is mirrored, so both look right and the other left,
     * and both stand at 64. */
    expect_seen(preset, 0, now, (float[NUM]){ 1, 0, 0.25f, 0.5f, 0.25f, 0.75f, 1, 0, 0 });
    expect_seen(preset, 1, now, (float[NUM]){ 1, 0, 0.5f, 0.25f, 0.25f, 0.75f, 0, 1, 0 });
    /* Crossed; beyond the range; nothing flies; a value that is not exchanged. */
    const int64_t crossed[] = { 200, 0, 192, 0, 7, 0 };
    expect_seen(preset, 0, crossed, (float[NUM]){ 0, 1, 1, 0, 0.75f, 0, 0, 0, 1 });
    expect_seen(preset, 1, crossed, (float[NUM]){ 0, 1, 0, 1, 1, 0, 0, 0, 1 });
    preset_free(preset);
}

/* The game with the players in each other's place, and left and right exchanged. */
static void test_port_2_sees_what_port_1_would_in_its_place(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD SIDES OBSERVE "}");
    int32_t differ = 0;
    srand(1);
    for (int32_t i = 0; i < 5000; i++) {
        const int64_t now[] = { rand() % 101, rand() % 101, rand() % 257,
                                rand() % 257, rand() % 4,   rand() % 2 };
        const int64_t won = now[4] == 1 ? 2 : now[4] == 2 ? 1 : now[4];
        const int64_t there[] = { now[1], now[0], 256 - now[3], 256 - now[2], won, now[5] };
        float here[2][PRESET_MAX_OBSERVED], mirrored[2][PRESET_MAX_OBSERVED];
        if (now[2] == now[3]) continue; /* neither looks left */
        for (uint32_t port = 0; port < 2; port++) {
            preset_observe(preset, port, now, &(preset_own_t){ 0 }, here[port]);
            preset_observe(preset, port, there, &(preset_own_t){ 0 }, mirrored[port]);
        }
        assert_memory_equal(here[0], mirrored[1], NUM * sizeof(float));
        assert_memory_equal(here[1], mirrored[0], NUM * sizeof(float));
        differ += memcmp(here[0], here[1], NUM * sizeof(float)) != 0;
    }
    assert_true(differ > 4000);
    preset_free(preset);
}

static void test_without_sides_or_facing(void **state)
{
    (void)state;
    const int64_t now[] = { 25, 50, 64, 192, 1, 1 };
    float seen[2];
    preset_t *preset =
        sample_parse(HEAD ", \"observe\": [{\"variable\": \"hp\", \"range\": [-25, 75]}]}");
    assert_int_equal(preset_num_observed(preset), 1);
    preset_observe(preset, 0, now, &(preset_own_t){ 0 }, seen);
    assert_true(seen[0] == 0.5f);
    preset_free(preset);
    preset = sample_parse(HEAD "}");
    assert_int_equal(preset_num_observed(preset), 0);
    assert_int_equal(preset_num_observed_items(preset), 0);
    preset_free(preset);
}

/* Of an action that presses A alone: four directions and A; then how late it sees. Port 2's picture
 * is mirrored. */
static void test_its_own_pad(void **state)
{
    (void)state;
    enum { A = 1 << 8, B = 1 << 0, UP = 1 << 4, LEFT = 1 << 6 };
    static const char punches[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": {\"x\": "
        "{\"address\": 2, \"type\": \"|u1\"}}, \"pad\": {\"ports\": 2, \"buttons\": {\"A\": "
        "\"a\", \"B\": \"b\"}}, \"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": "
        "\"5\"}], \"macros\": [{\"name\": \"M\", \"notation\": \"2{3} 6A{3}\"}]}, \"sides\": "
        "{\"mirror\": true}, \"observe\": [{\"own_pad\": true, \"note\": \"n\"}, {\"variable\": "
        "\"x\", \"range\": [0, 4]}]}";
    static const float wanted[2][7] = { { 1, 0, 1, 0, 1, 0.5f, 0.25f },
                                        { 1, 0, 0, 1, 1, 0.5f, 0.25f } };
    const int64_t now[] = { 1 };
    const preset_own_t own = { A | B | UP | LEFT, 0.5f };
    preset_t *preset = sample_parse(punches);
    float seen[PRESET_MAX_OBSERVED];
    char item[PRESET_OBSERVED_BYTES];
    assert_int_equal(preset_num_warnings(preset), 0);
    assert_int_equal(preset_num_observed(preset), 7);
    for (uint32_t port = 0; port < 2; port++) {
        preset_observe(preset, port, now, &own, seen);
        for (int32_t i = 0; i < 7; i++)
            if (seen[i] != wanted[port][i])
                fail_msg("port %u, number %d: %g", port, i, (double)seen[i]);
    }
    preset_observed_item(preset, 1, item);
    assert_string_equal(item, "its own pad, buttons 01f0, and how late it sees");
    free(preset_advice(preset));
    preset_free(preset);
}

static void expect_refused(const char *observe, const char *rule)
{
    char text[8192];
    why_t why = "";
    preset_t *preset;
    snprintf(text, sizeof text, HEAD ", \"observe\": %s}", observe);
    if (preset_parse(&preset, text, strlen(text), "it", why)) fail_msg("taken: %s", observe);
    if (!strstr(why, rule)) fail_msg("%s", why);
}

static void test_what_is_refused(void **state)
{
    (void)state;
#define HP "{\"variable\": \"hp\""
    expect_refused("{}", "it: observe: must be a list");
    expect_refused("[]", "it: observe: ");
    expect_refused("[1]", "it: observe[0]: must be an object");
    expect_refused("[{\"own_pad\": false}]",
                   "it: observe[0].own_pad: must be true, or not be listed");
    expect_refused("[{\"own_pad\": 1}]", "it: observe[0].own_pad: ");
    expect_refused("[{\"own_pad\": true}, {\"own_pad\": true}]",
                   "it: observe[1].own_pad: must be listed once");
    expect_refused("[{\"range\": [0, 1]}]", "it: observe[0].variable: ");
    expect_refused("[{\"variable\": \"mp\", \"range\": [0, 1]}]",
                   "it: observe[0].variable: must be one of the preset's variables, found \"mp\"");
    expect_refused("[" HP "}]",
                   "it: observe[0]: must have either \"range\" or \"values\", found neither");
    expect_refused("[" HP ", \"range\": [0, 1], \"values\": [1]}]", "found both");
    expect_refused(
        "[" HP ", \"range\": [1, 1]}]",
        "observe[0].range: must be a list of two whole numbers that rise, found 1 and 1");
    expect_refused("[" HP ", \"range\": [0, 0.5]}]", "observe[0].range");
    expect_refused("[" HP ", \"range\": [0]}]", "observe[0].range");
    expect_refused("[" HP ", \"range\": 7}]", "observe[0].range");
    expect_refused("[" HP ", \"values\": [1, 1]}]",
                   "observe[0].values[1]: must be a list of 1 to 64 different whole numbers, "
                   "found 1 twice");
    expect_refused("[" HP ", \"values\": []}]", "found 0");
    expect_refused("[" HP ", \"values\": 3}]", "observe[0].values");
    expect_refused("[" HP ", \"values\": [1], \"horizontal\": true}]", "must have a \"range\"");
    expect_refused("[" HP ", \"values\": [1], \"from\": \"x\"}]", "must have a \"range\" where");
    expect_refused("[" HP ", \"range\": [0, 1], \"from\": \"mp\"}]",
                   "it: observe[0].from: must be one of the preset's variables, found \"mp\"");
    expect_refused("[" HP ", \"range\": [0, 1], \"from\": 3}]", "observe[0].from");
    expect_refused("[" HP ", \"range\": [0, 1], \"when\": \"mp > 1\"}]", "observe[0].when");
    char many[8192] = "[";
    for (int32_t i = 0; i < 129; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s" HP ", \"range\": [0, 1]}",
                 i ? ", " : "");
    snprintf(many + strlen(many), sizeof many - strlen(many), "]");
    expect_refused(many, "observe: ");
    /* Five items of 60 numbers. */
    snprintf(many, sizeof many, "[");
    for (int32_t i = 0; i < 5; i++) {
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s" HP ", \"values\": [",
                 i ? ", " : "");
        for (int32_t v = 0; v < 60; v++)
            snprintf(many + strlen(many), sizeof many - strlen(many), "%s%d", v ? ", " : "", v);
        snprintf(many + strlen(many), sizeof many - strlen(many), "]}");
    }
    snprintf(many + strlen(many), sizeof many - strlen(many), "]");
    expect_refused(many, "must be few enough for 256 numbers in all");
}

static void expect_said(char *text, const char *part, bool expected)
{
    assert_non_null(text);
    if ((strstr(text, part) != NULL) != expected) fail_msg("\"%s\" in:\n%s", part, text);
    free(text);
}

/* Each port's, with the sign of where its own fighter looks, wherever both stand; in game pixels,
 * not the picture's. Without `horizontal` it is the plain difference. */
static void test_distances(void **state)
{
    (void)state;
    static const char distances[] = HEAD SIDES
        ", \"observe\": [{\"variable\": \"enemy_x\", \"from\": \"x\", \"range\": [-256, 256], "
        "\"horizontal\": true}, {\"variable\": \"enemy_x\", \"from\": \"x\", \"range\": [-256, "
        "256]}, {\"variable\": \"enemy_hp\", \"from\": \"hp\", \"range\": [0, 100], \"when\": "
        "\"flies\"}]}";
    static const struct {
        int64_t now[6]; /* hp, enemy_hp, x, enemy_x, winner, flies */
        float seen[2][3];
    } rows[] = {
        { { 25, 50, 64, 192, 0, 1 }, { { 0.75f, 0.75f, 0.25f }, { 0.75f, 0.25f, 0 } } },
        { { 25, 50, 192, 64, 0, 1 }, { { 0.75f, 0.25f, 0.25f }, { 0.75f, 0.75f, 0 } } },
        { { 90, 10, 0, 255, 0, 1 },
          { { 511 / 512.0f, 511 / 512.0f, 0 }, { 511 / 512.0f, 1 / 512.0f, 0.8f } } },
        { { 25, 50, 64, 65, 0, 0 },
          { { 257 / 512.0f, 257 / 512.0f, 0 }, { 257 / 512.0f, 255 / 512.0f, 0 } } },
    };
    preset_t *preset = sample_parse(distances);
    assert_int_equal(preset_num_warnings(preset), 0);
    assert_int_equal(preset_num_observed(preset), 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint32_t port = 0; port < 2; port++) {
            float seen[PRESET_MAX_OBSERVED];
            preset_observe(preset, port, rows[i].now, &(preset_own_t){ 0 }, seen);
            for (int32_t n = 0; n < 3; n++)
                if (seen[2 + n] != rows[i].seen[port][n])
                    fail_msg("row %zu, port %u, number %d: %g", i, port, n, (double)seen[2 + n]);
        }
    expect_said(preset_describe(preset),
                "  enemy_x less x, from -256 to 256, horizontal\n"
                "  enemy_x less x, from -256 to 256\n"
                "  enemy_hp less hp, from 0 to 100, at times\n",
                true);
    expect_said(preset_advice(preset), "nothing reads \"x\"", false);
    expect_said(preset_advice(preset), "observe:", false);
    preset_free(preset);
}

/* The largest numbers that there are: no overflow. */
static void test_a_distance_of_the_largest_numbers(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(
        HEAD ", \"observe\": [{\"variable\": \"hp\", \"from\": \"x\", \"range\": [-1, 1]}]}");
    const int64_t now[] = { INT64_MAX, 0, INT64_MIN, 0, 0, 0 };
    float seen[1];
    preset_observe(preset, 0, now, &(preset_own_t){ 0 }, seen);
    assert_true(seen[0] == 1);
    preset_free(preset);
}

static void test_description_and_advice(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD SIDES OBSERVE "}");
    expect_said(preset_describe(preset),
                "Seen as numbers: 9\n"
                "  2 facings\n"
                "  hp from 0 to 100\n"
                "  enemy_hp from 0 to 100\n"
                "  x from 0 to 256, horizontal\n"
                "  enemy_x from 0 to 256, horizontal, at times\n"
                "  winner, 3 values, ",
                true);
    expect_said(preset_advice(preset), "nothing reads \"winner\"", false);
    expect_said(preset_advice(preset), "observe:", false);
    preset_free(preset);
    preset = sample_parse(HEAD SIDES ", \"observe\": [{\"variable\": \"x\", \"range\": [0, 9]}]}");
    expect_said(preset_advice(preset),
                "observe: \"x\" is seen, but not \"enemy_x\", the other side's\n", true);
    preset_free(preset);
    preset = sample_parse(HEAD "}");
    expect_said(preset_describe(preset), "Seen as numbers: nothing, only the picture\n", true);
    preset_free(preset);
}

/* Items say whether two presets' numbers mean the same. */
static void test_items_tell_others_apart(void **state)
{
    (void)state;
    preset_t *a = sample_parse(HEAD ", \"observe\": [{\"variable\": \"hp\", \"values\": [1, 2]}]}");
    preset_t *b = sample_parse(HEAD ", \"observe\": [{\"variable\": \"hp\", \"values\": [2, 1]}]}");
    char of_a[PRESET_OBSERVED_BYTES], of_b[PRESET_OBSERVED_BYTES];
    preset_observed_item(a, 1, of_a);
    preset_observed_item(b, 1, of_b);
    assert_string_not_equal(of_a, of_b);
    preset_observed_item(a, 0, of_a);
    preset_observed_item(b, 0, of_b);
    assert_string_equal(of_a, of_b);
    preset_free(a);
    preset_free(b);
}

static void expect_merged(const char *ours, const char *theirs, const char *said, int32_t num)
{
    char *merged, *report;
    why_t why;
    preset_t *a = sample_parse(ours), *b = sample_parse(theirs);
    if (!preset_merge(&merged, &report, a, b, why)) fail_msg("%s", why);
    if (!strstr(report, said)) fail_msg("%s", report);
    preset_t *both = sample_parse(merged);
    assert_int_equal(preset_num_observed(both), num);
    preset_free(both);
    preset_free(a);
    preset_free(b);
    free(merged);
    free(report);
}

static void test_merging_takes_the_list_whole(void **state)
{
    (void)state;
    expect_merged(HEAD "}", HEAD SIDES OBSERVE "}", "joined: observe\n", NUM);
    expect_merged(HEAD ", \"observe\": [{\"variable\": \"hp\", \"range\": [0, 9]}]}",
                  HEAD ", \"observe\": [{\"variable\": \"x\", \"range\": [0, 9]}]}",
                  "kept ours: observe\n", 1);
    expect_merged("{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"variables\": "
                  "{\"hp\": {\"address\": 9, \"type\": \"|u1\"}}, \"actions\": {\"primitives\": "
                  "[{\"name\": \"N\", \"pad\": \"5\"}]}}",
                  HEAD OBSERVE "}", "kept ours, none: our variables differ: observe\n", 0);
}

static void test_the_canonical_form_keeps_it(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD OBSERVE "}");
    char *text = preset_canonical(preset, NULL);
    assert_non_null(text);
    assert_non_null(strstr(text, "\"observe\":[{\"range\":[0,100],\"variable\":\"hp\"},"));
    preset_t *again = sample_parse(text);
    assert_int_equal(preset_num_observed(again), preset_num_observed(preset));
    assert_int_equal(preset_num_warnings(again), 0);
    preset_free(again);
    preset_free(preset);
    free(text);
}

static void test_kumite(void **state)
{
    (void)state;
    static const char *const names[] = { "", "-Tora", "-Saya" };
    for (int32_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "presets/library/nes/Kumite%s.kata.json", names[i]);
        preset_t *preset = sample_load(path);
        assert_int_equal(preset_num_observed(preset), 2 + 1 + 2 * 43 + 4 + 2 + 1);
        preset_free(preset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_port_2_sees_what_port_1_would_in_its_place),
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_a_distance_of_the_largest_numbers),
        cmocka_unit_test(test_without_sides_or_facing),
        cmocka_unit_test(test_its_own_pad),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_description_and_advice),
        cmocka_unit_test(test_items_tell_others_apart),
        cmocka_unit_test(test_merging_takes_the_list_whole),
        cmocka_unit_test(test_the_canonical_form_keeps_it),
        cmocka_unit_test(test_kumite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
