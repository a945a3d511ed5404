/* retropad.h - the sixteen buttons of libretro's joypad: bit n of a pad word is the button of id n.
 *
 * The house's one table of their names: what presets call them, what recordings and notation call
 * them where a game has no names of its own. What a console or another tool calls its buttons is
 * another fact: presets/systems.c, recordings/.
 */
#ifndef MACROS_RETROPAD_H
#define MACROS_RETROPAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RETROPAD_SELECT = 2, RETROPAD_START = 3, RETROPAD_NUM_BUTTONS = 16 };

/* id: 0 to RETROPAD_NUM_BUTTONS - 1. "b", "start", "up": a preset's field "pad". */
const char *retropad_name(int32_t id);
/* "B", "START", "up": notation and recordings. */
const char *retropad_label(int32_t id);
/* The id whose label is these `length` bytes; -1: none. */
int32_t retropad_find_label(const char *label, size_t length);
/* Directions have digits in notation, and no button's name. */
bool retropad_is_direction(int32_t id);

#endif
