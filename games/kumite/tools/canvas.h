/* canvas.h - a small picture of colour numbers, and capsules on it. */
#ifndef CANVAS_H
#define CANVAS_H

typedef struct {
    int width, height, origin_x, origin_y;
    unsigned char pixel[240][256];
} canvas_t;

typedef struct {
    double x, y;
} point_t;

void canvas_clear(canvas_t *c, int width, int height, int origin_x, int origin_y);
int canvas_get(const canvas_t *c, int x, int y); /* 0 outside */
void canvas_set(canvas_t *c, int x, int y, int colour);
/* A limb from a to b (feet upwards, relative to the origin), thick ra at a and rb at b, in colour
 * with an outline of 1. */
void canvas_limb(canvas_t *c, point_t a, point_t b, double ra, double rb, int colour);
void canvas_capsule(canvas_t *c, point_t a, point_t b, double ra, double rb,
                    int colour); /* without the outline */
void canvas_rect(canvas_t *c, int x0, int y0, int x1, int y1, int colour);
void canvas_save(const canvas_t *c, const char *folder, const char *name); /* PGM, to look at */

#endif
