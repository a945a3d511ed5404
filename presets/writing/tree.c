/* tree.c - spelling out of a preset's JSON: what may be written in two ways is written in one. */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_locale.h"
#include "text.h"
#include "why.h"

static bool set_string(cJSON *value, const char *text)
{
    return cJSON_SetValuestring(value, text) != NULL;
}

/* "0xFF8042" becomes 16744514. */
static bool spell_address(cJSON *object, const char *key)
{
    const cJSON *value = json_get(object, key);
    if (!cJSON_IsString(value)) return true;
    cJSON *number = cJSON_CreateNumber((double)strtoull(value->valuestring, NULL, 16));
    return number && cJSON_ReplaceItemInObjectCaseSensitive(object, key, number);
}

static bool spell_notation(cJSON *value, const macro_language_t *language)
{
    macro_t macro;
    if (!cJSON_IsString(value)) return true;
    if (!macro_parse(&macro, value->valuestring, language, NULL)) return true; /* a foreign row */
    return set_string(value, macro.notation);
}

static void lower_digest(cJSON *object, const char *key)
{
    const cJSON *value = json_get(object, key);
    for (char *c = cJSON_IsString(value) ? value->valuestring : NULL; c && *c; c++)
        if (*c >= 'A' && *c <= 'F') *c = (char)(*c - 'A' + 'a');
}

static bool spell_actions(cJSON *file, const macro_language_t *language)
{
    static const char *const lists[2] = { "primitives", "macros" };
    const cJSON *actions = json_get(file, "actions");
    for (int32_t l = 0; l < 2; l++) {
        const cJSON *list = json_get(actions, lists[l]);
        for (cJSON *item = list ? list->child : NULL; item; item = item->next) {
            cJSON *notation = cJSON_GetObjectItemCaseSensitive(item, l ? "notation" : "pad");
            if (!spell_notation(notation, language)) return false;
            const cJSON *frames = json_get(item, "frames");
            for (cJSON *step = frames ? frames->child : NULL; step; step = step->next)
                if (!spell_notation(cJSON_GetObjectItemCaseSensitive(step, "pad"), language))
                    return false;
        }
    }
    return true;
}

static bool spell(cJSON *file, const macro_language_t *language)
{
    cJSON *memory = cJSON_GetObjectItemCaseSensitive(file, "memory");
    if (memory && (!spell_address(memory, "ram_base") || !spell_address(memory, "ram_bytes")))
        return false;
    const cJSON *variables = json_get(file, "variables");
    for (cJSON *item = variables ? variables->child : NULL; item; item = item->next)
        if (!spell_address(item, "address")) return false;
    const cJSON *hashes = json_get(file, "hashes");
    for (cJSON *item = hashes ? hashes->child : NULL; item; item = item->next) {
        lower_digest(item, "sha1");
        lower_digest(item, "crc32");
        lower_digest(item, "md5");
    }
    static const char *const tables[] = { "similarity", "outcomes" };
    for (int t = 0; t < 2; t++) {
        const cJSON *rows = json_get(json_get(file, tables[t]), "rows");
        for (cJSON *row = rows ? rows->child : NULL; row; row = row->next)
            if (!spell_notation(row, language)) return false;
    }
    return spell_actions(file, language);
}

cJSON *tree_of(const preset_t *preset)
{
    const c_locale_t before = c_locale_enter();
    cJSON *file = cJSON_ParseWithLength(preset->text, preset->text_bytes);
    c_locale_leave(before);
    if (file && spell(file, &preset->language)) return file;
    cJSON_Delete(file);
    return NULL;
}

char *tree_text(cJSON *file, bool failed, const char *name, why_t why)
{
    text_t text = { .failed = failed || !file };
    if (!text.failed) text_json_pretty(&text, file);
    cJSON_Delete(file);
    size_t num_bytes;
    char *made = text_take(&text, &num_bytes);
    preset_t *check;
    if (!made) {
        refuse(why, "%.100s: no memory for it", name);
    } else if (preset_parse(&check, made, num_bytes, name, why)) {
        preset_free(check);
    } else {
        free(made);
        made = NULL;
    }
    return made;
}
