/* dir_lock_windows.c - see dir_lock.h: a file in the folder that nobody else may open, gone when it
 * is closed. */
#include "dir_lock.h"

#include <windows.h>

#include "windows_path.h"

static HANDLE open_lock(const char *dir)
{
    char path[4096];
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (snprintf(path, sizeof path, "%s/lock.kata", dir) >= (int)sizeof path) {
        SetLastError(ERROR_BAD_PATHNAME);
        return INVALID_HANDLE_VALUE;
    }
    if (!windows_path_wide(path, wide)) return INVALID_HANDLE_VALUE;
    return CreateFileW(wide, GENERIC_WRITE | DELETE, 0, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

int dir_lock_take(const char *dir)
{
    const HANDLE handle = open_lock(dir);
    if (handle == INVALID_HANDLE_VALUE) {
        const DWORD error = GetLastError();
        (void)windows_path_failed();
        if (error == ERROR_SHARING_VIOLATION) errno = EWOULDBLOCK;
        return -1;
    }
    const int lock = _open_osfhandle((intptr_t)handle, 0);
    if (lock < 0) CloseHandle(handle);
    return lock;
}

void dir_lock_drop(int lock)
{
    if (lock >= 0) _close(lock);
}

bool dir_lock_is_held(const char *dir)
{
    const HANDLE handle = open_lock(dir);
    if (handle != INVALID_HANDLE_VALUE) CloseHandle(handle);
    return handle == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION;
}
