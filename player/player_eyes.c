/* player_eyes.c - what the player sees of the game: its memory and its pictures. */
#include "player_inner.h"

#include <string.h>

#include "half.h"
#include "why.h"

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
    onlookers.looks = player->needs_pictures && (looks || eyes->repeats);
    const bridge_observer_t both = { .on_frame = on_frame,
                                     .user = &onlookers,
                                     .on_sound = other && other->on_sound ? on_sound : NULL };
    bridge_need_picture(player->config.bridge, onlookers.looks || other);
    bridge_run_frame(player->config.bridge, &both);
    if (!onlookers.has_picture && !bridge_spared_picture(player->config.bridge)) eyes->repeats = 1;
    player->num_frames++;
}

void player_push_picture(player_eyes_t *eyes, const uint8_t *picture)
{
    eyes->newest = (uint16_t)((eyes->newest + 1) % PLAYER_OBS_STACK);
    memcpy(eyes->ring + eyes->newest * VISION_BYTES, picture, VISION_BYTES);
}

void player_push_values(player_t *player)
{
    player_eyes_t *eyes = &player->state.eyes;
    memcpy(eyes->values + eyes->newest * PRESET_MAX_VARIABLES, player->now, sizeof player->now);
}

int32_t player_frames_left(const player_t *player)
{
    return player->frame_skip - 1 - player->state.eyes.frame_in_step;
}

void player_take_picture(player_t *player)
{
    player_eyes_t *eyes = &player->state.eyes;
    const int32_t left = player_frames_left(player);
    if (left == 1) memcpy(eyes->first_picture, eyes->last_picture, VISION_BYTES);
    if (left != 0) return;
    if (player->frame_skip == 1) {
        player_push_picture(eyes, eyes->last_picture);
        return;
    }
    uint8_t brighter[VISION_BYTES];
    for (int32_t i = 0; i < VISION_BYTES; i++)
        brighter[i] = eyes->first_picture[i] > eyes->last_picture[i] ? eyes->first_picture[i]
                                                                     : eyes->last_picture[i];
    player_push_picture(eyes, brighter);
}

bool player_set_eyes(agent_config_t *agent, const preset_t *preset, agent_eyes_t eyes, why_t why)
{
    const bool sees_values = eyes != AGENT_EYES_PICTURES;
    if (sees_values && preset_num_observed(preset) == 0)
        return refuse(why,
                      "the preset of %s lists no variables to be seen: write \"observe\" "
                      "(presets/FORMAT.md), or let the agent see pictures",
                      preset_game(preset));
    agent->eyes = eyes;
    agent->obs_values = sees_values ? preset_num_observed(preset) : 0;
    agent->obs_stack = PLAYER_OBS_STACK;
    agent->obs_height_px = PLAYER_OBS_HEIGHT_PX;
    agent->obs_width_px = PLAYER_OBS_WIDTH_PX;
    return true;
}

static uint8_t *look_at_picture(const player_t *player, uint32_t port, int32_t at, uint8_t *out)
{
    const uint8_t *picture = player->state.eyes.ring + at * VISION_BYTES;
    if (player->config.eyes == AGENT_EYES_VARIABLES) return out;
    if (preset_mirrors_picture(player->config.preset, port))
        vision_mirror(out, picture);
    else
        memcpy(out, picture, VISION_BYTES);
    return out + VISION_BYTES;
}

static uint8_t *look_at_values(const player_t *player, uint32_t port, int32_t at, uint8_t *out)
{
    const preset_t *preset = player->config.preset;
    float values[PRESET_MAX_OBSERVED];
    if (player->config.eyes == AGENT_EYES_PICTURES) return out;
    preset_observe(preset, port, player->state.eyes.values + at * PRESET_MAX_VARIABLES, values);
    for (int32_t v = 0; v < preset_num_observed(preset); v++, out += sizeof(uint16_t))
        memcpy(out, &(uint16_t){ half_of(values[v]) }, sizeof(uint16_t));
    return out;
}

const uint8_t *player_observation(player_t *player, uint32_t port)
{
    uint8_t *out = player->obs;
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++) {
        const int32_t at = (player->state.eyes.newest + 1 + i) % PLAYER_OBS_STACK;
        out = look_at_picture(player, port, at, out);
        out = look_at_values(player, port, at, out);
    }
    return player->obs;
}
