/* bands.c - see bands.h. */
#include "bands.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "axes.h"
#include "numbers.h"
#include "picture.h"
#include "why.h"

enum { WIDTH = 1600, HEIGHT = 900, MARGIN = 56, MAX_LEGEND_LINES = 5 };

uint32_t bands_colour(int32_t number)
{
    static const uint32_t colours[BANDS_NUM_COLOURS] = { PICTURE_ACCENT, PICTURE_SECOND, 0x3f8f6b,
                                                         0xd99a2b,       0x8a5a9e,       0x4aa3b5,
                                                         0xa8743f,       0x8f8878 };
    return colours[number % BANDS_NUM_COLOURS];
}

typedef struct {
    const bands_t *chart;
    picture_t *picture;
    axes_t axes;
} bands_plot_t;

static bool is_drawn(const bands_point_t *point)
{
    return isfinite(point->x) && isfinite(point->y);
}

/* False: there is no point. */
static bool choose_ranges(bands_plot_t *plot)
{
    const bands_t *chart = plot->chart;
    double low = chart->y_least, high = chart->y_most;
    bool found = false;
    for (int32_t s = 0; s < chart->num_series; s++)
        for (int32_t i = 0; i < chart->series[s].num_points; i++) {
            const bands_point_t *point = &chart->series[s].points[i];
            if (!is_drawn(point)) continue;
            plot->axes.x_max = found ? fmax(plot->axes.x_max, point->x) : point->x;
            low = fmin(low, fmin(point->low, point->y)); /* fmin passes over NAN */
            high = fmax(high, fmax(point->high, point->y));
            found = true;
        }
    if (!found) return false;
    plot->axes.x_max = fmax(1, plot->axes.x_max);
    plot->axes.x_step = fmax(1, axes_round_step(plot->axes.x_max, 8));
    axes_choose_y(&plot->axes, low, high);
    return true;
}

static void write_tick(const bands_plot_t *plot, double tick, char text[64])
{
    const double shown = plot->chart->percent ? 100 * tick : tick;
    const double step = plot->chart->percent ? 100 * plot->axes.y_step : plot->axes.y_step;
    const int decimals = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const double whole = fabs(shown) < step / 1000 ? 0 : shown; /* no "-0" */
    snprintf(text, 64, "%.*f%s", decimals, whole, plot->chart->percent ? " %" : "");
}

static void draw_axes(const bands_plot_t *plot)
{
    const picture_pen_t across = { .size_px = 15,
                                   .colour = PICTURE_SOFT,
                                   .anchor = PICTURE_CENTRE };
    const picture_pen_t down = { .size_px = 15, .colour = PICTURE_SOFT, .anchor = PICTURE_RIGHT };
    char text[64];
    for (int32_t i = 0;; i++) {
        const double tick = plot->axes.y_min + i * plot->axes.y_step;
        if (tick > plot->axes.y_max + plot->axes.y_step / 1000) break;
        const double y = axes_y(&plot->axes, tick);
        const bool zero = fabs(tick) < plot->axes.y_step / 1000;
        picture_line(plot->picture, plot->axes.left, y, plot->axes.right, y, zero ? 2 : 1.3,
                     PICTURE_FAINT, 1);
        write_tick(plot, tick, text);
        picture_text(plot->picture, plot->axes.left - 16, y + 7, &down, text);
    }
    for (int32_t i = 0; i * plot->axes.x_step <= plot->axes.x_max * (1 + 1e-9); i++) {
        const double x = axes_x(&plot->axes, i * plot->axes.x_step);
        char number[NUMBERS_BYTES];
        picture_line(plot->picture, x, plot->axes.bottom, x, plot->axes.bottom + 8, 1.3,
                     PICTURE_SOFT, 0.8);
        picture_text(plot->picture, x, plot->axes.bottom + 34, &across,
                     numbers_short(number, i * plot->axes.x_step));
    }
    picture_text(plot->picture, plot->axes.right, plot->axes.bottom + 64, &down,
                 plot->chart->x_unit);
}

/* Points that are there, in pixels; returns how many. */
static int32_t place(const bands_plot_t *plot, const bands_series_t *series, picture_point_t *line,
                     picture_point_t *upper, picture_point_t *lower)
{
    int32_t num = 0;
    for (int32_t i = 0; i < series->num_points; i++) {
        const bands_point_t *point = &series->points[i];
        if (!is_drawn(point)) continue;
        line[num].x = upper[num].x = lower[num].x = axes_x(&plot->axes, point->x);
        line[num].y = axes_y(&plot->axes, point->y);
        const bool known = isfinite(point->low) && isfinite(point->high);
        upper[num].y = known ? axes_y(&plot->axes, point->high) : line[num].y;
        lower[num].y = known ? axes_y(&plot->axes, point->low) : line[num].y;
        num++;
    }
    return num;
}

static void draw_series(const bands_plot_t *plot, const bands_series_t *series, bool as_band)
{
    const size_t count = (size_t)series->num_points + 1;
    picture_point_t *line = calloc(count, 3 * sizeof *line);
    if (!line) return;
    const int32_t num = place(plot, series, line, line + count, line + 2 * count);
    if (as_band && num > 0) {
        picture_band(plot->picture, line + count, line + 2 * count, num, series->colour, 0.13);
    } else if (num > 0) {
        picture_polyline(plot->picture, line, num, 4, series->colour, 1);
        for (int32_t i = 0; num <= 24 && i < num; i++)
            picture_disc(plot->picture, line[i].x, line[i].y, 5, series->colour, 1);
        picture_disc(plot->picture, line[num - 1].x, line[num - 1].y, 7, series->colour, 1);
    }
    free(line);
}

/* From left to right, in lines; returns the height that it took. */
static double draw_legend(picture_t *picture, const bands_t *chart, double x, double y,
                          double width)
{
    const picture_pen_t pen = { .size_px = 15, .colour = PICTURE_INK };
    double at = 0;
    int32_t lines = 1;
    for (int32_t s = 0; s < chart->num_series; s++) {
        const double needed = 44 + picture_text_width(&pen, chart->series[s].name);
        if (at > 0 && at + needed > width) {
            if (lines == MAX_LEGEND_LINES) break;
            at = 0;
            lines++;
        }
        const double base = y + 32 * (lines - 1);
        picture_line(picture, x + at, base - 7, x + at + 26, base - 7, 5, chart->series[s].colour,
                     1);
        picture_text(picture, x + at + 38, base, &pen, chart->series[s].name);
        at += needed + 36;
    }
    return 32 * lines;
}

static void draw(picture_t *picture, const bands_t *chart)
{
    const picture_pen_t title = { .size_px = 28, .colour = PICTURE_INK, .bold = true },
                        below = { .size_px = 16, .colour = PICTURE_SOFT };
    picture_text(picture, MARGIN, 74, &title, chart->title);
    picture_text(picture, MARGIN, 110, &below, chart->subtitle);
    picture_box(picture, MARGIN, 138, WIDTH - 2 * MARGIN, HEIGHT - 138 - MARGIN, 16, PICTURE_CARD,
                1);
    const double legend = draw_legend(picture, chart, MARGIN + 36, 184, WIDTH - 2 * MARGIN - 72);
    bands_plot_t plot = { .chart = chart,
                          .picture = picture,
                          .axes = { .left = MARGIN + 110,
                                    .right = WIDTH - MARGIN - 44,
                                    .top = 184 + legend,
                                    .bottom = HEIGHT - MARGIN - 88 } };
    if (!choose_ranges(&plot)) {
        const picture_pen_t pen = { .size_px = 20,
                                    .colour = PICTURE_SOFT,
                                    .anchor = PICTURE_CENTRE };
        picture_text(picture, WIDTH / 2.0, HEIGHT / 2.0, &pen, "nothing was evaluated yet");
        return;
    }
    draw_axes(&plot);
    for (int32_t s = chart->num_series - 1; s >= 0; s--)
        draw_series(&plot, &chart->series[s], true);
    for (int32_t s = chart->num_series - 1; s >= 0; s--)
        draw_series(&plot, &chart->series[s], false);
}

bool bands_save(const bands_t *chart, const char *path, why_t why)
{
    picture_t *picture = picture_create(WIDTH, HEIGHT, PICTURE_PAPER);
    if (!picture) {
        refuse(why, "%.300s: no memory for the picture", path);
        return false;
    }
    draw(picture, chart);
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}
