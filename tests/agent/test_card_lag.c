/* test_card_lag.c - an update on a card is not waited for: when its priorities are set and which,
 * that it does not matter when weights are read, that the card makes no step along what is not
 * finite. */
#include <math.h>

#include "card_subject.h"
#include "clock.h"

static opencl_api_t api;
static card_info_t card;

static card_subject_t *give_small(agent_config_t *config)
{
    config->net_kind = AGENT_NET_SMALL;
    card_subject_t *s = card_subject_make(config);
    card_subject_give(s, &api, &card, 16);
    return s;
}

/* In the sum tree. */
static double weight_of(const card_subject_t *s, int32_t slot)
{
    return sumtree_get(&s->learner.replay.tree, slot);
}

/* The next batch is drawn by the former priorities; then those of the update before are set. The
 * first ones are the processor's, one call later. */
static void test_priorities_come_one_update_later(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    card_subject_t *s = give_small(&config), *processor = card_subject_make(&config);
    card_subject_t *untouched = card_subject_make(&config);
    learner_t *l = &s->learner;
    for (int i = 0; i < 3; i++) {
        rng_t rng = l->rng;
        replay_sample(&untouched->learner.replay, &rng, config.batch_size,
                      untouched->learner.batch->samples, untouched->learner.batch->pixels, NULL);
        const int32_t before = i > 0 ? l->waiting.rows[0].slot : 0;
        const double old = i > 0 ? weight_of(s, before) : 0;
        assert_true(rainbow_update(l));
        assert_true(l->waiting.is_there);
        assert_int_equal(l->waiting.update, i);
        assert_true(l->weights_at_update == 0);
        if (i == 0) {
            assert_true(rainbow_update(&processor->learner));
            const int32_t slot = l->waiting.rows[0].slot;
            assert_int_equal(slot, processor->learner.batch->samples[0].slot);
            const double set = weight_of(processor, slot);
            assert_true(fabs(weight_of(s, slot) - set) > 1e-3 * set);
            assert_true(l->loss == 0); /* not known yet */
        } else {
            assert_true(weight_of(s, before) != old);
        }
        for (int32_t b = 0; b < config.batch_size && i < 2; b++)
            assert_int_equal(l->waiting.rows[b].slot, untouched->learner.batch->samples[b].slot);
        if (i == 1) {
            const int32_t slot = processor->learner.batch->samples[0].slot;
            bool again = false; /* drawn by the second update, too */
            for (int32_t b = 0; b < config.batch_size; b++)
                again = again || l->waiting.rows[b].slot == slot;
            assert_false(again);
            const double set = weight_of(processor, slot);
            assert_true(fabs(weight_of(s, slot) - set) < 1e-4 * set);
        }
    }
    card_subject_free(untouched);
    card_subject_free(processor);
    card_subject_free(s);
}

/* Of n updates whose last one lags there are n - 1 losses. */
static void test_the_mean_loss_is_of_those_that_came(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    why_t why;
    card_subject_config(&config);
    card_subject_t *s = give_small(&config);
    learner_t *l = &s->learner;
    assert_int_equal(learner_learn(l, 2, 1, NULL, why), AGENT_OK);
    const double first = l->loss;
    assert_true(first > 0 && l->loss_mean == first);
    assert_int_equal(learner_learn(l, 1, 1, NULL, why), AGENT_OK);
    assert_true(fabs(l->loss_mean - (first + l->loss) / 2) < 1e-12);
    card_subject_free(s);
}

/* A save is made by the clock: runs that save at other times must draw the same batches. */
static void test_reading_weights_changes_no_update(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    for (int period = 0; period < 4; period += 3) { /* with updates that are waited for, too */
        agent_config_t config;
        card_subject_config(&config);
        config.similarity_mode = period > 0 ? AGENT_SIMILARITY_META : AGENT_SIMILARITY_OFF;
        config.similarity_period_updates = period > 0 ? period : 1;
        card_subject_t *a = give_small(&config), *b = give_small(&config);
        for (int i = 0; i < 24; i++) {
            assert_true(rainbow_update(&a->learner));
            assert_true(rainbow_update(&b->learner));
            if (i % 5 < 3) learner_read(&b->learner, i % 2 ? DEVICE_WEIGHTS : DEVICE_ALL);
            for (int32_t k = 0; k < config.batch_size; k++)
                assert_int_equal(a->learner.batch->samples[k].slot,
                                 b->learner.batch->samples[k].slot);
        }
        card_subject_expect_same(a, b);
        card_subject_free(a);
        card_subject_free(b);
    }
}

/* A card that draws is waited for after each update; that is no other learning. */
static void test_waiting_for_each_update_changes_none(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 3;
    card_subject_t *a = give_small(&config), *b = give_small(&config);
    for (int i = 0; i < 24; i++) {
        assert_true(rainbow_update(&a->learner));
        const double began = clock_now();
        assert_true(rainbow_update(&b->learner));
        const double busy_seconds = learner_finish(&b->learner);
        assert_true(busy_seconds > 0 && busy_seconds <= clock_now() - began);
        assert_true(learner_finish(&b->learner) == 0);
        for (int32_t k = 0; k < config.batch_size; k++)
            assert_int_equal(a->learner.batch->samples[k].slot, b->learner.batch->samples[k].slot);
    }
    card_subject_expect_same(a, b);
    card_subject_free(a);
    card_subject_free(b);
}

/* Between two updates every slot is overwritten, and live again with other decisions. */
static void test_a_slot_that_was_overwritten_keeps_its_priority(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    card_subject_t *s = give_small(&config);
    learner_t *l = &s->learner;
    assert_true(rainbow_update(l));
    int32_t slots[16];
    assert_true(config.batch_size <= 16);
    for (int32_t b = 0; b < config.batch_size; b++) slots[b] = l->waiting.rows[b].slot;
    uint8_t obs[CARD_OBS_BYTES] = { 0 };
    for (int32_t i = 0; i < 2 * config.replay_capacity_decisions; i++) {
        obs[0] = (uint8_t)i;
        obs[CARD_OBS_BYTES / 2] = (uint8_t)(i / 2);
        replay_open(&l->replay, 0, obs, 0);
        replay_settle(&l->replay, 0, 0, 1, true, false, NULL);
    }
    const double fresh = pow(l->replay.max_priority, l->replay.priority_exponent);
    assert_true(rainbow_update(l));
    for (int32_t b = 0; b < config.batch_size; b++) {
        assert_true(l->replay.live_rank[slots[b]] > 0);
        assert_true(weight_of(s, slots[b]) == fresh);
    }
    card_subject_free(s);
}

/* The card itself makes no step along such a gradient; the update behind it hears of it. */
static void test_a_card_makes_no_step_without_a_finite_loss(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    config.net_kind = AGENT_NET_SMALL;
    config.num_atoms = 1; /* projections confine a return to their range */
    card_subject_t *s = card_subject_make(&config), *fresh = card_subject_make(&config);
    learner_t *l = &s->learner;
    for (int32_t i = 0; i < config.replay_capacity_decisions; i++) l->replay.slots[i].reward = NAN;
    card_subject_give(s, &api, &card, 16);
    assert_true(rainbow_update(l));
    assert_false(rainbow_update(l));
    assert_int_equal(l->diverged_update, 0);
    learner_read(l, DEVICE_ALL);
    const size_t bytes = l->net.num_weights * sizeof(real_t);
    assert_memory_equal(l->online, fresh->learner.online, bytes);
    assert_memory_equal(l->adam.v, fresh->learner.adam.v, bytes);
    card_subject_free(s);
    card_subject_free(fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_priorities_come_one_update_later),
        cmocka_unit_test(test_the_mean_loss_is_of_those_that_came),
        cmocka_unit_test(test_reading_weights_changes_no_update),
        cmocka_unit_test(test_waiting_for_each_update_changes_none),
        cmocka_unit_test(test_a_slot_that_was_overwritten_keeps_its_priority),
        cmocka_unit_test(test_a_card_makes_no_step_without_a_finite_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
