/* preset_canonical.c - `kata preset canonical FILE`: one spelling, whoever wrote it. */
#include <stdio.h>
#include <stdlib.h>

#include "canonical.h"
#include "commands.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    const char *out;
    bool pretty;
} preset_canonical_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(preset_canonical_values_t, out), "FILE", 0, 0,
      "save it there, replacing what is there [print it]" },
    { "pretty", OPTION_FLAG, offsetof(preset_canonical_values_t, pretty), NULL, 0, 0,
      "indented and in its own order, for people" },
};
static const option_group_t groups[] = { { "Options", rows, 2, 0 } };

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_canonical_values_t *v = values;
    preset_t *preset;
    why_t why;
    if (!preset_load(&preset, arguments[0], why)) return say_failed("%s", why);
    size_t num_bytes;
    char *text =
        v->pretty ? preset_pretty(preset, &num_bytes) : preset_canonical(preset, &num_bytes);
    preset_free(preset);
    if (!text) return say_failed("no memory for the canonical form of %.300s", arguments[0]);
    int status = EXIT_OK;
    if (v->out)
        status = preset_file_save(v->out, text, num_bytes, true);
    else
        preset_file_print(text, num_bytes);
    free(text);
    return status;
}

const command_t command_preset_canonical = {
    .name = "preset canonical",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a preset in its one spelling, so that its hash means something",
    .about = "One line of JSON: keys sorted, no spaces, numbers and notations in their shortest\n"
             "form. Presets that differ only in how they are written come out the same.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  The hash of what a preset means:\n"
                "    kata preset canonical Game.kata.json | sha1sum\n"
                "  Tidy a preset that was edited by hand:\n"
                "    kata preset canonical --pretty Game.kata.json --out Game.kata.json\n",
    .values_bytes = sizeof(preset_canonical_values_t),
    .run = run,
};
