/* test_card_pictures.c - the replay memory's pictures on a card: wherever they lie, a batch is what
 * the processor would unpack and move, and each is uploaded once; they are replaced as the replay
 * memory replaces them; a card that has no memory for them, or is lost. */
#include "card_layout.h"
#include "card_subject.h"
#include "fake_opencl.h"

static opencl_api_t api;
static card_info_t card;

enum { PICTURE_BYTES = CARD_SIDE * CARD_SIDE, MOST_ROWS = 16, NONE_KEPT = 1, SHIFT = 3 };

static void two_streams(agent_config_t *config)
{
    card_subject_config(config);
    config->net_kind = AGENT_NET_SMALL;
    config->num_streams = 2;
    config->random_shift_px = SHIFT;
}

/* Kept: so many pictures of each stream; 0: as many as there is room for. */
static void give_kept(card_subject_t *s, uint64_t kept)
{
    const uint64_t bytes = kept * (uint64_t)s->learner.config.num_streams * PICTURE_BYTES;
    card_subject_give_with(s, &api, &card,
                           (card_options_t){ .num_groups = 16, .most_picture_bytes = bytes });
}

static void give_none(card_subject_t *s)
{
    card_subject_give_with(s, &api, &card,
                           (card_options_t){ .num_groups = 16, .most_picture_bytes = NONE_KEPT });
}

/* Decisions of both streams, each a picture further than the one before; now and then an episode
 * ends, and one begins with a still picture. */
static void play(card_subject_t *s, uint64_t seed, int32_t num_decisions)
{
    replay_t *replay = &s->learner.replay;
    uint8_t seen[3][PICTURE_BYTES];
    rng_t rng;
    rng_seed(&rng, seed, 0);
    for (int32_t stream = 0; stream < replay->num_streams; stream++)
        for (int32_t i = 0; i < num_decisions; i++) {
            for (int32_t k = 0; k < PICTURE_BYTES; k++) seen[2][k] = (uint8_t)rng_next(&rng);
            if (i % 5 == 0) memcpy(seen[0], seen[2], PICTURE_BYTES);
            if (i % 5 == 0) memcpy(seen[1], seen[2], PICTURE_BYTES);
            replay_open(replay, stream, seen[0], (int32_t)rng_below(&rng, CARD_ACTIONS));
            replay_settle(replay, stream, (float)rng_normal(&rng), 1, i % 10 == 4, i % 10 == 9,
                          seen[1]);
            memmove(seen[0], seen[1], 2 * PICTURE_BYTES);
        }
}

static uint8_t moved(const uint8_t *picture, learner_shift_t by, int32_t y, int32_t x)
{
    int32_t from_y = y - by.down_px, from_x = x - by.right_px;
    from_y = from_y < 0 ? 0 : from_y >= CARD_SIDE ? CARD_SIDE - 1 : from_y;
    from_x = from_x < 0 ? 0 : from_x >= CARD_SIDE ? CARD_SIDE - 1 : from_x;
    return picture[from_y * CARD_SIDE + from_x];
}

static void expect_row(const uint8_t *found, const uint8_t *obs, learner_shift_t by)
{
    for (int32_t i = 0; i < CARD_OBS_BYTES; i++) {
        const int32_t at = i % PICTURE_BYTES;
        const uint8_t expected = moved(obs + i - at, by, at / CARD_SIDE, at % CARD_SIDE);
        if (found[i] != expected)
            fail_msg("byte %d of a row is %d, not %d", (int)i, found[i], expected);
    }
}

/* Before anything is stored behind the update: its pixels on the card, byte by byte. */
static void expect_pixels(card_subject_t *s)
{
    static uint8_t found[2 * MOST_ROWS][CARD_OBS_BYTES];
    learner_t *l = &s->learner;
    const int32_t B = l->config.batch_size;
    uint8_t obs[CARD_OBS_BYTES], next_obs[CARD_OBS_BYTES];
    assert_true(B <= MOST_ROWS && !l->batch->has_pixels);
    assert_true(card_peek_pictures(&l->device, l, found[0]));
    for (int32_t b = 0; b < B; b++) {
        replay_sample_t sample;
        replay_transition(&l->replay, l->batch->samples[b].slot, &sample, obs, next_obs);
        expect_row(found[b], sample.obs, l->batch->shifts[b]);
        const int32_t next = sample.next_obs == obs ? b : B + b;
        expect_row(found[B + b], sample.next_obs, l->batch->shifts[next]);
    }
}

/* All of them kept, some, one of each stream, none; more decisions are stored between updates than
 * the replay memory has room for. */
static void test_where_pictures_lie_changes_nothing(void **state)
{
    (void)state;
    enum { CASES = 4, UPDATES = 60, DECISIONS = 5 };
    static const uint64_t kept[CASES] = { 0, 37, 1, 0 };
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    two_streams(&config);
    config.similarity_mode = AGENT_SIMILARITY_META;
    config.similarity_period_updates = 3;
    card_subject_t *s[CASES];
    int64_t uploaded[CASES] = { 0 };
    for (int i = 0; i < CASES; i++) {
        s[i] = card_subject_make(&config);
        if (i == CASES - 1)
            give_none(s[i]);
        else
            give_kept(s[i], kept[i]);
    }
    for (int u = 0; u < UPDATES; u++)
        for (int i = 0; i < CASES; i++) {
            learner_t *l = &s[i]->learner;
            if (u % 2 == 0) play(s[i], (uint64_t)u, 2 * DECISIONS);
            assert_true(rainbow_update(l));
            expect_pixels(s[i]);
            uploaded[i] += card_counts(&l->device).upload_bytes;
            assert_true(l->loss == s[0]->learner.loss);
        }
    assert_true(UPDATES * DECISIONS > 2 * config.replay_capacity_decisions / config.num_streams);
    for (int i = 1; i < CASES; i++) {
        card_subject_expect_same(s[0], s[i]);
        assert_true(uploaded[i] > uploaded[i - 1]);
        card_subject_free(s[i]);
    }
    card_subject_free(s[0]);
}

/* Of a memory that does not change: the numbers that go up with each update, and each picture when
 * a batch first has it. */
static void test_each_picture_is_uploaded_once(void **state)
{
    (void)state;
    enum { UPDATES = 80 };
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    two_streams(&config);
    const int64_t rows = config.batch_size, table = 2 * rows * CARD_STACK * 4 * 4;
    const int64_t always = 5 * rows * 4 + table;
    card_subject_t *kept = card_subject_make(&config), *none = card_subject_make(&config);
    play(kept, 1, 60);
    play(none, 1, 60);
    give_kept(kept, 0);
    give_none(none);
    bool seen[2][1000] = { { false } };
    int64_t sum_drawn = 0, sum_new = 0;
    for (int u = 0; u < UPDATES; u++) {
        const learner_t *l = &kept->learner;
        int64_t num_new = 0, num_drawn = 0;
        assert_true(rainbow_update(&kept->learner));
        assert_true(rainbow_update(&none->learner));
        for (int32_t i = 0; i < 2 * rows; i++) {
            const replay_sample_t *sample = &l->batch->samples[i / 2];
            const int32_t slot = i % 2 ? sample->next_slot : sample->slot;
            for (int32_t c = 0; c < CARD_STACK; c++) {
                const uint64_t number = replay_pictures(&l->replay, slot)[c];
                assert_true(number < 1000);
                bool *is_seen = &seen[slot / l->replay.slots_per_stream][number];
                const bool is_still = c > 0 && number == replay_pictures(&l->replay, slot)[c - 1];
                const bool has_next = sample->next_slot != sample->slot;
                num_drawn += !is_still && (i % 2 == 0 || has_next);
                num_new += !*is_seen;
                *is_seen = true;
            }
        }
        assert_int_equal(card_counts(&l->device).upload_bytes, always + num_new * PICTURE_BYTES);
        assert_int_equal(card_counts(&none->learner.device).upload_bytes,
                         always + num_drawn * PICTURE_BYTES);
        sum_drawn += num_drawn;
        sum_new += num_new;
    }
    assert_true(sum_drawn > 4 * sum_new);
    card_subject_free(kept);
    card_subject_free(none);
}

/* After replay_forget() other pictures have the same numbers. */
static void test_numbers_that_begin_anew_are_other_pictures(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    two_streams(&config);
    config.prioritized = false; /* priorities come later than what they are of was forgotten */
    card_subject_t *s = card_subject_make(&config);
    give_kept(s, 0);
    for (int i = 0; i < 4; i++) {
        replay_forget(&s->learner.replay);
        play(s, (uint64_t)i, 20);
        for (int u = 0; u < 5; u++) {
            assert_true(rainbow_update(&s->learner));
            expect_pixels(s);
        }
    }
    card_subject_free(s);
}

/* A card that gives no more at once than its block of floats takes: the second stream's are in
 * another buffer. */
static void test_pictures_in_two_buffers(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    two_streams(&config);
    card_subject_t *s = card_subject_make(&config);
    give_kept(s, 1);
    const uint64_t pool_bytes = card_layout_of(&s->learner.device)->num_floats * sizeof(float);
    card_subject_free(s);
    /* The first of them has 32 or 33 places of the second stream's. */
    const int32_t in_one = (int32_t)(pool_bytes / PICTURE_BYTES);
    config.replay_capacity_decisions = 2 * ((in_one - 32 - 2 * PICTURES_GROUP) / CARD_STACK);
    card_info_t limited = card;
    limited.most_at_once_bytes = pool_bytes;
    s = card_subject_make(&config);
    card_subject_give_with(s, &api, &limited, (card_options_t){ .num_groups = 16 });
    why_t said;
    card_say_pictures(&s->learner.device, said);
    assert_non_null(strstr(said, "all that the replay memory can hold"));
    for (int u = 0; u < 12; u++) {
        play(s, (uint64_t)u, 20);
        assert_true(rainbow_update(&s->learner));
        expect_pixels(s);
    }
    assert_true(card_counts(&s->learner.device).memory_bytes > pool_bytes * 5 / 2);
    card_subject_free(s);
}

/* ---- what is on its way ---------------------------------------------------------------------- */

/* Writes that nobody waited for, as a slow card would still read them. */
static struct {
    const uint8_t *bytes;
    uint8_t *copy;
    size_t num_bytes;
    int update;
} on_their_way[64];
static int num_on_their_way, update_now;

static void arrive_before(int update)
{
    int num_left = 0;
    for (int i = 0; i < num_on_their_way; i++) {
        assert_memory_equal(on_their_way[i].bytes, on_their_way[i].copy, on_their_way[i].num_bytes);
        if (on_their_way[i].update < update)
            free(on_their_way[i].copy);
        else
            on_their_way[num_left++] = on_their_way[i];
    }
    num_on_their_way = num_left;
}

static int32_t slow_write(opencl_handle_t queue, opencl_handle_t buffer, uint32_t waits, size_t at,
                          size_t num_bytes, const void *bytes, uint32_t count,
                          const opencl_handle_t *list, opencl_handle_t *event)
{
    if (!waits) {
        assert_true(num_on_their_way < 64);
        uint8_t *copy = malloc(num_bytes);
        memcpy(copy, bytes, num_bytes);
        on_their_way[num_on_their_way].bytes = bytes;
        on_their_way[num_on_their_way].copy = copy;
        on_their_way[num_on_their_way].num_bytes = num_bytes;
        on_their_way[num_on_their_way++].update = update_now;
    }
    return fake_api.EnqueueWriteBuffer(queue, buffer, waits, at, num_bytes, bytes, count, list,
                                       event);
}

/* For the results of the update before. */
static int32_t slow_wait_for(uint32_t count, const opencl_handle_t *events)
{
    arrive_before(update_now);
    return fake_api.WaitForEvents(count, events);
}

static int32_t slow_wait(opencl_handle_t queue)
{
    arrive_before(update_now + 1);
    return fake_api.Finish(queue);
}

static void give_slow(card_subject_t *s)
{
    opencl_api_t slow = fake_api;
    card_info_t cards[CARD_MAX_CARDS];
    device_t device;
    why_t why = "";
    slow.EnqueueWriteBuffer = slow_write;
    slow.WaitForEvents = slow_wait_for;
    slow.Finish = slow_wait;
    fake_opencl_reset();
    assert_int_equal(card_list(&fake_api, cards, NULL), 2);
    if (!card_open(&device, &slow, &cards[0], &s->learner, NULL,
                   &(card_options_t){ .most_picture_bytes = NONE_KEPT }, why))
        fail_msg("%s", why);
    learner_set_device(&s->learner, device);
}

/* Of the update before, while the next batch is drawn; and of a batch that was fetched, without an
 * update behind it. */
static void test_pictures_stay_until_they_are_used(void **state)
{
    (void)state;
    agent_config_t config;
    two_streams(&config);
    card_subject_t *s = card_subject_make(&config);
    learner_t *l = &s->learner;
    give_slow(s);
    for (update_now = 0; update_now < 6; update_now++) {
        assert_true(rainbow_update(l));
        assert_true(l->waiting.is_there && num_on_their_way > 0);
    }
    for (; update_now < 10; update_now++) {
        rng_t rng = l->rng;
        replay_draw(&l->replay, &rng, config.batch_size, l->batch->samples);
        l->rng = rng;
        l->device.calls->fetch(l->device.self, l);
    }
    card_subject_free(s);
    assert_int_equal(num_on_their_way, 0);
}

/* ---- a card without memory for them, a card that is lost ------------------------------------- */

static bool open_fake(card_subject_t *s, uint64_t most_picture_bytes, device_t *device, char *why)
{
    card_info_t cards[CARD_MAX_CARDS];
    const card_options_t options = { .most_picture_bytes = most_picture_bytes };
    assert_int_equal(card_list(&fake_api, cards, NULL), 2);
    return card_open(device, &fake_api, &cards[0], &s->learner, NULL, &options, why);
}

static void expect_said(card_subject_t *s, uint64_t most_picture_bytes, const char *sentence)
{
    device_t device;
    why_t said, why = "";
    fake_opencl_reset();
    if (!open_fake(s, most_picture_bytes, &device, why)) fail_msg("%s", why);
    card_say_pictures(&device, said);
    assert_string_equal(said, sentence);
    device.calls->close(device.self);
    assert_int_equal(fake.num_handles, 0);
}

/* 8,000 decisions of two pictures, and two groups more of each stream: 19.9 MiB. */
static void test_where_pictures_lie_is_said(void **state)
{
    (void)state;
    agent_config_t config;
    two_streams(&config);
    config.replay_capacity_decisions = 8000;
    card_subject_t *s = card_subject_make(&config);
    expect_said(s, 1 << 30, "Pictures: 20 MB on the card, all that the replay memory can hold.");
    expect_said(s, 5 << 20,
                "Pictures: 5 MB on the card, of the 20 MB that the replay memory can hold; the "
                "others go there with the batches that have them.");
    expect_said(s, 1,
                "Pictures go to the card with each batch: there are 1 MB for the 20 MB that the "
                "replay memory can hold.");
    card_subject_free(s);
}

/* Whichever call of opening fails: it is refused with a sentence, or without the pictures. */
static void test_a_driver_may_refuse_memory_for_pictures(void **state)
{
    (void)state;
    agent_config_t config;
    two_streams(&config);
    card_subject_t *s = card_subject_make(&config);
    device_t device;
    why_t why, said;
    fake_opencl_reset();
    assert_true(open_fake(s, NONE_KEPT, &device, why));
    const int32_t handles = fake.num_handles;
    const uint64_t memory_bytes = card_counts(&device).memory_bytes;
    device.calls->close(device.self);
    fake_opencl_reset();
    assert_true(open_fake(s, 1 << 30, &device, why));
    assert_int_equal(fake.num_handles, handles + 1);
    const int32_t calls = fake.num_calls;
    device.calls->close(device.self);
    int32_t num_refused = 0;
    for (int32_t n = 0; n < calls; n++) {
        fake_opencl_reset();
        fake.fails_at = n;
        fake.fails_once = true;
        fake.error = OPENCL_MEM_OBJECT_ALLOCATION_FAILURE;
        if (!open_fake(s, 1 << 30, &device, why)) {
            assert_non_null(strstr(why, "CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)"));
            assert_int_equal(fake.num_handles, 0);
            continue;
        }
        num_refused++;
        card_say_pictures(&device, said);
        assert_string_equal(
            said, "Pictures go to the card with each batch: Fake Card has no memory for the replay "
                  "memory's pictures, 1 MB: CL_MEM_OBJECT_ALLOCATION_FAILURE (-4).");
        assert_int_equal(fake.num_handles, handles);
        assert_true(card_counts(&device).memory_bytes == memory_bytes);
        learner_set_device(&s->learner, device);
        for (int u = 0; u < 3; u++) {
            assert_true(rainbow_update(&s->learner));
            assert_true(card_counts(&s->learner.device).upload_bytes >
                        config.batch_size * CARD_OBS_BYTES);
        }
        learner_set_device(&s->learner, (device_t){ &rainbow_on_processor, NULL });
        assert_int_equal(fake.num_handles, 0);
    }
    assert_int_equal(num_refused, 3); /* to give it, to fill it, to wait for that */
    card_subject_free(s);
}

static void expect_same_batch(const card_subject_t *s, const card_subject_t *processor)
{
    const learner_batch_t *a = s->learner.batch, *b = processor->learner.batch;
    assert_true(a->has_pixels && b->has_pixels);
    for (int32_t i = 0; i < 2 * s->learner.config.batch_size; i++)
        assert_memory_equal(a->obs[i], b->obs[i], CARD_OBS_BYTES);
}

/* In the fourth update: the processor makes it, of the pictures that it was drawn with, and goes
 * on. */
static void test_a_card_that_is_lost_leaves_the_pictures(void **state)
{
    (void)state;
    agent_config_t config;
    two_streams(&config);
    config.prioritized = false; /* so that both draw the same */
    int32_t num_after = 0;
    for (int32_t n = 0; n < 12; n++) {
        card_subject_t *s = card_subject_make(&config), *processor = card_subject_make(&config);
        device_t device;
        why_t why = "";
        fake_opencl_reset();
        assert_true(open_fake(s, n % 2 ? NONE_KEPT : 1 << 30, &device, why));
        learner_set_device(&s->learner, device);
        for (int u = 0; u < 7; u++) {
            play(s, (uint64_t)u, 8);
            play(processor, (uint64_t)u, 8);
            if (u == 3) fake.fails_at = fake.num_calls + n;
            assert_true(rainbow_update(&s->learner));
            assert_true(rainbow_update(&processor->learner));
            assert_int_equal(s->learner.device.self == NULL, u >= 3);
            if (u < 3) assert_false(s->learner.batch->has_pixels);
            if (u >= 3) expect_same_batch(s, processor);
            num_after += u > 3;
        }
        assert_non_null(strstr(s->learner.device_news, "update 3: the card is lost: Fake Card: "));
        card_subject_free(s);
        card_subject_free(processor);
    }
    assert_int_equal(num_after, 12 * 3);
}

/* The processor makes a card's first update, too. */
static void test_the_first_update_is_the_processors_of_moved_pictures(void **state)
{
    (void)state;
    if (!card_subject_find(&api, &card)) skip();
    agent_config_t config;
    two_streams(&config);
    card_subject_t *s = card_subject_make(&config), *processor = card_subject_make(&config);
    play(s, 1, 40);
    play(processor, 1, 40);
    give_kept(s, 0);
    s->learner.is_on_trial = true;
    assert_true(rainbow_update(&s->learner));
    assert_true(rainbow_update(&processor->learner));
    assert_non_null(s->learner.device.self); /* it was not found wrong */
    expect_same_batch(s, processor);
    assert_true(s->learner.loss == processor->learner.loss);
    assert_true(rainbow_update(&s->learner));
    expect_pixels(s);
    card_subject_free(s);
    card_subject_free(processor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_pictures_lie_changes_nothing),
        cmocka_unit_test(test_each_picture_is_uploaded_once),
        cmocka_unit_test(test_numbers_that_begin_anew_are_other_pictures),
        cmocka_unit_test(test_pictures_in_two_buffers),
        cmocka_unit_test(test_pictures_stay_until_they_are_used),
        cmocka_unit_test(test_where_pictures_lie_is_said),
        cmocka_unit_test(test_a_driver_may_refuse_memory_for_pictures),
        cmocka_unit_test(test_a_card_that_is_lost_leaves_the_pictures),
        cmocka_unit_test(test_the_first_update_is_the_processors_of_moved_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
