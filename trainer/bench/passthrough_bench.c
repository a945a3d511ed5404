/* passthrough_bench.c - two processes take turns; medians are compared. */
#define _GNU_SOURCE
#include "passthrough_bench.h"

#include "bench_frontend.h"
#include "clock.h"
#include "why.h"
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAIRS = 64, MAX_BLOCKS = 4096, MAX_BLOCK_FRAMES = 4096, REPLY_MS = 120000 };

typedef struct {
    passthrough_bench_config_t config;
    bool is_through_kata;
} bench_player_t;

/* ---- the child ---- */

static void open_direct(worker_child_t *child, const bench_player_t *player, library_t *core)
{
    why_t why;
    const bench_frontend_config_t config = {
        .core_path = player->config.core_path,
        .content_path = player->config.content_path,
        .plugin_path = player->is_through_kata ? player->config.plugin_path : NULL,
        .presses_buttons = true,
    };
    if (!bench_frontend_open(core, &config, why)) worker_fail(child, why);
}

static bridge_t *open_bridged(worker_child_t *child, const bench_player_t *player)
{
    why_t why;
    bridge_t *bridge;
    const bridge_config_t config = { .core_path = player->config.core_path,
                                     .host = bench_frontend_host() };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK ||
        bridge_load(bridge, player->config.content_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    bridge_set_port_device(bridge, 0, RETRO_DEVICE_JOYPAD);
    bridge_set_port_device(bridge, 1, RETRO_DEVICE_JOYPAD);
    return bridge;
}

/* One block a request; the first one warms up and is not kept. */
static void play(worker_child_t *child, void *shared, void *argument)
{
    const bench_player_t *const player = argument;
    float *frame_us = shared;
    library_t core;
    bridge_t *bridge = NULL;
    if (player->is_through_kata && !player->config.plugin_path)
        bridge = open_bridged(child, player);
    else
        open_direct(child, player, &core);
    for (bool is_warm = false; worker_next(child); is_warm = true) {
        for (uint32_t i = 0; i < player->config.frames_per_block; i++) {
            const double start = clock_now();
            if (bridge)
                bridge_run_frame(bridge, NULL);
            else
                core.run();
            frame_us[i] = (float)(1e6 * (clock_now() - start));
            bench_frontend_next_frame();
        }
        if (is_warm) frame_us += player->config.frames_per_block;
        worker_reply(child);
    }
    worker_leave(child); /* a core's own end is not what is measured */
}

/* ---- the parent ---- */

static int by_size(const void *left, const void *right)
{
    const float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static float median(float *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

static bool one_block(worker_t *worker, why_t why)
{
    worker_post(worker);
    return worker_wait(worker, REPLY_MS, why) == WORKER_OK;
}

typedef struct {
    float ratio, direct_us, bridged_us;
} pair_t;

/* Neighbouring blocks are compared with each other, not with those a second later: a machine has
 * fast and slow moments (a busy neighbour on the same core), and they hit neighbours alike. */
static void summarize(pair_t *pair, const passthrough_bench_config_t *config, float *direct,
                      float *bridged)
{
    const size_t num_blocks = config->num_blocks, frames = config->frames_per_block;
    float ratios[MAX_BLOCKS];
    for (size_t i = 0; i < num_blocks; i++)
        ratios[i] = median(bridged + i * frames, frames) / median(direct + i * frames, frames);
    pair->ratio = median(ratios, num_blocks);
    pair->direct_us = median(direct, num_blocks * frames);
    pair->bridged_us = median(bridged, num_blocks * frames);
}

static bool measure_pair(pair_t *pair, const passthrough_bench_config_t *config, why_t why)
{
    bench_player_t players[2] = { { *config, false }, { *config, true } };
    worker_t *workers[2] = { NULL, NULL };
    const size_t frames = (size_t)config->num_blocks * config->frames_per_block;
    char name[256];
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++) {
        snprintf(name, sizeof name, "%.180s %s", config->core_path,
                 players[i].is_through_kata ? "through Kata" : "direct");
        ok = worker_start(&workers[i], frames * sizeof(float), play, &players[i], name, why) ==
             WORKER_OK;
    }
    /* direct, bridged, bridged, direct: neither is always first. */
    for (uint32_t block = 0; ok && block <= config->num_blocks; block++)
        ok = one_block(workers[block & 1], why) && one_block(workers[~block & 1], why);
    if (ok) summarize(pair, config, worker_shared(workers[0]), worker_shared(workers[1]));
    worker_stop(workers[0]);
    worker_stop(workers[1]);
    return ok;
}

bool passthrough_bench(passthrough_bench_t *out, const passthrough_bench_config_t *config,
                       why_t why)
{
    passthrough_bench_config_t used = *config;
    pair_t pairs[MAX_PAIRS];
    if (used.num_pairs == 0) used.num_pairs = 7;
    if (used.num_blocks == 0) used.num_blocks = 150;
    if (used.frames_per_block == 0) used.frames_per_block = 8;
    if (used.num_pairs > MAX_PAIRS || used.num_blocks > MAX_BLOCKS ||
        used.frames_per_block > MAX_BLOCK_FRAMES) {
        refuse(why, "a bench has at most %d pairs of %d blocks of %d frames", MAX_PAIRS, MAX_BLOCKS,
               MAX_BLOCK_FRAMES);
        return false;
    }
    for (uint32_t i = 0; i < used.num_pairs; i++)
        if (!measure_pair(&pairs[i], &used, why)) return false;
    qsort(pairs, used.num_pairs, sizeof *pairs, by_size); /* its first member is the ratio */
    const pair_t *const middle = &pairs[used.num_pairs / 2];
    *out = (passthrough_bench_t){
        .direct_us = (double)middle->direct_us,
        .bridged_us = (double)middle->bridged_us,
        .ratio = (double)middle->ratio,
        .lowest_ratio = (double)pairs[0].ratio,
        .highest_ratio = (double)pairs[used.num_pairs - 1].ratio,
        .num_pairs = used.num_pairs,
        .frames_of_each_pair = used.num_blocks * used.frames_per_block,
    };
    return true;
}
