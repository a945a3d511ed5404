/* memory_free_posix.c - see memory_free.h. */
#include "memory_free.h"

#include <stdio.h>

/* The number in a file of one, or behind `key` in one of many lines; 0: there is none. */
static uint64_t number_in(const char *path, const char *key)
{
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    char line[256];
    unsigned long long number = 0;
    while (number == 0 && fgets(line, sizeof line, file))
        if (sscanf(line, key, &number) != 1) number = 0; /* "max" is no number */
    fclose(file);
    return number;
}

uint64_t memory_free_bytes(void)
{
    const uint64_t available = 1024 * number_in("/proc/meminfo", "MemAvailable: %llu");
    const uint64_t limit = number_in("/sys/fs/cgroup/memory.max", "%llu");
    if (limit == 0) return available;
    const uint64_t used = number_in("/sys/fs/cgroup/memory.current", "%llu");
    const uint64_t left = used < limit ? limit - used : 0;
    return available == 0 || left < available ? left : available;
}
