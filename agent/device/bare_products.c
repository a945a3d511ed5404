/* bare_products.c - see bare_products.h. */
#include "bare_products.h"

#include <assert.h>
#include <stdlib.h>

#include "clock.h"

/* A layer as products see it: n rows of `ins` become n rows of `outs`. */
typedef struct {
    int32_t rows_each; /* of one sample: a convolution's pixels, 1 of a linear layer */
    int32_t ins, outs;
} bare_layer_t;

enum { MOST_LAYERS = RESIDUAL_CONVS + 3 };
_Static_assert((int)RESIDUAL_CONVS >= (int)NET_MAX_CONVS, "it has one trunk or the other");

static bare_layer_t layer_of(const conv_t *conv)
{
    return (bare_layer_t){ conv_pixels(conv), conv_taps(conv), conv->out_channels };
}

static int32_t layers_of(const net_t *net, bare_layer_t *layers)
{
    int32_t count = 0;
    for (int32_t c = 0; c < net->num_convs; c++) layers[count++] = layer_of(&net->conv[c]);
    for (int32_t c = 0; c < RESIDUAL_CONVS && net->residual.num_features > 0; c++)
        layers[count++] = layer_of(&net->residual.conv[c]);
    const linear_t *const linear[] = { &net->fc, &net->head, &net->value };
    for (int32_t i = 0; i < (net->dueling ? 3 : 2); i++)
        layers[count++] = (bare_layer_t){ 1, linear[i]->in_size, linear[i]->out_size };
    return count;
}

static void add(bare_product_t *rows, int32_t *count, bare_product_t row)
{
    assert(*count < BARE_PRODUCTS_MOST);
    rows[(*count)++] = row;
}

/* out (n, outs) = in (n, ins) * w (outs, ins)^T */
static bare_product_t forward_of(const bare_layer_t *layer, int32_t num_samples)
{
    return (bare_product_t){ num_samples * layer->rows_each, layer->outs, layer->ins, false, true };
}

/* d_w (outs, ins) = d_out (n, outs)^T * in (n, ins); d_in (n, ins) = d_out * w. Nobody asks for the
 * gradient of a picture. */
static void add_backward(const bare_layer_t *layers, int32_t num_layers, int32_t num_samples,
                         bool has_pictures, bare_product_t *rows, int32_t *count)
{
    for (int32_t i = num_layers - 1; i >= 0; i--) {
        const bare_layer_t *layer = &layers[i];
        const int32_t n = num_samples * layer->rows_each;
        add(rows, count, (bare_product_t){ layer->outs, layer->ins, n, true, false });
        if (i == 0 && has_pictures) continue;
        add(rows, count, (bare_product_t){ n, layer->ins, layer->outs, false, false });
    }
}

int32_t bare_products_list(const learner_t *l, bare_product_t *rows)
{
    bare_layer_t layers[MOST_LAYERS];
    const net_t *net = &l->net;
    const int32_t B = l->config.batch_size, num_layers = layers_of(net, layers);
    const bool has_pictures = net->num_pixels > 0, meta = learner_has_meta(&l->config);
    int32_t count = 0;
    for (int32_t i = 0; i < num_layers; i++) {
        add(rows, &count, forward_of(&layers[i], l->config.double_q ? 2 * B : B));
        add(rows, &count, forward_of(&layers[i], B)); /* the target network's */
    }
    for (int32_t i = 0; i < (meta ? 2 : 1); i++)
        add_backward(layers, num_layers, B, has_pictures, rows, &count);
    for (int32_t i = 0; meta && i < num_layers; i++) {
        add(rows, &count, forward_of(&layers[i], B));                             /* in t_w^T */
        if (i > 0 || !has_pictures) add(rows, &count, forward_of(&layers[i], B)); /* t_in w^T */
    }
    return count;
}

/* All ones: numbers that are kept in memory, and none of which is slow to multiply. */
static real_t *ones(size_t count)
{
    real_t *values = malloc(count * sizeof *values);
    for (size_t i = 0; values && i < count; i++) values[i] = 1;
    return values;
}

bool bare_products_time(const learner_t *l, int32_t repeats, double *seconds)
{
    bare_product_t rows[BARE_PRODUCTS_MOST];
    const int32_t count = bare_products_list(l, rows);
    size_t most[3] = { 0 };
    for (int32_t i = 0; i < count; i++) {
        const size_t m = (size_t)rows[i].m, n = (size_t)rows[i].n, k = (size_t)rows[i].k;
        const size_t sizes[] = { m * k, k * n, m * n };
        for (int j = 0; j < 3; j++) most[j] = sizes[j] > most[j] ? sizes[j] : most[j];
    }
    real_t *a = ones(most[0]), *b = ones(most[1]), *c = ones(most[2]);
    const double start = clock_now();
    for (int32_t i = 0; a && b && c && i < repeats * count; i++) {
        const bare_product_t *row = &rows[i % count];
        real_gemm(row->transposes_a, row->transposes_b, row->m, row->n, row->k, 1, a,
                  row->transposes_a ? row->m : row->k, b, row->transposes_b ? row->k : row->n, 0, c,
                  row->n);
    }
    *seconds = (clock_now() - start) / repeats;
    const bool ok = a && b && c;
    free(a);
    free(b);
    free(c);
    return ok;
}
