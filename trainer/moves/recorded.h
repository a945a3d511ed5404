/* recorded.h - recordings as tracks in which moves can be found (mine.h). */
#ifndef TRAINER_RECORDED_H
#define TRAINER_RECORDED_H

#include <stdint.h>

#include "mine.h"
#include "recording.h"
#include "why.h"

typedef struct {
    recording_t *recordings; /* (num_recordings) */
    int32_t num_recordings;
    mine_track_t *tracks; /* one for each segment and each port that held something */
    int32_t num_tracks;
    int64_t num_frames; /* of the tracks */
} recorded_t;

/* port: 1 is the first; OPTION_UNSET: all. False: a file cannot be read, they differ in whether
 * they say which way the fighter looks, or nothing is held. Free it in either case. */
bool recorded_read(recorded_t *recorded, char *const *paths, int32_t num_paths, int64_t port,
                   why_t why);
void recorded_free(recorded_t *recorded);

#endif
