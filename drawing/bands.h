/* bands.h - several curves on one chart, each with the band that it lies in. */
#ifndef DRAWING_BANDS_H
#define DRAWING_BANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "why.h"

enum { BANDS_NUM_COLOURS = 8 };

/* Colours that can be told apart, also in gray and by most eyes; `number` is taken modulo 8. */
uint32_t bands_colour(int32_t number);

typedef struct {
    /* low <= y <= high; not finite: no band there, or with x or y, no point */
    double x, y, low, high;
} bands_point_t;

typedef struct {
    const char *name;
    uint32_t colour;
    const bands_point_t *points; /* (num_points), x does not fall */
    int32_t num_points;
} bands_series_t;

typedef struct {
    const char *title, *subtitle;
    const char *x_unit;           /* under the axis: "decisions" */
    const bands_series_t *series; /* the first lies on top */
    int32_t num_series;
    bool percent;           /* y is a share: 0.4 is written "40 %" */
    double y_least, y_most; /* the axis spans at least this; not finite: the points alone */
} bands_t;

/* A PNG, 1600 x 900. A chart without a point says so. */
bool bands_save(const bands_t *chart, const char *path, why_t why);

#endif
