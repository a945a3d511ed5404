/* preset_show.c - `kata preset show FILE`: what a preset says, in the order a player asks. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "preset.h"

static int longest_name(const preset_t *preset)
{
    int width = 0;
    for (int32_t i = 0; i < preset_num_actions(preset); i++) {
        const int length = (int)strlen(preset_action(preset, i)->name);
        if (length > width) width = length;
    }
    for (int32_t i = 0; i < preset_num_variables(preset); i++) {
        const int length = (int)strlen(preset_variable(preset, i)->name);
        if (length > width) width = length;
    }
    return width;
}

static void print_actions(const preset_t *preset, int width)
{
    const int32_t num_actions = preset_num_actions(preset);
    printf("\nactions (%d)\n", num_actions);
    for (int32_t i = 0; i < num_actions; i++) {
        const preset_action_t *action = preset_action(preset, i);
        if (action->is_macro)
            printf("  %3d  %-*s  %-24s  %d frames\n", i, width, action->name,
                   action->macro.notation, action->macro.num_frames);
        else
            printf("  %3d  %-*s  %s\n", i, width, action->name, action->macro.notation);
    }
}

static void print_variables(const preset_t *preset, int width)
{
    const int32_t num_variables = preset_num_variables(preset);
    printf("\nvariables (%d)\n", num_variables);
    for (int32_t i = 0; i < num_variables; i++) {
        const preset_variable_t *variable = preset_variable(preset, i);
        printf("  %-*s  0x%04" PRIX64 "  %d byte%s\n", width, variable->name, variable->address,
               variable->num_bytes, variable->num_bytes == 1 ? "" : "s");
    }
}

static void print_starts(const preset_t *preset)
{
    printf("\nstarts (%d)\n", preset_num_starts(preset));
    for (int32_t i = 0; i < preset_num_starts(preset); i++)
        printf("  %s, %d steps%s\n", preset_start_name(preset, i), preset_num_boot_steps(preset, i),
               i == preset_default_start(preset) ? " (the default)" : "");
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)values, (void)num_arguments;
    preset_t *preset;
    char why[PRESET_WHY_BYTES];
    if (!preset_load(&preset, arguments[0], why)) return say_failed("%s", why);
    const int width = longest_name(preset);
    printf("game       %s\n", preset_game(preset));
    printf("system     %s\n", preset_system(preset));
    printf("hash       %s\n", preset_hash(preset));
    printf("a step     %d frames\n", preset_frame_skip(preset));
    printf("players    %d\n", preset_num_ports(preset));
    if (preset_max_steps(preset) > 0)
        printf("episode    at most %d steps\n", preset_max_steps(preset));
    print_actions(preset, width);
    print_variables(preset, width);
    print_starts(preset);
    for (int32_t i = 0; i < preset_num_warnings(preset); i++)
        printf("%swarning: %s\n", i ? "" : "\n", preset_warning(preset, i));
    preset_free(preset);
    return EXIT_OK;
}

const command_t command_preset_show = {
    .name = "preset show",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "what a preset says of a game: actions, variables, starts",
    .about = "Checks a preset as every other command does, and prints its actions with their\n"
             "notation, its variables with their addresses, its boot scripts, and warnings.\n"
             "A preset that would be refused is refused here, with the sentence that says why.",
    .examples = "  Is this preset sound?\n"
                "    kata preset show presets/library/nes/Kumite.kata.json\n",
    .run = run,
};
