/* parts.h - what a policy_t and an agent_t are made of. For the .c files of this room only. */
#ifndef AGENT_PARTS_H
#define AGENT_PARTS_H

#include "agent.h"
#include "atoms.h"
#include "learner.h"
#include "net.h"
#include "policy.h"
#include "rng.h"

struct policy {
    agent_config_t config;
    net_t net;
    atoms_t atoms;
    real_t *own;                   /* (num_weights); NULL: the weights are a learner's */
    const real_t *explore_weights; /* (num_weights) */
    const real_t *greedy_weights;  /* (num_weights) */
    rng_t explore_rng;             /* exploration and the noise of decisions */
    rng_t greedy_rng;              /* not saved: evaluating changes no checkpoint */
    net_acts_t acts;               /* one row */
    net_scratch_t scratch;
    const double *kinds; /* (A), kinds.h; NULL: random actions are uniform */
    double *own_kinds;   /* (A), of a policy with its own weights; NULL: none */
    real_t *noise;       /* (noise_count), of one decision */
    real_t *probs;       /* (A, Z) */
    real_t *q;           /* (A) */
    bool has_values;     /* q is of the last decision */
    uint64_t trained_decisions, trained_updates;
};

/* Lay the policy out; of_learner: whose weights it acts with, NULL: its own. False: the observation
 * does not fit. */
bool policy_take(policy_t *policy, arena_t *arena, const agent_config_t *config,
                 const learner_t *of_learner);

/* Everything but this struct itself lies behind it in the same block. */
struct agent {
    learner_t learner;
    policy_t policy; /* acts with the learner's weights */
    policy_run_t runs[AGENT_MAX_STREAMS];
};

/* AGENT_BAD_CONFIG and a sentence: the layout did not fit, or counted too many bytes. */
agent_status_t parts_check(const agent_config_t *config, bool fits, size_t counted_bytes,
                           char *why);
/* A zeroed block, for parts_free(), that forked children do not have: for `size` bytes of a struct
 * and, behind them, what was counted; *arena starts there. NULL: no memory. */
void *parts_block(size_t size, size_t counted_bytes, arena_t *arena);
void parts_free(void *block); /* NULL is fine */
size_t parts_block_bytes(size_t size, size_t counted_bytes);

#endif
