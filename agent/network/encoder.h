/* encoder.h - numbers that the agent sees become features: SimBa (Lee et al. 2025).
 *
 *     values -> normalise -> Linear -> x,  twice: x += Linear(ReLU(Linear(LayerNorm(x))))
 *            -> LayerNorm -> features
 *
 * An observation holds its values behind each of its C pictures, as halves (agent_config.h). They
 * are normalised by a running mean and variance, which lie among the weights, so that copies of the
 * weights and checkpoints hold them; they have no gradient: encoder_follow() moves them.
 *
 * LayerNorm is Ba, Kiros and Hinton 2016. Letters: N rows, D the width. Each function works on rows
 * [row, + num_rows) of arrays over all rows; none but encoder_follow() changes weights.
 */
#ifndef AGENT_ENCODER_H
#define AGENT_ENCODER_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "layers.h"
#include "real.h"

enum { ENCODER_WIDTH = 128, ENCODER_BLOCKS = 2, ENCODER_NORMS = ENCODER_BLOCKS + 1 };

/* Its tensors, in their order in memory. */
enum {
    ENCODER_MEAN = 0, /* (V) of each value, not trained */
    ENCODER_VARIANCE, /* (V) */
    ENCODER_IN_W,     /* (D, C * V) */
    ENCODER_IN_B,
    ENCODER_BLOCK,    /* + 6 * block + one of these */
    ENCODER_GAIN = 0, /* (D) of the LayerNorm */
    ENCODER_SHIFT,    /* (D) */
    ENCODER_UP_W,     /* (4D, D) */
    ENCODER_UP_B,
    ENCODER_DOWN_W, /* (D, 4D) */
    ENCODER_DOWN_B,
    ENCODER_OUT_GAIN = 4 + 6 * ENCODER_BLOCKS, /* (D) */
    ENCODER_OUT_SHIFT,
    ENCODER_NUM_TENSORS
};

typedef struct {
    int32_t num_values, stack;        /* V, C */
    size_t look_bytes, picture_bytes; /* of one of the C; the values are behind its picture */
    linear_t in, up, down;
} encoder_t;

void encoder_init(encoder_t *encoder, int32_t num_values, int32_t stack, size_t picture_bytes,
                  size_t look_bytes);

/* Weights, tangents or gradients, tensor by tensor. */
typedef struct {
    const real_t *at[ENCODER_NUM_TENSORS];
} encoder_view_t;

/* What a forward pass leaves behind. */
typedef struct {
    real_t *in;                     /* (N, C * V), normalised */
    real_t *x;                      /* (N, D) */
    real_t *hat[ENCODER_NORMS];     /* (N, D), before gain and shift */
    real_t *rate[ENCODER_NORMS];    /* (N), 1 / standard deviation */
    real_t *normed[ENCODER_BLOCKS]; /* (N, D) */
    real_t *up[ENCODER_BLOCKS];     /* (N, 4D), after ReLU */
} encoder_acts_t;

/* Of backward and tangent. */
typedef struct {
    real_t *d_x, *d_normed; /* (N, D) */
    real_t *d_up;           /* (N, 4D) */
} encoder_scratch_t;

void encoder_acts_take(const encoder_t *encoder, arena_t *arena, int32_t max_rows,
                       encoder_acts_t *acts);
void encoder_scratch_take(arena_t *arena, int32_t max_rows, encoder_scratch_t *scratch);

/* obs: (N) pointers to observations. out: row n at n * out_stride. */
void encoder_forward(const encoder_t *encoder, const encoder_view_t *view,
                     const uint8_t *const *obs, int32_t row, int32_t num_rows, encoder_acts_t *acts,
                     real_t *out, int32_t out_stride);
/* d_out: as out. grad: written, but for mean and variance; of these rows alone. */
void encoder_backward(const encoder_t *encoder, const encoder_view_t *view,
                      const encoder_acts_t *acts, int32_t row, int32_t num_rows,
                      const real_t *d_out, int32_t out_stride, encoder_scratch_t *scratch,
                      real_t *const grad[ENCODER_NUM_TENSORS]);
/* t_out: as out: the derivative when the view's weights move along `tangent`, mean and variance
 * resting. */
void encoder_jvp(const encoder_t *encoder, const encoder_view_t *view,
                 const encoder_view_t *tangent, const encoder_acts_t *acts, int32_t row,
                 int32_t num_rows, encoder_scratch_t *scratch, real_t *t_out, int32_t out_stride);

/* mean and variance, (V) each, move by `rate`, above 0 and at most 1, towards those of these
 * observations' values. */
void encoder_follow(const encoder_t *encoder, const uint8_t *const *obs, int32_t num_rows,
                    double rate, real_t *mean, real_t *variance);

#endif
