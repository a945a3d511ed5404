/* fuzz_package.c - any bytes as a .kata file, and, behind a '{', as the manifest of one. */
#include "package_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

static void check_text(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F) abort();
}

/* What was read is what a package may say, and written it is read as the same. */
static void check_manifest(const package_t *package)
{
    if (!package_name_is_valid(package->name) || !package->game[0] ||
        strpbrk(package->game, "/\\") || strpbrk(package->system, "/\\.") ||
        package->num_parts < 1 || !package_part(package, PACKAGE_PRESET))
        abort();
    check_text(package->game);
    check_text(package->made_by);
    for (int32_t p = 0; p < package->num_parts; p++) {
        if (package_most_bytes(package->parts[p].name) == 0) abort();
        if (strstr(package->parts[p].name, "..") || package->parts[p].name[0] == '/') abort();
    }
    char *text = package_manifest_text(package);
    package_t *again = calloc(1, sizeof *again);
    why_t why;
    if (!text || !again || !package_manifest_read(again, text, strlen(text), "again", why)) abort();
    if (strcmp(again->name, package->name) != 0 || again->num_parts != package->num_parts ||
        memcmp(&again->training, &package->training, sizeof again->training) != 0)
        abort();
    free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    why_t why = "";
    package_t *package = calloc(1, sizeof *package);
    if (!package) return 0;
    const bool is_manifest = num_bytes > 0 && bytes[0] == '{';
    const bool ok =
        is_manifest ? package_manifest_read(package, (const char *)bytes, num_bytes, "fuzz", why)
                    : package_parse(package, bytes, num_bytes, "fuzz", why);
    if (ok) {
        check_manifest(package);
    } else {
        if (strncmp(why, "fuzz: ", 6) != 0 || !why[6]) abort();
        check_text(why);
    }
    package_free(package);
    free(package);
    return 0;
}
