/* memory_free.h - how much memory this process may still take. */
#ifndef FILES_MEMORY_FREE_H
#define FILES_MEMORY_FREE_H

#include <stdint.h>

/* Bytes: what the system has available without swapping, no more than the control group's limit
 * leaves (cgroup v2). 0: nobody knows. */
uint64_t memory_free_bytes(void);

#endif
