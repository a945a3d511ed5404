/* actor_processes.c - actors as forked processes of this machine, which share the exchange's block:
 * how they are started, watched, and started again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "actor_transport.h"
#include "clock.h"
#include "processors.h"
#include "worker.h"

enum { BOOT_LOOK_MS = 5, WATCH_EVERY_MS = 100, MEMORY_EVERY_MS = 1000, AWAY_MS = 500 };

typedef struct actor_crew actor_crew_t;

typedef struct {
    actor_crew_t *crew;
    int32_t index;
    worker_t *worker;
    bool has_begun; /* since its last start: a frame was seen */
    int32_t deaths; /* in a row, without a decision between them */
    uint64_t beats; /* seen last */
    /* Since they were seen to change, or it had to wait: of this time what could be its own fault
     * (count_silence()). */
    double silent_seconds;
    double looked_at, had_seconds; /* then, when it was counted last: the clock, of a processor */
} crew_actor_t;

struct actor_crew {
    const actor_pool_config_t *config;
    exchange_t *exchange;
    crew_actor_t *actors;
    int64_t watched_at_ms, weighed_at_ms;
    uint32_t deaths;
    bool has_news;
    why_t news;
};

/* ---- in the actor's process ------------------------------------------------------------------ */

static void live(worker_child_t *child, void *shared, void *argument)
{
    (void)shared;
    const crew_actor_t *actor = argument;
    why_t why;
    processors_give_way(); /* else both fall behind while the learner shares a processor with one */
    if (actor->crew->config->pins)
        (void)processors_pin(actor->crew->config->first_processor + actor->index);
    if (!actor_play(actor->crew->exchange, actor->index, &actor->crew->config->actor, why))
        worker_fail(child, why);
}

/* ---- how long an actor is silent ------------------------------------------------------------- */

static void begin_silence(crew_actor_t *actor)
{
    actor->silent_seconds = actor->had_seconds = 0;
    actor->looked_at = clock_now();
}

/* A machine that has no processor left for an actor makes it silent, too, and ending it would not
 * help. So while it runs or waits for a processor what it had of one counts, and all of the time
 * while it waits for anything else: asleep, at a disk, stopped. What it does at this moment stands
 * for all since the last look. */
static void count_silence(crew_actor_t *actor)
{
    const int32_t pid = worker_pid(actor->worker);
    const double now = clock_now(), had = processors_seconds_of(pid);
    const double since = now - actor->looked_at, ran = had - actor->had_seconds;
    actor->looked_at = now;
    actor->had_seconds = had;
    actor->silent_seconds += ran < since && processors_is_runnable(pid) ? ran : since;
}

/* ---- life ------------------------------------------------------------------------------------ */

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool start_one(actor_crew_t *crew, int32_t index, char *why)
{
    crew_actor_t *actor = &crew->actors[index];
    actor->crew = crew;
    actor->index = index;
    begin_silence(actor);
    char name[300];
    snprintf(name, sizeof name, "%.140s playing %.140s", file_name(crew->config->actor.core_path),
             file_name(crew->config->actor.content_path));
    return worker_start(&actor->worker, 0, live, actor, name, why) == WORKER_OK;
}

/* It has booted: it has begun an episode, or waits until it may. */
static bool has_booted(actor_crew_t *crew, int32_t a)
{
    return exchange_peek(crew->exchange, a) || exchange_actor_waits(crew->exchange, a);
}

/* Until each has booted. */
static bool wait_for_all(actor_crew_t *crew, char *why)
{
    for (int32_t a = 0; a < crew->config->num_actors; a++)
        while (!has_booted(crew, a)) {
            crew_actor_t *actor = &crew->actors[a];
            const worker_status_t status = worker_wait(actor->worker, BOOT_LOOK_MS, why);
            if (status == WORKER_DIED) return false;
            count_silence(actor);
            if (1000 * actor->silent_seconds > crew->config->boot_limit_ms)
                return refuse(why, "actor %d has not begun within %d s: its core hangs", a + 1,
                              crew->config->boot_limit_ms / 1000);
        }
    return true;
}

static void stop(void *carrier)
{
    actor_crew_t *crew = carrier;
    if (!crew) return;
    for (int32_t a = 0; crew->actors && a < crew->config->num_actors; a++)
        worker_stop(crew->actors[a].worker);
    free(crew->actors);
    free(crew);
}

static bool start(void **out, exchange_t *exchange, const actor_pool_config_t *config, why_t why)
{
    *out = NULL;
    actor_crew_t *crew = calloc(1, sizeof *crew);
    if (!crew) return refuse(why, "no memory for actors");
    crew->config = config;
    crew->exchange = exchange;
    crew->actors = calloc((size_t)config->num_actors, sizeof *crew->actors);
    bool ok = crew->actors || refuse(why, "no memory for %d actors", config->num_actors);
    for (int32_t a = 0; ok && a < config->num_actors; a++) ok = start_one(crew, a, why);
    if (ok && wait_for_all(crew, why)) {
        *out = crew;
        return true;
    }
    exchange_stop(exchange);
    stop(crew);
    return false;
}

/* ---- looking after them ---------------------------------------------------------------------- */

static void brought(void *carrier, int32_t a)
{
    ((actor_crew_t *)carrier)->actors[a].deaths = 0;
}

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
static bool is_lost(actor_crew_t *crew, crew_actor_t *actor, bool was_away, bool weighs,
                    char *cause)
{
    if (worker_wait(actor->worker, 0, cause) == WORKER_DIED) return true;
    const uint64_t beats = exchange_beats(crew->exchange, actor->index);
    count_silence(actor);
    if (beats != actor->beats || exchange_actor_waits(crew->exchange, actor->index)) {
        actor->has_begun |= beats != actor->beats;
        actor->beats = beats;
        actor->silent_seconds = 0;
    }
    if (was_away) actor->silent_seconds = 0;
    const int32_t limit =
        actor->has_begun ? crew->config->silence_limit_ms : crew->config->boot_limit_ms;
    if (1000 * actor->silent_seconds > limit)
        return !refuse(cause, "%s: no frame for %.1f s, ended", worker_name(actor->worker),
                       (double)limit / 1000);
    const int64_t mib = weighs ? resident_mib(actor->worker) : 0;
    if (mib > crew->config->memory_limit_mib)
        return !refuse(cause, "%s: took %lld MiB of memory, more than %d, ended",
                       worker_name(actor->worker), (long long)mib, crew->config->memory_limit_mib);
    return false;
}

static bool watch(void *carrier, why_t why)
{
    actor_crew_t *crew = carrier;
    const int64_t now = clock_now_ms();
    if (now - crew->watched_at_ms < WATCH_EVERY_MS) return true;
    /* Nobody watched (a save, an evaluation): who was silent or waited meanwhile is not known. */
    const bool was_away = now - crew->watched_at_ms > AWAY_MS;
    crew->watched_at_ms = now;
    const bool weighs = now - crew->weighed_at_ms >= MEMORY_EVERY_MS;
    if (weighs) crew->weighed_at_ms = now;
    for (int32_t a = 0; a < crew->config->num_actors; a++) {
        crew_actor_t *actor = &crew->actors[a];
        why_t cause;
        if (!is_lost(crew, actor, was_away, weighs, cause)) continue;
        crew->deaths++;
        if (++actor->deaths >= ACTOR_POOL_MAX_DEATHS)
            return refuse(why, "%.400s; it died %d times in a row and is given up", cause,
                          actor->deaths);
        exchange_actor_died(crew->exchange, a);
        why_t flaw;
        if (worker_restart(actor->worker, flaw) != WORKER_OK)
            return refuse(why, "%.400s; it could not be started again: %.400s", cause, flaw);
        begin_silence(actor);
        actor->has_begun = false;
        refuse(crew->news, "%s", cause);
        crew->has_news = true;
    }
    return true;
}

static const char *news(void *carrier)
{
    actor_crew_t *crew = carrier;
    if (!crew->has_news) return NULL;
    crew->has_news = false;
    return crew->news;
}

static uint32_t deaths(const void *carrier)
{
    return ((const actor_crew_t *)carrier)->deaths;
}

static double cpu_seconds(const void *carrier)
{
    const actor_crew_t *crew = carrier;
    double seconds = 0;
    for (int32_t a = 0; a < crew->config->num_actors; a++)
        if (worker_pid(crew->actors[a].worker) > 0)
            seconds += processors_seconds_of(worker_pid(crew->actors[a].worker));
    return seconds;
}

const actor_transport_t actor_processes = { .start = start,
                                            .brought = brought,
                                            .watch = watch,
                                            .news = news,
                                            .deaths = deaths,
                                            .cpu_seconds = cpu_seconds,
                                            .stop = stop };
