/* test_search.c - `kata search` on Kumite and on a fake core: what it finds, refuses and saves; and
 * training on a game that nobody described. */
#include "kata.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })

static kata_run_t r;

static const char *script(const char *text)
{
    static int number;
    char name[32];
    snprintf(name, sizeof name, "script-%d.txt", number++ % 8);
    const char *path = kata_path(name);
    kata_write_file(path, text, strlen(text));
    return path;
}

/* The only candidate of a list in JSON. */
static void expect_only(const char *out, const char *address, const char *type, int steps)
{
    cJSON *list = cJSON_Parse(out);
    if (!list) fail_msg("no JSON: %s\nerr: %s", out, r.err);
    const cJSON *all = cJSON_GetObjectItem(list, "candidates");
    if (cJSON_GetArraySize(all) != 1) fail_msg("not one candidate: %s\nerr: %s", out, r.err);
    const cJSON *found = cJSON_GetArrayItem(all, 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(found, "address")), address);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(found, "type")), type);
    assert_int_equal(cJSON_GetObjectItem(list, "left")->valueint, 1);
    assert_int_equal(cJSON_GetObjectItem(list, "steps")->valueint, steps);
    cJSON_Delete(list);
}

/* The health bar of level 1: full, it is 96. A blow lands in frame 493; what the screen shows of it
 * follows a frame later, and is another byte. */
static const char knows_the_number[] = "boot level1\nequal 96\nrun 404\nless\nrun 1\nunchanged\n"
                                       "list\n";
static const char knows_no_number[] = "boot level1\ntypes |u1\nrun 20\nunchanged\nrun 383\nless\n"
                                      "run 1\nless\nrun 40\nunchanged\nlist\n";

/* A person reads the bar, not the preset: this ROM is unknown, its memory is the console's. */
static const char *unknown_rom(void)
{
    size_t num_bytes;
    uint8_t *rom = kata_read_file(kata_rom(), &num_bytes);
    rom[num_bytes - 1] ^= 1;
    const char *path = kata_path("unknown.nes");
    kata_write_file(path, rom, num_bytes);
    free(rom);
    return path;
}

static void test_finds_kumites_health_in_five_steps(void **state)
{
    (void)state;
    RUN(&r, "search", kata_rom(), "--script", script(knows_the_number), "--json");
    kata_expect(&r, 0);
    expect_only(r.out, "0x0310", "|u1", 3);
    kata_expect_err(&r, "Kumite on nestopia: 2048 bytes of memory.");
    /* From a pipe, and without knowing how much a full bar is. */
    kata_input(script(knows_no_number));
    RUN(&r, "search", kata_rom(), "--json");
    kata_input(NULL);
    kata_expect(&r, 0);
    expect_only(r.out, "0x0310", "|u1", 5);
}

static void test_what_is_found_becomes_a_variable(void **state)
{
    (void)state;
    static const char words[] = "run 400\nequal 0x4B\n"
                                "variable magic 0x300 |u1\n"
                                "variable \"magic\"\t0x300\n"
                                "variable magic 0x300\n";
    const char *path = kata_path("found.kata.json");
    RUN(&r, "search", unknown_rom(), "--script", script(words), "--out", path);
    kata_expect(&r, 1); /* the third has the name of the first; what was saved stays */
    kata_expect_err(&r, "Nobody described this game");
    kata_expect_out(&r, "\"magic\": {\"address\": \"0x0300\", \"type\": \"|u1\"}\n");
    kata_expect_out(&r, "\"\\\"magic\\\"\": {\"address\": \"0x0300\", \"type\": \"|u1\"}\n");
    kata_expect_err(&r, "line 5: variable magic: the preset has one of this name already");
    RUN(&r, "preset", "validate", path);
    kata_expect(&r, 0);
    size_t num_bytes;
    char *text = (char *)kata_read_file(path, &num_bytes);
    cJSON *preset = cJSON_Parse(text);
    const cJSON *variables = cJSON_GetObjectItem(preset, "variables");
    assert_int_equal(cJSON_GetArraySize(variables), 2);
    const cJSON *magic = cJSON_GetObjectItem(variables, "magic");
    assert_int_equal(cJSON_GetObjectItem(magic, "address")->valueint, 0x300);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(magic, "type")), "|u1");
    cJSON_Delete(preset);
    free(text);

    /* Not overwritten unless told; told, it grows from the preset it was given. */
    RUN(&r, "search", unknown_rom(), "--script", script("quit"), "--out", path);
    kata_expect(&r, 1);
    kata_expect_err(&r, "is there already; --replace");
    RUN(&r, "search", unknown_rom(), "--preset", path, "--script",
        script("run 400\nequal 1\nvariable version 0x301"), "--out", path, "--replace");
    kata_expect(&r, 0);
    RUN(&r, "preset", "show", path);
    kata_expect_out(&r, "version");
    kata_expect_out(&r, "magic");
    RUN(&r, "search", unknown_rom(), "--replace");
    kata_expect(&r, 2);
}

static void test_a_wrong_line_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *words, *says;
    } wrong[] = {
        { "run 1\n\n# fine\nlesss",
          "line 4: 'lesss': there is no such word; did you mean 'less'?" },
        { "xyzzyplugh", "line 1: 'xyzzyplugh': there is no such word; `help` lists them" },
        { "equal", "line 1: 'equal': needs a word behind it" },
        { "less 5", "line 1: '5': is a word too many behind 'less'" },
        { "equal 9x", "line 1: '9x': must be a whole number, -4294967296 to 4294967296" },
        { "equal 99999999999", "'99999999999': must be a whole number" },
        { "equal 0x", "'0x': must be a whole number" },
        { "by --8", "'--8': must be a whole number" },
        { "run 0", "'0': must be a whole number, 1 to 36000" },
        { "run 36001", "'36001': must be a whole number, 1 to 36000" },
        { "press A 3601", "'3601': must be a whole number, 1 to 3600" },
        { "press Q 5", "'Q': column 1" },
        { "press 236A 5", "'236A': must be held at once" },
        { "play 236Q", "'236Q': column 4" },
        { "port 9", "'9': must be a whole number, 1 to 8" },
        { "boot level99", "'level99': Kumite has no such start" },
        { "load a", "'a': nothing was saved under this name" },
        { "save 12345678901234567890123456789012", "a name must have at most 31 letters" },
        { "types |u1 u8", "'u8': must be a type: |u1 |d1" },
        { "variable health", "candidates are left, not one; say which is meant" },
        { "equal 1\nvariable a 0x9999", "line 2: '0x9999': is no candidate" },
        { "run 400\nequal 0x4B\nvariable a 0x300 <u2",
          "line 3: '0x300': is no candidate of this type" },
        { "undo", "line 1: there is no step to take back" },
        { "screen", "line 1: the game has not drawn anything yet" },
        { "run 60\npicture /nowhere/a.png", "line 2: /nowhere" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        RUN(&r, "search", kata_rom(), "--script", script(wrong[i].words));
        kata_expect(&r, 1);
        kata_expect_err(&r, wrong[i].says);
    }
    char longest[5000];
    memset(longest, 'a', sizeof longest);
    kata_write_file(kata_path("long.txt"), longest, sizeof longest);
    RUN(&r, "search", kata_rom(), "--script", kata_path("long.txt"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "line 1: must be text of less than 4096 letters");
    kata_input(kata_path("long.txt"));
    RUN(&r, "search", kata_rom());
    kata_input(NULL);
    kata_expect(&r, 1);
    kata_expect_err(&r, "line 1: must be text of less than 4096 letters");
    kata_write_file(kata_path("nul.txt"), "run 1\0run 2", 11);
    RUN(&r, "search", kata_rom(), "--script", kata_path("nul.txt"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "must be text, found a NUL byte");
    RUN(&r, "search", kata_rom(), "--script", kata_path("missing.txt"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "missing.txt");
}

/* The game is where it was: states, undo, reset, the picture. */
static void test_states_undo_and_pictures(void **state)
{
    (void)state;
    static const char words[] = "boot\nsave a\npress 6 30\nload a\nunchanged\nundo\n"
                                "equal 96\ntypes |u1\nlist 1\nreset\nequal 96\nsave b\nsave a\n"
                                "screen\npicture %s\nport 2\nplay \"236A\"\nquit\nnonsense\n";
    char text[1024];
    const char *png = kata_path("where.png");
    snprintf(text, sizeof text, words, png);
    RUN(&r, "search", kata_rom(), "--script", script(text));
    kata_expect(&r, 0);
    kata_expect_out(&r, "level1: frame ");
    kata_expect_out(&r, "  0x0310  |u1  96\n");
    kata_expect_out(&r, " more\n");
    assert_non_null(strstr(r.out, "@")); /* white letters on the screen */
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(png, &num_bytes);
    assert_memory_equal(bytes, "\x89PNG", 4);
    free(bytes);
    RUN(&r, "search", kata_rom(), "--start", "level2", "--script", script("boot\nboot level1\n"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "level2: frame ");
    kata_expect_out(&r, "level1: frame ");
}

static void test_a_core_that_dies_is_a_sentence(void **state)
{
    (void)state;
    static const char preset[] =
        "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\", \"actions\": "
        "{\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}}";
    static const char content[] = "FAKE crash_at=60";
    kata_write_file(kata_path("fake.json"), preset, strlen(preset));
    kata_write_file(kata_path("game.fake"), content, strlen(content));
    RUN(&r, "search", kata_path("game.fake"), "--core", kata_fake_core("plain"), "--preset",
        kata_path("fake.json"), "--script", script("run 50\nchanged\nlist 2\nrun 50\nlist"));
    kata_expect(&r, 1);
    kata_expect_out(&r, "frame 50\n");
    kata_expect_err(&r, "line 4: plain_libretro.so playing game.fake: crashed with SIGABRT");
}

static void test_a_game_that_nobody_described_is_trained_on(void **state)
{
    (void)state;
    setenv("KATA_PRESET_PATH", kata_path("no-presets"), 1);
    RUN(&r, "train", unknown_rom(), "--decisions", "60", "--warmup", "32", "--batch", "2",
        "--updates-per-decision", "0.05", "--replay", "1000", "--eval-episodes", "0", "--dir",
        kata_path("unknown"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "unknown on nestopia: ");
    kata_expect_out(&r, "start power.\n");
    kata_expect_out(&r, "Nobody described this game: there is no preset for it.\n");
    kata_expect_out(&r, "It learns from novelty: a step is worth 0.1 / sqrt(n)");
    kata_expect_out(&r, "kata preset new ");
    kata_expect_out(&r, "kata search ");
    kata_expect_out(&r, ": 60 decisions and ");

    /* Its agent is gone on with, and what it earned can be measured: rounds made short. */
    size_t num_bytes;
    char *text = (char *)kata_read_file(kata_path("unknown/preset.json"), &num_bytes);
    cJSON *preset = cJSON_Parse(text);
    cJSON *timing = cJSON_GetObjectItem(preset, "timing");
    assert_true(cJSON_ReplaceItemInObject(timing, "max_steps", cJSON_CreateNumber(40)));
    char *brief = cJSON_PrintUnformatted(preset);
    kata_write_file(kata_path("brief.json"), brief, strlen(brief));
    assert_non_null(strstr(brief, "Press START"));
    cJSON_free(brief);
    cJSON_Delete(preset);
    free(text);
    RUN(&r, "eval", unknown_rom(), "--preset", kata_path("brief.json"), "--dir",
        kata_path("unknown"), "--episodes", "2", "--json");
    kata_expect(&r, 0);
    cJSON *result = cJSON_Parse(r.out);
    /* At the least nothing ever moves, and the first picture counts as seen; at most all is new. */
    const double mean = cJSON_GetObjectItem(result, "mean_return")->valuedouble;
    double least = 0;
    for (int n = 2; n <= 41; n++) least += 0.1 / sqrt(n);
    if (mean < least - 1e-3 || mean > 4) fail_msg("mean return %g, at least %g", mean, least);
    cJSON_Delete(result);

    RUN(&r, "train", unknown_rom(), "--decisions", "20", "--eval-episodes", "0", "--dir",
        kata_path("unknown"), "--novelty", "0.5");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from 60 decisions");
    kata_expect_out(&r, "a step is worth 0.5 / sqrt(n)");
    RUN(&r, "train", unknown_rom(), "--decisions", "20", "--eval-episodes", "0", "--dir",
        kata_path("unknown"));
    kata_expect_out(&r, "a step is worth 0.5 / sqrt(n)"); /* remembered */

    RUN(&r, "train", unknown_rom(), "--decisions", "20", "--dir", kata_path("unknown"), "--novelty",
        "0");
    kata_expect(&r, 2);
    kata_expect_err(&r, "--novelty 0: nothing else is a reward");
    unsetenv("KATA_PRESET_PATH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_kumites_health_in_five_steps),
        cmocka_unit_test(test_what_is_found_becomes_a_variable),
        cmocka_unit_test(test_a_wrong_line_is_named),
        cmocka_unit_test(test_states_undo_and_pictures),
        cmocka_unit_test(test_a_core_that_dies_is_a_sentence),
        cmocka_unit_test(test_a_game_that_nobody_described_is_trained_on),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
