/* poster.c - a title, the learning curve, who wins how often, and the frames of a round. */
#include "poster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "picture.h"
#include "why.h"

enum {
    WIDTH = 1920,
    HEIGHT = 1250,
    MARGIN = 72,
    TOP = 210, /* of the two cards */
    CARD_HEIGHT = 600,
    CHART_WIDTH = 1150,
    GAP = 32,
    FRAMES = 8,
    FRAME_GAP = 14
};

static void draw_heading(picture_t *picture, const poster_t *poster)
{
    const picture_pen_t title = { .size_px = 54, .colour = PICTURE_INK, .bold = true };
    const picture_pen_t subtitle = { .size_px = 18, .colour = PICTURE_SOFT };
    const picture_pen_t mark = {
        .size_px = 30, .colour = PICTURE_PAPER, .bold = true, .anchor = PICTURE_CENTRE
    };
    picture_text(picture, MARGIN, 118, &title, poster->title);
    picture_text(picture, MARGIN, 166, &subtitle, poster->subtitle);
    /* The seal of a painter, top right. */
    picture_box(picture, WIDTH - MARGIN - 150, 62, 150, 76, 16, PICTURE_ACCENT, 1);
    picture_text(picture, WIDTH - MARGIN - 75, 115, &mark, "kata");
}

/* A player's result: rounds won, or the return where nobody wins. */
static double value_of(const poster_player_t *player, bool wins)
{
    return wins ? (double)player->result.win_rate : (double)player->result.mean_return;
}

static void draw_player(picture_t *picture, const poster_player_t *player, bool wins, double best,
                        double x, double y, double width)
{
    const uint32_t colour = player->is_learned ? PICTURE_ACCENT : PICTURE_SECOND;
    const picture_pen_t name = { .size_px = 17, .colour = PICTURE_INK };
    const picture_pen_t number = {
        .size_px = 34, .colour = colour, .bold = true, .anchor = PICTURE_RIGHT
    };
    const picture_pen_t small = { .size_px = 12, .colour = PICTURE_SOFT };
    char text[128];
    picture_text(picture, x, y + 26, &name, player->name);
    if (wins)
        snprintf(text, sizeof text, "%.0f %%", 100 * (double)player->result.win_rate);
    else
        snprintf(text, sizeof text, "%+.2f", (double)player->result.mean_return);
    picture_text(picture, x + width, y + 33, &number, text);

    const double bar = y + 52, thick = 18;
    const double share =
        wins ? value_of(player, true) : (best > 0 ? fmax(0, value_of(player, false)) / best : 0);
    picture_box(picture, x, bar, width, thick, thick / 2, PICTURE_FAINT, 0.6);
    picture_box(picture, x, bar, fmax(thick, width * share), thick, thick / 2, colour, 1);
    if (!wins) {
        snprintf(text, sizeof text, "mean return of %d rounds", player->result.episodes);
        picture_text(picture, x, bar + 44, &small, text);
        return;
    }
    const double low = x + width * (double)player->result.win_low,
                 high = x + width * (double)player->result.win_high, middle = bar + thick / 2;
    picture_line(picture, low, middle, high, middle, 7, PICTURE_CARD, 0.75); /* a halo on the bar */
    picture_line(picture, low, middle, high, middle, 3, PICTURE_INK, 0.85);
    picture_line(picture, low, middle - 6, low, middle + 6, 3, PICTURE_INK, 0.85);
    picture_line(picture, high, middle - 6, high, middle + 6, 3, PICTURE_INK, 0.85);
    snprintf(text, sizeof text, "won %d of %d rounds; 95 %% interval %.0f to %.0f %%",
             player->result.won, player->result.episodes, 100 * (double)player->result.win_low,
             100 * (double)player->result.win_high);
    picture_text(picture, x, bar + 44, &small, text);
}

static void draw_players(picture_t *picture, const poster_t *poster, bool wins)
{
    const double x = MARGIN + CHART_WIDTH + GAP, width = WIDTH - MARGIN - x;
    const picture_pen_t title = { .size_px = 17, .colour = PICTURE_INK, .bold = true };
    picture_box(picture, x, TOP, width, CARD_HEIGHT, 18, PICTURE_CARD, 1);
    picture_text(picture, x + 36, TOP + 57, &title, wins ? "Rounds won" : "Mean return");
    double best = 0;
    for (int32_t i = 0; i < poster->num_players; i++)
        best = fmax(best, value_of(&poster->players[i], wins));
    const double room = (CARD_HEIGHT - 120) / fmax(3, poster->num_players);
    for (int32_t i = 0; i < poster->num_players; i++)
        draw_player(picture, &poster->players[i], wins, best, x + 36, TOP + 100 + i * room,
                    width - 72);
}

static void draw_strip(picture_t *picture, const strip_t *strip)
{
    const picture_pen_t title = { .size_px = 17, .colour = PICTURE_INK, .bold = true };
    const double y = TOP + CARD_HEIGHT + 76;
    const strip_picture_t *chosen[FRAMES];
    const int32_t num = strip ? strip_choose(strip, FRAMES, chosen) : 0;
    const double width = (double)(WIDTH - 2 * MARGIN - (FRAMES - 1) * FRAME_GAP) / FRAMES;
    if (num == 0) return;
    picture_text(picture, MARGIN, y, &title, strip->best.won ? "A round it won" : "Its best round");
    for (int32_t i = 0; i < num; i++) {
        const strip_picture_t *p = chosen[i];
        const double x = MARGIN + i * (width + FRAME_GAP), height = width * 15 / 16;
        char text[32];
        const picture_pen_t small = { .size_px = 12,
                                      .colour = PICTURE_SOFT,
                                      .anchor = PICTURE_CENTRE };
        picture_box(picture, x - 3, y + 23, width + 6, height + 6, 6, PICTURE_INK, 1);
        picture_image(picture, p->rgb, p->width_px, p->height_px, x, y + 26, width, height);
        snprintf(text, sizeof text, "%.1f s", p->at_seconds);
        picture_text(picture, x + width / 2, y + height + 54, &small, text);
    }
}

bool poster_save(const poster_t *poster, const char *path, why_t why)
{
    picture_t *picture = picture_create(WIDTH, HEIGHT, PICTURE_PAPER);
    if (!picture) {
        refuse(why, "%.300s: no memory for the picture", path);
        return false;
    }
    const bool wins = chart_shows_wins(poster->curve);
    const poster_player_t *first = &poster->players[0];
    char baseline[96];
    snprintf(baseline, sizeof baseline, "%s", first->name);
    draw_heading(picture, poster);
    picture_box(picture, MARGIN, TOP, CHART_WIDTH, CARD_HEIGHT, 18, PICTURE_CARD, 1);
    const chart_t chart = {
        .x = MARGIN + 36,
        .y = TOP + 40,
        .width = CHART_WIDTH - 72,
        .height = CARD_HEIGHT - 56,
        .scale = 1.22,
        .curve = poster->curve,
        .title = wins ? "Win rate while learning" : "Mean return while learning",
        .baseline = wins ? 100 * (double)first->result.win_rate : (double)first->result.mean_return,
        .baseline_label = baseline
    };
    chart_draw(picture, &chart);
    draw_players(picture, poster, wins);
    draw_strip(picture, poster->strip);
    const picture_pen_t small = { .size_px = 14, .colour = PICTURE_SOFT };
    picture_text(picture, MARGIN, HEIGHT - 46, &small, poster->footer);
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}
