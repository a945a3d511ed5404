/* arena.c - see arena.h. */
#include "arena.h"

void *arena_take(arena_t *arena, size_t count, size_t item_bytes)
{
    const size_t at = arena->used_bytes;
    const size_t mask = ARENA_ALIGNMENT_BYTES - 1;
    arena->used_bytes += (count * item_bytes + mask) & ~mask;
    return arena->base ? arena->base + at : NULL;
}
