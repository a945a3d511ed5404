/* numbers.c - see numbers.h. */
#include "numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *numbers_grouped(char out[NUMBERS_BYTES], uint64_t number)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    char *to = out;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

const char *numbers_rate(char out[NUMBERS_BYTES], double per_second)
{
    const int decimals = per_second >= 10 ? 0 : per_second >= 1 ? 1 : 2;
    snprintf(out, NUMBERS_BYTES, "%.*f", decimals, per_second);
    return out;
}

const char *numbers_short(char out[NUMBERS_BYTES], double number)
{
    const double size = fabs(number);
    const double unit = size >= 1e6 ? 1e6 : size >= 1e3 ? 1e3 : 1;
    const char *letter = size >= 1e6 ? "M" : size >= 1e3 ? "k" : "";
    const double shown = number / unit;
    const int decimals = shown == floor(shown) || fabs(shown) >= 100 ? 0 : 1;
    snprintf(out, NUMBERS_BYTES, "%.*f%s", decimals, shown, letter);
    return out;
}

const char *numbers_clock(char out[NUMBERS_BYTES], double seconds)
{
    const long long whole = seconds > 0 && seconds < 1e9 ? (long long)(seconds + 0.5) : 0;
    const long long hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
    if (hours > 0)
        snprintf(out, NUMBERS_BYTES, "%lld:%02lld:%02lld", hours, minutes, rest);
    else
        snprintf(out, NUMBERS_BYTES, "%lld:%02lld", minutes, rest);
    return out;
}
