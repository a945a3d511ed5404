/* why.c - see why.h. */
#include "why.h"

#include <stdarg.h>
#include <stdio.h>

agent_status_t why_say(char why[AGENT_WHY_BYTES], agent_status_t status, const char *format, ...)
{
    if (why) {
        va_list args;
        va_start(args, format);
        vsnprintf(why, AGENT_WHY_BYTES, format, args);
        va_end(args);
    }
    return status;
}
