/* test_masp_f64.c - the penalty, its gradient, and the meta-gradient: against slow loops, and
 * dJ/dSigma against central differences of the whole pipeline (relative error <= 1e-5). */
#include "masp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulated.h"
#include "noise_grad.h"
#include "numeric.h"
#include "learner.h"

enum { A = 6, B = 5, PAIRS = A * (A - 1) / 2 };

static void *zeroed(size_t bytes)
{
    void *block = aligned_alloc(ARENA_ALIGNMENT_BYTES, bytes);
    return memset(block, 0, bytes);
}

static masp_t make_masp(void **block, rng_t *rng, agent_similarity_form_t form)
{
    masp_t masp;
    arena_t arena = { 0 };
    agent_config_t config;
    agent_config_defaults(&config, A);
    config.batch_size = B;
    config.similarity_form = form;
    config.similarity_start = 0.3f;
    masp_take(&masp, &arena, &config);
    *block = zeroed(arena.used_bytes);
    arena = (arena_t){ .base = *block };
    masp_take(&masp, &arena, &config);
    for (int32_t k = 0; k < PAIRS; k++) masp.s[k] = rng_normal(rng);
    masp_refresh(&masp);
    return masp;
}

static int32_t pair_idx(int32_t i, int32_t j)
{
    int32_t k = 0;
    for (int32_t a = 0; a < A; a++)
        for (int32_t b = a + 1; b < A; b++, k++)
            if (a == i && b == j) return k;
    return -1;
}

static void test_sigma_is_symmetric_with_a_zero_diagonal(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 1, 0);
    void *block;
    const masp_t masp = make_masp(&block, &rng, AGENT_SIMILARITY_PAIRS);
    for (int32_t i = 0; i < A; i++) {
        assert_true(masp.sigma[i * A + i] == 0);
        for (int32_t j = i + 1; j < A; j++) {
            const double sigma = 1 / (1 + exp(-masp.s[pair_idx(i, j)]));
            assert_true(numeric_close(masp.sigma[i * A + j], sigma, 1e-15));
            assert_true(masp.sigma[i * A + j] == masp.sigma[j * A + i]);
        }
    }
    free(block);
}

typedef struct {
    masp_t masp;
    double q[B * A];
} penalty_case_t;

/* M of masp.h, entry by entry. */
static double mixture_at(const double *sigma, int32_t i, int32_t j)
{
    double rho = 0;
    for (int32_t k = 0; k < A; k++) rho += k == i ? 0 : sigma[i * A + k];
    return ((i == j ? 1 : sigma[i * A + j])) / (1 + rho);
}

/* The formulas of masp.h, loop by loop: P of q (B, A). */
static double penalty_of(agent_similarity_form_t form, const double *sigma, const double *q)
{
    double sum = 0;
    for (int32_t b = 0; b < B; b++)
        for (int32_t i = 0; i < A; i++) {
            double mean = 0;
            for (int32_t j = 0; j < A; j++) {
                const double gap = q[b * A + i] - q[b * A + j];
                if (form == AGENT_SIMILARITY_PAIRS && j > i)
                    sum += sigma[i * A + j] * gap * gap * 2 / (A - 1);
                mean += mixture_at(sigma, i, j) * q[b * A + j];
            }
            if (form == AGENT_SIMILARITY_MIXTURE) sum += pow(q[b * A + i] - mean, 2);
        }
    return sum / B;
}

static double penalty_slowly(void *context)
{
    const penalty_case_t *c = context;
    return penalty_of(c->masp.form, c->masp.sigma, c->q);
}

static void test_penalty_and_its_gradient(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        rng_t rng;
        rng_seed(&rng, 2, 0);
        void *block;
        penalty_case_t c;
        c.masp = make_masp(&block, &rng, (agent_similarity_form_t)form);
        numeric_fill(&rng, c.q, B * A);
        double d_q[B * A];
        const double penalty = masp_penalty(&c.masp, B, 0.7, c.q, d_q);
        assert_true(numeric_close(penalty, penalty_slowly(&c), 1e-12));
        for (int32_t i = 0; i < B * A; i++) d_q[i] /= 0.7;
        assert_true(numeric_grad_error(penalty_slowly, &c, c.q, d_q, B * A, B * A, NUMERIC_STEP,
                                       &rng) <= 1e-6);
        free(block);
    }
}

/* Nothing alike is no penalty, and what a state is worth whatever is done is left alone. */
static void test_no_similarity_and_a_common_value_cost_nothing(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        rng_t rng;
        rng_seed(&rng, 6, 0);
        void *block;
        masp_t masp = make_masp(&block, &rng, (agent_similarity_form_t)form);
        double q[B * A], d_q[B * A];
        for (int32_t i = 0; i < B * A; i++) q[i] = 3 + i / A;
        assert_true(fabs(masp_penalty(&masp, B, 1, q, d_q)) < 1e-12);
        for (int32_t i = 0; i < B * A; i++) assert_true(fabs(d_q[i]) < 1e-12);
        numeric_fill(&rng, q, B * A);
        for (int32_t k = 0; k < PAIRS; k++) masp.s[k] = -800; /* Sigma is 0 */
        masp_refresh(&masp);
        assert_true(masp_penalty(&masp, B, 1, q, d_q) == 0);
        free(block);
    }
}

/* Of four groups of equal actions one action has another value than its group: how hard it is
 * pulled back. */
static double pull_of_a_group(agent_similarity_form_t form, int32_t num_actions)
{
    const int32_t members = num_actions / 4;
    agent_config_t config;
    agent_config_defaults(&config, num_actions);
    config.batch_size = 1;
    config.similarity_form = form;
    masp_t masp;
    arena_t arena = { 0 };
    masp_take(&masp, &arena, &config);
    void *block = zeroed(arena.used_bytes);
    arena = (arena_t){ .base = block };
    masp_take(&masp, &arena, &config);
    float *groups = calloc((size_t)num_actions * (size_t)num_actions, sizeof *groups);
    for (int32_t i = 0; i < num_actions; i++)
        for (int32_t j = 0; j < num_actions; j++)
            groups[i * num_actions + j] = i != j && i / members == j / members;
    masp_set_prior(&masp, groups);
    for (int32_t k = 0; k < masp.num_pairs; k++) masp.s[k] = masp.s[k] > 0 ? 800 : -800;
    masp_refresh(&masp);
    double *q = calloc((size_t)num_actions, sizeof *q),
           *d_q = calloc((size_t)num_actions, sizeof *q);
    q[0] = 1;
    (void)masp_penalty(&masp, 1, 1, q, d_q);
    const double pull = d_q[0];
    free(groups);
    free(q);
    free(d_q);
    free(block);
    return pull;
}

static void test_strength_does_not_depend_on_the_number_of_actions(void **state)
{
    (void)state;
    for (int32_t actions = 24; actions <= 240; actions *= 10) {
        const double n = actions / 4;
        assert_true(numeric_close(pull_of_a_group(AGENT_SIMILARITY_MIXTURE, actions),
                                  2 * (1 - 1 / n), 1e-12));
        /* 0.87 and 0.99; the mean over all pairs would be 0.036 and 0.004. */
        assert_true(numeric_close(pull_of_a_group(AGENT_SIMILARITY_PAIRS, actions),
                                  4 * (n - 1) / (actions - 1), 1e-12));
    }
}

static void test_meta_gradient_agrees_with_the_slow_version(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        rng_t rng;
        rng_seed(&rng, 3, 0);
        void *block;
        masp_t masp = make_masp(&block, &rng, (agent_similarity_form_t)form);
        double q[B * A], t_q[B * A], sigma[A * A], above[B * A], below[B * A];
        numeric_fill(&rng, q, B * A);
        numeric_fill(&rng, t_q, B * A);
        memcpy(sigma, masp.sigma, sizeof sigma);
        masp_meta_gradient(&masp, B, 0.25, q, t_q);
        /* -scale d/dSigma_ij d/de P(q + e q'): P is quadratic in q, so one difference is exact in
         * e; in Sigma it is a central one. */
        for (int32_t i = 0; i < B * A; i++) {
            above[i] = q[i] + t_q[i] / 2;
            below[i] = q[i] - t_q[i] / 2;
        }
        for (int32_t i = 0; i < A; i++)
            for (int32_t j = i + 1; j < A; j++) {
                const double h = 1e-4, was = sigma[i * A + j];
                double slope = 0;
                for (int side = -1; side <= 1; side += 2) {
                    sigma[i * A + j] = sigma[j * A + i] = was + side * h;
                    slope += side * (penalty_of(masp.form, sigma, above) -
                                     penalty_of(masp.form, sigma, below));
                }
                sigma[i * A + j] = sigma[j * A + i] = was;
                const double wanted = -0.25 * slope / (2 * h);
                assert_true(fabs(masp.grad[pair_idx(i, j)] - wanted) < 1e-7 * (1 + fabs(wanted)));
            }
        free(block);
    }
}

/* First step of Adam: s moves by the learning rate against the sign of the gradient. */
static void test_first_step_by_hand(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 4, 0);
    void *block;
    masp_t masp = make_masp(&block, &rng, AGENT_SIMILARITY_PAIRS);
    double before[PAIRS];
    memcpy(before, masp.s, sizeof before);
    for (int32_t k = 0; k < PAIRS; k++) masp.grad[k] = k % 3 == 0 ? 0 : k % 3 == 1 ? 2 : -0.5;
    masp_step(&masp, 0.1, 0.5);
    for (int32_t k = 0; k < PAIRS; k++) {
        const double step = k % 3 == 0 ? 0 : k % 3 == 1 ? -0.1 : 0.1;
        const double pull = -0.1 * 0.5 * (before[k] - log((double)0.3f / (1 - (double)0.3f)));
        assert_true(numeric_close(masp.s[k], before[k] + step + pull, 1e-9));
        /* dJ/ds = dJ/dSigma Sigma (1 - Sigma); the moments show its size. */
        const double was = 1 / (1 + exp(-before[k])), slope = masp.grad[k] * was * (1 - was);
        assert_true(numeric_close(masp.m[k], (1 - ADAM_BETA1) * slope, 1e-15));
        assert_true(numeric_close(masp.v[k], (1 - ADAM_BETA2) * slope * slope, 1e-15));
    }
    const double sigma = 1 / (1 + exp(-masp.s[pair_idx(2, 4)]));
    assert_true(numeric_close(masp.sigma[2 * A + 4], sigma, 1e-15));
    free(block);
}

static void test_a_prior_is_taken_symmetric_and_off_the_ends(void **state)
{
    (void)state;
    rng_t rng;
    rng_seed(&rng, 5, 0);
    void *block;
    masp_t masp = make_masp(&block, &rng, AGENT_SIMILARITY_PAIRS);
    float prior[A * A] = { 0 };
    prior[0 * A + 1] = 0.2f;
    prior[1 * A + 0] = 0.6f;
    prior[2 * A + 3] = prior[3 * A + 2] = 1;
    masp.num_steps = 7;
    masp.v[3] = 1;
    masp_set_prior(&masp, prior);
    assert_true(numeric_close(masp.sigma[0 * A + 1], 0.4, 1e-7));
    assert_true(numeric_close(masp.sigma[1 * A + 0], 0.4, 1e-7));
    assert_true(numeric_close(masp.sigma[2 * A + 3], 1 - MASP_LEAST, 1e-12));
    assert_true(numeric_close(masp.sigma[4 * A + 5], MASP_LEAST, 1e-12));
    assert_true(masp.s[0] == masp.prior[0] && masp.num_steps == 0 && masp.v[3] == 0);
    free(block);
}

/* ---- the whole pipeline ------------------------------------------------------------------- */

enum { SIDE = 26, OBS_BYTES = SIDE * SIDE, DECISIONS = 60, MAX_ATOMS = 5 };

typedef struct {
    learner_t learner;
    rng_t rng;
    /* Before the step on batch B: */
    real_t *weights, *m;
    /* That batch's targets, and the step's own Sigma: */
    real_t *targets, *sigma;
    /* Scratch: */
    real_t *grad, *moved, *d_logits, *probs, *q, *d_q;
    net_acts_t acts;
    net_scratch_t scratch;
    void *block;
} pipeline_t;

static void take(pipeline_t *p, arena_t *arena, const agent_config_t *config)
{
    rng_seed(&p->rng, 8, 0);
    assert_true(learner_take(&p->learner, arena, config));
    const size_t n = p->learner.net.num_weights, logits = B * (size_t)p->learner.net.head.out_size;
    real_t **flats[] = { &p->weights, &p->m, &p->grad, &p->moved };
    for (int i = 0; i < 4; i++) *flats[i] = arena_take(arena, n, sizeof(real_t));
    real_t **outs[] = { &p->d_logits, &p->probs, &p->q, &p->d_q, &p->targets, &p->sigma };
    for (int i = 0; i < 6; i++) *outs[i] = arena_take(arena, logits + A * A, sizeof(real_t));
    net_acts_take(&p->learner.net, arena, B, &p->acts);
    net_scratch_take(&p->learner.net, arena, B, &p->scratch);
}

static pipeline_t *make_pipeline_of(agent_net_kind_t kind, bool rainbow_parts,
                                    agent_similarity_form_t form)
{
    agent_config_t config;
    agent_config_defaults(&config, A);
    config.net_kind = kind;
    config.obs_stack = 1;
    config.obs_height_px = config.obs_width_px = SIDE;
    config.batch_size = B;
    config.dueling = config.noisy = config.prioritized = rainbow_parts;
    config.num_atoms = rainbow_parts ? MAX_ATOMS : 1;
    config.return_min = -3;
    config.return_max = 2;
    config.return_scale = 1;
    config.max_grad_norm = 0.05f; /* so that the gradient is shortened */
    config.adam_epsilon = 1e-3f;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_weight = 2.0f / A;
    config.similarity_form = form;
    config.similarity_period_updates = 1;
    config.replay_capacity_decisions = 100;
    config.replay_warmup_decisions = 1;
    config.n_step_decisions = 2;
    config.n_step_end_decisions = 0;
    config.discount_per_step = 0.9f;
    pipeline_t *p = calloc(1, sizeof *p);
    arena_t arena = { 0 };
    take(p, &arena, &config);
    p->block = zeroed(arena.used_bytes);
    arena = (arena_t){ .base = p->block };
    take(p, &arena, &config);
    uint8_t obs[2][OBS_BYTES];
    for (int32_t i = 0; i < DECISIONS; i++) {
        for (int32_t k = 0; k < 2 * OBS_BYTES; k++) (&obs[0][0])[k] = (uint8_t)rng_next(&p->rng);
        replay_open(&p->learner.replay, 0, obs[0], (int32_t)rng_below(&p->rng, A));
        replay_settle(&p->learner.replay, 0, (float)rng_normal(&p->rng), 1 + i % 3, i % 7 == 6,
                      i % 5 == 4, obs[1]);
    }
    return p;
}

static pipeline_t *make_pipeline(bool rainbow_parts, agent_similarity_form_t form)
{
    return make_pipeline_of(AGENT_NET_SMALL, rainbow_parts, form);
}

/* logits at s of one of the two batches, under these weights and the batch's own noise. */
static net_view_t forward(pipeline_t *p, const learner_batch_t *batch, const real_t *weights,
                          real_t *effective)
{
    const net_t *net = &p->learner.net;
    const noisy_t noisy = net_noisy(net, batch->noise);
    noisy_compose(&noisy, weights, effective, 0, 1);
    const net_view_t view = net_view(net, weights, net->noisy ? effective : NULL);
    net_forward(net, &view, batch->obs, B, NULL, &p->scratch, &p->acts);
    return view;
}

/* What a row of a batch counts: 1, or so much that every action in it counts alike. */
static double row_weight(const learner_batch_t *batch, int32_t row, bool balanced)
{
    if (!balanced) return 1;
    int32_t same = 0, kinds = 0;
    for (int32_t b = 0; b < B; b++) {
        bool seen = false;
        for (int32_t c = 0; c < b; c++)
            seen = seen || batch->samples[c].action == batch->samples[b].action;
        kinds += !seen;
        same += batch->samples[b].action == batch->samples[row].action;
    }
    return (double)B / kinds / same;
}

/* Sum of w_b loss_b / B of a batch at the logits in p->acts; d_logits is added to. */
static double td_loss(pipeline_t *p, const learner_batch_t *batch, const real_t *targets,
                      bool balanced)
{
    const int32_t Z = p->learner.atoms.num_atoms;
    double loss = 0;
    for (int32_t b = 0; b < B; b++) {
        const size_t at = (size_t)((b * A + batch->samples[b].action) * Z);
        real_t d[MAX_ATOMS], td_error;
        const real_t weight = row_weight(batch, b, balanced) * batch->importance[b] / B;
        loss += weight * atoms_loss(&p->learner.atoms, p->acts.logits + at, targets + b * Z, weight,
                                    d, &td_error);
        for (int32_t z = 0; z < Z; z++) p->d_logits[at + (size_t)z] += d[z];
    }
    return loss;
}

/* J(Sigma) = L_TD(theta'(Sigma); B'): the step on batch B done anew under this Sigma, from the
 * definition, with Adam's D and the factor of shortening held. */
static double pipeline(pipeline_t *p, const learner_batch_t *first, const learner_batch_t *second,
                       const real_t *second_targets, double clip, real_t *effective)
{
    const learner_t *r = &p->learner;
    const net_t *net = &r->net;
    const int32_t Z = r->atoms.num_atoms;
    const double lambda = (double)r->config.similarity_weight;
    const net_view_t view = forward(p, first, p->weights, effective);
    memset(p->d_logits, 0, (size_t)(B * A * Z) * sizeof(real_t));
    (void)td_loss(p, first, p->targets, false);
    memcpy(p->probs, p->acts.logits, (size_t)(B * A * Z) * sizeof(real_t));
    if (Z > 1) atoms_softmax(&r->atoms, B * A, p->acts.logits, p->probs);
    atoms_mean(&r->atoms, B * A, p->probs, p->q);
    /* pairs: dP/dq_i = 4/(B) sum_j Sigma_ij (q_i - q_j);
     * mixture: dP/dq_i = 2/B (r_i - sum_k M_ki r_k), r = q - M q */
    for (int32_t b = 0; b < B; b++) {
        double residual[A];
        for (int32_t i = 0; i < A; i++) {
            residual[i] = p->q[b * A + i];
            for (int32_t j = 0; j < A; j++)
                residual[i] -= mixture_at(p->sigma, i, j) * p->q[b * A + j];
        }
        for (int32_t i = 0; i < A; i++) {
            double sum = 0;
            for (int32_t j = 0; j < A; j++)
                sum += p->sigma[i * A + j] * (p->q[b * A + i] - p->q[b * A + j]);
            p->d_q[b * A + i] = lambda * 4 / (B * (A - 1)) * sum;
            if (r->masp.form == AGENT_SIMILARITY_PAIRS) continue;
            double back = residual[i];
            for (int32_t k = 0; k < A; k++) back -= mixture_at(p->sigma, k, i) * residual[k];
            p->d_q[b * A + i] = lambda * 2 / B * back;
        }
    }
    atoms_add_mean_grad(&r->atoms, B * A, p->probs, p->q, p->d_q, p->d_logits);
    net_backward(net, &view, first->obs, &p->acts, B, NULL, p->d_logits, NULL, &p->scratch,
                 p->grad);
    const noisy_t noisy = net_noisy(net, first->noise);
    noise_grad_write(&noisy, p->grad);

    /* theta' = theta - rate D m' */
    const double t = 1, unbias1 = 1 - pow(ADAM_BETA1, t), unbias2 = 1 - pow(ADAM_BETA2, t);
    for (size_t i = 0; i < net->num_weights; i++) {
        const double D = 1 / (unbias1 * (sqrt(r->adam.v[i] / unbias2) + r->adam.epsilon));
        const double m = ADAM_BETA1 * p->m[i] + (1 - ADAM_BETA1) * clip * p->grad[i];
        p->moved[i] = p->weights[i] - r->adam.learning_rate * D * m;
    }
    (void)forward(p, second, p->moved, effective);
    return td_loss(p, second, second_targets, r->config.similarity_balanced);
}

static void prove_pipeline(agent_net_kind_t kind, bool rainbow_parts, bool balanced,
                           agent_similarity_form_t form)
{
    pipeline_t *p = make_pipeline_of(kind, rainbow_parts, form);
    learner_t *r = &p->learner;
    r->config.similarity_balanced = balanced;
    const size_t n = r->net.num_weights;
    const size_t num_targets = (size_t)(B * r->atoms.num_atoms);
    memcpy(p->weights, r->online, n * sizeof(real_t));
    memcpy(p->sigma, r->masp.sigma, A * A * sizeof(real_t));
    assert_true(rainbow_update(r)); /* the step on B */
    assert_ptr_equal(r->held, r->batch);
    const learner_batch_t *first = r->held;
    const double clip = first->held_clip;
    assert_true(clip < 0.9);
    memcpy(p->targets, r->targets, num_targets * sizeof(real_t));
    real_t *stepped = malloc(n * sizeof(real_t)), *v = malloc(n * sizeof(real_t));
    real_t *effective = malloc((r->net.mean_count + 1) * sizeof(real_t));
    memcpy(stepped, r->online, n * sizeof(real_t));
    memcpy(v, r->adam.v, n * sizeof(real_t));

    assert_true(rainbow_update(r)); /* B', and the meta-gradient */
    const learner_batch_t *second = r->batch;
    assert_ptr_not_equal(first, second);
    memcpy(r->adam.v, v, n * sizeof(real_t)); /* D of the step on B */

    /* The slow pipeline at the Sigma that was must be the step that was made. */
    const double loss = pipeline(p, first, second, r->targets, clip, effective);
    for (size_t i = 0; i < n; i++) assert_true(numeric_close(p->moved[i], stepped[i], 1e-12));
    assert_int_equal(numeric_close(loss, r->loss, 1e-12), !balanced);

    const double rate_lambda = r->adam.learning_rate * (double)r->config.similarity_weight;
    double size = 0;
    for (int32_t k = 0; k < PAIRS; k++) size += pow(rate_lambda * r->masp.grad[k], 2) / PAIRS;
    for (int32_t i = 0; i < A; i++)
        for (int32_t j = i + 1; j < A; j++) {
            /* The trunk has too many ReLUs and pools for a long step to turn none. */
            const double h = kind == AGENT_NET_IMPALA         ? 1e-5
                             : form == AGENT_SIMILARITY_PAIRS ? 0.05
                                                              : 1e-3,
                         before = p->sigma[i * A + j];
            p->sigma[i * A + j] = p->sigma[j * A + i] = before + h;
            const double above = pipeline(p, first, second, r->targets, clip, effective);
            p->sigma[i * A + j] = p->sigma[j * A + i] = before - h;
            const double below = pipeline(p, first, second, r->targets, clip, effective);
            p->sigma[i * A + j] = p->sigma[j * A + i] = before;
            const double slope = (above - below) / (2 * h);
            const double found = rate_lambda * r->masp.grad[pair_idx(i, j)];
            const double error = fabs(slope - found) / fmax(fabs(slope), 0.1 * sqrt(size));
            if (!(error <= 1e-5))
                fail_msg("pair %d %d: %.12g by differences, %.12g found (error %g)", i, j, slope,
                         found, error);
        }
    free(stepped);
    free(v);
    free(effective);
    free(p->block);
    free(p);
}

static void test_meta_gradient_agrees_with_differences_of_the_whole_pipeline(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        prove_pipeline(AGENT_NET_SMALL, i & 1, i & 2,
                       i & 4 ? AGENT_SIMILARITY_MIXTURE : AGENT_SIMILARITY_PAIRS);
    if (emulated()) return;
    prove_pipeline(AGENT_NET_IMPALA, true, false, AGENT_SIMILARITY_PAIRS);
    prove_pipeline(AGENT_NET_IMPALA, false, true, AGENT_SIMILARITY_MIXTURE);
}

static void test_meta_steps_come_every_period_and_hold_a_batch_until_then(void **state)
{
    (void)state;
    pipeline_t *p = make_pipeline(true, AGENT_SIMILARITY_PAIRS);
    p->learner.config.similarity_period_updates = 3;
    for (uint64_t i = 1; i <= 10; i++) {
        assert_true(rainbow_update(&p->learner));
        assert_int_equal(p->learner.held != NULL, i % 3 == 0);
        assert_int_equal(p->learner.masp.num_steps, (i - 1) / 3);
    }
    free(p->block);
    free(p);
}

/* The meta step takes the gradient that the weights follow apart, and must leave no trace in it. */
static void test_holding_a_batch_does_not_change_the_policy_gradient(void **state)
{
    (void)state;
    pipeline_t *with = make_pipeline(true, AGENT_SIMILARITY_PAIRS),
               *without = make_pipeline(true, AGENT_SIMILARITY_PAIRS);
    without->learner.config.similarity_mode = AGENT_SIMILARITY_FIXED;
    with->learner.config.similarity_learning_rate = 0;
    with->learner.config.similarity_balanced = true;
    for (int i = 0; i < 4; i++) {
        assert_true(rainbow_update(&with->learner));
        assert_true(rainbow_update(&without->learner));
    }
    assert_int_equal(with->learner.masp.num_steps, 3);
    assert_int_equal(without->learner.masp.num_steps, 0);
    assert_memory_equal(with->learner.online, without->learner.online,
                        with->learner.net.num_weights * sizeof(real_t));
    free(with->block);
    free(with);
    free(without->block);
    free(without);
}

static void test_the_penalty_fades_and_the_similarity_rests(void **state)
{
    (void)state;
    pipeline_t *p = make_pipeline(true, AGENT_SIMILARITY_PAIRS);
    p->learner.config.similarity_fade_updates = 4;
    for (uint64_t i = 0; i < 8; i++) {
        assert_true(rainbow_update(&p->learner));
        assert_true(fabs(p->learner.lambda -
                         (i < 4 ? (double)(2.0f / A) * (1 - (double)i / 4) : 0)) < 1e-12);
        assert_int_equal(p->learner.penalty > 0, i < 4);
        assert_int_equal(p->learner.held != NULL, i < 3);
        assert_int_equal(p->learner.masp.num_steps, i < 4 ? i : 3);
    }
    free(p->block);
    free(p);

    /* What has faded is as if it had never been switched on. */
    pipeline_t *faded = make_pipeline(true, AGENT_SIMILARITY_PAIRS),
               *off = make_pipeline(true, AGENT_SIMILARITY_PAIRS);
    faded->learner.num_updates = off->learner.num_updates = 1;
    faded->learner.config.similarity_fade_updates = 1;
    off->learner.config.similarity_mode = AGENT_SIMILARITY_OFF;
    for (int i = 0; i < 4; i++) {
        assert_true(rainbow_update(&faded->learner));
        assert_true(rainbow_update(&off->learner));
    }
    assert_memory_equal(faded->learner.online, off->learner.online,
                        off->learner.net.num_weights * sizeof(real_t));
    free(faded->block);
    free(faded);
    free(off->block);
    free(off);
}

/* A tangent that is not a number reaches neither the similarity nor what its optimizer knows. */
static void test_a_meta_gradient_that_is_not_finite_changes_nothing(void **state)
{
    (void)state;
    pipeline_t *p = make_pipeline(true, AGENT_SIMILARITY_PAIRS);
    assert_true(rainbow_update(&p->learner));
    assert_true(rainbow_update(&p->learner));
    const masp_t *masp = &p->learner.masp;
    const size_t n = p->learner.net.num_weights * sizeof(real_t);
    double s[PAIRS], m[PAIRS], v[PAIRS];
    memcpy(s, masp->s, sizeof s);
    memcpy(m, masp->m, sizeof m);
    memcpy(v, masp->v, sizeof v);
    memcpy(p->weights, p->learner.online, n);
    p->learner.held->q[1] = NAN;
    assert_false(rainbow_update(&p->learner));
    assert_memory_equal(s, masp->s, sizeof s);
    assert_memory_equal(m, masp->m, sizeof m);
    assert_memory_equal(v, masp->v, sizeof v);
    assert_int_equal(masp->num_steps, 1);
    assert_memory_equal(p->weights, p->learner.online, n);
    assert_int_equal(p->learner.num_updates, 2);
    free(p->block);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigma_is_symmetric_with_a_zero_diagonal),
        cmocka_unit_test(test_penalty_and_its_gradient),
        cmocka_unit_test(test_no_similarity_and_a_common_value_cost_nothing),
        cmocka_unit_test(test_strength_does_not_depend_on_the_number_of_actions),
        cmocka_unit_test(test_meta_gradient_agrees_with_the_slow_version),
        cmocka_unit_test(test_first_step_by_hand),
        cmocka_unit_test(test_a_prior_is_taken_symmetric_and_off_the_ends),
        cmocka_unit_test(test_meta_gradient_agrees_with_differences_of_the_whole_pipeline),
        cmocka_unit_test(test_meta_steps_come_every_period_and_hold_a_batch_until_then),
        cmocka_unit_test(test_holding_a_batch_does_not_change_the_policy_gradient),
        cmocka_unit_test(test_the_penalty_fades_and_the_similarity_rests),
        cmocka_unit_test(test_a_meta_gradient_that_is_not_finite_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
