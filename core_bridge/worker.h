/* worker.h - one child process with memory shared with its parent, that answers requests.
 *
 * libretro allows one core per process, and cores crash. So each game of a training run lives
 * in a worker, forked before its core is opened. Parent and child share one block of memory
 * (pictures, numbers) and pass a token: the parent posts, the child works and replies. The body
 * is any function; this file knows nothing of games or learning.
 *
 *     worker_t *w;
 *     worker_start(&w, sizeof(struct mine), body, argument, "nestopia playing kumite.nes", why);
 *     struct mine *shared = worker_shared(w);
 *     shared->action = 3;
 *     worker_post(w);
 *     if (worker_wait(w, 10000, why) != WORKER_OK) worker_restart(w, why2);
 *
 * On Windows the child is a thread with a copy of the core's library (worker_windows.c); what
 * follows is Linux's. The child must not return to the parent's code: it ends with _exit() when
 * body returns. It dies with its parent (PR_SET_PDEATHSIG: with the thread that started it, so
 * start workers from the main thread) and holds no lock of the parent's. Of the parent's open files
 * it keeps only standard output and error; it ignores Ctrl-C, which is the parent's to answer.
 */
#ifndef CORE_BRIDGE_WORKER_H
#define CORE_BRIDGE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

typedef struct worker worker_t;

typedef enum {
    WORKER_OK = 0,
    WORKER_DIED, /* the process ended; `why` says by which signal or exit code, and its last words
                  */
    WORKER_TIMEOUT,  /* no reply in time; still running */
    WORKER_NO_MEMORY /* fork or mmap failed */
} worker_status_t;

/* The child's view. */
typedef struct worker_child worker_child_t;

/* Runs in the child until it returns; the process then ends. */
typedef void (*worker_body_t)(worker_child_t *child, void *shared, void *argument);

/* In the body: wait for the next request (false: the parent is gone or stops us), reply to it.
 * worker_fail() ends the child and hands `why` to the parent's worker_wait(). */
bool worker_next(worker_child_t *child);
void worker_reply(worker_child_t *child);
_Noreturn void worker_fail(worker_child_t *child, const char *why);
/* Ends the child at once: what it has open is not closed. */
_Noreturn void worker_leave(worker_child_t *child);

/* `name` appears in messages. argument must stay valid in the parent as long as the worker may be
 * restarted (a fork copies it). shared memory is zeroed at start, kept at restart. */
worker_status_t worker_start(worker_t **out, size_t shared_bytes, worker_body_t body,
                             void *argument, const char *name, why_t why);
void *worker_shared(worker_t *worker);
const char *worker_name(const worker_t *worker);
/* Of the process that runs now; 0: it has ended and was collected. */
int32_t worker_pid(const worker_t *worker);

/* Hand over a request; the previous one must have been replied to (or the worker just started). */
void worker_post(worker_t *worker);
/* Wait for the reply. timeout_ms < 0: for ever. */
worker_status_t worker_wait(worker_t *worker, int32_t timeout_ms, why_t why);
/* Kill what is left and fork again with the same body, argument and memory. */
worker_status_t worker_restart(worker_t *worker, why_t why);
uint32_t worker_restarts(const worker_t *worker);

/* Ask the child to end, wait shortly, kill, reap, free. NULL is fine. */
void worker_stop(worker_t *worker);
/* The same without asking. */
void worker_kill(worker_t *worker);

#endif
