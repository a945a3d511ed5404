/* preset_export.c - `kata preset export GAME|ROM|FILE`: one file to send, with what was learned. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "canonical.h"
#include "commands.h"
#include "files.h"
#include "game.h"
#include "numbers.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    const char *out;
    bool replace;
} preset_export_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(preset_export_values_t, out), "FILE", 0, 0,
      "save it there [<game>.kata.json, here]" },
    { "replace", OPTION_FLAG, offsetof(preset_export_values_t, replace), NULL, 0, 0,
      "even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

/* What was meant by the word on the command line. */
typedef struct {
    char path[HOME_PATH_BYTES]; /* the preset's file; "" if none was found */
    int32_t num_found;          /* files that fit a game's name */
    const char *name;           /* that name */
} export_source_t;

static bool join(char path[HOME_PATH_BYTES], const char *dir, const char *name)
{
    return snprintf(path, HOME_PATH_BYTES, "%s/%s", dir, name) < HOME_PATH_BYTES;
}

/* ---- by the game's name ---- */

static void take_if_called(export_source_t *source, const char *path, const preset_t *preset)
{
    if (strcasecmp(preset_game(preset), source->name) != 0) return;
    if (source->num_found++ == 0) snprintf(source->path, sizeof source->path, "%s", path);
}

/* The folders that `kata train` saved in. */
static void look_in_saved_folders(export_source_t *source)
{
    char home[HOME_PATH_BYTES], folder[HOME_PATH_BYTES], path[HOME_PATH_BYTES];
    DIR *dir = home_for_writing(home, NULL) ? opendir(home) : NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        preset_t *preset;
        why_t why;
        if (entry->d_name[0] == '.' || !join(folder, home, entry->d_name) ||
            !join(path, folder, "preset.json") || access(path, F_OK) != 0)
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
    export_source_t *source = context;
    if (preset) take_if_called(source, path, preset);
    return source->num_found == 0;
}

static int find_by_name(export_source_t *source)
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

static int find_by_rom(export_source_t *source, const char *rom)
{
    game_t game = { 0 };
    char dir[HOME_PATH_BYTES];
    why_t why, cause;
    if (!game_identify(&game, rom, why)) return say_failed("%s", why);
    const identity_t *id = &game.identity;
    if (home_find_agent(dir, NULL, id->system, id->sha1) &&
        join(source->path, dir, "preset.json") && access(source->path, F_OK) == 0)
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

static int find_source(export_source_t *source, const char *word)
{
    struct stat status;
    source->name = word;
    if (stat(word, &status) != 0) {
        if (!strchr(word, '/')) return find_by_name(source);
        return say_failed("%.300s: there is no such file", word);
    }
    if (!S_ISDIR(status.st_mode) && !begins_as_preset(word)) return find_by_rom(source, word);
    if (S_ISDIR(status.st_mode)
            ? join(source->path, word, "preset.json")
            : snprintf(source->path, sizeof source->path, "%s", word) < (int)sizeof source->path)
        return EXIT_OK;
    return say_failed("%.100s...: too long a path", word);
}

/* ---- what is sent ---- */

static void print_contents(const preset_t *preset, const char *path, const char *hash)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    const preset_provenance_t *provenance = preset_provenance(preset);
    char decisions[NUMBERS_BYTES], updates[NUMBERS_BYTES];
    printf("game        %s (%s)\n", preset_game(preset), preset_system(preset));
    printf("from        %s\n", path);
    printf("author      %s\n", provenance->author[0] ? provenance->author : "not said");
    if (similarity)
        printf("similarity  %d moves, from %s decisions and %s updates\n", similarity->num_rows,
               numbers_grouped(decisions, (uint64_t)similarity->decisions),
               numbers_grouped(updates, (uint64_t)similarity->updates));
    else
        printf("similarity  none in it; `kata train --similarity meta` learns one\n");
    printf("hash        %s\n", hash);
}

static int save(const preset_t *preset, const char *path, const preset_export_values_t *v)
{
    char name[PRESET_STORE_NAME_BYTES], hash[41];
    size_t num_bytes;
    preset_store_name(preset, name);
    char *text = preset_canonical(preset, &num_bytes);
    if (!text || !preset_canonical_hash(preset, hash)) {
        free(text);
        return say_failed("%.300s: no memory to write it", path);
    }
    const int status = preset_file_save(v->out ? v->out : name, text, num_bytes, v->replace);
    if (status == EXIT_OK) print_contents(preset, path, hash);
    free(text);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_export_values_t *v = values;
    export_source_t source = { 0 };
    preset_t *preset;
    why_t why;
    int status = find_source(&source, arguments[0]);
    if (status != EXIT_OK) return status;
    if (!preset_load(&preset, source.path, why)) return say_failed("%s", why);
    status = save(preset, source.path, v);
    preset_free(preset);
    return status;
}

const command_t command_preset_export = {
    .name = "preset export",
    .arguments = "GAME|ROM|FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "one file to send: the preset with what was learned",
    .about =
        "Writes the preset in its canonical form, with the similarity that an agent learned and\n"
        "with its author, licence and sources. The hash that is printed is the file's SHA-1:\n"
        "who gets it sees the same in `kata preset import FILE`. ROM: the preset that\n"
        "`kata train` saved beside the game's agent, else the library's. GAME: a game's name,\n"
        "the same two. FILE: a preset, or a folder that `kata train --dir` saved in.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Send a friend what was learned of a game:\n"
                "    kata preset export game.nes --out game.kata.json\n"
                "  What the friend types:\n"
                "    kata preset import game.kata.json --store\n"
                "    kata train game.nes --similarity meta --similarity-prior preset\n",
    .values_bytes = sizeof(preset_export_values_t),
    .run = run,
};
