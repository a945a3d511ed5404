/* thread_pool.h - the same work on several threads at once, in fixed shares.
 *
 *     thread_pool_start(&pool, 4);
 *     thread_pool_run(&pool, work, context);   work(context, 0, 4) here, (.., 1, 4) .. elsewhere;
 *     thread_pool_stop(&pool);                 returns when all are done
 *
 * The shares depend on the number of threads alone, so a sum over shares is the same every
 * time. Between two thread_pool_run() the threads spin a few microseconds, then sleep. A pool of
 * one thread starts none. OpenBLAS must be set to one thread: the shares call it side by side.
 */
#ifndef AGENT_THREAD_POOL_H
#define AGENT_THREAD_POOL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define THREAD_POOL_MAX 8

typedef void (*thread_pool_work_t)(void *context, int32_t share, int32_t num_shares);

typedef struct {
    int32_t num_threads; /* 0: not started, runs like 1 */
    pthread_t threads[THREAD_POOL_MAX - 1];
    int32_t num_started;
    pthread_mutex_t lock;
    pthread_cond_t changed;       /* order or finished moved */
    atomic_uint_fast64_t order;   /* counts thread_pool_run() calls */
    atomic_int_fast32_t finished; /* threads that are done with the current order */
    thread_pool_work_t work;      /* NULL: the threads end */
    void *context;
    atomic_int_fast32_t next_share; /* handed out as threads start */
} thread_pool_t;

/* From all zeros. If the system gives fewer threads, the pool has as many as it gave. */
void thread_pool_start(thread_pool_t *pool, int32_t num_threads);
/* pool may be NULL: a pool of one. */
void thread_pool_run(thread_pool_t *pool, thread_pool_work_t work, void *context);
int32_t thread_pool_size(const thread_pool_t *pool); /* >= 1 */
/* Harmless on a pool that was not started. */
void thread_pool_stop(thread_pool_t *pool);

/* [*first, *first + return value): share k of n of count things, in multiples of `grain`. */
int32_t thread_pool_share(int32_t count, int32_t grain, int32_t share, int32_t num_shares,
                          int32_t *first);

#endif
