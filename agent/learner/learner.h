/* learner.h - replay memory, networks and one update of Rainbow with MASP.
 *
 * Hessel et al. 2018: double Q, prioritized replay, dueling, C51, noisy layers, n-step, each
 * switched by the config. With all of them off this is DQN (Mnih et al. 2015). MASP (masp.h) adds
 * the penalty that pulls the Q-values of like actions together, and learns how alike they are.
 *
 * Letters in shapes, besides those of agent.h: W = net.num_weights, the length of a network's flat
 * weights; E = net.mean_offset + net.mean_count, that of effective weights (noisy.h).
 *
 * Noise is drawn once an update for each network and shared by the batch and by s and s' of
 * the online network (the composed weights then serve one product of matrices; noise per
 * sample would need one product each).
 *
 * The meta-gradient of the step on batch B needs the gradient of the TD loss at the new weights on
 * a batch B' drawn independently of B. The next update computes that gradient on its own batch, so
 * its batch is B'. Until then B's activations and weights are held: there are two
 * learner_batch_t, and the update that follows a held one uses the other.
 */
#ifndef AGENT_LEARNER_H
#define AGENT_LEARNER_H

#include <stdbool.h>
#include <stdint.h>

#include "adam.h"
#include "agent.h"
#include "arena.h"
#include "atoms.h"
#include "common_gradient.h"
#include "device.h"
#include "masp.h"
#include "net.h"
#include "replay.h"
#include "return_scale.h"
#include "rng.h"
#include "thread_pool.h"

/* How far an observation's pictures are moved, their edge repeated (config.random_shift_px). */
typedef struct {
    int8_t right_px, down_px;
} learner_shift_t;

/* One batch, and what the online network made of it. */
typedef struct {
    replay_sample_t *samples; /* (B) */
    learner_shift_t *shifts;  /* (2B), drawn for each row */
    bool has_pixels;          /* the next two are of it: only where the processor computes */
    uint8_t *pixels;          /* (2B, an observation): s, then s', moved */
    const uint8_t **obs;      /* (2B) pointers into it; where there is no bootstrap, s' is s */
    real_t *importance;       /* (B), w_b, the largest is 1 */
    real_t *noise;            /* (noise_count), the online network's draw */
    real_t *effective;        /* (mean_count), its weights under that noise; if noisy or meta */
    net_acts_t acts;          /* of the online network, 2B rows: s, then s' */
    real_t *probs;            /* (B, A, Z), its distributions at s; with a penalty and Z > 1 */
    real_t *q;                /* (B, A), Q(s, .); with a penalty */
    /* If meta, of a batch that is held: copies of what changes before the next update. */
    real_t *held_convs; /* (mean_offset), the convolutions' weights */
    double held_clip;   /* what its gradient was multiplied by */
} learner_batch_t;

typedef struct learner {
    agent_config_t config;
    net_t net;
    atoms_t atoms;
    replay_t replay;
    return_scale_t return_scale;
    adam_t adam;
    masp_t masp; /* if config.similarity_mode is not off */
    rng_t rng;   /* first weights, batches, noise of updates */
    uint64_t num_decisions, num_updates;
    thread_pool_t pool; /* of updates */

    device_t device;   /* who computes them; the processor at first */
    bool lags;         /* the update that is being made is not waited for (device.h) */
    bool has_results;  /* loss, mean_q, ... below were set since learner_learn() looked */
    bool has_diverged; /* an update that lagged had no finite loss or gradient */
    struct {
        bool is_there, is_held; /* not collected yet; its batch is learner.held */
        bool has_errors;        /* td_errors are there, its priorities are not set yet */
        uint64_t update;
        struct {
            int32_t slot;
            bool is_kept;
            uint64_t number; /* replay_number() when it was drawn */
        } * rows;            /* (B), of its batch, whose priorities are to be set */
    } waiting;               /* the update that was asked for last */
    uint64_t diverged_update;
    bool is_on_trial; /* its next update is made by the processor, too, and compared */
    bool has_device_news;
    bool counts_noise; /* counted_noise.h: it has had a card, or shares its gradient */
    /* The updates whose weights, and all of whose moments, the arrays below hold: a device may be
     * ahead of them (learner_read). */
    uint64_t weights_at_update, all_at_update;
    why_t device_news; /* what became of a card; "": nothing to tell */

    common_gradient_t common;               /* sum is NULL: it learns alone */
    common_gradient_status_t common_status; /* of the last sum */
    bool is_unsound_elsewhere;              /* another learner's loss was not finite there */

    agent_demonstrations_t demonstrations; /* weight 0: none */
    uint64_t demonstrations_at_update;     /* when they began */

    real_t *online;   /* (W), the network that learns */
    real_t *target;   /* (W), its copy of up to target_sync_period_updates ago */
    real_t *averaged; /* (W), mean of the online weights over the last updates; NULL: not kept */

    learner_batch_t batches[2];
    learner_batch_t *batch; /* of the last update */
    learner_batch_t *held;  /* its step waits for its meta-gradient; NULL: none */

    /* One update, in the order of rainbow.c. */
    int32_t *actions;           /* (B), of the batch */
    const int32_t *taken;       /* the same where they alone have logits; else NULL */
    real_t *target_noise;       /* (noise_count) */
    real_t *target_effective;   /* (mean_count) */
    net_acts_t target_acts;     /* of the target network, B rows: s' */
    net_acts_t target_acts_now; /* of the target network, B rows: s; with munchausen */
    real_t *next_probs;         /* (B, A, Z), at s' of the network that chooses a'; if Z > 1 */
    real_t *next_q;             /* (B, A), their means */
    real_t *target_probs; /* (B, Z), the target network's distribution at (s', a'); if Z > 1 */
    real_t *targets;      /* (B, Z), what Q(s, a) or its distribution should have been */
    real_t *losses;       /* (B), of each row, weighted */
    real_t *td_errors;    /* (B), |TD error| or KL divergence: new priorities */
    real_t *chosen_probs; /* (B, Z), at (s, a); if Z > 1 */
    real_t *chosen_q;     /* (B), Q(s, a) */
    real_t *d_logits;     /* (B, A, Z), of the loss */
    real_t *d_q;          /* (B, A), of lambda P; with a penalty */
    real_t *grad;         /* (E), of the loss */
    /* If meta: the meta-gradient of the held batch. */
    real_t *meta_d_logits; /* (B, A, Z), of J */
    real_t *meta_grad;     /* (E), of J */
    real_t *tangent;       /* (E), u of masp.h under the held batch's noise */
    real_t *t_logits;      /* (B, A, Z), of the held batch's logits along u */
    real_t *t_q;           /* (B, A), q' of masp.h */
    net_scratch_t scratch;

    /* Of the last update. */
    double loss;      /* TD loss, importance-weighted mean */
    double lambda;    /* similarity_weight, as far as it has not faded */
    double penalty;   /* lambda P */
    double imitation; /* the margin loss, weighted; 0: none was drawn */
    double grad_norm; /* before clipping */
    double mean_q;    /* mean of Q(s, a) over the batch, as scaled */
    /* Running means over updates. */
    double loss_mean, q_chosen_mean; /* Q in reward units */
} learner_t;

/* Lay out and, if arena->base is set, make the first weights; the memory must come zeroed. False:
 * observation too small for the network. */
bool learner_take(learner_t *learner, arena_t *arena, const agent_config_t *config);

/* One update. False: the loss, its gradient or the similarity's gradient is not finite, or the sum
 * over all learners is none (common_status); no weight, moment, similarity or priority was changed.
 * Requires live slots in the replay memory. Where updates lag (device.h), false is said of the one
 * before, diverged_update: no step was made of that, and one may have been of this. */
bool rainbow_update(learner_t *learner);

/* At most max_updates of them, none before the warm-up is over; see agent_learn(). */
agent_status_t learner_learn(learner_t *learner, int32_t max_updates, int32_t num_threads,
                             int32_t *done_updates, char *why);
/* What came of the update that lags, if there is one, and its priorities are set. */
void learner_collect(learner_t *learner);
/* After rainbow_update() was false, or with has_diverged: which update, and what is not finite. */
agent_status_t learner_refuse_update(const learner_t *learner, char *why);
/* The newest weights, or all, come back to the arrays from the device, if it is ahead of them. An
 * update that lags is collected, but its priorities are set when the next one was drawn, as without
 * a read: a save, which is made by the clock, does not change the batches. */
void learner_read(learner_t *learner, device_part_t part);
/* Waits for the device, and returns for how many seconds it was busy since the last such call, from
 * its being asked to its being done; 0 on the processor. What is learned does not depend on it. */
double learner_finish(learner_t *learner);
/* The one before it is closed. The new one must hold all that the arrays hold (learner_read). */
void learner_set_device(learner_t *learner, device_t device);
/* The device must know that Sigma has changed. */
void learner_tell_similarity(learner_t *learner);
/* update.c, for a device's compute(): the gradient becomes the mean over all learners; alone it
 * stays. is_sound: the loss is finite. Not DEVICE_OK: no learner steps. */
device_status_t learner_share_gradient(learner_t *learner, bool is_sound);
/* rainbow.c. */
extern const device_calls_t rainbow_on_processor;
/* The next update has a penalty: there is one, and it has not faded. */
bool learner_penalizes(const learner_t *learner);
/* Ends the threads that updates have started, and closes the device. */
void learner_stop(learner_t *learner);

/* weights: (W) floats, written: the online network's, or the averaged ones if there are any, as
 * learner_read() left them. */
void learner_write_weights(const learner_t *learner, bool averaged, float *weights);

/* By how much of the way the average follows the weights of the last update; 0: it waits. */
double learner_average_rate(const learner_t *learner);
/* The importance exponent (beta) of the next update. */
double learner_importance_exponent(const learner_t *learner);
/* n of the next update's returns. */
int32_t learner_n_step(const learner_t *learner);
/* Of the margin loss of the next update's demonstrations (agent.h). */
double learner_margin_weight(const learner_t *learner);
/* lambda of the next update. */
double learner_penalty_weight(const learner_t *learner);
/* (A), kinds.h: how random actions are drawn now; NULL: uniformly. */
const double *learner_kinds(const learner_t *learner);
/* There is a penalty: similarity is on, with pairs to be alike. */
bool learner_has_penalty(const agent_config_t *config);
/* There is one, and Sigma is learned. */
bool learner_has_meta(const agent_config_t *config);

#endif
