/* builtin.h - the library's presets, inside the programs: they know them wherever they lie.
 *
 * presets/builtin.sh writes the files of presets/library as an array at build time.
 */
#ifndef PRESETS_BUILTIN_H
#define PRESETS_BUILTIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preset.h"
#include "why.h"

typedef struct {
    const char *name; /* "nes/Kumite.kata.json" */
    const uint8_t *bytes;
    size_t num_bytes;
} preset_builtin_t;

extern const preset_builtin_t preset_builtins[]; /* in name order */
extern const int32_t preset_num_builtins;

/* As preset_find(), in these. A person's own come first: ask there before. *name (may be NULL): the
 * file's name in the library, static. False: *out is NULL and `why` says so. */
bool preset_find_builtin(preset_t **out, const char *system, const char *sha1, const char *crc32,
                         const char *md5, const char *game_name, const char **name, why_t why);
/* As preset_find_other_dump(). */
bool preset_find_builtin_other_dump(preset_t **out, const char *system, const char *game_name);

#endif
