/* preset_merge.c - `kata preset merge OURS THEIRS --out FILE`: two people's work becomes one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "merge.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    const char *out;
} preset_merge_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(preset_merge_values_t, out), "FILE", 0, 0,
      "save it there, replacing what is there; OURS is allowed" },
};
static const option_group_t groups[] = { { "Needed", rows, 1, 0 } };

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_merge_values_t *v = values;
    if (!v->out) return say_usage("preset merge: it needs --out FILE, where the result is saved");
    preset_t *ours, *theirs = NULL;
    char *text = NULL, *report = NULL;
    why_t why;
    int status = EXIT_FAILED;
    if (preset_load(&ours, arguments[0], why) && preset_load(&theirs, arguments[1], why) &&
        preset_merge(&text, &report, ours, theirs, why)) {
        fputs(*report ? report : "theirs has nothing that ours has not\n", stdout);
        status = preset_file_save(v->out, text, strlen(text), true);
    } else {
        say_failed("%s", why);
    }
    free(text);
    free(report);
    preset_free(ours);
    preset_free(theirs);
    return status;
}

const command_t command_preset_merge = {
    .name = "preset merge",
    .arguments = "OURS THEIRS",
    .min_arguments = 2,
    .max_arguments = 2,
    .summary = "joins what two people know of one game",
    .about =
        "OURS stays as it is; what THEIRS adds is joined: variables, starts, other names and\n"
        "dumps, actions whose steps are new. Where both learned how alike two actions are,\n"
        "the mean counts, weighted by the decisions of each. A line each says what was joined\n"
        "and what could not be.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Take over a friend's moves:\n"
                "    kata preset merge Game.kata.json theirs.kata.json --out Game.kata.json\n",
    .values_bytes = sizeof(preset_merge_values_t),
    .run = run,
};
