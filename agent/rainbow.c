/* rainbow.c - see rainbow.h. */
#include "rainbow.h"

#include <math.h>
#include <string.h>

static const double LEAST_PRIORITY = 1e-6; /* so that nothing is never drawn again */

static bool learns_similarity(const agent_config_t *config)
{
    return config->similarity_mode == AGENT_SIMILARITY_META && config->num_actions > 1;
}

static bool has_penalty(const agent_config_t *config)
{
    return config->similarity_mode != AGENT_SIMILARITY_OFF && config->num_actions > 1;
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
    net_acts_take(net, arena, 2 * config->batch_size, config->batch_size, &batch->acts);
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
    rainbow->grad = arena_take(arena, net->num_weights, real);
    rainbow->adam = (adam_t){
        .m = arena_take(arena, net->num_weights, real),
        .v = arena_take(arena, net->num_weights, real),
        .num_weights = net->num_weights,
        .learning_rate = (double)config->learning_rate,
        .epsilon = (double)config->adam_epsilon,
    };
    if (net->noisy) {
        rainbow->target_noise = arena_take(arena, net->noise_count, real);
        rainbow->target_effective = arena_take(arena, net->mean_count, real);
    }
    for (int i = 0; i < (meta ? 2 : 1); i++) take_batch(rainbow, arena, &rainbow->batches[i]);
    rainbow->batch = &rainbow->batches[0];
    net_acts_take(net, arena, config->batch_size, 0, &rainbow->targeted);
    net_scratch_take(net, arena, config->batch_size, &rainbow->scratch);
    rainbow->aims = arena_take(arena, B * Z, real);
    rainbow->next_q = arena_take(arena, B * A, real);
    rainbow->probs = arena_take(arena, B * AZ, real);
    rainbow->d_logits = arena_take(arena, B * AZ, real);
    rainbow->surprise = arena_take(arena, B, real);
    if (meta) rainbow->tangent = arena_take(arena, net->num_weights, real);
    if (meta && net->noisy) rainbow->tangent_effective = arena_take(arena, net->mean_count, real);
    if (has_penalty(config))
        masp_take(&rainbow->masp, arena, config->num_actions, (double)config->similarity_start);
    if (arena->base) {
        net_first_weights(net, (double)config->noisy_sigma_init, rng, rainbow->weights);
        memcpy(rainbow->target, rainbow->weights, net->num_weights * real);
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

/* q (count, A) of logits (count, A, Z); probs (count, A, Z) is written if Z > 1. */
static void q_of_logits(const rainbow_t *rainbow, int32_t rows, const real_t *logits, real_t *probs,
                        real_t *q)
{
    const int32_t count = rows * rainbow->config.num_actions;
    if (rainbow->atoms.num_atoms > 1) atoms_softmax(&rainbow->atoms, count, logits, probs);
    atoms_mean(&rainbow->atoms, count, rainbow->atoms.num_atoms > 1 ? probs : logits, q);
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
static void make_aims(rainbow_t *rainbow)
{
    const int32_t B = rainbow->config.batch_size, A = rainbow->config.num_actions;
    const int32_t Z = rainbow->config.num_atoms, AZ = A * Z;
    const bool double_q = rainbow->config.double_q;
    const real_t *judge =
        double_q ? rainbow->batch->acts.logits + (size_t)B * (size_t)AZ : rainbow->targeted.logits;
    q_of_logits(rainbow, B, judge, rainbow->probs, rainbow->next_q);
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &rainbow->batch->samples[b];
        const int32_t a = best_of(rainbow->next_q + b * A, A);
        const real_t *next = rainbow->targeted.logits + (size_t)b * (size_t)AZ + a * Z;
        const real_t reward = (real_t)sample->n_step_return, discount = (real_t)sample->discount;
        if (Z == 1) {
            rainbow->aims[b] = reward + discount * next[0];
        } else {
            real_t *probs = rainbow->probs; /* free again: next_q is all that was needed */
            atoms_softmax(&rainbow->atoms, 1, next, probs);
            atoms_project(&rainbow->atoms, probs, reward, discount, rainbow->aims + b * Z);
        }
    }
}

/* d_logits (B, A, Z) of mean_b w_b loss_b, and the loss. */
static void td_gradient(rainbow_t *rainbow)
{
    const int32_t B = rainbow->config.batch_size, Z = rainbow->config.num_atoms;
    const int32_t AZ = rainbow->net.head.out_size;
    const rainbow_batch_t *batch = rainbow->batch;
    double loss = 0, q_chosen = 0;
    memset(rainbow->d_logits, 0, (size_t)B * (size_t)AZ * sizeof *rainbow->d_logits);
    for (int32_t b = 0; b < B; b++) {
        const size_t at = (size_t)b * (size_t)AZ + (size_t)(batch->samples[b].action * Z);
        const real_t *logits = batch->acts.logits + at;
        const real_t weight = batch->importance[b] / (real_t)B;
        loss += (double)(weight * atoms_loss(&rainbow->atoms, logits, rainbow->aims + b * Z, weight,
                                             rainbow->d_logits + at, &rainbow->surprise[b]));
        real_t q = logits[0];
        if (Z > 1) {
            atoms_softmax(&rainbow->atoms, 1, logits, rainbow->probs);
            atoms_mean(&rainbow->atoms, 1, rainbow->probs, &q);
        }
        q_chosen += (double)q / B;
    }
    rainbow->loss = loss;
    rainbow->q_chosen = q_chosen;
}

/* d_logits += lambda dP/dlogits at s: rides on the backward pass of the TD loss. */
static void add_penalty_gradient(rainbow_t *rainbow)
{
    const agent_config_t *config = &rainbow->config;
    rainbow_batch_t *batch = rainbow->batch;
    const int32_t B = config->batch_size;
    const double lambda = (double)config->similarity_weight;
    q_of_logits(rainbow, B, batch->acts.logits, batch->probs, batch->q);
    real_t *d_q = rainbow->next_q;
    rainbow->penalty = lambda * masp_penalty(&rainbow->masp, B, lambda, batch->q, d_q);
    atoms_add_mean_grad(&rainbow->atoms, B * config->num_actions, batch->probs, batch->q, d_q,
                        rainbow->d_logits);
}

static void backward(rainbow_t *rainbow, const net_view_t *online, bool add)
{
    net_backward(&rainbow->net, online, &rainbow->batch->acts, rainbow->config.batch_size,
                 rainbow->d_logits, &rainbow->scratch, add, rainbow->grad);
    if (rainbow->net.noisy) net_noise_grad(&rainbow->net, rainbow->batch->noise, rainbow->grad);
}

/* Keep what the meta-gradient of the step just being made needs: the weights it started from. */
static void hold_batch(rainbow_t *rainbow, double clip)
{
    const net_t *net = &rainbow->net;
    rainbow_batch_t *batch = rainbow->batch;
    memcpy(batch->convs, rainbow->weights, net->mean_offset * sizeof(real_t));
    if (!net->noisy)
        memcpy(batch->effective, rainbow->weights + net->mean_offset,
               net->mean_count * sizeof(real_t));
    rainbow->held = batch;
    rainbow->held_clip = clip;
}

/* rainbow->grad is the TD gradient at the weights that the held batch's step led to: judge the
 * similarity by it (masp.h). Adam's last step is still that one. D, and the factor by which a
 * long gradient was shortened, are taken as constant in Sigma. */
static void learn_similarity(rainbow_t *rainbow)
{
    const net_t *net = &rainbow->net;
    const rainbow_batch_t *held = rainbow->held;
    const int32_t B = rainbow->config.batch_size, A = rainbow->config.num_actions;
    adam_scale_by_last_step(&rainbow->adam, rainbow->grad, rainbow->tangent);
    if (net->noisy) net_compose(net, rainbow->tangent, held->noise, rainbow->tangent_effective);
    const net_view_t view = net_view(net, held->convs, held->effective);
    const net_view_t along = net_view(net, rainbow->tangent, rainbow->tangent_effective);
    real_t *t_logits = rainbow->d_logits, *t_q = rainbow->next_q;
    net_jvp(net, &view, &along, &held->acts, B, &rainbow->scratch, t_logits);
    atoms_mean_jvp(&rainbow->atoms, B * A, held->probs, held->q, t_logits, t_q);
    masp_meta_gradient(&rainbow->masp, B, rainbow->held_clip, held->q, t_q);
    masp_step(&rainbow->masp, (double)rainbow->config.similarity_learning_rate,
              (double)rainbow->config.similarity_pull);
}

/* The gradient of the whole loss, into rainbow->grad. False: not finite. */
static bool make_gradient(rainbow_t *rainbow, const net_view_t *online)
{
    const size_t num_weights = rainbow->net.num_weights;
    const size_t num_logits =
        (size_t)rainbow->config.batch_size * (size_t)rainbow->net.head.out_size;
    td_gradient(rainbow);
    if (!isfinite(rainbow->loss)) return false;
    if (rainbow->held) {
        backward(rainbow, online, false);
        if (!isfinite(adam_norm(rainbow->grad, num_weights))) return false;
        learn_similarity(rainbow);
        memset(rainbow->d_logits, 0, num_logits * sizeof(real_t));
        add_penalty_gradient(rainbow);
        backward(rainbow, online, true);
    } else {
        if (has_penalty(&rainbow->config)) add_penalty_gradient(rainbow);
        backward(rainbow, online, false);
    }
    rainbow->grad_norm = adam_norm(rainbow->grad, num_weights);
    return isfinite(rainbow->grad_norm);
}

bool rainbow_update(rainbow_t *rainbow, replay_t *replay, rng_t *rng)
{
    const agent_config_t *config = &rainbow->config;
    const net_t *net = &rainbow->net;
    const int32_t B = config->batch_size;

    rainbow->batch = &rainbow->batches[rainbow->held == &rainbow->batches[0] ? 1 : 0];
    rainbow_batch_t *batch = rainbow->batch;
    draw_batch(rainbow, replay, rng);
    if (net->noisy) {
        net_compose(net, rainbow->weights, batch->noise, batch->effective);
        net_compose(net, rainbow->target, rainbow->target_noise, rainbow->target_effective);
    }
    const net_view_t online = net_view(net, rainbow->weights, net->noisy ? batch->effective : NULL);
    const net_view_t target = net_view(net, rainbow->target, rainbow->target_effective);
    net_forward(net, &online, batch->obs, config->double_q ? 2 * B : B, B, &rainbow->scratch,
                &batch->acts);
    net_forward(net, &target, batch->obs + B, B, 0, &rainbow->scratch, &rainbow->targeted);
    make_aims(rainbow);
    const bool finite = make_gradient(rainbow, &online);
    rainbow->held = NULL;
    if (!finite) return false;

    const double limit = (double)config->max_grad_norm;
    const double clip = rainbow->grad_norm > limit ? limit / rainbow->grad_norm : 1;
    rainbow->num_updates++;
    if (learns_similarity(config) &&
        rainbow->num_updates % (uint64_t)config->similarity_period_updates == 0)
        hold_batch(rainbow, clip);
    adam_step(&rainbow->adam, rainbow->weights, rainbow->grad, clip);
    for (int32_t b = 0; b < B && config->prioritized; b++)
        replay_set_priority(replay, batch->samples[b].slot,
                            (double)rainbow->surprise[b] + LEAST_PRIORITY);
    if (rainbow->num_updates % (uint64_t)config->target_sync_period_updates == 0)
        memcpy(rainbow->target, rainbow->weights, net->num_weights * sizeof(real_t));
    return true;
}
