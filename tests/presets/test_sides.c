/* test_sides.c - what port 2 is told follows from port 1's by exchanging variables and values. */
#include "canonical.h"
#include "merge.h"
#include "sample.h"
#include "sides.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VARIABLES                                                                                  \
    "\"variables\": {\"hp\": {\"address\": 0, \"type\": \"|u1\"},"                                 \
    " \"enemy_hp\": {\"address\": 4, \"type\": \">u2\"},"                                          \
    " \"x\": {\"address\": 1, \"type\": \"|i1\"}, \"enemy_x\": {\"address\": 2, \"type\": "        \
    "\"|i1\"},"                                                                                    \
    " \"winner\": {\"address\": 3, \"type\": \"|u1\"}, \"timer\": {\"address\": 6, \"type\": "     \
    "\"|u1\"},"                                                                                    \
    " \"low\": {\"address\": 7, \"type\": \"|u1\", \"mask\": 15}}"
#define HEAD "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", " VARIABLES ", "
#define ACTIONS                                                                                    \
    "\"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"6\"},"                            \
    " {\"name\": \"Menu\", \"pad\": \"6\", \"mirrors\": false}]}"
#define SIDES                                                                                      \
    "\"sides\": {\"variables\": {\"hp\": \"enemy_hp\", \"x\": \"enemy_x\"},"                       \
    " \"values\": {\"winner\": [1, 2]}}"
#define JUDGES                                                                                     \
    "\"reward\": {\"scale\": 0.5, \"variables\": {\"hp\": {\"penalty\": 1},"                       \
    " \"enemy_hp\": {\"penalty\": -2}, \"winner\": {\"measurement\": \"absolute\", \"op\": "       \
    "\"equal\", \"reference\": 1, \"reward\": 7}, \"x\": {\"measurement\": \"absolute\", \"op\": " \
    "\"greater-than\", \"reference\": \"enemy_x\", \"reward\": 3}, \"timer\": {\"reward\": 5}},"   \
    " \"time\": {\"reward\": 0.25}},"                                                              \
    "\"done\": {\"any\": [\"hp == 0\", {\"all\": [\"delta enemy_hp < 0\", \"timer < 9\"]},"        \
    " \"winner == 2\"]},"                                                                          \
    "\"result\": {\"won\": \"winner == 1\", \"lost\": {\"all\": [\"winner == 2\", \"hp < "         \
    "enemy_hp\"]}, \"drawn\": \"hp == enemy_hp\"},"                                                \
    "\"facing\": {\"left_when\": \"x > enemy_x\"}"

enum { HP, ENEMY_HP, X, ENEMY_X, WINNER, TIMER, LOW, NUM_VARIABLES };

/* Slow and obvious: the memory of the same game with the players in each other's place. */
static void exchange(int64_t out[NUM_VARIABLES], const int64_t in[NUM_VARIABLES])
{
    memcpy(out, in, NUM_VARIABLES * sizeof *out);
    out[HP] = in[ENEMY_HP];
    out[ENEMY_HP] = in[HP];
    out[X] = in[ENEMY_X];
    out[ENEMY_X] = in[X];
    out[WINNER] = in[WINNER] == 1 ? 2 : in[WINNER] == 2 ? 1 : in[WINNER];
}

static void test_port_2_is_port_1_of_the_exchanged_game(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD ACTIONS ", " SIDES ", " JUDGES "}");
    int32_t seen[4] = { 0 }, num_left = 0, num_done = 0;
    srand(1);
    for (int32_t i = 0; i < 20000; i++) {
        int64_t before[NUM_VARIABLES], now[NUM_VARIABLES];
        int64_t before_there[NUM_VARIABLES], now_there[NUM_VARIABLES];
        for (int32_t v = 0; v < NUM_VARIABLES; v++) {
            before[v] = rand() % 4;
            now[v] = rand() % 4;
        }
        now[TIMER] = rand() % 20;
        exchange(before_there, before);
        exchange(now_there, now);
        for (uint32_t port = 0; port < 2; port++) { /* and back again */
            const uint32_t other = 1 - port;
            assert_true(preset_reward(preset, port, before, now) ==
                        preset_reward(preset, other, before_there, now_there));
            assert_int_equal(preset_done(preset, port, before, now),
                             preset_done(preset, other, before_there, now_there));
            assert_int_equal(preset_result(preset, port, before, now),
                             preset_result(preset, other, before_there, now_there));
            assert_int_equal(preset_faces_left(preset, port, now),
                             preset_faces_left(preset, other, now_there));
        }
        seen[preset_result(preset, 1, before, now)]++;
        num_left += preset_faces_left(preset, 1, now);
        num_done += preset_done(preset, 1, before, now);
    }
    for (int32_t r = 0; r < 4; r++) assert_true(seen[r] > 500);
    assert_true(num_left > 500 && num_done > 500 && num_done < 19500);
    preset_free(preset);
}

/* By hand, so that an error in both of the above is seen. */
static void test_port_2_by_hand(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD ACTIONS ", " SIDES ", " JUDGES "}");
    /* hp, enemy_hp, x, enemy_x, winner, timer, low */
    const int64_t before[] = { 10, 20, 5, 9, 0, 30, 0 }, now[] = { 7, 19, 5, 9, 2, 30, 0 };
    assert_true(preset_reward(preset, 0, before, now) == -3 * 1 + -1 * -2 + 0 + 0 + 0.25);
    assert_true(preset_reward(preset, 1, before, now) == -1 * 1 + -3 * -2 + 7 + 3 + 0.25);
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_LOST);
    assert_int_equal(preset_result(preset, 1, before, now), PRESET_WON);
    assert_true(preset_done(preset, 0, before, now));
    assert_false(preset_done(preset, 1, before, now));
    assert_false(preset_faces_left(preset, 0, now));
    assert_true(preset_faces_left(preset, 1, now));
    preset_free(preset);
}

static void test_facing_said_for_each_port(void **state)
{
    (void)state;
    preset_t *preset =
        sample_parse(HEAD ACTIONS ", " SIDES ", \"facing\": {\"left_when\": \"timer\", "
                                  "\"port2_left_when\": \"x == 3\"}}");
    const int64_t a[] = { 0, 0, 3, 1, 0, 0, 0 }, b[] = { 0, 0, 1, 3, 0, 1, 0 };
    assert_false(preset_faces_left(preset, 0, a));
    assert_true(preset_faces_left(preset, 1, a)); /* of the variables as they are */
    assert_true(preset_faces_left(preset, 0, b));
    assert_false(preset_faces_left(preset, 1, b));
    preset_free(preset);
}

/* Left and right as the agent sees the screen: FORMAT.md's table, row by row. */
static void test_pads_of_a_mirrored_picture(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        bool mirrored, no_facing;
    } all[] = {
        { SIDES ", \"facing\": {\"left_when\": \"x > enemy_x\"}", true, false },
        { SIDES, false, true },
        { "\"sides\": {\"mirror\": true}", true, true },
        { "\"sides\": {\"variables\": {\"x\": \"enemy_x\"}, \"mirror\": false},"
          " \"facing\": {\"left_when\": \"x > enemy_x\"}",
          false, false },
        { "\"sides\": {}", false, true },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[4096];
        snprintf(text, sizeof text, HEAD ACTIONS ", %s}", all[i].fields);
        preset_t *preset = sample_parse(text);
        assert_false(preset_mirrors_picture(preset, 0));
        assert_int_equal(preset_mirrors_picture(preset, 1), all[i].mirrored);
        const int64_t right[NUM_VARIABLES] = { [X] = 1, [ENEMY_X] = 2 }; /* port 1 looks right */
        for (uint32_t port = 0; port < 2; port++) {
            const bool left = preset_faces_left(preset, port, right);
            const bool expected = all[i].no_facing ? port == 1 && all[i].mirrored : port == 1;
            assert_int_equal(left, expected);
            assert_int_equal(preset_mirrors_pad(preset, port, 0, left), expected);
            assert_int_equal(preset_mirrors_pad(preset, port, 1, left),
                             port == 1 && all[i].mirrored); /* "Menu" does not turn */
        }
        preset_free(preset);
    }
}

/* ---- who may play ---- */

static void expect_plays(const char *fields, uint32_t port, const char *sentence)
{
    char text[4096];
    why_t why = "";
    snprintf(text, sizeof text, HEAD ACTIONS "%s%s}", fields[0] ? ", " : "", fields);
    preset_t *preset = sample_parse(text);
    const bool plays = preset_plays_port(preset, port, why);
    if (plays != !sentence || (sentence && strcmp(why, sentence) != 0))
        fail_msg("%s: found \"%s\"", fields, why);
    assert_int_equal(preset_plays_port(preset, port, NULL), plays);
    preset_free(preset);
}

static void test_ports_that_an_agent_can_play(void **state)
{
    (void)state;
    static const char wants[] = "port 2 of G: its preset says only how port 1 does; write which "
                                "variables are port 2's, \"sides\": {\"variables\": {\"hp\": "
                                "\"enemy_hp\", \"x\": \"enemy_x\"}}, or \"sides\": {} if all count "
                                "for both";
    static const char *const judging[] = {
        "\"reward\": {\"variables\": {\"hp\": {\"reward\": 1}}}",
        "\"done\": \"hp == 0\"",
        "\"result\": {\"won\": \"hp\"}",
        "\"result\": {\"lost\": \"hp\"}",
        "\"result\": {\"drawn\": \"hp\"}",
        "\"facing\": {\"left_when\": \"x > enemy_x\"}",
    };
    for (size_t i = 0; i < sizeof judging / sizeof judging[0]; i++) {
        char fields[512];
        expect_plays(judging[i], 0, NULL);
        expect_plays(judging[i], 1, wants);
        snprintf(fields, sizeof fields, "%s, " SIDES, judging[i]);
        expect_plays(fields, 1, NULL);
    }
    expect_plays("", 1, NULL); /* it learns to see what is new: no number says whose */
    expect_plays("\"sides\": {}, \"done\": \"hp == 0\"", 1, NULL);
    expect_plays("", 2, "port must be 1..2 for G, found 3");
    expect_plays("\"pad\": {\"ports\": 4}", 3, NULL);
    expect_plays("\"pad\": {\"ports\": 4}, " SIDES ", \"done\": \"hp == 0\"", 1, NULL);
    expect_plays("\"pad\": {\"ports\": 4}, " SIDES ", \"done\": \"hp == 0\"", 2,
                 "port 3 of G: its preset judges memory, and \"sides\" tells port 2 from port 1 "
                 "only; an agent can play port 1 or 2");
}

/* A stranger's 64 variables with long names: the sentence is cut between two pairs. */
static void test_a_sentence_with_many_pairs_is_cut(void **state)
{
    (void)state;
    char text[16384];
    why_t why;
    int length = snprintf(text, sizeof text,
                          "{\"kata_preset\": 1, \"game\": \"G\", \"system\": "
                          "\"nes\", \"done\": \"aa__a1\", \"variables\": {");
    for (int32_t v = 0; v < 32; v++)
        length +=
            snprintf(text + length, sizeof text - (size_t)length,
                     "%s\"aa__%c%d\": {\"address\": 0, \"type\": \"|u1\"},"
                     " \"enemy_aa__%c%d\": {\"address\": 0, \"type\": \"|u1\"}",
                     v ? ", " : "", 'a' + v % 26, (int)v / 26 + 1, 'a' + v % 26, (int)v / 26 + 1);
    snprintf(text + length, sizeof text - (size_t)length, "}, " ACTIONS "}");
    preset_t *preset = sample_parse(text);
    assert_false(preset_plays_port(preset, 1, why));
    assert_non_null(strstr(why, "\"aa__a1\": \"enemy_aa__a1\", \"aa__b1\": \"enemy_aa__b1\", "));
    assert_non_null(strstr(why, "\"}}, or \"sides\": {} if all count for both"));
    preset_free(preset);
}

/* ---- refusals ---- */

static const struct {
    const char *fields, *sentence;
} refused[] = {
    { "\"sides\": []", "t: sides: must be an object {}, found a list" },
    { "\"sides\": {\"variables\": []}", "t: sides.variables: must be an object {}, found a list" },
    { "\"sides\": {\"variables\": {\"hp\": 1}}", "t: sides.variables.hp: must be a text of 1 to 63 "
                                                 "bytes, found 1" },
    { "\"sides\": {\"variables\": {\"mp\": \"hp\"}}",
      "t: sides.variables.mp: must be one of the preset's variables that is in no other pair, "
      "found \"mp\"" },
    { "\"sides\": {\"variables\": {\"hp\": \"mp\"}}",
      "t: sides.variables.hp: must be one of the preset's variables that is in no other pair, "
      "found \"mp\"" },
    { "\"sides\": {\"variables\": {\"hp\": \"hp\"}}",
      "t: sides.variables.hp: must pair two variables, found \"hp\" with itself" },
    { "\"sides\": {\"variables\": {\"hp\": \"enemy_hp\", \"x\": \"hp\"}}",
      "t: sides.variables.x: must be one of the preset's variables that is in no other pair, "
      "found \"hp\"" },
    { "\"sides\": {\"variables\": {\"hp\": \"enemy_hp\", \"enemy_hp\": \"hp\"}}",
      "t: sides.variables.enemy_hp: must be one of the preset's variables that is in no other "
      "pair, found \"enemy_hp\"" },
    { "\"sides\": {\"variables\": {\"hp\": \"x\"}}",
      "t: sides.variables.hp: must pair variables of the same format (u, i, d or n) and mask; "
      "those of \"hp\" and \"x\" differ" },
    { "\"sides\": {\"variables\": {\"hp\": \"low\"}}",
      "t: sides.variables.hp: must pair variables of the same format (u, i, d or n) and mask; "
      "those of \"hp\" and \"low\" differ" },
    { "\"sides\": {\"values\": {\"mp\": [1, 2]}}",
      "t: sides.values.mp: must be one of the preset's variables that is in no other pair, found "
      "\"mp\"" },
    { "\"sides\": {\"variables\": {\"hp\": \"enemy_hp\"}, \"values\": {\"enemy_hp\": [1, 2]}}",
      "t: sides.values.enemy_hp: must be one of the preset's variables that is in no other pair, "
      "found \"enemy_hp\"" },
    { "\"sides\": {\"values\": {\"winner\": [1]}}",
      "t: sides.values.winner: must be a list of two different whole numbers, found 1 items" },
    { "\"sides\": {\"values\": {\"winner\": [1, 2, 3]}}",
      "t: sides.values.winner: must be a list of two different whole numbers, found 3 items" },
    { "\"sides\": {\"values\": {\"winner\": [2, 2]}}",
      "t: sides.values.winner: must be a list of two different whole numbers, found 2 twice" },
    { "\"sides\": {\"values\": {\"winner\": [1, 2.5]}}",
      "t: sides.values.winner: must be a whole number, -9007199254740992 to 9007199254740992, "
      "found 2.5" },
    { "\"sides\": {\"values\": {\"winner\": {\"1\": 2}}}",
      "t: sides.values.winner: must be a list of two different whole numbers, found an object" },
    { "\"sides\": {\"mirror\": \"yes\"}", "t: sides.mirror: must be true or false, found \"yes\"" },
    { "\"sides\": {}, \"facing\": {\"left_when\": \"x > enemy_x\"}",
      "t: sides: must exchange a variable that facing.left_when reads, or facing must have "
      "port2_left_when; else port 2 looks where port 1 does" },
    { "\"sides\": {\"variables\": {\"hp\": \"enemy_hp\"}},"
      " \"facing\": {\"left_when\": {\"any\": [\"x > enemy_x\", \"timer\"]}}",
      "t: sides: must exchange a variable that facing.left_when reads, or facing must have "
      "port2_left_when; else port 2 looks where port 1 does" },
    { "\"facing\": {\"port2_left_when\": \"y\"}",
      "t: facing.port2_left_when: must be one of the preset's variables, found \"y\"" },
};

static void test_what_cannot_be_sides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char text[4096];
        why_t why = "";
        preset_t *preset;
        snprintf(text, sizeof text, HEAD ACTIONS ", %s}", refused[i].fields);
        const bool loads = preset_parse(&preset, text, strlen(text), "t", why);
        if (loads || strcmp(why, refused[i].sentence) != 0)
            fail_msg("%s\nfound \"%s\"\nnot   \"%s\"", refused[i].fields, why, refused[i].sentence);
        assert_null(preset);
    }
}

/* ---- names ---- */

static void test_names_that_belong_together(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "health", "enemy_health" }, { "Health", "enemyHealth" },
        { "p1_x", "p2_x" },           { "P1HP", "P2HP" },
        { "x_p1", "x_p2" },           { "score", "score_p2" },
        { "hp", "hp_enemy" },         { "player1_y", "player2_y" },
        { "player_y", "enemy_y" },    { "player_1_y", "player_2_y" },
        { "time", "opponent_time" },  { "my_hp", "enemy_hp" },
        { "1p_wins", "2p_wins" },
    };
    static const char *const strangers[][2] = {
        { "enemy_health", "health" },
        { "health", "enemy_x" },
        { "health", "health" },
        { "", "enemy_" },
        { "", "enemy" },
        { "score1", "score2" },
        { "p2_x", "p1_x" },
        { "", "" },
        { "", "_p2" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (!sides_are_a_pair(pairs[i][0], pairs[i][1])) fail_msg("%s", pairs[i][1]);
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        if (sides_are_a_pair(strangers[i][0], strangers[i][1])) fail_msg("%s", strangers[i][1]);
}

/* ---- what the commands say ---- */

static void expect_said(char *text, const char *part, bool expected)
{
    assert_non_null(text);
    if ((strstr(text, part) != NULL) != expected) fail_msg("\"%s\" in:\n%s", part, text);
    free(text);
}

static void test_description_and_advice(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD ACTIONS ", " SIDES ", " JUDGES "}");
    expect_said(preset_describe(preset),
                "Agents: on port 1 or 2, which sees the screen's mirror image\n"
                "  hp of one is enemy_hp of the other\n"
                "  x of one is enemy_x of the other\n"
                "  winner: 1 of one is 2 of the other\n",
                true);
    expect_said(preset_advice(preset), "sides", false);
    preset_free(preset);

    preset = sample_parse(HEAD ACTIONS ", " JUDGES "}");
    expect_said(preset_describe(preset), "Agents: on port 1 only\n", true);
    expect_said(preset_advice(preset), "sides: port 2 of G: its preset says only", true);
    preset_free(preset);

    preset = sample_parse(HEAD ACTIONS ", \"sides\": {\"variables\": {\"x\": \"enemy_x\"}}, " JUDGES
                                       "}");
    expect_said(preset_advice(preset), "reward", false); /* it reads x */
    expect_said(preset_advice(preset), "both ports win together", true);
    preset_free(preset);

    preset = sample_parse(HEAD ACTIONS ", \"sides\": {\"variables\": {\"x\": \"enemy_x\"}},"
                                       "\"reward\": {\"variables\": {\"hp\": {\"reward\": 1}}}}");
    expect_said(preset_advice(preset), "both ports get the same\n", true);
    expect_said(preset_advice(preset), "facing: none, so neither port's moves turn", true);
    preset_free(preset);
}

/* "enemy_facing" is read for port 2 only. */
static void test_a_counterpart_counts_as_read(void **state)
{
    (void)state;
    preset_t *preset = sample_parse(HEAD ACTIONS ", \"sides\": {\"variables\": {\"x\": "
                                                 "\"enemy_x\"}}, \"facing\": {\"left_when\": \"x "
                                                 "== 1\"}}");
    expect_said(preset_advice(preset), "nothing reads \"enemy_x\"", false);
    expect_said(preset_advice(preset), "nothing reads \"enemy_hp\"", true);
    preset_free(preset);
}

static void test_differences_are_named(void **state)
{
    (void)state;
    preset_t *a = sample_parse(HEAD ACTIONS ", " SIDES "}");
    preset_t *b =
        sample_parse(HEAD ACTIONS ", \"sides\": {\"variables\": {\"x\": \"enemy_x\"},"
                                  " \"values\": {\"winner\": [2, 1]}, \"mirror\": true}}");
    char *diff = preset_diff(a, b);
    assert_string_equal(diff, "- sides.variables.hp: \"enemy_hp\"\n"
                              "- sides.values.winner: [1,2]\n"
                              "+ sides.values.winner: [2,1]\n"
                              "+ sides.mirror: true\n");
    free(diff);
    preset_free(a);
    preset_free(b);
}

/* ---- merging ---- */

static void expect_merged(const char *ours, const char *theirs, const char *said, bool plays)
{
    char *merged, *report;
    why_t why;
    preset_t *a = sample_parse(ours), *b = sample_parse(theirs);
    if (!preset_merge(&merged, &report, a, b, why)) fail_msg("%s", why);
    if (!strstr(report, said)) fail_msg("%s", report);
    preset_t *both = sample_parse(merged);
    assert_int_equal(preset_plays_port(both, 1, NULL), plays);
    preset_free(both);
    preset_free(a);
    preset_free(b);
    free(merged);
    free(report);
}

static void test_merging_takes_sides_that_fit(void **state)
{
    (void)state;
    static const char other_variables[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", \"done\": \"hp == 0\","
        " \"variables\": {\"hp\": {\"address\": 0, \"type\": \"|i1\"}}, " ACTIONS "}";
    static const char other_facing[] =
        HEAD ACTIONS ", \"facing\": {\"left_when\": \"timer\"}, \"done\": \"hp == 0\"}";
    static const char all[] = HEAD ACTIONS ", " SIDES ", " JUDGES "}";
    static const char none[] = HEAD ACTIONS ", " JUDGES "}";
    static const char no_variables[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\", " ACTIONS "}";
    static const char no_facing[] = HEAD ACTIONS ", \"sides\": {}, \"done\": \"hp == 0\"}";
    expect_merged(none, all, "joined: sides\n", true);
    expect_merged(no_variables, all, "joined: sides\n", true);
    expect_merged(other_variables, all, "kept ours, none: our variables or facing differ: sides\n",
                  false);
    expect_merged(other_facing, all, "kept ours, none: our variables or facing differ: sides\n",
                  false);
    expect_merged(no_facing, all, "kept ours, none: our sides differ: facing\n", true);
    expect_merged(all, no_facing, "kept ours: sides\n", true);
}

/* ---- the library ---- */

static bool look_at(void *context, const char *path, preset_t *preset, const char *why)
{
    int32_t *num_two_players = context;
    why_t reason;
    assert_string_equal(why, "");
    if (preset_num_ports(preset) < 2) return true;
    if (!preset_plays_port(preset, 1, reason)) fail_msg("%s: %s", path, reason);
    if (!preset_mirrors_picture(preset, 1)) fail_msg("%s: port 2 sees itself on the right", path);
    char *advice = preset_advice(preset);
    if (strstr(advice, "sides:")) fail_msg("%s: %s", path, advice);
    free(advice);
    ++*num_two_players;
    return true;
}

static void test_every_fighter_of_the_library_can_be_played_on_port_2(void **state)
{
    (void)state;
    int32_t num_two_players = 0;
    preset_walk("presets/library", look_at, &num_two_players);
    assert_int_equal(num_two_players, 6);
}

static void test_kumite_on_port_2(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    int64_t before[PRESET_MAX_VARIABLES] = { 0 }, now[PRESET_MAX_VARIABLES];
    before[preset_find_variable(preset, "health")] = 96;
    before[preset_find_variable(preset, "enemy_health")] = 96;
    before[preset_find_variable(preset, "round_state")] = 2;
    memcpy(now, before, sizeof now);
    now[preset_find_variable(preset, "health")] = 0;
    now[preset_find_variable(preset, "enemy_rounds_won")] = 1;
    now[preset_find_variable(preset, "round_state")] = 3;
    now[preset_find_variable(preset, "round_result")] = 2;
    now[preset_find_variable(preset, "enemy_facing")] = 1;
    assert_int_equal(preset_result(preset, 0, before, now), PRESET_LOST);
    assert_int_equal(preset_result(preset, 1, before, now), PRESET_WON);
    assert_true(preset_reward(preset, 1, before, now) * preset_reward_scale(preset) == 9.8);
    assert_true(preset_done(preset, 1, before, now));
    assert_true(preset_faces_left(preset, 1, now) && !preset_faces_left(preset, 0, now));
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_port_2_is_port_1_of_the_exchanged_game),
        cmocka_unit_test(test_port_2_by_hand),
        cmocka_unit_test(test_facing_said_for_each_port),
        cmocka_unit_test(test_pads_of_a_mirrored_picture),
        cmocka_unit_test(test_ports_that_an_agent_can_play),
        cmocka_unit_test(test_a_sentence_with_many_pairs_is_cut),
        cmocka_unit_test(test_what_cannot_be_sides),
        cmocka_unit_test(test_names_that_belong_together),
        cmocka_unit_test(test_description_and_advice),
        cmocka_unit_test(test_a_counterpart_counts_as_read),
        cmocka_unit_test(test_differences_are_named),
        cmocka_unit_test(test_merging_takes_sides_that_fit),
        cmocka_unit_test(test_every_fighter_of_the_library_can_be_played_on_port_2),
        cmocka_unit_test(test_kumite_on_port_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
