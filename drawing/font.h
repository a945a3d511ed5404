/* font.h - lettering as strokes: each character is a path that a round pen follows.
 *
 * Drawn for Kata, so that pictures need no font file. Units: a capital letter is 14 high, a small
 * one 10, below the line -4; y grows upwards from the line that letters stand on.
 */
#ifndef DRAWING_FONT_H
#define DRAWING_FONT_H

#include <stdint.h>

enum { FONT_CAPITAL = 14, FONT_MAX_POINTS = 160 };

typedef struct {
    double x, y;
    enum { FONT_MOVE, FONT_LINE, FONT_DOT } kind; /* a dot is a disc a bit wider than the pen */
} font_point_t;

/* The path of a character, curves as short lines; returns how many points. *width: from the left
 * edge of its ink to the right one. */
int32_t font_path(uint32_t codepoint, font_point_t points[FONT_MAX_POINTS], double *width);

/* Room between two characters, beyond their ink. */
double font_gap(uint32_t left, uint32_t right);

#endif
