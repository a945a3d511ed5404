/* card_layout.c - see card_layout.h. */
#include "card_layout.h"

#include <limits.h>

enum { ALIGNMENT = 32, MOST_SHARES = 4 << 20 };

static int take(size_t *used, size_t count)
{
    const size_t at = *used;
    *used += (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at > INT_MAX ? INT_MAX : (int)at;
}

static void take_residual(card_residual_t *residual, size_t *used, const net_t *net, size_t rows)
{
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        const size_t size = rows * conv_in_size(&net->residual.conv[s * RESIDUAL_CONVS_EACH + 1]);
        for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
            residual->open[s][b] = take(used, size);
            residual->inner[s][b] = take(used, size);
        }
        residual->out[s] = take(used, size);
        residual->from[s] = take(used, size);
    }
    residual->cells = take(used, rows * (size_t)net->num_features);
    residual->rate = take(used, rows);
}

static void take_slot(card_slot_t *slot, card_layout_t *to, const learner_t *l)
{
    const net_t *net = &l->net;
    const size_t B = (size_t)l->config.batch_size, rows = 3 * B;
    size_t *used = &to->num_floats;
    for (int32_t c = 0; c < net->num_convs; c++)
        slot->conv[c] = slot->features = take(used, rows * conv_out_size(&net->conv[c]));
    if (net->residual.num_features > 0) {
        take_residual(&slot->residual, used, net, rows);
        slot->features = take(used, rows * (size_t)net->num_features);
    }
    slot->hidden = take(used, rows * (size_t)net->fc.out_size);
    slot->value = take(used, rows * (size_t)net->num_atoms);
    slot->logits = take(used, rows * (size_t)net->head.out_size);
    slot->probs = take(used, rows * (size_t)net->head.out_size);
    slot->q = take(used, rows * (size_t)net->num_actions);
    slot->noise = take(used, net->noise_count);
    slot->effective = take(used, net->mean_count);
    slot->held_convs = take(used, net->mean_offset);
    slot->pixels = take(&to->num_pixel_bytes, 2 * B * net->obs_bytes);
}

static void take_patches(card_patches_t *patches, size_t *used, const conv_t *conv, size_t rows)
{
    patches->corners = take(used, rows * (size_t)conv_pixels(conv));
    patches->taps = take(used, (size_t)conv_taps(conv));
    if (conv->pad == 0) return;
    patches->edges = take(used, rows * (size_t)conv_pixels(conv));
    patches->tap_edges = take(used, (size_t)conv_taps(conv));
}

/* The convolution before a section's pool, or one behind it: all of those are alike. */
static const conv_t *residual_conv(const net_t *net, int32_t section, int32_t is_behind)
{
    return &net->residual.conv[section * RESIDUAL_CONVS_EACH + is_behind];
}

static void take_tables(card_layout_t *to, const learner_t *l)
{
    const net_t *net = &l->net;
    const size_t rows = 2 * (size_t)l->config.batch_size;
    const noisy_t noisy = net_noisy(net, l->target_noise);
    size_t *used = &to->num_table_ints;
    for (int32_t c = 0; c < net->num_convs; c++)
        take_patches(&to->patches[c], used, &net->conv[c], rows);
    for (int32_t i = 0; i < 2 * RESIDUAL_SECTIONS && net->residual.num_features > 0; i++)
        take_patches(&to->residual_patches[i / 2][i % 2], used, residual_conv(net, i / 2, i % 2),
                     rows);
    to->pictures = take(used, rows * (size_t)l->replay.stack * PICTURE_NUMBERS);
    to->parts = take(used, NOISY_MAX_PARTS * PART_NUMBERS);
    to->num_parts = noisy.num_parts;
    for (int32_t p = 0; p < noisy.num_parts; p++) to->num_part_rows += noisy.parts[p].outs;
    /* Without noise a gradient has the mean block, too, as plain weights. */
    to->num_plain = (int)(net->noisy ? net->mean_offset : net->num_weights);
    to->num_plain_rows = (to->num_plain + CARD_PLAIN_ROW - 1) / CARD_PLAIN_ROW;
}

bool card_layout_make(card_layout_t *to, const learner_t *l)
{
    const net_t *net = &l->net;
    const size_t W = net->num_weights, B = (size_t)l->config.batch_size;
    const size_t A = (size_t)net->num_actions, AZ = (size_t)net->head.out_size;
    const bool meta = learner_has_meta(&l->config);
    *to = (card_layout_t){ .averaged = -1, .num_shares = MOST_SHARES };
    size_t *used = &to->num_floats;
    take_tables(to, l);
    int *const weights[] = { &to->online, &to->target, &to->m, &to->v };
    for (int i = 0; i < 4; i++) *weights[i] = take(used, W);
    if (l->averaged) to->averaged = take(used, W);
    to->grad = take(used, W);
    to->target_noise = take(used, net->noise_count);
    to->target_effective = take(used, net->mean_count);
    for (int i = 0; i < (meta ? 2 : 1); i++) take_slot(&to->slots[i], to, l);
    for (int32_t c = 0; c < net->num_convs; c++)
        to->d_conv[c] = to->d_features = take(used, B * conv_out_size(&net->conv[c]));
    if (net->residual.num_features > 0) {
        const residual_sizes_t sizes = residual_sizes(&net->residual);
        to->d_features = take(used, B * (size_t)net->num_features);
        to->wide = take(used, 3 * B * sizes.wide);
        to->a = take(used, B * sizes.pooled);
        to->b = take(used, B * sizes.pooled);
    }
    to->d_hidden = take(used, B * (size_t)net->fc.out_size);
    to->d_value = take(used, B * (size_t)net->num_atoms);
    to->d_logits = take(used, B * AZ);
    to->d_q = take(used, B * A);
    if (meta) {
        to->meta_grad = take(used, W);
        to->tangent = take(used, W);
        to->meta_d_logits = take(used, B * AZ);
        to->t_logits = take(used, B * AZ);
        to->t_q = take(used, B * A);
    }
    to->arrivals = take(&to->num_pixel_bytes, 2 * B * net->obs_bytes);
    to->rows = take(used, 5 * B);
    int *const sums[] = { &to->losses, &to->td_errors, &to->chosen_q, &to->penalties };
    for (int i = 0; i < 4; i++) *sums[i] = take(used, B);
    to->pull = take(used, A * A);
    to->partials = take(used, (size_t)(to->num_plain_rows + to->num_part_rows));
    to->result = take(used, CARD_RESULT_NUMBERS);
    to->shares = take(used, MOST_SHARES);
    return *used <= INT_MAX && to->num_pixel_bytes <= INT_MAX && to->num_table_ints <= INT_MAX;
}

/* Which of a padded kernel's taps are inside at an output pixel: bit kernel ky + kx. */
static int edges_at(const conv_t *conv, int y, int x)
{
    int bits = 0;
    for (int i = 0; i < conv->kernel * conv->kernel; i++) {
        const int at_y = y * conv->stride - conv->pad + i / conv->kernel;
        const int at_x = x * conv->stride - conv->pad + i % conv->kernel;
        const bool is_inside =
            at_y >= 0 && at_y < conv->in_height && at_x >= 0 && at_x < conv->in_width;
        bits |= is_inside << i;
    }
    return bits;
}

static void fill_edges(const card_patches_t *patches, const conv_t *conv, int rows, int *tables)
{
    const int square = conv->kernel * conv->kernel, taps = conv_taps(conv);
    int *edges = tables + patches->edges, *tap = tables + patches->tap_edges;
    for (int n = 0; n < rows; n++)
        for (int i = 0; i < conv_pixels(conv); i++)
            *edges++ = edges_at(conv, i / conv->out_width, i % conv->out_width);
    for (int k = 0; k < taps; k++) tap[k] = conv->from_bytes ? k % square : k / conv->in_channels;
}

static void fill_conv(const card_patches_t *patches, const learner_t *l, const conv_t *conv,
                      int *tables)
{
    if (conv->pad > 0) fill_edges(patches, conv, 2 * l->config.batch_size, tables);
    const int plane = (int)conv->plane_bytes, width = conv->in_width, ins = conv->in_channels;
    const int row_size = conv->from_bytes ? (int)l->net.obs_bytes : (int)conv_in_size(conv);
    int *corner = tables + patches->corners, *tap = tables + patches->taps;
    for (int n = 0; n < 2 * l->config.batch_size; n++)
        for (int y = 0; y < conv->out_height; y++)
            for (int x = 0; x < conv->out_width; x++) {
                const int pixel =
                    (y * conv->stride - conv->pad) * width + x * conv->stride - conv->pad;
                *corner++ = n * row_size + pixel * (conv->from_bytes ? 1 : ins);
            }
    if (conv->from_bytes) {
        for (int i = 0; i < ins; i++)
            for (int ky = 0; ky < conv->kernel; ky++)
                for (int kx = 0; kx < conv->kernel; kx++) *tap++ = i * plane + ky * width + kx;
        return;
    }
    for (int ky = 0; ky < conv->kernel; ky++)
        for (int kx = 0; kx < conv->kernel; kx++)
            for (int i = 0; i < ins; i++) *tap++ = (ky * width + kx) * ins + i;
}

void card_layout_fill_tables(const card_layout_t *layout, const learner_t *l, int *tables)
{
    const real_t *draw = l->target_noise; /* any: of its pointers only distances are kept */
    const noisy_t noisy = net_noisy(&l->net, draw);
    for (int32_t c = 0; c < l->net.num_convs; c++)
        fill_conv(&layout->patches[c], l, &l->net.conv[c], tables);
    for (int32_t i = 0; i < 2 * RESIDUAL_SECTIONS && l->net.residual.num_features > 0; i++)
        fill_conv(&layout->residual_patches[i / 2][i % 2], l, residual_conv(&l->net, i / 2, i % 2),
                  tables);
    for (int32_t p = 0; p < noisy.num_parts; p++) {
        const noisy_part_t *part = &noisy.parts[p];
        int *to = tables + layout->parts + p * PART_NUMBERS;
        to[PART_OUTS] = part->outs;
        to[PART_INS] = part->ins;
        to[PART_W] = (int)part->w;
        to[PART_B] = (int)part->b;
        to[PART_NOISE_W] = (int)part->noise_w;
        to[PART_NOISE_B] = (int)part->noise_b;
        to[PART_EPS_IN] = (int)(part->eps_in - draw);
        to[PART_EPS_OUT] = (int)(part->eps_out - draw);
    }
}
