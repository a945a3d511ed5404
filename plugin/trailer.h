/* trailer.h - what Kata writes behind the inner core's savestate.
 *
 * Layout, all numbers little-endian:
 *
 *     0  8  "KATATAIL"
 *     8  4  version, 1
 *    12  4  bytes of the whole trailer
 *    16  4  FNV-1a of the trailer with these four bytes as zero
 *    20  4  flags: 1 = the human's pad was at rest once
 *    24  8  random state
 *    32  4  takeover: frames left to the human
 *    36 16  start script: phase, step, frame, idle_frames
 *    52  n  the player's own: macro in flight, observation ring, ... (player_save)
 *
 * A trailer of another version, length or preset is no error: the state behind it is loaded, the
 * macro in flight is forgotten.
 */
#ifndef KATA_TRAILER_H
#define KATA_TRAILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "player.h"
#include "start.h"
#include "takeover.h"

typedef struct {
    uint64_t random_state;
    takeover_t takeover;
    start_t start;
} trailer_t;

size_t trailer_bytes(const player_t *player);
/* Is this the first byte of a trailer? At least 8 bytes must be readable. */
bool trailer_begins(const uint8_t *bytes);
void trailer_write(const trailer_t *trailer, const player_t *player, uint8_t *bytes);
/* False if these are not num_bytes of a trailer that fits. The player acts afterwards: whether it
 * may is the caller's business, true or false. */
bool trailer_read(trailer_t *trailer, player_t *player, const preset_t *preset,
                  const uint8_t *bytes, size_t num_bytes);

#endif
