/* actor_pool.c - see actor_pool.h. */
#include "actor_pool.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actor_transport.h"

enum { CARRY_NAP_NS = 3000000 };

typedef struct {
    uint64_t frames, frames_before; /* of its life; of lives before */
    /* Of each seat: what the decision was made on, what came of it. */
    uint8_t before[ACTOR_MAX_STREAMS][ACTOR_OBS_MOST_BYTES];
    uint8_t obs[ACTOR_MAX_STREAMS][ACTOR_OBS_MOST_BYTES];
} pool_actor_t;

struct actor_pool {
    actor_pool_config_t config;
    exchange_t *exchange;
    const actor_transport_t *transport;
    void *carrier; /* the transport's own */
    size_t weight_bytes;
    pool_actor_t *actors;
    int32_t next;  /* whose turn is looked at next */
    int32_t taken; /* whose record the caller holds; -1: none */
    uint32_t num_past, past[ACTOR_MAX_PAST];
    float start_shares[PRESET_MAX_STARTS];
};

/* ---- life ------------------------------------------------------------------------------------ */

void actor_pool_set_defaults(actor_pool_config_t *config)
{
    if (!config->ring_records) config->ring_records = 64;
    if (!config->silence_limit_ms) config->silence_limit_ms = 5000;
    if (!config->boot_limit_ms) config->boot_limit_ms = 60000;
    if (!config->memory_limit_mib) config->memory_limit_mib = 2048;
}

static bool make_exchange(actor_pool_t *pool, char *why)
{
    const actor_config_t *actor = &pool->config.actor;
    if (!actor_weight_bytes(actor, &pool->weight_bytes, why)) return false;
    const exchange_config_t config = { .num_actors = pool->config.num_actors,
                                       .ring_records = pool->config.ring_records,
                                       .record_bytes = actor_record_bytes(actor),
                                       .weight_bytes = pool->weight_bytes };
    return exchange_create(&pool->exchange, &config, why);
}

bool actor_pool_start(actor_pool_t **out, const actor_pool_config_t *config, why_t why)
{
    *out = NULL;
    if (config->num_actors < 1 || config->num_actors > EXCHANGE_MAX_ACTORS)
        return refuse(why, "workers must be 1..%d, found %d", EXCHANGE_MAX_ACTORS,
                      config->num_actors);
    actor_pool_t *pool = calloc(1, sizeof *pool);
    if (!pool) return refuse(why, "no memory for actors");
    pool->config = *config;
    pool->transport = config->transport ? config->transport : &actor_processes;
    pool->taken = -1;
    actor_pool_set_defaults(&pool->config);
    pool->actors = calloc((size_t)config->num_actors, sizeof *pool->actors);
    bool ok = pool->actors || refuse(why, "no memory for %d actors", config->num_actors);
    ok = ok && make_exchange(pool, why) &&
         pool->transport->start(&pool->carrier, pool->exchange, &pool->config, why);
    if (!ok) {
        actor_pool_stop(pool);
        return false;
    }
    *out = pool;
    return true;
}

void actor_pool_stop(actor_pool_t *pool)
{
    if (!pool) return;
    if (pool->exchange) exchange_stop(pool->exchange);
    pool->transport->stop(pool->carrier);
    exchange_destroy(pool->exchange);
    free(pool->actors);
    free(pool);
}

/* ---- weights and permission ------------------------------------------------------------------ */

float *actor_pool_draft(actor_pool_t *pool)
{
    actor_weights_t *head = pool->weight_bytes ? exchange_draft(pool->exchange) : NULL;
    return head ? (float *)(head + 1) : NULL;
}

void actor_pool_publish(actor_pool_t *pool, float epsilon)
{
    actor_weights_t *head = pool->weight_bytes ? exchange_draft(pool->exchange) : NULL;
    if (!head) return;
    head->epsilon = epsilon;
    head->num_past = pool->num_past;
    memcpy(head->past, pool->past, sizeof head->past);
    memcpy(head->start_shares, pool->start_shares, sizeof head->start_shares);
    exchange_publish(pool->exchange);
}

void actor_pool_set_past(actor_pool_t *pool, const uint32_t *numbers, int32_t count)
{
    pool->num_past = count > ACTOR_MAX_PAST ? ACTOR_MAX_PAST : (uint32_t)count;
    if (pool->num_past) memcpy(pool->past, numbers, pool->num_past * sizeof *numbers);
}

void actor_pool_set_starts(actor_pool_t *pool, const float *shares)
{
    memcpy(pool->start_shares, shares,
           (size_t)pool->config.actor.num_starts * sizeof *pool->start_shares);
}

void actor_pool_allow(actor_pool_t *pool, uint64_t count)
{
    exchange_allow(pool->exchange, count);
}

/* ---- records --------------------------------------------------------------------------------- */

static void release(actor_pool_t *pool)
{
    if (pool->taken >= 0) exchange_pop(pool->exchange, pool->taken);
    pool->taken = -1;
}

static void carry(actor_pool_t *pool)
{
    if (pool->transport->carry) pool->transport->carry(pool->carrier);
}

bool actor_pool_turn(actor_pool_t *pool, actor_turn_t *turn)
{
    release(pool);
    carry(pool);
    for (int32_t i = 0; i < pool->config.num_actors; i++) {
        const int32_t a = pool->next;
        pool->next = (a + 1) % pool->config.num_actors;
        const actor_record_t *record = exchange_peek(pool->exchange, a);
        if (!record) continue;
        pool_actor_t *actor = &pool->actors[a];
        const size_t look_bytes = actor_look_bytes(&pool->config.actor);
        uint8_t *before = actor->before[record->seat], *obs = actor->obs[record->seat];
        memcpy(before, obs, PLAYER_OBS_STACK * look_bytes);
        actor_observe(obs, look_bytes, record);
        if (record->frames < actor->frames) actor->frames_before += actor->frames; /* reborn */
        actor->frames = record->frames;
        *turn = (actor_turn_t){
            .actor = a,
            .stream = a * actor_num_seats(&pool->config.actor) + record->seat,
            .is_twin = actor_is_twin(&pool->config.actor, record->seat),
            .met = record->met,
            .start = record->start,
            .began = record->kind == ACTOR_BEGAN,
            .outcome = record->outcome,
            .before = before,
            .obs = obs,
            .picture = record->has_view ? actor_view(&pool->config.actor, record) : NULL,
            .screen = record->screen_width_px ? actor_screen(&pool->config.actor, record) : NULL,
            .screen_width_px = (int32_t)record->screen_width_px,
            .screen_height_px = (int32_t)record->screen_height_px
        };
        if (!turn->began && !turn->is_twin) pool->transport->brought(pool->carrier, a);
        pool->taken = a;
        return true;
    }
    return false;
}

bool actor_pool_wait(actor_pool_t *pool, int32_t timeout_ms)
{
    release(pool);
    if (!pool->transport->carry) return exchange_wait(pool->exchange, timeout_ms);
    /* Nothing wakes us when a message comes: look often enough that no actor runs dry. */
    const struct timespec nap = { .tv_nsec = CARRY_NAP_NS };
    const int64_t naps = (int64_t)timeout_ms * 1000000 / CARRY_NAP_NS;
    for (int64_t i = 0;; i++) {
        carry(pool);
        if (exchange_wait(pool->exchange, 0)) return true;
        if (i >= naps) return false;
        nanosleep(&nap, NULL);
    }
}

/* ---- looking after them ---------------------------------------------------------------------- */

bool actor_pool_watch(actor_pool_t *pool, why_t why)
{
    return pool->transport->watch(pool->carrier, why);
}

const char *actor_pool_news(actor_pool_t *pool)
{
    return pool->transport->news(pool->carrier);
}

uint32_t actor_pool_deaths(const actor_pool_t *pool)
{
    return pool->transport->deaths(pool->carrier);
}

double actor_pool_cpu_seconds(const actor_pool_t *pool)
{
    return pool->transport->cpu_seconds(pool->carrier);
}

uint64_t actor_pool_frames(const actor_pool_t *pool)
{
    uint64_t frames = 0;
    for (int32_t a = 0; a < pool->config.num_actors; a++)
        frames += pool->actors[a].frames + pool->actors[a].frames_before;
    return frames;
}
