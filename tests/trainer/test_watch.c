/* test_watch.c - `kata watch` on a pseudo terminal: what stands on the screen, other sizes, keys,
 * terminals that cannot be written in place, folders without a training, trainings that ended. */
#include "kata.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "pages.h"
#include "terminal.h"

#define START(term, rows, columns, ...)                                                            \
    terminal_start(&t, term, rows, columns, (const char *const[]){ "watch", __VA_ARGS__, NULL })

static terminal_t t;
static kata_run_t r;

static const char *dir(void)
{
    return kata_path("watched");
}

/* live.json as a training writes it; the picture is dark on its left and bright on its right. */
static void write_live(const char *state, long pid, double age_s, const char *more)
{
    char path[700], next[720];
    snprintf(path, sizeof path, "%s/live.json", dir());
    snprintf(next, sizeof next, "%s.next", path);
    FILE *out = fopen(next, "w");
    assert_non_null(out);
    fprintf(out,
            "{\"state\":\"%s\",\"pid\":%ld,\"time\":%.3f,\"decisions\":12345,\"updates\":3086,"
            "\"frames\":98765,\"episodes\":41,\"crashes\":0,\"decisions_rate\":54.5,"
            "\"updates_rate\":13,\"frames_rate\":466,\"mean_episodes\":41,\"win_rate\":0.31,"
            "\"mean_return\":-2.86,\"loss\":3.61,\"epsilon\":0.68,\"left_seconds\":48,"
            "\"moves\":[0.5,0.25,0.25],\"similarity\":{\"mean\":0.123,\"sd\":0.2,"
            "\"mean_change\":0.045,\"top\":[[0,1,0.25,0.75],[0,2,0.5,0.5]]}%s,\"picture\":\"",
            state, pid, (double)time(NULL) - age_s, more);
    for (int y = 0; y < 84; y++)
        for (int x = 0; x < 84; x++) fprintf(out, "%02x", x * 3);
    fputs("\"}\n", out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(rename(next, path), 0);
}

static void write_session(const char *name)
{
    char text[1024];
    snprintf(text, sizeof text,
             "{\"game\":\"%s\",\"core\":\"nestopia\",\"start\":\"level1\","
             "\"actions\":[[\"Fireball\",\"236B\"],[\"Sweep\",\"2A\"],[\"Jump\",\"8\"]]}",
             name);
    pages_write(dir(), "session.json", text);
}

static int setup(void **state)
{
    if (kata_setup(state) != 0 || mkdir(dir(), 0700) != 0) return -1;
    write_session("Kumite");
    return 0;
}

static int live(void **state)
{
    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    write_session("Kumite");
    write_live("training", getpid(), 0, "");
    return 0;
}

static void test_80_by_24_shows_all(void **state)
{
    (void)state;
    START("xterm-256color", 24, 80, dir());
    terminal_expect(&t, "Kumite on nestopia, level1");
    static const char *const words[] = { "training, 0:48 left",
                                         "won         31 % of 41 rounds",
                                         "return      -2.86",
                                         "loss        3.61",
                                         "12,345  54/s",
                                         "3,086  13/s",
                                         "98,765  466/s",
                                         "rounds      41",
                                         "mean 0.123, moved 0.045",
                                         "Fireball           50.0 %",
                                         "Jump               25.0 %",
                                         "0.25 > 0.75  Fireball, Sweep",
                                         "q quits" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) terminal_expect(&t, words[i]);
    assert_false(terminal_shows(&t, "0.50 > 0.50")); /* it did not move */
    terminal_settle(&t, 300);
    /* The picture: half blocks, each row brighter to the right. */
    assert_true(t.is_other);
    for (int row = 2; row < 17; row++)
        for (int column = 40; column < 79; column++) {
            const terminal_cell_t *cell = &t.cells[row][column];
            assert_int_equal(cell->letter, 0x2580);
            assert_true(cell->ink >= 232 && cell->ink == cell->paper);
            if (column > 40) assert_true(cell->ink >= cell[-1].ink);
        }
    assert_true(t.cells[5][40].ink <= 233 && t.cells[5][78].ink >= 254);
    terminal_type(&t, "x"); /* no key of ours */
    terminal_settle(&t, 300);
    assert_int_equal(waitpid(t.pid, NULL, WNOHANG), 0);
    terminal_type(&t, "q");
    assert_int_equal(terminal_end(&t), 0);
    assert_false(t.is_other); /* the terminal as it was */
}

static void test_it_follows_the_training_to_its_end(void **state)
{
    (void)state;
    START("xterm-256color", 24, 80, dir());
    terminal_expect(&t, "training, 0:48 left");
    write_live("evaluating", getpid(), 20, "");
    terminal_expect(&t, "evaluating");
    write_live("training", getpid(), 20, "");
    terminal_expect(&t, "no news for 0:2");
    const pid_t child = fork(); /* a process that is gone */
    if (child == 0) _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    write_live("training", child, 70, "");
    terminal_expect(&t, "its process is gone");
    write_live("ended", child, 3, "");
    terminal_expect(&t, "ended 0:0");
    pages_write(dir(), "live.json", "{"); /* what was seen stays */
    terminal_expect(&t, "cannot be read any more");
    terminal_expect(&t, "31 % of 41 rounds");
    assert_int_equal(kill(t.pid, SIGTERM), 0);
    assert_int_equal(terminal_end(&t), 0);
    assert_false(t.is_other);
}

static void test_any_size_is_drawn(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 40, 120 }, { 12, 50 }, { 1, 1 },   { 3, 9 },
                                    { 60, 200 }, { 24, 72 }, { 2, 200 }, { 60, 1 } };
    START("xterm-256color", 24, 80, dir());
    terminal_expect(&t, "31 % of 41 rounds");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        terminal_resize(&t, sizes[i][0], sizes[i][1]);
        terminal_settle(&t, 400);
        assert_int_equal(waitpid(t.pid, NULL, WNOHANG), 0);
    }
    terminal_resize(&t, 40, 120);
    terminal_expect(&t, "31 % of 41 rounds");
    terminal_settle(&t, 300);
    assert_int_equal(t.cells[20][100].letter, 0x2580); /* the picture has grown */
    terminal_resize(&t, 24, 80);
    terminal_expect(&t, "0.25 > 0.75  Fireball, Sweep");
    terminal_type(&t, "q");
    assert_int_equal(terminal_end(&t), 0);
}

static void test_a_terminal_with_few_letters_or_colours(void **state)
{
    (void)state;
    START("vt100", 24, 80, dir());
    terminal_expect(&t, "31 % of 41 rounds");
    terminal_settle(&t, 300);
    assert_int_equal(t.cells[5][78].letter, 0x2588); /* shades */
    terminal_type(&t, "q");
    assert_int_equal(terminal_end(&t), 0);

    setenv("LC_ALL", "C", 1);
    START("xterm-256color", 24, 80, dir());
    terminal_expect(&t, "31 % of 41 rounds");
    terminal_settle(&t, 300);
    assert_int_equal(t.cells[5][78].letter, '@');
    assert_int_equal(t.cells[5][40].letter, ' ');
    for (size_t i = 0; i < t.raw_bytes; i++) assert_true((uint8_t)t.raw[i] < 0x80);
    terminal_type(&t, "q");
    assert_int_equal(terminal_end(&t), 0);
}

static void test_a_dumb_terminal_gets_lines_until_the_end(void **state)
{
    (void)state;
    START("dumb", 24, 80, dir(), "--every", "0.2");
    terminal_expect(&t, "training, 0:48 left: 12,345 decisions");
    write_live("ended", getpid(), 1, "");
    assert_int_equal(terminal_end(&t), 0);
    assert_null(memchr(t.raw, 27, t.raw_bytes));
    assert_non_null(strstr(t.raw, "ended 0:0"));

    START("no such terminal", 24, 80, dir(), "--once");
    assert_int_equal(terminal_end(&t), 0);
    assert_non_null(strstr(t.raw, "won 31%"));
    kata_run(&r, (const char *const[]){ "watch", dir(), NULL }); /* no terminal at all; it ended */
    kata_expect(&r, 0);
    kata_expect_out(&r, "12,345 decisions 54/s");
}

static void test_a_folder_without_a_training_is_refused(void **state)
{
    (void)state;
    kata_run(&r, (const char *const[]){ "watch", kata_path("nowhere"), NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "nowhere: must be a game or a training's folder");
    kata_run(&r, (const char *const[]){ "watch", kata_dir(), NULL });
    kata_expect(&r, 1);
    kata_expect_err(&r, "live.json: cannot be read");
    kata_expect_err(&r, "`kata train` leaves it");
    START("xterm-256color", 24, 80, kata_path("nowhere"));
    assert_int_equal(terminal_end(&t), 1);
    assert_null(memchr(t.raw, 27, t.raw_bytes));
}

/* Names of others do not steer the terminal. */
static void test_names_of_others_stay_text(void **state)
{
    (void)state;
    write_session("A\\u001b]0;title\\u0007B\\u009b31mC\\u65e5\\u672c");
    START("xterm-256color", 24, 80, dir());
    terminal_expect(&t, "A ]0;title B 31mC");
    for (size_t i = 0; i + 1 < t.raw_bytes; i++) {
        assert_false(t.raw[i] == 27 && t.raw[i + 1] == ']');
        assert_false((uint8_t)t.raw[i] == 0xc2 && (uint8_t)t.raw[i + 1] == 0x9b);
    }
    terminal_type(&t, "q");
    assert_int_equal(terminal_end(&t), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_80_by_24_shows_all, live),
        cmocka_unit_test_setup(test_it_follows_the_training_to_its_end, live),
        cmocka_unit_test_setup(test_any_size_is_drawn, live),
        cmocka_unit_test_setup(test_a_terminal_with_few_letters_or_colours, live),
        cmocka_unit_test_setup(test_a_dumb_terminal_gets_lines_until_the_end, live),
        cmocka_unit_test_setup(test_a_folder_without_a_training_is_refused, live),
        cmocka_unit_test_setup(test_names_of_others_stay_text, live),
    };
    return cmocka_run_group_tests(tests, setup, kata_teardown);
}
