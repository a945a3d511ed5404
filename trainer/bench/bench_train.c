/* bench_train.c - `kata bench train`: how near a whole training comes to its bounds. */
#include <math.h>
#include <stdio.h>

#include "agent.h"
#include "benches.h"
#include "game.h"
#include "train_bench.h"
#include "voice.h"
#include "why.h"

static void add_rates(bench_case_t *one, const train_bench_rates_t *rates)
{
    bench_add(one, "frames_per_s", 0, rates->frames_per_s);
    bench_add(one, "decisions_per_s", 1, rates->decisions_per_s);
    bench_add(one, "updates_per_s", 1, rates->updates_per_s);
    bench_add(one, "processors_of_others", 2, rates->others);
    bench_add(one, "processors_stolen", 2, rates->stolen);
}

static void report_acting(const bench_request_t *request, const train_bench_t *found)
{
    bench_case_t one = { .bench = "train",
                         .name = "acting, over the bare cores",
                         .ratio = found->acting_ratio,
                         .p99_ms = NAN,
                         .target = found->processors > 2 ? 0.85 : 0.92 };
    bench_add(&one, "cpu_ratio", 4, found->acting_cpu_ratio);
    add_rates(&one, &found->acting);
    bench_add(&one, "bare_frames_per_s", 0, found->bare.frames_per_s);
    bench_add(&one, "frames_per_cpu_s", 0, found->acting.frames_per_s / found->acting.busy);
    bench_add(&one, "bare_processors_of_others", 2, found->bare.others);
    bench_add(&one, "actors", 0, found->actors);
    bench_add(&one, "rounds", 0, found->rounds);
    bench_report(request, &one);
}

static void report_learning(const bench_request_t *request, const train_bench_t *found)
{
    bench_case_t one = { .bench = "train",
                         .name = "a decision, over its slower bound",
                         .ratio = found->slower_bound_ratio,
                         .p99_ms = NAN,
                         .target = 1.15,
                         .at_most = true };
    bench_add(&one, "cpu_ratio", 4, found->decision_cpu_ratio);
    add_rates(&one, &found->training);
    bench_add(&one, "bare_updates_per_s", 1, found->learner.updates_per_s);
    bench_add(&one, "updates_per_cpu_s", 1, found->learner.updates_per_s / found->learner.busy);
    bench_add(&one, "decision_ms", 3, 1e3 * found->decision_s);
    bench_add(&one, "actors_bound_ms", 3, 1e3 * found->actors_bound_s);
    bench_add(&one, "learner_bound_ms", 3, 1e3 * found->learner_bound_s);
    bench_add(&one, "shared_bound_ratio", 3, found->shared_bound_ratio);
    bench_add(&one, "threads", 0, found->threads);
    bench_report(request, &one);
}

static void report_busy(const bench_request_t *request, const train_bench_t *found)
{
    bench_case_t one = { .bench = "train",
                         .name = "processors kept busy, of all",
                         .ratio = found->busy_ratio,
                         .p99_ms = NAN,
                         .target = 0.95 };
    bench_add(&one, "processors", 0, found->processors);
    bench_add(&one, "busy", 2, found->training.busy);
    bench_add(&one, "processors_of_others", 2, found->training.others);
    bench_add(&one, "processors_stolen", 2, found->training.stolen);
    bench_add(&one, "load_before", 2, found->load_before);
    bench_report(request, &one);
}

bool bench_train(const bench_request_t *request, why_t why)
{
    game_t game;
    train_bench_t found;
    char path[HOME_PATH_BYTES];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!game_open(&game, bench_rom(request, path), &options, GAME_TO_READ, why)) return false;
    agent_set_blas_threads(1);
    const bool ok = train_bench(&found, &game, 6 * request->seconds, why);
    game_close(&game);
    if (!ok) return false;
    report_acting(request, &found);
    report_learning(request, &found);
    report_busy(request, &found);
    /* What others took of the processors in the same blocks is missing from ours. */
    if (!request->json && found.training.others > 0.05 * found.processors)
        say("train        other programs had %.2f of %d processors meanwhile: these figures are "
            "noisy\n",
            found.training.others, found.processors);
    return true;
}
