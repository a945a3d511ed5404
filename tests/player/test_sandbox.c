/* test_sandbox.c - a game played by hand: its memory in the console's order, states, deaths. */
#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "why.h"

/* The fake core's memory is 256 bytes, the first of which counts its frames. */
enum { RAM_BYTES = 256 };

static char core[1024], content[] = "/tmp/kata-sandbox-XXXXXX";
static why_t why;
static preset_t *preset;
static sandbox_t *sandbox;

static int find_core(void **state)
{
    (void)state;
    const char *build = getenv("KATA_BUILD");
    snprintf(core, sizeof core, "%s/tests/fake_core/plain_libretro.so",
             build ? build : "build/release");
    const int file = mkstemp(content);
    if (file < 0) return -1;
    close(file);
    return 0;
}

static int drop_content(void **state)
{
    (void)state;
    return unlink(content);
}

static bool open_sandbox(const char *words, const char *memory, int32_t limit_ms)
{
    char text[600];
    FILE *file = fopen(content, "w");
    fprintf(file, "FAKE %s", words);
    fclose(file);
    snprintf(text, sizeof text,
             "{\"kata_preset\": 1, \"game\": \"Fake\", \"system\": \"fake\", %s, \"actions\": "
             "{\"primitives\": [{\"name\": \"N\", \"pad\": \"5\"}]}, \"starts\": {\"go\": "
             "[\"{10}\"]}}",
             memory);
    if (!preset_parse(&preset, text, strlen(text), "fake", why)) fail_msg("%s", why);
    const sandbox_config_t config = {
        .core_path = core, .content_path = content, .preset = preset, .request_limit_ms = limit_ms
    };
    return sandbox_open(&sandbox, &config, why);
}

static void close_sandbox(void)
{
    sandbox_close(sandbox);
    preset_free(preset);
    sandbox = NULL;
}

static void expect_range(uint64_t address, size_t num_bytes)
{
    int32_t num_ranges;
    const search_range_t *ranges = sandbox_ranges(sandbox, &num_ranges);
    assert_int_equal(num_ranges, 1);
    assert_int_equal(ranges[0].address, address);
    assert_int_equal(ranges[0].num_bytes, num_bytes);
}

static void test_memory_is_in_the_consoles_order(void **state)
{
    (void)state;
    uint8_t straight[RAM_BYTES];
    if (!open_sandbox("", "\"memory\": {\"ram_base\": 49152}", 0)) fail_msg("%s", why);
    expect_range(0xC000, RAM_BYTES);
    assert_true(sandbox_run(sandbox, 300, why));
    memcpy(straight, sandbox_memory(sandbox), RAM_BYTES);
    assert_int_equal(straight[0], 300 % 256);
    close_sandbox();

    if (!open_sandbox("",
                      "\"memory\": {\"ram_base\": 4096, \"ram_bytes\": 101, "
                      "\"word_swapped\": true}",
                      0))
        fail_msg("%s", why);
    expect_range(0x1000, 100); /* what a preset may name, in whole words */
    assert_true(sandbox_run(sandbox, 300, why));
    for (int i = 0; i < 100; i++) assert_int_equal(sandbox_memory(sandbox)[i], straight[i ^ 1]);
    close_sandbox();
}

static void test_it_is_played_and_gone_back_to(void **state)
{
    (void)state;
    int32_t width_px, height_px;
    macro_language_t language;
    macro_t macro;
    macro_language_defaults(&language);
    assert_true(macro_parse(&macro, "6{7}", &language, why));
    if (!open_sandbox("", "\"memory\": {}", 0)) fail_msg("%s", why);
    assert_null(sandbox_picture(sandbox, &width_px, &height_px));
    assert_true(sandbox_boot(sandbox, 0, why));
    assert_int_equal(sandbox_frames(sandbox), 11); /* and one to be seen */
    assert_int_equal(sandbox_memory(sandbox)[0], 11);
    assert_non_null(sandbox_picture(sandbox, &width_px, &height_px));
    assert_int_equal(width_px, 64);
    assert_int_equal(height_px, 48);
    assert_true(sandbox_save(sandbox, 3, why));
    uint8_t then[RAM_BYTES];
    memcpy(then, sandbox_memory(sandbox), RAM_BYTES);
    assert_true(sandbox_play(sandbox, 1, &macro, why));
    assert_int_equal(sandbox_memory(sandbox)[0], 18);
    assert_true(sandbox_load(sandbox, 3, why));
    assert_memory_equal(sandbox_memory(sandbox), then, RAM_BYTES);
    assert_int_equal(sandbox_frames(sandbox), 18);

    assert_false(sandbox_load(sandbox, 2, why));
    assert_string_equal(why, "nothing was saved there");
    assert_false(sandbox_save(sandbox, SANDBOX_MAX_STATES, why));
    assert_false(sandbox_load(sandbox, -1, why));
    assert_false(sandbox_run(sandbox, 0, why));
    assert_string_equal(why, "frames must be 1..36000, found 0");
    assert_false(sandbox_run(sandbox, SANDBOX_MAX_FRAMES + 1, why));
    assert_false(sandbox_play(sandbox, BRIDGE_MAX_PORTS, &macro, why));
    assert_false(sandbox_boot(sandbox, 7, why));
    assert_string_equal(why, "start must be one of the 1 of Fake");
    assert_false(sandbox_is_dead(sandbox)); /* it refused, and lives */
    assert_true(sandbox_run(sandbox, 1, why));
    close_sandbox();

    if (!open_sandbox("no_state", "\"memory\": {}", 0)) fail_msg("%s", why);
    assert_false(sandbox_save(sandbox, 0, why));
    assert_non_null(strstr(why, "cannot save its state"));
    assert_true(sandbox_run(sandbox, 1, why));
    close_sandbox();
}

static void test_deaths_are_sentences(void **state)
{
    (void)state;
    if (!open_sandbox("crash_at=5", "\"memory\": {}", 0)) fail_msg("%s", why);
    for (int again = 0; again < 2; again++) { /* it stays dead */
        assert_false(sandbox_run(sandbox, 10, why));
        assert_true(sandbox_is_dead(sandbox));
        assert_non_null(strstr(why, "crashed with SIGABRT"));
    }
    close_sandbox();
    if (!open_sandbox("hang_at=5", "\"memory\": {}", 300)) fail_msg("%s", why);
    assert_false(sandbox_run(sandbox, 10, why));
    assert_non_null(strstr(why, "no reply within 300 ms"));
    assert_true(sandbox_is_dead(sandbox));
    close_sandbox();

    assert_false(open_sandbox("refuse", "\"memory\": {}", 0));
    assert_null(sandbox);
    assert_non_null(strstr(why, "plain_libretro.so playing kata-sandbox-"));
    close_sandbox();
    assert_false(open_sandbox("",
                              "\"memory\": {\"ram_base\": 64}, \"variables\": "
                              "{\"far\": {\"address\": 999999, \"type\": \"|u1\"}}",
                              0));
    assert_non_null(strstr(why, "variable far of Fake is at 0xf423f"));
    close_sandbox();
    /* Only the memory that a preset may name counts: here only a mirror lies there. */
    assert_false(open_sandbox("map", "\"memory\": {\"ram_base\": 65616, \"ram_bytes\": 16}", 0));
    assert_non_null(strstr(why, "shows no memory that can be searched"));
    close_sandbox();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_in_the_consoles_order),
        cmocka_unit_test(test_it_is_played_and_gone_back_to),
        cmocka_unit_test(test_deaths_are_sentences),
    };
    return cmocka_run_group_tests(tests, find_core, drop_content);
}
