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

#endif
