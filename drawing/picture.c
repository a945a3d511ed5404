/* picture.c - every shape is first drawn as coverage into the mask, then blended once, so that
 * strokes of one shape that cross do not darken each other. */
#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <stb/stb_image_write.h>

#include "font.h"
#include "why.h"

/* What the shape being drawn has touched of the mask. */
typedef struct {
    int32_t x0, y0, x1, y1; /* half open */
} extent_t;

static extent_t clipped(const picture_t *picture, double x0, double y0, double x1, double y1)
{
    return (extent_t){
        .x0 = (int32_t)fmax(0, floor(x0)),
        .y0 = (int32_t)fmax(0, floor(y0)),
        .x1 = (int32_t)fmin(picture->width_px, fmax(0, ceil(x1))),
        .y1 = (int32_t)fmin(picture->height_px, fmax(0, ceil(y1))),
    };
}

static void widen(extent_t *all, extent_t more)
{
    if (more.x0 >= more.x1 || more.y0 >= more.y1) return;
    if (all->x0 >= all->x1) {
        *all = more;
        return;
    }
    if (more.x0 < all->x0) all->x0 = more.x0;
    if (more.y0 < all->y0) all->y0 = more.y0;
    if (more.x1 > all->x1) all->x1 = more.x1;
    if (more.y1 > all->y1) all->y1 = more.y1;
}

static void cover(picture_t *picture, int32_t x, int32_t y, double coverage)
{
    if (coverage <= 0) return;
    const uint8_t value = coverage >= 1 ? 255 : (uint8_t)(255 * coverage + 0.5);
    uint8_t *at = &picture->mask[(size_t)y * (size_t)picture->width_px + (size_t)x];
    if (*at < value) *at = value;
}

static void blend(uint8_t *pixel, uint32_t colour, double alpha)
{
    for (int32_t c = 0; c < 3; c++) {
        const double wanted = (double)(colour >> (16 - 8 * c) & 0xff);
        pixel[c] = (uint8_t)(pixel[c] + (wanted - pixel[c]) * alpha + 0.5);
    }
}

/* Blend what the mask covers, and wipe it. */
static void paint(picture_t *picture, extent_t extent, uint32_t colour, double alpha)
{
    for (int32_t y = extent.y0; y < extent.y1; y++)
        for (int32_t x = extent.x0; x < extent.x1; x++) {
            const size_t at = (size_t)y * (size_t)picture->width_px + (size_t)x;
            if (!picture->mask[at]) continue;
            blend(&picture->rgb[3 * at], colour, alpha * picture->mask[at] / 255.0);
            picture->mask[at] = 0;
        }
}

/* A line with round ends: the pixels by their distance from it. */
static extent_t cover_segment(picture_t *picture, double x0, double y0, double x1, double y1,
                              double width)
{
    const double r = width / 2;
    const extent_t extent = clipped(picture, fmin(x0, x1) - r - 1, fmin(y0, y1) - r - 1,
                                    fmax(x0, x1) + r + 1, fmax(y0, y1) + r + 1);
    const double dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
    for (int32_t y = extent.y0; y < extent.y1; y++)
        for (int32_t x = extent.x0; x < extent.x1; x++) {
            const double px = x + 0.5 - x0, py = y + 0.5 - y0;
            double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            cover(picture, x, y, r + 0.5 - hypot(px - t * dx, py - t * dy));
        }
    return extent;
}

picture_t *picture_create(int32_t width_px, int32_t height_px, uint32_t colour)
{
    picture_t *picture = calloc(1, sizeof *picture);
    const size_t pixels = (size_t)width_px * (size_t)height_px;
    if (!picture) return NULL;
    *picture = (picture_t){
        .width_px = width_px,
        .height_px = height_px,
        .rgb = malloc(3 * pixels),
        .mask = calloc(pixels, 1),
    };
    if (!picture->rgb || !picture->mask) {
        picture_destroy(picture);
        return NULL;
    }
    for (size_t i = 0; i < pixels; i++) {
        picture->rgb[3 * i] = (uint8_t)(colour >> 16);
        picture->rgb[3 * i + 1] = (uint8_t)(colour >> 8);
        picture->rgb[3 * i + 2] = (uint8_t)colour;
    }
    return picture;
}

void picture_destroy(picture_t *picture)
{
    if (!picture) return;
    free(picture->rgb);
    free(picture->mask);
    free(picture);
}

void picture_box(picture_t *picture, double x, double y, double width, double height, double radius,
                 uint32_t colour, double alpha)
{
    const extent_t extent = clipped(picture, x - 1, y - 1, x + width + 1, y + height + 1);
    const double half_width = width / 2 - radius, half_height = height / 2 - radius;
    for (int32_t py = extent.y0; py < extent.y1; py++)
        for (int32_t px = extent.x0; px < extent.x1; px++) {
            const double dx = fabs(px + 0.5 - x - width / 2) - half_width;
            const double dy = fabs(py + 0.5 - y - height / 2) - half_height;
            /* Signed distance from the rounded edge, negative inside. */
            const double outside = hypot(fmax(dx, 0), fmax(dy, 0)), inside = fmin(fmax(dx, dy), 0);
            cover(picture, px, py, 0.5 - (outside + inside - radius));
        }
    paint(picture, extent, colour, alpha);
}

void picture_polyline(picture_t *picture, const picture_point_t *points, int32_t num_points,
                      double width, uint32_t colour, double alpha)
{
    extent_t extent = { 0 };
    if (num_points == 1)
        widen(&extent, cover_segment(picture, points->x, points->y, points->x, points->y, width));
    for (int32_t i = 1; i < num_points; i++)
        widen(&extent, cover_segment(picture, points[i - 1].x, points[i - 1].y, points[i].x,
                                     points[i].y, width));
    paint(picture, extent, colour, alpha);
}

void picture_line(picture_t *picture, double x0, double y0, double x1, double y1, double width,
                  uint32_t colour, double alpha)
{
    picture_polyline(picture, (picture_point_t[]){ { x0, y0 }, { x1, y1 } }, 2, width, colour,
                     alpha);
}

void picture_dashes(picture_t *picture, double x0, double y0, double x1, double y1, double width,
                    double dash, uint32_t colour, double alpha)
{
    const double length = hypot(x1 - x0, y1 - y0);
    for (double at = 0; at < length; at += 2 * dash) {
        const double from = at / length, to = fmin(at + dash, length) / length;
        picture_line(picture, x0 + (x1 - x0) * from, y0 + (y1 - y0) * from, x0 + (x1 - x0) * to,
                     y0 + (y1 - y0) * to, width, colour, alpha);
    }
}

void picture_disc(picture_t *picture, double x, double y, double radius, uint32_t colour,
                  double alpha)
{
    picture_polyline(picture, &(picture_point_t){ x, y }, 1, 2 * radius, colour, alpha);
}

/* y of a line at x; *i moves on to the piece that holds x. */
static double height_at(const picture_point_t *line, int32_t num_points, int32_t i, double x)
{
    if (i + 1 >= num_points || x <= line[i].x) return line[i].y;
    const double step = line[i + 1].x - line[i].x;
    return step > 0 ? line[i].y + (line[i + 1].y - line[i].y) * (x - line[i].x) / step
                    : line[i + 1].y;
}

void picture_band(picture_t *picture, const picture_point_t *upper, const picture_point_t *lower,
                  int32_t num_points, uint32_t colour, double alpha)
{
    if (num_points < 2) return;
    const extent_t columns =
        clipped(picture, upper[0].x, 0, upper[num_points - 1].x, picture->height_px);
    int32_t i = 0;
    for (int32_t x = columns.x0; x < columns.x1; x++) {
        while (i + 2 < num_points && upper[i + 1].x < x + 0.5) i++;
        const double top = height_at(upper, num_points, i, x + 0.5);
        const double bottom = height_at(lower, num_points, i, x + 0.5);
        const extent_t rows = clipped(picture, x, fmin(top, bottom), x + 1, fmax(top, bottom));
        for (int32_t y = rows.y0; y < rows.y1; y++)
            cover(picture, x, y, fmin(y + 1, fmax(top, bottom)) - fmax(y, fmin(top, bottom)));
    }
    paint(picture, columns, colour, alpha);
}

void picture_image(picture_t *picture, const uint8_t *rgb, int32_t rgb_width, int32_t rgb_height,
                   double x, double y, double width, double height)
{
    const extent_t extent =
        clipped(picture, round(x), round(y), round(x + width), round(y + height));
    for (int32_t py = extent.y0; py < extent.y1; py++)
        for (int32_t px = extent.x0; px < extent.x1; px++) {
            /* The source area under this pixel, at least one whole source pixel. */
            const double left = (px - round(x)) * rgb_width / width;
            const double top = (py - round(y)) * rgb_height / height;
            const double right = fmin(rgb_width, fmax(left + 1, left + rgb_width / width));
            const double bottom = fmin(rgb_height, fmax(top + 1, top + rgb_height / height));
            double sum[3] = { 0 }, area = 0;
            for (int32_t sy = (int32_t)top; sy < bottom; sy++)
                for (int32_t sx = (int32_t)left; sx < right; sx++) {
                    const double part = (fmin(sx + 1, right) - fmax(sx, left)) *
                                        (fmin(sy + 1, bottom) - fmax(sy, top));
                    const uint8_t *from = &rgb[3 * ((size_t)sy * (size_t)rgb_width + (size_t)sx)];
                    for (int32_t c = 0; c < 3; c++) sum[c] += part * from[c];
                    area += part;
                }
            uint8_t *to = &picture->rgb[3 * ((size_t)py * (size_t)picture->width_px + (size_t)px)];
            for (int32_t c = 0; c < 3 && area > 0; c++) to[c] = (uint8_t)(sum[c] / area + 0.5);
        }
}

/* ---- lettering ------------------------------------------------------------------------------- */

/* One character of UTF-8; *text moves behind it. Broken bytes count as one each. */
static uint32_t next_character(const char **text)
{
    const uint8_t first = (uint8_t) * (*text)++;
    if (first < 0x80) return first;
    while (((uint8_t) * *text & 0xc0) == 0x80) (*text)++;
    return 0xfffd;
}

static extent_t cover_character(picture_t *picture, uint32_t character, double x, double y,
                                double scale, double stroke, double *width)
{
    font_point_t points[FONT_MAX_POINTS];
    const int32_t num_points = font_path(character, points, width);
    extent_t extent = { 0 };
    if (!picture) return extent;
    for (int32_t i = 0; i < num_points; i++) {
        const font_point_t *to = &points[i], *from = i > 0 ? &points[i - 1] : to;
        if (to->kind == FONT_MOVE) continue;
        if (to->kind == FONT_DOT) from = to;
        widen(&extent,
              cover_segment(picture, x + from->x * scale, y - from->y * scale, x + to->x * scale,
                            y - to->y * scale, to->kind == FONT_DOT ? 1.35 * stroke : stroke));
    }
    return extent;
}

/* Draws (picture NULL: only measures), and returns the width. */
static double set_text(picture_t *picture, double x, double y, const picture_pen_t *pen,
                       const char *text)
{
    const double scale = pen->size_px / FONT_CAPITAL;
    const double stroke = fmax(1.1, scale * (pen->bold ? 2.3 : 1.6));
    double at = stroke / 2; /* the ink begins at x, not the pen's middle */
    uint32_t last = 0;
    while (*text) {
        const uint32_t character = next_character(&text);
        if (last) at += (font_gap(last, character) + (pen->bold ? 0.5 : 0)) * scale;
        double width;
        const extent_t extent =
            cover_character(picture, character, x + at, y, scale, stroke, &width);
        if (picture) paint(picture, extent, pen->colour, 1);
        at += width * scale;
        last = character;
    }
    return at + stroke / 2;
}

double picture_text_width(const picture_pen_t *pen, const char *text)
{
    return set_text(NULL, 0, 0, pen, text);
}

void picture_text(picture_t *picture, double x, double y, const picture_pen_t *pen,
                  const char *text)
{
    if (pen->anchor == PICTURE_CENTRE) x -= picture_text_width(pen, text) / 2;
    if (pen->anchor == PICTURE_RIGHT) x -= picture_text_width(pen, text);
    set_text(picture, x, y, pen, text);
}

/* ---- saving ---------------------------------------------------------------------------------- */

static void write_part(void *stream, void *bytes, int num_bytes)
{
    /* A failed write is remembered by the stream; files_replace_commit() looks. */
    (void)!fwrite(bytes, 1, (size_t)num_bytes, stream);
}

bool picture_write(const picture_t *picture, FILE *out)
{
    return stbi_write_png_to_func(write_part, out, picture->width_px, picture->height_px, 3,
                                  picture->rgb, 3 * picture->width_px) &&
           !ferror(out);
}

bool picture_save(const picture_t *picture, const char *path, why_t why)
{
    files_writer_t writer;
    if (!files_replace_open(&writer, path, why)) return false;
    if (!picture_write(picture, writer.stream) && !ferror(writer.stream)) {
        files_replace_abort(&writer);
        refuse(why, "%.300s: no memory for the picture", path);
        return false;
    }
    return files_replace_commit(&writer, why);
}
