/* package_parts.h - what the manifest and the zip share; for package*.c only. */
#ifndef SHARING_PACKAGE_PARTS_H
#define SHARING_PACKAGE_PARTS_H

#include <zip.h>

#include "package.h"

/* The most bytes that a member of this name may unpack to; 0: no package has such a member. */
size_t package_most_bytes(const char *name);

/* ---- package_manifest.c ---- */

/* Fill in what the manifest says: every text and number in its range, every part named once. */
bool package_manifest_read(package_t *package, const char *text, size_t num_bytes,
                           const char *source, char *why);
/* Its text, to be freed; NULL: no memory. */
char *package_manifest_text(const package_t *package);

/* ---- package_zip.c ---- */

/* bytes NULL: the file at `source`. NULL: no zip, or not one that a package is. */
zip_t *package_zip_open(const uint8_t *bytes, size_t num_bytes, const char *source, char *why);
/* A member, unpacked, a NUL behind it; the caller frees it. NULL: missing or damaged. */
uint8_t *package_zip_take(zip_t *zip, const char *name, size_t *num_bytes, const char *source,
                          char *why);
/* Members in the order of `package`, the manifest first, as bytes that the caller frees. */
bool package_zip_make(const package_t *package, const char *manifest, uint8_t **bytes,
                      size_t *num_bytes, char *why);

#endif
