/* find.c - walking through folders of presets; the preset of a game. */
#include "files.h"
#include "preset.h"
#include "store.h"
#include "why.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FIND_MAX_DEPTH 2

typedef struct {
    preset_visit_t *visit;
    void *context;
} walk_t;

static bool has_preset_name(const char *name)
{
    static const char ending[] = ".kata.json";
    const size_t length = strlen(name), wanted = sizeof ending - 1;
    return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

static bool visit_file(const walk_t *walk, const char *path)
{
    why_t why = "";
    preset_t *preset;
    preset_load(&preset, path, why);
    const bool go_on = walk->visit(walk->context, path, preset, why);
    preset_free(preset);
    return go_on;
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

/* False once the visitor has seen enough. */
static bool walk_folder(const walk_t *walk, const char *folder, int32_t depth)
{
    struct dirent **entries;
    const int num_entries = scandir(folder, &entries, visible, by_name);
    bool go_on = true;
    for (int i = 0; i < num_entries; i++) {
        char path[FILES_PATH_BYTES];
        struct stat status;
        const int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (go_on && length > 0 && (size_t)length < sizeof path && stat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode) && depth < FIND_MAX_DEPTH)
                go_on = walk_folder(walk, path, depth + 1);
            else if (S_ISREG(status.st_mode) && has_preset_name(entries[i]->d_name))
                go_on = visit_file(walk, path);
        }
        free(entries[i]);
    }
    if (num_entries >= 0) free(entries);
    return go_on;
}

void preset_walk(const char *dirs, preset_visit_t *visit, void *context)
{
    const walk_t walk = { visit, context };
    for (const char *at = dirs; *at;) {
        char folder[FILES_PATH_BYTES];
        const size_t length = strcspn(at, FILES_LIST_SEPARATOR);
        if (length > 0 && length < sizeof folder) {
            memcpy(folder, at, length);
            folder[length] = '\0';
            if (!walk_folder(&walk, folder, 0)) return;
        }
        at += length + (at[length] != '\0');
    }
}

/* ---- finding ---- */

typedef struct {
    const char *system, *sha1, *crc32, *md5, *game_name;
    bool of_other_dump; /* is wanted */
    bool found;
    char path[FILES_PATH_BYTES];
    why_t first_broken;
} preset_search_t;

static bool is_it(void *context, const char *path, preset_t *preset, const char *why)
{
    preset_search_t *search = context;
    if (!preset) {
        if (!search->first_broken[0])
            snprintf(search->first_broken, sizeof search->first_broken, "%s", why);
        return true;
    }
    search->found = search->of_other_dump
                        ? preset_is_of_other_dump(preset, search->system, search->game_name)
                        : preset_matches(preset, search->system, search->sha1, search->crc32,
                                         search->md5, search->game_name);
    if (search->found) snprintf(search->path, sizeof search->path, "%s", path);
    return !search->found;
}

bool preset_find(preset_t **out, const char *dirs, const char *system, const char *sha1,
                 const char *crc32, const char *md5, const char *game_name, char path[4096],
                 why_t why)
{
    preset_search_t search = {
        .system = system, .sha1 = sha1, .crc32 = crc32, .md5 = md5, .game_name = game_name
    };
    *out = NULL;
    preset_walk(dirs, is_it, &search);
    if (path) snprintf(path, 4096, "%s", search.path);
    if (search.found) return preset_load(out, search.path, why);
    if (why)
        refuse(why, "%s",
               search.first_broken[0] ? search.first_broken : "no preset for this game was found");
    return false;
}

bool preset_find_other_dump(preset_t **out, const char *dirs, const char *system,
                            const char *game_name, char path[4096])
{
    preset_search_t search = { .system = system, .game_name = game_name, .of_other_dump = true };
    *out = NULL;
    preset_walk(dirs, is_it, &search);
    snprintf(path, 4096, "%s", search.path);
    return search.found && preset_load(out, search.path, NULL);
}
