/* test_replay_file.c - a replay memory that was kept draws what the one before would have drawn;
 * a file that is not what was saved is refused, and one that was made to harm does none. */
#include "replay_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "agent.h"
#include "digest.h"
#include "files.h"
#include "toy_world.h"
#include "why.h"

enum { OBS_BYTES = 24, STACK = 3, ACTIONS = 5, STREAMS = 2 };

static char folder[256], path[512];
static void *blocks[2];

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/replay-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/replay.kata", folder);
    return 0;
}

static replay_t make_replay(int32_t which, int32_t capacity, int32_t streams, bool prioritized)
{
    replay_config_t config = { .obs_bytes = OBS_BYTES,
                               .stack = STACK,
                               .num_streams = streams,
                               .capacity = capacity,
                               .n_step = 3,
                               .discount_per_step = 0.9,
                               .prioritized = prioritized,
                               .priority_exponent = 0.5 };
    config.memory_bytes = 2 * replay_min_memory_bytes(&config);
    replay_t replay;
    arena_t arena = { 0 };
    replay_take(&replay, &arena, &config);
    free(blocks[which]);
    blocks[which] = aligned_alloc(ARENA_ALIGNMENT_BYTES, arena.used_bytes);
    memset(blocks[which], 0, arena.used_bytes);
    arena = (arena_t){ .base = blocks[which] };
    replay_take(&replay, &arena, &config);
    return replay;
}

static int free_blocks(void **state)
{
    (void)state;
    free(blocks[0]);
    free(blocks[1]);
    return 0;
}

/* One decision of a stream: pictures that shift by one, episodes that end in both ways. */
static void decide(replay_t *replay, rng_t *rng, int32_t stream, uint8_t *obs)
{
    const uint32_t dice = rng_below(rng, 20);
    if (!replay_is_open(replay, stream))
        replay_open(replay, stream, obs, (int32_t)rng_below(rng, ACTIONS));
    memmove(obs, obs + OBS_BYTES / STACK, OBS_BYTES - OBS_BYTES / STACK);
    for (int32_t i = OBS_BYTES - OBS_BYTES / STACK; i < OBS_BYTES; i++)
        obs[i] = (uint8_t)rng_below(rng, 256);
    replay_settle(replay, stream, (float)rng_uniform(rng), 1 + (int32_t)rng_below(rng, 4),
                  dice == 0, dice == 1, obs);
}

static void play(replay_t *replay, rng_t *rng, int32_t decisions)
{
    uint8_t obs[STREAMS][OBS_BYTES] = { { 0 } };
    for (int32_t d = 0; d < decisions; d++) {
        decide(replay, rng, (int32_t)rng_below(rng, (uint32_t)replay->num_streams),
               obs[d % replay->num_streams]);
        if (replay->num_live > 0 && d % 3 == 0)
            replay_set_priority(replay, replay->live[rng_below(rng, (uint32_t)replay->num_live)],
                                0.01 + rng_uniform(rng));
    }
}

static void drop_all(replay_t *replay)
{
    for (int32_t s = 0; s < replay->num_streams; s++) replay_drop(replay, s);
}

static thread_pool_t pool; /* three threads draw what one draws */

static void expect_the_same_draws(replay_t *a, replay_t *b, uint64_t seed)
{
    enum { DRAWS = 64 };
    static uint8_t obs_a[2 * DRAWS][OBS_BYTES], obs_b[2 * DRAWS][OBS_BYTES];
    replay_sample_t drawn_a[DRAWS], drawn_b[DRAWS];
    rng_t rng_a, rng_b;
    rng_seed(&rng_a, seed, 9);
    rng_seed(&rng_b, seed, 9);
    assert_int_equal(a->num_live, b->num_live);
    if (a->num_live == 0) return;
    replay_sample(a, &rng_a, DRAWS, drawn_a, obs_a[0], NULL);
    replay_sample(b, &rng_b, DRAWS, drawn_b, obs_b[0], &pool);
    for (int32_t i = 0; i < DRAWS; i++) {
        assert_int_equal(drawn_a[i].slot, drawn_b[i].slot);
        assert_int_equal(drawn_a[i].action, drawn_b[i].action);
        assert_true(drawn_a[i].n_step_return == drawn_b[i].n_step_return);
        assert_true(drawn_a[i].discount == drawn_b[i].discount);
        assert_true(drawn_a[i].probability == drawn_b[i].probability);
        assert_memory_equal(drawn_a[i].obs, drawn_b[i].obs, OBS_BYTES);
        assert_memory_equal(drawn_a[i].next_obs, drawn_b[i].next_obs, OBS_BYTES);
    }
}

/* After any number of decisions: rings that are empty, begun, full and turned over. */
static void test_what_was_kept_draws_and_goes_on_the_same(void **state)
{
    (void)state;
    why_t why = "";
    for (int32_t round = 0; round < 120; round++) {
        rng_t rng;
        rng_seed(&rng, (uint64_t)round, 9);
        replay_t kept = make_replay(0, 60, STREAMS, round % 2);
        replay_t back = make_replay(1, 60, STREAMS, round % 2);
        play(&kept, &rng, round * 2);
        if (replay_file_write(&kept, path, why) != AGENT_OK) fail_msg("%s", why);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_true((uint64_t)status.st_size == replay_file_bytes(&kept));
        assert_true(replay_file_bytes(&kept) <= replay_file_most_bytes(&kept));
        if (replay_file_read(&back, path, ACTIONS, why) != AGENT_OK) fail_msg("%s", why);
        drop_all(&kept);
        assert_true(back.max_priority == kept.max_priority);
        expect_the_same_draws(&kept, &back, 7);
        rng_t again = rng;
        play(&kept, &rng, 50);
        play(&back, &again, 50);
        expect_the_same_draws(&kept, &back, 8);
    }
}

static void expect_empty(const replay_t *replay)
{
    assert_int_equal(replay->num_live, 0);
    for (int32_t i = 0; i < replay->num_streams * replay->slots_per_stream; i++) {
        assert_int_equal(replay->live_rank[i], 0);
        assert_int_equal(replay->slots[i].state, REPLAY_EMPTY);
    }
    for (int32_t s = 0; s < replay->num_streams; s++) assert_int_equal(replay->streams[s].head, -1);
    if (replay->prioritized) assert_true(sumtree_total(&replay->tree) == 0);
}

static uint8_t *write_and_read(size_t *num_bytes, bool prioritized)
{
    rng_t rng;
    uint8_t *bytes;
    rng_seed(&rng, 5, 9);
    replay_t replay = make_replay(0, 40, STREAMS, prioritized);
    play(&replay, &rng, 100);
    assert_int_equal(replay_file_write(&replay, path, NULL), AGENT_OK);
    assert_true(files_read(path, 1 << 24, &bytes, num_bytes, NULL));
    return bytes;
}

static agent_status_t read_bytes(replay_t *replay, const uint8_t *bytes, size_t num_bytes,
                                 char *why)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, num_bytes, file), num_bytes);
    fclose(file);
    return replay_file_read(replay, path, ACTIONS, why);
}

static void test_every_flipped_bit_and_cut_is_refused(void **state)
{
    (void)state;
    size_t num_bytes;
    why_t why = "";
    uint8_t *bytes = write_and_read(&num_bytes, true);
    replay_t back = make_replay(1, 40, STREAMS, true);
    for (size_t at = 0; at < num_bytes; at++) {
        bytes[at] ^= (uint8_t)(1u << at % 8);
        why[0] = '\0';
        assert_int_not_equal(read_bytes(&back, bytes, num_bytes, why), AGENT_OK);
        assert_true(why[0] != '\0');
        bytes[at] ^= (uint8_t)(1u << at % 8);
        if (at % 100 == 0) expect_empty(&back);
    }
    for (size_t cut = 0; cut < num_bytes; cut += 7)
        assert_int_equal(read_bytes(&back, bytes, cut, why), AGENT_BAD_FILE);
    bytes = realloc(bytes, num_bytes + 1);
    bytes[num_bytes] = 0;
    assert_int_equal(read_bytes(&back, bytes, num_bytes + 1, why), AGENT_BAD_FILE);
    expect_empty(&back);
    if (read_bytes(&back, bytes, num_bytes, why) != AGENT_OK) fail_msg("%s", why);
    free(bytes);
}

/* With a sum that is right for what was changed. */
static void test_a_file_that_was_made_to_harm_does_none(void **state)
{
    (void)state;
    int32_t taken = 0, refused = 0;
    for (int32_t kind = 0; kind < 2; kind++) {
        size_t num_bytes;
        uint8_t *bytes = write_and_read(&num_bytes, kind), *copy = malloc(num_bytes);
        replay_t back = make_replay(1, 40, STREAMS, kind);
        rng_t rng;
        rng_seed(&rng, 3, 9);
        for (int32_t i = 0; i < 2500; i++) {
            memcpy(copy, bytes, num_bytes);
            const int32_t changes = 1 + (int32_t)rng_below(&rng, 3);
            for (int32_t c = 0; c < changes; c++) {
                const uint32_t at = rng_below(&rng, (uint32_t)num_bytes - 4);
                copy[at] = rng_below(&rng, 2) ? (uint8_t)rng_below(&rng, 256)
                                              : (uint8_t)(copy[at] + (rng_below(&rng, 3) - 1));
            }
            const uint32_t sum = digest_crc32(copy, num_bytes - 4);
            memcpy(copy + num_bytes - 4, &sum, 4);
            if (read_bytes(&back, copy, num_bytes, NULL) != AGENT_OK) {
                refused++;
                continue;
            }
            taken++;
            expect_the_same_draws(&back, &back, (uint64_t)i);
            play(&back, &rng, 60);
            expect_the_same_draws(&back, &back, (uint64_t)i);
            replay_forget(&back);
        }
        free(bytes);
        free(copy);
    }
    assert_true(taken > 200 && refused > 200);
}

static void test_another_shape_is_refused_and_named(void **state)
{
    (void)state;
    size_t num_bytes;
    why_t why = "";
    free(write_and_read(&num_bytes, true));
    replay_t other = make_replay(1, 40, 1, true);
    assert_int_equal(replay_file_read(&other, path, ACTIONS, why), AGENT_BAD_CONFIG);
    assert_non_null(strstr(why, "of 2 streams of 20 decisions each, found 1 of 40"));
    other = make_replay(1, 40, STREAMS, false);
    assert_int_equal(replay_file_read(&other, path, ACTIONS, why), AGENT_BAD_CONFIG);
    assert_non_null(strstr(why, "another agent"));
    other = make_replay(1, 40, STREAMS, true);
    assert_int_equal(replay_file_read(&other, path, 1, why), AGENT_BAD_FILE); /* its actions */
    assert_int_equal(replay_file_read(&other, "/nowhere/x", 1, why), AGENT_BAD_FILE);
    assert_non_null(strstr(why, "/nowhere/x"));
    expect_empty(&other);
    assert_int_equal(replay_file_write(&other, "/nowhere/x", why), AGENT_BAD_FILE);
}

static void save_weights(agent_t *agent, uint8_t **bytes, size_t *num_bytes)
{
    char file[600];
    snprintf(file, sizeof file, "%s/agent", folder);
    assert_int_equal(agent_save(agent, file, NULL, NULL), AGENT_OK);
    assert_true(files_read(file, 1 << 28, bytes, num_bytes, NULL));
}

/* Going on is going on: the same updates, to the byte. */
static void test_an_agent_with_its_replay_learns_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    char file[600];
    snprintf(file, sizeof file, "%s/going.safetensors", folder);
    agent_config_t config;
    toy_config(&config);
    config.prioritized = config.dueling = config.double_q = true;
    agent_t *agent, *loaded;
    why_t why = "";
    assert_int_equal(agent_create(&agent, &config, why), AGENT_OK);
    toy_world_t world = { .random = 1 };
    toy_reset(&world);
    toy_train(agent, &world, 300, 1);
    agent_drop(agent, 0);
    assert_int_equal(agent_save(agent, file, NULL, why), AGENT_OK);
    assert_int_equal(agent_save_replay(agent, path, why), AGENT_OK);
    assert_int_equal(agent_load(&loaded, file, 1, false, NULL, 0, why), AGENT_OK);
    if (agent_load_replay(loaded, path, why) != AGENT_OK) fail_msg("%s", why);

    uint8_t *a, *b;
    size_t a_bytes, b_bytes;
    toy_world_t again = world;
    toy_train(agent, &world, 100, 1);
    toy_train(loaded, &again, 100, 1);
    save_weights(agent, &a, &a_bytes);
    save_weights(loaded, &b, &b_bytes);
    assert_int_equal(a_bytes, b_bytes);
    assert_memory_equal(a, b, a_bytes);
    free(a);
    free(b);
    agent_destroy(agent);
    agent_destroy(loaded);
}

int main(void)
{
    thread_pool_start(&pool, 3);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_kept_draws_and_goes_on_the_same),
        cmocka_unit_test(test_every_flipped_bit_and_cut_is_refused),
        cmocka_unit_test(test_a_file_that_was_made_to_harm_does_none),
        cmocka_unit_test(test_another_shape_is_refused_and_named),
        cmocka_unit_test(test_an_agent_with_its_replay_learns_on_as_if_nothing_had_been),
    };
    const int failed = cmocka_run_group_tests(tests, make_folder, free_blocks);
    thread_pool_stop(&pool);
    return failed;
}
