/* pool.c - a list of blocks. */
#include "pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
    pool_block_t *next;
    max_align_t payload[];
};

void *pool_alloc(pool_t *pool, size_t count, size_t element_bytes)
{
    pool_block_t *block = NULL;
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

void *pool_copy(pool_t *pool, const void *from, size_t num_bytes)
{
    void *const to = pool_alloc(pool, num_bytes, 1);
    if (to && num_bytes > 0) memcpy(to, from, num_bytes);
    return to;
}

char *pool_string(pool_t *pool, const char *text)
{
    return text ? pool_copy(pool, text, strlen(text) + 1) : NULL;
}

void pool_empty(pool_t *pool)
{
    while (pool->blocks) {
        pool_block_t *const next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
    *pool = (pool_t){ 0 };
}
