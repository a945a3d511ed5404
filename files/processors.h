/* processors.h - how many processors this process may use. */
#ifndef FILES_PROCESSORS_H
#define FILES_PROCESSORS_H

#include <stdbool.h>
#include <stdint.h>

/* 1 or more: those of the process's affinity, no more than its control group's quota (cgroup v2,
 * rounded up). */
int32_t processors_available(void);

/* This process to the index-th of those that its affinity allows, from 0. False: there are fewer,
 * or it is not allowed; nothing was changed. */
bool processors_pin(int32_t index);

/* This process (Windows: this thread) lets those of ordinary priority go first from now on: on
 * POSIX it is nicer by 3 than it was, at most 19. What the system refuses stays as it was. */
void processors_give_way(void);

/* Seconds that all threads of a process have had a processor; 0: it has ended. */
double processors_seconds_of(int32_t pid);

/* True: a process runs or waits for a processor, and for nothing else. False: it sleeps, waits for a
 * disk, is stopped, has ended, or the system does not say. */
bool processors_is_runnable(int32_t pid);

/* Of all processes together, over all processors, since the machine started; stolen: that a
 * hypervisor gave to other machines. False: the system does not say. */
bool processors_seconds(double *busy, double *stolen);

#endif
