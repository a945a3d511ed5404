/* bridge_pool.c - a list of blocks. */
#include "bridge_pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct bridge_pool_block {
    bridge_pool_block_t *next;
    max_align_t payload[];
};

void *bridge_pool_alloc(bridge_pool_t *pool, size_t count, size_t element_bytes)
{
    bridge_pool_block_t *block = NULL;
    if (element_bytes == 0 || count <= (SIZE_MAX - sizeof *block) / element_bytes)
        block = calloc(1, sizeof *block + count * element_bytes);
    if (!block) {
        pool->failed = true;
        return NULL;
    }
    block->next = pool->blocks;
    pool->blocks = block;
    return block->payload;
}

void *bridge_pool_copy(bridge_pool_t *pool, const void *from, size_t num_bytes)
{
    void *const to = bridge_pool_alloc(pool, num_bytes, 1);
    if (to && num_bytes > 0) memcpy(to, from, num_bytes);
    return to;
}

char *bridge_pool_string(bridge_pool_t *pool, const char *text)
{
    return text ? bridge_pool_copy(pool, text, strlen(text) + 1) : NULL;
}

void bridge_pool_empty(bridge_pool_t *pool)
{
    while (pool->blocks) {
        bridge_pool_block_t *const next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
    *pool = (bridge_pool_t){ 0 };
}
