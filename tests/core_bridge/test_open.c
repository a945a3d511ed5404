/* test_open.c - opening a core: what is refused, with which sentence, and what two instances share.
 */
#define _GNU_SOURCE
#include "setup.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include "why.h"

static bridge_status_t open_path(bridge_t **out, const char *path, char *why)
{
    const bridge_config_t config = { .core_path = path };
    return bridge_open(out, &config, why);
}

static void expect_refusal(const char *path, bridge_status_t status, const char *part)
{
    why_t why = "";
    bridge_t *bridge = (bridge_t *)why;
    assert_int_equal(open_path(&bridge, path, why), status);
    assert_null(bridge);
    assert_sentence(why, part);
    assert_int_equal(open_path(&bridge, path, NULL), status); /* nobody has to care why */
    /* And nothing stays behind: the next core opens. */
    assert_int_equal(open_path(&bridge, fake_path("plain"), why), BRIDGE_OK);
    bridge_close(bridge);
}

static void test_missing_core(void **state)
{
    (void)state;
    expect_refusal("/nowhere/at_all_libretro.so", BRIDGE_NO_LIBRARY,
                   "there is no such core: No such");
    expect_refusal("", BRIDGE_NO_LIBRARY, "no core was named");
    expect_refusal(NULL, BRIDGE_NO_LIBRARY, "no core was named");
    expect_refusal("/tmp", BRIDGE_NO_LIBRARY, "not a regular file");
}

static void test_text_file_is_not_a_core(void **state)
{
    (void)state;
    expect_refusal(content_file("text_libretro.so", "hello\n", 6), BRIDGE_NO_LIBRARY,
                   "is not a libretro core: ");
    expect_refusal(content_file("empty_libretro.so", "", 0), BRIDGE_NO_LIBRARY,
                   "is not a libretro core: ");
}

/* The loader itself would die of SIGBUS. */
static void test_truncated_core_is_not_a_core(void **state)
{
    (void)state;
    static char whole[1 << 20];
    FILE *const file = fopen(fake_path("plain"), "rb");
    const size_t bytes = fread(whole, 1, sizeof whole, file);
    fclose(file);
    assert_true(bytes > 8192 && bytes < sizeof whole);
    for (size_t kept = 100; kept < 8192; kept += 997)
        expect_refusal(content_file("half_libretro.so", whole, kept), BRIDGE_NO_LIBRARY,
                       "is not a libretro core: the file is cut short");
}

#if defined(__aarch64__)
#define ANY_LIBRARY "/lib/aarch64-linux-gnu/libm.so.6"
#else
#define ANY_LIBRARY "/lib/x86_64-linux-gnu/libm.so.6"
#endif

static void test_library_without_the_symbols_is_not_a_core(void **state)
{
    (void)state;
    expect_refusal(ANY_LIBRARY, BRIDGE_NO_SYMBOL, "it has no retro_set_environment()");
    expect_refusal(fake_path("no_region"), BRIDGE_NO_SYMBOL, "it has no retro_get_region()");
}

static void test_other_api_version(void **state)
{
    (void)state;
    expect_refusal(fake_path("api_2"), BRIDGE_WRONG_API,
                   "speaks libretro API version 2, Kata speaks 1");
}

static void test_kata_does_not_open_itself(void **state)
{
    (void)state;
    expect_refusal(fake_path("is_kata"), BRIDGE_IS_KATA, "is Kata itself");
    /* The file that this code is in, under another name. */
    char self[1024], link_path[1100];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(length > 0);
    self[length] = '\0';
    expect_refusal(self, BRIDGE_IS_KATA, "is Kata itself");
    snprintf(link_path, sizeof link_path, "%s.link", content_file("x", "x", 1));
    assert_int_equal(symlink(self, link_path), 0);
    expect_refusal(link_path, BRIDGE_IS_KATA, "is Kata itself");
    unlink(link_path);
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    why_t why = "";
    bridge_t *first, *second;
    assert_int_equal(open_path(&first, fake_path("plain"), why), BRIDGE_OK);
    assert_int_equal(open_path(&second, fake_path("second"), why), BRIDGE_BUSY);
    assert_null(second);
    assert_sentence(why, "already open in this process: Fake Core");
    bridge_close(first);
    assert_int_equal(open_path(&second, fake_path("second"), why), BRIDGE_OK);
    bridge_close(second);
    bridge_close(NULL);
}

static void test_core_describes_itself(void **state)
{
    (void)state;
    bridge_t *bridge;
    assert_int_equal(open_path(&bridge, fake_path("plain"), NULL), BRIDGE_OK);
    const bridge_core_t core = bridge_core(bridge);
    assert_string_equal(core.name, "Fake Core");
    assert_string_equal(core.version, "1.0");
    assert_string_equal(core.extensions, "fake|txt"); /* it says FAKE|Txt */
    assert_false(core.needs_full_path);
    assert_false(core.blocks_extract);
    bridge_close(bridge);
}

/* A frontend's own instance of a core is mapped already: ours must have globals of its own. */
static void test_second_instance_shares_no_globals(void **state)
{
    (void)state;
    void *const theirs = dlopen(fake_path("plain"), RTLD_NOW | RTLD_LOCAL);
    assert_non_null(theirs);
    void (*init)(void);
    *(void **)&init = dlsym(theirs, "retro_init");
    init();
    init();
    init(); /* three inits are counted in their instance */

    bridge_t *bridge = open_fake("");
    assert_int_equal(report_of(bridge)->inits, 1);
    /* Opened from a copy, it still names the path it was asked for. */
    char resolved[4096];
    assert_non_null(realpath(fake_path("plain"), resolved));
    assert_string_equal(report_of(bridge)->libretro_path, resolved);
    bridge_close(bridge);
    dlclose(theirs);

    bridge = open_fake("");
    assert_int_equal(report_of(bridge)->inits, 1); /* closed means gone */
    bridge_close(bridge);
    assert_null(dlopen(fake_path("plain"), RTLD_LAZY | RTLD_NOLOAD));
}

static void test_private_copy_leaves_no_file(void **state)
{
    (void)state;
    char folder[600], before[512] = "";
    snprintf(folder, sizeof folder, "%s.folder", content_file("private", "", 0));
    if (getenv("TMPDIR")) snprintf(before, sizeof before, "%s", getenv("TMPDIR"));
    assert_int_equal(mkdir(folder, 0700), 0);
    setenv("TMPDIR", folder, 1);
    void *const theirs = dlopen(fake_path("plain"), RTLD_NOW | RTLD_LOCAL);
    bridge_t *const bridge = open_fake("");
    if (before[0])
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    assert_int_equal(report_of(bridge)->inits, 1);
    bridge_close(bridge);
    dlclose(theirs);
    assert_int_equal(rmdir(folder), 0); /* only an empty one goes */
}

static void test_private_copy_that_cannot_be_made(void **state)
{
    (void)state;
    char before[512] = "";
    why_t why = "";
    if (getenv("TMPDIR")) snprintf(before, sizeof before, "%s", getenv("TMPDIR"));
    void *const theirs = dlopen(fake_path("plain"), RTLD_NOW | RTLD_LOCAL);
    setenv("TMPDIR", "/nowhere", 1);
    bridge_t *bridge;
    assert_int_equal(open_path(&bridge, fake_path("plain"), why), BRIDGE_NO_LIBRARY);
    assert_sentence(why, "a private copy could not be made in /nowhere: No such");
    if (before[0])
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    dlclose(theirs);
}

/* RetroArch refuses to go on when retro_init is visible to everyone. */
static void test_symbols_of_the_core_do_not_leak(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    assert_null(dlsym(RTLD_DEFAULT, "retro_init"));
    assert_null(dlsym(RTLD_DEFAULT, "retro_run"));
    bridge_close(bridge);
}

/* A frontend that opened Kata with RTLD_GLOBAL: the core's own calls must stay in the core. */
static void test_core_calls_its_own_functions_behind_a_global_frontend(void **state)
{
    (void)state;
    void *const shadow = dlopen(build_path("fake_core/shadow.so"), RTLD_NOW | RTLD_GLOBAL);
    assert_non_null(shadow);
    bridge_t *const bridge = open_fake("");
    bridge_run_frame(bridge, NULL);
    const bool own_call_was_own = report_of(bridge)->answers[6];
    bridge_close(bridge);
    dlclose(shadow);
    if (!has_asan()) assert_true(own_call_was_own); /* it refuses RTLD_DEEPBIND */
}

static void test_open_and_close_fifty_times(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        bridge_t *const bridge = open_fake("sound=none");
        bridge_run_frame(bridge, NULL);
        bridge_close(bridge);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing_core),
        cmocka_unit_test(test_text_file_is_not_a_core),
        cmocka_unit_test(test_truncated_core_is_not_a_core),
        cmocka_unit_test(test_library_without_the_symbols_is_not_a_core),
        cmocka_unit_test(test_other_api_version),
        cmocka_unit_test(test_kata_does_not_open_itself),
        cmocka_unit_test(test_one_at_a_time),
        cmocka_unit_test(test_core_describes_itself),
        cmocka_unit_test(test_second_instance_shares_no_globals),
        cmocka_unit_test(test_private_copy_leaves_no_file),
        cmocka_unit_test(test_private_copy_that_cannot_be_made),
        cmocka_unit_test(test_symbols_of_the_core_do_not_leak),
        cmocka_unit_test(test_core_calls_its_own_functions_behind_a_global_frontend),
        cmocka_unit_test(test_open_and_close_fifty_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
