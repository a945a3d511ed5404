/* rainbow.c - see rainbow.h. */
#include "rainbow.h"

#include <math.h>
#include <string.h>

/* The average follows every so many updates: one pass over the weights less in nearly all. */
enum { AVERAGE_PERIOD_UPDATES = 8 };
static const double LEAST_PRIORITY = 1e-6; /* so that nothing is never drawn again */

static bool learns_similarity(const agent_config_t *config)
{
    return config->similarity_mode == AGENT_SIMILARITY_META && config->num_actions > 1;
}

static bool has_penalty(const agent_config_t *config)
{
    return config->similarity_mode != AGENT_SIMILARITY_OFF && config->num_actions > 1;
}

static bool has_faded(const rainbow_t *r)
{
    const uint64_t over = (uint64_t)r->config.similarity_fade_updates;
    return over > 0 && r->num_updates >= over;
}

/* lambda of the next update. */
static double penalty_weight(const rainbow_t *r)
{
    const double over = r->config.similarity_fade_updates;
    if (!has_penalty(&r->config) || has_faded(r)) return 0;
    return (double)r->config.similarity_weight * (over > 0 ? 1 - (double)r->num_updates / over : 1);
}

static void take_batch(const rainbow_t *rainbow, arena_t *arena, rainbow_batch_t *batch)
{
    const agent_config_t *config = &rainbow->config;
    const net_t *net = &rainbow->net;
    const size_t real = sizeof(real_t), B = (size_t)config->batch_size;
    const bool meta = learns_similarity(config), penalty = has_penalty(config);
    batch->samples = arena_take(arena, B, sizeof *batch->samples);
    batch->obs = arena_take(arena, 2 * B, sizeof *batch->obs);
    batch->importance = arena_take(arena, B, real);
    batch->noise = arena_take(arena, net->noise_count, real);
    if (net->noisy || meta) batch->effective = arena_take(arena, net->mean_count, real);
    if (meta) batch->convs = arena_take(arena, net->mean_offset, real);
    net_acts_take(net, arena, 2 * config->batch_size, &batch->acts);
    if (meta) batch->held_obs = arena_take(arena, B, conv_in_size(&net->conv[0]));
    if (penalty && config->num_atoms > 1)
        batch->probs = arena_take(arena, B * (size_t)net->head.out_size, real);
    if (penalty) batch->q = arena_take(arena, B * (size_t)net->num_actions, real);
}

bool rainbow_take(rainbow_t *rainbow, arena_t *arena, const agent_config_t *config, rng_t *rng)
{
    *rainbow = (rainbow_t){ .config = *config };
    net_t *net = &rainbow->net;
    if (!net_init(net, config)) return false;
    rainbow->atoms =
        (atoms_t){ config->num_atoms, (real_t)config->return_min, (real_t)config->return_max };

    const size_t real = sizeof(real_t);
    const size_t B = (size_t)config->batch_size, A = (size_t)config->num_actions;
    const size_t AZ = (size_t)net->head.out_size, Z = (size_t)config->num_atoms;
    const bool meta = learns_similarity(config);
    rainbow->weights = arena_take(arena, net->num_weights, real);
    rainbow->target = arena_take(arena, net->num_weights, real);
    if (config->average_updates > 0) rainbow->average = arena_take(arena, net->num_weights, real);
    const size_t num_effective = net->mean_offset + net->mean_count;
    rainbow->grad = arena_take(arena, num_effective, real);
    rainbow->adam = (adam_t){
        .m = arena_take(arena, net->num_weights, real),
        .v = arena_take(arena, net->num_weights, real),
        .learning_rate = (double)config->learning_rate,
        .epsilon = (double)config->adam_epsilon,
    };
    if (net->noisy) {
        rainbow->target_noise = arena_take(arena, net->noise_count, real);
        rainbow->target_effective = arena_take(arena, net->mean_count, real);
    }
    for (int i = 0; i < (meta ? 2 : 1); i++) take_batch(rainbow, arena, &rainbow->batches[i]);
    rainbow->batch = &rainbow->batches[0];
    net_acts_take(net, arena, config->batch_size, &rainbow->targeted);
    net_scratch_take(net, arena, config->batch_size, &rainbow->scratch);
    rainbow->aims = arena_take(arena, B * Z, real);
    rainbow->next_q = arena_take(arena, B * A, real);
    rainbow->probs = arena_take(arena, B * AZ, real);
    rainbow->d_logits = arena_take(arena, B * AZ, real);
    rainbow->surprise = arena_take(arena, B, real);
    rainbow->losses = arena_take(arena, B, real);
    rainbow->chosen = arena_take(arena, B, real);
    if (meta) rainbow->tangent = arena_take(arena, num_effective, real);
    if (has_penalty(config))
        masp_take(&rainbow->masp, arena, config->num_actions, (double)config->similarity_start);
    if (arena->base) {
        net_first_weights(net, (double)config->noisy_sigma_init, rng, rainbow->weights);
        memcpy(rainbow->target, rainbow->weights, net->num_weights * real);
        if (rainbow->average) memcpy(rainbow->average, rainbow->weights, net->num_weights * real);
    }
    return true;
}

double rainbow_importance_exponent(const rainbow_t *rainbow)
{
    const double start = (double)rainbow->config.importance_exponent_start;
    const double ramp = rainbow->config.importance_ramp_updates;
    const double done = ramp > 0 ? (double)rainbow->num_updates / ramp : 1;
    return start + (1 - start) * (done < 1 ? done : 1);
}

/* Batch, importance weights w_b = (N P(b))^-beta / max w (Schaul et al. 2016, 3.4), noise. */
static void draw_batch(rainbow_t *rainbow, const replay_t *replay, rng_t *rng)
{
    const int32_t B = rainbow->config.batch_size;
    rainbow_batch_t *batch = rainbow->batch;
    replay_sample(replay, rng, B, batch->samples);
    const double beta = rainbow_importance_exponent(rainbow);
    double largest = 0;
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &batch->samples[b];
        batch->obs[b] = sample->obs;
        batch->obs[B + b] = sample->next_obs;
        const double w =
            replay->prioritized ? pow(replay->num_live * (double)sample->probability, -beta) : 1;
        batch->importance[b] = (real_t)w;
        if (w > largest) largest = w;
    }
    for (int32_t b = 0; b < B; b++) batch->importance[b] /= (real_t)largest;
    if (rainbow->net.noisy) {
        net_draw_noise(&rainbow->net, rng, batch->noise);
        net_draw_noise(&rainbow->net, rng, rainbow->target_noise);
    }
}

/* ---- jobs: each on share k of n of the rows or the weights (pool.h) ------------------------ */

static void compose(void *context, int32_t share, int32_t num_shares)
{
    const rainbow_t *r = context;
    const noisy_t online = net_noisy(&r->net, r->batch->noise);
    const noisy_t target = net_noisy(&r->net, r->target_noise);
    noisy_compose(&online, r->weights, r->batch->effective, share, num_shares);
    noisy_compose(&target, r->target, r->target_effective, share, num_shares);
}

/* q (rows, A) of logits (rows, A, Z); probs (rows, A, Z) is written if Z > 1. */
static void q_of_logits(const rainbow_t *r, int32_t rows, const real_t *logits, real_t *probs,
                        real_t *q)
{
    const int32_t count = rows * r->config.num_actions;
    if (r->atoms.num_atoms > 1) atoms_softmax(&r->atoms, count, logits, probs);
    atoms_mean(&r->atoms, count, r->atoms.num_atoms > 1 ? probs : logits, q);
}

static int32_t best_of(const real_t *q, int32_t count)
{
    int32_t best = 0;
    for (int32_t a = 1; a < count; a++)
        if (q[a] > q[best]) best = a;
    return best;
}

/* aims[b] = R_b + discount_b * Q_target(s'_b, a'), a' = argmax of the online network (double
 * Q; van Hasselt et al. 2016, eq. 4) or of the target network itself. */
static void make_aims(void *context, int32_t share, int32_t num_shares)
{
    rainbow_t *r = context;
    const int32_t B = r->config.batch_size, A = r->config.num_actions, Z = r->config.num_atoms;
    const size_t AZ = (size_t)(A * Z);
    const real_t *judge =
        r->config.double_q ? r->batch->acts.logits + (size_t)B * AZ : r->targeted.logits;
    int32_t first;
    const int32_t rows = pool_share(B, 1, share, num_shares, &first);
    for (int32_t b = first; b < first + rows; b++) {
        const replay_sample_t *sample = &r->batch->samples[b];
        real_t *probs = r->probs + (size_t)b * AZ, *q = r->next_q + b * A;
        q_of_logits(r, 1, judge + (size_t)b * AZ, probs, q);
        const real_t *next = r->targeted.logits + (size_t)b * AZ + best_of(q, A) * Z;
        const real_t reward = (real_t)sample->n_step_return, discount = (real_t)sample->discount;
        if (Z == 1) {
            r->aims[b] = reward + discount * next[0];
        } else {
            atoms_softmax(&r->atoms, 1, next, probs); /* free again: q is all that was needed */
            atoms_project(&r->atoms, probs, reward, discount, r->aims + b * Z);
        }
    }
}

/* d_logits (B, A, Z) of mean_b w_b loss_b, and each row's loss, surprise and Q(s, a). */
static void td_gradient(void *context, int32_t share, int32_t num_shares)
{
    rainbow_t *r = context;
    const int32_t B = r->config.batch_size, Z = r->config.num_atoms;
    const size_t AZ = (size_t)r->net.head.out_size;
    const rainbow_batch_t *batch = r->batch;
    int32_t first;
    const int32_t rows = pool_share(B, 1, share, num_shares, &first);
    memset(r->d_logits + (size_t)first * AZ, 0, (size_t)rows * AZ * sizeof *r->d_logits);
    for (int32_t b = first; b < first + rows; b++) {
        const size_t at = (size_t)b * AZ + (size_t)(batch->samples[b].action * Z);
        const real_t *logits = batch->acts.logits + at;
        const real_t weight = batch->importance[b] / (real_t)B;
        r->losses[b] = weight * atoms_loss(&r->atoms, logits, r->aims + b * Z, weight,
                                           r->d_logits + at, &r->surprise[b]);
        real_t *probs = r->probs + (size_t)b * AZ;
        if (Z > 1) atoms_softmax(&r->atoms, 1, logits, probs);
        atoms_mean(&r->atoms, 1, Z > 1 ? probs : logits, &r->chosen[b]);
    }
}

/* batch->probs, batch->q of s. */
static void look_at_batch(void *context, int32_t share, int32_t num_shares)
{
    const rainbow_t *r = context;
    const rainbow_batch_t *batch = r->batch;
    const size_t A = (size_t)r->config.num_actions, AZ = (size_t)r->net.head.out_size;
    int32_t first;
    const int32_t rows = pool_share(r->config.batch_size, 1, share, num_shares, &first);
    q_of_logits(r, rows, batch->acts.logits + (size_t)first * AZ,
                batch->probs ? batch->probs + (size_t)first * AZ : NULL,
                batch->q + (size_t)first * A);
}

/* d_logits += dq/dlogits * next_q, which holds lambda dP/dq. */
static void spread_penalty(void *context, int32_t share, int32_t num_shares)
{
    const rainbow_t *r = context;
    const rainbow_batch_t *batch = r->batch;
    const size_t A = (size_t)r->config.num_actions, AZ = (size_t)r->net.head.out_size;
    int32_t first;
    const int32_t rows = pool_share(r->config.batch_size, 1, share, num_shares, &first);
    atoms_add_mean_grad(&r->atoms, rows * (int32_t)A,
                        batch->probs ? batch->probs + (size_t)first * AZ : NULL,
                        batch->q + (size_t)first * A, r->next_q + (size_t)first * A,
                        r->d_logits + (size_t)first * AZ);
}

/* The flat weights that have no noise: [0, this). */
static int32_t num_plain(const net_t *net)
{
    return (int32_t)(net->noisy ? net->mean_offset : net->num_weights);
}

typedef struct {
    rainbow_t *rainbow;
    adam_rates_t rates;
    double sums[POOL_MAX_THREADS];
} weights_job_t;

static void sum_squares(void *context, int32_t share, int32_t num_shares)
{
    weights_job_t *job = context;
    const rainbow_t *r = job->rainbow;
    const noisy_t noisy = net_noisy(&r->net, r->batch->noise);
    int32_t first;
    const int32_t count = pool_share(num_plain(&r->net), NET_ALIGNMENT, share, num_shares, &first);
    job->sums[share] = adam_square_sum(r->grad + first, (size_t)count) +
                       noisy_square_sum(&noisy, r->grad, share, num_shares);
}

static void step(void *context, int32_t share, int32_t num_shares)
{
    const weights_job_t *job = context;
    const rainbow_t *r = job->rainbow;
    const noisy_t noisy = net_noisy(&r->net, r->batch->noise);
    int32_t first;
    const int32_t count = pool_share(num_plain(&r->net), NET_ALIGNMENT, share, num_shares, &first);
    adam_apply(&r->adam, job->rates, r->weights, r->grad, (size_t)first, (size_t)count);
    noisy_step(&noisy, &r->adam, job->rates, r->weights, r->grad, share, num_shares);
}

/* u of masp.h along the held batch's effective weights, from the gradient of this batch. */
static void make_tangent(void *context, int32_t share, int32_t num_shares)
{
    const weights_job_t *job = context;
    const rainbow_t *r = job->rainbow;
    const noisy_t held = net_noisy(&r->net, r->held->noise);
    const noisy_t current = net_noisy(&r->net, r->batch->noise);
    int32_t first;
    const int32_t count = pool_share(num_plain(&r->net), NET_ALIGNMENT, share, num_shares, &first);
    adam_tangent(&r->adam, job->rates, r->grad, r->tangent, (size_t)first, (size_t)count);
    noisy_tangent(&held, &current, &r->adam, job->rates, r->grad, r->tangent + r->net.mean_offset,
                  share, num_shares);
}

/* ---- the update ----------------------------------------------------------------------------- */

static double grad_norm_of(rainbow_t *r)
{
    weights_job_t job = { .rainbow = r };
    pool_run(&r->pool, sum_squares, &job);
    double sum = 0;
    for (int32_t t = 0; t < pool_threads(&r->pool); t++) sum += job.sums[t];
    return sqrt(sum);
}

/* The penalty's gradient rides on the backward pass of the TD loss. */
static void add_penalty_gradient(rainbow_t *r)
{
    pool_run(&r->pool, look_at_batch, r);
    r->penalty =
        r->lambda * masp_penalty(&r->masp, r->config.batch_size, r->lambda, r->batch->q, r->next_q);
    pool_run(&r->pool, spread_penalty, r);
}

static void backward(rainbow_t *r, const net_view_t *online)
{
    net_backward(&r->net, online, r->batch->obs, &r->batch->acts, r->config.batch_size, r->d_logits,
                 &r->pool, &r->scratch, r->grad);
}

/* d_logits of mean_b w_b loss_b becomes that of mean_a (mean over the rows b that took a)
 * w_b loss_b, a over the actions in the batch. */
static void count_actions_alike(rainbow_t *r)
{
    const int32_t B = r->config.batch_size, A = r->config.num_actions, Z = r->config.num_atoms;
    const replay_sample_t *samples = r->batch->samples;
    int32_t taken[AGENT_MAX_ACTIONS] = { 0 }, kinds = 0;
    for (int32_t b = 0; b < B; b++) kinds += taken[samples[b].action]++ == 0;
    for (int32_t b = 0; b < B; b++) {
        const int32_t a = samples[b].action;
        const real_t factor = (real_t)B / ((real_t)kinds * (real_t)taken[a]);
        real_t *d = r->d_logits + ((size_t)b * (size_t)A + (size_t)a) * (size_t)Z;
        for (int32_t z = 0; z < Z; z++) d[z] *= factor;
    }
}

/* Keep what the meta-gradient of the step just being made needs: the weights it started from,
 * and the observations, which may be overwritten before the next update. */
static void hold_batch(rainbow_t *r, double clip)
{
    const net_t *net = &r->net;
    rainbow_batch_t *batch = r->batch;
    memcpy(batch->convs, r->weights, net->mean_offset * sizeof(real_t));
    if (!net->noisy)
        memcpy(batch->effective, r->weights + net->mean_offset, net->mean_count * sizeof(real_t));
    const size_t obs_bytes = conv_in_size(&net->conv[0]);
    for (int32_t b = 0; b < r->config.batch_size; b++) {
        uint8_t *copy = batch->held_obs + (size_t)b * obs_bytes;
        batch->obs[b] = memcpy(copy, batch->obs[b], obs_bytes);
    }
    r->held = batch;
    r->held_clip = clip;
}

/* r->grad is the TD gradient at the weights that the held batch's step led to: judge the
 * similarity by it (masp.h). Adam's last step is still that one. D, and the factor by which a
 * long gradient was shortened, are taken as constant in Sigma. */
static void learn_similarity(rainbow_t *r)
{
    const net_t *net = &r->net;
    const rainbow_batch_t *held = r->held;
    const int32_t B = r->config.batch_size, A = r->config.num_actions;
    weights_job_t job = { .rainbow = r, .rates = adam_again(&r->adam) };
    pool_run(&r->pool, make_tangent, &job);
    const net_view_t view = net_view(net, held->convs, held->effective);
    const net_view_t along = net_view(net, r->tangent, NULL);
    real_t *t_logits = r->d_logits, *t_q = r->next_q;
    net_jvp(net, &view, &along, held->obs, &held->acts, B, &r->pool, &r->scratch, t_logits);
    atoms_mean_jvp(&r->atoms, B * A, held->probs, held->q, t_logits, t_q);
    masp_meta_gradient(&r->masp, B, r->held_clip, held->q, t_q);
    masp_step(&r->masp, (double)r->config.similarity_learning_rate,
              (double)r->config.similarity_pull);
}

/* The gradient of the whole loss, into r->grad. False: not finite. */
static bool make_gradient(rainbow_t *r, const net_view_t *online)
{
    pool_run(&r->pool, td_gradient, r);
    r->loss = r->q_chosen = r->penalty = 0;
    r->lambda = penalty_weight(r);
    for (int32_t b = 0; b < r->config.batch_size; b++) {
        r->loss += (double)r->losses[b];
        r->q_chosen += (double)r->chosen[b] / r->config.batch_size;
    }
    if (!isfinite(r->loss)) return false;
    if (r->held) {
        if (r->config.similarity_balanced) count_actions_alike(r);
        backward(r, online);
        if (!isfinite(grad_norm_of(r))) return false;
        learn_similarity(r);
        pool_run(&r->pool, td_gradient, r); /* anew: the passes above have used it up */
    }
    if (has_penalty(&r->config) && !has_faded(r)) add_penalty_gradient(r);
    backward(r, online);
    r->grad_norm = grad_norm_of(r);
    return isfinite(r->grad_norm);
}

typedef struct {
    const rainbow_t *rainbow;
    real_t rate;
} average_job_t;

/* The loop alone, with restrict: see adam.c. */
__attribute__((noinline)) static void
follow_values(int32_t count, real_t rate, const real_t *restrict values, real_t *restrict average)
{
    for (int32_t i = 0; i < count; i++) average[i] += rate * (values[i] - average[i]);
}

static void follow_average(void *context, int32_t share, int32_t num_shares)
{
    const average_job_t *job = context;
    const rainbow_t *r = job->rainbow;
    int32_t first;
    const int32_t count =
        pool_share((int32_t)r->net.num_weights, NET_ALIGNMENT, share, num_shares, &first);
    follow_values(count, job->rate, r->weights + first, r->average + first);
}

/* A plain mean of what was seen, until that is as much as the average is over. */
static void update_average(rainbow_t *r)
{
    if (!r->average || r->num_updates % AVERAGE_PERIOD_UPDATES != 0) return;
    const double seen = (double)r->num_updates, most = r->config.average_updates;
    const double over = seen < most ? seen : most;
    const double rate = AVERAGE_PERIOD_UPDATES / over;
    average_job_t job = { r, (real_t)(rate < 1 ? rate : 1) };
    pool_run(&r->pool, follow_average, &job);
}

const real_t *rainbow_greedy_weights(const rainbow_t *rainbow)
{
    return rainbow->average ? rainbow->average : rainbow->weights;
}

bool rainbow_update(rainbow_t *r, replay_t *replay, rng_t *rng)
{
    const agent_config_t *config = &r->config;
    const net_t *net = &r->net;
    const int32_t B = config->batch_size;

    r->batch = &r->batches[r->held == &r->batches[0] ? 1 : 0];
    rainbow_batch_t *batch = r->batch;
    draw_batch(r, replay, rng);
    if (net->noisy) pool_run(&r->pool, compose, r);
    const net_view_t online = net_view(net, r->weights, net->noisy ? batch->effective : NULL);
    const net_view_t target = net_view(net, r->target, r->target_effective);
    net_forward_both(net, &online, &target, batch->obs, B, config->double_q, &r->pool, &r->scratch,
                     &batch->acts, &r->targeted);
    pool_run(&r->pool, make_aims, r);
    const bool finite = make_gradient(r, &online);
    r->held = NULL;
    if (!finite) return false;

    const double limit = (double)config->max_grad_norm;
    const double clip = r->grad_norm > limit ? limit / r->grad_norm : 1;
    const bool may_hold = learns_similarity(config) && !has_faded(r);
    r->num_updates++;
    if (may_hold && r->num_updates % (uint64_t)config->similarity_period_updates == 0)
        hold_batch(r, clip);
    weights_job_t job = { .rainbow = r, .rates = adam_begin(&r->adam, clip) };
    pool_run(&r->pool, step, &job);
    update_average(r);
    for (int32_t b = 0; b < B && config->prioritized; b++)
        replay_set_priority(replay, batch->samples[b].slot,
                            (double)r->surprise[b] + LEAST_PRIORITY);
    if (r->num_updates % (uint64_t)config->target_sync_period_updates == 0)
        memcpy(r->target, r->weights, net->num_weights * sizeof(real_t));
    return true;
}

void rainbow_set_threads(rainbow_t *r, int32_t num_threads)
{
    if (num_threads == pool_threads(&r->pool)) return;
    pool_stop(&r->pool);
    if (num_threads > 1) pool_start(&r->pool, num_threads);
}
