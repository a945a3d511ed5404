/* bridge_pool.h - memory that lives and dies together: deep copies of what a core pointed at.
 *
 * All zero is an empty pool. One failed allocation is remembered, so that a long copy can be
 * checked once, at its end.
 */
#ifndef CORE_BRIDGE_POOL_H
#define CORE_BRIDGE_POOL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct bridge_pool_block bridge_pool_block_t;

typedef struct {
    bridge_pool_block_t *blocks;
    bool failed; /* an allocation did not succeed since the pool was emptied */
} bridge_pool_t;

/* Zeroed, aligned for any type; NULL if there is no memory. */
void *bridge_pool_alloc(bridge_pool_t *pool, size_t count, size_t element_bytes);
/* NULL stays NULL (and is no failure). */
char *bridge_pool_string(bridge_pool_t *pool, const char *text);
void *bridge_pool_copy(bridge_pool_t *pool, const void *from, size_t num_bytes);
/* Free everything; the pool is as new. */
void bridge_pool_empty(bridge_pool_t *pool);

#endif
