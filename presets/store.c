/* store.c - where a stranger's preset is kept. */
#include "store.h"
#include "canonical.h"
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A game's name as a file's name. The loader refuses '/', '\\' and ".." in it already; here nothing
 * but letters, digits and a few signs is left, and it does not hide behind a dot. */
static void file_name(const char *game, char name[PRESET_NAME_BYTES + 1])
{
    size_t length = 0;
    for (const char *c = game; *c && length < PRESET_NAME_BYTES; c++) {
        const bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                           (*c >= '0' && *c <= '9') || ((unsigned char)*c & 0x80) ||
                           strchr(" -_+,()[]'!&", *c) || (*c == '.' && length > 0);
        name[length++] = plain ? *c : '_';
    }
    name[length] = '\0';
}

bool preset_store_path(const preset_t *preset, const char *dir, char path[4096])
{
    char name[PRESET_NAME_BYTES + 1];
    file_name(preset_game(preset), name);
    const int length = snprintf(path, 4096, "%s/%s/%s.kata.json", dir, preset_system(preset), name);
    return length > 0 && length < 4096;
}

bool preset_store(const preset_t *preset, const char *dir, bool replace, char path[4096],
                  char why[PRESET_WHY_BYTES])
{
    struct stat status;
    if (!preset_store_path(preset, dir, path)) {
        if (why) snprintf(why, PRESET_WHY_BYTES, "%.200s: the folder's path is too long", dir);
        return false;
    }
    if (!replace && lstat(path, &status) == 0) {
        if (why)
            snprintf(why, PRESET_WHY_BYTES,
                     "%.300s: there is a preset of this game already; replacing it must be asked "
                     "for",
                     path);
        return false;
    }
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    size_t num_bytes;
    const char *text = preset_text(preset, &num_bytes);
    return files_make_dirs(folder, why) && files_replace(path, text, num_bytes, why);
}

bool preset_export(const preset_t *preset, const char *path, char why[PRESET_WHY_BYTES])
{
    size_t num_bytes;
    char *text = preset_pretty(preset, &num_bytes);
    if (!text) {
        if (why) snprintf(why, PRESET_WHY_BYTES, "%.300s: no memory to write it", path);
        return false;
    }
    const bool ok = files_replace(path, text, num_bytes, why);
    free(text);
    return ok;
}
