/* preset_list.c - `kata preset list`: which games does Kata know, and where from? */
#include <stdio.h>

#include "commands.h"
#include "json_line.h"
#include "preset_file.h"

typedef struct {
    bool json;
} preset_list_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(preset_list_values_t, json), NULL, 0, 0,
      "one JSON object a preset" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

typedef struct {
    bool json;
    int32_t num_listed, num_broken;
} tally_t;

static void print_json(const char *path, const preset_t *preset)
{
    cJSON *object = cJSON_CreateObject();
    preset_file_add_identity(object, path, preset);
    json_line_add_number(object, "actions", 0, preset_num_actions(preset));
    cJSON_AddBoolToObject(object, "similarity", preset_similarity(preset) != NULL);
    json_line_print(object);
}

static bool list_one(void *context, const char *path, preset_t *preset, const char *why)
{
    tally_t *tally = context;
    if (preset) {
        tally->num_listed++;
        if (tally->json)
            print_json(path, preset);
        else
            printf("%-12s%-44s  %s\n", preset_system(preset), preset_game(preset), path);
    } else {
        tally->num_broken++;
        say_failed("passed over: %s", why);
    }
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)arguments, (void)num_arguments;
    const preset_list_values_t *v = values;
    tally_t tally = { .json = v->json };
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
             "order: KATA_PRESET_PATH, <home>/presets, <home>/packs (`kata preset import --all`),\n"
             "those that came with Kata. The first that matches a game is used. Broken ones are "
             "named on stderr and passed over.\n"
             "--json: path, game, system, hash (SHA-1 of the file), actions (how many),\n"
             "similarity (whether an agent's is in it).",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Which games are known?\n"
                "    kata preset list\n"
                "  Is there anything for the Mega Drive?\n"
                "    kata preset list | grep ^genesis\n"
                "  Which ones did an agent learn from?\n"
                "    kata preset list --json | jq -r 'select(.similarity).path'\n",
    .values_bytes = sizeof(preset_list_values_t),
    .run = run,
};
