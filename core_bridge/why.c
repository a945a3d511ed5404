/* why.c - the sentence of a refusal. */
#include "why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void why_one_line(char *text)
{
    size_t length = 0;
    for (; text[length]; length++)
        if ((unsigned char)text[length] < 0x20 || text[length] == 0x7f) text[length] = ' ';
    while (length > 0 && text[length - 1] == ' ') text[--length] = '\0';
}

void why_set(char why[WHY_BYTES], const char *format, ...)
{
    if (!why) return;
    va_list args;
    va_start(args, format);
    vsnprintf(why, WHY_BYTES, format, args);
    va_end(args);
    why_one_line(why);
}
