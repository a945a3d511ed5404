/* test_words.c - an option that takes one of a few words refuses every other word, before anything
 * is done: of every command, as `kata --help` and each `--help` list them. */
#include "kata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kata_run_t r, help;

enum { MAX_WORDS = 8 };

/* "macro explain" as arguments; how many they are. */
static int split(const char *name, char words[MAX_WORDS][64], const char *arguments[MAX_WORDS + 8])
{
    int num_words = 0;
    for (const char *at = name; *at; at += strspn(at, " ")) {
        const size_t length = strcspn(at, " ");
        snprintf(words[num_words], sizeof words[0], "%.*s", (int)length, at);
        arguments[num_words] = words[num_words];
        num_words++;
        at += length;
    }
    return num_words;
}

/* `kata NAME a.nes --option WORD` ends as a usage error that says what is allowed. */
static void expect_refused(const char *name, const char *option, const char *choices,
                           const char *word)
{
    char words[MAX_WORDS][64], dashed[64], sentence[512];
    const char *arguments[MAX_WORDS + 8] = { NULL };
    int num = split(name, words, arguments);
    snprintf(dashed, sizeof dashed, "--%s", option);
    arguments[num++] = dashed;
    arguments[num++] = word;
    arguments[num] = NULL;
    kata_run(&r, arguments);
    snprintf(sentence, sizeof sentence, "kata: %s: --%s must be one of %s, found '%s'\n", name,
             option, choices, word);
    if (r.status != 2 || strcmp(r.err, sentence) != 0)
        fail_msg("kata %s --%s '%s': status %d, said: %s", name, option, word, r.status, r.err);
    assert_string_equal(r.out, "");
}

/* Words that are near one that is allowed, or hold it. */
static int refuse_others(const char *name, const char *option, const char *choices)
{
    const size_t length = strcspn(choices, "|");
    char longer[64], upper[64], shorter[64];
    snprintf(longer, sizeof longer, "%.*ss", (int)length, choices);
    snprintf(shorter, sizeof shorter, "%.*s", (int)length - 1, choices);
    snprintf(upper, sizeof upper, "%.*s", (int)length, choices);
    if (upper[0] >= 'a' && upper[0] <= 'z') upper[0] = (char)(upper[0] - 'a' + 'A');
    expect_refused(name, option, choices, "anybody");
    expect_refused(name, option, choices, "");
    expect_refused(name, option, choices, longer);
    if (strlen(shorter)) expect_refused(name, option, choices, shorter);
    if (upper[0] >= 'A' && upper[0] <= 'Z') expect_refused(name, option, choices, upper);
    expect_refused(name, option, choices, choices);
    return 1;
}

/* Each "  --option a|b|c  ..." of a command's help; how many there are. "NAME|PATH" and the like
 * name a value, and are no words to choose from. */
static int walk_options(const char *name)
{
    char words[MAX_WORDS][64];
    const char *arguments[MAX_WORDS + 8] = { NULL };
    const int num = split(name, words, arguments);
    int num_choices = 0;
    arguments[num] = "--help";
    kata_run(&help, arguments);
    kata_expect(&help, 0);
    for (const char *line = help.out; line && *line; line = strchr(line, '\n')) {
        char option[64], value[256];
        line += *line == '\n';
        if (sscanf(line, "  --%63[^ \n] %255[^ \n]", option, value) == 2 && strchr(value, '|') &&
            strcspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(value))
            num_choices += refuse_others(name, option, value);
    }
    return num_choices;
}

static void test_a_word_that_is_none_of_an_options_is_refused(void **state)
{
    (void)state;
    static kata_run_t overview;
    int num_commands = 0, num_choices = 0;
    kata_run(&overview, (const char *const[]){ "--help", NULL });
    kata_expect(&overview, 0);
    const char *line = strstr(overview.out, "\nCommands\n");
    assert_non_null(line);
    line += strlen("\nCommands\n");
    for (; *line == ' '; line += strcspn(line, "\n") + 1) {
        char name[19];
        snprintf(name, sizeof name, "%.18s", line + 2); /* a column of 18 */
        for (size_t end = strlen(name); end && name[end - 1] == ' '; end--) name[end - 1] = '\0';
        num_commands++;
        num_choices += walk_options(name);
    }
    assert_in_range(num_commands, 30, 100); /* the help was understood */
    assert_in_range(num_choices, 30, 1000);
}

/* Those that are written without bars in the help, and words that are no options. */
static void test_other_words_are_refused_with_those_there_are(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[8], *says;
    } cases[] = {
        { { "train", "x.nes", "--versus", "anybody" },
          "--versus must be one of nobody|masher|self, found 'anybody'" },
        { { "eval", "x.nes", "--versus", "self" }, "--versus must be one of nobody|masher" },
        { { "play", "x.nes", "--strength", "silly" },
          "--strength must be one of easy|normal|hard|best, found 'silly'" },
        { { "eval", "x.nes", "--strength", "silly" }, "--strength must be one of easy|normal" },
        { { "ablate", "x.nes", "--out", "x", "--arms", "silly" }, "there is no arm 'silly'" },
        { { "ablate", "x.nes", "--out", "x", "--arms", "meta,silly" }, "there is no arm 'silly'" },
        { { "bench", "silly" }, "there is no 'silly'; there are env, learner, " },
        { { "preset", "import", "README.md", "--system", "nes" }, "are for a folder" },
        { { "preset", "silly" }, "there are 'preset show'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kata_run(&r, cases[i].arguments);
        kata_expect(&r, 2);
        kata_expect_err(&r, cases[i].says);
    }
}

/* test_words PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_word_that_is_none_of_an_options_is_refused),
        cmocka_unit_test(test_other_words_are_refused_with_those_there_are),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
