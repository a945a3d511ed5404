/* refuse.c - see refuse.h. */
#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>

bool refuse_with(char *why, size_t why_bytes, const char *format, ...)
{
    if (why) {
        va_list args;
        va_start(args, format);
        vsnprintf(why, why_bytes, format, args);
        va_end(args);
    }
    return false;
}
