/* thread_pool.c - see thread_pool.h. */
#include "thread_pool.h"

#include <string.h>

enum { SPINS = 2000 }; /* about 20 microseconds: longer than between two steps of an update */

static void rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static void *worker(void *argument)
{
    thread_pool_t *pool = argument;
    const int32_t share = 1 + (int32_t)atomic_fetch_add(&pool->next_share, 1);
    uint_fast64_t seen = 0;
    for (;;) {
        for (int i = 0; i < SPINS && atomic_load(&pool->order) == seen; i++) rest();
        pthread_mutex_lock(&pool->lock);
        while (atomic_load(&pool->order) == seen) pthread_cond_wait(&pool->changed, &pool->lock);
        seen++;
        const thread_pool_work_t work = pool->work;
        void *context = pool->context;
        const int32_t num_threads = pool->num_threads;
        pthread_mutex_unlock(&pool->lock);
        if (!work) return NULL;
        work(context, share, num_threads);
        pthread_mutex_lock(&pool->lock);
        atomic_fetch_add(&pool->finished, 1);
        pthread_cond_broadcast(&pool->changed);
        pthread_mutex_unlock(&pool->lock);
    }
}

void thread_pool_start(thread_pool_t *pool, int32_t num_threads)
{
    memset(pool, 0, sizeof *pool);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->changed, NULL);
    if (num_threads > THREAD_POOL_MAX) num_threads = THREAD_POOL_MAX;
    pool->num_threads = 1;
    for (int32_t i = 1; i < num_threads; i++) {
        if (pthread_create(&pool->threads[pool->num_started], NULL, worker, pool) != 0) break;
        pool->num_started++;
    }
    pthread_mutex_lock(&pool->lock);
    pool->num_threads = 1 + pool->num_started;
    pthread_mutex_unlock(&pool->lock);
}

static void give_order(thread_pool_t *pool, thread_pool_work_t work, void *context)
{
    pthread_mutex_lock(&pool->lock);
    pool->work = work;
    pool->context = context;
    atomic_store(&pool->finished, 0);
    atomic_fetch_add(&pool->order, 1);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
}

int32_t thread_pool_size(const thread_pool_t *pool)
{
    return pool && pool->num_threads > 1 ? pool->num_threads : 1;
}

void thread_pool_run(thread_pool_t *pool, thread_pool_work_t work, void *context)
{
    if (thread_pool_size(pool) == 1) {
        work(context, 0, 1);
        return;
    }
    give_order(pool, work, context);
    work(context, 0, pool->num_threads);
    for (int i = 0; i < SPINS && atomic_load(&pool->finished) < pool->num_started; i++) rest();
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->finished) < pool->num_started)
        pthread_cond_wait(&pool->changed, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void thread_pool_stop(thread_pool_t *pool)
{
    if (pool->num_threads == 0) return;
    if (pool->num_started > 0) give_order(pool, NULL, NULL);
    for (int32_t i = 0; i < pool->num_started; i++) pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->changed);
    pthread_mutex_destroy(&pool->lock);
    memset(pool, 0, sizeof *pool);
}

int32_t thread_pool_share(int32_t count, int32_t grain, int32_t share, int32_t num_shares,
                          int32_t *first)
{
    const int64_t grains = (count + grain - 1) / grain;
    const int64_t from = grains * share / num_shares * grain;
    const int64_t to = grains * (share + 1) / num_shares * grain;
    *first = (int32_t)from;
    return (int32_t)((to < count ? to : count) - from);
}
