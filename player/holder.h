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
 *   script  while it runs it holds every port. It begins at power-on, where the wishes say so. A
 *           touch of the agent's pads stops it; in a game for two a touch of any pad does.
 *   human   a touch of one of the agent's pads takes that pad in the same frame, stops the script,
 *           and keeps the pad until nothing was touched for wish.hold_frames frames. A button that
 *           is down from the first frame on (the one that chose the game in a menu) is no touch:
 *           the pad must have been seen at rest once.
 *   agent   the pads of wish.ports, while a fight is on.
 *   nobody  any other pad: it is left alone.
 *
 * The way to the fight. The preset's `fight` says when one is on: for one of the agent's pads, not
 * `done`, and not so long without a change of any variable that the game must be paused. Where the
 * preset says nothing, and where wish.fights is not set, a fight is always on, but from `done`
 * until the start's last condition holds again or the console is reset, if the agent may reset it.
 * While no fight is on, whatever led there (touches, states, resets, options, a script that
 * failed), the agent presses nothing of its own, and once all pads have been at rest
 *   - for HOLDER_REST_FRAMES, it plays the first of the preset's `ways` whose condition holds, at
 * most HOLDER_MAX_PRESSES of them until something else happens;
 *   - for HOLDER_OVER_FRAMES, it resets the console and runs the start, at most HOLDER_MAX_TRIES
 *     times until a fight is on.
 * It does neither where wish.starts is not set, nor where it would take somebody out of his game:
 * another pad was touched, and the preset cannot start a game for two or the last fight was none.
 * After holder_leave() (a person chose another start) no fight is on either, until the console was
 * reset, which then takes HOLDER_REST_FRAMES and no way; where it may not be reset, nothing is
 * left. Then, and where all that led nowhere, holder_waits() is true: the owner says on the screen
 * what a person has to press. So the property is: with all hands off, within HOLDER_BOUND_FRAMES
 * (and the frames that the ways and scripts take) a fight is on and the agent's pads are the
 * agent's, or holder_waits(). tests/plugin/test_way.c holds it against random touches, states and
 * options.
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
    HOLDER_REST_FRAMES = 90,  /* no longer than that a game needs to react to a way */
    HOLDER_OVER_FRAMES = 600, /* a next round that takes longer is not coming */
    HOLDER_MAX_TRIES = 3,     /* resets that did not lead to a fight */
    HOLDER_MAX_PRESSES = 8,   /* ways that did not */
    HOLDER_MAX_WAIT = 1 << 24,
    HOLDER_MAX_DELAY = 5, /* steps that an agent may see the game late */
    HOLDER_BOUND_FRAMES =
        (HOLDER_MAX_TRIES + 1) * (HOLDER_MAX_PRESSES * HOLDER_REST_FRAMES + HOLDER_OVER_FRAMES)
};

typedef enum { HOLDER_NOBODY = 0, HOLDER_SCRIPT, HOLDER_HUMAN, HOLDER_AGENT } holder_who_t;

/* What the player's owner wants, in numbers that decide frames. */
#define HOLDER_WISH_FIELDS(NUMBER, ARRAY)                                                          \
    NUMBER(uint32_t, ports, 0, (1 << BRIDGE_MAX_PORTS) - 1) /* bit p: the agent's; 0: it is off */ \
    NUMBER(uint32_t, hold_frames, 0, 1 << 24)               /* 0: a touch does not take the pad */ \
    NUMBER(uint32_t, random_percent, 0, 100)                /* so many decisions are random */     \
    NUMBER(uint32_t, starts, 0, 1)                          /* 1: the start script may run */      \
    NUMBER(uint32_t, fights, 0, 1)                /* 1: the agent acts only while a fight is on */ \
    NUMBER(uint32_t, start, 0, PRESET_MAX_STARTS) /* which start, from 1; 0: the preset's default  \
                                                   */                                              \
    NUMBER(uint64_t, delay_steps, 0, HOLDER_MAX_DELAY) /* so late the agent sees (reaction.h) */   \
    NUMBER(uint64_t, temperature_thousandths, 0, 1000) /* of policy_soft(); 0: its best action */

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
    NUMBER(uint32_t, frames, 0, HOLDER_MAX_WAIT)    /* since no fight is on and no script runs */  \
    NUMBER(uint32_t, rest, 0, HOLDER_MAX_WAIT)      /* since then nothing was pressed */           \
    NUMBER(uint32_t, way, 0, PRESET_MAX_WAYS)       /* the way in flight, from 1 */                \
    NUMBER(uint32_t, way_frame, 0, HOLDER_MAX_WAIT) /* in its macro */                             \
    NUMBER(uint16_t, presses, 0, HOLDER_MAX_PRESSES)                                               \
    NUMBER(uint16_t, tries, 0, HOLDER_MAX_TRIES) /* resets since a fight was on */                 \
    NUMBER(uint32_t, still, 0, HOLDER_MAX_WAIT)  /* frames since a variable changed */             \
    NUMBER(uint16_t, versus, 0, 1)               /* the last fight was one for two */              \
    NUMBER(uint16_t, leaves, 0, 1)               /* holder_leave(): another start is wished */     \
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
/* No fight is on, and no script runs. */
bool holder_seeks(const holder_t *holder);
/* ... and nobody but a person can change that. */
bool holder_waits(const holder_t *holder, const preset_t *preset);
/* The first of the preset's ways whose condition holds; NULL: none. */
const preset_way_t *holder_way(const preset_t *preset, const int64_t *before, const int64_t *now);
/* A way is in flight: *pad is held on all the agent's pads in the coming frame. */
bool holder_way_pad(const holder_t *holder, const preset_t *preset, uint16_t *pad);
/* The start that a reset begins; -1: none, so a person has to. */
int32_t holder_start(const holder_t *holder, const preset_t *preset);

/* ---- events ---- */
/* The wishes changed. Where the pads are others, what was in flight on them is over. */
void holder_wish(holder_t *holder, const holder_wish_t *wish);
/* A person wished another start than the one that is played: it begins as soon as nobody touches a
 * pad, whoever is in the game. Nothing where the wishes allow no script. */
void holder_leave(holder_t *holder, const preset_t *preset);
/* The console was switched on or reset: no human has a pad, the script begins if it is wished.
 * by_person: the machine's own resets (BOOT_WANTS_RESET) keep what it knows of the game. */
void holder_power_on(holder_t *holder, const preset_t *preset, const int64_t *now,
                     int32_t idle_frames, bool by_person);
/* True: holder_power_on() will begin a script. */
bool holder_may_script(const holder_t *holder, const preset_t *preset);
/* A state was loaded that says nothing of all this: the game is under way, no script runs, nothing
 * is known of what led there. */
void holder_forget(holder_t *holder);

/* ---- a frame ---- */
/* Before it. touched: bits of the ports on which a human presses something, of all ports. */
void holder_touch(holder_t *holder, uint32_t touched);
/* Is a fight on? Asked twice it is the same: only holder_advance() counts frames. */
void holder_look(holder_t *holder, const preset_t *preset, const int64_t *before,
                 const int64_t *now);
/* After it. done: the preset's `done` holds for one of the agent's ports. BOOT_WANTS_RESET: reset
 * the console and call holder_power_on(). */
boot_turn_t holder_advance(holder_t *holder, const preset_t *preset, const int64_t *before,
                           const int64_t *now, bool done);

#endif
