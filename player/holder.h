/* holder.h - who holds which pad in the coming frame: the start script, a human, the agent, or
 * nobody of ours.
 *
 * A pure machine. It looks at touched pads, wishes, events and the game's variables, never at a
 * clock on the wall, and all its numbers travel in the savestate, so that a frame that is run again
 * (rewind, run-ahead, netplay) is held by the same again.
 *
 *     each frame:  holder_touch(&holder, touched);         who holds it: holder_of()
 *                  ... hold, run the frame, read variables ...
 *                  turn = holder_advance(&holder, preset, before, now, done);
 *     events:      holder_power_on(), holder_forget(), holder_wish()
 *
 * The rules, in this order:
 *   script  while it runs it holds every port. It begins at power-on, and after an episode that no
 *           human had a part in, where the wishes say so.
 *   human   a touch of one of the agent's pads takes that pad in the same frame, stops the script,
 *           and keeps the pad until nothing was touched for wish.hold_frames frames. A button that
 *           is down from the first frame on (the one that chose the game in a menu) is no touch:
 *           the pad must have been seen at rest once.
 *   agent   the pads of wish.ports.
 *           With wish.fights it presses nothing while no fight is on: those pads are nobody's then.
 *   nobody  any other pad: it is left alone.
 *
 * The way to the fight, with wish.fights. A fight is on while the condition that the default start
 * waits for in its last step holds and `done` does not. A start that ends in anything else tells
 * nothing: a fight is then always on. While no fight is on and no human has a pad of the agent's,
 * whatever led there (touches, states, resets, options, a script that failed):
 *   - the agent may start games (holder_may_script()) and nobody was seen on another pad since
 *     power-on: hold still for at most HOLDER_OVER_FRAMES until a fight is on, then reset and run
 *     the script; after HOLDER_MAX_TRIES such resets without a fight, no more;
 *   - else the agent waits, and way.frames counts: the owner says what a person has to press.
 * So with hands off either a fight is on within a bounded time or way.frames is above 0.
 */
#ifndef PLAYER_HOLDER_H
#define PLAYER_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "boot_script.h"
#include "bridge.h"
#include "preset.h"
#include "state_fields.h"

enum {
    HOLDER_OVER_FRAMES = 600, /* a next round that takes longer is not coming */
    HOLDER_MAX_TRIES = 3,     /* resets that did not lead to a fight */
    HOLDER_MAX_WAIT = 1 << 24
};

typedef enum { HOLDER_NOBODY = 0, HOLDER_SCRIPT, HOLDER_HUMAN, HOLDER_AGENT } holder_who_t;

/* What the player's owner wants, in numbers that decide frames. */
#define HOLDER_WISH_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(uint32_t, ports, 0, (1 << BRIDGE_MAX_PORTS) - 1) /* bit p: the agent's; 0: it is off */ \
    NUMBER(uint32_t, hold_frames, 0, 1 << 24)               /* 0: a touch does not take the pad */ \
    NUMBER(uint32_t, random_percent, 0, 100)                /* so many decisions are random */     \
    NUMBER(uint32_t, starts, 0, 1)                          /* 1: the start script may run */      \
    NUMBER(uint32_t, fights, 0, 1) /* 1: the agent acts only while a fight is on */

typedef struct {
    HOLDER_WISH_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} holder_wish_t;
STATE_ASSERT_WHOLE(holder_wish_t, HOLDER_WISH_FIELDS);

/* All zero: no human has a pad, and a held button does not count yet. */
#define HOLDER_TOUCH_FIELDS(NUMBER, ARRAY)                                                         \
    NUMBER(uint32_t, armed, 0, (1 << BRIDGE_MAX_PORTS) - 1)    /* bit p: was at rest once */       \
    ARRAY(uint32_t, frames_left, BRIDGE_MAX_PORTS, 0, 1 << 24) /* > 0: the human's, so long */

typedef struct {
    HOLDER_TOUCH_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} holder_touch_t;
STATE_ASSERT_WHOLE(holder_touch_t, HOLDER_TOUCH_FIELDS);

/* All zero: a fight is on. */
#define HOLDER_WAY_FIELDS(NUMBER, ARRAY)                                                           \
    NUMBER(uint32_t, frames, 0, HOLDER_MAX_WAIT) /* since no fight is on and no script runs */     \
    NUMBER(uint32_t, tries, 0, HOLDER_MAX_TRIES) /* resets since a fight was on */                 \
    NUMBER(uint32_t, company, 0, (1 << BRIDGE_MAX_PORTS) - 1) /* others' pads that were touched */

typedef struct {
    HOLDER_WAY_FIELDS(STATE_MEMBER, STATE_MEMBERS)
} holder_way_t;
STATE_ASSERT_WHOLE(holder_way_t, HOLDER_WAY_FIELDS);

typedef struct {
    holder_wish_t wish;
    holder_touch_t touch;
    holder_way_t way;
    boot_script_t script;
} holder_t;

holder_who_t holder_of(const holder_t *holder, uint32_t port);
/* Bits of the ports that the agent holds, or that a human took from it. */
uint32_t holder_agents(const holder_t *holder);
uint32_t holder_humans(const holder_t *holder);
/* True: no fight is on, no script leads to one, and no human has a pad of the agent's. */
bool holder_waits(const holder_t *holder);

/* ---- events ---- */
/* The wishes changed. Where the pads are others, what was in flight on them is over. */
void holder_wish(holder_t *holder, const holder_wish_t *wish);
/* The console was switched on or reset: no human has a pad, the script begins if it is wished.
 * It makes a game for the first player: where the agent has not got port 0, somebody wants a game
 * for two and starts that himself. */
void holder_power_on(holder_t *holder, const preset_t *preset, const int64_t *now,
                     int32_t idle_frames);
/* True: holder_power_on() will begin a script. */
bool holder_may_script(const holder_t *holder, const preset_t *preset);
/* A state was loaded that says nothing of all this: the game is under way, no script runs. */
void holder_forget(holder_t *holder);

/* ---- a frame ---- */
/* Before it. touched: bits of the ports on which a human presses something, of all ports. */
void holder_touch(holder_t *holder, uint32_t touched);
/* Is a fight on? Asked twice it is the same: only holder_advance() counts frames. */
void holder_look(holder_t *holder, const preset_t *preset, const int64_t *before,
                 const int64_t *now);
/* After it. done: the preset's `done` holds for one of the agent's ports. BOOT_GOES_ON where no
 * script runs. */
boot_turn_t holder_advance(holder_t *holder, const preset_t *preset, const int64_t *before,
                           const int64_t *now, bool done);

#endif
