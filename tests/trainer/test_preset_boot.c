/* test_preset_boot.c - `kata preset boot`: a start is found, replays, and is one; or why not. */
#include "kata.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

static kata_run_t r;

/* Kumite's preset without a way to the fight. */
static const char *kumite_without_starts(void)
{
    size_t num_bytes;
    char *text = (char *)kata_read_file(KUMITE, &num_bytes);
    cJSON *preset = cJSON_Parse(text);
    cJSON_DeleteItemFromObject(preset, "starts");
    cJSON_DeleteItemFromObject(preset, "default_start");
    cJSON_DeleteItemFromObject(preset, "fight"); /* names a start */
    cJSON_DeleteItemFromObject(preset, "ways");
    char *less = cJSON_PrintUnformatted(preset);
    const char *path = put("no-starts.json", less);
    cJSON_free(less);
    cJSON_Delete(preset);
    free(text);
    return path;
}

static void test_kumites_fight_is_found(void **state)
{
    (void)state;
    const char *out = kata_path("found.kata.json");
    RUN(&r, "preset", "boot", kata_rom(), "--preset", kumite_without_starts(), "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, ", played back from power-on 3 times, each time to the same memory\n"
                        "  {300}\n  ");
    kata_expect_out(&r, "START{4};5{60}\n");
    kata_expect_out(&r, "\nsaved ");
    RUN(&r, "preset", "show", out, "--json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"found\"");

    /* From there a random player fights: someone wins the round. */
    RUN(&r, "eval", kata_rom(), "--preset", out, "--who", "random", "--episodes", "2", "--json");
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "start")->valuestring, "found");
    const int ended = cJSON_GetObjectItem(json, "won")->valueint +
                      cJSON_GetObjectItem(json, "lost")->valueint +
                      cJSON_GetObjectItem(json, "drawn")->valueint;
    if (ended != 2) fail_msg("%d of 2 fights ended: %s", ended, r.out);
    cJSON_Delete(json);

    RUN(&r, "preset", "boot", kata_rom(), "--preset", out, "--out", out);
    expect_refused(&r, 1, "found.kata.json is there already; --replace to lose what is in it");
    RUN(&r, "preset", "boot", kata_rom(), "--replace");
    expect_refused(&r, 2, "--replace needs --out FILE");
}

/* As a person of stable-retro comes: a folder with rewards of thousands a point. What it lacks, a
 * start, is found; what its points are worth, the agent finds in its returns. */
static void test_an_imported_game_in_points_is_trained(void **state)
{
    (void)state;
    make_folder("Points-Nes");
    put("Points-Nes/data.json",
        "{\"info\": {\"enemy_health\": {\"address\": 785, \"type\": \"|u1\"},"
        " \"state\": {\"address\": 771, \"type\": \"|u1\"}}}");
    put("Points-Nes/scenario.json",
        "{\"reward\": {\"variables\": {\"enemy_health\": {\"penalty\": -10000}}}, \"done\":"
        " {\"variables\": {\"state\": {\"op\": \"greater-or-equal\", \"reference\": 3}}}}");
    char imported[600], out[600];
    snprintf(imported, sizeof imported, "%s", kata_path("points.json"));
    snprintf(out, sizeof out, "%s", kata_path("points-found.json"));
    RUN(&r, "preset", "import", kata_path("Points-Nes"), "--out", imported);
    kata_expect(&r, 0);
    RUN(&r, "preset", "boot", kata_rom(), "--preset", imported, "--out", out);
    kata_expect(&r, 0);
    RUN(&r, "train", kata_rom(), "--preset", out, "--dir", kata_path("points"), "--workers", "1",
        "--decisions", "400", "--eval-episodes", "0", "--warmup", "64", "--batch", "2",
        "--updates-per-decision", "0.1", "--replay", "4000");
    kata_expect(&r, 0);
    kata_expect_out(&r, "start found.\n");
    const char *divided = strstr(r.out, "Rewards are divided by ");
    if (!divided || atof(divided + 23) < 100) fail_msg("%s", r.out);
}

/* A core of ours: its memory changes in each frame, and its picture with the pad. */
static const char *fake_preset(const char *measure)
{
    char text[700];
    snprintf(text, sizeof text,
             "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"unknown\", \"variables\":"
             " {\"v\": {\"address\": 0, \"type\": \"|u1\"}}, \"actions\": {\"primitives\":"
             " [{\"name\": \"Wait\", \"pad\": \"5\"}, {\"name\": \"Right\", \"pad\": \"6\"},"
             " {\"name\": \"Begin\", \"pad\": \"START\"}]},"
             " \"reward\": {\"variables\": {\"v\": {%s}}}}",
             measure);
    return put("fake.kata.json", text);
}

static void test_a_game_that_begins_by_itself(void **state)
{
    (void)state;
    const char *rom = put("self.fake", "FAKE");
    RUN(&r, "preset", "boot", rom, "--core", kata_fake_core("plain"), "--preset",
        fake_preset("\"reward\": 1"), "--name", "by itself");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Fake: a start after 0 presses, played back from power-on 3 times");
    kata_expect_out(&r, "  {300}\nNothing is saved; --out FILE keeps it.\n");
}

static void test_what_has_none_ends_with_what_to_do(void **state)
{
    (void)state;
    const char *rom = put("none.fake", "FAKE"), *core = kata_fake_core("plain");
    /* Never above 255: no place has a reward. 1 + 6 x 12 places. */
    RUN(&r, "preset", "boot", rom, "--core", core, "--preset",
        fake_preset("\"reward\": 1, \"measurement\": \"absolute\", \"op\": \"greater-than\","
                    " \"reference\": 255"));
    expect_refused(&r, 1,
                   "no start was found: at none of 73 places, after up to 12 presses of "
                   "START, two buttons, SELECT and down, did a random player's reward change; by "
                   "hand: `kata search ");
    kata_expect_err(&r, "within 1800\"]}, as presets/FORMAT.md says\n");
    RUN(&r, "preset", "boot", put("stateless.fake", "FAKE no_state"), "--core", core, "--preset",
        fake_preset("\"reward\": 1"));
    expect_refused(&r, 1, "cannot save its state");
    RUN(&r, "preset", "boot", put("dies.fake", "FAKE crash_at=900"), "--core", core, "--preset",
        fake_preset("\"reward\": 1"));
    kata_expect(&r, 1);
    RUN(&r, "preset", "boot", unknown_game());
    expect_refused(&r, 1, "it has no reward, by which a start is known");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kumites_fight_is_found),
        cmocka_unit_test(test_an_imported_game_in_points_is_trained),
        cmocka_unit_test(test_a_game_that_begins_by_itself),
        cmocka_unit_test(test_what_has_none_ends_with_what_to_do),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
