/* crew.c - players in worker processes; requests and pictures through shared memory. */
#include "crew.h"
#include "masher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vision.h"
#include "worker.h"
#include "why.h"

enum { MAX_DEATHS_IN_ROW = 5 };

typedef enum { COMMAND_RESET = 0, COMMAND_ACT } crew_command_t;

/* Shared between the trainer and one worker. Written by the side whose turn it is. */
typedef struct {
    crew_command_t command;
    int32_t action;
    bool want_picture;

    bool has_outcome;
    player_outcome_t outcome;
    uint64_t frames;
    uint32_t picture_width_px, picture_height_px;
    uint8_t obs[PLAYER_OBS_BYTES];
    uint8_t final_obs[PLAYER_OBS_BYTES];
    uint8_t picture[3 * CREW_PICTURE_MAX_PX];
} crew_desk_t;

typedef struct {
    crew_t *crew;
    int32_t index;
    worker_t *worker;
    crew_desk_t *desk;
    uint64_t frames_before; /* of processes that died */
    uint64_t frames_seen;
    int32_t deaths_in_row; /* since the last decision that was played to its end */
} member_t;

struct crew {
    crew_config_t config;
    char core_path[4096], content_path[4096], name[256];
    member_t *members;
};

/* ---- in the worker ----------------------------------------------------------------------------
 */

/* Of every frame, because nobody knows before its end which one is the decision's last. */
static void keep_picture(void *user, const bridge_frame_t *frame)
{
    crew_desk_t *desk = user;
    if (!frame->pixels) return; /* repeated: keep the last */
    desk->picture_width_px = desk->picture_height_px = 0;
    if (!vision_rgb(frame, desk->picture, CREW_PICTURE_MAX_PX)) return;
    desk->picture_width_px = frame->width_px;
    desk->picture_height_px = frame->height_px;
}

/* On the pad that is not the agent's. */
typedef struct {
    bridge_t *bridge;
    masher_t masher;
    bool plays;
} opponent_t;

static void act(worker_child_t *child, player_t *player, uint32_t port, opponent_t *opponent,
                crew_desk_t *desk)
{
    why_t why;
    const bridge_observer_t camera = { keep_picture, desk };
    const player_news_t *news;
    player_begin(player, port, desk->action);
    do {
        if (opponent->plays)
            bridge_hold(opponent->bridge, port ^ 1, masher_next(&opponent->masher));
        news = player_frame(player, desk->want_picture ? &camera : NULL);
    } while (!news->closed);
    desk->outcome = news->outcomes[port];
    desk->has_outcome = true;
    if (desk->outcome.terminal || desk->outcome.truncated) {
        memcpy(desk->final_obs, player_observation(player, port), PLAYER_OBS_BYTES);
        if (!player_reset(player, why)) worker_fail(child, why);
    }
}

static void member_body(worker_child_t *child, void *shared, void *argument)
{
    const member_t *member = argument;
    const crew_config_t *crew = &member->crew->config;
    crew_desk_t *desk = shared;
    why_t why;
    desk->has_outcome = false;

    bridge_t *bridge;
    const bridge_config_t bridge_config = { .core_path = crew->core_path };
    if (bridge_open(&bridge, &bridge_config, why) != BRIDGE_OK) worker_fail(child, why);
    if (bridge_load(bridge, crew->content_path, NULL, 0, why) != BRIDGE_OK) worker_fail(child, why);

    player_config_t config;
    player_config_defaults(&config, bridge, crew->preset);
    config.ports = 1u << crew->port;
    config.discount_per_step = crew->discount_per_step;
    config.min_idle_frames = crew->min_idle_frames;
    config.max_idle_frames = crew->max_idle_frames;
    config.sticky_probability = crew->sticky_probability;
    config.novelty = crew->novelty;
    config.seed = crew->seed + (uint64_t)member->index;
    player_t *player;
    if (!player_create(&player, &config, why)) worker_fail(child, why);
    if (!player_boot(player, crew->start, why)) worker_fail(child, why);

    opponent_t opponent = { .bridge = bridge, .plays = crew->against_masher };
    masher_init(&opponent.masher, crew->preset, config.seed);
    while (worker_next(child)) {
        desk->has_outcome = false;
        if (desk->command == COMMAND_ACT)
            act(child, player, crew->port, &opponent, desk);
        else if (!player_reset(player, why))
            worker_fail(child, why);
        memcpy(desk->obs, player_observation(player, crew->port), PLAYER_OBS_BYTES);
        desk->frames = player_frames(player);
        worker_reply(child);
    }
    player_destroy(player);
    bridge_close(bridge);
}

/* ---- in the parent -----------------------------------------------------------------------------
 */

bool crew_start(crew_t **out, const crew_config_t *config, why_t why)
{
    *out = NULL;
    if (config->num_members < 1 || config->num_members > 256)
        return refuse(why, "workers must be 1..256, found %d", config->num_members);
    crew_t *crew = calloc(1, sizeof *crew);
    member_t *members = calloc((size_t)config->num_members, sizeof *members);
    if (!crew || !members) {
        free(crew);
        free(members);
        return refuse(why, "no memory for %d workers", config->num_members);
    }
    crew->config = *config;
    crew->members = members;
    snprintf(crew->core_path, sizeof crew->core_path, "%s", config->core_path);
    snprintf(crew->content_path, sizeof crew->content_path, "%s", config->content_path);
    crew->config.core_path = crew->core_path;
    crew->config.content_path = crew->content_path;
    if (crew->config.frame_limit_ms == 0) crew->config.frame_limit_ms = 20000;
    const char *core = strrchr(crew->core_path, '/'), *game = strrchr(crew->content_path, '/');
    snprintf(crew->name, sizeof crew->name, "%.100s playing %.100s",
             core ? core + 1 : crew->core_path, game ? game + 1 : crew->content_path);

    bool ok = true;
    for (int32_t m = 0; ok && m < config->num_members; m++) {
        members[m].crew = crew;
        members[m].index = m;
        ok = worker_start(&members[m].worker, sizeof(crew_desk_t), member_body, &members[m],
                          crew->name, why) == WORKER_OK;
        if (ok) members[m].desk = worker_shared(members[m].worker);
    }
    for (int32_t m = 0; ok && m < config->num_members; m++) crew_reset(crew, m);
    for (int32_t m = 0; ok && m < config->num_members; m++)
        ok = worker_wait(members[m].worker, 120000, why) == WORKER_OK;
    if (!ok) {
        crew_stop(crew);
        return false;
    }
    *out = crew;
    return true;
}

void crew_stop(crew_t *crew)
{
    if (!crew) return;
    for (int32_t m = 0; m < crew->config.num_members; m++) worker_stop(crew->members[m].worker);
    free(crew->members);
    free(crew);
}

static void ask(crew_t *crew, int32_t member, crew_command_t command, int32_t action)
{
    crew_desk_t *desk = crew->members[member].desk;
    desk->command = command;
    desk->action = action;
    worker_post(crew->members[member].worker);
}

void crew_reset(crew_t *crew, int32_t member)
{
    ask(crew, member, COMMAND_RESET, 0);
}

void crew_act(crew_t *crew, int32_t member, int32_t action)
{
    ask(crew, member, COMMAND_ACT, action);
}

void crew_want_pictures(crew_t *crew, int32_t member, bool want)
{
    crew->members[member].desk->want_picture = want;
}

/* A dead member gets three chances to come back; `why` keeps how it died. */
static bool revive(member_t *member, char *why)
{
    why_t again;
    member->frames_before += member->frames_seen;
    member->frames_seen = 0;
    for (int attempt = 0; attempt < 3; attempt++) {
        if (worker_restart(member->worker, again) != WORKER_OK) continue;
        crew_reset(member->crew, member->index);
        if (worker_wait(member->worker, 120000, again) == WORKER_OK) return true;
    }
    if (why) {
        const size_t length = strlen(why);
        snprintf(why + length, sizeof(why_t) - length, "; and three restarts failed: %.200s",
                 again);
    }
    return false;
}

bool crew_collect(crew_t *crew, int32_t m, crew_turn_t *turn, why_t why)
{
    member_t *member = &crew->members[m];
    *turn = (crew_turn_t){ .obs = member->desk->obs, .final_obs = member->desk->final_obs };
    const worker_status_t status = worker_wait(member->worker, crew->config.frame_limit_ms, why);
    if (status != WORKER_OK) {
        turn->crashed = true;
        if (++member->deaths_in_row > MAX_DEATHS_IN_ROW) {
            why_t last;
            snprintf(last, sizeof last, "%s", why ? why : "");
            return refuse(why, "%.300s; it died %d times in a row and is given up", last,
                          member->deaths_in_row);
        }
        if (!revive(member, why)) return false;
    }
    turn->has_outcome = member->desk->has_outcome;
    if (turn->has_outcome) member->deaths_in_row = 0;
    turn->outcome = member->desk->outcome;
    member->frames_seen = member->desk->frames;
    return true;
}

const uint8_t *crew_picture(crew_t *crew, int32_t member, int32_t *width_px, int32_t *height_px)
{
    const crew_desk_t *desk = crew->members[member].desk;
    *width_px = (int32_t)desk->picture_width_px;
    *height_px = (int32_t)desk->picture_height_px;
    return *width_px > 0 ? desk->picture : NULL;
}

uint32_t crew_crashes(const crew_t *crew)
{
    uint32_t crashes = 0;
    for (int32_t m = 0; m < crew->config.num_members; m++)
        crashes += worker_restarts(crew->members[m].worker);
    return crashes;
}

uint64_t crew_frames(const crew_t *crew)
{
    uint64_t frames = 0;
    for (int32_t m = 0; m < crew->config.num_members; m++)
        frames += crew->members[m].frames_before + crew->members[m].frames_seen;
    return frames;
}
