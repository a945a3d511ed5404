/* bk2.c - BizHawk's movie: a zip with "Input Log.txt", whose LogKey line names the controls and
 * whose other lines hold a letter for each that is down; and with "Header.txt".
 *
 * Rows are read as BizHawk reads them: the bars between groups count for nothing, the order of the
 * names alone says what a letter is (Bk2Controller.SetFromMnemonic). gym-retro and stable-retro
 * write the names over the words "LogKey:#Reset|Power|#", which are lost, but the letters for Reset
 * and Power are in each row (retro's movie-bk2.cpp). A log without any names is read by its
 * letters, as both programs do for a game that they know.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zip.h>

#include "reading.h"
#include "zip_member.h"

enum { MAX_CONTROLS = 1024, MAX_MEMBERS = 256, MAX_HEADER_BYTES = 1 << 20 };

typedef struct {
    int32_t port; /* -1: not a pad's: reset, power, a disc ... */
    uint16_t pad; /* 0: a control that a RetroPad has not */
    char name[40];
} control_t;

typedef struct {
    control_t controls[MAX_CONTROLS];
    int32_t num_controls;
    bool is_there, has_no_word; /* without "LogKey:", as retro writes it */
    bool is_noted[256];         /* letters that no button has, where there are no names */
    char text[RECORDING_LINE_BYTES];
} log_key_t;

/* The platforms of BizHawk, and of retro where it writes its own, by Kata's names. */
static const struct {
    const char *platform, *system;
    double fps;
} platforms[] = {
    { "NES", "nes", 60.0988 },      { "SNES", "snes", 60.0988 },   { "GEN", "genesis", 59.9228 },
    { "32X", "32x", 59.9228 },      { "SMS", "sms", 59.9228 },     { "GG", "gg", 59.9228 },
    { "GB", "gb", 59.7275 },        { "GBC", "gbc", 59.7275 },     { "GBA", "gba", 59.7275 },
    { "PCE", "pce", 59.8261 },      { "PCECD", "pce", 59.8261 },   { "A26", "atari2600", 59.9227 },
    { "32x", "32x", 59.9228 },      { "Sms", "sms", 59.9228 },     { "GameGear", "gg", 59.9228 },
    { "GameBoy", "gb", 59.7275 },   { "GbColor", "gbc", 59.7275 }, { "GbAdvance", "gba", 59.7275 },
    { "PCEngine", "pce", 59.8261 },
};

/* The letters of buttons, the same for all systems of this list (Bk2MnemonicLookup). A PC Engine's
 * are not here: R is Right and Run. */
static const struct {
    char letter;
    const char *name;
} letters[] = {
    { 'U', "Up" },     { 'D', "Down" }, { 'L', "Left" }, { 'R', "Right" }, { 'S', "Start" },
    { 's', "Select" }, { 'A', "A" },    { 'B', "B" },    { 'C', "C" },     { 'X', "X" },
    { 'Y', "Y" },      { 'Z', "Z" },    { 'M', "Mode" }, { 'l', "L" },     { 'r', "R" },
    { '1', "B1" },     { '2', "B2" },
};

/* Buttons that are not called as on a RetroPad, where the libretro cores of a system put them. */
static const struct {
    const char *system, *name;
    int32_t id;
} buttons[] = {
    { "genesis", "A", 1 },    { "genesis", "B", 0 },
    { "genesis", "C", 8 },    { "genesis", "X", 10 },
    { "genesis", "Y", 9 },    { "genesis", "Z", 11 },
    { "genesis", "Mode", 2 }, { "32x", "A", 1 },
    { "32x", "B", 0 },        { "32x", "C", 8 },
    { "32x", "X", 10 },       { "32x", "Y", 9 },
    { "32x", "Z", 11 },       { "32x", "Mode", 2 },
    { "sms", "B1", 0 },       { "sms", "B2", 8 },
    { "gg", "B1", 0 },        { "gg", "B2", 8 },
    { "pce", "I", 8 },        { "pce", "B1", 8 },
    { "pce", "II", 0 },       { "pce", "B2", 0 },
    { "pce", "III", 1 },      { "pce", "B3", 1 },
    { "pce", "IV", 9 },       { "pce", "B4", 9 },
    { "pce", "V", 10 },       { "pce", "B5", 10 },
    { "pce", "VI", 11 },      { "pce", "B6", 11 },
    { "pce", "Run", 3 },      { "atari2600", "Button", 0 },
};

static const struct {
    const char *name;
    int32_t id;
} pad_names[] = {
    { "B", 0 },    { "Y", 1 },     { "Select", 2 }, { "Start", 3 }, { "Up", 4 }, { "Down", 5 },
    { "Left", 6 }, { "Right", 7 }, { "A", 8 },      { "X", 9 },     { "L", 10 }, { "R", 11 },
    { "L2", 12 },  { "R2", 13 },   { "L3", 14 },    { "R3", 15 },
};

static uint16_t pad_of(const char *system, const char *name)
{
    for (size_t b = 0; b < sizeof buttons / sizeof buttons[0]; b++)
        if (strcmp(buttons[b].system, system) == 0 && strcmp(buttons[b].name, name) == 0)
            return (uint16_t)(1u << buttons[b].id);
    for (size_t b = 0; b < sizeof pad_names / sizeof pad_names[0]; b++)
        if (strcasecmp(pad_names[b].name, name) == 0) return (uint16_t)(1u << pad_names[b].id);
    return 0;
}

/* ---- the zip ---- */

/* A member in memory that the caller frees, with a NUL behind it. NULL: it is not there
 * (`why` is empty), or it is refused. */
static char *take_member(reading_t *reading, zip_t *zip, const char *name, size_t max_bytes,
                         size_t *num_bytes)
{
    zip_stat_t status;
    const zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_NOCASE | ZIP_FL_NODIR);
    if (index < 0 || zip_stat_index(zip, (zip_uint64_t)index, 0, &status) != 0) return NULL;
    if (!(status.valid & ZIP_STAT_SIZE) || status.size > max_bytes) {
        reading_refuse(reading, "%s in the zip must be at most %zu bytes unpacked", name,
                       max_bytes);
        return NULL;
    }
    char *bytes = (char *)zip_member_read(zip, (zip_uint64_t)index, (size_t)status.size);
    if (!bytes) {
        reading_refuse(reading, "%s in the zip is damaged, or packed in a way that cannot be read",
                       name);
        return NULL;
    }
    *num_bytes = (size_t)status.size;
    return bytes;
}

static zip_t *open_zip(reading_t *reading)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(reading->bytes, reading->num_bytes, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        if (source) zip_source_free(source);
        reading_refuse(reading, "not a whole zip: %s", zip_error_strerror(&error));
    } else if (zip_get_num_entries(zip, 0) > MAX_MEMBERS) {
        reading_refuse(reading, "the zip must have at most %d members, found %lld", MAX_MEMBERS,
                       (long long)zip_get_num_entries(zip, 0));
        zip_discard(zip);
        zip = NULL;
    }
    zip_error_fini(&error);
    return zip;
}

/* ---- Header.txt ---- */

static void take_header(reading_t *reading, const char *header)
{
    recording_t *out = reading->out;
    while (*header) {
        const size_t length = strcspn(header, "\r\n");
        char line[256];
        snprintf(line, sizeof line, "%.*s", (int)(length < 255 ? length : 255), header);
        const char *value = strchr(line, ' ');
        value = value ? value + 1 : "";
        if (strncmp(line, "GameName ", 9) == 0) reading_game(reading, value);
        if (strncmp(line, "SHA1 ", 5) == 0) reading_hex(out->sha1, value, 40);
        if (strncmp(line, "MD5 ", 4) == 0) reading_hex(out->md5, value, 32);
        for (size_t p = 0; p < sizeof platforms / sizeof platforms[0]; p++) {
            if (strncmp(line, "Platform ", 9) != 0 || strcmp(value, platforms[p].platform) != 0)
                continue;
            snprintf(out->system, sizeof out->system, "%s", platforms[p].system);
            out->fps = platforms[p].fps;
        }
        if (strcmp(line, "PAL 1") == 0 || strcmp(line, "PAL True") == 0) out->fps = 50;
        header += length;
        header += strspn(header, "\r\n");
    }
}

/* ---- Input Log.txt ---- */

/* "P2 Up" is Up on port 1; without a player it is the first one's, but for the console's own. */
static void place_control(const char *system, control_t *control)
{
    static const char *const consoles[] = { "Reset", "Power" };
    const char *name = control->name;
    control->port = 0;
    for (size_t c = 0; c < 2; c++)
        if (strcmp(name, consoles[c]) == 0) control->port = -1;
    char *end;
    const long player =
        name[0] == 'P' && name[1] >= '1' && name[1] <= '9' ? strtol(name + 1, &end, 10) : 0;
    if (player > 0 && *end == ' ') {
        control->port = player <= RECORDING_MAX_PORTS ? (int32_t)player - 1 : -1;
        name = end + 1;
        if (strcmp(name, "Power") == 0 || strcmp(name, "Reset") == 0) control->port = -1;
    }
    control->pad = control->port >= 0 ? pad_of(system, name) : 0;
}

static bool add_control(reading_t *reading, log_key_t *key, const char *name, size_t length)
{
    recording_t *out = reading->out;
    if (key->num_controls == MAX_CONTROLS)
        return reading_refuse(reading, "the LogKey must name at most %d controls", MAX_CONTROLS);
    control_t *control = &key->controls[key->num_controls++];
    *control = (control_t){ 0 };
    reading_name(control->name, sizeof control->name, name, length);
    place_control(out->system, control);
    if (control->pad && out->num_ports <= control->port) out->num_ports = control->port + 1;
    if (control->port >= 0 && !control->pad) reading_note(reading, "%s", control->name);
    return true;
}

static bool take_log_key(reading_t *reading, log_key_t *key, const char *text)
{
    if (key->is_there)
        return strcmp(key->text, text) == 0 ||
               reading_refuse(reading, "Input Log.txt has two LogKeys that differ");
    key->is_there = true;
    snprintf(key->text, sizeof key->text, "%s", text);
    if (key->has_no_word &&
        !(add_control(reading, key, "Reset", 5) && add_control(reading, key, "Power", 5)))
        return false;
    for (const char *name = text; *name;) {
        const size_t length = strcspn(name, "|#");
        if (length > 0 && !add_control(reading, key, name, length)) return false;
        name += length;
        if (*name) name++;
    }
    if (reading->out->num_ports > 0) return true;
    return reading_refuse(reading, "the LogKey names no button of a pad");
}

/* An axis is written as a number and a comma, right-aligned: "  -12,". Its length, or 0. */
static size_t axis_length(const char *at)
{
    size_t length = strspn(at, " ");
    length += strspn(at + length, "+-");
    const size_t digits = strspn(at + length, "0123456789");
    length += digits;
    return digits > 0 && at[length] == ',' ? length + 1 : 0;
}

static bool take_frame(reading_t *reading, const log_key_t *key, const char *line)
{
    reading_row_t row = { 0 };
    const char *at = line;
    for (int32_t c = 0; c < key->num_controls; c++) {
        const control_t *control = &key->controls[c];
        at += strspn(at, "|");
        const size_t axis = axis_length(at);
        if (axis > 0) {
            at += axis;
            continue;
        }
        if (*at == '\0')
            return reading_refuse(reading, "Input Log.txt line %d: there is nothing for %s",
                                  reading->line, control->name);
        if (*at != '.' && *at != ' ' && control->pad) row[control->port] |= control->pad;
        at++;
    }
    if (strcmp(at, "|") != 0)
        return reading_refuse(reading, "Input Log.txt line %d: more than the LogKey names",
                              reading->line);
    return reading_add(reading, row, 1);
}

/* No names: of several groups the first is the console's, then comes a player each. */
static bool take_frame_by_letters(reading_t *reading, log_key_t *key, const char *line)
{
    recording_t *out = reading->out;
    reading_row_t row = { 0 };
    int32_t num_groups = -1;
    for (const char *c = line; *c; c++) num_groups += *c == '|';
    if (num_groups < 1 || num_groups > RECORDING_MAX_PORTS + 1 || line[strlen(line) - 1] != '|')
        return reading_refuse(reading,
                              "Input Log.txt line %d: it must be 1 to %d groups, each "
                              "between |",
                              reading->line, RECORDING_MAX_PORTS + 1);
    int32_t port = num_groups > 1 ? -2 : -1;
    for (const char *c = line; *c; c++) {
        if (*c == '|') port++;
        if (*c == '|' || *c == '.' || port < 0) continue;
        const size_t axis = axis_length(c);
        if (axis > 0) {
            c += axis - 1;
            continue;
        }
        size_t l = 0;
        while (l < sizeof letters / sizeof letters[0] && letters[l].letter != *c) l++;
        const uint16_t pad =
            l < sizeof letters / sizeof letters[0] ? pad_of(out->system, letters[l].name) : 0;
        row[port] |= pad;
        if (pad || key->is_noted[(uint8_t)*c]) continue;
        key->is_noted[(uint8_t)*c] = true;
        reading_note(reading, "letter %c", *c > 0x20 && *c < 0x7F ? *c : '?');
    }
    if (out->num_ports < num_groups - (num_groups > 1))
        out->num_ports = num_groups - (num_groups > 1);
    return reading_add(reading, row, 1);
}

static bool take_row(reading_t *reading, log_key_t *key, const char *line)
{
    if (key->is_there) return take_frame(reading, key, line);
    if (!reading->out->system[0] || strcmp(reading->out->system, "pce") == 0)
        return reading_refuse(reading, "Input Log.txt has no LogKey, and its letters alone do not "
                                       "say what they are on this platform");
    return take_frame_by_letters(reading, key, line);
}

static bool take_log(reading_t *reading, log_key_t *key)
{
    char line[RECORDING_LINE_BYTES];
    while (reading_line(reading, line)) {
        bool ok = true;
        if (strncmp(line, "LogKey:", 7) == 0) {
            ok = take_log_key(reading, key, line + 7);
        } else if (line[0] == '|') {
            ok = take_row(reading, key, line);
        } else if (reading->out->num_frames == 0 && strchr(line, '|')) {
            key->has_no_word = true;
            ok = take_log_key(reading, key, line);
        }
        if (!ok) return false;
    }
    return !reading->why[0];
}

static bool take_members(reading_t *reading, zip_t *zip)
{
    size_t header_bytes = 0, log_bytes = 0;
    char *header = take_member(reading, zip, "Header.txt", MAX_HEADER_BYTES, &header_bytes);
    if (reading->why[0]) return false;
    if (header) take_header(reading, header);
    free(header);
    if (zip_name_locate(zip, "Core.bin", ZIP_FL_NOCASE | ZIP_FL_NODIR) >= 0 ||
        zip_name_locate(zip, "CoreText.txt", ZIP_FL_NOCASE | ZIP_FL_NODIR) >= 0)
        reading_note(reading, "the savestate that it begins at");
    char *log = take_member(reading, zip, "Input Log.txt", RECORDING_FILE_BYTES, &log_bytes);
    if (reading->why[0]) return false;
    if (!log) return reading_refuse(reading, "a zip without \"Input Log.txt\" is no .bk2");
    log_key_t *key = calloc(1, sizeof *key);
    reading->bytes = log;
    reading->num_bytes = log_bytes;
    reading->pos = 0;
    const bool ok = key ? take_log(reading, key) : reading_refuse(reading, "no memory");
    free(key);
    free(log);
    reading->bytes = NULL;
    reading->num_bytes = 0;
    return ok;
}

bool read_bk2(reading_t *reading)
{
    zip_t *zip = open_zip(reading);
    if (!zip) return false;
    const bool ok = take_members(reading, zip);
    zip_discard(zip);
    return ok;
}
