/* agent.c - the public functions of agent.h, save and load excepted (agent_file.c). */
#include "agent.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "kinds.h"
#include "parts.h"

/* Process-wide, as OpenBLAS's own count is, which stays at 1: an update is shared out among the
 * agent's threads (thread_pool.h), and each calls OpenBLAS for its part. */
static atomic_int threads_wanted = 1;

/* Lays the agent out over arena (or only counts). False: the observation does not fit. */
static bool agent_take(agent_t *agent, arena_t *arena, const agent_config_t *config)
{
    return learner_take(&agent->learner, arena, config) &&
           policy_take(&agent->policy, arena, config, &agent->learner);
}

/* What agent_take() counts. */
static agent_status_t count_bytes(const agent_config_t *config, size_t *counted_bytes, char *why)
{
    const agent_status_t status = agent_config_check(config, why);
    if (status != AGENT_OK) return status;
    agent_t agent;
    arena_t counting = { 0 };
    const bool fits = agent_take(&agent, &counting, config);
    *counted_bytes = counting.used_bytes;
    return parts_check(config, fits, *counted_bytes, why);
}

size_t agent_arena_bytes(const agent_config_t *config)
{
    size_t bytes;
    if (count_bytes(config, &bytes, NULL) != AGENT_OK) return 0;
    return parts_block_bytes(sizeof(agent_t), bytes);
}

agent_status_t agent_create(agent_t **out, const agent_config_t *config, why_t why)
{
    *out = NULL;
    size_t bytes;
    const agent_status_t status = count_bytes(config, &bytes, why);
    if (status != AGENT_OK) return status;
    real_use_threads(1);
    arena_t arena;
    agent_t *agent = parts_block(sizeof *agent, bytes, &arena);
    if (!agent)
        return refuse_as(why, AGENT_NO_MEMORY, "no memory for an agent of %zu MB", bytes >> 20);
    /* Weights and moments are swept through in every update. */
    arena_prefer_large_pages(agent, parts_block_bytes(sizeof *agent, bytes));
    (void)agent_take(agent, &arena, config);
    *out = agent;
    return AGENT_OK;
}

void agent_destroy(agent_t *agent)
{
    if (!agent) return;
    learner_stop(&agent->learner);
    parts_free(agent);
}

const agent_config_t *agent_config(const agent_t *agent)
{
    return &agent->learner.config;
}

void agent_scale_learning_rate(agent_t *agent, double share)
{
    agent->learner.adam.learning_rate = (double)agent->learner.config.learning_rate * share;
}

policy_t *agent_policy(agent_t *agent)
{
    learner_read(&agent->learner, DEVICE_WEIGHTS);
    agent->policy.trained_decisions = agent->learner.num_decisions;
    agent->policy.trained_updates = agent->learner.num_updates;
    return &agent->policy;
}

float agent_epsilon(const agent_t *agent)
{
    const agent_config_t *config = &agent->learner.config;
    const double start = (double)config->epsilon_start, end = (double)config->epsilon_end;
    const double ramp = config->epsilon_ramp_decisions;
    const double done = ramp > 0 ? (double)agent->learner.num_decisions / ramp : 1;
    return (float)(start + (end - start) * (done < 1 ? done : 1));
}

int32_t agent_choose(agent_t *agent, int32_t stream, const uint8_t *obs)
{
    learner_read(&agent->learner, DEVICE_WEIGHTS);
    agent->policy.kinds = learner_kinds(&agent->learner);
    const int32_t action =
        policy_explore(&agent->policy, obs, agent_epsilon(agent), 0, &agent->runs[stream]);
    agent_open(agent, stream, obs, action);
    return action;
}

void agent_open(agent_t *agent, int32_t stream, const uint8_t *obs, int32_t action)
{
    agent_open_twin(agent, stream, obs, action);
    agent->learner.num_decisions++;
}

void agent_open_twin(agent_t *agent, int32_t stream, const uint8_t *obs, int32_t action)
{
    learner_t *learner = &agent->learner;
    assert(stream >= 0 && stream < learner->config.num_streams);
    assert(action >= 0 && action < learner->config.num_actions);
    replay_open(&learner->replay, stream, obs, action);
}

void agent_imitate(agent_t *agent, const agent_demonstrations_t *demonstrations)
{
    learner_t *l = &agent->learner;
    assert(demonstrations->stream >= 0 && demonstrations->stream < l->config.num_streams);
    assert(demonstrations->margin >= 0 && demonstrations->weight >= 0);
    learner_read(l, DEVICE_ALL);
    learner_set_device(l, (device_t){ &rainbow_on_processor, NULL });
    l->demonstrations = *demonstrations;
    l->demonstrations_at_update = l->num_updates;
    l->replay.kept_stream = demonstrations->stream;
}

bool agent_has_room(const agent_t *agent, int32_t stream)
{
    return replay_has_room(&agent->learner.replay, stream);
}

void agent_settle(agent_t *agent, int32_t stream, const agent_outcome_t *outcome,
                  const uint8_t *next_obs)
{
    assert(stream >= 0 && stream < agent->learner.config.num_streams);
    assert(outcome->duration_steps >= 1 && isfinite(outcome->reward));
    learner_t *learner = &agent->learner;
    replay_settle(&learner->replay, stream, outcome->reward, outcome->duration_steps,
                  outcome->terminal, outcome->truncated, next_obs);
    return_scale_add(&learner->return_scale, stream, outcome->reward, outcome->duration_steps);
    if (!outcome->terminal && !outcome->truncated) return;
    return_scale_end(&learner->return_scale, stream);
    agent->runs[stream] = (policy_run_t){ 0 };
}

void agent_drop(agent_t *agent, int32_t stream)
{
    assert(stream >= 0 && stream < agent->learner.config.num_streams);
    replay_drop(&agent->learner.replay, stream);
    return_scale_end(&agent->learner.return_scale, stream);
    agent->runs[stream] = (policy_run_t){ 0 };
}

void agent_discard(agent_t *agent, int32_t stream)
{
    assert(stream >= 0 && stream < agent->learner.config.num_streams);
    replay_discard(&agent->learner.replay, stream);
    return_scale_end(&agent->learner.return_scale, stream);
    agent->runs[stream] = (policy_run_t){ 0 };
}

bool agent_is_warm(const agent_t *agent)
{
    return agent->learner.replay.num_live >= agent->learner.config.replay_warmup_decisions;
}

agent_status_t agent_learn(agent_t *agent, int32_t max_updates, int32_t *done_updates, why_t why)
{
    return learner_learn(&agent->learner, max_updates, atomic_load(&threads_wanted), done_updates,
                         why);
}

void agent_write_weights(agent_t *agent, bool averaged, float *weights)
{
    learner_read(&agent->learner, DEVICE_WEIGHTS);
    learner_write_weights(&agent->learner, averaged, weights);
}

void agent_write_kinds(const agent_t *agent, float *cumulative)
{
    const learner_t *learner = &agent->learner;
    const double *kinds = learner_kinds(learner);
    const int32_t A = learner->config.num_actions;
    for (int32_t a = 0; a < A; a++)
        cumulative[a] = kinds ? (float)kinds[a] : (float)(a + 1) / (float)A;
}

double agent_num_kinds(const agent_t *agent)
{
    const learner_t *learner = &agent->learner;
    const int32_t A = learner->config.num_actions;
    return learner_has_penalty(&learner->config) ? kinds_count(A, learner->masp.rho) : A;
}

void agent_get_stats(const agent_t *agent, agent_stats_t *stats)
{
    const learner_t *learner = &agent->learner;
    *stats = (agent_stats_t){
        .decisions = learner->num_decisions,
        .updates = learner->num_updates,
        .replay_size_decisions = learner->replay.num_live,
        .loss_mean = (float)learner->loss_mean,
        .grad_norm = (float)learner->grad_norm,
        .q_chosen_mean = (float)learner->q_chosen_mean,
        .epsilon = agent_epsilon(agent),
        .penalty = (float)learner->penalty,
        .imitation = (float)learner->imitation,
        .demonstrations = replay_num_kept(&learner->replay),
        .meta_updates = learner->masp.num_steps,
        .return_scale = (float)return_scale_of(&learner->return_scale),
        .learning_rate = (float)learner->adam.learning_rate,
    };
}

void agent_get_similarity(const agent_t *agent, float *sigma)
{
    const int32_t A = agent->learner.config.num_actions;
    const real_t *from = agent->learner.masp.sigma;
    for (int32_t i = 0; i < A * A; i++) sigma[i] = from ? (float)from[i] : 0;
}

void agent_get_similarity_prior(const agent_t *agent, float *sigma)
{
    const int32_t A = agent->learner.config.num_actions;
    const double *s = agent->learner.masp.prior;
    for (int32_t i = 0; i < A; i++) {
        sigma[i * A + i] = 0;
        for (int32_t j = i + 1; j < A; j++)
            sigma[i * A + j] = sigma[j * A + i] = s ? (float)(1 / (1 + exp(-*s++))) : 0;
    }
}

agent_status_t agent_set_similarity(agent_t *agent, const float *sigma, why_t why)
{
    const int32_t A = agent->learner.config.num_actions;
    if (agent->learner.config.similarity_mode == AGENT_SIMILARITY_OFF)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "a similarity was given, but \"similarity_mode\" is off");
    for (int32_t i = 0; i < A * A; i++)
        if (i / A != i % A && !(sigma[i] >= 0 && sigma[i] <= 1))
            return refuse_as(why, AGENT_BAD_CONFIG,
                             "similarity of actions %d and %d must be 0 to 1, found %g", i / A,
                             i % A, (double)sigma[i]);
    if (A > 1) {
        masp_set_prior(&agent->learner.masp, sigma);
        learner_tell_similarity(&agent->learner);
    }
    return AGENT_OK;
}

void agent_set_blas_threads(int32_t num_threads)
{
    const int32_t most = THREAD_POOL_MAX;
    atomic_store(&threads_wanted, num_threads < 1 ? 1 : num_threads > most ? most : num_threads);
    real_use_threads(1);
}

int32_t agent_blas_threads(void)
{
    return atomic_load(&threads_wanted);
}

/* Passes of the online network over s and s', of the
 * target network over s', backward over s; for MASP a second backward pass and the tangent's. */
double agent_update_operations(const agent_t *agent)
{
    const agent_config_t *config = &agent->learner.config;
    double first;
    const double forward = net_operations(&agent->learner.net, &first);
    const double backward = 2 * forward - first;
    double row = (config->double_q ? 3 : 2) * forward + backward;
    if (config->similarity_mode == AGENT_SIMILARITY_META && config->num_actions > 1)
        row += 2 * backward / config->similarity_period_updates; /* the tangent's costs as much */
    return row * config->batch_size;
}
