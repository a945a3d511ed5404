/* pool.h - memory that lives and dies together: deep copies of what a core pointed at.
 *
 * All zero is an empty pool. One failed allocation is remembered, so that a long copy can be
 * checked once, at its end.
 */
#ifndef KATA_POOL_H
#define KATA_POOL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct pool_block pool_block_t;

typedef struct {
    pool_block_t *blocks;
    bool failed; /* an allocation did not succeed since the pool was emptied */
} pool_t;

/* Zeroed, aligned for any type; NULL if there is no memory. */
void *pool_alloc(pool_t *pool, size_t count, size_t element_bytes);
/* NULL stays NULL (and is no failure). */
char *pool_string(pool_t *pool, const char *text);
void *pool_copy(pool_t *pool, const void *from, size_t num_bytes);
/* Free everything; the pool is as new. */
void pool_empty(pool_t *pool);

#endif
