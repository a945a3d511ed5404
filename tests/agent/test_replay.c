/* test_replay.c - the rings against a version that forgets nothing and searches for everything. */
#include "replay.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tree_sums.h"

enum { OBS_BYTES = 8, MAX_EVENTS = 4000, MAX_STREAMS = 3 };

static replay_config_t config_for(int32_t num_streams, int32_t capacity, int32_t n_step,
                                  bool prioritized, double exponent)
{
    return (replay_config_t){ .obs_bytes = OBS_BYTES,
                              .stack = 1,
                              .memory_bytes = 1 << 20,
                              .num_streams = num_streams,
                              .capacity = capacity,
                              .n_step = n_step,
                              .discount_per_step = 0.9,
                              .prioritized = prioritized,
                              .priority_exponent = exponent };
}

static replay_t make_replay(const replay_config_t *config, void **block)
{
    replay_t replay;
    arena_t arena = { 0 };
    replay_take(&replay, &arena, config);
    *block = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(*block, 0, arena.used_bytes);
    arena = (arena_t){ .base = *block };
    replay_take(&replay, &arena, config);
    return replay;
}

/* ---- the slow version ------------------------------------------------------------------- */

typedef struct {
    uint64_t obs, next_obs;
    int32_t action, duration_steps;
    float reward;
    bool settled, terminal, ends; /* ends: no decision of the same chain follows */
    int32_t stored_idx;           /* how many observations its stream had stored before it */
} event_t;

typedef struct {
    event_t events[MAX_EVENTS];
    int32_t num_events;
    int32_t num_stored;
    bool open, running; /* running: the last next_obs is stored and may be continued */
} slow_stream_t;

typedef struct {
    slow_stream_t streams[MAX_STREAMS];
    int32_t ring, n_step, return_steps;
    double discount;
} slow_t;

static event_t *last_event(slow_stream_t *s)
{
    return &s->events[s->num_events - 1];
}

static void slow_open(slow_stream_t *s, uint64_t obs, int32_t action)
{
    const bool shares = s->running && last_event(s)->next_obs == obs;
    if (!shares && s->num_events > 0) last_event(s)->ends = true;
    const int32_t stored_idx = shares ? s->num_stored - 1 : s->num_stored++;
    s->events[s->num_events++] =
        (event_t){ .obs = obs, .action = action, .stored_idx = stored_idx };
    s->open = true;
    s->running = false;
}

static void slow_settle(slow_stream_t *s, float reward, int32_t duration_steps, bool terminal,
                        bool truncated, uint64_t next_obs)
{
    event_t *e = last_event(s);
    e->settled = true;
    e->reward = reward;
    e->duration_steps = duration_steps;
    e->terminal = terminal;
    e->ends = terminal || truncated;
    e->next_obs = next_obs;
    if (!terminal) s->num_stored++;
    s->running = !e->ends;
    s->open = false;
}

static void slow_drop(slow_stream_t *s)
{
    if (s->open) s->num_events--; /* as if it had never been made */
    if (s->num_events > 0) last_event(s)->ends = true;
    s->open = s->running = false;
}

/* True if the window of event i is complete and its observation still in the ring. */
static bool slow_transition(const slow_t *slow, const slow_stream_t *s, int32_t i, double *sum,
                            double *discount, uint64_t *next_obs)
{
    if (s->events[i].stored_idx < s->num_stored - slow->ring) return false;
    *sum = 0;
    *discount = 1;
    int32_t steps = 0;
    for (int32_t k = 0; k < slow->n_step; k++) {
        if (i + k >= s->num_events || !s->events[i + k].settled) return false;
        const event_t *e = &s->events[i + k];
        if (slow->return_steps == 0 || steps < slow->return_steps) {
            *sum += *discount * (double)e->reward;
            for (int32_t t = 0; t < e->duration_steps; t++) *discount *= slow->discount;
            *next_obs = e->next_obs;
            if (e->terminal) *discount = 0;
        }
        steps += e->duration_steps;
        if (e->ends) break;
    }
    return true;
}

/* ---- comparison ------------------------------------------------------------------------- */

static uint64_t id_of(const uint8_t *obs)
{
    uint64_t id;
    memcpy(&id, obs, sizeof id);
    return id;
}

static void expect_agreement(replay_t *replay, const slow_t *slow)
{
    int32_t live = 0;
    for (int32_t s = 0; s < replay->num_streams; s++) {
        const slow_stream_t *stream = &slow->streams[s];
        for (int32_t i = 0; i < stream->num_events; i++) {
            double sum, discount;
            uint64_t next_obs = 0;
            if (!slow_transition(slow, stream, i, &sum, &discount, &next_obs)) continue;
            live++;
            /* Find it among the live slots by its observation: ids are unique. */
            bool found = false;
            for (int32_t k = 0; k < replay->num_live && !found; k++) {
                replay_sample_t sample;
                uint8_t obs[2][OBS_BYTES];
                replay_transition(replay, replay->live[k], &sample, obs[0], obs[1]);
                if (id_of(sample.obs) != stream->events[i].obs) continue;
                found = true;
                assert_int_equal(sample.action, stream->events[i].action);
                assert_true(fabs((double)sample.n_step_return - sum) < 1e-5);
                assert_true(fabs((double)sample.discount - discount) < 1e-6);
                if (discount > 0) assert_true(id_of(sample.next_obs) == next_obs);
                assert_int_equal(replay->live_rank[sample.slot], k + 1);
            }
            assert_true(found);
        }
    }
    assert_int_equal(replay->num_live, live);
}

static void play_randomly(int32_t num_streams, int32_t capacity, int32_t n_step,
                          int32_t return_steps, bool prioritized)
{
    replay_config_t config = config_for(num_streams, capacity, n_step, prioritized, 0.5);
    config.return_steps = return_steps;
    void *block;
    replay_t replay = make_replay(&config, &block);
    slow_t *slow = calloc(1, sizeof *slow);
    slow->ring = capacity / num_streams;
    slow->n_step = n_step;
    slow->return_steps = return_steps;
    slow->discount = 0.9;
    uint64_t obs_now[MAX_STREAMS], next_id = 1;
    for (int i = 0; i < MAX_STREAMS; i++) obs_now[i] = next_id++;
    rng_t rng;
    rng_seed(&rng, (uint64_t)(num_streams * 1000 + n_step), 0);
    for (int i = 0; i < 3000; i++) {
        const int32_t s = (int32_t)rng_below(&rng, (uint32_t)num_streams);
        slow_stream_t *stream = &slow->streams[s];
        assert_int_equal(replay_is_open(&replay, s), stream->open);
        if (rng_below(&rng, 30) == 0) {
            replay_drop(&replay, s);
            slow_drop(stream);
            obs_now[s] = next_id++;
        } else if (!stream->open) {
            if (rng_below(&rng, 20) == 0) obs_now[s] = next_id++; /* not where it left off */
            const int32_t action = (int32_t)rng_below(&rng, 500);
            replay_open(&replay, s, (const uint8_t *)&obs_now[s], action);
            slow_open(stream, obs_now[s], action);
        } else {
            const float reward = (float)rng_normal(&rng);
            const int32_t duration = 1 + (int32_t)rng_below(&rng, 7);
            const bool terminal = rng_below(&rng, 10) == 0, truncated = rng_below(&rng, 10) == 0;
            obs_now[s] = next_id++;
            replay_settle(&replay, s, reward, duration, terminal, truncated,
                          terminal ? NULL : (const uint8_t *)&obs_now[s]);
            slow_settle(stream, reward, duration, terminal, truncated, obs_now[s]);
            if (terminal || truncated) obs_now[s] = next_id++;
        }
        if (i % 7 == 0) expect_agreement(&replay, slow);
    }
    if (prioritized) {
        assert_true(tree_sums_agree(&replay.tree));
        assert_true(fabs(sumtree_total(&replay.tree) - replay.num_live) < 1e-9);
    }
    free(slow);
    free(block);
}

static void test_agrees_with_the_slow_version(void **state)
{
    (void)state;
    play_randomly(1, 40, 1, 0, false);
    play_randomly(1, 40, 3, 0, false);
    play_randomly(1, 40, 10, 0, true);
    play_randomly(3, 60, 3, 0, true);
    play_randomly(2, 101, 5, 0, false); /* does not divide evenly */
    /* Decisions take 1 to 7 steps: a return of 8 ends with the second to the eighth. */
    play_randomly(1, 40, 10, 8, true);
    play_randomly(2, 60, 3, 8, false); /* n may end it first */
}

static void test_agrees_in_the_smallest_ring_allowed(void **state)
{
    (void)state;
    for (int32_t n = 1; n <= 4; n++) play_randomly(2, replay_min_capacity(2, n), n, 0, true);
}

/* Two decisions of 2 and 3 steps, then the end: 1 + 0.9^2 * 2, discount 0.9^5 if cut off. */
static void test_macros_of_mixed_length_by_hand(void **state)
{
    (void)state;
    for (int terminal = 0; terminal < 2; terminal++) {
        const replay_config_t config = config_for(1, 20, 3, false, 0);
        void *block;
        replay_t replay = make_replay(&config, &block);
        const uint64_t ids[3] = { 1, 2, 3 };
        replay_open(&replay, 0, (const uint8_t *)&ids[0], 7);
        replay_settle(&replay, 0, 1, 2, false, false, (const uint8_t *)&ids[1]);
        replay_open(&replay, 0, (const uint8_t *)&ids[1], 8);
        assert_int_equal(replay.num_live, 0);
        replay_settle(&replay, 0, 2, 3, terminal, !terminal, (const uint8_t *)&ids[2]);
        assert_int_equal(replay.num_live, 2);
        replay_sample_t sample;
        uint8_t obs[2][OBS_BYTES];
        replay_transition(&replay, 0, &sample, obs[0], obs[1]);
        assert_true(fabs((double)sample.n_step_return - 2.62) < 1e-6);
        assert_true(fabs((double)sample.discount - (terminal ? 0 : 0.59049)) < 1e-6);
        assert_true(id_of(sample.next_obs) == (terminal ? 1u : 3u));
        free(block);
    }
}

/* Ends with the decision by which the steps have passed, exactly or not, and with n. */
static void test_a_return_ends_by_its_steps(void **state)
{
    (void)state;
    static const struct {
        int32_t return_steps;
        double sum, discount; /* of rewards 1, 2, 4, 8 and durations 2, 3, 1, 1 */
        uint64_t next;
    } rows[] = { { 1, 1, 0.81, 2 },           { 2, 1, 0.81, 2 },
                 { 3, 2.62, 0.59049, 3 },     { 5, 2.62, 0.59049, 3 },
                 { 6, 4.98196, 0.531441, 4 }, { 7, 4.98196, 0.531441, 4 }, /* n 3 */
                 { 0, 4.98196, 0.531441, 4 } };
    static const int32_t durations[] = { 2, 3, 1, 1 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        replay_config_t config = config_for(1, 20, 3, false, 0);
        config.return_steps = rows[i].return_steps;
        void *block;
        replay_t replay = make_replay(&config, &block);
        for (int32_t k = 0; k < 4; k++) {
            const uint64_t ids[2] = { (uint64_t)k + 1, (uint64_t)k + 2 };
            replay_open(&replay, 0, (const uint8_t *)&ids[0], k);
            replay_settle(&replay, 0, (float)(1 << k), durations[k], false, false,
                          (const uint8_t *)&ids[1]);
        }
        replay_sample_t sample;
        uint8_t obs[2][OBS_BYTES];
        replay_transition(&replay, 0, &sample, obs[0], obs[1]);
        assert_true(fabs((double)sample.n_step_return - rows[i].sum) < 1e-5);
        assert_true(fabs((double)sample.discount - rows[i].discount) < 1e-6);
        assert_true(id_of(sample.next_obs) == rows[i].next);
        free(block);
    }
}

/* n 3: of five decisions the first three are live, and stay so; the rewards of the last two are
 * lost. An open one leaves nothing, either. What follows is learned from as ever. */
static void test_a_discarded_window_is_never_drawn(void **state)
{
    (void)state;
    for (int is_open = 0; is_open < 2; is_open++) {
        const replay_config_t config = config_for(1, 40, 3, true, 0.5);
        void *block;
        replay_t replay = make_replay(&config, &block);
        uint64_t id = 1;
        for (int i = 0; i < 5; i++) {
            const uint64_t next = id + 1;
            replay_open(&replay, 0, (const uint8_t *)&id, i);
            replay_settle(&replay, 0, (float)i, 1, false, false, (const uint8_t *)&next);
            id = next;
        }
        if (is_open) replay_open(&replay, 0, (const uint8_t *)&id, 5);
        assert_int_equal(replay.num_live, 3);
        replay_discard(&replay, 0);
        assert_false(replay_is_open(&replay, 0));
        assert_int_equal(replay.num_live, 3);
        id += 10; /* elsewhere */
        const uint64_t end = id + 1;
        replay_open(&replay, 0, (const uint8_t *)&id, 6);
        replay_settle(&replay, 0, 9, 1, true, false, (const uint8_t *)&end);
        assert_int_equal(replay.num_live, 4);
        for (int i = 0; i < replay.num_live; i++)
            assert_true(replay.slots[replay.live[i]].action < 3 ||
                        replay.slots[replay.live[i]].action == 6);
        free(block);
    }
}

static void test_consecutive_decisions_share_their_observation(void **state)
{
    (void)state;
    const replay_config_t config = config_for(1, 100, 1, false, 0);
    void *block;
    replay_t replay = make_replay(&config, &block);
    for (uint64_t id = 0; id < 50; id++) {
        const uint64_t next = id + 1;
        replay_open(&replay, 0, (const uint8_t *)&id, 0);
        replay_settle(&replay, 0, 0, 1, false, false, (const uint8_t *)&next);
    }
    assert_int_equal(replay.streams[0].head, 50); /* 51 observations for 50 decisions */
    free(block);
}

static void fill(replay_t *replay, int32_t num_decisions)
{
    for (int32_t i = 0; i < num_decisions; i++) {
        const uint64_t id = (uint64_t)i + 1;
        replay_open(replay, 0, (const uint8_t *)&id, i);
        replay_settle(replay, 0, 0, 1, true, false, NULL);
    }
}

static void test_drawn_as_often_as_the_priorities_say(void **state)
{
    (void)state;
    for (int prioritized = 0; prioritized < 2; prioritized++) {
        const replay_config_t config = config_for(1, 10, 1, prioritized, 0.5);
        void *block;
        replay_t replay = make_replay(&config, &block);
        fill(&replay, 8);
        double mass = 0;
        for (int32_t slot = 0; slot < 8; slot++) {
            replay_set_priority(&replay, slot, slot + 1);
            mass += prioritized ? sqrt(slot + 1) : 1;
        }
        rng_t rng;
        rng_seed(&rng, 9, 0);
        int counts[8] = { 0 };
        enum { BATCH = 16, BATCHES = 10000 };
        for (int i = 0; i < BATCHES; i++) {
            replay_sample_t samples[BATCH];
            uint8_t obs[2 * BATCH * OBS_BYTES];
            replay_sample(&replay, &rng, BATCH, samples, obs, NULL);
            for (int k = 0; k < BATCH; k++) {
                const int32_t slot = samples[k].slot;
                counts[slot]++;
                const double expected = (prioritized ? sqrt(slot + 1) : 1) / mass;
                assert_true(fabs((double)samples[k].probability - expected) < 1e-6);
            }
        }
        for (int32_t slot = 0; slot < 8; slot++) {
            const double p = (prioritized ? sqrt(slot + 1) : 1) / mass;
            const double n = (double)BATCH * BATCHES;
            assert_true(fabs(counts[slot] - n * p) < 5 * sqrt(n * p * (1 - p)));
        }
        free(block);
    }
}

/* Pictures are numbered from 0 again: nothing of the ones before is remembered. */
static void test_after_forgetting_the_new_observations_are_drawn(void **state)
{
    (void)state;
    enum { BATCH = 16 };
    const replay_config_t config = config_for(1, 10, 1, false, 0.5);
    void *block;
    replay_t replay = make_replay(&config, &block);
    rng_t rng;
    rng_seed(&rng, 9, 0);
    for (uint64_t round = 0; round < 2; round++) {
        replay_sample_t samples[BATCH];
        uint8_t obs[2 * BATCH * OBS_BYTES];
        for (uint64_t i = 0; i < 8; i++) {
            const uint64_t id = 100 * round + i;
            replay_open(&replay, 0, (const uint8_t *)&id, (int32_t)i);
            replay_settle(&replay, 0, 0, 1, true, false, NULL);
        }
        replay_sample(&replay, &rng, BATCH, samples, obs, NULL);
        for (int k = 0; k < BATCH; k++) {
            const uint64_t id = 100 * round + (uint64_t)samples[k].action;
            assert_memory_equal(samples[k].obs, &id, OBS_BYTES);
        }
        replay_forget(&replay);
    }
    free(block);
}

static void test_new_decisions_get_the_highest_priority_seen(void **state)
{
    (void)state;
    const replay_config_t config = config_for(1, 10, 1, true, 0.5);
    void *block;
    replay_t replay = make_replay(&config, &block);
    fill(&replay, 2);
    replay_set_priority(&replay, 0, 16);
    replay_set_priority(&replay, 1, 0.25);
    const uint64_t id = 99;
    replay_open(&replay, 0, (const uint8_t *)&id, 0);
    replay_settle(&replay, 0, 0, 1, true, false, NULL);
    assert_true(sumtree_get(&replay.tree, 1) == 0.5);
    assert_true(sumtree_get(&replay.tree, 2) == 4);
    free(block);
}

/* ---- stacks of pictures ---- */

enum { STACK = 4, SIDE = 96, STACK_BYTES = STACK * SIDE, NUM_STORIES = 3000 };

static uint8_t told[NUM_STORIES][STACK_BYTES], tail[NUM_STORIES][STACK_BYTES];

/* The next observation: `count` new pictures, noise or still. */
static void go_on(uint8_t *obs, int32_t count, bool still, rng_t *rng)
{
    memmove(obs, obs + count * SIDE, (size_t)(STACK - count) * SIDE);
    for (int32_t i = (STACK - count) * SIDE; i < STACK_BYTES; i++)
        obs[i] = still ? obs[i % SIDE] : (uint8_t)rng_next(rng);
}

/* One stream in as little memory as is allowed: what is live is as it was told, and the newest
 * windows are always live. */
static void tell_stories(size_t more_bytes, int32_t n_step)
{
    replay_config_t config = config_for(1, 1000, n_step, true, 0.5);
    config.obs_bytes = STACK_BYTES;
    config.stack = STACK;
    config.memory_bytes = replay_min_memory_bytes(&config) + more_bytes;
    void *block;
    replay_t replay = make_replay(&config, &block);
    rng_t rng;
    rng_seed(&rng, 11, 0);
    uint8_t obs[STACK_BYTES] = { 0 }, read[2][STACK_BYTES];
    int32_t since_end = 0, most_live = 0;
    for (int32_t i = 0; i < NUM_STORIES; i++) {
        memcpy(told[i], obs, STACK_BYTES);
        replay_open(&replay, 0, obs, i);
        go_on(obs, 1 + (int32_t)rng_below(&rng, STACK), rng_below(&rng, 3) == 0, &rng);
        memcpy(tail[i], obs, STACK_BYTES);
        const bool terminal = rng_below(&rng, 30) == 0;
        replay_settle(&replay, 0, 1, 1, terminal, false, obs);
        since_end = terminal ? 0 : since_end + 1;
        if (terminal) memset(obs, i & 255, STACK_BYTES); /* the same picture four times */
        assert_true(replay_used_bytes(&replay) <= config.memory_bytes);
        if (replay.num_live > most_live) most_live = replay.num_live;
        bool newest_there = i + 1 < n_step;
        for (int32_t k = 0; k < replay.num_live; k++) {
            replay_sample_t sample;
            replay_transition(&replay, replay.live[k], &sample, read[0], read[1]);
            assert_memory_equal(sample.obs, told[sample.action], STACK_BYTES);
            newest_there |= sample.action == i - (terminal ? 0 : n_step - 1);
            if (sample.discount <= 0) continue;
            const int32_t last = sample.action + n_step - 1;
            assert_memory_equal(sample.next_obs, tail[last], STACK_BYTES);
        }
        assert_true(newest_there || (!terminal && since_end < n_step));
    }
    assert_true(most_live < 1000 / 2); /* the memory was full, not the ring */
    free(block);
}

static void test_what_does_not_fit_is_forgotten_whole(void **state)
{
    (void)state;
    tell_stories(0, 1);
    tell_stories(0, 3);
    tell_stories(20000, 5);
}

/* What is drawn without a picture is what is drawn with all; and its pictures by their numbers, on
 * several threads, are those of its observations. */
static void test_what_was_drawn_is_unpacked_later(void **state)
{
    (void)state;
    enum { BATCH = 24, MOST = 2 * BATCH * STACK };
    static uint8_t all[2 * BATCH][STACK_BYTES], later[2 * BATCH][STACK_BYTES];
    static uint8_t each[2 * BATCH][STACK_BYTES];
    replay_sample_t samples[BATCH], drawn[BATCH];
    replay_picture_t pictures[MOST];
    replay_config_t config = config_for(2, 200, 3, true, 0.5);
    config.obs_bytes = STACK_BYTES;
    config.stack = STACK;
    config.memory_bytes = 1 << 20;
    void *block;
    thread_pool_t pool = { 0 };
    replay_t replay = make_replay(&config, &block);
    rng_t rng, again;
    rng_seed(&rng, 11, 0);
    uint8_t obs[STACK_BYTES] = { 0 };
    for (int32_t i = 0; i < 300; i++) {
        replay_open(&replay, i % 2, obs, 0);
        go_on(obs, 1 + i % STACK, i % 5 == 0, &rng);
        replay_settle(&replay, i % 2, (float)i, 1, i % 9 == 0, false, obs);
    }
    again = rng;
    replay_sample(&replay, &rng, BATCH, samples, all[0], NULL);
    replay_draw(&replay, &again, BATCH, drawn);
    for (int32_t i = 0; i < BATCH; i++) {
        assert_null(drawn[i].obs);
        assert_null(drawn[i].next_obs);
        assert_int_equal(drawn[i].slot, samples[i].slot);
        assert_true(drawn[i].n_step_return == samples[i].n_step_return);
        assert_true(drawn[i].probability == samples[i].probability);
        assert_true((drawn[i].next_slot == drawn[i].slot) == (drawn[i].discount <= 0));
        for (int32_t k = 0; k < 2 * STACK; k++) {
            const int32_t slot = k < STACK ? drawn[i].slot : drawn[i].next_slot;
            pictures[2 * STACK * i + k] = (replay_picture_t){
                .stream = slot / replay.slots_per_stream,
                .number = replay_pictures(&replay, slot)[k % STACK],
                .to = each[k < STACK ? i : BATCH + i] + (size_t)(k % STACK) * SIDE,
            };
        }
    }
    thread_pool_start(&pool, 3);
    replay_unpack(&replay, BATCH, drawn, later[0], &pool);
    replay_unpack_pictures(&replay, pictures, MOST, &pool);
    thread_pool_stop(&pool);
    for (int32_t i = 0; i < BATCH; i++) {
        assert_memory_equal(drawn[i].obs, samples[i].obs, STACK_BYTES);
        assert_memory_equal(drawn[i].next_obs, samples[i].next_obs, STACK_BYTES);
        assert_memory_equal(each[i], samples[i].obs, STACK_BYTES);
        assert_memory_equal(each[BATCH + i], samples[i].next_obs, STACK_BYTES);
    }
    free(block);
}

static void test_shared_pictures_are_kept_once(void **state)
{
    (void)state;
    replay_config_t config = config_for(1, 1000, 1, false, 0);
    config.obs_bytes = STACK_BYTES;
    config.stack = STACK;
    void *block;
    replay_t replay = make_replay(&config, &block);
    rng_t rng;
    rng_seed(&rng, 12, 0);
    uint8_t obs[STACK_BYTES] = { 0 };
    for (int32_t i = 0; i < 500; i++) {
        replay_open(&replay, 0, obs, i);
        go_on(obs, 1, false, &rng);
        replay_settle(&replay, 0, 0, 1, false, false, obs);
    }
    assert_int_equal(replay.streams[0].pictures.next, 501); /* the first stack is one, still */
    assert_int_equal(replay.num_live, 500);
    free(block);
}

/* Whether slots or bytes of pictures run out first: what the kept stream took stays. */
static void test_the_kept_stream_forgets_nothing(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 2; i++) {
        replay_config_t config = config_for(2, i ? 2000 : 60, 3, true, 0.5);
        if (i) config.memory_bytes = replay_min_memory_bytes(&config) + 4000;
        void *block;
        replay_t replay = make_replay(&config, &block);
        replay.kept_stream = 1;
        int32_t taken[2] = { 0 };
        uint64_t number = 1;
        for (int32_t n = 0; n < 4000; n++) {
            const int32_t stream = n & 1;
            if (!replay_has_room(&replay, stream)) continue;
            const uint64_t obs = number * 2654435761u, next = ++number * 2654435761u;
            uint8_t bytes[2][OBS_BYTES];
            memcpy(bytes[0], &obs, OBS_BYTES);
            memcpy(bytes[1], &next, OBS_BYTES);
            replay_open(&replay, stream, bytes[0], taken[stream] % 100);
            replay_settle(&replay, stream, 1, 1, n % 7 == 0, n % 11 == 0, bytes[1]);
            taken[stream]++;
        }
        replay_drop(&replay, 1);
        assert_int_equal(taken[0], 2000);
        assert_in_range(taken[1], 10, 1000);
        int32_t found[100] = { 0 }, kept = 0;
        for (int32_t n = 0; n < replay.num_live; n++) {
            replay_sample_t sample;
            uint8_t obs[2][OBS_BYTES];
            replay_transition(&replay, replay.live[n], &sample, obs[0], obs[1]);
            assert_true(sample.is_kept == (replay.live[n] >= replay.slots_per_stream));
            if (!sample.is_kept) continue;
            found[sample.action]++;
            kept++;
        }
        assert_int_equal(kept, taken[1]);
        for (int32_t a = 0; a < 100; a++)
            assert_int_equal(found[a], taken[1] / 100 + (a < taken[1] % 100));
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_the_slow_version),
        cmocka_unit_test(test_agrees_in_the_smallest_ring_allowed),
        cmocka_unit_test(test_macros_of_mixed_length_by_hand),
        cmocka_unit_test(test_a_return_ends_by_its_steps),
        cmocka_unit_test(test_a_discarded_window_is_never_drawn),
        cmocka_unit_test(test_consecutive_decisions_share_their_observation),
        cmocka_unit_test(test_what_does_not_fit_is_forgotten_whole),
        cmocka_unit_test(test_the_kept_stream_forgets_nothing),
        cmocka_unit_test(test_what_was_drawn_is_unpacked_later),
        cmocka_unit_test(test_shared_pictures_are_kept_once),
        cmocka_unit_test(test_drawn_as_often_as_the_priorities_say),
        cmocka_unit_test(test_after_forgetting_the_new_observations_are_drawn),
        cmocka_unit_test(test_new_decisions_get_the_highest_priority_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
