/* chart.c - axes with round numbers, the line of training, the dots of evaluations. */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "numbers.h"
#include "why.h"

typedef struct {
    const chart_t *chart;
    picture_t *picture;
    axes_t axes;
    bool wins;
} chart_plot_t;

bool chart_shows_wins(const curve_t *curve)
{
    for (int32_t i = 0; i < curve->num_points; i++)
        if (curve->points[i].win_rate > 0) return true;
    return false;
}

static double value_of(const chart_plot_t *plot, const curve_point_t *point)
{
    return plot->wins ? 100 * point->win_rate : point->mean_return;
}

static void choose_ranges(chart_plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    double low = 0, high = 0;
    plot->axes.x_max = 1;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const double value = value_of(plot, &curve->points[i]);
        plot->axes.x_max = fmax(plot->axes.x_max, curve->points[i].decisions);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (isfinite(plot->chart->baseline)) {
        low = fmin(low, plot->chart->baseline);
        high = fmax(high, plot->chart->baseline);
    }
    plot->axes.x_step = axes_round_step(plot->axes.x_max, 8);
    if (plot->axes.x_step < 1) plot->axes.x_step = 1;
    if (plot->wins) {
        plot->axes.y_min = 0;
        plot->axes.y_max = 100;
        plot->axes.y_step = 20;
        return;
    }
    axes_choose_y(&plot->axes, low, high);
}

static void draw_axes(const chart_plot_t *plot)
{
    const double scale = plot->chart->scale;
    const picture_pen_t across = { .size_px = 11 * scale,
                                   .colour = PICTURE_SOFT,
                                   .anchor = PICTURE_CENTRE };
    const picture_pen_t down = { .size_px = 11 * scale,
                                 .colour = PICTURE_SOFT,
                                 .anchor = PICTURE_RIGHT };
    char text[64], number[NUMBERS_BYTES];
    for (int32_t i = 0;; i++) {
        const double tick = plot->axes.y_min + i * plot->axes.y_step;
        if (tick > plot->axes.y_max + plot->axes.y_step / 1000) break;
        const double y = axes_y(&plot->axes, tick);
        picture_line(plot->picture, plot->axes.left, y, plot->axes.right, y, scale, PICTURE_FAINT,
                     i == 0 ? 1 : 0.7);
        if (plot->wins)
            snprintf(text, sizeof text, "%.0f %%", tick);
        else
            snprintf(text, sizeof text, "%.*f",
                     plot->axes.y_step < 0.1 ? 2
                     : plot->axes.y_step < 1 ? 1
                                             : 0,
                     tick);
        picture_text(plot->picture, plot->axes.left - 12 * scale, y + 5.5 * scale, &down, text);
    }
    for (double tick = 0; tick <= plot->axes.x_max; tick += plot->axes.x_step) {
        const double x = axes_x(&plot->axes, tick);
        picture_line(plot->picture, x, plot->axes.bottom, x, plot->axes.bottom + 6 * scale, scale,
                     PICTURE_SOFT, 0.8);
        picture_text(plot->picture, x, plot->axes.bottom + 25 * scale, &across,
                     numbers_short(number, tick));
    }
    const picture_pen_t unit = { .size_px = 11 * scale,
                                 .colour = PICTURE_SOFT,
                                 .anchor = PICTURE_RIGHT };
    picture_text(plot->picture, plot->axes.right, plot->axes.bottom + 48 * scale, &unit,
                 "decisions");
}

/* The baseline goes under the curve; its words go on the side where the curve is not. */
static void draw_baseline(const chart_plot_t *plot)
{
    const chart_t *chart = plot->chart;
    if (!isfinite(chart->baseline)) return;
    const double y = axes_y(&plot->axes, chart->baseline);
    picture_dashes(plot->picture, plot->axes.left, y, plot->axes.right, y, 1.6 * chart->scale,
                   7 * chart->scale, PICTURE_SECOND, 0.8);
    const picture_pen_t pen = { .size_px = 11 * chart->scale,
                                .colour = PICTURE_SECOND,
                                .anchor = PICTURE_RIGHT };
    const bool low = y > (plot->axes.top + plot->axes.bottom) / 2;
    picture_text(plot->picture, plot->axes.right - 4 * chart->scale,
                 low ? y + 19 * chart->scale : y - 8 * chart->scale, &pen, chart->baseline_label);
}

static void draw_training(const chart_plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    picture_point_t *line = calloc((size_t)curve->num_points + 1, 2 * sizeof *line);
    if (!line) return;
    picture_point_t *ground = line + curve->num_points + 1;
    /* A share of three rounds is noise; where there are no more, it is all there is. */
    int32_t fewest = 0;
    for (int32_t i = 0; i < curve->num_points; i++)
        if (!curve->points[i].is_evaluation && curve->points[i].episodes >= 20) fewest = 20;
    int32_t num = 0;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const curve_point_t *point = &curve->points[i];
        if (point->is_evaluation || point->episodes < fewest) continue;
        line[num].x = ground[num].x = axes_x(&plot->axes, point->decisions);
        line[num].y = axes_y(&plot->axes, value_of(plot, point));
        ground[num].y = axes_y(&plot->axes, fmax(0, plot->axes.y_min));
        num++;
    }
    picture_band(plot->picture, line, ground, num, PICTURE_ACCENT, 0.07);
    picture_polyline(plot->picture, line, num, 2.6 * plot->chart->scale, PICTURE_ACCENT, 0.9);
    free(line);
}

static void draw_evaluations(const chart_plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    const double scale = plot->chart->scale;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const curve_point_t *point = &curve->points[i];
        if (!point->is_evaluation) continue;
        const double x = axes_x(&plot->axes, point->decisions),
                     y = axes_y(&plot->axes, value_of(plot, point));
        if (plot->wins) {
            const double low = axes_y(&plot->axes, 100 * point->win_low),
                         high = axes_y(&plot->axes, 100 * point->win_high), wing = 5 * scale;
            picture_line(plot->picture, x, low, x, high, 1.8 * scale, PICTURE_INK, 1);
            picture_line(plot->picture, x - wing, low, x + wing, low, 1.8 * scale, PICTURE_INK, 1);
            picture_line(plot->picture, x - wing, high, x + wing, high, 1.8 * scale, PICTURE_INK,
                         1);
        }
        picture_disc(plot->picture, x, y, 6.5 * scale, PICTURE_INK, 1);
        picture_disc(plot->picture, x, y, 3.2 * scale, PICTURE_CARD, 1);
    }
}

static void draw_legend(const chart_plot_t *plot)
{
    const double scale = plot->chart->scale, y = plot->chart->y + 13 * scale;
    const picture_pen_t pen = { .size_px = 11 * scale, .colour = PICTURE_SOFT };
    const char *evaluation = plot->wins ? "evaluated, with 95 % interval" : "evaluated",
               *training = "last 100 rounds of training";
    double x = plot->axes.right - picture_text_width(&pen, evaluation);
    picture_text(plot->picture, x, y, &pen, evaluation);
    picture_disc(plot->picture, x - 18 * scale, y - 5 * scale, 6.5 * scale, PICTURE_INK, 1);
    picture_disc(plot->picture, x - 18 * scale, y - 5 * scale, 3.2 * scale, PICTURE_CARD, 1);
    x -= 56 * scale + picture_text_width(&pen, training);
    picture_text(plot->picture, x, y, &pen, training);
    picture_line(plot->picture, x - 32 * scale, y - 5 * scale, x - 12 * scale, y - 5 * scale,
                 2.6 * scale, PICTURE_ACCENT, 1);
}

void chart_draw(picture_t *picture, const chart_t *chart)
{
    const double scale = chart->scale;
    chart_plot_t plot = { .chart = chart,
                          .picture = picture,
                          .axes = { .left = chart->x + 62 * scale,
                                    .right = chart->x + chart->width - 8 * scale,
                                    .top = chart->y + 48 * scale,
                                    .bottom = chart->y + chart->height - 54 * scale },
                          .wins = chart_shows_wins(chart->curve) };
    choose_ranges(&plot);
    const picture_pen_t title = { .size_px = 14 * scale, .colour = PICTURE_INK, .bold = true };
    picture_text(picture, chart->x, chart->y + 14 * scale, &title,
                 chart->title ? chart->title
                 : plot.wins  ? "Win rate"
                              : "Mean return");
    draw_legend(&plot);
    draw_axes(&plot);
    draw_baseline(&plot);
    draw_training(&plot);
    draw_evaluations(&plot);
}

bool chart_save(const char *path, const char *game, const curve_t *curve, why_t why)
{
    enum { WIDTH = 1200, HEIGHT = 675, MARGIN = 48 };
    picture_t *picture = picture_create(WIDTH, HEIGHT, PICTURE_PAPER);
    if (!picture) {
        refuse(why, "%.300s: no memory for the picture", path);
        return false;
    }
    const picture_pen_t title = { .size_px = 26, .colour = PICTURE_INK, .bold = true };
    picture_text(picture, MARGIN, 74, &title, game);
    picture_box(picture, MARGIN, 106, WIDTH - 2 * MARGIN, HEIGHT - 106 - MARGIN, 14, PICTURE_CARD,
                1);
    const chart_t chart = { .x = MARGIN + 28,
                            .y = 134,
                            .width = WIDTH - 2 * MARGIN - 56,
                            .height = HEIGHT - 134 - MARGIN - 16,
                            .scale = 1,
                            .curve = curve,
                            .baseline = NAN };
    chart_draw(picture, &chart);
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}
