/* kept_strength.h - the strength that kata_strength auto came to, kept from one evening to the
 * next.
 *
 * A file auto_strength in the game's folder with the strength's name. What it says that is none is
 * taken for nothing.
 */
#ifndef PLUGIN_KEPT_STRENGTH_H
#define PLUGIN_KEPT_STRENGTH_H

#include <stdbool.h>

#include "league.h"
#include "why.h"

/* dir: of the agent. Where none is kept: normal. */
league_strength_t kept_strength(const char *dir);
/* Nothing is written where it is kept already. */
bool kept_strength_save(const char *dir, league_strength_t strength, why_t why);

#endif
