/* heatmap.h - a similarity as a picture: actions in an order that puts like ones side by side. */
#ifndef DRAWING_HEATMAP_H
#define DRAWING_HEATMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "why.h"

/* order: (count), which row comes where. Clusters are joined by the mean of their pairs, the most
 * alike first, and laid end to end so that the ends that touch are as alike as can be. matrix:
 * (count, count), symmetric. False: no memory. */
bool heatmap_order(const float *matrix, int32_t count, int32_t *order);

typedef struct {
    const char *title, *subtitle;
    const char *const *names; /* (count) */
    const float *matrix;      /* (count, count), in [0, 1] */
    const int32_t *order;     /* (count) */
    int32_t count;
} heatmap_t;

bool heatmap_save(const heatmap_t *map, const char *path, why_t why);

#endif
