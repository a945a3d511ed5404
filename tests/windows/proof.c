/* proof.c - what files/ and core_bridge/ do over Win32, as one program for Wine or Windows:
 * tests/windows.sh.
 *
 *     proof.exe FOLDER    prints a line for each part and "all is well"; exit 1 at the first that
 * is not
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <windows.h>

#include "clock.h"
#include "dir_lock.h"
#include "files.h"
#include "folder.h"
#include "worker.h"

static void expect(bool is_so, const char *what, const char *why)
{
    printf("%s %s%s%s\n", is_so ? "ok    " : "FAILED", what, is_so ? "" : ": ", is_so ? "" : why);
    fflush(stdout);
    if (!is_so) exit(1);
}

static bool holds(const char *path, const char *text)
{
    uint8_t *bytes;
    size_t num_bytes;
    if (!files_read(path, 1000, &bytes, &num_bytes, NULL)) return false;
    const bool is_it = num_bytes == strlen(text) && memcmp(bytes, text, num_bytes) == 0;
    free(bytes);
    return is_it;
}

/* A reader that shares nothing, as some virus scanners are, for so long. */
static DWORD WINAPI hold(void *context)
{
    const DWORD ms = *(const DWORD *)context;
    const HANDLE file =
        CreateFileW(L"held.txt", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    Sleep(ms);
    CloseHandle(file);
    return 0;
}

static void prove_files(const char *folder)
{
    char path[4096], why[1024] = "";
    snprintf(path, sizeof path, "%s/\xC3\x9Cn\xC3\xAF \xE6\x97\xA5\xE6\x9C\xAC", folder);
    expect(files_make_dirs(path, why), "a folder whose name is not ASCII", why);
    for (int i = 0; i < 8; i++)
        strcat(path, "/a folder with a name of about sixty letters, one in the other");
    expect(strlen(path) > 400 && files_make_dirs(path, why), "a path of more than 260 letters",
           why);
    strcat(path, "/file.txt");
    expect(files_replace(path, "one", 3, why) && holds(path, "one"), "a file there", why);
    expect(files_replace_keeping(path, "two\n", 4, why) && holds(path, "two\n"), "replaced", why);
    strcat(path, FILES_PREVIOUS);
    expect(holds(path, "one"), "the one before it is kept", "it is not");

    DWORD short_ms = 300, long_ms = 8000;
    expect(files_replace("held.txt", "old", 3, why), "a file for two", why);
    HANDLE holder = CreateThread(NULL, 0, hold, &short_ms, 0, NULL);
    Sleep(100);
    expect(files_replace("held.txt", "new", 3, why) && holds("held.txt", "new"),
           "a file that somebody has open for 0.3 s is replaced then", why);
    WaitForSingleObject(holder, INFINITE);
    holder = CreateThread(NULL, 0, hold, &long_ms, 0, NULL);
    Sleep(100);
    expect(!files_replace("held.txt", "newer", 5, why) && holds("held.txt", "new") &&
               strstr(why, "the file before it is untouched"),
           "one that is open for 8 s stays whole, and it is said", why);
    WaitForSingleObject(holder, INFINITE);

    const int lock = dir_lock_take(folder);
    expect(lock >= 0 && dir_lock_is_held(folder) && dir_lock_take(folder) < 0 &&
               errno == EWOULDBLOCK,
           "a folder is locked once", "it is not");
    dir_lock_drop(lock);
    expect(!dir_lock_is_held(folder), "and free again", "it is not");

    char *text = NULL;
    size_t num_bytes;
    FILE *stream = open_memstream(&text, &num_bytes);
    expect(stream && fputs("a\nb", stream) >= 0 && fclose(stream) == 0 && num_bytes == 3 && text &&
               memcmp(text, "a\nb", 4) == 0,
           "a text in memory", "it is another");
    free(text);

    struct stat first, second;
    expect(stat("held.txt", &first) == 0 && stat("./held.txt", &second) == 0 &&
               first.st_ino == second.st_ino && first.st_ino != 0 && first.st_size == 3 &&
               llabs((long long)(time(NULL) - first.st_mtime)) < 60,
           "a file is itself, with its size and time", "it is not");
}

typedef struct {
    int what;
} order_t;

static void body(worker_child_t *child, void *shared, void *argument)
{
    const order_t *order = argument;
    while (worker_next(child)) {
        ++*(int *)shared;
        switch (order->what) {
        case 1: *(volatile int *)argument = *(volatile int *)(uintptr_t)16; break;
        case 2: abort();
        case 3: worker_fail(child, "it cannot");
        case 4: Sleep(10000); break;
        default: break;
        }
        worker_reply(child);
    }
}

static void prove_workers(void)
{
    order_t order = { 0 };
    char why[1024] = "";
    worker_t *worker;
    expect(worker_start(&worker, sizeof(int), body, &order, "game", why) == WORKER_OK, "a worker",
           why);
    int *shared = worker_shared(worker);
    for (int i = 0; i < 3; i++) {
        worker_post(worker);
        expect(worker_wait(worker, 5000, why) == WORKER_OK && *shared == i + 1, "it replies", why);
    }
    static const struct {
        int what;
        const char *words;
    } ends[] = { { 1, "game: crashed with an access violation (0xC0000005)" },
                 { 2, "game: crashed with SIGABRT" },
                 { 3, "game: it cannot" } };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        order.what = ends[i].what;
        worker_post(worker);
        expect(worker_wait(worker, 5000, why) == WORKER_DIED && strcmp(why, ends[i].words) == 0,
               ends[i].words, why);
        order.what = 0;
        expect(worker_restart(worker, why) == WORKER_OK, "it starts again", why);
        worker_post(worker);
        expect(worker_wait(worker, 5000, why) == WORKER_OK, "and replies", why);
    }
    order.what = 4;
    worker_post(worker);
    expect(worker_wait(worker, 200, why) == WORKER_TIMEOUT, "one that hangs is said to", why);
    const double start = clock_now();
    expect(worker_restart(worker, why) == WORKER_OK && clock_now() - start < 5, "and ended", why);
    worker_stop(worker);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc != 2) return 2;
    prove_files(argv[1]);
    prove_workers();
    puts("all is well");
    return 0;
}
