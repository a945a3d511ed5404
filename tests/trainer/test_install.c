/* `kata install`: RetroArch's folders as distributions, its updater and Flatpak lay them. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kata.h"

static kata_run_t r;

#define RUN(...) kata_run(&r, (const char *const[]){ __VA_ARGS__, NULL })
#define CORE "kata_libretro.so"
#define INFO "kata_libretro.info"

static void shell(const char *command)
{
    assert_int_equal(system(command), 0);
}

/* A home of its own; `config` below it with `text`. */
static void configure(const char *config, const char *text)
{
    char command[1024];
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", kata_path(config));
    shell(command);
    kata_write_file(kata_path(config), text, strlen(text));
}

static int new_home(void **state)
{
    char command[1024];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", kata_path("home"));
    shell(command);
    setenv("HOME", kata_path("home"), 1);
    unsetenv("XDG_CONFIG_HOME");
    return 0;
}

static void expect_whole(const char *core, const char *info)
{
    char build[1024];
    const char *const files[] = { core, info }, *const names[] = { CORE, INFO };
    for (int i = 0; i < 2; i++) {
        size_t num_a, num_b;
        snprintf(build, sizeof build, "%.*s/%s",
                 (int)(strrchr(kata_program(), '/') - kata_program()), kata_program(), names[i]);
        uint8_t *a = kata_read_file(kata_path(files[i]), &num_a);
        uint8_t *b = kata_read_file(build, &num_b);
        assert_int_equal(num_a, num_b);
        assert_memory_equal(a, b, num_a);
        free(a);
        free(b);
    }
}

/* Cores and .info files in folders apart, as Debian has them. */
static void test_folders_as_debian_lays_them(void **state)
{
    (void)state;
    configure("home/.config/retroarch/retroarch.cfg",
              "# libretro_directory = \"/wrong\"\nlibretro_directory = \"~/usr/lib/libretro/\"\n"
              "libretro_info_path = \"~/usr/share/libretro/info/\"\n");
    configure("home/usr/share/libretro/info/core_info.cache", "{}");
    RUN("install", "--check");
    kata_expect(&r, 1);
    kata_expect_out(&r, "usr/lib/libretro/" CORE " is missing: Load Core does not list Kata");
    kata_expect_out(&r, "info/" INFO " is missing: no savestates, rewind, run-ahead or netplay");
    assert_false(kata_exists(kata_path("home/usr/lib/libretro/" CORE)));

    RUN("play", kata_rom(), "--print");
    kata_expect(&r, 0);
    kata_expect_err(&r, "no savestates, rewind, run-ahead or netplay");
    kata_expect_err(&r, "kata install");

    RUN("install");
    kata_expect(&r, 0);
    kata_expect_out(&r, "usr/lib/libretro/" CORE " written");
    kata_expect_out(&r, "info/" INFO " written");
    expect_whole("home/usr/lib/libretro/" CORE, "home/usr/share/libretro/info/" INFO);
    assert_false(kata_exists(kata_path("home/usr/share/libretro/info/core_info.cache")));
    RUN("install", "--check");
    kata_expect(&r, 0);
    RUN("play", kata_rom(), "--print");
    kata_expect(&r, 0);
    assert_null(strstr(r.err, "kata install"));

    configure("home/usr/share/libretro/info/" INFO, "old");
    RUN("install", "--check");
    kata_expect(&r, 1);
    kata_expect_out(&r, INFO " is of another build");
    RUN("install");
    kata_expect(&r, 0);
    kata_expect_out(&r, CORE " was there");
    kata_expect_out(&r, INFO " replaced");
    expect_whole("home/usr/lib/libretro/" CORE, "home/usr/share/libretro/info/" INFO);

    RUN("install", "--remove");
    kata_expect(&r, 0);
    assert_false(kata_exists(kata_path("home/usr/lib/libretro/" CORE)));
    assert_false(kata_exists(kata_path("home/usr/share/libretro/info/" INFO)));
    RUN("install", "--remove");
    kata_expect(&r, 0);
}

/* Both in one folder, as the Online Updater has them; Flatpak's beside it. */
static void test_every_retroarch_of_the_user(void **state)
{
    (void)state;
    setenv("XDG_CONFIG_HOME", kata_path("home/xdg"), 1);
    configure("home/xdg/retroarch/retroarch.cfg", "menu_driver = \"xmb\"\n");
    configure("home/.var/app/org.libretro.RetroArch/config/retroarch/retroarch.cfg",
              "libretro_directory = \"default\"\n");
    RUN("install");
    kata_expect(&r, 0);
    kata_expect_out(&r, "RetroArch (Flatpak)");
    expect_whole("home/xdg/retroarch/cores/" CORE, "home/xdg/retroarch/cores/" INFO);
    expect_whole("home/.var/app/org.libretro.RetroArch/config/retroarch/cores/" CORE,
                 "home/.var/app/org.libretro.RetroArch/config/retroarch/cores/" INFO);
    RUN("install", "--check");
    kata_expect(&r, 0);
}

static void test_a_folder_that_cannot_be_written(void **state)
{
    (void)state;
    configure("home/file", "not a folder");
    configure("home/.config/retroarch/retroarch.cfg", "libretro_directory = \"~/file/cores\"\n");
    RUN("install");
    kata_expect(&r, 1);
    kata_expect_err(&r, "file/cores");
    kata_expect_err(&r, "sudo");
    RUN("install", "--check", "--remove");
    kata_expect(&r, 2);
}

static void test_no_core_to_run_a_game_in(void **state)
{
    (void)state;
    configure("home/.config/retroarch/retroarch.cfg", "libretro_directory = \"default\"\n");
    RUN("install");
    kata_expect(&r, 0);
    setenv("KATA_CORE_PATH", "/nowhere", 1);
    RUN("install", "--check");
    unsetenv("KATA_CORE_PATH");
    kata_expect(&r, 1);
    kata_expect_out(&r, "there is no core for Kata to run a game in");
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_folders_as_debian_lays_them, new_home),
        cmocka_unit_test_setup(test_every_retroarch_of_the_user, new_home),
        cmocka_unit_test_setup(test_a_folder_that_cannot_be_written, new_home),
        cmocka_unit_test_setup(test_no_core_to_run_a_game_in, new_home),
    };
    return cmocka_run_group_tests(tests, kata_setup, kata_teardown);
}
