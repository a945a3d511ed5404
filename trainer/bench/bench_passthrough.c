/* bench_passthrough.c - a frame through Kata beside the core alone, for each core that has a ROM.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "benches.h"
#include "catalog.h"
#include "extensions.h"
#include "files.h"
#include "game.h"
#include "passthrough_bench.h"
#include "retroarch.h"
#include "why.h"

enum { PAIRS = 7, FRAMES_PER_BLOCK = 8, FEWEST_BLOCKS = 10, MOST_BLOCKS = 1500 };

static bool measure(const bench_request_t *request, const char *core_path, const char *core_name,
                    const char *content_path, char *why)
{
    char plugin_path[HOME_PATH_BYTES];
    const bool has_plugin = retroarch_find_plugin(plugin_path);
    passthrough_bench_config_t config = { .core_path = core_path,
                                          .content_path = content_path,
                                          .plugin_path = has_plugin ? plugin_path : NULL,
                                          .num_pairs = 1,
                                          .num_blocks = 10,
                                          .frames_per_block = FRAMES_PER_BLOCK };
    passthrough_bench_t bench;
    if (!passthrough_bench(&bench, &config, why)) return false; /* how long is a frame? */
    const double block_seconds = 2 * FRAMES_PER_BLOCK * bench.direct_us * 1e-6;
    config.num_pairs = PAIRS;
    config.num_blocks = (uint32_t)fmin(
        MOST_BLOCKS, fmax(FEWEST_BLOCKS, request->seconds / (PAIRS * fmax(1e-6, block_seconds))));
    if (!passthrough_bench(&bench, &config, why)) return false;

    char name[300];
    snprintf(name, sizeof name, "%.60s playing %.200s, %s", core_name, files_name(content_path),
             has_plugin ? "whole plugin" : "bridge alone");
    bench_case_t one = { .bench = "passthrough",
                         .name = name,
                         .ratio = bench.ratio,
                         .p99_ms = NAN,
                         .target = 1.01,
                         .at_most = true };
    bench_add(&one, "lowest_ratio", 4, bench.lowest_ratio);
    bench_add(&one, "highest_ratio", 4, bench.highest_ratio);
    bench_add(&one, "direct_us", 2, bench.direct_us);
    bench_add(&one, "bridged_us", 2, bench.bridged_us);
    bench_add(&one, "pairs", 0, bench.num_pairs);
    bench_add(&one, "frames_of_each_pair", 0, bench.frames_of_each_pair);
    bench_report(request, &one);
    return true;
}

static bool measure_rom(const bench_request_t *request, char *why)
{
    game_t game = { 0 };
    return game_identify(&game, request->rom, why) && game_find_core(&game, request->core, why) &&
           measure(request, game.core_path, game.core_name, game.rom_path, why);
}

/* The ROMs that the tests build lie beside the program, in a build folder. */
static bool find_rom(const catalog_core_t *core, char path[HOME_PATH_BYTES])
{
    /* mgba opens Game Boy games, too: what only it opens comes first. */
    static const char *const extensions[] = { "nes", "sfc", "pce", "gba", "gb" };
    char program[HOME_PATH_BYTES];
    game_program_path(program);
    char *slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if (!extension_is_listed(core->extensions, extensions[i])) continue;
        const int length = snprintf(path, HOME_PATH_BYTES, "%s/tests/pad_echo/pad_echo.%s",
                                    slash ? program : ".", extensions[i]);
        if (length < HOME_PATH_BYTES && access(path, R_OK) == 0) return true;
    }
    return false;
}

bool bench_passthrough(const bench_request_t *request, why_t why)
{
    if (request->rom) return measure_rom(request, why);
    catalog_t catalog;
    if (!catalog_scan_installed(&catalog, NULL)) {
        refuse(why, "no memory for the list of cores");
        return false;
    }
    const catalog_core_t *only = request->core ? catalog_named(&catalog, request->core) : NULL;
    bool ok = true;
    int32_t measured = 0;
    for (int32_t i = 0; ok && i < catalog.num_cores; i++) {
        const catalog_core_t *core = &catalog.cores[i];
        char path[HOME_PATH_BYTES];
        if ((request->core && core != only) || !find_rom(core, path)) continue;
        ok = measure(request, core->core_path, core->name, path, why);
        measured++;
    }
    catalog_free(&catalog);
    if (!ok || measured > 0) return ok;
    refuse(why, "no installed core has a test ROM beside this program: build them with `make -f "
                "Makefile.libretro tests`, or name a ROM");
    return false;
}
