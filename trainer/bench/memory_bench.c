/* memory_bench.c - three child processes: one makes the agent, two play and say their sizes. */
#define _GNU_SOURCE
#include "memory_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench_frontend.h"
#include "bench_learned.h"
#include "worker.h"

enum { REPLY_MS = 120000 };

typedef struct {
    const memory_bench_config_t *config;
    char home[HOME_PATH_BYTES];
    bool is_plugin;
} memory_player_t;

/* ---- in the children ---- */

static bool sizes_now(memory_sizes_t *sizes, why_t why)
{
    char line[256];
    double kib;
    int found = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (!status) return refuse(why, "/proc/self/status cannot be read");
    while (fgets(line, sizeof line, status)) {
        double *const size = strncmp(line, "VmRSS:", 6) == 0    ? &sizes->resident_mb
                             : strncmp(line, "VmHWM:", 6) == 0  ? &sizes->peak_mb
                             : strncmp(line, "VmSize:", 7) == 0 ? &sizes->mapped_mb
                                                                : NULL;
        if (!size || sscanf(strchr(line, ':') + 1, "%lf", &kib) != 1) continue;
        *size = kib * 1024e-6;
        found++;
    }
    fclose(status);
    return found == 3 || refuse(why, "/proc/self/status lacks VmRSS, VmHWM or VmSize");
}

static bool save_agent(const memory_player_t *player, memory_bench_t *out, why_t why)
{
    const memory_bench_config_t *const config = player->config;
    char path[HOME_PATH_BYTES + 32];
    size_t num_weights;
    agent_config_t agent;
    agent_config_defaults(&agent, preset_num_actions(config->preset));
    agent_config_named(&agent, "hessel2018");
    agent.net_kind = AGENT_NET_NATURE;
    agent.average_updates = 1000; /* one more set of weights in the file, as training has */
    if (!bench_learned_save(path, &num_weights, player->home, config->identity, config->preset,
                            &agent, why))
        return false;
    struct stat file;
    if (stat(path, &file) != 0) return refuse(why, "%.300s: is gone", path);
    out->checkpoint_mb = 1e-6 * (double)file.st_size;
    out->weights_mb = 1e-6 * (double)(num_weights * sizeof(float));
    return true;
}

static void make_agent(worker_child_t *child, void *shared, void *argument)
{
    why_t why;
    if (!worker_next(child)) return;
    if (!save_agent(argument, shared, why)) worker_fail(child, why);
    worker_reply(child);
}

static void play_frames(worker_child_t *child, void *shared, void *argument)
{
    const memory_player_t *const player = argument;
    memory_bench_t *const out = shared;
    const bench_frontend_config_t frontend = {
        .core_path = player->config->core_path,
        .content_path = player->config->content_path,
        .plugin_path = player->is_plugin ? player->config->plugin_path : NULL,
        .agent_home = player->is_plugin ? player->home : NULL,
    };
    why_t why;
    library_t core;
    if (!worker_next(child)) return;
    if (!bench_frontend_open(&core, &frontend, why)) worker_fail(child, why);
    if (player->is_plugin && !bench_frontend_agent_plays(why)) worker_fail(child, why);
    for (int32_t i = 0; i < player->config->num_frames; i++) {
        core.run();
        bench_frontend_next_frame();
    }
    if (!sizes_now(player->is_plugin ? &out->plugin : &out->core, why)) worker_fail(child, why);
    worker_reply(child);
    (void)worker_next(child);
    worker_leave(child); /* a core's own end is not what is measured */
}

/* ---- the parent ---- */

static bool run_child(worker_body_t body, memory_player_t *player, const char *name,
                      memory_bench_t *out, why_t why)
{
    worker_t *worker;
    if (worker_start(&worker, sizeof *out, body, player, name, why) != WORKER_OK) return false;
    memcpy(worker_shared(worker), out, sizeof *out);
    worker_post(worker);
    const bool ok = worker_wait(worker, REPLY_MS, why) == WORKER_OK;
    if (ok) memcpy(out, worker_shared(worker), sizeof *out);
    worker_stop(worker);
    return ok;
}

bool memory_bench(memory_bench_t *out, const memory_bench_config_t *config, why_t why)
{
    memory_player_t player = { .config = config };
    *out = (memory_bench_t){ 0 };
    if (!bench_learned_home(player.home, why)) return false;
    bool ok = run_child(make_agent, &player, "the maker of an agent", out, why) &&
              run_child(play_frames, &player, "the core alone", out, why);
    player.is_plugin = true;
    ok = ok && run_child(play_frames, &player, "the core through Kata", out, why);
    bench_learned_remove(player.home);
    return ok;
}
