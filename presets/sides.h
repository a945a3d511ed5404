/* sides.h - which variables are each other's mirror images. Internal to presets/. */
#ifndef PRESETS_SIDES_H
#define PRESETS_SIDES_H

#include "model.h"

/* Do the names say so? "health" and "enemy_health", "p1_x" and "p2_x"; case does not count. */
bool sides_are_a_pair(const char *ours, const char *theirs);

/* May one stand for the other? Widths and byte orders may differ. */
bool sides_same_kind(const value_type_t *a, const value_type_t *b);

/* Does it mean something else for port 2? condition: -1 is none. */
bool sides_condition_differs(const preset_t *preset, int32_t condition);
bool sides_reward_differs(const preset_t *preset);

#endif
