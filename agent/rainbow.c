/* rainbow.c - see rainbow.h. */
#include "rainbow.h"

#include <math.h>
#include <string.h>

static const double LEAST_PRIORITY = 1e-6; /* so that nothing is never drawn again */

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
        rainbow->noise = arena_take(arena, net->noise_count, real);
        rainbow->target_noise = arena_take(arena, net->noise_count, real);
        rainbow->effective = arena_take(arena, net->mean_count, real);
        rainbow->target_effective = arena_take(arena, net->mean_count, real);
    }
    net_acts_take(net, arena, 2 * config->batch_size, config->batch_size, &rainbow->online);
    net_acts_take(net, arena, config->batch_size, 0, &rainbow->targeted);
    net_scratch_take(net, arena, config->batch_size, &rainbow->scratch);
    rainbow->samples = arena_take(arena, B, sizeof *rainbow->samples);
    rainbow->obs = arena_take(arena, 2 * B, sizeof *rainbow->obs);
    rainbow->importance = arena_take(arena, B, real);
    rainbow->aims = arena_take(arena, B * Z, real);
    rainbow->next_q = arena_take(arena, B * A, real);
    rainbow->probs = arena_take(arena, 2 * B * AZ, real);
    rainbow->d_logits = arena_take(arena, B * AZ, real);
    rainbow->surprise = arena_take(arena, B, real);
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
    replay_sample(replay, rng, B, rainbow->samples);
    const double beta = rainbow_importance_exponent(rainbow);
    double largest = 0;
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &rainbow->samples[b];
        rainbow->obs[b] = sample->obs;
        rainbow->obs[B + b] = sample->next_obs;
        const double w =
            replay->prioritized ? pow(replay->num_live * (double)sample->probability, -beta) : 1;
        rainbow->importance[b] = (real_t)w;
        if (w > largest) largest = w;
    }
    for (int32_t b = 0; b < B; b++) rainbow->importance[b] /= (real_t)largest;
    if (rainbow->net.noisy) {
        net_draw_noise(&rainbow->net, rng, rainbow->noise);
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
        double_q ? rainbow->online.logits + (size_t)B * (size_t)AZ : rainbow->targeted.logits;
    q_of_logits(rainbow, B, judge, rainbow->probs, rainbow->next_q);
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &rainbow->samples[b];
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
    double loss = 0, q_chosen = 0;
    memset(rainbow->d_logits, 0, (size_t)B * (size_t)AZ * sizeof *rainbow->d_logits);
    for (int32_t b = 0; b < B; b++) {
        const size_t at = (size_t)b * (size_t)AZ + (size_t)(rainbow->samples[b].action * Z);
        const real_t *logits = rainbow->online.logits + at;
        const real_t weight = rainbow->importance[b] / (real_t)B;
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

bool rainbow_update(rainbow_t *rainbow, replay_t *replay, rng_t *rng)
{
    const agent_config_t *config = &rainbow->config;
    const net_t *net = &rainbow->net;
    const int32_t B = config->batch_size;

    draw_batch(rainbow, replay, rng);
    if (net->noisy) {
        net_compose(net, rainbow->weights, rainbow->noise, rainbow->effective);
        net_compose(net, rainbow->target, rainbow->target_noise, rainbow->target_effective);
    }
    const net_view_t online = net_view(net, rainbow->weights, rainbow->effective);
    const net_view_t target = net_view(net, rainbow->target, rainbow->target_effective);
    net_forward(net, &online, rainbow->obs, config->double_q ? 2 * B : B, B, &rainbow->scratch,
                &rainbow->online);
    net_forward(net, &target, rainbow->obs + B, B, 0, &rainbow->scratch, &rainbow->targeted);
    make_aims(rainbow);
    td_gradient(rainbow);

    net_backward(net, &online, &rainbow->online, B, rainbow->d_logits, &rainbow->scratch,
                 rainbow->grad);
    if (net->noisy) net_noise_grad(net, rainbow->noise, rainbow->grad);
    rainbow->grad_norm = adam_norm(rainbow->grad, net->num_weights);
    if (!isfinite(rainbow->loss) || !isfinite(rainbow->grad_norm)) return false;

    const double limit = (double)config->max_grad_norm;
    adam_step(&rainbow->adam, rainbow->weights, rainbow->grad,
              rainbow->grad_norm > limit ? limit / rainbow->grad_norm : 1);
    for (int32_t b = 0; b < B && config->prioritized; b++)
        replay_set_priority(replay, rainbow->samples[b].slot,
                            (double)rainbow->surprise[b] + LEAST_PRIORITY);
    rainbow->num_updates++;
    if (rainbow->num_updates % (uint64_t)config->target_sync_period_updates == 0)
        memcpy(rainbow->target, rainbow->weights, net->num_weights * sizeof(real_t));
    return true;
}
