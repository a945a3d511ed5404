/* json.h - JSON from others: scanned strictly before cJSON sees it, read field by field after.
 *
 * cJSON accepts what we must not: duplicate keys, control characters, 1e999, nesting a thousand
 * deep. json_scan() refuses those and everything else that RFC 8259 refuses, in one pass without
 * memory, and bounds how much cJSON will allocate.
 *
 * A reader_t knows where it is in the file, so that every refusal reads
 * "file: path.to.field: rule, found X". Functions that return bool have already written `why`
 * when they return false. For presets/ and for those who read other JSON of strangers.
 */
#ifndef KATA_PRESETS_JSON_H
#define KATA_PRESETS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "why.h"

#define JSON_MAX_NESTING 32
#define JSON_MAX_VALUES 100000
#define JSON_MAX_KEYS 512 /* of one object */
#define JSON_MAX_STRING_BYTES 8192
#define JSON_MAX_NUMBER_BYTES 40
#define JSON_EXACT_INT 9007199254740992.0 /* 2^53: whole numbers are exact up to here */

typedef void json_warn_t(void *context, const char *sentence);

typedef struct {
    const char *source; /* for messages */
    char *why;          /* a why_t, or NULL */
    char path[256];     /* "actions.macros[3].name", what is being read */
    json_warn_t *warn;
    void *warn_context;
} reader_t;

/* Strict JSON within the limits above. source: for the message. */
bool json_scan(const char *text, size_t num_bytes, const char *source, char *why);

/* Scan, parse, look for duplicate keys and numbers that are not finite. NULL: refused. The caller
 * frees it with cJSON_Delete. */
cJSON *json_read(reader_t *reader, const char *text, size_t num_bytes);

/* ---- where we are ---- */
size_t reader_enter(reader_t *reader, const char *key); /* returns a mark for reader_leave() */
size_t reader_enter_item(reader_t *reader, int32_t item);
void reader_leave(reader_t *reader, size_t mark);

/* ---- refusing: "source: path: ..." ---- */
bool reader_refuse(reader_t *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "source: path: <rule>, found <the value, shortened>" */
bool reader_refuse_value(reader_t *reader, const cJSON *value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void reader_warn(reader_t *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Warn of every key of `object` that is not in `known` (space-separated). */
void reader_warn_unknown(reader_t *reader, const cJSON *object, const char *known);

/* ---- fields. *out keeps its value if the field is optional and absent. ---- */
typedef enum { FIELD_OPTIONAL, FIELD_REQUIRED } field_need_t;
const cJSON *json_get(const cJSON *object, const char *key); /* exact case; NULL: absent */
bool reader_int(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                int64_t min, int64_t max, int64_t *out);
bool reader_int32(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                  int32_t min, int32_t max, int32_t *out);
bool reader_number(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                   double min, double max, double *out);
bool reader_bool(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 bool *out);
/* 1 to out_bytes - 1 bytes, no control characters. */
bool reader_text(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 char *out, size_t out_bytes);
/* A text that is a name: also no '/', no '\\', no "..", no space at an end. */
bool reader_name(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 char *out, size_t out_bytes);
/* A key of an object as a name, at the reader's path. */
bool reader_check_name(reader_t *reader, const char *name, size_t out_bytes);
/* *out is NULL if absent and optional. */
bool reader_object(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                   const cJSON **out);
bool reader_list(reader_t *reader, const cJSON *object, const char *key, field_need_t need,
                 int32_t min_items, int32_t max_items, const cJSON **out);
/* A value in hand instead of a field. */
bool reader_is_int(reader_t *reader, const cJSON *value, int64_t min, int64_t max, int64_t *out);
bool reader_is_object(reader_t *reader, const cJSON *value);
bool reader_is_text(reader_t *reader, const cJSON *value, char *out, size_t out_bytes);

#endif
