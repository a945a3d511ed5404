/* making.c - cJSON's functions that add, with one place that remembers a failure. */
#include "making.h"

#include <stddef.h>

cJSON *json_add_object(bool *failed, cJSON *parent, const char *key)
{
    cJSON *object = parent ? cJSON_AddObjectToObject(parent, key) : NULL;
    if (!object) *failed = true;
    return object;
}

cJSON *json_add_list(bool *failed, cJSON *parent, const char *key)
{
    cJSON *list = parent ? cJSON_AddArrayToObject(parent, key) : NULL;
    if (!list) *failed = true;
    return list;
}

void json_add_number(bool *failed, cJSON *object, const char *key, double number)
{
    if (!object || !cJSON_AddNumberToObject(object, key, number)) *failed = true;
}

void json_add_string(bool *failed, cJSON *object, const char *key, const char *text)
{
    if (!object || !cJSON_AddStringToObject(object, key, text)) *failed = true;
}

void json_add_bool(bool *failed, cJSON *object, const char *key, bool value)
{
    if (!object || !cJSON_AddBoolToObject(object, key, value)) *failed = true;
}

void json_add(bool *failed, cJSON *object, const char *key, cJSON *item)
{
    if (object && item && cJSON_AddItemToObject(object, key, item)) return;
    cJSON_Delete(item);
    *failed = true;
}

void json_add_copy(bool *failed, cJSON *object, const char *key, const cJSON *item)
{
    json_add(failed, object, key, cJSON_Duplicate(item, true));
}

void json_append(bool *failed, cJSON *list, cJSON *item)
{
    if (list && item && cJSON_AddItemToArray(list, item)) return;
    cJSON_Delete(item);
    *failed = true;
}

cJSON *json_append_object(bool *failed, cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    if (list && object && cJSON_AddItemToArray(list, object)) return object;
    cJSON_Delete(object);
    *failed = true;
    return NULL;
}
