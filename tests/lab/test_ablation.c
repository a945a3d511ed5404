/* test_ablation.c - a comparison's runs, scores and report, and how a similarity moved: from logs
 * made by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "ablation.h"
#include "ablation_report.h"
#include "drift.h"
#include "kata.h"
#include "pages.h"
#include "voice.h"
#include "why.h"

#define SHARED(starts)                                                                             \
    "\"shared\":{\"game\":\"A <b>game\",\"starts\":" starts ",\"first_seed\":1,"                   \
    "\"decisions\":200,\"eval_every\":100,\"eval_episodes\":4,\"eval_seed\":7}"

static void write_log(const char *dir, const char *run, const char *lines)
{
    char folder[1024];
    snprintf(folder, sizeof folder, "%s/%s", dir, run);
    mkdir(folder, 0700);
    pages_write(folder, "log.jsonl", lines);
}

#define EVALUATED(frames, decisions, wins, returned)                                               \
    "{\"kind\":\"evaluation\",\"frames\":" #frames ",\"decisions\":" #decisions                    \
    ",\"updates\":10,\"episodes\":4,\"win_rate\":" #wins ",\"mean_return\":" #returned "}\n"
#define SESSION(decisions) "{\"kind\":\"session\",\"decisions\":" #decisions "}\n"

/* Two arms, three seeds. macros plays 10 frames a decision, rainbow 4. */
static const char *hand_made(void)
{
    const char *dir = kata_path("by-hand");
    mkdir(dir, 0700);
    pages_write(dir, "ablation.json",
                "{\"kata_ablation\":1,\"seeds\":3,\"arms\":[\"rainbow\",\"macros\"],"
                "\"history\":[{\"version\":\"<i>1</i>\",\"command\":\"kata ablate x\"}]," SHARED(
                    "[\"one\"]") "}");
    write_log(dir, "rainbow-1", SESSION(0) EVALUATED(400, 100, 0, -1) EVALUATED(800, 200, 0.25, 1));
    write_log(dir, "rainbow-2", /* what a session that went on made void */
              SESSION(0) EVALUATED(400, 100, 0, -1) EVALUATED(801, 200, 1, 9) SESSION(150)
                  EVALUATED(820, 200, 0.5, 2));
    write_log(dir, "rainbow-3",
              SESSION(0) EVALUATED(400, 100, 0, -1) EVALUATED(810, 200, 0.75, 3) "{\"kind\":");
    write_log(dir, "macros-1", SESSION(0) EVALUATED(600, 100, 0.5, 0) EVALUATED(1600, 200, 1, 4));
    write_log(dir, "macros-2", SESSION(0) EVALUATED(600, 100, 0.5, 0) EVALUATED(1600, 200, 0.5, 4));
    write_log(dir, "macros-3", SESSION(0) EVALUATED(600, 100, 0.5, 0));
    return dir;
}

static void test_scores_are_taken_at_equal_budgets(void **state)
{
    (void)state;
    const char *dir = hand_made();
    ablation_t ablation;
    ablation_data_t data;
    bool found;
    why_t why;
    assert_true(ablation_load(&ablation, dir, NULL, &found, why) && found);
    assert_int_equal(ablation_num_runs(&ablation), 6);
    assert_true(ablation_data_read(&data, &ablation, dir));
    assert_int_equal(data.num_done, 5);
    assert_true(data.has_wins);
    assert_true(data.budget[DATA_DECISIONS] == 200);
    assert_true(data.budget[DATA_FRAMES] == 800); /* the least that a run at 200 decisions has */
    double scores[STATISTICS_MAX_SCORES];
    statistics_sample_t sample =
        data_sample(&data, ABLATION_RAINBOW, DATA_WINS, DATA_DECISIONS, scores);
    assert_int_equal(sample.num_runs[0], 3);
    assert_true(scores[0] == 0.25 && scores[1] == 0.5 && scores[2] == 0.75);
    sample = data_sample(&data, ABLATION_MACROS, DATA_WINS, DATA_DECISIONS, scores);
    assert_int_equal(sample.num_runs[0], 2); /* the third is not there yet */
    sample = data_sample(&data, ABLATION_MACROS, DATA_RETURN, DATA_FRAMES, scores);
    assert_int_equal(sample.num_runs[0], 2);
    assert_true(fabs(scores[0] - 0.8) < 1e-12); /* a fifth of the way from 0 to 4 */
    sample = data_course_sample(&data, ABLATION_RAINBOW, DATA_RETURN, scores);
    assert_true(sample.num_runs[0] == 3 && scores[0] == 0 && scores[1] == 0.5 && scores[2] == 1);
    const data_effort_t effort = data_effort(&data, ABLATION_RAINBOW);
    assert_true(effort.runs == 3 && effort.resumed == 1 && effort.decisions == 200);
    assert_true(fabs(effort.frames - (800 + 820 + 810) / 3.0) < 1e-9);
    ablation_data_free(&data);

    assert_true(voice_to(kata_path("said"), why));
    if (!ablation_report(&ablation, dir, why)) fail_msg("%s", why);
    ablation_free(&ablation);
    char *said = pages_text(kata_dir(), "said");
    pages_expect(said, "  rainbow    50.0 % [25.0, 75.0]");
    pages_expect(said, "  macros     75.0 % [50.0, 100.0]");
    free(said);
    char *summary = pages_text(dir, "summary.md"), *page = pages_text(dir, "index.html");
    pages_expect(summary, "- macros-3: evaluated until 100 of 200 decisions\n");
    pages_expect(summary, "equal decisions: 200, equal frames: 800.");
    pages_expect(summary, "What the best similarity could gain here is not known");
    /* (1 + 1 + 1 + 1 + 0.5 + 0) / 6 of the pairs (1, 0.5) against (0.25, 0.5, 0.75) */
    pages_expect(summary, "| `macros` | 0.75 [");
    pages_expect(page, "A &lt;b&gt;game");
    pages_expect(page, "# Kata &lt;i&gt;1&lt;/i&gt;");
    pages_expect_well_formed(page);
    free(summary);
    free(page);
}

static void test_runs_of_several_starts_have_folders_of_their_own(void **state)
{
    (void)state;
    const char *dir = kata_path("starts");
    mkdir(dir, 0700);
    pages_write(dir, "ablation.json",
                "{\"kata_ablation\":1,\"seeds\":2,\"arms\":[\"meta\",\"fixed\"]," SHARED(
                    "[\"one\",\"two\"]") "}");
    ablation_t ablation;
    bool found;
    char all[1024] = "", name[128];
    why_t why;
    assert_true(ablation_load(&ablation, dir, NULL, &found, why));
    for (int32_t i = 0; i < ablation_num_runs(&ablation); i++) {
        const ablation_run_t run = ablation_run(&ablation, i);
        ablation_run_name(name, &ablation, &run);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", name);
    }
    assert_string_equal(all, "fixed-one-1 meta-one-1 fixed-two-1 meta-two-1 "
                             "fixed-one-2 meta-one-2 fixed-two-2 meta-two-2 ");
    ablation_free(&ablation);
}

/* ---- how a similarity moved ---- */

static void test_drift_is_read_joined_and_never_trusted(void **state)
{
    (void)state;
    const char *dir = kata_path("drift");
    mkdir(dir, 0700);
    static const char head[] = "{\"kind\":\"similarity\",\"actions\":3,\"mean\":0.5,\"sd\":0.1,"
                               "\"top\":[[0,1,0.5,1],[2,1,0,0],[0,9,0,0],[1,2,0.25,7]],";
    char log[4096];
    snprintf(log, sizeof log,
             SESSION(0) "%s\"decisions\":0,\"upper\":\"000fff800\"}\n"
                        "%s\"decisions\":10,\"upper\":\"000fff8\"}\n"   /* too short */
                        "%s\"decisions\":11,\"upper\":\"000fffg00\"}\n" /* no digit */
                        "%s\"decisions\":12}\n"
                        "%s\"decisions\":100,\"upper\":\"fffffffff\"}\n"
                        "%s\"decisions\":50,\"upper\":\"000000000\"}\n" /* backwards */
                        "%s\"decisions\":200,\"upper\":\"800800800\"}\n" SESSION(
                            150) "{\"kind\":\"similarity\",\"actions\":4,\"decisions\":160,"
                                 "\"upper\":\"0\"}\n"
                                 "{\"kind\":\"similarity\",\"actions\":1e300,\"decisions\":170}\n",
             head, head, head, head, head, head, head);
    write_log(dir, "a", log);
    drift_t drifts[2], mean;
    assert_true(drift_read(&drifts[0], pages_path(dir, "a")));
    assert_int_equal(drifts[0].num_actions, 3);
    assert_int_equal(drifts[0].num_records, 2); /* of 0 and 100 decisions */
    assert_true(drifts[0].upper[0] == 0 && drifts[0].upper[1] == 1 && drifts[0].upper[3] == 1);
    assert_int_equal(drifts[0].num_top, 1);
    char sentence[512];
    drift_sentence(sentence, sizeof sentence, &drifts[0], (const char *const[]){ "A", "B", "C" });
    assert_string_equal(sentence, "mean 0.50 -> 0.50 (sd 0.10 -> 0.10), 2 records until 100 "
                                  "decisions; moved most: A & B 0.50 -> 1.00");

    snprintf(log, sizeof log,
             SESSION(0) "%s\"decisions\":0,\"upper\":\"000000000\"}\n"
                        "%s\"decisions\":200,\"upper\":\"fff000000\"}\n",
             head, head);
    write_log(dir, "b", log);
    assert_true(drift_read(&drifts[1], pages_path(dir, "b")));
    int32_t used;
    assert_true(drift_mean(&mean, drifts, 2, &used));
    assert_int_equal(used, 2);
    assert_int_equal(mean.num_records, 2);
    assert_true(fabsf(mean.upper[0]) < 1e-6f && fabsf(mean.upper[1] - 0.5f) < 1e-6f);
    assert_true(fabsf(mean.upper[3] - 0.75f) < 1e-6f); /* 1 of one, half way to 1 of the other */
    assert_true(mean.top[0].a == 0 && mean.top[0].b == 1);
    assert_true(fabs(mean.top[0].now - 0.75) < 1e-6);
    for (int i = 0; i < 2; i++) drift_free(&drifts[i]);
    drift_free(&mean);
    assert_true(drift_read(&mean, pages_path(dir, "nowhere")));
    assert_int_equal(mean.num_records, 0);

    /* A million decisions make a few hundred records. */
    int32_t records = 0;
    for (uint64_t at = 0; at < 1000000; at = drift_next(at)) records++;
    assert_in_range(records, 100, 400);
}

/* test_ablation PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_are_taken_at_equal_budgets),
        cmocka_unit_test(test_runs_of_several_starts_have_folders_of_their_own),
        cmocka_unit_test(test_drift_is_read_joined_and_never_trusted),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
