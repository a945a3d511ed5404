/* recording.h - what people held on their pads, frame by frame, out of other tools' files.
 *
 *     recording_t recording;
 *     why_t why;
 *     if (!recording_read(&recording, "run.bk2", why)) return say(why);
 *     const uint16_t *pads = recording_pads(&recording, port);     recording.num_frames of them
 *     recording_free(&recording);
 *
 * A file's kind is told by its contents, never by its name. Files are not trusted: size,
 * frames, ports and lines are bounded, every length in it is checked, and a refusal says what was
 * expected and what was found. README.md lists the kinds; FORMAT.md specifies Kata's own.
 *
 * May include: macro.h, files.h, libzip. Must not include: cores, agents, presets.
 */
#ifndef KATA_RECORDING_H
#define KATA_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "why.h"

#define RECORDING_FILE_BYTES (64u << 20) /* largest file, and largest member of a zip */
#define RECORDING_MAX_PORTS 8
#define RECORDING_MAX_FRAMES 864000 /* four hours at 60 a second */
#define RECORDING_MAX_SEGMENTS 4096
#define RECORDING_LINE_BYTES 4096 /* longest line of a text file */
#define RECORDING_NAME_BYTES 128

typedef enum {
    RECORDING_KATA,    /* Kata's own text */
    RECORDING_FM2,     /* FCEUX's text movie */
    RECORDING_BK2,     /* BizHawk's zip */
    RECORDING_REPLAY,  /* RetroArch's replay, versions 1 and 2 */
    RECORDING_TRAINING /* a training mode's JSON: an array a frame */
} recording_kind_t;

typedef enum {
    RECORDING_FACING_UNKNOWN, /* left and right are the screen's */
    RECORDING_FACING_RIGHT    /* right is forward, left is back, in every frame */
} recording_facing_t;

/* All zero: no recording. Strings are printable; "" where the file does not say. */
typedef struct {
    recording_kind_t kind;
    recording_facing_t facing;
    int32_t num_ports;    /* 1..RECORDING_MAX_PORTS */
    int32_t num_frames;   /* 1..RECORDING_MAX_FRAMES */
    int32_t num_segments; /* 1..RECORDING_MAX_SEGMENTS */
    uint16_t *pads;       /* (num_ports, num_frames): bit n = libretro joypad id n */
    int32_t *segments;    /* first frame of each, rising, the first is 0: time was continuous inside
                             one and jumped (a state was loaded) between two */
    double fps;           /* 0: not said */
    char game[RECORDING_NAME_BYTES];
    char system[16]; /* "nes", as presets name systems */
    char sha1[41], md5[33], crc32[9];
    char note[256]; /* what of the file is not in here; "" if nothing */
} recording_t;

/* False: *out is all zero and `why` begins with the file's name. */
bool recording_read(recording_t *out, const char *path, why_t why);
/* The same of bytes in memory. source: a name for messages. */
bool recording_parse(recording_t *out, const uint8_t *bytes, size_t num_bytes, const char *source,
                     why_t why);
void recording_free(recording_t *recording); /* all zero afterwards */

/* "FCEUX movie (.fm2)" */
const char *recording_kind_name(recording_kind_t kind);
/* The frames of a port, from 0. Borrowed. */
const uint16_t *recording_pads(const recording_t *recording, int32_t port);
/* Frames from the start of a segment to its end. */
int32_t recording_segment_frames(const recording_t *recording, int32_t segment);

/* As Kata's own text; reading it gives the same recording (its kind and note apart). False: the
 * stream failed. */
bool recording_print(const recording_t *recording, FILE *out);
/* The same, replacing `path` whole or not at all. */
bool recording_save(const recording_t *recording, const char *path, why_t why);

#endif
