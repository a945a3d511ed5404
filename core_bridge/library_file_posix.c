/* library_file_posix.c - dlopen and its traps, for Linux and ELF: see library_file.h. */
#define _GNU_SOURCE
#include "library_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

/* Is the core's file the one that this code was loaded from? */
bool library_file_is_ours(const struct stat *core)
{
    static const char inside = 0;
    Dl_info info;
    struct stat own;
    if (!dladdr(&inside, &info) || !info.dli_fname) return false;
    if (stat(info.dli_fname, &own) != 0) return false;
    return own.st_dev == core->st_dev && own.st_ino == core->st_ino;
}

static uint64_t little(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = count - 1; i >= 0; i--) value = value << 8 | bytes[i];
    return value;
}

/* The loader maps what the program headers promise and dies of SIGBUS if the file ends before (a
 * download that broke off). So the promise is checked first; all else is left to the loader. */
bool library_file_is_cut_short(const char *path, uint64_t file_bytes)
{
    uint8_t header[64], segment[56];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool is_short = false;
    if (pread(fd, header, sizeof header, 0) == (ssize_t)sizeof header &&
        memcmp(header, "\177ELF\2\1", 6) == 0) { /* 64 bits, little-endian */
        const uint64_t table = little(header + 32, 8), entry_bytes = little(header + 54, 2);
        const uint64_t count = little(header + 56, 2);
        for (uint64_t i = 0; i < count && !is_short; i++) {
            const uint64_t at = table + i * entry_bytes;
            is_short = pread(fd, segment, sizeof segment, (off_t)at) != (ssize_t)sizeof segment;
            const uint64_t from = little(segment + 8, 8), bytes = little(segment + 32, 8);
            if (!is_short && little(segment, 4) == 1) /* PT_LOAD */
                is_short = from > file_bytes || bytes > file_bytes - from;
        }
    }
    close(fd);
    return is_short;
}

/* LOCAL: a frontend refuses to go on if retro_init is visible globally. DEEPBIND only where some
 * frontend did make retro_* global (Kata opened with RTLD_GLOBAL): without it the core's calls
 * to its own retro_* functions would land in ours. AddressSanitizer refuses DEEPBIND. */
static int open_flags(void)
{
    /* Not RTLD_DEFAULT: that would find our own plugin's retro_init, which is no one else's
     * business. */
    void *const everyone = dlopen(NULL, RTLD_LAZY);
    const bool is_shadowed = everyone && dlsym(everyone, "retro_init") != NULL;
    if (everyone) dlclose(everyone);
    return RTLD_NOW | RTLD_LOCAL | (is_shadowed && !HAS_ASAN ? RTLD_DEEPBIND : 0);
}

static bool copy_bytes(int from, int to)
{
    char block[1 << 14];
    for (;;) {
        const ssize_t got = read(from, block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = write(to, block + done, (size_t)(got - done));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) return false;
            done += put;
        }
    }
}

/* Open a copy under a name of its own, then remove the name: the mapping stays. */
static void *open_private_copy(const char *path, why_t why)
{
    const char *folder = getenv("TMPDIR");
    char copy[LIBRARY_PATH_BYTES];
    if (!folder || !*folder || strlen(folder) > sizeof copy - 64) folder = "/tmp";
    snprintf(copy, sizeof copy, "%s/kata-core-XXXXXX.so", folder);

    const int from = open(path, O_RDONLY | O_CLOEXEC);
    const int to = mkostemps(copy, 3, O_CLOEXEC);
    const int cause = errno;
    void *handle = NULL;
    if (from < 0 || to < 0) {
        refuse(why, "%.200s: is already open, and a private copy could not be made in %.100s: %s",
               path, folder, strerror(cause));
    } else if (!copy_bytes(from, to)) {
        refuse(why, "%.200s: is already open, and copying it to %.100s failed: %s", path, folder,
               strerror(errno));
    } else {
        handle = dlopen(copy, open_flags());
        if (!handle)
            refuse(why, "%.200s: its private copy cannot be opened: %.200s", path, dlerror());
    }
    if (from >= 0) close(from);
    if (to >= 0) {
        close(to);
        unlink(copy);
    }
    return handle;
}

void *library_file_open(const char *path, bool *is_private_copy, why_t why)
{
    void *const mapped = dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
    *is_private_copy = mapped != NULL;
    if (mapped) {
        dlclose(mapped); /* only the count that the probe added */
        return open_private_copy(path, why);
    }
    (void)dlerror();
    void *const handle = dlopen(path, open_flags());
    if (!handle) {
        const char *text = dlerror();
        const size_t length = strlen(path);
        /* dlerror() begins with the path; say it once. */
        if (text && strncmp(text, path, length) == 0 && text[length] == ':')
            text += length + 1 + (text[length + 1] == ' ');
        refuse(why, "%.250s: is not a libretro core: %.200s", path,
               text ? text : "it cannot be opened");
    }
    return handle;
}

void *library_file_symbol(void *handle, const char *name)
{
    return dlsym(handle, name);
}

void library_file_close(void *handle)
{
    dlclose(handle);
}
