/* test_card.c - 200 updates on a card are those of the processor; what a person is told when a card
 * is missing, refuses, is full, is lost or computes nonsense, by an OpenCL that fails when told to.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"
#include "card_subject.h"
#include "counted_noise.h"
#include "devices.h"
#include "fake_opencl.h"
#include "files.h"
#include "parts.h"

/* ---- the same learning ----------------------------------------------------------------------- */

static void test_200_updates_are_the_processors(void **state)
{
    (void)state;
    opencl_api_t api;
    card_info_t card;
    if (!card_subject_find(&api, &card)) skip();
    for (int meta = 0; meta < 2; meta++) {
        agent_config_t config;
        card_subject_config(&config);
        config.net_kind = AGENT_NET_SMALL;
        config.prioritized = false; /* a last bit of a priority may choose another decision */
        if (meta) config.similarity_mode = AGENT_SIMILARITY_META;
        card_subject_t *processor = card_subject_make(&config),
                       *on_card = card_subject_make(&config);
        card_subject_give(on_card, &api, &card, 16);
        double first = 0, last = 0, losses[200];
        int num_compared = 0;
        for (int i = 0; i < 200; i++) {
            assert_true(rainbow_update(&processor->learner));
            assert_true(rainbow_update(&on_card->learner));
            losses[i] = processor->learner.loss;
            first += i < 20 ? losses[i] : 0;
            last += i >= 180 ? losses[i] : 0;
            /* What is known of the card's is of the update before, if the last one lags. */
            const int known = i - (on_card->learner.waiting.is_there ? 1 : 0);
            if (known < 0) continue;
            const double a = losses[known], b = on_card->learner.loss;
            if (!(fabs(a - b) <= 1e-3 * fabs(a)))
                fail_msg("update %d: loss %.9g on the processor, %.9g on the card", known, a, b);
            num_compared++;
        }
        assert_true(num_compared >= 199 && on_card->learner.waiting.is_there);
        assert_true(last < 0.8 * first); /* they learned something */
        assert_non_null(on_card->learner.device.self);
        for (int32_t k = 0; meta && k < processor->learner.masp.num_pairs; k++)
            assert_true(fabs(processor->learner.masp.s[k] - on_card->learner.masp.s[k]) < 1e-2);
        card_subject_free(processor);
        card_subject_free(on_card);
    }
}

/* Fewer: where a pool's largest are close, rounding chooses, and the two courses part. */
static void test_updates_of_the_impala_network_are_the_processors(void **state)
{
    (void)state;
    enum { UPDATES = 30 };
    opencl_api_t api;
    card_info_t card;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    config.net_kind = AGENT_NET_IMPALA;
    config.prioritized = false;
    config.similarity_mode = AGENT_SIMILARITY_META;
    card_subject_t *processor = card_subject_make(&config), *on_card = card_subject_make(&config);
    card_subject_give(on_card, &api, &card, 16);
    double first = 0, last = 0;
    for (int i = 0; i < UPDATES; i++) {
        assert_true(rainbow_update(&processor->learner));
        assert_true(rainbow_update(&on_card->learner));
        learner_collect(&on_card->learner);
        const double a = processor->learner.loss, b = on_card->learner.loss;
        if (!(fabs(a - b) <= 1e-3 * fabs(a)))
            fail_msg("update %d: loss %.9g on the processor, %.9g on the card", i, a, b);
        first += i < 10 ? a : 0;
        last += i >= UPDATES - 10 ? a : 0;
    }
    assert_true(last < first);
    assert_non_null(on_card->learner.device.self);
    card_subject_free(processor);
    card_subject_free(on_card);
}

/* Parts share nothing, so it is the same to the byte: of one group each, and of some. */
static void test_products_in_parts_are_the_same(void **state)
{
    (void)state;
    static const double limits[] = { 1, 2e5, 3e6 };
    opencl_api_t api;
    card_info_t card;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    card_subject_config(&config);
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 1;
    int64_t launches[4];
    for (int i = 0; i < 3; i++) {
        card_subject_t *whole = card_subject_make(&config), *parts = card_subject_make(&config);
        card_subject_give(whole, &api, &card, 16);
        card_subject_give_with(parts, &api, &card,
                               (card_options_t){ .num_groups = 16, .most_launch_flop = limits[i] });
        for (int k = 0; k < 3; k++) {
            assert_true(rainbow_update(&whole->learner));
            assert_true(rainbow_update(&parts->learner));
        }
        launches[i] = card_counts(&parts->learner.device).num_launches;
        launches[3] = card_counts(&whole->learner.device).num_launches;
        card_subject_expect_same(whole, parts);
        card_subject_free(whole);
        card_subject_free(parts);
    }
    assert_true(launches[0] > launches[1] && launches[1] > launches[2]);
    assert_true(launches[2] > launches[3]);
}

/* A card that likely draws the screen has a limit, by its units and clock, and one that is known to
 * a lower one; others have none. */
static void test_a_card_that_draws_has_a_limit(void **state)
{
    (void)state;
    const card_options_t none = { 0 }, asked = { .most_launch_flop = 7 };
    card_info_t card = { .units = 32, .clock_mhz = 1550, .is_gpu = true };
    assert_true(card_launch_limit(&card, &none) == 0);
    assert_true(card_launch_limit(&card, &asked) == 7);
    card.is_integrated = true;
    assert_true(fabs(card_launch_limit(&card, &none) - 4.96e9) < 1e6);
    card.is_gpu = false; /* pocl */
    assert_true(card_launch_limit(&card, &none) == 0);
    for (int i = 0; i < 4; i++) {
        const card_options_t shared = { .is_shared = true };
        card.is_gpu = i & 1;
        card.is_integrated = i & 2;
        assert_true(fabs(card_launch_limit(&card, &shared) - 4.96e9 * 4 / 50) < 1e6);
    }
}

/* ---- which there are ------------------------------------------------------------------------- */

static void test_graphics_cards_are_listed_first(void **state)
{
    (void)state;
    card_info_t cards[CARD_MAX_CARDS];
    fake_opencl_reset();
    assert_int_equal(card_list(&fake_api, cards, NULL), 2);
    assert_string_equal(cards[0].name, "Fake Card");
    assert_true(cards[0].is_gpu);
    assert_string_equal(cards[1].name, "Fake Processor");
    assert_false(cards[1].is_gpu);
    assert_string_equal(cards[0].platform, "Fake Platform");
    assert_string_equal(cards[0].driver, "1.0");
}

static void test_no_driver_is_said(void **state)
{
    (void)state;
    card_info_t cards[CARD_MAX_CARDS];
    why_t why;
    fake_opencl_reset();
    fake.num_platforms = 0;
    assert_int_equal(card_list(&fake_api, cards, why), 0);
    assert_string_equal(why, "OpenCL has no driver here (CL_PLATFORM_NOT_FOUND_KHR (-1001))");
}

static void test_names_of_devices(void **state)
{
    (void)state;
    static const char *const good[] = { "auto", "cpu", "gpu", "gpu:0", "gpu:12" };
    static const char *const bad[] = { "",       "GPU",    "gpu:",      "gpu:x",
                                       "gpu:1x", "gpu:-1", "gpu:99999", "cuda" };
    why_t why;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(devices_is_name(good[i], why));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(devices_is_name(bad[i], why));
    assert_string_equal(why, "there is no device \"cuda\": it is auto, cpu, gpu or gpu:N; `kata "
                             "devices` lists them");
}

/* ---- opening --------------------------------------------------------------------------------- */

static card_subject_t *small_subject(void)
{
    agent_config_t config;
    card_subject_config(&config);
    config.net_kind = AGENT_NET_SMALL;
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 1;
    return card_subject_make(&config);
}

static bool open_fake(card_subject_t *s, device_t *device, const char *cache, char *why)
{
    card_info_t cards[CARD_MAX_CARDS];
    const card_options_t options = { 0 };
    assert_int_equal(card_list(&fake_api, cards, NULL), 2);
    return card_open(device, &fake_api, &cards[0], &s->learner, cache, &options, why);
}

static void expect_refusal(card_subject_t *s, const char *sentence)
{
    device_t device;
    why_t why;
    assert_false(open_fake(s, &device, NULL, why));
    if (!strstr(why, sentence)) fail_msg("'%s' is not in '%s'", sentence, why);
    assert_int_equal(fake.num_handles, 0);
}

static void test_a_card_that_cannot_do_it_says_so(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    fake_opencl_reset();
    fake.group_items = 128;
    expect_refusal(s, "Fake Card runs groups of 128 items at most, Kata's kernels have 256");
    fake_opencl_reset();
    fake.most_at_once_bytes = 1 << 20;
    expect_refusal(s, "MB on the card, and Fake Card gives 1 MB at once: use a smaller --batch");
    fake_opencl_reset();
    fake.compiles = false;
    expect_refusal(s, "Fake Card does not compile Kata's kernels: CL_BUILD_PROGRAM_FAILURE (-11): "
                      "line 7: no such thing");
    s->learner.config.munchausen = 0.9f;
    expect_refusal(s, "a card does not compute Munchausen's targets (\"munchausen\" 0.9)");
    card_subject_free(s);

    agent_config_t config;
    card_subject_config(&config);
    config.eyes = AGENT_EYES_VARIABLES;
    config.obs_values = CARD_SIDE * CARD_SIDE / 2; /* as many bytes as a picture has */
    s = card_subject_make(&config);
    expect_refusal(s, "a card computes agents that see pictures alone");
    card_subject_free(s);
}

/* Whatever call of opening fails, there is a sentence, and nothing is left open. */
static void test_each_call_of_opening_may_fail(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    device_t device;
    why_t why;
    fake_opencl_reset();
    assert_true(open_fake(s, &device, NULL, why));
    const int32_t calls = fake.num_calls;
    device.calls->close(device.self);
    assert_int_equal(fake.num_handles, 0);
    for (int32_t n = 0; n < calls; n++) {
        fake_opencl_reset();
        fake.fails_at = n;
        fake.error = n % 2 ? OPENCL_OUT_OF_HOST_MEMORY : OPENCL_MEM_OBJECT_ALLOCATION_FAILURE;
        why[0] = '\0';
        assert_false(open_fake(s, &device, NULL, why));
        assert_non_null(strstr(why, "Fake Card"));
        assert_non_null(strstr(why, n % 2 ? "CL_OUT_OF_HOST_MEMORY (-6)"
                                          : "CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)"));
        assert_int_equal(fake.num_handles, 0);
    }
    card_subject_free(s);
}

static void test_compiled_kernels_are_kept(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    char dir[] = "/tmp/kata-card-XXXXXX", command[64], path[300];
    device_t device;
    assert_non_null(mkdtemp(dir));
    fake_opencl_reset();
    for (int i = 0; i < 3; i++) {
        assert_true(open_fake(s, &device, dir, NULL));
        device.calls->close(device.self);
    }
    assert_int_equal(fake.num_compiled, 1);
    assert_int_equal(fake.num_from_binary, 2);
    /* One that was damaged is made anew, and kept again. */
    snprintf(command, sizeof command, "ls %s", dir);
    FILE *names = popen(command, "r");
    snprintf(path, sizeof path, "%s/", dir);
    assert_int_equal(fscanf(names, "%200s", path + strlen(path)), 1);
    pclose(names);
    assert_true(files_replace(path, "nonsense that is no program", 27, NULL));
    for (int i = 0; i < 2; i++) {
        assert_true(open_fake(s, &device, dir, NULL));
        device.calls->close(device.self);
    }
    assert_int_equal(fake.num_compiled, 2);
    assert_int_equal(fake.num_from_binary, 3);
    assert_int_equal(fake.num_handles, 0);
    unlink(path);
    rmdir(dir);
    card_subject_free(s);
}

/* ---- updates --------------------------------------------------------------------------------- */

static void give_fake(card_subject_t *s)
{
    device_t device;
    why_t why = "";
    fake_opencl_reset();
    if (!open_fake(s, &device, NULL, why)) fail_msg("%s", why);
    assert_int_equal(device.calls->load(device.self, &s->learner, why), DEVICE_OK);
    learner_set_device(&s->learner, device);
}

static void expect_same_weights(const card_subject_t *a, const card_subject_t *b)
{
    const size_t bytes = a->learner.net.num_weights * sizeof(real_t);
    assert_memory_equal(a->learner.online, b->learner.online, bytes);
    assert_memory_equal(a->learner.adam.v, b->learner.adam.v, bytes);
}

/* Lost at any call of an update's gradient: the processor makes that update, to the byte as if
 * there had been no card. Lost in the step behind it: that update changes nothing. */
static void test_a_card_that_is_lost_leaves_the_processor(void **state)
{
    (void)state;
    card_subject_t *whole = small_subject();
    give_fake(whole);
    const int32_t before = fake.num_calls;
    assert_true(rainbow_update(&whole->learner));
    const int32_t calls = fake.num_calls - before;
    card_subject_free(whole);
    card_subject_t *processor = small_subject();
    assert_true(rainbow_update(&processor->learner));
    int32_t num_in_step = 0;
    for (int32_t n = 0; n < calls; n += n < calls - 16 ? 7 : 1) {
        card_subject_t *s = small_subject(), *fresh = small_subject();
        give_fake(s);
        fake.fails_at = fake.num_calls + n;
        assert_true(rainbow_update(&s->learner));
        assert_null(s->learner.device.self);
        assert_int_equal(fake.num_handles, 0);
        assert_true(s->learner.has_device_news);
        assert_non_null(strstr(s->learner.device_news, "the card is lost: Fake Card: "));
        assert_non_null(strstr(s->learner.device_news,
                               "CL_OUT_OF_RESOURCES (-5); learning goes on on the processor, with "
                               "the weights of update 0"));
        const bool in_step = s->learner.online[0] == fresh->learner.online[0];
        expect_same_weights(s, in_step ? fresh : processor);
        num_in_step += in_step;
        for (int i = 0; i < 3; i++) assert_true(rainbow_update(&s->learner));
        card_subject_free(s);
        card_subject_free(fresh);
    }
    assert_true(num_in_step > 2 && num_in_step < 16);
    card_subject_free(processor);
}

/* Each launch goes to the driver by itself where somebody draws; else only with the update's end.
 */
static void test_a_shared_card_is_handed_each_launch(void **state)
{
    (void)state;
    int32_t launched[2], flushed[2];
    for (int shared = 0; shared < 2; shared++) {
        card_subject_t *s = small_subject();
        card_info_t cards[CARD_MAX_CARDS];
        fake_opencl_reset();
        assert_int_equal(card_list(&fake_api, cards, NULL), 2);
        card_subject_give_with(s, &fake_api, &cards[0],
                               (card_options_t){ .is_shared = shared, .most_launch_flop = 1e12 });
        assert_true(rainbow_update(&s->learner));
        launched[shared] = fake.num_launched;
        flushed[shared] = fake.num_flushed;
        card_subject_free(s);
    }
    assert_int_equal(launched[0], launched[1]);
    assert_int_equal(flushed[0], 1);
    assert_int_equal(flushed[1], launched[1] + 1);
}

/* Waited for and lost: as if it had been lost anywhere else. */
static void test_a_card_that_is_lost_while_it_is_waited_for(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    s->learner.config.similarity_period_updates = 1000;
    assert_true(learner_finish(&s->learner) == 0); /* the processor */
    give_fake(s);
    assert_true(learner_finish(&s->learner) == 0); /* asked for nothing yet */
    assert_true(rainbow_update(&s->learner));
    assert_true(learner_finish(&s->learner) > 0);
    assert_true(learner_finish(&s->learner) == 0);
    assert_non_null(s->learner.device.self);
    assert_true(s->learner.waiting.is_there); /* its results are still to be collected */
    assert_true(rainbow_update(&s->learner));
    fake.fails_at = fake.num_calls;
    (void)learner_finish(&s->learner);
    assert_null(s->learner.device.self);
    assert_int_equal(fake.num_handles, 0);
    assert_false(s->learner.waiting.is_there);
    assert_non_null(strstr(s->learner.device_news, "update 2: the card is lost: Fake Card: "
                                                   "clFinish: CL_OUT_OF_RESOURCES (-5)"));
    for (int i = 0; i < 3; i++) assert_true(rainbow_update(&s->learner));
    card_subject_free(s);
}

/* Lost with an update that was not waited for: that one is gone, the next is the processor's, from
 * the weights that were read last. */
static void test_a_card_that_is_lost_while_an_update_lags(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    s->learner.config.similarity_period_updates = 1000; /* nothing is held, nothing waited for */
    give_fake(s);
    assert_true(rainbow_update(&s->learner));
    assert_true(s->learner.waiting.is_there);
    fake.fails_at = fake.num_calls;
    learner_collect(&s->learner);
    assert_null(s->learner.device.self);
    assert_int_equal(fake.num_handles, 0);
    assert_false(s->learner.waiting.is_there);
    assert_non_null(strstr(s->learner.device_news, "update 1: the card is lost: Fake Card: "
                                                   "clWaitForEvents: CL_OUT_OF_RESOURCES (-5)"));
    assert_int_equal(s->learner.num_updates, 1);
    for (int i = 0; i < 3; i++) assert_true(rainbow_update(&s->learner));
    assert_true(s->learner.loss > 0);
    card_subject_free(s);
}

/* The same where weights are read: the arrays keep what they had. */
static void test_a_card_that_is_lost_while_it_is_read(void **state)
{
    (void)state;
    card_subject_t *s = small_subject(), *fresh = small_subject();
    give_fake(s);
    assert_true(rainbow_update(&s->learner));
    fake.fails_at = fake.num_calls;
    learner_read(&s->learner, DEVICE_WEIGHTS);
    assert_null(s->learner.device.self);
    assert_non_null(strstr(s->learner.device_news, "update 1: the card is lost"));
    expect_same_weights(s, fresh);
    card_subject_free(s);
    card_subject_free(fresh);
}

/* ---- a card that computes wrongly ------------------------------------------------------------ */

/* The processor's numbers, but for the loss. */
static device_status_t compute_off(void *self, learner_t *l, char *why)
{
    const double *factor = self;
    const size_t count = l->net.noise_count;
    counted_noise_draw(l->config.seed, l->num_updates, COUNTED_NOISE_ONLINE, count,
                       l->batch->noise);
    counted_noise_draw(l->config.seed, l->num_updates, COUNTED_NOISE_TARGET, count,
                       l->target_noise);
    const device_status_t status = rainbow_on_processor.compute(NULL, l, why);
    l->loss *= *factor;
    return status;
}

static void close_nothing(void *self)
{
    (void)self;
}

static void test_the_first_update_is_compared_with_the_processors(void **state)
{
    (void)state;
    device_calls_t calls = rainbow_on_processor;
    calls.compute = compute_off;
    calls.close = close_nothing;
    card_subject_t *processor = small_subject();
    assert_true(rainbow_update(&processor->learner));
    for (int is_wrong = 0; is_wrong < 2; is_wrong++) {
        double factor = is_wrong ? 1.01 : 1.0001;
        card_subject_t *s = small_subject();
        learner_set_device(&s->learner, (device_t){ &calls, &factor });
        s->learner.is_on_trial = true;
        assert_true(rainbow_update(&s->learner));
        expect_same_weights(s, processor);
        assert_int_equal(s->learner.device.self == NULL, is_wrong);
        assert_int_equal(s->learner.has_device_news, is_wrong);
        if (is_wrong)
            assert_non_null(strstr(s->learner.device_news,
                                   "update 0: the card is lost: it computes wrongly: in its first "
                                   "update a loss of "));
        factor = 2; /* later ones are not compared */
        assert_true(rainbow_update(&s->learner));
        assert_int_equal(s->learner.device.self == NULL, is_wrong);
        card_subject_free(s);
    }
    card_subject_free(processor);
}

static void test_a_loss_that_is_not_finite_changes_nothing(void **state)
{
    (void)state;
    card_subject_t *s = small_subject(), *fresh = small_subject();
    why_t why;
    int32_t done;
    give_fake(s);
    fake.reads_nan = true;
    /* The second update asks what became of the first; neither made a step. */
    assert_int_equal(learner_learn(&s->learner, 5, 1, &done, why), AGENT_DIVERGED);
    assert_int_equal(done, 1);
    assert_non_null(strstr(why, "update 0: the loss (nan) or its gradient"));
    assert_non_null(s->learner.device.self); /* no fault of the card's */
    assert_null(s->learner.held);            /* a step that was not made has no meta-gradient */
    fake.reads_nan = false;
    learner_read(&s->learner, DEVICE_ALL);
    expect_same_weights(s, fresh);
    card_subject_free(s);
    card_subject_free(fresh);
}

/* What was saved before is better: it stays, and the next update tells, too. */
static void test_a_diverged_update_is_not_saved(void **state)
{
    (void)state;
    static const uint8_t obs[2][CARD_OBS_BYTES] = { { 1 }, { 2 } };
    agent_config_t config;
    agent_t *agent = NULL;
    device_t device;
    card_info_t cards[CARD_MAX_CARDS];
    char path[] = "/tmp/kata-card-XXXXXX";
    why_t why = "";
    card_subject_config(&config);
    config.net_kind = AGENT_NET_SMALL;
    if (agent_create(&agent, &config, why) != AGENT_OK) fail_msg("%s", why);
    agent_open(agent, 0, obs[0], 1);
    agent_settle(agent, 0, &(agent_outcome_t){ .duration_steps = 1, .truncated = true }, obs[1]);
    fake_opencl_reset();
    assert_int_equal(card_list(&fake_api, cards, NULL), 2);
    assert_true(card_open(&device, &fake_api, &cards[0], &agent->learner, NULL,
                          &(card_options_t){ 0 }, why));
    learner_set_device(&agent->learner, device);
    const int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    fake.reads_nan = true;
    assert_int_equal(agent_learn(agent, 1, NULL, why), AGENT_OK);
    assert_int_equal(agent_save(agent, path, NULL, why), AGENT_DIVERGED);
    assert_non_null(strstr(why, "update 0: the loss (nan) or its gradient"));
    struct stat found;
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_size, 0);
    fake.reads_nan = false;
    assert_int_equal(agent_learn(agent, 1, NULL, why), AGENT_DIVERGED);
    assert_int_equal(agent_learn(agent, 1, NULL, why), AGENT_OK); /* that one was told of */
    assert_int_equal(agent_save(agent, path, NULL, why), AGENT_OK);
    unlink(path);
    agent_destroy(agent);
}

/* Closed with its agent, and when another takes its place. */
static void test_a_card_is_given_back(void **state)
{
    (void)state;
    card_subject_t *s = small_subject();
    give_fake(s);
    assert_true(fake.num_handles > 0);
    learner_set_device(&s->learner, (device_t){ &rainbow_on_processor, NULL });
    assert_int_equal(fake.num_handles, 0);
    give_fake(s);
    card_subject_free(s);
    assert_int_equal(fake.num_handles, 0);
}

/* No kernel has the loss of demonstrations: it must not be left out without a word. */
static void test_who_imitates_stays_on_the_processor(void **state)
{
    (void)state;
    agent_config_t config;
    agent_t *agent = NULL;
    why_t said, why = "";
    agent_config_defaults(&config, 5);
    config.net_kind = AGENT_NET_SMALL;
    config.num_streams = 1;
    config.replay_capacity_decisions = 4000;
    if (agent_create(&agent, &config, why) != AGENT_OK) fail_msg("%s", why);
    agent_imitate(agent, &(agent_demonstrations_t){ .margin = 0.8f, .weight = 1 });
    assert_int_equal(agent_use_device(agent, "gpu:0", "/nonexistent", false, said, why),
                     AGENT_BAD_CONFIG);
    assert_non_null(strstr(why, "imitates a person"));
    assert_int_equal(agent_use_device(agent, "auto", "/nonexistent", false, said, why), AGENT_OK);
    agent_destroy(agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_200_updates_are_the_processors),
        cmocka_unit_test(test_updates_of_the_impala_network_are_the_processors),
        cmocka_unit_test(test_products_in_parts_are_the_same),
        cmocka_unit_test(test_a_card_that_draws_has_a_limit),
        cmocka_unit_test(test_graphics_cards_are_listed_first),
        cmocka_unit_test(test_no_driver_is_said),
        cmocka_unit_test(test_names_of_devices),
        cmocka_unit_test(test_a_card_that_cannot_do_it_says_so),
        cmocka_unit_test(test_each_call_of_opening_may_fail),
        cmocka_unit_test(test_compiled_kernels_are_kept),
        cmocka_unit_test(test_a_card_that_is_lost_leaves_the_processor),
        cmocka_unit_test(test_a_card_that_is_lost_while_it_is_read),
        cmocka_unit_test(test_a_card_that_is_lost_while_it_is_waited_for),
        cmocka_unit_test(test_a_shared_card_is_handed_each_launch),
        cmocka_unit_test(test_a_card_that_is_lost_while_an_update_lags),
        cmocka_unit_test(test_the_first_update_is_compared_with_the_processors),
        cmocka_unit_test(test_a_loss_that_is_not_finite_changes_nothing),
        cmocka_unit_test(test_a_diverged_update_is_not_saved),
        cmocka_unit_test(test_a_card_is_given_back),
        cmocka_unit_test(test_who_imitates_stays_on_the_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
