/* processors.c - see processors.h. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "processors.h"

#include <sched.h>
#include <stdio.h>

/* Processors' worth of time that the control group has; 0: no limit is known. */
static int32_t quota(void)
{
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (!file) return 0;
    long long time_us = 0, period_us = 0; /* "max 100000" has no number to read */
    const int read = fscanf(file, "%lld %lld", &time_us, &period_us);
    fclose(file);
    if (read != 2 || time_us <= 0 || period_us <= 0) return 0;
    return (int32_t)((time_us + period_us - 1) / period_us);
}

int32_t processors_available(void)
{
    cpu_set_t allowed;
    int32_t count = 1;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) count = CPU_COUNT(&allowed);
    const int32_t most = quota();
    if (most > 0 && most < count) count = most;
    return count > 0 ? count : 1;
}
