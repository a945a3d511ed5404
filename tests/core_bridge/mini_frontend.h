/* mini_frontend.h - a plain libretro frontend that takes the fingerprint of every frame.
 *
 * It plays a core in a forked child (a core is one per process) and returns hashes of what a
 * frontend would show, hear and keep. The core may be any core, Kata's plugin among them; or it is
 * played through a hosted bridge, with this same frontend behind it. Two runs are the same game
 * exactly if their fingerprints are.
 *
 *     mini_run_t run = { .core_path = ..., .content_path = ..., .num_frames = 3600, .seed = 1 };
 *     if (!mini_frontend_run(&run, direct, why)) ...
 *     run.through_bridge = true;
 *     if (!mini_frontend_run(&run, bridged, why)) ...
 *     if (mini_frontend_difference(direct, bridged, 3600, why) >= 0) fail(why);
 *
 * Memory includes what SET_MEMORY_MAPS described, except constant regions. Options are answered
 * with their defaults, or with `variables`.
 */
#ifndef MINI_FRONTEND_H
#define MINI_FRONTEND_H

#include "bridge.h"
#include "why.h"

typedef struct {
    const char *core_path;
    const char *content_path;
    const char *library_name; /* the core must call itself so; NULL: any */
    bool through_bridge;
    uint32_t num_frames;
    uint32_t seed;         /* of the pads; both ports move */
    uint32_t state_every;  /* frames between savestates; 0: never */
    uint32_t rewind_every; /* frames between restoring the last state; 0: never */
    const bridge_option_t *variables;
    int32_t num_variables;
    bool own_options;        /* through_bridge: the host brings options of its own */
    size_t state_hash_bytes; /* hash only so much of a state: Kata's own trailer is behind it; 0:
                                all */
} mini_run_t;

typedef struct {
    uint64_t video, audio, memory, state; /* hashes; state is 0 in frames without one */
    uint32_t width_px, height_px;
    uint32_t audio_frames, polls, pads_asked;
    uint32_t state_bytes;
    bool is_repeat;
} mini_frame_t;

/* frames: num_frames of them, written. False with a sentence: the child died or the core refused.
 */
bool mini_frontend_run(const mini_run_t *run, mini_frame_t *frames, why_t why);

/* The first frame that differs, with a sentence that says in what; -1: none. */
int64_t mini_frontend_difference(const mini_frame_t *a, const mini_frame_t *b, uint32_t num_frames,
                                 why_t why);

/* The pad of a port in a frame: buttons come and go every 1 to 16 frames. */
uint16_t mini_frontend_pad(uint32_t seed, uint32_t frame, uint32_t port);

#endif
