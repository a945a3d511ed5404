/* notation.h - what the parser and the printer share. Internal to macros/. */
#ifndef KATA_NOTATION_H
#define KATA_NOTATION_H

#include "macro.h"

enum { NOTATION_DIRECTIONS = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT };

/* Pad word of a keypad digit 1..9. */
uint16_t notation_digit_pad(int32_t digit);

#endif
