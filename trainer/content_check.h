/* content_check.h - does a file keep what its extension and its header promise?
 *
 * A core that is fed half a ROM may crash, hang or play on with a black screen, and none of the
 * three says why. What can be told from the bytes alone is told here, before any core is opened.
 */
#ifndef TRAINER_CONTENT_CHECK_H
#define TRAINER_CONTENT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

/* extension: without dot. True for what it knows nothing of. */
bool content_check(const uint8_t *bytes, size_t num_bytes, const char *extension, why_t why);

#endif
