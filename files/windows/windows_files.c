/* windows_files.c - files: see include/posix.h. */
#include <stdarg.h>
#include <sys/ioctl.h>
#include <windows.h>

#include "splitmix.h"
#include "windows_path.h"

#undef fclose
#undef fdopen
#undef fopen

enum { TRY_FOR_MS = 2000, TRY_EVERY_MS = 10 };

/* ---- open
 * ---------------------------------------------------------------------------------------- */

int windows_open(const char *path, int flags, ...)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    if (flags & O_DIRECTORY) {
        errno = EINVAL;
        return -1;
    }
    const int access_bits = flags & (O_RDONLY | O_WRONLY | O_RDWR);
    DWORD rights = access_bits == O_RDONLY   ? GENERIC_READ
                   : access_bits == O_WRONLY ? GENERIC_WRITE
                                             : GENERIC_READ | GENERIC_WRITE;
    if (flags & O_APPEND)
        rights = (rights & ~(DWORD)GENERIC_WRITE) | FILE_APPEND_DATA | SYNCHRONIZE;
    const DWORD how = flags & O_CREAT   ? (flags & O_EXCL    ? CREATE_NEW
                                           : flags & O_TRUNC ? CREATE_ALWAYS
                                                             : OPEN_ALWAYS)
                      : flags & O_TRUNC ? TRUNCATE_EXISTING
                                        : OPEN_EXISTING;
    const DWORD temporary = flags & _O_TEMPORARY ? FILE_FLAG_DELETE_ON_CLOSE : 0;
    if (temporary) rights |= DELETE;
    const HANDLE handle =
        CreateFileW(wide, rights, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, how,
                    FILE_ATTRIBUTE_NORMAL | temporary, NULL);
    if (handle == INVALID_HANDLE_VALUE) {
        const int result = windows_path_failed();
        if (errno == EACCES && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES &&
            GetFileAttributesW(wide) & FILE_ATTRIBUTE_DIRECTORY)
            errno = EISDIR;
        return result;
    }
    const int fd = _open_osfhandle((intptr_t)handle, (flags & (O_APPEND | O_RDONLY)) | _O_BINARY);
    if (fd < 0) CloseHandle(handle);
    return fd;
}

FILE *windows_fdopen(int fd, const char *mode)
{
    char binary[8] = { mode[0], 'b' };
    if (strchr(mode, '+')) binary[2] = '+';
    return _fdopen(fd, binary);
}

FILE *windows_fopen(const char *path, const char *mode)
{
    const bool both = strchr(mode, '+') != NULL;
    int flags = both ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
    if (mode[0] != 'r')
        flags |= O_CREAT | (mode[0] == 'w' ? O_TRUNC : O_APPEND) | (strchr(mode, 'x') ? O_EXCL : 0);
    const int fd = windows_open(path, flags, 0666);
    if (fd < 0) return NULL;
    FILE *stream = windows_fdopen(fd, mode);
    if (!stream) _close(fd);
    return stream;
}

int windows_fsync(int fd)
{
    return _commit(fd);
}

ssize_t windows_pread(int fd, void *bytes, size_t num_bytes, int64_t offset)
{
    OVERLAPPED at = { .Offset = (DWORD)(uint64_t)offset,
                      .OffsetHigh = (DWORD)((uint64_t)offset >> 32) };
    DWORD got = 0;
    const DWORD wanted = num_bytes > 1 << 30 ? 1 << 30 : (DWORD)num_bytes;
    if (ReadFile((HANDLE)_get_osfhandle(fd), bytes, wanted, &got, &at)) return (ssize_t)got;
    return GetLastError() == ERROR_HANDLE_EOF ? 0 : windows_path_failed();
}

int windows_mkostemps(char *path, int suffix, int flags)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char *const from = path + strlen(path) - suffix - 6;
    uint64_t random = GetTickCount64() << 32 ^ GetCurrentThreadId() ^ (uint64_t)(uintptr_t)path;
    for (int tries = 0;; tries++) {
        for (int i = 0; i < 6; i++) from[i] = letters[splitmix_below(&random, 36)];
        const int fd = windows_open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
        if (fd >= 0 || errno != EEXIST || tries == 100) return fd;
    }
}

/* ---- names
 * ---------------------------------------------------------------------------------------- */

/* Somebody has it open: a moment later that may be over. */
static bool is_busy(uint64_t since_ms)
{
    const DWORD error = GetLastError();
    if (GetTickCount64() - since_ms >= TRY_FOR_MS ||
        (error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED &&
         error != ERROR_LOCK_VIOLATION))
        return false;
    Sleep(TRY_EVERY_MS);
    return true;
}

int windows_unlink(const char *path)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    return DeleteFileW(wide) ? 0 : windows_path_failed();
}

int windows_rename(const char *from, const char *to)
{
    wchar_t a[WINDOWS_PATH_UNITS], b[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(from, a) || !windows_path_wide(to, b)) return -1;
    const DWORD target = GetFileAttributesW(b);
    const bool is_hopeless = target != INVALID_FILE_ATTRIBUTES &&
                             target & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_READONLY);
    const uint64_t since_ms = is_hopeless ? 0 : GetTickCount64();
    for (;;) {
        if (MoveFileExW(a, b, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return 0;
        if (!is_busy(since_ms)) return windows_path_failed();
    }
}

int windows_access(const char *path, int mode)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    const DWORD attributes = GetFileAttributesW(wide);
    if (attributes == INVALID_FILE_ATTRIBUTES) return windows_path_failed();
    if (mode & W_OK && attributes & FILE_ATTRIBUTE_READONLY &&
        !(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        errno = EACCES;
        return -1;
    }
    return 0;
}

char *windows_realpath(const char *path, char *resolved)
{
    wchar_t wide[WINDOWS_PATH_UNITS], whole[WINDOWS_PATH_UNITS];
    (void)resolved;
    if (!windows_path_wide(path, wide)) return NULL;
    if (GetFileAttributesW(wide) == INVALID_FILE_ATTRIBUTES) {
        (void)windows_path_failed();
        return NULL;
    }
    const DWORD units = GetFullPathNameW(wide, WINDOWS_PATH_UNITS, whole, NULL);
    if (units == 0 || units >= WINDOWS_PATH_UNITS) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return windows_path_utf8(whole);
}

/* ---- stat
 * ---------------------------------------------------------------------------------------- */

static void fill(struct windows_stat *status, const BY_HANDLE_FILE_INFORMATION *info, bool is_link)
{
    *status = (struct windows_stat){ .st_dev = info->dwVolumeSerialNumber };
    status->st_ino = (uint64_t)info->nFileIndexHigh << 32 | info->nFileIndexLow;
    status->st_size = (int64_t)((uint64_t)info->nFileSizeHigh << 32 | info->nFileSizeLow);
    status->st_mode = is_link                                             ? S_IFLNK
                      : info->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? S_IFDIR
                                                                          : S_IFREG;
    status->st_mode |= info->dwFileAttributes & FILE_ATTRIBUTE_READONLY ? 0444 : 0666;
    const uint64_t ticks = /* of 100 ns, since 1601 */
        (uint64_t)info->ftLastWriteTime.dwHighDateTime << 32 | info->ftLastWriteTime.dwLowDateTime;
    status->st_mtim.tv_sec = (time_t)(ticks / 10000000) - 11644473600;
    status->st_mtim.tv_nsec = (long)(ticks % 10000000) * 100;
}

static int stat_path(const char *path, struct windows_stat *status, bool follows)
{
    wchar_t wide[WINDOWS_PATH_UNITS];
    if (!windows_path_wide(path, wide)) return -1;
    const DWORD attributes = GetFileAttributesW(wide);
    const bool is_link = attributes != INVALID_FILE_ATTRIBUTES &&
                         attributes & FILE_ATTRIBUTE_REPARSE_POINT && !follows;
    const HANDLE handle = CreateFileW(
        wide, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
        FILE_FLAG_BACKUP_SEMANTICS | (is_link ? FILE_FLAG_OPEN_REPARSE_POINT : 0), NULL);
    if (handle == INVALID_HANDLE_VALUE) return windows_path_failed();
    BY_HANDLE_FILE_INFORMATION info;
    const bool ok = GetFileInformationByHandle(handle, &info);
    if (ok) fill(status, &info, is_link);
    const int result = ok ? 0 : windows_path_failed();
    CloseHandle(handle);
    return result;
}

int windows_stat(const char *path, struct windows_stat *status)
{
    return stat_path(path, status, true);
}

int windows_lstat(const char *path, struct windows_stat *status)
{
    return stat_path(path, status, false);
}

int windows_fstat(int fd, struct windows_stat *status)
{
    const HANDLE handle = (HANDLE)_get_osfhandle(fd);
    BY_HANDLE_FILE_INFORMATION info;
    if (GetFileType(handle) != FILE_TYPE_DISK) {
        *status = (struct windows_stat){ .st_mode = S_IFCHR };
        return handle == INVALID_HANDLE_VALUE ? -1 : 0;
    }
    if (!GetFileInformationByHandle(handle, &info)) return windows_path_failed();
    fill(status, &info, false);
    return 0;
}

/* ---- consoles and texts in memory
 * ---------------------------------------------------------------- */

int windows_isatty(int fd)
{
    DWORD mode;
    const HANDLE handle = (HANDLE)_get_osfhandle(fd);
    return handle != INVALID_HANDLE_VALUE && GetConsoleMode(handle, &mode) &&
           (!(mode & ENABLE_PROCESSED_OUTPUT) || mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

int windows_ioctl(int fd, int what, struct winsize *size)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (what != TIOCGWINSZ || !GetConsoleScreenBufferInfo((HANDLE)_get_osfhandle(fd), &info))
        return -1;
    size->ws_row = (unsigned short)(info.srWindow.Bottom - info.srWindow.Top + 1);
    size->ws_col = (unsigned short)(info.srWindow.Right - info.srWindow.Left + 1);
    return 0;
}

/* A temporary file, which is read when it is closed: the C library here has no streams into memory.
 */
enum { MOST_TEXTS = 16 };
static struct {
    FILE *stream;
    char **text;
    size_t *num_bytes;
} texts[MOST_TEXTS];
static pthread_mutex_t texts_lock = PTHREAD_MUTEX_INITIALIZER;

FILE *windows_open_memstream(char **text, size_t *num_bytes)
{
    char path[1024];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%.900s/kata-text-XXXXXX", folder ? folder : ".");
    *text = NULL;
    *num_bytes = 0;
    const int fd = windows_mkostemps(path, 0, _O_TEMPORARY);
    FILE *stream = fd >= 0 ? windows_fdopen(fd, "w+") : NULL;
    if (!stream && fd >= 0) _close(fd);
    if (!stream) return NULL;
    bool is_kept = false;
    pthread_mutex_lock(&texts_lock);
    for (int i = 0; i < MOST_TEXTS && !is_kept; i++)
        if (!texts[i].stream) {
            texts[i].stream = stream;
            texts[i].text = text;
            texts[i].num_bytes = num_bytes;
            is_kept = true;
        }
    pthread_mutex_unlock(&texts_lock);
    if (is_kept) return stream;
    fclose(stream);
    errno = EMFILE;
    return NULL;
}

static bool read_back(FILE *stream, char **text, size_t *num_bytes)
{
    bool ok = fflush(stream) == 0 && !ferror(stream) && fseek(stream, 0, SEEK_END) == 0;
    const long end = ok ? ftell(stream) : -1;
    char *all = end >= 0 ? malloc((size_t)end + 1) : NULL;
    rewind(stream);
    ok = all && fread(all, 1, (size_t)end, stream) == (size_t)end;
    if (!ok) {
        free(all);
        return false;
    }
    all[end] = '\0';
    *text = all;
    *num_bytes = (size_t)end;
    return true;
}

int windows_fclose(FILE *stream)
{
    char **text = NULL;
    size_t *num_bytes = NULL;
    pthread_mutex_lock(&texts_lock);
    for (int i = 0; i < MOST_TEXTS; i++)
        if (texts[i].stream == stream) {
            text = texts[i].text;
            num_bytes = texts[i].num_bytes;
            texts[i].stream = NULL;
        }
    pthread_mutex_unlock(&texts_lock);
    const bool ok = !text || read_back(stream, text, num_bytes);
    return fclose(stream) == 0 && ok ? 0 : EOF;
}
