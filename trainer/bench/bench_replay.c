/* bench_replay.c - `kata bench replay`: memory and time of a decision with 10^5, 10^6 and 10^7
 * stored, beside the memory that `kata train` says before it starts. */
#include <math.h>
#include <stdio.h>

#include "benches.h"
#include "game.h"
#include "numbers.h"
#include "replay_bench.h"
#include "training.h"
#include "why.h"

static void report(const bench_request_t *request, const replay_bench_result_t *found)
{
    char name[64], number[NUMBERS_BYTES];
    const bool is_extrapolated = found->filled < found->decisions;
    snprintf(name, sizeof name, "%s decisions%s",
             numbers_grouped(number, (uint64_t)found->decisions),
             is_extrapolated ? ", extrapolated" : "");
    const double mib = (double)found->decisions / (1 << 20);
    bench_case_t one = { .bench = "replay",
                         .name = name,
                         .ratio = found->bytes_per_decision / TRAINING_DECISION_BYTES,
                         .p99_ms = NAN,
                         .target = 1,
                         .at_most = true };
    bench_add(&one, "mib", 0, mib * found->bytes_per_decision);
    bench_add(&one, "said_mib", 0, mib * TRAINING_DECISION_BYTES);
    bench_add(&one, "bytes_per_decision", 0, found->bytes_per_decision);
    bench_add(&one, "store_us", 1, found->store_us);
    bench_add(&one, "draw_us", 1, found->draw_us);
    bench_add(&one, "stored", 0, found->filled);
    bench_report(request, &one);
}

bool bench_replay(const bench_request_t *request, why_t why)
{
    static const int32_t sizes[] = { 100000, 1000000, 10000000 };
    game_t game;
    replay_bench_t *bench;
    replay_bench_result_t found;
    char path[HOME_PATH_BYTES];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!game_open(&game, bench_rom(request, path), &options, GAME_TO_READ, why)) return false;
    bool ok = replay_bench_open(&bench, &game, why);
    for (size_t i = 0; ok && i < sizeof sizes / sizeof sizes[0]; i++) {
        ok = replay_bench_fill(bench, sizes[i], request->seconds, &found, why);
        if (ok) report(request, &found);
    }
    if (bench) replay_bench_close(bench);
    game_close(&game);
    return ok;
}
