/* training_lua.c - the recordings of 3rd_training_lua, a training mode for Fightcade: JSON, an
 * array a frame, in it what is held: [["down","back"],[],["LP"]].
 *
 * The file allows so little that it is read here, not by a JSON library: no value nests deeper, so
 * no file can make it use more memory than its frames.
 */
#include <ctype.h>
#include <string.h>

#include "reading.h"

enum { WORD_BYTES = 24 };

/* Six buttons as FBNeo puts them on a RetroPad. "forward" is right: recordings face right. */
static const struct {
    const char *word;
    uint16_t pad;
} words[] = {
    { "up", 1 << 4 },    { "down", 1 << 5 },  { "back", 1 << 6 }, { "forward", 1 << 7 },
    { "left", 1 << 6 },  { "right", 1 << 7 }, { "LP", 1 << 1 },   { "MP", 1 << 9 },
    { "HP", 1 << 10 },   { "LK", 1 << 0 },    { "MK", 1 << 8 },   { "HK", 1 << 11 },
    { "start", 1 << 3 }, { "coin", 1 << 2 },
};

/* The next character that is no space, which is not taken; 0 at the end. */
static char peek(reading_t *reading)
{
    while (reading->pos < reading->num_bytes &&
           isspace((unsigned char)reading->bytes[reading->pos]))
        reading->pos++;
    return reading->pos < reading->num_bytes ? reading->bytes[reading->pos] : '\0';
}

static bool expect(reading_t *reading, char wanted, const char *what)
{
    const char found = peek(reading);
    if (found == wanted && found) {
        reading->pos++;
        return true;
    }
    if (!found)
        return reading_refuse(reading, "frame %d: expected %s, found the end of the file",
                              reading->out->num_frames + 1, what);
    return reading_refuse(reading, "frame %d: expected %s, found '%c' at byte %zu",
                          reading->out->num_frames + 1, what,
                          isprint((unsigned char)found) ? found : '?', reading->pos + 1);
}

static bool take_word(reading_t *reading, uint16_t *pad)
{
    if (!expect(reading, '"', "a name such as \"down\"")) return false;
    const char *start = reading->bytes + reading->pos;
    const char *end = memchr(start, '"', reading->num_bytes - reading->pos);
    const size_t length = end ? (size_t)(end - start) : 0;
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        if (strlen(words[w].word) != length || memcmp(words[w].word, start, length) != 0) continue;
        *pad |= words[w].pad;
        reading->pos += length + 1;
        return true;
    }
    char name[WORD_BYTES];
    reading_name(name, sizeof name, start, length < WORD_BYTES ? length : WORD_BYTES - 1);
    return reading_refuse(reading,
                          "frame %d: a name must be a direction, a button from LP to HK, "
                          "start or coin, found \"%s\"",
                          reading->out->num_frames + 1, name);
}

static bool take_frame(reading_t *reading)
{
    reading_row_t row = { 0 };
    if (peek(reading) == '{')
        return reading_refuse(reading, "a JSON list of objects is no recording of a training mode; "
                                       "macros of MAME are for `kata preset import`");
    if (!expect(reading, '[', "the [ of a frame")) return false;
    if (peek(reading) == ']') {
        reading->pos++;
        return reading_add(reading, row, 1);
    }
    for (;;) {
        if (!take_word(reading, &row[0])) return false;
        if (peek(reading) != ',') break;
        reading->pos++;
    }
    return expect(reading, ']', "the ] of a frame") && reading_add(reading, row, 1);
}

bool read_training(reading_t *reading)
{
    reading->out->num_ports = 1;
    reading->out->facing = RECORDING_FACING_RIGHT;
    if (!expect(reading, '[', "[")) return false;
    while (peek(reading) != ']') {
        if (reading->out->num_frames > 0 && !expect(reading, ',', "a comma or the last ]"))
            return false;
        if (!take_frame(reading)) return false;
    }
    reading->pos++;
    if (peek(reading))
        return reading_refuse(reading, "there must be nothing behind the last ], found byte %zu",
                              reading->pos + 1);
    return true;
}
