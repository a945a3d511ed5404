/* session.h - one stay of Kata in a frontend: from retro_init() to retro_deinit().
 *
 * plugin.c keeps one session_t beside the host table and hands both to the functions here. All zero
 * means that nothing is loaded; every function is safe then.
 *
 * What is played, by whom and why is the player's (player.h): the session loads, feeds the player
 * with touched pads and options, asks the agent, and puts the player's news on the screen.
 */
#ifndef PLUGIN_SESSION_H
#define PLUGIN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog.h"
#include "loaded_game.h"
#include "host.h"
#include "frame_learning.h"
#include "mind_finder.h"
#include "player.h"
#include "record.h"
#include "screen.h"
#include "auto_strength.h"
#include "settings.h"
#include "status.h"

typedef struct {
    catalog_t catalog;
    settings_table_t options;
    settings_t settings;                                        /* what the options say */
    uint32_t hidden_options;                                    /* bits of options.definitions */
    retro_core_options_update_display_callback_t inner_display; /* of the inner core, or NULL */
    uint32_t menu_ports; /* ports that the frontend's Controls menu gave to the agent */
    bool menu_decides;   /* ... which came later than kata_port's choice */
    bool lacks_agent;    /* none can play the game that is loaded */

    bridge_t *bridge;              /* content is loaded, or NULL */
    catalog_states_t inner_states; /* what its .info file promises */
    bool is_second;                /* of two instances, to run ahead */
    loaded_game_t game;            /* with preset and agent, or without both */
    player_t *player;              /* if the agent can play this game on this core */
    record_t record;               /* of what humans hold */
    frame_learning_t learning;     /* kata_mode learn, or a `kata train` that is followed */
    auto_strength_t auto_strength; /* kata_strength auto: rounds against a human */
    int32_t auto_strength_step;    /* ... of which the last changed the strength by so much */
    bool moved_strength;           /* ... and that is to be kept for the next evening */
    mind_finder_t *finder;         /* of the second of two instances; else NULL */
    char inner_name[64];           /* the inner core's, as the catalog calls it */

    player_mind_t mind;           /* of the player */
    bool is_netplay;              /* greeted; options stay */
    uint32_t netplay_frames_left; /* as long as nothing tells that it goes on */
    size_t trailer_bytes;         /* behind the core's state; fixed from load to unload */
    uint16_t buttons;             /* of the game, a pad word: others are no touch */
    bool has_pad_mask;            /* the frontend answers RETRO_DEVICE_ID_JOYPAD_MASK */
    status_t status;              /* the line that says who holds which pad */
    screen_t screen;              /* what is drawn into the picture */
    uint32_t told_humans;         /* what the screen said last about who plays: bits of ports */
    bool told_no_run_ahead;
} session_t;

/* retro_init: look for cores, show our options. */
void session_open(session_t *session, host_t *host);
/* retro_deinit: free everything, all zero. */
void session_close(session_t *session, host_t *host);

/* False: the player was told why, nothing is loaded. */
bool session_load(session_t *session, host_t *host, const struct retro_game_info *game);
void session_unload(session_t *session, host_t *host);

void session_run(session_t *session, host_t *host);
void session_reset(session_t *session);
/* A picture of the inner core's, on its way to the frontend: with what is drawn on it. */
void session_show(session_t *session, const host_t *host, const void *pixels, unsigned width_px,
                  unsigned height_px, size_t pitch_bytes);

/* Savestates: the inner core's part first, the player's trailer last (player_state.h). Without a
 * player there is no trailer, but over netplay room for one (netplay.h). The size is asked of the
 * inner core each time; 0: it cannot save, or does not promise a state of the kind that the
 * frontend wants now. */
size_t session_state_bytes(session_t *session, const host_t *host);
bool session_save(session_t *session, const host_t *host, void *state, size_t num_bytes);
bool session_restore(session_t *session, host_t *host, const void *state, size_t num_bytes);

/* A port's type of controller was chosen: the agent's gives it the pad, another takes it back. Of
 * this and kata_port the later choice counts; when a game is loaded, a type that is the agent's. */
void session_plug(session_t *session, host_t *host, unsigned port, unsigned device);

/* Which options are of use by their values of now, the inner core's too: shown and hidden. True: it
 * changed. */
bool session_show_options(session_t *session, host_t *host);

/* What the inner core asks the frontend, and what must be answered for it. */
bool session_environment(session_t *session, host_t *host, unsigned command, void *data);

#endif
