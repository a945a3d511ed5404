/* return_scale.h - how large a game's returns are, so that rewards of any size fit the atoms.
 *
 * A return G is learned as G / scale. The scale is found from the returns of the chains (an
 * episode, or 512 decisions of a longer one, as if it ended there): each has a least scale at which
 * none of its discounted returns lies outside [low, high]. Of the last 64 chains that had a reward
 * nine in ten shall fit into 0.8 of the range: a memory that is misread once does not make all else
 * small, and what does not fit is learned as the outermost atom.
 *
 * It is set before the first update and moves only when they no longer fit, or fit into a quarter:
 * each time the values that were learned are wrong by the factor until they are learned anew, which
 * exchanges no two actions. Rewards times c have the scale times c, so the learning is the same
 * (bit for bit where c is a power of two).
 */
#ifndef AGENT_RETURN_SCALE_H
#define AGENT_RETURN_SCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent_config.h"
#include "arena.h"

enum { RETURN_SCALE_BLOCK = 512, RETURN_SCALE_CHAINS = 64 };

typedef struct {
    double fixed; /* not 0: the scale, whatever comes */
    double low, high, discount_per_step;
    int32_t num_streams;
    float *rewards;    /* (num_streams, RETURN_SCALE_BLOCK), of the running chains */
    double *discounts; /* (num_streams, RETURN_SCALE_BLOCK), discount_per_step^duration */
    int32_t *lengths;  /* (num_streams), decisions of each running chain so far */
    double needs[RETURN_SCALE_CHAINS]; /* ring of what the last chains needed, each > 0 */
    uint64_t num_needs;                /* since the start or the load */
    bool is_due;                       /* a need was added since the last look */
    double scale;                      /* > 0; 0: no reward was seen yet */
} return_scale_t;

/* Memory must come zeroed. */
void return_scale_take(return_scale_t *scale, arena_t *arena, const agent_config_t *config);

/* One closed decision. */
void return_scale_add(return_scale_t *scale, int32_t stream, float reward, int32_t duration_steps);
/* The chain ended here. */
void return_scale_end(return_scale_t *scale, int32_t stream);
/* Before an update: move the scale if the returns ask for it. */
void return_scale_follow(return_scale_t *scale);

/* What returns are divided by: > 0. */
double return_scale_of(const return_scale_t *scale);

#endif
