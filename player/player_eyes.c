/* player_eyes.c - what the player sees of the game: its memory and its pictures. */
#include "player_inner.h"

#include <string.h>

#include "half.h"
#include "reaction.h"
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
    onlookers.looks =
        (player->needs_pictures || player->shows_pictures) && (looks || eyes->repeats);
    const bridge_observer_t both = { .on_frame = on_frame,
                                     .user = &onlookers,
                                     .on_sound = other && other->on_sound ? on_sound : NULL };
    bridge_need_picture(player->config.bridge, onlookers.looks || other);
    bridge_run_frame(player->config.bridge, &both);
    if (!onlookers.has_picture && !bridge_spared_picture(player->config.bridge)) eyes->repeats = 1;
    player->num_frames++;
}

void player_show_pictures(player_t *player, bool shows)
{
    player->shows_pictures = shows;
}

const uint8_t *player_picture(const player_t *player)
{
    return player->state.eyes.last_picture;
}

void player_push_picture(player_state_t *state, const uint8_t *picture)
{
    player_eyes_t *eyes = &state->eyes;
    player_late_t *late = &state->late;
    late->newest = (late->newest + 1) % HOLDER_MAX_DELAY;
    memcpy(late->pictures + late->newest * VISION_BYTES,
           eyes->ring + (eyes->newest + 1) % PLAYER_OBS_STACK * VISION_BYTES, VISION_BYTES);
    memcpy(late->values + late->newest * PRESET_MAX_VARIABLES,
           eyes->values + (eyes->newest + 1) % PLAYER_OBS_STACK * PRESET_MAX_VARIABLES,
           PRESET_MAX_VARIABLES * sizeof *late->values);
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

static void push_pads(player_t *player)
{
    FOR_EACH_SEAT (player, port) {
        uint16_t *pads = player->state.late.pads + port * HOLDER_MAX_DELAY;
        memmove(pads + 1, pads, (HOLDER_MAX_DELAY - 1) * sizeof *pads);
        pads[0] = (uint16_t)player->state.seats[port].step_buttons;
        player->state.seats[port].step_buttons = 0;
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

_Static_assert(PLAYER_OBS_STACK <= HOLDER_MAX_DELAY, "each look has the own pad of a step");

/* What was kept of a step. */
typedef struct {
    const uint8_t *picture;
    const int64_t *values;
} look_t;

/* Of so many steps ago, 0 .. PLAYER_OBS_STACK + HOLDER_MAX_DELAY - 1. */
static look_t look_of(const player_t *player, uint32_t steps_ago)
{
    const player_eyes_t *eyes = &player->state.eyes;
    const player_late_t *late = &player->state.late;
    if (steps_ago < PLAYER_OBS_STACK) {
        const uint32_t at = (eyes->newest + PLAYER_OBS_STACK - steps_ago) % PLAYER_OBS_STACK;
        return (look_t){ eyes->ring + at * VISION_BYTES, eyes->values + at * PRESET_MAX_VARIABLES };
    }
    const uint32_t before = steps_ago - PLAYER_OBS_STACK;
    const uint32_t at = (uint32_t)(late->newest + HOLDER_MAX_DELAY - before) % HOLDER_MAX_DELAY;
    return (look_t){ late->pictures + at * VISION_BYTES, late->values + at * PRESET_MAX_VARIABLES };
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

static uint8_t *look_at_picture(const player_t *player, uint32_t port, const uint8_t *picture,
                                uint8_t *out)
{
    if (player->config.eyes == AGENT_EYES_VARIABLES) return out;
    if (preset_mirrors_picture(player->config.preset, port))
        vision_mirror(out, picture);
    else
        memcpy(out, picture, VISION_BYTES);
    return out + VISION_BYTES;
}

static uint8_t *look_at_values(const player_t *player, uint32_t port, const int64_t *seen,
                               const preset_own_t *own, uint8_t *out)
{
    const preset_t *preset = player->config.preset;
    float values[PRESET_MAX_OBSERVED];
    if (player->config.eyes == AGENT_EYES_PICTURES) return out;
    preset_observe(preset, port, seen, own, values);
    for (int32_t v = 0; v < preset_num_observed(preset); v++, out += sizeof(uint16_t))
        memcpy(out, &(uint16_t){ half_of(values[v]) }, sizeof(uint16_t));
    return out;
}

static const uint8_t *observe(player_t *player, uint32_t port, uint32_t delay)
{
    const uint16_t *pads = player->state.late.pads + port * HOLDER_MAX_DELAY;
    uint8_t *out = player->obs;
    for (uint32_t i = 0; i < PLAYER_OBS_STACK; i++) {
        const uint32_t steps_ago = PLAYER_OBS_STACK - 1 - i;
        const look_t look = look_of(player, delay + steps_ago);
        const preset_own_t own = { pads[steps_ago], (float)delay / HOLDER_MAX_DELAY };
        out = look_at_picture(player, port, look.picture, out);
        out = look_at_values(player, port, look.values, &own, out);
    }
    if (delay > 0 && player->config.eyes != AGENT_EYES_VARIABLES)
        reaction_draw(player->obs, pads, (int32_t)delay,
                      preset_mirrors_picture(player->config.preset, port));
    return player->obs;
}

const uint8_t *player_observation(player_t *player, uint32_t port)
{
    return observe(player, port, (uint32_t)player->state.holder.wish.delay_steps);
}

const uint8_t *player_observation_late(player_t *player, uint32_t port, uint32_t steps)
{
    return observe(player, port, steps > HOLDER_MAX_DELAY ? HOLDER_MAX_DELAY : steps);
}
