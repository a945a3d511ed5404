/* learner.c - a learner's memory, and the loop around its updates. The update is in update.c. */
#include "learner.h"

#include <math.h>
#include <string.h>

#include "why.h"

bool learner_has_meta(const agent_config_t *config)
{
    return config->similarity_mode == AGENT_SIMILARITY_META && config->num_actions > 1;
}

bool learner_has_penalty(const agent_config_t *config)
{
    return config->similarity_mode != AGENT_SIMILARITY_OFF && config->num_actions > 1;
}

double learner_penalty_weight(const learner_t *l)
{
    if (!learner_has_penalty(&l->config)) return 0;
    const double weight = (double)l->config.similarity_weight;
    const double fade = l->config.similarity_fade_updates, done = (double)l->num_updates;
    if (fade > 0) return done < fade ? weight * (1 - done / fade) : 0;
    return weight;
}

double learner_margin_weight(const learner_t *l)
{
    const double weight = (double)l->demonstrations.weight, fade = l->demonstrations.fade_updates;
    const double done = (double)(l->num_updates - l->demonstrations_at_update);
    if (fade > 0) return done < fade ? weight * (1 - done / fade) : 0;
    return weight;
}

const double *learner_kinds(const learner_t *l)
{
    const int64_t fade = l->config.similarity_fade_updates;
    const bool has_faded = fade > 0 && l->num_updates >= (uint64_t)fade;
    return agent_draws_by_kinds(&l->config) && !has_faded ? l->masp.cumulative : NULL;
}

double learner_importance_exponent(const learner_t *l)
{
    const double start = (double)l->config.importance_exponent_start;
    const double ramp = l->config.importance_ramp_updates;
    const double done = ramp > 0 ? (double)l->num_updates / ramp : 1;
    return start + (1 - start) * (done < 1 ? done : 1);
}

/* Exponential, over average_updates; the plain mean of all updates while there are fewer. */
double learner_average_rate(const learner_t *l)
{
    /* It follows every so many updates: one pass over the weights less in nearly all. */
    enum { PERIOD_UPDATES = 8 };
    if (!l->averaged || l->num_updates % PERIOD_UPDATES != 0) return 0;
    const double seen = (double)l->num_updates, most = l->config.average_updates;
    const double rate = PERIOD_UPDATES / (seen < most ? seen : most);
    return rate < 1 ? rate : 1;
}

int32_t learner_n_step(const learner_t *l)
{
    const double first = l->config.n_step_decisions, last = l->config.n_step_end_decisions;
    if (last == 0 || l->config.return_steps > 0) return l->config.n_step_decisions;
    const double done = (double)l->num_updates / l->config.n_step_ramp_updates;
    return (int32_t)lround(first * pow(last / first, done < 1 ? done : 1));
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void take_batch(const learner_t *l, arena_t *arena, learner_batch_t *batch)
{
    const agent_config_t *config = &l->config;
    const net_t *net = &l->net;
    const size_t real = sizeof(real_t), B = (size_t)config->batch_size;
    const bool meta = learner_has_meta(config), penalty = learner_has_penalty(config);
    batch->samples = arena_take(arena, B, sizeof *batch->samples);
    batch->shifts = arena_take(arena, 2 * B, sizeof *batch->shifts);
    batch->obs = arena_take(arena, 2 * B, sizeof *batch->obs);
    batch->pixels = arena_take(arena, 2 * B, net->obs_bytes);
    batch->importance = arena_take(arena, B, real);
    batch->noise = arena_take(arena, net->noise_count, real);
    if (net->noisy || meta) batch->effective = arena_take(arena, net->mean_count, real);
    net_acts_take(net, arena, 2 * config->batch_size, &batch->acts);
    if (penalty && config->num_atoms > 1)
        batch->probs = arena_take(arena, B * (size_t)net->head.out_size, real);
    if (penalty) batch->q = arena_take(arena, B * (size_t)net->num_actions, real);
    if (!meta) return;
    batch->held_convs = arena_take(arena, net->mean_offset, real);
}

static void take_update(learner_t *l, arena_t *arena)
{
    const net_t *net = &l->net;
    const size_t real = sizeof(real_t), B = (size_t)l->config.batch_size;
    const size_t A = (size_t)net->num_actions, Z = (size_t)net->num_atoms;
    const size_t effective = net->mean_offset + net->mean_count;
    const bool spread = Z > 1, meta = learner_has_meta(&l->config);
    l->grad = arena_take(arena, effective, real);
    if (net->noisy) {
        l->target_noise = arena_take(arena, net->noise_count, real);
        l->target_effective = arena_take(arena, net->mean_count, real);
    }
    for (int i = 0; i < (meta ? 2 : 1); i++) take_batch(l, arena, &l->batches[i]);
    l->batch = &l->batches[0];
    l->waiting.rows = arena_take(arena, B, sizeof *l->waiting.rows);
    net_acts_take(net, arena, l->config.batch_size, &l->target_acts);
    if (l->config.munchausen > 0)
        net_acts_take(net, arena, l->config.batch_size, &l->target_acts_now);
    if (spread) l->next_probs = arena_take(arena, B * A * Z, real);
    l->next_q = arena_take(arena, B * A, real);
    if (spread) l->target_probs = arena_take(arena, B * Z, real);
    l->targets = arena_take(arena, B * Z, real);
    l->actions = arena_take(arena, B, sizeof *l->actions);
    l->losses = arena_take(arena, B, real);
    l->td_errors = arena_take(arena, B, real);
    if (spread) l->chosen_probs = arena_take(arena, B * Z, real);
    l->chosen_q = arena_take(arena, B, real);
    l->d_logits = arena_take(arena, B * A * Z, real);
    if (learner_has_penalty(&l->config)) l->d_q = arena_take(arena, B * A, real);
    if (meta) {
        l->meta_d_logits = arena_take(arena, B * A * Z, real);
        l->meta_grad = arena_take(arena, effective, real);
        l->tangent = arena_take(arena, effective, real);
        l->t_logits = arena_take(arena, B * A * Z, real);
        l->t_q = arena_take(arena, B * A, real);
    }
    net_scratch_take(net, arena, l->config.batch_size, &l->scratch);
}

static void take_replay(learner_t *l, arena_t *arena)
{
    const agent_config_t *config = &l->config;
    const replay_config_t replay = {
        .obs_bytes = l->net.obs_bytes,
        .stack = config->obs_stack,
        .memory_bytes = (size_t)config->replay_memory_mib << 20,
        .num_streams = config->num_streams,
        .capacity = config->replay_capacity_decisions,
        .n_step = config->n_step_decisions,
        .return_steps = config->return_steps,
        .discount_per_step = (double)config->discount_per_step,
        .prioritized = config->prioritized,
        .priority_exponent = (double)config->priority_exponent,
    };
    replay_take(&l->replay, arena, &replay);
}

bool learner_take(learner_t *l, arena_t *arena, const agent_config_t *config)
{
    *l = (learner_t){ .config = *config };
    l->device.calls = &rainbow_on_processor;
    rng_seed(&l->rng, config->seed, RNG_LEARN);
    net_t *net = &l->net;
    if (!net_init(net, config)) return false;
    l->atoms =
        (atoms_t){ config->num_atoms, (real_t)config->return_min, (real_t)config->return_max };
    const size_t real = sizeof(real_t), bytes = net->num_weights * real;
    l->online = arena_take(arena, net->num_weights, real);
    l->target = arena_take(arena, net->num_weights, real);
    if (config->average_updates > 0) l->averaged = arena_take(arena, net->num_weights, real);
    l->adam = (adam_t){
        .m = arena_take(arena, net->num_weights, real),
        .v = arena_take(arena, net->num_weights, real),
        .learning_rate = (double)config->learning_rate,
        .epsilon = (double)config->adam_epsilon,
    };
    take_update(l, arena);
    if (learner_has_penalty(config)) masp_take(&l->masp, arena, config);
    if (arena->base) {
        net_first_weights(net, (double)config->noisy_sigma_init, &l->rng, l->online);
        memcpy(l->target, l->online, bytes);
        if (l->averaged) memcpy(l->averaged, l->online, bytes);
    }
    return_scale_take(&l->return_scale, arena, config);
    take_replay(l, arena); /* last, so that the pages of the weights lie together */
    return true;
}

/* ---- updates ----------------------------------------------------------------------------------
 */

static void set_threads(learner_t *l, int32_t num_threads)
{
    if (num_threads == thread_pool_size(&l->pool)) return;
    thread_pool_stop(&l->pool);
    if (num_threads > 1) thread_pool_start(&l->pool, num_threads);
}

void learner_stop(learner_t *l)
{
    set_threads(l, 1);
    learner_set_device(l, (device_t){ &rainbow_on_processor, NULL });
}

/* A running mean over about the last hundred values; plain at first. */
static void follow(double *mean, double value, uint64_t count)
{
    *mean += (value - *mean) / (count < 100 ? (double)count : 100);
}

agent_status_t learner_refuse_update(const learner_t *l, char *why)
{
    const unsigned long long update = l->diverged_update;
    if (l->common_status == COMMON_GRADIENT_LOST)
        return refuse_as(why, AGENT_LOST,
                         "update %llu: the gradients of all learners have not come together; the "
                         "weights are as they were",
                         update);
    if (l->is_unsound_elsewhere)
        return refuse_as(why, AGENT_DIVERGED,
                         "update %llu: the loss of another learner is not finite; the weights are "
                         "as they were",
                         update);
    if (isfinite(l->loss) && isfinite(l->grad_norm))
        return refuse_as(why, AGENT_DIVERGED,
                         "update %llu: the gradient of the similarity is not finite; the weights "
                         "are as they were",
                         update);
    return refuse_as(why, AGENT_DIVERGED,
                     "update %llu: the loss (%g) or its gradient (norm %g) is not finite; %s",
                     update, l->loss, l->grad_norm,
                     l->lags ? "the card made no step along it" : "the weights are as they were");
}

agent_status_t learner_learn(learner_t *l, int32_t max_updates, int32_t num_threads,
                             int32_t *done_updates, char *why)
{
    if (done_updates) *done_updates = 0;
    if (l->replay.num_live < l->config.replay_warmup_decisions) return AGENT_OK;
    set_threads(l, num_threads);
    for (int32_t i = 0; i < max_updates; i++) {
        if (!rainbow_update(l)) {
            if (l->common_status == COMMON_GRADIENT_ENDED) return AGENT_OK;
            return learner_refuse_update(l, why);
        }
        if (done_updates) ++*done_updates;
        if (!l->has_results) continue;
        l->has_results = false;
        const uint64_t count = l->num_updates - (l->waiting.is_there ? 1 : 0); /* of results */
        follow(&l->loss_mean, l->loss, count);
        follow(&l->q_chosen_mean, l->mean_q * return_scale_of(&l->return_scale), count);
    }
    return AGENT_OK;
}

void learner_write_weights(const learner_t *l, bool averaged, float *weights)
{
    const real_t *from = averaged && l->averaged ? l->averaged : l->online;
    for (size_t i = 0; i < l->net.num_weights; i++) weights[i] = (float)from[i];
}
