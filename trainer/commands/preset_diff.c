/* preset_diff.c - `kata preset diff A B`: what changed in meaning. */
#include <stdio.h>
#include <stdlib.h>

#include "canonical.h"
#include "commands.h"
#include "why.h"

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)values, (void)num_arguments;
    preset_t *before, *after;
    why_t why;
    if (!preset_load(&before, arguments[0], why)) return say_failed("%s", why);
    if (!preset_load(&after, arguments[1], why)) {
        preset_free(before);
        return say_failed("%s", why);
    }
    char *changes = preset_diff(before, after);
    preset_free(before);
    preset_free(after);
    if (!changes) return say_failed("no memory to compare %.300s", arguments[0]);
    fputs(*changes ? changes : "they say the same\n", stdout);
    free(changes);
    return EXIT_OK;
}

const command_t command_preset_diff = {
    .name = "preset diff",
    .arguments = "BEFORE AFTER",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "what changed from one preset to another, in meaning",
    .about =
        "A line a change, - for what is gone and + for what is new. Spelling, spaces and the\n"
        "order of keys are no change; actions and dumps are compared by name. The exit status\n"
        "is 0 whether or not they differ, 1 if one of them cannot be read.",
    .examples = "  What did they change in my preset?\n"
                "    kata preset diff Game.kata.json theirs.kata.json\n",
    .run = run,
};
