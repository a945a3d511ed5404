/* test_merge.c - joining two people's presets; similarity in and out. */
#include "canonical.h"
#include "merge.h"
#include "sample.h"
#include "why.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OURS                                                                                       \
    "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\","                                   \
    " \"variables\": {\"hp\": {\"address\": 1, \"type\": \"|u1\"}},"                               \
    " \"timing\": {\"frame_skip\": 4, \"motion_frames\": 2},"                                      \
    " \"actions\": {\"primitives\": [{\"name\": \"Forward\", \"pad\": \"6\"}],"                    \
    " \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"                              \
    " {\"name\": \"Uppercut\", \"notation\": \"623B\"}]},"                                         \
    " \"starts\": {\"one\": [\"START\"]},"                                                         \
    " \"similarity\": {\"rows\": [\"236B\", \"623B\", \"6{4}\"], \"upper\": [[0.2, 0.4], [0.6]],"  \
    " \"decisions\": 300, \"updates\": 10, \"seeds\": 1}}"

#define THEIRS                                                                                     \
    "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"aliases\": [\"Gee\"],"           \
    " \"hashes\": [{\"crc32\": \"01234567\"}],"                                                    \
    " \"variables\": {\"hp\": {\"address\": 2, \"type\": \"|u1\"},"                                \
    " \"score\": {\"address\": 3, \"type\": \"<u2\"}},"                                            \
    " \"timing\": {\"frame_skip\": 2, \"motion_frames\": 3, \"charge_frames\": 40},"               \
    " \"actions\": {\"primitives\": [{\"name\": \"Walk\", \"pad\": \"6\"},"                        \
    " {\"name\": \"Back\", \"pad\": \"4\"}],"                                                      \
    " \"macros\": [{\"name\": \"Hadoken\", \"notation\": \"236B\"},"                               \
    " {\"name\": \"Fireball\", \"notation\": \"214B\"},"                                           \
    " {\"name\": \"Boom\", \"notation\": \"[4]6B\"}]},"                                            \
    " \"reward\": {\"variables\": {\"score\": {\"reward\": 1}}},"                                  \
    " \"starts\": {\"one\": [\"SELECT\"], \"two\": [\"START\", \"{9}\"]},"                         \
    " \"similarity\": {\"rows\": [\"214B\", \"236B\", \"623B\"], \"upper\": [[0.5, 0.1], [0.8]],"  \
    " \"decisions\": 100, \"updates\": 5, \"seeds\": 2},"                                          \
    " \"provenance\": {\"sources\": [\"https://example.org\"]}}"

static int32_t find_action(const preset_t *preset, const char *name)
{
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        if (strcmp(preset_action(preset, a)->name, name) == 0) return a;
    return -1;
}

static float value_of(const preset_t *preset, const char *a, const char *b)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    int32_t i = -1, j = -1;
    for (int32_t r = 0; r < similarity->num_rows; r++) {
        if (strcmp(similarity->notations[r], a) == 0) i = r;
        if (strcmp(similarity->notations[r], b) == 0) j = r;
    }
    if (i < 0 || j < 0) fail_msg("no row %s or %s", a, b);
    return similarity->matrix[i * similarity->num_rows + j];
}

static preset_t *merge(const char *a, const char *b, char **report)
{
    preset_t *ours = sample_parse(a), *theirs = sample_parse(b);
    char *out;
    why_t why = "";
    if (!preset_merge(&out, report, ours, theirs, why)) fail_msg("%s", why);
    preset_t *merged = sample_parse(out);
    free(out);
    preset_free(ours);
    preset_free(theirs);
    return merged;
}

static void test_what_is_joined(void **state)
{
    (void)state;
    char *report;
    preset_t *merged = merge(OURS, THEIRS, &report);
    assert_int_equal(preset_variable(merged, preset_find_variable(merged, "hp"))->address, 1);
    assert_true(preset_find_variable(merged, "score") >= 0);
    assert_int_equal(preset_num_boot_steps(merged, preset_find_start(merged, "one")), 1);
    assert_int_equal(preset_num_boot_steps(merged, preset_find_start(merged, "two")), 2);
    assert_true(preset_matches(merged, "nes", NULL, "01234567", NULL, NULL));

    assert_int_equal(preset_num_actions(merged), 5);
    assert_int_equal(find_action(merged, "Walk"), -1);    /* our Forward */
    assert_int_equal(find_action(merged, "Hadoken"), -1); /* our Fireball, in our timing */
    assert_int_equal(find_action(merged, "Boom"), -1);    /* we have no charge */
    assert_true(find_action(merged, "Back") >= 0);
    assert_string_equal(preset_action(merged, find_action(merged, "Fireball 2"))->macro.notation,
                        "214B");
    assert_int_equal(preset_frame_skip(merged), 4);
    const int64_t before[2] = { 0, 1 }, now[2] = { 0, 3 };
    assert_true(preset_reward(merged, 0, before, now) == 2);

    static const char *const lines[] = {
        "kept ours: timing\n",
        "joined: reward\n",
        "joined: aliases \"Gee\"\n",
        "joined: hashes\n",
        "kept ours: variables \"hp\"\n",
        "joined: variables \"score\"\n",
        "kept ours: starts \"one\"\n",
        "joined: starts \"two\"\n",
        "joined: actions.primitives \"Back\"\n",
        "joined: actions.macros \"Fireball 2\"\n",
        "cannot be joined, our pad or charge differs: actions.macros \"Boom\"\n",
        "similarity: 1 pairs that nobody compared start at 0\n",
        "joined: similarity, 300 decisions of ours with 100 of theirs\n",
        "joined: sources \"https://example.org\"\n",
    };
    size_t length = 0;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(report, lines[i])) fail_msg("%s is not in:\n%s", lines[i], report);
        length += strlen(lines[i]);
    }
    assert_int_equal(strlen(report), length);
    free(report);
    preset_free(merged);
}

static void test_similarity_is_weighted_by_decisions(void **state)
{
    (void)state;
    char *report;
    preset_t *merged = merge(OURS, THEIRS, &report);
    const preset_similarity_t *similarity = preset_similarity(merged);
    assert_int_equal(similarity->num_rows, 4);
    assert_int_equal(similarity->decisions, 400);
    assert_int_equal(similarity->updates, 15);
    assert_int_equal(similarity->seeds, 3);
    assert_true(value_of(merged, "236B", "623B") == (float)((300 * 0.2 + 100 * 0.8) / 400));
    assert_true(value_of(merged, "6{4}", "236B") == 0.4f); /* only ours knows */
    assert_true(value_of(merged, "214B", "236B") == 0.5f); /* only theirs knows */
    assert_true(value_of(merged, "214B", "6{4}") == 0);    /* nobody */
    free(report);
    preset_free(merged);
}

static void test_merging_with_oneself_changes_nothing(void **state)
{
    (void)state;
    static const char *const all[] = { OURS, THEIRS };
    for (int32_t i = 0; i < 2; i++) {
        char *report;
        preset_t *alone = sample_parse(all[i]), *merged = merge(all[i], all[i], &report);
        char *diff = preset_diff(alone, merged);
        /* the counts of the similarity add up, its values stay */
        for (const char *line = diff; *line; line = strchr(line, '\n') + 1)
            if (strncmp(line + 2, "similarity.", 11) != 0 || strstr(line, "upper"))
                fail_msg("%s", diff);
        free(diff);
        free(report);
        preset_free(alone);
        preset_free(merged);
    }
}

static void test_other_games_are_refused(void **state)
{
    (void)state;
    static const char other[] = "{\"kata_preset\": 1, \"game\": \"H\", \"system\": \"nes\", "
                                "\"hashes\": [{\"crc32\": \"01234567\"}], \"actions\": "
                                "{\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}}";
    preset_t *ours = sample_parse(OURS), *theirs = sample_parse(THEIRS),
             *third = sample_parse(other);
    char *out, *report;
    why_t why;
    assert_false(preset_merge(&out, &report, ours, third, why));
    assert_null(out);
    assert_null(report);
    assert_string_equal(why, "presets of different games cannot be merged: neither their names nor "
                             "a dump's hash agree");
    assert_true(preset_merge(&out, &report, theirs, third, why)); /* they know the same dump */
    free(out);
    free(report);
    preset_free(ours);
    preset_free(theirs);
    preset_free(third);
}

/* Both call a button "P", and it is not the same one. */
static void test_a_pad_that_differs_keeps_their_macros_out(void **state)
{
    (void)state;
    static const char form[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"pad\": "
        "{\"buttons\": {\"P\": \"%s\"}}, \"actions\": {\"macros\": "
        "[{\"name\": \"%s\", \"notation\": \"%s\"}]}}";
    char ours[512], theirs[512], *report;
    snprintf(ours, sizeof ours, form, "a", "Poke", "P");
    snprintf(theirs, sizeof theirs, form, "b", "Fireball", "236P");
    preset_t *merged = merge(ours, theirs, &report);
    assert_int_equal(preset_num_actions(merged), 1);
    assert_non_null(strstr(report, "cannot be joined, our pad or charge differs: actions.macros "
                                   "\"Fireball\"\n"));
    assert_non_null(strstr(report, "kept ours: pad\n"));
    free(report);
    preset_free(merged);
}

static void test_limits_hold_for_the_sum(void **state)
{
    (void)state;
    char *texts[2];
    for (int32_t side = 0; side < 2; side++) {
        size_t used = 0, room = 1 << 16;
        char *text = texts[side] = malloc(room);
        used += (size_t)snprintf(text, room,
                                 "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", "
                                 "\"actions\": {\"macros\": [");
        for (int32_t i = 0; i < 200; i++)
            used += (size_t)snprintf(text + used, room - used,
                                     "%s{\"name\": \"%d-%d\", \"notation\": \"6{%d}A\"}",
                                     i ? ", " : "", (int)side, (int)i, (int)(200 * side + i + 1));
        snprintf(text + used, room - used, "]}}");
    }
    char *report;
    preset_t *merged = merge(texts[0], texts[1], &report);
    assert_int_equal(preset_num_actions(merged), PRESET_MAX_ACTIONS);
    assert_non_null(strstr(report, "no room for: actions.macros \"1-56\""));
    free(report);
    preset_free(merged);

    /* Variables together break a limit that each side keeps: refused with its sentence. */
    for (int32_t side = 0; side < 2; side++) {
        size_t used = (size_t)snprintf(texts[side], 1 << 16,
                                       "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", "
                                       "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": "
                                       "\"5\"}]}, \"variables\": {");
        for (int32_t i = 0; i < 40; i++)
            used += (size_t)snprintf(texts[side] + used, (1 << 16) - used,
                                     "%s\"v%d_%d\": {\"address\": 1, \"type\": \"|u1\"}",
                                     i ? ", " : "", (int)side, (int)i);
        snprintf(texts[side] + used, (1 << 16) - used, "}}");
    }
    preset_t *a = sample_parse(texts[0]), *b = sample_parse(texts[1]);
    char *out;
    why_t why;
    assert_false(preset_merge(&out, &report, a, b, why));
    assert_string_equal(why, "the merged preset: variables: must have at most 64 variables, found "
                             "80");
    preset_free(a);
    preset_free(b);
    free(texts[0]);
    free(texts[1]);
}

static void test_similarity_can_be_written_and_read_back(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    const int32_t A = preset_num_actions(preset);
    float *matrix = calloc((size_t)A * (size_t)A, sizeof *matrix);
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = 0; j < A; j++)
            if (i != j) matrix[i * A + j] = (float)((i * j + i + j) % 97) / 97.0f;
    const preset_similarity_t how = { .decisions = 1234,
                                      .updates = 99,
                                      .seeds = 2,
                                      .version = "t",
                                      .has_seed = true,
                                      .seed = 7,
                                      .from = "0123456789abcdef0123456789abcdef01234567" };
    char *text = preset_with_similarity(preset, matrix, &how);
    preset_t *again = sample_parse(text);
    assert_int_equal(preset_num_warnings(again), 0);
    const preset_similarity_t *similarity = preset_similarity(again);
    assert_int_equal(similarity->num_rows, A);
    assert_int_equal(similarity->decisions, 1234);
    assert_string_equal(similarity->version, "t");
    assert_true(similarity->has_seed && similarity->seed == 7);
    assert_string_equal(similarity->from, how.from);
    for (int32_t i = 0; i < A; i++) {
        assert_int_equal(preset_similarity_row(again, i), i);
        for (int32_t j = 0; j < A; j++)
            assert_true(fabsf(similarity->matrix[i * A + j] - matrix[i * A + j]) < 1e-6f);
    }
    /* Writing it again replaces it; one action has no pairs. */
    char *replaced = preset_with_similarity(again, matrix, &how);
    assert_string_equal(replaced, text);
    free(replaced);
    free(text);
    preset_free(again);
    preset_free(preset);

    char one[1024];
    sample_minimal(one, sizeof one, "");
    preset = sample_parse(one);
    text = preset_with_similarity(preset, matrix, &how);
    again = sample_parse(text);
    assert_int_equal(preset_similarity(again)->num_rows, 1);
    free(text);
    free(matrix);
    preset_free(again);
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_joined),
        cmocka_unit_test(test_similarity_is_weighted_by_decisions),
        cmocka_unit_test(test_merging_with_oneself_changes_nothing),
        cmocka_unit_test(test_other_games_are_refused),
        cmocka_unit_test(test_a_pad_that_differs_keeps_their_macros_out),
        cmocka_unit_test(test_limits_hold_for_the_sum),
        cmocka_unit_test(test_similarity_can_be_written_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
