/* policy.h - a network that chooses actions: weights, no replay memory, no optimizer.
 *
 * For play and evaluation (policy_load() of a checkpoint), for actors that get their weights from a
 * learner elsewhere (policy_create(), then policy_take_weights() between decisions), and inside an
 * agent_t, where it acts with the learner's weights as they are (agent_policy()).
 *
 *     policy_t *policy;
 *     if (policy_load(&policy, path, note, sizeof note, why) != AGENT_OK) return say(why);
 *     int32_t a = policy_greedy(policy, obs, 0);
 *     policy_destroy(policy);
 *
 * Letters in shapes: those of agent.h. An observation is uint8, (C, H, W), newest frame last,
 * borrowed for the call. Q is in reward units divided by the agent's return_scale (agent_stats_t).
 *
 * Two ways to act (agent.h, agent_config_t): policy_explore() is epsilon-greedy and, with noisy
 * layers, draws noise for each decision (Fortunato et al. 2018); policy_greedy() uses the means of
 * the weights alone. Each has a random generator of its own, seeded from config.seed.
 *
 * Memory: one allocation, about policy_num_weights() floats and one row of activations; nothing
 * is allocated afterwards. Threads: one policy, one thread at a time; OpenBLAS runs on one thread.
 */
#ifndef AGENT_POLICY_H
#define AGENT_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "why.h"

typedef struct policy policy_t;

/* Weights are all 0 until policy_take_weights(). AGENT_BAD_CONFIG or AGENT_NO_MEMORY: *out is NULL.
 * Of the config, what concerns replay and learning is checked but not used. */
agent_status_t policy_create(policy_t **out, const agent_config_t *config, why_t why);

/* The weights that a checkpoint plays with: the averaged ones, or if it has none the online
 * network's. Tensors of the target network and the optimizer are not read: at its peak this takes
 * one set of weights and the file's header. note: caller's buffer (NULL: not wanted).
 * AGENT_BAD_FILE, AGENT_NO_MEMORY: *out is NULL. */
agent_status_t policy_load(policy_t **out, const char *path, char *note, size_t note_bytes,
                           why_t why);
/* What policy_save() wrote: refused if the file holds any tensor but those weights. */
agent_status_t policy_load_alone(policy_t **out, const char *path, char *note, size_t note_bytes,
                                 why_t why);
/* A checkpoint for policy_load() with what policy_greedy() plays with and nothing else: to be sent.
 * note: NULL: none. as_halves: in half precision, refused if a weight is too large for that. */
agent_status_t policy_save(const policy_t *policy, const char *path, const char *note,
                           bool as_halves, why_t why);
/* Not for a policy of agent_policy(). NULL is fine. */
void policy_destroy(policy_t *policy);

const agent_config_t *policy_config(const policy_t *policy); /* borrowed */

/* Decisions and updates that a loaded policy was trained with, or the agent of agent_policy() until
 * that call; 0 and 0 for others. Either may be NULL. */
void policy_trained(const policy_t *policy, uint64_t *decisions, uint64_t *updates);
/* For a file that does not know: policy_save() writes these. */
void policy_set_trained(policy_t *policy, uint64_t decisions, uint64_t updates);

/* Length of the block of weights: depends on the config alone. */
size_t policy_num_weights(const policy_t *policy);
/* Act with these from now on, explore and greedy alike. weights: (policy_num_weights()) floats, as
 * agent_write_weights() of an agent with the same config wrote them; copied. Not for a policy of
 * agent_policy(). */
void policy_take_weights(policy_t *policy, const float *weights);

/* The same, but not copied: they stay where they are, and as they are, until others are taken,
 * borrowed or owned. */
void policy_borrow_weights(policy_t *policy, const float *weights);
/* Copy what is borrowed, so that the lender may go. */
void policy_own_weights(policy_t *policy);

/* How many floats policy_take_kinds() takes: A, or 0 where the config draws random actions
 * uniformly. */
int32_t policy_num_kinds(const policy_t *policy);
/* Draw random actions of policy_explore() so from now on; cumulative: (policy_num_kinds()) floats
 * as agent_write_kinds() of an agent with the same config wrote them; copied. */
void policy_take_kinds(policy_t *policy, const float *cumulative);

/* weights: (policy_num_weights()) floats, written: what policy_greedy() plays with. */
void policy_write_greedy_weights(const policy_t *policy, float *weights);

/* What policy_explore() and policy_soft() draw from now on comes from this number alone. */
void policy_seed(policy_t *policy, uint64_t seed);
/* A random action that is being repeated (agent_config_t, epsilon_repeat); zeros: none is. One a
 * stream; who begins an episode sets it to zeros. */
enum { POLICY_MAX_REPEATS = 20 };
typedef struct {
    int32_t action, left;
} policy_run_t;
/* A random action with probability epsilon, uniform or by kinds (kinds.h), else the best of the
 * network with noise, or where temperature is above 0 one about as good, as policy_soft() draws
 * it. run: goes on, or may begin; NULL: random actions are taken once. */
int32_t policy_explore(policy_t *policy, const uint8_t *obs, float epsilon, float temperature,
                       policy_run_t *run);
/* Without noise, and the random ones uniform; with epsilon 0 no random number is drawn. */
int32_t policy_greedy(policy_t *policy, const uint8_t *obs, float epsilon);
/* Without noise, action a with probability softmax(Q / temperature): moves that are worth about the
 * same take turns, so that who plays against it cannot know the next one. temperature: in units of
 * Q; 0: the best, and no random number is drawn. */
int32_t policy_soft(policy_t *policy, const uint8_t *obs, float temperature);
/* What the last policy_explore(), policy_greedy() or policy_soft() compared, without another pass.
 * q: (A), written if true; false: its action was random, or there was none. */
bool policy_last_values(const policy_t *policy, float *q);
/* q: (A), written: what policy_greedy() compares. */
void policy_q_values(policy_t *policy, const uint8_t *obs, float *q);

#endif
