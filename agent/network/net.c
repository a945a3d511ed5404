/* net.c - the table of tensors, views of weights, noise. The wiring is in passes.c. */
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

/* Of each convolution of residual.h. */
#define SECTION_NAMES(s)                                                                           \
    "section" s ".conv1.w", "section" s ".conv1.b", "section" s ".conv2.w",                        \
        "section" s ".conv2.b", "section" s ".conv3.w", "section" s ".conv3.b",                    \
        "section" s ".conv4.w", "section" s ".conv4.b", "section" s ".conv5.w",                    \
        "section" s ".conv5.b"
static const char *const residual_names[] = { SECTION_NAMES("1"), SECTION_NAMES("2"),
                                              SECTION_NAMES("3") };
_Static_assert(sizeof residual_names / sizeof residual_names[0] == RESIDUAL_NUM_TENSORS,
               "a name each");

static const char *const encoder_names[ENCODER_NUM_TENSORS] = {
    "values.mean",   "values.variance", "values.in.w",     "values.in.b",   "block1.gain",
    "block1.shift",  "block1.up.w",     "block1.up.b",     "block1.down.w", "block1.down.b",
    "block2.gain",   "block2.shift",    "block2.up.w",     "block2.up.b",   "block2.down.w",
    "block2.down.b", "values.out.gain", "values.out.shift"
};
_Static_assert(ENCODER_BLOCKS == 2, "a name each");

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

/* Of so many numbers, which begin as net_first_weights() says and not by chance. */
static net_row_t plain_row(const char *name, int32_t count)
{
    return row_of(name, 1, (int32_t[4]){ count }, 0);
}

/* Its weights and its bias. */
static void fill_conv_rows(net_row_t rows[2], const char *const names[2], const conv_t *c)
{
    const int32_t outs = c->out_channels, ins = c->in_channels, k = c->kernel;
    const int32_t taps = conv_taps(c);
    rows[0] = c->from_bytes ? row_of(names[0], 4, (int32_t[4]){ outs, ins, k, k }, taps)
                            : row_of(names[0], 4, (int32_t[4]){ outs, k, k, ins }, taps);
    rows[1] = row_of(names[1], 1, (int32_t[4]){ outs }, taps);
}

static void fill_encoder_rows(net_row_t *rows, const encoder_t *encoder)
{
    const char *const *names = encoder_names;
    rows[ENCODER_MEAN] = plain_row(names[ENCODER_MEAN], encoder->num_values);
    rows[ENCODER_VARIANCE] = plain_row(names[ENCODER_VARIANCE], encoder->num_values);
    rows[ENCODER_IN_W] = matrix_row(names[ENCODER_IN_W], &encoder->in);
    rows[ENCODER_IN_B] = bias_row(names[ENCODER_IN_B], &encoder->in);
    for (int32_t b = 0; b < ENCODER_BLOCKS; b++) {
        net_row_t *of = rows + ENCODER_BLOCK + 6 * b;
        const char *const *called = names + ENCODER_BLOCK + 6 * b;
        of[ENCODER_GAIN] = plain_row(called[ENCODER_GAIN], ENCODER_WIDTH);
        of[ENCODER_SHIFT] = plain_row(called[ENCODER_SHIFT], ENCODER_WIDTH);
        of[ENCODER_UP_W] = matrix_row(called[ENCODER_UP_W], &encoder->up);
        of[ENCODER_UP_B] = bias_row(called[ENCODER_UP_B], &encoder->up);
        of[ENCODER_DOWN_W] = matrix_row(called[ENCODER_DOWN_W], &encoder->down);
        of[ENCODER_DOWN_B] = bias_row(called[ENCODER_DOWN_B], &encoder->down);
    }
    rows[ENCODER_OUT_GAIN] = plain_row(names[ENCODER_OUT_GAIN], ENCODER_WIDTH);
    rows[ENCODER_OUT_SHIFT] = plain_row(names[ENCODER_OUT_SHIFT], ENCODER_WIDTH);
}

/* Every tensor there is, in one place. Memory layout, first values and checkpoint order are
 * loops over these rows. */
static void fill_rows(net_t *net)
{
    net_row_t *rows = net->rows;
    for (int32_t l = 0; l < net->num_convs; l++)
        fill_conv_rows(&rows[NET_CONV_W + 2 * l], &conv_names[2 * l], &net->conv[l]);
    for (int32_t c = 0; c < RESIDUAL_CONVS && net->residual.num_features > 0; c++)
        fill_conv_rows(&rows[NET_RESIDUAL + 2 * c], &residual_names[2 * c], &net->residual.conv[c]);
    if (net->encoder.num_values > 0) fill_encoder_rows(rows + NET_ENCODER, &net->encoder);
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

bool net_init(net_t *net, const agent_config_t *config)
{
    static const struct {
        const conv_plan_t *convs;
        int32_t num_convs, hidden;
    } plans[] = { [AGENT_NET_SMALL] = { small_convs, 2, 256 },
                  [AGENT_NET_NATURE] = { nature_convs, 3, 512 },
                  [AGENT_NET_IMPALA] = { NULL, 0, 512 } };
    const conv_plan_t *plan = plans[config->net_kind].convs;
    const int32_t hidden = plans[config->net_kind].hidden;
    const bool sees_pictures = config->eyes != AGENT_EYES_VARIABLES;

    *net = (net_t){
        .num_convs = sees_pictures ? plans[config->net_kind].num_convs : 0,
        .obs_bytes = agent_obs_bytes(config),
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
    net->conv[0].plane_bytes = agent_look_bytes(config);
    if (sees_pictures && config->net_kind == AGENT_NET_IMPALA)
        residual_init(&net->residual, shape, agent_look_bytes(config), config->net_width);
    encoder_init(&net->encoder, config->obs_values, config->obs_stack, agent_picture_bytes(config),
                 agent_look_bytes(config));
    net->num_pixels =
        net->num_convs > 0 ? shape[0] * shape[1] * shape[2] : net->residual.num_features;
    const int32_t F = net->num_pixels + (config->obs_values > 0 ? ENCODER_WIDTH : 0),
                  wide = hidden * net->num_halves;
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

static double conv_operations(const conv_t *conv)
{
    return 2.0 * (double)conv_patches_size(conv) * (double)conv->out_channels;
}

double net_operations(const net_t *net, double *of_input)
{
    double sum = 0;
    *of_input = net->num_convs > 0               ? conv_operations(&net->conv[0])
                : net->residual.num_features > 0 ? conv_operations(&net->residual.conv[0])
                                                 : 0;
    for (int32_t l = 0; l < net->num_convs; l++) sum += conv_operations(&net->conv[l]);
    for (int32_t c = 0; c < RESIDUAL_CONVS && net->residual.num_features > 0; c++)
        sum += conv_operations(&net->residual.conv[c]);
    if (net->encoder.num_values > 0) {
        const encoder_t *e = &net->encoder;
        *of_input += 2.0 * e->in.in_size * e->in.out_size;
        sum += 2.0 * e->in.in_size * e->in.out_size +
               ENCODER_BLOCKS * 4.0 * e->up.in_size * e->up.out_size;
    }
    sum += 2.0 * net->fc.in_size * net->fc.out_size;
    sum += 2.0 * net->head.in_size * net->head.out_size;
    if (net->dueling) sum += 2.0 * net->value.in_size * net->value.out_size;
    return sum;
}

void net_first_weights(const net_t *net, double noisy_sigma_init, rng_t *rng, real_t *weights)
{
    memset(weights, 0, net->num_weights * sizeof *weights);
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &net->rows[t];
        if (row->fan_in == 0) continue; /* not there, or not by chance */
        const double bound = 1 / sqrt((double)row->fan_in);
        for (size_t i = 0; i < row->count; i++)
            weights[row->offset + i] =
                (real_t)(t >= NET_NOISE_FC_W ? noisy_sigma_init * bound
                                             : bound * (2 * rng_uniform(rng) - 1));
    }
    /* Values begin as they are, LayerNorms as the identity. */
    static const int32_t ones[] = { ENCODER_VARIANCE, ENCODER_BLOCK + ENCODER_GAIN,
                                    ENCODER_BLOCK + 6 + ENCODER_GAIN, ENCODER_OUT_GAIN };
    for (size_t t = 0; t < sizeof ones / sizeof ones[0]; t++) {
        const net_row_t *row = &net->rows[NET_ENCODER + ones[t]];
        for (size_t i = 0; i < row->count; i++) weights[row->offset + i] = 1;
    }
}

void net_follow_values(const net_t *net, const uint8_t *const *obs, int32_t num_rows, double rate,
                       real_t *weights)
{
    if (net->encoder.num_values == 0) return;
    encoder_follow(&net->encoder, obs, num_rows, rate,
                   weights + net->rows[NET_ENCODER + ENCODER_MEAN].offset,
                   weights + net->rows[NET_ENCODER + ENCODER_VARIANCE].offset);
}

net_view_t net_view(const net_t *net, const real_t *weights, const real_t *effective)
{
    net_view_t view = { 0 };
    for (int32_t l = 0; l < net->num_convs; l++) {
        view.conv_w[l] = weights + net->rows[NET_CONV_W + 2 * l].offset;
        view.conv_b[l] = weights + net->rows[NET_CONV_B + 2 * l].offset;
    }
    for (int32_t t = 0; t < RESIDUAL_NUM_TENSORS; t++)
        view.residual.at[t] = weights + net->rows[NET_RESIDUAL + t].offset;
    for (int32_t t = 0; t < ENCODER_NUM_TENSORS; t++)
        view.encoder.at[t] = weights + net->rows[NET_ENCODER + t].offset;
    const real_t *block = effective ? effective : weights + net->mean_offset;
    const real_t **fields[] = { &view.fc_w,   &view.fc_b,    &view.head_w,
                                &view.head_b, &view.value_w, &view.value_b };
    for (int32_t i = 0; i < 6; i++)
        *fields[i] = block + (net->rows[NET_FC_W + i].offset - net->mean_offset);
    return view;
}

void net_draw_noise(const net_t *net, rng_t *rng, real_t *noise)
{
    const size_t count = net->noise_count;
    for (size_t i = 0; i < count; i += 2) {
        double pair[2];
        rng_normal_pair(rng, pair);
        noise[i] = (real_t)copysign(sqrt(fabs(pair[0])), pair[0]);
        if (i + 1 < count) noise[i + 1] = (real_t)copysign(sqrt(fabs(pair[1])), pair[1]);
    }
}

noisy_t net_noisy(const net_t *net, const real_t *noise)
{
    noisy_t noisy = { .mean_offset = net->mean_offset };
    if (!net->noisy) return noisy;
    static const net_tensor_t tensors[NOISY_MAX_PARTS] = { NET_FC_W, NET_FC_W, NET_HEAD_W,
                                                           NET_VALUE_W };
    for (int32_t i = 0; i < NOISY_MAX_PARTS; i++) {
        if (!net->dueling && (i == 1 || i == 3)) continue;
        const net_row_t *w = &net->rows[tensors[i]], *b = w + 1;
        const net_row_t *noise_w = w + (NET_NOISE_FC_W - NET_FC_W), *noise_b = noise_w + 1;
        const int32_t ins = w->dims[1];
        const int32_t outs = w->dims[0] / (tensors[i] == NET_FC_W ? net->num_halves : 1);
        const size_t first = i == 1 ? (size_t)outs : 0; /* the second half of fc */
        noisy.parts[noisy.num_parts++] = (noisy_part_t){
            .w = w->offset + first * (size_t)ins,
            .b = b->offset + first,
            .noise_w = noise_w->offset + first * (size_t)ins,
            .noise_b = noise_b->offset + first,
            .outs = outs,
            .ins = ins,
            .eps_in = noise,
            .eps_out = noise + ins,
        };
        noise += ins + outs;
    }
    return noisy;
}

/* Not those of the last convolution where they are. */
static bool has_features(const net_t *net)
{
    return net->residual.num_features > 0 || net->encoder.num_values > 0;
}

void net_acts_take(const net_t *net, arena_t *arena, int32_t max_rows, net_acts_t *acts)
{
    const size_t rows = (size_t)max_rows, real = sizeof(real_t);
    *acts = (net_acts_t){ 0 };
    for (int32_t l = 0; l < net->num_convs; l++)
        acts->conv[l] = arena_take(arena, rows * conv_out_size(&net->conv[l]), real);
    if (net->residual.num_features > 0)
        residual_acts_take(&net->residual, arena, max_rows, &acts->residual);
    if (net->encoder.num_values > 0)
        encoder_acts_take(&net->encoder, arena, max_rows, &acts->encoder);
    acts->features = has_features(net) ? arena_take(arena, rows * (size_t)net->num_features, real)
                                       : acts->conv[net->num_convs - 1];
    acts->hidden = arena_take(arena, rows * (size_t)net->fc.out_size, real);
    acts->value = arena_take(arena, rows * (size_t)net->value.out_size, real);
    acts->logits = arena_take(arena, rows * (size_t)net->head.out_size, real);
}

void net_scratch_take(const net_t *net, arena_t *arena, int32_t max_rows, net_scratch_t *scratch)
{
    const size_t rows = (size_t)max_rows, real = sizeof(real_t);
    const int32_t wide = net->fc.out_size, AZ = net->head.out_size;
    size_t group = 0;
    *scratch = (net_scratch_t){ 0 };
    for (int32_t l = 0; l < net->num_convs; l++) {
        const conv_t *conv = &net->conv[l];
        const size_t size = (size_t)conv_group_rows(conv) *
                            (conv_patches_size(conv) + (l == 0 ? 2 * conv_out_size(conv) : 0));
        if (size > group) group = size;
    }
    const bool is_residual = net->residual.num_features > 0;
    if (is_residual) group = residual_patches_size(&net->residual);
    scratch->group[0] = arena_take(arena, group, real);
    if (is_residual) residual_scratch_take(&net->residual, arena, &scratch->residual[0]);
    scratch->noisy_in =
        arena_take(arena, (size_t)(net->num_features > wide ? net->num_features : wide), real);
    scratch->noisy_out = arena_take(arena, (size_t)(AZ > wide ? AZ : wide), real);
    if (max_rows == 0) return;
    for (int32_t l = 0; l < net->num_convs; l++)
        scratch->d_conv[l] = arena_take(arena, rows * conv_out_size(&net->conv[l]), real);
    if (net->encoder.num_values > 0) encoder_scratch_take(arena, max_rows, &scratch->encoder);
    scratch->d_features = has_features(net)
                              ? arena_take(arena, rows * (size_t)net->num_features, real)
                              : scratch->d_conv[net->num_convs - 1];
    for (int32_t t = 1; t < THREAD_POOL_MAX; t++) {
        scratch->group[t] = arena_take(arena, group, real);
        if (is_residual) residual_scratch_take(&net->residual, arena, &scratch->residual[t]);
        scratch->d_convs[t] = arena_take(arena, net->mean_offset, real);
    }
    if (net->num_convs > 0) {
        const conv_t *first = &net->conv[0];
        const size_t outs = (size_t)first->out_channels;
        scratch->shared_w = arena_take(arena, 2 * outs * (size_t)conv_taps(first), real);
        scratch->shared_b = arena_take(arena, 2 * outs, real);
    }
    scratch->d_hidden = arena_take(arena, rows * (size_t)wide, real);
    scratch->d_value = arena_take(arena, rows * (size_t)net->num_atoms, real);
}
