/* library_index.h - presets/library/index.json: which games there are, by name and by dump.
 *
 * A line a preset, in the order of their paths, so that two people who each add a game change lines
 * of their own. Made by `kata preset index`; never written by hand.
 *
 *     {"kata_index": 1, "presets": [
 *     {"file":"nes/Galaga.kata.json","game":"Galaga - Demons of Death","system":"nes", ...},
 *     ...
 *     ]}
 *
 * file, game, system, aliases, sha1, crc32, md5 (lists; lower case), hash (SHA-1 of the canonical
 * form), macros and starts (how many), tried (by how many), similarity (bool).
 *
 * May include: preset.h, canonical.h, store.h. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_LIBRARY_INDEX_H
#define KATA_PRESETS_LIBRARY_INDEX_H

#include <stddef.h>

#include "why.h"

#define LIBRARY_INDEX_NAME "index.json"

/* Of the presets in `library`/<system>/. Freed by the caller; NULL: a preset is broken, and why
 * says which, or no memory. */
char *library_index(const char *library, size_t *num_bytes, why_t why);

#endif
