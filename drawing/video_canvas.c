/* video_canvas.c - see video_canvas.h. */
#include "video_canvas.h"

#include <stdbool.h>

#include "pixel_font.h"

enum { LINE_DOTS = PIXEL_FONT_ROWS + 1 };

size_t video_pixel_bytes(video_format_t format)
{
    return format == VIDEO_XRGB8888 ? 4 : 2;
}

/* Letters as large as a dot of 240 lines on 320 columns makes them, in whole pixels. */
void video_canvas_open(video_canvas_t *canvas, void *pixels, uint32_t width_px, uint32_t height_px,
                       size_t pitch_bytes, video_format_t format, uint32_t quarters)
{
    const ptrdiff_t across = (ptrdiff_t)video_pixel_bytes(format), row = (ptrdiff_t)pitch_bytes;
    const ptrdiff_t last_x = ((ptrdiff_t)width_px - 1) * across,
                    last_y = ((ptrdiff_t)height_px - 1) * row;
    const ptrdiff_t corner[4] = { 0, last_x, last_x + last_y, last_y };
    const ptrdiff_t right[4] = { across, row, -across, -row };
    const ptrdiff_t down[4] = { row, -across, -row, across };
    const bool lies = quarters & 1;
    quarters &= 3;
    *canvas = (video_canvas_t){ .origin = (uint8_t *)pixels + corner[quarters],
                                .right = right[quarters],
                                .down = down[quarters],
                                .width_px = (int32_t)(lies ? height_px : width_px),
                                .height_px = (int32_t)(lies ? width_px : height_px),
                                .format = format };
    canvas->scale_x = (canvas->width_px + 160) / 320;
    canvas->scale_y = (canvas->height_px + 60) / 250;
    if (canvas->scale_x < 1) canvas->scale_x = 1;
    if (canvas->scale_y < 1) canvas->scale_y = 1;
}

/* ---- areas ----------------------------------------------------------------------------------- */

static uint32_t word_of(video_format_t format, uint32_t colour)
{
    const uint32_t r = colour >> 16 & 0xff, g = colour >> 8 & 0xff, b = colour & 0xff;
    switch (format) {
    case VIDEO_RGB565: return (r >> 3) << 11 | (g >> 2) << 5 | b >> 3;
    case VIDEO_0RGB1555: return (r >> 3) << 10 | (g >> 3) << 5 | b >> 3;
    case VIDEO_XRGB8888: break;
    }
    return colour & 0xffffff;
}

/* Cut off at the picture's edges; false: nothing is left. */
static bool cut(const video_canvas_t *canvas, int32_t *x, int32_t *y, int32_t *width,
                int32_t *height)
{
    const int64_t right = (int64_t)*x + *width, bottom = (int64_t)*y + *height;
    const int64_t x_end = right < canvas->width_px ? right : canvas->width_px;
    const int64_t y_end = bottom < canvas->height_px ? bottom : canvas->height_px;
    if (*x < 0) *x = 0;
    if (*y < 0) *y = 0;
    if (x_end <= *x || y_end <= *y) return false;
    *width = (int32_t)(x_end - *x);
    *height = (int32_t)(y_end - *y);
    return true;
}

static uint8_t *pixel_at(const video_canvas_t *canvas, int32_t x, int32_t y)
{
    return canvas->origin + x * canvas->right + y * canvas->down;
}

/* An area as it lies in memory: rows of pixels side by side, whichever way the viewer sees them. */
typedef struct {
    uint8_t *first;
    int32_t across, rows;
    ptrdiff_t pitch;
} area_t;

static bool area_of(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t width,
                    int32_t height, area_t *area)
{
    const ptrdiff_t bytes = (ptrdiff_t)video_pixel_bytes(canvas->format);
    if (!cut(canvas, &x, &y, &width, &height)) return false;
    const bool lies = canvas->right != bytes && canvas->right != -bytes;
    const ptrdiff_t across = lies ? canvas->down : canvas->right;
    *area = (area_t){ .first = pixel_at(canvas, x, y),
                      .across = lies ? height : width,
                      .rows = lies ? width : height,
                      .pitch = lies ? canvas->right : canvas->down };
    if (across < 0) area->first += across * (area->across - 1);
    return true;
}

void video_canvas_shade(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t width,
                        int32_t height)
{
    area_t area;
    if (!area_of(canvas, x, y, width, height, &area)) return;
    const uint16_t mask = canvas->format == VIDEO_RGB565 ? 0x39e7 : 0x1ce7;
    for (int32_t row = 0; row < area.rows; row++) {
        uint8_t *line = area.first + row * area.pitch;
        if (canvas->format == VIDEO_XRGB8888)
            for (int32_t i = 0; i < area.across; i++)
                ((uint32_t *)line)[i] = ((uint32_t *)line)[i] >> 2 & 0x3f3f3f;
        else
            for (int32_t i = 0; i < area.across; i++)
                ((uint16_t *)line)[i] = ((uint16_t *)line)[i] >> 2 & mask;
    }
}

void video_canvas_fill(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t width,
                       int32_t height, uint32_t colour)
{
    area_t area;
    if (!area_of(canvas, x, y, width, height, &area)) return;
    const uint32_t word = word_of(canvas->format, colour);
    for (int32_t row = 0; row < area.rows; row++) {
        uint8_t *line = area.first + row * area.pitch;
        if (canvas->format == VIDEO_XRGB8888)
            for (int32_t i = 0; i < area.across; i++) ((uint32_t *)line)[i] = word;
        else
            for (int32_t i = 0; i < area.across; i++) ((uint16_t *)line)[i] = (uint16_t)word;
    }
}

void video_canvas_dot(const video_canvas_t *canvas, int32_t x, int32_t y, uint32_t colour)
{
    video_canvas_fill(canvas, x, y, 1, 1, colour);
}

/* ---- lettering ------------------------------------------------------------------------------- */

static int32_t advance(const video_canvas_t *canvas, const pixel_glyph_t *glyph)
{
    return (glyph->width + PIXEL_FONT_GAP) * canvas->scale_x;
}

static void draw_glyph(const video_canvas_t *canvas, int32_t x, int32_t y, uint32_t colour,
                       const pixel_glyph_t *glyph)
{
    const int32_t sx = canvas->scale_x, sy = canvas->scale_y;
    for (int32_t row = 0; row < PIXEL_FONT_ROWS; row++)
        for (int32_t dot = 0; dot < glyph->width; dot++)
            if (glyph->rows[row] >> dot & 1)
                video_canvas_fill(canvas, x + dot * sx, y + row * sy, sx, sy, colour);
}

int32_t video_canvas_text_within(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t x_end,
                                 uint32_t colour, const char *text)
{
    pixel_glyph_t glyph, dots;
    pixel_font_glyph('.', &dots);
    const int32_t ellipsis = 2 * advance(canvas, &dots);
    const bool fits = x + video_canvas_text_width(canvas, text) <= x_end;
    for (const char *at = text; *at && x < canvas->width_px; at++) {
        pixel_font_glyph((unsigned char)*at, &glyph);
        if (!fits && x + advance(canvas, &glyph) + ellipsis > x_end) {
            for (int32_t i = 0; i < 2 && x + advance(canvas, &dots) <= x_end; i++) {
                draw_glyph(canvas, x, y, colour, &dots);
                x += advance(canvas, &dots);
            }
            break;
        }
        draw_glyph(canvas, x, y, colour, &glyph);
        x += advance(canvas, &glyph);
    }
    return x;
}

int32_t video_canvas_text(const video_canvas_t *canvas, int32_t x, int32_t y, uint32_t colour,
                          const char *text)
{
    return video_canvas_text_within(canvas, x, y, INT32_MAX, colour, text);
}

int32_t video_canvas_text_width(const video_canvas_t *canvas, const char *text)
{
    int32_t width = 0;
    for (const char *at = text; *at; at++) {
        pixel_glyph_t glyph;
        pixel_font_glyph((unsigned char)*at, &glyph);
        width += advance(canvas, &glyph);
    }
    return width;
}

int32_t video_canvas_line(const video_canvas_t *canvas)
{
    return LINE_DOTS * canvas->scale_y;
}
