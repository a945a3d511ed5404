/* probe_workers.c - see probe_workers.h. */
#include "probe_workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "clock.h"
#include "files.h"
#include "worker.h"

typedef struct {
    const probe_workers_config_t *config;
    int32_t number;
    _Atomic uint64_t *board; /* frames that it ran, between processes */
    worker_t *worker;        /* NULL: gone */
    uint64_t frames;
    double alive_at;
} probe_child_t;

static void be_worker(worker_child_t *worker, void *shared, void *argument)
{
    (void)shared;
    const probe_child_t *child = argument;
    why_t why = "";
    if (!child->config->work(child->config->context, child->number, child->board, why))
        worker_fail(worker, why);
    worker_reply(worker);
}

/* False: the worker failed, or does not move any more. */
static bool look_after(probe_child_t *child, char *why)
{
    const probe_workers_config_t *config = child->config;
    const double now = clock_now();
    const uint64_t frames = atomic_load(child->board);
    why_t cause;
    if (frames != child->frames) child->alive_at = now;
    child->frames = frames;
    switch (worker_wait(child->worker, 0, cause)) {
    case WORKER_OK: /* it is done */
        worker_stop(child->worker);
        child->worker = NULL;
        return true;
    case WORKER_TIMEOUT: break;
    default: return refuse(why, "while it was %s: %.900s", config->doing, cause);
    }
    if ((now - child->alive_at) * 1000 <= config->silence_limit_ms) return true;
    return refuse(why, "the core ran no frame for %g s while it was %s",
                  config->silence_limit_ms / 1000.0, config->doing);
}

/* Until all have ended, or the watcher says stop. */
static bool watch_children(const probe_workers_config_t *config, probe_child_t *children, char *why)
{
    for (;;) {
        int32_t running = 0;
        for (int32_t i = 0; i < config->num_workers; i++) {
            if (children[i].worker && !look_after(&children[i], why)) return false;
            running += children[i].worker != NULL;
        }
        if (running == 0) return true;
        if (config->watch && !config->watch(config->context)) return true;
        const struct timespec nap = { 0, 20000000 };
        nanosleep(&nap, NULL);
    }
}

bool probe_workers_run(const probe_workers_config_t *config, uint64_t *frames, why_t why)
{
    const size_t count = (size_t)config->num_workers;
    char name[300];
    *frames = 0;
    _Atomic uint64_t *boards = mmap(NULL, count * sizeof *boards, PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    probe_child_t *children = calloc(count, sizeof *children);
    bool ok = (boards != MAP_FAILED && children) ||
              refuse(why, "no memory for %d workers", config->num_workers);
    snprintf(name, sizeof name, "%.140s playing %.140s", files_name(config->core_path),
             files_name(config->content_path));
    for (int32_t i = 0; i < config->num_workers && ok; i++) {
        children[i] = (probe_child_t){
            .config = config, .number = i, .board = &boards[i], .alive_at = clock_now()
        };
        ok = worker_start(&children[i].worker, 0, be_worker, &children[i], name, why) == WORKER_OK;
    }
    ok = ok && watch_children(config, children, why);
    for (size_t i = 0; children && i < count; i++) worker_kill(children[i].worker);
    for (size_t i = 0; boards != MAP_FAILED && i < count; i++) *frames += atomic_load(&boards[i]);
    if (boards != MAP_FAILED) munmap(boards, count * sizeof *boards);
    free(children);
    return ok;
}
