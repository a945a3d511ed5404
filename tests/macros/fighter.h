/* fighter.h - a six-button language in which every timing differs; docs/NOTATION.md uses it. */
#ifndef KATA_TESTS_FIGHTER_H
#define KATA_TESTS_FIGHTER_H

#include "macro.h"

macro_language_t fighter(void);

/* A small generator, so that random tests are the same everywhere. */
uint32_t random_next(uint32_t *seed);
/* 0 .. below - 1 */
int32_t random_below(uint32_t *seed, int32_t below);

#endif
