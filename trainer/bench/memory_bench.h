/* memory_bench.h - what the plugin takes with an agent playing, over its inner core alone.
 *
 * Two processes play the same content for the same number of frames and nobody touches a pad: one
 * runs the core as a frontend would, the other the plugin with that core inside and a new agent in
 * charge (nature network; noisy, dueling and distributional as in Hessel et al. 2018: the largest
 * one that Kata makes). Each reads its own /proc/self/status at the end. The peak is that of
 * loading the agent, too. The agent lies in a temporary folder that is removed.
 */
#ifndef TRAINER_MEMORY_BENCH_H
#define TRAINER_MEMORY_BENCH_H

#include <stdint.h>

#include "identity.h"
#include "preset.h"
#include "why.h"

typedef struct {
    const char *core_path;
    const char *content_path;
    const char *plugin_path; /* kata_libretro.so */
    const identity_t *identity;
    const preset_t *preset;
    int32_t num_frames; /* of each process */
} memory_bench_config_t;

typedef struct {
    double resident_mb, peak_mb, mapped_mb; /* VmRSS, VmHWM, VmSize; 1e6 bytes */
} memory_sizes_t;

typedef struct {
    memory_sizes_t core, plugin;
    double checkpoint_mb, weights_mb; /* the agent's file, and what of it is needed to play */
} memory_bench_t;

/* False with a sentence: a core that refuses the content, a plugin that refuses the agent, a
 * process that died, no room for the agent's file. */
bool memory_bench(memory_bench_t *out, const memory_bench_config_t *config, why_t why);

#endif
