/* bk2.c - BizHawk's movie: a zip with "Input Log.txt", whose LogKey line names the controls and
 * whose other lines hold a letter for each that is down; and with "Header.txt".
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zip.h>

#include "reading.h"

enum { MAX_CONTROLS = 1024, MAX_MEMBERS = 256, MAX_HEADER_BYTES = 1 << 20 };

typedef struct {
    int32_t port; /* -1: not a pad's: reset, power, a disc ... */
    uint16_t pad; /* 0: a control that a RetroPad has not */
    bool starts_group;
    char name[40];
} control_t;

typedef struct {
    control_t controls[MAX_CONTROLS];
    int32_t num_controls;
} log_key_t;

/* BizHawk's platforms by Kata's names. */
static const struct {
    const char *platform, *system;
    double fps;
} platforms[] = {
    { "NES", "nes", 60.0988 }, { "SNES", "snes", 60.0988 }, { "GEN", "genesis", 59.9228 },
    { "32X", "32x", 59.9228 }, { "SMS", "sms", 59.9228 },   { "GG", "gg", 59.9228 },
    { "GB", "gb", 59.7275 },   { "GBC", "gbc", 59.7275 },   { "GBA", "gba", 59.7275 },
    { "PCE", "pce", 59.8261 }, { "PCECD", "pce", 59.8261 }, { "A26", "atari2600", 59.9227 },
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
    zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    char *bytes = malloc((size_t)status.size + 1);
    zip_int64_t got = file && bytes ? zip_fread(file, bytes, status.size) : -1;
    /* The end must be asked for: there libzip compares the checksum. */
    char more;
    if (got >= 0 && zip_fread(file, &more, 1) != 0) got = -1;
    if (file) zip_fclose(file);
    if (got < 0 || (zip_uint64_t)got != status.size) {
        free(bytes);
        reading_refuse(reading, "%s in the zip is damaged, or packed in a way that cannot be read",
                       name);
        return NULL;
    }
    bytes[status.size] = '\0';
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
        if (strncmp(line, "GameName ", 9) == 0)
            reading_name(out->game, sizeof out->game, value, strlen(value));
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
    if (name[0] == 'P' && name[1] >= '1' && name[1] <= '9' && name[2] == ' ') {
        control->port = name[1] - '1';
        name += 3;
        if (strcmp(name, "Power") == 0 || strcmp(name, "Reset") == 0) control->port = -1;
    }
    if (control->port >= RECORDING_MAX_PORTS) control->port = -1;
    control->pad = control->port >= 0 ? pad_of(system, name) : 0;
}

static bool take_log_key(reading_t *reading, log_key_t *key, const char *text)
{
    recording_t *out = reading->out;
    bool starts_group = true;
    key->num_controls = 0;
    for (const char *name = text; *name;) {
        const size_t length = strcspn(name, "|#");
        if (length > 0) {
            if (key->num_controls == MAX_CONTROLS)
                return reading_refuse(reading, "the LogKey must name at most %d controls",
                                      MAX_CONTROLS);
            control_t *control = &key->controls[key->num_controls++];
            *control = (control_t){ .starts_group = starts_group };
            reading_name(control->name, sizeof control->name, name, length);
            place_control(out->system, control);
            if (control->pad && out->num_ports <= control->port) out->num_ports = control->port + 1;
            if (control->port >= 0 && !control->pad) reading_note(reading, "%s", control->name);
            starts_group = false;
        }
        name += length;
        if (*name == '#') starts_group = true;
        if (*name) name++;
    }
    if (out->num_ports > 0) return true;
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
        if (control->starts_group && *at++ != '|')
            return reading_refuse(reading, "Input Log.txt line %d: expected | before %s",
                                  reading->line, control->name);
        const size_t axis = axis_length(at);
        if (axis > 0) {
            at += axis;
            continue;
        }
        if (*at == '\0' || *at == '|')
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

static bool take_log(reading_t *reading, log_key_t *key)
{
    char line[RECORDING_LINE_BYTES];
    bool has_key = false;
    while (reading_line(reading, line)) {
        if (strncmp(line, "LogKey:", 7) == 0) {
            if (has_key) return reading_refuse(reading, "Input Log.txt has two LogKeys");
            has_key = true;
            if (!take_log_key(reading, key, line + 7)) return false;
        } else if (line[0] == '|') {
            if (!has_key) return reading_refuse(reading, "Input Log.txt has no LogKey");
            if (!take_frame(reading, key, line)) return false;
        }
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
    char *log = take_member(reading, zip, "Input Log.txt", RECORDING_FILE_BYTES, &log_bytes);
    if (reading->why[0]) return false;
    if (!log) return reading_refuse(reading, "a zip without \"Input Log.txt\" is no .bk2");
    log_key_t *key = malloc(sizeof *key);
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
