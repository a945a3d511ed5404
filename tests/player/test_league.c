/* test_league.c - ratings against the paper, and a league on the disk: who stays, what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "league.h"

/* ---- Glicko-2 -------------------------------------------------------------------------------- */

static glicko_t player(double rating, double deviation)
{
    return (glicko_t){ rating, deviation, 0.06 };
}

/* Glickman 2013, "Example calculation". */
static void test_the_example_of_the_paper(void **state)
{
    (void)state;
    glicko_t one = player(1500, 200);
    const glicko_result_t results[] = { { player(1400, 30), 1, 1 },
                                        { player(1550, 100), 1, 0 },
                                        { player(1700, 300), 1, 0 } };
    glicko_update(&one, results, 3);
    assert_true(fabs(one.rating - 1464.06) < 0.01);
    assert_true(fabs(one.deviation - 151.52) < 0.01);
    assert_true(fabs(one.volatility - 0.05999) < 0.00001);
}

static void test_a_period_without_rounds_makes_less_sure(void **state)
{
    (void)state;
    glicko_t one = player(1600, 200), new;
    glicko_update(&one, NULL, 0);
    assert_true(one.rating == 1600);
    assert_true(fabs(one.deviation - sqrt(200 * 200 + 173.7178 * 173.7178 * 0.06 * 0.06)) < 1e-9);
    glicko_begin(&new);
    for (int32_t i = 0; i < 100; i++) glicko_update(&new, NULL, 0);
    assert_true(new.deviation == 350);
}

/* Several rounds against one opponent are the same as one result a round. */
static void test_rounds_add_up(void **state)
{
    (void)state;
    glicko_t together = player(1500, 200), apart = together;
    const glicko_t other = player(1600, 80);
    const glicko_result_t sum = { other, 4, 2.5 };
    const glicko_result_t each[] = {
        { other, 1, 1 }, { other, 1, 0 }, { other, 1, 0.5 }, { other, 1, 1 }
    };
    glicko_update(&together, &sum, 1);
    glicko_update(&apart, each, 4);
    assert_true(fabs(together.rating - apart.rating) < 1e-9);
    assert_true(fabs(together.deviation - apart.deviation) < 1e-9);
}

/* Results that nobody expected: all is finite, and volatility rises. */
static void test_surprises(void **state)
{
    (void)state;
    for (double rounds = 1; rounds < 1e5; rounds *= 10) {
        glicko_t one = player(1000, 50);
        const glicko_result_t won = { player(2500, 30), rounds, rounds };
        glicko_update(&one, &won, 1);
        assert_true(isfinite(one.rating) && one.rating > 1000 && one.rating <= 1400);
        assert_true(one.deviation > 0 && one.deviation < 350);
        assert_true(one.volatility >= 0.06 && one.volatility <= 0.3);
    }
    const glicko_t a = player(1800, 50), b = player(1400, 50);
    assert_true(glicko_expected(&a, &b) > 0.88 && glicko_expected(&a, &b) < 0.92);
    assert_true(fabs(glicko_expected(&a, &b) + glicko_expected(&b, &a) - 1) < 1e-12);
}

/* ---- on the disk ----------------------------------------------------------------------------- */

static char folder[600];
static policy_t *policy;

static int make_policy(void **state)
{
    (void)state;
    agent_config_t config;
    agent_config_defaults(&config, 3);
    why_t why;
    if (policy_create(&policy, &config, why) == AGENT_OK) return 0;
    fprintf(stderr, "%s\n", why);
    return -1;
}

static int free_policy(void **state)
{
    (void)state;
    policy_destroy(policy);
    return 0;
}

static void begin(league_t *league, const char *name)
{
    const char *tmp = getenv("TMPDIR");
    char command[700];
    snprintf(folder, sizeof folder, "%s/league-%s-%d", tmp ? tmp : "/tmp", name, (int)getpid());
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    why_t why;
    assert_true(league_open(league, folder, why));
    assert_int_equal(league->num_entries, 0);
    assert_int_equal(league->size, LEAGUE_DEFAULT_SIZE);
}

static void add(league_t *league, uint64_t decisions)
{
    why_t why;
    if (!league_add(league, policy, "note", decisions, why)) fail_msg("%s", why);
}

static int32_t num_files(void)
{
    int32_t count = 0;
    league_t league;
    league_begin_anew(&league, folder);
    for (int32_t n = 1; n <= 99; n++) {
        char path[HOME_PATH_BYTES];
        league_weights_path(&league, n, path);
        count += access(path, F_OK) == 0;
    }
    return count;
}

/* However many come: as many stay as fit, the first and the newest among them, evenly spread. */
static void test_old_and_new_stay(void **state)
{
    (void)state;
    league_t league;
    begin(&league, "stay");
    league.size = 5;
    for (uint64_t n = 1; n <= 23; n++) {
        add(&league, 1000 * n);
        const int32_t expected = n < 5 ? (int32_t)n : 5;
        assert_int_equal(league.num_entries, expected);
        assert_int_equal(num_files(), expected);
        assert_int_equal(league.entries[0].number, 1);
        assert_int_equal(league.entries[expected - 1].number, n);
        uint64_t widest = 0;
        for (int32_t i = 1; i < expected; i++) {
            const uint64_t gap = league.entries[i].decisions - league.entries[i - 1].decisions;
            assert_true(gap > 0);
            if (gap > widest) widest = gap;
        }
        assert_true(n < 5 || widest <= 2 * 1000 * (n - 1) / 4);
    }
    league_t again;
    why_t why;
    assert_true(league_open(&again, folder, why));
    assert_int_equal(again.num_entries, 5);
    assert_int_equal(again.size, 5);
    assert_int_equal(again.last_number, 23);
    assert_memory_equal(again.entries, league.entries, 5 * sizeof league.entries[0]);
    char path[HOME_PATH_BYTES], note[16];
    league_weights_path(&again, 23, path);
    policy_t *loaded;
    assert_int_equal(policy_load(&loaded, path, note, sizeof note, why), AGENT_OK);
    assert_string_equal(note, "note");
    policy_destroy(loaded);
    assert_false(league_add(&again, policy, NULL, 23000, why)); /* time does not stand still */
    assert_non_null(strstr(why, "the newest past self has 23000 decisions, the agent 23000"));
}

static void test_rounds_rate_both(void **state)
{
    (void)state;
    league_t league;
    begin(&league, "rate");
    add(&league, 1000);
    add(&league, 2000);
    for (int32_t i = 0; i < 10; i++) {
        league_note(&league, 1, 1);
        league_note(&league, 2, i % 2);
        league_note(&league, 77, 1); /* nobody */
    }
    const glicko_t before = league.agent;
    league_rate(&league);
    assert_true(league.agent.rating > before.rating && league.agent.deviation < before.deviation);
    assert_true(league.entries[0].rating.rating < league.entries[1].rating.rating);
    assert_true(league.entries[1].rating.rating < league.agent.rating);
    assert_true(league.agent_rounds == 20 && league.entries[0].rounds == 10);
    const glicko_t after = league.agent;
    league_rate(&league); /* nobody met anybody: an agent that did not play is not less known */
    assert_memory_equal(&league.agent, &after, sizeof after);
    add(&league, 3000);
    assert_memory_equal(&league.entries[2].rating, &after, sizeof after);
}

/* A save that was killed between the weights and league.json, and one that was killed before the
 * weights of whoever went were removed: the league is as before, and the next one sweeps. */
static void test_what_a_kill_leaves_behind(void **state)
{
    (void)state;
    league_t league, again;
    why_t why;
    begin(&league, "kill");
    add(&league, 1000);
    char path[HOME_PATH_BYTES];
    league_weights_path(&league, 2, path);
    assert_true(files_replace(path, "half a file", 11, why));
    assert_true(league_open(&again, folder, why));
    assert_int_equal(again.num_entries, 1);
    add(&again, 2000);
    assert_int_equal(again.entries[1].number, 3);
    assert_int_equal(num_files(), 2);
    league_begin_anew(&again, folder); /* --fresh: what was saved stays until the first save */
    assert_int_equal(num_files(), 2);
    add(&again, 500);
    assert_int_equal(again.entries[0].number, 4);
    assert_int_equal(num_files(), 1);
}

/* Each byte of league.json but white space changes something that is noticed; each cut, too. */
static void test_a_damaged_league_is_refused(void **state)
{
    (void)state;
    league_t league;
    why_t why;
    begin(&league, "damage");
    for (uint64_t n = 1; n <= 3; n++) add(&league, 1000 * n);
    char path[HOME_PATH_BYTES];
    uint8_t *bytes;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/league/league.json", folder);
    assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, why));
    for (size_t i = 0; i < num_bytes; i++) {
        bytes[i] ^= 1;
        assert_true(files_show(path, bytes, num_bytes, why));
        bytes[i] ^= 1;
        why[0] = '\0';
        if (league_open(&league, folder, why)) fail_msg("byte %zu", i);
        assert_non_null(strstr(why, "league.json"));
        assert_non_null(strstr(why, "put back a copy, or move"));
        assert_int_equal(league.num_entries, 0);
    }
    for (size_t i = 0; i < num_bytes; i += 7) {
        assert_true(files_show(path, bytes, i, why));
        assert_false(league_open(&league, folder, why));
    }
    assert_true(files_show(path, bytes, num_bytes, why));
    assert_true(league_open(&league, folder, why));
    free(bytes);

    league_weights_path(&league, 2, path);
    assert_int_equal(unlink(path), 0);
    assert_false(league_open(&league, folder, why));
    assert_non_null(strstr(why, "past[1] is "));
    assert_non_null(strstr(why, "0002.safetensors, which is not there"));
}

/* Numbers out of their range, with a sum that is right. */
static void test_hostile_numbers_are_refused(void **state)
{
    (void)state;
    static const struct {
        double rating, deviation, volatility;
        const char *says;
    } cases[] = { { 1e6, 100, 0.06, "past[0].rating must be a number, -100000 to 100000" },
                  { NAN, 100, 0.06, "past[0].rating" },
                  { 1500, 0, 0.06, "past[0].deviation" },
                  { 1500, 100, INFINITY, "past[0].volatility" } };
    league_t league, again;
    why_t why;
    begin(&league, "hostile");
    add(&league, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        league_t bad = league;
        bad.entries[0].rating =
            (glicko_t){ cases[i].rating, cases[i].deviation, cases[i].volatility };
        assert_true(league_save(&bad, why));
        assert_false(league_open(&again, folder, why));
        if (!strstr(why, cases[i].says)) fail_msg("%s", why);
    }
    league_t bad = league;
    bad.entries[0].number = 3;
    assert_true(league_save(&bad, why));
    assert_false(league_open(&again, folder, why));
    bad = league;
    bad.strengths[0] = 9;
    assert_true(league_save(&bad, why));
    assert_false(league_open(&again, folder, why));
    assert_non_null(strstr(why, "strengths.easy is 9, which is no past self"));
    bad = league;
    bad.size = 1000;
    assert_true(league_save(&bad, why));
    assert_false(league_open(&again, folder, why));
    assert_non_null(strstr(why, "league.size must be a number, 2 to 64"));
}

/* ---- strengths ------------------------------------------------------------------------------- */

static void test_strengths_are_far_apart(void **state)
{
    (void)state;
    league_t league;
    why_t why;
    char path[HOME_PATH_BYTES];
    begin(&league, "strengths");
    add(&league, 1000);
    add(&league, 2000);
    assert_false(league_strength_path(folder, "easy", path, why));
    assert_non_null(strstr(why, "has 2 past selves, and strengths need 3"));
    for (uint64_t n = 3; n <= 6; n++) add(&league, 1000 * n);
    static const double ratings[] = { 1000, 1040, 1210, 1390, 1430, 1570 };
    for (int32_t i = 0; i < 6; i++) league.entries[i].rating = player(ratings[i], 20);
    league.agent = player(1600, 20);
    /* Distances of 1000, 1210, 1390 and 1600: 210, 180, 210; all others have a smaller least. */
    const double least = league_choose_strengths(&league);
    assert_int_equal(league.strengths[LEAGUE_EASY], 1);
    assert_int_equal(league.strengths[LEAGUE_NORMAL], 3);
    assert_int_equal(league.strengths[LEAGUE_HARD], 4);
    assert_true(fabs(least - 180 / (1.959964 * hypot(20, 20))) < 1e-9);
    assert_true(least > 1);
    assert_true(league_save(&league, why));
    assert_true(league_strength_path(folder, "hard", path, why));
    assert_non_null(strstr(path, "/league/0004.safetensors"));
    assert_true(league_strength_path(folder, "best", path, why));
    assert_non_null(strstr(path, "/agent.safetensors"));
    assert_false(league_strength_path(folder, "insane", path, why));
    assert_non_null(strstr(why, "must be easy, normal, hard or best, found 'insane'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example_of_the_paper),
        cmocka_unit_test(test_a_period_without_rounds_makes_less_sure),
        cmocka_unit_test(test_rounds_add_up),
        cmocka_unit_test(test_surprises),
        cmocka_unit_test(test_old_and_new_stay),
        cmocka_unit_test(test_rounds_rate_both),
        cmocka_unit_test(test_what_a_kill_leaves_behind),
        cmocka_unit_test(test_a_damaged_league_is_refused),
        cmocka_unit_test(test_hostile_numbers_are_refused),
        cmocka_unit_test(test_strengths_are_far_apart),
    };
    return cmocka_run_group_tests(tests, make_policy, free_policy);
}
