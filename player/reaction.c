/* reaction.c - see reaction.h. */
#include "reaction.h"

#include <string.h>

#include "player_state.h"

enum { FRAMES_A_SECOND = 60, LEFT_BIT = 6, RIGHT_BIT = 7, NUM_BITS = 16 };

const int32_t reaction_ms[REACTION_NUM] = { 0, 100, 200, 250, 300 };

bool reaction_steps(int32_t ms, int32_t frame_skip, int32_t *steps, why_t why)
{
    const int32_t step_ms = 1000 * frame_skip; /* times FRAMES_A_SECOND */
    *steps = (ms * FRAMES_A_SECOND + step_ms - 1) / step_ms;
    if (*steps >= 0 && *steps <= HOLDER_MAX_DELAY) return true;
    return refuse(why, "a reaction of %d ms is %d steps of %d frames, and at most %d are kept", ms,
                  *steps, frame_skip, HOLDER_MAX_DELAY);
}

static uint16_t mirrored(uint16_t pad)
{
    const uint16_t both = 1u << LEFT_BIT | 1u << RIGHT_BIT;
    return (uint16_t)((pad & ~both) | (pad >> LEFT_BIT & 1) << RIGHT_BIT |
                      (pad >> RIGHT_BIT & 1) << LEFT_BIT);
}

void reaction_draw(uint8_t *picture, const uint16_t *pads, int32_t steps, bool mirrors)
{
    uint8_t band[PLAYER_OBS_WIDTH_PX];
    for (int32_t s = 0; s < steps; s++) {
        const uint16_t pad = mirrors ? mirrored(pads[s]) : pads[s];
        memset(band, 0, sizeof band);
        memset(band, 255, REACTION_CELL_PX);
        for (int32_t bit = 0; bit < NUM_BITS; bit++)
            if (pad >> bit & 1) memset(band + REACTION_CELL_PX * (1 + bit), 255, REACTION_CELL_PX);
        for (int32_t row = 0; row < REACTION_BAND_ROWS; row++)
            memcpy(picture + (s * REACTION_BAND_ROWS + row) * PLAYER_OBS_WIDTH_PX, band,
                   sizeof band);
    }
}
