/* test_start_list.c - several starts in one word, and back. */
#include "start_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

static preset_t *preset;

static int load(void **state)
{
    (void)state;
    static const char text[] =
        "{\"kata_preset\": 1, \"game\": \"G\", \"system\": \"nes\","
        " \"actions\": {\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]},"
        " \"starts\": {\"one\": {\"lines\": []}, \"two\": {\"lines\": []}, \"three\": {\"lines\": "
        "[]},"
        " \"duel\": {\"players\": 2, \"lines\": []}, \"a,b\": {\"lines\": []}}}";
    why_t why;
    if (preset_parse(&preset, text, strlen(text), "text", why)) return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(preset);
    return 0;
}

typedef struct {
    const char *text, *starts; /* names, a bar between them */
    const char *written;       /* NULL: as `text` */
} row_t;

static void test_lists_and_back(void **state)
{
    (void)state;
    static const row_t rows[] = {
        { "two", "two|", NULL },
        { "two,one", "two|one|", NULL },
        { "one..three", "one|two|three|", NULL },
        { "three,one..two", "three|one|two|", "three,one,two" },
        { "one..two,three", "one|two|three|", "one..three" },
        { "all", "one|two|three|a,b|", "one..three,a,b" },
        { "a,b", "a,b|", NULL }, /* a name goes before a list */
        { "two..two", "two|", "two" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t starts[PRESET_MAX_STARTS], count;
        char names[200] = "", written[200];
        why_t why;
        if (!start_list_parse(preset, rows[i].text, starts, &count, why))
            fail_msg("%s: %s", rows[i].text, why);
        for (int32_t s = 0; s < count; s++) {
            strcat(names, preset_start_name(preset, starts[s]));
            strcat(names, "|");
        }
        assert_string_equal(names, rows[i].starts);
        start_list_text(written, sizeof written, preset, starts, count);
        assert_string_equal(written, rows[i].written ? rows[i].written : rows[i].text);
    }
    char narrow[8];
    start_list_text(narrow, sizeof narrow, preset, (const int32_t[]){ 2, 0 }, 2);
    assert_string_equal(narrow, "thre...");
}

static void test_what_is_none_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "four", "has no start 'four'; it has one, two, three, duel, a,b" },
        { "one,four", "no start 'four'" },
        { "one,,two", "no start ''" },
        { "", "no start ''" },
        { "one,", "no start ''" },
        { "one..four", "no start 'four'" },
        { "..two", "no start ''" },
        { "three..one", "go backwards" },
        { "one,one", "named twice" },
        { "one..three,two", "two is named twice" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t starts[PRESET_MAX_STARTS], count;
        why_t why;
        if (start_list_parse(preset, rows[i].text, starts, &count, why))
            fail_msg("'%s' is taken", rows[i].text);
        if (!strstr(why, rows[i].says)) fail_msg("'%s': %s", rows[i].text, why);
    }
    char long_name[4000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    int32_t starts[PRESET_MAX_STARTS], count;
    why_t why;
    assert_false(start_list_parse(preset, long_name, starts, &count, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_and_back),
        cmocka_unit_test(test_what_is_none_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
