/* windows_system.c - the environment, time, semaphores, shared libraries: see include/posix.h. */
#include <stdarg.h>
#include <windows.h>

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/statvfs.h>

#include "windows_path.h"

/* ---- the environment
 * ----------------------------------------------------------------------------- */

enum { MOST_NAMES = 64 };
static struct {
    char name[40];
    char *value;
} variables[MOST_NAMES];
static pthread_mutex_t variables_lock = PTHREAD_MUTEX_INITIALIZER;

static char *read_variable(const char *name)
{
    wchar_t wide_name[64], wide[4096];
    if (!MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, 64)) return NULL;
    const DWORD units = GetEnvironmentVariableW(wide_name, wide, 4096);
    return units > 0 && units < 4096 ? windows_path_utf8(wide) : NULL;
}

/* The same pointer as long as the value is the same. */
static char *keep(const char *name, char *value)
{
    for (int i = 0; i < MOST_NAMES; i++) {
        if (variables[i].name[0] && strcmp(variables[i].name, name) != 0) continue;
        snprintf(variables[i].name, sizeof variables[i].name, "%s", name);
        if (!variables[i].value || strcmp(variables[i].value, value) != 0)
            variables[i].value = value; /* who asked before may still read the old one */
        else
            free(value);
        return variables[i].value;
    }
    free(value);
    return NULL;
}

char *windows_getenv(const char *name)
{
    static const char *const others[][2] = { { "HOME", "USERPROFILE" },
                                             { "XDG_DATA_HOME", "LOCALAPPDATA" },
                                             { "XDG_CONFIG_HOME", "APPDATA" },
                                             { "TMPDIR", "TEMP" } };
    if (strlen(name) >= sizeof variables[0].name) return NULL;
    char *value = read_variable(name);
    for (size_t i = 0; !value && i < sizeof others / sizeof others[0]; i++)
        if (strcmp(name, others[i][0]) == 0) value = read_variable(others[i][1]);
    if (!value) return NULL;
    pthread_mutex_lock(&variables_lock);
    value = keep(name, value);
    pthread_mutex_unlock(&variables_lock);
    return value;
}

int windows_setenv(const char *name, const char *value, int overwrites)
{
    wchar_t wide_name[64], wide[4096];
    if (!overwrites && windows_getenv(name)) return 0;
    if (MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, 64) &&
        MultiByteToWideChar(CP_UTF8, 0, value, -1, wide, 4096) &&
        SetEnvironmentVariableW(wide_name, wide))
        return 0;
    errno = EINVAL;
    return -1;
}

/* ---- time
 * ---------------------------------------------------------------------------------------- */

int windows_nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)left;
    const int64_t us = (int64_t)time->tv_sec * 1000000 + time->tv_nsec / 1000;
    Sleep((DWORD)((us + 999) / 1000));
    return 0;
}

int windows_sem_init(sem_t *semaphore, int is_shared, unsigned value)
{
    (void)is_shared;
#undef sem_init
    return sem_init(semaphore, 0, value);
}

int windows_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
    struct timespec now, date;
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &date);
    int64_t ns = (int64_t)(until->tv_sec - now.tv_sec) * 1000000000 + until->tv_nsec - now.tv_nsec;
    if (ns < 0) ns = 0;
    ns += date.tv_nsec;
    date.tv_sec += (time_t)(ns / 1000000000);
    date.tv_nsec = (long)(ns % 1000000000);
    return sem_timedwait(semaphore, &date);
}

/* ---- texts, names, processes
 * --------------------------------------------------------------------- */

char *windows_strndup(const char *text, size_t most)
{
    const size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void *windows_memmem(const void *in, size_t in_bytes, const void *what, size_t what_bytes)
{
    const unsigned char *from = in;
    for (size_t i = 0; what_bytes <= in_bytes && i <= in_bytes - what_bytes; i++)
        if (memcmp(from + i, what, what_bytes) == 0) return (void *)(uintptr_t)(from + i);
    return NULL;
}

int windows_gethostname(char *name, size_t num_bytes)
{
    wchar_t wide[256];
    DWORD units = 256;
    char *utf8 = GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide, &units)
                     ? windows_text_utf8(wide)
                     : NULL;
    if (!utf8) return -1;
    snprintf(name, num_bytes, "%s", utf8);
    free(utf8);
    return 0;
}

int windows_fcntl(int fd, int what, ...)
{
    if (what == F_DUPFD_CLOEXEC) return _dup(fd);
    errno = EINVAL;
    return -1;
}

long windows_sysconf(int what)
{
    SYSTEM_INFO system;
    GetSystemInfo(&system);
    return what == _SC_PAGESIZE           ? (long)system.dwPageSize
           : what == _SC_NPROCESSORS_ONLN ? (long)system.dwNumberOfProcessors
                                          : -1;
}

ssize_t windows_readlink(const char *path, char *target, size_t num_bytes)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    errno = EINVAL;
    if (strcmp(path, "/proc/self/exe") != 0 ||
        GetModuleFileNameW(NULL, wide, WINDOWS_PATH_UNITS) >= WINDOWS_PATH_UNITS)
        return -1;
    char *utf8 = windows_path_utf8(wide);
    if (!utf8) return -1;
    const size_t length = strlen(utf8) < num_bytes ? strlen(utf8) : num_bytes;
    memcpy(target, utf8, length);
    free(utf8);
    return (ssize_t)length;
}

void (*windows_signal(int number, void (*handler)(int)))(int)
{
#undef signal
    return number == SIGPIPE || number == SIGXFSZ ? SIG_DFL : signal(number, handler);
}

int windows_kill(int pid, int signal)
{
    DWORD code = 0;
    const HANDLE process =
        signal == 0 ? OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)pid) : NULL;
    const bool lives = process && GetExitCodeProcess(process, &code) && code == STILL_ACTIVE;
    if (process) CloseHandle(process);
    if (lives) return 0;
    errno = signal == 0 ? ESRCH : EINVAL;
    return -1;
}

/* The C library's would join the words without quotes, and Windows would cut them at blanks. */
int windows_execl(const char *program, const char *name, ...)
{
    wchar_t wide_program[WINDOWS_PATH_UNITS], line[WINDOWS_PATH_UNITS];
    char utf8[WINDOWS_PATH_UNITS];
    size_t length = 0;
    va_list words;
    va_start(words, name);
    for (const char *word = name; word && length < sizeof utf8;
         word = va_arg(words, const char *)) {
        const int added =
            snprintf(utf8 + length, sizeof utf8 - length, "%s\"%s\"", length > 0 ? " " : "", word);
        length += added > 0 ? (size_t)added : sizeof utf8;
    }
    va_end(words);
    STARTUPINFOW how = { .cb = sizeof how };
    PROCESS_INFORMATION started;
    DWORD code = 1;
    if (length >= sizeof utf8 || !windows_path_wide(program, wide_program) ||
        !MultiByteToWideChar(CP_UTF8, 0, utf8, -1, line, WINDOWS_PATH_UNITS)) {
        errno = E2BIG;
        return -1;
    }
    if (!CreateProcessW(wide_program, line, NULL, NULL, TRUE, 0, NULL, NULL, &how, &started))
        return windows_path_failed();
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    exit((int)code);
}

/* ---- memory, disks
 * ------------------------------------------------------------------------------- */

void *windows_mmap(void *address, size_t num_bytes, int protection, int flags, int fd,
                   int64_t offset)
{
    (void)address, (void)protection, (void)fd, (void)offset;
    void *const block =
        flags & MAP_ANONYMOUS
            ? VirtualAlloc(NULL, num_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)
            : NULL;
    if (block) return block;
    errno = flags & MAP_ANONYMOUS ? ENOMEM : EINVAL;
    return MAP_FAILED;
}

int windows_munmap(void *block, size_t num_bytes)
{
    (void)num_bytes;
    return VirtualFree(block, 0, MEM_RELEASE) ? 0 : windows_path_failed();
}

int windows_statvfs(const char *path, struct statvfs *disk)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    ULARGE_INTEGER for_us;
    if (!windows_path_wide(path, wide)) return -1;
    if (!GetDiskFreeSpaceExW(wide, &for_us, NULL, NULL)) return windows_path_failed();
    disk->f_bavail = for_us.QuadPart;
    disk->f_frsize = 1;
    return 0;
}

/* ---- shared libraries
 * ---------------------------------------------------------------------------- */

static _Thread_local char flaw[320];

static void *failed(const char *path)
{
    char reason[256];
    snprintf(flaw, sizeof flaw, "%.60s: %s", path,
             windows_path_reason(GetLastError(), reason, sizeof reason));
    return NULL;
}

void *windows_dlopen(const char *path, int flags)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    HMODULE module = NULL;
    (void)flags;
    if (!windows_path_wide(path, wide)) return failed(path);
    module = LoadLibraryExW(wide, NULL, wcschr(wide, L'\\') ? LOAD_WITH_ALTERED_SEARCH_PATH : 0);
    return module ? (void *)module : failed(path);
}

void *windows_dlsym(void *library, const char *name)
{
    const FARPROC function = GetProcAddress(library, name);
    void *address;
    memcpy(&address, &function, sizeof address);
    return address ? address : failed(name);
}

int windows_dlclose(void *library)
{
    return FreeLibrary(library) ? 0 : -1;
}

char *windows_dlerror(void)
{
    return flaw;
}

int windows_dladdr(const void *address, Dl_info *info)
{
    static _Thread_local char path[4096];
    HMODULE module;
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            address, &module) ||
        GetModuleFileNameW(module, wide, WINDOWS_PATH_UNITS) >= WINDOWS_PATH_UNITS)
        return 0;
    char *utf8 = windows_path_utf8(wide);
    if (!utf8) return 0;
    snprintf(path, sizeof path, "%s", utf8);
    free(utf8);
    info->dli_fname = path;
    return 1;
}
