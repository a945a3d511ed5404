/* weights.cl - noisy.h and adam.h on the card: a group of CARD_LANES items works on one row, the
 * weights of one output and its bias; see weights_args_t. */

typedef struct {
    int w, noise_w, count; /* of this row's weights and of their scales; noise_w -1: no noise */
    int b, noise_b;
    int eps_in; /* in a draw of noise */
    int eps_out;
} card_row_t;

card_row_t card_row(global const int *tables, const weights_args_t *args, int row)
{
    card_row_t found;
    if (row < args->num_plain_rows) {
        found.w = row * CARD_PLAIN_ROW;
        found.count = min(CARD_PLAIN_ROW, args->num_plain - found.w);
        found.noise_w = -1;
        return found;
    }
    row -= args->num_plain_rows;
    global const int *part = tables + args->parts;
    for (; row >= part[PART_OUTS]; part += PART_NUMBERS) row -= part[PART_OUTS];
    found.count = part[PART_INS];
    found.w = part[PART_W] + row * found.count;
    found.noise_w = part[PART_NOISE_W] + row * found.count;
    found.b = part[PART_B] + row;
    found.noise_b = part[PART_NOISE_B] + row;
    found.eps_in = part[PART_EPS_IN];
    found.eps_out = part[PART_EPS_OUT] + row;
    return found;
}

/* The sum over the group; every item gets it. */
float card_group_sum(local float *lanes, float x)
{
    const int lane = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    lanes[lane] = x;
    for (int half_of = get_local_size(0) / 2; half_of > 0; half_of /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < half_of) lanes[lane] += lanes[lane + half_of];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return lanes[0];
}

/* effective = mean + scale * eps_out * eps_in, of network get_group_id(1). */
kernel void compose(global float *pool, global const uchar *pixels, global const int *tables,
                    const weights_args_t args)
{
    const int lane = get_local_id(0), net = get_group_id(1);
    const card_row_t row = card_row(tables, &args, args.num_plain_rows + get_group_id(0));
    global const float *weights = pool + args.weights[net], *noise = pool + args.noise[net];
    global float *to = pool + args.effective[net] - args.mean_offset;
    const float eps_out = noise[row.eps_out];
    for (int i = lane; i < row.count; i += CARD_LANES)
        to[row.w + i] = weights[row.w + i] +
                        weights[row.noise_w + i] * (eps_out * noise[row.eps_in + i]);
    if (lane == 0) to[row.b] = weights[row.b] + weights[row.noise_b] * eps_out;
}

/* partials[row] = sum of squares over the gradients of means and scales. */
kernel void squares(global float *pool, global const uchar *pixels, global const int *tables,
                    const weights_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0);
    const card_row_t row = card_row(tables, &args, get_group_id(0));
    global const float *d = pool + args.grad, *noise = pool + args.noise[0];
    float sum = 0;
    if (row.noise_w < 0) {
        for (int i = lane; i < row.count; i += CARD_LANES) sum += d[row.w + i] * d[row.w + i];
    } else {
        const float eps_out = noise[row.eps_out];
        for (int i = lane; i < row.count; i += CARD_LANES) {
            const float eps = eps_out * noise[row.eps_in + i];
            sum += d[row.w + i] * d[row.w + i] * (1 + eps * eps);
        }
        if (lane == 0) sum += d[row.b] * d[row.b] * (1 + eps_out * eps_out);
    }
    sum = card_group_sum(lanes, sum);
    if (lane == 0) pool[args.partials + get_group_id(0)] = sum;
}

/* What the host waits for, by one group: the norm, and the batch's sums. */
kernel void sum_up(global float *pool, global const uchar *pixels, global const int *tables,
                   const weights_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0);
    float sum = 0, loss = 0, mean_q = 0, penalty = 0;
    for (int i = lane; i < args.num_partials; i += CARD_LANES) sum += pool[args.partials + i];
    for (int b = lane; b < args.num_rows; b += CARD_LANES) {
        loss += pool[args.losses + b];
        mean_q += pool[args.chosen_q + b];
        if (args.penalties >= 0) penalty += pool[args.penalties + b];
    }
    sum = card_group_sum(lanes, sum);
    loss = card_group_sum(lanes, loss);
    mean_q = card_group_sum(lanes, mean_q);
    penalty = card_group_sum(lanes, penalty);
    if (lane != 0) return;
    global float *result = pool + args.result;
    result[args.result_at] = sqrt(sum);
    result[CARD_RESULT_LOSS] = loss;
    result[CARD_RESULT_MEAN_Q] = mean_q / args.num_rows;
    result[CARD_RESULT_PENALTY] = penalty;
}

void card_adam(global float *pool, const weights_args_t *args, int at, float g)
{
    global float *w = pool + args->weights[0] + at, *m = pool + args->m + at,
                 *v = pool + args->v + at;
    const float new_m = 0.9f * *m + 0.1f * g, new_v = 0.999f * *v + 0.001f * g * g;
    *m = new_m;
    *v = new_v;
    *w -= args->rate * new_m / (sqrt(new_v) * args->unbias_v + args->epsilon);
}

/* How much of the gradient the step is along, where the card decides it; 0: it makes no step. */
float card_clip(global const float *pool, const weights_args_t *args)
{
    if (!(args->max_norm > 0)) return 1;
    const float norm = pool[args->result + CARD_RESULT_NORM];
    if (!isfinite(norm) || !isfinite(pool[args->result + CARD_RESULT_LOSS])) return 0;
    return norm > args->max_norm ? args->max_norm / norm : 1;
}

/* Adam on means and scales. */
kernel void step_weights(global float *pool, global const uchar *pixels, global const int *tables,
                         const weights_args_t args)
{
    const int lane = get_local_id(0);
    const card_row_t row = card_row(tables, &args, get_group_id(0));
    global const float *d = pool + args.grad, *noise = pool + args.noise[0];
    const float scale = args.scale * card_clip(pool, &args);
    if (!(scale > 0)) return;
    if (row.noise_w < 0) {
        for (int i = lane; i < row.count; i += CARD_LANES)
            card_adam(pool, &args, row.w + i, d[row.w + i] * scale);
        return;
    }
    const float eps_out = noise[row.eps_out];
    for (int i = lane; i < row.count; i += CARD_LANES) {
        const float g = d[row.w + i] * scale;
        card_adam(pool, &args, row.w + i, g);
        card_adam(pool, &args, row.noise_w + i, g * (eps_out * noise[row.eps_in + i]));
    }
    if (lane == 0) {
        const float g = d[row.b] * scale;
        card_adam(pool, &args, row.b, g);
        card_adam(pool, &args, row.noise_b, g * eps_out);
    }
}

kernel void follow_average(global float *pool, global const uchar *pixels,
                           global const int *tables, const weights_args_t args)
{
    const int i = get_global_id(0);
    if (i >= args.num_weights) return;
    global float *average = pool + args.averaged + i;
    *average += args.average_rate * (pool[args.weights[0] + i] - *average);
}

/* (1 - beta1) D of one weight in the last step (adam.h). */
float card_tangent_factor(global const float *pool, const weights_args_t *args, int at)
{
    return args->tangent_rate / (sqrt(pool[args->v + at]) * args->unbias_v + args->epsilon);
}

/* noisy_tangent() and adam_tangent(): u under the noise of the held batch, `other_noise`; grad was
 * taken under noise[0]. */
kernel void find_tangent(global float *pool, global const uchar *pixels, global const int *tables,
                         const weights_args_t args)
{
    const int lane = get_local_id(0);
    const card_row_t row = card_row(tables, &args, get_group_id(0));
    global const float *d = pool + args.grad;
    global const float *noise = pool + args.noise[0], *held = pool + args.other_noise;
    global float *to = pool + args.tangent;
    if (row.noise_w < 0) {
        for (int i = lane; i < row.count; i += CARD_LANES)
            to[row.w + i] = card_tangent_factor(pool, &args, row.w + i) * d[row.w + i];
        return;
    }
    const float eps_out = noise[row.eps_out] * held[row.eps_out];
    for (int i = lane; i < row.count; i += CARD_LANES)
        to[row.w + i] = d[row.w + i] * (card_tangent_factor(pool, &args, row.w + i) +
                                        card_tangent_factor(pool, &args, row.noise_w + i) *
                                            eps_out * noise[row.eps_in + i] *
                                            held[row.eps_in + i]);
    if (lane == 0)
        to[row.b] = d[row.b] * (card_tangent_factor(pool, &args, row.b) +
                                card_tangent_factor(pool, &args, row.noise_b) * eps_out);
}
