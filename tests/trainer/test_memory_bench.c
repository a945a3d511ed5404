/* test_memory_bench.c - the plugin with an agent of the nature network stays below 120 MB over its
 * inner core, at its peak and in mapped address space, too. Unlike times, these numbers are the
 * same on a busy machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "kata.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define RUN(run, ...) kata_run(run, (const char *const[]){ __VA_ARGS__, NULL })

static double number(const cJSON *json, const char *key)
{
    const cJSON *const item = cJSON_GetObjectItem(json, key);
    if (!cJSON_IsNumber(item)) fail_msg("there should be a number \"%s\"", key);
    return item->valuedouble;
}

static void expect_between(const cJSON *json, const char *key, double least, double most)
{
    const double found = number(json, key);
    if (!(found >= least && found <= most))
        fail_msg("%s should be %g to %g, found %g", key, least, most, found);
}

static void test_the_plugin_with_an_agent_takes_little_over_its_core(void **state)
{
    (void)state;
    static kata_run_t r;
    RUN(&r, "bench", "memory", "--core", "nestopia", "--json");
    kata_expect(&r, 0);
    cJSON *json = cJSON_Parse(r.out);
    assert_non_null(json);
    assert_string_equal(cJSON_GetObjectItem(json, "bench")->valuestring, "memory");
    assert_string_equal(cJSON_GetObjectItem(json, "case")->valuestring, "nestopia playing kumite");
    expect_between(json, "target", 120, 120);
    expect_between(json, "frames", 300, 100000);
    expect_between(json, "weights_mb", 10, 100);
    const double weights = number(json, "weights_mb"), checkpoint = number(json, "checkpoint_mb");
    assert_true(checkpoint > 4.5 * weights); /* what must not be in memory at once */
    assert_true(number(json, "core_resident_mb") > 1);
    assert_true(number(json, "core_mapped_mb") >= number(json, "core_peak_mb"));
    assert_true(number(json, "plugin_mapped_mb") >= number(json, "plugin_peak_mb"));
    assert_true(number(json, "plugin_peak_mb") >= number(json, "plugin_resident_mb"));
    if (SANITIZED) cJSON_Delete(json);
    if (SANITIZED) return; /* keeps what was freed, and maps terabytes */
    expect_between(json, "over_core_resident_mb", weights, 120);
    expect_between(json, "over_core_peak_mb", weights, 120);
    expect_between(json, "over_core_mapped_mb", weights, 120);
    cJSON_Delete(json);
}

static void test_it_says_why_not(void **state)
{
    (void)state;
    static kata_run_t r;
    kata_write_file(kata_path("empty.nes"), "", 0);
    RUN(&r, "bench", "memory", kata_path("empty.nes"));
    kata_expect(&r, 1);
    kata_expect_err(&r, "empty.nes: the file is empty");
    RUN(&r, "bench", "memory", "--core", "nowhere");
    kata_expect(&r, 1);
    kata_expect_err(&r, "no core is called 'nowhere'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_plugin_with_an_agent_takes_little_over_its_core),
        cmocka_unit_test(test_it_says_why_not),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
