/* chart.h - a learning curve with axes: win rate (or mean return) over decisions. */
#ifndef LAB_CHART_H
#define LAB_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "curve.h"
#include "picture.h"
#include "why.h"

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
