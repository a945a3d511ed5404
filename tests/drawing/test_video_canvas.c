/* test_video_canvas.c - letters and areas in the pixels of any core: formats, sizes, turns; nothing
 * is written beside the picture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pixel_font.h"
#include "video_canvas.h"

enum { MOST = 640 * 480, EDGE = 64, INK = 0xf8fcf8 };

static const struct {
    uint32_t width, height, padding; /* pixels */
} sizes[] = { { 160, 144, 0 }, { 240, 160, 16 }, { 256, 224, 0 }, { 256, 240, 1 },
              { 320, 224, 0 }, { 384, 224, 8 },  { 512, 448, 0 }, { 640, 480, 0 } };
static const video_format_t formats[] = { VIDEO_0RGB1555, VIDEO_XRGB8888, VIDEO_RGB565 };

/* A picture with guards before, behind and beside it. */
static struct {
    uint32_t width, height;
    size_t pitch, bytes;
    video_format_t format;
    uint8_t memory[(MOST + 480 * 32) * 4 + 2 * EDGE];
} picture;

static video_canvas_t open_picture(int32_t size, video_format_t format, uint32_t quarters)
{
    const size_t pixel = video_pixel_bytes(format);
    picture.width = sizes[size].width;
    picture.height = sizes[size].height;
    picture.pitch = (picture.width + sizes[size].padding) * pixel;
    picture.bytes = picture.pitch * picture.height;
    picture.format = format;
    memset(picture.memory, 0xa5, picture.bytes + 2 * EDGE);
    for (uint32_t y = 0; y < picture.height; y++)
        memset(picture.memory + EDGE + y * picture.pitch, 0, picture.width * pixel);
    video_canvas_t canvas;
    video_canvas_open(&canvas, picture.memory + EDGE, picture.width, picture.height, picture.pitch,
                      format, quarters);
    return canvas;
}

static void expect_guards(void)
{
    const size_t row = picture.width * video_pixel_bytes(picture.format);
    for (size_t at = 0; at < picture.bytes + 2 * EDGE; at++) {
        const bool is_inside = at >= EDGE && at < EDGE + picture.bytes;
        if (is_inside && (at - EDGE) % picture.pitch < row) continue;
        if (picture.memory[at] != 0xa5) fail_msg("byte %zu of %zu", at, picture.bytes);
    }
}

/* The word of a pixel as the core wrote it. */
static uint32_t word_at(uint32_t fx, uint32_t fy)
{
    const uint8_t *at =
        picture.memory + EDGE + fy * picture.pitch + fx * video_pixel_bytes(picture.format);
    uint32_t word32;
    uint16_t word16;
    memcpy(&word16, at, sizeof word16);
    if (picture.format != VIDEO_XRGB8888) return word16;
    memcpy(&word32, at, sizeof word32);
    return word32;
}

/* What the viewer sees there: the core's picture turned counter-clockwise. */
static uint32_t seen_at(uint32_t quarters, uint32_t x, uint32_t y)
{
    switch (quarters) {
    case 1: return word_at(picture.width - 1 - y, x);
    case 2: return word_at(picture.width - 1 - x, picture.height - 1 - y);
    case 3: return word_at(y, picture.height - 1 - x);
    default: return word_at(x, y);
    }
}

/* The text of one line at (x, y), letter by letter, each the one whose dots are there. */
static void read_back(const video_canvas_t *canvas, uint32_t quarters, uint32_t x, uint32_t y,
                      int32_t num_letters, char *text)
{
    for (int32_t n = 0; n < num_letters; n++) {
        int found = 0;
        int32_t width = 0;
        for (int c = 1; c < 127; c++) {
            pixel_glyph_t glyph;
            pixel_font_glyph((unsigned char)c, &glyph);
            bool same = c < 10 || c >= 32;
            for (int32_t row = 0; row < PIXEL_FONT_ROWS && same; row++)
                for (int32_t dot = 0; dot <= glyph.width && same; dot++) {
                    const uint32_t px = x + (uint32_t)(dot * canvas->scale_x),
                                   py = y + (uint32_t)(row * canvas->scale_y);
                    for (int32_t i = 0; i < canvas->scale_x * canvas->scale_y; i++)
                        same &= (seen_at(quarters, px + (uint32_t)(i % canvas->scale_x),
                                         py + (uint32_t)(i / canvas->scale_x)) != 0) ==
                                (glyph.rows[row] >> dot & 1);
                }
            if (same && glyph.width > width) {
                found = c;
                width = glyph.width;
            }
        }
        text[n] = (char)found;
        x += (uint32_t)((width + PIXEL_FONT_GAP) * canvas->scale_x);
    }
    text[num_letters] = '\0';
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_every_letter_has_dots_of_its_own(void **state)
{
    (void)state;
    for (int a = 1; a < 127; a++) {
        pixel_glyph_t one, other;
        if (a > 9 && a < 32) continue;
        pixel_font_glyph((unsigned char)a, &one);
        assert_in_range(one.width, 1, 7);
        for (int b = a + 1; b < 128; b++) {
            pixel_font_glyph((unsigned char)b, &other);
            if (b > 9 && b < 32) continue;
            if (memcmp(&one, &other, sizeof one) == 0) fail_msg("%d and %d look the same", a, b);
        }
    }
}

static void test_text_can_be_read_back_in_each_format_size_and_turn(void **state)
{
    (void)state;
    static const char text[] = "P1 you \2\3\6 {236P} 63 %";
    char read[sizeof text];
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t f = 0; f < 3; f++)
            for (uint32_t quarters = 0; quarters < 4; quarters++) {
                const video_canvas_t canvas = open_picture((int32_t)s, formats[f], quarters);
                assert_int_equal(canvas.width_px, quarters & 1 ? picture.height : picture.width);
                const int32_t end = video_canvas_text(&canvas, 3, 5, INK, text);
                assert_int_equal(end, 3 + video_canvas_text_width(&canvas, text));
                assert_true(end < canvas.width_px);
                read_back(&canvas, quarters, 3, 5, (int32_t)strlen(text), read);
                assert_string_equal(read, text);
                expect_guards();
            }
}

static void test_text_that_is_too_long_ends_before_the_end(void **state)
{
    (void)state;
    char read[9];
    for (size_t f = 0; f < 3; f++) {
        const video_canvas_t canvas = open_picture(0, formats[f], 0);
        const int32_t end = video_canvas_text_within(&canvas, 0, 0, 40, INK, "HHHHHHHHHHH");
        assert_int_equal(end, 40);
        read_back(&canvas, 0, 0, 0, 8, read);
        assert_string_equal(read, "HHHHHH..");
        for (uint32_t y = 0; y < picture.height; y++)
            for (uint32_t x = 40; x < picture.width; x++) assert_int_equal(word_at(x, y), 0);
        /* What fits is not cut. */
        const video_canvas_t again = open_picture(0, formats[f], 0);
        video_canvas_text_within(&again, 0, 0, video_canvas_text_width(&again, "Hi."), INK, "Hi.");
        read_back(&again, 0, 0, 0, 3, read);
        assert_string_equal(read, "Hi.");
    }
}

static void test_colours_are_the_formats_own(void **state)
{
    (void)state;
    static const uint32_t words[3] = { 0x1f << 10 | 0x10 << 5 | 1, 0xff8008,
                                       0x1f << 11 | 0x20 << 5 | 1 };
    static const uint32_t shaded[3] = { 7 << 10 | 4 << 5, 0x3f2002, 7 << 11 | 8 << 5 };
    for (size_t f = 0; f < 3; f++)
        for (uint32_t quarters = 0; quarters < 4; quarters++) {
            const video_canvas_t canvas = open_picture(1, formats[f], quarters);
            video_canvas_fill(&canvas, 10, 20, 6, 4, 0xff8008);
            for (uint32_t y = 0; y < (uint32_t)canvas.height_px; y++)
                for (uint32_t x = 0; x < (uint32_t)canvas.width_px; x++) {
                    const bool is_inside = x >= 10 && x < 16 && y >= 20 && y < 24;
                    assert_int_equal(seen_at(quarters, x, y), is_inside ? words[f] : 0);
                }
            video_canvas_shade(&canvas, 12, 0, 2, 144);
            assert_int_equal(seen_at(quarters, 11, 21), words[f]);
            assert_int_equal(seen_at(quarters, 12, 21), shaded[f]);
            assert_int_equal(seen_at(quarters, 13, 23), shaded[f]);
            assert_int_equal(seen_at(quarters, 14, 23), words[f]);
            expect_guards();
        }
}

static void test_nothing_is_written_outside(void **state)
{
    (void)state;
    static const int32_t at[] = { INT32_MIN, -700, -3, 0, 100, 158, 5000, INT32_MAX };
    const size_t count = sizeof at / sizeof at[0];
    for (size_t f = 0; f < 3; f++)
        for (uint32_t quarters = 0; quarters < 4; quarters++)
            for (size_t i = 0; i < count * count; i++) {
                const int32_t x = at[i % count], y = at[i / count];
                const video_canvas_t canvas = open_picture(1, formats[f], quarters);
                video_canvas_fill(&canvas, x, y, 900, 900, INK);
                video_canvas_shade(&canvas, x, y, 900, 900);
                video_canvas_fill(&canvas, x, y, -5, 3, INK);
                video_canvas_fill(&canvas, x, y, INT32_MAX, INT32_MAX, INK);
                if (x > -5000 && x < 10000 && y > -5000 && y < 10000)
                    video_canvas_text(&canvas, x, y, INK, "outside \1\2\3");
                expect_guards();
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_letter_has_dots_of_its_own),
        cmocka_unit_test(test_text_can_be_read_back_in_each_format_size_and_turn),
        cmocka_unit_test(test_text_that_is_too_long_ends_before_the_end),
        cmocka_unit_test(test_colours_are_the_formats_own),
        cmocka_unit_test(test_nothing_is_written_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
