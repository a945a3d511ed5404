/* test_preset_sharing.c - presets go from one person to another: export, import, similarity, and a
 * stranger's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "preset_files.h"

static kata_run_t r;

#define QUICK_TRAINING                                                                             \
    "--warmup", "64", "--batch", "2", "--updates-per-decision", "0.05", "--replay", "4000",        \
        "--eval-episodes", "0"

static cJSON *read_json(const char *path)
{
    size_t num_bytes;
    char *text = (char *)kata_read_file(path, &num_bytes);
    cJSON *json = cJSON_ParseWithLength(text, num_bytes);
    free(text);
    assert_non_null(json);
    return json;
}

static void expect_same_file(const char *a, const char *b)
{
    size_t num_bytes;
    char *text = (char *)kata_read_file(b, &num_bytes);
    expect_text(a, text);
    free(text);
}

/* Row by row; the agent computes with floats. */
static void expect_same_matrix(const char *a, const char *b)
{
    cJSON *first = read_json(a), *second = read_json(b);
    const cJSON *one = cJSON_GetObjectItem(cJSON_GetObjectItem(first, "similarity"), "upper");
    const cJSON *other = cJSON_GetObjectItem(cJSON_GetObjectItem(second, "similarity"), "upper");
    int num_pairs = 0;
    assert_true(one && other);
    for (int row = 0; row < cJSON_GetArraySize(one); row++)
        for (int column = 0; column < cJSON_GetArraySize(cJSON_GetArrayItem(one, row)); column++) {
            const cJSON *x = cJSON_GetArrayItem(cJSON_GetArrayItem(one, row), column);
            const cJSON *y = cJSON_GetArrayItem(cJSON_GetArrayItem(other, row), column);
            assert_true(x && y);
            if (fabs(x->valuedouble - y->valuedouble) > 1e-4)
                fail_msg("row %d, column %d: %g and %g", row, column, x->valuedouble,
                         y->valuedouble);
            num_pairs++;
        }
    assert_int_equal(num_pairs, 24 * 23 / 2);
    cJSON_Delete(first);
    cJSON_Delete(second);
}

static void use_home(const char *name)
{
    setenv("KATA_HOME", kata_path(name), 1);
}

/* The folder of the one game that was trained in this home. */
static const char *saved_preset(const char *home)
{
    char name[256], path[800];
    assert_true(kata_finds(kata_path(home), "nes-", name));
    snprintf(path, sizeof path, "%s/%s/preset.json", home, name);
    return kata_path(path);
}

static void expect_hash_of_file(const char *path, const char *printed_by_export)
{
    RUN(&r, "preset", "show", "--json", path);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    const char *hash = cJSON_GetObjectItem(json, "hash")->valuestring;
    assert_string_equal(hash, cJSON_GetObjectItem(json, "canonical_hash")->valuestring);
    if (!strstr(printed_by_export, hash)) fail_msg("%s is not in %s", hash, printed_by_export);
    cJSON_Delete(json);
}

/* One person trains and exports; another imports and begins with what the first one learned. */
static void test_what_was_learned_goes_from_one_home_to_another(void **state)
{
    (void)state;
    const char *sent = kata_path("sent.kata.json"), *again = kata_path("again.kata.json");
    use_home("giver");
    RUN(&r, "train", kata_rom(), "--decisions", "120", QUICK_TRAINING, "--similarity", "meta",
        "--similarity-period", "1");
    kata_expect(&r, 0);
    RUN(&r, "preset", "export", kata_rom(), "--out", sent);
    kata_expect(&r, 0);
    kata_expect_out(&r, "saved ");
    kata_expect_out(&r, "similarity  24 moves, from 120 decisions and ");
    kata_expect_out(&r, "author      the Kata authors\n");
    char printed[2048];
    snprintf(printed, sizeof printed, "%.2047s", r.out);
    expect_hash_of_file(sent, printed);
    expect_same_matrix(sent, saved_preset("giver"));
    RUN(&r, "preset", "diff", saved_preset("giver"), sent);
    assert_string_equal(r.out, "they say the same\n");

    /* The same by the game's name, and by the file. */
    RUN(&r, "preset", "export", "kumite", "--out", again);
    kata_expect(&r, 0);
    expect_same_file(again, sent);
    RUN(&r, "preset", "export", saved_preset("giver"), "--out", again, "--replace");
    kata_expect(&r, 0);
    expect_same_file(again, sent);

    use_home("taker");
    const char *const learn[] = { "train", kata_rom(),           "--decisions",
                                  "1",     QUICK_TRAINING,       "--similarity",
                                  "fixed", "--similarity-prior", "preset",
                                  NULL };
    kata_run(&r, learn);
    kata_expect(&r, 1);
    kata_expect_err(&r, "has no similarity to start from");
    RUN(&r, "preset", "import", sent);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Similarity: 24 rows, from 120 decisions");
    kata_expect_out(&r, "Nothing is saved");
    assert_false(kata_exists(kata_path("taker/presets")));
    RUN(&r, "preset", "import", sent, "--store");
    kata_expect(&r, 0);
    expect_same_file(kata_path("taker/presets/nes/Kumite.kata.json"), sent);
    kata_run(&r, learn);
    kata_expect(&r, 0);
    expect_same_matrix(saved_preset("taker"), sent); /* fixed: what it began with */
    use_home("home");
}

static void test_export_finds_what_was_meant_or_says_why_not(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS_AGAIN), *saved = kata_path("saved.json");
    assert_false(kata_exists("Gee.kata.json"));
    RUN(&r, "preset", "export", ours);
    kata_expect(&r, 0);
    kata_expect_out(&r, "saved Gee.kata.json\n");
    kata_expect_out(&r, "similarity  none in it");
    size_t num_bytes; /* copied, not renamed: the temporary folder may be another file system */
    uint8_t *const bytes = kata_read_file("Gee.kata.json", &num_bytes);
    kata_write_file(saved, bytes, num_bytes);
    free(bytes);
    assert_int_equal(remove("Gee.kata.json"), 0);
    RUN(&r, "preset", "canonical", ours);
    expect_text(saved, r.out);
    RUN(&r, "preset", "export", ours, "--out", saved);
    expect_refused(&r, 1, "saved.json is there already");
    remove(saved);

    /* A game that nobody trained: what the library has. */
    RUN(&r, "preset", "export", "galaga - demons of death", "--out", saved);
    kata_expect(&r, 0);
    kata_expect_out(&r, "game        Galaga - Demons of Death (nes)\n");
    remove(saved);
    RUN(&r, "preset", "export", kata_rom(), "--out", saved);
    kata_expect(&r, 0);
    kata_expect_out(&r, "/nes/Kumite.kata.json\n");
    remove(saved);

    RUN(&r, "preset", "export", "no such game", "--out", saved);
    expect_refused(&r, 1, "no saved or known game is called so");
    RUN(&r, "preset", "export", kata_path("nowhere.nes"), "--out", saved);
    expect_refused(&r, 1, "there is no such file");
    RUN(&r, "preset", "export", unknown_game(), "--out", saved);
    expect_refused(&r, 1, "nothing was learned of ");
    RUN(&r, "preset", "export", put("bad.json", "{\"kata_preset\": 99}"), "--out", saved);
    expect_refused(&r, 1, "bad.json");
    RUN(&r, "preset", "export", kata_dir(), "--out", saved);
    expect_refused(&r, 1, "preset.json");
    assert_false(kata_exists(saved));
    RUN(&r, "preset", "export", ours, "--out", kata_path("no/folder/saved.json"));
    expect_refused(&r, 1, "no/folder");
}

/* Two dumps of one game, both trained: which one is meant cannot be told by the name. */
static void test_export_of_a_name_that_two_saved_games_have(void **state)
{
    (void)state;
    make_folder("twice");
    make_folder("twice/nes-0a");
    make_folder("twice/nes-0b");
    make_folder("twice/nes-0c");
    put("twice/nes-0a/preset.json", OURS);
    put("twice/nes-0b/preset.json", "{");
    use_home("twice");
    RUN(&r, "preset", "export", "Gee", "--out", kata_path("saved.json"));
    kata_expect(&r, 0);
    kata_expect_err(&r, "kata: passed over: ");
    kata_expect_err(&r, "nes-0b/preset.json");
    remove(kata_path("saved.json"));
    put("twice/nes-0b/preset.json", THEIRS);
    RUN(&r, "preset", "export", "gee", "--out", kata_path("saved.json"));
    expect_refused(&r, 1, "2 saved games are called gee");
    assert_false(kata_exists(kata_path("saved.json")));
    use_home("home");
}

/* ---- a stranger's files ---- */

/* `count` times `piece` between `head` and `tail`, as a file. */
static const char *put_repeated(const char *name, const char *head, const char *piece, int count,
                                const char *tail)
{
    const size_t length = strlen(piece);
    char *text = malloc(strlen(head) + length * (size_t)count + strlen(tail) + 1), *at = text;
    assert_non_null(text);
    at += sprintf(at, "%s", head);
    for (int i = 0; i < count; i++, at += length) memcpy(at, piece, length);
    strcpy(at, tail);
    const char *path = put(name, text);
    free(text);
    return path;
}

/* Refused by every command that would keep it, with its name in the sentence; nothing is made or
 * changed. The rules themselves: tests/presets/test_hostile.c. */
static void test_hostile_files_leave_no_trace(void **state)
{
    (void)state;
#define HOSTILE "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\", "
#define WAIT "\"actions\": {\"primitives\": [{\"name\": \"Wait\", \"pad\": \"5\"}]}"
    const char *ours = put("ours.json", OURS), *saved = kata_path("saved.json");
    const char *const files[] = {
        put("evil-address.json", HOSTILE "\"variables\": {\"v\": {\"address\": 4294967296,"
                                         " \"type\": \"|u1\"}}, " WAIT "}"),
        put_repeated("evil-million.json", HOSTILE "\"actions\": {\"macros\": [", "{},", 1000000,
                     "{}]}}"),
        put_repeated("evil-deep.json", HOSTILE "\"note\": ", "[", 100000, ""),
        put("evil-nan.json", HOSTILE "\"reward\": {\"scale\": NaN}, " WAIT "}"),
        put("evil-twice.json", HOSTILE WAIT ", \"game\": \"Other\"}"),
        put("evil-utf8.json", HOSTILE "\"note\": \"\xC0\xAF\", " WAIT "}"),
        put("evil-name.json", "{\"kata_preset\": 1, \"game\": \"../../evil\", \"system\": \"nes\","
                              " " WAIT "}"),
        put("evil-system.json", "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"../..\","
                                " " WAIT "}"),
    };
    use_home("untouched");
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        const char *name = strrchr(files[f], '/') + 1;
        RUN(&r, "preset", "import", files[f], "--store");
        expect_refused(&r, 1, name);
        RUN(&r, "preset", "import", files[f], "--out", saved);
        expect_refused(&r, 1, name);
        RUN(&r, "preset", "merge", ours, files[f], "--out", ours);
        expect_refused(&r, 1, name);
        RUN(&r, "preset", "merge", files[f], ours, "--out", saved);
        expect_refused(&r, 1, name);
        RUN(&r, "preset", "export", files[f], "--out", saved);
        expect_refused(&r, 1, name);
        remove(files[f]);
    }
    expect_text(ours, OURS);
    assert_false(kata_exists(saved));
    assert_false(kata_exists(kata_path("untouched")));
    char left[256];
    assert_false(kata_finds(kata_dir(), "evil", left));
    expect_no_temporaries();
    use_home("home");
}

/* test_preset_sharing PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_learned_goes_from_one_home_to_another),
        cmocka_unit_test(test_export_finds_what_was_meant_or_says_why_not),
        cmocka_unit_test(test_export_of_a_name_that_two_saved_games_have),
        cmocka_unit_test(test_hostile_files_leave_no_trace),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
