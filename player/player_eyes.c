/* player_eyes.c - what the player sees of the game: its memory and its pictures. */
#include "player_inner.h"

#include <string.h>

#include "reaction.h"

/* ---- memory ---------------------------------------------------------------------------------- */

const uint8_t *player_find_variable(const player_t *player, int32_t v)
{
    const preset_variable_t *variable = preset_variable(player->config.preset, v);
    return bridge_address(player->config.bridge, variable->address, (size_t)variable->num_bytes,
                          preset_ram_base(player->config.preset));
}

/* A bank that is switched away keeps its last value. */
static void read_variables(player_t *player)
{
    for (int32_t v = 0; v < player->num_variables; v++) {
        const uint8_t *bytes = player_find_variable(player, v);
        if (bytes) player->now[v] = preset_decode(player->config.preset, v, bytes);
    }
}

void player_read_anew(player_t *player)
{
    read_variables(player);
    memcpy(player->before, player->now, sizeof player->before);
}

void player_read_next(player_t *player)
{
    memcpy(player->before, player->now, sizeof player->before);
    read_variables(player);
}

/* ---- eyes ------------------------------------------------------------------------------------ */

/* Who looks at one frame. */
typedef struct {
    player_t *player;
    const bridge_observer_t *other; /* NULL: none */
    bool looks;                     /* the picture is needed */
    bool has_picture;
} onlookers_t;

/* Inside the core's video callback: pixels are gone behind it. */
static void on_frame(void *user, const bridge_frame_t *frame)
{
    onlookers_t *onlookers = user;
    player_t *player = onlookers->player;
    if (frame->pixels) {
        onlookers->has_picture = true;
        if (onlookers->looks)
            vision_shrink(&player->vision, frame, player->state.eyes.last_picture);
    }
    if (onlookers->other) onlookers->other->on_frame(onlookers->other->user, frame);
}

static void on_sound(void *user, const int16_t *samples, size_t num_frames)
{
    const bridge_observer_t *other = ((onlookers_t *)user)->other;
    other->on_sound(other->user, samples, num_frames);
}

void player_run_inner(player_t *player, bool looks, const bridge_observer_t *other)
{
    player_eyes_t *eyes = &player->state.eyes;
    onlookers_t onlookers = { .player = player, .other = other };
    /* Where frames are left out, any frame may be the one that a later one repeats. */
    onlookers.looks = looks || eyes->repeats;
    const bridge_observer_t both = { .on_frame = on_frame,
                                     .user = &onlookers,
                                     .on_sound = other && other->on_sound ? on_sound : NULL };
    bridge_need_picture(player->config.bridge, onlookers.looks || other);
    bridge_run_frame(player->config.bridge, &both);
    if (!onlookers.has_picture && !bridge_spared_picture(player->config.bridge)) eyes->repeats = 1;
    player->num_frames++;
}

void player_push_picture(player_state_t *state, const uint8_t *picture)
{
    player_eyes_t *eyes = &state->eyes;
    player_late_t *late = &state->late;
    late->newest = (late->newest + 1) % HOLDER_MAX_DELAY;
    memcpy(late->pictures + late->newest * VISION_BYTES,
           eyes->ring + (eyes->newest + 1) % PLAYER_OBS_STACK * VISION_BYTES, VISION_BYTES);
    eyes->newest = (uint16_t)((eyes->newest + 1) % PLAYER_OBS_STACK);
    memcpy(eyes->ring + eyes->newest * VISION_BYTES, picture, VISION_BYTES);
}

int32_t player_frames_left(const player_t *player)
{
    return player->frame_skip - 1 - player->state.eyes.frame_in_step;
}

static void push_pads(player_t *player)
{
    FOR_EACH_SEAT (player, port) {
        uint16_t *pads = player->state.late.pads + port * HOLDER_MAX_DELAY;
        memmove(pads + 1, pads, (HOLDER_MAX_DELAY - 1) * sizeof *pads);
        pads[0] = player->state.seats[port].pad;
    }
}

void player_take_picture(player_t *player)
{
    player_eyes_t *eyes = &player->state.eyes;
    const int32_t left = player_frames_left(player);
    if (left == 1) memcpy(eyes->first_picture, eyes->last_picture, VISION_BYTES);
    if (left != 0) return;
    push_pads(player);
    if (player->frame_skip == 1) {
        player_push_picture(&player->state, eyes->last_picture);
        return;
    }
    uint8_t brighter[VISION_BYTES];
    for (int32_t i = 0; i < VISION_BYTES; i++)
        brighter[i] = eyes->first_picture[i] > eyes->last_picture[i] ? eyes->first_picture[i]
                                                                     : eyes->last_picture[i];
    player_push_picture(&player->state, brighter);
}

/* The picture of so many steps ago, 0 .. PLAYER_OBS_STACK + HOLDER_MAX_DELAY - 1. */
static const uint8_t *picture_of(const player_t *player, uint32_t steps_ago)
{
    const player_eyes_t *eyes = &player->state.eyes;
    const player_late_t *late = &player->state.late;
    if (steps_ago < PLAYER_OBS_STACK)
        return eyes->ring +
               (eyes->newest + PLAYER_OBS_STACK - steps_ago) % PLAYER_OBS_STACK * VISION_BYTES;
    const uint32_t before = steps_ago - PLAYER_OBS_STACK;
    return late->pictures +
           (late->newest + HOLDER_MAX_DELAY - before) % HOLDER_MAX_DELAY * VISION_BYTES;
}

const uint8_t *player_observation(player_t *player, uint32_t port)
{
    const bool mirrors = preset_mirrors_picture(player->config.preset, port);
    const uint32_t delay = player->state.holder.wish.delay_steps;
    for (uint32_t i = 0; i < PLAYER_OBS_STACK; i++) {
        const uint8_t *picture = picture_of(player, delay + PLAYER_OBS_STACK - 1 - i);
        if (mirrors)
            vision_mirror(player->obs[i], picture);
        else
            memcpy(player->obs[i], picture, VISION_BYTES);
    }
    if (delay > 0)
        reaction_draw(player->obs[0], player->state.late.pads + port * HOLDER_MAX_DELAY,
                      (int32_t)delay, mirrors);
    return player->obs[0];
}
