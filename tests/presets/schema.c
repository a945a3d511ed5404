/* schema.c - see schema.h. A keyword a function; a schema is the table of them. */
#include "schema.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

typedef struct {
    cJSON *root;
    bool mark;
    char *why;
} check_t;

static bool accepts(check_t *check, cJSON *schema, const cJSON *value);

static bool broken(check_t *check, const char *keyword, const cJSON *value)
{
    char *shown = cJSON_PrintUnformatted(value);
    refuse(check->why, "%s: %.60s%s%.200s", keyword, value->string ? value->string : "",
           value->string ? " = " : "", shown ? shown : "?");
    cJSON_free(shown);
    return false;
}

static cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool is_type(const cJSON *value, const char *type)
{
    if (strcmp(type, "object") == 0) return cJSON_IsObject(value);
    if (strcmp(type, "array") == 0) return cJSON_IsArray(value);
    if (strcmp(type, "string") == 0) return cJSON_IsString(value);
    if (strcmp(type, "boolean") == 0) return cJSON_IsBool(value);
    if (strcmp(type, "number") == 0) return cJSON_IsNumber(value);
    return strcmp(type, "integer") == 0 && cJSON_IsNumber(value) &&
           value->valuedouble == floor(value->valuedouble);
}

static bool matches(const char *text, const char *pattern)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) return false;
    const bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

static int32_t characters(const char *text)
{
    int32_t count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* "minimum", "maxItems" ...: a number that bounds a size of the value. */
static bool within(check_t *check, const cJSON *rule, const cJSON *value)
{
    static const struct {
        const char *keyword, *type;
        int sign;
    } rows[] = {
        { "minimum", "number", 1 },        { "maximum", "number", -1 },
        { "minLength", "string", 1 },      { "maxLength", "string", -1 },
        { "minItems", "array", 1 },        { "maxItems", "array", -1 },
        { "maxProperties", "object", -1 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (strcmp(rule->string, rows[r].keyword) != 0 || !is_type(value, rows[r].type)) continue;
        const double size = cJSON_IsNumber(value)   ? value->valuedouble
                            : cJSON_IsString(value) ? characters(value->valuestring)
                                                    : cJSON_GetArraySize(value);
        if (rows[r].sign * (size - rule->valuedouble) < 0)
            return broken(check, rule->string, value);
    }
    return true;
}

static bool properties_fit(check_t *check, cJSON *schema, const cJSON *value)
{
    cJSON *properties = get(schema, "properties"), *names = get(schema, "propertyNames");
    cJSON *others = get(schema, "additionalProperties");
    for (const cJSON *item = value->child; item; item = item->next) {
        cJSON *known = properties ? get(properties, item->string) : NULL;
        cJSON name = { .type = cJSON_String, .valuestring = item->string };
        if (names && !accepts(check, names, &name)) return false;
        if (known && check->mark && !get(known, "seen")) cJSON_AddTrueToObject(known, "seen");
        if (known ? !accepts(check, known, item) : others && !accepts(check, others, item))
            return false;
        if (!known && !others && properties) return broken(check, "properties", item);
    }
    return true;
}

static bool accepts_one(check_t *check, cJSON *schemas, const cJSON *value)
{
    for (cJSON *schema = schemas->child; schema; schema = schema->next)
        if (accepts(check, schema, value)) return true;
    return broken(check, "anyOf", value);
}

static bool accepts_all(check_t *check, cJSON *schemas, const cJSON *value)
{
    for (cJSON *schema = schemas->child; schema; schema = schema->next)
        if (!accepts(check, schema, value)) return false;
    return true;
}

static bool is_listed(const cJSON *list, const cJSON *value)
{
    for (const cJSON *item = list->child; item; item = item->next)
        if (cJSON_Compare(item, value, true)) return true;
    return false;
}

static bool items_fit(check_t *check, cJSON *schema, const cJSON *value)
{
    for (const cJSON *item = value->child; item; item = item->next)
        if (!accepts(check, schema, item)) return false;
    return true;
}

static bool items_are_unique(const cJSON *list)
{
    for (const cJSON *a = list->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            if (cJSON_Compare(a, b, true)) return false;
    return true;
}

static bool keyword_fits(check_t *check, cJSON *rule, const cJSON *value)
{
    const char *keyword = rule->string;
    bool fits = true;
    if (strcmp(keyword, "$ref") == 0)
        return accepts(check, get(get(check->root, "$defs"), strrchr(rule->valuestring, '/') + 1),
                       value);
    if (strcmp(keyword, "anyOf") == 0) return accepts_one(check, rule, value);
    if (strcmp(keyword, "allOf") == 0) return accepts_all(check, rule, value);
    if (strcmp(keyword, "items") == 0)
        return !cJSON_IsArray(value) || items_fit(check, rule, value);
    if (strcmp(keyword, "type") == 0) fits = is_type(value, rule->valuestring);
    if (strcmp(keyword, "const") == 0) fits = cJSON_Compare(rule, value, true);
    if (strcmp(keyword, "enum") == 0) fits = is_listed(rule, value);
    if (strcmp(keyword, "pattern") == 0)
        fits = !cJSON_IsString(value) || matches(value->valuestring, rule->valuestring);
    if (strcmp(keyword, "uniqueItems") == 0)
        fits = !cJSON_IsArray(value) || items_are_unique(value);
    if (strcmp(keyword, "required") == 0 && cJSON_IsObject(value))
        for (const cJSON *name = rule->child; name; name = name->next)
            fits = fits && get(value, name->valuestring);
    if (!fits) return broken(check, keyword, value);
    return within(check, rule, value);
}

static bool accepts(check_t *check, cJSON *schema, const cJSON *value)
{
    for (cJSON *rule = schema->child; rule; rule = rule->next)
        if (!keyword_fits(check, rule, value)) return false;
    return !cJSON_IsObject(value) || properties_fit(check, schema, value);
}

bool schema_accepts(cJSON *root, cJSON *schema, const cJSON *value, bool mark, why_t why)
{
    check_t check = { .root = root, .mark = mark, .why = why };
    return accepts(&check, schema, value);
}

const char *schema_unknown_keyword(const cJSON *schema)
{
    static const char known[] =
        " $ref anyOf allOf items type const enum pattern uniqueItems required minimum maximum "
        "minLength maxLength minItems maxItems maxProperties properties propertyNames "
        "additionalProperties $schema title description default $defs ";
    for (const cJSON *rule = schema->child; rule; rule = rule->next) {
        char word[64];
        snprintf(word, sizeof word, " %s ", rule->string);
        if (!strstr(known, word)) return rule->string;
        const bool map =
            strcmp(rule->string, "properties") == 0 || strcmp(rule->string, "$defs") == 0;
        const bool list = strcmp(rule->string, "anyOf") == 0 || strcmp(rule->string, "allOf") == 0;
        const char *inner = NULL;
        if (map || list)
            for (const cJSON *child = rule->child; child && !inner; child = child->next)
                inner = schema_unknown_keyword(child);
        else if (cJSON_IsObject(rule))
            inner = schema_unknown_keyword(rule);
        if (inner) return inner;
    }
    return NULL;
}
