/* auto_strength.h - kata_strength auto: at which of the agent's strengths does a human win about
 * half?
 *
 * Counted are rounds that somebody won or that were drawn, that the agent played to their end with
 * no human on its own pad, and in which a human pressed something on another pad for
 * AUTO_STRENGTH_PRESSED_FRAMES frames (those that the frontend runs ahead and undoes count, too).
 * When the human has AUTO_STRENGTH_LEAD more of the last AUTO_STRENGTH_ROUNDS rounds than the
 * agent, the next strength above plays, when the agent has so many more, the next below: after four
 * in a row, or five of six. Then counting begins anew, so a strength stays for at least
 * AUTO_STRENGTH_LEAD rounds. Who wins each round with a chance of one half is moved up within six
 * rounds with a chance of one eighth, and down with as much.
 *
 * A round whose last frame is undone (run-ahead) is counted when it ends for good. A round that was
 * rewound and ends again is counted again. Pure arithmetic. Each load begins at the strength
 * that auto came to in the last (kept_strength.h), a change to auto where the agent is.
 */
#ifndef PLUGIN_AUTO_STRENGTH_H
#define PLUGIN_AUTO_STRENGTH_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"

enum { AUTO_STRENGTH_ROUNDS = 6, AUTO_STRENGTH_LEAD = 4, AUTO_STRENGTH_PRESSED_FRAMES = 60 };

/* All zero: nothing was counted. */
typedef struct {
    int8_t last[AUTO_STRENGTH_ROUNDS]; /* a ring: 1: the human won, -1: the agent, 0: drawn */
    int32_t num_rounds;
    uint32_t pressed_frames; /* of the round under way */
    bool was_taken;          /* in it a human held the agent's pad */
    bool has_ended;          /* in the frame before ... */
    preset_result_t result;  /* ... like that for the agent */
} auto_strength_t;

/* A frame that was run: does a human press another pad, hold the agent's? is_over: the agent's
 * round ended in it, with this result for the agent. Returns 1: a strength above shall play, -1:
 * one below, 0: the same. */
int32_t auto_strength_frame(auto_strength_t *auto_strength, bool presses, bool holds_agents,
                            bool is_over, preset_result_t result);
/* A state was loaded: the frame before may be undone. */
void auto_strength_jumped(auto_strength_t *auto_strength);

#endif
