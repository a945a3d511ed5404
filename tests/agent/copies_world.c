/* copies_world.c - see copies_world.h. */
#include "copies_world.h"

#include <stdlib.h>
#include <string.h>

enum {
    CELLS = 5,
    CELL_PX = COPIES_SIDE_PX / CELLS,
    MAX_STEPS = 90,
    EVALUATIONS = 20,
    EPISODES = 10
};

static const struct {
    int32_t dx, dy, duration_steps;
} moves[COPIES_MOVES] = { { -1, 0, 1 }, { 1, 0, 1 }, { 0, -1, 2 }, { 0, 1, 2 } };

static const float DISCOUNT = 0.97f;

void copies_config(agent_config_t *config, int32_t num_decisions)
{
    agent_config_defaults(config, COPIES_ACTIONS);
    config->obs_stack = 1;
    config->obs_height_px = config->obs_width_px = COPIES_SIDE_PX;
    config->discount_per_step = DISCOUNT;
    config->n_step_decisions = 1;
    config->n_step_end_decisions = 0;
    config->num_atoms = 1;
    config->average_updates = 0;
    config->replay_capacity_decisions = num_decisions + 100;
    config->replay_warmup_decisions = 200;
    config->learning_rate = 3e-4f;
    config->adam_epsilon = 1e-8f;
    config->target_sync_period_updates = 200;
    config->epsilon_end = 0.05f;
    config->epsilon_ramp_decisions = num_decisions * 3 / 10;
}

static void draw(copies_world_t *world)
{
    memset(world->obs, 0, sizeof world->obs);
    for (int32_t row = 0; row < CELL_PX; row++)
        memset(world->obs + (world->y * CELL_PX + row) * COPIES_SIDE_PX + world->x * CELL_PX, 255,
               CELL_PX);
}

static void shuffle(copies_world_t *world, uint64_t seed)
{
    rng_seed(&world->rng, seed, 100);
    for (int32_t a = COPIES_ACTIONS - 1; a > 0; a--) {
        const int32_t other = (int32_t)rng_below(&world->rng, (uint32_t)a + 1);
        const int32_t held = world->move_of[a];
        world->move_of[a] = world->move_of[other];
        world->move_of[other] = held;
    }
    copies_reset(world);
}

void copies_init(copies_world_t *world, uint64_t seed)
{
    for (int32_t a = 0; a < COPIES_ACTIONS; a++) world->move_of[a] = a % COPIES_MOVES;
    shuffle(world, seed);
}

void copies_init_rare(copies_world_t *world, uint64_t seed)
{
    for (int32_t a = 0; a < COPIES_ACTIONS; a++)
        world->move_of[a] = a < 2 ? 1 : a < 4 ? 3 : a % 2 ? 0 : 2; /* moves: left right up down */
    shuffle(world, seed);
}

void copies_true_groups(const copies_world_t *world, float *sigma)
{
    for (int32_t i = 0; i < COPIES_ACTIONS; i++)
        for (int32_t j = 0; j < COPIES_ACTIONS; j++)
            sigma[i * COPIES_ACTIONS + j] = i != j && world->move_of[i] == world->move_of[j];
}

void copies_reset(copies_world_t *world)
{
    world->x = world->y = world->steps = 0;
    draw(world);
}

static int32_t clamped(int32_t x)
{
    return x < 0 ? 0 : x >= CELLS ? CELLS - 1 : x;
}

bool copies_step(copies_world_t *world, int32_t action, agent_outcome_t *outcome)
{
    int32_t move = world->move_of[action];
    if (rng_below(&world->rng, 20) == 0) move = (int32_t)rng_below(&world->rng, COPIES_MOVES);
    world->x = clamped(world->x + moves[move].dx);
    world->y = clamped(world->y + moves[move].dy);
    *outcome = (agent_outcome_t){ .duration_steps = moves[move].duration_steps };
    float discount = 1;
    for (int32_t t = 0; t < moves[move].duration_steps; t++, discount *= DISCOUNT)
        outcome->reward -= 0.01f * discount;
    world->steps += moves[move].duration_steps;
    outcome->terminal = world->x == CELLS - 1 && world->y == CELLS - 1;
    if (outcome->terminal) outcome->reward += 1;
    outcome->truncated = !outcome->terminal && world->steps >= MAX_STEPS;
    draw(world);
    return outcome->terminal || outcome->truncated;
}

static double evaluate(agent_t *agent, const copies_world_t *like)
{
    copies_world_t world = *like;
    rng_seed(&world.rng, 7, 101);
    double sum = 0;
    for (int32_t i = 0; i < EPISODES; i++) {
        agent_outcome_t outcome = { 0 };
        copies_reset(&world);
        while (!outcome.terminal && !outcome.truncated) {
            (void)copies_step(&world, policy_greedy(agent_policy(agent), world.obs, 0), &outcome);
            sum += (double)outcome.reward;
        }
    }
    return sum / EPISODES;
}

copies_curve_t copies_train(agent_t *agent, copies_world_t *world, int32_t num_decisions)
{
    const int32_t period = num_decisions / EVALUATIONS;
    copies_curve_t curve = { .decisions_to_half = num_decisions + period };
    for (int32_t i = 1; i <= num_decisions; i++) {
        agent_outcome_t outcome;
        const bool over = copies_step(world, agent_choose(agent, 0, world->obs), &outcome);
        agent_settle(agent, 0, &outcome, world->obs);
        if (over) copies_reset(world);
        if (agent_learn(agent, 1, NULL, NULL) != AGENT_OK) abort();
        if (i % period != 0) continue;
        const double now = evaluate(agent, world);
        curve.area += now / EVALUATIONS;
        if (now >= 0.5 && i < curve.decisions_to_half) curve.decisions_to_half = i;
    }
    return curve;
}

double copies_auc(const copies_world_t *world, const float *sigma)
{
    double wins = 0, contests = 0;
    const int32_t pairs = COPIES_ACTIONS * COPIES_ACTIONS;
    for (int32_t p = 0; p < pairs; p++) {
        const int32_t i = p / COPIES_ACTIONS, j = p % COPIES_ACTIONS;
        if (i >= j || world->move_of[i] != world->move_of[j]) continue;
        for (int32_t q = 0; q < pairs; q++) {
            const int32_t k = q / COPIES_ACTIONS, l = q % COPIES_ACTIONS;
            if (k >= l || world->move_of[k] == world->move_of[l]) continue;
            wins += sigma[p] > sigma[q] ? 1 : sigma[p] < sigma[q] ? 0 : 0.5;
            contests++;
        }
    }
    return wins / contests;
}
