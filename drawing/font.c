/* font.c - the strokes of each character.
 *
 * Paths are text: M move, L line, C cubic curve (two handles, end), D dot; V and H are a quarter
 * of an ellipse to the point given, leaving vertically or horizontally. Bowls are built of V and
 * H in turn with straight sides between, which gives the letters of road signs.
 */
#include "font.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct {
    double width;
    const char *path;
} glyph_t;

/* clang-format off */
static const glyph_t GLYPHS[95] = { /* ' ' .. '~' */
    { 1, "" },
    { 1.2, "M.6 14L.6 4.8D.6 .5" },
    { 3.8, "M.4 14L.4 10.4M3.4 14L3.4 10.4" },
    { 9.6, "M3.6 13L2 1M7.6 13L6 1M.6 9.2L9.4 9.2M.2 4.8L9 4.8" },
    { 9, "M8.6 10.6V4.5 12.8H.6 9.9V4.6 7.1H9 4.2V4.4 1.2H.2 3.8M4.5 15.2L4.5 -1.4" },
    { 12.6, "M0 10.8V2.7 14H5.4 10.8V2.7 7.6H0 10.8M7.2 3.2V9.9 6.4H12.6 3.2V9.9 0H7.2 3.2M10.4 14L2.2 0" },
    { 10, "M9.8 0L2.2 9C.6 11 1.2 14 4.2 14C7.2 14 7.6 10.4 4.6 8.7L2.6 7.6C-1.2 5.2 -.2 0 4 0C6.8 0 8.8 2.4 9.4 6" },
    { .8, "M.4 14L.4 10.4" },
    { 3, "M3 16C-.6 11 -.6 1 3 -4" },
    { 3, "M0 16C3.6 11 3.6 1 0 -4" },
    { 6.6, "M3.3 14L3.3 7.4M.4 12.4L6.2 9M6.2 12.4L.4 9" },
    { 8.6, "M4.3 10.2L4.3 1.8M.1 6L8.5 6" },
    { 1.2, "M1 .8L.2 -2.6" },
    { 5.6, "M0 5.6L5.6 5.6" },
    { 1, "D.5 .5" },
    { 6.4, "M6.4 15L0 -2" },
    { 8.6, "M0 5L0 9V4.3 14H8.6 9L8.6 5V4.3 0H0 5" },
    { 8.6, "M1.4 11.2L5 14L5 0" },
    { 8.6, "M.4 10.3V4.4 14H8.3 10.3C8.3 7.2 4.4 5 .2 0L8.6 0" },
    { 8.6, "M.6 11V4.3 14H8 10.8V4.2 7.6L2.9 7.6M4.2 7.6H8.6 3.9V4.3 0H.1 3.1" },
    { 8.6, "M6.6 0L6.6 14L0 3.8L8.8 3.8" },
    { 8.6, "M7.9 14L1.1 14L.6 7.4C1.6 8.5 2.8 9 4.2 9H8.6 4.6V4.1 0H0 3.2" },
    { 8.6, "M7.8 11.8C7.2 13.3 6 14 4.5 14H0 8.6L0 4.5V4.3 0H8.6 4.4V4.3 8.8H0 4.5" },
    { 8.6, "M.2 14L8.4 14L3.2 0" },
    { 8.6, "M4.3 7.6H.5 10.8V4.3 14H8.1 10.8V4.3 7.6H8.6 3.8V4.3 0H0 3.8V4.3 7.6" },
    { 8.6, "M.8 2.2C1.4 .7 2.6 0 4.1 0H8.6 5.4L8.6 9.5V4.3 14H0 9.6V4.3 5.2H8.6 9.5" },
    { 1, "D.5 .5D.5 8.2" },
    { 1.2, "M1 .8L.2 -2.6D.8 8.2" },
    { 8, "M7.8 10.4L.2 6L7.8 1.6" },
    { 8.4, "M.1 7.8L8.3 7.8M.1 4.2L8.3 4.2" },
    { 8, "M.2 10.4L7.8 6L.2 1.6" },
    { 7.6, "M0 10.4V3.8 14H7.6 10.4C7.6 7.4 3.8 7.6 3.8 4.6D3.8 .5" },
    { 13.6, "M9.6 7.6V6.8 10H4 6.2V6.6 2.6H9.6 5.6M9.6 10L9.6 4.6V11.4 2.8H13.4 6.6V6.8 13.6H0 6V6.8 -2.4C8.8 -2.4 10 -1.8 11 -1.2" },
    { 11, "M0 0L5.5 14L11 0M1.8 4.6L9.2 4.6" },
    { 9.4, "M0 0L0 14L5 14H8.6 10.8V5 7.6L0 7.6M5 7.6H9.4 3.8V5 0L0 0" },
    { 10.2, "M10.2 10.2V5.5 14H0 8.6L0 5.4V5.5 0H10.2 3.8" },
    { 10, "M0 0L0 14L4.6 14H10 8.6L10 5.4V4.6 0L0 0" },
    { 8.4, "M8.4 14L0 14L0 0L8.4 0M0 7.4L7.4 7.4" },
    { 8.2, "M8.2 14L0 14L0 0M0 7.2L7.2 7.2" },
    { 10.6, "M10.2 10.4V5.5 14H0 8.6L0 5.4V5.5 0H10.6 4.8L10.6 6.6L6 6.6" },
    { 10, "M0 0L0 14M10 0L10 14M0 7.3L10 7.3" },
    { .6, "M.3 0L.3 14" },
    { 7, "M7 14L7 4V3.5 0H0 3.6" },
    { 9.6, "M0 0L0 14M9.2 14L0 4.8M3.4 8.2L9.6 0" },
    { 7.8, "M0 14L0 0L7.8 0" },
    { 12, "M0 0L0 14L6 4.4L12 14L12 0" },
    { 10, "M0 0L0 14L10 0L10 14" },
    { 10.8, "M0 5.4L0 8.6V5.4 14H10.8 8.6L10.8 5.4V5.4 0H0 5.4" },
    { 9.4, "M0 0L0 14L5 14H9.4 10.2V5 6.4L0 6.4" },
    { 10.8, "M0 5.4L0 8.6V5.4 14H10.8 8.6L10.8 5.4V5.4 0H0 5.4M6.6 3.6L10.8 -.8" },
    { 9.6, "M0 0L0 14L5 14H9.4 10.3V5 6.6L0 6.6M5.4 6.6L9.6 0" },
    { 9.6, "M9.2 10.8V4.9 14H.4 10.6V4.9 7.3H9.6 3.7V4.8 0H0 3.3" },
    { 10, "M0 14L10 14M5 14L5 0" },
    { 10, "M0 14L0 5V5 0H10 5L10 14" },
    { 10.6, "M0 14L5.3 0L10.6 14" },
    { 15.2, "M0 14L3.8 0L7.6 12L11.4 0L15.2 14" },
    { 9.6, "M0 14L9.6 0M9.6 14L0 0" },
    { 10, "M0 14L5 6.6L10 14M5 6.6L5 0" },
    { 9.2, "M0 14L9 14L.2 0L9.2 0" },
    { 3, "M3 16L0 16L0 -4L3 -4" },
    { 6.4, "M0 15L6.4 -2" },
    { 3, "M0 16L3 16L3 -4L0 -4" },
    { 7.6, "M.2 9.4L3.8 14L7.4 9.4" },
    { 8, "M0 -2.6L8 -2.6" },
    { 2.4, "M0 14.4L2.4 11.6" },
    { 7.4, "M.6 7.8V4 10H7.4 6.8L7.4 0M7.4 5.8L3.5 5.8H0 2.9V3.3 0H7.4 3.6" },
    { 8, "M0 14L0 0M0 6V4 10H8 6L8 4V4 0H0 4" },
    { 7.4, "M7.4 7.3V4 10H0 6L0 4V4 0H7.4 2.7" },
    { 8, "M8 14L8 0M8 6V4 10H0 6L0 4V4 0H8 4" },
    { 7.8, "M0 5.2L7.8 5.2L7.8 6V3.9 10H0 6L0 4V4 0C5.8 0 7 .8 7.5 2.4" },
    { 5.4, "M5.4 14L5 14H2 11L2 0M0 9.6L5 9.6" },
    { 8, "M8 10L8 -.4V4.1 -4.2C2.3 -4.2 1 -3.5 .4 -2.2M8 6V4 10H0 6L0 4V4 0H8 4" },
    { 7.6, "M0 14L0 0M0 6V4 10H7.6 6.2L7.6 0" },
    { 1, "M.5 10L.5 0D.5 13.6" },
    { 2.6, "M2.4 10L2.4 -1.4V0 -4D2.4 13.6" },
    { 7.4, "M0 14L0 0M7 10L0 3.5M2.7 6L7.4 0" },
    { 2, "M.3 14L.3 2V2.2 0" },
    { 13.2, "M0 10L0 0M0 6.4V3.4 10H6.6 6.6L6.6 0M6.6 6.4V10 10H13.2 6.6L13.2 0" },
    { 7.6, "M0 10L0 0M0 6V4 10H7.6 6.2L7.6 0" },
    { 8.2, "M0 4L0 6V4.1 10H8.2 6L8.2 4V4.1 0H0 4" },
    { 8, "M0 10L0 -4M0 6V4 10H8 6L8 4V4 0H0 4" },
    { 8, "M8 10L8 -4M8 6V4 10H0 6L0 4V4 0H8 4" },
    { 4.8, "M0 10L0 0M0 5.8V4 10L4.8 10" },
    { 7, "M6.7 7.8V3.6 10H.3 7.5V3.6 5.2H7 2.6V3.5 0H0 2.3" },
    { 5.6, "M2 13L2 3V4.8 0L5.6 0M0 9.8L5.2 9.8" },
    { 7.6, "M0 10L0 3.8V3.8 0H7.6 4M7.6 10L7.6 0" },
    { 8, "M0 10L4 0L8 10" },
    { 12, "M0 10L3 0L6 8.6L9 0L12 10" },
    { 7.4, "M0 10L7.4 0M7.4 10L0 0" },
    { 8.1, "M0 10L4.1 .3M8.1 10L3.4 -2.2C2.9 -3.4 2.2 -4 .8 -4" },
    { 7, "M.1 10L6.8 10L.1 0L7 0" },
    { 4, "M4 16V2 14L2 8.4C2 7 1 6 0 6C1 6 2 5 2 3.6L2 -2V4 -4" },
    { .6, "M.3 16L.3 -4" },
    { 4, "M0 16H2 14L2 8.4C2 7 3 6 4 6C3 6 2 5 2 3.6L2 -2V0 -4" },
    { 8.4, "M0 5C1 7.2 3 7.4 4.2 6C5.4 4.6 7.4 4.8 8.4 7" },
};
/* clang-format on */

static const glyph_t UNKNOWN = { 8, "M0 0L0 12L8 12L8 0L0 0" };

typedef struct {
    font_point_t *points;
    int32_t num_points;
    double x, y; /* where the pen is */
} font_stroke_t;

static void add(font_stroke_t *path, double x, double y, int kind)
{
    if (path->num_points >= FONT_MAX_POINTS) return;
    path->points[path->num_points++] = (font_point_t){ .x = x, .y = y, .kind = kind };
    path->x = x;
    path->y = y;
}

static void add_curve(font_stroke_t *path, double x1, double y1, double x2, double y2, double x,
                      double y)
{
    enum { PIECES = 8 };
    const double x0 = path->x, y0 = path->y;
    for (int32_t i = 1; i <= PIECES; i++) {
        const double t = (double)i / PIECES, s = 1 - t;
        add(path, s * s * s * x0 + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t * x,
            s * s * s * y0 + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t * t * t * y, FONT_LINE);
    }
}

static void read_numbers(const char **text, double *numbers, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        char *end;
        numbers[i] = strtod(*text, &end);
        *text = end;
    }
}

int32_t font_path(uint32_t codepoint, font_point_t points[FONT_MAX_POINTS], double *width)
{
    /* The handle that makes a cubic curve a quarter of an ellipse, to a thousandth. */
    static const double ROUND = 0.5523;
    const glyph_t *glyph =
        codepoint >= ' ' && codepoint <= '~' ? &GLYPHS[codepoint - ' '] : &UNKNOWN;
    font_stroke_t path = { .points = points };
    const char *text = glyph->path;
    while (*text) {
        const char command = *text++;
        double n[6];
        read_numbers(&text, n, command == 'C' ? 6 : 2);
        const double dx = n[0] - path.x, dy = n[1] - path.y;
        if (command == 'M') add(&path, n[0], n[1], FONT_MOVE);
        if (command == 'L') add(&path, n[0], n[1], FONT_LINE);
        if (command == 'D') add(&path, n[0], n[1], FONT_DOT);
        if (command == 'C') add_curve(&path, n[0], n[1], n[2], n[3], n[4], n[5]);
        if (command == 'V')
            add_curve(&path, path.x, path.y + ROUND * dy, n[0] - ROUND * dx, n[1], n[0], n[1]);
        if (command == 'H')
            add_curve(&path, path.x + ROUND * dx, path.y, n[0], n[1] - ROUND * dy, n[0], n[1]);
    }
    *width = glyph->width;
    return path.num_points;
}

static bool is_round_or_slanted(uint32_t c)
{
    for (const char *s = "AVWXYTvwxyrcoesbpOCGQSDJ.,/"; *s; s++)
        if ((uint32_t)*s == c) return true;
    return false;
}

double font_gap(uint32_t left, uint32_t right)
{
    /* Two upright strokes need more air than a round or slanted side. */
    double gap = 3.9;
    if (is_round_or_slanted(left)) gap -= 0.6;
    if (is_round_or_slanted(right)) gap -= 0.6;
    return gap;
}
