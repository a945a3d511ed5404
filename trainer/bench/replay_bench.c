/* replay_bench.c - see replay_bench.h. */
#include "clock.h"
#include "replay_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "actor_pool.h"
#include "agent_config.h"
#include "memory_free.h"
#include "numbers.h"
#include "processors.h"
#include "replay.h"

enum { RECORDED = 1000, BATCH = 32, BATCHES = 100, WAIT_MS = 20, LOOK_EVERY = 1000 };

typedef struct {
    player_outcome_t outcome;
    uint8_t before[PLAYER_OBS_BYTES], obs[PLAYER_OBS_BYTES];
} bench_transition_t;

struct replay_bench {
    agent_config_t agent;
    bench_transition_t *recorded; /* (num_streams, RECORDED), each stream's in its order */
    int32_t num_streams;
};

/* ---- recording ------------------------------------------------------------------------------- */

static bool record(replay_bench_t *bench, const actor_pool_config_t *actors, char *why)
{
    actor_pool_t *pool;
    actor_turn_t turn;
    int32_t counts[EXCHANGE_MAX_ACTORS] = { 0 }, full = 0;
    if (!actor_pool_start(&pool, actors, why)) return false;
    actor_pool_allow(pool, UINT64_MAX);
    bool ok = true;
    while (ok && full < bench->num_streams) {
        while (full < bench->num_streams && actor_pool_turn(pool, &turn)) {
            int32_t *count = &counts[turn.actor];
            if (turn.began || *count == RECORDED) continue;
            bench_transition_t *one = &bench->recorded[turn.actor * RECORDED + (*count)++];
            one->outcome = turn.outcome;
            memcpy(one->before, turn.before, PLAYER_OBS_BYTES);
            memcpy(one->obs, turn.obs, PLAYER_OBS_BYTES);
            full += *count == RECORDED;
        }
        actor_pool_wait(pool, WAIT_MS);
        ok = actor_pool_watch(pool, why);
    }
    actor_pool_stop(pool);
    return ok;
}

bool replay_bench_open(replay_bench_t **out, const game_t *game, why_t why)
{
    *out = NULL;
    replay_bench_t *bench = calloc(1, sizeof *bench);
    if (!bench) return refuse(why, "no memory for the measurement");
    agent_config_defaults(&bench->agent, preset_num_actions(game->preset));
    const int32_t available = processors_available();
    bench->num_streams = available < 4 ? available : 4;
    bench->recorded = malloc((size_t)bench->num_streams * RECORDED * sizeof *bench->recorded);
    actor_pool_config_t actors = { .num_actors = bench->num_streams, .pins = true };
    game_actors(game, &actors);
    actors.actor.who = ACTOR_RANDOM;
    actors.actor.discount_per_step = bench->agent.discount_per_step;
    actors.actor.max_idle_frames = 30;
    actors.actor.seed = 1;
    if (!bench->recorded || !record(bench, &actors, why)) {
        if (!bench->recorded) refuse(why, "no memory for %d decisions", RECORDED);
        replay_bench_close(bench);
        return false;
    }
    *out = bench;
    return true;
}

void replay_bench_close(replay_bench_t *bench)
{
    if (!bench) return;
    free(bench->recorded);
    free(bench);
}

/* ---- filling --------------------------------------------------------------------------------- */

static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long long total = 0, resident = 0;
    if (file && fscanf(file, "%lld %lld", &total, &resident) != 2) resident = 0;
    if (file) fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

/* Decision n of all; the rounds of the recording are separate chains. */
static void store(const replay_bench_t *bench, replay_t *replay, int32_t n)
{
    const int32_t stream = n % bench->num_streams, at = n / bench->num_streams % RECORDED;
    const bench_transition_t *one = &bench->recorded[stream * RECORDED + at];
    const player_outcome_t *o = &one->outcome;
    if (at == 0) replay_drop(replay, stream);
    replay_open(replay, stream, one->before, o->action);
    replay_settle(replay, stream, o->reward, o->duration_steps, o->terminal, o->truncated,
                  one->obs);
}

static bool draw(replay_t *replay, double *draw_us, char *why)
{
    rng_t rng;
    replay_sample_t samples[BATCH];
    uint8_t *obs = malloc(2 * (size_t)BATCH * PLAYER_OBS_BYTES);
    if (!obs) return refuse(why, "no memory for a batch");
    rng_seed(&rng, 1, 0);
    const double began = clock_cpu();
    for (int32_t i = 0; i < BATCHES; i++) {
        replay_sample(replay, &rng, BATCH, samples, obs, NULL);
        for (int32_t b = 0; b < BATCH; b++)
            replay_set_priority(replay, samples[b].slot, 0.1 + rng_uniform(&rng));
    }
    *draw_us = 1e6 * (clock_cpu() - began) / (BATCHES * BATCH);
    free(obs);
    return true;
}

/* Stores until something ends it; the processor time of the last tenth of what was stored. */
static void fill(const replay_bench_t *bench, replay_t *replay, double seconds,
                 replay_bench_result_t *result)
{
    enum { MOST_MARKS = 1 << 14 };
    static double marks[MOST_MARKS]; /* at each LOOK_EVERY-th decision */
    const double ends_at = clock_now() + seconds, before = resident_bytes();
    const double most_bytes = 0.5 * (double)memory_free_bytes();
    const double began = clock_cpu();
    int32_t n = 0, num_marks = 0;
    for (; n < result->decisions; n++) {
        store(bench, replay, n);
        if ((n + 1) % LOOK_EVERY != 0) continue;
        if (num_marks < MOST_MARKS) marks[num_marks++] = clock_cpu() - began;
        if (clock_now() > ends_at || (most_bytes > 0 && resident_bytes() - before > most_bytes)) {
            n++;
            break;
        }
    }
    result->filled = n;
    result->bytes_per_decision = (resident_bytes() - before) / n;
    const int32_t first = num_marks - 1 - num_marks / 10;
    if (num_marks > 1)
        result->store_us = 1e6 * (marks[num_marks - 1] - marks[first > 0 ? first - 1 : 0]) /
                           (LOOK_EVERY * (double)(num_marks - 1 - (first > 0 ? first - 1 : 0)));
}

bool replay_bench_fill(replay_bench_t *bench, int32_t decisions, double seconds,
                       replay_bench_result_t *result, why_t why)
{
    const agent_config_t *agent = &bench->agent;
    const replay_config_t config = {
        .obs_bytes = PLAYER_OBS_BYTES,
        .stack = PLAYER_OBS_STACK,
        .memory_bytes = (size_t)decisions * 4096, /* more than they take: none is pushed out */
        .num_streams = bench->num_streams,
        .capacity = decisions + 1024,
        .n_step = agent->n_step_decisions,
        .discount_per_step = (double)agent->discount_per_step,
        .prioritized = agent->prioritized,
        .priority_exponent = (double)agent->priority_exponent,
    };
    *result = (replay_bench_result_t){ .decisions = decisions };
    replay_t replay;
    arena_t arena = { .base = NULL };
    replay_take(&replay, &arena, &config);
    const size_t num_bytes = arena.used_bytes;
    void *block = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED)
        return refuse(why, "no address space for a replay memory of %d decisions, %zu MiB",
                      decisions, num_bytes >> 20);
    arena = (arena_t){ .base = block };
    memset(&replay, 0, sizeof replay);
    replay_take(&replay, &arena, &config);
    fill(bench, &replay, seconds, result);
    const bool ok = draw(&replay, &result->draw_us, why);
    munmap(block, num_bytes);
    return ok;
}
