/* making.h - JSON that is made: what is added, and whether memory ran out.
 *
 * Add everything, look once at the end: `*failed` becomes true where memory ran out or the parent
 * is NULL because its own making failed, and stays so. Keys and strings are copied.
 */
#ifndef PRESETS_MAKING_H
#define PRESETS_MAKING_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/* Empty, at the end of an object; owned by it. NULL: failed. */
cJSON *json_add_object(bool *failed, cJSON *parent, const char *key);
cJSON *json_add_list(bool *failed, cJSON *parent, const char *key);
void json_add_number(bool *failed, cJSON *object, const char *key, double number);
void json_add_string(bool *failed, cJSON *object, const char *key, const char *text);
void json_add_bool(bool *failed, cJSON *object, const char *key, bool value);

/* `item` at the end of an object, which takes it; freed if it cannot. NULL: failed. */
void json_add(bool *failed, cJSON *object, const char *key, cJSON *item);
/* A copy of `item`. */
void json_add_copy(bool *failed, cJSON *object, const char *key, const cJSON *item);

/* At the end of a list, which takes `item`; freed if it cannot. item NULL: failed. */
void json_append(bool *failed, cJSON *list, cJSON *item);
/* An empty object at the end of a list. NULL: failed. */
cJSON *json_append_object(bool *failed, cJSON *list);

#endif
