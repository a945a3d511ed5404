/* actor.c - see actor.h. */
#include "actor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "kinds.h"
#include "masher.h"
#include "pictures.h"
#include "policy.h"
#include "splitmix.h"
#include "vision.h"
#include "why.h"

typedef struct {
    const actor_config_t *config;
    exchange_t *exchange;
    int32_t a;
    bridge_t *bridge;
    player_t *player;
    policy_t *policy; /* NULL: random actions */
    void *weights;    /* a publication */
    size_t weight_bytes;
    uint64_t version;
    float epsilon;
    uint64_t random;
    masher_t masher; /* on the other pad, if config->against_masher */
    size_t look_bytes;
    uint8_t reported[PLAYER_OBS_MOST_BYTES]; /* the observation of the last record */
    uint8_t *screen; /* (3 * ACTOR_SCREEN_MAX_PX), of the newest frame that was drawn */
    uint32_t screen_width_px, screen_height_px;
    why_t why;
} actor_t;

agent_eyes_t actor_eyes(const actor_config_t *config)
{
    return config->agent ? config->agent->eyes : AGENT_EYES_PICTURES;
}

size_t actor_look_bytes(const actor_config_t *config)
{
    return config->agent ? agent_look_bytes(config->agent) : ACTOR_PICTURE_BYTES;
}

const uint8_t *actor_screen(const actor_config_t *config, const actor_record_t *record)
{
    return record->looks + PLAYER_OBS_STACK * actor_look_bytes(config);
}

size_t actor_record_bytes(const actor_config_t *config)
{
    return sizeof(actor_record_t) + PLAYER_OBS_STACK * actor_look_bytes(config) +
           (config->shows_screen ? 3 * (size_t)ACTOR_SCREEN_MAX_PX : 0);
}

static size_t publication_bytes(const policy_t *policy)
{
    return sizeof(actor_weights_t) +
           (policy_num_weights(policy) + (size_t)policy_num_kinds(policy)) * sizeof(float);
}

size_t actor_record_used_bytes(const actor_config_t *config, const actor_record_t *record)
{
    if (record->screen_width_px > 0)
        return (size_t)(actor_screen(config, record) - (const uint8_t *)record) +
               3 * (size_t)record->screen_width_px * (size_t)record->screen_height_px;
    return sizeof *record + (size_t)record->num_looks * actor_look_bytes(config);
}

bool actor_weight_bytes(const actor_config_t *config, size_t *bytes, why_t why)
{
    *bytes = 0;
    if (config->who == ACTOR_RANDOM) return true;
    policy_t *policy;
    if (policy_create(&policy, config->agent, why) != AGENT_OK) return false;
    *bytes = publication_bytes(policy);
    policy_destroy(policy);
    return true;
}

void actor_observe(uint8_t *obs, size_t look_bytes, const actor_record_t *record)
{
    const size_t added = (size_t)record->num_looks * look_bytes;
    const size_t kept = PLAYER_OBS_STACK * look_bytes - added;
    memmove(obs, obs + added, kept);
    memcpy(obs + kept, record->looks, added);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void leave(actor_t *actor)
{
    player_destroy(actor->player);
    bridge_close(actor->bridge);
    policy_destroy(actor->policy);
    free(actor->weights);
    free(actor->screen);
}

void actor_player_config(player_config_t *player, const actor_config_t *config, bridge_t *bridge)
{
    player_config_defaults(player, bridge, config->preset);
    player->ports = 1u << config->port;
    player->discount_per_step = config->discount_per_step;
    player->min_idle_frames = config->min_idle_frames;
    player->max_idle_frames = config->max_idle_frames;
    player->sticky_probability = config->sticky_probability;
    player->eyes = actor_eyes(config);
    player->novelty = config->novelty;
    player->seed = config->seed;
}

static bool enter(actor_t *actor)
{
    const actor_config_t *config = actor->config;
    const bridge_config_t bridge = { .core_path = config->core_path };
    if (bridge_open(&actor->bridge, &bridge, actor->why) != BRIDGE_OK) return false;
    if (bridge_load(actor->bridge, config->content_path, NULL, 0, actor->why) != BRIDGE_OK)
        return false;

    player_config_t player;
    actor_player_config(&player, config, actor->bridge);
    player.seed += (uint64_t)actor->a;
    if (!player_create(&actor->player, &player, actor->why)) return false;
    if (!player_boot(actor->player, config->start, actor->why)) return false;

    if (config->shows_screen && !(actor->screen = malloc(3 * (size_t)ACTOR_SCREEN_MAX_PX)))
        return refuse(actor->why, "no memory for the screen's picture");
    actor->look_bytes = actor_look_bytes(config);
    actor->random = player.seed;
    masher_init(&actor->masher, config->preset, player.seed);
    if (config->who == ACTOR_RANDOM) return true;
    agent_config_t agent = *config->agent;
    agent.seed = player.seed; /* each explores on its own */
    if (policy_create(&actor->policy, &agent, actor->why) != AGENT_OK) return false;
    actor->weight_bytes = publication_bytes(actor->policy);
    actor->weights = malloc(actor->weight_bytes);
    return actor->weights || refuse(actor->why, "no memory for the weights");
}

/* ---- records --------------------------------------------------------------------------------- */

/* False: stopped. outcome NULL: an episode began. */
static bool report(actor_t *actor, const player_outcome_t *outcome)
{
    actor_record_t *record = exchange_slot(actor->exchange, actor->a);
    if (!record) return false;
    const uint8_t *obs = player_observation(actor->player, actor->config->port);
    const int32_t count =
        outcome ? pictures_num_new(actor->reported, obs, PLAYER_OBS_STACK, actor->look_bytes)
                : PLAYER_OBS_STACK;
    record->kind = outcome ? ACTOR_DECIDED : ACTOR_BEGAN;
    record->num_looks = count;
    if (outcome) record->outcome = *outcome;
    record->frames = player_frames(actor->player);
    const size_t bytes = (size_t)count * actor->look_bytes;
    const size_t obs_bytes = PLAYER_OBS_STACK * actor->look_bytes;
    memcpy(record->looks, obs + obs_bytes - bytes, bytes);
    memcpy(actor->reported, obs, obs_bytes);
    record->screen_width_px = record->screen_height_px = 0;
    if (actor->screen && actor->screen_width_px) {
        record->screen_width_px = actor->screen_width_px;
        record->screen_height_px = actor->screen_height_px;
        memcpy((uint8_t *)(uintptr_t)actor_screen(actor->config, record), actor->screen,
               3 * (size_t)actor->screen_width_px * actor->screen_height_px);
    }
    const bool ends_episode = outcome && (outcome->terminal || outcome->truncated);
    exchange_push(actor->exchange, actor->a,
                  actor->config->counts_episodes ? ends_episode : outcome != NULL);
    return true;
}

/* ---- play ------------------------------------------------------------------------------------ */

static void on_frame(void *user, const bridge_frame_t *frame)
{
    actor_t *actor = user;
    if (!frame->pixels) return; /* repeated: keep the last */
    actor->screen_width_px = actor->screen_height_px = 0;
    if (!vision_rgb(frame, actor->screen, ACTOR_SCREEN_MAX_PX)) return;
    actor->screen_width_px = frame->width_px;
    actor->screen_height_px = frame->height_px;
}

static double random_unit(actor_t *actor)
{
    return (double)(splitmix64(&actor->random) >> 11) * 0x1p-53;
}

static int32_t choose(actor_t *actor)
{
    const int32_t num_actions = preset_num_actions(actor->config->preset);
    const double *kinds = actor->config->kinds;
    if (!actor->policy && kinds) return kinds_draw(num_actions, kinds, random_unit(actor));
    if (!actor->policy) return (int32_t)splitmix_below(&actor->random, (uint32_t)num_actions);
    if (exchange_take_weights(actor->exchange, actor->a, actor->weights, &actor->version)) {
        const actor_weights_t *head = actor->weights;
        actor->epsilon = head->epsilon;
        const float *weights = (const float *)(head + 1);
        policy_take_weights(actor->policy, weights);
        if (actor->config->who == ACTOR_EXPLORES)
            policy_take_kinds(actor->policy, weights + policy_num_weights(actor->policy));
    }
    const uint8_t *obs = player_observation(actor->player, actor->config->port);
    if (actor->config->who == ACTOR_EXPLORES)
        return policy_explore(actor->policy, obs, actor->epsilon);
    return random_unit(actor) < (double)actor->epsilon
               ? (int32_t)splitmix_below(&actor->random, (uint32_t)num_actions)
               : policy_greedy(actor->policy, obs, 0);
}

/* False: stopped. */
static bool play_episode(actor_t *actor)
{
    const uint32_t port = actor->config->port;
    const bridge_observer_t camera = { .on_frame = on_frame, .user = actor };
    for (;;) {
        if (!actor->config->counts_episodes && !exchange_claim(actor->exchange, actor->a, NULL))
            return false;
        player_begin(actor->player, port, choose(actor));
        const player_news_t *news;
        do {
            if (exchange_stopped(actor->exchange)) return false;
            if (actor->config->against_masher)
                bridge_hold(actor->bridge, port ^ 1, masher_next(&actor->masher));
            news = player_frame(actor->player, actor->screen ? &camera : NULL);
            exchange_beat(actor->exchange, actor->a);
        } while (!(news->closed >> port & 1));
        const player_outcome_t *outcome = &news->outcomes[port];
        if (!report(actor, outcome)) return false;
        if (outcome->terminal || outcome->truncated) return true;
    }
}

bool actor_play(exchange_t *exchange, int32_t a, const actor_config_t *config, why_t why)
{
    actor_t actor = { .config = config, .exchange = exchange, .a = a };
    bool ok = enter(&actor);
    while (ok) {
        uint64_t number;
        if (config->counts_episodes) {
            if (!exchange_claim(exchange, a, &number)) break;
            actor.random = config->seed + number;
            player_seed(actor.player, actor.random);
            masher_init(&actor.masher, config->preset, actor.random);
        }
        ok = player_reset(actor.player, actor.why);
        exchange_beat(exchange, a);
        if (!ok || !report(&actor, NULL) || !play_episode(&actor)) break;
    }
    leave(&actor);
    return ok || refuse(why, "%s", actor.why);
}
