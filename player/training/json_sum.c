/* json_sum.c - see json_sum.h. */
#include "json_sum.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"

enum { DIGITS = 8 };

/* Where the eight digits of the text's own sum stand; NULL: it has none. */
static char *sum_in(char *text)
{
    static const char begin[] = "\"crc32\":\t\"";
    char *at = strstr(text, begin);
    if (!at || strspn(at + sizeof begin - 1, "0123456789abcdef") != DIGITS) return NULL;
    return at + sizeof begin - 1;
}

void json_sum_write(char *text)
{
    char *at = sum_in(text), digits[DIGITS + 1];
    memcpy(at, JSON_SUM_NONE, DIGITS);
    snprintf(digits, sizeof digits, "%08x", digest_crc32((const uint8_t *)text, strlen(text)));
    memcpy(at, digits, DIGITS);
}

json_sum_t json_sum_check(char *text)
{
    char *at = sum_in(text), digits[DIGITS];
    if (!at) return JSON_SUM_MISSING;
    memcpy(digits, at, DIGITS);
    json_sum_write(text);
    return memcmp(digits, at, DIGITS) == 0 ? JSON_SUM_RIGHT : JSON_SUM_WRONG;
}
