/* test_files.c - what files.h promises: bounds, sentences, and a save that never loses the old
 * file. */
#include "files.h"
#include "why.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[256];

static void path_in(char *out, size_t out_bytes, const char *name)
{
    snprintf(out, out_bytes, "%s/%s", folder, name);
}

static int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/files-XXXXXX", base ? base : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static void expect_content(const char *path, const char *content)
{
    uint8_t *bytes;
    size_t num_bytes;
    why_t why;
    assert_true(files_read(path, 1 << 20, &bytes, &num_bytes, why));
    assert_int_equal(num_bytes, strlen(content));
    assert_memory_equal(bytes, content, num_bytes);
    assert_int_equal(bytes[num_bytes], 0);
    free(bytes);
}

static void test_replace_then_read_gives_the_same_bytes(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    path_in(path, sizeof path, "a");
    assert_true(files_replace(path, "old", 3, why));
    assert_true(files_replace(path, "newer", 5, why));
    expect_content(path, "newer");
}

static void test_the_previous_file_is_kept_when_it_is_asked_for(void **state)
{
    (void)state;
    char path[512], previous[512];
    why_t why = "";
    path_in(path, sizeof path, "kept");
    path_in(previous, sizeof previous, "kept" FILES_PREVIOUS);
    assert_true(files_replace_keeping(path, "one", 3, why));
    assert_int_equal(access(previous, F_OK), -1);
    assert_true(files_replace_keeping(path, "two", 3, why));
    expect_content(previous, "one");
    assert_true(files_replace_keeping(path, "three", 5, why));
    expect_content(path, "three");
    expect_content(previous, "two");
    assert_true(files_replace(path, "four", 4, why));
    expect_content(previous, "two");

    /* What cannot be kept is not replaced. */
    assert_int_equal(unlink(previous), 0);
    assert_int_equal(mkdir(previous, 0777), 0);
    assert_false(files_replace_keeping(path, "five", 4, why));
    assert_non_null(strstr(why, "could not be saved, the file before it is untouched"));
    expect_content(path, "four");
    assert_int_equal(rmdir(previous), 0);
}

/* Killed at any moment, the newest and the previous one are whole, and not older than they were. */
static void test_a_kill_while_keeping_leaves_two_whole_files(void **state)
{
    (void)state;
    char path[512], previous[512];
    path_in(path, sizeof path, "generations");
    path_in(previous, sizeof previous, "generations" FILES_PREVIOUS);
    int32_t newest = 2;
    assert_true(files_replace_keeping(path, "1", 1, NULL));
    assert_true(files_replace_keeping(path, "2", 1, NULL));
    for (int round = 0; round < 20; round++) {
        const pid_t child = fork();
        if (child == 0)
            for (char text[16];; newest++) {
                snprintf(text, sizeof text, "%d", newest + 1);
                if (!files_replace_keeping(path, text, strlen(text), NULL)) _exit(1);
            }
        usleep(500 + 700 * (useconds_t)round);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        const char *const paths[2] = { path, previous };
        int32_t numbers[2];
        for (int i = 0; i < 2; i++) {
            uint8_t *bytes;
            size_t num_bytes;
            assert_true(files_read(paths[i], 100, &bytes, &num_bytes, NULL));
            numbers[i] = atoi((const char *)bytes);
            free(bytes);
        }
        assert_true(numbers[0] >= newest);
        /* Between the exchange and the rename the one before the previous is still there. */
        assert_true(numbers[1] == numbers[0] - 1 || numbers[1] == numbers[0] - 2);
        newest = numbers[0];
    }
    assert_true(newest > 2);
}

/* Who wants private files says so by umask; a save must not open them to others. */
static void test_a_saved_file_has_the_mode_that_umask_leaves(void **state)
{
    (void)state;
    static const mode_t masks[] = { 077, 027, 022 }, modes[] = { 0600, 0640, 0644 };
    char path[512];
    why_t why;
    path_in(path, sizeof path, "private");
    for (size_t i = 0; i < 3; i++) {
        const mode_t before = umask(masks[i]);
        assert_true(files_replace(path, "x", 1, why));
        umask(before);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 0777, modes[i]);
    }
}

/* Many writers of one path at once, each with a temporary of its own. */
static void test_two_writers_do_not_share_a_temporary(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    path_in(path, sizeof path, "shared");
    files_writer_t first, second;
    assert_true(files_replace_open(&first, path, why));
    assert_true(files_replace_open(&second, path, why));
    assert_string_not_equal(first.temp_path, second.temp_path);
    fputs("first", first.stream);
    fputs("second", second.stream);
    assert_true(files_replace_commit(&second, why));
    expect_content(path, "second");
    assert_true(files_replace_commit(&first, why));
    expect_content(path, "first");
}

static void test_aborted_write_leaves_the_old_file(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    path_in(path, sizeof path, "b");
    assert_true(files_replace(path, "old", 3, why));
    files_writer_t writer;
    assert_true(files_replace_open(&writer, path, why));
    fputs("half", writer.stream);
    files_replace_abort(&writer);
    expect_content(path, "old");
    assert_int_not_equal(access(writer.temp_path, F_OK), 0);
}

static void test_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    char path[512];
    why_t why = "";
    path_in(path, sizeof path, "c");
    assert_true(files_replace(path, "old", 3, why));

    /* A file size limit is what a full disk looks like to write(2). */
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small = { 4096, RLIM_INFINITY };
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    char *big = calloc(1, 1 << 20);
    const bool saved = files_replace(path, big, 1 << 20, why);
    setrlimit(RLIMIT_FSIZE, &before);
    free(big);

    assert_false(saved);
    assert_non_null(strstr(why, "could not be saved"));
    expect_content(path, "old");
}

static void test_kill_while_saving_leaves_a_whole_file(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    path_in(path, sizeof path, "d");
    enum { size = 1 << 20 };
    char *content = malloc(size);
    memset(content, 'x', size);
    assert_true(files_replace(path, content, size, why));
    for (int round = 0; round < 20; round++) {
        const pid_t child = fork();
        if (child == 0)
            for (;;) files_replace(path, content, size, NULL);
        usleep(1000 + 1700 * (useconds_t)round);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        uint8_t *bytes;
        size_t num_bytes;
        assert_true(files_read(path, 2 * size, &bytes, &num_bytes, why));
        assert_int_equal(num_bytes, size);
        assert_memory_equal(bytes, content, size);
        free(bytes);
    }
    free(content);
}

static void test_read_refuses_what_is_too_big_missing_or_no_file(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    uint8_t *bytes;
    size_t num_bytes;
    path_in(path, sizeof path, "e");
    assert_true(files_replace(path, "12345", 5, why));
    assert_false(files_read(path, 4, &bytes, &num_bytes, why));
    assert_non_null(strstr(why, "at most 4 bytes, found 5"));
    assert_null(bytes);
    path_in(path, sizeof path, "missing");
    assert_false(files_read(path, 4, &bytes, &num_bytes, why));
    assert_non_null(strstr(why, "cannot be read"));
    assert_false(files_read(folder, 4, &bytes, &num_bytes, why));
    assert_non_null(strstr(why, "not a regular file"));
    path_in(path, sizeof path, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(files_read(path, 4, &bytes, &num_bytes, why));
    assert_non_null(strstr(why, "not a regular file"));
}

static void test_make_dirs_makes_all_parts_and_says_what_is_in_the_way(void **state)
{
    (void)state;
    char path[512];
    why_t why;
    path_in(path, sizeof path, "x/y/z");
    assert_true(files_make_dirs(path, why));
    assert_true(files_make_dirs(path, why));
    path_in(path, sizeof path, "x/file");
    assert_true(files_replace(path, "", 0, why));
    assert_false(files_make_dirs(path, why));
    assert_non_null(strstr(why, "is not a folder"));
    path_in(path, sizeof path, "x/file/below");
    assert_false(files_make_dirs(path, why));
}

static void test_a_refusal_is_false_and_cut_to_fit(void **state)
{
    (void)state;
    struct {
        why_t why;
        char behind;
    } it = { .behind = 'X' };
    char long_name[2 * sizeof(why_t)];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(refuse(it.why, "%s is too long", long_name));
    assert_int_equal(strlen(it.why), sizeof(why_t) - 1);
    assert_int_equal(it.behind, 'X');
    assert_false(refuse(it.why, "two\nlines, a tab\t and an end\n"));
    assert_string_equal(it.why, "two lines, a tab  and an end");
    assert_false(refuse(NULL, "nobody asks"));
}

static void test_a_paths_name_is_what_follows_its_last_slash(void **state)
{
    (void)state;
    assert_string_equal(files_name("/a/b.nes"), "b.nes");
    assert_string_equal(files_name("b.nes"), "b.nes");
    assert_string_equal(files_name("/a/"), "/a/");
    assert_string_equal(files_name(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_refusal_is_false_and_cut_to_fit),
        cmocka_unit_test(test_replace_then_read_gives_the_same_bytes),
        cmocka_unit_test(test_the_previous_file_is_kept_when_it_is_asked_for),
        cmocka_unit_test(test_a_kill_while_keeping_leaves_two_whole_files),
        cmocka_unit_test(test_a_saved_file_has_the_mode_that_umask_leaves),
        cmocka_unit_test(test_two_writers_do_not_share_a_temporary),
        cmocka_unit_test(test_aborted_write_leaves_the_old_file),
        cmocka_unit_test(test_full_disk_leaves_the_old_file),
        cmocka_unit_test(test_kill_while_saving_leaves_a_whole_file),
        cmocka_unit_test(test_read_refuses_what_is_too_big_missing_or_no_file),
        cmocka_unit_test(test_make_dirs_makes_all_parts_and_says_what_is_in_the_way),
        cmocka_unit_test(test_a_paths_name_is_what_follows_its_last_slash),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
