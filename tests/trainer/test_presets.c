/* test_presets.c - `kata preset ...` on good and bad files: what it says, saves and leaves alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "preset_files.h"

static kata_run_t r;

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
    expect_refused(&r, 1, "bad.json");
    RUN(&r, "preset", "canonical", ours, "--out", kata_path("no/such/folder/saved.json"));
    expect_refused(&r, 1, "no/such/folder");
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
    expect_refused(&r, 1, "bad.json");
    RUN(&r, "preset", "diff", put("bad.json", "{"), ours);
    expect_refused(&r, 1, "bad.json");
    RUN(&r, "preset", "diff", ours);
    expect_refused(&r, 2, "it needs BEFORE AFTER");
}

static void test_merge_joins_and_says_what_it_could_not(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *theirs = put("theirs.json", THEIRS);
    RUN(&r, "preset", "merge", ours, theirs);
    expect_refused(&r, 2, "it needs --out FILE");
    RUN(&r, "preset", "merge", ours, put("other.json", OTHER), "--out", ours);
    expect_refused(&r, 1, "different games");
    expect_text(ours, OURS);
    RUN(&r, "preset", "merge", ours, put("bad.json", "{}"), "--out", ours);
    expect_refused(&r, 1, "bad.json");
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

static void test_a_starter_is_found_once_it_is_in_the_library(void **state)
{
    (void)state;
    const char *rom = unknown_game(), *saved = kata_path("saved.kata.json");
    RUN(&r, "preset", "find", rom);
    expect_refused(&r, 1, "no preset in the library knows ");
    kata_expect_err(&r, "`kata preset new`");

    RUN(&r, "preset", "new", rom, "--replace");
    expect_refused(&r, 2, "--replace needs --out FILE");
    RUN(&r, "preset", "new", rom, "--ports", "9");
    expect_refused(&r, 2, "--ports must be a whole number 1..8");
    RUN(&r, "preset", "new", kata_path("nowhere.nes"), "--out", saved);
    expect_refused(&r, 1, "nowhere.nes");
    assert_false(kata_exists(saved));
    RUN(&r, "preset", "new", rom, "--ports", "2");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"game\": \"Strange Game\"");
    kata_expect_out(&r, "\"ports\": 2");
    RUN(&r, "preset", "new", rom, "--out", saved);
    kata_expect(&r, 0);
    RUN(&r, "preset", "new", rom, "--out", saved);
    expect_refused(&r, 1, "saved.kata.json is there already");
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
    expect_refused(&r, 1, "the file is empty");
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
    expect_refused(&r, 1, "no core is called 'nestopio'");
    RUN(&r, "preset", "new", kata_rom(), "--core", "tests/run.sh");
    expect_refused(&r, 1, "run.sh: is not a libretro core");
    static const char *const scripts[][2] = {
        { "FAKE crash_at=1", "(Aborted) when asked what its buttons are called" },
        { "FAKE exit_at=1", "without a reply when asked what its buttons are called" },
        { "FAKE", "does not say what its buttons are called" },
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        RUN(&r, "preset", "new", put("game.fake", scripts[i][0]), "--core",
            kata_fake_core("plain"));
        expect_refused(&r, 1, scripts[i][1]);
    }
    RUN(&r, "preset", "new", put("game.fake", "FAKE descriptors"), "--core",
        kata_fake_core("plain"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"Punch\": \"a\"");
    kata_expect_out(&r, "\"Kick\": \"b\"");
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
    expect_refused(&r, 1, "Toaster is a system that Kata does not know");
    put("Thing-Nes/data.json", "{\"info\": {\"score\": ");
    RUN(&r, "preset", "import", folder, "--out", saved);
    expect_refused(&r, 1, "data.json");
    assert_false(kata_exists(saved));
}

/* Its JSON alone is no preset; the folder, and how it is read, are said and asked for. */
static void test_a_file_of_a_stable_retro_folder_names_the_folder(void **state)
{
    (void)state;
    static const char *const files[] = { "data.json", "scenario.json", "metadata.json", "rom.sha",
                                         "Level1.state" };
    char path[600], says[1400];
    make_folder("data");
    put("data/data.json", "{\"info\": {\"score\": {\"address\": 16, \"type\": \"|u1\"}}}");
    put("data/scenario.json", "{\"reward\": {\"time\": {\"penalty\": 1}}}");
    put("data/metadata.json", "{}");
    put("data/rom.sha", "0123456789abcdef0123456789abcdef01234567\n");
    put("data/Level1.state", "\x1f\x8b");
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        snprintf(path, sizeof path, "data/%s", files[f]);
        snprintf(says, sizeof says,
                 "this is stable-retro's %s: give its folder, kata preset import "
                 "%s\n",
                 files[f], kata_path("data"));
        RUN(&r, "preset", "import", kata_path(path));
        expect_refused(&r, 1, says);
    }
    RUN(&r, "preset", "import", put("data/mine.kata.json", OURS)); /* a preset may lie there */
    kata_expect(&r, 0);
    RUN(&r, "preset", "import", put("data/broken.kata.json", "{\"kata_preset\": 2}"));
    expect_refused(&r, 1, "kata_preset: ");

    RUN(&r, "preset", "import", kata_path("data"));
    expect_refused(&r, 1, "--system says it, one of nes, ");
    RUN(&r, "preset", "import", kata_path("data"), "--system", "nes", "--game", "Example");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Example (nes), preset ");
    kata_expect_out(&r, "  cannot be carried over: states: Level1: each holds the game's memory");
    kata_expect_out(&r, "  reward.time: penalty never counts, as time is 1 each frame; write "
                        "\"reward\": -1 to take 1 a frame\n");
    RUN(&r, "preset", "import", kata_path("data"), "--system", "nes", "--scenario", "data.json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "  data.json: no reward\n");
    RUN(&r, "preset", "import", put("ours.json", OURS), "--system", "nes");
    expect_refused(&r, 2, "--system, --game and --scenario are for a folder of stable-retro");
}

static void test_macros_of_other_tools_are_added_to_a_copy(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS), *saved = kata_path("saved.json");
    const char *mis = put("wave.mis", "D.DF.FK.Z.");
    RUN(&r, "preset", "import", mis);
    expect_refused(&r, 2, "macros need --preset FILE");
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
    expect_refused(&r, 1, "keys: must be like 1=LP");
    RUN(&r, "preset", "import", put("loop.mis", "((("), "--preset", ours, "--out", saved);
    expect_refused(&r, 1, "loop.mis: ");
    RUN(&r, "preset", "import", put("empty.mis", ""), "--preset", ours, "--out", saved);
    expect_refused(&r, 1, "empty.mis: ");
    RUN(&r, "preset", "import", put("list.json", "[1]"), "--preset", ours, "--out", saved);
    expect_refused(&r, 1, "list.json: ");
    RUN(&r, "preset", "import", mis, "--preset", kata_path("nowhere.json"), "--out", saved);
    expect_refused(&r, 1, "nowhere.json");
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
    expect_refused(&r, 1, "bad.json");
    RUN(&r, "preset", "import", kata_path("nowhere"));
    expect_refused(&r, 1, "nowhere");
    assert_false(kata_exists(kata_path("home/presets/nes/Gee.kata.json")));
}

static void test_options_without_effect_are_refused(void **state)
{
    (void)state;
    const char *ours = put("ours.json", OURS);
    RUN(&r, "preset", "import", ours, "--preset", KUMITE);
    expect_refused(&r, 2, "--preset is for macros");
    RUN(&r, "preset", "import", ours, "--keys", "1=B");
    expect_refused(&r, 2, "--keys is for MacroLua");
    RUN(&r, "preset", "import", ours, "--replace");
    expect_refused(&r, 2, "--replace needs --out FILE, --store or --all");
    RUN(&r, "preset", "import", ours, "--store", "--out", "x");
    expect_refused(&r, 2, "--out or --store, not both");
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
        cmocka_unit_test(test_a_file_of_a_stable_retro_folder_names_the_folder),
        cmocka_unit_test(test_macros_of_other_tools_are_added_to_a_copy),
        cmocka_unit_test(test_a_preset_that_was_sent_is_shown_first),
        cmocka_unit_test(test_options_without_effect_are_refused),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
