/* passes.c - the wiring of layers.c: forward, backward and tangent passes of net.h.
 *
 * A pass is a few jobs, one after another; each runs on all threads of the pool over its share
 * of rows, outputs or inputs. Contexts are plain structs on the stack of the pass. */
#include "net.h"

#include <assert.h>
#include <string.h>

#include "row_products.h"

enum { ROW_GRAIN = 1, OUT_GRAIN = 16 };

static int32_t half_outs(const net_t *net)
{
    return net->fc.out_size / net->num_halves;
}

static linear_range_t share_of(int32_t count, int32_t share, int32_t num_shares)
{
    linear_range_t range;
    range.count = thread_pool_share(count, OUT_GRAIN, share, num_shares, &range.first);
    return range;
}

/* ---- forward -------------------------------------------------------------------------------- */

/* One network over num_rows observations. */
typedef struct {
    const net_view_t *view;
    const uint8_t *const *obs; /* (num_rows) pointers */
    net_acts_t *acts;          /* written, rows [0, num_rows) */
    int32_t num_rows;
    const int32_t *taken; /* (num_taken) actions that alone have logits, of the first rows */
    int32_t num_taken;
    bool has_no_logits;
} pass_t;

/* The passes of one update: online network, then target network; or one pass alone. The last
 * num_shared rows of the first pass and all rows of the second are the same observations (s'), so
 * that conv1 unfolds them once for both networks. */
typedef struct {
    const net_t *net;
    net_scratch_t *scratch;
    pass_t passes[2];
    int32_t num_passes;
    int32_t num_shared; /* 0 or passes[1].num_rows */
} forward_t;

/* Convolutions from_layer and all behind it, rows [row, + num_rows) of a pass. */
static void forward_rows(const net_t *net, const pass_t *pass, int32_t from_layer, int32_t row,
                         int32_t num_rows, real_t *group)
{
    const size_t at = (size_t)row;
    for (int32_t l = from_layer; l < net->num_convs; l++) {
        const conv_t *conv = &net->conv[l];
        const conv_input_t in = {
            .bytes = pass->obs + row,
            .reals = l > 0 ? pass->acts->conv[l - 1] + at * conv_out_size(&net->conv[l - 1]) : NULL,
        };
        conv_forward(conv, num_rows, in, pass->view->conv_w[l], pass->view->conv_b[l], group,
                     pass->acts->conv[l] + at * conv_out_size(conv));
    }
}

/* What comes of convolutions is copied to its place where there are values, too; a share's rows of
 * one pass. */
static void gather_features(const net_t *net, const pass_t *pass, int32_t row, int32_t num_rows)
{
    const size_t F = (size_t)net->num_features, P = (size_t)net->num_pixels;
    net_acts_t *acts = pass->acts;
    if (net->encoder.num_values == 0) return;
    for (size_t n = (size_t)row; net->num_convs > 0 && n < (size_t)(row + num_rows); n++)
        memcpy(acts->features + n * F, acts->conv[net->num_convs - 1] + n * P, P * sizeof(real_t));
    encoder_forward(&net->encoder, &pass->view->encoder, pass->obs, row, num_rows, &acts->encoder,
                    acts->features + P, net->num_features);
}

static void forward_residual(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    for (int32_t i = 0; i < f->num_passes; i++) {
        const pass_t *pass = &f->passes[i];
        int32_t row;
        const int32_t rows = thread_pool_share(pass->num_rows, ROW_GRAIN, share, num_shares, &row);
        residual_forward(&f->net->residual, &pass->view->residual, pass->obs, row, rows,
                         f->scratch->group[share], &f->scratch->residual[share],
                         &pass->acts->residual, pass->acts->features, f->net->num_features);
    }
}

static void forward_features(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    for (int32_t i = 0; i < f->num_passes; i++) {
        int32_t row;
        const int32_t rows =
            thread_pool_share(f->passes[i].num_rows, ROW_GRAIN, share, num_shares, &row);
        gather_features(f->net, &f->passes[i], row, rows);
    }
}

static void forward_convs(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    const net_t *net = f->net;
    real_t *group = f->scratch->group[share];
    int32_t row;
    for (int32_t i = 0; i < f->num_passes; i++) {
        const pass_t *pass = &f->passes[i];
        const int32_t rows =
            thread_pool_share(pass->num_rows - f->num_shared, ROW_GRAIN, share, num_shares, &row);
        forward_rows(net, pass, 0, row, rows, group);
    }
    if (f->num_shared == 0) return;
    const conv_t *conv1 = &net->conv[0];
    const pass_t *online = &f->passes[0], *target = &f->passes[1];
    const int32_t rows = thread_pool_share(f->num_shared, ROW_GRAIN, share, num_shares, &row);
    const int32_t online_row = online->num_rows - f->num_shared + row;
    conv_forward_pair(conv1, rows, (conv_input_t){ .bytes = target->obs + row },
                      f->scratch->shared_w, f->scratch->shared_b, group,
                      online->acts->conv[0] + (size_t)online_row * conv_out_size(conv1),
                      target->acts->conv[0] + (size_t)row * conv_out_size(conv1));
    forward_rows(net, online, 1, online_row, rows, group);
    forward_rows(net, target, 1, row, rows, group);
}

static void forward_fc(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    const linear_t *fc = &f->net->fc;
    for (int32_t i = 0; i < f->num_passes; i++) {
        const pass_t *pass = &f->passes[i];
        linear_forward(fc, share_of(fc->out_size, share, num_shares), pass->num_rows,
                       pass->acts->features, pass->view->fc_w, pass->view->fc_b,
                       pass->acts->hidden);
    }
}

void net_action_logits(const net_t *net, const net_view_t *view, int32_t n, int32_t action,
                       net_acts_t *acts)
{
    const linear_range_t block = { action * net->num_atoms, net->num_atoms };
    linear_forward(&net->head, block, 1, acts->hidden + (size_t)n * (size_t)net->head.in_stride,
                   view->head_w, view->head_b,
                   acts->logits + (size_t)n * (size_t)net->head.out_stride);
}

static void forward_heads(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    const linear_t *head = &f->net->head, *value = &f->net->value;
    for (int32_t i = 0; i < f->num_passes; i++) {
        const pass_t *pass = &f->passes[i];
        int32_t row;
        const int32_t rows = thread_pool_share(pass->num_taken, ROW_GRAIN, share, num_shares, &row);
        for (int32_t n = row; n < row + rows; n++)
            net_action_logits(f->net, pass->view, n, pass->taken[n], pass->acts);
        const size_t behind = (size_t)pass->num_taken;
        if (!pass->has_no_logits && pass->num_rows > pass->num_taken)
            linear_forward(
                head, share_of(head->out_size, share, num_shares), pass->num_rows - pass->num_taken,
                pass->acts->hidden + behind * (size_t)head->in_stride, pass->view->head_w,
                pass->view->head_b, pass->acts->logits + behind * (size_t)head->out_stride);
        if (f->net->dueling)
            linear_forward(value, share_of(value->out_size, share, num_shares), pass->num_rows,
                           pass->acts->hidden + half_outs(f->net), pass->view->value_w,
                           pass->view->value_b, pass->acts->value);
    }
}

static void forward_dueling(void *context, int32_t share, int32_t num_shares)
{
    const forward_t *f = context;
    for (int32_t i = 0; i < f->num_passes; i++) {
        const pass_t *pass = &f->passes[i];
        int32_t row;
        const int32_t rows = thread_pool_share(pass->num_rows, ROW_GRAIN, share, num_shares, &row);
        dueling_forward(rows, f->net->num_actions, f->net->num_atoms,
                        pass->acts->value + (size_t)row * (size_t)f->net->value.out_stride,
                        pass->acts->logits + (size_t)row * (size_t)f->net->head.out_stride);
    }
}

static void run_forward(forward_t *f, thread_pool_t *pool)
{
    if (f->net->num_convs > 0) thread_pool_run(pool, forward_convs, f);
    if (f->net->residual.num_features > 0) thread_pool_run(pool, forward_residual, f);
    if (f->net->encoder.num_values > 0) thread_pool_run(pool, forward_features, f);
    thread_pool_run(pool, forward_fc, f);
    thread_pool_run(pool, forward_heads, f);
    if (f->net->dueling) thread_pool_run(pool, forward_dueling, f);
}

void net_forward(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                 int32_t num_rows, thread_pool_t *pool, net_scratch_t *scratch, net_acts_t *acts)
{
    forward_t f = {
        .net = net,
        .scratch = scratch,
        .passes = { { .view = view, .obs = obs, .acts = acts, .num_rows = num_rows } },
        .num_passes = 1,
    };
    run_forward(&f, pool);
}

/* conv1 of two networks, one behind the other, for conv_forward_pair(). */
static void copy_shared_weights(const net_t *net, const net_view_t *online,
                                const net_view_t *target, net_scratch_t *scratch)
{
    const size_t outs = (size_t)net->conv[0].out_channels;
    const size_t taps = (size_t)conv_taps(&net->conv[0]), real = sizeof(real_t);
    memcpy(scratch->shared_w, online->conv_w[0], outs * taps * real);
    memcpy(scratch->shared_w + outs * taps, target->conv_w[0], outs * taps * real);
    memcpy(scratch->shared_b, online->conv_b[0], outs * real);
    memcpy(scratch->shared_b + outs, target->conv_b[0], outs * real);
}

void net_forward_update(const net_t *net, const net_view_t *online, const net_view_t *target,
                        const uint8_t *const *obs, int32_t batch_size, bool double_q,
                        const int32_t *taken, thread_pool_t *pool, net_scratch_t *scratch,
                        net_acts_t *online_acts, net_acts_t *target_acts)
{
    assert(!taken || !net->dueling);
    const int32_t B = batch_size;
    forward_t f = {
        .net = net,
        .scratch = scratch,
        .passes = { { online, obs, online_acts, double_q ? 2 * B : B, taken, taken ? B : 0, false },
                    { target, obs + B, target_acts, B, NULL, 0, taken && double_q } },
        .num_passes = 2,
        .num_shared = double_q && net->num_convs > 0 ? B : 0,
    };
    if (f.num_shared > 0) copy_shared_weights(net, online, target, scratch);
    run_forward(&f, pool);
}

void net_forward_noisy_row(const net_t *net, const real_t *weights, const real_t *noise,
                           const uint8_t *obs, net_scratch_t *scratch, net_acts_t *acts)
{
    const net_view_t view = net_view(net, weights, NULL);
    forward_t f = {
        .net = net,
        .scratch = scratch,
        .passes = { { .view = &view, .obs = &obs, .acts = acts, .num_rows = 1 } },
        .num_passes = 1,
    };
    if (net->num_convs > 0) forward_convs(&f, 0, 1);
    if (net->residual.num_features > 0) forward_residual(&f, 0, 1);
    forward_features(&f, 0, 1);
    const noisy_t noisy = net_noisy(net, noise);
    const int32_t half = half_outs(net);
    for (int32_t p = 0; p < noisy.num_parts; p++) {
        const noisy_part_t *part = &noisy.parts[p];
        const bool in_fc = p < net->num_halves, in_head = p == net->num_halves;
        const real_t *in = in_fc ? acts->features : in_head ? acts->hidden : acts->hidden + half;
        real_t *out = in_fc ? acts->hidden + p * half : in_head ? acts->logits : acts->value;
        real_t *scaled = scratch->noisy_in, *noised = scratch->noisy_out;
        for (int32_t i = 0; i < part->ins; i++) scaled[i] = in[i] * part->eps_in[i];
        row_products(1, part->outs, part->ins, 1, in, weights + part->w, out);
        row_products(1, part->outs, part->ins, 1, scaled, weights + part->noise_w, noised);
        for (int32_t o = 0; o < part->outs; o++) {
            out[o] += weights[part->b + (size_t)o] +
                      part->eps_out[o] * (noised[o] + weights[part->noise_b + (size_t)o]);
            if (in_fc && !(out[o] > 0)) out[o] = 0;
        }
    }
    if (net->dueling)
        dueling_forward(1, net->num_actions, net->num_atoms, acts->value, acts->logits);
}

/* ---- backward ------------------------------------------------------------------------------- */

typedef struct {
    const net_t *net;
    const net_view_t *view;
    const uint8_t *const *obs;
    const net_acts_t *acts;
    int32_t num_rows;
    const int32_t *taken; /* or NULL */
    real_t *d_logits;
    net_scratch_t *scratch;
    real_t *to[NET_NUM_TENSORS]; /* where each tensor's gradient goes */
    real_t *grad;
} backward_t;

static void backward_dueling(void *context, int32_t share, int32_t num_shares)
{
    const backward_t *k = context;
    int32_t row;
    const int32_t rows = thread_pool_share(k->num_rows, ROW_GRAIN, share, num_shares, &row);
    dueling_backward(rows, k->net->num_actions, k->net->num_atoms,
                     k->d_logits + (size_t)row * (size_t)k->net->head.out_stride,
                     k->scratch->d_value + (size_t)row * (size_t)k->net->value.out_stride);
}

static void backward_taken(const backward_t *k, int32_t share, int32_t num_shares)
{
    const linear_t *head = &k->net->head;
    const int32_t Z = k->net->num_atoms;
    linear_range_t blocks;
    int32_t row;
    blocks.count = thread_pool_share(k->net->num_actions, 1, share, num_shares, &blocks.first);
    linear_backward_chosen_weights(head, Z, blocks, k->taken, k->num_rows, k->acts->hidden,
                                   k->d_logits, k->to[NET_HEAD_W], k->to[NET_HEAD_B]);
    const int32_t rows = thread_pool_share(k->num_rows, ROW_GRAIN, share, num_shares, &row);
    linear_backward_chosen_input(head, Z, k->taken, row, rows, k->view->head_w, k->d_logits,
                                 k->scratch->d_hidden);
}

/* The heads have no ReLU, so weights and inputs can go in one job. */
static void backward_heads(void *context, int32_t share, int32_t num_shares)
{
    const backward_t *k = context;
    const linear_t *head = &k->net->head, *value = &k->net->value;
    real_t *hidden = k->acts->hidden, *d_hidden = k->scratch->d_hidden;
    if (k->taken) {
        backward_taken(k, share, num_shares);
        return;
    }
    linear_backward_weights(head, share_of(head->out_size, share, num_shares), k->num_rows, hidden,
                            NULL, k->d_logits, k->to[NET_HEAD_W], k->to[NET_HEAD_B]);
    linear_backward_input(head, share_of(head->in_size, share, num_shares), k->num_rows,
                          k->view->head_w, k->d_logits, d_hidden);
    if (!k->net->dueling) return;
    const int32_t half = half_outs(k->net);
    real_t *d_value = k->scratch->d_value;
    linear_backward_weights(value, share_of(value->out_size, share, num_shares), k->num_rows,
                            hidden + half, NULL, d_value, k->to[NET_VALUE_W], k->to[NET_VALUE_B]);
    linear_backward_input(value, share_of(value->in_size, share, num_shares), k->num_rows,
                          k->view->value_w, d_value, d_hidden + half);
}

static void backward_fc_weights(void *context, int32_t share, int32_t num_shares)
{
    const backward_t *k = context;
    const linear_t *fc = &k->net->fc;
    linear_backward_weights(fc, share_of(fc->out_size, share, num_shares), k->num_rows,
                            k->acts->features, k->acts->hidden, k->scratch->d_hidden,
                            k->to[NET_FC_W], k->to[NET_FC_B]);
}

static void backward_fc_input(void *context, int32_t share, int32_t num_shares)
{
    const backward_t *k = context;
    const linear_t *fc = &k->net->fc;
    linear_backward_input(fc, share_of(fc->in_size, share, num_shares), k->num_rows, k->view->fc_w,
                          k->scratch->d_hidden, k->scratch->d_features);
}

/* The encoder's part; that of convolutions goes to its place. own: where this share's gradient
 * goes.
 */
static void backward_features(const backward_t *k, int32_t row, int32_t num_rows, real_t *own)
{
    const net_t *net = k->net;
    const size_t F = (size_t)net->num_features, P = (size_t)net->num_pixels;
    real_t *to[ENCODER_NUM_TENSORS];
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++)
        to[t] = own + net->rows[NET_ENCODER + t].offset;
    encoder_backward(&net->encoder, &k->view->encoder, &k->acts->encoder, row, num_rows,
                     k->scratch->d_features + P, net->num_features, &k->scratch->encoder, to);
    for (size_t n = (size_t)row; net->num_convs > 0 && n < (size_t)(row + num_rows); n++)
        memcpy(k->scratch->d_conv[net->num_convs - 1] + n * P, k->scratch->d_features + n * F,
               P * sizeof(real_t));
}

static void backward_residual(const backward_t *k, int32_t share, int32_t row, int32_t num_rows,
                              real_t *own)
{
    const net_t *net = k->net;
    real_t *to[RESIDUAL_NUM_TENSORS];
    for (int32_t t = 0; t < RESIDUAL_NUM_TENSORS; t++)
        to[t] = own + net->rows[NET_RESIDUAL + t].offset;
    residual_backward(&net->residual, &k->view->residual, k->obs, &k->acts->residual, row, num_rows,
                      k->acts->features, k->scratch->d_features, net->num_features,
                      k->scratch->group[share], &k->scratch->residual[share], to);
}

static void backward_trunks(void *context, int32_t share, int32_t num_shares)
{
    const backward_t *k = context;
    const net_t *net = k->net;
    int32_t row;
    const int32_t rows = thread_pool_share(k->num_rows, ROW_GRAIN, share, num_shares, &row);
    real_t *own = share == 0 ? k->grad : k->scratch->d_convs[share];
    if (net->encoder.num_values > 0) backward_features(k, row, rows, own);
    if (net->residual.num_features > 0) backward_residual(k, share, row, rows, own);
    for (int32_t l = net->num_convs - 1; l >= 0; l--) {
        const conv_t *conv = &net->conv[l];
        const size_t out_at = (size_t)row * conv_out_size(conv);
        const size_t in_at = l > 0 ? (size_t)row * conv_out_size(&net->conv[l - 1]) : 0;
        const conv_input_t in = {
            .bytes = k->obs + row,
            .reals = l > 0 ? k->acts->conv[l - 1] + in_at : NULL,
        };
        conv_backward(conv, rows, in, k->view->conv_w[l], k->acts->conv[l] + out_at,
                      k->scratch->d_conv[l] + out_at, k->scratch->group[share],
                      own + net->rows[NET_CONV_W + 2 * l].offset,
                      own + net->rows[NET_CONV_B + 2 * l].offset,
                      l > 0 ? k->scratch->d_conv[l - 1] + in_at : NULL);
    }
}

void net_backward(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                  const net_acts_t *acts, int32_t num_rows, const int32_t *taken, real_t *d_logits,
                  thread_pool_t *pool, net_scratch_t *scratch, real_t *grad)
{
    assert(!taken || !net->dueling);
    backward_t k = { net, view, obs, acts, num_rows, taken, d_logits, scratch, { NULL }, grad };
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) k.to[t] = grad + net->rows[t].offset;
    if (net->dueling) thread_pool_run(pool, backward_dueling, &k);
    thread_pool_run(pool, backward_heads, &k);
    thread_pool_run(pool, backward_fc_weights, &k);
    thread_pool_run(pool, backward_fc_input, &k);
    thread_pool_run(pool, backward_trunks, &k);
    for (int32_t t = 1; t < thread_pool_size(pool); t++)
        for (size_t i = 0; i < net->mean_offset; i++) grad[i] += scratch->d_convs[t][i];
}

/* ---- tangent -------------------------------------------------------------------------------- */

typedef struct {
    const net_t *net;
    const net_view_t *view, *tangent;
    const uint8_t *const *obs;
    const net_acts_t *acts;
    int32_t num_rows;
    net_scratch_t *scratch;
    real_t *t_logits;
} jvp_t;

static void jvp_trunks(void *context, int32_t share, int32_t num_shares)
{
    const jvp_t *j = context;
    const net_t *net = j->net;
    int32_t row;
    const int32_t rows = thread_pool_share(j->num_rows, ROW_GRAIN, share, num_shares, &row);
    for (int32_t l = 0; l < net->num_convs; l++) {
        const conv_t *conv = &net->conv[l];
        const size_t out_at = (size_t)row * conv_out_size(conv);
        const size_t in_at = l > 0 ? (size_t)row * conv_out_size(&net->conv[l - 1]) : 0;
        const conv_input_t in = {
            .bytes = j->obs + row,
            .reals = l > 0 ? j->acts->conv[l - 1] + in_at : NULL,
        };
        conv_jvp(conv, rows, in, j->view->conv_w[l], j->acts->conv[l] + out_at,
                 l > 0 ? j->scratch->d_conv[l - 1] + in_at : NULL, j->tangent->conv_w[l],
                 j->tangent->conv_b[l], j->scratch->group[share], j->scratch->d_conv[l] + out_at);
    }
    if (net->residual.num_features > 0)
        residual_jvp(&net->residual, &j->view->residual, &j->tangent->residual, j->obs,
                     &j->acts->residual, row, rows, j->acts->features, j->scratch->group[share],
                     &j->scratch->residual[share], j->scratch->d_features, net->num_features);
    if (net->encoder.num_values == 0) return;
    const size_t F = (size_t)net->num_features, P = (size_t)net->num_pixels;
    for (size_t n = (size_t)row; net->num_convs > 0 && n < (size_t)(row + rows); n++)
        memcpy(j->scratch->d_features + n * F, j->scratch->d_conv[net->num_convs - 1] + n * P,
               P * sizeof(real_t));
    encoder_jvp(&net->encoder, &j->view->encoder, &j->tangent->encoder, &j->acts->encoder, row,
                rows, &j->scratch->encoder, j->scratch->d_features + P, net->num_features);
}

static void jvp_fc(void *context, int32_t share, int32_t num_shares)
{
    const jvp_t *j = context;
    const linear_t *fc = &j->net->fc;
    linear_jvp(fc, share_of(fc->out_size, share, num_shares), j->num_rows, j->acts->features,
               j->view->fc_w, j->acts->hidden, j->scratch->d_features, j->tangent->fc_w,
               j->tangent->fc_b, j->scratch->d_hidden);
}

static void jvp_heads(void *context, int32_t share, int32_t num_shares)
{
    const jvp_t *j = context;
    const linear_t *head = &j->net->head, *value = &j->net->value;
    const real_t *hidden = j->acts->hidden, *t_hidden = j->scratch->d_hidden;
    linear_jvp(head, share_of(head->out_size, share, num_shares), j->num_rows, hidden,
               j->view->head_w, NULL, t_hidden, j->tangent->head_w, j->tangent->head_b,
               j->t_logits);
    if (!j->net->dueling) return;
    const int32_t half = half_outs(j->net);
    linear_jvp(value, share_of(value->out_size, share, num_shares), j->num_rows, hidden + half,
               j->view->value_w, NULL, t_hidden + half, j->tangent->value_w, j->tangent->value_b,
               j->scratch->d_value);
}

void net_jvp(const net_t *net, const net_view_t *view, const net_view_t *tangent,
             const uint8_t *const *obs, const net_acts_t *acts, int32_t num_rows,
             thread_pool_t *pool, net_scratch_t *scratch, real_t *t_logits)
{
    jvp_t j = { net, view, tangent, obs, acts, num_rows, scratch, t_logits };
    thread_pool_run(pool, jvp_trunks, &j);
    thread_pool_run(pool, jvp_fc, &j);
    thread_pool_run(pool, jvp_heads, &j);
    if (net->dueling)
        dueling_forward(num_rows, net->num_actions, net->num_atoms, scratch->d_value, t_logits);
}
