/* json_sum.h - a CRC-32 that a JSON text of cJSON_Print() carries of itself, in its member "crc32":
 * the sum of the text with zeros where the sum stands.
 *
 *     cJSON_AddStringToObject(state, "crc32", JSON_SUM_NONE);
 *     char *text = cJSON_Print(state);
 *     json_sum_write(text);
 */
#ifndef PLAYER_JSON_SUM_H
#define PLAYER_JSON_SUM_H

#include <stdbool.h>

#define JSON_SUM_NONE "00000000"

typedef enum { JSON_SUM_MISSING = 0, JSON_SUM_WRONG, JSON_SUM_RIGHT } json_sum_t;

/* The text must have the member. */
void json_sum_write(char *text);
/* Of a text that was read; it may be changed. */
json_sum_t json_sum_check(char *text);

#endif
