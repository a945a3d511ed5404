/* net.h - the network: one table of tensors, and how they are wired.
 *
 *     pictures -> conv1 .. convK, or residual \
 *                                              features -> fc -> head (per action and atom)
 *     values   -> encoder                     /                [-> value (per atom)]
 *
 * `nature` is Mnih et al. 2015, `small` the data-efficient network of van Hasselt et al. 2019,
 * `impala` the residual trunk of Espeholt et al. 2018 (residual.h), one or two times as wide.
 * With dueling, fc has two halves (advantage, then value) and logits are their dueling sum.
 * With num_atoms 1 a logit is Q itself; otherwise softmax over Z atoms (C51).
 *
 * All weights live in one flat array, so that the target copy and the checkpoint are loops. Its
 * order: convolutions, residual, encoder | fc, head, value (the mean block) | their noise scales.
 * The noise block lies as the mean block does, tensor by tensor. Layers see effective weights
 * (noisy.h); a gradient is that of the effective weights, and has no noise block.
 *
 * Passes run on a pool: convolutions by rows, linear layers by outputs or inputs. Sums over
 * rows are made share by share and then added in order.
 */
#ifndef AGENT_NET_H
#define AGENT_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "arena.h"
#include "encoder.h"
#include "layers.h"
#include "noisy.h"
#include "residual.h"
#include "thread_pool.h"
#include "real.h"
#include "rng.h"

#define NET_MAX_CONVS 3

typedef enum {
    NET_CONV_W = 0,                                    /* + 2 * layer */
    NET_CONV_B = 1,                                    /* + 2 * layer */
    NET_RESIDUAL = 2 * NET_MAX_CONVS,                  /* + a tensor of residual.h */
    NET_ENCODER = NET_RESIDUAL + RESIDUAL_NUM_TENSORS, /* + a tensor of encoder.h */
    NET_FC_W = NET_ENCODER + ENCODER_NUM_TENSORS,      /* the mean block starts here */
    NET_FC_B,
    NET_HEAD_W,
    NET_HEAD_B,
    NET_VALUE_W,
    NET_VALUE_B,
    NET_NOISE_FC_W, /* the noise block, same order */
    NET_NOISE_FC_B,
    NET_NOISE_HEAD_W,
    NET_NOISE_HEAD_B,
    NET_NOISE_VALUE_W,
    NET_NOISE_VALUE_B,
    NET_NUM_TENSORS
} net_tensor_t;

/* One row a tensor. Rows with count 0 do not exist in this configuration. */
typedef struct {
    const char *name; /* as written in the checkpoint */
    int32_t num_dims;
    int32_t dims[4]; /* row major */
    int32_t fan_in;  /* inputs per output, for the initial range; 0: another beginning */
    size_t count;    /* product of dims; 0: absent */
    size_t offset;   /* into the flat array; a multiple of NET_ALIGNMENT */
} net_row_t;

#define NET_ALIGNMENT 16 /* reals; what lies between tensors stays zero */

typedef struct {
    net_row_t rows[NET_NUM_TENSORS];
    size_t num_weights; /* length of the flat array, gaps included */
    size_t mean_offset; /* the mean block: [mean_offset, + mean_count); before it, trunks */
    size_t mean_count;
    size_t noise_count; /* length of one draw of eps, see net_draw_noise() */
    conv_t conv[NET_MAX_CONVS];
    int32_t num_convs;   /* 0: it sees no pictures, or by `residual` */
    residual_t residual; /* of no features: there is none */
    encoder_t encoder;   /* of no values: it sees none */
    int32_t num_pixels;  /* of the features those that pictures make, 0: it sees none; the encoder's
                          * follow */
    size_t obs_bytes;
    linear_t fc, head, value;
    int32_t num_features, num_halves, num_actions, num_atoms; /* F, 1 or 2, A, Z */
    bool dueling, noisy;
} net_t;

/* The number of operations, products and sums, of a forward pass of one row; *of_input: of that
 * those whose input has no gradient. */
double net_operations(const net_t *net, double *of_input);

/* False if a kernel does not fit into the observation. */
bool net_init(net_t *net, const agent_config_t *config);

/* Uniform in +-1/sqrt(fan_in), the encoder's means 0 and gains and variances 1; noise scales start
 * at noisy_sigma_init / sqrt(fan_in). */
void net_first_weights(const net_t *net, double noisy_sigma_init, rng_t *rng, real_t *weights);

/* The running mean and variance of the values, in `weights`, move by `rate` towards those of
 * these observations (encoder.h). Without values: nothing. */
void net_follow_values(const net_t *net, const uint8_t *const *obs, int32_t num_rows, double rate,
                       real_t *weights);

/* The weights that a pass uses: pointers into flat arrays. */
typedef struct {
    const real_t *conv_w[NET_MAX_CONVS], *conv_b[NET_MAX_CONVS];
    residual_view_t residual;
    encoder_view_t encoder;
    const real_t *fc_w, *fc_b, *head_w, *head_b, *value_w, *value_b;
} net_view_t;

/* weights: flat. effective: (mean_count) as noisy_compose() wrote it, or NULL: the means. */
net_view_t net_view(const net_t *net, const real_t *weights, const real_t *effective);

/* noise: (noise_count), eps already passed through sign(x) sqrt|x|. */
void net_draw_noise(const net_t *net, rng_t *rng, real_t *noise);
/* A draw, cut into its products. No parts if the network has no noise. */
noisy_t net_noisy(const net_t *net, const real_t *noise);

/* What a pass leaves behind. */
typedef struct {
    real_t *conv[NET_MAX_CONVS]; /* (max_rows, pixels, channels), after ReLU */
    residual_acts_t residual;
    encoder_acts_t encoder;
    real_t *features; /* (max_rows, F); of convolutions alone: the last of conv */
    real_t *hidden;   /* (max_rows, halves * hidden), after ReLU */
    real_t *value;    /* (max_rows, Z) */
    real_t *logits;   /* (max_rows, A, Z) */
} net_acts_t;

void net_acts_take(const net_t *net, arena_t *arena, int32_t max_rows, net_acts_t *acts);

/* Scratch of one network, shared by all its passes; none leaves anything in it for the next. */
typedef struct {
    real_t *group[THREAD_POOL_MAX];   /* one a thread: patches of conv_group_rows() samples, then
                                       * the outputs of two networks over them; or of residual.h */
    real_t *d_convs[THREAD_POOL_MAX]; /* (mean_offset), a thread's part of the gradient of the
                                       * trunks' weights; [0]: NULL, that one writes to the
                                       * gradient itself */
    real_t *shared_w, *shared_b;      /* conv1 of the online network, then of the target network */
    /* Derivatives at each layer's output: of the loss in net_backward(), along the tangent of the
     * weights in net_jvp(). */
    real_t *d_conv[NET_MAX_CONVS];                /* (max_rows, pixels, channels) */
    residual_scratch_t residual[THREAD_POOL_MAX]; /* one a thread */
    encoder_scratch_t encoder;
    real_t *d_features;           /* (max_rows, F); of convolutions alone: the last of d_conv */
    real_t *d_hidden;             /* (max_rows, halves * hidden) */
    real_t *d_value;              /* (max_rows, Z) */
    real_t *noisy_in, *noisy_out; /* one row's vectors in net_forward_noisy_row() */
} net_scratch_t;

/* max_rows: of net_backward() and net_jvp(), on any number of threads. 0: for net_forward() on one
 * thread and net_forward_noisy_row() only. */
void net_scratch_take(const net_t *net, arena_t *arena, int32_t max_rows, net_scratch_t *scratch);

/* obs: (num_rows) pointers to observations (agent_config.h). Fills acts; logits (N, A, Z). */
void net_forward(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                 int32_t num_rows, thread_pool_t *pool, net_scratch_t *scratch, net_acts_t *acts);

/* The forward passes of one update. obs: (2B) pointers, s then s'.
 * online_acts: rows [0, B) of s and, with double_q, rows [B, 2B) of s'. target_acts: (B) of s'.
 * taken: (B) actions, only without a dueling network: then of s only theirs have logits, and with
 * double_q none of the target network's, of which net_action_logits() makes those that count; NULL:
 * all have. One of A blocks of the head is a small part of an update's arithmetic, all are most. */
void net_forward_update(const net_t *net, const net_view_t *online, const net_view_t *target,
                        const uint8_t *const *obs, int32_t batch_size, bool double_q,
                        const int32_t *taken, thread_pool_t *pool, net_scratch_t *scratch,
                        net_acts_t *online_acts, net_acts_t *target_acts);
/* The logits (Z) of one action of row n, from what is there of it up to the hidden layer. */
void net_action_logits(const net_t *net, const net_view_t *view, int32_t n, int32_t action,
                       net_acts_t *acts);

/* One row with noise, without composing all weights first: two products of matrix and
 * vector a layer. Same result as net_forward() over composed weights, up to rounding. */
void net_forward_noisy_row(const net_t *net, const real_t *weights, const real_t *noise,
                           const uint8_t *obs, net_scratch_t *scratch, net_acts_t *acts);

/* d_logits: (num_rows, A, Z), overwritten. grad: (mean_offset + mean_count), written. obs and acts:
 * of the forward pass. taken: (num_rows) actions, only without a dueling network: d_logits counts
 * for theirs alone; NULL: for all. */
void net_backward(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                  const net_acts_t *acts, int32_t num_rows, const int32_t *taken, real_t *d_logits,
                  thread_pool_t *pool, net_scratch_t *scratch, real_t *grad);

/* t_logits: (num_rows, A, Z): the derivative of the logits when the view's weights move along
 * the view `tangent`. */
void net_jvp(const net_t *net, const net_view_t *view, const net_view_t *tangent,
             const uint8_t *const *obs, const net_acts_t *acts, int32_t num_rows,
             thread_pool_t *pool, net_scratch_t *scratch, real_t *t_logits);

#endif
