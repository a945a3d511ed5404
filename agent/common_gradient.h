/* common_gradient.h - several learners that make each step together, each with a replay memory of
 * its own: the step is along the mean of their gradients.
 *
 *     agent_piece(agent, i, &bytes)          of learner 0: copied into the same piece of the others
 *     agent_take_pieces(agent)               in the others
 *     agent_share_gradient(agent, &common, why)             in all
 *     whenever an update is due in all of them:
 *         scale = agent_wanted_scale(agent)  the largest of all is
 *         agent_agree_scale(agent, scale)
 *         agent_learn(agent, 1, NULL, why)   calls common.sum() once
 *
 * Then all have the same weights, target and averaged network and moments to the byte, for ever:
 * what a step is computed from is the same in all (weights, mean gradient, its norm, number of the
 * update), and so is the noise of the update, which is counted (counted_noise.h). Batches and
 * priorities are each one's own.
 *
 * Here is nothing of processes or messages: who calls brings the sum.
 */
#ifndef AGENT_COMMON_GRADIENT_H
#define AGENT_COMMON_GRADIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "why.h"

struct agent;

typedef enum {
    COMMON_GRADIENT_OK = 0,
    COMMON_GRADIENT_ENDED, /* a learner steps no more: so does none */
    COMMON_GRADIENT_LOST   /* the sum did not come about */
} common_gradient_status_t;

typedef struct {
    int32_t num_learners, learner; /* this one's number, from 0 */
    void *self;
    /* numbers (count, of number_bytes each: 4 float, 8 double) and *num_unsound become the sums
     * over all learners, the same bytes in each. Called from agent_learn(), between gradient and
     * step. */
    common_gradient_status_t (*sum)(void *self, void *numbers, size_t count, size_t number_bytes,
                                    double *num_unsound);
} common_gradient_t;

/* From now on. AGENT_BAD_CONFIG: this agent learns something that the mean of gradients does not
 * carry (a similarity, the spread of values) or on a card. Learners beside the first draw their
 * batches by generators of their own. */
agent_status_t agent_share_gradient(struct agent *agent, const common_gradient_t *common,
                                    why_t why);

/* What must be the same in all at the beginning, i from 0 up; NULL: there are no more. Borrowed. */
void *agent_piece(struct agent *agent, int32_t i, size_t *num_bytes);
/* The pieces were written. */
void agent_take_pieces(struct agent *agent);

/* The scale that this agent's own returns ask for (return_scale.h); 0: it has seen no reward. */
double agent_wanted_scale(struct agent *agent);
/* Of all from the next update on; 0: nothing is changed. */
void agent_agree_scale(struct agent *agent, double scale);
/* Decisions that other learners have taken since they were counted last. */
void agent_count_elsewhere(struct agent *agent, uint64_t num_decisions);
/* The online network's weights, for digest_crc32(). */
const uint8_t *agent_weight_bytes(const struct agent *agent, size_t *num_bytes);

#endif
