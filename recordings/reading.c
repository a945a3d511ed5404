/* reading.c - see reading.h. */
#include "reading.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "why.h"

bool reading_refuse(reading_t *reading, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reading->why, sizeof(why_t), format, args);
    va_end(args);
    return false;
}

bool reading_line(reading_t *reading, char line[RECORDING_LINE_BYTES])
{
    if (reading->pos >= reading->num_bytes) return false;
    const char *start = reading->bytes + reading->pos;
    const size_t left = reading->num_bytes - reading->pos;
    const char *end = memchr(start, '\n', left);
    size_t length = end ? (size_t)(end - start) : left;
    reading->pos += length + (end != NULL);
    reading->line++;
    if (length > 0 && start[length - 1] == '\r') length--;
    if (length >= RECORDING_LINE_BYTES)
        return reading_refuse(reading, "line %d: a line must be shorter than %d bytes, found %zu",
                              reading->line, RECORDING_LINE_BYTES, length);
    if (memchr(start, '\0', length))
        return reading_refuse(reading, "line %d: a line of text must hold no NUL byte",
                              reading->line);
    memcpy(line, start, length);
    line[length] = '\0';
    return true;
}

bool reading_pass_long_line(reading_t *reading)
{
    if (reading->pos >= reading->num_bytes) return false;
    const char *start = reading->bytes + reading->pos;
    const size_t left = reading->num_bytes - reading->pos;
    const char *end = memchr(start, '\n', left);
    const size_t length = end ? (size_t)(end - start) : left;
    if (length < RECORDING_LINE_BYTES) return false;
    reading->pos += length + (end != NULL);
    reading->line++;
    return true;
}

static bool reserve(reading_t *reading, int32_t num_rows)
{
    if (num_rows <= reading->rows_capacity) return true;
    int32_t capacity = reading->rows_capacity ? reading->rows_capacity : 1024;
    while (capacity < num_rows) capacity *= 2;
    reading_row_t *rows = realloc(reading->rows, (size_t)capacity * sizeof *rows);
    if (!rows) return reading_refuse(reading, "no memory for %d frames", num_rows);
    reading->rows = rows;
    reading->rows_capacity = capacity;
    return true;
}

bool reading_add(reading_t *reading, const reading_row_t row, int32_t num_frames)
{
    recording_t *out = reading->out;
    if (num_frames > RECORDING_MAX_FRAMES - out->num_frames)
        return reading_refuse(reading, "a recording must have at most %d frames",
                              RECORDING_MAX_FRAMES);
    if (!reserve(reading, out->num_frames + num_frames)) return false;
    if (out->num_segments == 0) reading->segments[out->num_segments++] = 0;
    for (int32_t f = 0; f < num_frames; f++)
        memcpy(reading->rows[out->num_frames++], row, sizeof(reading_row_t));
    return true;
}

bool reading_cut(reading_t *reading)
{
    recording_t *out = reading->out;
    if (out->num_segments == 0 || reading->segments[out->num_segments - 1] == out->num_frames)
        return true;
    if (out->num_segments == RECORDING_MAX_SEGMENTS)
        return reading_refuse(reading, "a recording must have at most %d segments",
                              RECORDING_MAX_SEGMENTS);
    reading->segments[out->num_segments++] = out->num_frames;
    return true;
}

bool reading_finish(reading_t *reading)
{
    recording_t *out = reading->out;
    if (out->num_segments > 0 && reading->segments[out->num_segments - 1] == out->num_frames)
        out->num_segments--; /* cut, and nothing followed */
    if (out->num_frames == 0) return reading_refuse(reading, "there is no frame in it");
    const size_t num_frames = (size_t)out->num_frames, num_segments = (size_t)out->num_segments;
    out->pads = malloc((size_t)out->num_ports * num_frames * sizeof *out->pads);
    out->segments = malloc(num_segments * sizeof *out->segments);
    if (!out->pads || !out->segments)
        return reading_refuse(reading, "no memory for %d frames", out->num_frames);
    memcpy(out->segments, reading->segments, num_segments * sizeof *out->segments);
    for (int32_t p = 0; p < out->num_ports; p++)
        for (size_t f = 0; f < num_frames; f++)
            out->pads[(size_t)p * num_frames + f] = reading->rows[f][p];
    return true;
}

bool reading_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    const size_t length = strlen(text);
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length) return false;
    *number = strtoll(text, NULL, 10);
    return *number >= low && *number <= high;
}

void reading_name(char *out, size_t out_bytes, const char *text, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < out_bytes; i++) {
        const unsigned char c = (unsigned char)text[i];
        out[used++] = c < 0x20 || c >= 0x7F ? '?' : (char)c;
    }
    while (used > 0 && out[used - 1] == ' ') used--;
    out[used] = '\0';
}

/* ".nes" or ".zip" at the end, in any case. */
static size_t ending_length(const char *text, size_t length)
{
    static const char *const endings[] = {
        "nes", "fds", "unf", "unif", "sfc", "smc", "md",  "gen", "smd", "32x", "bin", "gb",  "gbc",
        "gba", "sms", "gg",  "pce",  "a26", "n64", "z64", "v64", "nds", "ws",  "wsc", "ngp", "ngc",
        "cue", "iso", "chd", "ccd",  "m3u", "zip", "7z",  "rar", "gz",  "tar", "bz2", "xz",  "zst",
    };
    for (size_t e = 0; e < sizeof endings / sizeof endings[0]; e++) {
        const size_t bytes = strlen(endings[e]) + 1;
        if (length > bytes && text[length - bytes] == '.' &&
            strncasecmp(text + length - bytes + 1, endings[e], bytes - 1) == 0)
            return bytes;
    }
    return 0;
}

void reading_game(reading_t *reading, const char *text)
{
    /* "C:\\ROMs\\a.zip|b.nes" is a file in an archive; "A / B" is one game's name. */
    const char *name = text;
    for (const char *c = text; *c; c++)
        if (*c == '\\' || *c == '|' || (*c == '/' && !(c[1] == ' ' && c > text && c[-1] == ' ')))
            name = c + 1;
    size_t length = strlen(name);
    for (size_t ending; (ending = ending_length(name, length)) > 0;) length -= ending;
    reading_name(reading->out->game, sizeof reading->out->game, name, length);
}

bool reading_hex(char *out, const char *text, size_t digits)
{
    out[0] = '\0';
    if (strlen(text) != digits || strspn(text, "0123456789abcdefABCDEF") != digits) return false;
    for (size_t i = 0; i < digits; i++)
        out[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i]);
    out[digits] = '\0';
    return true;
}

void reading_note(reading_t *reading, const char *format, ...)
{
    char *note = reading->out->note;
    const size_t bytes = sizeof reading->out->note, used = strlen(note);
    char text[128];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (used + strlen(text) + 3 >= bytes) return; /* the first few say enough */
    snprintf(note + used, bytes - used, "%s%s", used ? ", " : "", text);
}
