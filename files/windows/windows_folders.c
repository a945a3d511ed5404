/* windows_folders.c - folders: see include/posix.h. */
#include <windows.h>

#include "windows_path.h"

struct windows_dir {
    HANDLE search;
    WIN32_FIND_DATAW found;
    bool has_found;
    struct windows_dirent entry;
};

windows_dir_t *windows_opendir(const char *path)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return NULL;
    const DWORD attributes = GetFileAttributesW(wide);
    const size_t length = wcslen(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        (void)windows_path_failed();
        if (attributes != INVALID_FILE_ATTRIBUTES) errno = ENOTDIR;
        return NULL;
    }
    if (length + 3 > WINDOWS_PATH_UNITS) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    memcpy(wide + length, L"\\*", 3 * sizeof *wide);
    windows_dir_t *dir = calloc(1, sizeof *dir);
    if (!dir) return NULL;
    dir->search = FindFirstFileW(wide, &dir->found);
    dir->has_found = dir->search != INVALID_HANDLE_VALUE;
    if (!dir->has_found && GetLastError() != ERROR_FILE_NOT_FOUND) {
        (void)windows_path_failed();
        free(dir);
        return NULL;
    }
    return dir;
}

struct windows_dirent *windows_readdir(windows_dir_t *dir)
{
    if (!dir->has_found) return NULL;
    const int written = WideCharToMultiByte(CP_UTF8, 0, dir->found.cFileName, -1, dir->entry.d_name,
                                            sizeof dir->entry.d_name, NULL, NULL);
    if (written == 0) dir->entry.d_name[0] = '\0';
    dir->has_found = FindNextFileW(dir->search, &dir->found);
    return &dir->entry;
}

int windows_closedir(windows_dir_t *dir)
{
    if (dir->search != INVALID_HANDLE_VALUE) FindClose(dir->search);
    free(dir);
    return 0;
}

int windows_alphasort(const struct windows_dirent **a, const struct windows_dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int windows_scandir(const char *path, struct windows_dirent ***names,
                    int (*is_wanted)(const struct windows_dirent *),
                    int (*order)(const struct windows_dirent **, const struct windows_dirent **))
{
    windows_dir_t *dir = windows_opendir(path);
    if (!dir) return -1;
    struct windows_dirent **list = NULL;
    int count = 0;
    bool ok = true;
    for (struct windows_dirent *entry; ok && (entry = windows_readdir(dir)) != NULL;) {
        if (is_wanted && !is_wanted(entry)) continue;
        struct windows_dirent **larger = realloc(list, ((size_t)count + 1) * sizeof *list);
        if (larger) list = larger;
        struct windows_dirent *own = larger ? malloc(sizeof *own) : NULL;
        ok = own != NULL;
        if (!ok) break;
        *own = *entry;
        list[count++] = own;
    }
    windows_closedir(dir);
    if (!ok) {
        while (count > 0) free(list[--count]);
        free(list);
        errno = ENOMEM;
        return -1;
    }
    if (order && count > 1)
        qsort(list, (size_t)count, sizeof *list,
              (int (*)(const void *, const void *))(void (*)(void))order);
    *names = list ? list : calloc(1, sizeof *list);
    return count;
}

int windows_mkdir(const char *path, unsigned mode)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    (void)mode;
    if (!windows_path_wide(path, wide)) return -1;
    if (CreateDirectoryW(wide, NULL)) return 0;
    const int result = windows_path_failed();
    /* "C:" and "//server/share" cannot be made and need not be. */
    const DWORD attributes = GetFileAttributesW(wide);
    if ((attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY) ||
        (wide[0] == L'\\' && wide[1] == L'\\'))
        errno = EEXIST;
    return result;
}

int windows_rmdir(const char *path)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    return RemoveDirectoryW(wide) ? 0 : windows_path_failed();
}

char *windows_mkdtemp(char *path)
{
    char *const from = path + strlen(path) - 6;
    const unsigned long start = GetTickCount() * 31 + GetCurrentProcessId();
    for (unsigned long i = 0; i < 100; i++) {
        snprintf(from, 7, "%06lx", (start + i * 7919) & 0xFFFFFF);
        if (windows_mkdir(path, 0700) == 0) return path;
        if (errno != EEXIST) break;
    }
    return NULL;
}

int windows_chmod(const char *path, unsigned mode)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    const DWORD attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES) return windows_path_failed();
    const DWORD wanted = mode & 0222 ? attributes & ~(DWORD)FILE_ATTRIBUTE_READONLY
                                     : attributes | FILE_ATTRIBUTE_READONLY;
    return attributes & FILE_ATTRIBUTE_DIRECTORY || SetFileAttributesW(wide, wanted)
               ? 0
               : windows_path_failed();
}
