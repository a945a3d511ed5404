/* fm2.c - FCEUX's text movie: a header of "key value" lines, then "|command|pad|pad|other|" a
 * frame.
 */
#include <stdlib.h>
#include <string.h>

#include "reading.h"

enum { FM2_MAX_PORTS = 4, FM2_PAD_LETTERS = 8 };

#define SAVESTATE_NOTE "the savestate that it begins at"

typedef struct {
    int64_t port_kinds[2]; /* 0 nothing, 1 a pad, 2 a light gun */
    bool fourscore, binary, pal;
} fm2_header_t;

/* "RLDUTSBA", in the file's order. */
static const uint16_t pad_bits[FM2_PAD_LETTERS] = { 1 << 7, 1 << 6, 1 << 5, 1 << 4,
                                                    1 << 3, 1 << 2, 1 << 0, 1 << 8 };

/* The MD5 of the game without its header: "base64:..." of 16 bytes, or "0x..." */
static void take_checksum(reading_t *reading, const char *value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    int32_t num_bits = 0;
    size_t used = 0;
    char hex[33] = "";
    if (strncmp(value, "0x", 2) == 0) {
        reading_hex(reading->out->md5, value + 2, 32);
        return;
    }
    if (strncmp(value, "base64:", 7) != 0) return;
    for (const char *c = value + 7; *c && *c != '='; c++) {
        const char *digit = strchr(digits, *c);
        if (!digit) return;
        bits = bits << 6 | (uint32_t)(digit - digits);
        num_bits += 6;
        if (num_bits < 8) continue;
        num_bits -= 8;
        if (used == 16) return; /* longer than an MD5 */
        snprintf(hex + 2 * used++, 3, "%02x", (unsigned)(bits >> num_bits & 0xFF));
    }
    if (used == 16) memcpy(reading->out->md5, hex, sizeof hex);
}

static bool take_flag(reading_t *reading, const char *key, const char *value, bool *flag)
{
    int64_t number;
    if (!reading_number(value, 0, 1, &number))
        return reading_refuse(reading, "line %d: %s must be 0 or 1, found '%.40s'", reading->line,
                              key, value);
    *flag = number == 1;
    return true;
}

static bool take_key(reading_t *reading, fm2_header_t *header, char *line)
{
    char *space = strchr(line, ' ');
    const char *value = space ? space + 1 : "";
    int64_t number;
    if (space) *space = '\0';
    if (strcmp(line, "version") == 0 && !reading_number(value, 3, 3, &number))
        return reading_refuse(reading, "line %d: version must be 3, found '%.40s'", reading->line,
                              value);
    if (strcmp(line, "fourscore") == 0) return take_flag(reading, line, value, &header->fourscore);
    if (strcmp(line, "palFlag") == 0) return take_flag(reading, line, value, &header->pal);
    if (strcmp(line, "binary") == 0) return take_flag(reading, line, value, &header->binary);
    if (strcmp(line, "port0") == 0 || strcmp(line, "port1") == 0) {
        if (!reading_number(value, 0, 2, &header->port_kinds[line[4] - '0']))
            return reading_refuse(reading, "line %d: %s must be 0 to 2, found '%.40s'",
                                  reading->line, line, value);
    }
    if (strcmp(line, "romFilename") == 0) reading_game(reading, value);
    if (strcmp(line, "savestate") == 0) reading_note(reading, SAVESTATE_NOTE);
    if (strcmp(line, "romChecksum") == 0) take_checksum(reading, value);
    return true;
}

/* A field up to the next '|'. */
static bool take_pad(reading_t *reading, const char *field, size_t length, uint16_t *pad)
{
    if (length != FM2_PAD_LETTERS)
        return reading_refuse(reading, "line %d: a pad must be %d letters, found %zu",
                              reading->line, FM2_PAD_LETTERS, length);
    *pad = 0;
    for (size_t i = 0; i < FM2_PAD_LETTERS; i++)
        if (field[i] != '.' && field[i] != ' ') *pad |= pad_bits[i];
    return true;
}

static bool take_frame(reading_t *reading, const fm2_header_t *header, const char *line)
{
    reading_row_t row = { 0 };
    const char *field = line + 1 + strcspn(line + 1, "|"); /* behind the command */
    for (int32_t p = 0; p < reading->out->num_ports; p++) {
        if (*field != '|')
            return reading_refuse(reading, "line %d: a frame must have a command and %d ports",
                                  reading->line, reading->out->num_ports);
        const size_t length = strcspn(++field, "|");
        const bool is_pad = header->fourscore || header->port_kinds[p] == 1;
        if (is_pad && !take_pad(reading, field, length, &row[p])) return false;
        field += length;
    }
    if (*field != '|')
        return reading_refuse(reading, "line %d: the last port must end with |", reading->line);
    return reading_add(reading, row, 1);
}

/* A savestate, or a subtitle, may be longer than any line that says something of the pads. */
static void pass_long_lines(reading_t *reading)
{
    for (;;) {
        const size_t at = reading->pos;
        if (at < reading->num_bytes && reading->bytes[at] == '|') return;
        if (!reading_pass_long_line(reading)) return;
        if (strncmp(reading->bytes + at, "savestate ", 10) == 0)
            reading_note(reading, SAVESTATE_NOTE);
    }
}

/* Everything before the first frame; `line` is that frame. */
static bool take_header(reading_t *reading, fm2_header_t *header, char line[RECORDING_LINE_BYTES])
{
    while (pass_long_lines(reading), reading_line(reading, line)) {
        if (line[0] == '|') break;
        if (!take_key(reading, header, line)) return false;
        /* the frames of a binary movie follow their '|' without lines */
        if (header->binary)
            return reading_refuse(reading, "a binary .fm2: in FCEUX, save it as text "
                                           "(Movie Options, without \"binary\")");
        line[0] = '\0';
    }
    if (reading->why[0]) return false;
    if (line[0] != '|') return reading_refuse(reading, "an .fm2 without frames");
    return true;
}

bool read_fm2(reading_t *reading)
{
    fm2_header_t header = { .port_kinds = { 1, 0 } };
    char line[RECORDING_LINE_BYTES] = "";
    recording_t *out = reading->out;
    if (!take_header(reading, &header, line)) return false;
    out->num_ports = header.fourscore ? FM2_MAX_PORTS : 2;
    out->fps = header.pal ? 50.007 : 60.0988;
    snprintf(out->system, sizeof out->system, "nes");
    for (int32_t p = 0; p < 2 && !header.fourscore; p++)
        if (header.port_kinds[p] == 2) reading_note(reading, "the light gun of port %d", p + 1);
    do {
        if (line[0] == '|' && !take_frame(reading, &header, line)) return false;
    } while (reading_line(reading, line));
    return !reading->why[0];
}
