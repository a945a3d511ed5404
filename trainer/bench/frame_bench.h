/* frame_bench.h - what does an agent that plays and learns add to a frame of 60 a second?
 *
 * Two processes play the same content, a frame each in every sixtieth of a second, in turn: the
 * core alone, and the whole plugin with an agent of the small network that has just begun to learn,
 * so that its learner makes its updates beside the frames. Each frame is timed, by the clock and by
 * the processor time of its thread: where other programs keep the processors busy the first says
 * how long a frame had to wait for one, the second what it needed.
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

enum { FRAME_BENCH_ALONE, FRAME_BENCH_PLUGIN, FRAME_BENCH_NUM };

/* Of each frame, in microseconds, num_frames of each. */
typedef struct {
    double *wall_us[FRAME_BENCH_NUM], *cpu_us[FRAME_BENCH_NUM];
    uint64_t updates; /* that the plugin's learner made meanwhile */
} frame_bench_times_t;

/* False: *times is all zero; a process died, or the plugin does not learn. */
bool frame_bench(frame_bench_times_t *times, const frame_bench_config_t *config, why_t why);
void frame_bench_free(frame_bench_times_t *times); /* all zero afterwards */

#endif
