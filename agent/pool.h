/* pool.h - the same work on several threads at once, in fixed shares.
 *
 *     pool_start(&pool, 4);
 *     pool_run(&pool, work, context);   work(context, 0, 4) here, (.., 1, 4) .. elsewhere;
 *     pool_stop(&pool);                 returns when all are done
 *
 * The shares depend on the number of threads alone, so a sum over shares is the same every
 * time. Between two pool_run() the threads spin a few microseconds, then sleep. A pool of one
 * thread starts none. OpenBLAS must be set to one thread: the shares call it side by side.
 */
#ifndef KATA_POOL_H
#define KATA_POOL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define POOL_MAX_THREADS 8

typedef void (*pool_work_t)(void *context, int32_t share, int32_t num_shares);

typedef struct {
    int32_t num_threads; /* 0: not started, runs like 1 */
    pthread_t threads[POOL_MAX_THREADS - 1];
    int32_t num_started;
    pthread_mutex_t lock;
    pthread_cond_t changed;       /* order or finished moved */
    atomic_uint_fast64_t order;   /* counts pool_run() calls */
    atomic_int_fast32_t finished; /* threads that are done with the current order */
    pool_work_t work;             /* NULL: go home */
    void *context;
    atomic_int_fast32_t next_share; /* handed out as threads start */
} pool_t;

/* From all zeros. If the system gives fewer threads, the pool has as many as it gave. */
void pool_start(pool_t *pool, int32_t num_threads);
/* pool may be NULL: a pool of one. */
void pool_run(pool_t *pool, pool_work_t work, void *context);
int32_t pool_threads(const pool_t *pool); /* >= 1 */
/* Harmless on a pool that was not started. */
void pool_stop(pool_t *pool);

/* [*first, *first + return value): share k of n of count things, in multiples of `grain`. */
int32_t pool_share(int32_t count, int32_t grain, int32_t share, int32_t num_shares, int32_t *first);

#endif
