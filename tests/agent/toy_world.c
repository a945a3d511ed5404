/* toy_world.c - see toy_world.h. */
#include "toy_world.h"

#include <stdlib.h>
#include <string.h>

static void draw_block(uint8_t *obs, int32_t row, int32_t column)
{
    for (int32_t y = 0; y < 5; y++) memset(obs + (row * 5 + y) * TOY_SIDE_PX + column * 5, 255, 5);
}

static void draw(toy_world_t *world)
{
    memset(world->obs, 0, sizeof world->obs);
    draw_block(world->obs, 1, world->cell);
    draw_block(world->obs, 3, world->mark);
}

void toy_config(agent_config_t *config)
{
    agent_config_defaults(config, TOY_ACTIONS);
    config->n_step_decisions = 3;
    config->n_step_end_decisions = 0;
    config->num_atoms = 1;
    config->average_updates = 0;
    config->obs_stack = 1;
    config->obs_height_px = config->obs_width_px = TOY_SIDE_PX;
    config->replay_capacity_decisions = 2000;
    config->replay_warmup_decisions = 100;
    config->learning_rate = 1e-3f;
    config->target_sync_period_updates = 50;
    config->epsilon_ramp_decisions = 500;
    config->epsilon_end = 0.05f;
    config->return_min = -2;
    config->return_max = 2;
    config->importance_ramp_updates = 1000;
}

void toy_reset(toy_world_t *world)
{
    uint64_t x = world->random; /* xorshift64 */
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    world->random = x;
    world->cell = 2;
    world->mark = (x >> 32) % 2 ? 4 : 0;
    world->steps = 0;
    draw(world);
}

bool toy_step(toy_world_t *world, int32_t action, agent_outcome_t *outcome)
{
    static const int32_t moves[TOY_ACTIONS] = { -1, 1, -2, 2 };
    *outcome = (agent_outcome_t){ .duration_steps = 0 };
    for (int32_t left = abs(moves[action]); left > 0 && !outcome->terminal; left--) {
        world->cell += moves[action] > 0 ? 1 : -1;
        world->steps++;
        outcome->terminal = world->cell == 0 || world->cell == 4;
        if (outcome->terminal) {
            const float size = world->times > 0 ? world->times : 1;
            const float other = world->both_pay ? 0.5f : -1;
            const float pays = size * (world->cell == world->mark ? 1 : other);
            outcome->reward = outcome->duration_steps == 0 ? pays : 0.99f * pays;
        }
        outcome->duration_steps++;
    }
    outcome->truncated = !outcome->terminal && world->steps >= 8;
    draw(world);
    return outcome->terminal || outcome->truncated;
}

void toy_train(agent_t *agent, toy_world_t *world, int32_t num_decisions,
               int32_t decisions_per_update)
{
    for (int32_t i = 0; i < num_decisions; i++) {
        agent_outcome_t outcome;
        const bool over = toy_step(world, agent_choose(agent, 0, world->obs), &outcome);
        agent_settle(agent, 0, &outcome, world->obs);
        if (over) toy_reset(world);
        if (i % decisions_per_update == 0 && agent_learn(agent, 1, NULL, NULL) != AGENT_OK) abort();
    }
}

double toy_evaluate(agent_t *agent, int32_t num_episodes)
{
    toy_world_t world = { .random = 77 };
    double sum = 0;
    for (int32_t i = 0; i < num_episodes; i++) {
        agent_outcome_t outcome;
        toy_reset(&world);
        while (!toy_step(&world, policy_greedy(agent_policy(agent), world.obs, 0), &outcome)) {
        }
        sum += (double)outcome.reward;
    }
    return sum / num_episodes;
}
