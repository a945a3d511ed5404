/* test_parts.c - the pieces behind the commands: numbers, the progress line, the learning curve's
 * log, quoting, the choice of a round's pictures, lettering, axes, the order of a heat map. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "axes.h"
#include "chart.h"
#include "command.h"
#include "content.h"
#include "curve.h"
#include "font.h"
#include "heatmap.h"
#include "kata.h"
#include "numbers.h"
#include "picture.h"
#include "progress.h"
#include "shell.h"
#include "voice.h"
#include "why.h"

static void test_numbers_read_as_people_write_them(void **state)
{
    (void)state;
    char out[NUMBERS_BYTES];
    assert_string_equal(numbers_grouped(out, 0), "0");
    assert_string_equal(numbers_grouped(out, 999), "999");
    assert_string_equal(numbers_grouped(out, 41230), "41,230");
    assert_string_equal(numbers_grouped(out, UINT64_MAX), "18,446,744,073,709,551,615");
    assert_string_equal(numbers_short(out, 950), "950");
    assert_string_equal(numbers_short(out, 40000), "40k");
    assert_string_equal(numbers_short(out, 1500), "1.5k");
    assert_string_equal(numbers_short(out, 2.5e6), "2.5M");
    assert_string_equal(numbers_clock(out, 6.6), "0:07");
    assert_string_equal(numbers_clock(out, 708), "11:48");
    assert_string_equal(numbers_clock(out, 7390), "2:03:10");
    assert_string_equal(numbers_clock(out, NAN), "0:00");
    assert_string_equal(numbers_rate(out, 848.4), "848");
    assert_string_equal(numbers_rate(out, 5.31), "5.3");
}

static void test_the_nearest_word_is_near(void **state)
{
    (void)state;
    static const char *const words[] = { "train", "eval", "identify", "net" };
    assert_string_equal(command_nearest("nte", words, 4), "net");        /* a swap counts once */
    assert_string_equal(command_nearest("trian", words, 4), "train");    /* swapped */
    assert_string_equal(command_nearest("tran", words, 4), "train");     /* lost */
    assert_string_equal(command_nearest("evall", words, 4), "eval");     /* added */
    assert_string_equal(command_nearest("ident", words, 4), "identify"); /* begun */
    assert_null(command_nearest("play", words, 4));
    assert_null(command_nearest("", words, 4));
}

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

static void test_words_are_quoted_for_a_shell(void **state)
{
    (void)state;
    char line[64] = "";
    shell_add(line, sizeof line, "kata");
    shell_add(line, sizeof line, "it's");
    shell_add(line, sizeof line, "a b");
    shell_add(line, sizeof line, "");
    assert_string_equal(line, "kata 'it'\\''s' 'a b' ''");
    shell_add(line, sizeof line, "/a/word/that/is/much/too/long/for/what/is/left/of/the/line");
    assert_string_equal(line, "kata 'it'\\''s' 'a b' ''");
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

static void test_content_is_held_against_its_header(void **state)
{
    (void)state;
    static uint8_t bytes[16 + 512 + 2 * 16384 + 8192];
    why_t why;
    memcpy(bytes, "NES\x1a\x02\x01", 6);
    assert_true(content_is_sound(bytes, 16 + 2 * 16384 + 8192, "NES", why));
    assert_false(content_is_sound(bytes, 16 + 2 * 16384 + 8191, "nes", why));
    bytes[6] = 4; /* with a trainer */
    assert_false(content_is_sound(bytes, sizeof bytes - 1, "nes", why));
    assert_true(content_is_sound(bytes, sizeof bytes, "nes", why));
    bytes[7] = 8, bytes[9] = 1; /* NES 2.0: 258 banks */
    assert_false(content_is_sound(bytes, sizeof bytes, "nes", why));
    assert_non_null(strstr(why, "4235792")); /* 16 + 512 + 258 * 16384 + 8192 */
    assert_false(content_is_sound(bytes, 4, "gba", why));
    assert_false(content_is_sound(bytes, sizeof bytes, "gb", why));
    assert_true(content_is_sound(bytes, 1, "zzz", why));
    assert_true(content_is_sound(bytes, 1, "", why));
}

static size_t ink(const picture_t *picture)
{
    size_t count = 0;
    for (size_t i = 0; i < (size_t)picture->width_px * (size_t)picture->height_px; i++)
        count += picture->rgb[3 * i] != 0xff;
    return count;
}

static void test_every_character_has_a_shape_of_its_own(void **state)
{
    (void)state;
    enum { SIDE = 64 };
    static uint8_t shapes[127][3 * SIDE * SIDE];
    const picture_pen_t pen = { .size_px = 32 };
    for (int c = '!'; c <= '~'; c++) {
        const char text[2] = { (char)c, '\0' };
        font_point_t points[FONT_MAX_POINTS];
        double width;
        assert_in_range(font_path((uint32_t)c, points, &width), 2 - (c == '.'),
                        FONT_MAX_POINTS - 1);
        picture_t *picture = picture_create(SIDE, SIDE, 0xffffff);
        assert_non_null(picture);
        picture_text(picture, 4, 44, &pen, text);
        assert_true(ink(picture) > 4);
        memcpy(shapes[c], picture->rgb, sizeof shapes[c]);
        picture_destroy(picture);
        for (int other = '!'; other < c; other++)
            if (memcmp(shapes[other], shapes[c], sizeof shapes[c]) == 0)
                fail_msg("'%c' looks like '%c'", c, other);
        assert_true(picture_text_width(&pen, text) < 40);
    }
}

static void test_drawing_stays_on_the_canvas_and_leaves_no_mask(void **state)
{
    (void)state;
    enum { W = 40, H = 30 };
    picture_t *picture = picture_create(W, H, 0xffffff);
    assert_non_null(picture);
    const picture_pen_t pen = { .size_px = 50, .colour = 0x000000, .bold = true };
    const picture_point_t line[] = { { -1e5, -20 }, { 20, 15 }, { 1e5, 99 } };
    const picture_point_t low[] = { { -1e5, 40 }, { 20, 40 }, { 1e5, 1000 } };
    static const uint8_t rgb[3 * 2 * 2] = { 0 };
    picture_box(picture, -10, -10, 30, 30, 4, 0x112233, 1);
    picture_polyline(picture, line, 3, 3, 0x445566, 1);
    picture_band(picture, line, low, 3, 0x778899, 0.5);
    picture_dashes(picture, -5, 5, 60, 5, 2, 4, 0x0000ff, 1);
    picture_disc(picture, 39, 29, 8, 0xff0000, 1);
    picture_text(picture, -20, 25, &pen, "\xc3\xa9 Wg\xff");
    picture_image(picture, rgb, 2, 2, 30, 20, 40, 40);
    for (size_t i = 0; i < W * H; i++) assert_int_equal(picture->mask[i], 0);
    assert_int_equal(picture->rgb[3 * ((size_t)29 * W + 39)], 0); /* the picture lies on top */
    picture_destroy(picture);
}

static void test_axes_put_numbers_at_their_pixels(void **state)
{
    (void)state;
    axes_t axes = { .left = 50, .right = 250, .top = 10, .bottom = 110, .x_max = 400 };
    axes_choose_y(&axes, -0.3, 1.0);
    assert_float_equal(axes.y_step, 0.5, 1e-12);
    assert_float_equal(axes.y_min, -0.5, 1e-12);
    assert_float_equal(axes.y_max, 1.0, 1e-12);
    assert_float_equal(axes_x(&axes, 0), 50, 1e-9);
    assert_float_equal(axes_x(&axes, 100), 100, 1e-9);
    assert_float_equal(axes_y(&axes, -0.5), 110, 1e-9); /* up is less */
    assert_float_equal(axes_y(&axes, 1.0), 10, 1e-9);

    axes_choose_y(&axes, 0.1, 0.3); /* both are ticks, if not in binary */
    assert_float_equal(axes.y_step, 0.05, 1e-12);
    assert_float_equal(axes.y_min, 0.1, 1e-12);
    assert_float_equal(axes.y_max, 0.3, 1e-12);
    axes_choose_y(&axes, 0.3, 0.8); /* 0.3 / 0.1 is below 3 */
    assert_float_equal(axes.y_min, 0.3, 1e-12);
    axes_choose_y(&axes, 7, 7);
    assert_true(axes.y_min <= 7 && axes.y_max > 7);

    assert_float_equal(axes_round_step(100000, 5), 20000, 1e-6);
    assert_float_equal(axes_round_step(100001, 5), 50000, 1e-6);
    assert_float_equal(axes_round_step(6, 6), 1, 1e-12);
    assert_float_equal(axes_round_step(7, 1), 10, 1e-12);
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

static void test_like_rows_of_a_heat_map_come_side_by_side(void **state)
{
    (void)state;
    /* Three groups, row r in group r % 3; within a chain 0-3-6-9 neighbours are the most alike. */
    enum { N = 12 };
    float matrix[N * N];
    int32_t order[N], seen[N] = { 0 }, changes = 0, far = 0;
    for (int32_t i = 0; i < N; i++)
        for (int32_t j = 0; j < N; j++) {
            const int32_t apart = abs(i - j) / 3;
            matrix[i * N + j] = i == j ? 0 : i % 3 == j % 3 ? 0.9f - 0.1f * (float)apart : 0.05f;
        }
    assert_true(heatmap_order(matrix, N, order));
    for (int32_t i = 0; i < N; i++) seen[order[i]]++;
    for (int32_t i = 0; i < N; i++) assert_int_equal(seen[i], 1);
    for (int32_t i = 1; i < N; i++) {
        changes += order[i] % 3 != order[i - 1] % 3;
        far += order[i] % 3 == order[i - 1] % 3 && abs(order[i] - order[i - 1]) != 3;
    }
    assert_int_equal(changes, 2);
    assert_int_equal(far, 0);
    const float alone = 0;
    assert_true(heatmap_order(&alone, 1, order));
    assert_int_equal(order[0], 0);
    const char *const name = "Alone";
    why_t why;
    const heatmap_t map = { .title = "One",
                            .subtitle = "move",
                            .names = &name,
                            .matrix = &alone,
                            .order = order,
                            .count = 1 };
    if (!heatmap_save(&map, kata_path("heat.png"), why)) fail_msg("%s", why);
    assert_false(heatmap_save(&map, kata_path("no/such/heat.png"), why));
}

/* test_parts PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_read_as_people_write_them),
        cmocka_unit_test(test_the_nearest_word_is_near),
        cmocka_unit_test(test_the_progress_line_fits_its_width),
        cmocka_unit_test(test_the_log_is_read_as_far_as_it_goes),
        cmocka_unit_test(test_the_log_is_written_as_it_is_read),
        cmocka_unit_test(test_words_are_quoted_for_a_shell),
        cmocka_unit_test(test_only_kata_speaks_where_kata_speaks),
        cmocka_unit_test(test_content_is_held_against_its_header),
        cmocka_unit_test(test_every_character_has_a_shape_of_its_own),
        cmocka_unit_test(test_drawing_stays_on_the_canvas_and_leaves_no_mask),
        cmocka_unit_test(test_axes_put_numbers_at_their_pixels),
        cmocka_unit_test(test_a_curve_without_points_is_drawn),
        cmocka_unit_test(test_like_rows_of_a_heat_map_come_side_by_side),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
