/* preset_boot.c - `kata preset boot ROM`: a start for a preset that has none, found by pressing. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "files.h"
#include "game.h"
#include "shell.h"
#include "start_finder.h"
#include "why.h"

typedef struct {
    const char *preset, *core, *name, *out;
    bool replace;
} preset_boot_values_t;

static const option_t rows[] = {
    { "preset", OPTION_TEXT, offsetof(preset_boot_values_t, preset), "FILE", 0, 0,
      "what to know of the game [found by its hash]" },
    { "core", OPTION_TEXT, offsetof(preset_boot_values_t, core), "NAME|PATH", 0, 0,
      "the libretro core [the first that opens it: `kata cores`]" },
    { "name", OPTION_TEXT, offsetof(preset_boot_values_t, name), "NAME", 0, 0,
      "what to call the start; it becomes the preset's default" },
    { "out", OPTION_TEXT, offsetof(preset_boot_values_t, out), "FILE", 0, 0,
      "save the preset with it there [print the lines]" },
    { "replace", OPTION_FLAG, offsetof(preset_boot_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((preset_boot_values_t *)values)->name = "found";
}

static int refuse_by_hand(const char *rom, const char *why)
{
    char search[HOME_PATH_BYTES + 64] = "kata search";
    shell_add(search, sizeof search, rom);
    return say_failed("%s; by hand: `%.400s` plays the game and shows its memory; then write the "
                      "way into the preset, such as \"starts\": {\"mine\": [\"{300}\", \"press "
                      "START{4} {60} until VARIABLE > 0 within 1800\"]}, as presets/FORMAT.md says",
                      why, search);
}

static int keep(const preset_boot_values_t *v, const preset_t *preset, const found_start_t *found)
{
    const char *lines[FINDER_MAX_PRESSES + 1];
    char *text;
    why_t why;
    for (int32_t i = 0; i < found->num_lines; i++) lines[i] = found->lines[i];
    if (!preset_with_start(&text, preset, v->name, lines, found->num_lines, why))
        return say_failed("%s", why);
    say("%s: a start after %d presses, played back from power-on %d times%s\n", preset_game(preset),
        (int)found->num_presses, FINDER_REPLAYS,
        found->is_exact ? ", each time to the same memory"
                        : "; the memory was not the same each time");
    for (int32_t i = 0; i < found->num_lines; i++) say("  %s\n", found->lines[i]);
    int status = EXIT_OK;
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be said, not a kill */
    if (!v->out)
        say("Nothing is saved; --out FILE keeps it.\n");
    else if (files_replace(v->out, text, strlen(text), why))
        say("saved %s\n", v->out);
    else
        status = say_failed("%s", why);
    free(text);
    return status;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_boot_values_t *v = values;
    game_t game = { 0 };
    why_t why;
    struct stat status;
    if (v->replace && !v->out) return say_usage("preset boot: --replace needs --out FILE");
    if (v->out && !v->replace && lstat(v->out, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", v->out);
    const game_options_t options = { .preset = v->preset, .core = v->core };
    if (!game_open(&game, arguments[0], &options, GAME_TO_EXPLORE, why))
        return say_failed("%s", why);
    int code;
    found_start_t found;
    const sandbox_config_t config = { .core_path = game.core_path,
                                      .content_path = game.rom_path,
                                      .preset = game.preset };
    if (game.is_unknown || !preset_has_reward(game.preset))
        code =
            say_failed("%.200s: %s has no reward, by which a start is known; `kata search` finds "
                       "health or score for one",
                       arguments[0], game.is_unknown ? "it" : preset_game(game.preset));
    else if (!start_finder_find(&found, &config, why))
        code = refuse_by_hand(arguments[0], why);
    else
        code = keep(v, game.preset, &found);
    game_close(&game);
    return code;
}

const command_t command_preset_boot = {
    .name = "preset boot",
    .arguments = "ROM",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "find a start: a way from power-on to where a reward can be had",
    .about =
        "Presses START, the first two buttons, SELECT and down from power-on, in a few orders,\n"
        "until a random player's reward changes, and writes the presses as a boot script, which "
        "is\n"
        "played back from power-on three times before it is believed. For presets that have a\n"
        "reward but no start, as those imported from stable-retro. Takes a minute or more.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Import a game, then find its start:\n"
                "    kata preset import Airstriker-Genesis --out a.kata.json\n"
                "    kata preset boot Airstriker.md --preset a.kata.json --out b.kata.json\n",
    .values_bytes = sizeof(preset_boot_values_t),
    .defaults = defaults,
    .run = run,
};
