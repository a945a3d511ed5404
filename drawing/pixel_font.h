/* pixel_font.h - letters of dots, for pictures of a console's size: capitals are seven dots high,
 * two more lie below the line, widths differ.
 *
 * Characters 32 to 126 are ASCII. Characters 1 to 9 are a pad's directions as players number them
 * (6: right, 2: down, 9: up and right; 5: at rest), so that a text can hold them; others are a box.
 */
#ifndef DRAWING_PIXEL_FONT_H
#define DRAWING_PIXEL_FONT_H

#include <stdint.h>

enum { PIXEL_FONT_ROWS = 9, PIXEL_FONT_CAPITAL = 7, PIXEL_FONT_GAP = 1 };

/* The dots of a row, from the top, bit 0 is the left one. */
typedef struct {
    int32_t width; /* dots */
    uint8_t rows[PIXEL_FONT_ROWS];
} pixel_glyph_t;

void pixel_font_glyph(unsigned char character, pixel_glyph_t *glyph);

#endif
