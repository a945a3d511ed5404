/* ablation.c - see ablation.h. */
#include "ablation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bands.h"
#include "files.h"
#include "home.h"
#include "making.h"
#include "why.h"

enum { FORMAT_VERSION = 1, FILE_BYTES = 1 << 20 };

static const struct {
    const char *name, *text;
    uint32_t colour;
} arms[ABLATION_NUM_ARMS] = {
    { "rainbow", "Rainbow, primitives only", 0x8f8878 },
    { "macros", "Rainbow, all actions", 0x2f4b7c },
    { "fixed", "MASP, similarity fixed", 0xd99a2b },
    { "meta", "MASP, similarity learned", 0xd1432b },
    { "transfer", "MASP, begins with an earlier similarity", 0x3f8f6b },
    { "oracle", "similarity by hand, fixed", 0x7a3f8f },
    { "probe", "similarity from a probe, fixed", 0x2a9d9d },
    { "permuted", "the probe's, names shuffled", 0xb07aa1 },
    { "constant", "the probe's mean for all pairs", 0x9c755f },
    { "kinds", "the probe's, random moves by kinds", 0x59a14f },
    { "probe-meta", "the probe's, learned on", 0xe15f8f },
    { "together", "that, random moves by kinds", 0x4e79d8 },
    { "inverse", "similarity from an inverse model, fixed", 0x8c6d3f },
};

const char *ablation_arm_name(int32_t arm)
{
    return arms[arm].name;
}

const char *ablation_arm_text(int32_t arm)
{
    return arms[arm].text;
}

uint32_t ablation_arm_colour(int32_t arm)
{
    return arms[arm].colour;
}

static int32_t find_arm(const char *name, size_t length)
{
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++)
        if (strlen(arms[a].name) == length && memcmp(arms[a].name, name, length) == 0) return a;
    return -1;
}

bool ablation_read_arms(bool flags[ABLATION_NUM_ARMS], const char *text, why_t why)
{
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++) flags[a] = false;
    for (const char *word = text;; word++) {
        const size_t length = strcspn(word, ",");
        const int32_t arm = find_arm(word, length);
        if (arm < 0)
            return refuse(why, "--arms: there is no arm '%.*s'; the arms are " ABLATION_ARM_NAMES,
                          length > 60 ? 60 : (int)length, word);
        if (flags[arm]) return refuse(why, "--arms: %s is named twice", arms[arm].name);
        flags[arm] = true;
        word += length;
        if (!*word) return true;
    }
}

void ablation_free(ablation_t *ablation)
{
    cJSON_Delete(ablation->file);
    ablation->file = NULL;
}

/* ---- ablation.json ---- */

static bool read_count(const cJSON *object, const char *key, double low, double high, int64_t *out,
                       char *why)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    const double value = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    if (!(value >= low && value <= high && value == floor(value)))
        return refuse(why, "\"%s\" must be a whole number, %.0f to %.0f", key, low, high);
    *out = (int64_t)value;
    return true;
}

/* A start may be part of a folder's name. */
static bool is_name(const char *text)
{
    if (!text || !*text || strlen(text) >= PRESET_NAME_BYTES || *text == '.') return false;
    for (; *text; text++)
        if (*text == '/' || *text == '\\' || (unsigned char)*text < ' ' || *text == 127)
            return false;
    return true;
}

static bool read_starts(ablation_t *ablation, const cJSON *shared, char *why)
{
    const cJSON *starts = cJSON_GetObjectItemCaseSensitive(shared, "starts"), *start;
    ablation->num_starts = 0;
    cJSON_ArrayForEach(start, starts)
    {
        const char *name = cJSON_GetStringValue(start);
        if (!is_name(name) || ablation->num_starts == ABLATION_MAX_STARTS) break;
        snprintf(ablation->starts[ablation->num_starts++], PRESET_NAME_BYTES, "%s", name);
    }
    if (cJSON_IsArray(starts) && ablation->num_starts > 0 &&
        ablation->num_starts == cJSON_GetArraySize(starts))
        return true;
    return refuse(why, "\"starts\" must be a list of 1 to %d names", ABLATION_MAX_STARTS);
}

static bool read_arms(ablation_t *ablation, const cJSON *file, char *why)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(file, "arms"), *item;
    bool ok = cJSON_IsArray(list) && list->child;
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++) ablation->arms[a] = false;
    cJSON_ArrayForEach(item, list)
    {
        const char *name = cJSON_GetStringValue(item);
        const int32_t arm = name ? find_arm(name, strlen(name)) : -1;
        ok = ok && arm >= 0 && !ablation->arms[arm];
        if (ok) ablation->arms[arm] = true;
    }
    return ok || refuse(why, "\"arms\" must be a list of different ones of " ABLATION_ARM_NAMES);
}

static bool read_file(ablation_t *ablation, const cJSON *file, char *why)
{
    int64_t version = 0, num_seeds = 0;
    const cJSON *shared = cJSON_GetObjectItemCaseSensitive(file, "shared");
    const double many = 1e12;
    if (!read_count(file, "kata_ablation", FORMAT_VERSION, FORMAT_VERSION, &version, why) ||
        !read_count(file, "seeds", 1, ABLATION_MAX_SEEDS, &num_seeds, why) ||
        !read_arms(ablation, file, why) || !read_starts(ablation, shared, why) ||
        !read_count(shared, "first_seed", 0, 1e15, &ablation->first_seed, why) ||
        !read_count(shared, "decisions", 1, many, &ablation->decisions, why) ||
        !read_count(shared, "eval_every", 1, many, &ablation->eval_every, why) ||
        !read_count(shared, "eval_episodes", 1, 100000, &ablation->eval_episodes, why) ||
        !read_count(shared, "eval_seed", 1, 1e15, &ablation->eval_seed, why))
        return false;
    ablation->num_seeds = (int32_t)num_seeds;
    const char *game = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(shared, "game"));
    if (!is_name(game)) return refuse(why, "\"game\" must be a name");
    snprintf(ablation->game, sizeof ablation->game, "%s", game);
    return true;
}

bool ablation_load(ablation_t *ablation, const char *dir, ablation_complete_t *complete,
                   bool *found, why_t why)
{
    char path[HOME_PATH_BYTES];
    why_t cause;
    uint8_t *bytes;
    size_t num_bytes;
    *ablation = (ablation_t){ 0 };
    *found = false;
    if (snprintf(path, sizeof path, "%s/" ABLATION_FILE, dir) >= (int)sizeof path)
        return refuse(why, "%.100s...: too long a path", dir);
    if (access(path, F_OK) != 0) return true;
    *found = true;
    if (!files_read(path, FILE_BYTES, &bytes, &num_bytes, why)) return false;
    ablation->file = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    free(bytes);
    if (!cJSON_IsObject(ablation->file)) {
        ablation_free(ablation);
        return refuse(why, "%.300s: it must be a JSON object", path);
    }
    if (read_file(ablation, ablation->file, cause)) {
        cJSON *shared = cJSON_GetObjectItemCaseSensitive(ablation->file, "shared");
        cJSON *settings = cJSON_GetObjectItemCaseSensitive(shared, "settings");
        if (complete && cJSON_IsObject(settings)) complete(settings);
        return true;
    }
    ablation_free(ablation);
    return refuse(why, "%.300s: %.500s", path, cause);
}

bool ablation_save(const ablation_t *ablation, const char *dir, why_t why)
{
    char path[HOME_PATH_BYTES];
    char *text = cJSON_Print(ablation->file);
    if (!text) return refuse(why, "no memory for " ABLATION_FILE);
    bool ok = snprintf(path, sizeof path, "%s/" ABLATION_FILE, dir) < (int)sizeof path ||
              refuse(why, "%.100s...: too long a path", dir);
    ok = ok && files_replace(path, text, strlen(text), why);
    cJSON_free(text);
    return ok;
}

static void add_arms_and_seeds(bool *failed, cJSON *object, const ablation_t *ablation)
{
    cJSON *list = json_add_list(failed, object, "arms");
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++)
        if (ablation->arms[a]) json_append(failed, list, cJSON_CreateString(arms[a].name));
    json_add_number(failed, object, "seeds", ablation->num_seeds);
}

bool ablation_compose(ablation_t *ablation, cJSON *shared, cJSON *transfer, const char *command,
                      why_t why)
{
    bool failed = false;
    cJSON *file = ablation->file = cJSON_CreateObject();
    cJSON *starts = json_add_list(&failed, shared, "starts");
    for (int32_t s = 0; s < ablation->num_starts; s++)
        json_append(&failed, starts, cJSON_CreateString(ablation->starts[s]));
    json_add_number(&failed, shared, "first_seed", (double)ablation->first_seed);
    json_add_number(&failed, shared, "decisions", (double)ablation->decisions);
    json_add_number(&failed, shared, "eval_every", (double)ablation->eval_every);
    json_add_number(&failed, shared, "eval_episodes", (double)ablation->eval_episodes);
    json_add_number(&failed, shared, "eval_seed", (double)ablation->eval_seed);
    json_add_number(&failed, file, "kata_ablation", FORMAT_VERSION);
    add_arms_and_seeds(&failed, file, ablation);
    json_add(&failed, file, "shared", shared);
    if (transfer) json_add(&failed, file, "transfer", transfer);
    cJSON *entry = json_append_object(&failed, json_add_list(&failed, file, "history"));
    json_add_string(&failed, entry, "version", KATA_VERSION);
    json_add_string(&failed, entry, "command", command);
    add_arms_and_seeds(&failed, entry, ablation);
    if (failed) ablation_free(ablation);
    return !failed || refuse(why, "no memory for " ABLATION_FILE);
}

/* ---- going on ---- */

/* The first thing in which two trees differ, as "shared.decisions"; false if they are the same. */
static bool differs(const cJSON *was, const cJSON *is, char *path, size_t path_bytes,
                    const cJSON **old, const cJSON **new)
{
    *old = was;
    *new = is;
    if (cJSON_Compare(was, is, true)) return false;
    if (!cJSON_IsObject(was) || !cJSON_IsObject(is)) return true;
    for (int32_t side = 0; side < 2; side++) {
        const cJSON *from = side ? is : was;
        for (const cJSON *item = from->child; item; item = item->next) {
            const cJSON *a = cJSON_GetObjectItemCaseSensitive(was, item->string),
                        *b = cJSON_GetObjectItemCaseSensitive(is, item->string);
            const size_t length = strlen(path);
            snprintf(path + length, path_bytes - length, "%s%.60s", length ? "." : "",
                     item->string);
            if (differs(a, b, path, path_bytes, old, new)) return true;
            path[length] = '\0';
        }
    }
    return false;
}

static void print_value(char out[128], const cJSON *value)
{
    char *text = value ? cJSON_PrintUnformatted(value) : NULL;
    snprintf(out, 128, "%.100s", text ? text : "nothing");
    cJSON_free(text);
}

static bool refuse_change(const char *path, const cJSON *old, const cJSON *new, const char *dir,
                          char *why)
{
    char was[128], is[128];
    print_value(was, old);
    print_value(is, new);
    return refuse(why,
                  "%.300s/" ABLATION_FILE ": this comparison was begun with %s = %s and cannot go "
                  "on with %s: take another --out, or the same options",
                  dir, path, was, is);
}

static bool keeps_history(ablation_t *wanted, const ablation_t *saved, char *why)
{
    const cJSON *old = cJSON_GetObjectItemCaseSensitive(saved->file, "history");
    cJSON *history = cJSON_Duplicate(old, true);
    cJSON *entry =
        cJSON_DetachItemFromArray(cJSON_GetObjectItemCaseSensitive(wanted->file, "history"), 0);
    if (!cJSON_IsArray(history)) {
        cJSON_Delete(history);
        history = cJSON_CreateArray();
    }
    /* Going on with the same is no news. */
    const int32_t count = cJSON_GetArraySize(history);
    if (count > 0 && cJSON_Compare(cJSON_GetArrayItem(history, count - 1), entry, true))
        cJSON_Delete(entry);
    else
        cJSON_AddItemToArray(history, entry);
    return cJSON_ReplaceItemInObjectCaseSensitive(wanted->file, "history", history) ||
           refuse(why, "no memory for " ABLATION_FILE);
}

bool ablation_continue(ablation_t *wanted, const ablation_t *saved, const char *dir, why_t why)
{
    static const char *const parts[] = { "shared", "transfer" };
    for (int32_t part = 0; part < 2; part++) {
        char path[512];
        const cJSON *was = cJSON_GetObjectItemCaseSensitive(saved->file, parts[part]),
                    *is = cJSON_GetObjectItemCaseSensitive(wanted->file, parts[part]), *old, *new;
        if (part == 1 && (!was || !is)) continue; /* the arm came, or is refused below */
        snprintf(path, sizeof path, "%s", part ? parts[part] : "");
        if (differs(was, is, path, sizeof path, &old, &new))
            return refuse_change(path, old, new, dir, why);
    }
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++)
        if (saved->arms[a] && !wanted->arms[a])
            return refuse(why,
                          "%.300s/" ABLATION_FILE ": this comparison has the arm %s, which --arms "
                          "leaves out: arms may be added, not taken away",
                          dir, arms[a].name);
    if (wanted->num_seeds < saved->num_seeds)
        return refuse(why,
                      "%.300s/" ABLATION_FILE ": this comparison has %d seeds: there may be more, "
                      "not %d",
                      dir, saved->num_seeds, wanted->num_seeds);
    return keeps_history(wanted, saved, why);
}

/* ---- runs ---- */

static int32_t num_arms(const ablation_t *ablation)
{
    int32_t count = 0;
    for (int32_t a = 0; a < ABLATION_NUM_ARMS; a++) count += ablation->arms[a];
    return count;
}

int32_t ablation_num_runs(const ablation_t *ablation)
{
    return num_arms(ablation) * ablation->num_starts * ablation->num_seeds;
}

ablation_run_t ablation_run(const ablation_t *ablation, int32_t number)
{
    const int32_t count = num_arms(ablation);
    int32_t arm = 0;
    for (int32_t left = number % count; left > 0 || !ablation->arms[arm]; arm++)
        left -= ablation->arms[arm];
    return (ablation_run_t){ .arm = arm,
                             .start = number / count % ablation->num_starts,
                             .seed = number / count / ablation->num_starts };
}

void ablation_run_name(char name[128], const ablation_t *ablation, const ablation_run_t *run)
{
    const long long seed = (long long)(ablation->first_seed + run->seed);
    if (ablation->num_starts == 1)
        snprintf(name, 128, "%s-%lld", arms[run->arm].name, seed);
    else
        snprintf(name, 128, "%s-%s-%lld", arms[run->arm].name, ablation->starts[run->start], seed);
}

bool ablation_run_dir(char path[HOME_PATH_BYTES], const char *dir, const ablation_t *ablation,
                      const ablation_run_t *run)
{
    char name[128];
    ablation_run_name(name, ablation, run);
    return home_join(path, dir, name, NULL);
}

bool ablation_is_done(const ablation_t *ablation, const curve_t *curve)
{
    for (int32_t i = 0; i < curve->num_points; i++)
        if (curve->points[i].is_evaluation &&
            curve->points[i].episodes == ablation->eval_episodes &&
            curve->points[i].decisions == (double)ablation->decisions)
            return true;
    return false;
}
