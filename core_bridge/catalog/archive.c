/* archive.c - see archive.h. */
#include "archive.h"

#include "archive_7z.h"
#include "extensions.h"
#include "identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zip.h>

enum { MAX_ENTRIES = 1 << 16, NAMES_SAID_BYTES = 200 };

size_t archive_path_length(const char *path)
{
    char archive[ARCHIVE_PATH_BYTES];
    struct stat status;
    if (strlen(path) >= sizeof archive || access(path, F_OK) == 0) return 0;
    for (const char *at = path; (at = strchr(at, '#')) != NULL; at++) {
        snprintf(archive, sizeof archive, "%.*s", (int)(at - path), path);
        if (at[1] && stat(archive, &status) == 0 && S_ISREG(status.st_mode))
            return (size_t)(at - path);
    }
    return 0;
}

/* ---- what is in it ---- */

void archive_count(archive_names_t *names, const char *name)
{
    const char *const slash = strrchr(name, '/'), *const file = slash ? slash + 1 : name;
    if (!*file) return; /* a folder */
    names->num_files++;
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) return;
    if (*file == '.' || strlen(name) >= sizeof names->game) return; /* "__MACOSX/._game.nes" */
    const char *const extension = extension_of(file);
    const bool is_bin = strcasecmp(extension, "bin") == 0;
    if (!is_bin && strcmp(identity_system(extension), "unknown") == 0) return;
    if (is_bin) { /* of a Mega Drive, if it is all there is; else part of an arcade set */
        names->num_bins++;
        if (!names->num_games) snprintf(names->game, sizeof names->game, "%s", name);
        return;
    }
    if (names->num_games++ == 0) snprintf(names->game, sizeof names->game, "%s", name);
    const size_t length = strlen(names->said);
    snprintf(names->said + length, sizeof names->said - length, "%s%s", length ? ", " : "", file);
}

static zip_t *open_zip(const char *path, why_t why)
{
    int error = 0;
    zip_t *const zip = zip_open(path, ZIP_RDONLY, &error);
    if (zip) return zip;
    zip_error_t cause;
    zip_error_init_with_code(&cause, error);
    refuse(why, "%.300s: is no sound zip archive: %s", path, zip_error_strerror(&cause));
    zip_error_fini(&cause);
    return NULL;
}

static bool list_zip(const char *path, archive_names_t *names, why_t why)
{
    zip_t *const zip = open_zip(path, why);
    if (!zip) return false;
    const zip_int64_t num_entries = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < num_entries && i < MAX_ENTRIES; i++) {
        const char *const name = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (name) archive_count(names, name);
    }
    zip_discard(zip);
    return true;
}

static bool is_7z(const char *path)
{
    return strcasecmp(extension_of(path), "7z") == 0;
}

archive_kind_t archive_look(const char *path, char game[ARCHIVE_PATH_BYTES], why_t why)
{
    struct stat status;
    game[0] = '\0';
    if (!extension_is_listed(ARCHIVE_EXTENSIONS, extension_of(path))) return ARCHIVE_NONE;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0 || status.st_size == 0)
        return ARCHIVE_NONE; /* whoever reads it says so */
    archive_names_t names = { 0 };
    if (is_7z(path) && !archive_7z_can()) return ARCHIVE_NO_GAME;
    if (!(is_7z(path) ? archive_7z_list(path, &names, why) : list_zip(path, &names, why)))
        return ARCHIVE_REFUSED;
    if (names.num_games > 1) {
        refuse(why,
               "%.200s: there are %d games in it (%.200s%s): unpack the one that you mean, or name "
               "it behind a #: %.200s#%.200s",
               path, (int)names.num_games, names.said,
               strlen(names.said) + 1 >= sizeof names.said ? " ..." : "", path, names.game);
        return ARCHIVE_REFUSED;
    }
    const bool is_lone_bin = names.num_bins == 1 && names.num_files == 1;
    if (!names.num_games && !is_lone_bin) return ARCHIVE_NO_GAME;
    if (snprintf(game, ARCHIVE_PATH_BYTES, "%s#%s", path, names.game) < ARCHIVE_PATH_BYTES)
        return ARCHIVE_ONE_GAME;
    refuse(why, "%.300s: the path of the game in it is too long", path);
    return ARCHIVE_REFUSED;
}

/* ---- its bytes ---- */

static bool read_entry(zip_t *zip, const char *path, const char *name, uint8_t **bytes,
                       size_t *num_bytes, why_t why)
{
    zip_stat_t status;
    if (zip_stat(zip, name, 0, &status) != 0 || !(status.valid & ZIP_STAT_SIZE))
        return refuse(why, "%.400s: is not in the archive", path);
    if (status.size == 0) return refuse(why, "%.400s: is empty", path);
    if (status.size > ARCHIVE_MAX_GAME_BYTES)
        return refuse(why, "%.400s: a game in an archive must have at most %zu bytes, found %llu",
                      path, ARCHIVE_MAX_GAME_BYTES, (unsigned long long)status.size);
    zip_file_t *const file = zip_fopen(zip, name, 0);
    if (!file) return refuse(why, "%.400s: cannot be unpacked: %s", path, zip_strerror(zip));
    *bytes = malloc((size_t)status.size);
    const zip_int64_t got = *bytes ? zip_fread(file, *bytes, status.size) : -1;
    const bool is_whole = got >= 0 && (zip_uint64_t)got == status.size;
    /* The checksum is compared when the end is read. */
    uint8_t more;
    const bool is_sound = is_whole && zip_fread(file, &more, 1) == 0;
    zip_fclose(file);
    *num_bytes = (size_t)status.size;
    if (is_sound) return true;
    const bool has_memory = *bytes != NULL;
    free(*bytes);
    *bytes = NULL;
    return refuse(why,
                  has_memory ? "%.400s: cannot be unpacked: the archive is damaged"
                             : "%.400s: no memory to unpack it",
                  path);
}

bool archive_read(const char *path, uint8_t **bytes, size_t *num_bytes, why_t why)
{
    char archive[ARCHIVE_PATH_BYTES];
    const size_t length = archive_path_length(path);
    *bytes = NULL;
    *num_bytes = 0;
    if (!length) return refuse(why, "%.400s: no file in an archive", path);
    snprintf(archive, sizeof archive, "%.*s", (int)length, path);
    if (is_7z(archive)) return archive_7z_read(archive, path + length + 1, bytes, num_bytes, why);
    zip_t *const zip = open_zip(archive, why);
    if (!zip) return false;
    const bool ok = read_entry(zip, path, path + length + 1, bytes, num_bytes, why);
    zip_discard(zip);
    return ok;
}
