/* novelty.h - a reward where nothing is known of a game: to see what this episode has not shown
 * yet.
 *
 * Each step's picture is made coarse: the mean of each 7 x 7 pixels in eight levels of gray, 12 x
 * 12 numbers (Ecoffet et al. 2021 tell the places of a game apart in this way). A hash of them is
 * the picture's slot, slots are counted, and the n-th visit of a slot is worth 1 / sqrt(n): the
 * bonus of Tang et al. 2017 (#Exploration) over hashed pictures, counted within an episode as by
 * Raileanu and Rocktaeschel 2020. So an episode's return does not depend on the episodes before it:
 * it can be compared over a training, and a training that is gone on with has lost nothing.
 *
 * There are NOVELTY_SLOTS slots and no list of what is in them: two pictures that share one count
 * as one. Of 1,000 different pictures about 8 share a slot with one before. Exact, deterministic,
 * 128 KiB, no allocation.
 */
#ifndef KATA_PLAYER_NOVELTY_H
#define KATA_PLAYER_NOVELTY_H

#include <stdint.h>

#define NOVELTY_CELL_PX 7 /* edge of a square that becomes one number */
#define NOVELTY_LEVELS 8
#define NOVELTY_SLOTS (1 << 16)

/* All zero: nothing was seen. */
typedef struct {
    uint16_t counts[NOVELTY_SLOTS]; /* stay at 65,535 */
} novelty_t;

/* picture: (H, W) of player.h's observation, one of its pictures. */
uint32_t novelty_slot(const uint8_t *picture);

/* Forget all: an episode begins. */
void novelty_begin(novelty_t *novelty);
/* Count the picture; 1 / sqrt(n) at its n-th time. */
double novelty_see(novelty_t *novelty, const uint8_t *picture);

#endif
