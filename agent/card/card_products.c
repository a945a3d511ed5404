/* card_products.c - see card_products.h. A product's numbers are worked out where it is launched:
 * that is less than what a launch costs. */
#include "card_products.h"

static const int NONE = -1;

/* Where a network's tensors lie. */
typedef struct {
    int trunk, mean; /* what a row's offset is added to: before the mean block, in it */
} card_place_t;

static int tensor(const learner_t *l, card_place_t place, int32_t row)
{
    return (row < NET_FC_W ? place.trunk : place.mean) + (int)l->net.rows[row].offset;
}

static card_place_t flat(int at)
{
    return (card_place_t){ at, at };
}

/* Weights at `at`, but with noise the mean block as it was composed at `effective`. */
static card_place_t with_noise(const learner_t *l, int at, int effective)
{
    return (card_place_t){ at, l->net.noisy ? effective - (int)l->net.mean_offset : at };
}

static int ceil_div(int a, int b)
{
    return (a + b - 1) / b;
}

/* K is shared out where the tiles alone would leave the card idle, by no less than 64 each. */
static int splits_of(const card_t *card, const product_args_t *p, int tiles, int k)
{
    const int columns = p->n + p->has_ones, most_m = p->m[0] > p->m[1] ? p->m[0] : p->m[1];
    int splits = ceil_div(card->num_groups, tiles);
    if (splits > k / 64) splits = k / 64;
    const long long each = (long long)most_m * columns * p->num_nets * p->num_phases;
    while (splits > 1 && each * splits > card->layout.num_shares) splits--;
    return splits < 1 ? 1 : splits;
}

static void run(card_t *card, card_kernel_t kernel, product_args_t *p)
{
    const card_kernel_row_t *row = &card_kernel_rows[kernel];
    const int most_m = p->num_nets > 1 && p->m[1] > p->m[0] ? p->m[1] : p->m[0];
    if (p->num_nets == 1) p->m[1] = p->m[0];
    if (p->num_phases == 0) p->num_phases = 1;
    const int columns = p->n + p->has_ones, groups = p->num_nets * p->num_phases;
    const int tiles_n = ceil_div(columns, row->tile_n), tiles_m = ceil_div(most_m, row->tile_m);
    p->shares = card->layout.shares;
    p->num_splits = splits_of(card, p, tiles_n * tiles_m * groups, p->k);
    const size_t global[3] = { (size_t)tiles_n * CARD_ITEMS, (size_t)tiles_m,
                               (size_t)(groups * p->num_splits) };
    const double rows = p->num_nets > 1 ? (double)p->m[0] + p->m[1] : (double)p->m[0];
    const double phases = p->is_gathered ? p->num_phases : 1;
    const double flop = 2 * rows * phases * columns * p->k;
    card_launch_product(card, kernel, p, sizeof *p, global, (size_t[3]){ CARD_ITEMS, 1, 1 }, flop);
    card->counts.flop += flop;
    card->counts.product_bytes += 4 * (rows * phases * columns + rows * p->k / (phases * phases) +
                                       (double)p->num_nets * columns * p->k);
    if (p->num_splits == 1) return;
    const size_t all[3] = { (size_t)ceil_div(columns, 64) * 64, (size_t)most_m, (size_t)groups };
    card_launch(card, CARD_ADD_SHARES, p, sizeof *p, all, (size_t[3]){ 64, 1, 1 });
    card->counts.product_bytes += 8 * rows * phases * columns * p->num_splits;
}

static product_args_t product(void)
{
    return (product_args_t){ .num_nets = 1, .scale = 1, .bias = { NONE, NONE }, .mask = NONE };
}

static int32_t pixels_of(const learner_t *l, int32_t c)
{
    return conv_pixels(&l->net.conv[c]);
}

/* Rows before the target network's in a slot. */
static int target_row(const learner_t *l)
{
    return 2 * l->config.batch_size;
}

static bool is_double(const learner_t *l)
{
    return l->config.double_q;
}

/* ---- forward --------------------------------------------------------------------------------- */

/* out = patches w^T of a convolution; `in`: of pixels if c is 0. */
static product_args_t convolve(const card_t *card, const learner_t *l, int32_t c, int rows, int in,
                               int w, int out)
{
    const conv_t *conv = &l->net.conv[c];
    product_args_t p = product();
    p.m[0] = rows * pixels_of(l, c);
    p.n = conv->out_channels;
    p.k = conv_taps(conv);
    p.a[0] = in;
    p.corners = card->layout.corners[c];
    p.taps = card->layout.taps[c];
    p.b[0] = w;
    p.b_k = 1;
    p.b_n = p.k;
    p.scale = conv->from_bytes ? 1.0f / 255 : 1;
    p.c[0] = out;
    p.c_row = p.n;
    return p;
}

static card_kernel_t convolving(const learner_t *l, int32_t c)
{
    return l->net.conv[c].from_bytes ? CARD_CONV_OF_BYTES : CARD_CONV_OF_REALS;
}

static void forward_conv(card_t *card, const learner_t *l, const card_slot_t *slot, int32_t c,
                         card_place_t online, card_place_t target)
{
    const net_t *net = &l->net;
    const int B = l->config.batch_size, first = target_row(l);
    const int in_size = c > 0 ? (int)conv_out_size(&net->conv[c - 1]) : 0;
    const int in = c > 0 ? slot->conv[c - 1] : slot->pixels;
    product_args_t p = convolve(card, l, c, is_double(l) ? 2 * B : B, in,
                                tensor(l, online, NET_CONV_W + 2 * c), slot->conv[c]);
    p.num_nets = 2;
    p.m[1] = B * pixels_of(l, c);
    /* The target network sees s', whose pictures stand behind those of s. */
    p.a[1] = c > 0 ? in + first * in_size : in + B * (int)net->obs_bytes;
    p.b[1] = tensor(l, target, NET_CONV_W + 2 * c);
    p.c[1] = slot->conv[c] + first * (int)conv_out_size(&net->conv[c]);
    p.bias[0] = tensor(l, online, NET_CONV_B + 2 * c);
    p.bias[1] = tensor(l, target, NET_CONV_B + 2 * c);
    p.relu = 1;
    run(card, convolving(l, c), &p);
}

/* out = in w^T. */
static product_args_t multiply(const linear_t *layer, int rows, int in, int w, int out)
{
    product_args_t p = product();
    p.m[0] = rows;
    p.n = layer->out_size;
    p.k = layer->in_size;
    p.a[0] = in;
    p.a_row = layer->in_stride;
    p.a_k = 1;
    p.b[0] = w;
    p.b_k = 1;
    p.b_n = p.k;
    p.c[0] = out;
    p.c_row = layer->out_stride;
    return p;
}

static void forward_linear(card_t *card, const learner_t *l, const linear_t *layer, int in, int out,
                           int32_t w, card_place_t online, card_place_t target)
{
    const int B = l->config.batch_size, first = target_row(l);
    product_args_t p = multiply(layer, is_double(l) ? 2 * B : B, in, tensor(l, online, w), out);
    p.num_nets = 2;
    p.m[1] = B;
    p.a[1] = in + first * layer->in_stride;
    p.b[1] = tensor(l, target, w);
    p.c[1] = out + first * layer->out_stride;
    p.bias[0] = tensor(l, online, w + 1);
    p.bias[1] = tensor(l, target, w + 1);
    p.relu = layer->relu;
    run(card, CARD_LINEAR, &p);
}

static int half_of(const learner_t *l)
{
    return l->net.fc.out_size / l->net.num_halves;
}

void card_forward(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const card_layout_t *at = &card->layout;
    const net_t *net = &l->net;
    const card_place_t online = with_noise(l, at->online, slot->effective);
    const card_place_t target = with_noise(l, at->target, at->target_effective);
    for (int32_t c = 0; c < net->num_convs; c++) forward_conv(card, l, slot, c, online, target);
    forward_linear(card, l, &net->fc, slot->conv[net->num_convs - 1], slot->hidden, NET_FC_W,
                   online, target);
    forward_linear(card, l, &net->head, slot->hidden, slot->logits, NET_HEAD_W, online, target);
    if (net->dueling)
        forward_linear(card, l, &net->value, slot->hidden + half_of(l), slot->value, NET_VALUE_W,
                       online, target);
}

/* ---- backward -------------------------------------------------------------------------------- */

/* d_w[o,i] = sum_n d_out[n,o] in[n,i], and d_b beside it. */
static void linear_weights(card_t *card, const learner_t *l, const linear_t *layer, int in,
                           int d_out, int32_t w, int grad)
{
    product_args_t p = product();
    p.m[0] = layer->out_size;
    p.n = layer->in_size;
    p.k = l->config.batch_size;
    p.a[0] = d_out;
    p.a_row = 1;
    p.a_k = layer->out_stride;
    p.b[0] = in;
    p.b_k = layer->in_stride;
    p.b_n = 1;
    p.has_ones = 1;
    p.c[0] = tensor(l, flat(grad), w);
    p.c_row = layer->in_size;
    p.ones_to = tensor(l, flat(grad), w + 1);
    run(card, CARD_LINEAR_WEIGHTS, &p);
}

/* d_in[n,i] = sum_o d_out[n,o] w[o,i] where in > 0: what is in is behind a ReLU. */
static void linear_input(card_t *card, const learner_t *l, const linear_t *layer, int w, int d_out,
                         int in, int d_in)
{
    product_args_t p = product();
    p.m[0] = l->config.batch_size;
    p.n = layer->in_size;
    p.k = layer->out_size;
    p.a[0] = d_out;
    p.a_row = layer->out_stride;
    p.a_k = 1;
    p.b[0] = w;
    p.b_k = layer->in_size;
    p.b_n = 1;
    p.c[0] = d_in;
    p.c_row = layer->in_stride;
    p.mask = in;
    run(card, CARD_LINEAR_INPUT, &p);
}

static void conv_weights(card_t *card, const learner_t *l, const card_slot_t *slot, int32_t c,
                         int grad)
{
    const conv_t *conv = &l->net.conv[c];
    product_args_t p = product();
    p.m[0] = conv->out_channels;
    p.n = conv_taps(conv);
    p.k = l->config.batch_size * pixels_of(l, c);
    p.a[0] = card->layout.d_conv[c];
    p.a_row = 1;
    p.a_k = conv->out_channels;
    p.b[0] = c > 0 ? slot->conv[c - 1] : slot->pixels;
    p.corners = card->layout.corners[c];
    p.taps = card->layout.taps[c];
    p.has_ones = 1;
    p.scale = conv->from_bytes ? 1.0f / 255 : 1;
    p.c[0] = tensor(l, flat(grad), NET_CONV_W + 2 * c);
    p.c_row = p.n;
    p.ones_to = tensor(l, flat(grad), NET_CONV_B + 2 * c);
    run(card, conv->from_bytes ? CARD_CONV_WEIGHTS_OF_BYTES : CARD_CONV_WEIGHTS_OF_REALS, &p);
}

static void conv_input(card_t *card, const learner_t *l, const card_slot_t *slot, int32_t c, int w)
{
    const conv_t *conv = &l->net.conv[c];
    const int s = conv->stride, taps = ceil_div(conv->kernel, s);
    product_args_t p = product();
    p.m[0] = l->config.batch_size * ceil_div(conv->in_height, s) * ceil_div(conv->in_width, s);
    p.n = conv->in_channels;
    p.k = taps * taps * conv->out_channels;
    p.a[0] = card->layout.d_conv[c];
    p.b[0] = w;
    p.c[0] = card->layout.d_conv[c - 1];
    p.mask = slot->conv[c - 1];
    p.is_gathered = 1;
    p.kernel_size = conv->kernel;
    p.stride = s;
    p.num_phases = s * s;
    p.in_height = conv->in_height;
    p.in_width = conv->in_width;
    p.in_channels = conv->in_channels;
    p.out_height = conv->out_height;
    p.out_width = conv->out_width;
    p.out_channels = conv->out_channels;
    run(card, CARD_CONV_INPUT, &p);
}

static void dueling_back(card_t *card, const learner_t *l, int d_logits)
{
    const int B = l->config.batch_size, Z = l->config.num_atoms;
    const heads_args_t args = { .num_rows = B,
                                .num_actions = l->config.num_actions,
                                .num_atoms = Z,
                                .d_logits = d_logits,
                                .d_value = card->layout.d_value };
    card_launch(card, CARD_DUELING_BACK, &args, sizeof args,
                (size_t[3]){ (size_t)ceil_div(B * Z, 64) * 64, 1, 1 }, (size_t[3]){ 64, 1, 1 });
}

void card_backward(card_t *card, const learner_t *l, const card_slot_t *slot, int d_logits,
                   int grad)
{
    const card_layout_t *at = &card->layout;
    const net_t *net = &l->net;
    const card_place_t online = with_noise(l, at->online, slot->effective);
    const int half = half_of(l), last = net->num_convs - 1;
    if (net->dueling) dueling_back(card, l, d_logits);
    linear_weights(card, l, &net->head, slot->hidden, d_logits, NET_HEAD_W, grad);
    linear_input(card, l, &net->head, tensor(l, online, NET_HEAD_W), d_logits, slot->hidden,
                 at->d_hidden);
    if (net->dueling) {
        linear_weights(card, l, &net->value, slot->hidden + half, at->d_value, NET_VALUE_W, grad);
        linear_input(card, l, &net->value, tensor(l, online, NET_VALUE_W), at->d_value,
                     slot->hidden + half, at->d_hidden + half);
    }
    linear_weights(card, l, &net->fc, slot->conv[last], at->d_hidden, NET_FC_W, grad);
    linear_input(card, l, &net->fc, tensor(l, online, NET_FC_W), at->d_hidden, slot->conv[last],
                 at->d_conv[last]);
    for (int32_t c = last; c >= 0; c--) {
        conv_weights(card, l, slot, c, grad);
        if (c > 0) conv_input(card, l, slot, c, tensor(l, online, NET_CONV_W + 2 * c));
    }
}

/* ---- tangent --------------------------------------------------------------------------------- */

/* t_out = in t_w^T + t_in w^T + t_b, 0 where the ReLU was closed; t_in NONE: it has none. */
static void tangent_of(card_t *card, card_kernel_t first, product_args_t p, card_kernel_t second,
                       int t_in, int w, int t_b, int mask)
{
    if (t_in != NONE) {
        run(card, first, &p);
        first = second;
        p.a[0] = t_in;
        p.b[0] = w;
        p.scale = 1;
        p.accumulates = 1;
    }
    p.bias[0] = t_b;
    p.mask = mask;
    run(card, first, &p);
}

void card_jvp(card_t *card, const learner_t *l, const card_slot_t *held)
{
    const card_layout_t *at = &card->layout;
    const net_t *net = &l->net;
    const card_place_t view = { held->held_convs, held->effective - (int)net->mean_offset };
    const card_place_t along = flat(at->tangent);
    const int B = l->config.batch_size, half = half_of(l), last = net->num_convs - 1;
    for (int32_t c = 0; c <= last; c++) {
        const int in = c > 0 ? held->conv[c - 1] : held->pixels;
        const int t_in = c > 0 ? at->d_conv[c - 1] : NONE;
        tangent_of(card, convolving(l, c),
                   convolve(card, l, c, B, in, tensor(l, along, NET_CONV_W + 2 * c), at->d_conv[c]),
                   CARD_CONV_OF_REALS, t_in, tensor(l, view, NET_CONV_W + 2 * c),
                   tensor(l, along, NET_CONV_B + 2 * c), held->conv[c]);
    }
    const struct {
        const linear_t *layer;
        int in, t_in, w, out, mask;
    } layers[] = {
        { &net->fc, held->conv[last], at->d_conv[last], NET_FC_W, at->d_hidden, held->hidden },
        { &net->head, held->hidden, at->d_hidden, NET_HEAD_W, at->t_logits, NONE },
        { &net->value, held->hidden + half, at->d_hidden + half, NET_VALUE_W, at->d_value, NONE },
    };
    for (int i = 0; i < (net->dueling ? 3 : 2); i++)
        tangent_of(card, CARD_LINEAR,
                   multiply(layers[i].layer, B, layers[i].in, tensor(l, along, layers[i].w),
                            layers[i].out),
                   CARD_LINEAR, layers[i].t_in, tensor(l, view, layers[i].w),
                   tensor(l, along, layers[i].w + 1), layers[i].mask);
}
