/* import_retro.c - stable-retro's game folders as presets.
 *
 * Its loader takes much that is wrong in silence: a text where a number belongs reads as 0, an
 * unknown operator as none, a type it does not know as a missing variable. Here each of these is
 * left out, or read as it reads it, and said in the report.
 */
#include "import_retro.h"
#include "files.h"
#include "making.h"
#include "retropad.h"
#include "sides.h"
#include "why.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is lost ---- */

const char *import_loss_says(import_loss_t loss)
{
    static const char *const says[] = {
        [IMPORT_LOSES_START] = ("the start: a savestate there, START pressed four times here, "
                                "untried; `kata preset boot ROM` finds one"),
        [IMPORT_LOSES_STATE] = "other starts: savestates, which hold the game's memory",
        [IMPORT_LOSES_SCRIPT] = "Lua scripts, of rewards and ends: not run",
        [IMPORT_LOSES_REWARD] = "a reward: it has none; trained by novelty alone",
        [IMPORT_LOSES_END] = "an end: it has none; rounds last the most steps",
        [IMPORT_LOSES_MEASURE] = "parts of a reward or an end",
        [IMPORT_LOSES_VARIABLE] = "variables",
        [IMPORT_LOSES_ACTION_LIST] = "actions: it names none; every direction with every button",
        [IMPORT_LOSES_ACTION] = "some of its actions: buttons that the pad does not have",
        [IMPORT_LOSES_CROP] = "the crop of the picture: the whole of it is seen",
        [IMPORT_LOSES_DUMP] = "which dump it is for: any game of that name matches",
        [IMPORT_LOSES_KEY] = "keys that Kata does not know",
        [IMPORT_LOSES_FILE] = "other files: scenarios, scripts, pictures",
    };
    return says[loss];
}

/* ---- files of the folder ---- */

/* *out is NULL if the file is not there and need not be. */
static bool read_json(retro_import_t *import, const char *name, bool required, cJSON **out)
{
    char path[FILES_PATH_BYTES];
    why_t missing;
    uint8_t *bytes;
    size_t num_bytes;
    *out = NULL;
    if (snprintf(path, sizeof path, "%s/%s", import->folder, name) >= (int)sizeof path)
        return refuse(import->why, "%.200s: the path is too long", import->folder);
    if (!files_read(path, IMPORT_FILE_BYTES, &bytes, &num_bytes, missing)) {
        if (!required) return true;
        return refuse(import->why, "%s", missing);
    }
    reader_t reader = { .source = path, .why = import->why };
    *out = json_read(&reader, (const char *)bytes, num_bytes);
    free(bytes);
    if (!*out) return false;
    if (reader_is_object(&reader, *out)) return true;
    cJSON_Delete(*out);
    *out = NULL;
    return false;
}

/* Keys that mean nothing here, but may have meant something there. */
static void say_unknown_keys(retro_import_t *import, const char *place, const cJSON *object,
                             const char *known)
{
    char key[64], word[66];
    for (const cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item;
         item = item->next) {
        snprintf(key, sizeof key, "%s", item->string);
        snprintf(word, sizeof word, " %.62s ", key);
        if (!strchr(key, ' ') && strstr(known, word)) continue;
        retro_leave_out(import, IMPORT_LOSES_KEY, place, item->string, "Kata knows no such key");
    }
}

/* ---- data.json ---- */

static void import_variable(retro_import_t *import, const cJSON *item)
{
    const cJSON *address = json_get(item, "address"), *type = json_get(item, "type");
    const cJSON *mask = json_get(item, "mask");
    reader_t quiet = { .source = "" };
    value_type_t parsed;
    if (!reader_check_name(&quiet, item->string, PRESET_NAME_BYTES)) {
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "variable", item->string,
                        "a name must be short, without / \\ and ..");
        return;
    }
    if (!cJSON_IsNumber(address) || address->valuedouble < 0 ||
        address->valuedouble > (double)MODEL_MAX_ADDRESS) {
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "variable", item->string, "no address");
        return;
    }
    const char *broken =
        cJSON_IsString(type) ? type_parse(&parsed, type->valuestring) : "has no type";
    if (broken[0]) {
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "variable", item->string, broken);
        return;
    }
    if (cJSON_GetArraySize(import->variables) == PRESET_MAX_VARIABLES) {
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "variable", item->string,
                        "a preset has at most 64");
        return;
    }
    cJSON *variable = json_add_object(&import->failed, import->variables, item->string);
    if (!variable) return;
    json_add_number(&import->failed, variable, "address", floor(address->valuedouble));
    json_add_string(&import->failed, variable, "type", type->valuestring);
    if (cJSON_IsNumber(mask) && fabs(mask->valuedouble) <= JSON_EXACT_INT)
        json_add_number(&import->failed, variable, "mask", trunc(mask->valuedouble));
    else if (mask)
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "mask of", item->string, "no whole number");
    say_unknown_keys(import, item->string, item, " address type mask ");
}

static bool import_data(retro_import_t *import)
{
    cJSON *data;
    if (!read_json(import, "data.json", true, &data)) return false;
    const cJSON *info = json_get(data, "info");
    import->variables = json_add_object(&import->failed, import->file, "variables");
    for (const cJSON *item = cJSON_IsObject(info) ? info->child : NULL; item && !import->failed;
         item = item->next)
        import_variable(import, item);
    if (!cJSON_IsObject(info))
        retro_leave_out(import, IMPORT_LOSES_VARIABLE, "data.json", NULL, "it has no \"info\"");
    say_unknown_keys(import, "data.json", data, " info ");
    cJSON_Delete(data);
    return true;
}

/* ---- the two players, by the names of their variables ---- */

static bool same_kind(const cJSON *a, const cJSON *b)
{
    value_type_t types[2] = { 0 };
    const cJSON *const both[2] = { a, b };
    for (int32_t i = 0; i < 2; i++) {
        const cJSON *mask = json_get(both[i], "mask");
        (void)type_parse(&types[i], json_get(both[i], "type")->valuestring); /* it was kept */
        if (mask) types[i].mask = (int64_t)mask->valuedouble;
    }
    return sides_same_kind(&types[0], &types[1]);
}

static bool is_in_a_pair(const cJSON *pairs, const char *name)
{
    for (const cJSON *pair = pairs ? pairs->child : NULL; pair; pair = pair->next)
        if (strcmp(pair->string, name) == 0 || strcmp(pair->valuestring, name) == 0) return true;
    return false;
}

static void add_pair(retro_import_t *import, cJSON **pairs, const char *ours, const char *theirs)
{
    if (!*pairs) {
        cJSON *sides = json_add_object(&import->failed, import->file, "sides");
        *pairs = sides ? json_add_object(&import->failed, sides, "variables") : NULL;
    }
    json_add_string(&import->failed, *pairs, ours, theirs);
    text_say(&import->report, "sides: \"");
    text_add_printable(&import->report, ours);
    text_say(&import->report, "\" and \"");
    text_add_printable(&import->report, theirs);
    text_say(&import->report, "\" are taken for the two players', by their names\n");
}

static void import_sides(retro_import_t *import)
{
    cJSON *pairs = NULL;
    for (const cJSON *a = import->variables ? import->variables->child : NULL; a && !import->failed;
         a = a->next)
        for (const cJSON *b = import->variables->child; b && !import->failed; b = b->next)
            if (sides_are_a_pair(a->string, b->string) && !is_in_a_pair(pairs, a->string) &&
                !is_in_a_pair(pairs, b->string) && same_kind(a, b))
                add_pair(import, &pairs, a->string, b->string);
    if (pairs)
        text_say(&import->report, "sides: stable-retro knows no facing, so port 2's picture is not "
                                  "mirrored; see FORMAT.md\n");
}

/* ---- scenario.json ---- */

static bool is_known_op(const char *op)
{
    static const char ops[] = " equal negative-equal not-equal less-than greater-than "
                              "less-or-equal greater-or-equal nonzero zero positive negative sign ";
    char word[40];
    return snprintf(word, sizeof word, " %s ", op) < (int)sizeof word && strstr(ops, word);
}

/* A finite number that a preset takes. */
static const cJSON *number_of(retro_import_t *import, const cJSON *from, const char *key,
                              const char *name, double limit)
{
    const cJSON *value = json_get(from, key);
    if (!value) return NULL;
    if (cJSON_IsNumber(value) && fabs(value->valuedouble) <= limit) return value;
    retro_leave_out(import, IMPORT_LOSES_MEASURE, key, name, "no number in range, it reads as 0");
    return NULL;
}

/* measurement, op, reference, reward, penalty of `from`, as far as they mean something. */
static void copy_measure(retro_import_t *import, cJSON *to, const cJSON *from, const char *name)
{
    const cJSON *measurement = json_get(from, "measurement"), *op = json_get(from, "op");
    if (cJSON_IsString(measurement) && (strcmp(measurement->valuestring, "delta") == 0 ||
                                        strcmp(measurement->valuestring, "absolute") == 0))
        json_add_string(&import->failed, to, "measurement", measurement->valuestring);
    else if (measurement)
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "measurement of", name,
                        "neither delta nor absolute");
    if (cJSON_IsString(op) && is_known_op(op->valuestring))
        json_add_string(&import->failed, to, "op", op->valuestring);
    else if (op)
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "op of", name,
                        "not known, so the value itself counts");
    const cJSON *reference = number_of(import, from, "reference", name, JSON_EXACT_INT);
    if (reference) json_add_number(&import->failed, to, "reference", trunc(reference->valuedouble));
    const cJSON *reward = number_of(import, from, "reward", name, 1e9);
    if (reward) json_add_number(&import->failed, to, "reward", reward->valuedouble);
    const cJSON *penalty = number_of(import, from, "penalty", name, 1e9);
    if (penalty) json_add_number(&import->failed, to, "penalty", penalty->valuedouble);
}

#define MEASURE_KEYS " measurement op reference reward penalty "

/* "variables" of a reward or of an end. */
static void copy_measures(retro_import_t *import, cJSON *to, const cJSON *from)
{
    const cJSON *variables = json_get(from, "variables");
    if (variables && !cJSON_IsObject(variables))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "variables", NULL, "no object {}");
    if (!cJSON_IsObject(variables) || !variables->child) return;
    cJSON *object = json_add_object(&import->failed, to, "variables");
    for (const cJSON *item = variables->child; item && object; item = item->next) {
        if (!json_get(import->variables, item->string)) {
            retro_leave_out(import, IMPORT_LOSES_MEASURE, "measure of", item->string,
                            "no variable of data.json that we have");
            continue;
        }
        if (!cJSON_IsObject(item))
            retro_leave_out(import, IMPORT_LOSES_MEASURE, "measure of", item->string,
                            "no object {}");
        cJSON *measure = json_add_object(&import->failed, object, item->string);
        if (measure) copy_measure(import, measure, item, item->string);
        say_unknown_keys(import, item->string, item, MEASURE_KEYS);
    }
}

static void say_script(retro_import_t *import, const char *place, const cJSON *from)
{
    const cJSON *script = json_get(from, "script");
    if (cJSON_IsString(script))
        retro_leave_out(import, IMPORT_LOSES_SCRIPT, place, script->valuestring,
                        "a Lua script, which is not run; the conditions beside it are used alone");
}

static double largest_of(const cJSON *measures)
{
    double largest = 0;
    for (const cJSON *m = measures ? measures->child : NULL; m; m = m->next)
        for (int k = 0; k < 2; k++) {
            const cJSON *value = json_get(m, k ? "penalty" : "reward");
            if (value) largest = fmax(largest, fabs(value->valuedouble));
        }
    return largest;
}

/* A score's tens of thousands are often worth a million: more than a preset takes unscaled. */
static void add_scale(retro_import_t *import, cJSON *made)
{
    double scale = 1;
    const double largest = largest_of(json_get(made, "variables"));
    while (largest * scale > MODEL_MAX_SCALED) scale /= 10;
    if (scale == 1) return;
    json_add_number(&import->failed, made, "scale", scale);
    text_say(&import->report, "reward: some of it is worth %g; all is multiplied by \"scale\" %g\n",
             largest, scale);
}

static void import_reward(retro_import_t *import, const cJSON *scenario)
{
    const cJSON *reward = json_get(scenario, "reward"), *rewards = json_get(scenario, "rewards");
    if (reward && rewards)
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "rewards", NULL,
                        "\"reward\" beside it is kept");
    if (!reward && cJSON_IsArray(rewards)) {
        reward = rewards->child;
        if (reward && reward->next)
            retro_leave_out(import, IMPORT_LOSES_MEASURE, "rewards", NULL,
                            "only that of player 1 is kept");
    }
    if (!reward)
        text_say(&import->report, "%s: no reward\n", retro_scenario_name(import));
    else if (!cJSON_IsObject(reward))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "reward", NULL, "no object {}");
    if (!cJSON_IsObject(reward)) return;
    say_unknown_keys(import, "reward", reward, " variables time script ");
    say_script(import, "reward.script", reward);
    cJSON *made = json_add_object(&import->failed, import->file, "reward");
    if (!made) return;
    copy_measures(import, made, reward);
    add_scale(import, made);
    const cJSON *time = json_get(reward, "time");
    if (time && !cJSON_IsObject(time))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "time", NULL, "no object {}");
    if (!cJSON_IsObject(time)) return;
    cJSON *copy = json_add_object(&import->failed, made, "time");
    if (copy) copy_measure(import, copy, time, "time");
    say_unknown_keys(import, "time", time, MEASURE_KEYS);
}

/* Depth is bounded by json_scan(). */
static void copy_node(retro_import_t *import, cJSON *to, const cJSON *from)
{
    const cJSON *condition = json_get(from, "condition"), *nodes = json_get(from, "nodes");
    if (cJSON_IsString(condition))
        json_add_string(&import->failed, to, "condition",
                        strcmp(condition->valuestring, "all") == 0 ? "all" : "any");
    if (condition && (!cJSON_IsString(condition) || (strcmp(condition->valuestring, "all") != 0 &&
                                                     strcmp(condition->valuestring, "any") != 0)))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "condition",
                        cJSON_IsString(condition) ? condition->valuestring : NULL,
                        "neither any nor all, it reads as any");
    say_unknown_keys(import, "done", from, " condition variables nodes script ");
    copy_measures(import, to, from);
    if (nodes && !cJSON_IsObject(nodes))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "nodes", NULL, "no object {}");
    if (!cJSON_IsObject(nodes) || !nodes->child) return;
    cJSON *object = json_add_object(&import->failed, to, "nodes");
    for (const cJSON *node = nodes->child; node && object; node = node->next) {
        cJSON *copy = json_add_object(&import->failed, object, node->string);
        if (copy) copy_node(import, copy, node);
    }
}

static void import_done(retro_import_t *import, const cJSON *scenario)
{
    const cJSON *done = json_get(scenario, "done");
    if (!done)
        text_say(&import->report, "%s: no end\n", retro_scenario_name(import));
    else if (!cJSON_IsObject(done))
        retro_leave_out(import, IMPORT_LOSES_MEASURE, "done", NULL, "no object {}");
    if (!cJSON_IsObject(done)) return;
    say_script(import, "done.script", done);
    cJSON *made = json_add_object(&import->failed, import->file, "done");
    if (made) copy_node(import, made, done);
}

static void say_the_rest(retro_import_t *import, const cJSON *scenario)
{
    const cJSON *scripts = json_get(scenario, "scripts");
    for (const cJSON *s = cJSON_IsArray(scripts) ? scripts->child : NULL; s; s = s->next)
        if (cJSON_IsString(s))
            retro_leave_out(import, IMPORT_LOSES_SCRIPT, "script", s->valuestring,
                            "Lua is not run");
    if (json_get(scenario, "crop") || json_get(scenario, "crops"))
        retro_leave_out(import, IMPORT_LOSES_CROP, "crop", NULL, "the whole picture is looked at");
    say_unknown_keys(import, retro_scenario_name(import), scenario,
                     " reward rewards done actions scripts crop crops ");
}

/* ---- what is the same for all ---- */

static void add_console(retro_import_t *import)
{
    const system_facts_t *facts = import->facts;
    cJSON *memory = json_add_object(&import->failed, import->file, "memory");
    json_add_number(&import->failed, memory, "ram_base", (double)facts->ram_base);
    if (facts->word_swapped) json_add_bool(&import->failed, memory, "word_swapped", true);
    cJSON *pad = json_add_object(&import->failed, import->file, "pad");
    json_add_number(&import->failed, pad, "ports", 2);
    cJSON *buttons = pad ? json_add_object(&import->failed, pad, "buttons") : NULL;
    for (int32_t id = 0; id < 12; id++)
        if (facts->buttons[id])
            json_add_string(&import->failed, buttons, facts->buttons[id], retropad_name(id));
    cJSON *timing = json_add_object(&import->failed, import->file, "timing");
    json_add_number(&import->failed, timing, "frame_skip", 4);
    json_add_number(&import->failed, timing, "max_steps", 4500);
}

static void add_start(retro_import_t *import)
{
    static const char *const lines[] = { "{300}", "repeat 4: START{4} {60}", "{120}" };
    cJSON *metadata;
    import->losses.counts[IMPORT_LOSES_START]++;
    char *why = import->why;
    why_t broken = "";
    import->why = broken; /* a broken metadata.json is no reason to stop */
    if (!read_json(import, "metadata.json", false, &metadata))
        text_say(&import->report, "not read: %s\n", broken);
    import->why = why;
    say_unknown_keys(import, "metadata.json", metadata, " default_state ");
    const cJSON *state = metadata ? json_get(metadata, "default_state") : NULL;
    if (cJSON_IsString(state))
        snprintf(import->default_state, sizeof import->default_state, "%s", state->valuestring);
    if (cJSON_IsString(state))
        retro_leave_out(
            import, IMPORT_LOSES_START, "savestate", state->valuestring,
            "it holds the game's memory; the start \"power\" presses START instead and has "
            "to be filled in");
    cJSON_Delete(metadata);
    cJSON *starts = json_add_object(&import->failed, import->file, "starts");
    cJSON *start = starts ? json_add_list(&import->failed, starts, "power") : NULL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0] && start; i++)
        json_append(&import->failed, start, cJSON_CreateString(lines[i]));
}

static void add_provenance(retro_import_t *import)
{
    char source[PRESET_NAME_BYTES + 64];
    snprintf(source, sizeof source, "stable-retro: %s-%s", import->game,
             import->facts->stable_retro);
    cJSON *provenance = json_add_object(&import->failed, import->file, "provenance");
    json_add_string(&import->failed, provenance, "tool", "kata preset import");
    json_add_string(&import->failed, provenance, "verified", "imported, not run");
    cJSON *sources = provenance ? json_add_list(&import->failed, provenance, "sources") : NULL;
    if (sources) json_append(&import->failed, sources, cJSON_CreateString(source));
}

static bool import_folder(retro_import_t *import)
{
    cJSON *scenario;
    if (!retro_read_name(import)) return false;
    json_add_number(&import->failed, import->file, "kata_preset", 1);
    json_add_string(&import->failed, import->file, "game", import->game);
    json_add_string(&import->failed, import->file, "system", import->facts->id);
    retro_read_hashes(import);
    add_console(import);
    if (!import_data(import) || !read_json(import, retro_scenario_name(import),
                                           import->options.scenario != NULL, &scenario))
        return false;
    retro_import_actions(import, scenario);
    if (scenario) {
        import_reward(import, scenario);
        import_done(import, scenario);
        say_the_rest(import, scenario);
    } else {
        text_say(&import->report, "no scenario.json: no reward and no end\n");
    }
    cJSON_Delete(scenario);
    import_sides(import);
    add_start(import);
    retro_say_files(import);
    add_provenance(import);
    return true;
}

bool preset_import_stable_retro(char **out, char **report, const char *folder,
                                const import_retro_options_t *options, import_losses_t *losses,
                                why_t why)
{
    retro_import_t import = { .folder = folder, .why = why, .file = cJSON_CreateObject() };
    if (options) import.options = *options;
    *out = *report = NULL;
    bool ok = import.file ? import_folder(&import) : refuse(why, "no memory to import");
    text_t text = { .failed = import.failed };
    if (ok) text_json_pretty(&text, import.file);
    cJSON_Delete(import.file);
    size_t num_bytes;
    char *made = text_take(&text, &num_bytes), *said = text_take(&import.report, NULL);
    if (ok && (!made || !said)) ok = refuse(why, "no memory to import %.200s", folder);
    preset_t *check = NULL;
    if (ok) ok = preset_parse(&check, made, num_bytes, folder, why);
    if (ok && losses) {
        *losses = import.losses;
        losses->counts[IMPORT_LOSES_REWARD] = !preset_has_reward(check);
        losses->counts[IMPORT_LOSES_END] = check->done < 0;
    }
    preset_free(check);
    if (!ok) {
        free(made);
        free(said);
        return false;
    }
    *out = made;
    *report = said;
    return true;
}
