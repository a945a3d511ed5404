/* test_import_retro.c - stable-retro folders: what is carried over means the same, what is not is
 * said. */
#include "files.h"
#include "import.h"
#include "sample.h"
#include "why.h"

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
    why_t why;
    snprintf(folder, sizeof folder, "%s/%s", base, name);
    assert_true(files_make_dirs(folder, why));
}

static void put(const char *name, const char *text)
{
    char path[700];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static preset_t *import_as(const import_retro_options_t *options, char **report)
{
    char *text;
    why_t why = "";
    if (!preset_import_stable_retro(&text, report, folder, options, NULL, why)) fail_msg("%s", why);
    preset_t *preset = sample_parse(text);
    if (preset_num_warnings(preset)) fail_msg("%s", preset_warning(preset, 0));
    free(text);
    return preset;
}

static preset_t *import(char **report)
{
    return import_as(NULL, report);
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
    assert_true(preset_done(preset, 0, before, now));
    assert_true(preset_reward(preset, 0, before, now) == 123450);
    expect_line(report, "cannot be carried over: savestate \"Champion.Level1.RyuVsGuile\"");
    expect_line(report, "no actions of its own: 39 generic ones\n");
    assert_int_equal(preset_num_actions(preset), 39);
    expect_line(report, "sides: \"health\" and \"enemy_health\" are taken for the two players', by "
                        "their names\n");
    expect_line(report, "sides: \"matches_won\" and \"enemy_matches_won\" are taken for");
    expect_line(report, "sides: stable-retro knows no facing");
    assert_true(preset_plays_port(preset, 1, NULL) && !preset_mirrors_picture(preset, 1));
    free(report);
    preset_free(preset);
}

/* Only variables that are whole, of one kind, and each once. */
static void test_sides_are_guessed_by_name(void **state)
{
    (void)state;
    char *report;
    use_folder("Two-Nes");
    put("data.json", "{\"info\": {\"p1_hp\": {\"address\": 1, \"type\": \"|u1\"},"
                     " \"p2_hp\": {\"address\": 2, \"type\": \"|u1\"},"
                     " \"x\": {\"address\": 3, \"type\": \"|u1\", \"mask\": 7},"
                     " \"enemy_x\": {\"address\": 4, \"type\": \"|u1\"},"
                     " \"y\": {\"address\": 5, \"type\": \"|i1\"},"
                     " \"enemy_y\": {\"address\": 6, \"type\": \"|u1\"},"
                     " \"opp_z\": {\"address\": 7, \"type\": \"|u1\"},"
                     " \"enemy_z\": {\"address\": 8, \"type\": \"|u1\"},"
                     " \"z\": {\"address\": 9, \"type\": \">u2\"},"
                     " \"enemy_lost\": {\"address\": 9, \"type\": \"what\"},"
                     " \"lost\": {\"address\": 9, \"type\": \"|u1\"}}}");
    preset_t *preset = import(&report);
    expect_line(report, "sides: \"p1_hp\" and \"p2_hp\" are taken for");
    expect_line(report, "sides: \"z\" and \"opp_z\" are taken for");
    static const char *const not_said[] = { "\"x\" and", "\"y\" and", "enemy_z", "\"lost\" and" };
    for (size_t i = 0; i < sizeof not_said / sizeof not_said[0]; i++)
        if (strstr(report, not_said[i])) fail_msg("%s in:\n%s", not_said[i], report);
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
    assert_true(preset_reward(preset, 0, zero, (int64_t[]){ 4, 0 }) == 8.5);
    assert_true(preset_reward(preset, 0, (int64_t[]){ 4, 0 }, zero) == -4 * 3.5 + 0.5);
    assert_true(preset_done(preset, 0, zero, (int64_t[]){ 8, 0 }));
    assert_false(preset_done(preset, 0, zero, (int64_t[]){ 7, 0 }));
    assert_true(preset_done(preset, 0, (int64_t[]){ 3, 1 }, (int64_t[]){ 3, 0 }));
    assert_false(preset_done(preset, 0, (int64_t[]){ 3, 0 }, (int64_t[]){ 3, 0 }));

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
        "cannot be carried over: data.json \"other\": Kata knows no such key\n",
        "cannot be carried over: condition \"sometimes\": neither any nor all, it reads as any\n",
        "not read: ",
        "metadata.json: line 1, column 3: ",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) expect_line(report, lines[i]);
    free(report);
    preset_free(preset);
}

/* ---- every operator and type ---- */

static const char *const all_ops[] = { "equal",
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
                                       "" };

/* As the reference reads: what an operator makes of a value. */
static int64_t op_slowly(const char *op, int64_t value, int64_t reference)
{
    const int64_t sign = value > 0 ? 1 : value < 0 ? -1 : 0;
    const struct {
        const char *op;
        int64_t result;
    } rows[] = { { "equal", value == reference },
                 { "negative-equal", value == -reference },
                 { "not-equal", value != reference },
                 { "less-than", value < reference },
                 { "greater-than", value > reference },
                 { "less-or-equal", value <= reference },
                 { "greater-or-equal", value >= reference },
                 { "nonzero", value != 0 },
                 { "zero", value == 0 },
                 { "positive", sign == 1 },
                 { "negative", sign == -1 },
                 { "sign", sign } };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (strcmp(rows[r].op, op) == 0) return rows[r].result;
    return value; /* none */
}

static void expect_rule(const preset_t *preset, const char *op, const char *measurement,
                        bool delta_in_reward, bool delta_in_done)
{
    for (int64_t before = -4; before <= 4; before++)
        for (int64_t now = -4; now <= 4; now++) {
            const int64_t m = op_slowly(op, delta_in_reward ? now - before : now, 3);
            const double reward = m > 0 ? (double)m * 2.5 : m < 0 ? (double)m * 0.5 : 0;
            const bool done = op_slowly(op, delta_in_done ? now - before : now, 3) > 0;
            if (preset_reward(preset, 0, &before, &now) != reward ||
                preset_done(preset, 0, &before, &now) != done)
                fail_msg("op \"%s\", measurement \"%s\": %lld to %lld", op, measurement,
                         (long long)before, (long long)now);
        }
}

/* Absolute, delta, and what counts where nothing is said: delta in a reward, absolute in an end. */
static void test_every_operator_of_a_scenario(void **state)
{
    (void)state;
    static const char *const measurements[] = { "absolute", "delta", "" };
    use_folder("Ops-Nes");
    put("data.json", "{\"info\": {\"v\": {\"address\": 1, \"type\": \"|i1\"}}}");
    for (size_t o = 0; o < sizeof all_ops / sizeof all_ops[0]; o++)
        for (size_t m = 0; m < 3; m++) {
            char rule[200] = "\"reference\": 3", scenario[600], *report;
            size_t used = strlen(rule);
            if (all_ops[o][0])
                used += (size_t)snprintf(rule + used, sizeof rule - used, ", \"op\": \"%s\"",
                                         all_ops[o]);
            if (measurements[m][0])
                snprintf(rule + used, sizeof rule - used, ", \"measurement\": \"%s\"",
                         measurements[m]);
            snprintf(
                scenario, sizeof scenario,
                "{\"reward\": {\"variables\": {\"v\": {\"reward\": 2.5, \"penalty\": 0.5, %s}}},"
                " \"done\": {\"variables\": {\"v\": {%s}}}}",
                rule, rule);
            put("scenario.json", scenario);
            preset_t *preset = import(&report);
            if (strstr(report, "op of")) fail_msg("%s", report);
            expect_rule(preset, all_ops[o], measurements[m], m != 0, m == 1);
            free(report);
            preset_free(preset);
        }
}

/* Every type string that the published games use, and the other middle orders. */
static void test_every_type_string_of_a_game(void **state)
{
    (void)state;
    static const char *const types[] = {
        "|u1", "|i1", ">u2",  ">d4",  "|d1",  ">u4",  "<u2",  ">n6", "<d4", ">d3", ">d2", ">i2",
        "<d3", ">n8", "<d2",  "|n1",  ">u3",  "<n6",  "<u3",  ">n4", ">n7", "<n4", "<u4", "<n8",
        "<n5", ">n5", ">n3",  "<n7",  ">n2",  ">d6",  "<n3",  ">d5", "<n2", ">d8", "<i2", "><d4",
        "=u2", "=i4", ">=u4", "<=n4", "<>d4", "=>u2", "=<u2", ">i8", "<u8",
    };
    enum { NUM_TYPES = sizeof types / sizeof types[0] };
    char data[8192] = "{\"info\": {", *report;
    for (int32_t t = 0; t < NUM_TYPES; t++) {
        const size_t used = strlen(data);
        snprintf(data + used, sizeof data - used,
                 "%s\"v%02d\": {\"address\": %d, \"type\": \"%s\"}", t ? ", " : "", (int)t,
                 (int)(16 * t), types[t]);
    }
    strcat(data, "}}");
    use_folder("Types-Nes");
    put("data.json", data);
    put("scenario.json", "{}");
    preset_t *preset = import(&report);
    if (strstr(report, "variable")) fail_msg("%s", report);
    assert_int_equal(preset_num_variables(preset), NUM_TYPES);
    for (int32_t t = 0; t < NUM_TYPES; t++) {
        char name[16];
        snprintf(name, sizeof name, "v%02d", (int)t);
        const int32_t v = preset_find_variable(preset, name);
        assert_true(v >= 0);
        assert_int_equal(preset_variable(preset, v)->num_bytes,
                         types[t][strlen(types[t]) - 1] - '0');
        assert_int_equal(preset_variable(preset, v)->address, 16 * t);
    }
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
    assert_false(preset_done(preset, 0, values, values));
    assert_true(preset_reward(preset, 0, values, values) == 0);
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
        { "Game-Amiga", "{}",
          "Amiga is a system that Kata does not know; --system says which of "
          "nes, snes, genesis, " },
        { "Game-SCD", "{}", "SCD is a system that Kata does not know" },
        { "Game-Saturn-v0", "{}", "Saturn is a system that Kata does not know" },
        { "Game", "{}", "neither its name, which should be <Game>-<System>, nor a rom.nes" },
        { "Game-Nes-Track-1", "{}", "says which system this is; --system says it, one of nes, " },
        { "-Nes", "{}", "the game's name must have 1 to 63 bytes" },
        { "No Data-Nes", NULL, "data.json: cannot be read" },
        { "Broken-Nes", "{\"info\": ", "data.json: line 1, column 10: expected a value" },
        { "List-Nes", "[]", "data.json: must be an object {}" },
        { "Twice-Nes", "{\"info\": {}, \"info\": {}}", "info: a key must appear once" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char *text, *report;
        why_t why = "";
        use_folder(rows[r].folder);
        if (rows[r].data) put("data.json", rows[r].data);
        assert_false(preset_import_stable_retro(&text, &report, folder, NULL, NULL, why));
        assert_null(text);
        assert_null(report);
        if (!strstr(why, rows[r].why)) fail_msg("%s: said %s", rows[r].folder, why);
    }
}

/* Custom integrations are called anything: the system is then the options' or the ROM's. */
static void test_folders_of_any_name(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *rom, *system, *game; /* system and game: the options */
        const char *is_system, *is_game;
    } rows[] = {
        { "Upper-NES", NULL, NULL, NULL, "nes", "Upper" },
        { "lower-gbadvance-V2", NULL, NULL, NULL, "gba", "lower" },
        { "Race-Nes-Track-1", NULL, "nes", "Race", "nes", "Race" },
        { "Race-Nes-Track-1", NULL, "Nes", NULL, "nes", "Race-Nes-Track-1" },
        { "Disc-SCD", NULL, "genesis", "Disc", "genesis", "Disc" },
        { "data", NULL, "snes", "Named", "snes", "Named" },
        { "held", "rom.md", NULL, NULL, "genesis", "held" },
        { "held", "rom.md", "gg", NULL, "gg", "held" },
        { "Sure-Snes", NULL, NULL, "Other", "snes", "Other" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char *report;
        const import_retro_options_t options = { .system = rows[r].system, .game = rows[r].game };
        use_folder(rows[r].folder);
        put("data.json", "{\"info\": {}}");
        if (rows[r].rom) put(rows[r].rom, "x");
        preset_t *preset = import_as(&options, &report);
        assert_string_equal(preset_system(preset), rows[r].is_system);
        assert_string_equal(preset_game(preset), rows[r].is_game);
        const bool is_said = strstr(report, "is the folder's name; --game says another") != NULL;
        assert_int_equal(is_said, !rows[r].game && strcmp(rows[r].folder, rows[r].is_game) == 0);
        free(report);
        preset_free(preset);
    }
    const import_retro_options_t wrong[] = { { .system = "toaster" }, { .game = "a/b" } };
    static const char *const says[] = { "--system must be one of nes, snes, ", "--game says" };
    for (int i = 0; i < 2; i++) {
        char *text, *report;
        why_t why = "";
        assert_false(preset_import_stable_retro(&text, &report, folder, &wrong[i], NULL, why));
        if (!strstr(why, says[i])) fail_msg("said %s", why);
    }
}

/* What stands in the folder and is not read has a line; what is chosen counts. */
static void test_nothing_in_the_folder_is_lost_in_silence(void **state)
{
    (void)state;
    char *report, name[32];
    use_folder("Losses-Nes");
    put("data.json", "{\"info\": {\"v\": {\"address\": 1, \"type\": \"|u1\", \"colour\": 3}}}");
    put("scenario.json", "{\"reward\": {\"variables\": {\"v\": {\"reward\": 1, \"bonus\": 2}},"
                         " \"shape\": 1}, \"done\": 7, \"author\": \"me\"}");
    put("duel.json", "{\"reward\": {\"variables\": {\"v\": {\"reward\": 5}}}, \"done\":"
                     " {\"variables\": {\"v\": {\"op\": \"zero\"}}}}");
    put("metadata.json", "{\"default_state\": \"Begin\", \"original_rom_name\": \"x\"}");
    put("rom.sha", "\n");
    put("rom.nes", "x");
    put("helper.lua", "x");
    static const char *const states[] = { "Begin.state", "Cave.state", "Boss\t.state" };
    for (int i = 0; i < 3; i++) put(states[i], "x");
    preset_t *preset = import(&report);
    const int64_t zero = 0, one = 1;
    assert_true(preset_reward(preset, 0, &zero, &one) == 1);
    assert_true(preset_matches(preset, "nes", NULL, NULL, NULL, "losses"));
    static const char *const lines[] = {
        "cannot be carried over: v \"colour\": Kata knows no such key\n",
        "cannot be carried over: v \"bonus\": Kata knows no such key\n",
        "cannot be carried over: reward \"shape\": Kata knows no such key\n",
        "cannot be carried over: scenario.json \"author\": Kata knows no such key\n",
        "cannot be carried over: metadata.json \"original_rom_name\": Kata knows no such key\n",
        "cannot be carried over: done: no object {}\n",
        "cannot be carried over: savestate \"Begin\": it holds",
        "cannot be carried over: states: Boss?, Cave: each holds the game's memory",
        "duel.json: another scenario, perhaps: not read; --scenario takes it in place of",
        "helper.lua: not read\n",
        "rom.sha: it names no dump; any game of that name matches\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) expect_line(report, lines[i]);
    if (strstr(report, "rom.nes")) fail_msg("%s", report);
    free(report);
    preset_free(preset);

    preset = import_as(&(import_retro_options_t){ .scenario = "duel.json" }, &report);
    assert_true(preset_reward(preset, 0, &zero, &one) == 5);
    assert_true(preset_done(preset, 0, &one, &zero));
    expect_line(report, "scenario.json: another scenario, perhaps: not read");
    if (strstr(report, "duel.json")) fail_msg("%s", report);
    free(report);
    preset_free(preset);
    char *text;
    why_t why = "";
    const import_retro_options_t none = { .scenario = "none.json" };
    assert_false(preset_import_stable_retro(&text, &report, folder, &none, NULL, why));
    if (!strstr(why, "none.json: cannot be read")) fail_msg("said %s", why);

    /* A folder of hundreds does not fill the screen. */
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, i % 2 ? "S%02d.state" : "n%02d.txt", i);
        put(name, "x");
    }
    preset_free(import(&report));
    expect_line(report, " and 8 more: each holds");
    expect_line(report, "\n8 more files: not read\n");
    free(report);
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
        cmocka_unit_test(test_sides_are_guessed_by_name),
        cmocka_unit_test(test_everything_that_a_scenario_can_say),
        cmocka_unit_test(test_every_operator_of_a_scenario),
        cmocka_unit_test(test_every_type_string_of_a_game),
        cmocka_unit_test(test_an_empty_scenario_and_none),
        cmocka_unit_test(test_every_system),
        cmocka_unit_test(test_folders_that_are_refused),
        cmocka_unit_test(test_folders_of_any_name),
        cmocka_unit_test(test_nothing_in_the_folder_is_lost_in_silence),
        cmocka_unit_test(test_too_many_combinations),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
