/* test_preset_pack.c - `kata preset import DIR --all`: a tree becomes a pack in which games are
 * found, behind one's own presets and before the library. */
#include "kata.h"
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kata_run_t r;

static void put_game(const char *folder)
{
    char name[300];
    make_folder(folder);
    snprintf(name, sizeof name, "%s/data.json", folder);
    put(name, "{\"info\": {\"hp\": {\"address\": 785, \"type\": \"|u1\"}}}");
    snprintf(name, sizeof name, "%s/scenario.json", folder);
    put(name, "{\"reward\": {\"variables\": {\"hp\": {\"reward\": 1}}}}");
}

static void put_tree(void)
{
    make_folder("tree");
    make_folder("tree/stable");
    put_game("tree/stable/Strange Game-Nes");
    put_game("tree/stable/Kumite-Nes"); /* by name: it lists no dump */
    put_game("tree/stable/Saved-Saturn");
}

static void test_a_games_preset_is_found_in_the_pack(void **state)
{
    (void)state;
    const char *rom = unknown_game(), *tree = kata_path("tree");
    put_tree();
    RUN(&r, "preset", "import", tree, "--all");
    kata_expect(&r, 0);
    kata_expect_out(&r, "  stable/Saved-Saturn: Saturn is a system that Kata does not know");
    kata_expect_out(&r, ": 3 games\n      2  are in the pack now\n");
    kata_expect_out(&r, "      2  the start: a savestate there");
    kata_expect_out(&r, "/home/packs/stable-retro;");

    RUN(&r, "preset", "find", rom);
    kata_expect_out(&r, "/home/packs/stable-retro/nes/Strange Game.kata.json\n");
    RUN(&r, "train", rom, "--workers", "1", "--net", "small", "--decisions", "50",
        "--eval-episodes", "0", "--dir", kata_path("trained"));
    kata_expect(&r, 0);
    kata_expect_out(&r, "Strange Game");
    RUN(&r, "preset", "find", kata_rom()); /* before the library's */
    kata_expect_out(&r, "Kumite (nes), by name\n");
    kata_expect_out(&r, "behind the first");
    assert_true(strstr(r.out, "/home/packs/") < strstr(r.out, "/presets/library/"));

    RUN(&r, "preset", "import", kata_path("tree/stable/Strange Game-Nes"), "--store");
    kata_expect(&r, 0);
    RUN(&r, "preset", "find", rom); /* one's own come first */
    assert_non_null(strstr(r.out, "/home/presets/nes/"));
    assert_true(strstr(r.out, "/home/presets/nes/") < strstr(r.out, "/home/packs/"));

    RUN(&r, "preset", "import", tree, "--all");
    expect_refused(&r, 1, "packs/stable-retro is there already; --replace to have it made anew");
    RUN(&r, "preset", "import", tree, "--all", "--replace");
    kata_expect(&r, 0);
    RUN(&r, "preset", "import", tree, "--all", "--name", "second");
    kata_expect(&r, 0);
    assert_true(kata_exists(kata_path("home/packs/second/report.txt")));
}

static void test_what_is_asked_wrongly(void **state)
{
    (void)state;
    const char *tree = kata_path("tree");
    RUN(&r, "preset", "import", tree, "--all", "--store");
    expect_refused(&r, 2, "--all goes with --name and --replace alone");
    RUN(&r, "preset", "import", tree, "--name", "x");
    expect_refused(&r, 2, "--name is a pack's");
    RUN(&r, "preset", "import", tree, "--all", "--name", "../x");
    expect_refused(&r, 2, "--name must be 1 to 32 of a-z 0-9 - _");
    RUN(&r, "preset", "import", kata_rom(), "--all", "--name", "other");
    expect_refused(&r, 1, "--all wants a folder");
    make_folder("nothing");
    RUN(&r, "preset", "import", kata_path("nothing"), "--all", "--name", "other");
    expect_refused(&r, 1, "no folder in it has a data.json");
    assert_false(kata_exists(kata_path("home/packs/other")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_games_preset_is_found_in_the_pack),
        cmocka_unit_test(test_what_is_asked_wrongly),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
