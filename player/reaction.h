/* reaction.h - how late an agent sees the game: milliseconds that a person chooses to whole steps.
 *
 * A delayed agent is shown the observation of so many steps ago. So that it knows what it did since
 * (its own pads, of which the delayed pictures say nothing), the top rows of the oldest picture
 * have a band for each of those steps: the first cell says that there is a step, the next sixteen
 * which buttons were held at any time in it, left and right as the agent sees the screen.
 *
 * An agent that sees variables alone is shown those of so many steps ago, and no bands. Where the
 * preset's `observe` lists `own_pad`, its looks have the pads of its last four steps, however late
 * their variables are, and how many steps that is.
 *
 * Steps, not frames: the ring keeps a picture a step. A delay that is no multiple of a step is
 * rounded up, so at 4 frames a step and 60 Hz 100, 200, 250 and 300 ms are 133, 200, 267 and 333.
 */
#ifndef PLAYER_REACTION_H
#define PLAYER_REACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "holder.h"
#include "why.h"

enum { REACTION_NUM = 5, REACTION_BAND_ROWS = 2, REACTION_CELL_PX = 4 };
/* "0", "100" ...: for options. */
extern const int32_t reaction_ms[REACTION_NUM];

/* Steps of `ms` at 60 frames a second, rounded up. False: more than HOLDER_MAX_DELAY. */
bool reaction_steps(int32_t ms, int32_t frame_skip, int32_t *steps, why_t why);
/* Draw the bands into a picture of the observation, 84 x 84. pads: of `steps` steps, the newest
 * first; mirrors: left and right are exchanged. */
void reaction_draw(uint8_t *picture, const uint16_t *pads, int32_t steps, bool mirrors);

#endif
