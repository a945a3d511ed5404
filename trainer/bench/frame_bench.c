/* frame_bench.c - see frame_bench.h. */
#define _GNU_SOURCE
#include "frame_bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench_frontend.h"
#include "bench_learned.h"
#include "clock.h"
#include "policy.h"
#include "worker.h"

enum { REPLY_MS = 120000, WARMUP_DECISIONS = 32 };
static const double FRAMES_PER_SECOND = 60;

typedef struct {
    const frame_bench_config_t *config;
    const char *home; /* NULL: the core alone */
} frame_player_t;

typedef struct {
    double wall_us, cpu_us;
} frame_time_t;

/* ---- in the children ---- */

static void make_agent(worker_child_t *child, void *shared, void *argument)
{
    const frame_player_t *const player = argument;
    const frame_bench_config_t *const config = player->config;
    char path[HOME_PATH_BYTES + 32];
    why_t why;
    agent_config_t agent;
    agent_config_defaults(&agent, preset_num_actions(config->preset));
    agent.replay_warmup_decisions = WARMUP_DECISIONS; /* seconds at this speed, not minutes */
    if (!worker_next(child)) return;
    if (!bench_learned_save(path, shared, player->home, config->identity, config->preset, &agent,
                            why))
        worker_fail(child, why);
    worker_reply(child);
}

/* A frame a request. The learner's thread is not in cpu_us. */
static void play(worker_child_t *child, void *shared, void *argument)
{
    const frame_player_t *const player = argument;
    frame_time_t *frame = shared;
    const bench_frontend_config_t frontend = {
        .core_path = player->config->core_path,
        .content_path = player->config->content_path,
        .plugin_path = player->home ? player->config->plugin_path : NULL,
        .agent_home = player->home,
        .learns = true,
    };
    why_t why;
    library_t core;
    if (!worker_next(child)) return;
    if (!bench_frontend_open(&core, &frontend, why)) worker_fail(child, why);
    if (player->home && !bench_frontend_agent_plays(why)) worker_fail(child, why);
    worker_reply(child);
    while (worker_next(child)) {
        const double start = clock_now(), used = clock_cpu();
        core.run();
        frame->cpu_us = 1e6 * (clock_cpu() - used);
        frame->wall_us = 1e6 * (clock_now() - start);
        bench_frontend_next_frame();
        worker_reply(child);
    }
    if (player->home) core.unload_game(); /* it saves what it learned */
    worker_leave(child);                  /* a core's own end is not what is measured */
}

/* ---- the parent ---- */

static bool ask(worker_t *worker, why_t why)
{
    worker_post(worker);
    return worker_wait(worker, REPLY_MS, why) == WORKER_OK;
}

static bool save_agent(const frame_player_t *player, why_t why)
{
    worker_t *worker;
    if (worker_start(&worker, sizeof(size_t), make_agent, (void *)player, "the maker of an agent",
                     why) != WORKER_OK)
        return false;
    const bool ok = ask(worker, why);
    worker_stop(worker);
    return ok;
}

/* Relative: clock_nanosleep() of Windows' runtime knows no absolute time of this clock. */
static void wait_until(double when)
{
    const double left = when - clock_now();
    if (left <= 0) return;
    const struct timespec time = { (time_t)left, (long)((left - floor(left)) * 1e9) };
    nanosleep(&time, NULL);
}

static bool play_both(frame_bench_times_t *times, worker_t *const workers[FRAME_BENCH_NUM],
                      int32_t num_frames, why_t why)
{
    const double began = clock_now();
    for (int32_t i = 0; i < num_frames; i++) {
        for (int turn = 0; turn < 2; turn++) {
            const int who = (i & 1) ^ turn; /* neither is always first */
            if (!ask(workers[who], why)) return false;
            const frame_time_t *frame = worker_shared(workers[who]);
            times->wall_us[who][i] = frame->wall_us;
            times->cpu_us[who][i] = frame->cpu_us;
        }
        wait_until(began + (i + 1) / FRAMES_PER_SECOND);
    }
    return true;
}

static bool count_updates(uint64_t *updates, const frame_player_t *player, why_t why)
{
    char dir[HOME_PATH_BYTES], path[HOME_PATH_BYTES + 32];
    const identity_t *const id = player->config->identity;
    policy_t *policy;
    if (!home_game_dir(dir, player->home, id->system, id->sha1, why)) return false;
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (policy_load(&policy, path, NULL, 0, why) != AGENT_OK) return false;
    policy_trained(policy, NULL, updates);
    policy_destroy(policy);
    return true;
}

void frame_bench_free(frame_bench_times_t *times)
{
    for (int i = 0; i < FRAME_BENCH_NUM; i++) {
        free(times->wall_us[i]);
        free(times->cpu_us[i]);
    }
    *times = (frame_bench_times_t){ 0 };
}

static bool make_room(frame_bench_times_t *times, size_t count, why_t why)
{
    bool ok = true;
    *times = (frame_bench_times_t){ 0 };
    for (int i = 0; i < FRAME_BENCH_NUM; i++) {
        times->wall_us[i] = calloc(count, sizeof(double));
        times->cpu_us[i] = calloc(count, sizeof(double));
        ok = ok && times->wall_us[i] && times->cpu_us[i];
    }
    return ok || refuse(why, "no memory for the times of frames");
}

bool frame_bench(frame_bench_times_t *times, const frame_bench_config_t *config, why_t why)
{
    char home[HOME_PATH_BYTES];
    frame_player_t players[FRAME_BENCH_NUM] = { { config, NULL }, { config, home } };
    static const char *const names[] = { "the core alone", "the core through Kata" };
    worker_t *workers[FRAME_BENCH_NUM] = { NULL, NULL };
    const size_t count = config->num_frames > 0 ? (size_t)config->num_frames : 1;
    bool ok = make_room(times, count, why);
    const bool has_home = ok && bench_learned_home(home, why);
    ok = has_home && save_agent(&players[FRAME_BENCH_PLUGIN], why);
    for (int i = 0; ok && i < FRAME_BENCH_NUM; i++)
        ok = worker_start(&workers[i], sizeof(frame_time_t), play, &players[i], names[i], why) ==
                 WORKER_OK &&
             ask(workers[i], why);
    ok = ok && play_both(times, workers, config->num_frames, why);
    for (int i = 0; i < FRAME_BENCH_NUM; i++) worker_stop(workers[i]);
    ok = ok && count_updates(&times->updates, &players[FRAME_BENCH_PLUGIN], why);
    if (has_home) bench_learned_remove(home);
    if (!ok) frame_bench_free(times);
    return ok;
}
