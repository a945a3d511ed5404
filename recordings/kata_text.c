/* kata_text.c - Kata's own recordings: a text that says how long which pads were held. FORMAT.md.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "c_locale.h"
#include "files.h"

#include "reading.h"
#include "retropad.h"
#include "why.h"

#define HEAD "kata-recording 1"

/* ---- reading ---- */

static bool take_pad(reading_t *reading, const char *word, uint16_t *pad)
{
    *pad = 0;
    if (strcmp(word, "-") == 0) return true;
    for (const char *name = word;;) {
        const size_t length = strcspn(name, "+");
        const int32_t id = retropad_find_label(name, length);
        if (id < 0)
            return reading_refuse(reading,
                                  "line %d: a pad must be - or buttons joined by +, found "
                                  "'%.60s'",
                                  reading->line, word);
        *pad |= (uint16_t)(1u << id);
        if (!name[length]) return true;
        name += length + 1;
    }
}

/* "12 down+right - A": so many frames, a pad a port. */
static bool take_row(reading_t *reading, char *line)
{
    reading_row_t row = { 0 };
    char *rest = NULL;
    const char *word = strtok_r(line, " ", &rest);
    int64_t num_frames = 0;
    if (!word || !reading_number(word, 1, RECORDING_MAX_FRAMES, &num_frames))
        return reading_refuse(reading,
                              "line %d: a row must begin with 1 to %d frames, found "
                              "'%.40s'",
                              reading->line, RECORDING_MAX_FRAMES, word ? word : "");
    int32_t port = 0;
    while ((word = strtok_r(NULL, " ", &rest))) {
        if (port == reading->out->num_ports) break;
        if (!take_pad(reading, word, &row[port++])) return false;
    }
    if (word || port != reading->out->num_ports)
        return reading_refuse(reading, "line %d: a row must have a pad for each of the %d ports",
                              reading->line, reading->out->num_ports);
    return reading_add(reading, row, (int32_t)num_frames);
}

static bool take_hash(reading_t *reading, const char *key, const char *value)
{
    recording_t *out = reading->out;
    const bool ok = strcmp(key, "sha1") == 0  ? reading_hex(out->sha1, value, 40)
                    : strcmp(key, "md5") == 0 ? reading_hex(out->md5, value, 32)
                                              : reading_hex(out->crc32, value, 8);
    return ok || reading_refuse(reading, "line %d: %s must be its hex digits, found '%.60s'",
                                reading->line, key, value);
}

static bool take_fps(reading_t *reading, const char *value)
{
    char *end;
    const c_locale_t before = c_locale_enter();
    const double fps = strtod(value, &end);
    c_locale_leave(before);
    if (end == value || *end || !isfinite(fps) || fps < 1 || fps > 1000)
        return reading_refuse(reading, "line %d: fps must be 1 to 1000, found '%.40s'",
                              reading->line, value);
    reading->out->fps = fps;
    return true;
}

static bool take_facing(reading_t *reading, const char *value)
{
    if (strcmp(value, "right") == 0)
        reading->out->facing = RECORDING_FACING_RIGHT;
    else if (strcmp(value, "unknown") != 0)
        return reading_refuse(reading, "line %d: facing must be right or unknown, found '%.40s'",
                              reading->line, value);
    return true;
}

/* What this version does not know is passed over: a later one may say more. */
static bool take_key(reading_t *reading, char *line)
{
    recording_t *out = reading->out;
    char *space = strchr(line, ' ');
    const char *value = space ? space + 1 : "";
    if (space) *space = '\0';
    if (strcmp(line, "ports") == 0) {
        int64_t ports;
        if (!reading_number(value, 1, RECORDING_MAX_PORTS, &ports))
            return reading_refuse(reading, "line %d: ports must be 1 to %d, found '%.40s'",
                                  reading->line, RECORDING_MAX_PORTS, value);
        out->num_ports = (int32_t)ports;
    }
    if (strcmp(line, "game") == 0) reading_game(reading, value);
    if (strcmp(line, "system") == 0)
        reading_name(out->system, sizeof out->system, value, strlen(value));
    if (strcmp(line, "fps") == 0) return take_fps(reading, value);
    if (strcmp(line, "facing") == 0) return take_facing(reading, value);
    if (strcmp(line, "sha1") == 0 || strcmp(line, "md5") == 0 || strcmp(line, "crc32") == 0)
        return take_hash(reading, line, value);
    return true;
}

/* "end 1234": nothing is missing. */
static bool take_end(reading_t *reading, const char *line)
{
    int64_t num_frames;
    char more[RECORDING_LINE_BYTES];
    if (!reading_number(line + 4, 1, RECORDING_MAX_FRAMES, &num_frames) ||
        num_frames != reading->out->num_frames)
        return reading_refuse(reading, "line %d: it ends after %d frames, but says '%.40s'",
                              reading->line, reading->out->num_frames, line);
    while (reading_line(reading, more))
        if (more[0])
            return reading_refuse(reading, "line %d: nothing may follow the end", reading->line);
    return !reading->why[0];
}

bool read_kata(reading_t *reading)
{
    char line[RECORDING_LINE_BYTES];
    bool in_body = false;
    if (!reading_line(reading, line)) return false;
    if (strcmp(line, HEAD) != 0)
        return reading_refuse(reading,
                              "line 1 must be '" HEAD "', found '%.40s'; a newer Kata may "
                              "have written it",
                              line);
    while (reading_line(reading, line)) {
        if (!line[0]) continue;
        if (strncmp(line, "end ", 4) == 0) return take_end(reading, line);
        bool ok;
        if (strcmp(line, "segment") == 0) {
            if (reading->out->num_ports == 0)
                return reading_refuse(reading,
                                      "line %d: ports must be said before the first "
                                      "segment",
                                      reading->line);
            in_body = true;
            ok = reading_cut(reading);
        } else {
            ok = in_body ? take_row(reading, line) : take_key(reading, line);
        }
        if (!ok) return false;
    }
    return reading->why[0] ? false
                           : reading_refuse(reading, "the last line, 'end', is missing: "
                                                     "the file was cut off");
}

/* ---- writing ---- */

static void print_row(const recording_t *recording, FILE *out, int32_t frame, int32_t num_frames)
{
    static const uint16_t order[16] = { 4, 5, 6, 7, 0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 2, 3 };
    fprintf(out, "%d", num_frames);
    for (int32_t p = 0; p < recording->num_ports; p++) {
        const uint16_t pad = recording_pads(recording, p)[frame];
        char between = ' ';
        if (!pad) fputs(" -", out);
        for (int32_t i = 0; i < 16; i++) {
            if (!(pad >> order[i] & 1)) continue;
            fprintf(out, "%c%s", between, retropad_label(order[i]));
            between = '+';
        }
    }
    fputc('\n', out);
}

static bool same_pads(const recording_t *recording, int32_t a, int32_t b)
{
    for (int32_t p = 0; p < recording->num_ports; p++)
        if (recording_pads(recording, p)[a] != recording_pads(recording, p)[b]) return false;
    return true;
}

static void print_hint(FILE *out, const char *key, const char *value)
{
    if (value[0]) fprintf(out, "%s %s\n", key, value);
}

bool recording_print(const recording_t *recording, FILE *out)
{
    fputs(HEAD "\n", out);
    print_hint(out, "game", recording->game);
    print_hint(out, "system", recording->system);
    print_hint(out, "sha1", recording->sha1);
    print_hint(out, "md5", recording->md5);
    print_hint(out, "crc32", recording->crc32);
    const c_locale_t before = c_locale_enter();
    if (recording->fps > 0) fprintf(out, "fps %.15g\n", recording->fps);
    c_locale_leave(before);
    if (recording->facing == RECORDING_FACING_RIGHT) fputs("facing right\n", out);
    fprintf(out, "ports %d\n", recording->num_ports);
    for (int32_t s = 0; s < recording->num_segments; s++) {
        const int32_t start = recording->segments[s];
        const int32_t end = start + recording_segment_frames(recording, s);
        fputs("\nsegment\n", out);
        for (int32_t f = start, last; f < end; f = last) {
            for (last = f + 1; last < end && same_pads(recording, f, last);) last++;
            print_row(recording, out, f, last - f);
        }
    }
    fprintf(out, "\nend %d\n", recording->num_frames);
    return !ferror(out);
}

bool recording_save(const recording_t *recording, const char *path, why_t why)
{
    files_writer_t writer;
    if (!files_replace_open(&writer, path, why)) return false;
    recording_print(recording, writer.stream); /* commit sees a write that failed */
    return files_replace_commit(&writer, why);
}
