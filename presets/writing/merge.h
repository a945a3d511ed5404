/* merge.h - two people's presets of one game become one.
 *
 * Ours stays as it is; what theirs adds is joined: variables, starts, aliases, hashes, sources,
 * actions whose steps we do not have (renamed if the name is taken), and similarity. Where both
 * know how alike two actions are, the mean counts, weighted by the decisions that each learned
 * from. What could not be joined is said, a line each, in the report.
 *
 * May include: preset.h, cJSON. Must not include: cores, agents.
 */
#ifndef KATA_PRESETS_MERGE_H
#define KATA_PRESETS_MERGE_H

#include "preset.h"
#include "why.h"

/* *out: the merged preset's text; *report: "joined ..." and "kept ours: ..." lines, perhaps "".
 * Both are freed by the caller. False: presets of different games, or no memory; both are NULL. */
bool preset_merge(char **out, char **report, const preset_t *ours, const preset_t *theirs,
                  why_t why);

#endif
