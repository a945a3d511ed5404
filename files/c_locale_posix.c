/* c_locale_posix.c - see c_locale.h. */
#include "c_locale.h"

#include <stddef.h>

c_locale_t c_locale_enter(void)
{
    c_locale_t locale = { .c = newlocale(LC_ALL_MASK, "C", (locale_t)0) };
    /* In glibc all of "C" is a constant, so this never fails; elsewhere it stays as it was. */
    if (locale.c) locale.before = uselocale(locale.c);
    return locale;
}

void c_locale_leave(c_locale_t locale)
{
    if (!locale.c) return;
    uselocale(locale.before);
    freelocale(locale.c);
}
