/* loaded_game.h - what is known of the loaded game: its identity, preset and saved agent.
 *
 * Nothing of this needs the inner core: who plays is known before it is opened.
 *
 * The saved agent decides: its folder's preset.json is the one it was trained with. Where that
 * file is missing or broken, the library is searched; a preset with other actions will not do
 * (note.h), because an agent knows actions by number only.
 */
#ifndef PLUGIN_LOADED_GAME_H
#define PLUGIN_LOADED_GAME_H

#include <stdbool.h>

#include "policy.h"
#include "offer.h"
#include "home.h"
#include "identity.h"
#include "league.h"
#include "package.h"
#include "preset.h"
#include "why.h"

/* All zero: nothing is known. Owned; loaded_game_forget() frees. */
typedef struct {
    identity_t identity;
    preset_t *preset;
    policy_t *policy;            /* the saved agent's weights */
    league_strength_t strength;  /* which of its strengths they are */
    char dir[HOME_PATH_BYTES];   /* of the agent that plays; else as loaded_game_to_learn() says */
    char name[OFFER_TEXT_BYTES]; /* the content's, without extension */
    int32_t start;               /* the preset's start that it was trained on last (note.h) */
    char agent[PACKAGE_NAME_BYTES]; /* whose it is: "own", or as shelf.h names it */
    why_t reputation;               /* a sentence on how well it plays, "" if nothing is known */
} loaded_game_t;

/* What the options say of who shall play. */
typedef struct {
    bool prefers_sent, takes_box;
    league_strength_t strength;
    bool adapts; /* the strength that is kept for the game instead (kept_strength.h) */
} loaded_game_wish_t;

/* True: identity, preset and policy are there and fit each other. False: `why` is a sentence for
 * the player, and preset and policy are NULL. Of several agents plays the one that the environment
 * variable KATA_AGENT names; else one's own, or with prefers_sent the last that another sent; where
 * that is missing the other; where there is none, with takes_box, the one that came with Kata
 * (shelf_collect_box()). Packages in the save folder are taken first, which is said. Of its
 * strengths plays the one that KATA_STRENGTH names, else this one; where its league has none, the
 * agent itself, which is said, too. */
bool loaded_game_recognize(loaded_game_t *game, const offer_t *offer, const host_t *host,
                           const loaded_game_wish_t *wish, why_t why);
void loaded_game_forget(loaded_game_t *game);

/* After either answer: an agent of one's own shall learn. True: game->dir is its folder, there or
 * not yet; preset is the agent's, or without one the library's; NULL: nobody described the game.
 * False: the content was not identified, or another's agent is asked for. */
bool loaded_game_to_learn(loaded_game_t *game, const host_t *host, bool prefers_sent, why_t why);

#endif
