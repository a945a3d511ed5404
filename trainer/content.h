/* content.h - does a file keep what its extension and its header promise?
 *
 * A core that is fed half a ROM may crash, hang or play on with a black screen, and none of the
 * three says why. What can be told from the bytes alone is told here, before any core is opened.
 */
#ifndef KATA_CONTENT_H
#define KATA_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* extension: without dot. True for what it knows nothing of. */
bool content_is_sound(const uint8_t *bytes, size_t num_bytes, const char *extension, why_t why);

#endif
