/* boot_script.h - a preset's start script as a machine: one pad a frame, five numbers.
 *
 * Pure: it is told the variables and says which pad to hold. The trainer runs it in a loop
 * (player_boot()); in a frontend each of its frames is shown, may be saved and rewound, and a human
 * may take the pad in the middle.
 *
 *     boot_script_begin(&script, preset, start, now, idle_frames);
 *     while (boot_script_runs(&script)) {
 *         hold boot_script_pad(&script, preset, &port) for one frame, run it
 *         turn = boot_script_advance(&script, preset, before, now);
 *     }
 */
#ifndef PLAYER_BOOT_SCRIPT_H
#define PLAYER_BOOT_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "preset.h"
#include "state_fields.h"

typedef enum {
    BOOT_DONE = 0, /* whoever plays, plays */
    BOOT_SCRIPT,   /* boot steps */
    BOOT_IDLE,     /* some idle frames, so that no two matches are the same */
    BOOT_NUM_PHASES
} boot_phase_t;

/* All zero: done. */
#define BOOT_SCRIPT_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(int32_t, phase, BOOT_DONE, BOOT_NUM_PHASES - 1)                                         \
    NUMBER(int32_t, start, 0, PRESET_MAX_STARTS - 1) /* which of the preset's */                   \
    NUMBER(int32_t, step, 0, PRESET_MAX_BOOT_STEPS)  /* SCRIPT: which boot step */                 \
    NUMBER(int32_t, frame, 0, 1 << 24)               /* frames spent in this step or phase */      \
    NUMBER(int32_t, idle_frames, 0, 1 << 16)         /* IDLE: how many */

typedef struct {
    BOOT_SCRIPT_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} boot_script_t;
STATE_ASSERT_WHOLE(boot_script_t, BOOT_SCRIPT_FIELDS);

typedef enum {
    BOOT_GOES_ON = 0,
    BOOT_FINISHED,    /* the agent plays from the next frame on */
    BOOT_WANTS_RESET, /* of holder_advance(): reset the console, the script then runs from its first
                         step */
    BOOT_FAILED       /* a condition was not met in time: script->step is the step, phase DONE */
} boot_turn_t;

/* From power-on. idle_frames: to wait behind the script. Done at once if the start has no steps.
 * now: the variables as they are. */
void boot_script_begin(boot_script_t *script, const preset_t *preset, int32_t start,
                       const int64_t *now, int32_t idle_frames);
bool boot_script_runs(const boot_script_t *script);

/* The condition that the start's last step waits for holds, and port 1's `done` does not; false
 * where the last step waits for nothing. */
bool boot_script_fight_is_on(const preset_t *preset, int32_t start, const int64_t *before,
                             const int64_t *now);

/* The pad of the next frame, and the port it is held on; 0 on port 0 where nothing is held. */
uint16_t boot_script_pad(const boot_script_t *script, const preset_t *preset, uint32_t *port);

/* After the frame. before, now: the variables one frame apart. */
boot_turn_t boot_script_advance(boot_script_t *script, const preset_t *preset,
                                const int64_t *before, const int64_t *now);

/* False if these numbers, each in its range, cannot be a script of this preset. */
bool boot_script_is_sound(const boot_script_t *script, const preset_t *preset);

#endif
