/* test_train_similarity.c - how alike actions are: learned in a training, probed before it, kept,
 * and begun with. */
#include "kata.h"
#include "pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
/* Cheap learning: it is the saving and going on that is tested here. */
#define CHEAP_BUT_BATCH "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000"
#define CHEAP CHEAP_BUT_BATCH, "--batch", "2"
#define NO_EVALUATION "--eval-episodes", "0"

static kata_run_t r;

static void test_similarity_is_learned_kept_and_begun_with(void **state)
{
    (void)state;
    static const struct {
        const char *option, *value, *says;
    } idle[] = {
        { "--similarity-prior", "none",
          "--similarity-prior changes nothing with --similarity off" },
        { "--similarity-weight", "2", "--similarity-weight changes nothing" },
        { "--similarity-learning-rate", "1", "--similarity-learning-rate changes nothing" },
        { "--similarity-period", "2", "--similarity-period changes nothing" },
        { "--similarity-fade", "2", "--similarity-fade changes nothing" },
        { "--similarity-balance", "on", "--similarity-balance changes nothing" },
    };
    char dirs[5][1024], presets[5][1100];
    for (int i = 0; i < 5; i++) {
        snprintf(dirs[i], sizeof dirs[i], "%s/similar%d", kata_dir(), i);
        snprintf(presets[i], sizeof presets[i], "%s/preset.json", dirs[i]);
    }
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
        RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dirs[0], "--decisions", "1",
            NO_EVALUATION, CHEAP, idle[i].option, idle[i].value);
        kata_expect(&r, 1);
        kata_expect_err(&r, idle[i].says);
    }
    /* The same run but for one option each: each changes what is learned. */
    static const char *const changes[5][2] = { { "--similarity-prior", "structure" },
                                               { "--similarity-prior", "none" },
                                               { "--similarity-learning-rate", "0.5" },
                                               { "--similarity-fade", "2" },
                                               { "--similarity-balance", "on" } };
    for (int i = 0; i < 5; i++) {
        RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dirs[i], "--decisions", "160",
            NO_EVALUATION, CHEAP_BUT_BATCH, "--batch", "16", "--similarity", "meta",
            "--similarity-period", "1", changes[i][0], changes[i][1]);
        kata_expect(&r, 0);
        if (i > 0) assert_false(kata_same_files(presets[0], presets[i]));
    }
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dirs[0], "--decisions", "1",
        NO_EVALUATION);
    kata_expect(&r, 0);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dirs[0], "--decisions", "1",
        NO_EVALUATION, "--similarity-prior", "none");
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity-prior is not what the saved agent was made with");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", dirs[0], "--decisions", "1",
        NO_EVALUATION, "--similarity", "fixed");
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity is not what the saved agent was made with");

    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-next"),
        "--decisions", "1", NO_EVALUATION, "--similarity", "fixed", "--similarity-prior", "preset");
    kata_expect(&r, 1);
    kata_expect_err(&r, "has no similarity to start from");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-next"),
        "--decisions", "1", NO_EVALUATION, "--similarity", "fixed", "--similarity-prior", "preset",
        "--preset", presets[0]);
    kata_expect(&r, 0);

    /* What a folder's agent learned, whatever preset is trained with. */
    static const char *const wrong[][2] = { { "--similarity", "off" },
                                            { "--similarity-prior", "structure" } };
    for (int i = 0; i < 2; i++) {
        RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-from"),
            "--decisions", "1", NO_EVALUATION, "--similarity-from", dirs[0], "--similarity",
            i ? "meta" : "off", wrong[i][0], wrong[i][1]);
        kata_expect(&r, 1);
        kata_expect_err(&r, i ? "give one of them" : "--similarity-from changes nothing");
    }
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-from"),
        "--decisions", "1", NO_EVALUATION, "--similarity", "fixed", "--similarity-from", dirs[0]);
    kata_expect(&r, 0);
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-from"),
        "--decisions", "1", NO_EVALUATION, "--similarity-from", dirs[1]);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity-from is not what the saved agent was made with");
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-from"),
        "--decisions", "1", NO_EVALUATION, "--similarity-from", dirs[0]);
    kata_expect(&r, 0);
    RUN(&r, "similarity", "show", kata_path("similar-from"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "learned from 161 decisions and "); /* not from its own */
    RUN(&r, "train", kata_rom(), "--workers", "1", "--dir", kata_path("similar-none"),
        "--decisions", "1", NO_EVALUATION, "--similarity", "fixed", "--similarity-from",
        "presets/library/nes/Kumite.kata.json");
    kata_expect(&r, 1);
    kata_expect_err(&r, "there is no similarity in it");

    const char *moved = kata_path("moved.png");
    RUN(&r, "similarity", "show", dirs[0], "--moved", moved);
    kata_expect(&r, 0);
    kata_expect_out(&r, "\nHow it moved: mean ");
    kata_expect_out(&r, " records until 161 decisions; moved most: ");
    assert_true(kata_exists(moved));
    RUN(&r, "similarity", "show", presets[0], "--moved", moved);
    kata_expect(&r, 2);
    RUN(&r, "similarity", "show", kata_path("similar-from"), "--moved", moved);
    kata_expect(&r, 1); /* it was frozen */
    kata_expect_err(&r, "does not say how the similarity moved");

    const char *png = kata_path("similar.png");
    RUN(&r, "similarity", "show", dirs[0], "--png", png, "--neighbours", "2");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Kumite: how alike 24 moves are\n");
    kata_expect_out(&r, "learned from 161 decisions and ");
    kata_expect_out(&r, "\n  Fireball ");
    size_t num_bytes;
    uint8_t *bytes = kata_read_file(png, &num_bytes);
    assert_true(num_bytes > 5000);
    assert_memory_equal(bytes + 1, "PNG", 3);
    free(bytes);
    RUN(&r, "similarity", "show", "presets/library/nes/Kumite.kata.json");
    kata_expect(&r, 1);
    kata_expect_err(&r, "`kata train --similarity meta` learns one");
}

/* A new agent's similarity begins with what the actions do, and the preset beside it keeps that. */
static void test_a_probe_before_training(void **state)
{
    (void)state;
    const char *dir = kata_path("probed");
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--eval-episodes", "0", "--similarity",
        "probe", "--similarity-states", "2", "--replay", "4000", "--dir", dir);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Trying the 24 actions from 2 states");
    kata_expect_out(&r, "\nProbed from 2 states, ");
    kata_expect_out(&r, "\n24 moves, about 10 kinds.\n");
    size_t num_bytes;
    char *text = (char *)kata_read_file(pages_path(dir, "preset.json"), &num_bytes);
    assert_non_null(strstr(text, "\"outcomes\""));
    free(text);
    /* Gone on with, it is not probed again. */
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--eval-episodes", "0", "--dir", dir);
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "Trying"));
    RUN(&r, "train", kata_rom(), "--similarity-states", "2", "--dir", kata_path("both"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity-states changes nothing without a probe");
}

static void test_a_probe_kept_in_a_preset(void **state)
{
    (void)state;
    const char *out = kata_path("P.kata.json");
    RUN(&r, "similarity", "probe", kata_rom(), "--states", "2", "--seed", "5", "--out", out);
    kata_expect(&r, 0);
    kata_expect_out(&r, "every action from 2 states, ");
    kata_expect_out(&r, "24 moves, about 10 kinds.");
    kata_expect_out(&r, "Dash punch");
    size_t num_bytes;
    char *text = (char *)kata_read_file(out, &num_bytes);
    assert_non_null(strstr(text, "\"horizon_frames\": 60"));
    assert_true(num_bytes < 20000); /* no savestate in it */
    free(text);
    /* What is there is not probed again; a random player draws by it. */
    RUN(&r, "train", kata_rom(), "--preset", out, "--decisions", "20", "--eval-episodes", "0",
        "--similarity", "meta", "--similarity-prior", "probe", "--replay", "4000", "--dir",
        kata_path("from-outcomes"));
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "Trying"));
    kata_expect_out(&r, "about 10 kinds");
    RUN(&r, "train", kata_rom(), "--preset", out, "--similarity", "probe", "--similarity-prior",
        "none", "--dir", kata_path("both"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "leave out --similarity-prior");
    RUN(&r, "eval", kata_rom(), "--preset", out, "--who", "random", "--kinds", "1", "--episodes",
        "1");
    kata_expect(&r, 0);
    RUN(&r, "eval", kata_rom(), "--who", "random", "--kinds", "1", "--preset",
        "presets/library/nes/Kumite.kata.json");
    kata_expect(&r, 1);
    kata_expect_err(&r, "has no outcomes");
    RUN(&r, "eval", kata_rom(), "--kinds", "1");
    kata_expect(&r, 2);
    RUN(&r, "similarity", "probe", kata_rom(), "--replace");
    kata_expect(&r, 2);
}

static void test_an_inverse_model_kept_in_a_preset_and_before_training(void **state)
{
    (void)state;
    const char *out = kata_path("I.kata.json"), *dir = kata_path("inverse");
    RUN(&r, "similarity", "inverse", kata_rom(), "--decisions", "1000", "--seconds", "0", "--out",
        out);
    kata_expect(&r, 0);
    kata_expect_out(&r, ": 1,000 random decisions, ");
    kata_expect_out(&r, "an inverse model from numbers in ");
    kata_expect_out(&r, "24 moves, about 10 kinds.");
    kata_expect_out(&r, "Dash punch");
    size_t num_bytes;
    char *text = (char *)kata_read_file(out, &num_bytes);
    assert_non_null(strstr(text, "\"decisions\": 1000"));
    assert_null(strstr(text, "\"states\""));
    free(text);
    /* What is there is not played for again. */
    RUN(&r, "train", kata_rom(), "--preset", out, "--decisions", "20", "--eval-episodes", "0",
        "--similarity", "meta", "--similarity-prior", "inverse", "--replay", "4000", "--dir", dir);
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "at random"));
    kata_expect_out(&r, "about 10 kinds");
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--similarity", "inverse", "--eval-episodes",
        "0", "--dir", dir);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity is not what the saved agent was made with");
    /* Outcomes of an inverse model are no probe's. */
    RUN(&r, "train", kata_rom(), "--preset", out, "--decisions", "20", "--eval-episodes", "0",
        "--similarity", "probe", "--similarity-states", "1", "--replay", "4000", "--dir",
        kata_path("probed-anew"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Probed from 1 states");
    /* The short form, from nothing; gone on with, nothing is played for it again. */
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--eval-episodes", "0", "--similarity",
        "inverse", "--similarity-decisions", "1000", "--replay", "4000", "--dir",
        kata_path("inverse-short"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Playing 1000 decisions at random");
    kata_expect_out(&r, "1,000 random decisions, ");
    RUN(&r, "train", kata_rom(), "--decisions", "20", "--eval-episodes", "0", "--similarity",
        "inverse", "--dir", kata_path("inverse-short"));
    kata_expect(&r, 0);
    assert_null(strstr(r.out, "at random"));
}

static void test_what_no_inverse_model_can_do_is_refused(void **state)
{
    (void)state;
    RUN(&r, "similarity", "inverse", kata_rom(), "--decisions", "20", "--seconds", "0");
    kata_expect(&r, 1);
    kata_expect_err(&r, "play more of them");
    RUN(&r, "similarity", "inverse", kata_rom(), "--replace");
    kata_expect(&r, 2);
    RUN(&r, "train", kata_rom(), "--similarity-decisions", "2000", "--dir", kata_path("both"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity-decisions changes nothing without an inverse model");
    RUN(&r, "train", kata_rom(), "--similarity", "inverse", "--similarity-prior", "probe", "--dir",
        kata_path("both"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "--similarity inverse begins with what an inverse model finds: leave out");
}

/* test_train_similarity PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_similarity_is_learned_kept_and_begun_with),
        cmocka_unit_test(test_a_probe_before_training),
        cmocka_unit_test(test_a_probe_kept_in_a_preset),
        cmocka_unit_test(test_an_inverse_model_kept_in_a_preset_and_before_training),
        cmocka_unit_test(test_what_no_inverse_model_can_do_is_refused),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
