/* player.c - the decision machine: what happens in one frame, and what closes a decision. */
#include "player.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "novelty.h"
#include "splitmix.h"
#include "vision.h"
#include "why.h"

/* Everything that decides what the player does next, and so travels in savestates. */
typedef struct {
    int32_t action;         /* -1: no macro in flight */
    int32_t frame_in_macro; /* frames of the action played */
    int32_t frame_in_step;  /* 0 .. frame_skip - 1 */
    uint8_t faces_left;     /* fixed when the action began */
    uint8_t was_done;       /* the preset's `done` held on the last frame: it counts once */
    uint8_t keeps_step_pad; /* sticky: this step repeats the pad of the step before */
    uint8_t newest;         /* index of the newest picture in the ring */
    uint16_t step_pad;      /* last pad of the step before */
    uint16_t pad;           /* of the last frame */
    uint64_t random;
    uint8_t first_picture[VISION_BYTES]; /* of the last two frames of a step, the first */
    uint8_t ring[PLAYER_OBS_STACK][VISION_BYTES];
} motor_t;

struct player {
    player_config_t config;
    int32_t frame_skip;
    int32_t num_variables;
    int32_t max_steps;
    double reward_scale;
    double novelty_weight;
    novelty_t *novelty; /* NULL: not counted */
    motor_t motor;

    /* The decision that is being learned from; not in savestates. */
    bool decision_open, outcome_ready, suspended;
    double step_reward, discounted, discount; /* this step's sum; R so far; gamma^steps */
    int32_t steps, frames;
    double episode_return;
    int32_t episode_steps;
    player_outcome_t outcome;

    int64_t before[PRESET_MAX_VARIABLES], now[PRESET_MAX_VARIABLES];
    uint64_t num_frames;
    uint8_t *start_state; /* (state_bytes): where episodes begin; NULL until player_boot() */
    size_t state_bytes;
    vision_t vision;
    uint8_t last_picture[VISION_BYTES]; /* for frames that the core repeats */
    uint8_t obs[PLAYER_OBS_STACK][VISION_BYTES];
};

/* ---- memory ---------------------------------------------------------------------------------- */

static const uint8_t *find_variable(const player_t *player, int32_t v)
{
    const preset_variable_t *variable = preset_variable(player->config.preset, v);
    return bridge_address(player->config.bridge, variable->address, (size_t)variable->num_bytes,
                          preset_ram_base(player->config.preset));
}

/* A bank that is switched away keeps its last value. */
static void read_variables(player_t *player)
{
    for (int32_t v = 0; v < player->num_variables; v++) {
        const uint8_t *bytes = find_variable(player, v);
        if (bytes) player->now[v] = preset_decode(player->config.preset, v, bytes);
    }
}

/* After a jump in time there is no difference to be rewarded. */
static void read_variables_anew(player_t *player)
{
    read_variables(player);
    memcpy(player->before, player->now, sizeof player->before);
}

/* ---- life ------------------------------------------------------------------------------------ */

void player_config_defaults(player_config_t *config, bridge_t *bridge, const preset_t *preset)
{
    *config = (player_config_t){ .bridge = bridge,
                                 .preset = preset,
                                 .discount_per_step = 0.99f,
                                 .max_idle_frames = 30,
                                 .novelty = NAN,
                                 .seed = 1 };
}

bool player_create(player_t **out, const player_config_t *config, why_t why)
{
    *out = NULL;
    if (!preset_plays_port(config->preset, config->port, why)) return false;
    if (!(config->discount_per_step > 0 && config->discount_per_step <= 1))
        return refuse(why, "discount must be above 0 and at most 1, found %g",
                      (double)config->discount_per_step);
    if (!(config->sticky_probability >= 0 && config->sticky_probability < 1))
        return refuse(why, "sticky probability must be 0 or more and below 1, found %g",
                      (double)config->sticky_probability);
    if (config->min_idle_frames < 0 || config->max_idle_frames > 3600 ||
        config->min_idle_frames > config->max_idle_frames)
        return refuse(why, "idle frames must rise within 0..3600, found %d..%d",
                      config->min_idle_frames, config->max_idle_frames);

    const double novelty =
        isnan(config->novelty) ? preset_novelty(config->preset) : (double)config->novelty;
    if (!(novelty >= 0 && novelty <= PRESET_MAX_NOVELTY))
        return refuse(why, "novelty must be 0..%g, found %g", PRESET_MAX_NOVELTY, novelty);

    player_t *player = calloc(1, sizeof *player);
    if (!player) return refuse(why, "no memory for a player");
    player->config = *config;
    player->novelty_weight = novelty;
    if (novelty > 0) {
        player->novelty = calloc(1, sizeof *player->novelty);
        if (!player->novelty) {
            free(player);
            return refuse(why, "no memory for what was seen");
        }
    }
    player->frame_skip = preset_frame_skip(config->preset);
    player->num_variables = preset_num_variables(config->preset);
    player->max_steps = preset_max_steps(config->preset);
    player->reward_scale = preset_reward_scale(config->preset);
    player->motor.action = -1;
    player->motor.random = config->seed * SPLITMIX_GOLDEN + config->port;
    player->vision.mirrored = preset_mirrors_picture(config->preset, config->port);

    for (int32_t v = 0; v < player->num_variables; v++) {
        if (find_variable(player, v)) continue;
        const preset_variable_t *variable = preset_variable(config->preset, v);
        refuse(why, "variable %s of %s is at 0x%llx, %d bytes, which %s does not expose",
               variable->name, preset_game(config->preset), (unsigned long long)variable->address,
               variable->num_bytes, bridge_core(config->bridge).name);
        player_destroy(player);
        return false;
    }
    read_variables_anew(player);
    *out = player;
    return true;
}

void player_destroy(player_t *player)
{
    if (!player) return;
    free(player->start_state);
    free(player->novelty);
    free(player);
}

/* ---- boot and reset -------------------------------------------------------------------------- */

static void idle_frame(player_t *player, uint32_t port, uint16_t pad)
{
    bridge_hold(player->config.bridge, port, pad);
    bridge_run_frame(player->config.bridge, NULL);
    player->num_frames++;
    memcpy(player->before, player->now, sizeof player->before);
    read_variables(player);
}

static bool boot_step(player_t *player, const preset_boot_step_t *step, char *why)
{
    const int32_t limit =
        step->kind == PRESET_BOOT_UNTIL ? step->limit_frames : step->macro.num_frames;
    for (int32_t f = 0; f < limit; f++) {
        if (step->kind == PRESET_BOOT_UNTIL &&
            preset_condition(player->config.preset, step->condition, player->before, player->now))
            return true;
        const int32_t length = step->macro.num_frames;
        idle_frame(player, step->port,
                   length > 0 ? macro_pad_at(&step->macro, f % length, false) : 0);
        if (bridge_wants_shutdown(player->config.bridge))
            return refuse(why, "boot: the core shut down at \"%s\"", step->text);
    }
    if (step->kind == PRESET_BOOT_PLAY) return true;
    return refuse(why,
                  "boot: \"%s\" was not reached within %d frames; is this the revision of %s that "
                  "the preset is for?",
                  step->text, limit, preset_game(player->config.preset));
}

bool player_boot(player_t *player, int32_t start, why_t why)
{
    const preset_t *preset = player->config.preset;
    if (start < 0 || start >= preset_num_starts(preset))
        return refuse(why, "start must be one of the %d of %s", preset_num_starts(preset),
                      preset_game(preset));
    read_variables_anew(player);
    bool ok = true;
    for (int32_t s = 0; ok && s < preset_num_boot_steps(preset, start); s++)
        ok = boot_step(player, preset_boot_step(preset, start, s), why);
    for (uint32_t port = 0; port < BRIDGE_MAX_PORTS; port++)
        bridge_release(player->config.bridge, port);
    if (!ok) return false;

    /* Some cores say how large a state is only when a frame was run. */
    if (bridge_state_bytes(player->config.bridge) == 0) idle_frame(player, player->config.port, 0);
    bridge_release(player->config.bridge, player->config.port);
    free(player->start_state);
    player->start_state = NULL;
    player->state_bytes = bridge_state_bytes(player->config.bridge);
    if (player->state_bytes == 0)
        return refuse(why, "%s has no savestates, which episodes need",
                      bridge_core(player->config.bridge).name);
    player->start_state = malloc(player->state_bytes);
    if (!player->start_state) return refuse(why, "no memory for a state");
    if (bridge_save(player->config.bridge, player->start_state, player->state_bytes, why) ==
        BRIDGE_OK)
        return true;
    free(player->start_state);
    player->start_state = NULL;
    return false;
}

/* Inside the core's video callback: pixels are gone behind it. */
static void shrink_frame(void *user, const bridge_frame_t *frame)
{
    player_t *player = user;
    if (frame->pixels) vision_shrink(&player->vision, frame, player->last_picture);
}

static void push_picture(motor_t *motor, const uint8_t *picture)
{
    motor->newest = (uint8_t)((motor->newest + 1) % PLAYER_OBS_STACK);
    memcpy(motor->ring[motor->newest], picture, VISION_BYTES);
}

bool player_reset(player_t *player, why_t why)
{
    motor_t *motor = &player->motor;
    if (!player->start_state) return refuse(why, "no start: player_boot() has not succeeded");
    if (bridge_restore(player->config.bridge, player->start_state, player->state_bytes, why) !=
        BRIDGE_OK)
        return false;
    motor->action = -1;
    motor->frame_in_macro = motor->frame_in_step = 0;
    motor->pad = motor->step_pad = 0;
    motor->was_done = motor->keeps_step_pad = 0;
    player->decision_open = player->outcome_ready = player->suspended = false;
    player->episode_return = 0;
    player->episode_steps = 0;

    /* At least one frame, so that there is a picture to fill the ring with. */
    const player_config_t *config = &player->config;
    const uint64_t kinds = (uint64_t)(config->max_idle_frames - config->min_idle_frames) + 1;
    const int32_t idle = config->min_idle_frames + (int32_t)(splitmix64(&motor->random) % kinds) + 1;
    bridge_hold(player->config.bridge, player->config.port, 0);
    for (int32_t f = 0; f < idle; f++) {
        const bridge_observer_t eyes = { shrink_frame, player };
        bridge_run_frame(player->config.bridge, f == idle - 1 ? &eyes : NULL);
        player->num_frames++;
    }
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++) push_picture(motor, player->last_picture);
    if (player->novelty) {
        novelty_begin(player->novelty);
        novelty_see(player->novelty, player->last_picture); /* where it begins is nothing new */
    }
    read_variables_anew(player);
    return true;
}

/* ---- decisions ------------------------------------------------------------------------------- */

bool player_wants_action(const player_t *player)
{
    return player->motor.action < 0 && player->motor.frame_in_step == 0 && !player->suspended;
}

const uint8_t *player_observation(player_t *player)
{
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++)
        memcpy(player->obs[i],
               player->motor.ring[(player->motor.newest + 1 + i) % PLAYER_OBS_STACK], VISION_BYTES);
    return player->obs[0];
}

void player_begin(player_t *player, int32_t action)
{
    motor_t *motor = &player->motor;
    if (action < 0 || action >= preset_num_actions(player->config.preset)) action = 0;
    motor->action = action;
    motor->frame_in_macro = 0;
    motor->faces_left = preset_faces_left(player->config.preset, player->config.port, player->now);
    player->decision_open = true;
    player->outcome_ready = false;
    player->steps = player->frames = 0;
    player->step_reward = player->discounted = 0;
    player->discount = 1;
}

static uint16_t next_pad(player_t *player)
{
    motor_t *motor = &player->motor;
    if (motor->action < 0) return 0;
    if (motor->frame_in_step == 0) {
        motor->step_pad = motor->pad;
        motor->keeps_step_pad = player->config.sticky_probability > 0 &&
                                (double)(splitmix64(&motor->random) >> 11) * 0x1p-53 <
                                    (double)player->config.sticky_probability;
    }
    if (motor->keeps_step_pad) return motor->step_pad;
    const preset_action_t *action = preset_action(player->config.preset, motor->action);
    /* A primitive's pads fill one step: held to its end, or let go in its last frame (`tap`). A
     * macro is silent behind its end. */
    return macro_pad_at(&action->macro, motor->frame_in_macro,
                        preset_mirrors_pad(player->config.preset, player->config.port,
                                           motor->action, motor->faces_left));
}

/* Frames of this step that come after the one that runs. */
static int32_t frames_left(const player_t *player)
{
    return player->frame_skip - 1 - player->motor.frame_in_step;
}

typedef struct {
    player_t *player;
    const bridge_observer_t *other; /* NULL: none */
} onlookers_t;

static void on_frame(void *user, const bridge_frame_t *frame)
{
    const onlookers_t *onlookers = user;
    if (frames_left(onlookers->player) <= 1) shrink_frame(onlookers->player, frame);
    if (onlookers->other) onlookers->other->on_frame(onlookers->other->user, frame);
}

/* The last two frames of a step make its picture. */
static void look(player_t *player)
{
    motor_t *motor = &player->motor;
    const int32_t left = frames_left(player);
    if (left > 1) return;
    if (left == 1) {
        memcpy(motor->first_picture, player->last_picture, VISION_BYTES);
        return;
    }
    if (player->frame_skip == 1) {
        push_picture(motor, player->last_picture);
        return;
    }
    uint8_t brighter[VISION_BYTES];
    for (int32_t i = 0; i < VISION_BYTES; i++)
        brighter[i] = motor->first_picture[i] > player->last_picture[i] ? motor->first_picture[i]
                                                                        : player->last_picture[i];
    push_picture(motor, brighter);
}

static int32_t action_frames(const player_t *player, int32_t action)
{
    const preset_action_t *a = preset_action(player->config.preset, action);
    return a->is_macro && a->macro.num_frames > 0 ? a->macro.num_frames : 1;
}

/* is_whole: not cut short by the end of the episode, so that the ring has its picture. */
static void end_step(player_t *player, bool is_whole)
{
    const motor_t *motor = &player->motor;
    double reward = player->step_reward * player->reward_scale;
    if (player->novelty && is_whole)
        reward += player->novelty_weight * novelty_see(player->novelty, motor->ring[motor->newest]);
    player->discounted += player->discount * reward;
    player->discount *= (double)player->config.discount_per_step;
    player->step_reward = 0;
    player->steps++;
    player->episode_steps++;
    player->episode_return += reward;
}

static void close_decision(player_t *player, bool terminal)
{
    const bool is_long = player->max_steps > 0 && player->episode_steps >= player->max_steps;
    player->outcome = (player_outcome_t){
        .action = player->motor.action,
        .reward = (float)player->discounted,
        .duration_steps = player->steps,
        .duration_frames = player->frames,
        .terminal = terminal,
        .truncated = !terminal && is_long,
        .result = terminal ? preset_result(player->config.preset, player->config.port,
                                           player->before, player->now)
                           : PRESET_NO_RESULT,
        .episode_return = (float)player->episode_return,
        .episode_steps = player->episode_steps,
    };
    player->outcome_ready = player->decision_open;
    player->decision_open = false;
    if (terminal ||
        is_long) { /* where nobody resets the game, the next episode goes on from here */
        player->episode_return = 0;
        player->episode_steps = 0;
        if (player->novelty) novelty_begin(player->novelty);
    }
}

/* Rewards and ends: after the inner core ran a frame. */
static void judge(player_t *player)
{
    motor_t *motor = &player->motor;
    memcpy(player->before, player->now, sizeof player->before);
    read_variables(player);
    const bool done =
        preset_done(player->config.preset, player->config.port, player->before, player->now);
    const bool terminal = done && !motor->was_done;
    motor->was_done = done;

    player->step_reward +=
        preset_reward(player->config.preset, player->config.port, player->before, player->now);
    player->frames++;
    const bool step_over = ++motor->frame_in_step >= player->frame_skip;
    if (motor->action < 0) {
        player->step_reward = 0;
        if (step_over) motor->frame_in_step = 0;
        return;
    }
    motor->frame_in_macro++;
    if (step_over || terminal) end_step(player, step_over);
    if (step_over) motor->frame_in_step = 0;
    const bool played = step_over && motor->frame_in_macro >= action_frames(player, motor->action);
    const bool too_long =
        step_over && player->max_steps > 0 && player->episode_steps >= player->max_steps;
    if (!played && !terminal && !too_long) return;
    close_decision(player, terminal);
    motor->action = -1;
    motor->frame_in_step = 0;
}

void player_frame(player_t *player, const bridge_observer_t *observer)
{
    motor_t *motor = &player->motor;
    onlookers_t onlookers = { player, observer };
    if (!player->suspended) {
        motor->pad = next_pad(player);
        bridge_hold(player->config.bridge, player->config.port, motor->pad);
    }
    bridge_run_frame(player->config.bridge, &(bridge_observer_t){ on_frame, &onlookers });
    player->num_frames++;
    look(player);
    judge(player);
}

bool player_take_outcome(player_t *player, player_outcome_t *outcome)
{
    if (!player->outcome_ready) return false;
    *outcome = player->outcome;
    player->outcome_ready = false;
    return true;
}

void player_forget(player_t *player)
{
    player->motor.action = -1;
    player->motor.frame_in_macro = player->motor.frame_in_step = 0;
    player->motor.pad = player->motor.step_pad = 0;
    player->motor.keeps_step_pad = 0;
    player->decision_open = player->outcome_ready = false;
    read_variables_anew(player);
    player->motor.was_done =
        preset_done(player->config.preset, player->config.port, player->before, player->now);
}

void player_suspend(player_t *player)
{
    if (player->suspended) return;
    player->suspended = true;
    player->motor.action = -1;
    player->motor.pad = 0;
    player->decision_open = player->outcome_ready = false;
    bridge_release(player->config.bridge, player->config.port);
}

void player_resume(player_t *player)
{
    player->suspended = false;
}

int32_t player_action(const player_t *player)
{
    return player->motor.action;
}

uint16_t player_pad(const player_t *player)
{
    return player->motor.pad;
}

const int64_t *player_variables(const player_t *player)
{
    return player->now;
}

uint64_t player_frames(const player_t *player)
{
    return player->num_frames;
}

/* ---- the trailer ------------------------------------------------------------------------------
 */
/* Little-endian numbers at fixed places, then the pictures, oldest first. */

enum { TRAILER_MAGIC = 0x5450414b /* "KAPT" */, TRAILER_VERSION = 1, TRAILER_HEAD_BYTES = 48 };

static void put(uint8_t **at, uint64_t value, int num_bytes)
{
    for (int i = 0; i < num_bytes; i++) *(*at)++ = (uint8_t)(value >> 8 * i);
}

static uint64_t take(const uint8_t **at, int num_bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < num_bytes; i++) value |= (uint64_t) * (*at)++ << 8 * i;
    return value;
}

size_t player_state_bytes(const player_t *player)
{
    (void)player;
    return TRAILER_HEAD_BYTES + (1 + PLAYER_OBS_STACK) * (size_t)VISION_BYTES;
}

void player_save(const player_t *player, uint8_t *bytes)
{
    const motor_t *motor = &player->motor;
    uint8_t *at = bytes;
    memset(bytes, 0, TRAILER_HEAD_BYTES);
    put(&at, TRAILER_MAGIC, 4);
    put(&at, TRAILER_VERSION, 4);
    put(&at, (uint32_t)preset_num_actions(player->config.preset), 4);
    put(&at, (uint32_t)player->frame_skip, 4);
    put(&at, (uint32_t)motor->action, 4);
    put(&at, (uint32_t)motor->frame_in_macro, 4);
    put(&at, (uint32_t)motor->frame_in_step, 4);
    put(&at, motor->faces_left, 1);
    put(&at, motor->was_done, 1);
    put(&at, motor->keeps_step_pad, 1);
    put(&at, player->suspended, 1);
    put(&at, motor->step_pad, 2);
    put(&at, motor->pad, 2);
    put(&at, motor->random, 8);
    at = bytes + TRAILER_HEAD_BYTES;
    memcpy(at, motor->first_picture, VISION_BYTES);
    for (int32_t i = 0; i < PLAYER_OBS_STACK; i++)
        memcpy(at += VISION_BYTES, motor->ring[(motor->newest + 1 + i) % PLAYER_OBS_STACK],
               VISION_BYTES);
}

bool player_restore(player_t *player, const uint8_t *bytes, size_t num_bytes)
{
    if (num_bytes != player_state_bytes(player)) return false;
    const uint8_t *at = bytes;
    const int32_t num_actions = preset_num_actions(player->config.preset);
    if (take(&at, 4) != TRAILER_MAGIC || take(&at, 4) != TRAILER_VERSION) return false;
    if (take(&at, 4) != (uint32_t)num_actions || take(&at, 4) != (uint32_t)player->frame_skip)
        return false;
    const int32_t action = (int32_t)(uint32_t)take(&at, 4);
    const int32_t frame_in_macro = (int32_t)(uint32_t)take(&at, 4);
    const int32_t frame_in_step = (int32_t)(uint32_t)take(&at, 4);
    if (action < -1 || action >= num_actions || frame_in_step < 0 ||
        frame_in_step >= player->frame_skip || frame_in_macro < 0)
        return false;
    if (action >= 0 && frame_in_macro >= action_frames(player, action) + player->frame_skip)
        return false;

    motor_t *motor = &player->motor;
    motor->action = action;
    motor->frame_in_macro = frame_in_macro;
    motor->frame_in_step = frame_in_step;
    motor->faces_left = take(&at, 1) != 0;
    motor->was_done = take(&at, 1) != 0;
    motor->keeps_step_pad = take(&at, 1) != 0;
    const bool was_suspended = take(&at, 1) != 0;
    motor->step_pad = (uint16_t)take(&at, 2);
    motor->pad = (uint16_t)take(&at, 2);
    motor->random = take(&at, 8);
    at = bytes + TRAILER_HEAD_BYTES;
    memcpy(motor->first_picture, at, VISION_BYTES);
    memcpy(motor->ring, at + VISION_BYTES, sizeof motor->ring);
    motor->newest = PLAYER_OBS_STACK - 1;
    memcpy(player->last_picture, motor->ring[motor->newest], VISION_BYTES);

    player->decision_open = player->outcome_ready = false;
    player->steps = player->frames = 0;
    player->step_reward = player->discounted = 0;
    player->discount = 1;
    player->episode_return = 0;
    player->episode_steps = 0;
    /* Who holds the pad now is the human's business, not the state's. */
    if (player->suspended || was_suspended) motor->action = -1;
    read_variables_anew(player);
    return true;
}
