/* update.c - one update, in the order of the papers: batch, noise, loss and gradient, step,
 * priorities, meta step. The arithmetic is the device's (device.h). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "counted_noise.h"
#include "learner.h"

static const double LEAST_PRIORITY = 1e-6; /* a priority of 0 would never be drawn again */
/* Of a card's first update, relative: single precision and another order of its sums make less. */
static const double MOST_LOSS_ERROR = 1e-3, MOST_NORM_ERROR = 1e-2;
static const double DEMONSTRATION_PRIORITY = 1; /* Hester et al. 2018, table 1 */

static bool has_faded(const learner_t *l)
{
    const uint64_t fade = (uint64_t)l->config.similarity_fade_updates;
    return fade > 0 && l->num_updates >= fade;
}

bool learner_penalizes(const learner_t *l)
{
    return learner_has_penalty(&l->config) && !has_faded(l);
}

/* ---- sample ---------------------------------------------------------------------------------- */

/* Its pictures moved dx to the right and dy down, in place; their edge is repeated. */
static void shift_pictures(uint8_t *obs, const agent_config_t *config, int32_t dx, int32_t dy)
{
    const int32_t H = config->obs_height_px, W = config->obs_width_px;
    const size_t kept = (size_t)(W - (dx < 0 ? -dx : dx));
    for (int32_t c = 0; c < config->obs_stack; c++, obs += agent_look_bytes(config))
        for (int32_t i = 0; i < H; i++) {
            /* From the side that the rows move to, so that none is read after it was written. */
            const int32_t y = dy > 0 ? H - 1 - i : i, from = y - dy;
            uint8_t *row = obs + (size_t)y * (size_t)W;
            const uint8_t *source = obs + (size_t)(from < 0    ? 0
                                                   : from >= H ? H - 1
                                                               : from) *
                                              (size_t)W;
            const uint8_t left = source[0], right = source[W - 1];
            memmove(row + (dx > 0 ? dx : 0), source + (dx < 0 ? -dx : 0), kept);
            if (dx > 0) memset(row, left, (size_t)dx);
            if (dx < 0) memset(row + kept, right, (size_t)-dx);
        }
}

static bool has_shifts(const learner_t *l)
{
    return l->config.random_shift_px > 0 && l->net.num_pixels > 0;
}

/* Each observation of the batch by a step of its own. */
static void draw_shifts(learner_t *l)
{
    const int32_t most = l->config.random_shift_px;
    const uint32_t places = (uint32_t)(2 * most + 1);
    for (int32_t i = 0; i < 2 * l->config.batch_size && has_shifts(l); i++) {
        l->batch->shifts[i].right_px = (int8_t)((int32_t)rng_below(&l->rng, places) - most);
        l->batch->shifts[i].down_px = (int8_t)((int32_t)rng_below(&l->rng, places) - most);
    }
}

/* The batch's observations, for the processor. Nothing was stored since they were drawn. */
static void need_pixels(learner_t *l)
{
    const int32_t B = l->config.batch_size;
    learner_batch_t *batch = l->batch;
    if (batch->has_pixels) return;
    batch->has_pixels = true;
    replay_unpack(&l->replay, B, batch->samples, batch->pixels, &l->pool);
    for (int32_t i = 0; i < 2 * B && has_shifts(l); i++)
        shift_pictures(batch->pixels + (size_t)i * l->replay.obs_bytes, &l->config,
                       batch->shifts[i].right_px, batch->shifts[i].down_px);
    for (int32_t b = 0; b < B; b++) {
        batch->obs[b] = batch->samples[b].obs;
        batch->obs[B + b] = batch->samples[b].next_obs;
    }
}

/* Importance weights w_b = (N P(b))^-beta / max w (Schaul et al. 2016, 3.4). */
static void sample_batch(learner_t *l)
{
    const int32_t B = l->config.batch_size;
    learner_batch_t *batch = l->batch;
    l->replay.sample_n_step = learner_n_step(l);
    replay_draw(&l->replay, &l->rng, B, batch->samples);
    draw_shifts(l);
    batch->has_pixels = false;
    if (l->device.calls->fetch)
        l->device.calls->fetch(l->device.self, l);
    else
        need_pixels(l);
    const double beta = learner_importance_exponent(l);
    double largest = 0;
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &batch->samples[b];
        const double w = l->replay.prioritized
                             ? pow(l->replay.num_live * (double)sample->probability, -beta)
                             : 1;
        batch->importance[b] = (real_t)w;
        if (w > largest) largest = w;
    }
    for (int32_t b = 0; b < B; b++) batch->importance[b] /= (real_t)largest;
}

/* What is to be known of the batch when its TD errors come. */
static void note_rows(learner_t *l)
{
    for (int32_t b = 0; b < l->config.batch_size; b++) {
        const replay_sample_t *sample = &l->batch->samples[b];
        l->waiting.rows[b].slot = sample->slot;
        l->waiting.rows[b].is_kept = sample->is_kept;
        l->waiting.rows[b].number = replay_number(&l->replay, sample->slot);
    }
}

/* Schaul et al. 2016, 3.3: the priority of what was drawn is its new TD error. A slot may hold
 * another decision since. */
static void update_priorities(learner_t *l)
{
    if (!l->waiting.has_errors) return;
    l->waiting.has_errors = false;
    for (int32_t b = 0; b < l->config.batch_size && l->config.prioritized; b++) {
        const int32_t slot = l->waiting.rows[b].slot;
        if (replay_number(&l->replay, slot) != l->waiting.rows[b].number) continue;
        replay_set_priority(&l->replay, slot,
                            (double)l->td_errors[b] + (l->waiting.rows[b].is_kept
                                                           ? DEMONSTRATION_PRIORITY
                                                           : LEAST_PRIORITY));
    }
}

static double clip_of(const learner_t *l)
{
    const double limit = (double)l->config.max_grad_norm;
    return l->grad_norm > limit ? limit / l->grad_norm : 1;
}

/* The batch of the last update with a penalty is not held: Sigma stays when it has faded. */
static bool is_to_be_held(const learner_t *l)
{
    return learner_has_meta(&l->config) && !has_faded(l) &&
           l->num_updates % (uint64_t)l->config.similarity_period_updates == 0;
}

/* ---- the device ------------------------------------------------------------------------------ */

void learner_set_device(learner_t *l, device_t device)
{
    l->device.calls->close(l->device.self);
    l->device = device;
    l->is_on_trial = l->lags = l->waiting.is_there = false;
    l->held = NULL;
}

/* It computes no more: go on on the processor, from what was read of it last. What it held of the
 * batch whose meta-gradient was due is gone with it. */
static void leave_device(learner_t *l, const char *cause)
{
    learner_set_device(l, (device_t){ &rainbow_on_processor, NULL });
    l->has_device_news = true;
    snprintf(l->device_news, sizeof l->device_news,
             "update %llu: the card is lost: %.400s; learning goes on on the processor, with the "
             "weights of update %llu",
             (unsigned long long)l->num_updates, cause, (unsigned long long)l->weights_at_update);
}

/* Its priorities are not set yet. */
static void await_results(learner_t *l)
{
    why_t cause;
    if (!l->waiting.is_there) return;
    l->waiting.is_there = false;
    const device_status_t status = l->device.calls->collect(l->device.self, l, cause);
    if (status == DEVICE_LOST) {
        leave_device(l, cause);
        return;
    }
    l->has_results = true;
    if (status == DEVICE_DIVERGED) {
        l->has_diverged = true;
        l->diverged_update = l->waiting.update;
        if (l->waiting.is_held) l->held = NULL; /* there was no step */
        return;
    }
    if (l->waiting.is_held) l->held->held_clip = clip_of(l);
    l->waiting.has_errors = true;
}

void learner_collect(learner_t *l)
{
    await_results(l);
    update_priorities(l);
}

void learner_read(learner_t *l, device_part_t part)
{
    why_t cause;
    if ((part == DEVICE_ALL ? l->all_at_update : l->weights_at_update) == l->num_updates) return;
    await_results(l);
    if (l->device.calls->read(l->device.self, l, part, cause) != DEVICE_OK) {
        leave_device(l, cause);
        return;
    }
    l->weights_at_update = l->num_updates;
    if (part == DEVICE_ALL) l->all_at_update = l->num_updates;
}

double learner_finish(learner_t *l)
{
    why_t cause;
    double busy_seconds = 0;
    const device_calls_t *calls = l->device.calls;
    if (calls->finish && calls->finish(l->device.self, &busy_seconds, cause) != DEVICE_OK)
        leave_device(l, cause);
    return busy_seconds;
}

static void draw_noise(learner_t *l)
{
    const net_t *net = &l->net;
    const size_t count = net->noise_count;
    if (!net->noisy) return;
    if (!l->counts_noise) {
        net_draw_noise(net, &l->rng, l->batch->noise);
        net_draw_noise(net, &l->rng, l->target_noise);
        return;
    }
    const uint64_t seed = l->config.seed, update = l->num_updates;
    counted_noise_draw(seed, update, COUNTED_NOISE_ONLINE, count, l->batch->noise);
    counted_noise_draw(seed, update, COUNTED_NOISE_TARGET, count, l->target_noise);
}

/* All learners' arrays have the same layout and were made under the same noise, so the mean over
 * the effective weights is that over means and noise scales, too. */
device_status_t learner_share_gradient(learner_t *l, bool is_sound)
{
    const size_t count = l->net.mean_offset + l->net.mean_count;
    double num_unsound = is_sound ? 0 : 1;
    if (!l->common.sum) return is_sound ? DEVICE_OK : DEVICE_DIVERGED;
    l->common_status = l->common.sum(l->common.self, l->grad, count, sizeof *l->grad, &num_unsound);
    if (l->common_status != COMMON_GRADIENT_OK) return DEVICE_LOST;
    l->is_unsound_elsewhere = is_sound && num_unsound > 0;
    if (num_unsound > 0) return DEVICE_DIVERGED;
    const real_t share = (real_t)(1.0 / l->common.num_learners);
    for (size_t i = 0; i < count; i++) l->grad[i] *= share;
    return DEVICE_OK;
}

static bool is_near(double found, double expected, double most)
{
    return fabs(found - expected) <= most * fabs(expected);
}

/* A driver that compiles the kernels wrongly (pocl 5.0 does, now and then) would spoil the weights
 * and say nothing. status: of the card's compute(). Returns the processor's, whose numbers are now
 * the learner's; the card is left where its own were others. */
static device_status_t compare(learner_t *l, device_status_t status)
{
    const double loss = l->loss, norm = l->grad_norm;
    why_t cause;
    l->is_on_trial = false;
    need_pixels(l);
    draw_noise(l);
    const device_status_t expected = rainbow_on_processor.compute(NULL, l, cause);
    if (status == expected &&
        (status != DEVICE_OK ||
         (is_near(loss, l->loss, MOST_LOSS_ERROR) && is_near(norm, l->grad_norm, MOST_NORM_ERROR))))
        return status;
    refuse(
        cause,
        "it computes wrongly: in its first update a loss of %g, the processor %g, and a gradient "
        "of norm %g, the processor %g",
        loss, l->loss, norm, l->grad_norm);
    leave_device(l, cause);
    return expected;
}

/* Of an update that is waited for. */
static void clear_results(learner_t *l)
{
    l->penalty = l->imitation = l->grad_norm = 0;
    l->diverged_update = l->num_updates;
}

/* A card draws its noise itself; one that fails is left, and the processor does the same again. */
static device_status_t compute(learner_t *l)
{
    why_t cause;
    if (!l->lags) clear_results(l);
    if (l->device.self) {
        const device_status_t status = l->device.calls->compute(l->device.self, l, cause);
        if (status != DEVICE_LOST) return l->is_on_trial ? compare(l, status) : status;
        leave_device(l, cause);
        clear_results(l);
    }
    need_pixels(l);
    draw_noise(l);
    return l->device.calls->compute(l->device.self, l, cause);
}

/* A card that is lost in its step has not made it, and the processor lacks the gradient: this
 * update's step is none. */
static void step(learner_t *l, double clip, bool is_held)
{
    why_t cause;
    if (l->device.calls->step(l->device.self, l, clip, is_held, cause) != DEVICE_OK)
        leave_device(l, cause);
}

void learner_tell_similarity(learner_t *l)
{
    why_t cause;
    if (l->device.calls->similarity(l->device.self, l, cause) != DEVICE_OK) leave_device(l, cause);
}

/* ---- the update ------------------------------------------------------------------------------ */

/* True once: of the update that was collected last. */
static bool has_diverged(learner_t *l)
{
    const bool diverged = l->has_diverged;
    l->has_diverged = false;
    return diverged;
}

/* This update was asked for. The one before it is done by now or soon: its results. A card that is
 * lost takes those of both with it. */
static bool exchange_results(learner_t *l)
{
    if (l->lags) learner_collect(l);
    if (!l->lags) return true;
    note_rows(l);
    l->waiting.is_there = true;
    l->waiting.is_held = l->held != NULL;
    l->waiting.update = l->num_updates - 1;
    return !has_diverged(l);
}

bool rainbow_update(learner_t *l)
{
    const agent_config_t *config = &l->config;
    learner_batch_t *held = l->held;
    l->batch = &l->batches[held == &l->batches[0] ? 1 : 0];
    l->lags = l->device.calls->collect && !l->is_on_trial && !held;
    l->lambda = learner_penalty_weight(l);
    if (!l->common.sum) return_scale_follow(&l->return_scale); /* else all agree on one */

    sample_batch(l);
    if (!l->lags) await_results(l);
    update_priorities(l); /* of the update before, if its errors are there */
    if (has_diverged(l)) return false;
    const device_status_t status = compute(l);
    held = l->held; /* none, if the device that held it was lost */
    l->held = NULL;
    if (status != DEVICE_OK) return false;

    /* Nothing fails from here on, so nothing was changed where something did. */
    const bool lagged = l->lags;
    const double clip = lagged ? 1 : clip_of(l);
    l->num_updates++;
    const bool is_held = is_to_be_held(l);
    if (is_held) {
        l->batch->held_clip = clip;
        l->held = l->batch;
    }
    step(l, clip, is_held);
    if (lagged) return exchange_results(l);
    l->has_results = true;
    note_rows(l);
    l->waiting.has_errors = true;
    update_priorities(l);
    if (held) {
        masp_step(&l->masp, (double)config->similarity_learning_rate,
                  (double)config->similarity_pull);
        learner_tell_similarity(l);
    }
    return true;
}
