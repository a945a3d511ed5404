/* bridge_content.c - reads content, or hands on what the frontend read. */
#define _GNU_SOURCE
#include "bridge_content.h"

#include "archive.h"
#include "extensions.h"
#include "files.h"
#include "why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool content_overrides_set(content_overrides_t *overrides,
                           const struct retro_system_content_info_override *from)
{
    size_t count = 0;
    while (count < 256 && from[count].extensions) count++;
    content_overrides_drop(overrides);
    overrides->rows = bridge_pool_alloc(&overrides->pool, count + 1, sizeof *overrides->rows);
    for (size_t i = 0; overrides->rows && i < count; i++) {
        overrides->rows[i] = from[i];
        overrides->rows[i].extensions = bridge_pool_string(&overrides->pool, from[i].extensions);
    }
    if (overrides->pool.failed) {
        content_overrides_drop(overrides);
        return false;
    }
    overrides->num_rows = count;
    return true;
}

void content_overrides_drop(content_overrides_t *overrides)
{
    bridge_pool_empty(&overrides->pool);
    *overrides = (content_overrides_t){ 0 };
}

bool content_needs_path(const content_overrides_t *overrides, bool core_needs_path,
                        const char *extension)
{
    for (size_t i = 0; i < overrides->num_rows; i++) /* the first that names it counts */
        if (extension_is_listed(overrides->rows[i].extensions, extension))
            return overrides->rows[i].need_fullpath;
    return core_needs_path;
}

/* Full path, folder, name and extension, as GET_GAME_INFO_EXT describes them. A path into an
 * archive is "/roms/pack.zip#game.nes". */
static void describe(content_t *content, const char *path)
{
    struct retro_game_info_ext *const d = &content->details;
    bridge_pool_t *const pool = &content->pool;
    d->meta = "";
    if (!path) return;

    const size_t archive_length = archive_path_length(path);
    const char *const hash = path + archive_length;
    char *const archive = archive_length ? bridge_pool_string(pool, path) : NULL;
    if (archive) {
        archive[archive_length] = '\0';
        d->file_in_archive = true;
        d->archive_path = archive;
        d->archive_file = bridge_pool_string(pool, hash + 1);
    } else {
        d->full_path = bridge_pool_string(pool, path);
    }
    const char *const outer = d->file_in_archive ? archive : path;
    const char *const slash = strrchr(outer, '/');
    char *const dir = slash ? bridge_pool_string(pool, outer) : bridge_pool_string(pool, ".");
    if (slash && dir) dir[slash == outer ? 1 : slash - outer] = '\0';
    const char *const inner = d->file_in_archive ? hash + 1 : path;
    const char *const inner_slash = strrchr(inner, '/');
    char *const name = bridge_pool_string(pool, inner_slash ? inner_slash + 1 : inner);
    char *const ext = bridge_pool_string(pool, extension_of(inner));
    if (name && ext && *ext) name[strlen(name) - strlen(ext) - 1] = '\0';
    for (char *c = ext; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    d->dir = dir;
    d->name = name;
    d->ext = ext;
}

/* The core will read it: see that there is something, so that the refusal can say what is wrong. */
static bool is_readable(const char *path, why_t why)
{
    struct stat status;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0) {
        const int cause = errno;
        refuse(why, "%.300s: cannot be read: %s", path, strerror(cause));
        return false;
    }
    if (S_ISREG(status.st_mode) && status.st_size == 0) {
        refuse(why, "%.300s: is empty", path);
        return false;
    }
    return true;
}

static bridge_status_t take_bytes(content_t *content, const char *path, const void *bytes,
                                  size_t num_bytes, why_t why)
{
    const char *const name = path ? path : "the content";
    if (!bytes) {
        const bool is_packed = archive_path_length(path) > 0;
        if (!(is_packed
                  ? archive_read(path, &content->bytes, &content->num_bytes, why)
                  : files_read(path, CONTENT_MAX_BYTES, &content->bytes, &content->num_bytes, why)))
            return BRIDGE_NO_CONTENT;
    } else if (num_bytes > 0) {
        content->bytes = malloc(num_bytes);
        if (!content->bytes) {
            refuse(why, "%.300s: no memory for %zu bytes", name, num_bytes);
            return BRIDGE_NO_MEMORY;
        }
        memcpy(content->bytes, bytes, num_bytes);
        content->num_bytes = num_bytes;
    }
    if (content->num_bytes == 0) {
        refuse(why, "%.300s: is empty", name);
        return BRIDGE_NO_CONTENT;
    }
    return BRIDGE_OK;
}

bridge_status_t content_open(content_t *content, const char *path, const void *bytes,
                             size_t num_bytes, bool needs_path, why_t why)
{
    content_drop(content);
    bridge_status_t status = BRIDGE_NO_CONTENT;
    /* An absolute path, as frontends pass it; one that does not exist (into an archive) as it is.
     */
    char *const absolute = path ? realpath(path, NULL) : NULL;
    const char *const given = absolute ? absolute : path;
    if (needs_path && !path) {
        refuse(why, "the core reads its content by itself and needs a file, not bytes in memory");
        goto fail;
    }
    if (needs_path && archive_path_length(given) > 0) {
        refuse(why, "%.300s: the core reads its games from files by itself: unpack it first",
               given);
        goto fail;
    }
    if (needs_path && !is_readable(given, why)) goto fail;
    if (!needs_path) {
        status = take_bytes(content, given, bytes, num_bytes, why);
        if (status != BRIDGE_OK) goto fail;
    }
    describe(content, given);
    const char *const path_copy = bridge_pool_string(&content->pool, given);
    if (content->pool.failed) {
        refuse(why, "%.300s: no memory", path ? path : "the content");
        status = BRIDGE_NO_MEMORY;
        goto fail;
    }
    content->info.path = path_copy;
    content->info.data = content->details.data = content->bytes;
    content->info.size = content->details.size = content->num_bytes;
    content->details.persistent_data = content->bytes != NULL;
    free(absolute);
    return BRIDGE_OK;

fail:
    free(absolute);
    content_drop(content);
    return status;
}

void content_drop(content_t *content)
{
    bridge_pool_empty(&content->pool);
    free(content->bytes);
    *content = (content_t){ 0 };
}
