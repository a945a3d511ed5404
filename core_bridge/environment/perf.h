/* perf.h - GET_PERF_INTERFACE without a frontend: some cores refuse to run without it. */
#ifndef CORE_BRIDGE_PERF_H
#define CORE_BRIDGE_PERF_H

#include "inner.h"

/* Answer of environment.c's table. The clock shows emulated time, so that a run does not depend on
 * the machine: it begins at one second, goes on by a frame's length each frame and by a microsecond
 * each time it is read (a core that waits for it to move does not hang). No CPU features are named,
 * for the same reason. Counters are registered and stay at zero. */
bool perf_provide(bridge_t *bridge, unsigned cmd, void *data);

/* A frame of the headless bridge was run. */
void perf_pass_frame(bridge_t *bridge);

#endif
