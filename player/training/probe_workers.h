/* probe_workers.h - processes that play one game each for somebody who asks what its actions do,
 * looked after until all have ended. One that fails, dies or runs no frame any more ends them all.
 */
#ifndef PLAYER_PROBE_WORKERS_H
#define PLAYER_PROBE_WORKERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "why.h"

typedef struct {
    const char *core_path, *content_path; /* for messages */
    const char *doing;                    /* "probed": while it was ... */
    int32_t num_workers;
    int32_t silence_limit_ms; /* a worker without a frame for so long ends all */
    /* In worker `number`'s process, from 0: opens its own core, and adds to *frames each frame that
     * it runs. What it finds it leaves in memory that the processes share. */
    bool (*work)(void *context, int32_t number, _Atomic uint64_t *frames, why_t why);
    /* In the caller's, now and then. False: end them all, without an error. May be NULL. */
    bool (*watch)(void *context);
    void *context;
} probe_workers_config_t;

/* *frames: run by all of them, also where it fails. False: `why` says which core failed and how. */
bool probe_workers_run(const probe_workers_config_t *config, uint64_t *frames, why_t why);

#endif
