/* bench_memory.c - the plugin with an agent that plays, beside its inner core alone. */
#include <math.h>
#include <stdio.h>

#include "benches.h"
#include "game.h"
#include "memory_bench.h"
#include "retroarch.h"
#include "why.h"

/* Enough for the start script of the game that comes with Kata, and then some decisions. */
enum { FRAMES = 1200, TARGET_MB = 120 };

static bool measure(const bench_request_t *request, const game_t *game, why_t why)
{
    char plugin_path[HOME_PATH_BYTES], name[200];
    if (!retroarch_find_plugin(plugin_path))
        return refuse(why, "kata_libretro.so is not beside this program, nor installed");
    const memory_bench_config_t config = { .core_path = game->core_path,
                                           .content_path = game->rom_path,
                                           .plugin_path = plugin_path,
                                           .identity = &game->identity,
                                           .preset = game->preset,
                                           .num_frames = FRAMES };
    memory_bench_t found;
    if (!memory_bench(&found, &config, why)) return false;
    snprintf(name, sizeof name, "%.60s playing %.100s", game->core_name, game->rom_name);
    bench_case_t one = { .bench = "memory",
                         .name = name,
                         .ratio = NAN,
                         .p99_ms = NAN,
                         .target = TARGET_MB,
                         .at_most = true };
    bench_add(&one, "over_core_resident_mb", 1, found.plugin.resident_mb - found.core.resident_mb);
    bench_add(&one, "over_core_peak_mb", 1, found.plugin.peak_mb - found.core.peak_mb);
    bench_add(&one, "over_core_mapped_mb", 1, found.plugin.mapped_mb - found.core.mapped_mb);
    bench_add(&one, "core_resident_mb", 1, found.core.resident_mb);
    bench_add(&one, "core_peak_mb", 1, found.core.peak_mb);
    bench_add(&one, "core_mapped_mb", 1, found.core.mapped_mb);
    bench_add(&one, "plugin_resident_mb", 1, found.plugin.resident_mb);
    bench_add(&one, "plugin_peak_mb", 1, found.plugin.peak_mb);
    bench_add(&one, "plugin_mapped_mb", 1, found.plugin.mapped_mb);
    bench_add(&one, "checkpoint_mb", 1, found.checkpoint_mb);
    bench_add(&one, "weights_mb", 1, found.weights_mb);
    bench_add(&one, "frames", 0, FRAMES);
    bench_report(request, &one);
    return true;
}

bool bench_memory(const bench_request_t *request, why_t why)
{
    game_t game;
    char path[HOME_PATH_BYTES];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!game_open(&game, bench_rom(request, path), &options, GAME_TO_EXPLORE, why)) return false;
    const bool ok = measure(request, &game, why);
    game_close(&game);
    return ok;
}
