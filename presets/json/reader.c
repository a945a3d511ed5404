/* reader.c - fields of a scanned JSON tree, each with its rule and its place in the message. */
#include "json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_locale.h"
#include "why.h"

/* `text` for a message, cut between characters. */
static void show(char *out, size_t out_bytes, const char *text)
{
    size_t length = strlen(text);
    if (length >= out_bytes) {
        length = out_bytes - 1;
        while (length > 0 && ((uint8_t)text[length] & 0xC0) == 0x80) length--;
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

/* Text of a file may hold terminal escapes; our sentences must not. */
static void make_printable(char *text)
{
    for (uint8_t *c = (uint8_t *)text; *c; c++) {
        if (*c < 0x20 || *c == 0x7F) *c = '?';
        if (c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) c[0] = c[1] = '?';
    }
}

/* ---- where we are ---- */

size_t reader_enter(reader_t *reader, const char *key)
{
    const size_t mark = strlen(reader->path);
    char shown[80];
    show(shown, sizeof shown, key);
    snprintf(reader->path + mark, sizeof reader->path - mark, "%s%s", mark ? "." : "", shown);
    return mark;
}

size_t reader_enter_item(reader_t *reader, int32_t item)
{
    const size_t mark = strlen(reader->path);
    snprintf(reader->path + mark, sizeof reader->path - mark, "[%d]", (int)item);
    return mark;
}

void reader_leave(reader_t *reader, size_t mark)
{
    reader->path[mark] = '\0';
}

/* ---- refusing ---- */

static void compose(reader_t *reader, char *out, const char *format, va_list args)
{
    const int used = snprintf(out, sizeof(why_t), "%.160s: %.160s%s", reader->source, reader->path,
                              reader->path[0] ? ": " : "");
    vsnprintf(out + used, sizeof(why_t) - (size_t)used, format, args);
    make_printable(out);
}

bool reader_refuse(reader_t *reader, const char *format, ...)
{
    if (!reader->why) return false;
    va_list args;
    va_start(args, format);
    compose(reader, reader->why, format, args);
    va_end(args);
    return false;
}

bool reader_refuse_value(reader_t *reader, const cJSON *value, const char *format, ...)
{
    if (!reader->why) return false;
    va_list args;
    va_start(args, format);
    compose(reader, reader->why, format, args);
    va_end(args);
    char shown[64];
    const size_t used = strlen(reader->why);
    char *end = reader->why + used;
    const size_t left = sizeof(why_t) - used;
    if (cJSON_IsString(value)) {
        show(shown, sizeof shown, value->valuestring);
        snprintf(end, left, ", found \"%s\"", shown);
    } else if (cJSON_IsNumber(value)) {
        snprintf(end, left, ", found %.16g", value->valuedouble);
    } else {
        snprintf(end, left, ", found %s",
                 !value                  ? "nothing"
                 : cJSON_IsObject(value) ? "an object"
                 : cJSON_IsArray(value)  ? "a list"
                 : cJSON_IsTrue(value)   ? "true"
                 : cJSON_IsFalse(value)  ? "false"
                                         : "null");
    }
    make_printable(end);
    return false;
}

void reader_warn(reader_t *reader, const char *format, ...)
{
    if (!reader->warn) return;
    why_t sentence;
    va_list args;
    va_start(args, format);
    compose(reader, sentence, format, args);
    va_end(args);
    reader->warn(reader->warn_context, sentence);
}

static bool is_listed(const char *word, const char *list)
{
    const size_t length = strlen(word);
    if (length == 0 || strchr(word, ' ')) return false;
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return true;
    return false;
}

void reader_warn_unknown(reader_t *reader, const cJSON *object, const char *known)
{
    for (const cJSON *field = object->child; field; field = field->next) {
        if (is_listed(field->string, known)) continue;
        const size_t mark = reader_enter(reader, field->string);
        reader_warn(reader, "unknown field, kept and ignored");
        reader_leave(reader, mark);
    }
}

/* ---- the tree as a whole ---- */

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static bool keys_differ(reader_t *reader, const cJSON *object)
{
    const cJSON *fields[JSON_MAX_KEYS];
    size_t num_fields = 0;
    for (const cJSON *field = object->child; field && num_fields < JSON_MAX_KEYS;
         field = field->next)
        fields[num_fields++] = field;
    qsort(fields, num_fields, sizeof fields[0], by_key);
    for (size_t i = 1; i < num_fields; i++) {
        if (strcmp(fields[i - 1]->string, fields[i]->string) != 0) continue;
        reader_enter(reader, fields[i]->string);
        return reader_refuse(reader, "a key must appear once, found it twice");
    }
    return true;
}

/* Depth is bounded by json_scan(). */
static bool tree_is_sound(reader_t *reader, const cJSON *value)
{
    if (cJSON_IsNumber(value) && !isfinite(value->valuedouble))
        return reader_refuse(reader, "a number must be finite, found one that is too large");
    if (cJSON_IsObject(value) && !keys_differ(reader, value)) return false;
    int32_t item = 0;
    for (const cJSON *child = value->child; child; child = child->next) {
        const size_t mark = cJSON_IsObject(value) ? reader_enter(reader, child->string)
                                                  : reader_enter_item(reader, item++);
        if (!tree_is_sound(reader, child)) return false;
        reader_leave(reader, mark);
    }
    return true;
}

cJSON *json_read(reader_t *reader, const char *text, size_t num_bytes)
{
    if (!json_scan(text, num_bytes, reader->source, reader->why)) return NULL;
    const c_locale_t before = c_locale_enter();
    cJSON *tree = cJSON_ParseWithLength(text, num_bytes);
    c_locale_leave(before);
    if (!tree) {
        reader_refuse(reader, "no memory for its %zu bytes", num_bytes);
        return NULL;
    }
    if (!tree_is_sound(reader, tree)) {
        cJSON_Delete(tree);
        return NULL;
    }
    return tree;
}

/* ---- fields ---- */

const cJSON *json_get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

bool reader_is_int(reader_t *reader, const cJSON *value, int64_t min, int64_t max, int64_t *out)
{
    const double number = cJSON_IsNumber(value) ? value->valuedouble : 0.5;
    if (number != floor(number) || fabs(number) > JSON_EXACT_INT || (int64_t)number < min ||
        (int64_t)number > max)
        return reader_refuse_value(reader, value, "must be a whole number, %lld to %lld",
                                   (long long)min, (long long)max);
    *out = (int64_t)number;
    return true;
}

bool reader_is_object(reader_t *reader, const cJSON *value)
{
    if (!cJSON_IsObject(value)) return reader_refuse_value(reader, value, "must be an object {}");
    return true;
}

bool reader_is_text(reader_t *reader, const cJSON *value, char *out, size_t out_bytes)
{
    const size_t length = cJSON_IsString(value) ? strlen(value->valuestring) : 0;
    if (length == 0 || length >= out_bytes)
        return reader_refuse_value(reader, value, "must be a text of 1 to %zu bytes",
                                   out_bytes - 1);
    for (size_t i = 0; i < length; i++) {
        const uint8_t c = (uint8_t)value->valuestring[i];
        const uint8_t next = (uint8_t)value->valuestring[i + 1];
        if (c < 0x20 || c == 0x7F || (c == 0xC2 && next >= 0x80 && next < 0xA0))
            return reader_refuse_value(reader, value, "must have no control characters");
    }
    memcpy(out, value->valuestring, length + 1);
    return true;
}

bool reader_check_name(reader_t *reader, const char *name, size_t out_bytes)
{
    cJSON value = { .type = cJSON_String, .valuestring = (char *)(uintptr_t)name };
    char copy[JSON_MAX_STRING_BYTES + 1];
    if (!reader_is_text(reader, &value, copy, out_bytes)) return false;
    if (strpbrk(name, "/\\") || strstr(name, "..") || name[0] == ' ' ||
        name[strlen(name) - 1] == ' ')
        return reader_refuse_value(reader, &value,
                                   "must be a name without / \\ .. or a space at an end");
    return true;
}

typedef bool read_value_t(reader_t *reader, const cJSON *value, void *context);

/* Look a field up, go there, read it with `read`, come back. */
static bool read_field(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                       read_value_t *read, void *context)
{
    const cJSON *value = json_get(object, key);
    if (!value && need == FIELD_OPTIONAL) return true;
    const size_t mark = reader_enter(reader, key);
    if (!value) return reader_refuse(reader, "is required, found nothing");
    if (!read(reader, value, context)) return false;
    reader_leave(reader, mark);
    return true;
}

typedef struct {
    int64_t min, max, *out;
} int_rule_t;

static bool read_int(reader_t *reader, const cJSON *value, void *context)
{
    const int_rule_t *rule = context;
    return reader_is_int(reader, value, rule->min, rule->max, rule->out);
}

bool reader_int(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                int64_t min, int64_t max, int64_t *out)
{
    int_rule_t rule = { min, max, out };
    return read_field(reader, object, key, need, read_int, &rule);
}

bool reader_int32(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                  int32_t min, int32_t max, int32_t *out)
{
    int64_t value = *out;
    if (!reader_int(reader, object, key, need, min, max, &value)) return false;
    *out = (int32_t)value;
    return true;
}

typedef struct {
    double min, max, *out;
} number_rule_t;

static bool read_number(reader_t *reader, const cJSON *value, void *context)
{
    const number_rule_t *rule = context;
    if (!cJSON_IsNumber(value) || value->valuedouble < rule->min || value->valuedouble > rule->max)
        return reader_refuse_value(reader, value, "must be a number, %g to %g", rule->min,
                                   rule->max);
    *rule->out = value->valuedouble;
    return true;
}

bool reader_number(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                   double min, double max, double *out)
{
    number_rule_t rule = { min, max, out };
    return read_field(reader, object, key, need, read_number, &rule);
}

static bool read_bool(reader_t *reader, const cJSON *value, void *context)
{
    if (!cJSON_IsBool(value)) return reader_refuse_value(reader, value, "must be true or false");
    *(bool *)context = cJSON_IsTrue(value);
    return true;
}

bool reader_bool(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 bool *out)
{
    return read_field(reader, object, key, need, read_bool, out);
}

typedef struct {
    char *out;
    size_t out_bytes;
    bool is_name;
} text_rule_t;

static bool read_text(reader_t *reader, const cJSON *value, void *context)
{
    const text_rule_t *rule = context;
    if (!reader_is_text(reader, value, rule->out, rule->out_bytes)) return false;
    return !rule->is_name || reader_check_name(reader, rule->out, rule->out_bytes);
}

bool reader_text(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 char *out, size_t out_bytes)
{
    text_rule_t rule = { out, out_bytes, false };
    return read_field(reader, object, key, need, read_text, &rule);
}

bool reader_name(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 char *out, size_t out_bytes)
{
    text_rule_t rule = { out, out_bytes, true };
    return read_field(reader, object, key, need, read_text, &rule);
}

static bool read_object(reader_t *reader, const cJSON *value, void *context)
{
    *(const cJSON **)context = value;
    return reader_is_object(reader, value);
}

bool reader_object(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                   const cJSON **out)
{
    *out = NULL;
    return read_field(reader, object, key, need, read_object, out);
}

typedef struct {
    int32_t min, max;
    const cJSON **out;
} list_rule_t;

static bool read_list(reader_t *reader, const cJSON *value, void *context)
{
    const list_rule_t *rule = context;
    if (!cJSON_IsArray(value)) return reader_refuse_value(reader, value, "must be a list []");
    const int32_t num_items = cJSON_GetArraySize(value);
    if (num_items < rule->min || num_items > rule->max)
        return reader_refuse(reader, "must have %d to %d items, found %d", (int)rule->min,
                             (int)rule->max, (int)num_items);
    *rule->out = value;
    return true;
}

bool reader_list(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 int32_t min_items, int32_t max_items, const cJSON **out)
{
    *out = NULL;
    list_rule_t rule = { min_items, max_items, out };
    return read_field(reader, object, key, need, read_list, &rule);
}
