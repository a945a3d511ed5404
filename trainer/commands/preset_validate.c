/* preset_validate.c - `kata preset validate FILE...`: which of these would be refused, and why? */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "json_line.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    bool json;
} preset_validate_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(preset_validate_values_t, json), NULL, 0, 0,
      "one JSON object a file" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

static void print_words(const char *path, const preset_t *preset, const char *advice)
{
    printf("%s: sound, %s (%s), %d actions, %d variables, %d starts\n", path, preset_game(preset),
           preset_system(preset), preset_num_actions(preset), preset_num_variables(preset),
           preset_num_starts(preset));
    for (int32_t i = 0; i < preset_num_warnings(preset); i++)
        printf("  warning: %s\n", preset_warning(preset, i));
    preset_file_print_lines("  advice: ", advice);
}

static void print_json(const char *path, const preset_t *preset, const char *advice)
{
    cJSON *object = cJSON_CreateObject();
    preset_file_add_identity(object, path, preset);
    cJSON_AddTrueToObject(object, "sound");
    json_line_add_number(object, "actions", 0, preset_num_actions(preset));
    json_line_add_number(object, "variables", 0, preset_num_variables(preset));
    json_line_add_number(object, "starts", 0, preset_num_starts(preset));
    preset_file_add_warnings(object, preset);
    preset_file_add_lines(object, "advice", advice);
    json_line_print(object);
}

static void print_json_refusal(const char *path, const char *why)
{
    cJSON *object = cJSON_CreateObject();
    json_line_add_text(object, "path", path);
    cJSON_AddFalseToObject(object, "sound");
    json_line_add_text(object, "why", why);
    json_line_print(object);
}

static bool validate(const char *path, bool json)
{
    preset_t *preset;
    why_t why;
    if (!preset_load(&preset, path, why)) {
        if (json) print_json_refusal(path, why);
        say_failed("%s", why);
        return false;
    }
    char *advice = preset_advice(preset);
    if (!advice) say_failed("%.300s: no memory for advice", path);
    if (advice) (json ? print_json : print_words)(path, preset, advice);
    const bool ok = advice != NULL;
    free(advice);
    preset_free(preset);
    return ok;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const preset_validate_values_t *v = values;
    int status = EXIT_OK;
    for (int32_t i = 0; i < num_arguments; i++)
        if (!validate(arguments[i], v->json)) status = EXIT_FAILED;
    return status;
}

const command_t command_preset_validate = {
    .name = "preset validate",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "whether presets are sound, and what they lack",
    .about =
        "Checks every preset as loading it would. One that is refused gets a sentence that\n"
        "names the field, the rule and what was found; the exit status is then 1. A sound one\n"
        "gets warnings (fields that nobody knows) and advice (no reward, no end, two actions\n"
        "that are the same, variables that nothing reads).\n"
        "--json: path, sound; of a sound one game, system, hash, actions, variables, starts\n"
        "(how many), warnings and advice (lists of texts), of a refused one why.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Is everything in a folder fit to be passed on?\n"
                "    kata preset validate presets/library/nes/*.kata.json\n"
                "  The names of those that are refused:\n"
                "    kata preset validate --json *.json | jq -r 'select(.sound | not).path'\n",
    .values_bytes = sizeof(preset_validate_values_t),
    .run = run,
};
