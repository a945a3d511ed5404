/* recorded.c - see recorded.h. */
#include "recorded.h"

#include <stdlib.h>

#include "command.h"

static bool is_held(const uint16_t *pads, int32_t num_frames)
{
    for (int32_t f = 0; f < num_frames; f++)
        if (pads[f]) return true;
    return false;
}

static void add_tracks(recorded_t *recorded, const recording_t *recording, int64_t port)
{
    for (int32_t p = 0; p < recording->num_ports; p++) {
        const uint16_t *pads = recording_pads(recording, p);
        if (port != OPTION_UNSET && port != p + 1) continue;
        if (!is_held(pads, recording->num_frames)) continue;
        for (int32_t s = 0; s < recording->num_segments; s++) {
            mine_track_t *track = &recorded->tracks[recorded->num_tracks++];
            *track = (mine_track_t){ .pads = pads + recording->segments[s],
                                     .num_frames = recording_segment_frames(recording, s) };
            recorded->num_frames += track->num_frames;
        }
    }
}

bool recorded_read(recorded_t *recorded, char *const *paths, int32_t num_paths, int64_t port,
                   why_t why)
{
    size_t most = 0;
    *recorded = (recorded_t){ 0 };
    recorded->recordings = calloc((size_t)num_paths, sizeof *recorded->recordings);
    if (!recorded->recordings) return refuse(why, "no memory for %d recordings", (int)num_paths);
    for (int32_t i = 0; i < num_paths; i++) {
        recording_t *recording = &recorded->recordings[i];
        if (!recording_read(recording, paths[i], why)) return false;
        recorded->num_recordings++;
        most += (size_t)recording->num_ports * (size_t)recording->num_segments;
        if (recording->facing != recorded->recordings[0].facing)
            return refuse(why,
                          "%.200s says which way the fighter looks, %.200s does not; mine them "
                          "one after the other",
                          recording->facing ? paths[i] : paths[0],
                          recording->facing ? paths[0] : paths[i]);
    }
    recorded->tracks = calloc(most, sizeof *recorded->tracks);
    if (!recorded->tracks) return refuse(why, "no memory for %d files", (int)num_paths);
    for (int32_t i = 0; i < num_paths; i++) add_tracks(recorded, &recorded->recordings[i], port);
    if (recorded->num_tracks > 0) return true;
    return port == OPTION_UNSET ? refuse(why, "nothing is held in %.300s", paths[0])
                                : refuse(why, "nothing is held on port %d", (int)port);
}

void recorded_free(recorded_t *recorded)
{
    for (int32_t i = 0; i < recorded->num_recordings; i++) recording_free(&recorded->recordings[i]);
    free(recorded->recordings);
    free(recorded->tracks);
    *recorded = (recorded_t){ 0 };
}
