/* kumite.h - our own game on a real core, for tests that play it. */
#ifndef TESTS_PLAYER_KUMITE_H
#define TESTS_PLAYER_KUMITE_H

#include "preset.h"

extern preset_t *kumite_preset;
extern char kumite_rom[1024];
extern const char *kumite_core;

/* For cmocka's groups. */
int kumite_load(void **state);
int kumite_unload(void **state);

enum { KUMITE_ACTIONS = 24 };
/* By the move table of games/kumite four kinds are one move each, whatever the button's strength.
 * distances: (KUMITE_ACTIONS, KUMITE_ACTIONS) of kumite_preset's actions. The share of (alike, not
 * alike) couples of pairs of which the first is nearer; 0.5 is chance, and what permuted names
 * give. */
double kumite_auc(const float *distances);

#endif
