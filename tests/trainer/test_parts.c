/* test_parts.c - the pieces behind the commands: the nearest word, quoting, a ROM's header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"
#include "content_check.h"
#include "kata.h"
#include "shell.h"
#include "why.h"

static void test_the_nearest_word_is_near(void **state)
{
    (void)state;
    static const char *const words[] = { "train", "eval", "identify", "net" };
    assert_string_equal(command_nearest("nte", words, 4), "net");        /* a swap counts once */
    assert_string_equal(command_nearest("trian", words, 4), "train");    /* swapped */
    assert_string_equal(command_nearest("tran", words, 4), "train");     /* lost */
    assert_string_equal(command_nearest("evall", words, 4), "eval");     /* added */
    assert_string_equal(command_nearest("ident", words, 4), "identify"); /* begun */
    assert_null(command_nearest("play", words, 4));
    assert_null(command_nearest("", words, 4));
}

static void test_words_are_quoted_for_a_shell(void **state)
{
    (void)state;
    char line[64] = "";
    shell_add(line, sizeof line, "kata");
    shell_add(line, sizeof line, "it's");
    shell_add(line, sizeof line, "a b");
    shell_add(line, sizeof line, "");
    assert_string_equal(line, "kata 'it'\\''s' 'a b' ''");
    shell_add(line, sizeof line, "/a/word/that/is/much/too/long/for/what/is/left/of/the/line");
    assert_string_equal(line, "kata 'it'\\''s' 'a b' ''");
}

static void test_content_is_held_against_its_header(void **state)
{
    (void)state;
    static uint8_t bytes[16 + 512 + 2 * 16384 + 8192];
    why_t why;
    memcpy(bytes, "NES\x1a\x02\x01", 6);
    assert_true(content_check(bytes, 16 + 2 * 16384 + 8192, "NES", why));
    assert_false(content_check(bytes, 16 + 2 * 16384 + 8191, "nes", why));
    bytes[6] = 4; /* with a trainer */
    assert_false(content_check(bytes, sizeof bytes - 1, "nes", why));
    assert_true(content_check(bytes, sizeof bytes, "nes", why));
    bytes[7] = 8, bytes[9] = 1; /* NES 2.0: 258 banks */
    assert_false(content_check(bytes, sizeof bytes, "nes", why));
    assert_non_null(strstr(why, "4235792")); /* 16 + 512 + 258 * 16384 + 8192 */
    assert_false(content_check(bytes, 4, "gba", why));
    assert_false(content_check(bytes, sizeof bytes, "gb", why));
    assert_false(content_check((const uint8_t *)"# Notes\n", 8, "md", why));
    assert_non_null(strstr(why, "it is text; a game called .md"));
    assert_true(content_check((const uint8_t *)"# Notes\n", 9, "md", why)); /* its NUL, too */
    assert_true(content_check(bytes, 1, "zzz", why));
    assert_true(content_check(bytes, 1, "", why));
}

/* test_parts PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_word_is_near),
        cmocka_unit_test(test_words_are_quoted_for_a_shell),
        cmocka_unit_test(test_content_is_held_against_its_header),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
