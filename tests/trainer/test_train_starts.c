/* test_train_starts.c - one agent that is trained for several starts. */
#include "kata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })
#define CHEAP "--warmup", "64", "--updates-per-decision", "0.05", "--replay", "4000", "--batch", "2"

static kata_run_t r;

/* One agent for several starts: what is said, kept and counted of each. */
static void test_several_starts(void **state)
{
    (void)state;
    const char *dir = kata_path("several");
    RUN(&r, "train", kata_rom(), "--start", "level1..level3", "--dir", dir, "--decisions", "400",
        "--eval-episodes", "3", CHEAP);
    kata_expect(&r, 0);
    kata_expect_out(&r, "starts level1..level3");
    kata_expect_out(&r, "Won of each start's last rounds");
    kata_expect_out(&r, "  level2  won ");
    RUN(&r, "eval", kata_rom(), "--dir", dir, "--start", "level1,level8", "--episodes", "4",
        "--json");
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_string_equal(cJSON_GetObjectItem(json, "start")->valuestring, "level1,level8");
    const cJSON *starts = cJSON_GetObjectItem(json, "starts");
    assert_int_equal(cJSON_GetArraySize(starts), 2);
    const cJSON *last = cJSON_GetArrayItem(starts, 1);
    assert_string_equal(cJSON_GetObjectItem(last, "name")->valuestring, "level8");
    assert_int_equal(cJSON_GetObjectItem(last, "episodes")->valueint, 2);
    cJSON_Delete(json);
    RUN(&r, "train", kata_rom(), "--start", "level1..level9", "--dir", dir);
    kata_expect(&r, 1);
    kata_expect_err(&r, "has no start 'level9'");
    RUN(&r, "search", kata_rom(), "--start", "level1,level2");
    kata_expect(&r, 1);
    kata_expect_err(&r, "one start is needed here");
    RUN(&r, "report", dir, "--rounds", "1", "--out", kata_path("several.html"));
    kata_expect(&r, 0);
    assert_null(strstr(r.err, "no fight"));
}

/* test_train_starts PATTERN runs only the tests that match. */
int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_several_starts),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
