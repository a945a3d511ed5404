/* start.h - the preset's start script, played before the player's eyes.
 *
 * The trainer runs the boot script in one go and keeps the state; a frontend shows each frame, may
 * save and rewind at any of them, and its player may take the pad in the middle. So here the script
 * is a small machine: one pad a frame, four numbers, all in the savestate. It presses what
 * player_boot() presses.
 *
 *     start_begin(&start, preset, now, idle);
 *     while (start_runs(&start)) {
 *         hold start_pad(&start, preset, &port) for one frame, run it
 *         start_advance(&start, preset, before, now, &failed)
 *     }
 */
#ifndef KATA_START_H
#define KATA_START_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"

typedef enum {
    START_DONE = 0, /* the agent plays */
    START_SCRIPT,   /* boot steps */
    START_IDLE,     /* some idle frames, so that no two matches are the same */
    START_OVER,     /* a round or the match is over: does it go on, or must the console be reset? */
    START_NUM_PHASES
} start_phase_t;

/* All zero: done. */
typedef struct {
    start_phase_t phase;
    int32_t step;        /* SCRIPT: which boot step */
    int32_t frame;       /* frames spent in this step or phase */
    int32_t idle_frames; /* IDLE, OVER: how many */
} start_t;

typedef enum {
    START_GOES_ON = 0,
    START_FINISHED,    /* the agent plays from the next frame on */
    START_WANTS_RESET, /* reset the console; the script then runs from its first step */
    START_FAILED       /* a condition was not met in time; phase is DONE */
} start_turn_t;

/* From power-on. idle_frames: to wait behind the script. Done at once if the preset has none.
 * now: the variables as they are. */
void start_begin(start_t *start, const preset_t *preset, const int64_t *now, int32_t idle_frames);
/* An episode is over (a round, or the whole match): hold still until the script's last condition is
 * true again (the next round), or over_frames have passed: then START_WANTS_RESET. */
void start_after_episode(start_t *start, int32_t over_frames);
bool start_runs(const start_t *start);

/* The pad of the next frame, and the port it is held on; 0 on port 0 where nothing is held. */
uint16_t start_pad(const start_t *start, const preset_t *preset, uint32_t *port);

/* After the frame. before, now: the variables one frame apart. With START_FAILED *failed is the
 * step that failed. */
start_turn_t start_advance(start_t *start, const preset_t *preset, const int64_t *before,
                           const int64_t *now, int32_t *failed);

/* False if these numbers cannot be a start of this preset: they came from a savestate. */
bool start_is_sound(const start_t *start, const preset_t *preset);

#endif
