/* pixels.h - what is drawn pixel by pixel: letters, heads, projectile, sparks. */
#ifndef PIXELS_H
#define PIXELS_H
#include "canvas.h"

enum { NUM_PIXEL_ART = 10 };
extern const char *const pixel_art[NUM_PIXEL_ART]; /* 16 rows of 16: . transparent, 1 2 3 colours */
void pixels_paint(canvas_t *c, const char *art);
void glyph_paint(int ascii, unsigned char out[8][8]); /* the tile for a character from 32 to 95 */
#endif
