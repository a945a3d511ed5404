/* chart.c - axes with round numbers, the line of training, the dots of evaluations. */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

typedef struct {
    const chart_t *chart;
    picture_t *picture;
    double left, right, top, bottom; /* of the plot, in pixels */
    double x_max, y_min, y_max;      /* of the numbers */
    double x_step, y_step;           /* between two ticks */
    bool wins;
} plot_t;

bool chart_shows_wins(const curve_t *curve)
{
    for (int32_t i = 0; i < curve->num_points; i++)
        if (curve->points[i].win_rate > 0) return true;
    return false;
}

static double value_of(const plot_t *plot, const curve_point_t *point)
{
    return plot->wins ? 100 * point->win_rate : point->mean_return;
}

static double x_of(const plot_t *plot, double x)
{
    return plot->left + (plot->right - plot->left) * x / plot->x_max;
}

static double y_of(const plot_t *plot, double y)
{
    return plot->bottom -
           (plot->bottom - plot->top) * (y - plot->y_min) / (plot->y_max - plot->y_min);
}

/* 1, 2 or 5 times a power of ten, so that `span` has at most `most` ticks. */
static double round_step(double span, int most)
{
    const double rough = span / most, power = pow(10, floor(log10(rough)));
    const double digits = rough / power;
    return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
}

static void choose_ranges(plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    double low = 0, high = 0;
    plot->x_max = 1;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const double value = value_of(plot, &curve->points[i]);
        plot->x_max = fmax(plot->x_max, curve->points[i].decisions);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (isfinite(plot->chart->baseline)) {
        low = fmin(low, plot->chart->baseline);
        high = fmax(high, plot->chart->baseline);
    }
    plot->x_step = round_step(plot->x_max, 8);
    if (plot->x_step < 1) plot->x_step = 1;
    if (plot->wins) {
        plot->y_min = 0;
        plot->y_max = 100;
        plot->y_step = 20;
        return;
    }
    if (high - low < 1e-6) high = low + 1;
    plot->y_step = round_step(high - low, 6);
    plot->y_min = floor(low / plot->y_step) * plot->y_step;
    plot->y_max = ceil(high / plot->y_step) * plot->y_step;
}

static void draw_axes(const plot_t *plot)
{
    const double scale = plot->chart->scale;
    const picture_pen_t across = { .size_px = 11 * scale,
                                   .colour = CHART_SOFT,
                                   .anchor = PICTURE_CENTRE };
    const picture_pen_t down = { .size_px = 11 * scale,
                                 .colour = CHART_SOFT,
                                 .anchor = PICTURE_RIGHT };
    char text[64], number[NUMBERS_BYTES];
    for (int32_t i = 0;; i++) {
        const double tick = plot->y_min + i * plot->y_step;
        if (tick > plot->y_max + plot->y_step / 1000) break;
        const double y = y_of(plot, tick);
        picture_line(plot->picture, plot->left, y, plot->right, y, scale, CHART_FAINT,
                     i == 0 ? 1 : 0.7);
        if (plot->wins)
            snprintf(text, sizeof text, "%.0f %%", tick);
        else
            snprintf(text, sizeof text, "%.*f",
                     plot->y_step < 0.1 ? 2
                     : plot->y_step < 1 ? 1
                                        : 0,
                     tick);
        picture_text(plot->picture, plot->left - 12 * scale, y + 5.5 * scale, &down, text);
    }
    for (double tick = 0; tick <= plot->x_max; tick += plot->x_step) {
        const double x = x_of(plot, tick);
        picture_line(plot->picture, x, plot->bottom, x, plot->bottom + 6 * scale, scale, CHART_SOFT,
                     0.8);
        picture_text(plot->picture, x, plot->bottom + 25 * scale, &across,
                     numbers_short(number, tick));
    }
    const picture_pen_t unit = { .size_px = 11 * scale,
                                 .colour = CHART_SOFT,
                                 .anchor = PICTURE_RIGHT };
    picture_text(plot->picture, plot->right, plot->bottom + 48 * scale, &unit, "decisions");
}

/* The baseline goes under the curve; its words go on the side where the curve is not. */
static void draw_baseline(const plot_t *plot)
{
    const chart_t *chart = plot->chart;
    if (!isfinite(chart->baseline)) return;
    const double y = y_of(plot, chart->baseline);
    picture_dashes(plot->picture, plot->left, y, plot->right, y, 1.6 * chart->scale,
                   7 * chart->scale, CHART_SECOND, 0.8);
    const picture_pen_t pen = { .size_px = 11 * chart->scale,
                                .colour = CHART_SECOND,
                                .anchor = PICTURE_RIGHT };
    const bool low = y > (plot->top + plot->bottom) / 2;
    picture_text(plot->picture, plot->right - 4 * chart->scale,
                 low ? y + 19 * chart->scale : y - 8 * chart->scale, &pen, chart->baseline_label);
}

static void draw_training(const plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    picture_point_t *line = calloc((size_t)curve->num_points + 1, 2 * sizeof *line);
    if (!line) return;
    picture_point_t *ground = line + curve->num_points + 1;
    /* A share of three rounds is noise; where there are no more, it is all there is. */
    int32_t fewest = 0;
    for (int32_t i = 0; i < curve->num_points; i++)
        if (!curve->points[i].is_evaluation && curve->points[i].episodes >= 10) fewest = 10;
    int32_t num = 0;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const curve_point_t *point = &curve->points[i];
        if (point->is_evaluation || point->episodes < fewest) continue;
        line[num].x = ground[num].x = x_of(plot, point->decisions);
        line[num].y = y_of(plot, value_of(plot, point));
        ground[num].y = y_of(plot, fmax(0, plot->y_min));
        num++;
    }
    picture_band(plot->picture, line, ground, num, CHART_ACCENT, 0.07);
    picture_polyline(plot->picture, line, num, 2.6 * plot->chart->scale, CHART_ACCENT, 0.9);
    free(line);
}

static void draw_evaluations(const plot_t *plot)
{
    const curve_t *curve = plot->chart->curve;
    const double scale = plot->chart->scale;
    for (int32_t i = 0; i < curve->num_points; i++) {
        const curve_point_t *point = &curve->points[i];
        if (!point->is_evaluation) continue;
        const double x = x_of(plot, point->decisions), y = y_of(plot, value_of(plot, point));
        if (plot->wins) {
            const double low = y_of(plot, 100 * point->win_low),
                         high = y_of(plot, 100 * point->win_high), wing = 5 * scale;
            picture_line(plot->picture, x, low, x, high, 1.8 * scale, CHART_INK, 1);
            picture_line(plot->picture, x - wing, low, x + wing, low, 1.8 * scale, CHART_INK, 1);
            picture_line(plot->picture, x - wing, high, x + wing, high, 1.8 * scale, CHART_INK, 1);
        }
        picture_disc(plot->picture, x, y, 6.5 * scale, CHART_INK, 1);
        picture_disc(plot->picture, x, y, 3.2 * scale, CHART_CARD, 1);
    }
}

static void draw_legend(const plot_t *plot)
{
    const double scale = plot->chart->scale, y = plot->chart->y + 13 * scale;
    const picture_pen_t pen = { .size_px = 11 * scale, .colour = CHART_SOFT };
    const char *evaluation = plot->wins ? "evaluated, with 95 % interval" : "evaluated",
               *training = "last 100 rounds of training";
    double x = plot->right - picture_text_width(&pen, evaluation);
    picture_text(plot->picture, x, y, &pen, evaluation);
    picture_disc(plot->picture, x - 18 * scale, y - 5 * scale, 6.5 * scale, CHART_INK, 1);
    picture_disc(plot->picture, x - 18 * scale, y - 5 * scale, 3.2 * scale, CHART_CARD, 1);
    x -= 56 * scale + picture_text_width(&pen, training);
    picture_text(plot->picture, x, y, &pen, training);
    picture_line(plot->picture, x - 32 * scale, y - 5 * scale, x - 12 * scale, y - 5 * scale,
                 2.6 * scale, CHART_ACCENT, 1);
}

void chart_draw(picture_t *picture, const chart_t *chart)
{
    const double scale = chart->scale;
    plot_t plot = { .chart = chart,
                    .picture = picture,
                    .left = chart->x + 62 * scale,
                    .right = chart->x + chart->width - 8 * scale,
                    .top = chart->y + 48 * scale,
                    .bottom = chart->y + chart->height - 54 * scale,
                    .wins = chart_shows_wins(chart->curve) };
    choose_ranges(&plot);
    const picture_pen_t title = { .size_px = 14 * scale, .colour = CHART_INK, .bold = true };
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

bool chart_save(const char *path, const char *game, const curve_t *curve, char why[FILES_WHY_BYTES])
{
    enum { WIDTH = 1200, HEIGHT = 675, MARGIN = 48 };
    picture_t *picture = picture_create(WIDTH, HEIGHT, CHART_PAPER);
    if (!picture) {
        if (why) snprintf(why, FILES_WHY_BYTES, "%.300s: no memory for the picture", path);
        return false;
    }
    const picture_pen_t title = { .size_px = 26, .colour = CHART_INK, .bold = true };
    picture_text(picture, MARGIN, 74, &title, game);
    picture_box(picture, MARGIN, 106, WIDTH - 2 * MARGIN, HEIGHT - 106 - MARGIN, 14, CHART_CARD, 1);
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
