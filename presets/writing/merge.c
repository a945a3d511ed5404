/* merge.c - joining what two presets of one game know. */
#include "merge.h"
#include "digest.h"
#include "making.h"
#include "text.h"
#include "tree.h"
#include "why.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const preset_t *ours, *theirs;
    cJSON *file;        /* ours, and what is joined to it */
    const cJSON *other; /* theirs */
    text_t report;
    bool failed; /* no memory */
} merge_t;

static cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* A copy of `value` into our object or list; key NULL: at the end of a list. */
static void join(merge_t *merge, cJSON *into, const char *key, const cJSON *value)
{
    cJSON *copy = cJSON_Duplicate(value, true);
    if (key)
        json_add(&merge->failed, into, key, copy);
    else
        json_append(&merge->failed, into, copy);
}

/* Our section `key`, made if it is not there. */
static cJSON *section(merge_t *merge, cJSON *parent, const char *key, bool list)
{
    cJSON *found = get(parent, key);
    if (found) return found;
    return list ? json_add_list(&merge->failed, parent, key)
                : json_add_object(&merge->failed, parent, key);
}

static bool same_json(merge_t *merge, const cJSON *a, const cJSON *b)
{
    text_t first = { 0 }, second = { 0 };
    text_json(&first, a, true);
    text_json(&second, b, true);
    if (first.failed || second.failed) merge->failed = true;
    const bool same = !merge->failed && strcmp(first.bytes, second.bytes) == 0;
    text_drop(&first);
    text_drop(&second);
    return same;
}

static void say(merge_t *merge, const char *what, const char *path, const char *name)
{
    text_say(&merge->report, "%s: %s", what, path);
    if (name) {
        text_say(&merge->report, " \"");
        text_add_printable(&merge->report, name);
        text_say(&merge->report, "\"");
    }
    text_say(&merge->report, "\n");
}

/* ---- plain sections ---- */

/* Keys that we do not have; a key that both have with other values stays ours. */
static void merge_object(merge_t *merge, const char *key)
{
    const cJSON *theirs = get(merge->other, key);
    if (!theirs || !theirs->child) return;
    cJSON *ours = section(merge, merge->file, key, false);
    for (const cJSON *item = theirs->child; ours && item; item = item->next) {
        const cJSON *mine = get(ours, item->string);
        if (!mine) {
            join(merge, ours, item->string, item);
            say(merge, "joined", key, item->string);
        } else if (!same_json(merge, mine, item)) {
            say(merge, "kept ours", key, item->string);
        }
    }
}

/* Items of a list that we do not have, up to `max`. */
static void merge_list(merge_t *merge, cJSON *parent, const cJSON *their_parent, const char *key,
                       int32_t max)
{
    const cJSON *theirs = get(their_parent, key);
    if (!theirs || !theirs->child) return;
    cJSON *ours = section(merge, parent, key, true);
    for (const cJSON *item = theirs->child; ours && item; item = item->next) {
        bool known = false;
        for (const cJSON *mine = ours->child; mine && !known; mine = mine->next)
            known = same_json(merge, mine, item);
        if (known) continue;
        if (cJSON_GetArraySize(ours) >= max) {
            say(merge, "no room for more", key, NULL);
            return;
        }
        join(merge, ours, NULL, item);
        say(merge, "joined", key, cJSON_IsString(item) ? item->valuestring : NULL);
    }
}

/* Sides must exchange what the facing reads: ours may not do that for theirs. */
static bool facing_fits(merge_t *merge)
{
    const cJSON *mine = get(merge->file, "sides"), *theirs = get(merge->other, "sides");
    return !mine || (theirs && same_json(merge, mine, theirs));
}

/* No variable of theirs is one of ours with another meaning. */
static bool variables_fit(merge_t *merge)
{
    const cJSON *mine = get(merge->file, "variables"), *theirs = get(merge->other, "variables");
    for (const cJSON *item = theirs ? theirs->child : NULL; item; item = item->next) {
        const cJSON *same = mine ? get(mine, item->string) : NULL;
        if (same && !same_json(merge, same, item)) return false;
    }
    return true;
}

/* Their sides are about variables and a facing that are ours, or that we have not. */
static bool sides_fit(merge_t *merge)
{
    const cJSON *mine = get(merge->file, "facing"), *theirs = get(merge->other, "facing");
    if (mine && !(theirs && same_json(merge, mine, theirs))) return false;
    return variables_fit(merge);
}

/* Their ways press buttons by names. */
static bool pad_fits(merge_t *merge)
{
    const cJSON *mine = get(merge->file, "pad"), *theirs = get(merge->other, "pad");
    return mine && theirs ? same_json(merge, mine, theirs) : mine == theirs;
}

/* Sections that cannot be half one and half the other. */
static void keep_ours(merge_t *merge)
{
    static const char *const keys[] = { "memory", "pad",     "timing",        "reward", "done",
                                        "result", "facing",  "default_start", "sides",  "fight",
                                        "ways",   "observe", "outcomes" };
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const cJSON *mine = get(merge->file, keys[k]), *other = get(merge->other, keys[k]);
        if (!other || (mine && same_json(merge, mine, other))) continue;
        if (mine) {
            say(merge, "kept ours", keys[k], NULL);
        } else if (strcmp(keys[k], "facing") == 0 && !facing_fits(merge)) {
            say(merge, "kept ours, none: our sides differ", keys[k], NULL);
        } else if (strcmp(keys[k], "sides") == 0 && !sides_fit(merge)) {
            say(merge, "kept ours, none: our variables or facing differ", keys[k], NULL);
        } else if (strcmp(keys[k], "observe") == 0 && !variables_fit(merge)) {
            say(merge, "kept ours, none: our variables differ", keys[k], NULL);
        } else if (strcmp(keys[k], "ways") == 0 && !pad_fits(merge)) {
            say(merge, "kept ours, none: our pad differs", keys[k], NULL);
        } else if (strcmp(keys[k], "pad") != 0 && strcmp(keys[k], "timing") != 0) {
            join(merge, merge->file, keys[k], other);
            say(merge, "joined", keys[k], NULL);
        } else { /* our actions were written for the default */
            say(merge, "kept ours, the default", keys[k], NULL);
        }
    }
}

/* ---- actions ---- */

/* Their action in our language: players agree on notation, and ours is the timing that stays.
 * False: our pad has no such buttons, or our game no charge. */
static bool translate(const merge_t *merge, const preset_action_t *action, macro_t *macro)
{
    const macro_language_t *language = &merge->ours->language;
    if (!macro_parse(macro, action->macro.notation, language, NULL)) return false;
    uint16_t mine = 0, other = 0;
    for (int32_t s = 0; s < macro->num_steps; s++) mine |= macro->steps[s].pad;
    for (int32_t s = 0; s < action->macro.num_steps; s++) other |= action->macro.steps[s].pad;
    return mine == other; /* the same name may be another button */
}

/* A primitive is its pad, for frame_skip may differ. */
static bool have_action(const merge_t *merge, const preset_action_t *action, const macro_t *macro)
{
    for (int32_t a = 0; a < merge->ours->num_actions; a++) {
        const preset_action_t *mine = &merge->ours->actions[a];
        if (mine->is_macro != action->is_macro || mine->mirrors != action->mirrors) continue;
        if (action->is_macro ? macro_same_steps(&mine->macro, macro)
                             : mine->macro.steps[0].pad == macro->steps[0].pad &&
                                   mine->macro.num_steps == macro->num_steps)
            return true;
    }
    return false;
}

static bool name_is_taken(const cJSON *actions, const char *name)
{
    static const char *const lists[2] = { "primitives", "macros" };
    for (int32_t l = 0; l < 2; l++) {
        const cJSON *list = get(actions, lists[l]);
        for (const cJSON *item = list ? list->child : NULL; item; item = item->next)
            if (strcmp(get(item, "name")->valuestring, name) == 0) return true;
    }
    return false;
}

/* "Fireball", or "Fireball 2" if that is taken, and so on. */
static void free_name(const cJSON *actions, const char *wanted, char name[PRESET_NAME_BYTES])
{
    snprintf(name, PRESET_NAME_BYTES, "%s", wanted);
    for (int32_t n = 2; name_is_taken(actions, name); n++) {
        size_t room = PRESET_NAME_BYTES - 6;
        while (room > 0 && ((unsigned char)wanted[room] & 0xC0) == 0x80) room--;
        snprintf(name, PRESET_NAME_BYTES, "%.*s %d", (int)room, wanted, (int)n);
    }
}

static void merge_action(merge_t *merge, cJSON *actions, const cJSON *item,
                         const preset_action_t *action, int32_t *num_actions)
{
    const char *path = action->is_macro ? "actions.macros" : "actions.primitives";
    macro_t macro;
    if (!translate(merge, action, &macro)) {
        say(merge, "cannot be joined, our pad or charge differs", path, action->name);
        return;
    }
    if (have_action(merge, action, &macro)) return;
    if (*num_actions == PRESET_MAX_ACTIONS) {
        say(merge, "no room for", path, action->name);
        return;
    }
    cJSON *list = section(merge, actions, action->is_macro ? "macros" : "primitives", true);
    if (!list) return;
    char name[PRESET_NAME_BYTES];
    free_name(actions, action->name, name);
    join(merge, list, NULL, item);
    if (merge->failed) return;
    cJSON *joined = cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
    if (!cJSON_SetValuestring(get(joined, "name"), name)) merge->failed = true;
    ++*num_actions;
    say(merge, "joined", path, name);
}

static void merge_actions(merge_t *merge)
{
    static const char *const lists[2] = { "primitives", "macros" };
    cJSON *actions = get(merge->file, "actions");
    const cJSON *theirs = get(merge->other, "actions");
    int32_t a = 0, num_actions = merge->ours->num_actions;
    for (int32_t l = 0; l < 2; l++) {
        const cJSON *list = get(theirs, lists[l]);
        for (const cJSON *item = list ? list->child : NULL; item; item = item->next)
            merge_action(merge, actions, item, &merge->theirs->actions[a++], &num_actions);
    }
}

/* ---- similarity ---- */

static int32_t find_row(const preset_similarity_t *similarity, const char *notation)
{
    for (int32_t r = 0; similarity && r < similarity->num_rows; r++)
        if (strcmp(similarity->notations[r], notation) == 0) return r;
    return -1;
}

/* Learned from nothing still counts for something. */
static double weight_of(const preset_similarity_t *similarity)
{
    return similarity && similarity->decisions > 0 ? (double)similarity->decisions : 1;
}

/* *known: whether anyone has an opinion on the two. */
static double joined_value(const merge_t *merge, const char *a, const char *b, bool *known)
{
    const preset_similarity_t *sides[2] = { merge->ours->similarity, merge->theirs->similarity };
    double sum = 0, weights = 0;
    for (int32_t s = 0; s < 2; s++) {
        const int32_t i = find_row(sides[s], a), j = find_row(sides[s], b);
        if (i < 0 || j < 0) continue;
        sum += weight_of(sides[s]) * (double)sides[s]->matrix[i * sides[s]->num_rows + j];
        weights += weight_of(sides[s]);
    }
    *known = weights > 0;
    return weights > 0 ? sum / weights : 0;
}

static void add_upper(merge_t *merge, cJSON *similarity, const cJSON *rows)
{
    cJSON *upper = json_add_list(&merge->failed, similarity, "upper");
    int32_t num_unknown = 0;
    for (const cJSON *a = rows->child; a && a->next && !merge->failed; a = a->next) {
        cJSON *list = cJSON_CreateArray();
        json_append(&merge->failed, upper, list);
        for (const cJSON *b = a->next; b && !merge->failed; b = b->next) {
            bool known;
            const double value = joined_value(merge, a->valuestring, b->valuestring, &known);
            json_append(&merge->failed, list, cJSON_CreateNumber(similarity_rounded(value)));
            num_unknown += !known;
        }
    }
    if (num_unknown)
        text_say(&merge->report, "similarity: %d pairs that nobody compared start at 0\n",
                 (int)num_unknown);
}

static void merge_similarity(merge_t *merge)
{
    const preset_similarity_t *a = merge->ours->similarity, *b = merge->theirs->similarity;
    const cJSON *theirs = get(merge->other, "similarity");
    if (!b) return;
    if (!a) {
        join(merge, merge->file, "similarity", theirs);
        say(merge, "joined", "similarity", NULL);
        return;
    }
    cJSON *similarity = cJSON_CreateObject();
    cJSON *rows = similarity ? cJSON_AddArrayToObject(similarity, "rows") : NULL;
    if (!rows || !cJSON_ReplaceItemInObjectCaseSensitive(merge->file, "similarity", similarity)) {
        cJSON_Delete(similarity);
        merge->failed = true;
        return;
    }
    for (int32_t side = 0; side < 2; side++) {
        const preset_similarity_t *from = side ? b : a;
        for (int32_t r = 0; r < from->num_rows && !merge->failed; r++) {
            if (side && find_row(a, from->notations[r]) >= 0) continue;
            if (cJSON_GetArraySize(rows) == PRESET_MAX_ACTIONS) {
                say(merge, "no room for", "similarity.rows", from->notations[r]);
                continue;
            }
            json_append(&merge->failed, rows, cJSON_CreateString(from->notations[r]));
        }
    }
    add_upper(merge, similarity, rows);
    json_add_number(&merge->failed, similarity, "decisions",
                    fmin((double)a->decisions + (double)b->decisions, JSON_EXACT_INT));
    json_add_number(&merge->failed, similarity, "updates",
                    fmin((double)a->updates + (double)b->updates, JSON_EXACT_INT));
    json_add_number(&merge->failed, similarity, "seeds",
                    fmin((double)a->seeds + b->seeds, 1000000));
    if (a->version[0]) json_add_string(&merge->failed, similarity, "version", a->version);
    text_say(&merge->report, "joined: similarity, %lld decisions of ours with %lld of theirs\n",
             (long long)a->decisions, (long long)b->decisions);
}

/* ---- the whole ---- */

/* The game is the same if its name is, or if both know one dump. */
static bool same_game(const preset_t *a, const preset_t *b)
{
    if (strcmp(a->system, b->system) != 0) return false;
    if (strcmp(a->game, b->game) == 0) return true;
    for (int32_t h = 0; h < b->num_hashes; h++)
        if (preset_matches(a, b->system, b->hashes[h].sha1, b->hashes[h].crc32, b->hashes[h].md5,
                           NULL))
            return true;
    return false;
}

static void merge_all(merge_t *merge)
{
    keep_ours(merge);
    merge_list(merge, merge->file, merge->other, "aliases", MODEL_MAX_ALIASES);
    merge_list(merge, merge->file, merge->other, "hashes", MODEL_MAX_HASHES);
    merge_object(merge, "variables");
    merge_object(merge, "starts");
    merge_actions(merge);
    merge_similarity(merge);
    const cJSON *provenance = get(merge->other, "provenance");
    cJSON *ours = provenance ? section(merge, merge->file, "provenance", false) : NULL;
    if (ours) merge_list(merge, ours, provenance, "sources", 16);
    if (ours) merge_list(merge, ours, provenance, "checks", 16);
}

bool preset_merge(char **out, char **report, const preset_t *ours, const preset_t *theirs,
                  why_t why)
{
    *out = *report = NULL;
    if (!same_game(ours, theirs))
        return refuse(why, "presets of different games cannot be merged: neither their names nor "
                           "a dump's hash agree");
    merge_t merge = { .ours = ours, .theirs = theirs, .file = tree_of(ours) };
    cJSON *other = tree_of(theirs);
    merge.other = other;
    merge.failed = !merge.file || !other;
    if (!merge.failed) merge_all(&merge);

    text_t text = { .failed = merge.failed };
    if (merge.file) text_json_pretty(&text, merge.file);
    cJSON_Delete(merge.file);
    cJSON_Delete(other);
    size_t num_bytes;
    char *merged = text_take(&text, &num_bytes), *said = text_take(&merge.report, NULL);
    bool ok = merged && said;
    if (!ok) refuse(why, "no memory to merge");
    preset_t *check = NULL; /* together they may break a limit that each one keeps */
    if (ok) ok = preset_parse(&check, merged, num_bytes, "the merged preset", why);
    preset_free(check);
    if (!ok) {
        free(merged);
        free(said);
        return false;
    }
    *out = merged;
    *report = said;
    return true;
}
