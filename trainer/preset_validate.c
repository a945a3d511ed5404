/* preset_validate.c - `kata preset validate FILE...`: which of these would be refused, and why? */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "preset_file.h"

static bool validate(const char *path)
{
    preset_t *preset;
    char why[PRESET_WHY_BYTES];
    if (!preset_load(&preset, path, why)) {
        say_failed("%s", why);
        return false;
    }
    printf("%s: sound, %s (%s), %d actions, %d variables, %d starts\n", path, preset_game(preset),
           preset_system(preset), preset_num_actions(preset), preset_num_variables(preset),
           preset_num_starts(preset));
    for (int32_t i = 0; i < preset_num_warnings(preset); i++)
        printf("  warning: %s\n", preset_warning(preset, i));
    char *advice = preset_advice(preset);
    if (advice) preset_file_print_lines("  advice: ", advice);
    free(advice);
    preset_free(preset);
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)values;
    int status = EXIT_OK;
    for (int32_t i = 0; i < num_arguments; i++)
        if (!validate(arguments[i])) status = EXIT_FAILED;
    return status;
}

const command_t command_preset_validate = {
    .name = "preset validate",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = COMMAND_MAX_ARGUMENTS,
    .summary = "whether presets are sound, and what they lack",
    .about =
        "Checks every preset as loading it would. One that is refused gets a sentence that\n"
        "names the field, the rule and what was found; the exit status is then 1. A sound one\n"
        "gets warnings (fields that nobody knows) and advice (no reward, no end, two actions\n"
        "that are the same, variables that nothing reads).",
    .examples = "  Is everything in a folder fit to be passed on?\n"
                "    kata preset validate presets/library/nes/*.kata.json\n",
    .run = run,
};
