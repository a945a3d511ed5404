/* core_pad.h - what a core calls the buttons of a game. */
#ifndef TRAINER_CORE_PAD_H
#define TRAINER_CORE_PAD_H

#include <stdbool.h>

#include "game.h"
#include "starter.h"
#include "why.h"

/* Asks game->core_path in a process of its own, for a core may print, crash or hang, and fills in
 * the starter's inputs. False: it does not say, crashed or hung; `why` says which. */
bool core_pad_ask(const game_t *game, starter_t *starter, why_t why);

#endif
