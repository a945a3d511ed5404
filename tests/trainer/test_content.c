/* test_content.c - the games and presets that people have: a preset without starts. */
#include "kata.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUICK "--workers", "1", "--decisions", "30", "--eval-episodes", "0", "--warmup", "8"

static kata_run_t r;

/* Episodes begin at power-on, which is a start by name; nothing else is one. */
static void test_a_preset_without_starts_begins_at_power_on(void **state)
{
    (void)state;
    const char *preset = put(
        "no-starts.kata.json",
        "{\"kata_preset\": 1, \"game\": \"Bare\", \"system\": \"nes\", \"variables\":"
        " {\"frame\": {\"address\": \"0x0301\", \"type\": \"|u1\"}}, \"actions\": {\"primitives\":"
        " [{\"name\": \"Wait\", \"pad\": \"5\"}, {\"name\": \"Right\", \"pad\": \"6\"}]},"
        " \"reward\": {\"time\": {\"reward\": 0.01}}, \"timing\": {\"max_steps\": 20}}");
    const char *dir = kata_path("bare");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--dir", dir, QUICK);
    kata_expect(&r, 0);
    kata_expect_out(&r, "Bare on nestopia: 2 actions, 1 worker, start power-on.\n");
    RUN(&r, "eval", kata_rom(), "--preset", preset, "--dir", dir, "--episodes", "2", "--start",
        "power-on", "--json");
    kata_expect(&r, 0);
    kata_expect_out(&r, "\"start\":\"power-on\"");
    RUN(&r, "search", kata_rom(), "--preset", preset, "--script",
        put("boot.txt", "run 60\nboot\nlist\n"), "--json");
    kata_expect(&r, 0);
    kata_expect_err(&r, "frame 60\npower-on: frame 61\n");
    RUN(&r, "train", kata_rom(), "--preset", preset, "--dir", dir, "--start", "level1", QUICK);
    expect_refused(&r, 1, "Bare has no start 'level1'; it has power-on");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_preset_without_starts_begins_at_power_on),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
