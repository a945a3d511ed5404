/* rainbow.c - an update's arithmetic on the processor: targets, loss, backward, step; device.h. The
 * order of an update is in update.c.
 *
 * The loops over rows or weights are jobs, each on share k of n of them (thread_pool.h). */
#include <math.h>
#include <string.h>

#include "half.h"
#include "learner.h"
#include "wide.h"

/* Share k of n of the batch's rows. */
static int32_t rows_of(const learner_t *l, int32_t share, int32_t num_shares, int32_t *first)
{
    return thread_pool_share(l->config.batch_size, 1, share, num_shares, first);
}

/* Share k of n of the flat weights that have no noise: all, or with noise the convolutions'. */
static int32_t plain_weights_of(const learner_t *l, int32_t share, int32_t num_shares,
                                int32_t *first)
{
    const net_t *net = &l->net;
    const size_t count = net->noisy ? net->mean_offset : net->num_weights;
    return thread_pool_share((int32_t)count, NET_ALIGNMENT, share, num_shares, first);
}

static bool is_double(const agent_config_t *config)
{
    return config->double_q && config->munchausen == 0;
}

/* ---- forward --------------------------------------------------------------------------------- */

static void compose(void *context, int32_t share, int32_t num_shares)
{
    const learner_t *l = context;
    const noisy_t online = net_noisy(&l->net, l->batch->noise);
    const noisy_t target = net_noisy(&l->net, l->target_noise);
    noisy_compose(&online, l->online, l->batch->effective, share, num_shares);
    noisy_compose(&target, l->target, l->target_effective, share, num_shares);
}

static net_view_t online_view(const learner_t *l)
{
    return net_view(&l->net, l->online, l->net.noisy ? l->batch->effective : NULL);
}

static net_view_t target_view(const learner_t *l)
{
    return net_view(&l->net, l->target, l->target_effective);
}

/* Nothing looks at s but at the action that was taken there. With a dueling network each action's
 * logits hang on all. */
static bool needs_taken_alone(const learner_t *l)
{
    const agent_config_t *config = &l->config;
    return !config->dueling && !config->taught && config->munchausen == 0 && !l->held &&
           !learner_penalizes(l) && !(learner_margin_weight(l) > 0);
}

/* Logits of the online network at s (and, for double Q, s'), of the target network at s'. */
static void forward(learner_t *l)
{
    const net_t *net = &l->net;
    if (net->noisy) thread_pool_run(&l->pool, compose, l);
    const net_view_t online = online_view(l);
    const net_view_t target = target_view(l);
    l->taken = needs_taken_alone(l) ? l->actions : NULL;
    for (int32_t b = 0; l->taken && b < l->config.batch_size; b++)
        l->actions[b] = l->batch->samples[b].action;
    net_forward_update(net, &online, &target, l->batch->obs, l->config.batch_size,
                       is_double(&l->config), l->taken, &l->pool, &l->scratch, &l->batch->acts,
                       &l->target_acts);
    if (l->config.munchausen > 0)
        net_forward(net, &target, l->batch->obs, l->config.batch_size, &l->pool, &l->scratch,
                    &l->target_acts_now);
}

/* q (rows, A) of logits (rows, A, Z); probs (rows, A, Z) is written if Z > 1. */
static void q_of_logits(const learner_t *l, int32_t rows, const real_t *logits, real_t *probs,
                        real_t *q)
{
    const int32_t count = rows * l->config.num_actions;
    if (l->atoms.num_atoms > 1) atoms_softmax(&l->atoms, count, logits, probs);
    atoms_mean(&l->atoms, count, l->atoms.num_atoms > 1 ? probs : logits, q);
}

/* Row b of an array of rows of `size`, which may be absent. */
static real_t *row_of(real_t *rows, int32_t b, size_t size)
{
    return rows ? rows + (size_t)b * size : NULL;
}

/* q (A) becomes tau * ln pi, pi = softmax(q / tau). */
static void log_policy(int32_t num_actions, real_t tau, real_t *q)
{
    const real_t best = q[real_best(q, num_actions)];
    double sum = 0;
    for (int32_t a = 0; a < num_actions; a++) sum += exp((double)((q[a] - best) / tau));
    const real_t normal = best + tau * (real_t)log(sum);
    for (int32_t a = 0; a < num_actions; a++) q[a] -= normal;
}

/* ---- targets --------------------------------------------------------------------------------- */

static real_t scaled_return(const learner_t *l, const replay_sample_t *sample)
{
    return (real_t)((double)sample->n_step_return / return_scale_of(&l->return_scale));
}

/* Row b of Munchausen's targets (agent_config.h; with atoms, the mixture under pi of the projected
 * distributions). */
static void compute_soft_target(learner_t *l, int32_t b)
{
    const int32_t A = l->config.num_actions, Z = l->config.num_atoms;
    const size_t AZ = (size_t)(A * Z);
    const replay_sample_t *sample = &l->batch->samples[b];
    const real_t tau = (real_t)l->config.munchausen_temperature;
    const real_t discount = (real_t)sample->discount;
    real_t *probs = row_of(l->next_probs, b, AZ), *log_pi = l->next_q + b * A;
    q_of_logits(l, 1, l->target_acts_now.logits + (size_t)b * AZ, probs, log_pi);
    log_policy(A, tau, log_pi);
    const real_t taken = log_pi[sample->action] < -1 ? -1 : log_pi[sample->action];
    const real_t reward = scaled_return(l, sample) + (real_t)l->config.munchausen * taken;
    const real_t *next = l->target_acts.logits + (size_t)b * AZ;
    q_of_logits(l, 1, next, probs, log_pi);
    log_policy(A, tau, log_pi);
    real_t *target = l->targets + b * Z;
    memset(target, 0, (size_t)Z * sizeof *target);
    for (int32_t a = 0; a < A; a++) {
        const real_t share = (real_t)exp((double)(log_pi[a] / tau));
        const real_t moved = reward - discount * log_pi[a];
        if (Z == 1)
            target[0] += share * (moved + discount * next[a]);
        else if (share > 0)
            atoms_add_projection(&l->atoms, probs + a * Z, moved, discount, share, target);
    }
}

/* y_b = R_b / scale + discount_b * Q_target(s'_b, a'), a' = argmax of the online network (double Q;
 * van Hasselt et al. 2016, eq. 4) or of the target network itself; with atoms its projection
 * (Bellemare et al. 2017, algorithm 1). */
static void compute_targets(void *context, int32_t share, int32_t num_shares)
{
    learner_t *l = context;
    const int32_t B = l->config.batch_size, A = l->config.num_actions, Z = l->config.num_atoms;
    const size_t AZ = (size_t)(A * Z);
    const real_t *choosing =
        is_double(&l->config) ? l->batch->acts.logits + (size_t)B * AZ : l->target_acts.logits;
    const net_view_t target = target_view(l);
    int32_t first;
    const int32_t rows = rows_of(l, share, num_shares, &first);
    for (int32_t b = first; b < first + rows; b++) {
        if (l->config.munchausen > 0) {
            compute_soft_target(l, b);
            continue;
        }
        const replay_sample_t *sample = &l->batch->samples[b];
        real_t *q = l->next_q + b * A;
        q_of_logits(l, 1, choosing + (size_t)b * AZ, row_of(l->next_probs, b, AZ), q);
        const int32_t next_action = real_best(q, A);
        if (l->taken && is_double(&l->config))
            net_action_logits(&l->net, &target, b, next_action, &l->target_acts);
        const real_t *next = l->target_acts.logits + (size_t)b * AZ + next_action * Z;
        const real_t reward = scaled_return(l, sample);
        const real_t discount = (real_t)sample->discount;
        if (Z == 1) {
            l->targets[b] = reward + discount * next[0];
        } else {
            real_t *probs = l->target_probs + b * Z;
            atoms_softmax(&l->atoms, 1, next, probs);
            atoms_project(&l->atoms, probs, reward, discount, l->targets + b * Z);
        }
    }
}

/* ---- loss ------------------------------------------------------------------------------------ */

/* q (A) as a teacher gave them in row b. False: it gave none. */
static bool read_teacher(const learner_t *l, int32_t b, real_t *q)
{
    const int32_t A = l->config.num_actions;
    const size_t told_bytes = (size_t)A * sizeof(uint16_t);
    if (!l->config.taught) return false;
    const uint8_t *told = l->batch->obs[b] + agent_obs_bytes(&l->config) - told_bytes;
    for (int32_t a = 0; a < A; a++, told += sizeof(uint16_t)) {
        uint16_t half;
        memcpy(&half, told, sizeof half);
        q[a] = (real_t)half_value(half);
        if (!isfinite(q[a])) return false;
    }
    return true;
}

/* Row b's loss is w_b/B J_T(s_b) (agent_config.h) and its priority the mean of the gaps, instead of
 * those of what it brought. d_logits: of row b, zeros. */
static void learn_from_teacher(learner_t *l, int32_t b, const real_t *teacher_q, real_t *d_logits)
{
    const int32_t A = l->config.num_actions;
    const size_t AZ = (size_t)l->net.head.out_size;
    const real_t weight = l->batch->importance[b] / (real_t)l->config.batch_size;
    real_t *probs = row_of(l->next_probs, b, AZ), *q = l->next_q + b * A; /* targets are made */
    real_t d_q[AGENT_MAX_ACTIONS], gaps = 0, squares = 0;
    q_of_logits(l, 1, l->batch->acts.logits + (size_t)b * AZ, probs, q);
    for (int32_t a = 0; a < A; a++) {
        const real_t gap = q[a] - teacher_q[a];
        gaps += gap < 0 ? -gap : gap;
        squares += gap * gap;
        d_q[a] = weight * gap;
    }
    l->losses[b] = weight * squares / 2;
    l->td_errors[b] = gaps / (real_t)A;
    atoms_add_mean_grad(&l->atoms, A, probs, q, d_q, d_logits);
}

/* Each row's loss, TD error and Q(s, a), and d_logits of mean_b w_b loss_b. */
static void compute_td_loss(void *context, int32_t share, int32_t num_shares)
{
    learner_t *l = context;
    const int32_t B = l->config.batch_size, Z = l->config.num_atoms;
    const size_t AZ = (size_t)l->net.head.out_size;
    const learner_batch_t *batch = l->batch;
    int32_t first;
    const int32_t rows = rows_of(l, share, num_shares, &first);
    memset(l->d_logits + (size_t)first * AZ, 0, (size_t)rows * AZ * sizeof *l->d_logits);
    for (int32_t b = first; b < first + rows; b++) {
        const size_t at = (size_t)b * AZ + (size_t)(batch->samples[b].action * Z);
        const real_t *logits = batch->acts.logits + at;
        const real_t weight = batch->importance[b] / (real_t)B;
        real_t teacher_q[AGENT_MAX_ACTIONS];
        if (read_teacher(l, b, teacher_q))
            learn_from_teacher(l, b, teacher_q, l->d_logits + (size_t)b * AZ);
        else
            l->losses[b] = weight * atoms_loss(&l->atoms, logits, l->targets + b * Z, weight,
                                               l->d_logits + at, &l->td_errors[b]);
        real_t *probs = row_of(l->chosen_probs, b, (size_t)Z);
        if (Z > 1) atoms_softmax(&l->atoms, 1, logits, probs);
        atoms_mean(&l->atoms, 1, Z > 1 ? probs : logits, &l->chosen_q[b]);
    }
}

static void td_loss(learner_t *l)
{
    thread_pool_run(&l->pool, compute_td_loss, l);
    l->loss = l->mean_q = 0;
    for (int32_t b = 0; b < l->config.batch_size; b++) {
        l->loss += (double)l->losses[b];
        l->mean_q += (double)l->chosen_q[b] / l->config.batch_size;
    }
}

/* batch->probs, batch->q of s. */
static void compute_q(void *context, int32_t share, int32_t num_shares)
{
    const learner_t *l = context;
    const learner_batch_t *batch = l->batch;
    const size_t A = (size_t)l->config.num_actions, AZ = (size_t)l->net.head.out_size;
    int32_t first;
    const int32_t rows = rows_of(l, share, num_shares, &first);
    q_of_logits(l, rows, batch->acts.logits + (size_t)first * AZ, row_of(batch->probs, first, AZ),
                batch->q + (size_t)first * A);
}

/* d_logits += dq/dlogits * d_q. */
static void add_penalty_to_logits(void *context, int32_t share, int32_t num_shares)
{
    const learner_t *l = context;
    const learner_batch_t *batch = l->batch;
    const size_t A = (size_t)l->config.num_actions, AZ = (size_t)l->net.head.out_size;
    int32_t first;
    const int32_t rows = rows_of(l, share, num_shares, &first);
    atoms_add_mean_grad(&l->atoms, rows * (int32_t)A, row_of(batch->probs, first, AZ),
                        batch->q + (size_t)first * A, l->d_q + (size_t)first * A,
                        l->d_logits + (size_t)first * AZ);
}

/* The loss becomes mean_b w_b loss_b + lambda P (masp.h). */
static void add_penalty(learner_t *l)
{
    thread_pool_run(&l->pool, compute_q, l);
    l->penalty =
        l->lambda * masp_penalty(&l->masp, l->config.batch_size, l->lambda, l->batch->q, l->d_q);
    thread_pool_run(&l->pool, add_penalty_to_logits, l);
}

/* The rows of demonstrations: d_logits += w_b weight dJ_E/dlogits / B, losses = that of each row.
 */
static void compute_imitation(void *context, int32_t share, int32_t num_shares)
{
    learner_t *l = context;
    const learner_batch_t *batch = l->batch;
    const int32_t B = l->config.batch_size, A = l->config.num_actions;
    const size_t AZ = (size_t)l->net.head.out_size;
    const real_t margin = (real_t)l->demonstrations.margin;
    const real_t weight = (real_t)(learner_margin_weight(l) / B);
    int32_t first;
    const int32_t rows = rows_of(l, share, num_shares, &first);
    for (int32_t b = first; b < first + rows; b++) {
        const int32_t shown = batch->samples[b].action;
        l->losses[b] = 0;
        if (!batch->samples[b].is_kept) continue;
        real_t *probs = row_of(l->next_probs, b, AZ), *q = l->next_q + b * A; /* targets are made */
        q_of_logits(l, 1, batch->acts.logits + (size_t)b * AZ, probs, q);
        int32_t best = shown;
        real_t most = q[shown];
        for (int32_t a = 0; a < A; a++) {
            if (a == shown || q[a] + margin <= most) continue;
            most = q[a] + margin;
            best = a;
        }
        if (best == shown) continue;
        real_t d_q[AGENT_MAX_ACTIONS] = { 0 };
        d_q[best] = batch->importance[b] * weight;
        d_q[shown] = -d_q[best];
        l->losses[b] = d_q[best] * (most - q[shown]);
        atoms_add_mean_grad(&l->atoms, A, probs, q, d_q, l->d_logits + (size_t)b * AZ);
    }
}

/* The loss becomes mean_b w_b (loss_b + weight J_E of a demonstration) (agent.h). */
static void add_imitation(learner_t *l)
{
    thread_pool_run(&l->pool, compute_imitation, l);
    l->imitation = 0;
    for (int32_t b = 0; b < l->config.batch_size; b++) l->imitation += (double)l->losses[b];
}

/* ---- backward, clip, step -------------------------------------------------------------------- */

static void backward(learner_t *l, real_t *d_logits, real_t *grad)
{
    const net_view_t online = online_view(l);
    net_backward(&l->net, &online, l->batch->obs, &l->batch->acts, l->config.batch_size, l->taken,
                 d_logits, &l->pool, &l->scratch, grad);
}

typedef struct {
    const learner_t *learner;
    const real_t *grad; /* (E) */
    adam_rates_t rates;
    double sums[THREAD_POOL_MAX];
} weights_job_t;

static void sum_squares(void *context, int32_t share, int32_t num_shares)
{
    weights_job_t *job = context;
    const learner_t *l = job->learner;
    const noisy_t noisy = net_noisy(&l->net, l->batch->noise);
    int32_t first;
    const int32_t count = plain_weights_of(l, share, num_shares, &first);
    job->sums[share] = adam_square_sum(job->grad + first, (size_t)count) +
                       noisy_square_sum(&noisy, job->grad, share, num_shares);
}

/* L2, over the gradients of means and noise scales. */
static double norm_of(learner_t *l, const real_t *grad)
{
    weights_job_t job = { .learner = l, .grad = grad };
    thread_pool_run(&l->pool, sum_squares, &job);
    double sum = 0;
    for (int32_t t = 0; t < thread_pool_size(&l->pool); t++) sum += job.sums[t];
    return sqrt(sum);
}

static void step_weights(void *context, int32_t share, int32_t num_shares)
{
    const weights_job_t *job = context;
    const learner_t *l = job->learner;
    const noisy_t noisy = net_noisy(&l->net, l->batch->noise);
    int32_t first;
    const int32_t count = plain_weights_of(l, share, num_shares, &first);
    adam_apply(&l->adam, job->rates, l->online, job->grad, (size_t)first, (size_t)count);
    noisy_step(&noisy, &l->adam, job->rates, l->online, job->grad, share, num_shares);
}

/* Adam, on the gradient times clip. */
static void adam_step(learner_t *l, double clip)
{
    weights_job_t job = { .learner = l, .grad = l->grad, .rates = adam_begin(&l->adam, clip) };
    thread_pool_run(&l->pool, step_weights, &job);
}

typedef struct {
    const learner_t *learner;
    real_t rate;
} average_job_t;

WIDE_LOOP(follow_values,
          (int32_t count, real_t rate, const real_t *restrict values, real_t *restrict average),
          (count, rate, values, average))
{
    for (int32_t i = 0; i < count; i++) average[i] += rate * (values[i] - average[i]);
}

static void follow_weights(void *context, int32_t share, int32_t num_shares)
{
    const average_job_t *job = context;
    const learner_t *l = job->learner;
    int32_t first;
    const int32_t count =
        thread_pool_share((int32_t)l->net.num_weights, NET_ALIGNMENT, share, num_shares, &first);
    follow_values(count, job->rate, l->online + first, l->averaged + first);
}

static void update_average(learner_t *l)
{
    average_job_t job = { l, (real_t)learner_average_rate(l) };
    if (job.rate > 0) thread_pool_run(&l->pool, follow_weights, &job);
}

/* The plain mean of all batches' values, and from then on over about the last so many. */
static void follow_values_seen(learner_t *l)
{
    enum { MOST_UPDATES = 10000 };
    const double over = l->num_updates < MOST_UPDATES ? (double)l->num_updates : MOST_UPDATES;
    net_follow_values(&l->net, l->batch->obs, l->config.batch_size, 1 / over, l->online);
}

static void sync_target(learner_t *l)
{
    if (l->num_updates % (uint64_t)l->config.target_sync_period_updates == 0)
        memcpy(l->target, l->online, l->net.num_weights * sizeof(real_t));
}

/* ---- the meta-gradient (masp.h) ---------------------------------------------------------------
 */

/* The next update computes the meta-gradient of this one's step: keep the weights that it starts
 * from, and the observations, which the replay memory may overwrite before. */
static void keep_weights(learner_t *l)
{
    const net_t *net = &l->net;
    learner_batch_t *batch = l->batch;
    memcpy(batch->held_convs, l->online, net->mean_offset * sizeof(real_t));
    if (!net->noisy)
        memcpy(batch->effective, l->online + net->mean_offset, net->mean_count * sizeof(real_t));
}

/* d_logits (B, A, Z) of mean_b w_b loss_b becomes that of mean_a (mean over the rows b that took a)
 * w_b loss_b, a over the actions in the batch. */
static void weigh_actions_equally(const learner_t *l, real_t *d_logits)
{
    const int32_t B = l->config.batch_size, A = l->config.num_actions, Z = l->config.num_atoms;
    const replay_sample_t *samples = l->batch->samples;
    int32_t taken[AGENT_MAX_ACTIONS] = { 0 }, kinds = 0;
    for (int32_t b = 0; b < B; b++) kinds += taken[samples[b].action]++ == 0;
    for (int32_t b = 0; b < B; b++) {
        const int32_t a = samples[b].action;
        const real_t factor = (real_t)B / ((real_t)kinds * (real_t)taken[a]);
        real_t *d = d_logits + ((size_t)b * (size_t)A + (size_t)a) * (size_t)Z;
        for (int32_t z = 0; z < Z; z++) d[z] *= factor;
    }
}

typedef struct {
    const learner_t *learner;
    const learner_batch_t *held;
    adam_rates_t rates; /* of the held batch's step */
} tangent_job_t;

static void compute_tangent(void *context, int32_t share, int32_t num_shares)
{
    const tangent_job_t *job = context;
    const learner_t *l = job->learner;
    const noisy_t held = net_noisy(&l->net, job->held->noise);
    const noisy_t current = net_noisy(&l->net, l->batch->noise);
    int32_t first;
    const int32_t count = plain_weights_of(l, share, num_shares, &first);
    adam_tangent(&l->adam, job->rates, l->meta_grad, l->tangent, (size_t)first, (size_t)count);
    noisy_tangent(&held, &current, &l->adam, job->rates, l->meta_grad,
                  l->tangent + l->net.mean_offset, share, num_shares);
}

/* masp.grad = dJ/dSigma, where J is the TD loss of this batch at the weights that the step on
 * `held` led to. Adam's D in that step and its clipping are taken as constant in Sigma. False: not
 * finite. */
static bool compute_meta_gradient(learner_t *l, const learner_batch_t *held)
{
    const net_t *net = &l->net;
    const int32_t B = l->config.batch_size, A = l->config.num_actions;
    memcpy(l->meta_d_logits, l->d_logits, (size_t)(B * net->head.out_size) * sizeof(real_t));
    if (l->config.similarity_balanced) weigh_actions_equally(l, l->meta_d_logits);
    backward(l, l->meta_d_logits, l->meta_grad);
    if (!isfinite(norm_of(l, l->meta_grad))) return false;
    tangent_job_t job = { l, held, adam_again(&l->adam) };
    thread_pool_run(&l->pool, compute_tangent, &job);
    const net_view_t view = net_view(net, held->held_convs, held->effective);
    const net_view_t along = net_view(net, l->tangent, NULL);
    net_jvp(net, &view, &along, held->obs, &held->acts, B, &l->pool, &l->scratch, l->t_logits);
    atoms_mean_jvp(&l->atoms, B * A, held->probs, held->q, l->t_logits, l->t_q);
    return masp_meta_gradient(&l->masp, B, held->held_clip, held->q, l->t_q);
}

/* ---- the device (device.h) ------------------------------------------------------------------- */

/* False: the loss or the similarity's gradient is not finite. */
static bool compute_gradient(learner_t *l)
{
    forward(l);
    thread_pool_run(&l->pool, compute_targets, l);
    td_loss(l);
    if (!isfinite(l->loss)) return false;
    if (l->held && !compute_meta_gradient(l, l->held)) return false;
    if (learner_penalizes(l)) add_penalty(l);
    if (learner_margin_weight(l) > 0) add_imitation(l);
    backward(l, l->d_logits, l->grad);
    return true;
}

static device_status_t compute(void *self, learner_t *l, char *why)
{
    (void)self, (void)why;
    const device_status_t status = learner_share_gradient(l, compute_gradient(l));
    if (status != DEVICE_OK) return status;
    l->grad_norm = norm_of(l, l->grad);
    return isfinite(l->grad_norm) ? DEVICE_OK : DEVICE_DIVERGED;
}

static device_status_t step(void *self, learner_t *l, double clip, bool is_held, char *why)
{
    (void)self, (void)why;
    if (is_held) keep_weights(l);
    adam_step(l, clip);
    follow_values_seen(l);
    update_average(l);
    sync_target(l);
    return DEVICE_OK;
}

/* The learner's arrays are this device's own memory. */
static device_status_t load(void *self, const learner_t *l, char *why)
{
    (void)self, (void)l, (void)why;
    return DEVICE_OK;
}

static device_status_t read_back(void *self, const learner_t *l, device_part_t part, char *why)
{
    (void)part;
    return load(self, l, why);
}

static void end(void *self)
{
    (void)self;
}

const device_calls_t rainbow_on_processor = {
    .load = load,
    .read = read_back,
    .compute = compute,
    .step = step,
    .similarity = load,
    .close = end,
};
