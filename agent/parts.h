/* parts.h - what an agent_t is made of. For agent.c and checkpoint.c only. */
#ifndef KATA_PARTS_H
#define KATA_PARTS_H

#include "agent.h"
#include "net.h"
#include "rainbow.h"
#include "replay.h"
#include "rng.h"

/* Everything but this struct itself lies behind it in the same block. */
struct agent {
    agent_config_t config;
    rainbow_t rainbow;
    replay_t replay;
    rng_t act_rng;   /* exploration and the noise of decisions */
    rng_t learn_rng; /* first weights, batches, noise of updates */
    rng_t eval_rng;  /* agent_greedy() only; not saved, so evaluating changes no checkpoint */
    net_acts_t acts; /* one row, for decisions */
    real_t *noise;   /* (noise_count), of one decision */
    real_t *probs;   /* (A, Z) */
    real_t *q;       /* (A) */
    uint64_t num_decisions;
    double loss_mean, q_chosen_mean; /* running means over updates */
};

#endif
