/* takeover.h - who has the pad: the agent, or the human who touched it?
 *
 * A touch takes the pad at once, in the same frame. It goes back when nothing was touched for
 * hold_frames frames. Emulated frames and the pad are all it looks at, never a clock on the wall,
 * so a rewound or replayed game decides the same again; its two numbers travel in the savestate.
 *
 * A button that is down when the game starts (the one that chose it in the menu) is no touch: the
 * pad must have been seen at rest once.
 */
#ifndef KATA_TAKEOVER_H
#define KATA_TAKEOVER_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: the agent has the pad, and a held button does not count yet. */
typedef struct {
    uint32_t frames_left; /* > 0: the human has the pad for this many frames without a touch */
    bool armed;           /* the pad was at rest once */
} takeover_t;

/* One frame. hold_frames == 0: takeover is switched off. True: the human has the pad. */
bool takeover_step(takeover_t *takeover, bool touched, uint32_t hold_frames);

#endif
