/* saved_game.c - see saved_game.h. */
#include "saved_game.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "game.h"
#include "home.h"
#include "preset_file.h"
#include "shelf.h"
#include "why.h"

typedef struct {
    char path[HOME_PATH_BYTES]; /* the preset's file; "" if none was found */
    int32_t num_found;          /* files that fit a game's name */
    const char *name;           /* that name */
    identity_t identity;        /* of a ROM */
} game_search_t;

/* ---- by the game's name ---- */

static void take_if_called(game_search_t *source, const char *path, const preset_t *preset)
{
    if (strcasecmp(preset_game(preset), source->name) != 0) return;
    if (source->num_found++ == 0) snprintf(source->path, sizeof source->path, "%s", path);
}

/* The folders that `kata train` saved in. */
static void look_in_saved_folders(game_search_t *source)
{
    char home[HOME_PATH_BYTES], folder[HOME_PATH_BYTES], path[HOME_PATH_BYTES];
    DIR *dir = home_for_writing(home, NULL) ? opendir(home) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        preset_t *preset;
        why_t why;
        if (entry->d_name[0] == '.' || !home_join(folder, home, entry->d_name, NULL) ||
            !home_join(path, folder, "preset.json", NULL) || access(path, F_OK) != 0)
            continue;
        if (!preset_load(&preset, path, why)) {
            say_failed("passed over: %s", why);
            continue;
        }
        take_if_called(source, path, preset);
        preset_free(preset);
    }
    if (dir) closedir(dir);
}

/* Of several the first counts, as it does for `kata train`. */
static bool look_in_library(void *context, const char *path, preset_t *preset, const char *why)
{
    (void)why; /* `kata preset list` names the broken ones */
    game_search_t *source = context;
    if (preset) take_if_called(source, path, preset);
    return source->num_found == 0;
}

static int find_by_name(game_search_t *source)
{
    look_in_saved_folders(source);
    if (source->num_found == 0) preset_file_walk(look_in_library, source);
    if (source->num_found == 1) return EXIT_OK;
    if (source->num_found > 1)
        return say_failed("%d saved games are called %.100s, one in %.300s; name the ROM or the "
                          "file",
                          source->num_found, source->name, source->path);
    return say_failed("there is no file %.100s, and no saved or known game is called so: "
                      "`kata preset list`",
                      source->name);
}

/* ---- by the game itself ---- */

static int find_by_rom(game_search_t *source, const char *rom)
{
    game_t game = { 0 };
    char dir[HOME_PATH_BYTES], name[PACKAGE_NAME_BYTES];
    why_t why, cause;
    if (!game_identify(&game, rom, why)) return say_failed("%s", why);
    const identity_t *id = &game.identity;
    source->identity = game.identity;
    if (shelf_find(dir, name, NULL, id->system, id->sha1, NULL, NULL) &&
        home_join(source->path, dir, "preset.json", NULL) && access(source->path, F_OK) == 0)
        return EXIT_OK;
    preset_t *preset = game_find_preset(&game, source->path, cause);
    const bool found = preset != NULL;
    preset_free(preset);
    if (found) return EXIT_OK;
    return say_failed("nothing was learned of %.200s, and no preset of the library knows it (%s, "
                      "SHA-1 %s)%s%s",
                      rom, id->system, id->sha1, *cause ? "; one is broken: " : "", cause);
}

/* A preset is an object; no console's games begin with a brace. */
static bool begins_as_preset(const char *path)
{
    FILE *file = fopen(path, "rb");
    int c = file ? getc(file) : EOF;
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n') c = getc(file);
    if (file) fclose(file);
    return c == '{';
}

static int find_preset(game_search_t *source, const char *word)
{
    struct stat status;
    source->name = word;
    if (stat(word, &status) != 0) {
        if (!strchr(word, '/')) return find_by_name(source);
        return say_failed("%.300s: there is no such file", word);
    }
    if (!S_ISDIR(status.st_mode) && !begins_as_preset(word)) return find_by_rom(source, word);
    if (S_ISDIR(status.st_mode)
            ? home_join(source->path, word, "preset.json", NULL)
            : snprintf(source->path, sizeof source->path, "%s", word) < (int)sizeof source->path)
        return EXIT_OK;
    return say_failed("%.100s...: too long a path", word);
}

/* "<system>-<40 digits>", as home_game_dir() names it. */
static void take_folders_name(saved_game_t *saved)
{
    char *whole = realpath(saved->dir, NULL);
    const char *slash = whole ? strrchr(whole, '/') : NULL;
    const char *name = slash ? slash + 1 : "", *dash = strrchr(name, '-');
    if (dash && strlen(dash + 1) == 40 && strspn(dash + 1, "0123456789abcdef") == 40 &&
        dash - name < (ptrdiff_t)sizeof saved->system) {
        snprintf(saved->system, sizeof saved->system, "%.*s", (int)(dash - name), name);
        snprintf(saved->sha1, sizeof saved->sha1, "%s", dash + 1);
    }
    free(whole);
}

int saved_game_find(saved_game_t *saved, const char *word)
{
    game_search_t search = { 0 };
    *saved = (saved_game_t){ 0 };
    const int status = find_preset(&search, word);
    if (status != EXIT_OK) return status;
    snprintf(saved->preset_path, sizeof saved->preset_path, "%s", search.path);
    snprintf(saved->system, sizeof saved->system, "%s", search.identity.system);
    snprintf(saved->sha1, sizeof saved->sha1, "%s", search.identity.sha1);
    const char *slash = strrchr(search.path, '/');
    if (slash && strcmp(slash, "/preset.json") == 0) {
        snprintf(saved->dir, sizeof saved->dir, "%.*s", (int)(slash - search.path), search.path);
        if (!saved->sha1[0]) take_folders_name(saved);
    }
    return EXIT_OK;
}
