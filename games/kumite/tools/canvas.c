/* canvas.c - see canvas.h */
#include "canvas.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

void canvas_clear(canvas_t *c, int width, int height, int origin_x, int origin_y)
{
    memset(c, 0, sizeof(*c));
    c->width = width;
    c->height = height;
    c->origin_x = origin_x;
    c->origin_y = origin_y;
}

int canvas_get(const canvas_t *c, int x, int y)
{
    return x < 0 || y < 0 || x >= c->width || y >= c->height ? 0 : c->pixel[y][x];
}

void canvas_set(canvas_t *c, int x, int y, int colour)
{
    if (x >= 0 && y >= 0 && x < c->width && y < c->height) c->pixel[y][x] = (unsigned char)colour;
}

void canvas_rect(canvas_t *c, int x0, int y0, int x1, int y1, int colour)
{
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) canvas_set(c, x, y, colour);
}

void canvas_capsule(canvas_t *c, point_t a, point_t b, double ra, double rb, int colour)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) {
            double px = x + 0.5 - c->origin_x, py = c->origin_y - y - 0.5;
            double t = length2 > 0 ? ((px - a.x) * dx + (py - a.y) * dy) / length2 : 0;
            if (t < 0) t = 0;
            if (t > 1) t = 1;
            double ex = px - a.x - t * dx, ey = py - a.y - t * dy, r = ra + (rb - ra) * t;
            if (ex * ex + ey * ey <= r * r) c->pixel[y][x] = (unsigned char)colour;
        }
}

void canvas_limb(canvas_t *c, point_t a, point_t b, double ra, double rb, int colour)
{
    canvas_capsule(c, a, b, ra + 1.05, rb + 1.05, 1);
    canvas_capsule(c, a, b, ra, rb, colour);
}

void canvas_save(const canvas_t *c, const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.pgm", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) return;
    fprintf(file, "P5 %d %d 255\n", c->width, c->height);
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) fputc(c->pixel[y][x] * 17, file);
    fclose(file);
}
