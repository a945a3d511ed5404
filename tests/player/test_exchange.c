/* The exchange between actors and learner: nothing lost, nothing torn, nobody stuck. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exchange.h"

enum { NUM_WORDS = 1 << 16, RING = 4 };

typedef struct {
    int32_t actor;
    uint64_t number, echo;
} record_t;

static exchange_t *make(int32_t num_actors, size_t weight_bytes)
{
    const exchange_config_t config = { .num_actors = num_actors,
                                       .ring_records = RING,
                                       .record_bytes = sizeof(record_t),
                                       .weight_bytes = weight_bytes };
    exchange_t *exchange;
    why_t why;
    assert_true(exchange_create(&exchange, &config, why));
    return exchange;
}

/* False: an actor still copies from there. */
static bool publish(exchange_t *exchange, const void *weights, size_t num_bytes)
{
    void *draft = exchange_draft(exchange);
    if (!draft) return false;
    memcpy(draft, weights, num_bytes);
    exchange_publish(exchange);
    return true;
}

static void push(exchange_t *exchange, int32_t a, uint64_t number)
{
    record_t *slot = exchange_slot(exchange, a);
    assert_non_null(slot);
    *slot = (record_t){ .actor = a, .number = number, .echo = ~number };
    exchange_push(exchange, a, true);
}

/* In a process of its own: claim and push until stopped. */
static void act(exchange_t *exchange, int32_t a)
{
    for (uint64_t number = 0; exchange_claim(exchange, a, NULL); number++) {
        record_t *slot = exchange_slot(exchange, a);
        if (!slot) break;
        *slot = (record_t){ .actor = a, .number = number, .echo = ~number };
        exchange_push(exchange, a, true);
        exchange_beat(exchange, a);
    }
    _exit(0);
}

static void test_three_processes_lose_nothing_and_keep_the_order(void **state)
{
    (void)state;
    enum { ACTORS = 3, DECISIONS = 60000 };
    exchange_t *exchange = make(ACTORS, 0);
    pid_t pids[ACTORS];
    for (int32_t a = 0; a < ACTORS; a++)
        if ((pids[a] = fork()) == 0) act(exchange, a);

    uint64_t taken = 0, next[ACTORS] = { 0 };
    while (taken < DECISIONS) {
        exchange_allow(exchange, taken + 10 < DECISIONS ? taken + 10 : DECISIONS);
        assert_true(exchange_wait(exchange, 10000));
        for (int32_t a = 0; a < ACTORS; a++)
            for (const record_t *record; (record = exchange_peek(exchange, a));) {
                assert_int_equal(record->actor, a);
                assert_int_equal(record->number, next[a]++);
                assert_int_equal(record->echo, ~record->number);
                exchange_pop(exchange, a);
                taken++;
            }
        assert_true(exchange_claimed(exchange) <= taken + 10);
    }
    assert_int_equal(exchange_claimed(exchange), DECISIONS);
    assert_false(exchange_wait(exchange, 20)); /* no more than were allowed */
    exchange_stop(exchange);
    for (int32_t a = 0; a < ACTORS; a++) {
        int status;
        assert_int_equal(waitpid(pids[a], &status, 0), pids[a]);
        assert_int_equal(status, 0);
        assert_int_equal(exchange_beats(exchange, a), next[a]);
    }
    exchange_destroy(exchange);
}

typedef struct {
    exchange_t *exchange;
    int32_t a;
    _Atomic int32_t ends;
    uint64_t taken, torn;
} reader_t;

static void *read_weights(void *argument)
{
    reader_t *reader = argument;
    static _Thread_local uint64_t weights[NUM_WORDS];
    uint64_t version = 0;
    while (!atomic_load(&reader->ends)) {
        const uint64_t before = version;
        if (!exchange_take_weights(reader->exchange, reader->a, weights, &version)) continue;
        reader->taken++;
        reader->torn += version <= before;
        for (int32_t i = 0; i < NUM_WORDS; i++) reader->torn += weights[i] != version;
    }
    return NULL;
}

static void test_weights_are_never_torn(void **state)
{
    (void)state;
    enum { READERS = 2, PUBLICATIONS = 6000 };
    exchange_t *exchange = make(READERS, NUM_WORDS * sizeof(uint64_t));
    static uint64_t weights[NUM_WORDS];
    uint64_t version = 0;
    assert_false(exchange_take_weights(exchange, 0, weights, &version)); /* none yet */

    reader_t readers[READERS] = { 0 };
    pthread_t threads[READERS];
    for (int32_t a = 0; a < READERS; a++) {
        readers[a].exchange = exchange;
        readers[a].a = a;
        assert_int_equal(pthread_create(&threads[a], NULL, read_weights, &readers[a]), 0);
    }
    uint64_t published = 0;
    for (int32_t p = 0; p < PUBLICATIONS; p++) {
        for (int32_t i = 0; i < NUM_WORDS; i++) weights[i] = published + 1;
        published += publish(exchange, weights, sizeof weights);
    }
    for (int32_t a = 0; a < READERS; a++) {
        atomic_store(&readers[a].ends, 1);
        pthread_join(threads[a], NULL);
        assert_int_equal(readers[a].torn, 0);
        assert_true(readers[a].taken > 0);
    }
    assert_int_equal(exchange_version(exchange), published);
    assert_true(exchange_take_weights(exchange, 0, weights, &version));
    assert_int_equal(version, published);
    assert_int_equal(weights[NUM_WORDS - 1], published);
    assert_false(exchange_take_weights(exchange, 0, weights, &version)); /* none newer */
    exchange_destroy(exchange);
}

static void test_a_full_ring_waits_and_a_stop_wakes(void **state)
{
    (void)state;
    exchange_t *exchange = make(1, 0);
    for (uint64_t n = 0; n < RING; n++) push(exchange, 0, n);
    const pid_t pid = fork();
    if (pid == 0) _exit(exchange_slot(exchange, 0) ? 1 : 0);
    while (!exchange_actor_waits(exchange, 0)) usleep(1000);
    exchange_stop(exchange);
    int status;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    assert_false(exchange_claim(exchange, 0, NULL));
    for (uint64_t n = 0; n < RING; n++) { /* what was pushed is still there */
        const record_t *record = exchange_peek(exchange, 0);
        assert_non_null(record);
        assert_int_equal(record->number, n);
        exchange_pop(exchange, 0);
    }
    assert_null(exchange_peek(exchange, 0));
    exchange_destroy(exchange);
}

static void test_a_killed_actor_leaves_the_block_usable(void **state)
{
    (void)state;
    enum { KILLS = 200 };
    exchange_t *exchange = make(2, sizeof(uint64_t));
    exchange_allow(exchange, UINT64_MAX);
    uint64_t taken = 0, word = 0, version = 0;
    for (int32_t kill_number = 0; kill_number < KILLS; kill_number++) {
        const pid_t pid = fork();
        if (pid == 0) {
            uint64_t copy, seen = 0;
            while (exchange_claim(exchange, 0, NULL)) {
                exchange_take_weights(exchange, 0, &copy, &seen);
                record_t *slot = exchange_slot(exchange, 0);
                *slot = (record_t){ .number = 7, .echo = ~(uint64_t)7 };
                exchange_push(exchange, 0, true);
            }
            _exit(0);
        }
        for (int32_t i = 0; i < 1 + kill_number; i++) {
            word++;
            publish(exchange, &word, sizeof word);
            for (const record_t *record; (record = exchange_peek(exchange, 0)); taken++) {
                assert_int_equal(record->number, 7);
                assert_int_equal(record->echo, ~(uint64_t)7);
                exchange_pop(exchange, 0);
            }
        }
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        for (; exchange_peek(exchange, 0); taken++) exchange_pop(exchange, 0);
        exchange_actor_died(exchange, 0);
        assert_false(exchange_actor_waits(exchange, 0));
        word++;
        assert_true(publish(exchange, &word, sizeof word)); /* no mark was left behind, twice: */
        word++;
        assert_true(publish(exchange, &word, sizeof word)); /* both buffers are free */
    }
    /* Claims without a record were given back, but for kills inside a claim. */
    const uint64_t claimed = exchange_claimed(exchange);
    assert_true(claimed + KILLS / 20 >= taken && claimed <= taken + KILLS / 20);
    uint64_t last = 0;
    assert_true(exchange_take_weights(exchange, 1, &last, &version));
    assert_int_equal(last, word);
    exchange_destroy(exchange);
}

static void test_what_cannot_be_mapped_is_refused(void **state)
{
    (void)state;
    exchange_t *exchange;
    why_t why;
    exchange_config_t config = { .num_actors = 0, .ring_records = 1, .record_bytes = 1 };
    assert_false(exchange_create(&exchange, &config, why));
    assert_string_equal(why, "actors must be 1..256, found 0");
    config = (exchange_config_t){ .num_actors = 256,
                                  .ring_records = INT32_MAX,
                                  .record_bytes = SIZE_MAX / 8 };
    assert_false(exchange_create(&exchange, &config, why));
    assert_non_null(strstr(why, "do not fit into memory"));
    assert_null(exchange);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_processes_lose_nothing_and_keep_the_order),
        cmocka_unit_test(test_weights_are_never_torn),
        cmocka_unit_test(test_a_full_ring_waits_and_a_stop_wakes),
        cmocka_unit_test(test_a_killed_actor_leaves_the_block_usable),
        cmocka_unit_test(test_what_cannot_be_mapped_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
