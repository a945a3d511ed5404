/* fuzz_recordings.c - any bytes as a recording of each kind, printed and read again, and mined. */
#include "mine.h"
#include "recording.h"
#include "why.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

enum { MOST_MINED_FRAMES = 4000 }; /* a second for a few bytes finds little */

static void check_whole(const recording_t *r)
{
    if (r->num_ports < 1 || r->num_ports > RECORDING_MAX_PORTS || r->num_frames < 1 ||
        r->num_frames > RECORDING_MAX_FRAMES || r->num_segments < 1 || r->segments[0] != 0)
        abort();
    for (int32_t s = 0; s < r->num_segments; s++)
        if (recording_segment_frames(r, s) < 1) abort();
    for (const char *c = r->game; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7F) abort();
}

static void print_and_read(const recording_t *r)
{
    char *text;
    why_t why;
    size_t num_bytes;
    recording_t again;
    FILE *out = open_memstream(&text, &num_bytes);
    if (!out || !recording_print(r, out) || fclose(out) != 0) abort();
    if (!recording_parse(&again, (const uint8_t *)text, num_bytes, "again", why)) abort();
    if (again.num_frames != r->num_frames || again.num_ports != r->num_ports ||
        again.num_segments != r->num_segments ||
        memcmp(again.pads, r->pads, (size_t)r->num_ports * (size_t)r->num_frames * 2) != 0)
        abort();
    recording_free(&again);
    free(text);
}

static void mine_it(const recording_t *r)
{
    macro_language_t language;
    mine_options_t options;
    mine_t mine;
    macro_language_defaults(&language);
    mine_options_defaults(&options, &language);
    options.jitter_frames = r->num_frames % (MINE_MAX_JITTER + 1);
    const mine_track_t track = {
        .pads = r->pads,
        .num_frames = r->num_frames < MOST_MINED_FRAMES ? r->num_frames : MOST_MINED_FRAMES,
    };
    if (!mine_macros(&mine, &track, 1, &options, NULL)) abort();
    for (int32_t m = 0; m < mine.num_macros; m++) {
        macro_t parsed;
        if (!macro_parse(&parsed, mine.macros[m].macro.notation, &language, NULL) ||
            !macro_same_steps(&parsed, &mine.macros[m].macro))
            abort();
        if (mine.macros[m].name[0] && !macro_parse(&parsed, mine.macros[m].name, &language, NULL))
            abort();
    }
    mine_free(&mine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    recording_t r;
    why_t why;
    if (!recording_parse(&r, bytes, num_bytes, "fuzz", why)) {
        if (strncmp(why, "fuzz: ", 6) != 0 || !why[6]) abort();
        return 0;
    }
    check_whole(&r);
    if (r.num_frames <= 100000) print_and_read(&r);
    mine_it(&r);
    recording_free(&r);
    return 0;
}
