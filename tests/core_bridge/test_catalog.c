/* test_catalog.c - finding cores: folders built for the test, and the distribution's own. */
#define _GNU_SOURCE
#include "setup.h"

#include "catalog.h"
#include "firmware.h"

#include <sys/stat.h>

static char root[512];

static void put(const char *below, const char *text)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", root, below);
    *strrchr(path, '/') = '\0';
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/%s", root, below);
    FILE *const out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int make_folders(void **state)
{
    (void)state;
    const char *const base = getenv("TMPDIR");
    snprintf(root, sizeof root, "%s/catalog-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(root)) return -1;
    put("user/zebra_libretro.so", "");
    put("user/zebra_libretro.info",
        "display_name = \"Stripes\"\nsupported_extensions = \"NES|Zeb\"\n"
        "systemid = \"nes\"\nsystemname=\"NES\"\ncorename = \"Zebra Plus\"\n");
    put("user/kata_libretro.so", "");
    put("user/kata_libretro.info", "supported_extensions = \"nes|kata\"\n");
    put("user/readme.txt", "not a core");
    put("user/_libretro.so", "");
    put("system/nestopia_libretro.so", "");
    put("system/gambatte_libretro.so", "");
    put("system/mgba_libretro.so", "");
    put("system/fceumm_libretro.so", "");
    put("system/aaa_libretro.so", "");
    put("system/zebra_libretro.so", ""); /* hidden by the user's */
    put("system/lonely_libretro.so", "");
    put("info/nestopia_libretro.info",
        "# Software Information\ndisplay_name = \"Nintendo - NES / Famicom (Nestopia UE)\"\n"
        "supported_extensions = \"nes|fds|unf|unif\"\nsystemid = \"nes\"\n");
    put("info/fceumm_libretro.info", "supported_extensions=nes|fds\nsystemid=nes\n");
    put("info/aaa_libretro.info", "supported_extensions = \"nes\"\r\nsystemid = \"nes\"\r\n");
    put("info/gambatte_libretro.info",
        "supported_extensions = \"gb|gbc\"\nsystemid = \"game_boy\"\n");
    put("info/mgba_libretro.info",
        "supported_extensions = \"gb|gbc|gba|odd\"\nsystemid = \"game_boy_advance\"\n");
    return 0;
}

static void scan(catalog_t *catalog, const char *order)
{
    char cores[1100], info[600];
    snprintf(cores, sizeof cores, order, root, root);
    snprintf(info, sizeof info, "/nowhere::%s/info/", root);
    assert_true(catalog_scan(catalog, cores, info));
}

static const char *name_for(const catalog_t *catalog, const char *path)
{
    const catalog_core_t *const core = catalog_for(catalog, path);
    return core ? core->name : "";
}

static void test_order_is_folder_then_well_tried_then_name(void **state)
{
    (void)state;
    catalog_t catalog;
    scan(&catalog, "%s/user:/nowhere:%s/system/");
    const char *const expected[] = { "zebra", "nestopia", "fceumm", "gambatte",
                                     "mgba",  "aaa",      "lonely" };
    assert_int_equal(catalog.num_cores, 7); /* no kata, no readme, zebra once */
    for (int i = 0; i < 7; i++) assert_string_equal(catalog.cores[i].name, expected[i]);
    assert_string_equal(catalog.cores[0].display_name, "Stripes");
    assert_string_equal(catalog.cores[0].system_name, "NES");
    assert_string_equal(catalog.cores[0].extensions, "nes|zeb");
    assert_non_null(strstr(catalog.cores[0].core_path, "/user/zebra_libretro.so"));
    assert_string_equal(catalog.cores[1].display_name, "Nintendo - NES / Famicom (Nestopia UE)");
    assert_true(catalog.cores[1].has_info);
    assert_false(catalog.cores[6].has_info);
    assert_string_equal(catalog.cores[6].display_name, "lonely");
    assert_string_equal(catalog.cores[6].extensions, "");
    assert_string_equal(catalog.cores[2].extensions, "nes|fds"); /* without quotes */
    assert_string_equal(catalog.cores[5].extensions, "nes");     /* DOS line ends */
    catalog_free(&catalog);
    catalog_free(&catalog);
}

static void test_core_for_content(void **state)
{
    (void)state;
    catalog_t catalog;
    scan(&catalog, "%s/user:%s/system");
    assert_string_equal(name_for(&catalog, "/roms/game.nes"),
                        "zebra"); /* the user's folder first */
    assert_string_equal(name_for(&catalog, "game.ZEB"), "zebra");
    assert_string_equal(name_for(&catalog, "game.FDS"), "nestopia");
    assert_string_equal(name_for(&catalog, "game.gbc"), "gambatte"); /* made for it */
    assert_string_equal(name_for(&catalog, "game.gba"), "mgba");
    assert_string_equal(name_for(&catalog, "game.odd"), "mgba");
    assert_string_equal(name_for(&catalog, "game.kata"), ""); /* never itself */
    assert_string_equal(name_for(&catalog, "game.unknown"), "");
    assert_string_equal(name_for(&catalog, "game"), "");
    assert_string_equal(name_for(&catalog, "folder.nes/game"), "");
    assert_string_equal(name_for(&catalog, "game."), "");
    catalog_free(&catalog);

    scan(&catalog, "%s/system:%s/user");
    assert_string_equal(name_for(&catalog, "game.nes"), "nestopia");
    catalog_free(&catalog);
}

/* mgba comes from a folder before gambatte's, and still a Game Boy game is gambatte's. */
static void test_a_core_made_for_the_system_wins(void **state)
{
    (void)state;
    catalog_t catalog;
    put("first/mgba_libretro.so", "");
    scan(&catalog, "%s/first:%s/system");
    assert_string_equal(catalog.cores[0].name, "mgba");
    assert_string_equal(name_for(&catalog, "game.gb"), "gambatte");
    catalog_free(&catalog);
}

static void test_core_by_name(void **state)
{
    (void)state;
    catalog_t catalog;
    char path[700];
    scan(&catalog, "%s/user:%s/system");
    snprintf(path, sizeof path, "%s/system/nestopia_libretro.so", root);
    assert_string_equal(catalog_named(&catalog, "nestopia")->name, "nestopia");
    assert_string_equal(catalog_named(&catalog, "nestopia_libretro.so")->name, "nestopia");
    assert_string_equal(catalog_named(&catalog, path)->name, "nestopia");
    assert_string_equal(catalog_named(&catalog, "zebra-plus")->name, "zebra");
    assert_string_equal(catalog_named(&catalog, "Zebra Plus")->name, "zebra");
    assert_null(catalog_named(&catalog, "nest"));
    assert_null(catalog_named(&catalog, ""));
    assert_null(catalog_named(&catalog, "---"));
    assert_null(catalog_named(&catalog, NULL));
    assert_null(catalog_named(&catalog, "kata"));
    assert_null(catalog_named(&catalog, "/elsewhere/nestopia_libretro.so"));
    catalog_free(&catalog);
}

static void test_environment_names_the_folders(void **state)
{
    (void)state;
    catalog_t catalog;
    char path[600];
    snprintf(path, sizeof path, "%s/system", root);
    setenv("KATA_CORE_PATH", path, 1);
    snprintf(path, sizeof path, "%s/info", root);
    setenv("KATA_INFO_PATH", path, 1);
    assert_true(catalog_scan_installed(&catalog, NULL));
    assert_int_equal(catalog.num_cores, 7);
    assert_string_equal(name_for(&catalog, "a.nes"), "nestopia");
    catalog_free(&catalog);
    unsetenv("KATA_CORE_PATH");
    unsetenv("KATA_INFO_PATH");
}

/* Every folder that is looked at by itself, without KATA_CORE_PATH. */
static void test_the_usual_folders(void **state)
{
    static const struct {
        const char *file, *info_file, *config, *config_text, *own;
        bool xdg;
    } cases[] = {
        /* as the Online Updater lays them, beside Kata's own file */
        { "ra/odd_libretro.so", "ra/odd_libretro.info", NULL, NULL, "ra/kata_libretro.so", false },
        { "ra/cores/odd_libretro.so", "ra/info/odd_libretro.info", NULL, NULL,
          "ra/cores/kata_libretro.so", false },
        /* as retroarch.cfg says */
        { "mine/odd_libretro.so", "about/odd_libretro.info", ".config/retroarch/retroarch.cfg",
          "# x\nlibretro_directory = \"~/mine/\"\nlibretro_info_path = \"~/about\"\n", NULL,
          false },
        { "mine/odd_libretro.so", "about/odd_libretro.info", "xdg/retroarch/retroarch.cfg",
          "libretro_info_path = \"~/about\"\nlibretro_directory = \"~/mine\"\n", NULL, true },
        { "mine/odd_libretro.so", "mine/odd_libretro.info", ".retroarch.cfg",
          "libretro_directory = ~/mine\n", NULL, false },
        /* its defaults, with and without a configuration */
        { ".config/retroarch/cores/odd_libretro.so", ".config/retroarch/cores/odd_libretro.info",
          ".config/retroarch/retroarch.cfg", "libretro_directory = \"default\"\n", NULL, false },
        { "xdg/retroarch/cores/odd_libretro.so", "xdg/retroarch/cores/odd_libretro.info", NULL,
          NULL, NULL, true },
        { ".var/app/org.libretro.RetroArch/config/retroarch/cores/odd_libretro.so",
          ".var/app/org.libretro.RetroArch/config/retroarch/cores/odd_libretro.info", NULL, NULL,
          NULL, false },
        { "flat/odd_libretro.so", "flat/odd_libretro.info",
          ".var/app/org.libretro.RetroArch/config/retroarch/retroarch.cfg",
          "libretro_directory = \"~/flat\"\n", NULL, true },
    };
    (void)state;
    char home[600], xdg[620], own[700], command[3000];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(home, sizeof home, "%s/home%zu", root, i);
        snprintf(xdg, sizeof xdg, "%s/xdg", home);
        const char *const files[] = { cases[i].file, cases[i].info_file, cases[i].config };
        const char *const texts[] = { "", "supported_extensions = \"oddity\"\n",
                                      cases[i].config_text };
        for (int f = 0; f < 3 && files[f]; f++) {
            snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s/%s')\"", home, files[f]);
            assert_int_equal(system(command), 0);
            snprintf(command, sizeof command, "home%zu/%s", i, files[f]);
            put(command, texts[f]);
        }
        char before[512];
        const char *const old = getenv("HOME");
        snprintf(before, sizeof before, "%s", old ? old : "");
        setenv("HOME", home, 1);
        if (cases[i].xdg)
            setenv("XDG_CONFIG_HOME", xdg, 1);
        else
            unsetenv("XDG_CONFIG_HOME");
        snprintf(own, sizeof own, "%s/%s", home, cases[i].own ? cases[i].own : "");
        catalog_t catalog;
        assert_true(catalog_scan_installed(&catalog, cases[i].own ? own : NULL));
        if (strcmp(name_for(&catalog, "a.oddity"), "odd") != 0)
            fail_msg("case %zu: %s was not found", i, cases[i].file);
        catalog_free(&catalog);
        setenv("HOME", before, 1);
    }
}

static void test_nothing_there(void **state)
{
    (void)state;
    catalog_t catalog;
    assert_true(catalog_scan(&catalog, "/nowhere:/neither", ""));
    assert_int_equal(catalog.num_cores, 0);
    assert_null(catalog_for(&catalog, "a.nes"));
    assert_null(catalog_named(&catalog, "nestopia"));
    catalog_free(&catalog);
    assert_true(catalog_scan(&catalog, "", ""));
    assert_int_equal(catalog.num_cores, 0);
    catalog_free(&catalog);
}

static void scan_the_distributions(catalog_t *out)
{
    const char *const home = getenv("HOME");
    char before[512];
    snprintf(before, sizeof before, "%s", home ? home : "");
    setenv("HOME", "/nowhere", 1);
    unsetenv("XDG_CONFIG_HOME");
    assert_true(catalog_scan_installed(out, NULL));
    setenv("HOME", before, 1);
}

static void test_the_distributions_cores(void **state)
{
    static const struct {
        const char *core, *other_name, *content;
    } cores[] = {
        { "nestopia", "Nestopia", "a.nes" },
        { "gambatte", "GAMBATTE", "a.gb" },
        { "mgba", "mGBA", "a.gba" },
        { "bsnes_mercury_performance", "bsnes-mercury-performance", "a.sfc" },
        { "mednafen_pce_fast", "beetle-pce-fast", "a.pce" },
    };
    (void)state;
    catalog_t catalog;
    scan_the_distributions(&catalog);
    char absent[256] = "";
    for (size_t i = 0; i < sizeof cores / sizeof cores[0]; i++) {
        const catalog_core_t *const core = catalog_named(&catalog, cores[i].other_name);
        if (!core) {
            snprintf(absent + strlen(absent), sizeof absent - strlen(absent), " %s", cores[i].core);
            continue;
        }
        assert_string_equal(core->name, cores[i].core);
        assert_string_equal(name_for(&catalog, cores[i].content), cores[i].core);
    }
    catalog_free(&catalog);
    if (absent[0]) {
        print_message("skipped: of the distribution's cores there is no%s\n", absent);
        skip();
    }
}

static void test_no_memory(void **state)
{
    (void)state;
    catalog_t catalog;
    char cores[600];
    snprintf(cores, sizeof cores, "%s/system", root);
    for (long n = 1; n < 100; n++) {
        fail_allocation(n);
        const bool ok = catalog_scan(&catalog, cores, "");
        const bool was_reached = allocations_seen() >= n;
        fail_allocation(0);
        assert_int_equal(catalog.num_cores, ok ? 7 : 0); /* all of them or none */
        catalog_free(&catalog);
        if (!was_reached) {
            assert_true(ok);
            return;
        }
    }
    fail_msg("a hundred allocations for seven cores");
}

static void test_firmware_that_is_missing_is_named(void **state)
{
    (void)state;
    static const char info[] = "firmware_count = 4\nfirmware0_path = \"a.bin\"\n"
                               "firmware0_opt = \"false\"\nfirmware1_path = \"sub/b.bin\"\n"
                               "firmware2_path = \"c.bin\"\nfirmware2_opt = \"true\"\n"
                               "firmware3_desc = \"without a path\"\n";
    char names[FIRMWARE_TEXT_BYTES], dir[600];
    snprintf(dir, sizeof dir, "%s/bios", root);
    assert_int_equal(firmware_missing(info, dir, FIRMWARE_ANY, names), 3);
    assert_string_equal(names, "a.bin, sub/b.bin, c.bin");
    assert_int_equal(firmware_missing(info, dir, FIRMWARE_NEEDED, names), 2);
    assert_string_equal(names, "a.bin, sub/b.bin");
    assert_false(firmware_is_in(info, dir));
    put("bios/a.bin", "");
    assert_true(firmware_is_in(info, dir));
    assert_int_equal(firmware_missing(info, dir, FIRMWARE_NEEDED, names), 1);
    assert_string_equal(names, "sub/b.bin");
    put("bios/sub/b.bin", "");
    assert_int_equal(firmware_missing(info, dir, FIRMWARE_NEEDED, names), 0);
    assert_string_equal(names, "");
    assert_int_equal(firmware_missing(NULL, dir, FIRMWARE_ANY, names), 0);
    assert_false(firmware_is_in(NULL, dir));
}

/* .info files come from anywhere. */
static void test_firmware_of_a_strange_file(void **state)
{
    (void)state;
    char info[8192], names[FIRMWARE_TEXT_BYTES];
    size_t used = (size_t)snprintf(info, sizeof info, "firmware_count = 99999999999999999999\n");
    for (int i = 0; i < 64; i++)
        used += (size_t)snprintf(info + used, sizeof info - used,
                                 "firmware%d_path = \"\t%070d.bin\"\n", i, i);
    assert_int_equal(firmware_missing(info, "/nowhere", FIRMWARE_ANY, names), 64);
    assert_non_null(strstr(names, " and 61 more"));
    assert_null(strchr(names, '\t'));
    assert_int_equal(firmware_missing("firmware_count = -3\n", "/", FIRMWARE_ANY, names), 0);
    assert_int_equal(firmware_missing("firmware_count = 2\n", "/", FIRMWARE_ANY, names), 0);
}

static void test_the_info_of_a_core(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/info", root);
    setenv("KATA_INFO_PATH", path, 1);
    snprintf(path, sizeof path, "%s/user/zebra_libretro.so", root);
    char *info = catalog_info(path);
    assert_non_null(strstr(info, "Stripes")); /* beside it */
    free(info);
    info = catalog_info("aaa_libretro.so"); /* in no usual folder */
    assert_non_null(info);
    assert_non_null(strstr(info, "systemid"));
    free(info);
    assert_null(catalog_info("/nowhere/unknown_libretro.so"));
    assert_null(catalog_info(".so"));
    assert_null(catalog_info(""));
    unsetenv("KATA_INFO_PATH");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_folder_then_well_tried_then_name),
        cmocka_unit_test(test_core_for_content),
        cmocka_unit_test(test_a_core_made_for_the_system_wins),
        cmocka_unit_test(test_core_by_name),
        cmocka_unit_test(test_environment_names_the_folders),
        cmocka_unit_test(test_the_usual_folders),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_the_distributions_cores),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_firmware_that_is_missing_is_named),
        cmocka_unit_test(test_firmware_of_a_strange_file),
        cmocka_unit_test(test_the_info_of_a_core),
    };
    return cmocka_run_group_tests(tests, make_folders, NULL);
}
