/* recorder.c - see recorder.h. */
#include "recorder.h"

#include <stdlib.h>
#include <string.h>

#include "splitmix.h"
#include "why.h"

typedef struct {
    uint64_t digest;
    int32_t num_frames; /* recorded when the state was saved */
} save_t;

struct recorder {
    int32_t num_frames, num_segments, num_held;
    int32_t num_unchanged;        /* frames since the last copy */
    int32_t num_saves, last_save; /* a ring, the newest is saves[last_save] */
    bool is_full;
    int32_t segments[RECORDING_MAX_SEGMENTS];
    save_t saves[RECORDER_MAX_SAVES];
    uint16_t frames[RECORDING_MAX_FRAMES][RECORDING_MAX_PORTS];
};

recorder_t *recorder_create(void)
{
    /* Not cleared by us: pages that were never touched cost nothing. */
    return calloc(1, sizeof(recorder_t));
}

void recorder_free(recorder_t *recorder)
{
    free(recorder);
}

static bool holds(const uint16_t pads[RECORDING_MAX_PORTS])
{
    uint16_t all = 0;
    for (int32_t p = 0; p < RECORDING_MAX_PORTS; p++) all |= pads[p];
    return all != 0;
}

bool recorder_frame(recorder_t *recorder, const uint16_t pads[RECORDING_MAX_PORTS])
{
    if (recorder->num_frames == RECORDING_MAX_FRAMES) recorder->is_full = true;
    if (recorder->is_full) return false;
    if (recorder->num_segments == 0) recorder->segments[recorder->num_segments++] = 0;
    memcpy(recorder->frames[recorder->num_frames++], pads, sizeof recorder->frames[0]);
    recorder->num_held += holds(pads);
    return true;
}

/* Eight bytes at a time: a state is as large as a console's memory, and frequent. */
static uint64_t digest_of(const void *state, size_t num_bytes)
{
    const uint8_t *bytes = state;
    uint64_t digest = SPLITMIX_GOLDEN ^ num_bytes;
    for (; num_bytes >= 8; num_bytes -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        digest = (digest ^ word) * 0x9fb21c651e98df25u;
        digest ^= digest >> 32;
    }
    for (; num_bytes > 0; num_bytes--, bytes++) digest = (digest ^ *bytes) * 0x100000001b3u;
    return digest;
}

void recorder_saved(recorder_t *recorder, const void *state, size_t num_bytes)
{
    recorder->last_save = (recorder->last_save + 1) % RECORDER_MAX_SAVES;
    if (recorder->num_saves < RECORDER_MAX_SAVES) recorder->num_saves++;
    recorder->saves[recorder->last_save] =
        (save_t){ .digest = digest_of(state, num_bytes), .num_frames = recorder->num_frames };
}

static const save_t *newest(const recorder_t *recorder, int32_t age)
{
    return &recorder->saves[(recorder->last_save - age + RECORDER_MAX_SAVES) % RECORDER_MAX_SAVES];
}

/* Frames recorded when this state was saved, or -1. */
static int32_t position_of(const recorder_t *recorder, uint64_t digest)
{
    for (int32_t age = 0; age < recorder->num_saves; age++)
        if (newest(recorder, age)->digest == digest) return newest(recorder, age)->num_frames;
    return -1;
}

static void drop_frames(recorder_t *recorder, int32_t num_frames)
{
    while (recorder->num_frames > num_frames)
        recorder->num_held -= holds(recorder->frames[--recorder->num_frames]);
    if (recorder->num_unchanged > num_frames) recorder->num_unchanged = num_frames;
    /* saves of frames that are gone */
    while (recorder->num_saves > 0 && newest(recorder, 0)->num_frames > num_frames) {
        recorder->last_save = (recorder->last_save - 1 + RECORDER_MAX_SAVES) % RECORDER_MAX_SAVES;
        recorder->num_saves--;
    }
}

void recorder_cut(recorder_t *recorder)
{
    if (recorder->num_segments == 0) return;
    const int32_t start = recorder->segments[recorder->num_segments - 1];
    if (recorder->num_frames - start < RECORDER_MIN_SEGMENT_FRAMES) {
        drop_frames(recorder, start);
        return; /* the same segment begins anew */
    }
    if (recorder->num_segments == RECORDING_MAX_SEGMENTS)
        recorder->is_full = true;
    else
        recorder->segments[recorder->num_segments++] = recorder->num_frames;
}

void recorder_restored(recorder_t *recorder, const void *state, size_t num_bytes)
{
    if (recorder->num_segments == 0) return;
    const int32_t start = recorder->segments[recorder->num_segments - 1];
    const int32_t position = position_of(recorder, digest_of(state, num_bytes));
    if (position >= start && recorder->num_frames - position <= RECORDER_UNDO_FRAMES)
        drop_frames(recorder, position);
    else
        recorder_cut(recorder);
}

void recorder_copy(recorder_t *recorder, recorder_t *copy)
{
    const int32_t first = recorder->num_unchanged, known = copy->num_segments;
    memcpy(copy->frames[first], recorder->frames[first],
           (size_t)(recorder->num_frames - first) * sizeof copy->frames[0]);
    memcpy(copy->segments + known, recorder->segments + known, /* no segment ever goes or moves */
           (size_t)(recorder->num_segments - known) * sizeof copy->segments[0]);
    copy->num_frames = recorder->num_unchanged = recorder->num_frames;
    copy->num_segments = recorder->num_segments;
    copy->num_held = recorder->num_held;
}

int32_t recorder_num_held(const recorder_t *recorder)
{
    return recorder->num_held;
}

static int32_t count_ports(const recorder_t *recorder)
{
    int32_t num_ports = 1;
    for (int32_t f = 0; f < recorder->num_frames; f++)
        for (int32_t p = RECORDING_MAX_PORTS - 1; p >= num_ports; p--)
            if (recorder->frames[f][p]) num_ports = p + 1;
    return num_ports;
}

bool recorder_take(const recorder_t *recorder, recording_t *out, why_t why)
{
    const size_t num_frames = (size_t)recorder->num_frames;
    size_t num_segments = (size_t)recorder->num_segments;
    *out = (recording_t){ 0 };
    if (num_frames == 0) {
        refuse(why, "nothing was recorded");
        return false;
    }
    if (recorder->segments[num_segments - 1] == recorder->num_frames) num_segments--;
    const int32_t num_ports = count_ports(recorder);
    out->pads = malloc((size_t)num_ports * num_frames * sizeof *out->pads);
    out->segments = malloc(num_segments * sizeof *out->segments);
    if (!out->pads || !out->segments) {
        recording_free(out);
        refuse(why, "no memory for %zu frames", num_frames);
        return false;
    }
    out->num_ports = num_ports;
    out->num_frames = recorder->num_frames;
    out->num_segments = (int32_t)num_segments;
    memcpy(out->segments, recorder->segments, num_segments * sizeof *out->segments);
    for (int32_t p = 0; p < num_ports; p++)
        for (size_t f = 0; f < num_frames; f++)
            out->pads[(size_t)p * num_frames + f] = recorder->frames[f][p];
    return true;
}
