/* test_import_retro.c - stable-retro folders: what is carried over means the same, what is not is
 * said. */
#include "files.h"
#include "import.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char base[256], folder[400];

static int make_base(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/retro-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(base) ? 0 : -1;
}

static void use_folder(const char *name)
{
    char why[FILES_WHY_BYTES];
    snprintf(folder, sizeof folder, "%s/%s", base, name);
    assert_true(files_make_dirs(folder, why));
}

static void put(const char *name, const char *text)
{
    char path[700], why[FILES_WHY_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static preset_t *import(char **report)
{
    char *text, why[PRESET_WHY_BYTES] = "";
    if (!preset_import_stable_retro(&text, report, folder, why)) fail_msg("%s", why);
    preset_t *preset = sample_parse(text);
    if (preset_num_warnings(preset)) fail_msg("%s", preset_warning(preset, 0));
    free(text);
    return preset;
}

static void expect_line(const char *report, const char *line)
{
    if (!strstr(report, line)) fail_msg("\"%s\" is not in:\n%s", line, report);
}

/* The published files of Street Fighter II' Special Champion Edition. */
static void test_street_fighter(void **state)
{
    (void)state;
    char *report;
    use_folder("StreetFighterIISpecialChampionEdition-Genesis");
    put("data.json", "{\"info\": {\"continuetimer\": {\"address\": 16744917, \"type\": \"|u1\"},"
                     " \"enemy_health\": {\"address\": 16745154, \"type\": \">i2\"},"
                     " \"enemy_matches_won\": {\"address\": 16745559, \"type\": \">u4\"},"
                     " \"health\": {\"address\": 16744514, \"type\": \">i2\"},"
                     " \"matches_won\": {\"address\": 16744922, \"type\": \"|u1\"},"
                     " \"score\": {\"address\": 16744936, \"type\": \">d4\"}}}");
    put("scenario.json", "{\"done\": {\"variables\": {\"continuetimer\": {\"op\": \"equal\","
                         " \"reference\": 10}}}, \"reward\": {\"variables\": {\"score\":"
                         " {\"reward\": 1.0}}}}");
    put("metadata.json", "{\"default_state\": \"Champion.Level1.RyuVsGuile\"}");
    put("rom.sha", "a5aad1d108046d9388e33247610dafb4c6516e0b\n");
    preset_t *preset = import(&report);
    assert_string_equal(preset_game(preset), "StreetFighterIISpecialChampionEdition");
    assert_string_equal(preset_system(preset), "genesis");
    assert_true(preset_matches(preset, "genesis", "a5aad1d108046d9388e33247610dafb4c6516e0b", NULL,
                               NULL, NULL));
    assert_int_equal(preset_num_variables(preset), 6);
    assert_true(preset_ram_base(preset) == 0xFF0000);

    /* RAM as Genesis Plus GX keeps it: byte a at a ^ 1. */
    static uint8_t ram[65536];
    const struct {
        uint32_t address;
        uint8_t byte;
    } bytes[] = { { 0x8042, 0x00 }, { 0x8043, 0xB0 }, { 0x82C2, 0xFF }, { 0x82C3, 0xFF },
                  { 0x81DA, 2 },    { 0x81D5, 10 },   { 0x81E8, 0x00 }, { 0x81E9, 0x12 },
                  { 0x81EA, 0x34 }, { 0x81EB, 0x50 }, { 0x8457, 0 },    { 0x8458, 0 },
                  { 0x8459, 1 },    { 0x845A, 3 } };
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++)
        ram[bytes[i].address ^ 1] = bytes[i].byte;
    static const struct {
        const char *name;
        int64_t value;
    } expected[] = {
        { "health", 176 },       { "enemy_health", -1 }, { "matches_won", 2 },
        { "continuetimer", 10 }, { "score", 123450 },    { "enemy_matches_won", 259 }
    };
    int64_t before[PRESET_MAX_VARIABLES] = { 0 }, now[PRESET_MAX_VARIABLES] = { 0 };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const int32_t v = preset_find_variable(preset, expected[i].name);
        assert_true(v >= 0);
        const preset_variable_t *variable = preset_variable(preset, v);
        now[v] = preset_decode(preset, v, ram + (variable->address - 0xFF0000));
        assert_int_equal(now[v], expected[i].value);
    }
    assert_true(preset_done(preset, before, now));
    assert_true(preset_reward(preset, before, now) == 123450);
    expect_line(report, "cannot be carried over: savestate \"Champion.Level1.RyuVsGuile\"");
    expect_line(report, "no actions of its own: 39 generic ones\n");
    assert_int_equal(preset_num_actions(preset), 39);
    free(report);
    preset_free(preset);
}

static void test_everything_that_a_scenario_can_say(void **state)
{
    (void)state;
    char *report;
    use_folder("Some Game-Nes-v0/");
    put("data.json",
        "{\"info\": {\"a\": {\"address\": 1, \"type\": \"|u1\", \"mask\": 15},"
        " \"b\": {\"address\": 2.9, \"type\": \"<i2\"}, \"odd\": {\"address\": 1, \"type\": "
        "\"x1\"},"
        " \"far\": {\"address\": -1, \"type\": \"|u1\"}, \"none\": {\"type\": \"|u1\"},"
        " \"bare\": {\"address\": 1}, \"up/../x\": {\"address\": 1, \"type\": \"|u1\"}}, "
        "\"other\": 1}");
    put("scenario.json",
        "{\"rewards\": [{\"variables\": {\"a\": {\"reward\": 2, \"penalty\": 3.5, \"op\": "
        "\"near\"},"
        " \"lua_made\": {\"reward\": 1}}, \"time\": {\"reward\": 0.5}, \"script\": \"lua:f\"},"
        " {\"variables\": {}}],"
        " \"done\": {\"condition\": \"sometimes\", \"variables\": {\"a\": {\"op\": "
        "\"greater-than\","
        " \"reference\": 7.9}}, \"nodes\": {\"n\": {\"condition\": \"all\", \"variables\":"
        " {\"a\": {\"op\": \"equal\", \"reference\": 3}, \"b\": {\"measurement\": \"delta\", "
        "\"op\":"
        " \"negative\"}}}}},"
        " \"actions\": [[[], [\"LEFT\"], [\"RIGHT\"]], [[], [\"A\"], [\"A\", \"A\"], [\"Q\"]],"
        " [[], [\"START\"]]],"
        " \"scripts\": [\"x.lua\"], \"crop\": [0, 0, 1, 1]}");
    put("metadata.json", "{ broken");
    put("rom.sha", "zzz\nA5AAD1D108046D9388E33247610DAFB4C6516E0B\r\n");
    preset_t *preset = import(&report);
    assert_string_equal(preset_game(preset), "Some Game");
    assert_int_equal(preset_num_variables(preset), 2);
    assert_int_equal(preset_variable(preset, 1)->address, 2);
    assert_int_equal(preset_decode(preset, 0, (const uint8_t[]){ 0xF7 }), 7); /* mask */

    const int64_t zero[2] = { 0, 0 };
    assert_true(preset_reward(preset, zero, (int64_t[]){ 4, 0 }) == 8.5);
    assert_true(preset_reward(preset, (int64_t[]){ 4, 0 }, zero) == -4 * 3.5 + 0.5);
    assert_true(preset_done(preset, zero, (int64_t[]){ 8, 0 }));
    assert_false(preset_done(preset, zero, (int64_t[]){ 7, 0 }));
    assert_true(preset_done(preset, (int64_t[]){ 3, 1 }, (int64_t[]){ 3, 0 }));
    assert_false(preset_done(preset, (int64_t[]){ 3, 0 }, (int64_t[]){ 3, 0 }));

    /* 3 directions x (nothing, A) x (nothing, START), each once, in the order of the file */
    assert_int_equal(preset_num_actions(preset), 12);
    static const char *const names[] = { "nothing", "left",    "right", "A",
                                         "left+A",  "right+A", "START", "left+START" };
    for (int32_t i = 0; i < 8; i++) assert_string_equal(preset_action(preset, i)->name, names[i]);
    assert_int_equal(preset_action(preset, 5)->macro.steps[0].pad, MACRO_RIGHT | 1 << 8);

    static const char *const lines[] = {
        "cannot be carried over: rom.sha \"zzz\": no SHA-1\n",
        "cannot be carried over: variable \"odd\": must begin with a byte order",
        "cannot be carried over: variable \"far\": no address\n",
        "cannot be carried over: variable \"none\": no address\n",
        "cannot be carried over: variable \"bare\": has no type\n",
        "cannot be carried over: variable \"up/../x\": a name must be short",
        "cannot be carried over: rewards: only that of player 1 is kept\n",
        "cannot be carried over: reward.script \"lua:f\": a Lua script",
        "cannot be carried over: op of \"a\": not known, so the value itself counts\n",
        "cannot be carried over: measure of \"lua_made\": no variable of data.json that we have\n",
        "cannot be carried over: button \"Q\": this console's pad has none of that name\n",
        "cannot be carried over: script \"x.lua\": Lua is not run\n",
        "cannot be carried over: crop: the whole picture is looked at\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) expect_line(report, lines[i]);
    free(report);
    preset_free(preset);
}

static void test_an_empty_scenario_and_none(void **state)
{
    (void)state;
    char *report;
    const int64_t values[1] = { 1 };
    use_folder("Bare-GameBoy");
    put("data.json", "{\"info\": {\"a\": {\"address\": 49152, \"type\": \"|u1\"}}}");
    preset_t *preset = import(&report);
    expect_line(report, "no scenario.json: no reward and no end\n");
    expect_line(report, "no rom.sha: any game of that name matches\n");
    assert_true(preset_matches(preset, "gb", NULL, NULL, NULL, "bare"));
    free(report);
    preset_free(preset);
    put("scenario.json", "{}");
    preset = import(&report);
    assert_false(preset_done(preset, values, values));
    assert_true(preset_reward(preset, values, values) == 0);
    free(report);
    preset_free(preset);
}

static void test_every_system(void **state)
{
    (void)state;
    static const char *const systems[] = { "Nes",       "Snes",     "Genesis",  "32x",
                                           "Sms",       "GameGear", "GameBoy",  "GbColor",
                                           "GbAdvance", "PCEngine", "Atari2600" };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        char name[64], *report;
        snprintf(name, sizeof name, "Game-%s", systems[i]);
        use_folder(name);
        put("data.json", "{\"info\": {}}");
        preset_free(import(&report));
        free(report);
    }
}

static void test_folders_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *data, *why;
    } rows[] = {
        { "Game-Amiga", "{}", "must be named <Game>-<System>" },
        { "Game", "{}", "must be named <Game>-<System>" },
        { "-Nes", "{}", "the game's name must have 1 to 63 bytes" },
        { "No Data-Nes", NULL, "data.json: cannot be read" },
        { "Broken-Nes", "{\"info\": ", "data.json: line 1, column 10: expected a value" },
        { "List-Nes", "[]", "data.json: must be an object {}" },
        { "Twice-Nes", "{\"info\": {}, \"info\": {}}", "info: a key must appear once" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char *text, *report, why[PRESET_WHY_BYTES] = "";
        use_folder(rows[r].folder);
        if (rows[r].data) put("data.json", rows[r].data);
        assert_false(preset_import_stable_retro(&text, &report, folder, why));
        assert_null(text);
        assert_null(report);
        if (!strstr(why, rows[r].why)) fail_msg("%s: said %s", rows[r].folder, why);
    }
}

static void test_too_many_combinations(void **state)
{
    (void)state;
    char *report;
    use_folder("Many-Snes");
    put("data.json", "{\"info\": {}}");
    put("scenario.json",
        "{\"actions\": [[[], [\"A\"]], [[], [\"B\"]], [[], [\"X\"]], [[], [\"Y\"]],"
        " [[], [\"L\"]], [[], [\"R\"]], [[], [\"UP\"]], [[], [\"LEFT\"]],"
        " [[], [\"SELECT\"]]]}");
    preset_t *preset = import(&report);
    expect_line(report, "cannot be carried over: actions: more than 256 combinations\n");
    assert_int_equal(preset_num_actions(preset), 39);
    free(report);
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_street_fighter),
        cmocka_unit_test(test_everything_that_a_scenario_can_say),
        cmocka_unit_test(test_an_empty_scenario_and_none),
        cmocka_unit_test(test_every_system),
        cmocka_unit_test(test_folders_that_are_refused),
        cmocka_unit_test(test_too_many_combinations),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
