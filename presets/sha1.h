/* sha1.h - the SHA-1 of a preset's bytes, to name it. Internal to presets/. Not for security. */
#ifndef KATA_PRESETS_SHA1_H
#define KATA_PRESETS_SHA1_H

#include <stddef.h>
#include <stdint.h>

/* Lower-case hex and a NUL. */
void preset_sha1_hex(const void *bytes, size_t num_bytes, char hex[41]);

#endif
