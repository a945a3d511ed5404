/* mind_finder.h - of two instances that run ahead, the second one plays with the first one's
 * weights: after kata_strength changed, after kata_strength auto moved it, after `kata train`
 * replaced the agent.
 *
 * The first one's states say whose decisions they hold (player_mind_t). Where those are not the
 * weights that play here, a thread looks for them among the strengths of the game's agent; a state
 * that is loaded later takes them. Until then, for as long as it takes to read at most
 * LEAGUE_NUM_STRENGTHS files, the old ones play on. A strength that is wished is read before its
 * first state comes, so that this one takes it. A frame neither reads, locks nor allocates
 * anything.
 */
#ifndef PLUGIN_MIND_FINDER_H
#define PLUGIN_MIND_FINDER_H

#include <stdbool.h>

#include "league.h"
#include "loaded_game.h"
#include "player_state.h"
#include "policy.h"

typedef struct mind_finder mind_finder_t;

/* game is borrowed until the stop; of it dir and preset are read later, too. NULL: no memory or no
 * thread: then what was loaded plays on. */
mind_finder_t *mind_finder_start(const loaded_game_t *game);
void mind_finder_stop(mind_finder_t *finder); /* NULL is fine */

/* kata_strength says so: have this one's weights ready. */
void mind_finder_wish(mind_finder_t *finder, league_strength_t strength);
/* A state of this mind is loaded, and other weights play. True: policy, which game->policy is, acts
 * with its weights from now on, strength is which they are. False: they are not ready; they are
 * looked for from now on, once: where no strength has them, policy stays. */
bool mind_finder_take(mind_finder_t *finder, const player_mind_t *mind, policy_t *policy,
                      league_strength_t *strength);

#endif
