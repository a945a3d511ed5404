/* extensions.h - file name extensions, and lists of them as libretro writes them: "nes|fds". */
#ifndef CORE_BRIDGE_EXTENSIONS_H
#define CORE_BRIDGE_EXTENSIONS_H

#include <stdbool.h>

/* Extension of a path, without its dot; "" if it has none. Points into path. */
const char *extension_of(const char *path);
/* Is `extension` in `list`? Case does not matter; list may be NULL; "" is in no list. */
bool extension_is_listed(const char *list, const char *extension);
/* Do two lists have an extension in common? */
bool extension_lists_meet(const char *a, const char *b);

#endif
