/* package_zip.c - the zip around a package: what may be in it, before and while it is unpacked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "package_parts.h"
#include "why.h"
#include "zip_member.h"

enum { MAX_MEMBERS = PACKAGE_MAX_PARTS + 1, SHOWN_NAME_BYTES = 80 };

/* A name from the file, for a sentence. */
static void show_name(const char *name, char shown[SHOWN_NAME_BYTES])
{
    size_t i = 0;
    for (; name[i] && i < SHOWN_NAME_BYTES - 1; i++)
        shown[i] = name[i] >= ' ' && name[i] < 127 ? name[i] : '?';
    shown[i] = '\0';
}

static bool check_member(zip_t *zip, zip_uint64_t index, zip_uint64_t *total, const char *source,
                         char *why)
{
    zip_stat_t status;
    char shown[SHOWN_NAME_BYTES];
    if (zip_stat_index(zip, index, ZIP_FL_ENC_RAW, &status) != 0 || !(status.valid & ZIP_STAT_NAME))
        return refuse(why, "%.300s: a member of the zip has no name", source);
    show_name(status.name, shown);
    const size_t most = package_most_bytes(status.name);
    if (most == 0)
        return refuse(why,
                      "%.300s: holds \"%s\"; a package holds " PACKAGE_MANIFEST ", " PACKAGE_PRESET
                      ", " PACKAGE_AGENT " and " PACKAGE_RECORDINGS "NAME" PACKAGE_RECORDING_SUFFIX
                      ", and nothing else",
                      source, shown);
    if (!(status.valid & ZIP_STAT_SIZE) || status.size > most)
        return refuse(why, "%.300s: %s would unpack to %llu bytes, at most %zu are allowed", source,
                      shown, (unsigned long long)status.size, most);
    if (!(status.valid & ZIP_STAT_COMP_METHOD) || !(status.valid & ZIP_STAT_ENCRYPTION_METHOD) ||
        (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE) ||
        status.encryption_method != ZIP_EM_NONE)
        return refuse(why, "%.300s: %s is encrypted, or packed otherwise than by deflate", source,
                      shown);
    *total += status.size;
    if (*total > PACKAGE_MAX_BYTES)
        return refuse(why, "%.300s: its parts would unpack to more than %zu bytes", source,
                      PACKAGE_MAX_BYTES);
    for (zip_uint64_t i = 0; i < index; i++)
        if (strcmp(zip_get_name(zip, i, ZIP_FL_ENC_RAW), status.name) == 0)
            return refuse(why, "%.300s: holds %s twice", source, shown);
    return true;
}

static bool check_members(zip_t *zip, const char *source, char *why)
{
    const zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count < 1 || count > MAX_MEMBERS)
        return refuse(why, "%.300s: a package has 1 to %d members, found %lld", source, MAX_MEMBERS,
                      (long long)count);
    zip_uint64_t total = 0;
    for (zip_int64_t i = 0; i < count; i++)
        if (!check_member(zip, (zip_uint64_t)i, &total, source, why)) return false;
    return true;
}

zip_t *package_zip_open(const uint8_t *bytes, size_t num_bytes, const char *source, char *why)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *from = bytes ? zip_source_buffer_create(bytes, num_bytes, 0, &error)
                               : zip_source_file_create(source, 0, -1, &error);
    zip_t *zip = from ? zip_open_from_source(from, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        if (from) zip_source_free(from);
        refuse(why, "%.300s: not a whole .kata file: %s", source, zip_error_strerror(&error));
    } else if (!check_members(zip, source, why)) {
        zip_discard(zip);
        zip = NULL;
    }
    zip_error_fini(&error);
    return zip;
}

uint8_t *package_zip_take(zip_t *zip, const char *name, size_t *num_bytes, const char *source,
                          char *why)
{
    zip_stat_t status;
    const zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_ENC_RAW);
    if (index < 0 || zip_stat_index(zip, (zip_uint64_t)index, 0, &status) != 0) {
        refuse(why, "%.300s: lacks %s", source, name);
        return NULL;
    }
    uint8_t *bytes = zip_member_read(zip, (zip_uint64_t)index, (size_t)status.size);
    if (!bytes) {
        refuse(why, "%.300s: %s in it is damaged", source, name);
        return NULL;
    }
    *num_bytes = (size_t)status.size;
    return bytes;
}

/* ---- writing ---- */

/* 1980-01-01: when it was made is nobody's business, and the same contents are the same bytes. */
static bool add_member(zip_t *zip, const char *name, const void *bytes, size_t num_bytes)
{
    zip_source_t *from = zip_source_buffer(zip, bytes, num_bytes, 0);
    const zip_int64_t index = from ? zip_file_add(zip, name, from, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(from);
        return false;
    }
    const zip_uint16_t day = 1 << 5 | 1; /* MS-DOS: year 1980, month 1, day 1 */
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9) == 0 &&
           zip_file_set_dostime(zip, (zip_uint64_t)index, 0, day, 0) == 0;
}

static bool take_bytes(zip_source_t *made, uint8_t **bytes, size_t *num_bytes)
{
    zip_stat_t status;
    if (zip_source_stat(made, &status) != 0 || !(status.valid & ZIP_STAT_SIZE) ||
        zip_source_open(made) != 0)
        return false;
    *num_bytes = (size_t)status.size;
    *bytes = malloc(*num_bytes + 1);
    const bool ok = *bytes && zip_source_read(made, *bytes, status.size) == (zip_int64_t)*num_bytes;
    zip_source_close(made);
    if (!ok) free(*bytes);
    return ok;
}

bool package_zip_make(const package_t *package, const char *manifest, uint8_t **bytes,
                      size_t *num_bytes, char *why)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *made = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = made ? zip_open_from_source(made, ZIP_TRUNCATE, &error) : NULL;
    zip_error_fini(&error);
    if (!zip) {
        if (made) zip_source_free(made);
        return refuse(why, "no memory for the package");
    }
    zip_source_keep(made); /* to be read when the zip is closed */
    bool ok = add_member(zip, PACKAGE_MANIFEST, manifest, strlen(manifest));
    for (int32_t p = 0; p < package->num_parts && ok; p++) {
        const package_part_t *part = &package->parts[p];
        ok = add_member(zip, part->name, part->bytes, part->num_bytes);
    }
    if (!ok || zip_close(zip) != 0) {
        ok = false;
        zip_discard(zip);
    }
    ok = ok && take_bytes(made, bytes, num_bytes);
    zip_source_free(made);
    return ok || refuse(why, "no memory for the package");
}
