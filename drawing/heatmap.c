/* heatmap.c - see heatmap.h. */
#include "heatmap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "why.h"

/* ---- order ---- */

typedef struct {
    int32_t *rows; /* (count), the first `size` are this cluster's, in order */
    int32_t size;
} cluster_t;

static double mean_of_pairs(const cluster_t *a, const cluster_t *b, const float *matrix,
                            int32_t count)
{
    double sum = 0;
    for (int32_t i = 0; i < a->size; i++)
        for (int32_t j = 0; j < b->size; j++)
            sum += (double)matrix[a->rows[i] * count + b->rows[j]];
    return sum / ((double)a->size * b->size);
}

static void reverse(cluster_t *cluster)
{
    for (int32_t i = 0, j = cluster->size - 1; i < j; i++, j--) {
        const int32_t row = cluster->rows[i];
        cluster->rows[i] = cluster->rows[j];
        cluster->rows[j] = row;
    }
}

static void join(cluster_t *a, cluster_t *b, const float *matrix, int32_t count)
{
    const int32_t a_ends[2] = { a->rows[a->size - 1], a->rows[0] };
    const int32_t b_ends[2] = { b->rows[0], b->rows[b->size - 1] };
    int32_t best = 0;
    for (int32_t way = 1; way < 4; way++)
        if (matrix[a_ends[way / 2] * count + b_ends[way % 2]] >
            matrix[a_ends[best / 2] * count + b_ends[best % 2]])
            best = way;
    if (best / 2) reverse(a);
    if (best % 2) reverse(b);
    memcpy(a->rows + a->size, b->rows, (size_t)b->size * sizeof *b->rows);
    a->size += b->size;
    b->size = 0;
}

/* likeness: (count, count), means between clusters that are left; only what a join changes is
 * made anew, from the means themselves. */
static void join_all(cluster_t *clusters, double *likeness, const float *matrix, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        for (int32_t j = 0; j < count; j++)
            likeness[i * count + j] = mean_of_pairs(&clusters[i], &clusters[j], matrix, count);
    for (int32_t left = count; left > 1; left--) {
        int32_t a = -1, b = -1;
        for (int32_t i = 0; i < count; i++)
            for (int32_t j = i + 1; clusters[i].size > 0 && j < count; j++)
                if (clusters[j].size > 0 &&
                    (a < 0 || likeness[i * count + j] > likeness[a * count + b]))
                    a = i, b = j;
        const double a_size = clusters[a].size, b_size = clusters[b].size;
        for (int32_t k = 0; k < count; k++) {
            const double mean =
                (a_size * likeness[a * count + k] + b_size * likeness[b * count + k]) /
                (a_size + b_size);
            likeness[a * count + k] = likeness[k * count + a] = mean;
        }
        join(&clusters[a], &clusters[b], matrix, count);
    }
}

bool heatmap_order(const float *matrix, int32_t count, int32_t *order)
{
    const size_t n = (size_t)count;
    cluster_t *clusters = calloc(n, sizeof *clusters);
    int32_t *rows = calloc(n * n, sizeof *rows);
    double *likeness = calloc(n * n, sizeof *likeness);
    const bool ok = clusters && rows && likeness;
    for (int32_t i = 0; ok && i < count; i++) {
        clusters[i] = (cluster_t){ .rows = rows + i * count, .size = 1 };
        clusters[i].rows[0] = i;
    }
    /* The one with the lower number stays, so what is left at last is the first. */
    if (ok) {
        join_all(clusters, likeness, matrix, count);
        memcpy(order, clusters[0].rows, n * sizeof *order);
    }
    free(clusters);
    free(rows);
    free(likeness);
    return ok;
}

/* ---- picture ---- */

enum { MARGIN = 32, HEADING = 96, SCALE_WIDTH = 90 };

static uint32_t mixed(uint32_t from, uint32_t to, double share)
{
    uint32_t colour = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        const double a = (from >> shift) & 255, b = (to >> shift) & 255;
        colour |= (uint32_t)lround(a + (b - a) * share) << shift;
    }
    return colour;
}

/* Paper, accent, ink. */
static uint32_t colour_of(double value)
{
    return value < 0.5 ? mixed(PICTURE_CARD, PICTURE_ACCENT, 2 * value)
                       : mixed(PICTURE_ACCENT, PICTURE_INK, 2 * value - 1);
}

static void draw_cells(picture_t *picture, const heatmap_t *map, double left, double cell)
{
    const picture_pen_t pen = { .size_px = fmin(13, 0.55 * cell),
                                .colour = PICTURE_INK,
                                .anchor = PICTURE_RIGHT };
    const double gap = cell > 8 ? 1 : 0;
    for (int32_t i = 0; i < map->count; i++) {
        const int32_t row = map->order[i];
        const double y = HEADING + i * cell;
        picture_text(picture, left - 10, y + 0.5 * cell + 0.5 * pen.size_px, &pen, map->names[row]);
        for (int32_t j = 0; j < map->count; j++) {
            const double value = (double)map->matrix[row * map->count + map->order[j]];
            picture_box(picture, left + j * cell, y, cell - gap, cell - gap, 0,
                        i == j ? PICTURE_FAINT : colour_of(value), 1);
        }
    }
}

static void draw_scale(picture_t *picture, double x, double height)
{
    enum { STEPS = 50 };
    const picture_pen_t pen = { .size_px = 12, .colour = PICTURE_SOFT };
    for (int32_t i = 0; i < STEPS; i++)
        picture_box(picture, x, HEADING + height * i / STEPS, 16, height / STEPS + 1, 0,
                    colour_of(1 - (i + 0.5) / STEPS), 1);
    static const char *const labels[] = { "1", "0.5", "0" };
    for (int32_t i = 0; i < 3; i++)
        picture_text(picture, x + 24, HEADING + height * i / 2 + 6, &pen, labels[i]);
}

bool heatmap_save(const heatmap_t *map, const char *path, why_t why)
{
    const double cell = fmax(5, fmin(28, floor(900.0 / map->count)));
    const picture_pen_t heading = { .size_px = 24, .colour = PICTURE_INK, .bold = true },
                        below = { .size_px = 13, .colour = PICTURE_SOFT },
                        name = { .size_px = fmin(13, 0.55 * cell) };
    double names = 0;
    for (int32_t i = 0; i < map->count; i++)
        names = fmax(names, picture_text_width(&name, map->names[i]));
    const double left = MARGIN + names + 10, side = cell * map->count;
    const double words =
        fmax(picture_text_width(&heading, map->title), picture_text_width(&below, map->subtitle));
    const double width = fmax(left + side + SCALE_WIDTH, words + 2 * MARGIN);
    picture_t *picture =
        picture_create((int32_t)ceil(width), (int32_t)(HEADING + side + MARGIN), PICTURE_PAPER);
    if (!picture) {
        refuse(why, "no memory for a picture");
        return false;
    }
    picture_text(picture, MARGIN, 44, &heading, map->title);
    picture_text(picture, MARGIN, 72, &below, map->subtitle);
    draw_cells(picture, map, left, cell);
    draw_scale(picture, left + side + 20, fmin(side, 160));
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}
