/* start_finder.h - finds a way from power-on to a game by itself: a start for a preset that has
 * none.
 *
 * From power-on it presses START, the first two buttons, SELECT and down in a few orders, and looks
 * after each press whether a random player's reward changes. A place is taken for a start if,
 * within FINDER_LIVE_FRAMES of random actions without START and SELECT, four times, the reward of
 * at least two steps is another than that of most, the episode is not over at once, and the picture
 * is another than without pads (a demo plays by itself). The first place where that is so each of
 * the four times is taken; else, when all orders were tried, the first where it was so at all. What
 * is found is a boot script, played back from power-on in new processes before it is believed.
 *
 * May include: sandbox.h, preset.h, macro.h.
 */
#ifndef KATA_PLAYER_START_FINDER_H
#define KATA_PLAYER_START_FINDER_H

#include "sandbox.h"

#define FINDER_LIVE_FRAMES 960
#define FINDER_MAX_PRESSES 12
#define FINDER_REPLAYS 3

typedef struct {
    int32_t num_lines;
    char lines[FINDER_MAX_PRESSES + 1][64]; /* of a boot script */
    int32_t num_presses, num_tried;         /* places that were looked at */
    bool is_exact; /* after each replay the console's memory was the same, byte by byte */
} found_start_t;

/* config->preset: with a reward that reads memory. False: why says what was tried, or what broke;
 * out->num_tried is filled in. Takes minutes. */
bool start_finder_find(found_start_t *out, const sandbox_config_t *config, why_t why);

#endif
