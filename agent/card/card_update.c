/* card_update.c - see card.h: opens a card, and is the device of device.h on it. An update is asked
 * for as a whole and computed while the host draws the next batch; one with a meta-gradient is
 * waited for, since Sigma's step is the host's. */
#include "card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "card_products.h"
#include "card_queue.h"
#include "clock.h"
#include "counted_noise.h"

static size_t round_up(size_t count, size_t to)
{
    return (count + to - 1) / to * to;
}

/* A group of CARD_LANES items for each of num_rows, on the second axis num_nets times. */
static void launch_rows(card_t *card, card_kernel_t kernel, const void *args, size_t args_bytes,
                        int num_rows, int num_nets)
{
    card_launch(card, kernel, args, args_bytes,
                (size_t[3]){ (size_t)num_rows * CARD_LANES, (size_t)num_nets, 1 },
                (size_t[3]){ CARD_LANES, 1, 1 });
}

/* ---- weights go and come --------------------------------------------------------------------- */

static void write_reals(card_t *card, int at, const real_t *values, size_t count)
{
    const void *bytes = values;
    if (sizeof(real_t) != sizeof(float)) {
        for (size_t i = 0; i < count; i++) card->staging[i] = (float)values[i];
        bytes = card->staging;
    }
    card_write(card, card->pool, (size_t)at * sizeof(float), bytes, count * sizeof(float), true);
}

/* Straight into the caller's array, which is all or nothing only if the card is well. */
static void read_reals(card_t *card, int at, real_t *values, size_t count)
{
    card_read(card, at, count, card->staging, true);
    for (size_t i = 0; i < count && card->error == OPENCL_SUCCESS; i++)
        values[i] = (real_t)card->staging[i];
}

static device_status_t status_of(const card_t *card, char *why)
{
    return card_is_well(card, why) ? DEVICE_OK : DEVICE_LOST;
}

static device_status_t tell_similarity(void *self, const learner_t *l, char *why)
{
    card_t *card = self;
    const size_t A = (size_t)l->config.num_actions;
    if (learner_has_penalty(&l->config)) write_reals(card, card->layout.pull, l->masp.pull, A * A);
    return status_of(card, why);
}

static device_status_t load(void *self, const learner_t *l, char *why)
{
    card_t *card = self;
    const card_layout_t *at = &card->layout;
    const size_t W = l->net.num_weights;
    write_reals(card, at->online, l->online, W);
    write_reals(card, at->target, l->target, W);
    write_reals(card, at->m, l->adam.m, W);
    write_reals(card, at->v, l->adam.v, W);
    if (l->averaged) write_reals(card, at->averaged, l->averaged, W);
    return tell_similarity(card, l, why);
}

static device_status_t read_back(void *self, const learner_t *l, device_part_t part, char *why)
{
    card_t *card = self;
    const card_layout_t *at = &card->layout;
    const size_t W = l->net.num_weights;
    read_reals(card, at->online, l->online, W);
    if (l->averaged) read_reals(card, at->averaged, l->averaged, W);
    if (part == DEVICE_ALL) {
        read_reals(card, at->target, l->target, W);
        read_reals(card, at->m, l->adam.m, W);
        read_reals(card, at->v, l->adam.v, W);
    }
    return status_of(card, why);
}

/* ---- loss and gradient ----------------------------------------------------------------------- */

static card_slot_t *slot_of(card_t *card, const learner_t *l, const learner_batch_t *batch)
{
    return &card->layout.slots[batch - l->batches];
}

/* How much row b counts in J (config.similarity_balanced). */
static void weigh_rows(const learner_t *l, float *balance)
{
    const int32_t B = l->config.batch_size;
    const replay_sample_t *samples = l->batch->samples;
    int32_t taken[AGENT_MAX_ACTIONS] = { 0 }, kinds = 0;
    for (int32_t b = 0; b < B; b++) kinds += taken[samples[b].action]++ == 0;
    for (int32_t b = 0; b < B; b++)
        balance[b] = l->config.similarity_balanced
                         ? (float)B / ((float)kinds * (float)taken[samples[b].action])
                         : 1;
}

static void upload_rows(card_t *card, const learner_t *l)
{
    const int32_t B = l->config.batch_size;
    const learner_batch_t *batch = l->batch;
    const size_t rows = (size_t)B;
    float *to = card->batch_rows + (size_t)card->turn * 5 * rows;
    card->turn = !card->turn;
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &batch->samples[b];
        to[b] = (float)sample->action;
        to[B + b] = (float)((double)sample->n_step_return / return_scale_of(&l->return_scale));
        to[2 * B + b] = sample->discount;
        to[3 * B + b] = (float)batch->importance[b];
    }
    weigh_rows(l, to + 4 * B);
    card_write(card, card->pool, (size_t)card->layout.rows * sizeof(float), to,
               5 * rows * sizeof(float), false);
}

static weights_args_t weights_args(const card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const card_layout_t *at = &card->layout;
    return (weights_args_t){
        .num_plain = at->num_plain,
        .num_plain_rows = at->num_plain_rows,
        .num_parts = at->num_parts,
        .parts = at->parts,
        .mean_offset = (int)l->net.mean_offset,
        .num_weights = (int)l->net.num_weights,
        .weights = { at->online, at->target },
        .noise = { slot->noise, at->target_noise },
        .effective = { slot->effective, at->target_effective },
        .grad = at->grad,
        .m = at->m,
        .v = at->v,
        .averaged = at->averaged,
        .tangent = at->tangent,
        .partials = at->partials,
        .num_partials = at->num_plain_rows + at->num_part_rows,
        .result = at->result,
        .losses = at->losses,
        .chosen_q = at->chosen_q,
        .penalties = -1,
        .num_rows = l->config.batch_size,
        .result_at = CARD_RESULT_NORM,
    };
}

static heads_args_t heads_args(const card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const card_layout_t *at = &card->layout;
    const int B = l->config.batch_size, A = l->config.num_actions, Z = l->config.num_atoms;
    return (heads_args_t){
        .num_rows = 3 * B,
        .num_actions = A,
        .num_atoms = Z,
        .batch_size = B,
        .low = l->config.return_min,
        .step = Z > 1 ? (l->config.return_max - l->config.return_min) / (float)(Z - 1) : 0,
        .logits = slot->logits,
        .value = slot->value,
        .probs = slot->probs,
        .q = slot->q,
        .d_logits = at->d_logits,
        .d_value = at->d_value,
        .d_q = at->d_q,
        .choosing = l->config.double_q ? B : 2 * B,
        .actions = at->rows,
        .returns = at->rows + B,
        .discounts = at->rows + 2 * B,
        .importance = at->rows + 3 * B,
        .balance = at->rows + 4 * B,
        .losses = at->losses,
        .td_errors = at->td_errors,
        .chosen_q = at->chosen_q,
        .penalties = at->penalties,
        .pull = at->pull,
        .is_mixture = l->config.similarity_form == AGENT_SIMILARITY_MIXTURE,
        .t_logits = at->t_logits,
        .t_q = at->t_q,
    };
}

static void draw_noise(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const uint64_t seed = l->config.seed, update = l->num_updates;
    const size_t count = l->net.noise_count;
    const noise_args_t args = {
        .noise = { slot->noise, card->layout.target_noise },
        .count = (int)count,
        .key = { (int)(uint32_t)seed, (int)(uint32_t)(seed >> 32) },
        .update = { (int)(uint32_t)update, (int)(uint32_t)(update >> 32) },
    };
    card_launch(card, CARD_DRAW_NOISE, &args, sizeof args,
                (size_t[3]){ round_up((count + 3) / 4, CARD_LANES), 2, 1 },
                (size_t[3]){ CARD_LANES, 1, 1 });
    const weights_args_t weights = weights_args(card, l, slot);
    launch_rows(card, CARD_COMPOSE, &weights, sizeof weights, card->layout.num_part_rows, 2);
    card->counts.weights_bytes += 2 * 3 * 4.0 * (double)l->net.mean_count;
}

static void forward(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const heads_args_t heads = heads_args(card, l, slot);
    const size_t rows = (size_t)heads.num_rows;
    if (l->net.noisy) draw_noise(card, l, slot);
    card_forward(card, l, slot);
    if (l->net.dueling)
        card_launch_items(card, CARD_DUELING, &heads, sizeof heads, rows * (size_t)heads.num_atoms);
    launch_rows(card, CARD_MEANS, &heads, sizeof heads, heads.num_rows * heads.num_actions, 1);
    launch_rows(card, CARD_TD_LOSS, &heads, sizeof heads, heads.batch_size, 1);
}

/* The norm of the gradient at `grad` to result[result_at], and the batch's sums. */
static void sum_up(card_t *card, const learner_t *l, const card_slot_t *slot, int grad,
                   int result_at, bool penalizes)
{
    weights_args_t args = weights_args(card, l, slot);
    args.grad = grad;
    args.result_at = result_at;
    if (penalizes) args.penalties = card->layout.penalties;
    launch_rows(card, CARD_SQUARES, &args, sizeof args, args.num_partials, 1);
    launch_rows(card, CARD_SUM_UP, &args, sizeof args, 1, 1);
    card->counts.weights_bytes += 4.0 * (double)(l->net.mean_offset + l->net.mean_count);
}

/* layout.t_q: of the held batch's q along the meta-gradient's direction (rainbow.c,
 * compute_meta_gradient). */
static void find_tangents(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const card_layout_t *at = &card->layout;
    const card_slot_t *held = slot_of(card, l, l->held);
    const size_t rows = (size_t)l->config.batch_size;
    heads_args_t heads = heads_args(card, l, slot);
    heads.num_rows = l->config.batch_size;
    heads.logits = at->d_logits;
    heads.d_logits = at->meta_d_logits;
    card_launch_items(card, CARD_BALANCE, &heads, sizeof heads,
                      rows * (size_t)l->net.head.out_size);
    card_backward(card, l, slot, at->meta_d_logits, at->meta_grad);
    sum_up(card, l, slot, at->meta_grad, CARD_RESULT_META_NORM, false);

    weights_args_t weights = weights_args(card, l, slot);
    const adam_rates_t rates = adam_again(&l->adam);
    weights.grad = at->meta_grad;
    weights.other_noise = held->noise;
    weights.unbias_v = (float)rates.unbias_v;
    weights.epsilon = (float)rates.epsilon;
    weights.tangent_rate = (float)rates.tangent;
    launch_rows(card, CARD_FIND_TANGENT, &weights, sizeof weights, weights.num_partials, 1);
    card->counts.weights_bytes += 4.0 * 4 * (double)(l->net.mean_offset + l->net.mean_count);

    card_jvp(card, l, held);
    heads = heads_args(card, l, held);
    heads.num_rows = l->config.batch_size;
    if (l->net.dueling) {
        heads.logits = at->t_logits;
        heads.value = at->d_value;
        card_launch_items(card, CARD_DUELING, &heads, sizeof heads, rows * (size_t)heads.num_atoms);
    }
    launch_rows(card, CARD_MEAN_TANGENTS, &heads, sizeof heads, heads.num_rows * heads.num_actions,
                1);
}

static void add_penalty(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    heads_args_t heads = heads_args(card, l, slot);
    const double B = heads.batch_size, lambda = l->lambda;
    /* masp.c: of pairs d_q = 2 each q Lap and P = q d_q / (2 lambda); of the mixture
     * d_q = 2 lambda/B r (1 - M) and P = r r / B. */
    const double each = heads.is_mixture ? lambda / B : lambda * 2 / (B * (heads.num_actions - 1));
    heads.penalty_scale = (float)(2 * each);
    heads.lambda = (float)each;
    launch_rows(card, CARD_PENALTY, &heads, sizeof heads, heads.batch_size, 1);
}

/* Of both ways to wait; false: something is not finite. */
static bool take_sums(learner_t *l, const float *result, const float *td_errors, bool penalizes)
{
    l->loss = (double)result[CARD_RESULT_LOSS];
    l->mean_q = (double)result[CARD_RESULT_MEAN_Q];
    l->penalty = penalizes ? (double)result[CARD_RESULT_PENALTY] : 0;
    if (!isfinite(l->loss)) return false;
    for (int32_t b = 0; b < l->config.batch_size; b++) l->td_errors[b] = (real_t)td_errors[b];
    return true;
}

/* What the host needs, in one wait; false: something of it is not finite. */
static bool take_results(card_t *card, learner_t *l, const card_slot_t *slot, bool penalizes,
                         char *why, device_status_t *status)
{
    const size_t B = (size_t)l->config.batch_size, BA = B * (size_t)l->config.num_actions;
    float result[CARD_RESULT_NUMBERS], *td_errors = card->read_rows;
    float *q = td_errors + B, *t_q = q + BA;
    if (penalizes) card_read(card, slot->q, BA, q, false);
    if (l->held) card_read(card, card->layout.t_q, BA, t_q, false);
    card_read(card, card->layout.td_errors, B, td_errors, false);
    card_read(card, card->layout.result, CARD_RESULT_NUMBERS, result, true);
    *status = status_of(card, why);
    if (*status != DEVICE_OK) return false;
    *status = DEVICE_DIVERGED;
    if (!take_sums(l, result, td_errors, penalizes)) return false;
    for (size_t i = 0; i < BA && penalizes; i++) l->batch->q[i] = (real_t)q[i];
    for (size_t i = 0; i < BA && l->held; i++) l->t_q[i] = (real_t)t_q[i];
    if (l->held && !isfinite(result[CARD_RESULT_META_NORM])) return false;
    if (l->held &&
        !masp_meta_gradient(&l->masp, (int32_t)B, l->held->held_clip, l->held->q, l->t_q))
        return false;
    l->grad_norm = (double)result[CARD_RESULT_NORM];
    return isfinite(l->grad_norm);
}

static void fetch(void *self, learner_t *l)
{
    card_t *card = self;
    card->counts = (card_counts_t){ .memory_bytes = card->counts.memory_bytes };
    card_pictures_fetch(card, l, slot_of(card, l, l->batch));
}

static device_status_t compute(void *self, learner_t *l, char *why)
{
    card_t *card = self;
    const card_layout_t *at = &card->layout;
    const card_slot_t *slot = slot_of(card, l, l->batch);
    const bool penalizes = learner_penalizes(l);
    card->pictures.is_fetched = false;
    upload_rows(card, l);
    if (card->asked_at == 0) card->asked_at = clock_now();
    forward(card, l, slot);
    if (l->held) find_tangents(card, l, slot);
    if (penalizes) add_penalty(card, l, slot);
    card_backward(card, l, slot, at->d_logits, at->grad);
    sum_up(card, l, slot, at->grad, CARD_RESULT_NORM, penalizes);
    if (l->lags) return status_of(card, why);
    device_status_t status;
    return take_results(card, l, slot, penalizes, why, &status) ? DEVICE_OK : status;
}

/* The results of an update that lags: asked for behind its step. */
static void ask_for_results(card_t *card, const learner_t *l, const card_slot_t *slot, bool is_held)
{
    const size_t B = (size_t)l->config.batch_size, A = (size_t)l->config.num_actions;
    card_waiting_t *waiting = &card->waiting[card->num_waiting++];
    waiting->is_held = is_held;
    waiting->penalizes = l->lambda > 0;
    float *rows = waiting->rows;
    card_read_later(card, card->layout.td_errors, B, rows + CARD_RESULT_NUMBERS, NULL);
    if (is_held) card_read_later(card, slot->q, B * A, rows + CARD_RESULT_NUMBERS + B, NULL);
    card_read_later(card, card->layout.result, CARD_RESULT_NUMBERS, rows, &waiting->done);
}

static device_status_t collect(void *self, learner_t *l, char *why)
{
    card_t *card = self;
    const size_t B = (size_t)l->config.batch_size, BA = B * (size_t)l->config.num_actions;
    card_waiting_t first = card->waiting[0];
    card_wait(card, &first.done);
    card->waiting[0] = card->waiting[1];
    card->waiting[1] = first;
    card->num_waiting--;
    if (card->error != OPENCL_SUCCESS) return status_of(card, why);
    const float *td_errors = first.rows + CARD_RESULT_NUMBERS;
    if (!take_sums(l, first.rows, td_errors, first.penalizes)) return DEVICE_DIVERGED;
    for (size_t i = 0; i < BA && first.is_held; i++) l->held->q[i] = (real_t)td_errors[B + i];
    l->grad_norm = (double)first.rows[CARD_RESULT_NORM];
    return isfinite(l->grad_norm) ? DEVICE_OK : DEVICE_DIVERGED;
}

/* ---- the step -------------------------------------------------------------------------------- */

static device_status_t step(void *self, learner_t *l, double clip, bool is_held, char *why)
{
    card_t *card = self;
    const card_layout_t *at = &card->layout;
    const card_slot_t *slot = slot_of(card, l, l->batch);
    const net_t *net = &l->net;
    weights_args_t args = weights_args(card, l, slot);
    if (is_held) {
        card_copy(card, at->online, slot->held_convs, net->mean_offset);
        if (!net->noisy)
            card_copy(card, at->online + (int)net->mean_offset, slot->effective, net->mean_count);
    }
    const adam_rates_t rates = adam_begin(&l->adam, clip);
    args.rate = (float)rates.rate;
    args.unbias_v = (float)rates.unbias_v;
    args.epsilon = (float)rates.epsilon;
    args.scale = (float)rates.scale;
    if (l->lags) args.max_norm = l->config.max_grad_norm;
    launch_rows(card, CARD_STEP_WEIGHTS, &args, sizeof args, args.num_partials, 1);
    card->counts.weights_bytes += 4.0 * (6 * (double)net->num_weights + (double)net->mean_count);
    args.average_rate = (float)learner_average_rate(l);
    if (args.average_rate > 0) {
        card_launch_items(card, CARD_FOLLOW_AVERAGE, &args, sizeof args, net->num_weights);
        card->counts.weights_bytes += 3 * 4.0 * (double)net->num_weights;
    }
    if (l->num_updates % (uint64_t)l->config.target_sync_period_updates == 0)
        card_copy(card, at->online, at->target, net->num_weights);
    if (l->lags) ask_for_results(card, l, slot, is_held);
    if (card->error == OPENCL_SUCCESS) card->error = card->api.Flush(card->queue);
    if (card->error != OPENCL_SUCCESS && !card->failed_call) card->failed_call = "clFlush";
    return status_of(card, why);
}

static device_status_t finish(void *self, double *busy_seconds, char *why)
{
    *busy_seconds = card_finish(self);
    return status_of(self, why);
}

static void end(void *self)
{
    card_free(self);
}

static const device_calls_t card_calls = {
    .load = load,
    .read = read_back,
    .fetch = fetch,
    .compute = compute,
    .collect = collect,
    .step = step,
    .finish = finish,
    .similarity = tell_similarity,
    .close = end,
};

/* ---- opening --------------------------------------------------------------------------------- */

/* What there are no kernels for. */
static bool can_compute(const learner_t *l, const card_info_t *info, char *why)
{
    if (l->net.encoder.num_values > 0 || l->net.num_pixels == 0)
        return refuse(why, "a card computes agents that see pictures alone; this one's eyes are "
                           "\"variables\" or \"both\"");
    if (l->config.taught) return refuse(why, "a card does not learn from a teacher");
    if (l->config.munchausen > 0)
        return refuse(why, "a card does not compute Munchausen's targets (\"munchausen\" %g)",
                      (double)l->config.munchausen);
    if (info->group_items < CARD_ITEMS)
        return refuse(why, "%s runs groups of %llu items at most, Kata's kernels have %d",
                      info->name, (unsigned long long)info->group_items, CARD_ITEMS);
    return true;
}

static bool take_memory(card_t *card, const learner_t *l, char *why)
{
    const card_layout_t *at = &card->layout;
    const size_t pool_bytes = at->num_floats * sizeof(float);
    const size_t table_bytes = at->num_table_ints * sizeof(int);
    const uint64_t most = card->info.most_at_once_bytes;
    if (most > 0 && pool_bytes > most)
        return refuse(why,
                      "the network and a batch of %d take %zu MB on the card, and %s gives "
                      "%llu MB at once: use a smaller --batch",
                      l->config.batch_size, pool_bytes >> 20, card->info.name,
                      (unsigned long long)(most >> 20));
    const size_t B = (size_t)l->config.batch_size, A = (size_t)l->config.num_actions;
    int *tables = malloc(table_bytes);
    card->staging = malloc(l->net.num_weights * sizeof(float));
    card->batch_rows = malloc(2 * 5 * B * sizeof(float));
    card->read_rows = malloc((2 * A + 1) * B * sizeof(float));
    for (int i = 0; i < 2; i++)
        card->waiting[i].rows = malloc((CARD_RESULT_NUMBERS + B + B * A) * sizeof(float));
    bool ok = tables && card->staging && card->batch_rows && card->read_rows &&
              card->waiting[0].rows && card->waiting[1].rows;
    if (!ok) refuse(why, "no memory for what goes to the card and comes from it");
    ok = ok && card_take_buffer(card, &card->pool, pool_bytes, "the network and its batch", why) &&
         card_take_buffer(card, &card->pixels, at->num_pixel_bytes, "a batch's pictures", why) &&
         card_take_buffer(card, &card->tables, table_bytes, "tables", why);
    if (ok) {
        card_layout_fill_tables(at, l, tables);
        card_write(card, card->tables, 0, tables, table_bytes, true);
        ok = card_is_well(card, why);
    }
    free(tables);
    return ok;
}

static bool open_queue(card_t *card, char *why)
{
    int32_t error = OPENCL_SUCCESS;
    char code[OPENCL_ERROR_BYTES];
    card->context = card->api.CreateContext(NULL, 1, &card->info.device, NULL, NULL, &error);
    if (card->context && error == OPENCL_SUCCESS)
        card->queue = card->api.CreateCommandQueue(card->context, card->info.device, 0, &error);
    if (card->queue && error == OPENCL_SUCCESS) return true;
    return refuse(why, "%s refuses to be used: %s", card->info.name, opencl_error(error, code));
}

static bool bind_buffers(card_t *card, char *why)
{
    const opencl_handle_t *const buffers[] = { &card->pool, &card->pixels, &card->tables };
    for (int k = 0; k < CARD_NUM_KERNELS; k++)
        for (uint32_t i = 0; i < 3; i++) {
            const int32_t error =
                card->api.SetKernelArg(card->kernels[k], i, sizeof(opencl_handle_t), buffers[i]);
            char code[OPENCL_ERROR_BYTES];
            if (error != OPENCL_SUCCESS)
                return refuse(why, "%s: kernel %s does not take Kata's buffers: %s",
                              card->info.name, card_kernel_rows[k].name, opencl_error(error, code));
        }
    return true;
}

bool card_open(device_t *device, const opencl_api_t *api, const card_info_t *info,
               const learner_t *learner, const char *cache_dir, const card_options_t *options,
               why_t why)
{
    if (!can_compute(learner, info, why)) return false;
    card_t *card = calloc(1, sizeof *card);
    if (!card) return refuse(why, "no memory for a card");
    card->api = *api;
    card->info = *info;
    card->num_groups = options->num_groups > 0 ? options->num_groups : 4 * (int32_t)info->units;
    card->most_launch_flop = card_launch_limit(info, options);
    card->is_shared = options->is_shared;
    bool ok = card_layout_make(&card->layout, learner);
    if (!ok)
        refuse(why, "a batch of %d is too large for a card: use a smaller --batch",
               learner->config.batch_size);
    ok = ok && open_queue(card, why) && card_build(card, cache_dir, why) &&
         take_memory(card, learner, why) && bind_buffers(card, why) &&
         card_pictures_open(card, learner, options->most_picture_bytes, why);
    if (!ok) {
        card_free(card);
        return false;
    }
    *device = (device_t){ &card_calls, card };
    return true;
}

/* ---- for those who look ---------------------------------------------------------------------- */

card_counts_t card_counts(const device_t *device)
{
    return ((const card_t *)device->self)->counts;
}

device_status_t card_multiply(device_t *device, const learner_t *l, int32_t repeats, why_t why)
{
    card_t *card = device->self;
    const card_layout_t *at = &card->layout;
    const card_counts_t counts = card->counts;
    card_slot_t *slot = slot_of(card, l, l->batch);
    for (int32_t i = 0; i < repeats; i++) {
        card_forward(card, l, slot);
        card_backward(card, l, slot, at->d_logits, at->grad);
        if (!learner_has_meta(&l->config)) continue;
        card_backward(card, l, slot, at->meta_d_logits, at->meta_grad);
        card_jvp(card, l, slot);
    }
    float any;
    card_read(card, at->result, 1, &any, true);
    card->counts = counts;
    return status_of(card, why);
}

const card_layout_t *card_layout_of(const device_t *device)
{
    return &((const card_t *)device->self)->layout;
}

bool card_peek(const device_t *device, int at, int count, float *values)
{
    card_t *card = device->self;
    card_read(card, at, (size_t)count, values, true);
    return card->error == OPENCL_SUCCESS;
}
