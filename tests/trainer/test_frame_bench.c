/* test_frame_bench.c - `kata bench frame` plays every frame of both and learns meanwhile. Its times
 * are the machine's business; that nothing of them is left out is this test's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "kata.h"

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })

static double number(const cJSON *json, const char *key)
{
    const cJSON *const item = cJSON_GetObjectItem(json, key);
    if (!cJSON_IsNumber(item)) fail_msg("there should be a number \"%s\"", key);
    return item->valuedouble;
}

static void test_a_plugin_that_learns_is_timed_beside_its_core(void **state)
{
    (void)state;
    static kata_run_t r;
    RUN(&r, "bench", "frame", "--core", "nestopia", "--seconds", "12", "--json");
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "bench")->valuestring, "frame");
    assert_string_equal(cJSON_GetObjectItem(json, "case")->valuestring,
                        "nestopia playing kumite, learning");
    assert_true(number(json, "frames") == 720);
    assert_true(number(json, "alone_p50_ms") > 0);
    assert_true(number(json, "added_p50_ms") > 0);
    assert_true(number(json, "p99_ms") >= number(json, "added_p50_ms"));
    assert_true(number(json, "added_p999_ms") >= number(json, "p99_ms"));
    assert_true(number(json, "added_most_ms") >= number(json, "added_p999_ms"));
    assert_true(number(json, "added_cpu_p50_ms") > 0);
    assert_true(number(json, "added_cpu_p999_ms") >= number(json, "added_cpu_p50_ms"));
    assert_true(number(json, "added_cpu_most_ms") >= number(json, "added_cpu_p999_ms"));
    assert_true(number(json, "late") >= number(json, "late_by_plugin"));
    assert_true(number(json, "updates") <= 720);
    cJSON_Delete(json);
}

static void test_a_plugin_that_is_not_there_is_named(void **state)
{
    (void)state;
    static kata_run_t r;
    RUN(&r, "bench", "frames");
    kata_expect(&r, 2);
    assert_non_null(strstr(r.err, "did you mean 'frame'?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plugin_that_learns_is_timed_beside_its_core),
        cmocka_unit_test(test_a_plugin_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
