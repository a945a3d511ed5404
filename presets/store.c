/* store.c - where a preset from others is kept. */
#include "store.h"
#include "files.h"
#include "why.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The loader refuses '/', '\\' and ".." in a name already; here nothing but letters, digits and a
 * few signs is left, and it does not hide behind a dot. */
void preset_store_name(const preset_t *preset, char name[PRESET_STORE_NAME_BYTES])
{
    size_t length = 0;
    for (const char *c = preset_game(preset); *c && length < PRESET_NAME_BYTES; c++) {
        const bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                           (*c >= '0' && *c <= '9') || ((unsigned char)*c & 0x80) ||
                           strchr(" -_+,()[]'!&", *c) || (*c == '.' && length > 0);
        name[length++] = plain ? *c : '_';
    }
    strcpy(name + length, ".kata.json");
}

bool preset_store_path(const preset_t *preset, const char *dir, char path[4096])
{
    char name[PRESET_STORE_NAME_BYTES];
    preset_store_name(preset, name);
    const int length = snprintf(path, 4096, "%s/%s/%s", dir, preset_system(preset), name);
    return length > 0 && length < 4096;
}

bool preset_store(const preset_t *preset, const char *dir, bool replace, char path[4096], why_t why)
{
    struct stat status;
    if (!preset_store_path(preset, dir, path)) {
        refuse(why, "%.200s: the folder's path is too long", dir);
        return false;
    }
    if (!replace && lstat(path, &status) == 0) {
        if (why)
            refuse(why,
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
