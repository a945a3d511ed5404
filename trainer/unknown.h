/* unknown.h - a game that nobody described: what it is played with all the same. */
#ifndef TRAINER_UNKNOWN_H
#define TRAINER_UNKNOWN_H

#include <stdbool.h>

#include "game.h"
#include "why.h"

/* A starter preset (presets/writing/starter.h) in memory, with an action that presses START: the
 * console's pad, or, of a console that presets/ does not know, the core's. For a game that is
 * identified and has a core; sets preset and is_unknown. */
bool unknown_describe(game_t *game, why_t why);

/* What a training that lives from novelty alone says at its start; nothing if the preset has a
 * reward. rom: as it was typed. */
void unknown_say(const game_t *game, const char *rom, double novelty);

#endif
