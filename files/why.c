/* why.c - see why.h. */
#include "why.h"

#include <stdarg.h>
#include <stdio.h>

void why_one_line(char *text)
{
    size_t length = 0;
    for (; text[length]; length++)
        if ((unsigned char)text[length] < 0x20 || text[length] == 0x7f) text[length] = ' ';
    while (length > 0 && text[length - 1] == ' ') text[--length] = '\0';
}

bool refuse(char *why, const char *format, ...)
{
    if (why) {
        va_list args;
        va_start(args, format);
        vsnprintf(why, sizeof(why_t), format, args);
        va_end(args);
        why_one_line(why);
    }
    return false;
}
