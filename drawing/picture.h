/* picture.h - a canvas of RGB pixels with smooth lines, bands, discs, pictures and lettering.
 *
 * For progress.png and demo.png: no window, no fonts on the disk. Coordinates are pixels from the
 * top left corner, of centres for discs, with fractions; colours are 0xRRGGBB; alpha is 0..1.
 *
 *     picture_t *picture = picture_create(640, 400, 0xf6f1e7);
 *     picture_text(picture, 20, 40, &heading, "Kumite");
 *     bool ok = picture_save(picture, "kumite.png", why);
 *     picture_destroy(picture);
 *
 * Drawing outside the canvas is cut off. Only create and save allocate.
 */
#ifndef DRAWING_PICTURE_H
#define DRAWING_PICTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "files.h"
#include "why.h"

/* The colours of Kata's pictures: ink on paper, one accent. */
enum {
    PICTURE_PAPER = 0xf6f1e7,
    PICTURE_CARD = 0xfffdf8,
    PICTURE_INK = 0x1f2430,
    PICTURE_SOFT = 0x6f6a5e,
    PICTURE_FAINT = 0xddd5c5,
    PICTURE_ACCENT = 0xd1432b,
    PICTURE_SECOND = 0x2f4b7c
};

typedef struct {
    int32_t width_px, height_px;
    uint8_t *rgb;  /* (height, width, 3) */
    uint8_t *mask; /* (height, width): coverage of the shape being drawn, zero in between */
} picture_t;

typedef struct {
    double x, y;
} picture_point_t;

typedef enum { PICTURE_LEFT = 0, PICTURE_CENTRE, PICTURE_RIGHT } picture_anchor_t;

typedef struct {
    double size_px; /* height of a capital letter */
    uint32_t colour;
    bool bold;
    picture_anchor_t anchor;
} picture_pen_t;

picture_t *picture_create(int32_t width_px, int32_t height_px, uint32_t colour); /* NULL: memory */
void picture_destroy(picture_t *picture);                                        /* NULL is fine */

void picture_box(picture_t *picture, double x, double y, double width, double height, double radius,
                 uint32_t colour, double alpha);
/* Joined by round corners; one point alone is a disc. */
void picture_polyline(picture_t *picture, const picture_point_t *points, int32_t num_points,
                      double width, uint32_t colour, double alpha);
void picture_line(picture_t *picture, double x0, double y0, double x1, double y1, double width,
                  uint32_t colour, double alpha);
void picture_dashes(picture_t *picture, double x0, double y0, double x1, double y1, double width,
                    double dash, uint32_t colour, double alpha);
void picture_disc(picture_t *picture, double x, double y, double radius, uint32_t colour,
                  double alpha);
/* What lies between two lines that share their x, which must not fall. */
void picture_band(picture_t *picture, const picture_point_t *upper, const picture_point_t *lower,
                  int32_t num_points, uint32_t colour, double alpha);
/* An RGB picture without gaps, scaled to width x height: by area when it shrinks. */
void picture_image(picture_t *picture, const uint8_t *rgb, int32_t rgb_width, int32_t rgb_height,
                   double x, double y, double width, double height);

/* y: the line that letters stand on. Text is ASCII; another character is drawn as a box. */
void picture_text(picture_t *picture, double x, double y, const picture_pen_t *pen,
                  const char *text);
double picture_text_width(const picture_pen_t *pen, const char *text);

/* As PNG, to a stream; false: no memory, or the stream has an error. */
bool picture_write(const picture_t *picture, FILE *out);
/* The same to a file, by files.h: whole or not at all. */
bool picture_save(const picture_t *picture, const char *path, why_t why);

#endif
