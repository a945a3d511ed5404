/* test_teacher.c - `kata train --teacher`: an agent learns what another holds its moves to be
 * worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kata.h"

#define KUMITE "presets/library/nes/Kumite.kata.json"

/* A short training in `dir`, with a teacher and a reaction if they are given. */
static void train(kata_run_t *r, const char *dir, const char *decisions, const char *teacher,
                  const char *reaction, const char *flag)
{
    const char *arguments[24] = { "train",        kata_rom(), "--preset",        KUMITE,
                                  "--dir",        dir,        "--decisions",     decisions,
                                  "--workers",    "1",        "--seed",          "3",
                                  "--eval-every", "0",        "--eval-episodes", "0",
                                  "--replay",     "20000" };
    size_t n = 18;
    if (teacher) arguments[n++] = "--teacher", arguments[n++] = teacher;
    if (reaction) arguments[n++] = "--reaction", arguments[n++] = reaction;
    if (flag) arguments[n++] = flag;
    kata_run(r, arguments);
}

static void test_an_agent_is_taught_and_goes_on_by_itself(void **state)
{
    (void)state;
    char teacher[600], taught[600], own[700];
    kata_run_t r;
    snprintf(teacher, sizeof teacher, "%s", kata_path("teacher"));
    snprintf(taught, sizeof taught, "%s", kata_path("taught"));
    train(&r, teacher, "300", NULL, NULL, NULL);
    kata_expect(&r, 0);

    train(&r, taught, "400", teacher, "random", "--keep-replay");
    kata_expect(&r, 0);
    kata_expect_out(&r, "Its teacher: ");
    kata_expect_out(&r, "teacher/agent.safetensors");
    train(&r, taught, "200", teacher, "random", "--keep-replay"); /* its replay memory fits */
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from");
    assert_null(strstr(r.err, "replay"));
    train(&r, taught, "200", NULL, "250", "--keep-replay"); /* and now it does not */
    kata_expect(&r, 1);
    kata_expect_err(&r, "with --teacher if there was one");
    train(&r, taught, "200", NULL, "250", NULL);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Going on from");

    snprintf(own, sizeof own, "%s/agent.safetensors", taught);
    train(&r, taught, "200", own, NULL, NULL);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--teacher: that is the agent that would learn");
    train(&r, taught, "200", "/nowhere/", NULL, NULL);
    kata_expect(&r, 1);
    kata_expect_err(&r, "--teacher: /nowhere/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_agent_is_taught_and_goes_on_by_itself),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
