/* import_all.h - `kata preset import DIR --all`: a stable-retro tree becomes a pack. */
#ifndef TRAINER_IMPORT_ALL_H
#define TRAINER_IMPORT_ALL_H

#include <stdbool.h>

/* Into <home>/packs/`name`; says how many games, and what such presets lack. Returns an exit
 * status: a bad game is listed, and is no failure of the others. */
int import_all(const char *dir, const char *name, bool replace);

#endif
