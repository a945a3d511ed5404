/* film.h - a round as a moving picture, small enough for a page: 8 x 8 tiles, each kept once.
 *
 * A frame is the cells that changed since the one before, each with its tile's number. Frames of
 * consoles with tiles become a few hundred bytes; where a game has too many different tiles, every
 * second frame is forgotten and from then on only every second is taken, as often as it needs.
 *
 * Memory: fixed, about 10 MB a film, but for the frames' cells.
 */
#ifndef LAB_FILM_H
#define LAB_FILM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    FILM_TILE_PX = 8,
    FILM_MAX_TILES = 24576,
    FILM_SHEET_TILES = 128, /* side by side in the sheet */
    FILM_MAX_FRAMES = 2400,
    FILM_MAX_MOVES = 4096
};

typedef struct film film_t;

film_t *film_create(void);       /* NULL: no memory */
void film_destroy(film_t *film); /* NULL is fine */
/* Empty; the size of its first frame is the film's. */
void film_clear(film_t *film);

/* The next frame of the game, RGB without gaps; one of another size shows the frame before. False:
 * no memory. */
bool film_frame(film_t *film, const uint8_t *rgb, int32_t width_px, int32_t height_px);
/* A decision begins with the frame that comes next. */
void film_move(film_t *film, int32_t action);

int32_t film_num_frames(const film_t *film); /* that are kept */
int32_t film_stride(const film_t *film);     /* frames of the game from one to the next */

/* Members of a JSON object, without its braces: "width", "height", "stride", "sheet" (a PNG of all
 * tiles, base64), "frames" (base64 of little-endian uint16: for each frame how many cells changed,
 * then cell and tile of each; cells are numbered row by row), "moves" ([[frame of the game,
 * action],
 * ...]). False: no memory. */
bool film_write(const film_t *film, FILE *out);

/* The RGB of a kept frame, (height, width, 3), as film_write()'s readers see it. For tests. */
void film_show(const film_t *film, int32_t frame, uint8_t *rgb);

#endif
