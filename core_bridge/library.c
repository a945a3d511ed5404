/* library.c - dlopen, its traps, and the table of libretro's 25 entry points. */
#define _GNU_SOURCE
#include "library.h"

#include "why.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Every member is a function pointer of pointer size; dlsym's result is copied in bytewise,
 * because ISO C has no conversion from void * to a function pointer. */
#define ENTRY(name)                                                                                \
    {                                                                                              \
        "retro_" #name, offsetof(library_t, name)                                                  \
    }
static const struct {
    const char *name;
    size_t offset;
} entries[] = {
    ENTRY(set_environment),
    ENTRY(set_video_refresh),
    ENTRY(set_audio_sample),
    ENTRY(set_audio_sample_batch),
    ENTRY(set_input_poll),
    ENTRY(set_input_state),
    ENTRY(init),
    ENTRY(deinit),
    ENTRY(api_version),
    ENTRY(get_system_info),
    ENTRY(get_system_av_info),
    ENTRY(set_controller_port_device),
    ENTRY(reset),
    ENTRY(run),
    ENTRY(serialize_size),
    ENTRY(serialize),
    ENTRY(unserialize),
    ENTRY(cheat_reset),
    ENTRY(cheat_set),
    ENTRY(load_game),
    ENTRY(load_game_special),
    ENTRY(unload_game),
    ENTRY(get_region),
    ENTRY(get_memory_data),
    ENTRY(get_memory_size),
};
#undef ENTRY

/* Is the core's file the one that this code was loaded from? */
static bool is_our_own_file(const struct stat *core)
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
static bool is_cut_short(const char *path, uint64_t file_bytes)
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

/* The library itself, or a private copy if it is mapped already. */
static bridge_status_t open_handle(library_t *library, why_t why)
{
    void *const mapped = dlopen(library->path, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
    if (mapped) {
        dlclose(mapped); /* only the count that the probe added */
        library->is_private_copy = true;
        library->handle = open_private_copy(library->path, why);
    } else {
        (void)dlerror();
        library->handle = dlopen(library->path, open_flags());
        if (!library->handle) {
            const char *text = dlerror();
            const size_t length = strlen(library->path);
            /* dlerror() begins with the path; say it once. */
            if (text && strncmp(text, library->path, length) == 0 && text[length] == ':')
                text += length + 1 + (text[length + 1] == ' ');
            refuse(why, "%.250s: is not a libretro core: %.200s", library->path,
                   text ? text : "it cannot be opened");
        }
    }
    return library->handle ? BRIDGE_OK : BRIDGE_NO_LIBRARY;
}

static bridge_status_t bind_entries(library_t *library, why_t why)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        void *const symbol = dlsym(library->handle, entries[i].name);
        if (!symbol) {
            refuse(why, "%.250s: is not a libretro core: it has no %s()", library->path,
                   entries[i].name);
            return BRIDGE_NO_SYMBOL;
        }
        memcpy((char *)library + entries[i].offset, &symbol, sizeof symbol);
    }
    return BRIDGE_OK;
}

static bridge_status_t open_library(library_t *out, const char *path, bool may_be_kata, why_t why)
{
    *out = (library_t){ 0 };
    if (!path || !*path) {
        refuse(why, "no core was named");
        return BRIDGE_NO_LIBRARY;
    }
    struct stat status;
    char *const absolute = realpath(path, NULL);
    if (!absolute || stat(absolute, &status) != 0) {
        const int cause = errno;
        free(absolute);
        if (cause == ENOMEM) {
            refuse(why, "%.250s: no memory", path);
            return BRIDGE_NO_MEMORY;
        }
        refuse(why, "%.250s: there is no such core: %s", path, strerror(cause));
        return BRIDGE_NO_LIBRARY;
    }
    snprintf(out->path, sizeof out->path, "%s", absolute);
    free(absolute);

    bridge_status_t result = BRIDGE_NO_LIBRARY;
    if (!S_ISREG(status.st_mode)) {
        refuse(why, "%.250s: is not a libretro core: it is not a regular file", out->path);
        goto fail;
    }
    if (!may_be_kata && is_our_own_file(&status)) {
        refuse(why, "%.250s: is Kata itself; choose a core that plays the game", out->path);
        result = BRIDGE_IS_KATA;
        goto fail;
    }
    if (is_cut_short(out->path, (uint64_t)status.st_size)) {
        refuse(why, "%.250s: is not a libretro core: the file is cut short", out->path);
        goto fail;
    }
    result = open_handle(out, why);
    if (result != BRIDGE_OK) goto fail;
    result = bind_entries(out, why);
    if (result != BRIDGE_OK) goto fail;

    const unsigned version = out->api_version();
    if (version != RETRO_API_VERSION) {
        refuse(why, "%.250s: speaks libretro API version %u, Kata speaks %d", out->path, version,
               RETRO_API_VERSION);
        result = BRIDGE_WRONG_API;
        goto fail;
    }
    struct retro_system_info info = { 0 };
    out->get_system_info(&info);
    if (!may_be_kata && info.library_name && strcmp(info.library_name, "Kata") == 0) {
        refuse(why, "%.250s: is Kata itself; choose a core that plays the game", out->path);
        result = BRIDGE_IS_KATA;
        goto fail;
    }
    return BRIDGE_OK;

fail:
    library_close(out);
    return result;
}

bridge_status_t library_open(library_t *out, const char *path, why_t why)
{
    return open_library(out, path, false, why);
}

bridge_status_t library_open_any(library_t *out, const char *path, why_t why)
{
    return open_library(out, path, true, why);
}

void library_close(library_t *library)
{
    if (library->handle) dlclose(library->handle);
    *library = (library_t){ 0 };
}
