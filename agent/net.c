/* net.c - the table, and the wiring of layers.c. */
#include "net.h"

#include <math.h>
#include <string.h>

typedef struct {
    int32_t out_channels, kernel, stride;
} conv_plan_t;

static const conv_plan_t nature_convs[] = { { 32, 8, 4 }, { 64, 4, 2 }, { 64, 3, 1 } };
static const conv_plan_t small_convs[] = { { 32, 5, 5 }, { 64, 5, 5 } };

static const char *const conv_names[] = { "conv1.w", "conv1.b", "conv2.w",
                                          "conv2.b", "conv3.w", "conv3.b" };

static net_row_t row_of(const char *name, int32_t num_dims, const int32_t dims[4], int32_t fan_in)
{
    net_row_t row = { .name = name, .num_dims = num_dims, .fan_in = fan_in, .count = 1 };
    for (int32_t i = 0; i < num_dims; i++) {
        row.dims[i] = dims[i];
        row.count *= (size_t)dims[i];
    }
    return row;
}

static net_row_t matrix_row(const char *name, const linear_t *layer)
{
    return row_of(name, 2, (int32_t[4]){ layer->out_size, layer->in_size }, layer->in_size);
}

static net_row_t bias_row(const char *name, const linear_t *layer)
{
    return row_of(name, 1, (int32_t[4]){ layer->out_size }, layer->in_size);
}

/* Every tensor there is, in one place. Memory layout, first values and checkpoint order are
 * loops over these rows. */
static void fill_rows(net_t *net)
{
    net_row_t *rows = net->rows;
    for (int32_t l = 0; l < net->num_convs; l++) {
        const conv_t *c = &net->conv[l];
        const int32_t outs = c->out_channels, ins = c->in_channels, k = c->kernel;
        const int32_t taps = conv_taps(c);
        rows[NET_CONV_W + 2 * l] =
            c->from_bytes ? row_of(conv_names[2 * l], 4, (int32_t[4]){ outs, ins, k, k }, taps)
                          : row_of(conv_names[2 * l], 4, (int32_t[4]){ outs, k, k, ins }, taps);
        rows[NET_CONV_B + 2 * l] = row_of(conv_names[2 * l + 1], 1, (int32_t[4]){ outs }, taps);
    }
    rows[NET_FC_W] = matrix_row("fc.w", &net->fc);
    rows[NET_FC_B] = bias_row("fc.b", &net->fc);
    rows[NET_HEAD_W] = matrix_row("head.w", &net->head);
    rows[NET_HEAD_B] = bias_row("head.b", &net->head);
    if (net->dueling) {
        rows[NET_VALUE_W] = matrix_row("value.w", &net->value);
        rows[NET_VALUE_B] = bias_row("value.b", &net->value);
    }
    if (net->noisy) {
        rows[NET_NOISE_FC_W] = matrix_row("fc.noise_w", &net->fc);
        rows[NET_NOISE_FC_B] = bias_row("fc.noise_b", &net->fc);
        rows[NET_NOISE_HEAD_W] = matrix_row("head.noise_w", &net->head);
        rows[NET_NOISE_HEAD_B] = bias_row("head.noise_b", &net->head);
        if (net->dueling) {
            rows[NET_NOISE_VALUE_W] = matrix_row("value.noise_w", &net->value);
            rows[NET_NOISE_VALUE_B] = bias_row("value.noise_b", &net->value);
        }
    }
    size_t offset = 0;
    for (int32_t i = 0; i < NET_NUM_TENSORS; i++) {
        rows[i].offset = offset;
        offset += (rows[i].count + NET_ALIGNMENT - 1) / NET_ALIGNMENT * NET_ALIGNMENT;
    }
    net->num_weights = offset;
    net->mean_offset = rows[NET_FC_W].offset;
    net->mean_count = rows[NET_NOISE_FC_W].offset - net->mean_offset;
}

static int32_t half_outs(const net_t *net)
{
    return net->fc.out_size / net->num_halves;
}

bool net_init(net_t *net, const agent_config_t *config)
{
    const bool nature = config->net_kind == AGENT_NET_NATURE;
    const conv_plan_t *plan = nature ? nature_convs : small_convs;
    const int32_t hidden = nature ? 512 : 256;

    *net = (net_t){
        .num_convs = nature ? 3 : 2,
        .num_halves = config->dueling ? 2 : 1,
        .num_actions = config->num_actions,
        .num_atoms = config->num_atoms,
        .dueling = config->dueling,
        .noisy = config->noisy,
    };
    int32_t shape[3] = { config->obs_stack, config->obs_height_px, config->obs_width_px };
    for (int32_t l = 0; l < net->num_convs; l++) {
        if (!conv_init(&net->conv[l], l == 0, shape, plan[l].out_channels, plan[l].kernel,
                       plan[l].stride))
            return false;
        shape[0] = net->conv[l].out_channels;
        shape[1] = net->conv[l].out_height;
        shape[2] = net->conv[l].out_width;
    }
    const int32_t F = shape[0] * shape[1] * shape[2], wide = hidden * net->num_halves;
    const int32_t AZ = config->num_actions * config->num_atoms, Z = config->num_atoms;
    net->num_features = F;
    net->fc = (linear_t){ F, wide, F, wide, true };
    net->head = (linear_t){ hidden, AZ, wide, AZ, false };
    net->value = (linear_t){ hidden, Z, wide, Z, false };
    fill_rows(net);
    if (net->noisy)
        net->noise_count = (size_t)(net->num_halves * F + wide + hidden + AZ) +
                           (net->dueling ? (size_t)(hidden + Z) : 0);
    return true;
}

void net_first_weights(const net_t *net, double noisy_sigma_init, rng_t *rng, real_t *weights)
{
    memset(weights, 0, net->num_weights * sizeof *weights);
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &net->rows[t];
        const double bound = row->count > 0 ? 1 / sqrt((double)row->fan_in) : 0;
        for (size_t i = 0; i < row->count; i++)
            weights[row->offset + i] =
                (real_t)(t >= NET_NOISE_FC_W ? noisy_sigma_init * bound
                                             : bound * (2 * rng_uniform(rng) - 1));
    }
}

net_view_t net_view(const net_t *net, const real_t *weights, const real_t *effective)
{
    net_view_t view = { 0 };
    for (int32_t l = 0; l < net->num_convs; l++) {
        view.conv_w[l] = weights + net->rows[NET_CONV_W + 2 * l].offset;
        view.conv_b[l] = weights + net->rows[NET_CONV_B + 2 * l].offset;
    }
    const real_t *block = effective ? effective : weights + net->mean_offset;
    const real_t **fields[] = { &view.fc_w,   &view.fc_b,    &view.head_w,
                                &view.head_b, &view.value_w, &view.value_b };
    for (int32_t i = 0; i < 6; i++)
        *fields[i] = block + (net->rows[NET_FC_W + i].offset - net->mean_offset);
    return view;
}

void net_draw_noise(const net_t *net, rng_t *rng, real_t *noise)
{
    for (size_t i = 0; i < net->noise_count; i++) {
        const double x = rng_normal(rng);
        noise[i] = (real_t)copysign(sqrt(fabs(x)), x);
    }
}

/* One noisy product: rows [first, first + outs) of tensor w, which share an eps_in. */
typedef struct {
    net_tensor_t w;
    int32_t first, outs, ins;
    const real_t *eps_in, *eps_out;
} noisy_part_t;

/* Cuts one draw of noise into its parts; returns how many there are. */
static int32_t noisy_parts(const net_t *net, const real_t *noise, noisy_part_t parts[4])
{
    int32_t count = 0;
    const int32_t outs = half_outs(net);
    for (int32_t half = 0; half < net->num_halves; half++) {
        parts[count++] = (noisy_part_t){ NET_FC_W,        half * outs, outs,
                                         net->fc.in_size, noise,       noise + net->fc.in_size };
        noise += net->fc.in_size + outs;
    }
    parts[count++] = (noisy_part_t){ NET_HEAD_W,        0,     net->head.out_size,
                                     net->head.in_size, noise, noise + net->head.in_size };
    noise += net->head.in_size + net->head.out_size;
    if (net->dueling)
        parts[count++] = (noisy_part_t){ NET_VALUE_W,        0,     net->value.out_size,
                                         net->value.in_size, noise, noise + net->value.in_size };
    return count;
}

enum { MEAN_TO_NOISE = NET_NOISE_FC_W - NET_FC_W };

/* Bounds and pointers in locals, or nothing would be vectorized (see adam.c). */
void net_compose(const net_t *net, const real_t *weights, const real_t *noise, real_t *effective)
{
    noisy_part_t parts[4];
    const int32_t count = noisy_parts(net, noise, parts);
    for (int32_t p = 0; p < count; p++) {
        const noisy_part_t part = parts[p];
        const net_row_t *w = &net->rows[part.w], *b = w + 1;
        const net_row_t *noise_w = w + MEAN_TO_NOISE, *noise_b = b + MEAN_TO_NOISE;
        for (int32_t o = 0; o < part.outs; o++) {
            const size_t at = (size_t)(part.first + o) * (size_t)part.ins;
            const real_t *mean = weights + w->offset + at, *scale = weights + noise_w->offset + at;
            real_t *restrict to = effective + (w->offset - net->mean_offset) + at;
            const real_t eps_out = part.eps_out[o];
            for (int32_t i = 0; i < part.ins; i++)
                to[i] = mean[i] + scale[i] * (eps_out * part.eps_in[i]);
            const size_t bias = (size_t)(part.first + o);
            effective[b->offset - net->mean_offset + bias] =
                weights[b->offset + bias] + weights[noise_b->offset + bias] * eps_out;
        }
    }
}

void net_noise_grad(const net_t *net, const real_t *noise, real_t *grad)
{
    noisy_part_t parts[4];
    const int32_t count = noisy_parts(net, noise, parts);
    for (int32_t p = 0; p < count; p++) {
        const noisy_part_t part = parts[p];
        const net_row_t *w = &net->rows[part.w], *b = w + 1;
        const net_row_t *noise_w = w + MEAN_TO_NOISE, *noise_b = b + MEAN_TO_NOISE;
        for (int32_t o = 0; o < part.outs; o++) {
            const size_t at = (size_t)(part.first + o) * (size_t)part.ins;
            const real_t *d_mean = grad + w->offset + at;
            real_t *restrict d_scale = grad + noise_w->offset + at;
            const real_t eps_out = part.eps_out[o];
            for (int32_t i = 0; i < part.ins; i++)
                d_scale[i] = d_mean[i] * (eps_out * part.eps_in[i]);
            const size_t bias = (size_t)(part.first + o);
            grad[noise_b->offset + bias] = grad[b->offset + bias] * eps_out;
        }
    }
}

void net_acts_take(const net_t *net, arena_t *arena, int32_t max_rows, int32_t max_kept,
                   net_acts_t *acts)
{
    const size_t rows = (size_t)max_rows, kept = (size_t)max_kept;
    *acts = (net_acts_t){ .max_rows = max_rows, .max_kept = max_kept };
    for (int32_t l = 0; l < net->num_convs; l++) {
        acts->patches[l] =
            arena_take(arena, kept * conv_patches_size(&net->conv[l]), sizeof(real_t));
        acts->conv[l] = arena_take(arena, rows * conv_out_size(&net->conv[l]), sizeof(real_t));
    }
    acts->hidden = arena_take(arena, rows * (size_t)net->fc.out_size, sizeof(real_t));
    acts->value = arena_take(arena, rows * (size_t)net->value.out_size, sizeof(real_t));
    acts->logits = arena_take(arena, rows * (size_t)net->head.out_size, sizeof(real_t));
}

void net_scratch_take(const net_t *net, arena_t *arena, int32_t max_rows, net_scratch_t *scratch)
{
    const size_t rows = (size_t)max_rows;
    size_t group = 0;
    for (int32_t l = 0; l < net->num_convs; l++) {
        const size_t size =
            (size_t)conv_group_rows(&net->conv[l]) * conv_patches_size(&net->conv[l]);
        if (size > group) group = size;
        scratch->d_conv[l] = arena_take(arena, rows * conv_out_size(&net->conv[l]), sizeof(real_t));
    }
    const int32_t wide = net->fc.out_size, AZ = net->head.out_size;
    scratch->patches = arena_take(arena, group, sizeof(real_t));
    scratch->d_hidden = arena_take(arena, rows * (size_t)wide, sizeof(real_t));
    scratch->d_value = arena_take(arena, rows * (size_t)net->num_atoms, sizeof(real_t));
    scratch->noisy_in = arena_take(
        arena, (size_t)(net->num_features > wide ? net->num_features : wide), sizeof(real_t));
    scratch->noisy_out = arena_take(arena, (size_t)(AZ > wide ? AZ : wide), sizeof(real_t));
}

static void forward_convs(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                          int32_t num_rows, int32_t num_kept, net_scratch_t *scratch,
                          net_acts_t *acts)
{
    for (int32_t l = 0; l < net->num_convs; l++) {
        const conv_input_t in = { .bytes = obs, .reals = l > 0 ? acts->conv[l - 1] : NULL };
        conv_forward(&net->conv[l], num_rows, in, view->conv_w[l], view->conv_b[l],
                     acts->patches[l], num_kept, scratch->patches, acts->conv[l]);
    }
}

void net_forward(const net_t *net, const net_view_t *view, const uint8_t *const *obs,
                 int32_t num_rows, int32_t num_kept, net_scratch_t *scratch, net_acts_t *acts)
{
    forward_convs(net, view, obs, num_rows, num_kept, scratch, acts);
    linear_forward(&net->fc, num_rows, acts->conv[net->num_convs - 1], view->fc_w, view->fc_b,
                   acts->hidden);
    linear_forward(&net->head, num_rows, acts->hidden, view->head_w, view->head_b, acts->logits);
    if (net->dueling) {
        linear_forward(&net->value, num_rows, acts->hidden + half_outs(net), view->value_w,
                       view->value_b, acts->value);
        dueling_forward(num_rows, net->num_actions, net->num_atoms, acts->value, acts->logits);
    }
}

void net_forward_noisy_row(const net_t *net, const real_t *weights, const real_t *noise,
                           const uint8_t *obs, net_scratch_t *scratch, net_acts_t *acts)
{
    const net_view_t view = net_view(net, weights, NULL);
    forward_convs(net, &view, &obs, 1, 0, scratch, acts);
    noisy_part_t parts[4];
    const int32_t count = noisy_parts(net, noise, parts);
    for (int32_t p = 0; p < count; p++) {
        const noisy_part_t *part = &parts[p];
        const net_row_t *w = &net->rows[part->w], *b = w + 1;
        const size_t at = (size_t)part->first * (size_t)part->ins;
        const real_t *in = part->w == NET_FC_W     ? acts->conv[net->num_convs - 1]
                           : part->w == NET_HEAD_W ? acts->hidden
                                                   : acts->hidden + half_outs(net);
        real_t *out = part->w == NET_FC_W     ? acts->hidden + part->first
                      : part->w == NET_HEAD_W ? acts->logits
                                              : acts->value;
        for (int32_t i = 0; i < part->ins; i++) scratch->noisy_in[i] = in[i] * part->eps_in[i];
        real_gemv(part->outs, part->ins, 1, weights + w->offset + at, part->ins, in, 0, out);
        real_gemv(part->outs, part->ins, 1, weights + (w + MEAN_TO_NOISE)->offset + at, part->ins,
                  scratch->noisy_in, 0, scratch->noisy_out);
        const real_t *mean_b = weights + b->offset + part->first;
        const real_t *scale_b = weights + (b + MEAN_TO_NOISE)->offset + part->first;
        for (int32_t o = 0; o < part->outs; o++) {
            out[o] += mean_b[o] + part->eps_out[o] * (scratch->noisy_out[o] + scale_b[o]);
            if (part->w == NET_FC_W && !(out[o] > 0)) out[o] = 0;
        }
    }
    if (net->dueling)
        dueling_forward(1, net->num_actions, net->num_atoms, acts->value, acts->logits);
}

void net_backward(const net_t *net, const net_view_t *view, const net_acts_t *acts,
                  int32_t num_rows, real_t *d_logits, net_scratch_t *scratch, bool add,
                  real_t *grad)
{
    const int32_t last = net->num_convs - 1, half = half_outs(net);
    real_t *to[NET_NUM_TENSORS];
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) to[t] = grad + net->rows[t].offset;

    if (net->dueling) {
        dueling_backward(num_rows, net->num_actions, net->num_atoms, d_logits, scratch->d_value);
        linear_backward(&net->value, num_rows, acts->hidden + half, view->value_w, NULL,
                        scratch->d_value, add, to[NET_VALUE_W], to[NET_VALUE_B],
                        scratch->d_hidden + half);
    }
    linear_backward(&net->head, num_rows, acts->hidden, view->head_w, NULL, d_logits, add,
                    to[NET_HEAD_W], to[NET_HEAD_B], scratch->d_hidden);
    linear_backward(&net->fc, num_rows, acts->conv[last], view->fc_w, acts->hidden,
                    scratch->d_hidden, add, to[NET_FC_W], to[NET_FC_B], scratch->d_conv[last]);
    for (int32_t l = last; l >= 0; l--)
        conv_backward(&net->conv[l], num_rows, view->conv_w[l], acts->patches[l], acts->conv[l],
                      scratch->d_conv[l], scratch->patches, add, to[NET_CONV_W + 2 * l],
                      to[NET_CONV_B + 2 * l], l > 0 ? scratch->d_conv[l - 1] : NULL);
}

void net_jvp(const net_t *net, const net_view_t *view, const net_view_t *tangent,
             const net_acts_t *acts, int32_t num_rows, net_scratch_t *scratch, real_t *t_logits)
{
    const int32_t last = net->num_convs - 1, half = half_outs(net);
    for (int32_t l = 0; l <= last; l++)
        conv_jvp(&net->conv[l], num_rows, view->conv_w[l], acts->patches[l], acts->conv[l],
                 l > 0 ? scratch->d_conv[l - 1] : NULL, tangent->conv_w[l], tangent->conv_b[l],
                 scratch->patches, scratch->d_conv[l]);
    linear_jvp(&net->fc, num_rows, acts->conv[last], view->fc_w, acts->hidden,
               scratch->d_conv[last], tangent->fc_w, tangent->fc_b, scratch->d_hidden);
    linear_jvp(&net->head, num_rows, acts->hidden, view->head_w, NULL, scratch->d_hidden,
               tangent->head_w, tangent->head_b, t_logits);
    if (net->dueling) {
        linear_jvp(&net->value, num_rows, acts->hidden + half, view->value_w, NULL,
                   scratch->d_hidden + half, tangent->value_w, tangent->value_b, scratch->d_value);
        dueling_forward(num_rows, net->num_actions, net->num_atoms, scratch->d_value, t_logits);
    }
}
