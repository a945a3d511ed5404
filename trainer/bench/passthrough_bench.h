/* passthrough_bench.h - what does a frame cost through Kata, compared with the bare core?
 *
 * Two processes play the same content with the same pads: one calls the core directly, as a
 * frontend would, the other through a hosted bridge, or through the whole of Kata's plugin with its
 * agent off. They take turns in short blocks of frames; each frame is timed, and the medians of
 * neighbouring blocks are compared, so that what else the machine does hits both alike. Because
 * where a process lands in memory changes its speed by a percent or two, several pairs are started,
 * and the median of their ratios is the result.
 */
#ifndef TRAINER_PASSTHROUGH_BENCH_H
#define TRAINER_PASSTHROUGH_BENCH_H

#include "bridge.h"
#include "why.h"

typedef struct {
    const char *core_path;
    const char *content_path;
    const char *plugin_path;   /* kata_libretro.so; NULL: the bridge alone */
    uint32_t num_pairs;        /* of processes; 0: 7 */
    uint32_t num_blocks;       /* for each process; 0: 150 */
    uint32_t frames_per_block; /* 0: 8; short turns, or the machine's own ups and downs show */
} passthrough_bench_config_t;

typedef struct {
    double direct_us, bridged_us;            /* median time of a frame, of the median pair */
    double ratio;                            /* Kata / direct, median of the pairs */
    double lowest_ratio, highest_ratio;      /* of the pairs: how sure the ratio is */
    uint32_t num_pairs, frames_of_each_pair; /* as measured */
} passthrough_bench_t;

/* False with a sentence: a core that refuses the content, or a process that died. */
bool passthrough_bench(passthrough_bench_t *out, const passthrough_bench_config_t *config,
                       why_t why);

#endif
