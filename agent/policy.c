/* policy.c - see policy.h. */
#include "policy.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "kinds.h"
#include "parts.h"

bool policy_take(policy_t *policy, arena_t *arena, const agent_config_t *config,
                 const learner_t *of_learner)
{
    *policy = (policy_t){ .config = *config };
    policy->config.taught = false; /* it sees looks as a player makes them */
    config = &policy->config;
    rng_seed(&policy->explore_rng, config->seed, RNG_EXPLORE);
    rng_seed(&policy->greedy_rng, config->seed, RNG_GREEDY);
    net_t *net = &policy->net;
    if (!net_init(net, config)) return false;
    policy->atoms =
        (atoms_t){ config->num_atoms, (real_t)config->return_min, (real_t)config->return_max };
    if (of_learner) {
        policy->explore_weights = of_learner->online;
        policy->greedy_weights = of_learner->averaged ? of_learner->averaged : of_learner->online;
    } else {
        policy->own = arena_take(arena, net->num_weights, sizeof(real_t));
        policy->explore_weights = policy->greedy_weights = policy->own;
        if (agent_draws_by_kinds(config))
            policy->own_kinds = arena_take(arena, (size_t)config->num_actions, sizeof(double));
    }
    net_acts_take(net, arena, 1, &policy->acts);
    net_scratch_take(net, arena, 0, &policy->scratch);
    policy->noise = arena_take(arena, net->noise_count, sizeof(real_t));
    policy->probs = arena_take(arena, (size_t)net->head.out_size, sizeof(real_t));
    policy->q = arena_take(arena, (size_t)net->num_actions, sizeof(real_t));
    return true;
}

agent_status_t policy_create(policy_t **out, const agent_config_t *config, why_t why)
{
    *out = NULL;
    agent_status_t status = agent_config_check(config, why);
    if (status != AGENT_OK) return status;
    policy_t counted;
    arena_t arena = { 0 };
    const bool fits = policy_take(&counted, &arena, config, NULL);
    const size_t bytes = arena.used_bytes;
    status = parts_check(config, fits, bytes, why);
    if (status != AGENT_OK) return status;
    real_use_threads(1);
    policy_t *policy = parts_block(sizeof *policy, bytes, &arena);
    if (!policy)
        return refuse_as(why, AGENT_NO_MEMORY, "no memory for a policy of %zu MB", bytes >> 20);
    (void)policy_take(policy, &arena, config, NULL);
    *out = policy;
    return AGENT_OK;
}

static agent_status_t load_weights(policy_t **out, const checkpoint_t *checkpoint, bool is_alone,
                                   char *note, size_t note_bytes, char *why)
{
    agent_config_t config;
    uint64_t decisions, updates;
    agent_status_t status = checkpoint_read_config(checkpoint, &config, why);
    if (status == AGENT_OK)
        status = checkpoint_read_count(checkpoint, "counter.decisions", &decisions, why);
    if (status == AGENT_OK)
        status = checkpoint_read_count(checkpoint, "counter.updates", &updates, why);
    if (status == AGENT_OK) status = checkpoint_read_note(checkpoint, note, note_bytes, why);
    if (status != AGENT_OK) return status;
    why_t cause;
    policy_t *policy;
    status = policy_create(&policy, &config, cause);
    if (status != AGENT_OK) return checkpoint_refuse_config(checkpoint, status, cause, why);
    policy->trained_decisions = decisions;
    policy->trained_updates = updates;
    const char *set = checkpoint_played_set(&config);
    status = checkpoint_read_set(checkpoint, &policy->net, set, policy->own, why);
    if (status == AGENT_OK && is_alone)
        status = checkpoint_has_no_more(checkpoint, &policy->net, set, why);
    if (status == AGENT_OK)
        *out = policy;
    else
        policy_destroy(policy);
    return status;
}

static agent_status_t load(policy_t **out, const char *path, bool is_alone, char *note,
                           size_t note_bytes, char *why)
{
    *out = NULL;
    checkpoint_t checkpoint;
    agent_status_t status = checkpoint_open(&checkpoint, path, why);
    if (status == AGENT_OK)
        status = load_weights(out, &checkpoint, is_alone, note, note_bytes, why);
    checkpoint_close(&checkpoint);
    return status;
}

agent_status_t policy_load(policy_t **out, const char *path, char *note, size_t note_bytes,
                           why_t why)
{
    return load(out, path, false, note, note_bytes, why);
}

agent_status_t policy_load_alone(policy_t **out, const char *path, char *note, size_t note_bytes,
                                 why_t why)
{
    return load(out, path, true, note, note_bytes, why);
}

void policy_destroy(policy_t *policy)
{
    assert(!policy || policy->own);
    parts_free(policy);
}

const agent_config_t *policy_config(const policy_t *policy)
{
    return &policy->config;
}

void policy_set_trained(policy_t *policy, uint64_t decisions, uint64_t updates)
{
    policy->trained_decisions = decisions;
    policy->trained_updates = updates;
}

void policy_trained(const policy_t *policy, uint64_t *decisions, uint64_t *updates)
{
    if (decisions) *decisions = policy->trained_decisions;
    if (updates) *updates = policy->trained_updates;
}

size_t policy_num_weights(const policy_t *policy)
{
    return policy->net.num_weights;
}

void policy_take_weights(policy_t *policy, const float *weights)
{
    assert(policy->own);
    for (size_t i = 0; i < policy->net.num_weights; i++) policy->own[i] = (real_t)weights[i];
    policy->explore_weights = policy->greedy_weights = policy->own;
}

void policy_borrow_weights(policy_t *policy, const float *weights)
{
    assert(policy->own);
    if (sizeof(real_t) == sizeof(float))
        policy->explore_weights = policy->greedy_weights = (const void *)weights;
    else
        policy_take_weights(policy, weights);
}

void policy_own_weights(policy_t *policy)
{
    assert(policy->own);
    if (policy->explore_weights == policy->own) return;
    memcpy(policy->own, policy->explore_weights, policy->net.num_weights * sizeof *policy->own);
    policy->explore_weights = policy->greedy_weights = policy->own;
}

int32_t policy_num_kinds(const policy_t *policy)
{
    return policy->own_kinds ? policy->config.num_actions : 0;
}

void policy_take_kinds(policy_t *policy, const float *cumulative)
{
    const int32_t count = policy_num_kinds(policy);
    for (int32_t a = 0; a < count; a++) policy->own_kinds[a] = (double)cumulative[a];
    policy->kinds = policy->own_kinds;
}

/* The best action by the logits that the last pass left in policy->acts; fills policy->q. */
static int32_t best_action(policy_t *policy)
{
    const atoms_t *atoms = &policy->atoms;
    const int32_t A = policy->config.num_actions;
    const real_t *logits = policy->acts.logits;
    if (atoms->num_atoms > 1) atoms_softmax(atoms, A, logits, policy->probs);
    atoms_mean(atoms, A, atoms->num_atoms > 1 ? policy->probs : logits, policy->q);
    policy->has_values = true;
    return real_best(policy->q, A);
}

/* One row through the means of the network. */
static void forward_means(policy_t *policy, const real_t *weights, const uint8_t *obs)
{
    const net_view_t view = net_view(&policy->net, weights, NULL);
    net_forward(&policy->net, &view, &obs, 1, NULL, &policy->scratch, &policy->acts);
}

void policy_write_greedy_weights(const policy_t *policy, float *weights)
{
    for (size_t i = 0; i < policy->net.num_weights; i++)
        weights[i] = (float)policy->greedy_weights[i];
}

void policy_seed(policy_t *policy, uint64_t seed)
{
    rng_seed(&policy->explore_rng, seed, RNG_EXPLORE);
}

/* How often more a random action is taken: one less than n of P(n) ~ n^-exponent. */
static int32_t draw_repeats(rng_t *rng, double exponent)
{
    double total = 0;
    for (int32_t n = 1; n <= POLICY_MAX_REPEATS; n++) total += pow(n, -exponent);
    double left = rng_uniform(rng) * total;
    for (int32_t n = 1; n < POLICY_MAX_REPEATS; n++) {
        left -= pow(n, -exponent);
        if (left < 0) return n - 1;
    }
    return POLICY_MAX_REPEATS - 1;
}

static int32_t random_action(policy_t *policy, policy_run_t *run)
{
    const int32_t A = policy->config.num_actions;
    const int32_t action = policy->kinds
                               ? kinds_draw(A, policy->kinds, rng_uniform(&policy->explore_rng))
                               : (int32_t)rng_below(&policy->explore_rng, (uint32_t)A);
    if (run && policy->config.epsilon_repeat > 0)
        *run = (policy_run_t){ action, draw_repeats(&policy->explore_rng,
                                                    (double)policy->config.epsilon_repeat) };
    return action;
}

/* The best one, or one about as good: see policy_soft(). */
static int32_t soft_action(policy_t *policy, float temperature)
{
    const int32_t A = policy->config.num_actions, best = best_action(policy);
    if (!(temperature > 0)) return best;
    const double top = (double)policy->q[best], t = (double)temperature;
    double total = 0;
    for (int32_t a = 0; a < A; a++) total += exp(((double)policy->q[a] - top) / t);
    double left = rng_uniform(&policy->explore_rng) * total;
    for (int32_t a = 0; a < A; a++) {
        left -= exp(((double)policy->q[a] - top) / t);
        if (left < 0) return a;
    }
    return best; /* what rounding left over */
}

int32_t policy_explore(policy_t *policy, const uint8_t *obs, float epsilon, float temperature,
                       policy_run_t *run)
{
    const net_t *net = &policy->net;
    policy->has_values = false;
    if (run && run->left > 0) {
        run->left--;
        return run->action;
    }
    if (rng_uniform(&policy->explore_rng) < (double)epsilon) return random_action(policy, run);
    if (net->noisy) {
        net_draw_noise(net, &policy->explore_rng, policy->noise);
        net_forward_noisy_row(net, policy->explore_weights, policy->noise, obs, &policy->scratch,
                              &policy->acts);
    } else {
        forward_means(policy, policy->explore_weights, obs);
    }
    return soft_action(policy, temperature);
}

int32_t policy_greedy(policy_t *policy, const uint8_t *obs, float epsilon)
{
    policy->has_values = false;
    if (epsilon > 0 && rng_uniform(&policy->greedy_rng) < (double)epsilon)
        return (int32_t)rng_below(&policy->greedy_rng, (uint32_t)policy->config.num_actions);
    forward_means(policy, policy->greedy_weights, obs);
    return best_action(policy);
}

int32_t policy_soft(policy_t *policy, const uint8_t *obs, float temperature)
{
    forward_means(policy, policy->greedy_weights, obs);
    return soft_action(policy, temperature);
}

void policy_q_values(policy_t *policy, const uint8_t *obs, float *q)
{
    forward_means(policy, policy->greedy_weights, obs);
    (void)best_action(policy);
    for (int32_t a = 0; a < policy->config.num_actions; a++) q[a] = (float)policy->q[a];
}

bool policy_last_values(const policy_t *policy, float *q)
{
    for (int32_t a = 0; policy->has_values && a < policy->config.num_actions; a++)
        q[a] = (float)policy->q[a];
    return policy->has_values;
}
