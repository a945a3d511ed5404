/* agent.c - the public functions of agent.h, save and load excepted (checkpoint.c). */
#include "agent.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "parts.h"
#include "why.h"

/* A replay memory of more is a mistake in a config, or a hostile file. */
static const size_t MAX_ARENA_BYTES = (size_t)1 << 38;

/* Process-wide, as OpenBLAS's own count is, which stays at 1: an update is shared out among the
 * agent's threads (pool.h), and each calls OpenBLAS for its part. */
static atomic_int threads_wanted = 1;

enum { RNG_ACT = 1, RNG_LEARN, RNG_EVAL };

/* Lays the agent out over arena (or only counts). False: the observation does not fit. */
static bool agent_take(agent_t *agent, arena_t *arena, const agent_config_t *config)
{
    rng_seed(&agent->act_rng, config->seed, RNG_ACT);
    rng_seed(&agent->learn_rng, config->seed, RNG_LEARN);
    rng_seed(&agent->eval_rng, config->seed, RNG_EVAL);
    agent->config = *config;
    if (!rainbow_take(&agent->rainbow, arena, config, &agent->learn_rng)) return false;
    const net_t *net = &agent->rainbow.net;
    net_acts_take(net, arena, 1, &agent->acts);
    agent->noise = arena_take(arena, net->noise_count, sizeof(real_t));
    agent->probs = arena_take(arena, (size_t)net->head.out_size, sizeof(real_t));
    agent->q = arena_take(arena, (size_t)net->num_actions, sizeof(real_t));
    const replay_config_t replay = {
        .obs_bytes = (size_t)config->obs_stack * (size_t)config->obs_height_px *
                     (size_t)config->obs_width_px,
        .num_streams = config->num_streams,
        .capacity = config->replay_capacity_decisions,
        .n_step = config->n_step_decisions,
        .discount_per_step = (double)config->discount_per_step,
        .prioritized = config->prioritized,
        .priority_exponent = (double)config->priority_exponent,
    };
    /* Last, so that the pages of the weights lie together. */
    replay_take(&agent->replay, arena, &replay);
    return true;
}

/* 0 and a sentence if the config is not valid. */
static size_t block_bytes(const agent_config_t *config, char *why)
{
    if (agent_config_check(config, why) != AGENT_OK) return 0;
    agent_t agent = { 0 };
    arena_t counting = { 0 };
    if (!agent_take(&agent, &counting, config)) {
        refuse(why,
               "\"obs_height_px\" and \"obs_width_px\" are too small for the network's kernels, "
               "found %d x %d",
               config->obs_height_px, config->obs_width_px);
        return 0;
    }
    const size_t bytes = sizeof agent + ARENA_ALIGNMENT_BYTES + counting.used_bytes;
    if (bytes > MAX_ARENA_BYTES) {
        refuse(why, "\"replay_capacity_decisions\" is too large: %d observations take %zu GB",
               config->replay_capacity_decisions, bytes >> 30);
        return 0;
    }
    return bytes;
}

size_t agent_arena_bytes(const agent_config_t *config)
{
    return block_bytes(config, NULL);
}

/* Weights and moments are swept through in every update: with large pages that takes fewer
 * look-ups of addresses. A wish only; nothing changes where it is not granted. */
static void prefer_large_pages(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t)block + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)block + bytes) / page * page;
    if (end > first) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
    (void)block;
    (void)bytes;
#endif
}

agent_status_t agent_create(agent_t **out, const agent_config_t *config, why_t why)
{
    *out = NULL;
    const size_t bytes = block_bytes(config, why);
    if (bytes == 0) return AGENT_BAD_CONFIG;
    openblas_set_num_threads(1);
    agent_t *agent = calloc(1, bytes);
    if (!agent)
        return refuse_as(why, AGENT_NO_MEMORY, "no memory for an agent of %zu MB", bytes >> 20);
    prefer_large_pages(agent, bytes);
    const uintptr_t mask = ARENA_ALIGNMENT_BYTES - 1;
    arena_t arena = { .base = (uint8_t *)(((uintptr_t)(agent + 1) + mask) & ~mask) };
    (void)agent_take(agent, &arena, config);
    *out = agent;
    return AGENT_OK;
}

void agent_destroy(agent_t *agent)
{
    if (!agent) return;
    rainbow_set_threads(&agent->rainbow, 1);
    free(agent);
}

const agent_config_t *agent_config(const agent_t *agent)
{
    return &agent->config;
}

static double epsilon_now(const agent_t *agent)
{
    const agent_config_t *config = &agent->config;
    const double start = (double)config->epsilon_start, end = (double)config->epsilon_end;
    const double ramp = config->epsilon_ramp_decisions;
    const double done = ramp > 0 ? (double)agent->num_decisions / ramp : 1;
    return start + (end - start) * (done < 1 ? done : 1);
}

/* The best action by the logits that the last pass left in agent->acts; fills agent->q. */
static int32_t best_action(agent_t *agent)
{
    const atoms_t *atoms = &agent->rainbow.atoms;
    const int32_t A = agent->config.num_actions;
    const real_t *logits = agent->acts.logits;
    if (atoms->num_atoms > 1) atoms_softmax(atoms, A, logits, agent->probs);
    atoms_mean(atoms, A, atoms->num_atoms > 1 ? agent->probs : logits, agent->q);
    int32_t best = 0;
    for (int32_t a = 1; a < A; a++)
        if (agent->q[a] > agent->q[best]) best = a;
    return best;
}

/* One row through the means of a network with these weights. */
static void look(agent_t *agent, const real_t *weights, const uint8_t *obs)
{
    const net_t *net = &agent->rainbow.net;
    const net_view_t view = net_view(net, weights, NULL);
    net_forward(net, &view, &obs, 1, NULL, &agent->rainbow.scratch, &agent->acts);
}

int32_t agent_choose(agent_t *agent, int32_t stream, const uint8_t *obs)
{
    assert(stream >= 0 && stream < agent->config.num_streams);
    const net_t *net = &agent->rainbow.net;
    const double epsilon = epsilon_now(agent);
    int32_t action;
    if (rng_uniform(&agent->act_rng) < epsilon) {
        action = (int32_t)rng_below(&agent->act_rng, (uint32_t)agent->config.num_actions);
    } else {
        if (net->noisy) {
            net_draw_noise(net, &agent->act_rng, agent->noise);
            net_forward_noisy_row(net, agent->rainbow.weights, agent->noise, obs,
                                  &agent->rainbow.scratch, &agent->acts);
        } else {
            look(agent, agent->rainbow.weights, obs);
        }
        action = best_action(agent);
    }
    replay_open(&agent->replay, stream, obs, action);
    agent->num_decisions++;
    return action;
}

void agent_settle(agent_t *agent, int32_t stream, const agent_outcome_t *outcome,
                  const uint8_t *next_obs)
{
    assert(stream >= 0 && stream < agent->config.num_streams);
    assert(outcome->duration_steps >= 1 && isfinite(outcome->reward));
    replay_settle(&agent->replay, stream, outcome->reward, outcome->duration_steps,
                  outcome->terminal, outcome->truncated, next_obs);
}

void agent_drop(agent_t *agent, int32_t stream)
{
    assert(stream >= 0 && stream < agent->config.num_streams);
    replay_drop(&agent->replay, stream);
}

int32_t agent_greedy(agent_t *agent, const uint8_t *obs, float epsilon)
{
    if (epsilon > 0 && rng_uniform(&agent->eval_rng) < (double)epsilon)
        return (int32_t)rng_below(&agent->eval_rng, (uint32_t)agent->config.num_actions);
    look(agent, rainbow_greedy_weights(&agent->rainbow), obs);
    return best_action(agent);
}

void agent_q_values(agent_t *agent, const uint8_t *obs, float *q)
{
    look(agent, rainbow_greedy_weights(&agent->rainbow), obs);
    (void)best_action(agent);
    for (int32_t a = 0; a < agent->config.num_actions; a++) q[a] = (float)agent->q[a];
}

/* A running mean over about the last hundred values; plain at first. */
static void follow(double *mean, double value, uint64_t count)
{
    *mean += (value - *mean) / (count < 100 ? (double)count : 100);
}

agent_status_t agent_learn(agent_t *agent, int32_t max_updates, int32_t *done_updates, why_t why)
{
    if (done_updates) *done_updates = 0;
    if (agent->replay.num_live < agent->config.replay_warmup_decisions) return AGENT_OK;
    rainbow_t *rainbow = &agent->rainbow;
    rainbow_set_threads(rainbow, atomic_load(&threads_wanted));
    for (int32_t i = 0; i < max_updates; i++) {
        if (!rainbow_update(rainbow, &agent->replay, &agent->learn_rng))
            return refuse_as(why, AGENT_DIVERGED,
                             "update %llu: the loss (%g) or its gradient (norm %g) is not finite; "
                             "the weights are as they were",
                             (unsigned long long)rainbow->num_updates, rainbow->loss,
                             rainbow->grad_norm);
        follow(&agent->loss_mean, rainbow->loss, rainbow->num_updates);
        follow(&agent->q_chosen_mean, rainbow->q_chosen, rainbow->num_updates);
        if (done_updates) ++*done_updates;
    }
    return AGENT_OK;
}

void agent_get_stats(const agent_t *agent, agent_stats_t *stats)
{
    *stats = (agent_stats_t){
        .decisions = agent->num_decisions,
        .updates = agent->rainbow.num_updates,
        .replay_size_decisions = agent->replay.num_live,
        .loss_mean = (float)agent->loss_mean,
        .grad_norm = (float)agent->rainbow.grad_norm,
        .q_chosen_mean = (float)agent->q_chosen_mean,
        .epsilon = (float)epsilon_now(agent),
        .penalty = (float)agent->rainbow.penalty,
        .meta_updates = agent->rainbow.masp.num_steps,
    };
}

void agent_get_similarity(const agent_t *agent, float *sigma)
{
    const int32_t A = agent->config.num_actions;
    const real_t *from = agent->rainbow.masp.sigma;
    for (int32_t i = 0; i < A * A; i++) sigma[i] = from ? (float)from[i] : 0;
}

void agent_get_similarity_prior(const agent_t *agent, float *sigma)
{
    const int32_t A = agent->config.num_actions;
    const double *s = agent->rainbow.masp.prior;
    for (int32_t i = 0; i < A; i++) {
        sigma[i * A + i] = 0;
        for (int32_t j = i + 1; j < A; j++)
            sigma[i * A + j] = sigma[j * A + i] = s ? (float)(1 / (1 + exp(-*s++))) : 0;
    }
}

agent_status_t agent_set_similarity(agent_t *agent, const float *sigma, why_t why)
{
    const int32_t A = agent->config.num_actions;
    if (agent->config.similarity_mode == AGENT_SIMILARITY_OFF)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "a similarity was given, but \"similarity_mode\" is off");
    for (int32_t i = 0; i < A * A; i++)
        if (i / A != i % A && !(sigma[i] >= 0 && sigma[i] <= 1))
            return refuse_as(why, AGENT_BAD_CONFIG,
                             "similarity of actions %d and %d must be 0 to 1, found %g", i / A,
                             i % A, (double)sigma[i]);
    if (A > 1) masp_set_prior(&agent->rainbow.masp, sigma);
    return AGENT_OK;
}

void agent_set_blas_threads(int32_t num_threads)
{
    const int32_t most = POOL_MAX_THREADS;
    atomic_store(&threads_wanted, num_threads < 1 ? 1 : num_threads > most ? most : num_threads);
    openblas_set_num_threads(1);
}

int32_t agent_blas_threads(void)
{
    return atomic_load(&threads_wanted);
}
