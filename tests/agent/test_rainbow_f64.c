/* test_rainbow_f64.c - one update against a slow one that looks at one sample at a time. */
#include "learner.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulated.h"
#include "half.h"
#include "noise_grad.h"
#include "numeric.h"

enum { SIDE = 26, OBS_BYTES = SIDE * SIDE, A = 4, BATCH = 6, DECISIONS = 40, MAX_ATOMS = 9 };
enum { MOST_STACK = 2, MOST_OBS_BYTES = MOST_STACK * (OBS_BYTES + 2 * A) };

typedef struct {
    learner_t learner;
    net_acts_t acts; /* one row, the slow version's */
    real_t *old_weights, *old_target;
    rng_t rng;
    void *block;
} subject_t;

static void take(subject_t *s, arena_t *arena, const agent_config_t *config)
{
    rng_seed(&s->rng, 8, 0);
    assert_true(learner_take(&s->learner, arena, config));
    net_acts_take(&s->learner.net, arena, 1, &s->acts);
    s->old_weights = arena_take(arena, s->learner.net.num_weights, sizeof(real_t));
    s->old_target = arena_take(arena, s->learner.net.num_weights, sizeof(real_t));
}

static void keep_weights(subject_t *s)
{
    const size_t bytes = s->learner.net.num_weights * sizeof(real_t);
    memcpy(s->old_weights, s->learner.online, bytes);
    memcpy(s->old_target, s->learner.target, bytes);
}

/* Random pictures; of a taught agent with random values behind the newest, or with none. */
static void fill_obs(subject_t *s, bool is_told, uint8_t *obs)
{
    const agent_config_t *config = &s->learner.config;
    const size_t obs_bytes = agent_obs_bytes(config);
    for (size_t k = 0; k < obs_bytes; k++) obs[k] = (uint8_t)rng_next(&s->rng);
    for (int32_t a = 0; config->taught && a < A; a++) {
        const uint16_t half = half_of(is_told ? (float)rng_normal(&s->rng) : NAN);
        memcpy(obs + obs_bytes - 2 * (size_t)(A - a), &half, sizeof half);
    }
}

static subject_t *make_subject(const agent_config_t *config)
{
    subject_t *s = calloc(1, sizeof *s);
    arena_t arena = { 0 };
    take(s, &arena, config);
    s->block = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(s->block, 0, arena.used_bytes);
    arena = (arena_t){ .base = s->block };
    take(s, &arena, config);
    /* A target network of its own, so that a mix-up shows. */
    for (size_t i = 0; i < s->learner.net.num_weights; i++)
        s->learner.target[i] *= 1 + 0.3 * rng_normal(&s->rng);
    uint8_t obs[2][MOST_OBS_BYTES];
    for (int32_t i = 0; i < DECISIONS; i++) {
        for (int32_t n = 0; n < 2; n++) fill_obs(s, i % 2 == 0, obs[n]);
        replay_open(&s->learner.replay, 0, obs[0], (int32_t)rng_below(&s->rng, A));
        replay_settle(&s->learner.replay, 0, (float)rng_normal(&s->rng),
                      1 + (int32_t)rng_below(&s->rng, 4), i % 7 == 6, i % 5 == 4, obs[1]);
    }
    keep_weights(s);
    return s;
}

static void free_subject(subject_t *s)
{
    free(s->block);
    free(s);
}

static agent_config_t config_of(bool double_q, bool dueling, bool noisy, bool prioritized,
                                int32_t num_atoms)
{
    agent_config_t config;
    agent_config_defaults(&config, A);
    config.obs_stack = 1;
    config.obs_height_px = config.obs_width_px = SIDE;
    config.batch_size = BATCH;
    config.double_q = double_q;
    config.dueling = dueling;
    config.noisy = noisy;
    config.prioritized = prioritized;
    config.num_atoms = num_atoms;
    config.return_min = -3;
    config.return_max = 2;
    config.return_scale = 2.5f;
    config.max_grad_norm = 1e9f;
    config.target_sync_period_updates = 3;
    config.discount_per_step = 0.9f;
    config.replay_capacity_decisions = 100;
    config.replay_warmup_decisions = 1;
    return config;
}

/* logits (A, Z) of one observation under these weights and this noise. */
static const real_t *look(subject_t *s, const real_t *weights, const real_t *noise,
                          const uint8_t *obs)
{
    const net_t *net = &s->learner.net;
    const net_view_t view = net_view(net, weights, NULL);
    if (net->noisy)
        net_forward_noisy_row(net, weights, noise, obs, &s->learner.scratch, &s->acts);
    else
        net_forward(net, &view, &obs, 1, NULL, &s->learner.scratch, &s->acts);
    return s->acts.logits;
}

static int32_t best_action(const subject_t *s, const real_t *logits)
{
    real_t probs[A * MAX_ATOMS], q[A];
    const int32_t Z = s->learner.atoms.num_atoms;
    memcpy(probs, logits, (size_t)(A * Z) * sizeof *probs);
    if (Z > 1) atoms_softmax(&s->learner.atoms, A, logits, probs);
    atoms_mean(&s->learner.atoms, A, probs, q);
    int32_t best = 0;
    for (int32_t a = 1; a < A; a++)
        if (q[a] > q[best]) best = a;
    return best;
}

/* q (A) of logits. */
static void values(const subject_t *s, const real_t *logits, real_t *probs, real_t *q)
{
    memcpy(probs, logits, (size_t)(A * s->learner.atoms.num_atoms) * sizeof *probs);
    if (s->learner.atoms.num_atoms > 1) atoms_softmax(&s->learner.atoms, A, logits, probs);
    atoms_mean(&s->learner.atoms, A, probs, q);
}

/* pi = softmax(q / tau), by its definition: the numbers here are small. */
static void softmax_slowly(const real_t *q, double tau, double *pi)
{
    double sum = 0;
    for (int32_t a = 0; a < A; a++) sum += exp(q[a] / tau);
    for (int32_t a = 0; a < A; a++) pi[a] = exp(q[a] / tau) / sum;
}

/* Vieillard et al. 2020, eq. 2. */
static void soft_target_slowly(subject_t *s, const replay_sample_t *sample, real_t *target)
{
    const learner_t *r = &s->learner;
    const int32_t Z = r->atoms.num_atoms;
    const double tau = (double)r->config.munchausen_temperature, low = r->atoms.low;
    const double step = (r->atoms.high - low) / (Z - 1), discount = (double)sample->discount;
    real_t probs[A * MAX_ATOMS], q[A];
    double pi[A];
    values(s, look(s, s->old_target, r->target_noise, sample->obs), probs, q);
    softmax_slowly(q, tau, pi);
    const double bonus = (double)r->config.munchausen * fmax(tau * log(pi[sample->action]), -1);
    values(s, look(s, s->old_target, r->target_noise, sample->next_obs), probs, q);
    softmax_slowly(q, tau, pi);
    memset(target, 0, (size_t)Z * sizeof *target);
    for (int32_t a = 0; a < A; a++) {
        const double sum =
            (double)sample->n_step_return / 2.5 + bonus - discount * tau * log(pi[a]);
        if (Z == 1) target[0] += pi[a] * (sum + discount * q[a]);
        /* An atom's share of a moved mass is 1 less its distance in steps. */
        for (int32_t z = 0; z < Z && Z > 1; z++)
            for (int32_t to = 0; to < Z; to++) {
                const double moved =
                    fmin(fmax(sum + discount * (low + step * z), low), r->atoms.high);
                target[to] +=
                    pi[a] * probs[a * Z + z] * fmax(0, 1 - fabs(moved - (low + step * to)) / step);
            }
    }
}

static void target_slowly(subject_t *s, const replay_sample_t *sample, real_t *target)
{
    const learner_t *r = &s->learner;
    const int32_t Z = r->atoms.num_atoms;
    if (r->config.munchausen > 0) {
        soft_target_slowly(s, sample, target);
        return;
    }
    int32_t a = best_action(s, look(s, s->old_target, r->target_noise, sample->next_obs));
    if (r->config.double_q)
        a = best_action(s, look(s, s->old_weights, r->batch->noise, sample->next_obs));
    const real_t *next = look(s, s->old_target, r->target_noise, sample->next_obs) + a * Z;
    if (Z == 1) {
        target[0] = (double)sample->n_step_return / 2.5 + (double)sample->discount * next[0];
    } else {
        real_t probs[MAX_ATOMS];
        atoms_softmax(&r->atoms, 1, next, probs);
        atoms_project(&r->atoms, probs, (double)sample->n_step_return / 2.5,
                      (double)sample->discount, target);
    }
}

/* What the row of the batch was told of its actions (agent_config.h); false: nothing. */
static bool read_told(const subject_t *s, int32_t b, double *told)
{
    const agent_config_t *config = &s->learner.config;
    const uint8_t *at = s->learner.batch->samples[b].obs + agent_obs_bytes(config) - 2 * A;
    for (int32_t a = 0; config->taught && a < A; a++) {
        uint16_t half;
        memcpy(&half, at + 2 * a, sizeof half);
        told[a] = (double)half_value(half);
    }
    return config->taught && !isnan(told[0]);
}

/* The loss of the last batch under the weights in old_weights, its targets held. */
static double loss_slowly(void *context)
{
    subject_t *s = context;
    const learner_t *r = &s->learner;
    const int32_t Z = r->atoms.num_atoms;
    double loss = 0;
    for (int32_t b = 0; b < BATCH; b++) {
        real_t d[MAX_ATOMS], td_error, probs[A * MAX_ATOMS], q[A];
        double told[A];
        const real_t *logits = look(s, s->old_weights, r->batch->noise, r->batch->samples[b].obs);
        if (read_told(s, b, told)) {
            values(s, logits, probs, q);
            for (int32_t a = 0; a < A; a++)
                loss += r->batch->importance[b] / BATCH * (q[a] - told[a]) * (q[a] - told[a]) / 2;
            continue;
        }
        loss += r->batch->importance[b] / BATCH *
                atoms_loss(&r->atoms, logits + r->batch->samples[b].action * Z, r->targets + b * Z,
                           1, d, &td_error);
    }
    return loss;
}

static void prove(agent_config_t config)
{
    subject_t *s = make_subject(&config);
    const int32_t Z = config.num_atoms;
    assert_true(rainbow_update(&s->learner));
    for (int32_t b = 0; b < BATCH; b++) {
        real_t target[MAX_ATOMS];
        target_slowly(s, &s->learner.batch->samples[b], target);
        for (int32_t z = 0; z < Z; z++)
            assert_true(numeric_close(s->learner.targets[b * Z + z], target[z], 1e-10));
    }
    assert_true(numeric_close(s->learner.loss, loss_slowly(s), 1e-10));
    /* The update never writes the gradients of the noise scales out. */
    real_t *grad = calloc(s->learner.net.num_weights, sizeof *grad);
    const net_t *net = &s->learner.net;
    memcpy(grad, s->learner.grad, (net->mean_offset + net->mean_count) * sizeof *grad);
    const noisy_t noisy = net_noisy(net, s->learner.batch->noise);
    noise_grad_write(&noisy, grad);
    assert_true(numeric_close(s->learner.grad_norm, sqrt(numeric_dot(grad, grad, net->num_weights)),
                              1e-10));
    rng_t rng;
    rng_seed(&rng, 1, 1);
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &s->learner.net.rows[t];
        if (row->count == 0) continue;
        /* The derivative is proven to 1e-6 in test_net_f64.c; here it is small beside a loss
         * of the order of 1, and the difference of two of those is rounded. A ReLU that opens or
         * closes within the step spoils a difference: then a shorter step must agree. */
        double error = 1;
        for (double size = 1e-5; size > 1e-7 && !(error <= 1e-4); size /= 10)
            error = numeric_grad_error(loss_slowly, s, s->old_weights + row->offset,
                                       grad + row->offset, row->count, 8, size, &rng);
        if (!(error <= 1e-4)) fail_msg("%s: relative error %g", row->name, error);
    }
    free(grad);
    free_subject(s);
}

static void test_targets_loss_and_gradient_agree_with_the_slow_version(void **state)
{
    (void)state;
    prove(config_of(false, false, false, false, 1));
    prove(config_of(true, false, false, false, 1));
    prove(config_of(true, true, false, true, 1));
    prove(config_of(false, false, true, false, 1));
    prove(config_of(false, false, false, false, 9));
    prove(config_of(true, true, true, true, 9));
    /* A temperature at which every action counts; then one at which the log policy is cut. */
    for (int32_t num_atoms = 1; num_atoms <= 9; num_atoms += 8)
        for (int cold = 0; cold < 2; cold++) {
            agent_config_t config = config_of(true, true, num_atoms > 1, false, num_atoms);
            config.munchausen = 0.9f;
            config.munchausen_temperature = cold ? 0.02f : 1;
            prove(config);
        }
}

static void test_the_impala_network_learns_by_the_same_gradient(void **state)
{
    (void)state;
    if (emulated_skips("the impala network")) skip();
    for (int32_t width = 1; width <= 2; width++) {
        agent_config_t config = config_of(true, true, width == 2, true, width == 1 ? 1 : 9);
        config.net_kind = AGENT_NET_IMPALA;
        config.net_width = width;
        prove(config);
    }
}

/* Some rows of a batch were told what their actions are worth, the others learn from rewards. */
static void test_a_teachers_values_take_the_place_of_what_a_decision_brought(void **state)
{
    (void)state;
    for (int32_t num_atoms = 1; num_atoms <= 9; num_atoms += 8)
        for (int32_t stack = 1; stack <= MOST_STACK; stack++) {
            agent_config_t config = config_of(true, true, num_atoms > 1, true, num_atoms);
            config.taught = true;
            config.obs_stack = stack;
            prove(config);
            subject_t *s = make_subject(&config);
            int32_t num_told = 0;
            assert_true(rainbow_update(&s->learner));
            for (int32_t b = 0; b < BATCH; b++) {
                double told[A], gaps = 0;
                real_t probs[A * MAX_ATOMS], q[A];
                const learner_batch_t *batch = s->learner.batch;
                if (!read_told(s, b, told)) continue;
                values(s, look(s, s->old_weights, batch->noise, batch->samples[b].obs), probs, q);
                for (int32_t a = 0; a < A; a++) gaps += fabs(q[a] - told[a]) / A;
                assert_true(numeric_close(s->learner.td_errors[b], gaps, 1e-9)); /* its priority */
                num_told++;
            }
            assert_in_range(num_told, 1, BATCH - 1);
            free_subject(s);
        }
}

/* By its table: Schwarzer et al. 2023 go from 10 to 3 over 10,000. */
static void test_n_falls(void **state)
{
    (void)state;
    agent_config_t config = config_of(true, false, false, false, 1);
    config.n_step_decisions = 10;
    config.n_step_ramp_updates = 10000;
    static const struct {
        uint64_t updates;
        int32_t end, n;
    } rows[] = { { 0, 0, 10 },   { 99999, 0, 10 }, { 0, 3, 10 },     { 1000, 3, 9 },
                 { 5000, 3, 5 }, { 9000, 3, 3 },   { 10000, 3, 3 },  { 99999, 3, 3 },
                 { 5000, 1, 3 }, { 10000, 1, 1 },  { 10000, 10, 10 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config.n_step_end_decisions = rows[i].end;
        const learner_t learner = { .config = config, .num_updates = rows[i].updates };
        assert_int_equal(learner_n_step(&learner), rows[i].n);
    }
    /* A return that ends by its steps: n does not fall. */
    config.return_steps = 8;
    const learner_t by_steps = { .config = config, .num_updates = 99999 };
    assert_int_equal(learner_n_step(&by_steps), 10);
    config.return_steps = 0;
    /* An update draws such returns. */
    config.n_step_end_decisions = 3;
    subject_t *s = make_subject(&config);
    s->learner.num_updates = 10000;
    assert_true(rainbow_update(&s->learner));
    for (int32_t b = 0; b < BATCH; b++) {
        const replay_sample_t *sample = &s->learner.batch->samples[b];
        double sum = 0, discount = 1;
        for (int32_t k = 0; k < 3 && discount > 0; k++) {
            const replay_slot_t *slot = &s->learner.replay.slots[sample->slot + k];
            if (slot->state != REPLAY_CLOSED && slot->state != REPLAY_TERMINAL) break;
            sum += discount * (double)slot->reward;
            discount *= pow((double)config.discount_per_step, slot->duration_steps);
            if (slot->state == REPLAY_TERMINAL) discount = 0;
        }
        assert_true(fabs(sum - (double)sample->n_step_return) < 1e-5);
        assert_true(fabs(discount - (double)sample->discount) < 1e-6);
    }
    free_subject(s);
}

/* Each observation of a batch is the stored one moved by at most so much, its edge repeated; every
 * step occurs. */
static void test_pictures_are_moved_at_random(void **state)
{
    (void)state;
    enum { SHIFT = 2, PLACES = 2 * SHIFT + 1 };
    agent_config_t config = config_of(true, false, false, false, 1);
    config.random_shift_px = SHIFT;
    subject_t *s = make_subject(&config);
    int32_t seen[PLACES][PLACES] = { 0 };
    for (int update = 0; update < 60; update++) {
        assert_true(rainbow_update(&s->learner));
        for (int32_t b = 0; b < BATCH; b++) {
            replay_sample_t stored;
            uint8_t obs[OBS_BYTES], next_obs[OBS_BYTES];
            const replay_sample_t *sample = &s->learner.batch->samples[b];
            replay_transition(&s->learner.replay, sample->slot, &stored, obs, next_obs);
            int32_t fits = 0;
            for (int32_t dy = -SHIFT; dy <= SHIFT; dy++)
                for (int32_t dx = -SHIFT; dx <= SHIFT; dx++) {
                    bool same = true;
                    for (int32_t y = 0; y < SIDE; y++)
                        for (int32_t x = 0; x < SIDE; x++) {
                            const int32_t from_y = (int32_t)fmin(fmax(y - dy, 0), SIDE - 1);
                            const int32_t from_x = (int32_t)fmin(fmax(x - dx, 0), SIDE - 1);
                            same &= sample->obs[y * SIDE + x] == obs[from_y * SIDE + from_x];
                        }
                    fits += same;
                    seen[dy + SHIFT][dx + SHIFT] += same;
                }
            assert_int_equal(fits, 1);
        }
    }
    for (int32_t i = 0; i < PLACES * PLACES; i++) assert_true(seen[i / PLACES][i % PLACES] > 0);
    free_subject(s);
}

static void test_importance_weights_and_new_priorities(void **state)
{
    (void)state;
    agent_config_t config = config_of(true, false, false, true, 1);
    config.importance_exponent_start = 0.4f;
    config.importance_ramp_updates = 10;
    subject_t *s = make_subject(&config);
    for (int32_t slot = 0; slot < DECISIONS; slot++)
        replay_set_priority(&s->learner.replay, slot, 1 + slot);
    s->learner.num_updates = 5; /* half way: the exponent is 0.7 */
    assert_true(numeric_close(learner_importance_exponent(&s->learner), 0.7, 1e-6));
    assert_true(rainbow_update(&s->learner));
    double w[BATCH], largest = 0;
    for (int32_t b = 0; b < BATCH; b++) {
        w[b] = pow(s->learner.replay.num_live * (double)s->learner.batch->samples[b].probability,
                   -0.7);
        largest = fmax(largest, w[b]);
    }
    for (int32_t b = 0; b < BATCH; b++) {
        const learner_t *r = &s->learner;
        assert_true(numeric_close(r->batch->importance[b], w[b] / largest, 1e-6));
        /* A slot drawn twice carries the later of its two equal TD errors. */
        assert_true(numeric_close(sumtree_get(&s->learner.replay.tree, r->batch->samples[b].slot),
                                  sqrt(r->td_errors[b] + 1e-6), 1e-12));
    }
    s->learner.num_updates = 1000;
    assert_true(learner_importance_exponent(&s->learner) == 1);
    free_subject(s);
}

static void test_a_long_gradient_is_shortened_to_the_limit(void **state)
{
    (void)state;
    agent_config_t config = config_of(true, false, false, false, 1);
    config.max_grad_norm = 1e-3f;
    subject_t *s = make_subject(&config);
    assert_true(rainbow_update(&s->learner));
    assert_true(s->learner.grad_norm > 1e-2);
    /* Adam's first moment after one step is 0.1 g: its norm tells what was used. */
    const double used =
        sqrt(adam_square_sum(s->learner.adam.m, s->learner.net.num_weights)) / (1 - ADAM_BETA1);
    assert_true(fabs(used / 1e-3 - 1) < 1e-6);
    free_subject(s);
}

static void test_the_target_network_follows_every_period(void **state)
{
    (void)state;
    agent_config_t config = config_of(true, false, false, false, 1); /* period 3 */
    subject_t *s = make_subject(&config);
    const size_t bytes = s->learner.net.num_weights * sizeof(real_t);
    for (int i = 1; i <= 3; i++) {
        assert_memory_equal(s->learner.target, s->old_target, bytes);
        assert_true(rainbow_update(&s->learner));
    }
    assert_memory_equal(s->learner.target, s->learner.online, bytes);
    free_subject(s);
}

static void test_a_loss_that_is_not_finite_changes_nothing(void **state)
{
    (void)state;
    for (int32_t num_atoms = 1; num_atoms <= 9; num_atoms += 8) {
        agent_config_t config = config_of(true, true, true, true, num_atoms);
        subject_t *s = make_subject(&config);
        for (int32_t slot = 0; slot < DECISIONS * 2; slot++)
            s->learner.replay.slots[slot].reward = NAN;
        const double total = sumtree_total(&s->learner.replay.tree);
        const size_t bytes = s->learner.net.num_weights * sizeof(real_t);
        assert_false(rainbow_update(&s->learner));
        assert_memory_equal(s->learner.online, s->old_weights, bytes);
        assert_true(adam_square_sum(s->learner.adam.m, s->learner.net.num_weights) == 0);
        assert_true(adam_square_sum(s->learner.adam.v, s->learner.net.num_weights) == 0);
        assert_int_equal(s->learner.adam.num_steps, 0);
        assert_int_equal(s->learner.num_updates, 0);
        assert_true(sumtree_total(&s->learner.replay.tree) == total);
        free_subject(s);
    }
}

/* ---- demonstrations -------------------------------------------------------------------------- */

static void compute_again(learner_t *l)
{
    assert_int_equal(l->device.calls->compute(l->device.self, l, NULL), DEVICE_OK);
}

/* J_E of the last batch by its definition, w_b weighted. */
static double imitation_slowly(subject_t *s)
{
    learner_t *l = &s->learner;
    double sum = 0;
    for (int32_t b = 0; b < BATCH; b++) {
        const int32_t shown = l->batch->samples[b].action;
        real_t probs[A * MAX_ATOMS], q[A];
        values(s, look(s, l->online, NULL, l->batch->obs[b]), probs, q);
        double most = q[shown];
        for (int32_t a = 0; a < A; a++)
            if (a != shown) most = fmax(most, q[a] + (double)l->demonstrations.margin);
        if (l->batch->samples[b].is_kept)
            sum += l->batch->importance[b] * learner_margin_weight(l) * (most - q[shown]) / BATCH;
    }
    return sum;
}

static void test_the_margin_loss_has_the_gradient_of_its_definition(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 4; i++) {
        const agent_config_t config = config_of(i & 1, true, false, i & 1, i < 2 ? 1 : MAX_ATOMS);
        subject_t *s = make_subject(&config);
        learner_t *l = &s->learner;
        const size_t count = l->net.num_weights;
        real_t *without = malloc(count * sizeof *without), *along = malloc(count * sizeof *along);
        real_t *kept = malloc(count * sizeof *kept);
        assert_true(without && along && kept);
        assert_true(rainbow_update(l)); /* draws the batch */
        compute_again(l);
        memcpy(without, l->grad, count * sizeof *without);
        assert_true(l->imitation == 0);

        l->replay.kept_stream = 0;
        l->demonstrations = (agent_demonstrations_t){ .margin = 0.8f, .weight = 0.7f };
        for (int32_t b = 0; b < BATCH; b++) l->batch->samples[b].is_kept = b != 2;
        compute_again(l);
        assert_true(l->imitation > 0);
        assert_true(fabs(l->imitation - imitation_slowly(s)) < 1e-9);
        double expected = 0;
        for (size_t w = 0; w < count; w++) {
            along[w] = rng_normal(&s->rng);
            expected += (l->grad[w] - without[w]) * along[w];
        }
        memcpy(kept, l->online, count * sizeof *kept);
        double sides[2];
        const double step = 1e-7;
        for (int32_t side = 0; side < 2; side++) {
            for (size_t w = 0; w < count; w++)
                l->online[w] = kept[w] + (side ? step : -step) * along[w];
            sides[side] = imitation_slowly(s);
        }
        const double found = (sides[1] - sides[0]) / (2 * step);
        if (fabs(found - expected) > 1e-5 * (1 + fabs(expected)))
            fail_msg("case %d: %g by differences, %g by the gradient", (int)i, found, expected);
        free(without);
        free(along);
        free(kept);
        free_subject(s);
    }
}

/* Other agents' decisions have no such loss, and it fades. */
static void test_the_margin_fades_and_is_of_demonstrations_alone(void **state)
{
    (void)state;
    const agent_config_t config = config_of(true, true, false, false, 1);
    subject_t *s = make_subject(&config);
    learner_t *l = &s->learner;
    l->demonstrations = (agent_demonstrations_t){ .margin = 0.8f, .weight = 1, .fade_updates = 4 };
    assert_true(rainbow_update(l));
    assert_true(l->imitation == 0); /* stream 0 is nobody's to be imitated */
    l->replay.kept_stream = 0;
    double weights[6];
    for (int32_t i = 0; i < 6; i++) {
        weights[i] = learner_margin_weight(l);
        assert_true(rainbow_update(l));
        assert_true((l->imitation > 0) == (weights[i] > 0));
    }
    assert_true(fabs(weights[0] - 0.75) < 1e-12 && fabs(weights[1] - 0.5) < 1e-12);
    assert_true(weights[3] == 0 && weights[5] == 0);
    free_subject(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets_loss_and_gradient_agree_with_the_slow_version),
        cmocka_unit_test(test_the_impala_network_learns_by_the_same_gradient),
        cmocka_unit_test(test_a_teachers_values_take_the_place_of_what_a_decision_brought),
        cmocka_unit_test(test_n_falls),
        cmocka_unit_test(test_the_margin_loss_has_the_gradient_of_its_definition),
        cmocka_unit_test(test_the_margin_fades_and_is_of_demonstrations_alone),
        cmocka_unit_test(test_pictures_are_moved_at_random),
        cmocka_unit_test(test_importance_weights_and_new_priorities),
        cmocka_unit_test(test_a_long_gradient_is_shortened_to_the_limit),
        cmocka_unit_test(test_the_target_network_follows_every_period),
        cmocka_unit_test(test_a_loss_that_is_not_finite_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
