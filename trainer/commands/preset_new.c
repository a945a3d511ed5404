/* preset_new.c - `kata preset new ROM`: a preset to begin with, for a game that nobody described.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "core_pad.h"
#include "game.h"
#include "preset_file.h"
#include "starter.h"
#include "why.h"

typedef struct {
    const char *core, *out;
    int64_t ports;
    bool replace;
} preset_new_values_t;

static const option_t rows[] = {
    { "core", OPTION_TEXT, offsetof(preset_new_values_t, core), "NAME|PATH", 0, 0,
      "buttons are called as this core describes them [as the console's are]" },
    { "ports", OPTION_COUNT, offsetof(preset_new_values_t, ports), "N", 1, 8,
      "ports that an agent can play on" },
    { "out", OPTION_TEXT, offsetof(preset_new_values_t, out), "FILE", 0, 0,
      "save it there [print it]" },
    { "replace", OPTION_FLAG, offsetof(preset_new_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((preset_new_values_t *)values)->ports = 1;
}

/* ---- the command ---- */

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_new_values_t *v = values;
    game_t game = { 0 };
    char *text;
    why_t why;
    if (v->replace && !v->out) return say_usage("preset new: --replace needs --out FILE");
    if (!game_identify(&game, arguments[0], why)) return say_failed("%s", why);
    const identity_t *id = &game.identity;
    starter_t starter = {
        .game = game.rom_name,
        .system = id->system,
        .sha1 = id->sha1,
        .crc32 = id->crc32,
        .md5 = id->md5,
        .num_ports = (int32_t)v->ports,
    };
    if (v->core && !(game_find_core(&game, v->core, why) && core_pad_ask(&game, &starter, why)))
        return say_failed("%s", why);
    int status = EXIT_OK;
    if (!preset_starter(&text, &starter, why)) return say_failed("%s", why);
    if (v->out)
        status = preset_file_save(v->out, text, strlen(text), v->replace);
    else
        preset_file_print(text, strlen(text));
    free(text);
    return status;
}

const command_t command_preset_new = {
    .name = "preset new",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a starter for a game that nobody described",
    .about =
        "Writes a preset that loads: the game's name and hashes, the console's pad and memory,\n"
        "the directions, each button alone and with a direction, common motions, and a start\n"
        "that presses START. What makes a reward and where an episode ends is yours to add;\n"
        "presets/FORMAT.md says how, `kata preset validate` says what is missing.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Begin a preset:\n"
                "    kata preset new game.nes --out game.kata.json\n"
                "  With the button names of a core, for two players:\n"
                "    kata preset new game.md --core genesis_plus_gx --ports 2\n",
    .values_bytes = sizeof(preset_new_values_t),
    .defaults = defaults,
    .run = run,
};
