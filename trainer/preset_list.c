/* preset_list.c - `kata preset list`: which games does Kata know, and where from? */
#include <stdio.h>

#include "commands.h"
#include "preset_file.h"

typedef struct {
    int32_t num_listed, num_broken;
} tally_t;

static bool list_one(void *context, const char *path, preset_t *preset, const char *why)
{
    tally_t *tally = context;
    if (preset) {
        tally->num_listed++;
        printf("%-12s%-44s  %s\n", preset_system(preset), preset_game(preset), path);
    } else {
        tally->num_broken++;
        say_failed("passed over: %s", why);
    }
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)values, (void)arguments, (void)num_arguments;
    tally_t tally = { 0 };
    preset_file_walk(list_one, &tally);
    if (tally.num_listed > 0 || tally.num_broken > 0) return EXIT_OK;
    return say_failed("there is no preset in the folders where Kata looks; name one with "
                      "KATA_PRESET_PATH");
}

const command_t command_preset_list = {
    .name = "preset list",
    .arguments = "",
    .summary = "the library: game, system, where",
    .about = "Every preset (*.kata.json) in the folders where presets are looked for, in that\n"
             "order: KATA_PRESET_PATH, <home>/presets, those that came with Kata. The first that\n"
             "matches a game is used. Broken ones are named on stderr and passed over.",
    .examples = "  Which games are known?\n"
                "    kata preset list\n"
                "  Is there anything for the Mega Drive?\n"
                "    kata preset list | grep ^genesis\n",
    .run = run,
};
