/* c_locale.h - numbers in files have a point, whatever locale the program around us has chosen.
 *
 *     const c_locale_t before = c_locale_enter();
 *     fprintf(out, "fps %.15g\n", fps);        60.0988, not 60,0988
 *     c_locale_leave(before);
 *
 * A frontend may have called setlocale(), as RetroArch's Qt menu does. Then printf, strtod and
 * cJSON write and read a comma, or a point of several bytes. Everything that a plugin writes to a
 * file or reads from one is inside such a pair. `kata` sets LC_CTYPE alone, in `kata watch`, and
 * needs none.
 *
 * The C locale is set for the calling thread alone; setlocale() would change the whole process.
 * Pairs nest.
 */
#ifndef FILES_C_LOCALE_H
#define FILES_C_LOCALE_H

#include <locale.h>

typedef struct {
    locale_t c, before;
} c_locale_t;

c_locale_t c_locale_enter(void);
void c_locale_leave(c_locale_t locale);

#endif
