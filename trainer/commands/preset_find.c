/* preset_find.c - `kata preset find ROM`: who knows this game, by which of its hashes? */
#include <stdio.h>

#include "commands.h"
#include "game.h"
#include "json_line.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    bool json;
} preset_find_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(preset_find_values_t, json), NULL, 0, 0,
      "one JSON object a preset" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

typedef struct {
    const game_t *game;
    bool json;
    int32_t num_found;
} find_walk_t;

/* What of the preset fits the game; NULL: nothing does. */
static const char *matched_by(const preset_t *preset, const game_t *game)
{
    const identity_t *id = &game->identity;
    if (preset_matches(preset, id->system, id->sha1, NULL, NULL, NULL)) return "SHA-1";
    if (preset_matches(preset, id->system, NULL, NULL, id->md5, NULL)) return "MD5";
    if (preset_matches(preset, id->system, NULL, id->crc32, NULL, NULL)) return "CRC32";
    if (preset_matches(preset, id->system, NULL, NULL, NULL, game->rom_name)) return "name";
    return NULL;
}

static void print_json(const char *path, const preset_t *preset, const char *by, bool is_used)
{
    cJSON *object = cJSON_CreateObject();
    preset_file_add_identity(object, path, preset);
    json_line_add_text(object, "by", by);
    cJSON_AddBoolToObject(object, "used", is_used);
    json_line_print(object);
}

static bool look(void *context, const char *path, preset_t *preset, const char *why)
{
    find_walk_t *search = context;
    if (!preset) {
        say_failed("passed over: %s", why);
        return true;
    }
    const char *by = matched_by(preset, search->game);
    if (!by) return true;
    const bool is_first = search->num_found++ == 0;
    if (search->json)
        print_json(path, preset, by, is_first);
    else
        printf("%s (%s), by %s%s\n  %s\n", preset_game(preset), preset_system(preset), by,
               is_first ? "" : ", behind the first", path);
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_find_values_t *v = values;
    game_t game = { 0 };
    why_t why;
    if (!game_identify(&game, arguments[0], why)) return say_failed("%s", why);
    find_walk_t search = { .game = &game, .json = v->json };
    preset_file_walk(look, &search);
    if (search.num_found > 0) return EXIT_OK;
    char other[HOME_PATH_BYTES];
    if (game_find_other_dump(&game, other, why)) return say_failed("%s", why);
    return say_failed("no preset in the library knows %.200s (%s, SHA-1 %s); `kata preset new` "
                      "writes a first one",
                      arguments[0], game.identity.system, game.identity.sha1);
}

const command_t command_preset_find = {
    .name = "preset find",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "the presets of a game, by any of its hashes or its name",
    .about =
        "Looks the game up in all folders that `kata preset list` shows, by the SHA-1, MD5 and\n"
        "CRC32 of its content without header, and says what matched. A preset without hashes\n"
        "matches by the file's name. Of several the first is used. None: the exit status is\n"
        "1, and a preset for another dump of a game of that name is named.\n"
        "--json: path, game, system, hash (SHA-1 of the preset's file), by (\"SHA-1\", \"MD5\",\n"
        "\"CRC32\" or \"name\"), used (true of the first).",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Is this game known?\n"
                "    kata preset find game.nes\n"
                "  The file that `kata train` would use:\n"
                "    kata preset find game.nes --json | jq -r 'select(.used).path'\n",
    .values_bytes = sizeof(preset_find_values_t),
    .run = run,
};
