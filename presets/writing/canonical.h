/* canonical.h - one spelling for a preset, so that its hash means something.
 *
 * The canonical form is the preset's JSON on one line: keys sorted by their bytes, no spaces,
 * numbers with the fewest digits that mean the same, notations in their canonical form (see
 * docs/NOTATION.md), addresses as numbers, digests in lower case. Lists keep their order: an
 * action's number is its place. Two files that differ only in how they are written have the same
 * canonical form and hash; parsing a canonical form and printing it gives the same bytes.
 *
 * May include: preset.h, cJSON. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_CANONICAL_H
#define KATA_PRESETS_CANONICAL_H

#include "preset.h"

/* Freed by the caller, NUL-terminated; NULL: no memory. num_bytes may be NULL. */
char *preset_canonical(const preset_t *preset, size_t *num_bytes);

/* SHA-1 of the canonical form, hex. False: no memory. */
bool preset_canonical_hash(const preset_t *preset, char hex[41]);

/* The preset for people: its own order of keys, short lists on one line. Freed by the caller. */
char *preset_pretty(const preset_t *preset, size_t *num_bytes);

/* What changed from `before` to `after`, a line a change, freed by the caller; "" if nothing but
 * spelling:
 *     - variables.health.address: 784
 *     + variables.health.address: 785
 *     + actions.macros "Fireball": {"name":"Fireball","notation":"236B"}
 * Actions and hashes are compared by name, not by place; a changed order is said once. NULL: no
 * memory. */
char *preset_diff(const preset_t *before, const preset_t *after);

#endif
