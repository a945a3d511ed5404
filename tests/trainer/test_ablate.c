/* test_ablate.c - a comparison of agents: run, killed, gone on with, skipped, refused, reported.
 * Two arms on Kumite with few and cheap decisions; numbers of the report from logs made by hand. */
#include "kata.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ablation.h"
#include "ablation_data.h"
#include "ablation_train.h"
#include "drift.h"
#include "html.h"
#include "preset.h"
#include "why.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define TINY(dir)                                                                                  \
    "--decisions", "60", "--eval-every", "30", "--eval-episodes", "1", "--save-every", "10",       \
        "--jobs", "2", "--warmup", "16", "--batch", "2", "--updates-per-decision", "0.5",          \
        "--replay", "4000", "--out", dir

/* A few updates are to be seen. */
#define TINY_META(dir) TINY(dir), "--similarity-learning-rate", "0.05"

static kata_run_t r;

static void nap(double seconds)
{
    const struct timespec time = { (time_t)seconds, (long)(seconds * 1e9) % 1000000000 };
    nanosleep(&time, NULL);
}

static char *path_in(const char *dir, const char *name)
{
    static char paths[8][2048];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, 2048, "%s/%s", dir, name);
    return path;
}

static char *text_of(const char *dir, const char *name)
{
    size_t num_bytes;
    return (char *)kata_read_file(path_in(dir, name), &num_bytes);
}

static void write_text(const char *dir, const char *name, const char *text)
{
    kata_write_file(path_in(dir, name), text, strlen(text));
}

static int32_t count_of(const char *text, const char *word)
{
    int32_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) count++;
    return count;
}

static void expect_text(const char *text, const char *words)
{
    if (!strstr(text, words)) fail_msg("\"%s\" is missing in:\n%.3000s", words, text);
}

/* Every element that is opened is closed; nothing runs and nothing is fetched. */
static void expect_well_formed(const char *page)
{
    static const char *const elements[] = { "table", "tr", "td", "th",   "div",  "figure",
                                            "svg",   "ul", "li", "main", "body", "html" };
    assert_memory_equal(page, "<!doctype html>", 15);
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        char open[16], with[16], close[16];
        snprintf(open, sizeof open, "<%s>", elements[i]);
        snprintf(with, sizeof with, "<%s ", elements[i]);
        snprintf(close, sizeof close, "</%s>", elements[i]);
        assert_int_equal(count_of(page, open) + count_of(page, with), count_of(page, close));
    }
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "http"));
    assert_int_equal(count_of(page, "<img"), count_of(page, "src=\"data:image/png;base64,iVBOR"));
}

/* Waits until the file is there; false after a minute. */
static bool wait_for(const char *path)
{
    for (int i = 0; i < 1200 && !kata_exists(path); i++) nap(0.05);
    return kata_exists(path);
}

static void test_killed_gone_on_with_skipped_and_reported(void **state)
{
    (void)state;
    const char *dir = kata_path("killed");
    kata_job_t job;
    kata_start(&job, (const char *const[]){ "ablate", kata_rom(), "--arms", "macros,meta",
                                            "--seeds", "2", TINY_META(dir), NULL });
    const bool saved = wait_for(path_in(dir, "meta-1/train.state"));
    kill(job.pid, SIGKILL);
    kata_end(&job, &r);
    assert_true(saved);

    /* The runs that it started save and leave; until then the folder is theirs. */
    for (int i = 0; i < 100; i++) {
        RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir));
        if (r.status == 0) break;
        kata_expect_err(&r, "is still saving");
        nap(0.2);
    }
    kata_expect(&r, 0);
    kata_expect_out(&r, "\n4 of 4 runs are done.\n");
    kata_expect_out(&r, "\nAfter 60 decisions, interquartile mean of the ");

    char *csv = text_of(dir, "ablation.csv");
    assert_int_equal(count_of(csv, "\n"), 1 + 4 * 2); /* each evaluated twice */
    assert_int_equal(count_of(csv, ",done,"), 8);
    expect_text(csv, "\nmeta,\"level1\",2,done,");
    assert_int_equal(count_of(csv, ",30,"), 4);
    char *page = text_of(dir, "index.html"), *summary = text_of(dir, "summary.md");
    expect_well_formed(page);
    expect_text(page, "4 of 4 runs done");
    expect_text(page, "interrupted and gone on with"); /* and said so */
    expect_text(summary, "gone on with");
    expect_text(summary, "](similarity.png)");
    expect_text(summary, "](similarity-moved.png)");
    expect_text(page, "kata ablate kumite.nes --arms macros,meta --seeds 2 ");
    assert_null(strstr(page, kata_dir())); /* nothing of this machine */
    free(csv);
    free(page);
    free(summary);

    /* Of a run that is done, the log and the preset are enough. */
    assert_int_equal(unlink(path_in(dir, "macros-1/agent.safetensors")), 0);
    assert_int_equal(unlink(path_in(dir, "macros-1/train.state")), 0);
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\n4 of 4 runs are done.\n");
    assert_null(strstr(r.out, "-1 is done"));
    assert_false(kata_exists(path_in(dir, "macros-1/agent.safetensors")));

    /* What an earlier version did not know was at its default. */
    static const char later[] = ",\n\t\t\t\"similarity-fade\":\t0";
    char *file = text_of(dir, "ablation.json"), *at = strstr(file, later);
    assert_non_null(at);
    memmove(at, at + strlen(later), strlen(at + strlen(later)) + 1);
    write_text(dir, "ablation.json", file);
    free(file);
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir));
    kata_expect(&r, 0);
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir),
        "--similarity-fade", "7");
    kata_expect(&r, 1);
    kata_expect_err(&r, "begun with settings.similarity-fade = 0 and cannot go on with 7");

    /* What was begun cannot become something else. */
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir),
        "--decisions", "61");
    kata_expect(&r, 1);
    kata_expect_err(&r, "begun with decisions = 60 and cannot go on with 61");
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir),
        "--batch", "3");
    kata_expect(&r, 1);
    kata_expect_err(&r, "settings.batch = 2");
    RUN(&r, "ablate", kata_rom(), "--arms", "meta", "--seeds", "2", TINY_META(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "arms may be added, not taken away");
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "1", TINY_META(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "there may be more, not 1");

    /* An arm may come: here one that begins with what another learned. */
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta,transfer", "--seeds", "2", TINY_META(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "name its preset with --transfer-from");
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta,transfer", "--seeds", "2", TINY_META(dir),
        "--transfer-from", path_in(dir, "meta-1"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\n6 of 6 runs are done.\n");
    drift_t first, then;
    assert_true(drift_read(&first, path_in(dir, "meta-1")));
    assert_true(drift_read(&then, path_in(dir, "transfer-1")));
    assert_int_equal(first.num_actions, 24);
    assert_int_equal(then.num_actions, 24);
    assert_true(first.num_records >= 2 && then.num_records >= 2);
    const float *learned = first.upper + 276 * (first.num_records - 1);
    float moved = 0, apart = 0;
    for (int32_t k = 0; k < 276; k++) {
        moved = fmaxf(moved, fabsf(learned[k] - first.upper[k]));
        apart = fmaxf(apart, fabsf(learned[k] - then.upper[k]));
    }
    assert_true(moved > 0.02f);    /* meta learned something */
    assert_true(apart < 0.00125f); /* transfer began with it; kept within 0.001 of the ends */
    drift_free(&first);
    drift_free(&then);
    char *history = text_of(dir, "ablation.json");
    assert_int_equal(count_of(history, "\"command\""), 2);
    free(history);

    /* The report alone, where the game is not. */
    unlink(path_in(dir, "index.html"));
    RUN(&r, "ablate", "--report", dir);
    kata_expect(&r, 0);
    assert_true(kata_exists(path_in(dir, "index.html")));
}

static void test_ctrl_c_stops_all_and_a_run_that_dies_is_reported(void **state)
{
    (void)state;
    const char *dir = kata_path("stopped");
    kata_job_t job;
    kata_start(&job, (const char *const[]){ "ablate", kata_rom(), "--arms", "rainbow,macros",
                                            "--seeds", "1", TINY(dir), NULL });
    assert_true(wait_for(path_in(dir, "rainbow-1/train.state")));
    kill(job.pid, SIGINT);
    kata_end(&job, &r);
    kata_expect(&r, 130);
    kata_expect_out(&r, "run the same command again to go on");
    kata_expect_out(&r, "rainbow plays the 12 primitives of the preset's 24 actions");
    assert_true(kata_exists(path_in(dir, "rainbow-1/agent.safetensors")));
    assert_false(kata_exists(path_in(dir, "rainbow-1/failure.txt")));
    char *page = text_of(dir, "index.html");
    expect_well_formed(page);
    expect_text(page, "missing or not done");
    free(page);

    /* What cannot be gone on with is said, and does not keep the other from its end. */
    write_text(dir, "macros-1/agent.safetensors", "not an agent at all");
    RUN(&r, "ablate", kata_rom(), "--arms", "rainbow,macros", "--seeds", "1", TINY(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "macros-1 died: ");
    kata_expect_err(&r, "agent.safetensors");
    kata_expect_out(&r, "\n1 of 2 runs are done, 1 died.\n");
    page = text_of(dir, "index.html");
    expect_text(page, "it died: ");
    free(page);

    /* A rainbow's preset has no macros left. */
    preset_t *preset;
    why_t why;
    assert_true(preset_load(&preset, path_in(dir, "rainbow-1/preset.json"), why));
    assert_int_equal(preset_num_actions(preset), 12);
    for (int32_t a = 0; a < 12; a++) assert_false(preset_action(preset, a)->is_macro);
    preset_t *none;
    assert_false(ablation_primitives(&none, preset, why)); /* nothing to remove */
    assert_null(none);
    preset_free(preset);
}

static void test_what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[6];
        int status;
        const char *says;
    } cases[] = {
        { { "--arms", "macros,meat" }, 2, "there is no arm 'meat'" },
        { { "--arms", "macros,macros" }, 2, "macros is named twice" },
        { { "--arms", "macros," }, 2, "there is no arm ''" },
        { { "--arms", "macros", "--similarity-prior", "none" },
          2,
          "--similarity-prior changes nothing without the arm fixed or meta" },
        { { "--arms", "fixed", "--similarity-period", "2" },
          2,
          "--similarity-period changes nothing" },
        { { "--arms", "fixed", "--similarity-balance", "on" },
          2,
          "--similarity-balance changes nothing without the arm meta or transfer" },
        { { "--arms", "macros", "--similarity-fade", "2" },
          2,
          "--similarity-fade changes nothing without the arm fixed, meta or transfer" },
        { { "--arms", "meta", "--transfer-from", "x" }, 2, "--transfer-from changes nothing" },
        { { "--arms", "transfer" }, 1, "name its preset with --transfer-from" },
        { { "--arms", "transfer", "--transfer-from", "presets/library/nes/Kumite.kata.json" },
          1,
          "there is no similarity in it" },
        { { "--start", "level1,level99" }, 1, "has no start 'level99'" },
        { { "--start", "level1,level1" }, 1, "level1 is named twice" },
        { { "--similarity", "meta" }, 2, "--similarity" },
        { { "--seeds", "0" }, 2, "--seeds" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *words[16] = { "ablate", kata_rom(), "--out", kata_path("refused") };
        int count = 4;
        for (int k = 0; k < 6 && cases[i].arguments[k]; k++) words[count++] = cases[i].arguments[k];
        kata_run(&r, words);
        kata_expect(&r, cases[i].status);
        kata_expect_err(&r, cases[i].says);
    }
    RUN(&r, "ablate", kata_rom());
    kata_expect(&r, 2);
    RUN(&r, "ablate", kata_rom(), "--report", kata_dir());
    kata_expect(&r, 2);
    RUN(&r, "ablate", "--report", kata_path("nowhere"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "there is no ablation.json in it");
}

/* ---- reports from logs made by hand ---- */

#define SHARED(starts)                                                                             \
    "\"shared\":{\"game\":\"A <b>game\",\"starts\":" starts ",\"first_seed\":1,"                   \
    "\"decisions\":200,\"eval_every\":100,\"eval_episodes\":4,\"eval_seed\":7}"

static void test_a_strange_ablation_json_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "must be a JSON object" },
        { "[1]", "must be a JSON object" },
        { "{\"kata_ablation\":2}", "\"kata_ablation\" must be a whole number, 1 to 1" },
        { "{\"kata_ablation\":1,\"seeds\":1e9}", "\"seeds\" must be a whole number" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[\"x\"]}", "\"arms\"" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[]}", "\"arms\"" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[\"meta\",\"meta\"]}", "\"arms\"" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[\"meta\"]}", "\"starts\"" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[\"meta\"]," SHARED("[\"../x\"]") "}",
          "\"starts\"" },
        { "{\"kata_ablation\":1,\"seeds\":1,\"arms\":[\"meta\"]," SHARED("[\"a\",3]") "}",
          "\"starts\"" },
    };
    const char *dir = kata_path("strange");
    mkdir(dir, 0700);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_text(dir, "ablation.json", cases[i].text);
        RUN(&r, "ablate", "--report", dir);
        kata_expect(&r, 1);
        kata_expect_err(&r, cases[i].says);
    }
}

static void write_log(const char *dir, const char *run, const char *lines)
{
    char folder[1024];
    snprintf(folder, sizeof folder, "%s/%s", dir, run);
    mkdir(folder, 0700);
    write_text(folder, "log.jsonl", lines);
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
    write_text(dir, "ablation.json",
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
    assert_true(ablation_load(&ablation, dir, &found, why) && found);
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
    ablation_free(&ablation);

    RUN(&r, "ablate", "--report", dir);
    kata_expect(&r, 0);
    kata_expect_out(&r, "  rainbow   50.0 % [25.0, 75.0]");
    kata_expect_out(&r, "  macros    75.0 % [50.0, 100.0]");
    char *summary = text_of(dir, "summary.md"), *page = text_of(dir, "index.html");
    expect_text(summary, "- macros-3: evaluated until 100 of 200 decisions\n");
    expect_text(summary, "equal decisions: 200, equal frames: 800.");
    /* (1 + 1 + 1 + 1 + 0.5 + 0) / 6 of the pairs (1, 0.5) against (0.25, 0.5, 0.75) */
    expect_text(summary, "| `macros` | 0.75 [");
    expect_text(page, "A &lt;b&gt;game");
    expect_text(page, "# Kata &lt;i&gt;1&lt;/i&gt;");
    expect_well_formed(page);
    free(summary);
    free(page);
}

static void test_runs_of_several_starts_have_folders_of_their_own(void **state)
{
    (void)state;
    const char *dir = kata_path("starts");
    mkdir(dir, 0700);
    write_text(dir, "ablation.json",
               "{\"kata_ablation\":1,\"seeds\":2,\"arms\":[\"meta\",\"fixed\"]," SHARED(
                   "[\"one\",\"two\"]") "}");
    ablation_t ablation;
    bool found;
    char all[1024] = "", name[128];
    why_t why;
    assert_true(ablation_load(&ablation, dir, &found, why));
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
    assert_true(drift_read(&drifts[0], path_in(dir, "a")));
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
    assert_true(drift_read(&drifts[1], path_in(dir, "b")));
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
    assert_true(drift_read(&mean, path_in(dir, "nowhere")));
    assert_int_equal(mean.num_records, 0);

    /* A million decisions make a few hundred records. */
    int32_t records = 0;
    for (uint64_t at = 0; at < 1000000; at = drift_next(at)) records++;
    assert_in_range(records, 100, 400);
}

static void test_base64_and_text_of_a_page(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = { { "", "" },
                  { "f", "Zg==" },
                  { "fo", "Zm8=" },
                  { "foo", "Zm9v" },
                  { "foob", "Zm9vYg==" },
                  { "\xff\xfe", "//4=" },
                  { "fooba", "Zm9vYmE=" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64] = "";
        FILE *stream = fmemopen(out, sizeof out, "w");
        html_base64(stream, (const uint8_t *)cases[i].bytes, strlen(cases[i].bytes));
        fclose(stream);
        assert_string_equal(out, cases[i].text);
    }
    char out[128] = "";
    FILE *stream = fmemopen(out, sizeof out, "w");
    html_text(stream, "a<b> & \"c\" 'd'\n");
    fclose(stream);
    assert_string_equal(out, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; ");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_gone_on_with_skipped_and_reported),
        cmocka_unit_test(test_ctrl_c_stops_all_and_a_run_that_dies_is_reported),
        cmocka_unit_test(test_what_cannot_be_compared_is_refused),
        cmocka_unit_test(test_a_strange_ablation_json_is_refused),
        cmocka_unit_test(test_scores_are_taken_at_equal_budgets),
        cmocka_unit_test(test_runs_of_several_starts_have_folders_of_their_own),
        cmocka_unit_test(test_drift_is_read_joined_and_never_trusted),
        cmocka_unit_test(test_base64_and_text_of_a_page),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
