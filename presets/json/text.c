/* text.c - growing texts; JSON as this project writes it.
 *
 * Numbers: whole ones up to 2^53 as digits; others with the fewest digits (at most 17) that read
 * back as the same double. So a value has one spelling, on every machine and in every locale.
 */
#include "text.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c_locale.h"

#define PRETTY_COLUMNS 100

/* ---- growing ---- */

static bool reserve(text_t *text, size_t more)
{
    if (text->failed) return false;
    if (text->length + more + 1 <= text->capacity) return true;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < text->length + more + 1) capacity *= 2;
    char *bytes = realloc(text->bytes, capacity);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void text_add(text_t *text, const char *bytes, size_t length)
{
    if (!reserve(text, length)) return;
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

static void add_text(text_t *text, const char *bytes)
{
    text_add(text, bytes, strlen(bytes));
}

/* Of the character at `c`, in bytes: C0, DEL, and C1 as UTF-8 writes it. 0: not a control. */
static size_t control_length(const char *c)
{
    if ((uint8_t)c[0] < 0x20 || c[0] == 0x7F) return 1;
    return (uint8_t)c[0] == 0xC2 && (uint8_t)c[1] >= 0x80 && (uint8_t)c[1] < 0xA0 ? 2 : 0;
}

void text_add_printable(text_t *text, const char *words)
{
    while (*words) {
        const size_t length = control_length(words);
        text_add(text, length ? "?" : words, 1);
        words += length ? length : 1;
    }
}

void text_say(text_t *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0 && reserve(text, (size_t)length)) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

char *text_take(text_t *text, size_t *length)
{
    if (length) *length = text->length;
    text_add(text, "", 0); /* an empty text is a text */
    char *bytes = text->failed ? NULL : text->bytes;
    if (text->failed) free(text->bytes);
    *text = (text_t){ 0 };
    return bytes;
}

void text_drop(text_t *text)
{
    free(text->bytes);
    *text = (text_t){ 0 };
}

/* ---- JSON ---- */

static void add_number(text_t *text, double number)
{
    char digits[40];
    if (number == floor(number) && fabs(number) <= 9007199254740992.0) {
        snprintf(digits, sizeof digits, "%lld", (long long)number);
    } else {
        int precision = 1;
        const c_locale_t before = c_locale_enter();
        do snprintf(digits, sizeof digits, "%.*g", precision, number);
        while (++precision <= 17 && strtod(digits, NULL) != number);
        c_locale_leave(before);
    }
    add_text(text, digits);
}

static void add_string(text_t *text, const char *string)
{
    add_text(text, "\"");
    for (const char *c = string; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_say(text, "\\%c", *c);
        else if (*c == '\n')
            add_text(text, "\\n");
        else if (control_length(c) == 1)
            text_say(text, "\\u%04x", (unsigned)(uint8_t)*c);
        else if (control_length(c) == 2)
            text_say(text, "\\u%04x", (unsigned)(uint8_t) * ++c);
        else
            text_add(text, c, 1);
    }
    add_text(text, "\"");
}

static bool add_scalar(text_t *text, const cJSON *value)
{
    if (cJSON_IsString(value))
        add_string(text, value->valuestring);
    else if (cJSON_IsNumber(value))
        add_number(text, value->valuedouble);
    else if (cJSON_IsBool(value))
        add_text(text, cJSON_IsTrue(value) ? "true" : "false");
    else if (cJSON_IsNull(value))
        add_text(text, "null");
    else
        return false;
    return true;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* Children in the order in which they are written; NULL: no memory, or none. */
static const cJSON **children_of(const cJSON *value, bool sorted, size_t *num_children)
{
    *num_children = 0;
    for (const cJSON *child = value->child; child; child = child->next) ++*num_children;
    if (!*num_children) return NULL;
    const cJSON **children = malloc(*num_children * sizeof *children);
    if (!children) return NULL;
    size_t i = 0;
    for (const cJSON *child = value->child; child; child = child->next) children[i++] = child;
    if (sorted) qsort(children, *num_children, sizeof *children, by_key);
    return children;
}

/* spaced: with a space behind ':' and ','. Depth is bounded by whoever read the JSON. */
static void add_flat(text_t *text, const cJSON *value, bool sorted, bool spaced)
{
    if (add_scalar(text, value)) return;
    const bool object = cJSON_IsObject(value);
    size_t num_children;
    const cJSON **children = children_of(value, sorted && object, &num_children);
    if (num_children && !children) {
        text->failed = true;
        return;
    }
    add_text(text, object ? "{" : "[");
    for (size_t i = 0; i < num_children; i++) {
        if (i) add_text(text, spaced ? ", " : ",");
        if (object) {
            add_string(text, children[i]->string);
            add_text(text, spaced ? ": " : ":");
        }
        add_flat(text, children[i], sorted, spaced);
    }
    add_text(text, object ? "}" : "]");
    free(children);
}

void text_json(text_t *text, const cJSON *value, bool sorted)
{
    add_flat(text, value, sorted, false);
}

static void add_pretty(text_t *text, const cJSON *value, size_t level, size_t used_columns)
{
    text_t flat = { 0 };
    add_flat(&flat, value, false, true);
    if (flat.failed) text->failed = true;
    const bool branch = cJSON_IsObject(value) || cJSON_IsArray(value);
    if (!branch || !value->child || (level > 0 && used_columns + flat.length < PRETTY_COLUMNS)) {
        if (flat.bytes) text_add(text, flat.bytes, flat.length);
        text_drop(&flat);
        return;
    }
    text_drop(&flat);
    const bool object = cJSON_IsObject(value);
    add_text(text, object ? "{\n" : "[\n");
    for (const cJSON *child = value->child; child; child = child->next) {
        const size_t start = text->length;
        text_say(text, "%*s", (int)(2 * level + 2), "");
        if (object) {
            add_string(text, child->string);
            add_text(text, ": ");
        }
        add_pretty(text, child, level + 1, text->length - start);
        add_text(text, child->next ? ",\n" : "\n");
    }
    text_say(text, "%*s%s", (int)(2 * level), "", object ? "}" : "]");
}

void text_json_pretty(text_t *text, const cJSON *value)
{
    add_pretty(text, value, 0, 0);
    add_text(text, "\n");
}
