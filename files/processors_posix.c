/* processors_posix.c - see processors.h. */
#define _GNU_SOURCE /* sched_getaffinity, nice */
#include "processors.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSORS_NICER = 3 };

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

bool processors_pin(int32_t index)
{
    cpu_set_t allowed, one;
    if (index < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return false;
    for (int32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || index-- > 0) continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        return sched_setaffinity(0, sizeof one, &one) == 0;
    }
    return false;
}

void processors_give_way(void)
{
    if (nice(PROCESSORS_NICER) < 0) return; /* a filter of system calls may refuse even that */
}

double processors_seconds_of(int32_t pid)
{
    clockid_t clock;
    struct timespec taken;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &taken) != 0) return 0;
    return (double)taken.tv_sec + 1e-9 * (double)taken.tv_nsec;
}

bool processors_is_runnable(int32_t pid)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) return false;
    const bool ok = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *name_end = ok ? strrchr(line, ')') : NULL; /* the name may have blanks */
    return name_end && strncmp(name_end, ") R ", 4) == 0;
}

bool processors_seconds(double *busy, double *stolen)
{
    FILE *file = fopen("/proc/stat", "r");
    if (!file) return false;
    /* user nice system idle iowait irq softirq steal */
    unsigned long long t[8];
    const bool ok = fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2],
                           &t[3], &t[4], &t[5], &t[6], &t[7]) == 8;
    fclose(file);
    const double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
    if (!ok) return false;
    *busy = tick * (double)(t[0] + t[1] + t[2] + t[5] + t[6]);
    *stolen = tick * (double)t[7];
    return true;
}
