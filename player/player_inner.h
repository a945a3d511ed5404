/* player_inner.h - the player's own struct, and what player_eyes.c does for player.c: for these two
 * files alone.
 */
#ifndef PLAYER_INNER_H
#define PLAYER_INNER_H

#include "novelty.h"
#include "player.h"
#include "vision.h"

/* The decision of one seat that is being learned from; not in savestates. */
typedef struct {
    bool is_open;
    double step_reward, discounted, discount; /* this step's sum; R so far; gamma^steps */
    int32_t steps, frames;
    double episode_return;
} account_t;

struct player {
    player_config_t config;
    player_state_limits_t limits;
    int32_t frame_skip;
    int32_t num_variables;
    int32_t max_steps; /* 0: none */
    double reward_scale;
    double novelty_weight;
    bool needs_pictures; /* by the agent, or by novelty */
    bool shows_pictures; /* player_show_pictures() */
    novelty_t *novelty;  /* NULL: not counted */

    player_state_t state;    /* what a savestate holds */
    player_state_t incoming; /* one that is being read */
    account_t accounts[PLAYER_MAX_PORTS];
    uint32_t held; /* bit p: the bridge was told to hold port p */
    player_news_t news;
    int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];
    uint64_t num_frames;
    struct {
        uint8_t *bytes; /* NULL until player_boot() */
        size_t num_bytes;
    } booted[PRESET_MAX_STARTS]; /* by start: where its episodes begin */
    int32_t start;               /* the one that the next episode begins at */
    vision_t vision;
    uint8_t obs[PLAYER_OBS_MOST_BYTES];
};

#define FOR_EACH_SEAT(player, port)                                                                \
    for (uint32_t port = 0; port < PLAYER_MAX_PORTS; port++)                                       \
        if ((player)->config.ports >> port & 1)

/* ---- player_eyes.c ---- */
/* Where the preset's variable v lies in the core's memory; NULL: the core does not expose it. */
const uint8_t *player_find_variable(const player_t *player, int32_t v);
/* Read all variables: after a frame; or after a jump in time, where there is no difference that
 * could be rewarded. */
void player_read_next(player_t *player);
void player_read_anew(player_t *player);
/* One frame of the inner core, with the pads as they are held. looks: its picture is part of what
 * the next decision sees. other: who else looks; NULL: nobody. */
void player_run_inner(player_t *player, bool looks, const bridge_observer_t *other);
/* picture: (VISION_BYTES), the newest of the ring from now on; its oldest, with its variables, is
 * kept for agents that react late. */
void player_push_picture(player_state_t *state, const uint8_t *picture);
/* The variables as they are, to the newest picture. */
void player_push_values(player_t *player);
/* Frames of this step that come after the one that runs. */
int32_t player_frames_left(const player_t *player);
/* After a frame: the last two of a step make its picture. */
void player_take_picture(player_t *player);

#endif
