/* find.c - the preset of a game in folders of presets. */
#include "files.h"
#include "preset.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FIND_MAX_DEPTH 2

typedef struct {
    const char *system, *sha1, *crc32, *md5, *game_name;
    preset_t *found;
    char *path;         /* of what was found, 4096 bytes, or NULL */
    char *first_broken; /* sentence, PRESET_WHY_BYTES */
} search_t;

static bool has_preset_name(const char *name)
{
    static const char ending[] = ".kata.json";
    const size_t length = strlen(name), wanted = sizeof ending - 1;
    return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

static bool try_file(search_t *search, const char *path)
{
    char why[PRESET_WHY_BYTES];
    preset_t *preset;
    if (!preset_load(&preset, path, why)) {
        if (!search->first_broken[0]) snprintf(search->first_broken, PRESET_WHY_BYTES, "%s", why);
        return false;
    }
    if (!preset_matches(preset, search->system, search->sha1, search->crc32, search->md5,
                        search->game_name)) {
        preset_free(preset);
        return false;
    }
    search->found = preset;
    if (search->path) snprintf(search->path, 4096, "%s", path);
    return true;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Bytes, not the locale: the same order everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* True once something was found. */
static bool search_folder(search_t *search, const char *folder, int32_t depth)
{
    struct dirent **entries;
    const int num_entries = scandir(folder, &entries, visible, by_name);
    bool found = false;
    for (int i = 0; i < num_entries; i++) {
        char path[FILES_PATH_BYTES];
        struct stat status;
        const int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (!found && length > 0 && (size_t)length < sizeof path && stat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode) && depth < FIND_MAX_DEPTH)
                found = search_folder(search, path, depth + 1);
            else if (S_ISREG(status.st_mode) && has_preset_name(entries[i]->d_name))
                found = try_file(search, path);
        }
        free(entries[i]);
    }
    if (num_entries >= 0) free(entries);
    return found;
}

bool preset_find(preset_t **out, const char *dirs, const char *system, const char *sha1,
                 const char *crc32, const char *md5, const char *game_name, char path[4096],
                 char why[PRESET_WHY_BYTES])
{
    char broken[PRESET_WHY_BYTES] = "";
    search_t search = { .system = system,
                        .sha1 = sha1,
                        .crc32 = crc32,
                        .md5 = md5,
                        .game_name = game_name,
                        .path = path,
                        .first_broken = broken };
    *out = NULL;
    for (const char *at = dirs; *at;) {
        char folder[FILES_PATH_BYTES];
        const size_t length = strcspn(at, ":");
        if (length > 0 && length < sizeof folder) {
            memcpy(folder, at, length);
            folder[length] = '\0';
            if (search_folder(&search, folder, 0)) break;
        }
        at += length + (at[length] == ':');
    }
    *out = search.found;
    if (search.found) return true;
    if (path) path[0] = '\0';
    if (why)
        snprintf(why, PRESET_WHY_BYTES, broken[0] ? "%s" : "no preset for this game was found%s",
                 broken);
    return false;
}
