/* home.c - the folders of DESIGN.md's "Saved per game". */
#include "home.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "why.h"

static const char *env_or_null(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

bool home_join(char path[HOME_PATH_BYTES], const char *dir, const char *name, why_t why)
{
    if (snprintf(path, HOME_PATH_BYTES, "%s/%s", dir, name) < HOME_PATH_BYTES) return true;
    return refuse(why, "%.200s...: too long a path", dir);
}

/* $XDG_DATA_HOME/kata or ~/.local/share/kata. XDG says: a relative path is to be ignored. */
static bool xdg_home(char path[HOME_PATH_BYTES])
{
    const char *data = env_or_null("XDG_DATA_HOME"), *home = env_or_null("HOME");
    if (data && files_is_absolute(data)) return home_join(path, data, "kata", NULL);
    return home && home_join(path, home, ".local/share/kata", NULL);
}

bool home_for_writing(char path[HOME_PATH_BYTES], why_t why)
{
    const char *own = env_or_null("KATA_HOME");
    if (own) {
        if (snprintf(path, HOME_PATH_BYTES, "%s", own) < HOME_PATH_BYTES) return true;
        return refuse(why, "KATA_HOME is too long a path");
    }
    if (xdg_home(path)) return true;
    return refuse(why, "nowhere to save: neither KATA_HOME, XDG_DATA_HOME nor HOME is set");
}

bool home_for_cache(char path[HOME_PATH_BYTES])
{
    const char *own = env_or_null("KATA_HOME"), *cache = env_or_null("XDG_CACHE_HOME");
    const char *home = env_or_null("HOME");
    if (own) return home_join(path, own, "cache", NULL);
    if (cache && cache[0] == '/') return home_join(path, cache, "kata", NULL);
    return home && home_join(path, home, ".cache/kata", NULL);
}

static bool is_plain_name(const char *s)
{
    if (!*s) return false;
    for (; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_')) return false;
    return true;
}

bool home_game_dir(char path[HOME_PATH_BYTES], const char *home, const char *system,
                   const char *sha1, why_t why)
{
    if (!is_plain_name(system) || !is_plain_name(sha1))
        return refuse(why, "a game's folder is named by its system and SHA-1 in lower case");
    if (snprintf(path, HOME_PATH_BYTES, "%s/%s-%s", home, system, sha1) < HOME_PATH_BYTES)
        return true;
    return refuse(why, "the path of the game's folder is too long");
}

static bool holds_agent(const char *home, const char *system, const char *sha1,
                        char game_dir[HOME_PATH_BYTES])
{
    char file[HOME_PATH_BYTES];
    return home_game_dir(game_dir, home, system, sha1, NULL) &&
           home_join(file, game_dir, "agent.safetensors", NULL) && access(file, R_OK) == 0;
}

enum { SAVE_PARENTS = 3 }; /* <saves>/<content's folder>/<core>/.netplay */

/* The save folder itself, then the folders above it; false at the end. RetroArch may sort saves by
 * core and by content, and gives a netplay client a folder below, so that what is in the saves'
 * root is found from each of them. */
static bool next_save_home(char folder[HOME_PATH_BYTES], int step, char home[HOME_PATH_BYTES])
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') folder[--length] = '\0';
    if (step > 0) {
        char *const slash = strrchr(folder, '/');
        if (!slash || slash == folder) return false;
        *slash = '\0';
    }
    return step <= SAVE_PARENTS && folder[0] && home_join(home, folder, "kata", NULL);
}

static bool begin_save_homes(char folder[HOME_PATH_BYTES], const char *save_dir)
{
    return save_dir && snprintf(folder, HOME_PATH_BYTES, "%s", save_dir) < HOME_PATH_BYTES;
}

bool home_visit_saves(const char *save_dir, home_visit_t *visit, void *context)
{
    char home[HOME_PATH_BYTES], folder[HOME_PATH_BYTES];
    if (begin_save_homes(folder, save_dir))
        for (int step = 0; next_save_home(folder, step, home); step++)
            if (!visit(context, home)) return false;
    return true;
}

bool home_visit(const char *save_dir, home_visit_t *visit, void *context)
{
    char home[HOME_PATH_BYTES];
    const char *own = env_or_null("KATA_HOME");
    return home_visit_saves(save_dir, visit, context) && (!own || visit(context, own)) &&
           (!xdg_home(home) || visit(context, home));
}

typedef struct {
    const char *system, *sha1;
    char *game_dir;
} agent_search_t;

static bool look_for_agent(void *context, const char *home)
{
    const agent_search_t *search = context;
    return !holds_agent(home, search->system, search->sha1, search->game_dir);
}

bool home_find_agent(char game_dir[HOME_PATH_BYTES], const char *save_dir, const char *system,
                     const char *sha1)
{
    agent_search_t search = { system, sha1, game_dir };
    if (!home_visit(save_dir, look_for_agent, &search)) return true;
    game_dir[0] = '\0';
    return false;
}

static void add_dir(char *out, size_t out_bytes, const char *dir, const char *below)
{
    const size_t length = strlen(out);
    const int more = snprintf(out + length, out_bytes - length, "%s%s%s%s",
                              length ? FILES_LIST_SEPARATOR : "", dir, *below ? "/" : "", below);
    if (more < 0 || (size_t)more >= out_bytes - length)
        out[length] = '\0'; /* whole or not at all */
}

void home_preset_dirs(char *out, size_t out_bytes, const char *near_path, const char *save_dir)
{
    out[0] = '\0';
    const char *path = env_or_null("KATA_PRESET_PATH");
    if (path) add_dir(out, out_bytes, path, "");
    char home[HOME_PATH_BYTES], saves[HOME_PATH_BYTES];
    if (begin_save_homes(saves, save_dir))
        for (int step = 0; next_save_home(saves, step, home); step++)
            if (step == 0 || access(home, X_OK) == 0) add_dir(out, out_bytes, home, "presets");
    if (home_for_writing(home, NULL)) {
        add_dir(out, out_bytes, home, "presets");
        add_dir(out, out_bytes, home, "packs");
    }

    /* Beside an installed program (bin/kata, lib/libretro/...) and in a build tree. */
    char folder[HOME_PATH_BYTES];
    if (near_path && snprintf(folder, sizeof folder, "%s", near_path) < (int)sizeof folder) {
        char *slash = strrchr(folder, '/');
        if (slash)
            *slash = '\0';
        else
            strcpy(folder, ".");
        static const char *const below[] = { "presets",
                                             "presets/library",
                                             "../presets/library",
                                             "../../presets/library",
                                             "../share/kata/presets",
                                             "../../share/kata/presets" };
        for (size_t i = 0; i < sizeof below / sizeof below[0]; i++)
            add_dir(out, out_bytes, folder, below[i]);
    }
    add_dir(out, out_bytes, "/usr/local/share/kata/presets", "");
    add_dir(out, out_bytes, "/usr/share/kata/presets", "");
}
