/* card_products.c - see card_products.h. A product's numbers are worked out where it is launched:
 * that is less than what a launch costs. */
#include "card_products.h"

#include "card_residual.h"

enum { NONE = CARD_NONE };

int card_tensor(const learner_t *l, card_place_t place, int32_t row)
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

/* out = patches w^T of a convolution. */
static product_args_t convolve(const card_conv_t *c, int rows, int in, int w, int out)
{
    const conv_t *conv = c->conv;
    product_args_t p = product();
    p.m[0] = rows * conv_pixels(conv);
    p.n = conv->out_channels;
    p.k = conv_taps(conv);
    p.a[0] = in;
    p.patches = c->patches;
    p.b[0] = w;
    p.b_k = 1;
    p.b_n = p.k;
    p.scale = conv->from_bytes ? 1.0f / 255 : 1;
    p.c[0] = out;
    p.c_row = p.n;
    return p;
}

static card_kernel_t convolving(const conv_t *conv)
{
    if (conv->pad > 0) return conv->from_bytes ? CARD_PADDED_OF_BYTES : CARD_PADDED_OF_REALS;
    return conv->from_bytes ? CARD_CONV_OF_BYTES : CARD_CONV_OF_REALS;
}

void card_conv_forward(card_t *card, const learner_t *l, const card_conv_t *c, card_place_t online,
                       card_place_t target, bool accumulates)
{
    const conv_t *conv = c->conv;
    const int B = l->config.batch_size, first = target_row(l);
    product_args_t p =
        convolve(c, is_double(l) ? 2 * B : B, c->in, card_tensor(l, online, c->w), c->out);
    p.num_nets = 2;
    p.m[1] = B * conv_pixels(conv);
    /* The target network sees s', whose pictures stand behind those of s. */
    p.a[1] =
        c->in + (conv->from_bytes ? B * (int)l->net.obs_bytes : first * (int)conv_in_size(conv));
    p.b[1] = card_tensor(l, target, c->w);
    p.c[1] = c->out + first * (int)conv_out_size(conv);
    p.bias[0] = card_tensor(l, online, c->w + 1);
    p.bias[1] = card_tensor(l, target, c->w + 1);
    p.relu = conv->relu;
    p.accumulates = accumulates;
    run(card, convolving(conv), &p);
}

/* Of the convolutions one behind the other. */
static card_conv_t conv_of(const card_t *card, const learner_t *l, const card_slot_t *slot,
                           int32_t c)
{
    return (card_conv_t){ &l->net.conv[c], card->layout.patches[c],
                          c > 0 ? slot->conv[c - 1] : slot->pixels, slot->conv[c],
                          NET_CONV_W + 2 * c };
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
    product_args_t p =
        multiply(layer, is_double(l) ? 2 * B : B, in, card_tensor(l, online, w), out);
    p.num_nets = 2;
    p.m[1] = B;
    p.a[1] = in + first * layer->in_stride;
    p.b[1] = card_tensor(l, target, w);
    p.c[1] = out + first * layer->out_stride;
    p.bias[0] = card_tensor(l, online, w + 1);
    p.bias[1] = card_tensor(l, target, w + 1);
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
    for (int32_t c = 0; c < net->num_convs; c++) {
        const card_conv_t conv = conv_of(card, l, slot, c);
        card_conv_forward(card, l, &conv, online, target, false);
    }
    if (net->residual.num_features > 0) card_residual_forward(card, l, slot, online, target);
    forward_linear(card, l, &net->fc, slot->features, slot->hidden, NET_FC_W, online, target);
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
    p.c[0] = card_tensor(l, flat(grad), w);
    p.c_row = layer->in_size;
    p.ones_to = card_tensor(l, flat(grad), w + 1);
    run(card, CARD_LINEAR_WEIGHTS, &p);
}

/* d_in[n,i] = sum_o d_out[n,o] w[o,i], where in > 0 if `in` is behind a ReLU; NONE: it is not. */
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

void card_conv_weights(card_t *card, const learner_t *l, const card_conv_t *c, int d_out, int grad)
{
    const conv_t *conv = c->conv;
    product_args_t p = product();
    p.m[0] = conv->out_channels;
    p.n = conv_taps(conv);
    p.k = l->config.batch_size * conv_pixels(conv);
    p.a[0] = d_out;
    p.a_row = 1;
    p.a_k = conv->out_channels;
    p.b[0] = c->in;
    p.patches = c->patches;
    p.has_ones = 1;
    p.scale = conv->from_bytes ? 1.0f / 255 : 1;
    p.c[0] = card_tensor(l, flat(grad), c->w);
    p.c_row = p.n;
    p.ones_to = card_tensor(l, flat(grad), c->w + 1);
    run(card,
        conv->pad > 0
            ? (conv->from_bytes ? CARD_PADDED_WEIGHTS_OF_BYTES : CARD_PADDED_WEIGHTS_OF_REALS)
            : (conv->from_bytes ? CARD_CONV_WEIGHTS_OF_BYTES : CARD_CONV_WEIGHTS_OF_REALS),
        &p);
}

void card_conv_input(card_t *card, const learner_t *l, const card_conv_t *c, card_place_t online,
                     int d_out, int d_in, int mask)
{
    const conv_t *conv = c->conv;
    const int s = conv->stride, taps = ceil_div(conv->kernel, s);
    product_args_t p = product();
    p.m[0] = l->config.batch_size * ceil_div(conv->in_height, s) * ceil_div(conv->in_width, s);
    p.n = conv->in_channels;
    p.k = taps * taps * conv->out_channels;
    p.a[0] = d_out;
    p.b[0] = card_tensor(l, online, c->w);
    p.c[0] = d_in;
    p.mask = mask;
    p.is_gathered = 1;
    p.kernel_size = conv->kernel;
    p.stride = s;
    p.pad = conv->pad;
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
    linear_input(card, l, &net->head, card_tensor(l, online, NET_HEAD_W), d_logits, slot->hidden,
                 at->d_hidden);
    if (net->dueling) {
        linear_weights(card, l, &net->value, slot->hidden + half, at->d_value, NET_VALUE_W, grad);
        linear_input(card, l, &net->value, card_tensor(l, online, NET_VALUE_W), at->d_value,
                     slot->hidden + half, at->d_hidden + half);
    }
    const bool is_residual = net->residual.num_features > 0;
    linear_weights(card, l, &net->fc, slot->features, at->d_hidden, NET_FC_W, grad);
    linear_input(card, l, &net->fc, card_tensor(l, online, NET_FC_W), at->d_hidden,
                 is_residual ? NONE : slot->features, at->d_features);
    if (is_residual) card_residual_backward(card, l, slot, online, grad);
    for (int32_t c = last; c >= 0; c--) {
        const card_conv_t conv = conv_of(card, l, slot, c);
        card_conv_weights(card, l, &conv, at->d_conv[c], grad);
        if (c > 0)
            card_conv_input(card, l, &conv, online, at->d_conv[c], at->d_conv[c - 1], conv.in);
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

void card_conv_tangent(card_t *card, const learner_t *l, const card_conv_t *c, card_place_t view,
                       card_place_t along, int t_in, int t_out, int mask, bool accumulates)
{
    const card_kernel_t first = convolving(c->conv);
    product_args_t p = convolve(c, l->config.batch_size, c->in, card_tensor(l, along, c->w), t_out);
    p.accumulates = accumulates;
    /* The input is of reals, if it moves. */
    tangent_of(card, first, p, first, t_in, card_tensor(l, view, c->w),
               card_tensor(l, along, c->w + 1), mask);
}

void card_jvp(card_t *card, const learner_t *l, const card_slot_t *held)
{
    const card_layout_t *at = &card->layout;
    const net_t *net = &l->net;
    const card_place_t view = { held->held_convs, held->effective - (int)net->mean_offset };
    const card_place_t along = flat(at->tangent);
    const int B = l->config.batch_size, half = half_of(l), last = net->num_convs - 1;
    for (int32_t c = 0; c <= last; c++) {
        const card_conv_t conv = conv_of(card, l, held, c);
        card_conv_tangent(card, l, &conv, view, along, c > 0 ? at->d_conv[c - 1] : NONE,
                          at->d_conv[c], held->conv[c], false);
    }
    if (net->residual.num_features > 0) card_residual_jvp(card, l, held, view, along);
    const struct {
        const linear_t *layer;
        int in, t_in, w, out, mask;
    } layers[] = {
        { &net->fc, held->features, at->d_features, NET_FC_W, at->d_hidden, held->hidden },
        { &net->head, held->hidden, at->d_hidden, NET_HEAD_W, at->t_logits, NONE },
        { &net->value, held->hidden + half, at->d_hidden + half, NET_VALUE_W, at->d_value, NONE },
    };
    for (int i = 0; i < (net->dueling ? 3 : 2); i++)
        tangent_of(card, CARD_LINEAR,
                   multiply(layers[i].layer, B, layers[i].in, card_tensor(l, along, layers[i].w),
                            layers[i].out),
                   CARD_LINEAR, layers[i].t_in, card_tensor(l, view, layers[i].w),
                   card_tensor(l, along, layers[i].w + 1), layers[i].mask);
}
