/* bench_env.c - what observing and rewarding costs, beside the bare core.
 *
 * A block is played by a player with random actions, its pads are written down; then the emulator
 * is put back to where the block began and runs the same frames with the same pads and nobody
 * watching. Both must end in the same system RAM, or the two did not do the same work.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benches.h"
#include "bridge.h"
#include "clock.h"
#include "game.h"
#include "player.h"
#include "splitmix.h"
#include "why.h"
#include "worker.h"

enum { BLOCK_FRAMES = 300, RESET_MARK = -1 };

/* Frames per second, of the clock on the wall and of this thread's own time: the second does not
 * mind what else the machine does. */
typedef struct {
    double rate, cpu_rate;
} pace_t;

/* What the worker hands over. */
typedef struct {
    double ratio, cpu_ratio, frames_per_s, bare_frames_per_s;
    int32_t blocks;
} result_t;

typedef struct {
    game_t game;
    double seconds;
    bridge_t *bridge;
    player_t *player;
    size_t state_bytes;
    uint8_t *boot_state, *block_state; /* where episodes, and where the block, begin */
    uint8_t *ram;                      /* of the end of the watched block */
    size_t ram_bytes;
    int32_t *script; /* pads, or RESET_MARK and then idle frames' pads */
    int32_t num_script, capacity;
    uint64_t random;
} env_t;

static bool open_core(env_t *env, char *why)
{
    const bridge_config_t bridge_config = { .core_path = env->game.core_path };
    if (bridge_open(&env->bridge, &bridge_config, why) != BRIDGE_OK) return false;
    if (bridge_load(env->bridge, env->game.rom_path, NULL, 0, why) != BRIDGE_OK) return false;
    player_config_t config;
    player_config_defaults(&config, env->bridge, env->game.preset);
    config.seed = 1;
    if (!player_create(&env->player, &config, why)) return false;
    if (!player_boot(env->player, env->game.start, why)) return false;

    env->state_bytes = bridge_state_bytes(env->bridge);
    bridge_memory(env->bridge, BRIDGE_MEMORY_SYSTEM_RAM, &env->ram_bytes);
    env->capacity = 4 * BLOCK_FRAMES;
    env->boot_state = malloc(env->state_bytes);
    env->block_state = malloc(env->state_bytes);
    env->ram = malloc(env->ram_bytes + 1);
    env->script = malloc((size_t)env->capacity * sizeof *env->script);
    if (!env->boot_state || !env->block_state || !env->ram || !env->script)
        return refuse(why, "no memory");
    return bridge_save(env->bridge, env->boot_state, env->state_bytes, why) == BRIDGE_OK &&
           player_reset(env->player, why);
}

static void note(env_t *env, int32_t pad)
{
    if (env->num_script < env->capacity) env->script[env->num_script++] = pad;
}

/* Frames per second of a block with eyes and rewards; what was held goes to the script. */
static bool play_block(env_t *env, pace_t *pace, char *why)
{
    env->num_script = 0;
    if (bridge_save(env->bridge, env->block_state, env->state_bytes, why) != BRIDGE_OK)
        return false;
    const uint32_t num_actions = (uint32_t)preset_num_actions(env->game.preset);
    const uint64_t first_frame = player_frames(env->player);
    const double began = clock_now(), cpu_began = clock_cpu();
    while (player_frames(env->player) - first_frame < BLOCK_FRAMES) {
        if (player_wants_action(env->player, 0))
            player_begin(env->player, 0, (int32_t)splitmix_below(&env->random, num_actions));
        const player_news_t *news = player_frame(env->player, NULL);
        note(env, player_pad(env->player, 0));
        if (!news->closed) continue;
        if (!news->outcomes[0].terminal && !news->outcomes[0].truncated) continue;
        const uint64_t before = player_frames(env->player);
        note(env, RESET_MARK);
        if (!player_reset(env->player, why)) return false;
        for (uint64_t f = before; f < player_frames(env->player); f++) note(env, 0);
    }
    const double frames = (double)(player_frames(env->player) - first_frame);
    *pace = (pace_t){ frames / (clock_now() - began), frames / (clock_cpu() - cpu_began) };
    size_t ram_bytes;
    const void *ram = bridge_memory(env->bridge, BRIDGE_MEMORY_SYSTEM_RAM, &ram_bytes);
    if (ram && ram_bytes == env->ram_bytes) memcpy(env->ram, ram, ram_bytes);
    return true;
}

/* The same frames, bare. Loading states is not in the time. */
static bool run_block(env_t *env, pace_t *pace, char *why)
{
    if (bridge_restore(env->bridge, env->block_state, env->state_bytes, why) != BRIDGE_OK)
        return false;
    double seconds = 0, cpu = 0, began = clock_now(), cpu_began = clock_cpu();
    int32_t frames = 0;
    for (int32_t i = 0; i < env->num_script; i++) {
        if (env->script[i] == RESET_MARK) {
            seconds += clock_now() - began;
            cpu += clock_cpu() - cpu_began;
            if (bridge_restore(env->bridge, env->boot_state, env->state_bytes, why) != BRIDGE_OK)
                return false;
            began = clock_now();
            cpu_began = clock_cpu();
            continue;
        }
        bridge_hold(env->bridge, 0, (uint16_t)env->script[i]);
        bridge_run_frame(env->bridge, NULL);
        frames++;
    }
    seconds += clock_now() - began;
    cpu += clock_cpu() - cpu_began;
    *pace = (pace_t){ frames / seconds, frames / cpu };
    size_t ram_bytes;
    const void *ram = bridge_memory(env->bridge, BRIDGE_MEMORY_SYSTEM_RAM, &ram_bytes);
    if (ram && memcmp(env->ram, ram, env->ram_bytes) != 0)
        return refuse(why, "the bare run went another way than the watched one: nothing can be "
                           "compared");
    return true;
}

static bool measure(env_t *env, result_t *result, char *why)
{
    pace_t with, bare;
    double with_rate[BENCH_MAX_BLOCKS], bare_rate[BENCH_MAX_BLOCKS];
    double ratio[BENCH_MAX_BLOCKS], cpu_ratio[BENCH_MAX_BLOCKS];
    int32_t blocks = 0;
    const double until = clock_now() + env->seconds;
    if (!play_block(env, &with, why) || !run_block(env, &bare, why)) return false; /* warm up */
    while (blocks < BENCH_MAX_BLOCKS && (blocks < 5 || clock_now() < until)) {
        if (!play_block(env, &with, why) || !run_block(env, &bare, why)) return false;
        with_rate[blocks] = with.rate;
        bare_rate[blocks] = bare.rate;
        ratio[blocks] = with.rate / bare.rate;
        cpu_ratio[blocks] = with.cpu_rate / bare.cpu_rate;
        blocks++;
    }
    *result = (result_t){ .ratio = bench_median(ratio, blocks),
                          .cpu_ratio = bench_median(cpu_ratio, blocks),
                          .frames_per_s = bench_median(with_rate, blocks),
                          .bare_frames_per_s = bench_median(bare_rate, blocks),
                          .blocks = blocks };
    return true;
}

/* The process ends with it: nothing is freed. */
static void worker_body(worker_child_t *child, void *shared, void *argument)
{
    env_t *env = argument;
    why_t why = "";
    if (!worker_next(child)) return;
    if (!open_core(env, why) || !measure(env, shared, why)) worker_fail(child, why);
    worker_reply(child);
}

bool bench_env(const bench_request_t *request, why_t why)
{
    env_t env = { .random = 1, .seconds = request->seconds };
    char path[HOME_PATH_BYTES], name[200];
    const game_options_t options = { .core = request->core, .preset = request->preset };
    if (!game_open(&env.game, bench_rom(request, path), &options, GAME_TO_READ, why)) return false;
    snprintf(name, sizeof name, "%.60s playing %.100s", env.game.core_name, env.game.rom_name);

    worker_t *worker;
    bool ok = worker_start(&worker, sizeof(result_t), worker_body, &env, name, why) == WORKER_OK;
    if (ok) {
        worker_post(worker);
        ok = worker_wait(worker, -1, why) == WORKER_OK;
    }
    if (ok) {
        const result_t *result = worker_shared(worker);
        bench_case_t one = {
            .bench = "env", .name = name, .ratio = result->ratio, .p99_ms = NAN, .target = 0.95
        };
        bench_add(&one, "cpu_ratio", 4, result->cpu_ratio);
        bench_add(&one, "frames_per_s", 0, result->frames_per_s);
        bench_add(&one, "bare_frames_per_s", 0, result->bare_frames_per_s);
        bench_add(&one, "blocks", 0, result->blocks);
        bench_report(request, &one);
    }
    worker_stop(worker);
    game_close(&env.game);
    return ok;
}
