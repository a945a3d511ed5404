/* test_drawing.c - numbers as text, lettering, the canvas, axes, the order of a heat map, a page.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "axes.h"
#include "font.h"
#include "heatmap.h"
#include "html.h"
#include "kata.h"
#include "numbers.h"
#include "picture.h"
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

/* test_drawing PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_read_as_people_write_them),
        cmocka_unit_test(test_every_character_has_a_shape_of_its_own),
        cmocka_unit_test(test_drawing_stays_on_the_canvas_and_leaves_no_mask),
        cmocka_unit_test(test_axes_put_numbers_at_their_pixels),
        cmocka_unit_test(test_like_rows_of_a_heat_map_come_side_by_side),
        cmocka_unit_test(test_base64_and_text_of_a_page),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
