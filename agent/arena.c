/* arena.c - see arena.h. */
#include "arena.h"

static const size_t MASK = ARENA_ALIGNMENT_BYTES - 1;

void *arena_take(arena_t *arena, size_t count, size_t item_bytes)
{
    const size_t at = arena->used_bytes;
    size_t bytes;
    if (__builtin_mul_overflow(count, item_bytes, &bytes) ||
        __builtin_add_overflow(bytes, MASK, &bytes) ||
        __builtin_add_overflow(at, bytes & ~MASK, &bytes))
        arena->used_bytes = ARENA_TOO_LARGE;
    else
        arena->used_bytes = bytes;
    return arena->base ? arena->base + at : NULL;
}
