/* residual.h - pictures become features: the residual trunk of IMPALA (Espeholt et al. 2018, fig.
 * 3).
 *
 *     bytes / 255 -> three times: conv -> max-pool 3 x 3, stride 2 -> x,
 *                                 twice: x += conv(ReLU(conv(ReLU(x))))
 *                 -> ReLU -> adaptive max-pool to 6 x 6 -> LayerNorm -> features
 *
 * Each convolution is 3 x 3, stride 1, padded by 1; the sections have 16, 32 and 32 channels, times
 * `width`. A picture of any size becomes 6 x 6 features a channel (as in the agent of Schmidt and
 * Schmied 2021). LayerNorm (Ba, Kiros and Hinton 2016) is over all features of a sample and has no
 * gain and no shift: the layer that reads them can make both. residual_layers.h has the pools and
 * the LayerNorm.
 *
 * Rows go through one by one, so that what lies between two convolutions stays in the cache and the
 * sums do not depend on how many threads share the rows. Letters: N rows. Each function works on
 * rows [row, + num_rows) of arrays over all rows, in scratch of its own; none changes weights.
 */
#ifndef AGENT_RESIDUAL_H
#define AGENT_RESIDUAL_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "layers.h"
#include "real.h"

enum {
    RESIDUAL_SECTIONS = 3,
    RESIDUAL_BLOCKS = 2,
    RESIDUAL_CONVS_EACH = 1 + 2 * RESIDUAL_BLOCKS, /* the one before the pool, two a block */
    RESIDUAL_CONVS = RESIDUAL_SECTIONS * RESIDUAL_CONVS_EACH,
    RESIDUAL_NUM_TENSORS = 2 * RESIDUAL_CONVS /* weights (outs, taps), then bias (outs), of each */
};

typedef struct {
    conv_t conv[RESIDUAL_CONVS]; /* section by section */
    int32_t num_features;        /* 6 * 6 * channels; 0: there is no such trunk */
} residual_t;

/* in_shape: channels, H, W, each at least 1; plane_bytes: from one of an observation's pictures to
 * the next. */
void residual_init(residual_t *residual, const int32_t in_shape[3], size_t plane_bytes,
                   int32_t width);

/* Weights, tangents or gradients: 2 * conv, + 1 its bias. */
typedef struct {
    const real_t *at[RESIDUAL_NUM_TENSORS];
} residual_view_t;

/* What a forward pass leaves behind; H, W, C of each section's own. */
typedef struct {
    real_t *open[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS];  /* (N, H, W, C): ReLU(x), a block's input */
    real_t *inner[RESIDUAL_SECTIONS][RESIDUAL_BLOCKS]; /* (N, H, W, C): between its convolutions,
                                                        * after ReLU */
    real_t *out[RESIDUAL_SECTIONS];                    /* (N, H, W, C): x behind both blocks */
    uint8_t *from[RESIDUAL_SECTIONS]; /* (N, H, W, C): 0 to 8, whose value the pool took */
    int32_t *cells; /* (N, 6, 6, C): which pixel's the last one took; -1: it was not
                     * above 0 */
    real_t *rate;   /* (N): 1 / standard deviation */
} residual_acts_t;

/* Of one row, between its layers; a thread each. */
typedef struct {
    real_t *wide;  /* the largest output of a convolution before its pool */
    real_t *a, *b; /* the largest behind a pool */
} residual_scratch_t;

/* Reals of one row of residual_scratch_t. */
typedef struct {
    size_t wide, pooled;
} residual_sizes_t;
residual_sizes_t residual_sizes(const residual_t *residual);

void residual_acts_take(const residual_t *residual, arena_t *arena, int32_t max_rows,
                        residual_acts_t *acts);
void residual_scratch_take(const residual_t *residual, arena_t *arena, residual_scratch_t *scratch);
/* Reals of the patches of one row, of the largest convolution. */
size_t residual_patches_size(const residual_t *residual);

/* obs: (N) pointers to observations. patches: (residual_patches_size()). features: row n at
 * n * stride. */
void residual_forward(const residual_t *residual, const residual_view_t *view,
                      const uint8_t *const *obs, int32_t row, int32_t num_rows, real_t *patches,
                      residual_scratch_t *scratch, residual_acts_t *acts, real_t *features,
                      int32_t stride);
/* d_features: as features, and overwritten. grad: written, of these rows alone. */
void residual_backward(const residual_t *residual, const residual_view_t *view,
                       const uint8_t *const *obs, const residual_acts_t *acts, int32_t row,
                       int32_t num_rows, const real_t *features, real_t *d_features, int32_t stride,
                       real_t *patches, residual_scratch_t *scratch,
                       real_t *const grad[RESIDUAL_NUM_TENSORS]);
/* t_features: as features: the derivative when the view's weights move along `tangent`. */
void residual_jvp(const residual_t *residual, const residual_view_t *view,
                  const residual_view_t *tangent, const uint8_t *const *obs,
                  const residual_acts_t *acts, int32_t row, int32_t num_rows,
                  const real_t *features, real_t *patches, residual_scratch_t *scratch,
                  real_t *t_features, int32_t stride);

#endif
