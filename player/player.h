/* player.h - the decision machine: one game on one bridge, seen as decisions.
 *
 * Everything between a frame and the next pad word is here: the start script, who holds which pad
 * (holder.h), the macros in flight, pictures, rewards and ends. It runs the inner core
 * frame by frame; who chooses actions (a policy, a test, nobody) is the caller's business:
 *
 *     player_reset(player, why);                       at the first decision of an episode
 *     for (;;) {
 *         if (player_wants_action(player, port))
 *             player_begin(player, port, choose(player_observation(player, port)));
 *         const player_news_t *news = player_frame(player, NULL);
 *         if (news->closed >> port & 1) learn(&news->outcomes[port]);
 *     }
 *
 * In a frontend nobody calls player_reset(): player_power_on() begins the start script, and
 * player_touch() before each frame says which pads humans press.
 *
 * Seats. The player has a seat at each port of config.ports: a macro in flight, an episode and an
 * open decision of its own. All seats share the screen and the clock of steps, so one core, one
 * ring of pictures and one look a frame serve them all. A port that the wishes do not name is left
 * alone; its rewards and ends are computed all the same.
 *
 * Frames, steps, decisions. A step is preset_frame_skip() frames. Every step the ring takes one
 * grayscale picture: the brighter, pixel by pixel, of the last two frames (Mnih et al. 2015), each
 * shrunk by area averaging first, so that everything that decides the next action is small enough
 * to travel in a savestate. Where a core repeats a frame (it draws nothing), the picture before
 * stands for it. With it the ring takes the variables of the step's last frame, from which an agent
 * that sees numbers is told what the preset's `observe` lists; where nothing needs pictures, none
 * is made. A decision lasts whole steps: a macro is padded with neutral frames.
 *
 * Novelty. With a weight above 0 each whole step of a decision adds weight / sqrt(n), n: how often
 * this episode has shown such a picture (novelty.h). The counts begin anew with each episode; they
 * are not in savestates, which stay as they are when one is loaded.
 *
 * What decides a frame: the preset, the weights of whoever chooses, and what player_state.h lists,
 * which player_save() writes and player_restore() reads. So a frame that is run again from the same
 * savestate is the same again, as long as the chooser answers the same (agents: same weights, same
 * machine) and config is the same.
 *
 * Allocation: player_create() and player_boot() only. player_frame() neither allocates, locks nor
 * does I/O.
 *
 * May include: bridge.h, preset.h, macro.h, files, agent.h. Knows no frontend and no terminal.
 */
#ifndef PLAYER_H
#define PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent_config.h"
#include "bridge.h"
#include "holder.h"
#include "player_state.h"
#include "preset.h"
#include "why.h"

typedef struct player player_t;

typedef struct {
    bridge_t *bridge;       /* borrowed, content loaded */
    const preset_t *preset; /* borrowed */
    uint32_t ports;         /* bit p: it has a seat at port p, from 0 */
    float discount_per_step;
    int32_t min_idle_frames, max_idle_frames; /* episodes start so many frames late, 0..3600 */
    bool mashes_idle_frames;  /* in them the seats' pads hold anything (masher.h), else nothing */
    float sticky_probability; /* 0: off; chance per step that the pad of the step before is kept */
    agent_eyes_t eyes;        /* what player_observation() holds */
    float novelty;            /* weight of novelty.h's reward, 0: none; NAN: the preset's */
    bool has_step_limit;      /* the preset's max_steps cuts episodes, macros in flight included */
    uint64_t seed;
    player_mind_t mind; /* written into states; all zero: unknown */
} player_config_t;

/* Port 0, the trainer's way: with a step limit, without a start script of its own. */
void player_config_defaults(player_config_t *config, bridge_t *bridge, const preset_t *preset);

/* How one decision ended (agent.h's outcome, and what a person wants to know). */
typedef struct {
    int32_t action;
    float reward; /* sum_{i<t} discount_per_step^i r_i, scaled by the preset, and novelty */
    int32_t duration_steps; /* t */
    int32_t duration_frames;
    bool terminal;          /* the preset's `done` became true */
    bool truncated;         /* cut: step limit */
    preset_result_t result; /* with terminal: who won, if the preset can tell */
    float episode_return;   /* with terminal or truncated: undiscounted, scaled */
    int32_t episode_steps;
} player_outcome_t;

/* What one frame brought. */
typedef struct {
    uint32_t closed;    /* bit p: port p's decision ended with this frame, as outcomes[p] says */
    uint32_t ended;     /* bit p: the preset's `done` became true for port p, whoever played */
    boot_turn_t script; /* BOOT_WANTS_RESET: the console was reset, the script runs anew */
    const preset_boot_step_t *failed_step;     /* with BOOT_FAILED: what was waited for in vain */
    float rewards[PLAYER_MAX_PORTS];           /* of this frame alone, scaled, without novelty */
    preset_result_t results[PLAYER_MAX_PORTS]; /* with `ended`: who won, if the preset can tell */
    player_outcome_t outcomes[PLAYER_MAX_PORTS];
} player_news_t;

/* False: *out is NULL and `why` says which variable is not in the core's memory, or what else. */
bool player_create(player_t **out, const player_config_t *config, why_t why);
void player_destroy(player_t *player); /* NULL is fine */

/* ---- episodes: the trainer's way ---- */
/* Run the boot script of `start` (index in the preset) from power-on or from where the game is, and
 * keep the state in memory for player_reset(). Needs a core with savestates. Several may be booted,
 * each from a console that was reset; the last one is where episodes begin. */
bool player_boot(player_t *player, int32_t start, why_t why);
/* From now on they begin at this one of those that were booted. */
void player_choose_start(player_t *player, int32_t start);
/* The random numbers of idle frames, sticky pads and player_explore() from now on. */
void player_seed(player_t *player, uint64_t seed);
/* A new episode: the kept state, then some idle frames; the ring is filled. */
bool player_reset(player_t *player, why_t why);

/* ---- who holds the pads: a frontend's way ---- */
/* What the owner wants from now on; ports beyond config.ports count as left out. At first: all of
 * config.ports, no takeover, no random actions, no start script. */
void player_wish(player_t *player, const holder_wish_t *wish);
/* A person wished the start anew that the wishes name: holder_leave(). */
void player_leave(player_t *player);
/* Of the wishes alone how late the agent sees, 0..HOLDER_MAX_DELAY steps (reaction.h). */
void player_delay(player_t *player, uint32_t steps);
/* The wishes in force, and who holds what. Borrowed. */
const holder_t *player_holder(const player_t *player);
/* True: no fight is on, and a person has to press something. *say: the preset's words for what
 * leads on from where the game is, NULL where it has none; set in either case. Borrowed. */
bool player_waits(const player_t *player, const char **say);
/* The console was switched on or its reset button pressed. */
void player_power_on(player_t *player);
/* Before a frame. touched: bit p: a human presses something on port p. Returns the ports that Kata
 * will hold in it, all of them while the script runs. */
uint32_t player_touch(player_t *player, uint32_t touched);

/* ---- decisions ---- */
/* True when the agent holds this port and no decision is open there. */
bool player_wants_action(const player_t *player, uint32_t port);
/* True before a step's first frame: there decisions are made. */
bool player_begins_step(const player_t *player);
/* A random action, as often as the wishes say; -1: it is the policy's turn. One number is drawn
 * from the random state in either case. */
int32_t player_explore(player_t *player);
/* A number from the random state that savestates hold: seed of a chooser that explores. */
uint64_t player_draw(player_t *player);
/* What states say of who goes on from here: after the chooser's weights were exchanged. */
void player_set_mind(player_t *player, const player_mind_t *mind);
/* What config.eyes see (agent_config.h), agent_obs_bytes() of such a config; borrowed until the
 * next call. */
const uint8_t *player_observation(player_t *player, uint32_t port);
/* The same for an agent that sees the game so many steps late, 0..HOLDER_MAX_DELAY, whatever the
 * wishes say. */
const uint8_t *player_observation_late(player_t *player, uint32_t port, uint32_t steps);
/* The fields of an agent's config that say what it sees, as players of this preset show it: eyes
 * are given. False: the preset has no `observe`. */
bool player_set_eyes(agent_config_t *agent, const preset_t *preset, agent_eyes_t eyes, why_t why);
/* Open a decision. action in [0, preset_num_actions). */
void player_begin(player_t *player, uint32_t port, int32_t action);

/* Before a frame: what a human presses on a port that Kata will not hold in it (player_touch()). It
 * is what the port's observation shows as its own pad (reaction.h), so that an agent which goes on
 * from there, or learns from it, sees what was held and not by whom. */
void player_see_pad(player_t *player, uint32_t port, uint16_t pad);

/* One emulated frame: pads, inner core, picture, memory, rewards, ends. observer: who else looks at
 * the picture (bridge.h); NULL: nobody. Borrowed until the next call. */
const player_news_t *player_frame(player_t *player, const bridge_observer_t *observer);

/* What is played now, for overlays and logs: -1 if no decision is open. */
int32_t player_action(const player_t *player, uint32_t port);
/* The word of the last frame, facing applied; 0 where the agent did not hold the port. */
uint16_t player_pad(const player_t *player, uint32_t port);
/* Values of all variables after the last frame, preset_num_variables() of them. Borrowed. */
const int64_t *player_variables(const player_t *player);
/* From now on the screen is looked at, though neither eyes nor novelty need pictures. Changes
 * nothing of what is observed or decided. */
void player_show_pictures(player_t *player, bool shows);
/* (84, 84) grays of the last frame that was looked at: one of the last two of each step. Borrowed.
 */
const uint8_t *player_picture(const player_t *player);
uint64_t player_frames(const player_t *player); /* run since create, clock: frames */

/* ---- savestates (player_state.h) ---- */
/* trailer: player_state_bytes() of them, the end of a savestate that begins with inner_bytes of the
 * inner core's. */
void player_save(const player_t *player, size_t inner_bytes, uint8_t *trailer);
/* After the inner core took its part of the savestate. Macros go on where they were
 * when the state was taken, open decisions are not reported any more. False: there is no trailer,
 * or none that fits: the game is under way, nothing is in flight, no script runs. */
bool player_restore(player_t *player, const uint8_t *savestate, size_t num_bytes);

#endif
