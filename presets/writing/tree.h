/* tree.h - a preset's JSON once more, with one spelling for each value. Internal to presets/. */
#ifndef KATA_PRESETS_TREE_H
#define KATA_PRESETS_TREE_H

#include "model.h"

/* The text of `preset` as a tree whose notations, addresses and digests are canonical, in the
 * file's order. Freed with cJSON_Delete; NULL: no memory. */
cJSON *tree_of(const preset_t *preset);

#endif
