/* train_bench.c - see train_bench.h. */
#include "train_bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "benches.h"
#include "bridge.h"
#include "clock.h"
#include "player.h"
#include "processors.h"
#include "splitmix.h"
#include "training.h"
#include "why.h"
#include "worker.h"

enum {
    MAX_PROCESSORS = 64,
    LEAST_ROUNDS = 3,
    MOST_ROUNDS = 64,
    WARM_DECISIONS = 1000, /* before updates begin */
    SCRIPT_FRAMES = 3600,
    BEGIN_AGAIN = -1,
    SETTLE_MS = 1500, /* at most, until actors that may not go on have stopped */
    BOOT_MS = 60000,
    NUM_BLOCKS = 4
};
static const double BLOCK_SECONDS = 2.0;
typedef enum { BARE, ACTING, LEARNER, TRAINING } bench_block_t;

/* What a process with a bare core shares with us. */
typedef struct {
    double until; /* on clock_now()'s clock, which all processes share */
    uint64_t frames;
    double seconds;
} bare_t;

typedef struct {
    const game_t *game;
    int32_t processors;
    int32_t index; /* of the process that is forked next */
    actor_pool_config_t actors;
    worker_t *cores[MAX_PROCESSORS];
    training_t *acting, *training;
    double per_decision; /* updates */
    train_bench_rates_t rates[NUM_BLOCKS][MOST_ROUNDS];
} training_bench_t;

/* ---- a bare core ----------------------------------------------------------------------------- */

typedef struct {
    bridge_t *bridge;
    player_t *player;
    uint8_t *fight; /* a state: its beginning */
    size_t fight_bytes;
    int32_t pads[SCRIPT_FRAMES]; /* held a frame each; BEGIN_AGAIN: the fight begins again first */
    int32_t at;
} bare_core_t;

/* The pads of random actions, played as an actor plays them. */
static bool write_script(bare_core_t *core, const training_bench_t *bench, char *why)
{
    const uint32_t num_actions = (uint32_t)preset_num_actions(bench->game->preset);
    const uint32_t port = bench->actors.actor.port;
    uint64_t random = bench->actors.actor.seed + (uint64_t)bench->index;
    for (int32_t i = 0; i < SCRIPT_FRAMES; i++) {
        if (player_wants_action(core->player, port))
            player_begin(core->player, port, (int32_t)splitmix_below(&random, num_actions));
        const player_news_t *news = player_frame(core->player, NULL);
        core->pads[i] = player_pad(core->player, port);
        const player_outcome_t *outcome = &news->outcomes[port];
        if (!(news->closed >> port & 1) || !(outcome->terminal || outcome->truncated)) continue;
        if (!player_reset(core->player, why)) return false;
        if (i + 1 < SCRIPT_FRAMES) core->pads[++i] = BEGIN_AGAIN;
    }
    return true;
}

static bool open_core(bare_core_t *core, const training_bench_t *bench, char *why)
{
    const actor_config_t *actor = &bench->actors.actor;
    const bridge_config_t bridge = { .core_path = actor->core_path };
    if (bridge_open(&core->bridge, &bridge, why) != BRIDGE_OK ||
        bridge_load(core->bridge, actor->content_path, NULL, 0, why) != BRIDGE_OK)
        return false;
    player_config_t config;
    actor_player_config(&config, actor, core->bridge);
    config.seed += (uint64_t)bench->index;
    if (!player_create(&core->player, &config, why) ||
        !player_boot(core->player, actor->start, why) || !player_reset(core->player, why))
        return false;
    core->fight_bytes = bridge_state_bytes(core->bridge);
    core->fight = malloc(core->fight_bytes);
    if (!core->fight) return refuse(why, "no memory for a state");
    return bridge_save(core->bridge, core->fight, core->fight_bytes, why) == BRIDGE_OK &&
           write_script(core, bench, why);
}

static bool run_core(bare_core_t *core, bare_t *shared, char *why)
{
    const double began = clock_now();
    uint64_t frames = 0;
    while (frames % 16 != 0 || clock_now() < shared->until) {
        core->at = (core->at + 1) % SCRIPT_FRAMES;
        const int32_t pad = core->at ? core->pads[core->at] : BEGIN_AGAIN;
        if (pad == BEGIN_AGAIN &&
            bridge_restore(core->bridge, core->fight, core->fight_bytes, why) != BRIDGE_OK)
            return false;
        bridge_hold(core->bridge, 0, pad == BEGIN_AGAIN ? 0 : (uint16_t)pad);
        bridge_run_frame(core->bridge, NULL);
        frames++;
    }
    shared->frames = frames;
    shared->seconds = clock_now() - began;
    return true;
}

/* The process ends with it: nothing is freed. */
static void core_body(worker_child_t *child, void *shared, void *argument)
{
    const training_bench_t *bench = argument;
    bare_core_t core = { .at = 0 };
    why_t why = "";
    (void)processors_pin(bench->index);
    if (!open_core(&core, bench, why)) worker_fail(child, why);
    while (worker_next(child)) {
        if (!run_core(&core, shared, why)) worker_fail(child, why);
        worker_reply(child);
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static double our_seconds(const training_bench_t *bench)
{
    struct timespec own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    double seconds = (double)own.tv_sec + 1e-9 * (double)own.tv_nsec;
    for (int32_t i = 0; i < bench->processors; i++)
        seconds += processors_seconds_of(worker_pid(bench->cores[i]));
    return seconds + training_actor_cpu_seconds(bench->acting) +
           training_actor_cpu_seconds(bench->training);
}

typedef struct {
    double at, ours, busy, stolen;
    bool knows_all;
} clocks_t;

static clocks_t clocks_now(const training_bench_t *bench)
{
    clocks_t now = { .at = clock_now(), .ours = our_seconds(bench) };
    now.knows_all = processors_seconds(&now.busy, &now.stolen);
    return now;
}

/* Actors go on to the end of their lead: until they have, they would count to the next block. */
static void settle(const training_bench_t *bench)
{
    const struct timespec nap = { .tv_nsec = 50000000 };
    const double until = clock_now() + 1e-3 * SETTLE_MS;
    double before = our_seconds(bench), taken = 1;
    while (taken > 0.005 && clock_now() < until) {
        nanosleep(&nap, NULL);
        const double now = our_seconds(bench);
        taken = now - before;
        before = now;
    }
}

static bool run_bare(training_bench_t *bench, double seconds, train_bench_rates_t *rates, char *why)
{
    const double until = clock_now() + seconds;
    for (int32_t i = 0; i < bench->processors; i++) {
        ((bare_t *)worker_shared(bench->cores[i]))->until = until;
        worker_post(bench->cores[i]);
    }
    for (int32_t i = 0; i < bench->processors; i++) {
        if (worker_wait(bench->cores[i], BOOT_MS, why) != WORKER_OK) return false;
        const bare_t *found = worker_shared(bench->cores[i]);
        rates->frames_per_s += (double)found->frames / found->seconds;
    }
    return true;
}

static bool run_training(training_t *training, double seconds, train_bench_rates_t *rates,
                         char *why)
{
    training_progress_t before, after;
    training_get_progress(training, &before);
    const double began = clock_now();
    while (clock_now() - began < seconds)
        if (!training_turn(training, why)) return false;
    const double took = clock_now() - began;
    training_get_progress(training, &after);
    rates->frames_per_s = (double)(after.session_frames - before.session_frames) / took;
    rates->decisions_per_s = (double)(after.decisions - before.decisions) / took;
    rates->updates_per_s = (double)(after.updates - before.updates) / took;
    return true;
}

static bool run_learner(training_t *training, double seconds, train_bench_rates_t *rates, char *why)
{
    const double began = clock_now();
    uint64_t updates = 0;
    for (; clock_now() - began < seconds; updates++)
        if (agent_learn(training_agent(training), 1, NULL, why) != AGENT_OK) return false;
    rates->updates_per_s = (double)updates / (clock_now() - began);
    return true;
}

static bool run_block(training_bench_t *bench, bench_block_t block, double seconds,
                      train_bench_rates_t *rates, char *why)
{
    settle(bench);
    *rates = (train_bench_rates_t){ .others = NAN, .stolen = NAN };
    /* What actors did ahead before they stopped is taken now, and counts to no block. */
    train_bench_rates_t unused;
    training_t *const played = block == ACTING ? bench->acting : bench->training;
    if ((block == ACTING || block == TRAINING) &&
        !run_training(played, fmin(0.5, seconds), &unused, why))
        return false;
    const clocks_t before = clocks_now(bench);
    const bool ok = block == BARE      ? run_bare(bench, seconds, rates, why)
                    : block == ACTING  ? run_training(bench->acting, seconds, rates, why)
                    : block == LEARNER ? run_learner(bench->training, seconds, rates, why)
                                       : run_training(bench->training, seconds, rates, why);
    const clocks_t after = clocks_now(bench);
    const double wall = after.at - before.at;
    rates->busy = (after.ours - before.ours) / wall;
    if (before.knows_all && after.knows_all) {
        rates->others = fmax(0, (after.busy - before.busy) / wall - rates->busy);
        rates->stolen = (after.stolen - before.stolen) / wall;
    }
    return ok;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool open_training(training_bench_t *bench, training_t **out, float updates_per_decision,
                          char *why)
{
    training_config_t config;
    training_config_defaults(&config, bench->game->preset);
    game_actors(bench->game, &config.actors);
    config.actors.num_actors = bench->processors;
    config.agent.num_streams = bench->processors;
    config.agent.replay_warmup_decisions = WARM_DECISIONS;
    config.actors.actor.discount_per_step = config.agent.discount_per_step;
    if (updates_per_decision >= 0) config.updates_per_decision = updates_per_decision;
    bench->per_decision = (double)config.updates_per_decision;
    bench->actors = config.actors;
    return training_open(out, &config, why);
}

static bool open_all(training_bench_t *bench, char *why)
{
    if (!open_training(bench, &bench->acting, 0, why) ||
        !open_training(bench, &bench->training, -1, why))
        return false;
    for (bench->index = 0; bench->index < bench->processors; bench->index++)
        if (worker_start(&bench->cores[bench->index], sizeof(bare_t), core_body, bench, "bare core",
                         why) != WORKER_OK)
            return false;
    training_progress_t p = { .updates = 0 };
    while (p.updates < 1) {
        if (!training_turn(bench->training, why)) return false;
        training_get_progress(bench->training, &p);
    }
    train_bench_rates_t unused = { 0 };
    return run_bare(bench, 0.2, &unused, why) && run_training(bench->acting, 0.2, &unused, why);
}

static double median_of(const training_bench_t *bench, bench_block_t block, int32_t rounds,
                        size_t offset)
{
    double numbers[MOST_ROUNDS];
    for (int32_t r = 0; r < rounds; r++)
        memcpy(&numbers[r], (const char *)&bench->rates[block][r] + offset, sizeof numbers[r]);
    return bench_median(numbers, rounds);
}

static train_bench_rates_t medians(const training_bench_t *bench, bench_block_t block,
                                   int32_t rounds)
{
#define MEDIAN(field) .field = median_of(bench, block, rounds, offsetof(train_bench_rates_t, field))
    return (train_bench_rates_t){ MEDIAN(frames_per_s),  MEDIAN(decisions_per_s),
                                  MEDIAN(updates_per_s), MEDIAN(busy),
                                  MEDIAN(others),        MEDIAN(stolen) };
#undef MEDIAN
}

static void summarise(const training_bench_t *bench, int32_t rounds, train_bench_t *result)
{
    double acting[MOST_ROUNDS], slower[MOST_ROUNDS], shared[MOST_ROUNDS], busy[MOST_ROUNDS];
    double decision[MOST_ROUNDS], actors[MOST_ROUNDS], learner[MOST_ROUNDS];
    double acting_cpu[MOST_ROUNDS], decision_cpu[MOST_ROUNDS];
    const double threads = agent_blas_threads(), processors = bench->processors;
    for (int32_t r = 0; r < rounds; r++) {
        const train_bench_rates_t *whole = &bench->rates[TRAINING][r];
        const double bare = bench->rates[BARE][r].frames_per_s;
        acting[r] = bench->rates[ACTING][r].frames_per_s / bare;
        decision[r] = 1 / whole->decisions_per_s;
        actors[r] = whole->frames_per_s / whole->decisions_per_s / bare;
        learner[r] = bench->per_decision / bench->rates[LEARNER][r].updates_per_s;
        slower[r] = decision[r] / fmax(actors[r], learner[r]);
        shared[r] = decision[r] / (actors[r] + learner[r] * fmin(1, threads / processors));
        busy[r] = whole->busy / processors;

        const double bare_frame_cpu = bench->rates[BARE][r].busy / bare;
        const double acting_frame_cpu =
            bench->rates[ACTING][r].busy / bench->rates[ACTING][r].frames_per_s;
        const double update_cpu =
            bench->rates[LEARNER][r].busy / bench->rates[LEARNER][r].updates_per_s;
        acting_cpu[r] = bare_frame_cpu / acting_frame_cpu;
        decision_cpu[r] = whole->busy / (whole->frames_per_s * bare_frame_cpu +
                                         whole->updates_per_s * update_cpu);
    }
    result->rounds = rounds;
    result->bare = medians(bench, BARE, rounds);
    result->acting = medians(bench, ACTING, rounds);
    result->learner = medians(bench, LEARNER, rounds);
    result->training = medians(bench, TRAINING, rounds);
    result->acting_ratio = bench_median(acting, rounds);
    result->decision_s = bench_median(decision, rounds);
    result->actors_bound_s = bench_median(actors, rounds);
    result->learner_bound_s = bench_median(learner, rounds);
    result->slower_bound_ratio = bench_median(slower, rounds);
    result->shared_bound_ratio = bench_median(shared, rounds);
    result->acting_cpu_ratio = bench_median(acting_cpu, rounds);
    result->decision_cpu_ratio = bench_median(decision_cpu, rounds);
    result->busy_ratio = bench_median(busy, rounds);
}

bool train_bench(train_bench_t *result, const game_t *game, double seconds, why_t why)
{
    training_bench_t *bench = calloc(1, sizeof *bench);
    if (!bench) return refuse(why, "no memory for the measurements");
    const int32_t available = processors_available();
    bench->game = game;
    bench->processors = available < MAX_PROCESSORS ? available : MAX_PROCESSORS;
    *result = (train_bench_t){ .processors = available,
                               .actors = bench->processors,
                               .threads = agent_blas_threads() };
    if (getloadavg(&result->load_before, 1) != 1) result->load_before = NAN;
    const double wanted = floor(seconds / (NUM_BLOCKS * BLOCK_SECONDS));
    const int32_t rounds = (int32_t)fmin(MOST_ROUNDS, fmax(LEAST_ROUNDS, wanted));
    const double block_seconds = fmin(BLOCK_SECONDS, seconds / (NUM_BLOCKS * rounds));
    bool ok = open_all(bench, why);
    for (int32_t r = 0; ok && r < rounds; r++)
        for (bench_block_t block = BARE; ok && block <= TRAINING; block++)
            ok = run_block(bench, block, block_seconds, &bench->rates[block][r], why);
    if (ok) summarise(bench, rounds, result);
    for (int32_t i = 0; i < bench->processors; i++) worker_stop(bench->cores[i]);
    training_close(bench->acting);
    training_close(bench->training);
    free(bench);
    return ok;
}
