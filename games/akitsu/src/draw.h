/* draw.h - what is seen. */
#ifndef AKITSU_DRAW_H
#define AKITSU_DRAW_H

/* Picture off, tiles, colours and sprites to the video chip, picture on. */
void draw_init(void);
void draw_title(void);
void draw_level(void); /* of the title */
void draw_field(void); /* stars and the words around the numbers */
void draw_text(unsigned char row, unsigned char column, const char *text);
void draw_numbers(void);
void draw_sprites(void);

#endif
