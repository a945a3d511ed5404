/* recorder.h - records pads while a game runs; loaded states take frames away or begin segments.
 *
 *     recorder_t *recorder = recorder_create();         all memory, once
 *     each frame:       recorder_frame(recorder, pads);
 *     state saved:      recorder_saved(recorder, state, num_bytes);
 *     state loaded:     recorder_restored(recorder, state, num_bytes);
 *     at the end:       recorder_take(recorder, &recording, why)
 *
 * A recording holds each frame that counts once. Frontends run frames that do not: run-ahead and
 * netplay run some and load the state from before them. So a loaded state that was saved at most
 * RECORDER_UNDO_FRAMES ago takes the frames since away again. Any other load is a person's: what
 * was held before stays, and a new segment begins. Segments shorter than
 * RECORDER_MIN_SEGMENT_FRAMES that a load ends are dropped: rewinding leaves many.
 *
 * Nothing but recorder_create() and recorder_take() allocates; nothing reads or writes files. One
 * thread records; another may take what there is from a copy (recorder_copy()) that it is handed.
 */
#ifndef KATA_RECORDER_H
#define KATA_RECORDER_H

#include "recording.h"
#include "why.h"

enum { RECORDER_UNDO_FRAMES = 20, RECORDER_MIN_SEGMENT_FRAMES = 4, RECORDER_MAX_SAVES = 1024 };

typedef struct recorder recorder_t;

/* NULL: no memory. About 14 MiB, of which the system hands out what is used. */
recorder_t *recorder_create(void);
void recorder_free(recorder_t *recorder); /* NULL is fine */

/* False: it is full and takes nothing more. */
bool recorder_frame(recorder_t *recorder, const uint16_t pads[RECORDING_MAX_PORTS]);
void recorder_saved(recorder_t *recorder, const void *state, size_t num_bytes);
void recorder_restored(recorder_t *recorder, const void *state, size_t num_bytes);
/* What follows does not follow from what was: a reset, recording switched off and on. */
void recorder_cut(recorder_t *recorder);

/* Make `copy` hold what `recorder` holds. Both of the same pair each time: only what has changed
 * since the last copy is copied, so that a frame has time for it. */
void recorder_copy(recorder_t *recorder, recorder_t *copy);

/* Frames in which a button is down. */
int32_t recorder_num_held(const recorder_t *recorder);

/* Everything so far, ports up to the last that held something; hints are the caller's. False: there
 * are no frames, or no memory, and *out is all zero. */
bool recorder_take(const recorder_t *recorder, recording_t *out, why_t why);

#endif
