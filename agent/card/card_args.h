/* card_args.h - what a kernel is told: one struct each, by value. Read by C and by OpenCL C alike
 * (it stands in front of the .cl files), so only int and float, and no include.
 *
 * A number whose name is that of an array is where it begins in the card's block of floats, `pool`;
 * tables are ints in a buffer of their own. -1: there is none. Two values [2]: of the online and
 * the target network, whose products are one launch.
 */
#ifndef AGENT_CARD_ARGS_H
#define AGENT_CARD_ARGS_H

enum { CARD_ITEMS = 256, CARD_LANES = 64, CARD_PLAIN_ROW = 1024 };

/* Tables of a convolution's patches, see product.cl; edges, tap_edges: only with padding. */
typedef struct {
    int corners, taps, edges, tap_edges;
} card_patches_t;

/* product.cl: c[m,n] = sum_k a[m,k] b[k,n] for m < M, n < N, k < K, then what is below. */
typedef struct {
    int num_nets, m[2], n, k;
    int a[2], a_row, a_k; /* a[m,k] is at a + m a_row + k a_k; or patches, see product.cl */
    int b[2], b_k, b_n;   /* b[k,n] is at b + k b_k + n b_n; or patches */
    card_patches_t patches;
    int has_ones;           /* b has one column more, all ones: its sums are those of a's rows */
    float scale;            /* of the product, not of that column */
    int c[2], c_row;        /* to */
    int ones_to;            /* (M), to */
    int bias[2];            /* (N), added; -1 */
    int relu, accumulates;  /* c = max(., 0); c += */
    int mask;               /* as c: where it is not above 0, c is 0; -1 */
    int num_splits, shares; /* of K, a group each; their sums lie there until add_shares */
    /* Of a convolution whose input's gradient this is: */
    int is_gathered, rows, kernel_size, stride, pad, in_height, in_width, in_channels, out_height,
        out_width, out_channels, num_phases;
} product_args_t;

/* A product of noisy.h: a table of these. */
enum {
    PART_OUTS,
    PART_INS,
    PART_W,
    PART_B,
    PART_NOISE_W,
    PART_NOISE_B,
    PART_EPS_IN, /* in a draw of noise */
    PART_EPS_OUT,
    PART_NUMBERS
};

/* weights.cl: groups work on rows: num_plain_rows of CARD_PLAIN_ROW weights without noise, then one
 * row an output of a part. */
typedef struct {
    int num_plain, num_plain_rows; /* weights [0, num_plain) have no noise of their own */
    int num_parts, parts;          /* table */
    int mean_offset, num_weights;
    int weights[2], noise[2], effective[2];
    int other_noise; /* of the held batch */
    int grad, m, v, averaged, tangent;
    int partials, num_partials, result; /* sums of squares, a row each */
    int losses, chosen_q, penalties, num_rows;
    int result_at;  /* of CARD_RESULT_* */
    float max_norm; /* above 0: the step is by this clip, and only if norm and loss are finite */
    float rate, unbias_v, epsilon, scale, tangent_rate, average_rate;
} weights_args_t;

enum {
    CARD_RESULT_NORM,
    CARD_RESULT_META_NORM,
    CARD_RESULT_LOSS,
    CARD_RESULT_MEAN_Q,
    CARD_RESULT_PENALTY,
    CARD_RESULT_NUMBERS = 16
};

/* pictures.cl: a batch's pictures, a row of a table each. */
enum {
    PICTURE_FROM,  /* its place on the card, or -1 - its number among those that arrived */
    PICTURE_KEEP,  /* the place that it gets; -1: none */
    PICTURE_RIGHT, /* moved by so many pixels */
    PICTURE_DOWN,
    PICTURE_NUMBERS
};
typedef struct {
    int height, width;
    int to, arrivals; /* bytes of `pixels` */
    int table;
    int num_first; /* places in the first of two buffers */
} pictures_args_t;

/* residual.cl: rows of what a pool reads, (H, W, C), and of what it makes. */
typedef struct {
    int num_rows, height, width, channels, out_height, out_width;
    int in, out, from, open; /* open: what is made, after ReLU */
    int count, mask, accumulates;
    int num_features, rate;
} residual_args_t;

/* noise.cl. */
typedef struct {
    int noise[2], count;
    int key[2], update[2];
} noise_args_t;

/* heads.cl. A, Z, B as everywhere; logits of 3B rows: online at s, online at s', target at s'. */
typedef struct {
    int num_rows, num_actions, num_atoms, batch_size;
    float low, step;
    int logits, value, probs, q;
    int d_logits, d_value, d_q;
    int choosing; /* the first of B rows of q by which a' is chosen */
    int actions, returns, discounts, importance, balance;
    int losses, td_errors, chosen_q, penalties;
    int pull, is_mixture;
    float penalty_scale, lambda; /* of d_q */
    int t_logits, t_q;
} heads_args_t;

#endif
