/* test_versus.c - agents that play each other: `kata train --versus self` and what it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kata.h"

#define KUMITE "presets/library/nes/Kumite.kata.json"

static void test_what_self_play_needs(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[12];
        int status;
        const char *says;
    } cases[] = {
        { { "--versus", "self", "--port", "2" }, 1, "--port 2: --versus self plays both" },
        { { "--cpu-share", "0.5" }, 2, "need --versus self" },
        { { "--league-size", "4", "--versus", "masher" }, 2, "need --versus self" },
        { { "--versus", "self", "--self-share", "1.5" }, 2, "--self-share" },
        { { "--versus", "self", "--league-size", "1" }, 2, "--league-size" },
        { { "--versus", "selves" }, 2, "nobody|masher|self" },
        { { "--against", "own", "--versus", "masher" }, 1, "both say who holds the other pad" },
        { { "--against", "/nowhere/" }, 1, "--against: /nowhere/" },
        { { "--against", "nobody" }, 1, "--against: " },
        { { "--temperature", "0.1" }, 1, "--temperature is of agents that do not learn" },
        { { "--against", "own", "--start", "level1" }, 1, "--start names one that is for one" },
    };
    kata_run_t r;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *arguments[20] = { "train", kata_rom(), "--preset",
                                      KUMITE,  "--dir",    kata_path("needs") };
        for (size_t n = 0; n < 12 && cases[i].arguments[n]; n++)
            arguments[6 + n] = cases[i].arguments[n];
        kata_run(&r, arguments);
        kata_expect(&r, cases[i].status);
        kata_expect_err(&r, cases[i].says);
    }
    /* A preset without a start for two. */
    size_t num_bytes;
    char *text = (char *)kata_read_file(KUMITE, &num_bytes);
    char *players = strstr(text, "\"players\": 2"), *fight = strstr(text, "\"versus\": \"versus\"");
    assert_true(players && fight);
    players[11] = '1';
    memcpy(fight, "\"versos\": \"", 11);
    kata_write_file(kata_path("one.kata.json"), text, num_bytes);
    free(text);
    kata_run(&r, (const char *[]){ "train", kata_rom(), "--preset", kata_path("one.kata.json"),
                                   "--versus", "self", "--dir", kata_path("needs"), NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "--versus self: Kumite has no start with \"players\": 2");
    assert_false(kata_exists(kata_path("needs/league")));
}

/* A league comes to be, is gone on with, and the agent is one that plays on either port. */
static void test_an_agent_that_played_itself(void **state)
{
    (void)state;
    kata_run_t r;
    const char *const train[] = { "train",
                                  kata_rom(),
                                  "--preset",
                                  KUMITE,
                                  "--dir",
                                  kata_path("self"),
                                  "--versus",
                                  "self",
                                  "--cpu-share",
                                  "0.1",
                                  "--league-every",
                                  "150",
                                  "--league-size",
                                  "2",
                                  "--warmup",
                                  "64",
                                  "--decisions",
                                  "500",
                                  "--eval-episodes",
                                  "1",
                                  "--workers",
                                  "1",
                                  NULL };
    kata_run(&r, train);
    kata_expect(&r, 0);
    kata_expect_out(&r, "1 worker, start versus.\n");
    assert_null(strstr(r.out, "not played"));
    kata_expect_out(&r, "Both pads are the agent's, in versus; 0 of at most 2 past selves in");
    assert_true(kata_exists(kata_path("self/league/0001.safetensors")));
    assert_false(kata_exists(kata_path("self/league/0002.safetensors"))); /* thinned */
    assert_true(kata_exists(kata_path("self/league/0003.safetensors")));
    assert_true(kata_exists(kata_path("self/league/league.json")));
    size_t num_bytes;
    char *session = (char *)kata_read_file(kata_path("self/session.json"), &num_bytes);
    assert_non_null(strstr(session, "level1..level8"));
    free(session);
    kata_run(&r, train);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Both pads are the agent's, in versus; 2 of at most 2 past selves in");
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", kata_path("self"), "--versus",
                                   "masher", "--start", "versus", "--port", "2", "--episodes", "1",
                                   "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"port\":2");

    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", kata_path("self"), "--strength",
                                   "easy", NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "has 2 past selves, and strengths need 3");
    kata_run(&r, (const char *[]){ "arena", kata_rom(), "--dir", kata_path("self"), "1", "masher",
                                   "--rounds", "1", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite on nestopia, start versus: 2 players, 1 rounds a pair and port");
    kata_expect_out(&r, "Rounds won by the row's against the column's");
    kata_run(&r, (const char *[]){ "arena", kata_rom(), "--dir", kata_path("self"), "--rate",
                                   "--rounds", "1", "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "{\"name\":\"own\",\"rating\":");
    kata_expect_out(&r, "{\"name\":\"0001\",\"rating\":");
    kata_run(&r,
             (const char *[]){ "arena", kata_rom(), "--dir", kata_path("self"), "2", "own", NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "league: has no past self 2");
    kata_write_file(kata_path("self/league/league.json"), "{", 1);
    kata_run(&r, train);
    kata_expect(&r, 1);
    kata_expect_err(&r, "league.json: is not JSON; the file is damaged: put back a copy, or move");
}

/* An agent holds the other pad: who trains against it learns, who evaluates is told apart. */
static void test_against_an_agent(void **state)
{
    (void)state;
    kata_run_t r;
    char still[600], folder[400], alone[64];
    snprintf(folder, sizeof folder, "%s", kata_path("still"));
    snprintf(still, sizeof still, "%s/agent.safetensors", folder);
    kata_run(&r,
             (const char *[]){ "train", kata_rom(), "--preset", KUMITE, "--dir", folder, "--eyes",
                               "pictures", "--updates-per-decision", "0", "--decisions", "20",
                               "--eval-episodes", "0", "--workers", "1", NULL });
    kata_expect(&r, 0);
    /* Whether somebody or nobody holds the other pad changes the rounds. */
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--start", "versus",
                                   "--who", "random", "--episodes", "3", "--json", NULL });
    kata_expect(&r, 0);
    const char *returns = strstr(r.out, "\"mean_return\":");
    assert_non_null(returns);
    snprintf(alone, sizeof alone, "%.*s", (int)strcspn(returns, ","), returns);
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--against", folder,
                                   "--who", "random", "--episodes", "3", "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"start\":\"versus\",\"port\":1,\"against\":\"");
    assert_null(strstr(r.out, alone));
    /* An opponent that is warm plays other moves, as its seed says. */
    char warm[2][4096];
    for (int i = 0; i < 2; i++) {
        kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--against", folder,
                                       "--who", "random", "--episodes", "3", "--temperature", "5",
                                       "--json", NULL });
        kata_expect(&r, 0);
        kata_expect_out(&r, "\"temperature\":5.0000,");
        snprintf(warm[i], sizeof warm[i], "%s", strstr(r.out, "\"temperature\""));
    }
    assert_string_equal(warm[0], warm[1]);
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--against", folder,
                                   "--who", "random", "--episodes", "3", "--json", NULL });
    returns = strstr(r.out, "\"mean_return\":");
    snprintf(alone, sizeof alone, "%.*s", (int)strcspn(returns, ","), returns);
    assert_null(strstr(warm[0], alone));
    /* Only the other one's is that which is said of it. */
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--against", folder,
                                   "--who", "random", "--episodes", "3", "--temperature", "5",
                                   "--against-temperature", "0", "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, alone);
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--dir", folder, "--against", folder,
                                   "--who", "random", "--episodes", "3", "--against-temperature",
                                   "5", "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"against_temperature\":5.0000,");
    returns = strstr(warm[0], "\"mean_return\":");
    snprintf(alone, sizeof alone, "%.*s", (int)strcspn(returns, ","), returns);
    kata_expect_out(&r, alone);
    kata_run(&r, (const char *[]){ "eval", kata_rom(), "--against-temperature", "5", NULL });
    kata_expect(&r, 2);
    kata_expect_err(&r, "--against-temperature is of the one of --against");
    kata_run(
        &r,
        (const char *[]){
            "train",       kata_rom(), "--preset", KUMITE, "--dir",           kata_path("rival"),
            "--against",   still,      "--port",   "2",    "--eyes",          "pictures",
            "--decisions", "200",      "--warmup", "64",   "--eval-episodes", "2",
            "--workers",   "1",        NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "1 worker, start versus.\n");
    kata_run(&r, (const char *[]){ "train", kata_rom(), "--dir", kata_path("rival"), "--against",
                                   still, "--eyes", "variables", "--fresh", "--decisions", "9",
                                   "--workers", "1", NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "was trained to see something else than who it would meet");
}

static void test_what_an_arena_needs(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[6];
        int status;
        const char *says;
    } cases[] = {
        { { "random" }, 1, "two different players are needed, found 1" },
        { { "random", "random" }, 1, "two different players are needed, found 1" },
        { { "nobody", "random" }, 1, "agent" },
        { { "own", "random" }, 1, "agent.safetensors" },
        { { "random", "masher", "--rounds", "0" }, 2, "--rounds" },
        { { "masher", "random", "--rate" }, 1, "has no past selves to rate" },
    };
    kata_run_t r;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *arguments[16] = { "arena", kata_rom(), "--preset",
                                      KUMITE,  "--dir",    kata_path("empty") };
        for (size_t n = 0; n < 6 && cases[i].arguments[n]; n++)
            arguments[6 + n] = cases[i].arguments[n];
        kata_run(&r, arguments);
        kata_expect(&r, cases[i].status);
        kata_expect_err(&r, cases[i].says);
    }
    kata_run(&r,
             (const char *[]){ "arena", kata_rom(), "--preset", KUMITE, "--dir", kata_path("empty"),
                               "random", "masher", "--rounds", "2", "--json", NULL });
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"start\":\"versus\",\"rounds_asked\":2");
    kata_expect_out(&r, "\"pairs\":[{\"a\":");
    kata_expect_out(&r, "\"rounds\":4,\"won\":");
    kata_run(&r,
             (const char *[]){ "eval", kata_rom(), "--who", "random", "--strength", "hard", NULL });
    kata_expect(&r, 2);
    kata_expect_err(&r, "--strength: a random player has none");
}

/* How many of the 24 actions the first 1,000 decisions of self-play took, none at random and
 * nothing learned. */
static int32_t actions_played(const char *dir, const char *temperature)
{
    kata_run_t r;
    kata_run(&r, (const char *[]){ "train",
                                   kata_rom(),
                                   "--dir",
                                   dir,
                                   "--versus",
                                   "self",
                                   "--cpu-share",
                                   "0",
                                   "--decisions",
                                   "1100",
                                   "--epsilon-start",
                                   "0",
                                   "--epsilon-end",
                                   "0",
                                   "--updates-per-decision",
                                   "0",
                                   "--temperature",
                                   temperature,
                                   "--workers",
                                   "1",
                                   "--eval-episodes",
                                   "0",
                                   NULL });
    kata_expect(&r, 0);
    char path[1024], line[4096];
    snprintf(path, sizeof path, "%s/log.jsonl", dir);
    FILE *log = fopen(path, "r");
    assert_non_null(log);
    const char *counts = NULL;
    while (!counts && fgets(line, sizeof line, log))
        if (strstr(line, "\"kind\":\"moves\"")) counts = strstr(line, "\"counts\":[");
    fclose(log);
    assert_non_null(counts);
    int32_t played = 0;
    for (const char *at = strchr(counts, '['); *at == '[' || *at == ',';
         at += 1 + strcspn(at + 1, ",]"))
        played += atoi(at + 1) > 0;
    return played;
}

/* The learning agent, too: with 100, far above its values, every action; with 0 its best ones. */
static void test_in_self_play_all_agents_are_warm(void **state)
{
    (void)state;
    assert_in_range(actions_played(kata_path("cold"), "0"), 1, 12);
    assert_int_equal(actions_played(kata_path("warm"), "100"), 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_self_play_needs),
        cmocka_unit_test(test_an_agent_that_played_itself),
        cmocka_unit_test(test_in_self_play_all_agents_are_warm),
        cmocka_unit_test(test_against_an_agent),
        cmocka_unit_test(test_what_an_arena_needs),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
