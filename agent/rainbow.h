/* rainbow.h - the update: draw a batch, make targets, follow the gradient.
 *
 * Hessel et al. 2018: double Q, prioritized replay, dueling, C51, noisy layers, n-step, each
 * switched by the config. With all of them off this is DQN.
 *
 * Noise is drawn once an update for each network and shared by the batch and by s and s' of
 * the online network (the composed weights then serve one product of matrices; noise per
 * sample would need one product each).
 */
#ifndef KATA_RAINBOW_H
#define KATA_RAINBOW_H

#include <stdbool.h>
#include <stdint.h>

#include "adam.h"
#include "agent.h"
#include "arena.h"
#include "atoms.h"
#include "net.h"
#include "replay.h"

typedef struct {
    agent_config_t config;
    net_t net;
    atoms_t atoms;
    adam_t adam;
    uint64_t num_updates;

    real_t *weights;                      /* (num_weights), the online network */
    real_t *target;                       /* (num_weights), the copy that is bootstrapped from */
    real_t *grad;                         /* (num_weights) */
    real_t *noise, *target_noise;         /* (noise_count), this update's draws */
    real_t *effective, *target_effective; /* (mean_count), only if noisy */

    net_acts_t online;   /* 2B rows: s (kept), then s' */
    net_acts_t targeted; /* B rows: s' */
    net_scratch_t scratch;

    replay_sample_t *samples; /* (B) */
    const uint8_t **obs;      /* (2B): s, then s' */
    real_t *importance;       /* (B), w_b, the largest is 1 */
    real_t *aims;             /* (B, Z), what Q or its distribution should have been */
    real_t *next_q;           /* (B, A), by which a' is chosen */
    real_t *probs;            /* (2B, A, Z) */
    real_t *d_logits;         /* (B, A, Z) */
    real_t *surprise;         /* (B), new priorities */

    double loss;      /* of the last update, importance-weighted mean */
    double grad_norm; /* of the last update, before clipping */
    double q_chosen;  /* mean Q(s, a) of the last batch */
} rainbow_t;

/* Lay out and, if arena->base is set, make the first weights. False: observation too small
 * for the network. The memory must come zeroed. */
bool rainbow_take(rainbow_t *rainbow, arena_t *arena, const agent_config_t *config, rng_t *rng);

/* One gradient step. False: loss or gradient not finite; no weight, moment or priority was
 * changed. Requires live slots in replay. */
bool rainbow_update(rainbow_t *rainbow, replay_t *replay, rng_t *rng);

/* The importance exponent (beta) of the next update. */
double rainbow_importance_exponent(const rainbow_t *rainbow);

#endif
