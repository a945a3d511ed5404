/* player.h - eyes and hands: one game on one bridge, seen as decisions.
 *
 * A player runs the inner core frame by frame. It keeps the observation ring, plays the macro in
 * flight on its port, sums rewards from the game's memory, and says when it wants the next action.
 * Who chooses (an agent, a test, nobody) is the caller's business:
 *
 *     player_reset(player, why);                       at the first decision of an episode
 *     for (;;) {
 *         if (player_wants_action(player))
 *             player_begin(player, choose(player_observation(player)));
 *         player_frame(player, NULL);
 *         if (player_take_outcome(player, &outcome)) ...   the decision is closed
 *     }
 *
 * Frames, steps, decisions. A step is preset_frame_skip() frames. Every step the ring takes one
 * grayscale picture: the brighter, pixel by pixel, of the last two frames (Mnih et al. 2015), each
 * shrunk by area averaging first, so that everything that decides the next action is small enough
 * to travel in a savestate. A decision lasts whole steps: a macro is padded with neutral frames.
 *
 * Novelty. With a weight above 0 each whole step of a decision adds weight / sqrt(n), n: how often
 * this episode has shown such a picture (novelty.h). The counts begin anew with each episode; they
 * are not in savestates, which stay as they are when one is loaded.
 *
 * Allocation: player_create() only. player_frame() neither allocates, locks nor does I/O.
 *
 * May include: bridge.h, preset.h, macro.h, files.h, agent.h. Knows no frontend and no terminal.
 */
#ifndef KATA_PLAYER_H
#define KATA_PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge.h"
#include "preset.h"
#include "why.h"

/* Observation: uint8, (C, H, W), newest picture last. */
#define PLAYER_OBS_STACK 4
#define PLAYER_OBS_HEIGHT_PX 84
#define PLAYER_OBS_WIDTH_PX 84
#define PLAYER_OBS_BYTES (PLAYER_OBS_STACK * PLAYER_OBS_HEIGHT_PX * PLAYER_OBS_WIDTH_PX)

typedef struct player player_t;

typedef struct {
    bridge_t *bridge;       /* borrowed, content loaded */
    const preset_t *preset; /* borrowed */
    uint32_t port;          /* the agent's pad: 0 is the first player's */
    float discount_per_step;
    int32_t min_idle_frames, max_idle_frames; /* episodes start so many idle frames late, 0..3600 */
    float sticky_probability; /* 0: off; chance per step that the pad of the step before is kept */
    float novelty;            /* weight of novelty.h's reward, 0: none; NAN: the preset's */
    uint64_t seed;
} player_config_t;

void player_config_defaults(player_config_t *config, bridge_t *bridge, const preset_t *preset);

/* How one decision ended (agent.h's outcome, and what a person wants to know). */
typedef struct {
    int32_t action;
    float reward; /* sum_{i<t} discount_per_step^i r_i, scaled by the preset, and novelty */
    int32_t duration_steps; /* t */
    int32_t duration_frames;
    bool terminal;          /* the preset's `done` */
    bool truncated;         /* cut: step limit */
    preset_result_t result; /* with terminal: who won, if the preset can tell */
    float episode_return;   /* with terminal or truncated: undiscounted, scaled */
    int32_t episode_steps;
} player_outcome_t;

/* False: *out is NULL and `why` says which variable is not in the core's memory, or what else. */
bool player_create(player_t **out, const player_config_t *config, why_t why);
void player_destroy(player_t *player); /* NULL is fine */

/* Run the boot script of `start` (index in the preset) from power-on or from where the game is, and
 * keep the state in memory for player_reset(). Needs a core with savestates. */
bool player_boot(player_t *player, int32_t start, why_t why);

/* A new episode: the kept state, then some idle frames; the ring is filled. */
bool player_reset(player_t *player, why_t why);

/* True when no decision is open and the player acts (not suspended). */
bool player_wants_action(const player_t *player);
/* (C, H, W), contiguous, borrowed until the next player_frame(). */
const uint8_t *player_observation(player_t *player);
/* Open a decision. action in [0, preset_num_actions). */
void player_begin(player_t *player, int32_t action);

/* One emulated frame: pad, inner core, picture, memory. observer: who else looks at the picture
 * (bridge.h); NULL: nobody. */
void player_frame(player_t *player, const bridge_observer_t *observer);
/* True if that frame closed the decision; each outcome is given once. */
bool player_take_outcome(player_t *player, player_outcome_t *outcome);

/* A human takes the pad: the open decision is dropped, the port released; the ring goes on. */
void player_suspend(player_t *player);
void player_resume(player_t *player);

/* What is played now, for overlays and logs: -1 if no decision is open. */
int32_t player_action(const player_t *player);
uint16_t player_pad(const player_t *player); /* the word of the last frame, facing applied */
/* Values of all variables after the last frame, preset_num_variables() of them. Borrowed. */
const int64_t *player_variables(const player_t *player);
uint64_t player_frames(const player_t *player); /* run since create, clock: frames */

/* ---- the trailer behind the inner core's savestate: macro in flight, ring, random state ---- */
size_t player_state_bytes(const player_t *player); /* fixed for the player's life */
void player_save(const player_t *player, uint8_t *bytes);
/* False if these are not a trailer of this player (nothing changes then). Time travel: the
 * open decision is not reported any more, but its macro goes on where the state was taken. */
bool player_restore(player_t *player, const uint8_t *bytes, size_t num_bytes);
/* A state without a trailer was loaded: forget the macro in flight and the open decision. */
void player_forget(player_t *player);

#endif
