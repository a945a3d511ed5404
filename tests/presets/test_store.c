/* test_store.c - starters, folders of presets, descriptions, advice. */
#include "store.h"
#include "files.h"
#include "sample.h"
#include "starter.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[256];

static int make_folder(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/store-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

/* ---- starters ---- */

static preset_t *start(const starter_t *starter)
{
    char *text;
    why_t why = "";
    if (!preset_starter(&text, starter, why)) fail_msg("%s", why);
    preset_t *preset = sample_parse(text);
    assert_int_equal(preset_num_warnings(preset), 0);
    free(text);
    return preset;
}

static bool has_button(const preset_t *preset, const char *name, uint16_t pad)
{
    const macro_language_t *language = preset_language(preset);
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (strcmp(language->buttons[b].name, name) == 0) return language->buttons[b].pad == pad;
    return false;
}

static void test_starters_of_known_systems(void **state)
{
    (void)state;
    static const char *const systems[] = { "nes", "snes", "genesis", "32x", "sms",      "gg",
                                           "gb",  "gbc",  "gba",     "pce", "atari2600" };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        const starter_t starter = { .game = "Some Game", .system = systems[i], .num_ports = 2 };
        preset_t *preset = start(&starter);
        assert_true(preset_num_actions(preset) >= 12);
        assert_true(preset_matches(preset, systems[i], NULL, NULL, NULL, "some game"));
        assert_int_equal(preset_num_starts(preset), 1);
        preset_free(preset);
    }
    const starter_t genesis = { .game = "G", .system = "genesis", .num_ports = 2 };
    preset_t *preset = start(&genesis);
    assert_true(has_button(preset, "A", 1 << 1));
    assert_true(has_button(preset, "C", 1 << 8));
    assert_true(preset_ram_base(preset) == 0xFF0000);
    /* Past menus that nobody described, if it is asked for. */
    const int32_t num_actions = preset_num_actions(preset);
    preset_free(preset);
    const starter_t pressing = {
        .game = "G", .system = "genesis", .num_ports = 2, .presses_start = true
    };
    preset = start(&pressing);
    assert_int_equal(preset_num_actions(preset), num_actions + 1);
    bool presses_start = false;
    for (int32_t a = 0; a <= num_actions; a++)
        presses_start = presses_start || preset_action(preset, a)->macro.steps[0].pad == 1 << 3;
    assert_true(presses_start);
    preset_free(preset);
    assert_true(preset_starter_knows_pad("pce"));
    assert_false(preset_starter_knows_pad("arcade"));
}

static void test_starters_take_the_core_at_its_word(void **state)
{
    (void)state;
    const starter_t starter = {
        .game = "../../Evil:\x1b[2J Game..",
        .system = "arcade",
        .sha1 = "0123456789abcdef0123456789abcdef01234567",
        .num_ports = 1,
        .num_inputs = 8,
        .inputs = { { 0, "Weak Punch" },
                    { 1, "1" },
                    { 8, "Weak Punch" },
                    { 3, "Player 1 Start" },
                    { 4, "Up" },
                    { 99, "Coin" },
                    { -1, "x" },
                    { 9, "\xE3\x83\x91" } },
    };
    preset_t *preset = start(&starter);
    assert_string_equal(preset_game(preset), ".Evil:[2J Game.");
    assert_true(has_button(preset, "WeakPunch", 1 << 0));
    assert_true(has_button(preset, "Y", 1 << 1));
    assert_true(has_button(preset, "A", 1 << 8)); /* the name is taken */
    assert_true(has_button(preset, "START", 1 << 3));
    assert_true(has_button(preset, "X", 1 << 9));
    assert_int_equal(preset_num_ports(preset), 1);
    assert_true(preset_matches(preset, "arcade", starter.sha1, NULL, NULL, NULL));
    preset_free(preset);

    char *text;
    why_t why;
    const starter_t wrong = { .game = "G", .system = "NES!", .num_ports = 1 };
    assert_false(preset_starter(&text, &wrong, why));
    assert_null(text);
    assert_string_equal(why, "the starter: system: must be a short name like nes or genesis, found "
                             "\"NES!\"");
}

/* ---- storing ---- */

static void test_storing_and_not_overwriting(void **state)
{
    (void)state;
    char path[4096], text[1024];
    why_t why;
    sample_minimal(text, sizeof text, "");
    preset_t *preset = sample_parse(text);
    assert_true(preset_store(preset, folder, false, path, why));
    assert_non_null(strstr(path, "/nes/G.kata.json"));
    preset_t *again = sample_load(path);
    assert_string_equal(preset_hash(again), preset_hash(preset));
    preset_free(again);
    assert_false(preset_store(preset, folder, false, path, why));
    assert_non_null(strstr(why, "there is a preset of this game already"));
    assert_true(preset_store(preset, folder, true, path, why));
    preset_free(preset);
}

static void test_stored_names_stay_in_their_folder(void **state)
{
    (void)state;
    static const struct {
        const char *game, *file;
    } rows[] = {
        { "Street Fighter II': Turbo", "/Street Fighter II'_ Turbo.kata.json" },
        { ".hidden", "/_hidden.kata.json" },
        { "a*b?c", "/a_b_c.kata.json" },
        { "\xC3\xA9t\xC3\xA9", "/\xC3\xA9t\xC3\xA9.kata.json" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[512], path[4096];
        snprintf(text, sizeof text,
                 "{\"kata_preset\": 1, \"game\": \"%s\", \"system\": \"nes\", \"actions\": "
                 "{\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}}",
                 rows[r].game);
        preset_t *preset = sample_parse(text);
        assert_true(preset_store_path(preset, "/dir", path));
        assert_string_equal(strrchr(path, '/'), rows[r].file);
        char name[PRESET_STORE_NAME_BYTES];
        preset_store_name(preset, name);
        assert_string_equal(name, rows[r].file + 1);
        assert_int_equal(strncmp(path, "/dir/nes/", 9), 0);
        preset_free(preset);
    }
}

typedef struct {
    int32_t num_good, num_broken, stop_after;
    char paths[8][4096];
} seen_t;

static bool see(void *context, const char *path, preset_t *preset, const char *why)
{
    seen_t *seen = context;
    snprintf(seen->paths[seen->num_good + seen->num_broken], 4096, "%s", path);
    if (preset)
        seen->num_good++;
    else
        seen->num_broken++;
    assert_int_equal(preset == NULL, why[0] != '\0');
    return --seen->stop_after != 0;
}

static void test_walking(void **state)
{
    (void)state;
    char deep[600], path[700], text[1024];
    why_t why;
    sample_minimal(text, sizeof text, "");
    snprintf(deep, sizeof deep, "%s/a/b/c", folder);
    assert_true(files_make_dirs(deep, why));
    const char *const names[] = { "z.kata.json",     "a/m.kata.json",
                                  "a/b/k.kata.json", "a/b/c/too-deep.kata.json",
                                  "x.json",          ".y.kata.json" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_true(files_replace(path, i == 1 ? "{" : text, i == 1 ? 1 : strlen(text), why));
    }
    seen_t seen = { 0 };
    snprintf(path, sizeof path, "::/nowhere:%s/a:%s", folder, folder);
    preset_walk(path, see, &seen);
    /* folder a alone, then everything: too-deep is two levels below a, and too deep below all */
    assert_int_equal(seen.num_good, 4);
    assert_int_equal(seen.num_broken, 2);
    assert_non_null(strstr(seen.paths[0], "/a/b/c/too-deep"));
    assert_non_null(strstr(seen.paths[1], "/a/b/k."));
    assert_non_null(strstr(seen.paths[2], "/a/m."));
    assert_non_null(strstr(seen.paths[5], "/z."));
    seen_t first = { .stop_after = 2 };
    preset_walk(path, see, &first);
    assert_int_equal(first.num_good + first.num_broken, 2);
}

/* ---- words ---- */

static void test_descriptions(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    char *text = preset_describe(preset);
    static const char *const parts[] = { "Kumite (nes), preset ",
                                         "Fireball  236B  6 frames",
                                         "enemy_health at 0x311",
                                         "level1, ",
                                         ", default",
                                         "Fight: said when; ways to it: 2",
                                         "Similarity: none yet",
                                         "Author: the Kata authors" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(text, parts[i])) fail_msg("%s is not in:\n%s", parts[i], text);
    free(text);
    preset_free(preset);

    /* Nothing of a stranger's reaches the terminal as a command. */
    char fields[1024];
    sample_minimal(fields, sizeof fields,
                   "\"\\u001b]0;x\\u0007\": 1, \"similarity\": {\"rows\": [\"6\"], \"upper\": []}");
    preset = sample_parse(fields);
    text = preset_describe(preset);
    for (const char *c = text; *c; c++) assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
    assert_non_null(strstr(text, "Warning: test: ?]0;x?: unknown field"));
    free(text);
    preset_free(preset);
}

static void test_advice(void **state)
{
    (void)state;
    char text[2048];
    sample_minimal(text, sizeof text, "\"reward\": {\"variables\": {\"a\": {}}}");
    preset_t *preset = sample_parse(text);
    char *advice = preset_advice(preset);
    assert_string_equal(advice, "done: none, and no timing.max_steps: an episode would never end\n"
                                "starts: none, so an episode begins at power-on\n"
                                "fight: none, so in a frontend the agent presses buttons in menus, "
                                "too\n"
                                "hashes: none, so any game of that name and system matches\n"
                                "provenance: author and licence should be said before it is passed "
                                "on\nreward: term 1 is always 0\n");
    free(advice);
    preset_free(preset);

    preset = sample_parse("{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\": "
                          "{\"macros\": [{\"name\": \"X\", \"notation\": \"6A\"}, {\"name\": \"Y\","
                          " \"notation\": \"6+A\"}, {\"name\": \"Z\", \"notation\": \"{200}\"}]},"
                          " \"variables\": {\"v\": {\"address\": 1, \"type\": \"|u1\"}}}");
    advice = preset_advice(preset);
    assert_non_null(strstr(advice, "\"Y\" is the same as \"X\"\n"));
    assert_non_null(strstr(advice, "\"Z\" lasts 200 frames"));
    assert_non_null(strstr(advice, "nothing reads \"v\""));
    assert_non_null(strstr(advice, "reward: none"));
    free(advice);
    preset_free(preset);
}

/* Of a reward, what its operator never reaches. */
static void test_advice_on_what_never_counts(void **state)
{
    (void)state;
    static const struct {
        const char *reward, *says; /* NULL: nothing */
    } rows[] = {
        { "\"time\": {\"penalty\": 1}",
          "reward.time: penalty never counts, as time is 1 each frame; write \"reward\": -1 to" },
        { "\"time\": {\"penalty\": -0.5, \"reward\": 1}", "write \"reward\": 0.5 to" },
        { "\"time\": {\"reward\": -1}", NULL },
        { "\"time\": {\"penalty\": 1, \"op\": \"equal\", \"reference\": 1}",
          "reward.time: penalty never counts, as its op gives 0 or 1" },
        { "\"time\": {\"reward\": 1, \"op\": \"zero\"}", "reward.time: reward never counts" },
        { "\"versus\": {\"time\": {\"penalty\": 1}}", "reward.versus.time: penalty never counts" },
        { "\"versus\": {\"time\": {\"reward\": -1}}",
          "reward.versus: never counts, as no start is for two" },
        { "\"variables\": {\"u\": {\"penalty\": 1}}", NULL },
        { "\"variables\": {\"u\": {\"penalty\": 1, \"measurement\": \"absolute\"}}",
          "reward: penalty of \"u\" never counts, as its value is never below 0" },
        { "\"variables\": {\"i\": {\"penalty\": 1, \"measurement\": \"absolute\"}}", NULL },
        { "\"variables\": {\"i\": {\"penalty\": 1, \"op\": \"sign\"}}", NULL },
        { "\"variables\": {\"i\": {\"penalty\": 1, \"op\": \"negative\"}}",
          "reward: penalty of \"i\" never counts, as its op gives 0 or 1" },
        { "\"variables\": {\"i\": {\"reward\": -1, \"op\": \"negative\"}}", NULL },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"actions\":"
                 " {\"primitives\": [{\"name\": \"W\", \"pad\": \"5\"}]}, \"variables\":"
                 " {\"u\": {\"address\": 1, \"type\": \"|u1\"},"
                 " \"i\": {\"address\": 2, \"type\": \"|i1\"}}, \"reward\": {%s}}",
                 rows[r].reward);
        preset_t *preset = sample_parse(text);
        char *advice = preset_advice(preset);
        const char *said = strstr(advice, "never counts");
        if (!said != !rows[r].says || (said && !strstr(advice, rows[r].says)))
            fail_msg("%s: said %s", rows[r].reward, advice);
        free(advice);
        preset_free(preset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starters_of_known_systems),
        cmocka_unit_test(test_starters_take_the_core_at_its_word),
        cmocka_unit_test_setup(test_storing_and_not_overwriting, make_folder),
        cmocka_unit_test(test_stored_names_stay_in_their_folder),
        cmocka_unit_test_setup(test_walking, make_folder),
        cmocka_unit_test(test_descriptions),
        cmocka_unit_test(test_advice),
        cmocka_unit_test(test_advice_on_what_never_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
