/* masher.h - presses anything: something to play against on the other pad, and what makes rounds
 * begin differently.
 *
 * Every 2 to 9 frames it takes a new pad word: one of the nine directions, and half of the time one
 * of the game's buttons (never START or SELECT). Left and right are equally likely, so it plays
 * both sides of a screen alike.
 */
#ifndef PLAYER_MASHER_H
#define PLAYER_MASHER_H

#include <stdint.h>

#include "preset.h"

typedef struct {
    const preset_t *preset; /* borrowed */
    uint64_t random;
    uint16_t pad;
    int32_t frames_left; /* of that pad */
} masher_t;

void masher_init(masher_t *masher, const preset_t *preset, uint64_t seed);
/* The pad word of the next frame. */
uint16_t masher_next(masher_t *masher);

#endif
