/* test_session.c - what is seen and kept of a training session: the progress line, Kata's own words
 * apart from the cores', the log and the learning curve drawn from it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "chart.h"
#include "curve.h"
#include "kata.h"
#include "progress.h"
#include "voice.h"
#include "why.h"

static void test_the_progress_line_fits_its_width(void **state)
{
    (void)state;
    const training_progress_t p = { .decisions = 41230,
                                    .updates = 10307,
                                    .frames = 412000,
                                    .mean_episodes = 100,
                                    .mean_return = 0.42f,
                                    .win_rate = 0.61f,
                                    .agent = { .epsilon = 0.34f, .loss_mean = 0.0213f } };
    char line[512];
    progress_line(line, sizeof line, 200, &p, 212, 53, 848, 708);
    assert_string_equal(line, "41,230 decisions 212/s  10,307 updates 53/s  412,000 frames 848/s  "
                              "return +0.42  won 61%  epsilon 0.34  loss 0.0213  11:48 left");
    for (size_t width = 20; width < 160; width++) {
        progress_line(line, sizeof line, width, &p, 212, 53, 848, 708);
        assert_true(strlen(line) <= width);
        if (width >= 80) { /* what matters most stays */
            assert_non_null(strstr(line, "decisions"));
            assert_non_null(strstr(line, "won 61%"));
            assert_non_null(strstr(line, "left"));
        }
    }
    progress_line(line, sizeof line, 200, &p, 212, 53, 848, -1);
    assert_null(strstr(line, "left"));
    training_progress_t nobody_knows = p;
    nobody_knows.winner_unknown = true;
    progress_line(line, sizeof line, 200, &nobody_knows, 212, 53, 848, 708);
    assert_null(strstr(line, "won"));
    assert_non_null(strstr(line, "return +0.42"));
}

static void expect_curve(const char *log, uint64_t decisions, int32_t num_points)
{
    curve_t curve;
    kata_write_file(kata_path("log.jsonl"), log, strlen(log));
    assert_true(curve_open(&curve, kata_dir(), decisions));
    if (curve.num_points != num_points)
        fail_msg("%d points, expected %d, of:\n%s", curve.num_points, num_points, log);
    curve_close(&curve);
}

static void test_the_log_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    const char *two = "{\"kind\":\"session\",\"decisions\":0}\n"
                      "{\"kind\":\"training\",\"decisions\":100,\"win_rate\":0.5}\n"
                      "{\"kind\":\"evaluation\",\"decisions\":200,\"win_rate\":0.5}\n";
    char log[2048];
    expect_curve("", 1000, 0);
    expect_curve(two, 1000, 2);
    expect_curve(two, 150, 1); /* killed: the checkpoint is older than the log */
    expect_curve(two, 0, 0);   /* begun anew */
    snprintf(log, sizeof log, "%s%s", two, "{\"kind\":\"session\",\"decisions\":150}\n");
    expect_curve(log, 1000, 1);
    snprintf(log, sizeof log, "%s%s%s", two, "{\"kind\":\"session\",\"decisions\":0}\n",
             strchr(two, '\n') + 1);
    expect_curve(log, 1000, 2);
    snprintf(log, sizeof log, "%s%s", two, "{\"kind\":\"training\",\"decis"); /* cut short */
    expect_curve(log, 1000, 2);
    snprintf(log, sizeof log, "%s\n\x01\xff[]\n{\"kind\":7}\nnull\n", two); /* not ours */
    expect_curve(log, 1000, 2);
}

static void test_the_log_is_written_as_it_is_read(void **state)
{
    (void)state;
    why_t why;
    /* Killed after 650 decisions and within a line; the last save was after 500. */
    const char *cut = "{\"kind\":\"training\",\"decisions\":650}\n{\"kind\":\"training\",\"decis";
    kata_write_file(kata_path("log.jsonl"), cut, strlen(cut));
    curve_t curve;
    assert_true(curve_open(&curve, kata_dir(), 500));
    for (uint64_t i = 1; i <= 300; i++) {
        const training_progress_t p = {
            .decisions = 500 + i, .mean_episodes = 20, .win_rate = 0.25f, .mean_return = -1.5f
        };
        assert_true(curve_add_training(&curve, &p, why));
    }
    curve_close(&curve);
    assert_true(curve_open(&curve, kata_dir(), 700));
    assert_int_equal(curve.num_points, 200);
    assert_true(curve.points[199].decisions == 700 && curve.points[199].win_rate == 0.25);
    assert_true(curve.points[0].mean_return == -1.5 && !curve.points[0].is_evaluation);
    curve_close(&curve);
    assert_true(curve_open(&curve, kata_path("no/such/folder"), 0));
    const training_progress_t p = { .decisions = 1, .mean_episodes = 1 };
    assert_false(curve_add_training(&curve, &p, why));
    assert_non_null(strstr(why, "no/such/folder/log.jsonl"));
    curve_close(&curve);
}

static void test_only_kata_speaks_where_kata_speaks(void **state)
{
    (void)state;
    const char *heard = kata_path("heard"), *log = kata_path("core.log");
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        why_t why;
        dup2(open(heard, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
        const bool split = voice_split(log, why) && voice_split(log, why); /* twice is once */
        printf("a core\n");
        fflush(stdout);
        say("Kata\n");
        _exit(split ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    size_t num_bytes;
    char *text = (char *)kata_read_file(heard, &num_bytes);
    assert_string_equal(text, "Kata\n");
    free(text);
    text = (char *)kata_read_file(log, &num_bytes);
    assert_string_equal(text, "a core\n");
    free(text);
}

static void test_a_curve_without_points_is_drawn(void **state)
{
    (void)state;
    why_t why;
    curve_t curve = { 0 };
    if (!chart_save(kata_path("empty.png"), "Nothing", &curve, why)) fail_msg("%s", why);
    assert_true(kata_exists(kata_path("empty.png")));
    curve_point_t point = { .decisions = 1e12, .mean_return = -3e-9 };
    curve = (curve_t){ .points = &point, .num_points = 1 };
    if (!chart_save(kata_path("one.png"), "One", &curve, why)) fail_msg("%s", why);
    assert_false(chart_save(kata_path("no/such/folder.png"), "One", &curve, why));
    assert_non_null(strstr(why, "folder.png"));
}

/* test_session PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_progress_line_fits_its_width),
        cmocka_unit_test(test_the_log_is_read_as_far_as_it_goes),
        cmocka_unit_test(test_the_log_is_written_as_it_is_read),
        cmocka_unit_test(test_only_kata_speaks_where_kata_speaks),
        cmocka_unit_test(test_a_curve_without_points_is_drawn),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
