/* package.c - see package.h; the manifest and the zip have files of their own. */
#include "package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digest.h"
#include "files.h"
#include "package_parts.h"

#define AGENT_BYTES ((size_t)64 << 20)
#define PRESET_BYTES ((size_t)4 << 20)
#define LEAGUE_BYTES ((size_t)64 << 10)
#define RECORDING_BYTES ((size_t)8 << 20)

bool package_name_is_valid(const char *name)
{
    const size_t length = strlen(name);
    return length >= 1 && length < PACKAGE_NAME_BYTES && strcmp(name, "own") != 0 &&
           name[0] != '-' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

/* "recordings/20260131-235959-2.kata-recording": no dot but the suffix's, so that no name leads
 * anywhere. */
static bool is_recording(const char *name)
{
    const size_t prefix = strlen(PACKAGE_RECORDINGS), suffix = strlen(PACKAGE_RECORDING_SUFFIX);
    const size_t length = strlen(name);
    if (length <= prefix + suffix || length >= PACKAGE_PART_NAME_BYTES ||
        memcmp(name, PACKAGE_RECORDINGS, prefix) != 0 ||
        strcmp(name + length - suffix, PACKAGE_RECORDING_SUFFIX) != 0)
        return false;
    return strspn(name + prefix,
                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
           length - prefix - suffix;
}

/* "league/0007.safetensors" */
static bool is_past_self(const char *name)
{
    const size_t prefix = strlen(PACKAGE_PAST);
    return strncmp(name, PACKAGE_PAST, prefix) == 0 && strspn(name + prefix, "0123456789") == 4 &&
           strcmp(name + prefix + 4, ".safetensors") == 0;
}

size_t package_most_bytes(const char *name)
{
    if (strcmp(name, PACKAGE_MANIFEST) == 0) return PACKAGE_MANIFEST_BYTES;
    if (strcmp(name, PACKAGE_PRESET) == 0) return PRESET_BYTES;
    if (strcmp(name, PACKAGE_AGENT) == 0 || is_past_self(name)) return AGENT_BYTES;
    if (strcmp(name, PACKAGE_LEAGUE) == 0) return LEAGUE_BYTES;
    return is_recording(name) ? RECORDING_BYTES : 0;
}

const package_part_t *package_part(const package_t *package, const char *name)
{
    for (int32_t p = 0; p < package->num_parts; p++)
        if (strcmp(package->parts[p].name, name) == 0) return &package->parts[p];
    return NULL;
}

void package_free(package_t *package)
{
    for (int32_t p = 0; p < PACKAGE_MAX_PARTS; p++) free(package->parts[p].bytes);
    free(package->manifest);
    *package = (package_t){ 0 };
}

/* ---- reading ---- */

static bool read_manifest(package_t *package, zip_t *zip, const char *source, char *why)
{
    uint8_t *bytes = package_zip_take(zip, PACKAGE_MANIFEST, &package->manifest_bytes, source, why);
    if (!bytes) return false;
    package->manifest = (char *)bytes;
    return package_manifest_read(package, package->manifest, package->manifest_bytes, source, why);
}

static bool read_part(package_part_t *part, zip_t *zip, const char *source, char *why)
{
    size_t num_bytes;
    char sha256[65];
    part->bytes = package_zip_take(zip, part->name, &num_bytes, source, why);
    if (!part->bytes) return false;
    digest_sha256_hex(part->bytes, num_bytes, sha256);
    if (num_bytes == part->num_bytes && strcmp(sha256, part->sha256) == 0) return true;
    return refuse(why, "%.300s: %s is not what the manifest says: another size or SHA-256", source,
                  part->name);
}

static bool read_parts(package_t *package, zip_t *zip, const char *source, char *why)
{
    if (zip_get_num_entries(zip, 0) != package->num_parts + 1)
        return refuse(why, "%.300s: holds %lld parts, its manifest lists %d", source,
                      (long long)zip_get_num_entries(zip, 0) - 1, package->num_parts);
    for (int32_t p = 0; p < package->num_parts; p++)
        if (!read_part(&package->parts[p], zip, source, why)) return false;
    return true;
}

/* bytes NULL: the file at `source`. */
static bool read_zip(package_t *out, const uint8_t *bytes, size_t num_bytes, const char *source,
                     bool with_parts, char *why)
{
    *out = (package_t){ 0 };
    zip_t *zip = package_zip_open(bytes, num_bytes, source, why);
    if (!zip) return false;
    const bool ok =
        read_manifest(out, zip, source, why) && (!with_parts || read_parts(out, zip, source, why));
    zip_discard(zip);
    if (!ok) package_free(out);
    return ok;
}

bool package_parse(package_t *out, const uint8_t *bytes, size_t num_bytes, const char *source,
                   why_t why)
{
    return read_zip(out, bytes, num_bytes, source, true, why);
}

bool package_read(package_t *out, const char *path, why_t why)
{
    uint8_t *bytes;
    size_t num_bytes;
    *out = (package_t){ 0 };
    if (!files_read(path, PACKAGE_MAX_FILE_BYTES, &bytes, &num_bytes, why)) return false;
    const bool ok = package_parse(out, bytes, num_bytes, path, why);
    free(bytes);
    return ok;
}

bool package_peek(package_t *out, const char *path, why_t why)
{
    size_t num_bytes;
    *out = (package_t){ 0 };
    const int fd = files_open(path, PACKAGE_MAX_FILE_BYTES, &num_bytes, why);
    if (fd < 0) return false;
    close(fd);
    return read_zip(out, NULL, 0, path, false, why);
}

/* ---- writing ---- */

bool package_add(package_t *package, const char *name, uint8_t *bytes, size_t num_bytes, why_t why)
{
    const size_t most = package_most_bytes(name);
    size_t total = num_bytes;
    for (int32_t p = 0; p < package->num_parts; p++) total += package->parts[p].num_bytes;
    bool ok = true;
    if (most == 0 || package_part(package, name))
        ok = refuse(why, "a package has no part \"%.100s\", or has it already", name);
    else if (num_bytes > most || total > PACKAGE_MAX_BYTES)
        ok = refuse(why, "%s would be %zu bytes, at most %zu are allowed, and %zu of all parts",
                    name, num_bytes, most, PACKAGE_MAX_BYTES);
    else if (package->num_parts == PACKAGE_MAX_PARTS)
        ok = refuse(why, "a package has at most %d parts", PACKAGE_MAX_PARTS);
    if (!ok) {
        free(bytes);
        return false;
    }
    package_part_t *part = &package->parts[package->num_parts++];
    *part = (package_part_t){ .bytes = bytes, .num_bytes = num_bytes };
    snprintf(part->name, sizeof part->name, "%s", name);
    digest_sha256_hex(bytes, num_bytes, part->sha256);
    return true;
}

bool package_write(package_t *package, const char *path, why_t why)
{
    uint8_t *bytes = NULL;
    size_t num_bytes = 0;
    char *manifest = package_manifest_text(package);
    if (!manifest) return refuse(why, "no memory for the package");
    package_t checked = { 0 }; /* what no reader would take must not be sent */
    bool ok = package_manifest_read(&checked, manifest, strlen(manifest), path, why) &&
              package_zip_make(package, manifest, &bytes, &num_bytes, why);
    free(manifest);
    if (ok && num_bytes > PACKAGE_MAX_FILE_BYTES)
        ok = refuse(why, "%.300s: would be %zu bytes, at most %zu are allowed", path, num_bytes,
                    PACKAGE_MAX_FILE_BYTES);
    ok = ok && files_replace(path, bytes, num_bytes, why);
    free(bytes);
    return ok;
}
