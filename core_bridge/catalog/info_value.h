/* info_value.h - one value of a file of `key = "value"` lines: .info files, retroarch.cfg. */
#ifndef CORE_BRIDGE_INFO_VALUE_H
#define CORE_BRIDGE_INFO_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* The first line with this key; quotes are optional, # begins a comment line. The value is cut to
 * out_bytes with its NUL. False: no such line, and `out` is as before. */
bool info_value(const char *text, const char *key, char *out, size_t out_bytes);

#endif
