/* zip_file.h - archives for tests. */
#ifndef TESTS_ZIP_FILE_H
#define TESTS_ZIP_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <zip.h>

typedef struct {
    const char *name; /* ending with '/': a folder */
    const void *bytes;
    size_t num_bytes;
} zip_entry_t;

/* A new zip with these entries. */
static inline void zip_file_write(const char *path, const zip_entry_t *entries, size_t num_entries)
{
    int error = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    if (!zip) fail_msg("%s: libzip's error %d", path, error);
    for (size_t i = 0; i < num_entries; i++) {
        const zip_entry_t *entry = &entries[i];
        const size_t length = strlen(entry->name);
        if (entry->name[length - 1] == '/') {
            assert_true(zip_dir_add(zip, entry->name, ZIP_FL_ENC_UTF_8) >= 0);
            continue;
        }
        zip_source_t *source = zip_source_buffer(zip, entry->bytes, entry->num_bytes, 0);
        assert_non_null(source);
        assert_true(zip_file_add(zip, entry->name, source, ZIP_FL_ENC_GUESS) >= 0);
    }
    if (zip_close(zip) != 0) fail_msg("%s: %s", path, zip_strerror(zip));
}

#endif
