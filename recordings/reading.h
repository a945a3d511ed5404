/* reading.h - what the readers share: refusing, lines, names, rows of pads. Internal to
 * recordings/.
 */
#ifndef KATA_RECORDINGS_READING_H
#define KATA_RECORDINGS_READING_H

#include "recording.h"
#include "why.h"

typedef uint16_t reading_row_t[RECORDING_MAX_PORTS]; /* a frame, a pad a port */

/* A file on its way to a recording_t. */
typedef struct {
    const char *bytes; /* num_bytes, then a NUL is not promised */
    size_t num_bytes, pos;
    int32_t line; /* of the text, from 1; 0 before the first */
    char *why;    /* a why_t */

    recording_t *out; /* hints, num_ports, num_frames, num_segments: filled on the way */
    reading_row_t *rows;
    int32_t rows_capacity;
    int32_t segments[RECORDING_MAX_SEGMENTS];
} reading_t;

/* Always false. */
bool reading_refuse(reading_t *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next line without its end (LF or CRLF), NUL-terminated. False: no more, or it is too long or
 * holds a NUL, and then `why` is not empty. */
bool reading_line(reading_t *reading, char line[RECORDING_LINE_BYTES]);

/* Pass over the next line if it is too long for reading_line(). False: it is not, or there is none.
 */
bool reading_pass_long_line(reading_t *reading);

/* `num_frames` frames of the same pads. False: too many. */
bool reading_add(reading_t *reading, const reading_row_t row, int32_t num_frames);
/* The frames to come do not follow from those before. Nothing if there are none before. */
bool reading_cut(reading_t *reading);
/* Rows become pads: num_ports of them, as out->num_ports says. */
bool reading_finish(reading_t *reading);

/* A number of digits alone in low..high. */
bool reading_number(const char *text, int64_t low, int64_t high, int64_t *number);
/* Copy with what is not printable ASCII as '?'. */
void reading_name(char *out, size_t out_bytes, const char *text, size_t length);
/* A game's name: of a path the last part, without a ROM's or an archive's ending. What is written
 * on is passed on to others, and folders say who somebody is. */
void reading_game(reading_t *reading, const char *text);
/* Exactly `digits` hex digits, to lower case. False: *out is "". */
bool reading_hex(char *out, const char *text, size_t digits);
/* One more thing that the recording lacks: "a, b, c". */
void reading_note(reading_t *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- a reader a kind: fills in rows and hints ---- */
bool read_kata(reading_t *reading);
bool read_fm2(reading_t *reading);
bool read_bk2(reading_t *reading);
bool read_replay(reading_t *reading);
bool read_training(reading_t *reading);

#endif
