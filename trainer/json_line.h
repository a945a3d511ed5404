/* json_line.h - one JSON object a line, with numbers as short as they should be read. */
#ifndef TRAINER_JSON_LINE_H
#define TRAINER_JSON_LINE_H

#include <stdint.h>

#include <cjson/cJSON.h>

/* A text; null if it is NULL. */
void json_line_add_text(cJSON *object, const char *key, const char *text);
/* A number with so many decimals; null if it is not finite. */
void json_line_add_number(cJSON *object, const char *key, int32_t decimals, double number);
/* Print the object on one line of voice_out(), and free it. */
void json_line_print(cJSON *object);

#endif
