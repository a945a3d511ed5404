/* kata.c - see kata.h. */
#include "kata.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { RUN_LIMIT_S = 480 };

static char dir[200];
static const char *input = "/dev/null";
static const char *const *program_words; /* instead of kata_program() */

int kata_setup(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/kata-trainer-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(dir)) return -1;
    char home[256];
    snprintf(home, sizeof home, "%s/home", dir);
    setenv("KATA_HOME", home, 1);
    setenv("KATA_BOX", "off", 1); /* no agent but those that a test makes */
    setenv("HOME", dir, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("KATA_CORE_PATH");
    unsetenv("KATA_INFO_PATH");
    unsetenv("KATA_PRESET_PATH");
    return 0;
}

int kata_teardown(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command) == 0 ? 0 : -1;
}

const char *kata_dir(void)
{
    return dir;
}

static const char *build_dir(void)
{
    const char *build = getenv("KATA_BUILD");
    return build && *build ? build : "build/release";
}

const char *kata_program(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/kata", build_dir());
    return path;
}

const char *kata_rom(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/games/kumite.nes", build_dir());
    return path;
}

const char *kata_fake_core(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/tests/fake_core/%s_libretro.so", build_dir(), name);
    return path;
}

const char *kata_path(const char *name)
{
    static char paths[128][512];
    static int num_paths;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    for (int i = 0; i < num_paths; i++)
        if (strcmp(paths[i], path) == 0) return paths[i];
    assert_true(num_paths < 128);
    return strcpy(paths[num_paths++], path);
}

static void become_kata(const kata_job_t *job, const char *const *arguments, size_t largest_file)
{
    const char *words[64] = { kata_program() };
    int num = program_words ? 0 : 1;
    for (; program_words && program_words[num] && num < 32; num++) words[num] = program_words[num];
    for (int i = 0; arguments[i] && num < 63; i++) words[num++] = arguments[i];
    const int out = open(job->out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err = open(job->err_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int in = open(input, O_RDONLY);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    /* Whoever runs the tests may ignore them: nohup, and a shell what it starts in the background.
     */
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (largest_file > 0) setrlimit(RLIMIT_FSIZE, &(struct rlimit){ largest_file, largest_file });
    execvp(words[0], (char *const *)(uintptr_t)words);
    _exit(127);
}

static void start(kata_job_t *job, const char *const *arguments, size_t largest_file)
{
    static int number;
    number++;
    snprintf(job->out_path, sizeof job->out_path, "%s/out-%d", dir, number);
    snprintf(job->err_path, sizeof job->err_path, "%s/err-%d", dir, number);
    job->pid = fork();
    assert_true(job->pid >= 0);
    if (job->pid == 0) become_kata(job, arguments, largest_file);
}

static void read_text(const char *path, char *text, size_t text_bytes)
{
    FILE *file = fopen(path, "rb");
    text[0] = '\0';
    if (!file) return;
    text[fread(text, 1, text_bytes - 1, file)] = '\0';
    fclose(file);
}

void kata_input(const char *path)
{
    input = path ? path : "/dev/null";
}

void kata_program_is(const char *const *words)
{
    program_words = words;
}

void kata_start(kata_job_t *job, const char *const *arguments)
{
    start(job, arguments, 0);
}

void kata_peek(const kata_job_t *job, kata_run_t *run)
{
    read_text(job->out_path, run->out, sizeof run->out);
    read_text(job->err_path, run->err, sizeof run->err);
}

bool kata_ends_within(const kata_job_t *job, int32_t seconds)
{
    for (int32_t ms = 0; ms < seconds * 1000; ms += 5) {
        siginfo_t info = { 0 };
        assert_int_equal(waitid(P_PID, (id_t)job->pid, &info, WEXITED | WNOHANG | WNOWAIT), 0);
        if (info.si_pid == job->pid) return true;
        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
    }
    return false;
}

void kata_end(kata_job_t *job, kata_run_t *run)
{
    int status = 0;
    const bool has_ended = kata_ends_within(job, RUN_LIMIT_S);
    if (!has_ended) kill(job->pid, SIGKILL);
    assert_int_equal(waitpid(job->pid, &status, 0), job->pid);
    if (!has_ended) {
        kata_peek(job, run);
        fail_msg("it has not ended within %d s\nout: %s\nerr: %s", RUN_LIMIT_S, run->out, run->err);
    }
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    kata_peek(job, run);
    unlink(job->out_path);
    unlink(job->err_path);
}

void kata_run_limited(kata_run_t *run, const char *const *arguments, size_t largest_file)
{
    kata_job_t job;
    start(&job, arguments, largest_file);
    kata_end(&job, run);
}

void kata_run(kata_run_t *run, const char *const *arguments)
{
    kata_run_limited(run, arguments, 0);
}

bool kata_same_files(const char *a, const char *b)
{
    size_t a_bytes, b_bytes;
    uint8_t *a_text = kata_read_file(a, &a_bytes), *b_text = kata_read_file(b, &b_bytes);
    const bool same = a_bytes == b_bytes && memcmp(a_text, b_text, a_bytes) == 0;
    free(a_text);
    free(b_text);
    return same;
}

void kata_expect(const kata_run_t *run, int status)
{
    if (run->status != status)
        fail_msg("exit status %d, expected %d\nout: %s\nerr: %s", run->status, status, run->out,
                 run->err);
}

void kata_expect_out(const kata_run_t *run, const char *words)
{
    if (!strstr(run->out, words))
        fail_msg("stdout lacks \"%s\":\n%s\nerr: %s", words, run->out, run->err);
}

void kata_expect_err(const kata_run_t *run, const char *words)
{
    if (!strstr(run->err, words))
        fail_msg("stderr lacks \"%s\":\n%s\nout: %s", words, run->err, run->out);
}

void kata_write_file(const char *path, const void *bytes, size_t num_bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, num_bytes, file), num_bytes);
    assert_int_equal(fclose(file), 0);
}

uint8_t *kata_read_file(const char *path, size_t *num_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s is missing", path);
    fseek(file, 0, SEEK_END);
    *num_bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*num_bytes + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *num_bytes, file), *num_bytes);
    bytes[*num_bytes] = '\0';
    fclose(file);
    return bytes;
}

void kata_without_sums(uint8_t *bytes)
{
    char *version = strstr((char *)bytes + 8, "\"version\":\"2\"");
    char *sums = strstr((char *)bytes + 8, "\"checksums\":");
    assert_non_null(version);
    assert_non_null(sums);
    version[strlen("\"version\":\"")] = '1';
    sums[strlen("\"checksum")] = 'z';
}

bool kata_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool kata_finds(const char *folder, const char *prefix, char name[256])
{
    DIR *listing = opendir(folder);
    bool found = false;
    if (!listing) return false;
    for (struct dirent *entry; !found && (entry = readdir(listing));) {
        found = strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
        if (found) snprintf(name, 256, "%s", entry->d_name);
    }
    closedir(listing);
    return found;
}
