/* files.h - read a file with a bound, replace a file without ever losing it.
 *
 * Everything Kata saves (checkpoints, presets, logs' heads, pictures) goes
 * through here: written to a temporary name in the same folder, flushed,
 * synced, renamed over the old one, and the folder synced. A crash, a full
 * disk or a kill at any moment leaves either the old file or the new one.
 *
 *     files_writer_t out;
 *     if (!files_replace_open(&out, path, why)) return false;
 *     fwrite(..., out.stream);
 *     return files_replace_commit(&out, why);   // or files_replace_abort(&out)
 *
 * Threads: two writers of one path race for the rename; the last one wins whole.
 *
 * May include: the C library and POSIX. Knows nothing of what is in a file.
 */
#ifndef KATA_FILES_H
#define KATA_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "why.h"

/* Every `why`: caller-owned, this many bytes, or NULL; written only on failure. */
#define FILES_PATH_BYTES 4096

/* Between the folders of a list, as in PATH; ends of names. Paths have '/' everywhere. */
#ifdef _WIN32
#define FILES_LIST_SEPARATOR ";"
#define FILES_LIBRARY_SUFFIX ".dll"
#define FILES_PROGRAM_SUFFIX ".exe"
#else
#define FILES_LIST_SEPARATOR ":"
#define FILES_LIBRARY_SUFFIX ".so"
#define FILES_PROGRAM_SUFFIX ""
#endif
/* Does it begin at a root: "/", and on Windows "C:/"? */
bool files_is_absolute(const char *path);
/* On Windows '\\' becomes '/', in place: for paths that others gave. */
void files_take_slashes(char *path);

typedef struct {
    FILE *stream;                     /* write here; NULL when closed */
    char path[FILES_PATH_BYTES];      /* what it will replace */
    char temp_path[FILES_PATH_BYTES]; /* where it is written until commit */
} files_writer_t;

/* Open a temporary beside `path`: "PATH.tmp-" and six letters, mode 0666 & ~umask. False: nothing
 * was created. */
bool files_replace_open(files_writer_t *writer, const char *path, why_t why);

/* Flush, sync, rename over `path`, sync the folder, close. On failure (a write
 * that failed earlier counts, too) the temporary is removed and the file that
 * stood at `path` is untouched. */
bool files_replace_commit(files_writer_t *writer, why_t why);

/* The same, and the file that stood at `path` is "PATH.previous" from then on. Where the file
 * system can exchange two names, there is a whole file at `path` and at "PATH.previous" at every
 * moment; elsewhere a crash between two renames leaves the previous one alone. */
#define FILES_PREVIOUS ".previous"
bool files_replace_commit_keeping(files_writer_t *writer, why_t why);

/* Drop the temporary. Harmless after commit. */
void files_replace_abort(files_writer_t *writer);

/* Open, write, commit in one call. */
bool files_replace(const char *path, const void *bytes, size_t num_bytes, why_t why);
bool files_replace_keeping(const char *path, const void *bytes, size_t num_bytes, why_t why);

/* The same without waiting for the disk: readers see the old file or the new one, whole, but a
 * machine that crashes may leave an empty one. For what is replaced every second and not missed. */
bool files_show(const char *path, const void *bytes, size_t num_bytes, why_t why);

/* The whole of a regular file of at most max_bytes, in memory that the caller
 * frees, with a NUL behind it that *num_bytes does not count. False: *bytes is NULL. */
bool files_read(const char *path, size_t max_bytes, uint8_t **bytes, size_t *num_bytes, why_t why);

/* For files of which only parts are wanted: a regular file of at most max_bytes, open for reading,
 * to be closed; *num_bytes: its size. -1: refused. */
int files_open(const char *path, size_t max_bytes, size_t *num_bytes, why_t why);
/* num_bytes from `offset` on into `bytes`; false if there are fewer. `path` is for `why`. */
bool files_read_at(int fd, size_t offset, void *bytes, size_t num_bytes, const char *path,
                   why_t why);

/* The last part of a path: what follows its last slash; the whole where nothing does. Borrowed. */
const char *files_name(const char *path);

/* mkdir -p, mode 0777 & ~umask. */
bool files_make_dirs(const char *path, why_t why);

#endif
