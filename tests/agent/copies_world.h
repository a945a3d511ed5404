/* copies_world.h - a toy SMDP with duplicated actions (masp.h).
 *
 * A grid of 5 x 5 cells on 25 x 25 pixels, the walker a white cell. 24 actions are four moves under
 * 24 shuffled names: left and right take one step, up and down are macros of two steps. One move in
 * twenty slips to a random direction. From the top left corner to the bottom right one: reaching it
 * pays +1, each step costs 0.01; after 90 steps the episode is cut off.
 */
#ifndef AGENT_COPIES_WORLD_H
#define AGENT_COPIES_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "rng.h"

enum { COPIES_ACTIONS = 24, COPIES_MOVES = 4, COPIES_SIDE_PX = 25 };

typedef struct {
    int32_t move_of[COPIES_ACTIONS]; /* which of the four moves a name stands for */
    int32_t x, y, steps;
    rng_t rng;
    uint8_t obs[COPIES_SIDE_PX * COPIES_SIDE_PX];
} copies_world_t;

void copies_config(agent_config_t *config, int32_t num_decisions);
void copies_init(copies_world_t *world, uint64_t seed);
/* The same with rare useful actions: two names each lead right and down, ten each left and up, so
 * that random names rarely arrive. Here there is something to gain. */
void copies_init_rare(copies_world_t *world, uint64_t seed);
/* sigma (A, A): 1 where two names are one move. */
void copies_true_groups(const copies_world_t *world, float *sigma);
void copies_reset(copies_world_t *world);
/* True if the episode is over. */
bool copies_step(copies_world_t *world, int32_t action, agent_outcome_t *outcome);

typedef struct {
    double area;               /* under the learning curve: the mean of all evaluations */
    int32_t decisions_to_half; /* until the first that returned half the prize; a period more than
                                  all decisions if none did */
} copies_curve_t;

/* num_decisions of acting, one update each; on the way 20 evaluations, greedy, of 10 episodes. */
copies_curve_t copies_train(agent_t *agent, copies_world_t *world, int32_t num_decisions);

/* How well sigma (A, A) ranks true copies above others: the area under the ROC curve. */
double copies_auc(const copies_world_t *world, const float *sigma);

#endif
