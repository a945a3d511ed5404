/* library_file_windows.c - LoadLibrary and its traps: see library_file.h.
 *
 * A DLL is loaded once a process, by its path: a second instance needs a copy of the file under
 * another name. A copy that is loaded cannot be deleted, so it is deleted when it is closed, and
 * those that a killed process left are when the next one is made.
 */
#include "library_file.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <windows.h>

#include "library.h"
#include "windows_path.h"

#define COPY_NAME "kata-core-"

/* Between the look whether it is loaded and the loading. */
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

bool library_file_is_ours(const struct stat *core)
{
    static const char inside = 0;
    HMODULE module;
    wchar_t wide[WINDOWS_PATH_UNITS];
    struct stat own;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (const wchar_t *)&inside, &module) ||
        GetModuleFileNameW(module, wide, WINDOWS_PATH_UNITS) >= WINDOWS_PATH_UNITS)
        return false;
    char *const path = windows_path_utf8(wide);
    const bool is_ours =
        path && stat(path, &own) == 0 && own.st_dev == core->st_dev && own.st_ino == core->st_ino;
    free(path);
    return is_ours;
}

/* LoadLibrary refuses such a file by itself. */
bool library_file_is_cut_short(const char *path, uint64_t file_bytes)
{
    (void)path;
    (void)file_bytes;
    return false;
}

/* What the core needs is looked for beside `home` first, then where Windows looks. */
static HMODULE load(const wchar_t *wide, const wchar_t *home)
{
    wchar_t folder[WINDOWS_PATH_UNITS];
    wcscpy(folder, home);
    wchar_t *const slash = wcsrchr(folder, L'\\');
    if (slash) *slash = 0;
    const DLL_DIRECTORY_COOKIE cookie = slash ? AddDllDirectory(folder) : NULL;
    DWORD before = 0;
    SetThreadErrorMode(SEM_FAILCRITICALERRORS, &before); /* no box that waits for a click */
    HMODULE module = LoadLibraryExW(
        wide, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (!module &&
        GetLastError() == ERROR_MOD_NOT_FOUND) /* in PATH, as RetroArch's folder may be */
        module = LoadLibraryExW(wide, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    const DWORD error = GetLastError();
    SetThreadErrorMode(before, NULL);
    if (cookie) RemoveDllDirectory(cookie);
    SetLastError(error);
    return module;
}

/* Its name begins with the number of the process that made it, which may be about to load it. */
static bool is_left_over(const char *name)
{
    const int pid = atoi(name + strlen(COPY_NAME));
    return kill(pid, 0) != 0 && errno == ESRCH;
}

static void sweep_copies(const char *folder)
{
    wchar_t pattern[WINDOWS_PATH_UNITS], path[WINDOWS_PATH_UNITS];
    char text[LIBRARY_PATH_BYTES];
    WIN32_FIND_DATAW found;
    snprintf(text, sizeof text, "%s/" COPY_NAME "*.dll", folder);
    if (!windows_path_wide(text, pattern)) return;
    const HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) return;
    do {
        char *const name = windows_text_utf8(found.cFileName);
        snprintf(text, sizeof text, "%s/%s", folder, name ? name : "");
        if (name && is_left_over(name) && windows_path_wide(text, path)) DeleteFileW(path);
        free(name);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

static HMODULE load_copy(const char *path, const wchar_t *wide, why_t why)
{
    static unsigned long number;
    static bool has_swept;
    const char *folder = getenv("TMPDIR");
    char copy[LIBRARY_PATH_BYTES], reason[256];
    wchar_t wide_copy[WINDOWS_PATH_UNITS];
    if (!folder || strlen(folder) > sizeof copy - 64) folder = ".";
    if (!has_swept) sweep_copies(folder);
    has_swept = true;
    /* The plugin and the command line may be in one process, each with numbers of its own. */
    snprintf(copy, sizeof copy, "%s/" COPY_NAME "%lu-%zx-%lu.dll", folder, GetCurrentProcessId(),
             (size_t)(uintptr_t)&number, number);
    number++;
    HMODULE module = NULL;
    if (!windows_path_wide(copy, wide_copy) || !CopyFileW(wide, wide_copy, FALSE)) {
        refuse(why, "%.200s: is already open, and a private copy could not be made in %.100s: %s",
               path, folder, windows_path_reason(GetLastError(), reason, sizeof reason));
        return NULL;
    }
    SetFileAttributesW(wide_copy, FILE_ATTRIBUTE_TEMPORARY);
    module = load(wide_copy, wide);
    if (module) return module;
    refuse(why, "%.200s: its private copy cannot be opened: %s", path,
           windows_path_reason(GetLastError(), reason, sizeof reason));
    DeleteFileW(wide_copy);
    return NULL;
}

void *library_file_open(const char *path, bool *is_private_copy, why_t why)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    char reason[256];
    *is_private_copy = false;
    if (!windows_path_wide(path, wide)) {
        refuse(why, "%.250s: is not a path that Windows knows", path);
        return NULL;
    }
    pthread_mutex_lock(&loading);
    *is_private_copy = GetModuleHandleW(wide) != NULL;
    HMODULE module = *is_private_copy ? load_copy(path, wide, why) : load(wide, wide);
    if (!module && !*is_private_copy)
        refuse(why, "%.250s: is not a libretro core: %s", path,
               windows_path_reason(GetLastError(), reason, sizeof reason));
    pthread_mutex_unlock(&loading);
    return module;
}

void *library_file_symbol(void *handle, const char *name)
{
    const FARPROC function = GetProcAddress(handle, name);
    void *address;
    memcpy(&address, &function, sizeof address);
    return address;
}

void library_file_close(void *handle)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    const DWORD units = GetModuleFileNameW(handle, wide, WINDOWS_PATH_UNITS);
    const wchar_t *const name =
        units > 0 && units < WINDOWS_PATH_UNITS ? wcsrchr(wide, L'\\') : NULL;
    const bool is_copy = name && wcsncmp(name + 1, L"" COPY_NAME, strlen(COPY_NAME)) == 0;
    FreeLibrary(handle);
    if (is_copy) DeleteFileW(wide);
}
