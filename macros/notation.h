/* notation.h - what the parser and the printer share. Internal to macros/. */
#ifndef KATA_NOTATION_H
#define KATA_NOTATION_H

#include "macro.h"

enum { NOTATION_DIRECTIONS = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT };

/* The language's buttons in the order in which a notation names them: by their names' bytes, so
 * that one macro has one spelling however the preset lists its buttons. Returns how many. */
int32_t notation_button_order(const macro_language_t *language, int32_t order[MACRO_MAX_BUTTONS]);

/* Pad word of a keypad digit 1..9. */
uint16_t notation_digit_pad(int32_t digit);

#endif
