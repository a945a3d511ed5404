/* game.h - what is known of the loaded game: its identity, preset and saved agent.
 *
 * Nothing of this needs the inner core: who plays is known before it is opened.
 *
 * The saved agent decides: its folder's preset.json is the one it was trained with. Where that
 * file is missing or broken, the library is searched; a preset with other actions will not do
 * (note.h), because an agent knows actions by number only.
 */
#ifndef KATA_GAME_H
#define KATA_GAME_H

#include <stdbool.h>

#include "policy.h"
#include "offer.h"
#include "identity.h"
#include "preset.h"
#include "why.h"

/* All zero: nothing is known. Owned; game_forget() frees. */
typedef struct {
    identity_t identity;
    preset_t *preset;
    policy_t *policy; /* the saved agent's weights */
    int32_t start;    /* the preset's start that it was trained on last (note.h) */
} game_t;

/* True: identity, preset and policy are there and fit each other. False: `why` is a sentence for
 * the player, and preset and policy are NULL. */
bool game_recognize(game_t *game, const offer_t *offer, const host_t *host, why_t why);
void game_forget(game_t *game);

#endif
