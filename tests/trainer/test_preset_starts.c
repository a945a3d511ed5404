/* test_preset_starts.c - `kata preset boot` on homebrew with other title screens (tests/titles/),
 * two systems: the start is found, and is where the game is played. */
#include "kata.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

static kata_run_t r;

static const char *rom_of(const char *name)
{
    static char path[700];
    const char *build = getenv("KATA_BUILD");
    snprintf(path, sizeof path, "%s/tests/titles/%s", build ? build : "build/release", name);
    return path;
}

/* Score and end of the catching game, B before A. */
static const char *preset_of(const char *system, const char *state, const char *score)
{
    char text[900];
    snprintf(text, sizeof text,
             "{\"kata_preset\": 1, \"game\": \"Titles\", \"system\": \"%s\","
             " \"variables\": {\"state\": {\"address\": \"%s\", \"type\": \"|u1\"},"
             " \"score\": {\"address\": \"%s\", \"type\": \"|u1\"}},"
             " \"pad\": {\"buttons\": {\"B\": \"b\", \"A\": \"a\", \"SELECT\": \"select\","
             " \"START\": \"start\"}}, \"memory\": {\"ram_base\": \"%s\"},"
             " \"actions\": {\"primitives\": [{\"name\": \"Wait\", \"pad\": \"5\"},"
             " {\"name\": \"Left\", \"pad\": \"4\"}, {\"name\": \"Right\", \"pad\": \"6\"},"
             " {\"name\": \"Catch\", \"pad\": \"A\"}, {\"name\": \"Back\", \"pad\": \"B\"}]},"
             " \"reward\": {\"variables\": {\"score\": {\"reward\": 1}}},"
             " \"done\": \"state == 3\"}",
             system, state, score, strcmp(system, "gb") == 0 ? "0xC000" : "0x0");
    return put("titles.json", text);
}

/* Found, and from there the rewards of a random player's rounds are those of the game. */
static void expect_found(const char *rom, const char *preset, const char *presses)
{
    const char *out = kata_path("found.kata.json");
    remove(out);
    RUN(&r, "preset", "boot", rom, "--preset", preset, "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "played back from power-on 3 times, each time to the same memory\n");
    kata_expect_out(&r, presses);
    RUN(&r, "eval", rom, "--preset", out, "--who", "random", "--episodes", "2", "--json");
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "start")->valuestring, "found");
    const double mean = cJSON_GetObjectItem(json, "mean_return")->valuedouble;
    if (mean < 2) fail_msg("a random player catches %g: %s", mean, r.out);
    cJSON_Delete(json);
}

/* Two minutes of emulation, in which nothing new of Kata runs: one console is searched there, and
 * Kumite by test_preset_boot. */
static void not_under_sanitizers(void)
{
#ifdef __SANITIZE_ADDRESS__
    printf("skipped: under AddressSanitizer one of the title screens is searched\n");
    skip();
#endif
}

static void test_start_twice(void **state)
{
    (void)state;
    not_under_sanitizers();
    expect_found(rom_of("twice.nes"), preset_of("nes", "0x10", "0x11"),
                 "  {300}\n  START{4};5{60}\n  START{4};5{60}\n");
}

static void test_the_second_entry_of_a_menu(void **state)
{
    (void)state;
    not_under_sanitizers();
    expect_found(rom_of("menu.nes"), preset_of("nes", "0x10", "0x11"),
                 "  START{4};5{60}\n  SELECT{4};5{60}\n  START{4};5{60}\n");
}

/* The demo's score counts, too, but not by the pads. */
static void test_a_title_that_is_deaf_at_first_and_then_shows_a_demo(void **state)
{
    (void)state;
    not_under_sanitizers();
    expect_found(rom_of("deaf.nes"), preset_of("nes", "0x10", "0x11"), "  START{4};5{60}\n");
}

static void test_a_choice_on_the_game_boy(void **state)
{
    (void)state;
    expect_found(rom_of("choice.gb"), preset_of("gb", "0xC000", "0xC001"),
                 "  {300}\n  START{4};5{60}\n  A{4};5{60}\n");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_twice),
        cmocka_unit_test(test_the_second_entry_of_a_menu),
        cmocka_unit_test(test_a_title_that_is_deaf_at_first_and_then_shows_a_demo),
        cmocka_unit_test(test_a_choice_on_the_game_boy),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
