/* arena.h - one block of memory, handed out from the front.
 *
 * Laying out runs twice over the same code: first with base NULL, which only
 * counts, then over a block of the size counted. So there is no second list of
 * sizes to keep in step. Each piece starts on a cache line.
 */
#ifndef AGENT_ARENA_H
#define AGENT_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_ALIGNMENT_BYTES 64

typedef struct {
    uint8_t *base;     /* aligned; NULL: only count */
    size_t used_bytes; /* a multiple of ARENA_ALIGNMENT_BYTES */
} arena_t;

/* What used_bytes stays at while counting, once the sizes exceed a size_t. */
#define ARENA_TOO_LARGE (SIZE_MAX & ~(size_t)(ARENA_ALIGNMENT_BYTES - 1))

/* The next count * item_bytes bytes; NULL while counting. */
void *arena_take(arena_t *arena, size_t count, size_t item_bytes);

/* Of what is swept through again and again: fewer look-ups of addresses. A wish only; nothing
 * changes where it is not granted. */
void arena_prefer_large_pages(void *bytes, size_t num_bytes);

/* The whole pages of these bytes are the system's until they are written again: nobody reads them
 * before. Where the system does not take them back they stay as they are. */
void arena_give_back(void *bytes, size_t num_bytes);

#endif
