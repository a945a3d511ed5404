/* preset_find.c - `kata preset find ROM`: who knows this game, by which of its hashes? */
#include <stdio.h>

#include "commands.h"
#include "game.h"
#include "preset_file.h"

typedef struct {
    const game_t *game;
    int32_t num_found;
} search_t;

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

static bool look(void *context, const char *path, preset_t *preset, const char *why)
{
    search_t *search = context;
    if (!preset) {
        say_failed("passed over: %s", why);
        return true;
    }
    const char *by = matched_by(preset, search->game);
    if (!by) return true;
    printf("%s (%s), by %s%s\n  %s\n", preset_game(preset), preset_system(preset), by,
           search->num_found++ ? ", behind the first" : "", path);
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)values, (void)num_arguments;
    static game_t game; /* large */
    char why[GAME_WHY_BYTES];
    if (!game_identify(&game, arguments[0], why)) return say_failed("%s", why);
    search_t search = { .game = &game };
    preset_file_walk(look, &search);
    if (search.num_found > 0) return EXIT_OK;
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
        "1.",
    .examples = "  Is this game known?\n"
                "    kata preset find game.nes\n",
    .run = run,
};
