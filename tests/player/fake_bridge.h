/* fake_bridge.h - a bridge without a core: memory and pictures are a script, pads are recorded.
 *
 * Linked in place of core_bridge/bridge.c, so that a test knows every number of every frame.
 */
#ifndef KATA_FAKE_BRIDGE_H
#define KATA_FAKE_BRIDGE_H

#include "bridge.h"

enum { FAKE_RAM_BYTES = 64, FAKE_MAX_FRAMES = 16384 };

/* The whole game. ram is what a savestate holds. */
typedef struct {
    uint8_t ram[FAKE_RAM_BYTES]; /* mapped at address 0 */
    uint32_t frame_idx;          /* frames since the state began; part of a savestate */
    uint16_t held[BRIDGE_MAX_PORTS];
    bool is_held[BRIDGE_MAX_PORTS];
    uint16_t pads[FAKE_MAX_FRAMES]; /* port 0's pad of each frame run, never rewound */
    int32_t num_frames;
    int32_t num_resets; /* presses of the reset button */
    bool repeats_pictures;
    size_t state_bytes;        /* 0: a core without savestates */
    int32_t first_state_frame; /* before so many frames were run it has no size of a state */
    /* Called as the frame runs: change ram. May be NULL. */
    void (*script)(uint8_t *ram, uint32_t frame_idx, uint16_t pad);
} fake_bridge_t;

extern fake_bridge_t fake;

/* Frame picture: every pixel has luma 8 * (frame_idx % 32), 32 x 32, XRGB8888. */
void fake_bridge_reset(void);
bridge_t *fake_bridge(void);

#endif
