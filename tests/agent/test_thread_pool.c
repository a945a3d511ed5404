/* test_pool.c - every share is worked on once, by as many threads as were asked for. */
#include "thread_pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    atomic_int runs[THREAD_POOL_MAX];
    int32_t num_shares;
} tally_t;

static void count(void *context, int32_t share, int32_t num_shares)
{
    tally_t *tally = context;
    atomic_fetch_add(&tally->runs[share], 1);
    if (share == 0) tally->num_shares = num_shares;
}

static void test_each_share_runs_once_an_order(void **state)
{
    (void)state;
    for (int32_t threads = 0; threads <= THREAD_POOL_MAX + 1; threads++) {
        thread_pool_t pool = { 0 };
        if (threads > 0) thread_pool_start(&pool, threads);
        const int32_t expected = threads < 1                 ? 1
                                 : threads > THREAD_POOL_MAX ? THREAD_POOL_MAX
                                                             : threads;
        assert_int_equal(thread_pool_size(&pool), expected);
        tally_t tally = { 0 };
        for (int i = 0; i < 300; i++) thread_pool_run(&pool, count, &tally);
        thread_pool_stop(&pool);
        assert_int_equal(tally.num_shares, expected);
        for (int32_t t = 0; t < THREAD_POOL_MAX; t++)
            assert_int_equal(tally.runs[t], t < expected ? 300 : 0);
        assert_int_equal(thread_pool_size(&pool), 1);
    }
    tally_t tally = { 0 };
    thread_pool_run(NULL, count, &tally);
    assert_int_equal(tally.runs[0], 1);
}

/* What one order wrote, the next one reads: thread_pool_run() returns only when all are done. */
typedef struct {
    int64_t values[1000];
} chain_t;

static void add_up(void *context, int32_t share, int32_t num_shares)
{
    chain_t *chain = context;
    int32_t first;
    const int32_t num = thread_pool_share(1000, 1, share, num_shares, &first);
    for (int32_t i = first; i < first + num; i++) chain->values[i]++;
}

static void turn_round(void *context, int32_t share, int32_t num_shares)
{
    chain_t *chain = context;
    int32_t first;
    const int32_t num = thread_pool_share(500, 1, share, num_shares, &first);
    for (int32_t i = first; i < first + num; i++) {
        const int64_t held = chain->values[i];
        chain->values[i] = chain->values[999 - i];
        chain->values[999 - i] = held;
    }
}

static void test_orders_come_one_after_another(void **state)
{
    (void)state;
    thread_pool_t pool = { 0 };
    thread_pool_start(&pool, 3);
    static chain_t chain;
    for (int i = 0; i < 1000; i++) chain.values[i] = i;
    for (int round = 0; round < 501; round++) {
        thread_pool_run(&pool, add_up, &chain);
        thread_pool_run(&pool, turn_round, &chain);
    }
    thread_pool_stop(&pool);
    for (int i = 0; i < 1000; i++) assert_int_equal(chain.values[i], 999 - i + 501);
}

static void test_shares_cover_everything_once(void **state)
{
    (void)state;
    for (int32_t n = 1; n <= 5; n++)
        for (int32_t things = 0; things < 70; things++)
            for (int32_t grain = 1; grain <= 16; grain += 5) {
                int32_t at = 0;
                for (int32_t k = 0; k < n; k++) {
                    int32_t first;
                    const int32_t num = thread_pool_share(things, grain, k, n, &first);
                    assert_true(num >= 0 && first == at);
                    assert_true(first % grain == 0 || num == 0);
                    at += num;
                }
                assert_int_equal(at, things);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_share_runs_once_an_order),
        cmocka_unit_test(test_orders_come_one_after_another),
        cmocka_unit_test(test_shares_cover_everything_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
