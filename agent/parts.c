/* parts.c - see parts.h. */
#include "parts.h"

#include <string.h>
#include <sys/mman.h>

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

/* Mapped by itself, so that it can be kept out of forked children, where no agent is used: a fork
 * then copies no replay memory, and what the parent writes later is not kept twice. The first bytes
 * hold the size for parts_free(). */
enum { BLOCK_HEAD_BYTES = ARENA_ALIGNMENT_BYTES };

void *parts_block(size_t size, size_t counted_bytes, arena_t *arena)
{
    const size_t num_bytes = BLOCK_HEAD_BYTES + parts_block_bytes(size, counted_bytes);
    uint8_t *mapped =
        mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return NULL;
#ifdef MADV_DONTFORK
    (void)madvise(mapped, num_bytes, MADV_DONTFORK);
#endif
    memcpy(mapped, &num_bytes, sizeof num_bytes);
    uint8_t *block = mapped + BLOCK_HEAD_BYTES;
    const uintptr_t mask = ARENA_ALIGNMENT_BYTES - 1;
    *arena = (arena_t){ .base = (uint8_t *)(((uintptr_t)(block + size) + mask) & ~mask) };
    return block;
}

void parts_free(void *block)
{
    if (!block) return;
    uint8_t *mapped = (uint8_t *)block - BLOCK_HEAD_BYTES;
    size_t num_bytes;
    memcpy(&num_bytes, mapped, sizeof num_bytes);
    munmap(mapped, num_bytes);
}
