/* net_subject.h - a network in double precision with weights, gradients, a tangent and observations
 * of its own, for tests of the whole of it: gradient and jvp against central differences. */
#ifndef TEST_NET_SUBJECT_H
#define TEST_NET_SUBJECT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net.h"
#include "noise_grad.h"
#include "numeric.h"

enum { ROWS = 3, PROBES = 15, MOST_BYTES = 4096, PICTURE_H = 40, PICTURE_W = 36 };

typedef struct {
    agent_config_t config;
    net_t net;
    thread_pool_t pool;
    void *block;
    real_t *weights, *grad, *tangent, *noise, *effective, *tangent_effective;
    real_t *out_weights, *d_logits, *t_logits;
    net_acts_t acts;
    net_scratch_t scratch;
    uint8_t obs[ROWS][MOST_BYTES];
    const uint8_t *rows[ROWS];
} subject_t;

static inline void take(subject_t *s, arena_t *arena)
{
    const net_t *net = &s->net;
    real_t **flats[] = { &s->weights, &s->grad, &s->tangent };
    for (int i = 0; i < 3; i++) *flats[i] = arena_take(arena, net->num_weights, sizeof(real_t));
    s->noise = arena_take(arena, net->noise_count, sizeof(real_t));
    s->effective = arena_take(arena, net->mean_count, sizeof(real_t));
    s->tangent_effective = arena_take(arena, net->mean_count, sizeof(real_t));
    real_t **outs[] = { &s->out_weights, &s->d_logits, &s->t_logits };
    for (int i = 0; i < 3; i++)
        *outs[i] = arena_take(arena, ROWS * (size_t)net->head.out_size, sizeof(real_t));
    net_acts_take(net, arena, ROWS, &s->acts);
    net_scratch_take(net, arena, ROWS, &s->scratch);
}

static inline size_t num_logits(const subject_t *s)
{
    return ROWS * (size_t)s->net.head.out_size;
}

/* Two looks of five actions' agent, of random bytes; the rest of its config is the caller's. */
static inline void subject_config(agent_config_t *config, agent_net_kind_t kind, bool dueling,
                                  bool noisy, int32_t num_atoms)
{
    agent_config_defaults(config, 5);
    config->net_kind = kind;
    config->obs_stack = 2;
    /* The trunk takes any size, and a small one is soon computed. */
    config->obs_height_px = kind == AGENT_NET_IMPALA ? 19 : PICTURE_H;
    config->obs_width_px = kind == AGENT_NET_IMPALA ? 16 : PICTURE_W;
    config->dueling = dueling;
    config->noisy = noisy;
    config->num_atoms = num_atoms;
}

static inline subject_t *open_subject(const agent_config_t *config, rng_t *rng)
{
    subject_t *s = calloc(1, sizeof *s);
    s->config = *config;
    assert_true(agent_obs_bytes(&s->config) <= MOST_BYTES);
    assert_true(net_init(&s->net, &s->config));
    arena_t arena = { 0 };
    take(s, &arena);
    s->block = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(s->block, 0, arena.used_bytes);
    arena = (arena_t){ .base = s->block };
    take(s, &arena);
    net_first_weights(&s->net, 0.5, rng, s->weights);
    net_draw_noise(&s->net, rng, s->noise);
    numeric_fill(rng, s->out_weights, num_logits(s));
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++)
        numeric_fill(rng, s->tangent + s->net.rows[t].offset, s->net.rows[t].count);
    for (int32_t n = 0; n < ROWS; n++) {
        for (int32_t i = 0; i < MOST_BYTES; i++) s->obs[n][i] = (uint8_t)rng_next(rng);
        s->rows[n] = s->obs[n];
    }
    return s;
}

static inline void free_subject(subject_t *s)
{
    thread_pool_stop(&s->pool);
    free(s->block);
    free(s);
}

static inline net_view_t run_forward(subject_t *s)
{
    if (s->net.noisy) {
        const noisy_t noisy = net_noisy(&s->net, s->noise);
        noisy_compose(&noisy, s->weights, s->effective, 0, 1);
    }
    const net_view_t view = net_view(&s->net, s->weights, s->net.noisy ? s->effective : NULL);
    net_forward(&s->net, &view, s->rows, ROWS, &s->pool, &s->scratch, &s->acts);
    return view;
}

static inline double run_scalar(void *context)
{
    subject_t *s = context;
    (void)run_forward(s);
    return numeric_dot(s->acts.logits, s->out_weights, num_logits(s));
}

static inline bool is_trained(int32_t tensor)
{
    return tensor != NET_ENCODER + ENCODER_MEAN && tensor != NET_ENCODER + ENCODER_VARIANCE;
}

/* Of one of the tensor's weights. A ReLU or a pool that turns within the step spoils a difference:
 * then a shorter one must agree. */
static inline double error_of_probe(subject_t *s, const net_row_t *row, double bound, rng_t *rng)
{
    double error = INFINITY;
    const rng_t place = *rng;
    for (double step = NUMERIC_STEP; step > 1e-8 && !(error <= bound); step /= 10) {
        *rng = place;
        error = numeric_grad_error(run_scalar, s, s->weights + row->offset, s->grad + row->offset,
                                   row->count, 1, step, rng);
    }
    return error;
}

/* Frees it. bound: of a tensor's relative error. Returns how many tensors were proven; those that
 * are not trained have no gradient. */
static inline int32_t prove_subject(subject_t *s, int32_t num_threads, double bound, rng_t *rng)
{
    if (num_threads > 1) thread_pool_start(&s->pool, num_threads);
    const net_t *net = &s->net;
    const net_view_t view = run_forward(s);
    /* Twice: what the first pass left behind must not count. */
    for (int i = 0; i < 2; i++) {
        memcpy(s->d_logits, s->out_weights, num_logits(s) * sizeof(real_t));
        net_backward(net, &view, s->rows, &s->acts, ROWS, NULL, s->d_logits, &s->pool, &s->scratch,
                     s->grad);
    }
    const noisy_t draw = net_noisy(net, s->noise);
    noise_grad_write(&draw, s->grad);
    noisy_compose(&draw, s->tangent, s->tangent_effective, 0, 1);
    const net_view_t along = net_view(net, s->tangent, net->noisy ? s->tangent_effective : NULL);
    net_jvp(net, &view, &along, s->rows, &s->acts, ROWS, &s->pool, &s->scratch, s->t_logits);

    const double left = numeric_dot(s->t_logits, s->out_weights, num_logits(s));
    const double right = numeric_dot(s->tangent, s->grad, net->num_weights);
    assert_true(fabs(left - right) <= 1e-10 * fmax(fabs(left), 1));

    int32_t num_proven = 0;
    for (int32_t t = 0; t < NET_NUM_TENSORS; t++) {
        const net_row_t *row = &net->rows[t];
        if (row->count == 0) continue;
        if (!is_trained(t)) {
            for (size_t i = 0; i < row->count; i++) assert_true(s->grad[row->offset + i] == 0);
            continue;
        }
        double error = 0;
        for (int32_t i = 0; i < PROBES; i++)
            error = fmax(error, error_of_probe(s, row, bound, rng));
        if (!(error <= bound)) fail_msg("%s: relative error %g", row->name, error);
        num_proven++;
    }
    free_subject(s);
    return num_proven;
}

#endif
