/* newer_agent.h - a checkpoint that somebody else goes on with while the game runs: `kata train`
 * replaces agent.safetensors, and the next round is played with what it learned.
 *
 * A thread looks once a second whether the file was replaced, and reads it; a frame between two
 * rounds takes the weights that wait. A frame neither reads, locks nor allocates anything.
 */
#ifndef PLUGIN_NEWER_AGENT_H
#define PLUGIN_NEWER_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "loaded_game.h"
#include "player_state.h"
#include "why.h"

typedef struct newer_agent newer_agent_t;

/* Watch the file that game->policy was loaded from. game is borrowed until the stop. NULL: no
 * memory or no thread: then what was loaded plays on. */
newer_agent_t *newer_agent_start(const loaded_game_t *game);
void newer_agent_stop(newer_agent_t *newer); /* NULL is fine */

/* Newer weights for game->policy, if some wait: policy acts with them from now on, and mind is
 * whose they are. For a moment between two rounds. */
bool newer_agent_take(newer_agent_t *newer, policy_t *policy, player_mind_t *mind);
/* Once: why a newer file is not taken. */
bool newer_agent_news(newer_agent_t *newer, why_t news);

#endif
