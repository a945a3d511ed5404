/* heads.cl - what stands behind the network's last products: dueling sum, atoms.h, loss, penalty of
 * masp.h. */

/* An item a row and atom: logits (rows, A, Z) += value - mean over actions. */
kernel void dueling(global float *pool, global const uchar *pixels, global const int *tables,
                    const heads_args_t args)
{
    const int at = get_global_id(0), A = args.num_actions, Z = args.num_atoms;
    if (at >= args.num_rows * Z) return;
    global float *row = pool + args.logits + at / Z * A * Z + at % Z;
    float sum = 0;
    for (int a = 0; a < A; a++) sum += row[a * Z];
    const float shift = pool[args.value + at] - sum / A;
    for (int a = 0; a < A; a++) row[a * Z] += shift;
}

/* d_logits becomes that of the advantages; d_value (rows, Z). */
kernel void dueling_back(global float *pool, global const uchar *pixels, global const int *tables,
                         const heads_args_t args)
{
    const int at = get_global_id(0), A = args.num_actions, Z = args.num_atoms;
    if (at >= args.num_rows * Z) return;
    global float *row = pool + args.d_logits + at / Z * A * Z + at % Z;
    float sum = 0;
    for (int a = 0; a < A; a++) sum += row[a * Z];
    pool[args.d_value + at] = sum;
    for (int a = 0; a < A; a++) row[a * Z] -= sum / A;
}

float card_group_max(local float *lanes, float x)
{
    const int lane = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    lanes[lane] = x;
    for (int half_of = get_local_size(0) / 2; half_of > 0; half_of /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < half_of) lanes[lane] = fmax(lanes[lane], lanes[lane + half_of]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    return lanes[0];
}

/* A group a row and action: probs = softmax(logits), q its mean; with one atom q is the logit. */
kernel void means(global float *pool, global const uchar *pixels, global const int *tables,
                  const heads_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0), at = get_group_id(0), Z = args.num_atoms;
    global const float *logits = pool + args.logits + at * Z;
    if (Z == 1) {
        if (lane == 0) pool[args.q + at] = logits[0];
        return;
    }
    global float *probs = pool + args.probs + at * Z;
    float largest = -INFINITY, sum = 0, mean = 0;
    for (int z = lane; z < Z; z += CARD_LANES) largest = fmax(largest, logits[z]);
    largest = card_group_max(lanes, largest);
    for (int z = lane; z < Z; z += CARD_LANES) sum += exp(logits[z] - largest);
    sum = card_group_sum(lanes, sum);
    for (int z = lane; z < Z; z += CARD_LANES) {
        const float p = exp(logits[z] - largest) / sum;
        probs[z] = p;
        mean += (args.low + args.step * z) * p;
    }
    mean = card_group_sum(lanes, mean);
    if (lane == 0) pool[args.q + at] = mean;
}

/* The first of the largest. */
int card_best(global const float *q, int count)
{
    int best = 0;
    for (int a = 1; a < count; a++)
        if (q[a] > q[best]) best = a;
    return best;
}

/* Huber, by the group's first item. */
void card_huber(global float *pool, const heads_args_t *args, int b, float target)
{
    const int action = (int)pool[args->actions + b], A = args->num_actions;
    const float q = pool[args->logits + b * A + action];
    const float weight = pool[args->importance + b] / args->batch_size;
    const float error = q - target, size = fabs(error);
    pool[args->d_logits + b * A + action] =
        weight * (size <= 1 ? error : error < 0 ? -1.0f : 1.0f);
    pool[args->losses + b] = weight * (size <= 1 ? error * error / 2 : size - 0.5f);
    pool[args->td_errors + b] = size;
    pool[args->chosen_q + b] = q;
}

/* A group a row b: its target, projected on the atoms (each takes what falls beside it, so that no
 * two items add to one), then loss, TD error, and d_logits (A, Z), 0 but for the action taken. */
kernel void td_loss(global float *pool, global const uchar *pixels, global const int *tables,
                    const heads_args_t args)
{
    local float lanes[CARD_LANES], place[256], mass[256];
    const int lane = get_local_id(0), b = get_group_id(0);
    const int B = args.batch_size, A = args.num_actions, Z = args.num_atoms, AZ = A * Z;
    const int action = (int)pool[args.actions + b];
    const int next_action = card_best(pool + args.q + (args.choosing + b) * A, A);
    const int next = (2 * B + b) * AZ + next_action * Z; /* of the target network */
    const float reward = pool[args.returns + b], discount = pool[args.discounts + b];
    const float weight = pool[args.importance + b] / B;
    global float *d = pool + args.d_logits + b * AZ;
    for (int i = lane; i < AZ; i += CARD_LANES)
        if (i / Z != action) d[i] = 0;
    if (Z == 1) {
        if (lane == 0) card_huber(pool, &args, b, reward + discount * pool[args.logits + next]);
        return;
    }
    const float high = args.low + args.step * (Z - 1);
    for (int z = lane; z < Z; z += CARD_LANES) {
        const float moved = reward + discount * (args.low + args.step * z);
        place[z] = clamp((clamp(moved, args.low, high) - args.low) / args.step, 0.0f, Z - 1.0f);
        mass[z] = pool[args.probs + next + z];
    }
    barrier(CLK_LOCAL_MEM_FENCE);

    const int taken = b * AZ + action * Z;
    global const float *logits = pool + args.logits + taken, *probs = pool + args.probs + taken;
    float largest = -INFINITY, sum = 0, loss = 0, entropy = 0;
    for (int z = lane; z < Z; z += CARD_LANES) largest = fmax(largest, logits[z]);
    largest = card_group_max(lanes, largest);
    for (int z = lane; z < Z; z += CARD_LANES) sum += exp(logits[z] - largest);
    const float log_sum = largest + log(card_group_sum(lanes, sum));
    for (int z = lane; z < Z; z += CARD_LANES) {
        float target = 0;
        for (int i = 0; i < Z; i++) {
            const float near = 1 - fabs(place[i] - z);
            if (near > 0) target += mass[i] * near;
        }
        loss -= target * (logits[z] - log_sum);
        if (target > 0) entropy -= target * log(target);
        d[action * Z + z] = weight * (probs[z] - target);
    }
    loss = card_group_sum(lanes, loss);
    entropy = card_group_sum(lanes, entropy);
    if (lane != 0) return;
    pool[args.losses + b] = weight * loss;
    pool[args.td_errors + b] = loss > entropy ? loss - entropy : 0;
    pool[args.chosen_q + b] = pool[args.q + b * A + action];
}

/* A group a row b: d_q of lambda P (masp.c), d_logits += dq/dlogits d_q, and its share of P. */
kernel void penalty(global float *pool, global const uchar *pixels, global const int *tables,
                    const heads_args_t args)
{
    local float lanes[CARD_LANES], q[512], residual[512];
    const int lane = get_local_id(0), b = get_group_id(0);
    const int A = args.num_actions, Z = args.num_atoms;
    global const float *pull = pool + args.pull;
    for (int a = lane; a < A; a += CARD_LANES) q[a] = pool[args.q + b * A + a];
    barrier(CLK_LOCAL_MEM_FENCE);
    float sum = 0;
    if (args.is_mixture) {
        for (int a = lane; a < A; a += CARD_LANES) {
            float r = 0;
            for (int i = 0; i < A; i++) r += q[i] * pull[a * A + i];
            residual[a] = r;
            sum += r * r;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (int a = lane; a < A; a += CARD_LANES) {
        float d = 0;
        for (int i = 0; i < A; i++)
            d += (args.is_mixture ? residual[i] : q[i]) * pull[i * A + a];
        if (!args.is_mixture) sum += q[a] * d;
        d *= args.penalty_scale;
        pool[args.d_q + b * A + a] = d;
        global float *d_logits = pool + args.d_logits + (b * A + a) * Z;
        global const float *probs = pool + args.probs + (b * A + a) * Z;
        if (Z == 1) d_logits[0] += d;
        for (int z = 0; z < Z && Z > 1; z++)
            d_logits[z] += d * probs[z] * (args.low + args.step * z - q[a]);
    }
    sum = card_group_sum(lanes, sum);
    if (lane == 0) pool[args.penalties + b] = args.lambda * sum;
}

/* meta_d_logits, here d_logits, = logits, times `balance` of its row. */
kernel void balance(global float *pool, global const uchar *pixels, global const int *tables,
                    const heads_args_t args)
{
    const int at = get_global_id(0), AZ = args.num_actions * args.num_atoms;
    if (at >= args.num_rows * AZ) return;
    pool[args.d_logits + at] = pool[args.logits + at] * pool[args.balance + at / AZ];
}

/* A group a row and action: t_q, the tangent of q. */
kernel void mean_tangents(global float *pool, global const uchar *pixels,
                          global const int *tables, const heads_args_t args)
{
    local float lanes[CARD_LANES];
    const int lane = get_local_id(0), at = get_group_id(0), Z = args.num_atoms;
    global const float *t = pool + args.t_logits + at * Z, *probs = pool + args.probs + at * Z;
    float sum = 0;
    if (Z == 1) {
        if (lane == 0) pool[args.t_q + at] = t[0];
        return;
    }
    const float q = pool[args.q + at];
    for (int z = lane; z < Z; z += CARD_LANES)
        sum += t[z] * probs[z] * (args.low + args.step * z - q);
    sum = card_group_sum(lanes, sum);
    if (lane == 0) pool[args.t_q + at] = sum;
}
