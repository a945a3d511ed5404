/* bench_frame.c - the frames of a plugin that learns, beside its inner core's alone. */
#include <math.h>
#include <stdio.h>

#include "benches.h"
#include "frame_bench.h"
#include "game.h"
#include "retroarch.h"
#include "why.h"

enum { FRAMES_PER_SECOND = 60, FEWEST_FRAMES = 60 };
static const double TARGET_MS = 2; /* of the 999th of a thousand */

/* The plugin's times become what they are above the core's, in milliseconds. */
static double *added_ms(double *const times_us[FRAME_BENCH_NUM], int32_t count)
{
    double *added = times_us[FRAME_BENCH_PLUGIN];
    for (int32_t i = 0; i < count; i++)
        added[i] = 1e-3 * (added[i] - times_us[FRAME_BENCH_ALONE][i]);
    return added;
}

static void report(const bench_request_t *request, const game_t *game, frame_bench_times_t *times,
                   int32_t count)
{
    char name[200];
    int32_t late_alone = 0, late = 0, late_by_plugin = 0;
    double *alone = times->wall_us[FRAME_BENCH_ALONE];
    const double *plugin = times->wall_us[FRAME_BENCH_PLUGIN];
    for (int32_t i = 0; i < count; i++) {
        const bool is_late = plugin[i] > FRAME_BENCH_LATE_US;
        late += is_late;
        late_alone += alone[i] > FRAME_BENCH_LATE_US;
        late_by_plugin += is_late && alone[i] <= FRAME_BENCH_LATE_US;
    }
    double *added = added_ms(times->wall_us, count), *cpu = added_ms(times->cpu_us, count);
    snprintf(name, sizeof name, "%.60s playing %.100s, learning", game->core_name, game->rom_name);
    bench_case_t one = { .bench = "frame",
                         .name = name,
                         .ratio = NAN,
                         .p99_ms = bench_percentile(added, count, 0.99),
                         .target = TARGET_MS,
                         .at_most = true };
    bench_add(&one, "added_p50_ms", 4, bench_percentile(added, count, 0.5));
    bench_add(&one, "added_p999_ms", 4, bench_percentile(added, count, 0.999));
    bench_add(&one, "added_most_ms", 4, bench_percentile(added, count, 1));
    bench_add(&one, "added_cpu_p50_ms", 4, bench_percentile(cpu, count, 0.5));
    bench_add(&one, "added_cpu_p999_ms", 4, bench_percentile(cpu, count, 0.999));
    bench_add(&one, "added_cpu_most_ms", 4, bench_percentile(cpu, count, 1));
    bench_add(&one, "alone_p50_ms", 4, 1e-3 * bench_percentile(alone, count, 0.5));
    bench_add(&one, "alone_p999_ms", 4, 1e-3 * bench_percentile(alone, count, 0.999));
    bench_add(&one, "frames", 0, count);
    bench_add(&one, "updates", 0, (double)times->updates);
    bench_add(&one, "late", 0, late);
    bench_add(&one, "late_alone", 0, late_alone);
    bench_add(&one, "late_by_plugin", 0, late_by_plugin);
    bench_report(request, &one);
}

bool bench_frame(const bench_request_t *request, why_t why)
{
    game_t game;
    char path[HOME_PATH_BYTES], plugin_path[HOME_PATH_BYTES];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!retroarch_find_plugin(plugin_path))
        return refuse(why, "kata_libretro.so is not beside this program, nor installed");
    if (!game_open(&game, bench_rom(request, path), &options, GAME_TO_EXPLORE, why)) return false;
    const int32_t frames =
        (int32_t)fmin(1e6, fmax(FEWEST_FRAMES, FRAMES_PER_SECOND * request->seconds));
    const frame_bench_config_t config = { .core_path = game.core_path,
                                          .content_path = game.rom_path,
                                          .plugin_path = plugin_path,
                                          .identity = &game.identity,
                                          .preset = game.preset,
                                          .num_frames = frames };
    frame_bench_times_t times;
    const bool ok = frame_bench(&times, &config, why);
    if (ok) report(request, &game, &times, frames);
    if (ok) frame_bench_free(&times);
    game_close(&game);
    return ok;
}
