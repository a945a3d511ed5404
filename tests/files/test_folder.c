/* test_folder.c - a folder takes another's place as a whole. */
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

static char base[256];

static int make_base(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(base, sizeof base, "%s/folder-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(base) ? 0 : -1;
}

static const char *in_base(const char *name)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", base, name);
    return path;
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[FILES_PATH_BYTES];
    why_t why;
    snprintf(path, sizeof path, "%.3000s/%s", folder, name);
    if (!files_replace(path, text, strlen(text), why)) fail_msg("%s", why);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void test_the_new_one_replaces_the_old_one(void **state)
{
    (void)state;
    char staged[FILES_PATH_BYTES];
    why_t why;
    struct stat status;
    char sub[FILES_PATH_BYTES];
    for (int round = 0; round < 2; round++) {
        if (!files_stage_folder(staged, in_base("all"), why)) fail_msg("%s", why);
        put(staged, round ? "second" : "first", "x");
        snprintf(sub, sizeof sub, "%.3000s/sub", staged);
        assert_int_equal(mkdir(sub, 0777), 0);
        if (!files_put_folder(staged, in_base("all/it"), why)) fail_msg("%s", why);
        assert_false(exists(staged));
    }
    assert_true(exists(in_base("all/it/second")));
    assert_true(exists(in_base("all/it/sub")));
    assert_false(exists(in_base("all/it/first")));
    assert_int_equal(stat(in_base("all/it"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
}

static void test_what_cannot_be_put_leaves_what_was_there(void **state)
{
    (void)state;
    char staged[FILES_PATH_BYTES];
    why_t why = "";
    assert_true(files_stage_folder(staged, in_base("all"), why));
    assert_false(files_put_folder(staged, in_base("nowhere/it"), why));
    assert_non_null(strstr(why, "nowhere/it: cannot be made"));
    assert_true(exists(staged));
    files_remove_folder(staged, 1);
    put(base, "file", "x");
    assert_false(files_stage_folder(staged, in_base("file"), why));
    assert_true(exists(in_base("file")));
}

static void test_what_a_kill_left_is_swept_after_an_hour(void **state)
{
    (void)state;
    char old[FILES_PATH_BYTES], young[FILES_PATH_BYTES], staged[FILES_PATH_BYTES];
    why_t why;
    assert_true(files_stage_folder(old, in_base("all"), why));
    assert_true(files_stage_folder(young, in_base("all"), why));
    put(old, "half", "x");
    const struct utimbuf long_ago = { .actime = 1000, .modtime = 1000 };
    assert_int_equal(utime(old, &long_ago), 0);
    assert_true(files_stage_folder(staged, in_base("all"), why));
    assert_false(exists(old));
    assert_true(exists(young));
}

static void test_removing_follows_nothing(void **state)
{
    (void)state;
    char link[600];
    why_t why;
    assert_true(files_make_dirs(in_base("kept"), why));
    put(in_base("kept"), "file", "x");
    assert_true(files_make_dirs(in_base("gone/a/b"), why));
    snprintf(link, sizeof link, "%s/gone/a/link", base);
    assert_int_equal(symlink(in_base("kept"), link), 0);
    files_remove_folder(in_base("gone"), 3);
    assert_false(exists(in_base("gone")));
    assert_true(exists(in_base("kept/file")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_new_one_replaces_the_old_one, make_base),
        cmocka_unit_test_setup(test_what_cannot_be_put_leaves_what_was_there, make_base),
        cmocka_unit_test_setup(test_what_a_kill_left_is_swept_after_an_hour, make_base),
        cmocka_unit_test_setup(test_removing_follows_nothing, make_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
