/* test_mine.c - `kata recording ...`, `kata macros mine` and `propose`: what they say, save and
 * refuse. */
#include "kata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define KUMITE "presets/library/nes/Kumite.kata.json"
#define HEAD "kata-recording 1\ngame Kumite\nsystem nes\nfps 60\nports 2\n\nsegment\n"

static kata_run_t r;

static const char *put(const char *name, const char *text)
{
    const char *path = kata_path(name);
    kata_write_file(path, text, strlen(text));
    return path;
}

/* Fireballs, rising fists and a low kick into a sweep, between waits that never come again. */
static const char *make_recording(const char *name, const char *head)
{
    static const char *const moves[] = {
        "%d down -\n3 down+right -\n%d right+B -\n",
        "%d down -\n3 down+left -\n%d left+B -\n", /* facing left */
        "%d right -\n2 down -\n%d down+right+A -\n",
        "%d down+B -\n9 down -\n%d down+A -\n",
    };
    char *text;
    size_t num_bytes;
    int total = 0;
    FILE *out = open_memstream(&text, &num_bytes);
    fputs(head, out);
    for (int i = 0; i < 80; i++) {
        const int wait = 7 + i * 29 % 83, first = 2 + i % 3, last = 4 + i / 3 % 3;
        static const int inside[] = { 3, 3, 2, 9 };
        fprintf(out, "%d - -\n", wait);
        fprintf(out, moves[i % 4], first, last);
        total += wait + first + inside[i % 4] + last;
    }
    fprintf(out, "\nend %d\n", total);
    fclose(out);
    const char *path = put(name, text);
    free(text);
    return path;
}

static void expect_refused(int status, const char *says)
{
    kata_expect(&r, status);
    kata_expect_err(&r, says);
    assert_memory_equal(r.err, "kata: ", 6);
    assert_int_equal(strcspn(r.err, "\n"), strlen(r.err) - 1);
}

static void test_show_says_what_is_in_it(void **state)
{
    (void)state;
    const char *path = put("two.kata-recording", HEAD "60 - -\n30 B left\n\nsegment\n10 - -\n"
                                                      "\nend 100\n");
    RUN(&r, "recording", "show", path);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kata recording");
    kata_expect_out(&r, "game      Kumite");
    kata_expect_out(&r, "100 frames, 0:01.7 at 60 a second, in 2 segments");
    kata_expect_out(&r, "port 1    held in 30.0 % of the frames, 2 changes: B");
    kata_expect_out(&r, "port 2    held in 30.0 % of the frames, 2 changes: left");

    RUN(&r, "recording", "show", "--json", path);
    kata_expect(&r, 0);
    cJSON *object = cJSON_Parse(r.out);
    assert_non_null(object);
    assert_string_equal(cJSON_GetObjectItem(object, "game")->valuestring, "Kumite");
    assert_int_equal(cJSON_GetObjectItem(object, "frames")->valueint, 100);
    assert_int_equal(cJSON_GetObjectItem(object, "segments")->valueint, 2);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(object, "ports")), 2);
    cJSON_Delete(object);

    RUN(&r, "recording", "show", put("bad", "hello"), path); /* the rest is shown all the same */
    kata_expect(&r, 1);
    kata_expect_err(&r, "bad: no recording that Kata reads");
    kata_expect_out(&r, "Kumite");
}

static void test_convert_makes_katas_own_text(void **state)
{
    (void)state;
    const char *movie = put("run.fm2", "version 3\nport0 1\nport1 0\n|0|R......A|||\n"
                                       "|0|R......A|||\n|0|........|||\n");
    RUN(&r, "recording", "convert", movie);
    kata_expect(&r, 0);
    kata_expect_out(&r, "kata-recording 1\nsystem nes\nfps 60.0988\nports 2\n\nsegment\n"
                        "2 right+A -\n1 - -\n\nend 3\n");
    const char *saved = kata_path("run.kata-recording");
    RUN(&r, "recording", "convert", movie, "--out", saved);
    kata_expect(&r, 0);
    RUN(&r, "recording", "convert", movie, "--out", saved);
    expect_refused(1, "is there already; --replace");
    RUN(&r, "recording", "convert", saved, "--out", saved, "--replace");
    kata_expect(&r, 0);
    RUN(&r, "recording", "convert", movie, "--replace");
    expect_refused(2, "--replace needs --out FILE");
    RUN(&r, "recording", "convert", kata_path("missing"));
    expect_refused(1, "missing");
}

static const char *line_of(const char *words)
{
    static char line[512];
    const char *at = strstr(r.out, words);
    if (!at) fail_msg("stdout lacks \"%s\":\n%s", words, r.out);
    snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
    return line;
}

static void test_mine_prints_the_moves(void **state)
{
    (void)state;
    const char *path = make_recording("moves.kata-recording", HEAD);
    RUN(&r, "macros", "mine", path, "--preset", KUMITE);
    kata_expect(&r, 0);
    assert_non_null(strstr(line_of("236B (236P)"), "40")); /* both ways round */
    assert_non_null(strstr(line_of("236B (236P)"), "= Fireball"));
    assert_non_null(strstr(line_of("623A (623P)"), "= Heavy rising fist"));
    assert_null(strchr(line_of("2B,"), '='));

    RUN(&r, "macros", "mine", path, "--top", "1", "--json");
    kata_expect(&r, 0);
    cJSON *object = cJSON_Parse(r.out);
    assert_string_equal(cJSON_GetObjectItem(object, "notation")->valuestring, "236B");
    assert_int_equal(cJSON_GetObjectItem(object, "count")->valueint, 40);
    assert_int_equal(cJSON_GetObjectItem(object, "mirrored")->valueint, 20);
    assert_true(cJSON_GetObjectItem(object, "bits_saved")->valuedouble > 24);
    assert_null(cJSON_GetObjectItem(object, "known_as"));
    cJSON_Delete(object);
    assert_int_equal(strcspn(r.out, "\n"), strlen(r.out) - 1); /* --top 1 */

    RUN(&r, "macros", "mine", path, "--facing", "right"); /* now back is not forward */
    kata_expect(&r, 0);
    line_of("214B");

    RUN(&r, "macros", "mine", path, "--jitter", "0"); /* no two are the same to the frame */
    kata_expect(&r, 0);
    assert_null(strstr(r.out, " 40 "));
}

static void test_mine_adds_to_a_preset_what_it_has_not(void **state)
{
    (void)state;
    const char *path = make_recording("moves.kata-recording", HEAD);
    const char *out = kata_path("mined.kata.json");
    RUN(&r, "macros", "mine", path, "--preset", KUMITE, "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "saved ");
    RUN(&r, "preset", "diff", KUMITE, out);
    kata_expect_out(&r, "+ actions.macros \"2B,{9}2A, as played\"");
    assert_null(strstr(r.out, "236B"));
    assert_null(strstr(r.out, "- "));
    RUN(&r, "preset", "validate", out);
    kata_expect(&r, 0);

    RUN(&r, "macros", "mine", path, "--preset", KUMITE, "--out", out);
    expect_refused(1, "is there already; --replace");
    RUN(&r, "macros", "mine", path, "--preset", out, "--out", out, "--replace");
    expect_refused(1, "there is no macro in it that"); /* all are known now */
}

static void test_mine_refuses(void **state)
{
    (void)state;
    const char *path = make_recording("moves.kata-recording", HEAD);
    RUN(&r, "macros", "mine", path, "--out", "x");
    expect_refused(2, "--out needs --preset FILE");
    RUN(&r, "macros", "mine", path, "--replace");
    expect_refused(2, "--replace needs --out FILE");
    RUN(&r, "macros", "mine", path, "--port", "9");
    expect_refused(2, "port");
    RUN(&r, "macros", "mine", path, "--port", "2");
    expect_refused(1, "nothing is held on port 2");
    RUN(&r, "macros", "mine", path, "--preset", kata_path("none.json"));
    expect_refused(1, "none.json");
    RUN(&r, "macros", "mine", put("bad", "PK\x03\x04"));
    expect_refused(1, "not a whole zip");
    RUN(&r, "macros", "mine", path,
        make_recording("right.kata-recording",
                       "kata-recording 1\nfacing right\nports 2\nsegment\n"));
    expect_refused(1, "which way the fighter looks");
    RUN(&r, "macros", "mine", put("short.kata-recording", HEAD "5 B -\n\nend 5\n"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "nothing repeats");
    RUN(&r, "macros", "mine", path, path, path); /* several files are one recording */
    kata_expect(&r, 0);
    assert_non_null(strstr(line_of("236B"), "120"));
}

/* `kata macros mine *.bk2`: as many files as a shell passes. */
static void test_many_recordings_at_once(void **state)
{
    (void)state;
    enum { NUM_FILES = 1500 };
    const char *path = put("short.kata-recording", "kata-recording 1\nports 1\n\nsegment\n"
                                                   "3 down\n3 -\n\nend 6\n");
    const char **words = calloc(NUM_FILES + 4, sizeof *words);
    words[0] = "macros";
    words[1] = "mine";
    for (int i = 0; i < NUM_FILES; i++) words[2 + i] = path;
    kata_run(&r, words);
    kata_expect(&r, 0);
    words[1] = "validate";
    words[0] = "preset";
    for (int i = 0; i < NUM_FILES; i++) words[2 + i] = KUMITE;
    kata_run(&r, words);
    kata_expect(&r, 0);
    free(words);
}

/* `kata macros propose`: a preset with so many actions that differ, which a game is played with. */
static void test_propose_makes_a_preset_of_so_many_actions(void **state)
{
    (void)state;
    const char *out = kata_path("K64.kata.json");
    RUN(&r, "macros", "propose", kata_rom(), "--count", "64", "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite: 64 actions, 24 of its own, 25 motions, 15 directions\n");
    kata_expect_out(&r, "left out: 236B does what Fireball does\n");
    RUN(&r, "preset", "validate", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "64 actions");
    RUN(&r, "eval", kata_rom(), "--preset", out, "--who", "random", "--episodes", "1");
    kata_expect(&r, 0);
    kata_expect_out(&r, "j7.A");

    RUN(&r, "macros", "propose", KUMITE, "--count", "240", "--random", "--seed", "7");
    kata_expect(&r, 0);
    kata_expect_out(&r, "240 actions, 24 of its own, 216 random sequences\n");
    kata_expect_out(&r, "Random 216 ");

    const char *path = make_recording("played.kata-recording", HEAD);
    RUN(&r, "macros", "propose", KUMITE, path, "--count", "60", "--random");
    kata_expect(&r, 0);
    kata_expect_out(&r, "from recordings");
    kata_expect_out(&r, "236B, as played");
}

/* Two actions of the preset that hold the same are one. */
static void test_propose_drops_what_the_preset_has_twice(void **state)
{
    (void)state;
    const char *twice = put("Twice.kata.json",
                            "{\"kata_preset\": 1, \"game\": \"Twice\", \"system\": \"nes\","
                            "\"actions\": {\"primitives\": [{\"name\": \"Wait\", \"pad\": \"5\"},"
                            "{\"name\": \"Idle\", \"pad\": \"5\"}], \"macros\": ["
                            "{\"name\": \"Walk\", \"notation\": \"6{8}\"},"
                            "{\"name\": \"Go\", \"notation\": \"6{7}\"},"
                            "{\"name\": \"Stroll\", \"notation\": \"6{5};6{3}\"}]}}");
    const char *out = kata_path("Once.kata.json");
    RUN(&r, "macros", "propose", twice, "--count", "4", "--random", "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "left out: Idle does what Wait does\n");
    kata_expect_out(&r, "left out: Stroll does what Walk does\n");
    RUN(&r, "preset", "show", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Go");
    assert_null(strstr(r.out, "Stroll"));
    assert_null(strstr(r.out, "Idle"));
}

static void test_propose_refuses(void **state)
{
    (void)state;
    RUN(&r, "macros", "propose", KUMITE, "--count", "23");
    expect_refused(1, "Kumite has 24 different actions already");
    RUN(&r, "macros", "propose", KUMITE, "--preset", KUMITE);
    expect_refused(1, "is a preset already");
    RUN(&r, "macros", "propose", kata_path("nothing.nes"));
    expect_refused(1, "nothing.nes");
    RUN(&r, "macros", "propose", KUMITE, kata_path("nothing.bk2"));
    expect_refused(1, "nothing.bk2");
    const char *path = put("there.kata.json", "mine");
    RUN(&r, "macros", "propose", KUMITE, "--out", path);
    expect_refused(1, "is there already");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_show_says_what_is_in_it),
        cmocka_unit_test(test_convert_makes_katas_own_text),
        cmocka_unit_test(test_mine_prints_the_moves),
        cmocka_unit_test(test_mine_adds_to_a_preset_what_it_has_not),
        cmocka_unit_test(test_mine_refuses),
        cmocka_unit_test(test_many_recordings_at_once),
        cmocka_unit_test(test_propose_makes_a_preset_of_so_many_actions),
        cmocka_unit_test(test_propose_drops_what_the_preset_has_twice),
        cmocka_unit_test(test_propose_refuses),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
