/* recording.c - asking a recording, and giving it back. */
#include "recording.h"

#include <stdlib.h>

const char *recording_kind_name(recording_kind_t kind)
{
    static const char *const names[] = {
        [RECORDING_KATA] = "Kata recording",
        [RECORDING_FM2] = "FCEUX movie (.fm2)",
        [RECORDING_BK2] = "BizHawk movie (.bk2)",
        [RECORDING_REPLAY] = "RetroArch replay",
        [RECORDING_TRAINING] = "training mode recording (JSON)",
    };
    return names[kind];
}

const uint16_t *recording_pads(const recording_t *recording, int32_t port)
{
    return recording->pads + (size_t)port * (size_t)recording->num_frames;
}

int32_t recording_segment_frames(const recording_t *recording, int32_t segment)
{
    const int32_t end = segment + 1 < recording->num_segments ? recording->segments[segment + 1]
                                                              : recording->num_frames;
    return end - recording->segments[segment];
}

void recording_free(recording_t *recording)
{
    free(recording->pads);
    free(recording->segments);
    *recording = (recording_t){ 0 };
}
