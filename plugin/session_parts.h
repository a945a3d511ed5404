/* session_parts.h - what the parts of the session ask of each other: session.c (a frame),
 * session_load.c, session_wish.c (options), session_learn.c, session_state.c (savestates). For
 * these five alone; plugin.c uses session.h.
 *
 * A set of ports is a word with one bit a port, port 1 in bit 0.
 */
#ifndef PLUGIN_SESSION_PARTS_H
#define PLUGIN_SESSION_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "session.h"

enum { /* how long a message stands */
       TELL_MS = 4000,
       EXPLAIN_MS = 8000, /* one that has to be read */
};

/* ---- session_wish.c -------------------------------------------------------------------------- */

/* A player is there and the options give it a pad. */
bool session_plays(const session_t *session);

/* A player is there, and the options ask it to advise a human, or to watch one: no pad is its. */
bool session_coaches(const session_t *session);
bool session_watches(const session_t *session);
/* One of the three: it looks at every frame. */
bool session_looks(const session_t *session);
/* The pad that is advised or watched, or the first of the agent's. */
uint32_t session_port(const session_t *session);
/* What is drawn into the picture, as the options say now. */
void session_switch_screen(session_t *session, const host_t *host);

/* The type of a pad that the agent plays. */
extern const struct retro_controller_description session_controller;

/* Ports that the preset's agents can play on. */
uint32_t session_possible_ports(const preset_t *preset);
/* The wished ones of them, by kata_port or the Controls menu, or port 1 where the preset knows none
 * of those; none if kata_mode is off, or if the menu took all back. */
uint32_t session_agent_ports(const session_t *session);
/* The number of the last port in the set, from 1; 0 for none. */
uint32_t session_num_ports(uint32_t ports);
/* Says why the agent does not play on the wished pads, if it does not. */
void session_explain_ports(const session_t *session, const host_t *host);

/* The start that is chosen, or the one that the agent was trained on. */
int32_t session_start(const session_t *session);
/* Says why the agent does not go to the chosen start, if it does not. */
void session_explain_start(const session_t *session, const host_t *host);

/* What the options say, in numbers that decide frames. Content must be loaded. */
holder_wish_t session_wish(const session_t *session);
/* Reads the options again and obeys those that may change while the game runs. */
void session_change(session_t *session, host_t *host);

/* session_show_options() without the inner core's. */
bool session_show_own_options(session_t *session, host_t *host);

/* Before an agent's first frame: no achievements from here on until unload. */
void session_admit_agent(const session_t *session, host_t *host);

/* Asked while the frontend saves or loads: is this state for netplay? Noted if it is. */
bool session_is_for_netplay(session_t *session, const host_t *host);
/* Once a frame: netplay that began is greeted; after it the options of today hold again. */
void session_note_netplay(session_t *session, host_t *host);

/* ---- session_load.c -------------------------------------------------------------------------- */

/* The player of game.preset and game.policy on the open core, for the learner if there is one.
 * session->player is written over. */
bool session_make_player(session_t *session, why_t why);

/* ---- session_learn.c ------------------------------------------------------------------------- */

/* If the options say so: a learner, and game.policy with its weights; game.dir and preset are as
 * loaded_game_to_learn() left them. True: it learns, which was said. False: why not was said, if it
 * was wanted; game.policy is what it was. Before the player is made. */
bool session_begin_learning(session_t *session, const host_t *host);
/* Save, and play on with what was learned; the player stays the learner's. */
void session_end_learning(session_t *session, const host_t *host);
/* Begin or end, as the options say now or as netplay demands, with a player that goes on where the
 * one before was. */
void session_switch_learning(session_t *session, const host_t *host);
/* If nothing is learned here: play with what others save, and with the strength that is wished; the
 * second of two instances with what the first one plays with. */
void session_follow(session_t *session);
/* kata_strength changed: that strength from the next round on, but where KATA_STRENGTH decides;
 * with auto the one that plays. */
void session_wish_strength(session_t *session, const host_t *host);
/* kata_strength auto begins: counts anew, and says so where it can have no effect. */
void session_begin_auto_strength(session_t *session, const host_t *host);

#endif
