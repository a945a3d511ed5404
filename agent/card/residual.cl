/* residual.cl - residual_layers.h on the card, and ReLU between convolutions. `from` and `cells` are
 * whole numbers in floats. An item makes one number; no two add to one. */

typedef struct {
    int n, y, x, c;
} card_pixel_t;

card_pixel_t card_pixel(int at, int height, int width, int channels)
{
    card_pixel_t found;
    found.c = at % channels;
    found.x = at / channels % width;
    found.y = at / (channels * width) % height;
    found.n = at / (channels * width * height);
    return found;
}

/* Where, in what the pool reads, place k of an output pixel's window is; -1: outside. */
int card_pooled_from(const residual_args_t *args, card_pixel_t p, int k)
{
    const int y = 2 * p.y - 1 + k / 3, x = 2 * p.x - 1 + k % 3;
    if (y < 0 || y >= args->height || x < 0 || x >= args->width) return -1;
    return ((p.n * args->height + y) * args->width + x) * args->channels + p.c;
}

/* out, from, open of in: the first of the largest. */
kernel void max_pool(global float *pool, global const uchar *pixels, global const int *tables,
                 const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.out_height * args.out_width * args.channels) return;
    const card_pixel_t p = card_pixel(at, args.out_height, args.out_width, args.channels);
    float largest = 0;
    int from = -1;
    for (int k = 0; k < 9; k++) {
        const int place = card_pooled_from(&args, p, k);
        if (place < 0) continue;
        const float value = pool[args.in + place];
        if (from >= 0 && !(value > largest)) continue;
        largest = value;
        from = k;
    }
    pool[args.out + at] = largest;
    pool[args.from + at] = from;
    pool[args.open + at] = largest > 0 ? largest : 0;
}

/* out, as what the pool read, of in, as what it made. A pixel is in at most two windows each way. */
kernel void max_pool_back(global float *pool, global const uchar *pixels, global const int *tables,
                      const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.height * args.width * args.channels) return;
    const card_pixel_t p = card_pixel(at, args.height, args.width, args.channels);
    float sum = 0;
    for (int y = p.y / 2; y <= (p.y + 1) / 2 && y < args.out_height; y++)
        for (int x = p.x / 2; x <= (p.x + 1) / 2 && x < args.out_width; x++) {
            const int place = ((p.n * args.out_height + y) * args.out_width + x) * args.channels +
                              p.c;
            const int k = 3 * (p.y - 2 * y + 1) + p.x - 2 * x + 1;
            if ((int)pool[args.from + place] == k) sum += pool[args.in + place];
        }
    pool[args.out + at] = sum;
}

kernel void max_pool_tangent(global float *pool, global const uchar *pixels, global const int *tables,
                         const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.out_height * args.out_width * args.channels) return;
    const card_pixel_t p = card_pixel(at, args.out_height, args.out_width, args.channels);
    pool[args.out + at] =
        pool[args.in + card_pooled_from(&args, p, (int)pool[args.from + at])];
}

/* ReLU and the pool to 6 x 6: out and from of in. */
kernel void cells(global float *pool, global const uchar *pixels, global const int *tables,
                  const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.num_features) return;
    const card_pixel_t p = card_pixel(at, 6, 6, args.channels);
    global const float *in =
        pool + args.in + p.n * args.height * args.width * args.channels + p.c;
    float largest = 0;
    int from = -1;
    for (int y = p.y * args.height / 6; y < ((p.y + 1) * args.height + 5) / 6; y++)
        for (int x = p.x * args.width / 6; x < ((p.x + 1) * args.width + 5) / 6; x++) {
            const int pixel = y * args.width + x;
            const float value = in[pixel * args.channels];
            if (!(value > largest)) continue;
            largest = value;
            from = pixel;
        }
    pool[args.out + at] = largest;
    pool[args.from + at] = from;
}

kernel void cells_back(global float *pool, global const uchar *pixels, global const int *tables,
                       const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.height * args.width * args.channels) return;
    const card_pixel_t p = card_pixel(at, args.height, args.width, args.channels);
    float sum = 0;
    for (int i = 0; i < 36; i++) {
        const int place = p.n * args.num_features + i * args.channels + p.c;
        if ((int)pool[args.from + place] == p.y * args.width + p.x) sum += pool[args.in + place];
    }
    pool[args.out + at] = sum;
}

kernel void cells_tangent(global float *pool, global const uchar *pixels, global const int *tables,
                          const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.num_rows * args.num_features) return;
    const card_pixel_t p = card_pixel(at, 6, 6, args.channels);
    const int from = (int)pool[args.from + at];
    pool[args.out + at] =
        from < 0 ? 0
                 : pool[args.in + (p.n * args.height * args.width + from) * args.channels + p.c];
}

/* out = in where mask is above 0, else 0, or that is added to it. */
kernel void let_open(global float *pool, global const uchar *pixels, global const int *tables,
                     const residual_args_t args)
{
    const int at = get_global_id(0);
    if (at >= args.count) return;
    const float x = pool[args.mask + at] > 0 ? pool[args.in + at] : 0;
    pool[args.out + at] = args.accumulates ? pool[args.out + at] + x : x;
}

/* A group a row: out (rows, F) becomes (out - mean) rate. */
kernel void plain_norm(global float *pool, global const uchar *pixels, global const int *tables,
                       const residual_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0), row = get_group_id(0), F = args.num_features;
    global float *x = pool + args.out + row * F;
    float mean = 0, variance = 0;
    for (int i = lane; i < F; i += CARD_LANES) mean += x[i];
    mean = card_group_sum(lanes, mean) / F;
    for (int i = lane; i < F; i += CARD_LANES) variance += (x[i] - mean) * (x[i] - mean);
    variance = card_group_sum(lanes, variance) / F;
    const float rate = 1 / sqrt(variance + 1e-5f);
    for (int i = lane; i < F; i += CARD_LANES) x[i] = (x[i] - mean) * rate;
    if (lane == 0) pool[args.rate + row] = rate;
}

/* A group a row: out, a derivative on one side of it, becomes that on the other; in: what it made. */
kernel void plain_norm_derivative(global float *pool, global const uchar *pixels,
                                  global const int *tables, const residual_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0), row = get_group_id(0), F = args.num_features;
    global const float *hat = pool + args.in + row * F;
    global float *d = pool + args.out + row * F;
    float sum = 0, along = 0;
    for (int i = lane; i < F; i += CARD_LANES) {
        sum += d[i];
        along += d[i] * hat[i];
    }
    sum = card_group_sum(lanes, sum);
    along = card_group_sum(lanes, along);
    const float rate = pool[args.rate + row];
    for (int i = lane; i < F; i += CARD_LANES) d[i] = rate * (d[i] - (sum + along * hat[i]) / F);
}
