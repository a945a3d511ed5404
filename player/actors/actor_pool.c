/* actor_pool.c - see actor_pool.h. */
#include "actor_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bridge.h"
#include "processors.h"
#include "worker.h"

enum { WATCH_EVERY_MS = 100, MEMORY_EVERY_MS = 1000, AWAY_MS = 500 };

typedef struct {
    actor_pool_t *pool;
    int32_t index;
    worker_t *worker;
    bool has_begun;                 /* since its last start: a frame was seen */
    int32_t deaths;                 /* in a row, without a decision between them */
    uint64_t beats;                 /* seen last */
    int64_t alive_at_ms;            /* when they were seen to change, or it had to wait */
    uint64_t frames, frames_before; /* of its life; of lives before */
    /* Of each seat: what the decision was made on, what came of it. */
    uint8_t before[ACTOR_SEATS][PLAYER_OBS_MOST_BYTES], obs[ACTOR_SEATS][PLAYER_OBS_MOST_BYTES];
} pool_actor_t;

struct actor_pool {
    actor_pool_config_t config;
    exchange_t *exchange;
    size_t weight_bytes;
    pool_actor_t *actors;
    int32_t next;  /* whose turn is looked at next */
    int32_t taken; /* whose record the caller holds; -1: none */
    int64_t watched_at_ms, weighed_at_ms;
    uint32_t deaths;
    uint32_t num_past, past[ACTOR_MAX_PAST];
    bool has_news;
    why_t news;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- in the actor's process ------------------------------------------------------------------ */

static void live(worker_child_t *child, void *shared, void *argument)
{
    (void)shared;
    const pool_actor_t *actor = argument;
    why_t why;
    if (actor->pool->config.pins) (void)processors_pin(actor->index);
    if (!actor_play(actor->pool->exchange, actor->index, &actor->pool->config.actor, why))
        worker_fail(child, why);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void set_defaults(actor_pool_config_t *config)
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

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool start_one(actor_pool_t *pool, int32_t index, char *why)
{
    pool_actor_t *actor = &pool->actors[index];
    actor->pool = pool;
    actor->index = index;
    actor->alive_at_ms = now_ms();
    char name[300];
    snprintf(name, sizeof name, "%.140s playing %.140s", file_name(pool->config.actor.core_path),
             file_name(pool->config.actor.content_path));
    return worker_start(&actor->worker, 0, live, actor, name, why) == WORKER_OK;
}

/* It has booted: it has begun an episode, or waits until it may. */
static bool has_booted(actor_pool_t *pool, int32_t a)
{
    return exchange_peek(pool->exchange, a) || exchange_actor_waits(pool->exchange, a);
}

/* Until each has booted. */
static bool wait_for_all(actor_pool_t *pool, char *why)
{
    for (int32_t a = 0; a < pool->config.num_actors; a++)
        while (!has_booted(pool, a)) {
            const pool_actor_t *actor = &pool->actors[a];
            const worker_status_t status = worker_wait(actor->worker, 5, why);
            if (status == WORKER_DIED) return false;
            if (now_ms() - actor->alive_at_ms > pool->config.boot_limit_ms)
                return refuse(why, "actor %d has not begun within %d s: its core hangs", a + 1,
                              pool->config.boot_limit_ms / 1000);
        }
    return true;
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
    pool->taken = -1;
    set_defaults(&pool->config);
    pool->actors = calloc((size_t)config->num_actors, sizeof *pool->actors);
    bool ok = pool->actors || refuse(why, "no memory for %d actors", config->num_actors);
    ok = ok && make_exchange(pool, why);
    for (int32_t a = 0; ok && a < config->num_actors; a++) ok = start_one(pool, a, why);
    ok = ok && wait_for_all(pool, why);
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
    for (int32_t a = 0; pool->actors && a < pool->config.num_actors; a++)
        worker_stop(pool->actors[a].worker);
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
    exchange_publish(pool->exchange);
}

void actor_pool_set_past(actor_pool_t *pool, const uint32_t *numbers, int32_t count)
{
    pool->num_past = count > ACTOR_MAX_PAST ? ACTOR_MAX_PAST : (uint32_t)count;
    memcpy(pool->past, numbers, pool->num_past * sizeof *numbers);
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

bool actor_pool_turn(actor_pool_t *pool, actor_turn_t *turn)
{
    release(pool);
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
        *turn = (actor_turn_t){ .actor = a,
                                .stream = a * actor_num_seats(&pool->config.actor) + record->seat,
                                .met = record->met,
                                .began = record->kind == ACTOR_BEGAN,
                                .outcome = record->outcome,
                                .before = before,
                                .obs = obs,
                                .screen = record->screen_width_px
                                              ? actor_screen(&pool->config.actor, record)
                                              : NULL,
                                .screen_width_px = (int32_t)record->screen_width_px,
                                .screen_height_px = (int32_t)record->screen_height_px };
        if (!turn->began) actor->deaths = 0;
        pool->taken = a;
        return true;
    }
    return false;
}

bool actor_pool_wait(actor_pool_t *pool, int32_t timeout_ms)
{
    release(pool);
    return exchange_wait(pool->exchange, timeout_ms);
}

/* ---- looking after them ---------------------------------------------------------------------- */

/* In MiB; 0 if it cannot be told. */
static int64_t resident_mib(const worker_t *worker)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)worker_pid(worker));
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    long long total = 0, resident = 0;
    const bool ok = fscanf(file, "%lld %lld", &total, &resident) == 2;
    fclose(file);
    return ok ? (int64_t)resident * sysconf(_SC_PAGESIZE) / (1 << 20) : 0;
}

/* False: it lives. True: it is dead or must die, and `cause` says why. */
static bool is_lost(actor_pool_t *pool, pool_actor_t *actor, int64_t now, bool weighs, char *cause)
{
    if (worker_wait(actor->worker, 0, cause) == WORKER_DIED) return true;
    const uint64_t beats = exchange_beats(pool->exchange, actor->index);
    if (beats != actor->beats || exchange_actor_waits(pool->exchange, actor->index)) {
        actor->has_begun |= beats != actor->beats;
        actor->beats = beats;
        actor->alive_at_ms = now;
    }
    const int32_t limit =
        actor->has_begun ? pool->config.silence_limit_ms : pool->config.boot_limit_ms;
    if (now - actor->alive_at_ms > limit)
        return !refuse(cause, "%s: no frame for %.1f s, ended", worker_name(actor->worker),
                       (double)limit / 1000);
    const int64_t mib = weighs ? resident_mib(actor->worker) : 0;
    if (mib > pool->config.memory_limit_mib)
        return !refuse(cause, "%s: took %lld MiB of memory, more than %d, ended",
                       worker_name(actor->worker), (long long)mib, pool->config.memory_limit_mib);
    return false;
}

bool actor_pool_watch(actor_pool_t *pool, why_t why)
{
    const int64_t now = now_ms();
    if (now - pool->watched_at_ms < WATCH_EVERY_MS) return true;
    /* Nobody watched (a save, an evaluation): who was silent or waited meanwhile is not known. */
    const bool was_away = now - pool->watched_at_ms > AWAY_MS;
    for (int32_t a = 0; was_away && a < pool->config.num_actors; a++)
        pool->actors[a].alive_at_ms = now;
    pool->watched_at_ms = now;
    const bool weighs = now - pool->weighed_at_ms >= MEMORY_EVERY_MS;
    if (weighs) pool->weighed_at_ms = now;
    for (int32_t a = 0; a < pool->config.num_actors; a++) {
        pool_actor_t *actor = &pool->actors[a];
        why_t cause;
        if (!is_lost(pool, actor, now, weighs, cause)) continue;
        pool->deaths++;
        if (++actor->deaths >= ACTOR_POOL_MAX_DEATHS)
            return refuse(why, "%.400s; it died %d times in a row and is given up", cause,
                          actor->deaths);
        exchange_actor_died(pool->exchange, a);
        why_t flaw;
        if (worker_restart(actor->worker, flaw) != WORKER_OK)
            return refuse(why, "%.400s; it could not be started again: %.400s", cause, flaw);
        actor->alive_at_ms = now;
        actor->has_begun = false;
        refuse(pool->news, "%s", cause);
        pool->has_news = true;
    }
    return true;
}

const char *actor_pool_news(actor_pool_t *pool)
{
    if (!pool->has_news) return NULL;
    pool->has_news = false;
    return pool->news;
}

uint32_t actor_pool_deaths(const actor_pool_t *pool)
{
    return pool->deaths;
}

uint64_t actor_pool_frames(const actor_pool_t *pool)
{
    uint64_t frames = 0;
    for (int32_t a = 0; a < pool->config.num_actors; a++)
        frames += pool->actors[a].frames + pool->actors[a].frames_before;
    return frames;
}

double actor_pool_cpu_seconds(const actor_pool_t *pool)
{
    double seconds = 0;
    for (int32_t a = 0; a < pool->config.num_actors; a++)
        if (worker_pid(pool->actors[a].worker) > 0)
            seconds += processors_seconds_of(worker_pid(pool->actors[a].worker));
    return seconds;
}
