/* frame_bench.h - what does an agent that plays and learns add to a frame of 60 a second?
 *
 * Two processes play the same content, a frame each in every sixtieth of a second, in turn: the
 * core alone, and the whole plugin with an agent of the small network that has just begun to learn,
 * so that its learner makes its updates beside the frames. Each frame is timed.
 */
#ifndef TRAINER_FRAME_BENCH_H
#define TRAINER_FRAME_BENCH_H

#include <stdint.h>

#include "identity.h"
#include "preset.h"
#include "why.h"

typedef struct {
    const char *core_path, *content_path, *plugin_path;
    const identity_t *identity;
    const preset_t *preset;
    int32_t num_frames;
} frame_bench_config_t;

enum { FRAME_BENCH_LATE_US = 16600 };

/* num_frames each, in microseconds, freed by the caller. False: both are NULL; a process died, or
 * the plugin does not learn. updates: that its learner made meanwhile. */
bool frame_bench(double **alone_us, double **plugin_us, uint64_t *updates,
                 const frame_bench_config_t *config, why_t why);

#endif
