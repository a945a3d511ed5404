/* product.cl - a product of matrices in tiles, compiled once for each way that its operands lie.
 *
 * In front of each copy stand NAME, TILE_M, TILE_N (their product is 16 CARD_ITEMS) and at most one
 * of each:
 *     A_COLUMNS      a_row is 1: neighbours in memory are neighbours in m, otherwise in k
 *     A_PATCHES      a[m,k] is pixel m's tap k: at corners[m] + taps[k] of `pool`, or with
 *     A_BYTES        of `pixels`: a convolution's input is never unfolded to memory (layers.h)
 *     A_GATHERED     the gradient of a convolution's output, as its input's pixels need it, and b
 *                    its weights (below)
 *     B_ROWS         b_k is 1: neighbours in memory are neighbours in k, otherwise in n
 *     B_PATCHES      b[k,n] is pixel k's tap n, or with
 *     B_BYTES        of `pixels`
 * and, with patches of either, PADDED: some taps are outside the picture, and 0. Of pixel m the bits
 * of edges[m] are set whose taps are inside; tap k is bit tap_edges[k].
 *
 * A group makes one tile, an item 4 x 4 of its sums, K in steps of TILE_K through local memory.
 * Where M x N is small and K long, num_splits groups share K; their sums are added by add_shares.
 * Group ids: tile of N, tile of M, (network, phase, share of K).
 *
 * A_GATHERED. d_in[y,x,c] = sum over the taps (ky, kx) that read it of d_out[oy,ox,o] w[o,ky,kx,c],
 * where y = stride oy + ky - pad, and pad is 0 where stride is not 1. Pixels whose y and x leave the same remainders by the stride, a phase,
 * are read by the same taps: ky = y % stride + stride jy, oy = y / stride + pad - jy. So a phase is one
 * product, m its pixels, k = (jy, jx, o), n = c. */

#ifndef CARD_PRODUCT_SHARED
#define CARD_PRODUCT_SHARED
enum { TILE_K = 16 };

/* Of a gathered product: the taps of one phase. */
int card_phase_taps(const product_args_t *p, int first)
{
    return first < p->kernel_size ? (p->kernel_size - first + p->stride - 1) / p->stride : 0;
}

int card_phase_k(const product_args_t *p, int phase)
{
    return card_phase_taps(p, phase / p->stride) * card_phase_taps(p, phase % p->stride) *
           p->out_channels;
}

/* Bias, ReLU, mask, and to where it belongs. */
void card_store(global float *pool, const product_args_t *p, int net, int phase, int m, int n,
                float x)
{
    int at = m * p->c_row + n;
    if (p->has_ones && n == p->n) {
        pool[p->ones_to + m] = x;
        return;
    }
    if (p->is_gathered) {
        const int wide = (p->in_width + p->stride - 1) / p->stride;
        const int high = (p->in_height + p->stride - 1) / p->stride;
        const int x_at = (m % wide) * p->stride + phase % p->stride;
        const int y_at = (m / wide % high) * p->stride + phase / p->stride;
        if (x_at >= p->in_width || y_at >= p->in_height) return;
        at = ((m / (wide * high) * p->in_height + y_at) * p->in_width + x_at) * p->in_channels + n;
    }
    x *= p->scale;
    global float *to = pool + p->c[net] + at;
    if (p->accumulates) x += *to;
    if (p->bias[net] >= 0) x += pool[p->bias[net] + n];
    if (p->relu) x = x > 0 ? x : 0;
    if (p->mask >= 0 && !(pool[p->mask + at] > 0)) x = 0;
    *to = x;
}

kernel void add_shares(global float *pool, global const uchar *pixels, global const int *tables,
                       const product_args_t p)
{
    const int n = get_global_id(0), m = get_global_id(1), z = get_global_id(2);
    const int net = z / p.num_phases, phase = z % p.num_phases, columns = p.n + p.has_ones;
    if (n >= columns || m >= p.m[net]) return;
    const int most = max(p.m[0], p.m[1]);
    global const float *share = pool + p.shares + (z * p.num_splits * most + m) * columns + n;
    float sum = 0;
    for (int s = 0; s < p.num_splits; s++, share += most * columns) sum += *share;
    card_store(pool, &p, net, phase, m, n, sum);
}
#endif

#define A_LOADS (TILE_M * TILE_K / CARD_ITEMS)
#define B_LOADS (TILE_N * TILE_K / CARD_ITEMS)
#ifdef A_COLUMNS
#define A_M(i) (item % TILE_M)
#define A_K(i) (item / TILE_M + (i) * (CARD_ITEMS / TILE_M))
#else
#define A_M(i) (item / TILE_K + (i) * (CARD_ITEMS / TILE_K))
#define A_K(i) (item % TILE_K)
#endif
#ifdef B_ROWS
#define B_N(i) (item / TILE_K + (i) * (CARD_ITEMS / TILE_K))
#define B_K(i) (item % TILE_K)
#else
#define B_N(i) (item % TILE_N)
#define B_K(i) (item / TILE_N + (i) * (CARD_ITEMS / TILE_N))
#endif

kernel __attribute__((reqd_work_group_size(CARD_ITEMS, 1, 1))) void
NAME(global float *pool, global const uchar *pixels, global const int *tables,
     const product_args_t p)
{
    local float a_tile[TILE_K][TILE_M + 1], b_tile[TILE_K][TILE_N + 1];
    /* By global ids, which alone know of the parts that a product may be launched in. */
    const int item = get_local_id(0), z = get_global_id(2);
    const int split = z % p.num_splits, phase = z / p.num_splits % p.num_phases;
    const int net = z / (p.num_splits * p.num_phases);
    const int first_n = (int)get_global_id(0) / CARD_ITEMS * TILE_N;
    const int first_m = (int)get_global_id(1) * TILE_M;
    const int M = p.m[net], N = p.n + p.has_ones;
#ifdef A_GATHERED
    const int K = card_phase_k(&p, phase), taps_x = max(1, card_phase_taps(&p, phase % p.stride));
    const int wide = (p.in_width + p.stride - 1) / p.stride;
    const int high = (p.in_height + p.stride - 1) / p.stride;
#else
    const int K = p.k;
#endif
    const int share = ((K + p.num_splits - 1) / p.num_splits + TILE_K - 1) / TILE_K * TILE_K;
    const int from = split * share, to = min(K, from + share);
    if (first_m >= M) return;
#if defined A_PATCHES || defined A_BYTES
    int corner[A_LOADS];
    for (int i = 0; i < A_LOADS; i++)
        corner[i] = first_m + A_M(i) < M ? tables[p.patches.corners + first_m + A_M(i)] : 0;
#ifdef PADDED
    int edge[A_LOADS];
    for (int i = 0; i < A_LOADS; i++)
        edge[i] = first_m + A_M(i) < M ? tables[p.patches.edges + first_m + A_M(i)] : 0;
#endif
#endif
    float sum[4][4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sum[i][j] = 0;
    const int item_n = item % (TILE_N / 4), item_m = item / (TILE_N / 4);

    for (int k0 = from; k0 < to; k0 += TILE_K) {
        for (int i = 0; i < A_LOADS; i++) {
            const int m = first_m + A_M(i), k = k0 + A_K(i);
            float x = 0;
            if (m < M && k < to) {
#if defined PADDED && (defined A_BYTES || defined A_PATCHES)
                if (edge[i] >> tables[p.patches.tap_edges + k] & 1)
#endif
#if defined A_BYTES
                x = pixels[p.a[net] + corner[i] + tables[p.patches.taps + k]];
#elif defined A_PATCHES
                x = pool[p.a[net] + corner[i] + tables[p.patches.taps + k]];
#elif defined A_GATHERED
                const int o = k % p.out_channels, j = k / p.out_channels;
                const int ox = m % wide + p.pad - j % taps_x;
                const int oy = m / wide % high + p.pad - j / taps_x;
                if (ox >= 0 && ox < p.out_width && oy >= 0 && oy < p.out_height)
                    x = pool[p.a[net] +
                             ((m / (wide * high) * p.out_height + oy) * p.out_width + ox) *
                                 p.out_channels +
                             o];
#else
                x = pool[p.a[net] + m * p.a_row + k * p.a_k];
#endif
            }
            a_tile[A_K(i)][A_M(i)] = x;
        }
        for (int i = 0; i < B_LOADS; i++) {
            const int n = first_n + B_N(i), k = k0 + B_K(i);
            float x = 0;
            if (n < p.n && k < to) {
#if defined PADDED && (defined B_BYTES || defined B_PATCHES)
                if (tables[p.patches.edges + k] >> tables[p.patches.tap_edges + n] & 1)
#endif
#if defined B_BYTES
                x = pixels[p.b[net] + tables[p.patches.corners + k] + tables[p.patches.taps + n]];
#elif defined B_PATCHES
                x = pool[p.b[net] + tables[p.patches.corners + k] + tables[p.patches.taps + n]];
#elif defined A_GATHERED
                const int o = k % p.out_channels, j = k / p.out_channels;
                const int kx = phase % p.stride + p.stride * (j % taps_x);
                const int ky = phase / p.stride + p.stride * (j / taps_x);
                x = pool[p.b[net] +
                         ((o * p.kernel_size + ky) * p.kernel_size + kx) * p.in_channels + n];
#else
                x = pool[p.b[net] + k * p.b_k + n * p.b_n];
#endif
            } else if (p.has_ones && n == p.n && k < to) {
                x = 1;
            }
            b_tile[B_K(i)][B_N(i)] = x;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int k = 0; k < TILE_K; k++) {
            float a[4], b[4];
            for (int i = 0; i < 4; i++) a[i] = a_tile[k][item_m + i * (TILE_M / 4)];
            for (int j = 0; j < 4; j++) b[j] = b_tile[k][item_n + j * (TILE_N / 4)];
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++) sum[i][j] += a[i] * b[j];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            const int m = first_m + item_m + i * (TILE_M / 4);
            const int n = first_n + item_n + j * (TILE_N / 4);
            if (m >= M || n >= N) continue;
            if (p.num_splits == 1)
                card_store(pool, &p, net, phase, m, n, sum[i][j]);
            else
                pool[p.shares + (z * max(p.m[0], p.m[1]) + m) * N + n] = sum[i][j];
        }
}

#undef A_LOADS
#undef B_LOADS
#undef A_M
#undef A_K
#undef B_N
#undef B_K
#undef NAME
#undef TILE_M
#undef TILE_N
#undef A_COLUMNS
#undef A_PATCHES
#undef A_BYTES
#undef A_GATHERED
#undef B_ROWS
#undef B_PATCHES
#undef B_BYTES
#undef PADDED
