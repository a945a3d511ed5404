/* text.h - a text that grows, and JSON written into it. Internal to presets/.
 *
 * Running out of memory is remembered: write on, look once at the end (text_take() is NULL).
 */
#ifndef KATA_PRESETS_TEXT_H
#define KATA_PRESETS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

typedef struct {
    char *bytes; /* NUL-terminated; NULL while empty */
    size_t length, capacity;
    bool failed;
} text_t;

void text_add(text_t *text, const char *bytes, size_t length);
void text_say(text_t *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text from a file, in a sentence of ours: control characters become '?'. */
void text_add_printable(text_t *text, const char *words);
/* The text, to be freed by the caller; NULL: no memory. `text` is empty afterwards. */
char *text_take(text_t *text, size_t *length);
void text_drop(text_t *text);

/* On one line without spaces; keys sorted by their bytes if `sorted`. */
void text_json(text_t *text, const cJSON *value, bool sorted);
/* For people: two spaces a level, and what fits into 100 columns on one line. */
void text_json_pretty(text_t *text, const cJSON *value);

#endif
