/* session.h - one stay of Kata in a frontend: from retro_init() to retro_deinit().
 *
 * plugin.c keeps one session_t beside the host table and hands both to the functions here. All zero
 * means that nothing is loaded; every function is safe then.
 *
 *     session.c   options and cores, loading and unloading
 *     play.c      who may play: the player's wishes, and what follows from them
 *     run.c       one frame: who has which pad
 *     state.c     savestates with the trailer
 */
#ifndef KATA_SESSION_H
#define KATA_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"
#include "game.h"
#include "host.h"
#include "settings.h"
#include "player.h"
#include "record.h"
#include "trailer.h"
#include "why.h"

enum {
    START_MAX_IDLE_FRAMES = 30, /* behind the start script */
    START_OVER_FRAMES = 600,    /* a next round that takes longer is not coming */
    EXPLAIN_MS = 8000           /* a message that has to be read */
};

typedef struct {
    catalog_t catalog;
    settings_table_t options;
    settings_t settings;

    bridge_t *bridge;  /* content is loaded, or NULL */
    game_t game;       /* with preset and agent, or without both */
    player_t *player;  /* if the agent can play this game on this core */
    trailer_t trailer; /* the rest of what a savestate holds */
    record_t record;   /* of what humans hold */

    size_t trailer_bytes;                 /* behind the core's state; fixed from load to unload */
    bool has_pad_mask;                    /* the frontend answers RETRO_DEVICE_ID_JOYPAD_MASK */
    bool told_human;                      /* what the screen said last about who plays */
    int64_t before[PRESET_MAX_VARIABLES]; /* variables of the frame before, for the start script */
} session_t;

/* retro_init: look for cores, show our options. */
void session_open(session_t *session, host_t *host);
/* retro_deinit: free everything, all zero. */
void session_close(session_t *session, host_t *host);

/* False: the player was told why, nothing is loaded. */
bool session_load(session_t *session, host_t *host, const struct retro_game_info *game);
void session_unload(session_t *session, host_t *host);

/* ---- play.c ---- */
/* A player on the wished port. False: `why` says why there is none. True with `why` filled: it is
 * on another port than wished. */
bool session_make_player(session_t *session, why_t why);
/* Before an agent's first frame. The inner core may have said yes while it was loaded; from here on
 * the answer is no until unload. */
void session_refuse_achievements(session_t *session, host_t *host);
/* True while the agent may hold a pad. */
bool session_plays(const session_t *session);
/* True if the player wants the start script. It makes a game for the first player: whoever gave the
 * agent another pad wants a game for two and starts that himself. */
bool session_scripts_start(const session_t *session);
/* Power-on: what was in flight is over, the start script runs if it is wanted. */
void session_start(session_t *session);
/* Let the agent act or not, as trailer and settings say. */
void session_settle(session_t *session);
void session_release_pads(session_t *session);
/* The next of the random numbers that travel in the savestate. */
uint64_t session_random(session_t *session);
/* Options changed while the game runs. */
void session_change(session_t *session, host_t *host);

/* What the inner core asks the frontend, and what must be answered for it. */
bool session_environment(session_t *session, const host_t *host, unsigned command, void *data);

/* ---- run.c ---- */
void session_run(session_t *session, host_t *host);
void session_reset(session_t *session);

/* ---- state.c ---- */
/* The inner core's answer of this moment and the trailer; 0: it cannot save (yet). */
size_t session_state_bytes(session_t *session);
bool session_save(session_t *session, void *state, size_t num_bytes);
bool session_restore(session_t *session, const void *state, size_t num_bytes);

#endif
