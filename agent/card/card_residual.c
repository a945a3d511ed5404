/* card_residual.c - see card_residual.h: the same steps as residual.c, each a launch. */
#include "card_residual.h"

enum { LAST = RESIDUAL_SECTIONS - 1 };

/* A section's convolution c: 0 before the pool, then two a block. */
static card_conv_t conv_of(const card_t *card, const learner_t *l, const card_slot_t *slot,
                           int32_t section, int32_t c)
{
    const card_residual_t *at = &slot->residual;
    const int32_t conv = section * RESIDUAL_CONVS_EACH + c, block = (c - 1) / 2;
    card_conv_t found = {
        .conv = &l->net.residual.conv[conv],
        .patches = card->layout.residual_patches[section][c > 0],
        .w = NET_RESIDUAL + 2 * conv,
    };
    if (c == 0) {
        found.in = section > 0 ? at->out[section - 1] : slot->pixels;
        found.out = card->layout.wide;
    } else if (c % 2 == 1) {
        found.in = at->open[section][block];
        found.out = at->inner[section][block];
    } else {
        found.in = at->inner[section][block];
        found.out = at->out[section];
    }
    return found;
}

/* Rows of a section's x, in floats. */
static size_t pooled_size(const learner_t *l, int32_t section)
{
    return conv_in_size(&l->net.residual.conv[section * RESIDUAL_CONVS_EACH + 1]);
}

/* A section's pool. */
static residual_args_t pool_of(const learner_t *l, const card_slot_t *slot, int32_t section,
                               int rows)
{
    const conv_t *conv = &l->net.residual.conv[section * RESIDUAL_CONVS_EACH];
    return (residual_args_t){
        .num_rows = rows,
        .height = conv->out_height,
        .width = conv->out_width,
        .channels = conv->out_channels,
        .out_height = conv[1].in_height,
        .out_width = conv[1].in_width,
        .from = slot->residual.from[section],
    };
}

/* The last pool and its LayerNorm. */
static residual_args_t cells_of(const learner_t *l, const card_slot_t *slot, int rows)
{
    const conv_t *conv = &l->net.residual.conv[RESIDUAL_CONVS - 1];
    return (residual_args_t){
        .num_rows = rows,
        .height = conv->out_height,
        .width = conv->out_width,
        .channels = conv->out_channels,
        .from = slot->residual.cells,
        .num_features = l->net.num_features,
        .rate = slot->residual.rate,
    };
}

/* to = x where mask is above 0, else 0; accumulates: is added to what lies there. */
static void let_open(card_t *card, size_t count, int x, int mask, int to, bool accumulates)
{
    const residual_args_t args = {
        .count = (int)count, .in = x, .mask = mask, .out = to, .accumulates = accumulates
    };
    card_launch_items(card, CARD_LET_OPEN, &args, sizeof args, count);
}

static void launch_norm(card_t *card, card_kernel_t kernel, const residual_args_t *args)
{
    card_launch(card, kernel, args, sizeof *args,
                (size_t[3]){ (size_t)args->num_rows * CARD_LANES, 1, 1 },
                (size_t[3]){ CARD_LANES, 1, 1 });
}

void card_residual_forward(card_t *card, const learner_t *l, const card_slot_t *slot,
                           card_place_t online, card_place_t target)
{
    const card_residual_t *at = &slot->residual;
    const int rows = 3 * l->config.batch_size;
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
        const card_conv_t first = conv_of(card, l, slot, s, 0);
        const size_t count = (size_t)rows * pooled_size(l, s);
        residual_args_t pool = pool_of(l, slot, s, rows);
        pool.in = card->layout.wide;
        pool.out = at->out[s];
        pool.open = at->open[s][0];
        card_conv_forward(card, l, &first, online, target, false);
        card_launch_items(card, CARD_POOL, &pool, sizeof pool, count);
        for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
            const card_conv_t up = conv_of(card, l, slot, s, 1 + 2 * b);
            const card_conv_t down = conv_of(card, l, slot, s, 2 + 2 * b);
            if (b > 0) let_open(card, count, at->out[s], at->out[s], at->open[s][b], false);
            card_conv_forward(card, l, &up, online, target, false);
            card_conv_forward(card, l, &down, online, target, true);
        }
    }
    residual_args_t cells = cells_of(l, slot, rows);
    cells.in = at->out[LAST];
    cells.out = slot->features;
    card_launch_items(card, CARD_CELLS, &cells, sizeof cells,
                      (size_t)rows * (size_t)cells.num_features);
    launch_norm(card, CARD_PLAIN_NORM, &cells);
}

/* layout.a: that of the section's output; becomes that of its input, unless it is the picture. */
static void backward_section(card_t *card, const learner_t *l, const card_slot_t *slot, int32_t s,
                             card_place_t online, int grad)
{
    const card_layout_t *at = &card->layout;
    const card_residual_t *residual = &slot->residual;
    const int B = l->config.batch_size;
    const size_t count = (size_t)B * pooled_size(l, s);
    for (int32_t b = RESIDUAL_BLOCKS - 1; b >= 0; b--) {
        const card_conv_t up = conv_of(card, l, slot, s, 1 + 2 * b);
        const card_conv_t down = conv_of(card, l, slot, s, 2 + 2 * b);
        card_conv_weights(card, l, &down, at->a, grad);
        card_conv_input(card, l, &down, online, at->a, at->b, residual->inner[s][b]);
        card_conv_weights(card, l, &up, at->b, grad);
        card_conv_input(card, l, &up, online, at->b, at->wide, CARD_NONE);
        let_open(card, count, at->wide, residual->open[s][b], at->a, true);
    }
    const card_conv_t first = conv_of(card, l, slot, s, 0);
    residual_args_t pool = pool_of(l, slot, s, B);
    pool.in = at->a;
    pool.out = at->wide;
    card_launch_items(card, CARD_POOL_BACK, &pool, sizeof pool,
                      (size_t)B * conv_out_size(first.conv));
    card_conv_weights(card, l, &first, at->wide, grad);
    if (s > 0) card_conv_input(card, l, &first, online, at->wide, at->a, CARD_NONE);
}

void card_residual_backward(card_t *card, const learner_t *l, const card_slot_t *slot,
                            card_place_t online, int grad)
{
    const card_layout_t *at = &card->layout;
    const int B = l->config.batch_size;
    residual_args_t cells = cells_of(l, slot, B);
    cells.in = slot->features;
    cells.out = at->d_features;
    launch_norm(card, CARD_PLAIN_NORM_DERIVATIVE, &cells);
    cells.in = at->d_features;
    cells.out = at->a;
    card_launch_items(card, CARD_CELLS_BACK, &cells, sizeof cells,
                      (size_t)B * pooled_size(l, LAST));
    for (int32_t s = LAST; s >= 0; s--) backward_section(card, l, slot, s, online, grad);
}

/* layout.a: of the section's input, unless it is the picture; becomes that of its output. */
static void jvp_section(card_t *card, const learner_t *l, const card_slot_t *held, int32_t s,
                        card_place_t view, card_place_t along)
{
    const card_layout_t *at = &card->layout;
    const card_residual_t *residual = &held->residual;
    const int B = l->config.batch_size;
    const size_t count = (size_t)B * pooled_size(l, s);
    const card_conv_t first = conv_of(card, l, held, s, 0);
    residual_args_t pool = pool_of(l, held, s, B);
    pool.in = at->wide;
    pool.out = at->a;
    card_conv_tangent(card, l, &first, view, along, s > 0 ? at->a : CARD_NONE, at->wide, CARD_NONE,
                      false);
    card_launch_items(card, CARD_POOL_TANGENT, &pool, sizeof pool, count);
    for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
        const card_conv_t up = conv_of(card, l, held, s, 1 + 2 * b);
        const card_conv_t down = conv_of(card, l, held, s, 2 + 2 * b);
        let_open(card, count, at->a, residual->open[s][b], at->b, false);
        card_conv_tangent(card, l, &up, view, along, at->b, at->wide, residual->inner[s][b], false);
        card_conv_tangent(card, l, &down, view, along, at->wide, at->a, CARD_NONE, true);
    }
}

void card_residual_jvp(card_t *card, const learner_t *l, const card_slot_t *held, card_place_t view,
                       card_place_t along)
{
    const card_layout_t *at = &card->layout;
    for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) jvp_section(card, l, held, s, view, along);
    residual_args_t cells = cells_of(l, held, l->config.batch_size);
    cells.in = at->a;
    cells.out = at->d_features;
    card_launch_items(card, CARD_CELLS_TANGENT, &cells, sizeof cells,
                      (size_t)cells.num_rows * (size_t)cells.num_features);
    cells.in = held->features;
    launch_norm(card, CARD_PLAIN_NORM_DERIVATIVE, &cells);
}
