/* card_subject.h - a learner with a replay memory of noise, to be given a card. In a header, since
 * programs of both precisions use it. */
#ifndef TESTS_CARD_SUBJECT_H
#define TESTS_CARD_SUBJECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "card.h"
#include "learner.h"

typedef struct {
    learner_t learner;
    void *block;
} card_subject_t;

enum {
    CARD_SIDE = 36,
    CARD_STACK = 2,
    CARD_ACTIONS = 5,
    CARD_DECISIONS = 80,
    CARD_OBS_BYTES = CARD_STACK * CARD_SIDE * CARD_SIDE
};

/* Small: pictures of 36 x 36, two of them, 5 actions. */
static inline void card_subject_config(agent_config_t *config)
{
    agent_config_defaults(config, CARD_ACTIONS);
    config->obs_stack = CARD_STACK;
    config->obs_height_px = config->obs_width_px = CARD_SIDE;
    config->net_kind = AGENT_NET_NATURE;
    config->dueling = config->noisy = config->prioritized = true;
    config->batch_size = 6;
    config->num_atoms = 11;
    config->return_min = -3;
    config->return_max = 2;
    config->return_scale = 2.5f;
    config->target_sync_period_updates = 7;
    config->discount_per_step = 0.9f;
    config->replay_capacity_decisions = 200;
    config->replay_memory_mib = 16;
    config->replay_warmup_decisions = 1;
    config->similarity_mode = AGENT_SIMILARITY_OFF;
}

/* The learner draws noise by counting, as one with a card does. */
static inline card_subject_t *card_subject_make(const agent_config_t *config)
{
    card_subject_t *s = calloc(1, sizeof *s);
    arena_t arena = { 0 };
    assert_true(learner_take(&s->learner, &arena, config));
    s->block = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(s->block, 0, arena.used_bytes);
    arena = (arena_t){ .base = s->block };
    assert_true(learner_take(&s->learner, &arena, config));
    s->learner.counts_noise = true;
    rng_t rng;
    rng_seed(&rng, 8, 0);
    /* A target network of its own, so that a mix-up shows. */
    for (size_t i = 0; i < s->learner.net.num_weights; i++)
        s->learner.target[i] *= (real_t)(1 + 0.3 * rng_normal(&rng));
    uint8_t obs[2][CARD_OBS_BYTES];
    for (int32_t i = 0; i < CARD_DECISIONS; i++) {
        for (int32_t k = 0; k < 2 * CARD_OBS_BYTES; k++) (&obs[0][0])[k] = (uint8_t)rng_next(&rng);
        replay_open(&s->learner.replay, 0, obs[0],
                    (int32_t)rng_below(&rng, (uint32_t)config->num_actions));
        replay_settle(&s->learner.replay, 0, (float)rng_normal(&rng),
                      1 + (int32_t)rng_below(&rng, 4), i % 7 == 6, i % 5 == 4, obs[1]);
    }
    return s;
}

static inline void card_subject_free(card_subject_t *s)
{
    learner_stop(&s->learner);
    free(s->block);
    free(s);
}

static inline void card_subject_give_with(card_subject_t *s, const opencl_api_t *api,
                                          const card_info_t *card, card_options_t options)
{
    why_t why = "";
    device_t device;
    const char *build = getenv("KATA_BUILD");
    char cache[600];
    snprintf(cache, sizeof cache, "%s/opencl-cache", build ? build : "/tmp");
    if (!card_open(&device, api, card, &s->learner, cache, &options, why)) fail_msg("%s", why);
    assert_int_equal(device.calls->load(device.self, &s->learner, why), DEVICE_OK);
    learner_set_device(&s->learner, device);
}

/* Give it that card, with products shared out among num_groups. */
static inline void card_subject_give(card_subject_t *s, const opencl_api_t *api,
                                     const card_info_t *card, int32_t num_groups)
{
    card_subject_give_with(s, api, card, (card_options_t){ .num_groups = num_groups });
}

/* To the byte. Reads both from their cards. */
static inline void card_subject_expect_same(card_subject_t *a, card_subject_t *b)
{
    const size_t bytes = a->learner.net.num_weights * sizeof(real_t);
    learner_read(&a->learner, DEVICE_ALL);
    learner_read(&b->learner, DEVICE_ALL);
    assert_memory_equal(a->learner.online, b->learner.online, bytes);
    assert_memory_equal(a->learner.adam.m, b->learner.adam.m, bytes);
    assert_memory_equal(a->learner.adam.v, b->learner.adam.v, bytes);
}

/* Its first update is computed by the processor, too (update.c). False: it computed wrongly, which
 * was printed; as compiled kernels are kept, it would go on to. */
static inline bool card_subject_computes(const opencl_api_t *api, const card_info_t *card)
{
    agent_config_t config;
    card_subject_config(&config);
    card_subject_t *s = card_subject_make(&config);
    card_subject_give(s, api, card, 16);
    s->learner.is_on_trial = true;
    assert_true(rainbow_update(&s->learner));
    const bool computes = s->learner.device.self != NULL;
    if (!computes)
        printf("skipped: %s, driver %s: %s\n", card->platform, card->driver,
               s->learner.device_news);
    card_subject_free(s);
    return computes;
}

/* pocl 5.0 (Ubuntu 24.04's) ends the program by an assertion of its own, in
 * pocl_release_dlhandle_cache(): 12 of 12 runs of test_card, in the test that has two cards. */
static inline bool card_subject_survives(const card_info_t *card)
{
    const bool survives = !strstr(card->platform, "Portable Computing Language") ||
                          strncmp(card->driver, "5.0", 3) != 0;
    if (!survives)
        printf("skipped: %s %s miscounts the users of a kernel\n", card->platform, card->driver);
    return survives;
}

/* The first card that OpenCL has on this machine. False: there is none, or its driver miscounts, or
 * compiles the kernels wrongly; the reason was printed, and the test is to be skipped.
 * KATA_NEEDS_OPENCL=1: then it fails instead. */
static inline bool card_subject_find(opencl_api_t *api, card_info_t *card)
{
    card_info_t cards[CARD_MAX_CARDS];
    why_t why;
    const bool is_there = opencl_api_open(api, why) && card_list(api, cards, why) > 0;
    if (is_there) {
        *card = cards[0];
        if (card_subject_survives(card) && card_subject_computes(api, card)) return true;
    } else {
        printf("skipped: no kernel is run: %s (pocl-opencl-icd and ocl-icd-libopencl1 do)\n", why);
    }
    const char *needed = getenv("KATA_NEEDS_OPENCL");
    assert_false(needed && strcmp(needed, "1") == 0);
    return false;
}

#endif
