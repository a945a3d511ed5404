/* toy_world.h - the smallest world that needs an agent: walk to the marked end of a line.
 *
 * Five cells; a walker starts in the middle, a mark stands at one end. A picture is 25 x 25:
 * the walker is a white 5 x 5 block in its column, the mark another one below. Four actions:
 * one cell left or right (1 step), two cells left or right (2 steps, a macro). Reaching the
 * mark pays +1, the other end -1, both end the episode; after 8 steps it is cut off.
 */
#ifndef AGENT_TOY_WORLD_H
#define AGENT_TOY_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"

enum { TOY_ACTIONS = 4, TOY_SIDE_PX = 25, TOY_OBS_BYTES = TOY_SIDE_PX * TOY_SIDE_PX };

typedef struct {
    int32_t cell, mark, steps;
    float times;     /* rewards are multiplied by it; 0: they are not */
    bool both_pay;   /* the wrong end pays +0.5 */
    uint64_t random; /* state of its own small generator; never 0 */
    uint8_t obs[TOY_OBS_BYTES];
} toy_world_t;

/* Sizes of observation and actions, and settings that solve it quickly. */
void toy_config(agent_config_t *config);
void toy_reset(toy_world_t *world); /* world->random must be set before the first */
/* True if the episode is over: terminal or truncated. */
bool toy_step(toy_world_t *world, int32_t action, agent_outcome_t *outcome);

/* Choose, step, settle, learn once every `decisions_per_update`; num_decisions times. */
void toy_train(agent_t *agent, toy_world_t *world, int32_t num_decisions,
               int32_t decisions_per_update);
/* Mean final reward of greedy episodes, -1 to 1. */
double toy_evaluate(agent_t *agent, int32_t num_episodes);

#endif
