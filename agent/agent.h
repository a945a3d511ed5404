/* agent.h - a deep Q-network agent over macro-actions.
 *
 * This folder knows arrays, not games: an observation is bytes, an action is a
 * small integer, a reward is a float. It can be trained against a ten-line toy
 * world (tests/agent/toy_world.h).
 *
 * Letters used in every shape comment, here and in the .c files:
 *     B batch    C stacked frames    H, W observation height, width
 *     A actions (primitives + macros)    Z atoms of the return distribution
 *
 * Three clocks. They differ by orders of magnitude, so every count and period
 * says in its name which one it means:
 *     _frames     emulated video frames (known to player/, never here)
 *     _decisions  actions chosen; one decision lasts one *step* or many
 *     _updates    gradient steps
 * A *step* is frame_skip frames; the discount is per step and durations are
 * counted in steps (semi-MDP; Sutton, Precup and Singh 1999).
 *
 * The loop, as the caller sees it, for each of its num_streams environments:
 *     int32_t a = agent_choose(agent, stream, obs);            opens a decision
 *     ...play action a, summing discounted rewards...
 *     agent_settle(agent, stream, &outcome, next_obs);         closes it
 *     agent_learn(agent, 1, NULL, why);                        whenever there is time
 *
 * Memory. agent_create() makes one allocation of agent_arena_bytes() (untouched
 * pages of the replay memory cost nothing); nothing is allocated afterwards but
 * by save and load. All `obs` pointers are borrowed for the call only.
 *
 * Errors. A status is for what the outside world can do to us (bad config, full
 * memory, a damaged file, a diverging loss). Breaking the call order is a bug
 * in the caller and asserts.
 *
 * Threads. One agent, one thread at a time; agent_learn() may use more of its own:
 * agent_set_blas_threads(). Do not use an agent in a forked child.
 *
 * May include: cblas.h, libm, files.h, cJSON (for the head of a safetensors
 * file only), the C library. Must not include: libretro.h, core_bridge, macros.
 */
#ifndef KATA_AGENT_H
#define KATA_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

typedef struct agent agent_t; /* opaque: see agent.c */

typedef enum {
    AGENT_OK = 0,
    AGENT_BAD_CONFIG, /* a field is out of range; `why` names it            */
    AGENT_NO_MEMORY,
    AGENT_BAD_FILE, /* not a checkpoint, wrong version, truncated, or unwritable */
    AGENT_DIVERGED  /* loss or gradient not finite; weights left as they were */
} agent_status_t;

/* Same contract as every `why` in Kata: caller-owned, this size, may be NULL,
 * written only on failure, one line. */

#define AGENT_MAX_ACTIONS 512
#define AGENT_MAX_STREAMS 256
#define AGENT_NOTE_BYTES 65536 /* longest note a checkpoint can carry, with its NUL */

typedef enum {
    AGENT_NET_SMALL = 0, /* van Hasselt, Hessel and Aslanides 2019 (data-efficient Rainbow) */
    AGENT_NET_NATURE     /* Mnih et al. 2015 */
} agent_net_kind_t;

/* How alike two actions are, Sigma, pulls their Q-values together (MASP.md). */
typedef enum {
    AGENT_SIMILARITY_OFF = 0,
    AGENT_SIMILARITY_FIXED, /* Sigma stays what it was set to */
    AGENT_SIMILARITY_META   /* Sigma is learned along with the policy */
} agent_similarity_mode_t;

typedef struct {
    agent_net_kind_t net_kind;

    /* Observation: uint8, (C, H, W), newest frame last. */
    int32_t obs_stack;     /* C */
    int32_t obs_height_px; /* H */
    int32_t obs_width_px;  /* W */
    int32_t num_actions;   /* A */
    int32_t num_streams;   /* environments that feed this agent, >= 1 */

    /* A decision that took t steps bootstraps with discount_per_step^t. */
    float discount_per_step;
    int32_t n_step_decisions;

    int32_t replay_capacity_decisions;
    int32_t replay_warmup_decisions; /* agent_learn() does nothing before this */

    int32_t batch_size; /* B */
    int32_t target_sync_period_updates;
    float learning_rate;
    float adam_epsilon;
    float max_grad_norm; /* L2, over all weights together */

    /* agent_greedy() plays with the mean of the weights over about the last so many updates
     * (an exponential one; Polyak and Juditsky 1992); 0: with the last weights. Training never
     * sees it. */
    int32_t average_updates;

    /* Epsilon-greedy: falls linearly from start to end over this many decisions. */
    float epsilon_start;
    float epsilon_end;
    int32_t epsilon_ramp_decisions;

    /* Same seed, same calls, same machine, one BLAS thread: same agent_save()
     * bytes. Across machines only the learning curve is comparable. */
    uint64_t seed;

    /* Rainbow (Hessel et al. 2018), each part switchable. */
    bool double_q;
    bool dueling;
    bool noisy; /* factorised noisy layers; one draw an update, one a decision */
    float noisy_sigma_init;
    bool prioritized;
    float priority_exponent;         /* 0 = uniform, 1 = fully proportional */
    float importance_exponent_start; /* grows linearly to 1 ... */
    int32_t importance_ramp_updates; /* ... over this many updates */

    /* 1: Q itself with a Huber loss. Otherwise returns live on Z atoms, evenly spaced on
     * [return_min, return_max] (C51); scale rewards so that they fit. */
    int32_t num_atoms; /* Z */
    float return_min;
    float return_max;

    /* MASP. Rewards should be scaled so that returns are of the order of 1 to 10: the penalty
     * is quadratic in Q. */
    agent_similarity_mode_t similarity_mode;
    float similarity_weight;           /* lambda */
    int32_t similarity_fade_updates;   /* lambda falls linearly to 0 over so many updates, and
                                          there Sigma rests, too; 0: never */
    float similarity_learning_rate;    /* of s, Sigma = sigmoid(s) */
    int32_t similarity_period_updates; /* one meta step every so many updates */
    bool similarity_balanced;          /* J is the mean over the actions in B' of each one's mean TD
                                          loss, not that over its rows */
    float similarity_pull;  /* of s to its prior, per meta step, times the learning rate */
    float similarity_start; /* Sigma of every pair until agent_set_similarity() */
} agent_config_t;

/* How one decision ended. */
typedef struct {
    float reward;           /* R = sum_{i<t} discount_per_step^i r_i (MASP.md, SMDP) */
    int32_t duration_steps; /* t >= 1; less than planned if it was cut short */
    bool terminal;          /* the game is over: the return stops here  */
    bool truncated;         /* we stopped watching: keep bootstrapping  */
} agent_outcome_t;

typedef struct {
    uint64_t decisions;
    uint64_t updates;
    int32_t replay_size_decisions;
    float loss_mean;       /* running mean */
    float grad_norm;       /* last update, before clipping */
    float q_chosen_mean;   /* running mean of Q(s, a) over chosen a, in reward units */
    float epsilon;         /* what the next agent_choose() explores with */
    float penalty;         /* lambda P of the last update */
    uint64_t meta_updates; /* steps that Sigma has made */
} agent_stats_t;

/* Values of the papers named in agent/README.md. */
void agent_config_defaults(agent_config_t *config, int32_t num_actions);

/* Lay a published setting over `config`; sizes of observation, actions, streams, discount
 * and seed stay. "hessel2018": Rainbow. "vanhasselt2019": data-efficient Rainbow.
 * False: no such name. */
bool agent_config_named(agent_config_t *config, const char *name);

/* AGENT_BAD_CONFIG and a sentence that names the field, or AGENT_OK. */
agent_status_t agent_config_check(const agent_config_t *config, why_t why);

/* Bytes agent_create() will allocate; 0 if the config is not valid. */
size_t agent_arena_bytes(const agent_config_t *config);

agent_status_t agent_create(agent_t **out, const agent_config_t *config, why_t why);
void agent_destroy(agent_t *agent); /* NULL is fine */

const agent_config_t *agent_config(const agent_t *agent); /* borrowed */

/* obs: (C, H, W). Returns an action in [0, A), explored; opens a decision on
 * `stream`. The stream must have none open. */
int32_t agent_choose(agent_t *agent, int32_t stream, const uint8_t *obs);

/* Close the open decision of `stream`. next_obs: (C, H, W); ignored when
 * outcome->terminal. */
void agent_settle(agent_t *agent, int32_t stream, const agent_outcome_t *outcome,
                  const uint8_t *next_obs);

/* Time travel (a state was loaded, a worker died): forget the open decision and
 * end the stream's n-step window as a truncation without learning from it. */
void agent_drop(agent_t *agent, int32_t stream);

/* The greedy action, nothing stored, no random number used: evaluation and play.
 * With epsilon > 0 a uniform action is taken with that probability instead, drawn
 * from a generator of its own, so that evaluating never changes training. */
int32_t agent_greedy(agent_t *agent, const uint8_t *obs, float epsilon);

/* At most max_updates gradient steps; *done_updates (may be NULL) says how many.
 * Zero is normal during warm-up. */
agent_status_t agent_learn(agent_t *agent, int32_t max_updates, int32_t *done_updates, why_t why);

/* q: (A), written. Greedy view with exploration noise switched off. */
void agent_q_values(agent_t *agent, const uint8_t *obs, float *q);
void agent_get_stats(const agent_t *agent, agent_stats_t *stats);

/* Sigma, (A, A) in [0, 1], symmetric, zero diagonal. Zeros with AGENT_SIMILARITY_OFF. */
void agent_get_similarity(const agent_t *agent, float *sigma);
/* What it began with and is pulled to, likewise. */
void agent_get_similarity_prior(const agent_t *agent, float *sigma);
/* Start from this matrix, and be pulled to it: (A, A), numbers in [0, 1]; what lies on the
 * diagonal is ignored, (i, j) and (j, i) are averaged, values are kept within [0.001, 0.999].
 * AGENT_BAD_CONFIG: similarity is off, or a number is out of range; nothing was changed. */
agent_status_t agent_set_similarity(agent_t *agent, const float *sigma, why_t why);

/* A checkpoint holds config, weights, target weights, optimizer moments, counters
 * and the random state; not the replay memory. Layout: agent/FORMAT.md. `note` is
 * text of the caller's (NULL: none), kept in the file's metadata as it is. */
agent_status_t agent_save(const agent_t *agent, const char *path, const char *note, why_t why);

/* The whole agent as it was saved, with an empty replay memory and num_streams
 * streams. note: caller's buffer of note_bytes (may be NULL). The file is hostile
 * until every length, shape and number in it was checked. */
agent_status_t agent_load(agent_t **out, const char *path, int32_t num_streams, char *note,
                          size_t note_bytes, why_t why);

/* Process-wide, 1 at first, at most 8: on how many threads agent_learn() works. They are the
 * agent's own, started by its next agent_learn(); OpenBLAS itself is kept at one. Sums are made
 * in another order for another number: same bytes are promised for the same number. */
void agent_set_blas_threads(int32_t num_threads);
int32_t agent_blas_threads(void);

#endif
