/* tree.h - a preset's JSON once more, with one spelling for each value. Internal to presets/. */
#ifndef KATA_PRESETS_TREE_H
#define KATA_PRESETS_TREE_H

#include <stdbool.h>

#include "model.h"
#include "why.h"

/* The text of `preset` as a tree whose notations, addresses and digests are canonical, in the
 * file's order. Freed with cJSON_Delete; NULL: no memory. */
cJSON *tree_of(const preset_t *preset);

/* The text of a tree that was changed, for people, in memory that the caller frees; the tree is
 * freed. NULL, and why: no memory (`failed`: there was none before), or the loader refuses it,
 * which names it by `name`. */
char *tree_text(cJSON *file, bool failed, const char *name, why_t why);

#endif
