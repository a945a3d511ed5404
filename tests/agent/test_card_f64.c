/* test_card_f64.c - a card's kernels, in single precision, against the processor in double: every
 * array that an update makes, and what it leaves behind. On any OpenCL, pocl's on the processor
 * included; skipped, and why is said, where there is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card_layout.h"
#include "card_subject.h"

static opencl_api_t api;
static card_info_t card;

static card_subject_t *processor, *on_card;

static void begin(const agent_config_t *config, int32_t num_groups)
{
    processor = card_subject_make(config);
    on_card = card_subject_make(config);
    card_subject_give(on_card, &api, &card, num_groups);
}

static void end(void)
{
    card_subject_free(processor);
    card_subject_free(on_card);
}

static void update_both(void)
{
    assert_true(rainbow_update(&processor->learner));
    assert_true(rainbow_update(&on_card->learner));
    learner_collect(&on_card->learner);            /* it lags */
    assert_non_null(on_card->learner.device.self); /* it was not lost */
}

/* Largest error of what lies at `at` on the card, relative to the number or, where that is less, to
 * the root mean square of all: a sum in single precision is exact to its terms, not to what they
 * leave of each other. */
static double error_at(const real_t *expected, int at, size_t count)
{
    float *found = malloc(count * sizeof *found);
    double square = 0, worst = 0;
    assert_true(card_peek(&on_card->learner.device, at, (int)count, found));
    for (size_t i = 0; i < count; i++) square += expected[i] * expected[i] / (double)count;
    const double least = sqrt(square) + 1e-12;
    for (size_t i = 0; i < count; i++) {
        const double size = fmax(fabs(expected[i]), least);
        const double error = fabs((double)found[i] - expected[i]) / size;
        worst = error <= worst ? worst : error; /* a NaN is the worst */
    }
    free(found);
    return worst;
}

static void expect(const char *what, const real_t *expected, int at, size_t count, double most)
{
    const double error = error_at(expected, at, count);
    if (!(error <= most)) fail_msg("%s: relative error %g, at most %g", what, error, most);
}

/* Rows [row, + B) of the trunk's whole numbers, which pixels its pools took: how many are others on
 * the card. `expected` is of the processor's rows [0, B). */
static int count_other_pixels(const learner_t *p, const residual_acts_t *expected,
                              const card_slot_t *slot, size_t row)
{
    const net_t *net = &p->net;
    const size_t B = (size_t)p->config.batch_size;
    int others = 0;
    for (int32_t s = 0; s <= RESIDUAL_SECTIONS; s++) {
        const bool is_cells = s == RESIDUAL_SECTIONS;
        const size_t size = is_cells
                                ? (size_t)net->num_features
                                : conv_in_size(&net->residual.conv[s * RESIDUAL_CONVS_EACH + 1]);
        const int at = is_cells ? slot->residual.cells : slot->residual.from[s];
        float *found = malloc(B * size * sizeof *found);
        assert_true(
            card_peek(&on_card->learner.device, at + (int)(row * size), (int)(B * size), found));
        for (size_t i = 0; i < B * size; i++)
            others += (int)found[i] != (is_cells ? expected->cells[i] : expected->from[s][i]);
        free(found);
    }
    return others;
}

/* ReLUs of its blocks that are open on one side alone, of the batch's rows of s. */
static int count_trunk_flips(const learner_t *p, const card_slot_t *slot)
{
    const size_t B = (size_t)p->config.batch_size;
    const residual_acts_t *acts = &p->batch->acts.residual;
    int flips = count_other_pixels(p, acts, slot, 0) +
                count_other_pixels(p, &p->target_acts.residual, slot, 2 * B);
    for (int32_t i = 0; i < RESIDUAL_SECTIONS * RESIDUAL_BLOCKS * 2; i++) {
        const int32_t s = i / 2 / RESIDUAL_BLOCKS, b = i / 2 % RESIDUAL_BLOCKS;
        const size_t count = B * conv_in_size(&p->net.residual.conv[s * RESIDUAL_CONVS_EACH + 1]);
        const real_t *expected = i % 2 ? acts->open[s][b] : acts->inner[s][b];
        float *found = malloc(count * sizeof *found);
        assert_true(card_peek(&on_card->learner.device,
                              i % 2 ? slot->residual.open[s][b] : slot->residual.inner[s][b],
                              (int)count, found));
        for (size_t k = 0; k < count; k++) flips += (found[k] > 0) != (expected[k] > 0);
        free(found);
    }
    return flips;
}

/* How many of the batch's ReLUs are open on the card and closed on the processor, or the other way
 * round, and how many pools took another pixel. A sum that is 0 but for its rounding does that, a
 * few times in a million; the gradients are then of two functions, and another seed is to be tried.
 */
static int count_flips(void)
{
    const learner_t *p = &processor->learner;
    const card_layout_t *at = card_layout_of(&on_card->learner.device);
    const card_slot_t *slot = &at->slots[p->batch - p->batches];
    const net_t *net = &p->net;
    const size_t B = (size_t)p->config.batch_size;
    int flips = net->residual.num_features > 0 ? count_trunk_flips(p, slot) : 0;
    for (int32_t c = 0; c <= net->num_convs; c++) {
        const bool is_conv = c < net->num_convs;
        const size_t count =
            B * (is_conv ? conv_out_size(&net->conv[c]) : (size_t)net->fc.out_size);
        const real_t *expected = is_conv ? p->batch->acts.conv[c] : p->batch->acts.hidden;
        float *found = malloc(count * sizeof *found);
        assert_true(card_peek(&on_card->learner.device, is_conv ? slot->conv[c] : slot->hidden,
                              (int)count, found));
        for (size_t i = 0; i < count; i++) flips += (found[i] > 0) != (expected[i] > 0);
        free(found);
    }
    return flips;
}

/* So many updates on both, from a seed with which no ReLU flips. */
static void begin_without_flips(const agent_config_t *config, int32_t num_groups,
                                int32_t num_updates)
{
    agent_config_t tried = *config;
    for (int seed = 1; seed <= 8; seed++) {
        int flips = 0;
        tried.seed = (uint64_t)seed;
        begin(&tried, num_groups);
        for (int i = 0; i < num_updates; i++) {
            update_both();
            flips += count_flips();
        }
        if (flips == 0) return;
        assert_true(flips < 5);
        end();
    }
    fail_msg("a ReLU flips with each of 8 seeds");
}

/* The processor leaves out what an update without dueling and penalty does not need: of s all but
 * the actions taken, and with double Q of the target network's s' all but the best. */
static void expect_logits(const card_slot_t *slot)
{
    const learner_t *p = &processor->learner;
    const size_t B = (size_t)p->config.batch_size, AZ = (size_t)p->net.head.out_size;
    const size_t A = (size_t)p->net.num_actions, Z = (size_t)p->net.num_atoms;
    const real_t *logits = p->batch->acts.logits, *target = p->target_acts.logits;
    const bool is_double = p->config.double_q;
    const int at = slot->logits, target_at = at + (int)(2 * B * AZ);
    if (!p->taken) expect("logits", logits, at, (is_double ? 2 * B : B) * AZ, 1e-5);
    if (!p->taken || !is_double) expect("target logits", target, target_at, B * AZ, 1e-5);
    if (!p->taken) return;
    real_t *probs = calloc(AZ, sizeof *probs), *q = calloc(A, sizeof *q);
    assert_true(probs && q);
    if (is_double) expect("logits of s'", logits + B * AZ, at + (int)(B * AZ), B * AZ, 1e-5);
    for (size_t b = 0; b < B; b++) {
        const size_t taken = b * AZ + (size_t)p->taken[b] * Z;
        expect("logits of an action taken", logits + taken, at + (int)taken, Z, 1e-5);
        if (!is_double) continue;
        const real_t *next = logits + (B + b) * AZ;
        if (Z > 1) atoms_softmax(&p->atoms, (int32_t)A, next, probs);
        atoms_mean(&p->atoms, (int32_t)A, Z > 1 ? probs : next, q);
        const size_t best = b * AZ + (size_t)real_best(q, (int32_t)A) * Z;
        expect("target logits of the best action", target + best, target_at + (int)best, Z, 1e-5);
    }
    free(probs);
    free(q);
}

/* Rows of s and s' of the online network, of s' of the target network. */
static void expect_trunk(const learner_t *p, const card_slot_t *slot, size_t rows)
{
    const net_t *net = &p->net;
    const size_t B = (size_t)p->config.batch_size, F = (size_t)net->num_features;
    const residual_acts_t *both[2] = { &p->batch->acts.residual, &p->target_acts.residual };
    for (int target = 0; target < 2; target++) {
        const residual_acts_t *acts = both[target];
        const size_t first = target ? 2 * B : 0, count = target ? B : rows;
        for (int32_t s = 0; s < RESIDUAL_SECTIONS; s++) {
            const size_t size = conv_in_size(&net->residual.conv[s * RESIDUAL_CONVS_EACH + 1]);
            const int at = (int)(first * size);
            for (int32_t b = 0; b < RESIDUAL_BLOCKS; b++) {
                expect("ReLU(x)", acts->open[s][b], slot->residual.open[s][b] + at, count * size,
                       1e-5);
                expect("a block's inside", acts->inner[s][b], slot->residual.inner[s][b] + at,
                       count * size, 1e-5);
            }
            expect("a section's output", acts->out[s], slot->residual.out[s] + at, count * size,
                   1e-5);
        }
        expect("rate", acts->rate, slot->residual.rate + (int)first, count, 1e-5);
        expect("features", target ? p->target_acts.features : p->batch->acts.features,
               slot->features + (int)(first * F), count * F, 1e-5);
    }
}

static void expect_activations(void)
{
    const learner_t *p = &processor->learner;
    const card_layout_t *at = card_layout_of(&on_card->learner.device);
    const int slot_idx = (int)(p->batch - p->batches);
    const card_slot_t *slot = &at->slots[slot_idx];
    const net_t *net = &p->net;
    const size_t B = (size_t)p->config.batch_size, A = (size_t)net->num_actions;
    const size_t rows = p->config.double_q ? 2 * B : B;
    char name[32];
    if (net->noisy) {
        expect("noise", p->batch->noise, slot->noise, net->noise_count, 1e-5);
        expect("target noise", p->target_noise, at->target_noise, net->noise_count, 1e-5);
        expect("weights with noise", p->batch->effective, slot->effective, net->mean_count, 1e-5);
    }
    for (int32_t c = 0; c < net->num_convs; c++) {
        const size_t size = conv_out_size(&net->conv[c]);
        snprintf(name, sizeof name, "conv%d", c + 1);
        expect(name, p->batch->acts.conv[c], slot->conv[c], rows * size, 1e-5);
        expect(name, p->target_acts.conv[c], slot->conv[c] + (int)(2 * B * size), B * size, 1e-5);
    }
    if (net->residual.num_features > 0) expect_trunk(p, slot, rows);
    const size_t wide = (size_t)net->fc.out_size;
    expect("hidden", p->batch->acts.hidden, slot->hidden, rows * wide, 1e-5);
    expect("target hidden", p->target_acts.hidden, slot->hidden + (int)(2 * B * wide), B * wide,
           1e-5);
    expect_logits(slot);
    if (p->batch->q) expect("q", p->batch->q, slot->q, B * A, 1e-5);
}

static void expect_gradient(void)
{
    const learner_t *p = &processor->learner, *c = &on_card->learner;
    const card_layout_t *at = card_layout_of(&c->device);
    const net_t *net = &p->net;
    const size_t B = (size_t)p->config.batch_size;
    expect("losses", p->losses, at->losses, B, 1e-5);
    expect("TD errors", p->td_errors, at->td_errors, B, 1e-5);
    assert_true(fabs(p->loss - c->loss) <= 1e-5 * fabs(p->loss));
    assert_true(fabs(p->mean_q - c->mean_q) <= 1e-5 * fmax(fabs(p->mean_q), 0.1));
    assert_true(fabs(p->penalty - c->penalty) <= 1e-5 * fabs(p->penalty));
    assert_true(fabs(p->grad_norm - c->grad_norm) <= 1e-5 * p->grad_norm);
    for (int32_t t = 0; t < NET_NOISE_FC_W; t++) {
        const net_row_t *row = &net->rows[t];
        if (row->count == 0) continue;
        expect(row->name, p->grad + row->offset, at->grad + (int)row->offset, row->count, 1e-4);
    }
}

static void expect_weights(double most)
{
    const learner_t *p = &processor->learner;
    const card_layout_t *at = card_layout_of(&on_card->learner.device);
    const size_t W = p->net.num_weights;
    expect("weights", p->online, at->online, W, most);
    expect("target network", p->target, at->target, W, most);
    if (p->averaged) expect("averaged", p->averaged, at->averaged, W, most);
}

static void expect_one_update(const agent_config_t *config, int32_t num_groups)
{
    begin_without_flips(config, num_groups, 1);
    expect_activations();
    expect_gradient();
    expect_weights(1e-4); /* Adam's first step is the gradient's sign, however small it is */
    end();
}

/* Each part of Rainbow off and on, both networks, K shared out and not. */
static void test_one_update_is_the_processors(void **state)
{
    (void)state;
    static const struct {
        bool double_q, dueling, noisy;
        int32_t num_atoms, num_groups;
        agent_net_kind_t kind;
    } cases[] = {
        { true, true, true, 11, 1, AGENT_NET_NATURE },
        { true, true, true, 11, 300, AGENT_NET_NATURE },
        { true, true, true, 77, 40, AGENT_NET_SMALL },
        { false, true, true, 11, 40, AGENT_NET_SMALL },
        { true, false, true, 11, 40, AGENT_NET_SMALL },
        { true, true, false, 11, 40, AGENT_NET_SMALL },
        { false, false, false, 1, 40, AGENT_NET_SMALL },
        { true, true, true, 1, 40, AGENT_NET_SMALL },
        { true, true, true, 11, 1, AGENT_NET_IMPALA },
        { false, false, false, 11, 300, AGENT_NET_IMPALA },
    };
    if (!card_subject_find(&api, &card)) skip();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        agent_config_t config;
        card_subject_config(&config);
        config.double_q = cases[i].double_q;
        config.dueling = cases[i].dueling;
        config.noisy = cases[i].noisy;
        config.num_atoms = cases[i].num_atoms;
        config.net_kind = cases[i].kind;
        if (config.net_kind == AGENT_NET_IMPALA) {
            config.net_width = config.dueling ? 1 : 2;
            config.obs_height_px = 17;
            config.obs_width_px = 14;
        }
        expect_one_update(&config, cases[i].num_groups);
    }
}

static void test_both_penalties_are_the_processors(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    for (int i = 0; i < 4; i++) {
        agent_config_t config;
        card_subject_config(&config);
        config.net_kind = AGENT_NET_SMALL;
        config.num_atoms = i < 2 ? 11 : 1;
        config.similarity_mode = AGENT_SIMILARITY_FIXED;
        config.similarity_form = i % 2 ? AGENT_SIMILARITY_MIXTURE : AGENT_SIMILARITY_PAIRS;
        config.similarity_start = 0.4f;
        config.similarity_weight = 0.7f;
        expect_one_update(&config, 40);
    }
}

/* A meta-gradient at each second update: its direction, the tangents and what becomes of Sigma. */
static void test_the_meta_gradient_is_the_processors(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    for (int i = 0; i < 5; i++) {
        agent_config_t config;
        card_subject_config(&config);
        config.net_kind = i == 0 ? AGENT_NET_NATURE : i == 4 ? AGENT_NET_IMPALA : AGENT_NET_SMALL;
        if (i == 4) config.obs_height_px = config.obs_width_px = 17;
        config.similarity_mode = AGENT_SIMILARITY_META;
        config.similarity_form = i == 1 ? AGENT_SIMILARITY_MIXTURE : AGENT_SIMILARITY_PAIRS;
        config.similarity_balanced = i == 2;
        config.noisy = i != 2;
        config.dueling = i != 3;
        if (i == 3) config.max_grad_norm = 0.05f; /* the card itself shortened the held step */
        config.similarity_period_updates = 1;
        begin_without_flips(&config, 40, 2);
        const learner_t *p = &processor->learner, *c = &on_card->learner;
        const card_layout_t *at = card_layout_of(&c->device);
        const size_t BA = (size_t)(config.batch_size * config.num_actions);
        expect_activations();
        expect("direction", p->tangent, at->tangent, p->net.mean_offset, 1e-3);
        expect("tangent of q", p->t_q, at->t_q, BA, 1e-4);
        double worst = 0, largest = 0;
        for (int32_t k = 0; k < p->masp.num_pairs; k++) {
            largest = fmax(largest, fabs(p->masp.grad[k]));
            worst = fmax(worst, fabs(p->masp.grad[k] - c->masp.grad[k]));
        }
        assert_true(largest > 0 && worst <= 1e-4 * largest);
        assert_int_equal(p->masp.num_steps, 1);
        assert_int_equal(c->masp.num_steps, 1);
        end();
    }
}

/* What comes back is what the processor would have: weights, averages, moments. A gradient that is
 * too long is shortened by the card itself. */
static void expect_the_same_learning(float max_grad_norm)
{
    agent_config_t config;
    card_subject_config(&config);
    config.net_kind = AGENT_NET_SMALL;
    config.target_sync_period_updates = 4;
    config.max_grad_norm = max_grad_norm;
    begin(&config, 40);
    learner_t *c = &on_card->learner;
    const learner_t *p = &processor->learner;
    for (int i = 0; i < 10; i++) update_both();
    assert_true(c->online[0] != p->online[0]); /* not read yet */
    assert_true((p->grad_norm > (double)max_grad_norm) == (max_grad_norm < 1));
    learner_read(c, DEVICE_ALL);
    const real_t *const pairs[][2] = { { p->online, c->online },
                                       { p->target, c->target },
                                       { p->averaged, c->averaged },
                                       { p->adam.m, c->adam.m } };
    for (int k = 0; k < 4; k++) {
        double square = 0, off = 0;
        for (size_t i = 0; i < p->net.num_weights; i++) {
            square += pairs[k][0][i] * pairs[k][0][i];
            off += pow(pairs[k][0][i] - pairs[k][1][i], 2);
        }
        if (!(off <= 1e-6 * square)) fail_msg("array %d: %g of %g", k, off, square);
    }
    end();
}

static void test_what_is_read_is_what_it_learned(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    expect_the_same_learning(100);
    expect_the_same_learning(0.05f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_update_is_the_processors),
        cmocka_unit_test(test_both_penalties_are_the_processors),
        cmocka_unit_test(test_the_meta_gradient_is_the_processors),
        cmocka_unit_test(test_what_is_read_is_what_it_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
