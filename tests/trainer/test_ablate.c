/* test_ablate.c - a comparison of agents: run, killed, gone on with, skipped, refused, reported.
 * Two arms on Kumite with few and cheap decisions. */
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

#include "ablation_train.h"
#include "drift.h"
#include "pages.h"
#include "preset.h"
#include "why.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define OF(decisions, eval_every, dir)                                                             \
    "--decisions", decisions, "--eval-every", eval_every, "--eval-episodes", "1", "--save-every",  \
        "10", "--jobs", "2", "--warmup", "16", "--batch", "2", "--updates-per-decision", "0.5",    \
        "--replay", "4000", "--out", dir
#define TINY(dir) OF("60", "30", dir)
/* Long enough to be stopped while it runs, also where this test waits for its turn for seconds. */
#define LONGER(dir) OF("600", "300", dir)

/* A few updates are to be seen. */
#define TINY_META(dir) TINY(dir), "--similarity-learning-rate", "0.05"

static kata_run_t r;

static void nap(double seconds)
{
    const struct timespec time = { (time_t)seconds, (long)(seconds * 1e9) % 1000000000 };
    nanosleep(&time, NULL);
}

/* Waits until the file is there; false after four minutes. */
static bool wait_for(const char *path)
{
    for (int i = 0; i < 4800 && !kata_exists(path); i++) nap(0.05);
    return kata_exists(path);
}

static void test_killed_gone_on_with_skipped_and_reported(void **state)
{
    (void)state;
    const char *dir = kata_path("killed");
    kata_job_t job;
    kata_start(&job, (const char *const[]){ "ablate", kata_rom(), "--arms", "macros,meta",
                                            "--seeds", "2", TINY_META(dir), NULL });
    const bool saved = wait_for(pages_path(dir, "meta-1/train.state"));
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

    char *csv = pages_text(dir, "ablation.csv");
    assert_int_equal(pages_count(csv, "\n"), 1 + 4 * 2); /* each evaluated twice */
    assert_int_equal(pages_count(csv, ",done,"), 8);
    pages_expect(csv, "\nmeta,\"level1\",2,done,");
    assert_int_equal(pages_count(csv, ",30,"), 4);
    char *page = pages_text(dir, "index.html"), *summary = pages_text(dir, "summary.md");
    pages_expect_well_formed(page);
    pages_expect(page, "4 of 4 runs done");
    pages_expect(page, "interrupted and gone on with"); /* and said so */
    pages_expect(summary, "gone on with");
    pages_expect(summary, "](similarity.png)");
    pages_expect(summary, "](similarity-moved.png)");
    pages_expect(page, "kata ablate kumite.nes --arms macros,meta --seeds 2 ");
    assert_null(strstr(page, kata_dir())); /* nothing of this machine */
    free(csv);
    free(page);
    free(summary);

    /* Of a run that is done, the log and the preset are enough. */
    assert_int_equal(unlink(pages_path(dir, "macros-1/agent.safetensors")), 0);
    assert_int_equal(unlink(pages_path(dir, "macros-1/train.state")), 0);
    RUN(&r, "ablate", kata_rom(), "--arms", "macros,meta", "--seeds", "2", TINY_META(dir));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\n4 of 4 runs are done.\n");
    assert_null(strstr(r.out, "-1 is done"));
    assert_false(kata_exists(pages_path(dir, "macros-1/agent.safetensors")));

    /* What an earlier version did not know was at its default. */
    static const char later[] = ",\n\t\t\t\"similarity-fade\":\t0";
    char *file = pages_text(dir, "ablation.json"), *at = strstr(file, later);
    assert_non_null(at);
    memmove(at, at + strlen(later), strlen(at + strlen(later)) + 1);
    pages_write(dir, "ablation.json", file);
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
        "--transfer-from", pages_path(dir, "meta-1"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "\n6 of 6 runs are done.\n");
    drift_t first, then;
    assert_true(drift_read(&first, pages_path(dir, "meta-1")));
    assert_true(drift_read(&then, pages_path(dir, "transfer-1")));
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
    char *history = pages_text(dir, "ablation.json");
    assert_int_equal(pages_count(history, "\"command\""), 2);
    free(history);

    /* The report alone, where the game is not. */
    unlink(pages_path(dir, "index.html"));
    RUN(&r, "ablate", "--report", dir);
    kata_expect(&r, 0);
    assert_true(kata_exists(pages_path(dir, "index.html")));
}

static void test_ctrl_c_stops_all_and_a_run_that_dies_is_reported(void **state)
{
    (void)state;
    const char *dir = kata_path("stopped");
    kata_job_t job;
    kata_start(&job, (const char *const[]){ "ablate", kata_rom(), "--arms", "rainbow,macros",
                                            "--seeds", "1", LONGER(dir), NULL });
    const bool saved = wait_for(pages_path(dir, "rainbow-1/train.state")) &&
                       wait_for(pages_path(dir, "macros-1/train.state"));
    kill(job.pid, SIGINT);
    kata_end(&job, &r);
    assert_true(saved);
    kata_expect(&r, 130);
    kata_expect_out(&r, "run the same command again to go on");
    kata_expect_out(&r, "rainbow plays the 12 primitives of the preset's 24 actions");
    assert_true(kata_exists(pages_path(dir, "rainbow-1/agent.safetensors")));
    assert_false(kata_exists(pages_path(dir, "rainbow-1/failure.txt")));
    char *page = pages_text(dir, "index.html");
    pages_expect_well_formed(page);
    pages_expect(page, "missing or not done");
    free(page);

    /* What cannot be gone on with, from its last save and the one before, is said, and does not
     * keep the other from its end. */
    pages_write(dir, "macros-1/agent.safetensors", "not an agent at all");
    pages_write(dir, "macros-1/agent.safetensors.previous", "nor is this");
    RUN(&r, "ablate", kata_rom(), "--arms", "rainbow,macros", "--seeds", "1", LONGER(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "macros-1 died: ");
    kata_expect_err(&r, "agent.safetensors");
    kata_expect_out(&r, "\n1 of 2 runs are done, 1 died.\n");
    page = pages_text(dir, "index.html");
    pages_expect(page, "it died: ");
    free(page);

    /* A rainbow's preset has no macros left. */
    preset_t *preset;
    why_t why;
    assert_true(preset_load(&preset, pages_path(dir, "rainbow-1/preset.json"), why));
    assert_int_equal(preset_num_actions(preset), 12);
    for (int32_t a = 0; a < 12; a++) assert_false(preset_action(preset, a)->is_macro);
    preset_t *none;
    assert_false(ablation_primitives(&none, preset, why)); /* nothing to remove */
    assert_null(none);
    preset_free(preset);
}

/* ---- similarities that are given ---- */

/* Row and column of the similarity in a run's preset, by the names of actions. */
static double similarity_in(const char *dir, const char *run, const char *a, const char *b)
{
    char name[64];
    preset_t *preset;
    why_t why = "";
    double found = -1;
    snprintf(name, sizeof name, "%s/preset.json", run);
    if (!preset_load(&preset, pages_path(dir, name), why)) fail_msg("%s", why);
    int32_t rows[2] = { -1, -1 };
    for (int32_t i = 0; i < preset_num_actions(preset); i++) {
        if (strcmp(preset_action(preset, i)->name, a) == 0)
            rows[0] = preset_similarity_row(preset, i);
        if (strcmp(preset_action(preset, i)->name, b) == 0)
            rows[1] = preset_similarity_row(preset, i);
    }
    const preset_similarity_t *similarity = preset_similarity(preset);
    assert_non_null(similarity);
    found = (double)similarity->matrix[rows[0] * similarity->num_rows + rows[1]];
    preset_free(preset);
    return found;
}

/* Does any pair of the two runs' similarities differ? */
static bool has_moved(const char *dir, const char *run, const char *other)
{
    preset_t *presets[2];
    const char *runs[2] = { run, other };
    why_t why = "";
    for (int i = 0; i < 2; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s/preset.json", runs[i]);
        if (!preset_load(&presets[i], pages_path(dir, name), why)) fail_msg("%s", why);
    }
    const preset_similarity_t *a = preset_similarity(presets[0]),
                              *b = preset_similarity(presets[1]);
    assert_int_equal(a->num_rows, b->num_rows);
    const bool moved =
        memcmp(a->matrix, b->matrix, (size_t)(a->num_rows * a->num_rows) * sizeof *a->matrix) != 0;
    for (int i = 0; i < 2; i++) preset_free(presets[i]);
    return moved;
}

/* What the run's agent was made with, as its file says it. */
static void expect_agent(const char *dir, const char *run, const char *words)
{
    char name[64];
    snprintf(name, sizeof name, "%s/agent.safetensors", run);
    char *bytes = pages_text(dir, name);
    pages_expect(bytes + 8, words); /* behind the length of its head */
    free(bytes);
}

static void test_arms_begin_with_a_similarity_that_is_given(void **state)
{
    (void)state;
    const char *dir = kata_path("given"), *oracle = kata_path("oracle.json");
#define GIVEN                                                                                      \
    "ablate", kata_rom(), "--arms",                                                                \
        "macros,oracle,probe,permuted,constant,kinds,probe-meta,together,inverse", "--oracle",     \
        oracle, "--similarity-states", "1", "--similarity-decisions", "1000", "--seeds", "1",      \
        TINY_META(dir)
    static const struct {
        const char *text, *says;
    } wrong[] = {
        { "{\"kinds\": 3}", "must be a list of lists" },
        { "{\"kinds\": [[\"Fireball\", \"Somersault\"]]}", "is called \"Somersault\"" },
        { "{\"kinds\": [[\"Fireball\"], [\"236B\"]]}", "Fireball is in two lists" },
        { "not JSON", "must be a JSON object" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kata_write_file(oracle, wrong[i].text, strlen(wrong[i].text));
        RUN(&r, "ablate", kata_rom(), "--arms", "oracle", "--oracle", oracle, "--out",
            kata_path("wrong"));
        kata_expect(&r, 1);
        kata_expect_err(&r, wrong[i].says);
    }
    const char *text = "{\"kinds\": [[\"Fireball\", \"236A\"], [\"Throw\", \"Back throw\"]]}";
    kata_write_file(oracle, text, strlen(text));
    RUN(&r, GIVEN);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Probed from 1 states");
    kata_expect_out(&r, "1,000 random decisions, ");
    kata_expect_out(&r, "9 of 9 runs are done");
    /* A similarity stays within [0.001, 0.999] in an agent. */
    assert_true(similarity_in(dir, "oracle-1", "Fireball", "Fast fireball") > 0.99);
    assert_true(similarity_in(dir, "oracle-1", "Throw", "Back throw") > 0.99);
    assert_true(similarity_in(dir, "oracle-1", "Fireball", "Throw") < 0.01);
    const double probed = similarity_in(dir, "probe-1", "Fireball", "Fast fireball");
    assert_true(similarity_in(dir, "kinds-1", "Fireball", "Fast fireball") == probed);
    assert_true(similarity_in(dir, "constant-1", "Fireball", "Fast fireball") ==
                similarity_in(dir, "constant-1", "Jump", "Throw"));
    assert_true(similarity_in(dir, "permuted-1", "Fireball", "Fast fireball") != probed);
    /* Those that are learned on began at the probe's: a few steps of 0.05 lead not far from it. */
    for (int i = 0; i < 2; i++) {
        const char *run = i ? "together-1" : "probe-meta-1";
        assert_true(has_moved(dir, run, "probe-1"));
        expect_agent(dir, run, "\"config.similarity_mode\":\"meta\"");
        const double learned = similarity_in(dir, run, "Fireball", "Fast fireball");
        if (!(fabs(learned - probed) < 0.1))
            fail_msg("%s: %g, began with %g", run, learned, probed);
    }
    expect_agent(dir, "probe-1", "\"config.similarity_mode\":\"fixed\"");
    expect_agent(dir, "inverse-1", "\"config.similarity_mode\":\"fixed\"");
    expect_agent(dir, "inverse-1", "\"config.similarity_kinds\":\"0\"");
    assert_true(has_moved(dir, "inverse-1", "probe-1"));
    expect_agent(dir, "kinds-1", "\"config.similarity_kinds\":\"1\"");
    expect_agent(dir, "together-1", "\"config.similarity_kinds\":\"1\"");
    expect_agent(dir, "probe-meta-1", "\"config.similarity_kinds\":\"0\"");
    char *summary = pages_text(dir, "summary.md"), *page = pages_text(dir, "index.html");
    pages_expect(summary, "What the oracle gains: a ");
    pages_expect(page, "What the oracle gains: a ");
    pages_expect_well_formed(page);
    free(summary);
    free(page);
    RUN(&r, GIVEN); /* nothing is probed again */
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "Probed"));
    assert_null(strstr(r.out, "at random"));
#undef GIVEN
}

/* The prior of fixed and meta is found first, too, and gone on with. */
static void test_outcomes_are_found_for_arms_that_ask_for_them(void **state)
{
    (void)state;
    const char *dir = kata_path("asked");
#define ASKED                                                                                      \
    "ablate", kata_rom(), "--arms", "fixed,meta", "--similarity-prior", "inverse",                 \
        "--similarity-decisions", "1000", "--seeds", "1"
    RUN(&r, ASKED, TINY_META(dir));
    kata_expect(&r, 0);
    kata_expect_out(&r, "1,000 random decisions, ");
    kata_expect_out(&r, "2 of 2 runs are done");
    char *text = pages_text(dir, "inverse.json");
    pages_expect(text, "\"decisions\": 1000");
    free(text);
    assert_true(has_moved(dir, "meta-1", "fixed-1"));
    const double began = similarity_in(dir, "fixed-1", "Fireball", "Fast fireball");
    assert_true(fabs(similarity_in(dir, "meta-1", "Fireball", "Fast fireball") - began) < 0.1);
    /* A run that is not done goes on with what was found. */
    assert_int_equal(unlink(pages_path(dir, "fixed-1/log.jsonl")), 0);
    RUN(&r, ASKED, TINY_META(dir));
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "at random"));
    kata_expect_out(&r, "2 of 2 runs are done");
    RUN(&r, "ablate", kata_rom(), "--arms", "fixed,meta", "--similarity-prior", "structure",
        "--seeds", "1", TINY_META(dir));
    kata_expect(&r, 1);
    kata_expect_err(&r, "begun with settings.similarity-prior = \"inverse\"");
#undef ASKED
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
        { { "--arms", "oracle" }, 1, "name its file with --oracle" },
        { { "--arms", "macros", "--oracle", "x" }, 2, "--oracle changes nothing" },
        { { "--arms", "oracle", "--similarity-states", "2" }, 2, "--similarity-states changes" },
        { { "--arms", "probe", "--similarity-decisions", "2000" },
          2,
          "--similarity-decisions changes nothing without the arm inverse" },
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
        pages_write(dir, "ablation.json", cases[i].text);
        RUN(&r, "ablate", "--report", dir);
        kata_expect(&r, 1);
        kata_expect_err(&r, cases[i].says);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_gone_on_with_skipped_and_reported),
        cmocka_unit_test(test_ctrl_c_stops_all_and_a_run_that_dies_is_reported),
        cmocka_unit_test(test_arms_begin_with_a_similarity_that_is_given),
        cmocka_unit_test(test_outcomes_are_found_for_arms_that_ask_for_them),
        cmocka_unit_test(test_what_cannot_be_compared_is_refused),
        cmocka_unit_test(test_a_strange_ablation_json_is_refused),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
