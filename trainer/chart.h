/* chart.h - a learning curve with axes: win rate (or mean return) over decisions. */
#ifndef KATA_CHART_H
#define KATA_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "curve.h"
#include "picture.h"
#include "why.h"

/* The colours of Kata's pictures: ink on paper, one accent. */
enum {
    CHART_PAPER = 0xf6f1e7,
    CHART_CARD = 0xfffdf8,
    CHART_INK = 0x1f2430,
    CHART_SOFT = 0x6f6a5e,
    CHART_FAINT = 0xddd5c5,
    CHART_ACCENT = 0xd1432b,
    CHART_SECOND = 0x2f4b7c
};

typedef struct {
    double x, y, width, height; /* of everything, labels and all */
    double scale;               /* 1: lettering for a picture 1200 wide */
    const char *title;
    const curve_t *curve;
    double baseline; /* in the unit of the axis: a random player; NAN: none */
    const char *baseline_label;
} chart_t;

/* True: the axis is the win rate. False: nobody ever won, so it is the mean return. */
bool chart_shows_wins(const curve_t *curve);

void chart_draw(picture_t *picture, const chart_t *chart);

/* progress.png: the chart alone. */
bool chart_save(const char *path, const char *game, const curve_t *curve, why_t why);

#endif
