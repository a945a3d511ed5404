/* test_preset.c - the format: its example, its defaults, and finding files of it. */
#include "preset.h"
#include "files.h"
#include "sample.h"
#include "digest.h"
#include "why.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void test_the_example_of_the_specification(void **state)
{
    (void)state;
    char *text = sample_example();
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_warnings(preset), 0);
    assert_string_equal(preset_game(preset), "Street Example");
    assert_string_equal(preset_system(preset), "genesis");
    assert_int_equal(preset_num_actions(preset), 8);
    assert_int_equal(preset_max_steps(preset), 1500);
    assert_true(preset_reward_scale(preset) == 0.005);
    assert_true(preset_has_reward(preset) && preset_novelty(preset) == 0);
    assert_true(preset_tells_winner(preset));
    assert_true(preset_ram_bytes(preset) == 65536 && preset_word_swapped(preset));
    assert_true(preset_ram_base(preset) == 0xFF0000);

    const preset_action_t *low = preset_action(preset, 3), *boom = preset_action(preset, 6);
    assert_int_equal(low->macro.num_frames, 4);
    assert_int_equal(low->macro.num_steps, 2); /* tap */
    assert_false(preset_action(preset, 4)->mirrors);
    assert_string_equal(boom->name, "Sonic boom");
    assert_int_equal(boom->macro.steps[0].frames, 60);
    assert_string_equal(preset_action(preset, 7)->macro.notation, "2{1};2HK{2}");

    const preset_outcomes_t *outcomes = preset_outcomes(preset);
    assert_non_null(outcomes);
    assert_int_equal(outcomes->table.num_rows, 3);
    assert_true(outcomes->table.matrix[1] == 0.125f && outcomes->table.matrix[5] == 0.45f);
    assert_true(outcomes->states == 40 && outcomes->horizon_frames == 60 && outcomes->seed == 1);
    assert_string_equal(outcomes->start, "arcade");

    const preset_similarity_t *similarity = preset_similarity(preset);
    assert_non_null(similarity);
    assert_int_equal(similarity->num_rows, 3);
    static const float expected[9] = { 0, 0.75f, 0.1f, 0.75f, 0, 0.05f, 0.1f, 0.05f, 0 };
    for (int32_t i = 0; i < 9; i++) assert_true(similarity->matrix[i] == expected[i]);
    assert_int_equal(similarity->decisions, 200000);
    assert_int_equal(preset_similarity_row(preset, 6), 1);
    assert_int_equal(preset_similarity_row(preset, 5), 0);
    assert_int_equal(preset_similarity_row(preset, 3), 2);
    assert_int_equal(preset_similarity_row(preset, 7), -1);

    const preset_provenance_t *provenance = preset_provenance(preset);
    assert_string_equal(provenance->licence, "MIT");
    assert_int_equal(provenance->num_sources, 1);
    assert_string_equal(provenance->sources[0], "https://example.org/ram-map");

    size_t num_bytes;
    assert_string_equal(preset_text(preset, &num_bytes), text);
    assert_int_equal(num_bytes, strlen(text));
    preset_free(preset);
    free(text);
}

static void test_boot_scripts_of_the_example(void **state)
{
    (void)state;
    char *text = sample_example();
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_starts(preset), 2);
    assert_int_equal(preset_default_start(preset), 0);
    assert_int_equal(preset_find_start(preset, "versus"), 1);
    assert_int_equal(preset_find_start(preset, "nothing"), -1);
    assert_int_equal(preset_num_boot_steps(preset, 0), 3);

    const preset_boot_step_t *wait = preset_boot_step(preset, 0, 0);
    assert_int_equal(wait->kind, PRESET_BOOT_PLAY);
    assert_int_equal(wait->macro.num_frames, 120);
    assert_int_equal(wait->macro.steps[0].pad, 0);

    const preset_boot_step_t *press = preset_boot_step(preset, 0, 1);
    assert_int_equal(press->kind, PRESET_BOOT_UNTIL);
    assert_int_equal(press->macro.num_frames, 23);
    assert_int_equal(press->macro.steps[0].pad, 1 << 3);
    assert_int_equal(press->limit_frames, 3000);
    assert_string_equal(press->text, "press START{3} {20} until in_fight == 1 within 3000");
    int64_t values[PRESET_MAX_VARIABLES] = { 0 };
    const int32_t in_fight = preset_find_variable(preset, "in_fight");
    assert_false(preset_condition(preset, press->condition, values, values));
    values[in_fight] = 1;
    assert_true(preset_condition(preset, press->condition, values, values));

    assert_int_equal(preset_num_boot_steps(preset, 1), 6); /* repeat 2 counts twice */
    assert_int_equal(preset_start_players(preset, 0), 1);
    assert_int_equal(preset_start_players(preset, 1), 2);
    assert_int_equal(preset_boot_step(preset, 1, 2)->port, 1);
    assert_int_equal(preset_boot_step(preset, 1, 3)->port, 0);
    const preset_boot_step_t *until = preset_boot_step(preset, 1, 5);
    assert_int_equal(until->kind, PRESET_BOOT_UNTIL);
    assert_int_equal(until->macro.num_frames, 0);
    preset_free(preset);
    free(text);
}

/* A list of lines is for one, but for the start that the fight names; an object may say otherwise.
 */
static void test_how_many_play_at_a_start(void **state)
{
    (void)state;
    char text[1024];
    sample_minimal(text, sizeof text,
                   "\"starts\": {\"a\": [], \"b\": [\"START\"], \"c\": {\"lines\": [\"START\", "
                   "\"{9}\"]}, \"d\": {\"players\": 2, \"lines\": [], \"note\": 1}}, "
                   "\"fight\": {\"when\": \"a\", \"versus\": \"b\"}");
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_warnings(preset), 0);
    assert_int_equal(preset_num_starts(preset), 4);
    static const int32_t players[] = { 1, 2, 1, 2 }, steps[] = { 0, 1, 2, 0 };
    for (int32_t s = 0; s < 4; s++) {
        assert_int_equal(preset_start_players(preset, s), players[s]);
        assert_int_equal(preset_num_boot_steps(preset, s), steps[s]);
    }
    preset_free(preset);
    sample_minimal(text, sizeof text, "");
    preset = sample_parse(text);
    assert_int_equal(preset_start_players(preset, 0), 1); /* power-on */
    preset_free(preset);
}

static void test_the_fight_and_the_ways_to_it(void **state)
{
    (void)state;
    char *text = sample_example();
    preset_t *preset = sample_parse(text);
    int64_t values[PRESET_MAX_VARIABLES] = { 0 };
    assert_true(preset_knows_fight(preset));
    assert_false(preset_fight(preset, 0, values, values));
    values[preset_find_variable(preset, "in_fight")] = 1;
    assert_true(preset_fight(preset, 0, values, values));
    assert_true(preset_fight(preset, 1, values, values)); /* port2_when is not said: the same */
    assert_false(preset_is_versus(preset, values, values));
    assert_int_equal(preset_still_frames(preset), 120);
    assert_int_equal(preset_versus_start(preset), 1);
    assert_int_equal(preset_num_ways(preset), 1);
    const preset_way_t *way = preset_way(preset, 0);
    assert_true(preset_condition(preset, way->condition, values, values));
    assert_int_equal(way->macro.num_frames, 3);
    assert_false(way->in_versus);
    assert_string_equal(way->say, "paused: press START");
    preset_free(preset);
    free(text);

    preset = sample_load(KUMITE);
    const int32_t active = preset_find_variable(preset, "fight_active");
    const int32_t two = preset_find_variable(preset, "two_players");
    for (int v = 0; v < 4; v++) {
        memset(values, 0, sizeof values);
        values[active] = v & 1, values[two] = v >> 1;
        assert_int_equal(preset_fight(preset, 0, values, values), v & 1);
        assert_int_equal(preset_fight(preset, 1, values, values), v == 3);
        assert_int_equal(preset_is_versus(preset, values, values), v == 3);
    }
    preset_free(preset);
}

static void test_defaults(void **state)
{
    (void)state;
    char text[1024];
    sample_minimal(text, sizeof text, "");
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_warnings(preset), 0);
    assert_int_equal(preset_frame_skip(preset), 4);
    assert_int_equal(preset_num_ports(preset), 2);
    assert_int_equal(preset_max_steps(preset), 0);
    assert_true(preset_reward_scale(preset) == 1);
    assert_true(!preset_has_reward(preset) && preset_novelty(preset) == PRESET_DEFAULT_NOVELTY);
    assert_false(preset_tells_winner(preset));
    assert_true(preset_ram_bytes(preset) == 0 && !preset_word_swapped(preset));
    assert_int_equal(preset_num_starts(preset), 0);
    assert_int_equal(preset_language(preset)->num_buttons, 12);
    assert_false(preset_knows_fight(preset));
    assert_int_equal(preset_still_frames(preset), 0);
    assert_int_equal(preset_versus_start(preset), -1);
    assert_int_equal(preset_num_ways(preset), 0);
    assert_null(preset_similarity(preset));
    assert_int_equal(preset_similarity_row(preset, 0), -1);
    const int64_t values[1] = { 1 };
    assert_false(preset_done(preset, 0, values, values));
    assert_false(preset_faces_left(preset, 0, values));
    assert_true(preset_reward(preset, 0, values, values) == 0);
    assert_int_equal(preset_result(preset, 0, values, values), PRESET_NO_RESULT);
    preset_free(preset);
}

/* As many terms as there may be, each of the largest value and weight, all of one sign: the sum of
 * a year's frames is finite in the float that an outcome holds it in. */
static void test_no_reward_leaves_the_range_of_a_float(void **state)
{
    (void)state;
    static char text[32768];
    size_t length = (size_t)sprintf(text, "{\"kata_preset\": 1, \"game\": \"G\", \"system\": "
                                          "\"nes\", \"variables\": {\"v\": {\"address\": 0, "
                                          "\"type\": \"<i8\"}}, \"actions\": {\"primitives\": "
                                          "[{\"name\": \"N\", \"pad\": \"5\"}]}, \"reward\": "
                                          "{\"scale\": 1e9, \"terms\": [");
    for (int32_t t = 0; t < 128; t++)
        length += (size_t)sprintf(text + length,
                                  "%s{\"variable\": \"v\", \"reward\": 1e-4, \"penalty\": "
                                  "-1e-4}",
                                  t ? ", " : "");
    sprintf(text + length, "]}}");
    preset_t *preset = sample_parse(text);
    const int64_t low = INT64_MIN, high = INT64_MAX, zero = 0;
    const int64_t *const values[3] = { &low, &high, &zero };
    const double year_frames = 60.0 * 3600 * 24 * 366;
    double largest = 0;
    for (int32_t a = 0; a < 3; a++)
        for (int32_t b = 0; b < 3; b++) {
            const double reward =
                preset_reward(preset, 0, values[a], values[b]) * preset_reward_scale(preset);
            assert_true(fabs(reward) * year_frames <= (double)FLT_MAX);
            largest = fmax(largest, fabs(reward));
        }
    assert_true(largest > 1e26);
    preset_free(preset);
}

static void test_novelty_counts_where_nothing_else_does(void **state)
{
    (void)state;
    static const struct {
        const char *reward;
        double novelty;
    } all[] = {
        { "{\"scale\": 2}", PRESET_DEFAULT_NOVELTY },
        { "{\"terms\": []}", PRESET_DEFAULT_NOVELTY },
        { "{\"novelty\": 0}", 0 },
        { "{\"novelty\": 1000}", 1000 },
        { "{\"time\": {\"reward\": 1}}", 0 },
        { "{\"novelty\": 0.5, \"variables\": {\"a\": {\"reward\": 1}}}", 0.5 },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char fields[200], text[1024];
        snprintf(fields, sizeof fields, "\"reward\": %s", all[i].reward);
        sample_minimal(text, sizeof text, fields);
        preset_t *preset = sample_parse(text);
        assert_int_equal(preset_num_warnings(preset), 0);
        assert_true(preset_novelty(preset) == all[i].novelty);
        preset_free(preset);
    }
}

static void test_one_variable_more(void **state)
{
    (void)state;
    char text[1024], *more;
    why_t why = "";
    sample_minimal(text, sizeof text, "\"memory\": {\"ram_bytes\": 2048}, \"colour\": 1");
    preset_t *preset = sample_parse(text);
    if (!preset_with_variable(&more, preset, "health", 0x7FE, ">d2", why)) fail_msg("%s", why);
    preset_t *longer = sample_parse(more);
    const int32_t v = preset_find_variable(longer, "health");
    assert_true(preset_variable(longer, v)->address == 0x7FE);
    assert_int_equal(preset_decode(longer, v, (const uint8_t[]){ 0x12, 0x34 }), 1234);
    assert_int_equal(preset_num_variables(longer), 2);
    assert_int_equal(preset_num_warnings(longer), 1); /* what we do not know is kept */
    preset_free(longer);
    free(more);
    static const struct {
        const char *name, *type, *why;
        uint64_t address;
    } wrong[] = {
        { "a", "|u1", "variable a: the preset has one of this name already", 0 },
        { "b", "|u1", "variable b: no preset counts so far", 1ull << 32 },
        { "b", ">d2", "the preset: variables.b.address: must lie in memory with its 2 bytes",
          0x7FF },
        { "b", "u1", "the preset: variables.b.type: must begin with a byte order", 0 },
        { "../b", "|u1", "the preset: variables.", 0 },
        { "", "|u1", "the preset: variables.", 0 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(preset_with_variable(&more, preset, wrong[i].name, wrong[i].address,
                                          wrong[i].type, why));
        assert_null(more);
        if (strncmp(why, wrong[i].why, strlen(wrong[i].why)) != 0)
            fail_msg("said \"%s\", not \"%s\"", why, wrong[i].why);
    }
    preset_free(preset);
}

static void test_unknown_fields_are_warned_of(void **state)
{
    (void)state;
    char text[2048];
    sample_minimal(
        text, sizeof text,
        "\"colour\": 1, \"timing\": {\"frame_skip\": 2, \"tempo\": [1, 2]}, \"note\": \"fine\"");
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_warnings(preset), 2);
    assert_string_equal(preset_warning(preset, 0),
                        "test: timing.tempo: unknown field, kept and ignored");
    assert_string_equal(preset_warning(preset, 1), "test: colour: unknown field, kept and ignored");
    assert_int_equal(preset_frame_skip(preset), 2);
    preset_free(preset);
}

/* Lengths around the edges of the padding; the answers are sha1sum's for so many letters a. */
static void test_the_hash_is_sha1(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        const char *hex;
    } answers[] = {
        { 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { 1, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8" },
        { 3, "7e240de74fb1ed08fa08d38063f6a6a91462a815" },
        { 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
        { 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
        { 57, "f08f24908d682555111be7ff6f004e78283d989a" },
        { 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
        { 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
        { 65, "11655326c708d70319be2610e8a57d9a5b959d3b" },
        { 119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56" },
        { 120, "f34c1488385346a55709ba056ddd08280dd4c6d6" },
        { 128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0" },
        { 1000, "291e9a6c66994949b57ba5e650361e98fc36b1ba" },
    };
    char text[1024], hex[41];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        digest_sha1_hex(text, answers[i].length, hex);
        assert_string_equal(hex, answers[i].hex);
    }
    preset_t *preset;
    sample_minimal(text, sizeof text, "");
    assert_true(preset_parse(&preset, text, strlen(text), "t", NULL));
    digest_sha1_hex(text, strlen(text), hex);
    assert_string_equal(preset_hash(preset), hex);
    preset_free(preset);
}

static void test_which_games_match(void **state)
{
    (void)state;
    static const char sha1[] = "0123456789abcdef0123456789abcdef01234567";
    char text[2048];
    sample_minimal(text, sizeof text, "\"aliases\": [\"Gee\"]");
    preset_t *preset = sample_parse(text);
    assert_true(preset_matches(preset, "nes", sha1, NULL, NULL, "g"));
    assert_true(preset_matches(preset, "nes", "", "", "", "GEE"));
    assert_false(preset_matches(preset, "snes", NULL, NULL, NULL, "g"));
    assert_false(preset_matches(preset, "nes", NULL, NULL, NULL, "h"));
    assert_false(preset_matches(preset, "nes", NULL, NULL, NULL, NULL));
    preset_free(preset);

    sample_minimal(text, sizeof text,
                   "\"hashes\": [{\"sha1\": \"0123456789ABCDEF0123456789abcdef01234567\"},"
                   " {\"crc32\": \"89ABCDEF\", \"md5\": \"0123456789abcdef0123456789abcdef\"}]");
    preset = sample_parse(text);
    assert_true(preset_matches(preset, "nes", sha1, NULL, NULL, NULL));
    assert_true(preset_matches(preset, NULL, sha1, NULL, NULL, NULL));
    assert_true(preset_matches(preset, "unknown", NULL, "89abcdef", NULL, NULL));
    assert_true(
        preset_matches(preset, "nes", NULL, NULL, "0123456789ABCDEF0123456789ABCDEF", NULL));
    assert_false(preset_matches(preset, "snes", sha1, NULL, NULL, NULL));
    assert_false(
        preset_matches(preset, "nes", NULL, NULL, NULL, "G")); /* other dumps are unknown */
    preset_free(preset);
}

/* ---- finding ---- */

static void write_preset(const char *folder, const char *name, const char *text)
{
    char path[512];
    why_t why;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static void test_finding_in_folders(void **state)
{
    (void)state;
    char base[256], deep[300], dirs[600], path[4096], text[1024];
    why_t why;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/find-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(base));
    snprintf(deep, sizeof deep, "%s/nes/more", base);
    assert_true(files_make_dirs(deep, why));
    snprintf(dirs, sizeof dirs, "/nowhere:%s", base);

    preset_t *preset;
    assert_false(preset_find(&preset, dirs, "nes", NULL, NULL, NULL, "G", path, why));
    assert_string_equal(why, "no preset for this game was found");

    sample_minimal(text, sizeof text, "");
    write_preset(base, "broken.kata.json", "{");
    write_preset(base, "a.txt", text);
    assert_false(preset_find(&preset, dirs, "nes", NULL, NULL, NULL, "G", path, why));
    assert_null(preset);
    assert_non_null(strstr(why, "broken.kata.json: line 1, column 2: expected a key"));

    write_preset(deep, "z.kata.json", text);
    assert_true(preset_find(&preset, dirs, "nes", NULL, NULL, NULL, "G", path, why));
    assert_non_null(strstr(path, "/nes/more/z.kata.json"));
    preset_free(preset);
    write_preset(base, "c.kata.json", text); /* comes before nes/ */
    assert_true(preset_find(&preset, dirs, "nes", NULL, NULL, NULL, "G", path, why));
    assert_non_null(strstr(path, "/c.kata.json"));
    preset_free(preset);
    assert_true(preset_find(&preset, dirs, "nes", NULL, NULL, NULL, "G", NULL, NULL));
    preset_free(preset);
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    preset_t *preset;
    why_t why;
    assert_false(preset_load(&preset, "/nowhere/x.kata.json", why));
    assert_null(preset);
    assert_string_equal(why, "/nowhere/x.kata.json: cannot be read: No such file or directory");
    assert_false(preset_load(&preset, "/tmp", why));
    assert_string_equal(why, "/tmp: is not a regular file");
}

/* Words, a hold of its own time, a remark that is said; buttons may be numbers, and are words then.
 */
static void test_moves_as_players_write_them(void **state)
{
    (void)state;
    static const char moves[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"pad\": {\"buttons\": "
        "{\"%s\": "
        "\"b\"}}, \"timing\": {\"motion_frames\": 2, \"press_frames\": 1, \"hold_frames\": 9}, "
        "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"%s\"}], \"macros\": "
        "[{\"name\": "
        "\"M\", \"notation\": \"qcf+[%s] (charged)\"}]}}";
    char text[1024];
    snprintf(text, sizeof text, moves, "HP", "5", "HP");
    preset_t *preset = sample_parse(text);
    const macro_t *macro = &preset_action(preset, 1)->macro;
    assert_string_equal(macro->notation, "236[HP]");
    assert_int_equal(macro->num_frames, 2 + 2 + 9);
    assert_int_equal(preset_num_warnings(preset), 1);
    assert_string_equal(preset_warning(preset, 0),
                        "test: actions.macros[0].notation: passed over: (charged)");
    preset_free(preset);
    snprintf(text, sizeof text, moves, "1", "n", "1");
    preset = sample_parse(text);
    assert_string_equal(preset_action(preset, 1)->macro.notation, "d,df,f+[1]");
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_specification),
        cmocka_unit_test(test_boot_scripts_of_the_example),
        cmocka_unit_test(test_how_many_play_at_a_start),
        cmocka_unit_test(test_the_fight_and_the_ways_to_it),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_no_reward_leaves_the_range_of_a_float),
        cmocka_unit_test(test_novelty_counts_where_nothing_else_does),
        cmocka_unit_test(test_one_variable_more),
        cmocka_unit_test(test_unknown_fields_are_warned_of),
        cmocka_unit_test(test_the_hash_is_sha1),
        cmocka_unit_test(test_which_games_match),
        cmocka_unit_test(test_finding_in_folders),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_moves_as_players_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
