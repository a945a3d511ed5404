/* novelty.c - see novelty.h. */
#include "novelty.h"

#include <math.h>
#include <string.h>

#include "splitmix.h"
#include "vision.h"

enum { CELL_PX = NOVELTY_CELL_PX, CELL_BYTES = CELL_PX * CELL_PX };
_Static_assert(VISION_W % CELL_PX == 0 && VISION_H % CELL_PX == 0, "cells fill the picture");

/* FNV-1a (Fowler, Noll, Vo) over the levels, mixed once more so that the upper bits are good. */
uint32_t novelty_slot(const uint8_t *picture)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (int32_t top = 0; top < VISION_H; top += CELL_PX) {
        uint32_t sums[VISION_W / CELL_PX] = { 0 };
        for (int32_t y = top; y < top + CELL_PX; y++)
            for (int32_t cell = 0; cell < VISION_W / CELL_PX; cell++)
                for (int32_t x = 0; x < CELL_PX; x++)
                    sums[cell] += picture[y * VISION_W + cell * CELL_PX + x];
        for (int32_t cell = 0; cell < VISION_W / CELL_PX; cell++)
            hash = (hash ^ sums[cell] * NOVELTY_LEVELS / (256 * CELL_BYTES)) * 0x100000001b3u;
    }
    hash = (hash ^ hash >> 32) * SPLITMIX_GOLDEN;
    return (uint32_t)(hash >> 48) % NOVELTY_SLOTS;
}

void novelty_begin(novelty_t *novelty)
{
    memset(novelty, 0, sizeof *novelty);
}

double novelty_see(novelty_t *novelty, const uint8_t *picture)
{
    uint16_t *count = &novelty->counts[novelty_slot(picture)];
    if (*count < UINT16_MAX) ++*count;
    return 1 / sqrt(*count);
}
