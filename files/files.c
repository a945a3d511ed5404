/* files.c - bounded reads and atomic replacement over POSIX. */
#define _GNU_SOURCE /* renameat2 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "splitmix.h"
#include "why.h"

/* Create "PATH.tmp-XXXXXX" with the mode that umask leaves of 0666; mkostemp would give 0600, and
 * asking for the umask would change it for a moment in every thread. -1: errno says why. */
static int open_temporary(char *path, size_t length)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t random = ((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) + (uint64_t)getpid();
    memcpy(path + length, ".tmp-XXXXXX", sizeof ".tmp-XXXXXX");
    for (int tries = 0;; tries++) {
        for (size_t i = length + 5; i < length + 11; i++)
            path[i] = letters[splitmix_below(&random, 36)];
        const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST || tries == 100) return fd;
    }
}

bool files_replace_open(files_writer_t *writer, const char *path, why_t why)
{
    *writer = (files_writer_t){ 0 };
    const size_t length = strlen(path);
    if (length + 16 >= sizeof writer->temp_path)
        return refuse(why, "%.64s...: a path must be shorter than %d bytes, found %zu", path,
                      FILES_PATH_BYTES - 16, length);
    memcpy(writer->path, path, length + 1);
    memcpy(writer->temp_path, path, length);

    const int fd = open_temporary(writer->temp_path, length);
    if (fd < 0) {
        const int cause = errno;
        return refuse(why, "%.300s: cannot be written: %s", path, strerror(cause));
    }
    writer->stream = fdopen(fd, "wb");
    if (!writer->stream) {
        const int cause = errno;
        close(fd);
        unlink(writer->temp_path);
        return refuse(why, "%.300s: cannot be written: %s", path, strerror(cause));
    }
    return true;
}

/* A rename is only as durable as the folder that records it. */
static void sync_folder_of(const char *path)
{
    char folder[FILES_PATH_BYTES];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = '\0';
    const int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    close(fd);
}

static bool exchange(const char *a, const char *b)
{
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
}

/* The temporary to its name. keeps: what has that name now to "PATH.previous". */
static bool take_the_name(const files_writer_t *writer, bool keeps)
{
    char previous[FILES_PATH_BYTES + sizeof FILES_PREVIOUS];
    bool is_moved = false;
    snprintf(previous, sizeof previous, "%s" FILES_PREVIOUS, writer->path);
    if (keeps) {
        if (exchange(writer->temp_path, writer->path)) {
            if (rename(writer->temp_path, previous) == 0) return true;
            const int cause = errno;
            (void)exchange(writer->temp_path, writer->path);
            errno = cause;
            return false;
        }
        /* There is no file before, or names cannot be exchanged. */
        is_moved = errno != ENOENT && rename(writer->path, previous) == 0;
        if (!is_moved && errno != ENOENT) return false;
    }
    if (rename(writer->temp_path, writer->path) == 0) return true;
    const int cause = errno;
    if (is_moved) (void)rename(previous, writer->path);
    errno = cause;
    return false;
}

/* Only seen by others; there after a power cut, too; that, and the file before it is kept. */
typedef enum { COMMIT_SHOWN, COMMIT_SYNCED, COMMIT_KEEPING } commit_t;

static bool commit(files_writer_t *writer, commit_t how, char *why)
{
    if (!writer->stream) return refuse(why, "%.300s: is not open for writing", writer->path);
    errno = 0;
    bool ok = !ferror(writer->stream) && fflush(writer->stream) == 0 &&
              (how == COMMIT_SHOWN || fsync(fileno(writer->stream)) == 0);
    int cause = errno;
    if (fclose(writer->stream) != 0 && ok) {
        ok = false;
        cause = errno;
    }
    writer->stream = NULL;
    if (ok && !take_the_name(writer, how == COMMIT_KEEPING)) {
        ok = false;
        cause = errno;
    }
    if (!ok) {
        unlink(writer->temp_path);
        return refuse(why, "%.300s: could not be saved, the file before it is untouched: %s",
                      writer->path, strerror(cause ? cause : EIO));
    }
    if (how != COMMIT_SHOWN) sync_folder_of(writer->path);
    return true;
}

bool files_replace_commit(files_writer_t *writer, why_t why)
{
    return commit(writer, COMMIT_SYNCED, why);
}

bool files_replace_commit_keeping(files_writer_t *writer, why_t why)
{
    return commit(writer, COMMIT_KEEPING, why);
}

void files_replace_abort(files_writer_t *writer)
{
    if (!writer->stream) return;
    fclose(writer->stream);
    writer->stream = NULL;
    unlink(writer->temp_path);
}

static bool replace(const char *path, const void *bytes, size_t num_bytes, commit_t how, char *why)
{
    files_writer_t writer;
    if (!files_replace_open(&writer, path, why)) return false;
    (void)fwrite(bytes, 1, num_bytes, writer.stream); /* commit looks at ferror */
    return commit(&writer, how, why);
}

bool files_replace(const char *path, const void *bytes, size_t num_bytes, why_t why)
{
    return replace(path, bytes, num_bytes, COMMIT_SYNCED, why);
}

bool files_replace_keeping(const char *path, const void *bytes, size_t num_bytes, why_t why)
{
    return replace(path, bytes, num_bytes, COMMIT_KEEPING, why);
}

bool files_show(const char *path, const void *bytes, size_t num_bytes, why_t why)
{
    return replace(path, bytes, num_bytes, COMMIT_SHOWN, why);
}

int files_open(const char *path, size_t max_bytes, size_t *num_bytes, why_t why)
{
    *num_bytes = 0;
    /* O_NONBLOCK: a named pipe must not hang the open. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        const int cause = errno;
        refuse(why, "%.300s: cannot be read: %s", path, strerror(cause));
        return -1;
    }
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        refuse(why, "%.300s: is not a regular file", path);
    } else if (status.st_size < 0 || (uint64_t)status.st_size > max_bytes) {
        refuse(why, "%.300s: must be at most %zu bytes, found %lld", path, max_bytes,
               (long long)status.st_size);
    } else {
        *num_bytes = (size_t)status.st_size;
        return fd;
    }
    close(fd);
    return -1;
}

bool files_read_at(int fd, size_t offset, void *bytes, size_t num_bytes, const char *path,
                   why_t why)
{
    size_t have = 0;
    while (have < num_bytes) {
        const ssize_t got =
            pread(fd, (uint8_t *)bytes + have, num_bytes - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        have += (size_t)got;
    }
    if (have == num_bytes) return true;
    return refuse(why, "%.300s: %zu bytes expected, %zu could be read", path, num_bytes, have);
}

bool files_read(const char *path, size_t max_bytes, uint8_t **bytes, size_t *num_bytes, why_t why)
{
    *bytes = NULL;
    *num_bytes = 0;
    size_t size;
    const int fd = files_open(path, max_bytes, &size, why);
    if (fd < 0) return false;
    uint8_t *buffer = malloc(size + 1);
    if (!buffer) {
        close(fd);
        return refuse(why, "%.300s: no memory for %zu bytes", path, size);
    }
    const bool ok = files_read_at(fd, 0, buffer, size, path, why);
    close(fd);
    if (!ok) {
        free(buffer);
        return false;
    }
    buffer[size] = 0;
    *bytes = buffer;
    *num_bytes = size;
    return true;
}

bool files_make_dirs(const char *path, why_t why)
{
    char part[FILES_PATH_BYTES];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return refuse(why, "a folder's path must have 1 to %d bytes, found %zu",
                      FILES_PATH_BYTES - 1, length);
    memcpy(part, path, length + 1);
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0') continue;
        const char held = *p;
        *p = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            const int cause = errno;
            return refuse(why, "%.300s: the folder cannot be made: %s", part, strerror(cause));
        }
        *p = held;
        if (held == '\0') break;
    }
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return refuse(why, "%.300s: is not a folder", path);
    return true;
}

const char *files_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

bool files_is_absolute(const char *path)
{
#ifdef _WIN32
    if (path[0] && path[1] == ':') return true;
#endif
    return path[0] == '/';
}

void files_take_slashes(char *path)
{
#ifdef _WIN32
    for (; *path; path++)
        if (*path == '\\') *path = '/';
#else
    (void)path;
#endif
}
