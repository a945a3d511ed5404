/* examples/random_agent as a person starts it: rounds of Kumite with their outcomes, and a sentence
 * where it cannot begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* What it prints to both outputs; returns its exit code. */
static int run(const char *game, const char *rounds, char *text, size_t text_bytes)
{
    const char *const build = getenv("KATA_BUILD");
    char command[4096];
    snprintf(command, sizeof command, "'%s/examples/random_agent' '%s' '%s%s' '%s' %s 2>&1",
             build ? build : "build/release",
             "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so",
             game ? "" : (build ? build : "build/release"), game ? game : "/games/kumite.nes",
             "presets/library/nes/Kumite.kata.json", rounds);
    FILE *const output = popen(command, "r");
    assert_non_null(output);
    text[fread(text, 1, text_bytes - 1, output)] = '\0';
    const int status = pclose(output);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_the_random_agent_plays_rounds(void **state)
{
    (void)state;
    char text[4096], again[4096], result[16];
    int code = run(NULL, "3", text, sizeof text);
    if (code != 0) fail_msg("exit %d: %s", code, text);
    const char *line = text;
    for (int round = 1; round <= 3; round++) {
        int number = 0, decisions = 0;
        float total = 0;
        if (sscanf(line, "round %d: %15s after %d decisions, return %f", &number, result,
                   &decisions, &total) != 4)
            fail_msg("round %d: %s", round, text);
        assert_int_equal(number, round);
        assert_in_range(decisions, 10, 2000);
        if (strcmp(result, "won") == 0) assert_true(total > 0);
        if (strcmp(result, "lost") == 0) assert_true(total < 0);
        line = strchr(line, '\n') + 1;
    }
    assert_string_equal(line, "");
    assert_int_equal(run(NULL, "3", again, sizeof again), 0);
    assert_string_equal(again, text); /* the same luck, the same rounds */
}

static void test_the_random_agent_says_why_it_cannot_begin(void **state)
{
    (void)state;
    char text[4096];
    assert_int_equal(run("/nowhere/game.nes", "1", text, sizeof text), 1);
    assert_non_null(strstr(text, "random_agent: /nowhere/game.nes: cannot be read: No such file"));
}

int main(void)
{
    /* Under AddressSanitizer: the real core leaks, and mixes new with free(). */
    setenv("ASAN_OPTIONS", "detect_leaks=0:alloc_dealloc_mismatch=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_random_agent_plays_rounds),
        cmocka_unit_test(test_the_random_agent_says_why_it_cannot_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
