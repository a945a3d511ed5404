/* rainbow.h - the update: draw a batch, make aims, follow the gradient.
 *
 * Hessel et al. 2018: double Q, prioritized replay, dueling, C51, noisy layers, n-step, each
 * switched by the config. With all of them off this is DQN. MASP (masp.h) adds the pull
 * between like actions, and learns how alike they are.
 *
 * Noise is drawn once an update for each network and shared by the batch and by s and s' of
 * the online network (the composed weights then serve one product of matrices; noise per
 * sample would need one product each).
 *
 * The meta-gradient of the step on batch B wants the TD gradient at the new weights on a
 * batch B' drawn independently. The next update computes just that, so it is B': nothing is
 * drawn, passed forward or aimed for twice. Until then B's activations and weights are held:
 * there are two rainbow_batch_t, and updates that follow a held one use the other.
 */
#ifndef KATA_RAINBOW_H
#define KATA_RAINBOW_H

#include <stdbool.h>
#include <stdint.h>

#include "adam.h"
#include "agent.h"
#include "arena.h"
#include "atoms.h"
#include "masp.h"
#include "net.h"
#include "pool.h"
#include "replay.h"

/* One batch, and what the online network made of it. */
typedef struct {
    replay_sample_t *samples; /* (B) */
    const uint8_t **obs;      /* (2B): s, then s' */
    real_t *importance;       /* (B), w_b, the largest is 1 */
    real_t *noise;            /* (noise_count), the online network's draw */
    real_t *effective;        /* (mean_count), if noisy or meta */
    real_t *convs;            /* (mean_offset), a copy of the convolutions' weights, if meta */
    net_acts_t acts;          /* 2B rows: s, then s' */
    uint8_t *held_obs;        /* (B, C, H, W), a copy of s, if meta: the ring moves on */
    real_t *probs;            /* (B, A, Z) of s, with a penalty and Z > 1 */
    real_t *q;                /* (B, A) of s, with a penalty */
} rainbow_batch_t;

typedef struct {
    agent_config_t config;
    net_t net;
    atoms_t atoms;
    adam_t adam;
    masp_t masp; /* if config.similarity_mode is not off */
    uint64_t num_updates;
    pool_t pool; /* of updates; decisions run alone */

    real_t *weights; /* (num_weights), the online network */
    real_t *target;  /* (num_weights), the copy that is bootstrapped from */
    real_t *average; /* (num_weights), their mean over the last updates; NULL: not asked for */
    real_t *grad;    /* (mean_offset + mean_count), of the effective weights */
    real_t *target_noise, *target_effective;

    rainbow_batch_t batches[2];
    rainbow_batch_t *batch; /* of the last update */
    rainbow_batch_t *held;  /* waits for its meta-gradient; NULL: none */
    double held_clip;       /* by what its gradient was multiplied */

    net_acts_t targeted; /* B rows: s' */
    net_scratch_t scratch;
    real_t *aims;     /* (B, Z), what Q or its distribution should have been */
    real_t *next_q;   /* (B, A), by which a' is chosen; then d_q or t_q of the penalty */
    real_t *probs;    /* (B, A, Z), scratch */
    real_t *d_logits; /* (B, A, Z), gradient or tangent */
    real_t *surprise; /* (B), new priorities */
    real_t *losses;   /* (B), of each row, weighted */
    real_t *chosen;   /* (B), Q(s, a) of each row */
    real_t *tangent;  /* (mean_offset + mean_count), u of masp.h, composed; if meta */

    double loss;      /* TD loss of the last update, importance-weighted mean */
    double lambda;    /* of the last update: similarity_weight, as far as it has not faded */
    double penalty;   /* lambda P of the last update */
    double grad_norm; /* of the last update, before clipping */
    double q_chosen;  /* mean Q(s, a) of the last batch */
} rainbow_t;

/* Lay out and, if arena->base is set, make the first weights. False: observation too small
 * for the network. The memory must come zeroed. */
bool rainbow_take(rainbow_t *rainbow, arena_t *arena, const agent_config_t *config, rng_t *rng);

/* One gradient step. False: loss or gradient not finite; no weight, moment, similarity or
 * priority was changed. Requires live slots in replay. */
bool rainbow_update(rainbow_t *rainbow, replay_t *replay, rng_t *rng);

/* Threads of the next updates, started by the first of them; 1 at first. */
void rainbow_set_threads(rainbow_t *rainbow, int32_t num_threads);

/* The weights that play when nothing is to be learned: the average, or the last. */
const real_t *rainbow_greedy_weights(const rainbow_t *rainbow);

/* The importance exponent (beta) of the next update. */
double rainbow_importance_exponent(const rainbow_t *rainbow);

#endif
