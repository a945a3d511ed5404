/* arena.h - one block of memory, handed out from the front.
 *
 * Laying out runs twice over the same code: first with base NULL, which only
 * counts, then over a block of the size counted. So there is no second list of
 * sizes to keep in step. Each piece starts on a cache line.
 */
#ifndef KATA_ARENA_H
#define KATA_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_ALIGNMENT_BYTES 64

typedef struct {
    uint8_t *base;     /* aligned; NULL: only count */
    size_t used_bytes; /* a multiple of ARENA_ALIGNMENT_BYTES */
} arena_t;

/* The next count * item_bytes bytes; NULL while counting. The caller bounds the
 * product: config validation keeps every size far below SIZE_MAX. */
void *arena_take(arena_t *arena, size_t count, size_t item_bytes);

#endif
