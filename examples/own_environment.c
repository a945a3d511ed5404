/* own_environment.c - an agent learns a world of its own in seconds: agent.h alone.
 * Five cells in a row, a walker in the middle, a mark at one end; a picture of 25 x 25 bytes shows
 * both. Actions walk one or two cells, in as many steps; the marked end pays +1, the other -1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "agent.h"
enum { SIDE = 25, BLOCK = 5, ACTIONS = 4, DECISIONS = 1500, EPISODES = 200 };
static int cell = 2, mark = 4;
static uint8_t obs[SIDE * SIDE];

static void draw(void)
{
    memset(obs, 0, sizeof obs);
    for (int y = 0; y < BLOCK; y++) {
        memset(obs + (BLOCK + y) * SIDE + cell * BLOCK, 255, BLOCK);
        memset(obs + (3 * BLOCK + y) * SIDE + mark * BLOCK, 255, BLOCK);
    }
}

static agent_outcome_t play(int32_t action)
{
    static const int moves[ACTIONS] = { -1, 1, -2, 2 };
    agent_outcome_t out = { .duration_steps = abs(moves[action]) };
    cell += moves[action];
    out.terminal = cell <= 0 || cell >= 4;
    if (out.terminal) { /* the next episode begins */
        out.reward = (cell <= 0) == (mark == 0) ? 1 : -1;
        cell = 2, mark = rand() % 2 ? 4 : 0;
    }
    draw();
    return out;
}

int main(void)
{
    why_t why;
    agent_t *agent;
    agent_config_t config;
    agent_config_defaults(&config, ACTIONS);
    config.obs_stack = 1, config.obs_height_px = config.obs_width_px = SIDE;
    config.replay_capacity_decisions = DECISIONS, config.replay_warmup_decisions = 100;
    config.learning_rate = 1e-3f, config.target_sync_period_updates = 50;
    config.epsilon_ramp_decisions = 500, config.average_updates = 50;
    if (agent_create(&agent, &config, why) != AGENT_OK) return fprintf(stderr, "%s\n", why), 1;
    draw();
    for (int i = 0; i < DECISIONS; i++) {
        const agent_outcome_t out = play(agent_choose(agent, 0, obs));
        agent_settle(agent, 0, &out, obs);
        if (agent_learn(agent, 1, NULL, why) != AGENT_OK) return fprintf(stderr, "%s\n", why), 1;
    }
    int won = 0;
    for (int i = 0, ended = 0; i < 8 * EPISODES && ended < EPISODES; i++) {
        const agent_outcome_t out = play(policy_greedy(agent_policy(agent), obs, 0));
        ended += out.terminal, won += out.reward > 0;
    }
    printf("found the mark in %d of %d episodes\n", won, EPISODES);
    agent_destroy(agent);
}
