/* builtin.c - see builtin.h. */
#include "builtin.h"

bool preset_find_builtin(preset_t **out, const char *system, const char *sha1, const char *crc32,
                         const char *md5, const char *game_name, const char **name, why_t why)
{
    for (int32_t i = 0; i < preset_num_builtins; i++) {
        const preset_builtin_t *file = &preset_builtins[i];
        if (!preset_parse(out, (const char *)file->bytes, file->num_bytes, file->name, why))
            continue;
        if (preset_matches(*out, system, sha1, crc32, md5, game_name)) {
            if (name) *name = file->name;
            return true;
        }
        preset_free(*out);
    }
    *out = NULL;
    return refuse(why, "no preset for this game was found");
}

bool preset_find_builtin_other_dump(preset_t **out, const char *system, const char *game_name)
{
    for (int32_t i = 0; i < preset_num_builtins; i++) {
        const preset_builtin_t *file = &preset_builtins[i];
        if (!preset_parse(out, (const char *)file->bytes, file->num_bytes, file->name, NULL))
            continue;
        if (preset_is_of_other_dump(*out, system, game_name)) return true;
        preset_free(*out);
    }
    *out = NULL;
    return false;
}
