/* bench_ranks.c - `mpirun -n 5 kata bench mpi`: decisions by acting ranks beside decisions by
 * workers that share memory, in turns, without learning. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "benches.h"
#include "game.h"
#include "numbers.h"
#include "processors.h"
#include "ranks.h"
#include "training.h"
#include "voice.h"
#include "why.h"

enum { LEAST_ROUNDS = 3, MOST_ROUNDS = 64, LEAD_DECISIONS = 16 };
static const double MOST_SETTLE_S = 3, MOST_TURN_S = 60;
typedef enum { SHARED, RANKS, NUM_WAYS } way_t;

typedef struct {
    double decisions_per_s, frames_per_s;
    double learner_us; /* of processor time of this process, a decision */
} pace_of_way_t;

static bool open_way(training_t **out, const game_t *game, const actor_pool_config_t *actors,
                     int32_t num_actors, bool by_ranks, char *why)
{
    training_config_t config;
    training_config_defaults(&config, game->preset);
    config.updates_per_decision = 0;
    const float discount = config.actors.actor.discount_per_step;
    config.actors = *actors;
    config.actors.actor.discount_per_step = discount;
    config.actors.num_actors = num_actors;
    if (!by_ranks) config.actors.transport = NULL;
    return training_open(out, &config, why);
}

/* What was done ahead while the other way had its turn is taken first, and not counted. A turn
 * lasts until it has brought a decision, also where other programs leave hardly a processor. */
static bool run_way(training_t *training, double seconds, pace_of_way_t *pace, char *why)
{
    training_progress_t before, after;
    for (const double until = clock_now() + 0.3 * seconds; clock_now() < until;)
        if (!training_turn(training, why)) return false;
    training_get_progress(training, &before);
    const double began = clock_now(), cpu_began = processors_seconds_of(getpid());
    double took;
    do {
        if (!training_turn(training, why)) return false;
        training_get_progress(training, &after);
        took = clock_now() - began;
    } while (took < seconds || (after.decisions == before.decisions && took < MOST_TURN_S));
    const double cpu = processors_seconds_of(getpid()) - cpu_began;
    pace->learner_us = 1e6 * cpu / fmax(1, (double)(after.decisions - before.decisions));
    pace->decisions_per_s = (double)(after.decisions - before.decisions) / took;
    pace->frames_per_s = (double)(after.session_frames - before.session_frames) / took;
    return true;
}

static void report(const bench_request_t *request, int32_t num_actors, double *ratios,
                   double rates[NUM_WAYS][MOST_ROUNDS], double learner_us[NUM_WAYS][MOST_ROUNDS],
                   double *frames, int32_t rounds)
{
    char name[64];
    snprintf(name, sizeof name, "%d acting rank%s, over shared memory", num_actors,
             num_actors == 1 ? "" : "s");
    bench_case_t one = { .bench = "mpi",
                         .name = name,
                         .ratio = bench_median(ratios, rounds),
                         .p99_ms = NAN,
                         .target = 0.9 };
    bench_add(&one, "decisions_per_s", 1, bench_median(rates[RANKS], rounds));
    bench_add(&one, "shared_decisions_per_s", 1, bench_median(rates[SHARED], rounds));
    bench_add(&one, "frames_per_s", 0, bench_median(frames, rounds));
    bench_add(&one, "learner_us", 1, bench_median(learner_us[RANKS], rounds));
    bench_add(&one, "shared_learner_us", 1, bench_median(learner_us[SHARED], rounds));
    bench_add(&one, "rounds", 0, rounds);
    bench_report(request, &one);
}

/* Actors go on to the end of their lead, and would keep the processors from the other way. */
static void let_stop(int32_t num_actors, double decisions_per_s)
{
    const double seconds =
        fmin(MOST_SETTLE_S, 1.2 * LEAD_DECISIONS * num_actors / fmax(1, decisions_per_s));
    nanosleep(&(struct timespec){ (time_t)seconds, (long)(1e9 * (seconds - floor(seconds))) },
              NULL);
}

/* On rank 0. */
static bool compare(const bench_request_t *request, const game_t *game,
                    const actor_pool_config_t *actors, int32_t num_actors, char *why)
{
    training_t *ways[NUM_WAYS] = { NULL };
    double ratios[MOST_ROUNDS], rates[NUM_WAYS][MOST_ROUNDS], frames[MOST_ROUNDS];
    double learner_us[NUM_WAYS][MOST_ROUNDS];
    bool ok = open_way(&ways[RANKS], game, actors, num_actors, true, why) &&
              open_way(&ways[SHARED], game, actors, num_actors, false, why);
    const int32_t rounds = (int32_t)fmin(MOST_ROUNDS, fmax(LEAST_ROUNDS, request->seconds / 2));
    const double seconds = request->seconds / (NUM_WAYS * rounds);
    for (int32_t r = 0; ok && r < rounds; r++) {
        pace_of_way_t paces[NUM_WAYS];
        for (way_t way = SHARED; ok && way < NUM_WAYS; way++) {
            ok = run_way(ways[way], seconds, &paces[way], why);
            rates[way][r] = paces[way].decisions_per_s;
            learner_us[way][r] = paces[way].learner_us;
            let_stop(num_actors, paces[way].decisions_per_s);
        }
        frames[r] = paces[RANKS].frames_per_s;
        ratios[r] = rates[RANKS][r] / rates[SHARED][r];
    }
    training_close(ways[SHARED]);
    training_close(ways[RANKS]);
    if (ok) report(request, num_actors, ratios, rates, learner_us, frames, rounds);
    return ok;
}

static bool measure_all(const bench_request_t *request, const game_t *game, char *why)
{
    training_config_t config;
    training_config_defaults(&config, game->preset);
    game_actors(game, &config.actors);
    config.actors.num_actors = 1;
    if (!ranks_share(&config.actors, false, why)) return false;
    for (int32_t num_actors = 1; num_actors < ranks_size() && num_actors <= 4; num_actors *= 2) {
        const bool ok = ranks_rank() == 0 ? compare(request, game, &config.actors, num_actors, why)
                                          : ranks_act(&config.actors, why);
        if (!ok) return false;
    }
    return true;
}

bool bench_mpi(const bench_request_t *request, why_t why)
{
    game_t game;
    char path[HOME_PATH_BYTES];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!ranks_begin(why)) return false;
    if (ranks_size() < 2)
        return refuse(why, "there are no other ranks; start it by `mpirun -n 5 kata bench mpi`, in "
                           "a build with MPI=1");
    bool ok = game_open(&game, bench_rom(request, path), &options, GAME_TO_READ, why);
    if (ok) {
        ok = measure_all(request, &game, why);
        game_close(&game);
    }
    ok = ok && ranks_come_to_end(why);
    if (!ok) say_failed("bench mpi: rank %d: %s", ranks_rank(), why);
    ranks_end(ok ? EXIT_OK : EXIT_FAILED, EXIT_OK);
    return ok;
}
