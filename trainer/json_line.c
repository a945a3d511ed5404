/* json_line.c - the few things that cJSON does not do for us. */
#include "json_line.h"

#include <math.h>
#include <stdio.h>

#include "voice.h"

void json_line_add_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(object, key, text);
    else
        cJSON_AddNullToObject(object, key);
}

void json_line_add_number(cJSON *object, const char *key, int32_t decimals, double number)
{
    char text[400]; /* DBL_MAX has 309 digits before the point */
    if (!isfinite(number)) {
        cJSON_AddNullToObject(object, key);
        return;
    }
    snprintf(text, sizeof text, "%.*f", (int)decimals, number);
    cJSON_AddRawToObject(object, key, text);
}

void json_line_print(cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);
    if (text) say("%s\n", text);
    cJSON_free(text);
    cJSON_Delete(object);
}
