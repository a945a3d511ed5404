/* arena.c - see arena.h. */
#include "arena.h"

#include <sys/mman.h>
#include <unistd.h>

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

/* What a system does not know it refuses, which changes nothing. */
#ifndef MADV_DONTNEED
#define MADV_DONTNEED (-1)
#endif
#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE (-1)
#endif

static void advise_whole_pages(void *bytes, size_t num_bytes, int advice)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = ((uintptr_t)bytes + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)bytes + num_bytes) / page * page;
    if (end > first) (void)madvise((void *)first, end - first, advice);
}

void arena_prefer_large_pages(void *bytes, size_t num_bytes)
{
    advise_whole_pages(bytes, num_bytes, MADV_HUGEPAGE);
}

void arena_give_back(void *bytes, size_t num_bytes)
{
    advise_whole_pages(bytes, num_bytes, MADV_DONTNEED);
}
