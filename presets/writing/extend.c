/* extend.c - a preset's text with something more in it: a variable, a start, what an agent
 * learned. */
#include "making.h"
#include "model.h"
#include "text.h"
#include "tree.h"
#include "why.h"

#include <math.h>
#include <string.h>

/* ---- one more variable ---- */

static void add_variable(bool *failed, cJSON *file, const char *name, uint64_t address,
                         const char *type)
{
    cJSON *variables = cJSON_GetObjectItemCaseSensitive(file, "variables");
    if (!variables) variables = json_add_object(failed, file, "variables");
    cJSON *variable = json_add_object(failed, variables, name);
    json_add_number(failed, variable, "address", (double)address);
    json_add_string(failed, variable, "type", type);
}

bool preset_with_variable(char **out, const preset_t *preset, const char *name, uint64_t address,
                          const char *type, why_t why)
{
    *out = NULL;
    if (preset_find_variable(preset, name) >= 0)
        return refuse(why, "variable %.100s: the preset has one of this name already", name);
    if (address > (uint64_t)MODEL_MAX_ADDRESS)
        return refuse(why, "variable %.100s: no preset counts so far", name);
    cJSON *file = tree_of(preset);
    bool failed = !file;
    add_variable(&failed, file, name, address, type);
    *out = tree_text(file, failed, "the preset", why);
    return *out != NULL;
}

/* ---- other actions ---- */

/* The actions of one list, of which the first is number `first`. */
static int32_t drop_actions(cJSON *list, const bool *dropped, int32_t first)
{
    const int32_t count = cJSON_GetArraySize(list);
    for (int32_t i = count - 1; i >= 0; i--)
        if (dropped[first + i]) cJSON_DeleteItemFromArray(list, i);
    return first + count;
}

char *preset_with_actions(const preset_t *preset, const bool *dropped,
                          const preset_new_macro_t *macros, int32_t num_macros, why_t why)
{
    cJSON *file = tree_of(preset);
    cJSON *actions = cJSON_GetObjectItemCaseSensitive(file, "actions");
    cJSON *list = cJSON_GetObjectItemCaseSensitive(actions, "macros");
    bool failed = !file;
    if (dropped) {
        cJSON *primitives = cJSON_GetObjectItemCaseSensitive(actions, "primitives");
        (void)drop_actions(list, dropped, drop_actions(primitives, dropped, 0));
    }
    if (!list) list = json_add_list(&failed, actions, "macros");
    for (int32_t m = 0; m < num_macros && !failed; m++) {
        cJSON *item = json_append_object(&failed, list);
        json_add_string(&failed, item, "name", macros[m].name);
        json_add_string(&failed, item, "notation", macros[m].notation);
    }
    return tree_text(file, failed, "the preset with these actions", why);
}

/* ---- what an agent learned ---- */

/* Two actions that only differ in mirroring share a row. */
static bool is_listed(const preset_t *preset, int32_t action)
{
    for (int32_t a = 0; a < action; a++)
        if (strcmp(preset->actions[a].macro.notation, preset->actions[action].macro.notation) == 0)
            return true;
    return false;
}

/* Row i of the upper triangle, behind what `upper` has. */
static void add_row(bool *failed, const preset_t *preset, const float *matrix, double digits,
                    int32_t i, cJSON *rows, cJSON *upper)
{
    const int32_t A = preset->num_actions;
    json_append(failed, rows, cJSON_CreateString(preset->actions[i].macro.notation));
    cJSON *list = cJSON_CreateArray();
    json_append(failed, upper, list);
    for (int32_t j = i + 1; j < A && !*failed; j++)
        if (!is_listed(preset, j))
            json_append(failed, list,
                        cJSON_CreateNumber(round((double)matrix[i * A + j] * digits) / digits));
}

/* matrix (A, A) of the actions that differ, rounded to 1 / digits. */
static void add_table(bool *failed, cJSON *object, const preset_t *preset, const float *matrix,
                      double digits)
{
    cJSON *rows = json_add_list(failed, object, "rows");
    cJSON *upper = json_add_list(failed, object, "upper");
    for (int32_t i = 0; i < preset->num_actions && !*failed; i++)
        if (!is_listed(preset, i)) add_row(failed, preset, matrix, digits, i, rows, upper);
    /* The last row has nothing to its right, and no list. */
    if (!*failed) cJSON_DeleteItemFromArray(upper, cJSON_GetArraySize(upper) - 1);
}

static void add_similarity(bool *failed, cJSON *file, const preset_t *preset, const float *matrix,
                           const preset_similarity_t *how)
{
    cJSON_DeleteItemFromObjectCaseSensitive(file, "similarity");
    cJSON *similarity = json_add_object(failed, file, "similarity");
    add_table(failed, similarity, preset, matrix, SIMILARITY_DIGITS);
    json_add_number(failed, similarity, "decisions", (double)how->decisions);
    json_add_number(failed, similarity, "updates", (double)how->updates);
    json_add_number(failed, similarity, "seeds", how->seeds);
    if (how->has_seed) json_add_number(failed, similarity, "seed", (double)how->seed);
    if (how->from[0]) json_add_string(failed, similarity, "from", how->from);
    if (how->version[0]) json_add_string(failed, similarity, "version", how->version);
}

char *preset_with_similarity(const preset_t *preset, const float *matrix,
                             const preset_similarity_t *how)
{
    cJSON *file = tree_of(preset);
    text_t text = { .failed = !file };
    add_similarity(&text.failed, file, preset, matrix, how);
    if (!text.failed) text_json_pretty(&text, file);
    cJSON_Delete(file);
    return text_take(&text, NULL);
}

/* ---- what a probe or an inverse model found ---- */

char *preset_with_outcomes(const preset_t *preset, const float *distances,
                           const preset_outcomes_t *how)
{
    cJSON *file = tree_of(preset);
    text_t text = { .failed = !file };
    cJSON_DeleteItemFromObjectCaseSensitive(file, "outcomes");
    cJSON *outcomes = json_add_object(&text.failed, file, "outcomes");
    add_table(&text.failed, outcomes, preset, distances, 1e3); /* 240 actions: 170 KB */
    if (how->decisions > 0) json_add_number(&text.failed, outcomes, "decisions", how->decisions);
    if (how->states > 0) json_add_number(&text.failed, outcomes, "states", how->states);
    if (how->horizon_frames > 0)
        json_add_number(&text.failed, outcomes, "horizon_frames", how->horizon_frames);
    json_add_number(&text.failed, outcomes, "seed", (double)how->seed);
    if (how->start[0]) json_add_string(&text.failed, outcomes, "start", how->start);
    if (!text.failed) text_json_pretty(&text, file);
    cJSON_Delete(file);
    return text_take(&text, NULL);
}

/* ---- one more start ---- */

static void add_start(bool *failed, cJSON *file, const char *name, const char *const *lines,
                      int32_t num_lines)
{
    cJSON *starts = cJSON_GetObjectItemCaseSensitive(file, "starts");
    if (!starts) starts = json_add_object(failed, file, "starts");
    cJSON *list = json_add_list(failed, starts, name);
    for (int32_t i = 0; list && i < num_lines; i++)
        json_append(failed, list, cJSON_CreateString(lines[i]));
    cJSON_DeleteItemFromObjectCaseSensitive(file, "default_start");
    json_add_string(failed, file, "default_start", name);
}

bool preset_with_start(char **out, const preset_t *preset, const char *name,
                       const char *const *lines, int32_t num_lines, why_t why)
{
    *out = NULL;
    for (int32_t s = 0; s < preset->num_starts; s++)
        if (strcmp(preset->starts[s].name, name) == 0)
            return refuse(why, "start %.100s: the preset has one of this name already", name);
    cJSON *file = tree_of(preset);
    bool failed = !file;
    if (file) add_start(&failed, file, name, lines, num_lines);
    *out = tree_text(file, failed, "the preset", why);
    return *out != NULL;
}
