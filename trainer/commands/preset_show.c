/* preset_show.c - `kata preset show FILE`: what a preset says, in the order a player asks. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "canonical.h"
#include "commands.h"
#include "json_line.h"
#include "preset_file.h"
#include "why.h"

typedef struct {
    bool json;
} preset_show_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(preset_show_values_t, json), NULL, 0, 0, "one JSON object" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

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

static void print_words(const preset_t *preset)
{
    const int width = longest_name(preset);
    printf("game       %s\n", preset_game(preset));
    printf("system     %s\n", preset_system(preset));
    printf("hash       %s\n", preset_hash(preset));
    printf("a step     %d frames\n", preset_frame_skip(preset));
    if (preset_horizon_frames(preset) > 0)
        printf("horizon    %d frames\n", preset_horizon_frames(preset));
    printf("players    %d\n", preset_num_ports(preset));
    if (preset_max_steps(preset) > 0)
        printf("episode    at most %d steps\n", preset_max_steps(preset));
    print_actions(preset, width);
    print_variables(preset, width);
    print_starts(preset);
    for (int32_t i = 0; i < preset_num_warnings(preset); i++)
        printf("%swarning: %s\n", i ? "" : "\n", preset_warning(preset, i));
}

/* ---- the same as JSON ---- */

/* A new object at the end of a list. */
static cJSON *add_item(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToArray(list, item);
    return item;
}

static void add_actions(cJSON *object, const preset_t *preset)
{
    cJSON *list = cJSON_AddArrayToObject(object, "actions");
    for (int32_t i = 0; i < preset_num_actions(preset); i++) {
        const preset_action_t *action = preset_action(preset, i);
        cJSON *item = add_item(list);
        json_line_add_text(item, "name", action->name);
        json_line_add_text(item, "notation", action->macro.notation);
        json_line_add_number(item, "frames", 0, action->macro.num_frames);
        cJSON_AddBoolToObject(item, "macro", action->is_macro);
        cJSON_AddBoolToObject(item, "mirrors", action->mirrors);
    }
}

static void add_variables(cJSON *object, const preset_t *preset)
{
    cJSON *list = cJSON_AddArrayToObject(object, "variables");
    for (int32_t i = 0; i < preset_num_variables(preset); i++) {
        const preset_variable_t *variable = preset_variable(preset, i);
        cJSON *item = add_item(list);
        json_line_add_text(item, "name", variable->name);
        json_line_add_number(item, "address", 0, (double)variable->address);
        json_line_add_number(item, "bytes", 0, variable->num_bytes);
    }
}

static void add_starts(cJSON *object, const preset_t *preset)
{
    cJSON *list = cJSON_AddArrayToObject(object, "starts");
    for (int32_t i = 0; i < preset_num_starts(preset); i++) {
        cJSON *item = add_item(list);
        json_line_add_text(item, "name", preset_start_name(preset, i));
        json_line_add_number(item, "steps", 0, preset_num_boot_steps(preset, i));
        json_line_add_number(item, "players", 0, preset_start_players(preset, i));
        cJSON_AddBoolToObject(item, "default", i == preset_default_start(preset));
    }
}

static void add_similarity(cJSON *object, const preset_t *preset)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    if (!similarity) {
        cJSON_AddNullToObject(object, "similarity");
        return;
    }
    cJSON *item = cJSON_AddObjectToObject(object, "similarity");
    json_line_add_number(item, "rows", 0, similarity->num_rows);
    json_line_add_number(item, "decisions", 0, (double)similarity->decisions);
    json_line_add_number(item, "updates", 0, (double)similarity->updates);
    json_line_add_number(item, "seeds", 0, similarity->seeds);
    json_line_add_text(item, "version", similarity->version);
}

static void add_provenance(cJSON *object, const preset_t *preset)
{
    const preset_provenance_t *p = preset_provenance(preset);
    cJSON *item = cJSON_AddObjectToObject(object, "provenance");
    json_line_add_text(item, "author", p->author);
    json_line_add_text(item, "licence", p->licence);
    json_line_add_text(item, "parent", p->parent);
    json_line_add_text(item, "tool", p->tool);
    json_line_add_text(item, "verified", p->verified);
    cJSON *sources = cJSON_AddArrayToObject(item, "sources");
    for (int32_t i = 0; i < p->num_sources; i++)
        cJSON_AddItemToArray(sources, cJSON_CreateString(p->sources[i]));
    cJSON *checks = cJSON_AddArrayToObject(item, "checks");
    for (int32_t i = 0; i < p->num_checks; i++) {
        cJSON *check = add_item(checks);
        json_line_add_text(check, "by", p->checks[i].by);
        json_line_add_text(check, "dump", p->checks[i].dump);
        json_line_add_text(check, "tried", p->checks[i].tried);
    }
}

static void print_json(const char *path, const preset_t *preset)
{
    char hash[41];
    cJSON *object = cJSON_CreateObject();
    preset_file_add_identity(object, path, preset);
    json_line_add_text(object, "canonical_hash", preset_canonical_hash(preset, hash) ? hash : NULL);
    json_line_add_number(object, "frame_skip", 0, preset_frame_skip(preset));
    json_line_add_number(object, "horizon_frames", 0, preset_horizon_frames(preset));
    json_line_add_number(object, "ports", 0, preset_num_ports(preset));
    json_line_add_number(object, "max_steps", 0, preset_max_steps(preset));
    add_actions(object, preset);
    add_variables(object, preset);
    add_starts(object, preset);
    add_similarity(object, preset);
    add_provenance(object, preset);
    preset_file_add_warnings(object, preset);
    json_line_print(object);
}

/* ---- the command ---- */

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const preset_show_values_t *v = values;
    preset_t *preset;
    why_t why;
    if (!preset_load(&preset, arguments[0], why)) return say_failed("%s", why);
    if (v->json)
        print_json(arguments[0], preset);
    else
        print_words(preset);
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
             "A preset that would be refused is refused here, with the sentence that says why.\n"
             "--json: path, game, system, hash (SHA-1 of the file), canonical_hash (of what it\n"
             "means), frame_skip, horizon_frames, ports, max_steps, actions (name, notation,\n"
             "frames, macro, mirrors), variables (name, address, bytes), starts (name, steps, "
             "default),\n"
             "similarity (null, or rows, decisions, updates, seeds, version), provenance (author,\n"
             "licence, parent, tool, verified, sources, checks), warnings.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Is this preset sound?\n"
                "    kata preset show presets/library/nes/Kumite.kata.json\n"
                "  Every move's notation:\n"
                "    kata preset show --json Game.kata.json | jq -r '.actions[].notation'\n",
    .values_bytes = sizeof(preset_show_values_t),
    .run = run,
};
