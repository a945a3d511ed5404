/* extensions.c - see extensions.h. */
#include "extensions.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *extension_of(const char *path)
{
    const char *const slash = strrchr(path, '/');
    const char *const dot = strrchr(slash ? slash : path, '.');
    return dot ? dot + 1 : "";
}

static bool has_word(const char *list, const char *word, size_t length)
{
    while (list && length > 0) {
        const size_t here = strcspn(list, "|");
        if (here == length && strncasecmp(list, word, length) == 0) return true;
        if (list[here] == '\0') break;
        list += here + 1;
    }
    return false;
}

bool extension_is_listed(const char *list, const char *extension)
{
    return has_word(list, extension, strlen(extension));
}

bool extension_lists_meet(const char *a, const char *b)
{
    while (a && *a) {
        const size_t length = strcspn(a, "|");
        if (has_word(b, a, length)) return true;
        a += length + (a[length] == '|');
    }
    return false;
}
