/* What a frontend does to a core before it ever runs it: look at it, often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"

static const char *const entry_points[25] = {
    "retro_api_version",
    "retro_cheat_reset",
    "retro_cheat_set",
    "retro_deinit",
    "retro_get_memory_data",
    "retro_get_memory_size",
    "retro_get_region",
    "retro_get_system_av_info",
    "retro_get_system_info",
    "retro_init",
    "retro_load_game",
    "retro_load_game_special",
    "retro_reset",
    "retro_run",
    "retro_serialize",
    "retro_serialize_size",
    "retro_set_audio_sample",
    "retro_set_audio_sample_batch",
    "retro_set_controller_port_device",
    "retro_set_environment",
    "retro_set_input_poll",
    "retro_set_input_state",
    "retro_set_video_refresh",
    "retro_unload_game",
    "retro_unserialize",
};

static void test_exports_the_25_entry_points_and_nothing_else(void **state)
{
    (void)state;
    char command[1200], line[512];
    snprintf(command, sizeof command, "nm -D --defined-only '%s' | awk '{print $NF}' | sort",
             kit_plugin);
    FILE *list = popen(command, "r");
    assert_non_null(list);
    int found = 0;
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "__asan", 6) == 0 || strncmp(line, "__odr_asan", 10) == 0) continue;
        if (found == 25) fail_msg("also exported: %s", line);
        assert_string_equal(line, entry_points[found]);
        found++;
    }
    assert_int_equal(pclose(list), 0);
    assert_int_equal(found, 25);
}

static void test_names_itself_without_init(void **state)
{
    (void)state;
    frontend_t front;
    frontend_open(&front, kit_plugin);
    struct retro_system_info info = { 0 };
    front.core.get_system_info(&info);
    assert_int_equal(front.core.api_version(), RETRO_API_VERSION);
    assert_string_equal(info.library_name, "Kata");
    assert_non_null(strstr(info.valid_extensions, "nes|"));
    assert_true(info.need_fullpath);
    assert_true(info.block_extract); /* an arcade core opens its zip itself */
    assert_null(strpbrk(info.library_name, "0123456789"));
    assert_int_equal(dlclose(front.library), 0);
}

/* RetroArch chooses cores by the .info file and opens them by the library. */
static void test_info_file_claims_what_the_core_claims(void **state)
{
    (void)state;
    frontend_t front;
    frontend_open(&front, kit_plugin);
    struct retro_system_info info = { 0 };
    front.core.get_system_info(&info);
    char path[1200], line[4096], claimed[4096] = "";
    snprintf(path, sizeof path, "%.*s_libretro.info",
             (int)(strlen(kit_plugin) - strlen("_libretro.so")), kit_plugin);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        sscanf(line, "supported_extensions = \"%4095[^\"]\"", claimed);
    fclose(file);
    assert_string_equal(claimed, info.valid_extensions);
    assert_int_equal(dlclose(front.library), 0);
}

static int count_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static int count_files(void)
{
    int count = 0;
    DIR *files = opendir("/proc/self/fd");
    assert_non_null(files);
    for (struct dirent *entry; (entry = readdir(files));) count++;
    closedir(files);
    return count;
}

static long resident_kb(void)
{
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &total, &resident), 2);
    fclose(file);
    return resident * 4;
}

static bool refuse_everything(unsigned command, void *data)
{
    (void)command, (void)data;
    return false;
}

static void peek(void)
{
    frontend_t *front = calloc(1, sizeof *front);
    assert_non_null(front);
    frontend_open(front, kit_plugin);
    struct retro_system_info info = { 0 };
    front->core.get_system_info(&info);
    assert_string_equal(info.library_name, "Kata");
    front->core.set_environment(refuse_everything);
    assert_int_equal(dlclose(front->library), 0);
    free(front);
}

static void test_peeks_leave_no_trace(void **state)
{
    (void)state;
    const int threads = count_threads(); /* this program's own OpenBLAS may have some */
    peek();
    const int files = count_files();
    const long before_kb = resident_kb();
    for (int i = 0; i < 60; i++) peek();
    assert_int_equal(count_threads(), threads);
    assert_int_equal(count_files(), files);
    assert_null(dlopen(kit_plugin, RTLD_NOW | RTLD_NOLOAD));
    if (!KIT_HAS_ASAN) /* it holds freed memory back */
        assert_in_range(resident_kb(), 1, before_kb + 4096);
}

static int num_calls;
static bool count_calls(unsigned command, void *data)
{
    (void)command, (void)data;
    num_calls++;
    return false;
}

/* RetroArch introduces itself twice while it peeks, and later once more. */
static void test_environment_may_be_set_again_and_again(void **state)
{
    (void)state;
    frontend_t front;
    frontend_open(&front, kit_plugin);
    front.core.set_environment(refuse_everything);
    front.core.set_environment(count_calls);
    assert_in_range(num_calls, 1, 4);
    front.core.set_environment(NULL);
    frontend_init(&front);
    assert_true(front.bytes_for_nes);
    frontend_close(&front);
}

/* All but kata_start, whose values are not known before a game is. */
static void test_shows_its_options_at_init(void **state)
{
    (void)state;
    static const char *const keys[] = { "kata_core",     "kata_mode",        "kata_port",
                                        "kata_takeover", "kata_epsilon",     "kata_record",
                                        "kata_agent",    "kata_status",      "kata_reaction",
                                        "kata_strength", "kata_learn_speed", "kata_overlay",
                                        "kata_device" };
    static const char *const defaults[] = { "auto",  "play", "1",    "3",  "0",   "disabled", "own",
                                            "moves", "0",    "best", "1x", "off", "cpu" };
    static const unsigned shapes[] = { RETRO_ENVIRONMENT_SET_VARIABLES,
                                       RETRO_ENVIRONMENT_SET_CORE_OPTIONS,
                                       RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2 };
    enum { COUNT = sizeof keys / sizeof keys[0] };
    for (unsigned version = 0; version <= 2; version++) {
        frontend_t front;
        frontend_open(&front, kit_plugin);
        front.options_version = version;
        frontend_init(&front);
        assert_int_equal(front.option_sets, 1);
        assert_int_equal(front.option_shape, shapes[version]);
        assert_int_equal(front.num_options, COUNT);
        for (int i = 0; i < COUNT; i++) {
            assert_string_equal(frontend_option(&front, keys[i]), defaults[i]);
            const bool has_category = frontend_find_option(&front, keys[i])->category[0] != 0;
            assert_int_equal(has_category, version == 2);
        }
        frontend_close(&front);
    }
}

static void test_does_nothing_when_nothing_is_loaded(void **state)
{
    (void)state;
    frontend_t front;
    kit_open(&front);
    uint8_t bytes[16] = { 0 };
    struct retro_system_av_info av;
    frontend_run(&front, 3);
    front.core.reset();
    front.core.unload_game();
    front.core.cheat_reset();
    front.core.cheat_set(0, true, "AAAA");
    front.core.set_controller_port_device(0, RETRO_DEVICE_JOYPAD);
    front.core.get_system_av_info(&av);
    assert_int_equal(front.core.serialize_size(), 0);
    assert_false(front.core.serialize(bytes, sizeof bytes));
    assert_false(front.core.unserialize(bytes, sizeof bytes));
    assert_int_equal(front.core.get_memory_size(RETRO_MEMORY_SYSTEM_RAM), 0);
    assert_null(front.core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM));
    assert_false(front.core.load_game_special(1, NULL, 0));
    front.core.init(); /* twice, as some do */
    frontend_close(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exports_the_25_entry_points_and_nothing_else),
        cmocka_unit_test(test_names_itself_without_init),
        cmocka_unit_test(test_info_file_claims_what_the_core_claims),
        cmocka_unit_test(test_peeks_leave_no_trace),
        cmocka_unit_test(test_environment_may_be_set_again_and_again),
        cmocka_unit_test(test_shows_its_options_at_init),
        cmocka_unit_test(test_does_nothing_when_nothing_is_loaded),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
