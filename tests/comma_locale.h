/* comma_locale.h - this process in a locale whose numbers have no point: 0,5 or 0<U+066B>5.
 *
 * localedef (package libc-bin, in every Debian) compiles the locales in a folder of the test's own,
 * from texts that need nothing of package locales. In CMocka tests:
 *
 *     for (int i = 0; i < COMMA_NUM_LOCALES; i++) {
 *         comma_locale_begin(i);         skips the test, with the reason, if there is no localedef
 *         ...
 *         comma_locale_end();
 *     }
 */
#ifndef TESTS_COMMA_LOCALE_H
#define TESTS_COMMA_LOCALE_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMA_NUM_LOCALES = 2 };

static void comma_locale_text(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void comma_locale_begin(int which)
{
    static const char *const points[COMMA_NUM_LOCALES] = { "<U002C>", "<U066B>" };
    static const char *const shown[COMMA_NUM_LOCALES] = { "0,5", "0\xd9\xab"
                                                                 "5" };
    const char *base = getenv("TMPDIR");
    char folder[256], text[256], command[1024];
    snprintf(folder, sizeof folder, "%s/kata-locale-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
    comma_locale_text(folder, "charmap",
                      "<code_set_name> UTF-8\n<comment_char> %\n<escape_char> /\n<mb_cur_min> 1\n"
                      "<mb_cur_max> 6\nCHARMAP\n<U0000> /x00 NULL\n<U0020>..<U007E> /x20 ASCII\n"
                      "<U066B> /xd9/xab POINT\nEND CHARMAP\n");
    snprintf(text, sizeof text,
             "LC_NUMERIC\ndecimal_point \"%s\"\nthousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n",
             points[which]);
    comma_locale_text(folder, "source", text);
    /* It complains that all other categories are missing, and makes this one. */
    snprintf(command, sizeof command,
             "cd %s && localedef --no-archive -c -f ./charmap -i ./source ./comma >log 2>&1",
             folder);
    const int status = system(command);
    setenv("LOCPATH", folder, 1);
    const char *set = setlocale(LC_NUMERIC, "comma");
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0) fail_msg("%s cannot be removed", folder);
    if (!set) {
        printf("skipped: localedef made no locale with a decimal comma (status %d)\n", status);
        skip();
    }
    snprintf(text, sizeof text, "%g", 0.5);
    assert_string_equal(text, shown[which]);
}

static void comma_locale_end(void)
{
    setlocale(LC_NUMERIC, "C");
    unsetenv("LOCPATH");
}

#endif
