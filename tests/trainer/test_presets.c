/* test_presets.c - `kata preset ...` on good and bad files: what it says, saves and leaves alone.
 */
#include "kata.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define KUMITE "presets/library/nes/Kumite.kata.json"

#define OURS                                                                                       \
    "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\","                                 \
    " \"variables\": {\"hp\": {\"address\": 784, \"type\": \"|u1\"}},"                             \
    " \"actions\": {\"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"}]}}"
/* The same in another spelling. */
#define OURS_AGAIN                                                                                 \
    "{\"actions\": {\"macros\": [{\"notation\": \"236B\", \"name\": \"Fireball\"}]},\n"            \
    " \"variables\": {\"hp\": {\"type\": \"|u1\", \"address\": 784.0}},\n"                         \
    " \"system\": \"nes\", \"game\": \"Gee\", \"kata_preset\": 1}\n"
#define THEIRS                                                                                     \
    "{\"kata_preset\": 1, \"game\": \"Gee\", \"system\": \"nes\","                                 \
    " \"variables\": {\"hp\": {\"address\": 785, \"type\": \"|u1\"}},"                             \
    " \"actions\": {\"macros\": [{\"name\": \"Uppercut\", \"notation\": \"623B\"}]}}"
#define OTHER                                                                                      \
    "{\"kata_preset\": 1, \"game\": \"Other\", \"system\": \"nes\","                               \
    " \"actions\": {\"macros\": [{\"name\": \"Jump\", \"notation\": \"8\"}]}}"

static kata_run_t r;

static const char *put(const char *name, const char *text)
{
    const char *path = kata_path(name);
    kata_write_file(path, text, strlen(text));
    return path;
}

static void expect_text(const char *path, const char *text)
{
    size_t num_bytes;
    char *found = (char *)kata_read_file(path, &num_bytes);
    assert_string_equal(found, text);
    free(found);
}

/* One sentence on stderr, nothing on stdout. */
static void expect_refused(int status, const char *says)
{
    kata_expect(&r, status);
    kata_expect_err(&r, says);
    assert_memory_equal(r.err, "kata: ", 6);
    assert_int_equal(strcspn(r.err, "\n"), strlen(r.err) - 1);
    assert_string_equal(r.out, "");
}

/* No half of a file is left in the tests' folder. */
static void expect_no_temporaries(void)
{
    char name[256];
    assert_false(kata_finds(kata_dir(), "saved.json.", name));
    assert_false(kata_finds(kata_dir(), ".saved.json", name));
}

static void test_validate_goes_through_all_and_names_what_is_wrong(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS);
    RUN(&r, "preset", "validate", KUMITE);
    kata_expect(&r, 0);
    kata_expect_out(&r, KUMITE ": sound, Kumite (nes), ");
    assert_string_equal(r.err, "");

    RUN(&r, "preset", "validate", put("bad.json", "{\"kata_preset\": 1, \"game\": \"G\","), ours,
        kata_path("nowhere.json"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "bad.json: ");
    kata_expect_err(&r, "nowhere.json: cannot be read");
    kata_expect_out(&r, "ours.json: sound, Gee (nes), 1 actions, 1 variables, 0 starts\n");
    kata_expect_out(&r, "  advice: reward: none");
    kata_expect_out(&r, "  advice: variables: nothing reads \"hp\"");

    const char *odd = put("odd.json", "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\","
                                      " \"colour\": 1, \"actions\": {\"primitives\":"
                                      " [{\"name\": \"Wait\", \"pad\": \"5\"}]}}");
    RUN(&r, "preset", "validate", odd);
    kata_expect(&r, 0);
    kata_expect_out(&r, "  warning: ");
    kata_expect_out(&r, "colour");
}

static void test_validate_takes_a_whole_library(void **state)
{
    (void)state;
    const char *words[41] = { "preset", "validate" };
    for (int i = 2; i < 40; i++) words[i] = KUMITE;
    kata_run(&r, words);
    kata_expect(&r, 0);
    int lines = 0;
    for (const char *at = r.out; (at = strstr(at, ": sound, ")); at++) lines++;
    assert_int_equal(lines, 38);
}

static void test_canonical_is_the_same_for_every_spelling(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *again = put("again.json", OURS_AGAIN);
    static const char canonical[] =
        "{\"actions\":{\"macros\":[{\"name\":\"Fireball\",\"notation\":\"236B\"}]},"
        "\"game\":\"Gee\",\"kata_preset\":1,\"system\":\"nes\","
        "\"variables\":{\"hp\":{\"address\":784,\"type\":\"|u1\"}}}";
    RUN(&r, "preset", "canonical", ours);
    kata_expect(&r, 0);
    assert_string_equal(r.out, canonical);
    RUN(&r, "preset", "canonical", again, "--out", again); /* its own input */
    kata_expect(&r, 0);
    kata_expect_out(&r, "saved ");
    expect_text(again, canonical);
    RUN(&r, "preset", "canonical", "--pretty", ours);
    kata_expect(&r, 0);
    kata_expect_out(&r, "{\n  \"kata_preset\": 1,\n  \"game\": \"Gee\",\n");

    RUN(&r, "preset", "canonical", put("bad.json", "[]"));
    expect_refused(1, "bad.json");
    RUN(&r, "preset", "canonical", ours, "--out", kata_path("no/such/folder/saved.json"));
    expect_refused(1, "no/such/folder");
}

static void test_a_full_disk_loses_nothing(void **state)
{
    (void)state;
    const char *saved = put("saved.json", "precious");
    kata_run_limited(
        &r, (const char *const[]){ "preset", "canonical", KUMITE, "--out", saved, NULL }, 1000);
    kata_expect(&r, 1);
    kata_expect_err(&r, "saved.json");
    expect_text(saved, "precious");
    expect_no_temporaries();
    remove(saved);
}

static void test_diff_shows_meaning_not_spelling(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *again = put("again.json", OURS_AGAIN);
    const char *theirs = put("theirs.json", THEIRS);
    RUN(&r, "preset", "diff", ours, again);
    kata_expect(&r, 0);
    assert_string_equal(r.out, "they say the same\n");
    RUN(&r, "preset", "diff", ours, theirs);
    kata_expect(&r, 0);
    kata_expect_out(&r, "- variables.hp.address: 784\n");
    kata_expect_out(&r, "+ variables.hp.address: 785\n");
    kata_expect_out(&r, "+ actions.macros \"Uppercut\": ");
    RUN(&r, "preset", "diff", ours, put("bad.json", "{"));
    expect_refused(1, "bad.json");
    RUN(&r, "preset", "diff", put("bad.json", "{"), ours);
    expect_refused(1, "bad.json");
    RUN(&r, "preset", "diff", ours);
    expect_refused(2, "it needs BEFORE AFTER");
}

static void test_merge_joins_and_says_what_it_could_not(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *theirs = put("theirs.json", THEIRS);
    RUN(&r, "preset", "merge", ours, theirs);
    expect_refused(2, "it needs --out FILE");
    RUN(&r, "preset", "merge", ours, put("other.json", OTHER), "--out", ours);
    expect_refused(1, "different games");
    expect_text(ours, OURS);
    RUN(&r, "preset", "merge", ours, put("bad.json", "{}"), "--out", ours);
    expect_refused(1, "bad.json");
    expect_text(ours, OURS);

    RUN(&r, "preset", "merge", ours, theirs, "--out", ours);
    kata_expect(&r, 0);
    kata_expect_out(&r, "joined: actions.macros \"Uppercut\"\n");
    kata_expect_out(&r, "kept ours: variables \"hp\"\n");
    kata_expect_out(&r, "saved ");
    RUN(&r, "preset", "merge", ours, theirs, "--out", ours);
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "joined"));
    RUN(&r, "preset", "validate", ours);
    kata_expect_out(&r, "sound, Gee (nes), 2 actions");
}

/* Kumite with another last byte: a sound game that nobody knows. */
static const char *unknown_game(void)
{
    size_t num_bytes;
    uint8_t *rom = kata_read_file(kata_rom(), &num_bytes);
    rom[num_bytes - 1] ^= 1;
    kata_write_file(kata_path("Strange Game.nes"), rom, num_bytes);
    free(rom);
    return kata_path("Strange Game.nes");
}

static void test_a_starter_is_found_once_it_is_in_the_library(void **state)
{
    (void)state;
    const char *rom = unknown_game(), *saved = kata_path("saved.kata.json");
    RUN(&r, "preset", "find", rom);
    expect_refused(1, "no preset in the library knows ");
    kata_expect_err(&r, "`kata preset new`");

    RUN(&r, "preset", "new", rom, "--replace");
    expect_refused(2, "--replace needs --out FILE");
    RUN(&r, "preset", "new", rom, "--ports", "9");
    expect_refused(2, "--ports must be a whole number 1..8");
    RUN(&r, "preset", "new", kata_path("nowhere.nes"), "--out", saved);
    expect_refused(1, "nowhere.nes");
    assert_false(kata_exists(saved));
    RUN(&r, "preset", "new", rom, "--ports", "2");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"game\": \"Strange Game\"");
    kata_expect_out(&r, "\"ports\": 2");
    RUN(&r, "preset", "new", rom, "--out", saved);
    kata_expect(&r, 0);
    RUN(&r, "preset", "new", rom, "--out", saved);
    expect_refused(1, "saved.kata.json is there already");
    RUN(&r, "preset", "new", rom, "--out", saved, "--replace");
    kata_expect(&r, 0);
    RUN(&r, "preset", "validate", saved);
    kata_expect(&r, 0);
    kata_expect_out(&r, "advice: reward: none");

    setenv("KATA_PRESET_PATH", kata_dir(), 1);
    RUN(&r, "preset", "find", rom);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Strange Game (nes), by SHA-1\n  ");
    kata_expect_out(&r, "/saved.kata.json\n");
    RUN(&r, "preset", "list");
    kata_expect(&r, 0);
    kata_expect_out(&r, "nes         Strange Game ");
    kata_expect_out(&r, "nes         Kumite ");
    unsetenv("KATA_PRESET_PATH");
    remove(saved);
}

static void test_the_library_is_listed_once_and_broken_files_are_named(void **state)
{
    (void)state;
    RUN(&r, "preset", "list");
    kata_expect(&r, 0);
    const char *first = strstr(r.out, "Kumite.kata.json");
    assert_non_null(first);
    assert_null(strstr(first + 1, "Kumite.kata.json")); /* two folders lead to it */
    assert_string_equal(r.err, "");

    const char *broken = put("broken.kata.json", "{\"kata_preset\": 99}");
    setenv("KATA_PRESET_PATH", kata_dir(), 1);
    RUN(&r, "preset", "list");
    kata_expect(&r, 0);
    kata_expect_err(&r, "kata: passed over: ");
    kata_expect_err(&r, "broken.kata.json");
    RUN(&r, "preset", "find", kata_rom());
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite (nes), by name\n");
    kata_expect_err(&r, "broken.kata.json");
    unsetenv("KATA_PRESET_PATH");
    remove(broken);
    RUN(&r, "preset", "find", put("empty.nes", ""));
    expect_refused(1, "the file is empty");
}

static void test_a_game_is_found_by_each_of_its_hashes(void **state)
{
    (void)state;
    RUN(&r, "identify", "--json", kata_rom());
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    static const char *const rows[][2] = { { "sha1", "by SHA-1" },
                                           { "md5", "by MD5" },
                                           { "crc32", "by CRC32" } };
    setenv("KATA_PRESET_PATH", kata_dir(), 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 "{\"kata_preset\": 1, \"game\": \"Mine\", \"system\": \"nes\","
                 " \"hashes\": [{\"%s\": \"%s\"}], \"actions\": {\"primitives\":"
                 " [{\"name\": \"Wait\", \"pad\": \"5\"}]}}",
                 rows[i][0], cJSON_GetObjectItem(json, rows[i][0])->valuestring);
        const char *mine = put("mine.kata.json", text);
        RUN(&r, "preset", "find", kata_rom());
        remove(mine);
        kata_expect(&r, 0);
        char says[64];
        snprintf(says, sizeof says, "Mine (nes), %s\n", rows[i][1]);
        assert_memory_equal(r.out, says, strlen(says));
        kata_expect_out(&r, "Kumite (nes), by name, behind the first\n");
    }
    unsetenv("KATA_PRESET_PATH");
    cJSON_Delete(json);
}

static void test_a_starter_asks_the_core_apart(void **state)
{
    (void)state;
    RUN(&r, "preset", "new", kata_rom(), "--core", "nestopia");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"START\": \"start\"");
    kata_expect_out(&r, "\"TurboA\": \"x\""); /* as that core says, and the console does not */
    assert_string_equal(r.err, "");
    RUN(&r, "preset", "new", kata_rom());
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "Turbo"));
    RUN(&r, "preset", "new", kata_rom(), "--core", "nestopio");
    expect_refused(1, "no core is called 'nestopio'");
    RUN(&r, "preset", "new", kata_rom(), "--core", "tests/run.sh");
    expect_refused(1, "run.sh: is not a libretro core");
    static const char *const scripts[][2] = {
        { "FAKE crash_at=1", "crashed when asked what its buttons are called" },
        { "FAKE exit_at=1", "gave up when asked what its buttons are called" },
        { "FAKE", "does not say what its buttons are called" },
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        RUN(&r, "preset", "new", put("game.fake", scripts[i][0]), "--core",
            kata_fake_core("plain"));
        expect_refused(1, scripts[i][1]);
    }
    RUN(&r, "preset", "new", put("game.fake", "FAKE descriptors"), "--core",
        kata_fake_core("plain"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"Punch\": \"a\"");
    kata_expect_out(&r, "\"Kick\": \"b\"");
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(kata_path(name), 0777), 0);
}

static void test_a_stable_retro_folder_is_shown_before_it_is_kept(void **state)
{
    (void)state;
    make_folder("Thing-Nes");
    const char *folder = kata_path("Thing-Nes"), *saved = kata_path("saved.json");
    put("Thing-Nes/data.json", "{\"info\": {\"score\": {\"address\": 16, \"type\": \">d4\"}}}");
    put("Thing-Nes/scenario.json", "{\"scripts\": [\"script.lua\"], \"reward\": {\"variables\":"
                                   " {\"score\": {\"reward\": 1}}}}");
    RUN(&r, "preset", "import", folder);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Thing (nes), preset ");
    kata_expect_out(&r, "  score at 0x10\n");
    kata_expect_out(&r, "cannot be carried over: ");
    kata_expect_out(&r, "Nothing is saved");
    assert_false(kata_exists(kata_path("home/presets")));

    RUN(&r, "preset", "import", folder, "--out", saved);
    kata_expect(&r, 0);
    const char *shown = strstr(r.out, "Thing (nes)"), *kept = strstr(r.out, "\nsaved ");
    assert_true(shown && kept && shown < kept);
    RUN(&r, "preset", "validate", saved);
    kata_expect(&r, 0);
    RUN(&r, "preset", "import", folder, "--out", saved);
    kata_expect(&r, 1);
    kata_expect_err(&r, "saved.json is there already");

    RUN(&r, "preset", "import", folder, "--store");
    kata_expect(&r, 0);
    kata_expect_out(&r, "/home/presets/nes/Thing.kata.json\n");
    RUN(&r, "preset", "list");
    kata_expect_out(&r, "nes         Thing ");
    RUN(&r, "preset", "import", folder, "--store");
    kata_expect(&r, 1);
    kata_expect_err(&r, "(--replace)");
    RUN(&r, "preset", "import", folder, "--store", "--replace");
    kata_expect(&r, 0);
    remove(kata_path("home/presets/nes/Thing.kata.json"));
    remove(saved);

    make_folder("Thing-Toaster");
    RUN(&r, "preset", "import", kata_path("Thing-Toaster"), "--out", saved);
    expect_refused(1, "must be named <Game>-<System>");
    put("Thing-Nes/data.json", "{\"info\": {\"score\": ");
    RUN(&r, "preset", "import", folder, "--out", saved);
    expect_refused(1, "data.json");
    assert_false(kata_exists(saved));
}

static void test_macros_of_other_tools_are_added_to_a_copy(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *saved = kata_path("saved.json");
    const char *mis = put("wave.mis", "D.DF.FK.Z.");
    RUN(&r, "preset", "import", mis);
    expect_refused(2, "macros need --preset FILE");
    RUN(&r, "preset", "import", mis, "--preset", ours, "--keys", "K=B");
    kata_expect(&r, 0);
    kata_expect_out(&r, "  wave  2{1};3{1};6B{1};5{1}  4 frames\n");
    kata_expect_out(&r, "key 'Z' is not mapped");
    kata_expect_out(&r, "Nothing is saved");
    RUN(&r, "preset", "import", mis, "--preset", ours, "--keys", "K=B", "--out", saved);
    kata_expect(&r, 0);
    RUN(&r, "preset", "show", saved);
    kata_expect_out(&r, "Fireball");
    kata_expect_out(&r, "2{1};3{1};6B{1};5{1}");
    expect_text(ours, OURS);
    remove(saved);

    const char *mame = put("mame.json", "[{\"name\": \"Jab\", \"loop\": 3, \"steps\":"
                                        " [{\"inputs\": [{\"type\": \"P1_BUTTON1\"}],"
                                        " \"delay\": 0, \"duration\": 2}]}]");
    RUN(&r, "preset", "import", mame, "--preset", ours, "--out", saved);
    kata_expect(&r, 0);
    kata_expect_out(&r, "  Jab  B{2}  2 frames\n");
    kata_expect_out(&r, "it loops; one round is kept");
    assert_true(kata_exists(saved));
    remove(saved);

    RUN(&r, "preset", "import", mis, "--preset", ours, "--keys", "K=Nothing", "--out", saved);
    expect_refused(1, "keys: must be like 1=LP");
    RUN(&r, "preset", "import", put("loop.mis", "((("), "--preset", ours, "--out", saved);
    expect_refused(1, "loop.mis: ");
    RUN(&r, "preset", "import", put("empty.mis", ""), "--preset", ours, "--out", saved);
    expect_refused(1, "empty.mis: ");
    RUN(&r, "preset", "import", put("list.json", "[1]"), "--preset", ours, "--out", saved);
    expect_refused(1, "list.json: ");
    RUN(&r, "preset", "import", mis, "--preset", kata_path("nowhere.json"), "--out", saved);
    expect_refused(1, "nowhere.json");
    assert_false(kata_exists(saved));
}

static void test_a_preset_that_was_sent_is_shown_first(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS);
    RUN(&r, "preset", "import", ours);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Gee (nes), preset ");
    kata_expect_out(&r, "Fireball  236B  ");
    RUN(&r, "preset", "import", ours, "--out", kata_path("saved.json"));
    kata_expect(&r, 0);
    expect_text(kata_path("saved.json"), OURS); /* as it was written */
    remove(kata_path("saved.json"));
    RUN(&r, "preset", "import", put("bad.json", "{\"game\": \"../x\"}"), "--store");
    expect_refused(1, "bad.json");
    RUN(&r, "preset", "import", kata_path("nowhere"));
    expect_refused(1, "nowhere");
    assert_false(kata_exists(kata_path("home/presets/nes/Gee.kata.json")));
}

static void test_options_without_effect_are_refused(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS);
    RUN(&r, "preset", "import", ours, "--preset", KUMITE);
    expect_refused(2, "--preset is for macros");
    RUN(&r, "preset", "import", ours, "--keys", "1=B");
    expect_refused(2, "--keys is for MacroLua");
    RUN(&r, "preset", "import", ours, "--replace");
    expect_refused(2, "--replace needs --out FILE or --store");
    RUN(&r, "preset", "import", ours, "--store", "--out", "x");
    expect_refused(2, "--out or --store, not both");
}

/* ---- passing presets around ---- */

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
    assert_int_equal(rename("Gee.kata.json", saved), 0);
    RUN(&r, "preset", "canonical", ours);
    expect_text(saved, r.out);
    RUN(&r, "preset", "export", ours, "--out", saved);
    expect_refused(1, "saved.json is there already");
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
    expect_refused(1, "no saved or known game is called so");
    RUN(&r, "preset", "export", kata_path("nowhere.nes"), "--out", saved);
    expect_refused(1, "there is no such file");
    RUN(&r, "preset", "export", unknown_game(), "--out", saved);
    expect_refused(1, "nothing was learned of ");
    RUN(&r, "preset", "export", put("bad.json", "{\"kata_preset\": 99}"), "--out", saved);
    expect_refused(1, "bad.json");
    RUN(&r, "preset", "export", kata_dir(), "--out", saved);
    expect_refused(1, "preset.json");
    assert_false(kata_exists(saved));
    RUN(&r, "preset", "export", ours, "--out", kata_path("no/folder/saved.json"));
    expect_refused(1, "no/folder");
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
    expect_refused(1, "2 saved games are called gee");
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
        expect_refused(1, name);
        RUN(&r, "preset", "import", files[f], "--out", saved);
        expect_refused(1, name);
        RUN(&r, "preset", "merge", ours, files[f], "--out", ours);
        expect_refused(1, name);
        RUN(&r, "preset", "merge", files[f], ours, "--out", saved);
        expect_refused(1, name);
        RUN(&r, "preset", "export", files[f], "--out", saved);
        expect_refused(1, name);
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

/* ---- JSON ---- */

/* The n-th line of what was printed, as an object with exactly these keys. */
static cJSON *expect_keys(int line, const char *keys)
{
    const char *at = r.out;
    for (; line > 0 && at; line--) at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    assert_non_null(at);
    cJSON *object = cJSON_ParseWithLength(at, strcspn(at, "\n"));
    assert_non_null(object);
    char found[512] = "";
    for (const cJSON *item = object->child; item; item = item->next) {
        const size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%s", length ? " " : "", item->string);
    }
    assert_string_equal(found, keys);
    return object;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(object, key);
    assert_true(cJSON_IsString(item));
    return item->valuestring;
}

static void test_json_of_validate(void **state)
{
    (void)state;
    const char *bad = put("bad.json", "{\"kata_preset\": 1, \"game\": \"G\",");
    RUN(&r, "preset", "validate", "--json", bad, put("ours.json", OURS));
    kata_expect(&r, 1);
    kata_expect_err(&r, "bad.json: ");
    cJSON *object = expect_keys(0, "path sound why");
    assert_string_equal(text_of(object, "path"), bad);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(object, "sound")));
    assert_non_null(strstr(text_of(object, "why"), "bad.json: line 1"));
    cJSON_Delete(object);
    object = expect_keys(1, "path game system hash sound actions variables starts warnings advice");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(object, "sound")));
    assert_int_equal(cJSON_GetObjectItem(object, "variables")->valueint, 1);
    const cJSON *advice = cJSON_GetObjectItem(object, "advice");
    assert_true(cJSON_GetArraySize(advice) >= 3);
    assert_memory_equal(cJSON_GetArrayItem(advice, 0)->valuestring, "reward: none", 12);
    cJSON_Delete(object);
}

static void test_json_of_list_and_find(void **state)
{
    (void)state;
    RUN(&r, "preset", "list", "--json");
    kata_expect(&r, 0);
    int num_lines = 0;
    bool has_kumite = false;
    for (const char *at = r.out; (at = strchr(at, '\n')); at++) num_lines++;
    assert_true(num_lines >= 10);
    for (int line = 0; line < num_lines; line++) {
        cJSON *object = expect_keys(line, "path game system hash actions similarity");
        has_kumite |= strcmp(text_of(object, "game"), "Kumite") == 0 &&
                      cJSON_GetObjectItem(object, "actions")->valueint == 24 &&
                      cJSON_IsFalse(cJSON_GetObjectItem(object, "similarity"));
        cJSON_Delete(object);
    }
    assert_true(has_kumite);

    setenv("KATA_PRESET_PATH", kata_dir(), 1);
    size_t num_bytes;
    char *kumite = (char *)kata_read_file(KUMITE, &num_bytes);
    const char *copy = put("copy.kata.json", kumite);
    free(kumite);
    RUN(&r, "preset", "find", "--json", kata_rom());
    remove(copy);
    unsetenv("KATA_PRESET_PATH");
    kata_expect(&r, 0);
    for (int line = 0; line < 2; line++) {
        cJSON *object = expect_keys(line, "path game system hash by used");
        assert_string_equal(text_of(object, "by"), "name");
        assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(object, "used")), line == 0);
        cJSON_Delete(object);
    }
    RUN(&r, "preset", "find", "--json", unknown_game());
    expect_refused(1, "no preset in the library knows ");
}

static void test_json_of_show(void **state)
{
    (void)state;
    RUN(&r, "preset", "show", "--json", KUMITE);
    kata_expect(&r, 0);
    cJSON *object =
        expect_keys(0, "path game system hash canonical_hash frame_skip ports max_steps actions "
                       "variables starts similarity provenance warnings");
    assert_string_equal(text_of(object, "system"), "nes");
    const cJSON *actions = cJSON_GetObjectItem(object, "actions");
    assert_int_equal(cJSON_GetArraySize(actions), 24);
    bool has_fireball = false;
    for (const cJSON *action = actions->child; action; action = action->next)
        has_fireball |= strcmp(text_of(action, "name"), "Fireball") == 0 &&
                        strcmp(text_of(action, "notation"), "236B") == 0 &&
                        cJSON_IsTrue(cJSON_GetObjectItem(action, "macro")) &&
                        cJSON_GetObjectItem(action, "frames")->valueint == 6;
    assert_true(has_fireball);
    const cJSON *variable = cJSON_GetArrayItem(cJSON_GetObjectItem(object, "variables"), 0);
    assert_true(cJSON_IsNumber(cJSON_GetObjectItem(variable, "address")));
    int num_defaults = 0;
    const cJSON *starts = cJSON_GetObjectItem(object, "starts");
    for (const cJSON *start = starts->child; start; start = start->next)
        num_defaults += cJSON_IsTrue(cJSON_GetObjectItem(start, "default"));
    assert_int_equal(num_defaults, 1);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(object, "similarity")));
    assert_string_equal(text_of(cJSON_GetObjectItem(object, "provenance"), "licence"), "MIT");
    cJSON_Delete(object);
    RUN(&r, "preset", "show", "--json", put("bad.json", "[]"));
    expect_refused(1, "bad.json");
}

/* test_presets PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validate_goes_through_all_and_names_what_is_wrong),
        cmocka_unit_test(test_validate_takes_a_whole_library),
        cmocka_unit_test(test_canonical_is_the_same_for_every_spelling),
        cmocka_unit_test(test_a_full_disk_loses_nothing),
        cmocka_unit_test(test_diff_shows_meaning_not_spelling),
        cmocka_unit_test(test_merge_joins_and_says_what_it_could_not),
        cmocka_unit_test(test_a_starter_is_found_once_it_is_in_the_library),
        cmocka_unit_test(test_the_library_is_listed_once_and_broken_files_are_named),
        cmocka_unit_test(test_a_game_is_found_by_each_of_its_hashes),
        cmocka_unit_test(test_a_starter_asks_the_core_apart),
        cmocka_unit_test(test_a_stable_retro_folder_is_shown_before_it_is_kept),
        cmocka_unit_test(test_macros_of_other_tools_are_added_to_a_copy),
        cmocka_unit_test(test_a_preset_that_was_sent_is_shown_first),
        cmocka_unit_test(test_options_without_effect_are_refused),
        cmocka_unit_test(test_what_was_learned_goes_from_one_home_to_another),
        cmocka_unit_test(test_export_finds_what_was_meant_or_says_why_not),
        cmocka_unit_test(test_export_of_a_name_that_two_saved_games_have),
        cmocka_unit_test(test_hostile_files_leave_no_trace),
        cmocka_unit_test(test_json_of_validate),
        cmocka_unit_test(test_json_of_list_and_find),
        cmocka_unit_test(test_json_of_show),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
