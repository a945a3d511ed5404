/* frame_bench.c - see frame_bench.h. */
#define _GNU_SOURCE
#include "frame_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench_frontend.h"
#include "bench_learned.h"
#include "clock.h"
#include "policy.h"
#include "worker.h"

enum { REPLY_MS = 120000, FRAME_NS = 16666667, WARMUP_DECISIONS = 32 };

typedef struct {
    const frame_bench_config_t *config;
    const char *home; /* NULL: the core alone */
} frame_player_t;

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

/* A frame a request. */
static void play(worker_child_t *child, void *shared, void *argument)
{
    const frame_player_t *const player = argument;
    double *frame_us = shared;
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
        const double start = clock_now();
        core.run();
        *frame_us = 1e6 * (clock_now() - start);
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

static bool play_both(double *const times_us[2], worker_t *const workers[2], int32_t num_frames,
                      why_t why)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (int32_t i = 0; i < num_frames; i++) {
        for (int turn = 0; turn < 2; turn++) {
            const int who = (i & 1) ^ turn; /* neither is always first */
            if (!ask(workers[who], why)) return false;
            times_us[who][i] = *(const double *)worker_shared(workers[who]);
        }
        next.tv_nsec += FRAME_NS;
        if (next.tv_nsec >= 1000000000) {
            next.tv_nsec -= 1000000000;
            next.tv_sec++;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
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

bool frame_bench(double **alone_us, double **plugin_us, uint64_t *updates,
                 const frame_bench_config_t *config, why_t why)
{
    char home[HOME_PATH_BYTES];
    frame_player_t players[2] = { { config, NULL }, { config, home } };
    static const char *const names[2] = { "the core alone", "the core through Kata" };
    worker_t *workers[2] = { NULL, NULL };
    const size_t count = config->num_frames > 0 ? (size_t)config->num_frames : 1;
    double *times_us[2] = { calloc(count, sizeof(double)), calloc(count, sizeof(double)) };
    *alone_us = *plugin_us = NULL;
    bool ok = (times_us[0] && times_us[1]) || refuse(why, "no memory for the times of frames");
    const bool has_home = ok && bench_learned_home(home, why);
    ok = has_home && save_agent(&players[1], why);
    for (int i = 0; ok && i < 2; i++)
        ok = worker_start(&workers[i], sizeof(double), play, &players[i], names[i], why) ==
                 WORKER_OK &&
             ask(workers[i], why);
    ok = ok && play_both(times_us, workers, config->num_frames, why);
    for (int i = 0; i < 2; i++) worker_stop(workers[i]);
    ok = ok && count_updates(updates, &players[1], why);
    if (has_home) bench_learned_remove(home);
    if (!ok) {
        free(times_us[0]);
        free(times_us[1]);
        return false;
    }
    *alone_us = times_us[0];
    *plugin_us = times_us[1];
    return true;
}
