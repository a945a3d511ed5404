/* archive_7z.c - see archive_7z.h. libarchive is opened at run time: it is asked for only when a
 * .7z comes, and Kata works without it. Its functions have kept their shape since libarchive.so.13.
 */
#include "archive_7z.h"

#include "archive.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct archive;
struct archive_entry;

enum { LIBARCHIVE_EOF = 1, LIBARCHIVE_WARN = -20, BLOCK_BYTES = 1 << 16, MAX_ENTRIES = 1 << 16 };

typedef struct {
    void *library;
    struct archive *(*read_new)(void);
    int (*support_7zip)(struct archive *);
    int (*open_filename)(struct archive *, const char *, size_t);
    int (*next_header)(struct archive *, struct archive_entry **);
    const char *(*pathname)(struct archive_entry *);
    int64_t (*size)(struct archive_entry *);
    ptrdiff_t (*data)(struct archive *, void *, size_t);
    const char *(*error)(struct archive *);
    int (*read_free)(struct archive *);
} libarchive_t;

static void *function(const libarchive_t *la, const char *name)
{
    return la->library ? dlsym(la->library, name) : NULL;
}

/* Opened anew for each use: archives are looked at once a game. */
static bool open_libarchive(libarchive_t *la)
{
    *la = (libarchive_t){ .library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL) };
    const struct {
        const char *name;
        void *at;
    } functions[] = {
        { "archive_read_new", &la->read_new },
        { "archive_read_support_format_7zip", &la->support_7zip },
        { "archive_read_open_filename", &la->open_filename },
        { "archive_read_next_header", &la->next_header },
        { "archive_entry_pathname_utf8", &la->pathname },
        { "archive_entry_size", &la->size },
        { "archive_read_data", &la->data },
        { "archive_error_string", &la->error },
        { "archive_read_free", &la->read_free },
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *const found = function(la, functions[i].name);
        memcpy(functions[i].at, &found, sizeof found); /* ISO C has no cast for it */
        if (found) continue;
        if (la->library) dlclose(la->library);
        return false;
    }
    return true;
}

bool archive_7z_can(void)
{
    libarchive_t la;
    if (!open_libarchive(&la)) return false;
    dlclose(la.library);
    return true;
}

static bool refuse_with(const libarchive_t *la, struct archive *archive, const char *path,
                        why_t why)
{
    const char *const cause = archive ? la->error(archive) : "no memory";
    return refuse(why, "%.300s: is no sound 7z archive: %.200s", path, cause ? cause : "damaged");
}

static struct archive *open_7z(const libarchive_t *la, const char *path, why_t why)
{
    struct archive *const archive = la->read_new();
    if (archive && la->support_7zip(archive) >= LIBARCHIVE_WARN &&
        la->open_filename(archive, path, BLOCK_BYTES) >= LIBARCHIVE_WARN)
        return archive;
    refuse_with(la, archive, path, why);
    if (archive) la->read_free(archive);
    return NULL;
}

bool archive_7z_list(const char *path, archive_names_t *names, why_t why)
{
    libarchive_t la;
    if (!open_libarchive(&la)) return refuse(why, "libarchive is not installed");
    struct archive *const archive = open_7z(&la, path, why);
    bool ok = archive != NULL;
    for (int32_t i = 0; ok && i < MAX_ENTRIES; i++) {
        struct archive_entry *entry;
        const int status = la.next_header(archive, &entry);
        if (status == LIBARCHIVE_EOF) break;
        ok = status >= LIBARCHIVE_WARN || refuse_with(&la, archive, path, why);
        const char *const name = ok ? la.pathname(entry) : NULL;
        if (name) archive_count(names, name);
    }
    if (archive) la.read_free(archive);
    dlclose(la.library);
    return ok;
}

static bool take_data(const libarchive_t *la, struct archive *archive, const char *path,
                      int64_t size, uint8_t **bytes, why_t why)
{
    if (size <= 0 || (uint64_t)size > ARCHIVE_MAX_GAME_BYTES)
        return refuse(why, "%.300s: a game in an archive must have 1 to %zu bytes, found %lld",
                      path, ARCHIVE_MAX_GAME_BYTES, (long long)size);
    uint8_t *const room = malloc((size_t)size);
    if (!room) return refuse(why, "%.300s: no memory to unpack it", path);
    int64_t got = 0;
    while (got < size) {
        const ptrdiff_t more = la->data(archive, room + got, (size_t)(size - got));
        if (more <= 0) break;
        got += more;
    }
    if (got == size) {
        *bytes = room;
        return true;
    }
    free(room);
    return refuse_with(la, archive, path, why);
}

bool archive_7z_read(const char *path, const char *name, uint8_t **bytes, size_t *num_bytes,
                     why_t why)
{
    libarchive_t la;
    if (!open_libarchive(&la))
        return refuse(why, "%.300s: unpack it first: libarchive, which reads .7z, is not installed",
                      path);
    struct archive *const archive = open_7z(&la, path, why);
    bool ok = archive != NULL, is_there = false;
    for (int32_t i = 0; ok && !is_there && i < MAX_ENTRIES; i++) {
        struct archive_entry *entry;
        const int status = la.next_header(archive, &entry);
        if (status == LIBARCHIVE_EOF) break;
        ok = status >= LIBARCHIVE_WARN || refuse_with(&la, archive, path, why);
        const char *const found = ok ? la.pathname(entry) : NULL;
        is_there = found && strcmp(found, name) == 0;
        if (!is_there) continue;
        *num_bytes = (size_t)la.size(entry);
        ok = take_data(&la, archive, path, la.size(entry), bytes, why);
    }
    if (ok && !is_there) ok = refuse(why, "%.300s#%.100s: is not in the archive", path, name);
    if (archive) la.read_free(archive);
    dlclose(la.library);
    return ok;
}
