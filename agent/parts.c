/* parts.c - see parts.h. */
#include "parts.h"

#include <stdlib.h>

/* A replay memory of more is a mistake in a config, or a hostile file. */
static const uint64_t MAX_BLOCK_BYTES = (uint64_t)1 << 38;

agent_status_t parts_check(const agent_config_t *config, bool fits, size_t counted_bytes, char *why)
{
    if (!fits)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"obs_height_px\" and \"obs_width_px\" are too small for the network's "
                         "kernels, found %d x %d",
                         config->obs_height_px, config->obs_width_px);
    /* Half: no machine of 32 bits gives a block of more. */
    if (counted_bytes > SIZE_MAX / 2 || counted_bytes > MAX_BLOCK_BYTES)
        return refuse_as(why, AGENT_BAD_CONFIG,
                         "\"replay_memory_mib\" is too large: with %d decisions it takes %zu GB",
                         config->replay_capacity_decisions, counted_bytes >> 30);
    return AGENT_OK;
}

size_t parts_block_bytes(size_t size, size_t counted_bytes)
{
    return size + ARENA_ALIGNMENT_BYTES + counted_bytes;
}

void *parts_block(size_t size, size_t counted_bytes, arena_t *arena)
{
    uint8_t *block = calloc(1, parts_block_bytes(size, counted_bytes));
    if (!block) return NULL;
    const uintptr_t mask = ARENA_ALIGNMENT_BYTES - 1;
    *arena = (arena_t){ .base = (uint8_t *)(((uintptr_t)(block + size) + mask) & ~mask) };
    return block;
}
