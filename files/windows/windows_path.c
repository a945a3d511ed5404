/* windows_path.c - see windows_path.h. */
#include "windows_path.h"

#include <windows.h>

bool windows_path_wide(const char *path, wchar_t wide[WINDOWS_PATH_UNITS])
{
    if (strcmp(path, "/dev/null") == 0) path = "NUL";
    if (!*path) {
        errno = ENOENT;
        return false;
    }
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, WINDOWS_PATH_UNITS)) {
        errno = GetLastError() == ERROR_INSUFFICIENT_BUFFER ? ENAMETOOLONG : EILSEQ;
        return false;
    }
    for (wchar_t *at = wide; *at; at++)
        if (*at == L'/') *at = L'\\';
    const size_t length = wcslen(wide);
    if (length < MAX_PATH - 13 || wcsncmp(wide, L"\\\\", 2) == 0)
        return true; /* a folder's name needs 12 more */
    wchar_t whole[WINDOWS_PATH_UNITS];
    const DWORD units = GetFullPathNameW(wide, WINDOWS_PATH_UNITS, whole, NULL);
    if (units == 0 || units + 5 >= WINDOWS_PATH_UNITS) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(wide, L"\\\\?\\", 4 * sizeof *wide);
    memcpy(wide + 4, whole, (units + 1) * sizeof *wide);
    return true;
}

char *windows_text_utf8(const wchar_t *wide)
{
    const int num_bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *text = num_bytes > 0 ? malloc((size_t)num_bytes) : NULL;
    if (text) WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, num_bytes, NULL, NULL);
    return text;
}

char *windows_path_utf8(const wchar_t *wide)
{
    if (wcsncmp(wide, L"\\\\?\\", 4) == 0) wide += 4;
    char *path = windows_text_utf8(wide);
    for (char *at = path; at && *at; at++)
        if (*at == '\\') *at = '/';
    return path;
}

int windows_path_failed(void)
{
    switch (GetLastError()) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_PATHNAME:
    case ERROR_INVALID_NAME: errno = ENOENT; break;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: errno = EEXIST; break;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL: errno = ENOSPC; break;
    case ERROR_DIR_NOT_EMPTY: errno = ENOTEMPTY; break;
    case ERROR_DIRECTORY: errno = ENOTDIR; break;
    case ERROR_NOT_SAME_DEVICE: errno = EXDEV; break;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY: errno = ENOMEM; break;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_USER_MAPPED_FILE: errno = EBUSY; break;
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT: errno = EACCES; break;
    case ERROR_INVALID_HANDLE: errno = EBADF; break;
    case ERROR_TOO_MANY_OPEN_FILES: errno = EMFILE; break;
    default: errno = EIO;
    }
    return -1;
}

const char *windows_path_reason(unsigned long error, char *text, size_t text_bytes)
{
    wchar_t wide[256] = L"";
    FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, wide,
                   256, NULL);
    for (size_t length = wcslen(wide); length > 0 && wide[length - 1] <= L' ';) wide[--length] = 0;
    char *utf8 = windows_text_utf8(wide);
    snprintf(text, text_bytes, "%s (error %lu)", utf8 && *utf8 ? utf8 : "Windows says no more",
             error);
    free(utf8);
    return text;
}
