/* processors.h - how many processors this process may use. */
#ifndef FILES_PROCESSORS_H
#define FILES_PROCESSORS_H

#include <stdint.h>

/* 1 or more: those of the process's affinity, no more than its control group's quota (cgroup v2,
 * rounded up). */
int32_t processors_available(void);

#endif
