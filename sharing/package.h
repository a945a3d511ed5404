/* package.h - a .kata file: what one person knows of a game, for another.
 *
 *     package_t package;
 *     if (!package_read(&package, "ryu.kata", why)) return say(why);
 *     const package_part_t *preset = package_part(&package, PACKAGE_PRESET);
 *     package_free(&package);
 *
 * FORMAT.md specifies it: a zip of a manifest and the parts that it lists, with their SHA-256. It
 * holds no ROM, no savestate and no path of who made it. The file is not trusted: its size, the
 * number and names of its members, how they are packed and how large they unpack are checked before
 * anything is unpacked, every digest afterwards. What is in the parts is checked by shelf.h.
 *
 * May include: json.h, preset.h, files, libzip, cJSON. Must not include: cores, faces.
 */
#ifndef SHARING_PACKAGE_H
#define SHARING_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define PACKAGE_MAX_FILE_BYTES ((size_t)128 << 20)
#define PACKAGE_MAX_BYTES ((size_t)256 << 20) /* of all its parts, unpacked */
#define PACKAGE_MANIFEST_BYTES ((size_t)64 << 10)
#define PACKAGE_MAX_PARTS 70
#define PACKAGE_NAME_BYTES 33      /* an agent's name: a-z 0-9 - _, 1 to 32 */
#define PACKAGE_PART_NAME_BYTES 96 /* "recordings/20260131-235959.kata-recording" */
#define PACKAGE_TEXT_BYTES 64

#define PACKAGE_MANIFEST "manifest.json"
#define PACKAGE_PRESET "preset.json"
#define PACKAGE_AGENT "agent.safetensors"
#define PACKAGE_LEAGUE "league/league.json" /* league.h: past selves that are its strengths */
#define PACKAGE_PAST "league/"              /* "league/0007.safetensors" */
#define PACKAGE_RECORDINGS "recordings/"
#define PACKAGE_RECORDING_SUFFIX ".kata-recording"

/* How often it won when it was last evaluated. */
typedef struct {
    int32_t episodes; /* 0: it never was */
    int32_t won, lost, drawn;
    double win_rate, win_low, win_high; /* with its 95 % interval */
    double mean_return;
} package_rating_t;

typedef struct {
    int64_t decisions, updates, frames; /* frames 0: not known */
    bool is_half;                       /* its weights are in half precision */
    int32_t port;                       /* whose pad it played, from 1 */
    char core[PACKAGE_TEXT_BYTES], start[PACKAGE_TEXT_BYTES],
        versus[PACKAGE_TEXT_BYTES]; /* or "" */
    package_rating_t rating;
} package_training_t;

typedef struct {
    char name[PACKAGE_PART_NAME_BYTES];
    size_t num_bytes;
    char sha256[65];
    uint8_t *bytes; /* owned, a NUL behind them; NULL if only the manifest was read */
} package_part_t;

typedef struct {
    char name[PACKAGE_NAME_BYTES];
    char game[PACKAGE_TEXT_BYTES], system[16], sha1[41]; /* sha1 "": not known */
    char made_by[PACKAGE_TEXT_BYTES];                    /* "kata 0.1" */
    bool has_agent;
    package_training_t training; /* if has_agent */
    int32_t num_parts;
    package_part_t parts[PACKAGE_MAX_PARTS];
    char *manifest; /* owned: its text as it stands in the file */
    size_t manifest_bytes;
} package_t;

/* a-z 0-9 - _, 1 to 32 of them; "own" is what one's own agent is called. */
bool package_name_is_valid(const char *name);

/* False: *out is empty, and `why` begins with the file's name. */
bool package_read(package_t *out, const char *path, why_t why);
/* The manifest alone: nothing else is unpacked, no digest is checked. */
bool package_peek(package_t *out, const char *path, why_t why);
/* The same as package_read() of bytes in memory. source: a name for messages. */
bool package_parse(package_t *out, const uint8_t *bytes, size_t num_bytes, const char *source,
                   why_t why);
void package_free(package_t *package); /* empty afterwards */

const package_part_t *package_part(const package_t *package, const char *name); /* NULL: none */

/* To make one: fill in what the manifest says, add parts, write. bytes: taken over, from malloc();
 * freed if it is refused (a name that no reader takes, too many, too large). */
bool package_add(package_t *package, const char *name, uint8_t *bytes, size_t num_bytes, why_t why);
/* Replaces `path` whole or not at all. The same contents give the same bytes. */
bool package_write(package_t *package, const char *path, why_t why);

#endif
