/* vision.h - a core's frame shrunk to a small grayscale picture.
 *
 * Luma is ITU-R 601 in 8 bits; shrinking is area averaging, each target pixel the mean of exactly
 * the source area that it covers. Any of the three pixel formats, any pitch, any size up to
 * VISION_MAX_WIDTH_PX squared (what is larger is cut), any rotation in quarters.
 */
#ifndef KATA_VISION_H
#define KATA_VISION_H

#include <stdbool.h>
#include <stdint.h>

#include "bridge.h"
#include "player.h"

#define VISION_H PLAYER_OBS_HEIGHT_PX
#define VISION_W PLAYER_OBS_WIDTH_PX
#define VISION_BYTES (VISION_H * VISION_W)
#define VISION_MAX_WIDTH_PX 4096 /* and height */

enum { VISION_MAX_TAPS = 64 }; /* source pixels that one target pixel can cover */

/* Target pixel i is the sum over k < num_taps of source[first[i] + k] * weight[k][i] / 256; the
 * weights of one target pixel add up to 256, so that white stays white. */
typedef struct {
    uint32_t source_px; /* the size that this table is for; 0: none yet */
    uint32_t num_taps;
    uint16_t first[VISION_W];
    uint16_t weight[VISION_MAX_TAPS][VISION_W];
} vision_axis_t;

typedef struct {
    vision_axis_t across, down;
    uint8_t luma[VISION_MAX_WIDTH_PX]; /* the row decoded last */
    uint16_t sum[VISION_MAX_WIDTH_PX]; /* weighted rows of one target row */
    uint8_t upright[VISION_BYTES];     /* before rotation */
} vision_t;

/* picture: (H, W), written. frame->pixels must not be NULL. */
void vision_shrink(vision_t *vision, const bridge_frame_t *frame, uint8_t *picture);

/* Left and right exchanged: to the bit what vision_shrink() makes of the mirrored frame. out,
 * picture: (H, W), not the same. */
void vision_mirror(uint8_t *out, const uint8_t *picture);

/* What is left of a picture where whole pictures are compared by numbers: out: (14, 14), 0 to 1,
 * written: means over blocks of 6 x 6. */
enum { VISION_COARSE_PX = 14, VISION_COARSE_FLOATS = VISION_COARSE_PX * VISION_COARSE_PX };
void vision_coarse(const uint8_t *picture, float *out);

/* Slow and obvious, in floating point: what vision_shrink() must agree with to 2 levels in 255
 * (its weights have 8 bits). For tests. */
void vision_shrink_slowly(const bridge_frame_t *frame, uint8_t *picture);

/* The frame as RGB, 3 bytes a pixel, no gaps, not rotated; false if it has more than max_px pixels.
 */
bool vision_rgb(const bridge_frame_t *frame, uint8_t *rgb, uint32_t max_px);

#endif
