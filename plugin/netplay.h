/* netplay.h - two frontends play one game over the network: do both decide the same?
 *
 * The host's frontend sends its savestate to whoever joins, then inputs alone: each side runs all
 * frames itself. So each side needs the same agent and preset (player_mind_t, in the trailer), the
 * same numbers of options (holder_wish_t, in the trailer), and states of one size: RetroArch hangs
 * up without asking the core if they differ, so a game without an agent reserves the room, too.
 *
 * A core hears nothing from those who join: the host's screen says which agent they need, theirs
 * says what is missing.
 */
#ifndef PLUGIN_NETPLAY_H
#define PLUGIN_NETPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loaded_game.h"
#include "player_state.h"
#include "why.h"

typedef enum {
    NETPLAY_SAME,     /* the state goes on here as it would there */
    NETPLAY_NO_AGENT, /* the host has none: this side must go on without one, too */
    NETPLAY_DIFFERS   /* refused */
} netplay_verdict_t;

/* The weights and the preset of a recognized game; false: no memory to look at them. */
bool netplay_mind_of(const loaded_game_t *game, player_mind_t *mind);

/* A state that came over the network. ours: NULL: no agent plays here. why: a sentence for the
 * screen, "" with NETPLAY_SAME. */
netplay_verdict_t netplay_judge(const player_mind_t *ours, const uint8_t *state, size_t num_bytes,
                                why_t why);

/* What both sides say when netplay begins. ours: as above. */
void netplay_greeting(const player_mind_t *ours, why_t text);

#endif
