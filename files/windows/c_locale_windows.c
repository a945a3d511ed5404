/* c_locale_windows.c - see c_locale.h. A program that shares our C library (msvcrt.dll) may have
 * called setlocale(); from the first pair on the thread has a locale of its own. */
#include "c_locale.h"

c_locale_t c_locale_enter(void)
{
    _configthreadlocale(_ENABLE_PER_THREAD_LOCALE);
    c_locale_t locale = { 0 };
    const char *const before = setlocale(LC_ALL, NULL);
    if (before && strcmp(before, "C") != 0) locale.before = strdup(before);
    if (locale.before) setlocale(LC_ALL, "C");
    return locale;
}

void c_locale_leave(c_locale_t locale)
{
    if (!locale.before) return;
    setlocale(LC_ALL, locale.before);
    free(locale.before);
}
