/* canonical.c - canonical form, pretty form, and the difference of two presets. */
#include "canonical.h"
#include "digest.h"
#include "text.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

char *preset_canonical(const preset_t *preset, size_t *num_bytes)
{
    cJSON *file = tree_of(preset);
    if (!file) return NULL;
    text_t text = { 0 };
    text_json(&text, file, true);
    cJSON_Delete(file);
    return text_take(&text, num_bytes);
}

bool preset_canonical_hash(const preset_t *preset, char hex[41])
{
    size_t num_bytes;
    char *text = preset_canonical(preset, &num_bytes);
    if (text) digest_sha1_hex(text, num_bytes, hex);
    free(text);
    return text != NULL;
}

char *preset_pretty(const preset_t *preset, size_t *num_bytes)
{
    cJSON *file = tree_of(preset);
    if (!file) return NULL;
    text_t text = { 0 };
    text_json_pretty(&text, file);
    cJSON_Delete(file);
    return text_take(&text, num_bytes);
}

/* ---- difference ---- */

#define DIFF_MAX_NAMED 512 /* longer lists are compared whole */

static void say_value(text_t *out, char sign, const char *path, const cJSON *value)
{
    text_say(out, "%c %s: ", sign, path);
    text_json(out, value, true);
    text_add(out, "\n", 1);
}

/* The name that tells an item of a list apart, or NULL: actions and hashes have one. */
static const char *name_of(const cJSON *item)
{
    static const char *const keys[] = { "sha1", "md5", "crc32", "name" };
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const cJSON *name = json_get(item, keys[k]);
        if (cJSON_IsString(name)) return name->valuestring;
    }
    return NULL;
}

static const cJSON *find_named(const cJSON *list, const char *name)
{
    for (const cJSON *item = list->child; item; item = item->next)
        if (strcmp(name_of(item), name) == 0) return item;
    return NULL;
}

/* All items have a name of their own; then places do not matter. */
static bool is_named_list(const cJSON *list)
{
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > DIFF_MAX_NAMED) return false;
    for (const cJSON *item = list->child; item; item = item->next)
        if (!name_of(item)) return false;
    for (const cJSON *item = list->child; item; item = item->next)
        if (find_named(list, name_of(item)) != item) return false;
    return true;
}

/* By their text: cJSON_Compare() doubles its work with each level of nesting. */
static bool same_value(text_t *out, const cJSON *a, const cJSON *b)
{
    text_t first = { 0 }, second = { 0 };
    text_json(&first, a, true);
    text_json(&second, b, true);
    if (first.failed || second.failed) out->failed = true;
    const bool same = !out->failed && strcmp(first.bytes, second.bytes) == 0;
    text_drop(&first);
    text_drop(&second);
    return same;
}

static const cJSON *counterpart(const cJSON *in, const cJSON *of, bool named)
{
    return named ? find_named(in, name_of(of)) : json_get(in, of->string);
}

/* Do the items that both have come in the same order? */
static bool same_order(const cJSON *before, const cJSON *after)
{
    const cJSON *at = after->child;
    for (const cJSON *item = before->child; item; item = item->next) {
        if (!find_named(after, name_of(item))) continue;
        while (at && !find_named(before, name_of(at))) at = at->next;
        if (!at || strcmp(name_of(at), name_of(item)) != 0) return false;
        at = at->next;
    }
    return true;
}

static void compare(text_t *out, const char *path, const cJSON *before, const cJSON *after)
{
    const bool named = is_named_list(before) && is_named_list(after);
    if (!named && !(cJSON_IsObject(before) && cJSON_IsObject(after))) {
        if (same_value(out, before, after)) return;
        say_value(out, '-', path, before);
        say_value(out, '+', path, after);
        return;
    }
    for (int32_t side = 0; side < 2; side++) {
        const cJSON *here = side ? after : before, *there = side ? before : after;
        for (const cJSON *item = here->child; item; item = item->next) {
            const cJSON *other = counterpart(there, item, named);
            if (other && side) continue; /* both have it: compared the first time */
            text_t inner = { 0 };
            text_say(&inner, "%s%s", path, named ? " \"" : path[0] ? "." : "");
            text_add_printable(&inner, named ? name_of(item) : item->string);
            if (named) text_add(&inner, "\"", 1);
            char *inner_path = text_take(&inner, NULL);
            if (!inner_path)
                out->failed = true;
            else if (other)
                compare(out, inner_path, item, other);
            else
                say_value(out, side ? '+' : '-', inner_path, item);
            free(inner_path);
        }
    }
    if (named && !same_order(before, after)) text_say(out, "~ %s: in another order\n", path);
}

char *preset_diff(const preset_t *before, const preset_t *after)
{
    cJSON *a = tree_of(before), *b = tree_of(after);
    text_t out = { .failed = !a || !b };
    if (a && b) compare(&out, "", a, b);
    cJSON_Delete(a);
    cJSON_Delete(b);
    return text_take(&out, NULL);
}
