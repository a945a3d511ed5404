/* record.h - kata_record: what humans hold is written down, and saved when the game is unloaded.
 * KATA_RECORD in the environment (`kata play --record FILE`): from power-on what everybody holds,
 * into that file, so that `kata recording replay` plays the session again.
 *
 * Every frame that counts is recorded once, hidden or not (recorder.h: run-ahead and netplay undo
 * what they run in vain); a state that a person loads begins a new segment. A pad that the agent or
 * the start script holds is recorded as held by nobody, but with KATA_RECORD. Memory is taken when
 * recording begins. A thread of its own saves every RECORD_KEEP_FRAMES, so that a crash loses no
 * more; what was not saved then is saved at unload.
 */
#ifndef KATA_RECORD_H
#define KATA_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "loaded_game.h"
#include "home.h"
#include "host.h"
#include "offer.h"
#include "recorder.h"

enum { RECORD_KEEP_FRAMES = 1800 }; /* half a minute */

typedef struct record_saver record_saver_t;

/* All zero: nothing is recorded. */
typedef struct {
    recorder_t *recorder;  /* owned; kept until unload once there is one */
    record_saver_t *saver; /* owned; saves meanwhile; NULL: it could not be started */
    int32_t frames_since;  /* ... it was handed something */
    bool is_on;
    bool is_full;
    bool is_second;            /* of two instances that run ahead, the one that nobody plays */
    char dir[HOME_PATH_BYTES]; /* the game's folder, or "" */
    const char *file;          /* of the environment: KATA_RECORD; NULL: none */
    recording_t hints;         /* names, digests and frames a second only */
} record_t;

/* A game was loaded: where its recordings belong, and what is said of it in them. */
void record_load(record_t *record, const host_t *host, const loaded_game_t *game,
                 const offer_t *offer, double fps);
/* Begin, go on or pause, as the option says. */
void record_switch(record_t *record, const host_t *host, bool is_on);
/* Behind each frame of the bridge. ours: a bit for each port that Kata has. */
void record_frame(record_t *record, const host_t *host, bool with_mask, uint32_t ours,
                  const bridge_t *bridge);
/* Nobody's pads follow from those before: the console was reset. */
void record_cut(record_t *record);
void record_saved(record_t *record, const void *state, size_t num_bytes);
void record_restored(record_t *record, const void *state, size_t num_bytes);
/* Save what a human held, if anything, and forget all. */
void record_unload(record_t *record, const host_t *host);

#endif
