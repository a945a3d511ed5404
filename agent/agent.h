/* agent.h - a deep Q-network agent over macro-actions: a learner, and the policy it teaches.
 *
 * This folder knows arrays, not games: an observation is bytes, an action is a
 * small integer, a reward is a float. It can be trained against a ten-line toy
 * world (examples/own_environment.c).
 *
 * Shapes and clocks: agent_config.h. The loop, as the caller sees it, for each of its
 * num_streams environments:
 *     int32_t a = agent_choose(agent, stream, obs);            opens a decision
 *     ...play action a, summing discounted rewards...
 *     agent_settle(agent, stream, &outcome, next_obs);         closes it
 *     agent_learn(agent, 1, NULL, why);                        whenever there is time
 *
 * Where decisions are made elsewhere, by actors with a policy_t of their own (policy.h):
 *     agent_write_weights(agent, false, weights);              for policy_take_weights() there
 *     agent_open(agent, stream, obs, action);                  instead of agent_choose()
 *     agent_settle(agent, stream, &outcome, next_obs);
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
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "policy.h"
#include "why.h"

typedef struct agent agent_t; /* opaque: see parts.h */

/* How one decision ended. */
typedef struct {
    float reward;           /* R = sum_{i<t} discount_per_step^i r_i (semi-MDP, replay.h) */
    int32_t duration_steps; /* t >= 1; less than planned if it was cut short */
    bool terminal;          /* the game is over: no bootstrap */
    bool truncated;         /* cut off, the game went on: bootstrap */
} agent_outcome_t;

typedef struct {
    uint64_t decisions;
    uint64_t updates;
    int32_t replay_size_decisions;
    float loss_mean;        /* running mean */
    float grad_norm;        /* last update, before clipping */
    float q_chosen_mean;    /* running mean of Q(s, a) over chosen a, in reward units */
    float epsilon;          /* what the next agent_choose() explores with */
    float penalty;          /* lambda P of the last update */
    float imitation;        /* the weighted margin loss of the last update */
    int32_t demonstrations; /* that are kept */
    uint64_t meta_updates;  /* steps that Sigma has made */
    float return_scale;     /* what rewards are divided by to be learned from */
    float learning_rate;    /* what the next update steps with */
} agent_stats_t;

/* Bytes agent_create() will allocate; 0 if the config is not valid. */
size_t agent_arena_bytes(const agent_config_t *config);

agent_status_t agent_create(agent_t **out, const agent_config_t *config, why_t why);
void agent_destroy(agent_t *agent); /* NULL is fine */

const agent_config_t *agent_config(const agent_t *agent); /* borrowed */

/* The next updates step with `share` of config's learning rate, in [0, 1], on any device; 1 at
 * first. No checkpoint holds it. */
void agent_scale_learning_rate(agent_t *agent, double share);

/* The policy that acts with this agent's weights as they are at each call, the averaged ones in
 * policy_greedy(); with a card, as they were at the last agent_policy(), agent_choose() or
 * agent_write_weights(). Borrowed; ends with the agent. */
policy_t *agent_policy(agent_t *agent);

/* obs: an observation (agent_config.h). Returns an action in [0, A), explored; opens a decision on
 * `stream`. The stream must have none open. */
int32_t agent_choose(agent_t *agent, int32_t stream, const uint8_t *obs);
/* Open a decision that was made elsewhere; action in [0, A). */
void agent_open(agent_t *agent, int32_t stream, const uint8_t *obs, int32_t action);
/* The same of a decision that another stream has, too, seen otherwise: it is learned from as any
 * other, and not counted once more. */
void agent_open_twin(agent_t *agent, int32_t stream, const uint8_t *obs, int32_t action);
/* Of the next agent_choose(); for those who choose elsewhere. */
float agent_epsilon(const agent_t *agent);
/* weights: (policy_num_weights(agent_policy(agent))) floats, written: the online network's, or the
 * averaged ones if there are any. */
void agent_write_weights(agent_t *agent, bool averaged, float *weights);

/* cumulative: (A) floats, written: how random actions are drawn now, for policy_take_kinds(). */
void agent_write_kinds(const agent_t *agent, float *cumulative);
/* How many kinds of actions its similarity makes of them (kinds.h): A without one. */
double agent_num_kinds(const agent_t *agent);

/* Close the open decision of `stream`. next_obs: an observation; ignored when
 * outcome->terminal. */
void agent_settle(agent_t *agent, int32_t stream, const agent_outcome_t *outcome,
                  const uint8_t *next_obs);

/* A savestate was loaded or a worker died: forget the open decision and
 * end the stream's n-step window as a truncation without learning from it. */
void agent_drop(agent_t *agent, int32_t stream);
/* The same, and the decisions of the stream's n-step window are never learned from: what followed
 * them did not happen. */
void agent_discard(agent_t *agent, int32_t stream);

/* Demonstrations (Hester et al. 2018, 3): whoever made the decisions of `stream` is imitated. They
 * stay in the replay memory: a stream whose share is full takes no more. Each one that is drawn has
 * a priority of 1 more than its error, and adds
 *     w J_E,  J_E = max_a [Q(s, a) + margin (a is not a_E)] - Q(s, a_E),  Q as scaled,
 * to its loss, with which a_E comes to be worth more than any other action by the margin. w falls
 * linearly from `weight` to 0 over fade_updates from now on; 0: it stays. Not saved in checkpoints.
 * On the processor alone: a card is left. */
typedef struct {
    int32_t stream;
    float margin, weight; /* >= 0 */
    int32_t fade_updates;
} agent_demonstrations_t;
void agent_imitate(agent_t *agent, const agent_demonstrations_t *demonstrations);
/* False: the stream is of demonstrations and full; its next decision must not be opened. */
bool agent_has_room(const agent_t *agent, int32_t stream);

/* At most max_updates gradient steps; *done_updates (may be NULL) says how many.
 * Zero is normal during warm-up. On a card it is the next update that tells of one that diverged.
 */
agent_status_t agent_learn(agent_t *agent, int32_t max_updates, int32_t *done_updates, why_t why);
/* The replay memory is filled as far as the first update needs (replay_warmup_decisions). */
bool agent_is_warm(const agent_t *agent);

/* Floating point operations of one update's matrix products, each multiplication and addition
 * counted: what a measured time is held against. Of MASP's, its share of a period. */
double agent_update_operations(const agent_t *agent);

void agent_get_stats(const agent_t *agent, agent_stats_t *stats);

/* Sigma, (A, A) in [0, 1], symmetric, zero diagonal. Zeros with AGENT_SIMILARITY_OFF. */
void agent_get_similarity(const agent_t *agent, float *sigma);
/* The matrix that it began with and is pulled to: (A, A). */
void agent_get_similarity_prior(const agent_t *agent, float *sigma);
/* Start from this matrix, and be pulled to it: (A, A), numbers in [0, 1]; what lies on the
 * diagonal is ignored, (i, j) and (j, i) are averaged, values are kept within [0.001, 0.999].
 * AGENT_BAD_CONFIG: similarity is off, or a number is out of range; nothing was changed. */
agent_status_t agent_set_similarity(agent_t *agent, const float *sigma, why_t why);

/* A checkpoint holds config, weights, target weights, optimizer moments, counters
 * and the random state; not the replay memory. Layout: agent/FORMAT.md. `note` is
 * text of the caller's (NULL: none), kept in the file's metadata as it is. AGENT_DIVERGED, nothing
 * is written: a card's last update did, and no agent_learn() has told of it yet. */
agent_status_t agent_save(agent_t *agent, const char *path, const char *note, why_t why);

/* The whole agent as it was saved, with an empty replay memory, num_streams streams, and `taught`
 * (agent_config.h). note: caller's buffer of note_bytes (may be NULL). The file is hostile
 * until every length, shape and number in it was checked. */
agent_status_t agent_load(agent_t **out, const char *path, int32_t num_streams, bool taught,
                          char *note, size_t note_bytes, why_t why);

/* The replay memory in a file of its own (replay_file.h), which a loaded agent may be given again.
 * Loading: the agent's memory must be empty; AGENT_BAD_CONFIG: the file is of another number of
 * streams or another size, AGENT_BAD_FILE: it is missing or damaged. Then the memory stays empty.
 */
agent_status_t agent_save_replay(const agent_t *agent, const char *path, why_t why);
agent_status_t agent_load_replay(agent_t *agent, const char *path, why_t why);
/* Bytes of that file now, and at most. */
uint64_t agent_replay_file_bytes(const agent_t *agent);
uint64_t agent_replay_file_most_bytes(const agent_t *agent);

/* Process-wide, 1 at first, at most 8: on how many threads agent_learn() works. They are the
 * agent's own, started by its next agent_learn(); OpenBLAS itself is kept at one. Sums are made
 * in another order for another number: same bytes are promised for the same number. */
void agent_set_blas_threads(int32_t num_threads);
int32_t agent_blas_threads(void);

#endif
