/* newer_agent.h - other weights for the agent that plays, while the game runs: `kata train`
 * replaced its file, or another strength is wished (kata_strength), which is a file of its league.
 * The next round is played with them.
 *
 * A thread looks once a second whether the wish changed or the file was replaced, and reads it; a
 * frame between two rounds takes the weights that wait. A frame neither reads, locks nor allocates
 * anything.
 */
#ifndef PLUGIN_NEWER_AGENT_H
#define PLUGIN_NEWER_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loaded_game.h"
#include "player_state.h"
#include "why.h"

typedef struct newer_agent newer_agent_t;

/* Watch the file of game->strength, which game->policy was loaded from. game is borrowed until the
 * stop; of it dir and preset are read later, too. NULL: no memory or no thread: then what was
 * loaded plays on. */
newer_agent_t *newer_agent_start(const loaded_game_t *game);
void newer_agent_stop(newer_agent_t *newer); /* NULL is fine */

/* Play this strength: its weights wait soon, or newer_agent_news() says why not and the one that
 * plays goes on. Weights of an earlier wish are not handed out any more. */
void newer_agent_wish(newer_agent_t *newer, league_strength_t strength);
/* Other weights for game->policy, if some wait: policy acts with them from now on, mind is whose
 * they are, strength which. For a moment between two rounds. */
bool newer_agent_take(newer_agent_t *newer, policy_t *policy, player_mind_t *mind,
                      league_strength_t *strength);
/* Once: why a file is not taken. */
bool newer_agent_news(newer_agent_t *newer, why_t news);

/* A file's weights, num_weights of them, for the agent of this game, of which preset alone is read;
 * mind: whose they are. False: weights and mind are not changed, or not to be used. Not for a
 * frame: it reads and allocates. */
bool newer_agent_read(const loaded_game_t *game, const char *path, size_t num_weights,
                      float *weights, player_mind_t *mind, why_t why);

#endif
