/* test_home.c - where a game's folder is looked for, and in which order. */
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"

static const char sha1[] = "0123456789abcdef0123456789abcdef01234567";
static char base[256];

static int make_base(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/home-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(base) ? 0 : -1;
}

static int clear(void **state)
{
    (void)state;
    unsetenv("KATA_HOME");
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", base, 1);
    return 0;
}

static void test_writes_to_kata_home_then_xdg_then_home(void **state)
{
    (void)state;
    char path[HOME_PATH_BYTES], expected[512];
    why_t why;
    assert_true(home_for_writing(path, why));
    snprintf(expected, sizeof expected, "%s/.local/share/kata", base);
    assert_string_equal(path, expected);
    setenv("XDG_DATA_HOME", "relative/is/ignored", 1);
    assert_true(home_for_writing(path, why));
    assert_string_equal(path, expected);
    setenv("XDG_DATA_HOME", "/xdg", 1);
    assert_true(home_for_writing(path, why));
    assert_string_equal(path, "/xdg/kata");
    setenv("KATA_HOME", "/own", 1);
    assert_true(home_for_writing(path, why));
    assert_string_equal(path, "/own");
    unsetenv("KATA_HOME"), unsetenv("XDG_DATA_HOME"), unsetenv("HOME");
    assert_false(home_for_writing(path, why));
    assert_non_null(strstr(why, "KATA_HOME"));
}

static void test_a_game_folder_is_a_plain_name(void **state)
{
    (void)state;
    char path[HOME_PATH_BYTES];
    why_t why;
    assert_true(home_game_dir(path, "/h", "nes", sha1, why));
    assert_string_equal(path, "/h/nes-0123456789abcdef0123456789abcdef01234567");
    assert_false(home_game_dir(path, "/h", "../nes", sha1, why));
    assert_false(home_game_dir(path, "/h", "nes", "", why));
}

static void put_agent(const char *home)
{
    char dir[HOME_PATH_BYTES], file[HOME_PATH_BYTES + 32];
    why_t why;
    assert_true(home_game_dir(dir, home, "nes", sha1, why));
    assert_true(files_make_dirs(dir, why));
    snprintf(file, sizeof file, "%s/agent.safetensors", dir);
    assert_true(files_replace(file, "x", 1, why));
}

static void test_the_frontends_folder_is_looked_at_first(void **state)
{
    (void)state;
    char saves[512], home[600], found[HOME_PATH_BYTES];
    snprintf(saves, sizeof saves, "%s/saves", base);
    snprintf(home, sizeof home, "%s/.local/share/kata", base);
    assert_false(home_find_agent(found, saves, "nes", sha1));
    assert_string_equal(found, "");
    put_agent(home);
    assert_true(home_find_agent(found, saves, "nes", sha1));
    assert_non_null(strstr(found, "/.local/share/kata/nes-"));
    snprintf(home, sizeof home, "%s/own", base);
    setenv("KATA_HOME", home, 1);
    put_agent(home);
    assert_true(home_find_agent(found, NULL, "nes", sha1));
    assert_non_null(strstr(found, "/own/nes-"));
    snprintf(home, sizeof home, "%s/kata", saves);
    put_agent(home);
    assert_true(home_find_agent(found, saves, "nes", sha1));
    assert_non_null(strstr(found, "/saves/kata/nes-"));
    assert_false(home_find_agent(found, saves, "snes", sha1));
}

/* RetroArch sorts saves by core, by content or both, and has a netplay client save further down:
 * what lies in the saves' root is found from there, and what lies in the sorted folder before it.
 */
static void test_an_agent_is_found_however_saves_are_sorted(void **state)
{
    static const char *const below[] = {
        "", "/", "/Kata", "/nes", "/nes/Kata", "/.netplay", "/Kata/.netplay", "/nes/Kata/.netplay/"
    };
    (void)state;
    char saves[512], save_dir[600], home[700], found[HOME_PATH_BYTES], dirs[8192];
    setenv("HOME", "/nowhere", 1);
    snprintf(saves, sizeof saves, "%s/sorted", base);
    snprintf(home, sizeof home, "%s/kata", saves);
    put_agent(home);
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        snprintf(save_dir, sizeof save_dir, "%s%s", saves, below[i]);
        assert_true(home_find_agent(found, save_dir, "nes", sha1));
        assert_non_null(strstr(found, "/sorted/kata/nes-"));
        home_preset_dirs(dirs, sizeof dirs, NULL, save_dir);
        assert_non_null(strstr(dirs, "/sorted/kata/presets"));
    }
    snprintf(save_dir, sizeof save_dir, "%s/a/b/c/d", saves); /* that far up is someone else's */
    assert_false(home_find_agent(found, save_dir, "nes", sha1));
    snprintf(save_dir, sizeof save_dir, "%s/Kata/.netplay", saves);
    snprintf(home, sizeof home, "%s/Kata/kata", saves);
    put_agent(home);
    assert_true(home_find_agent(found, save_dir, "nes", sha1));
    assert_non_null(strstr(found, "/sorted/Kata/kata/nes-"));
    assert_false(home_find_agent(found, "/", "nes", sha1));
    assert_false(home_find_agent(found, "", "nes", sha1));
    assert_false(home_find_agent(found, "relative", "nes", sha1));
}

static void test_preset_folders_are_whole_or_absent(void **state)
{
    (void)state;
    char dirs[8192], small[30];
    setenv("KATA_HOME", "/own", 1);
    home_preset_dirs(dirs, sizeof dirs, "/opt/bin/kata", "/saves");
    assert_non_null(strstr(dirs, "/saves/kata/presets:/own/presets:/own/packs:"));
    assert_non_null(strstr(dirs, ":/opt/bin/../share/kata/presets:"));
    home_preset_dirs(small, sizeof small, NULL, NULL);
    assert_string_equal(small, "/own/presets:/own/packs"); /* the others would not have fitted */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_writes_to_kata_home_then_xdg_then_home, clear),
        cmocka_unit_test_setup(test_a_game_folder_is_a_plain_name, clear),
        cmocka_unit_test_setup(test_the_frontends_folder_is_looked_at_first, clear),
        cmocka_unit_test_setup(test_an_agent_is_found_however_saves_are_sorted, clear),
        cmocka_unit_test_setup(test_preset_folders_are_whole_or_absent, clear),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
