/* preset_export.c - `kata preset export GAME|ROM|FILE`: one file to send, with what was learned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canonical.h"
#include "commands.h"
#include "numbers.h"
#include "preset_file.h"
#include "saved_game.h"
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
    saved_game_t saved;
    preset_t *preset;
    why_t why;
    int status = saved_game_find(&saved, arguments[0]);
    if (status != EXIT_OK) return status;
    if (!preset_load(&preset, saved.preset_path, why)) return say_failed("%s", why);
    status = save(preset, saved.preset_path, v);
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
