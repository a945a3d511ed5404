/* folder.c - see folder.h. */
#define _GNU_SOURCE /* renameat2 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STAGED_PREFIX ".new-"
enum { STAGED_SECONDS = 3600 }; /* longer than any writer takes */
enum { STAGED_LEVELS = 8 };

static bool join(char path[FILES_PATH_BYTES], const char *dir, const char *name)
{
    const int length = snprintf(path, FILES_PATH_BYTES, "%s/%s", dir, name);
    return length > 0 && length < FILES_PATH_BYTES;
}

static int is_any(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

void files_remove_folder(const char *dir, int32_t levels)
{
    struct dirent **entries;
    const int num_entries = scandir(dir, &entries, is_any, NULL);
    for (int i = 0; i < num_entries; i++) {
        char path[FILES_PATH_BYTES];
        struct stat status;
        if (join(path, dir, entries[i]->d_name) && lstat(path, &status) == 0) {
            if (!S_ISDIR(status.st_mode))
                (void)unlink(path);
            else if (levels > 1)
                files_remove_folder(path, levels - 1);
        }
        free(entries[i]);
    }
    if (num_entries >= 0) free(entries);
    (void)rmdir(dir);
}

static int is_staged(const struct dirent *entry)
{
    return strncmp(entry->d_name, STAGED_PREFIX, strlen(STAGED_PREFIX)) == 0;
}

static void sweep_staged(const char *parent)
{
    struct dirent **entries;
    const int num_entries = scandir(parent, &entries, is_staged, NULL);
    for (int i = 0; i < num_entries; i++) {
        char path[FILES_PATH_BYTES];
        struct stat status;
        if (join(path, parent, entries[i]->d_name) && lstat(path, &status) == 0 &&
            S_ISDIR(status.st_mode) && time(NULL) - status.st_mtime > STAGED_SECONDS)
            files_remove_folder(path, STAGED_LEVELS);
        free(entries[i]);
    }
    if (num_entries >= 0) free(entries);
}

bool files_stage_folder(char staged[FILES_PATH_BYTES], const char *parent, why_t why)
{
    if (!join(staged, parent, STAGED_PREFIX "XXXXXX"))
        return refuse(why, "%.200s...: too long a path", parent);
    if (!files_make_dirs(parent, why)) return false;
    sweep_staged(parent);
    if (!mkdtemp(staged)) return refuse(why, "%.300s: cannot be made: %s", staged, strerror(errno));
    if (chmod(staged, 0755) == 0) return true; /* mkdtemp() makes it for its owner alone */
    refuse(why, "%.300s: cannot be made: %s", staged, strerror(errno));
    (void)rmdir(staged);
    return false;
}

/* What is written without waiting must be there before the name says so. */
static void sync_around(const char *folder)
{
    const int fd = open(folder, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return;
    (void)syncfs(fd);
    close(fd);
}

bool files_put_folder(const char *staged, const char *dir, why_t why)
{
    char old[FILES_PATH_BYTES];
    struct stat status;
    sync_around(staged);
    if (lstat(dir, &status) != 0) {
        if (rename(staged, dir) == 0) return true;
        return refuse(why, "%.300s: cannot be made: %s", dir, strerror(errno));
    }
    if (renameat2(AT_FDCWD, staged, AT_FDCWD, dir, RENAME_EXCHANGE) == 0) {
        files_remove_folder(staged, STAGED_LEVELS);
        return true;
    }
    /* A file system that cannot exchange: for a moment there is none. */
    if (snprintf(old, sizeof old, "%s-old", staged) >= (int)sizeof old)
        return refuse(why, "%.200s...: too long a path", staged);
    if (rename(dir, old) != 0)
        return refuse(why, "%.300s: cannot be replaced: %s", dir, strerror(errno));
    if (rename(staged, dir) == 0) {
        files_remove_folder(old, STAGED_LEVELS);
        return true;
    }
    const int error = errno;
    (void)rename(old, dir);
    return refuse(why, "%.300s: cannot be made: %s", dir, strerror(error));
}
