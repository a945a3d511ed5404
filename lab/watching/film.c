/* film.c - see film.h. */
#include "film.h"

#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "picture.h"

enum {
    TILE_BYTES = 3 * FILM_TILE_PX * FILM_TILE_PX,
    MAX_SIDE_PX = 1024,
    MAX_CELLS = 5376, /* 640 x 512 pixels have 5,120; narrow pictures waste some at their edges */
    NUM_SLOTS = 1 << 16,
    NO_TILE = 0xffff,
    FIRST_STRIDE = 2
};

typedef struct {
    uint16_t cell, tile;
} change_t;

struct film {
    int32_t width_px, height_px, across, num_cells; /* 0: no frame yet */
    int32_t stride;
    int64_t seen; /* frames of the game */

    uint8_t (*tiles)[TILE_BYTES]; /* (FILM_MAX_TILES) */
    int32_t num_tiles;
    uint16_t *slots; /* (NUM_SLOTS), by hash; NO_TILE: free */

    change_t *changes;
    size_t num_changes, capacity;
    size_t starts[FILM_MAX_FRAMES + 1]; /* of each frame in changes */
    int32_t num_frames;
    uint16_t screen[MAX_CELLS];   /* the last frame's tiles */
    uint8_t (*cells)[TILE_BYTES]; /* (MAX_CELLS), the frame that comes in */

    struct {
        int32_t frame, action;
    } moves[FILM_MAX_MOVES];
    int32_t num_moves;
};

void film_destroy(film_t *film)
{
    if (!film) return;
    free(film->tiles);
    free(film->slots);
    free(film->cells);
    free(film->changes);
    free(film);
}

film_t *film_create(void)
{
    film_t *film = calloc(1, sizeof *film);
    if (!film) return NULL;
    film->tiles = malloc(FILM_MAX_TILES * sizeof *film->tiles);
    film->slots = malloc(NUM_SLOTS * sizeof *film->slots);
    film->cells = malloc(MAX_CELLS * sizeof *film->cells);
    if (!film->tiles || !film->slots || !film->cells) {
        film_destroy(film);
        return NULL;
    }
    film_clear(film);
    return film;
}

static void forget_frames(film_t *film)
{
    film->num_tiles = film->num_frames = 0;
    film->num_changes = 0;
    memset(film->slots, 0xff, NUM_SLOTS * sizeof *film->slots);
    memset(film->screen, 0xff, sizeof film->screen);
}

void film_clear(film_t *film)
{
    forget_frames(film);
    film->width_px = film->height_px = film->num_cells = 0;
    film->stride = FIRST_STRIDE;
    film->seen = 0;
    film->num_moves = 0;
}

/* ---- tiles ---- */

/* The number of this tile, a new one if need be; -1: there is no room. */
static int32_t find_tile(film_t *film, const uint8_t *tile)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < TILE_BYTES; i += 8) { /* FNV-1a by words */
        uint64_t word;
        memcpy(&word, tile + i, 8);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
        hash ^= hash >> 29;
    }
    for (uint32_t slot = (uint32_t)hash % NUM_SLOTS;; slot = (slot + 1) % NUM_SLOTS) {
        const int32_t number = film->slots[slot];
        if (number == NO_TILE) {
            if (film->num_tiles == FILM_MAX_TILES) return -1;
            memcpy(film->tiles[film->num_tiles], tile, TILE_BYTES);
            film->slots[slot] = (uint16_t)film->num_tiles;
            return film->num_tiles++;
        }
        if (memcmp(film->tiles[number], tile, TILE_BYTES) == 0) return number;
    }
}

/* What lies beyond the edge is black. */
static void cut(film_t *film, const uint8_t *rgb)
{
    for (int32_t c = 0; c < film->num_cells; c++) {
        const int32_t left = c % film->across * FILM_TILE_PX, top = c / film->across * FILM_TILE_PX;
        const int32_t right = film->width_px - left;
        const size_t bytes = 3 * (size_t)(right < FILM_TILE_PX ? right : FILM_TILE_PX);
        uint8_t *tile = film->cells[c];
        if (bytes < 3 * FILM_TILE_PX || top + FILM_TILE_PX > film->height_px)
            memset(tile, 0, TILE_BYTES);
        for (int32_t y = 0; y < FILM_TILE_PX && top + y < film->height_px; y++)
            memcpy(tile + y * 3 * FILM_TILE_PX,
                   rgb + 3 * ((size_t)(top + y) * (size_t)film->width_px + (size_t)left), bytes);
    }
}

static bool add_change(film_t *film, int32_t cell, int32_t tile)
{
    if (film->num_changes == film->capacity) {
        const size_t capacity = film->capacity ? 2 * film->capacity : 1 << 16;
        change_t *changes = realloc(film->changes, capacity * sizeof *changes);
        if (!changes) return false;
        film->changes = changes;
        film->capacity = capacity;
    }
    film->changes[film->num_changes++] = (change_t){ (uint16_t)cell, (uint16_t)tile };
    film->screen[cell] = (uint16_t)tile;
    return true;
}

typedef enum { ADDED = 0, FULL, NO_MEMORY } added_t;

/* A frame from film->cells. FULL: as before. */
static added_t add_frame(film_t *film)
{
    if (film->num_frames == FILM_MAX_FRAMES) return FULL;
    const size_t start = film->num_changes;
    for (int32_t c = 0; c < film->num_cells; c++) {
        if (film->screen[c] != NO_TILE &&
            memcmp(film->tiles[film->screen[c]], film->cells[c], TILE_BYTES) == 0)
            continue;
        const int32_t tile = find_tile(film, film->cells[c]);
        if (tile < 0) return FULL;
        if (!add_change(film, c, tile)) return NO_MEMORY;
    }
    film->starts[film->num_frames++] = start;
    film->starts[film->num_frames] = film->num_changes;
    return ADDED;
}

/* Every second frame again, from the tiles as they were. */
static bool halve(film_t *film)
{
    film_t *old = film_create();
    if (!old) return false;
    uint16_t screen[MAX_CELLS];
    film_t swapped = *old;
    *old = *film; /* the frames as they are */
    *film = swapped;
    film->width_px = old->width_px;
    film->height_px = old->height_px;
    film->across = old->across;
    film->num_cells = old->num_cells;
    film->seen = old->seen;
    film->stride = 2 * old->stride;
    film->num_moves = old->num_moves;
    memcpy(film->moves, old->moves, sizeof film->moves);
    bool ok = true;
    for (int32_t f = 0; ok && f < old->num_frames; f++) {
        for (size_t i = old->starts[f]; i < old->starts[f + 1]; i++)
            screen[old->changes[i].cell] = old->changes[i].tile;
        if (f % 2 == 1) continue;
        for (int32_t c = 0; c < film->num_cells; c++)
            memcpy(film->cells[c], old->tiles[screen[c]], TILE_BYTES);
        ok = add_frame(film) == ADDED; /* fewer tiles than before: there is room */
    }
    film_destroy(old);
    return ok;
}

/* ---- frames ---- */

static bool take_size(film_t *film, int32_t width_px, int32_t height_px)
{
    const int32_t across = (width_px + FILM_TILE_PX - 1) / FILM_TILE_PX;
    const int32_t down = (height_px + FILM_TILE_PX - 1) / FILM_TILE_PX;
    if (width_px < 1 || height_px < 1 || width_px > MAX_SIDE_PX || height_px > MAX_SIDE_PX ||
        across * down > MAX_CELLS)
        return false;
    film->width_px = width_px;
    film->height_px = height_px;
    film->across = across;
    film->num_cells = across * down;
    return true;
}

bool film_frame(film_t *film, const uint8_t *rgb, int32_t width_px, int32_t height_px)
{
    if (film->num_cells == 0 && !take_size(film, width_px, height_px)) return true;
    if (film->seen++ % film->stride != 0) return true;
    const bool fits = width_px == film->width_px && height_px == film->height_px;
    if (fits) cut(film, rgb);
    for (;;) {
        const size_t before = film->num_changes;
        uint16_t screen[MAX_CELLS];
        memcpy(screen, film->screen, sizeof screen);
        const added_t added = add_frame(film);
        if (added == ADDED) return true;
        if (added == NO_MEMORY) return false;
        film->num_changes =
            before; /* the tiles that it brought stay, unused, until the next line */
        memcpy(film->screen, screen, sizeof screen);
        const int64_t number = film->seen - 1;
        if (!halve(film)) return false;
        if (number % film->stride != 0) return true; /* it is one of those left out from now on */
        if (fits) cut(film, rgb);
    }
}

void film_move(film_t *film, int32_t action)
{
    if (film->num_moves == FILM_MAX_MOVES) return;
    film->moves[film->num_moves].frame = (int32_t)film->seen;
    film->moves[film->num_moves++].action = action;
}

int32_t film_num_frames(const film_t *film)
{
    return film->num_frames;
}

int32_t film_stride(const film_t *film)
{
    return film->stride;
}

void film_show(const film_t *film, int32_t frame, uint8_t *rgb)
{
    uint16_t screen[MAX_CELLS] = { 0 };
    for (size_t i = 0; i < film->starts[frame + 1]; i++)
        screen[film->changes[i].cell] = film->changes[i].tile;
    for (int32_t y = 0; y < film->height_px; y++)
        for (int32_t x = 0; x < film->width_px; x++)
            memcpy(rgb + 3 * ((size_t)y * (size_t)film->width_px + (size_t)x),
                   film->tiles[screen[y / FILM_TILE_PX * film->across + x / FILM_TILE_PX]] +
                       3 * (y % FILM_TILE_PX * FILM_TILE_PX + x % FILM_TILE_PX),
                   3);
}

/* ---- writing ---- */

static bool write_sheet(const film_t *film, FILE *out)
{
    const int32_t rows = (film->num_tiles + FILM_SHEET_TILES - 1) / FILM_SHEET_TILES;
    picture_t *sheet =
        picture_create(FILM_SHEET_TILES * FILM_TILE_PX, (rows ? rows : 1) * FILM_TILE_PX, 0);
    char *png = NULL;
    size_t num_bytes = 0;
    FILE *stream = sheet ? open_memstream(&png, &num_bytes) : NULL;
    bool ok = stream != NULL;
    if (ok) {
        for (int32_t t = 0; t < film->num_tiles; t++)
            for (int32_t y = 0; y < FILM_TILE_PX; y++)
                memcpy(sheet->rgb + 3 * ((size_t)(t / FILM_SHEET_TILES * FILM_TILE_PX + y) *
                                             (size_t)sheet->width_px +
                                         (size_t)(t % FILM_SHEET_TILES * FILM_TILE_PX)),
                       film->tiles[t] + y * 3 * FILM_TILE_PX, 3 * FILM_TILE_PX);
        ok = picture_write(sheet, stream);
        ok = fclose(stream) == 0 && ok;
    }
    if (ok) html_base64(out, (const uint8_t *)png, num_bytes);
    free(png);
    picture_destroy(sheet);
    return ok;
}

static uint8_t *put_word(uint8_t *to, size_t word)
{
    *to++ = (uint8_t)word;
    *to++ = (uint8_t)(word >> 8);
    return to;
}

static bool write_frames(const film_t *film, FILE *out)
{
    uint8_t *bytes = malloc(4 * film->num_changes + 2 * (size_t)film->num_frames + 1), *to = bytes;
    if (!bytes) return false;
    for (int32_t f = 0; f < film->num_frames; f++) {
        to = put_word(to, film->starts[f + 1] - film->starts[f]);
        for (size_t i = film->starts[f]; i < film->starts[f + 1]; i++)
            to = put_word(put_word(to, film->changes[i].cell), film->changes[i].tile);
    }
    html_base64(out, bytes, (size_t)(to - bytes));
    free(bytes);
    return true;
}

bool film_write(const film_t *film, FILE *out)
{
    fprintf(out, "\"width\":%d,\"height\":%d,\"stride\":%d,\"sheet\":\"", film->width_px,
            film->height_px, film->stride);
    if (!write_sheet(film, out)) return false;
    fputs("\",\"frames\":\"", out);
    if (!write_frames(film, out)) return false;
    fputs("\",\"moves\":[", out);
    for (int32_t m = 0; m < film->num_moves; m++)
        fprintf(out, "%s[%d,%d]", m ? "," : "", film->moves[m].frame, film->moves[m].action);
    fputs("]", out);
    return true;
}
