/* worker_windows.c - worker.h by threads of this process, each with a copy of the core's DLL of its
 * own (library_file_windows.c); Windows has no fork().
 *
 * A worker that crashes ends alone: the exception that nobody handles is noted and its thread ended
 * where the thread began. What it had allocated, and its copy of the DLL, stay until the process
 * ends. A worker that hangs is ended by TerminateThread(), for which the same is true. A core that
 * calls exit() ends the whole process, which on Linux is its worker's end alone.
 */
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "clock.h"
#include "why.h"

enum { STOP_MS = 500, STACK_BYTES = 8 << 20, EXIT_WITH_WORDS = 70 };

struct worker_child {
    HANDLE posted, replied, stopped; /* the first two are set and reset by one wait */
    why_t last_words;
    worker_t *worker;
    char *stack; /* an address at the beginning of the thread's */
};

struct worker {
    HANDLE thread; /* NULL: none runs */
    DWORD thread_id;
    worker_child_t *child; /* of the thread that runs */
    void *memory;
    worker_body_t body;
    void *argument;
    char name[256];
    uint32_t restarts;
    why_t epitaph; /* how the last thread ended */
};

/* Of the worker's thread; NULL in all others. */
static _Thread_local worker_child_t *own;

/* ---- in the worker's thread
 * ---------------------------------------------------------------------- */

bool worker_next(worker_child_t *child)
{
    const HANDLE events[] = { child->stopped, child->posted };
    return WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0 + 1;
}

void worker_reply(worker_child_t *child)
{
    SetEvent(child->replied);
}

void worker_fail(worker_child_t *child, const char *why)
{
    refuse(child->last_words, "%s", why);
    ExitThread(EXIT_WITH_WORDS);
}

void worker_leave(worker_child_t *child)
{
    (void)child;
    ExitThread(0);
}

static const char *crash_name(DWORD code)
{
    switch (code) {
    case EXCEPTION_ACCESS_VIOLATION: return "an access violation";
    case EXCEPTION_IN_PAGE_ERROR: return "a page that could not be read";
    case EXCEPTION_ILLEGAL_INSTRUCTION:
    case EXCEPTION_PRIV_INSTRUCTION: return "an illegal instruction";
    case EXCEPTION_INT_DIVIDE_BY_ZERO: return "a division by zero";
    case EXCEPTION_STACK_OVERFLOW: return "a stack overflow";
    case EXCEPTION_DATATYPE_MISALIGNMENT: return "a misaligned access";
    default: return "an exception";
    }
}

static void end_crashed_thread(void)
{
    ExitThread(EXIT_WITH_WORDS);
}

static LPTOP_LEVEL_EXCEPTION_FILTER filter_before;

/* Nobody handles it: the thread goes on in end_crashed_thread(), on the stack as it was at first.
 */
static LONG WINAPI on_crash(EXCEPTION_POINTERS *exception)
{
    worker_child_t *const child = own;
    const DWORD code = exception->ExceptionRecord->ExceptionCode;
    if (!child) return filter_before ? filter_before(exception) : EXCEPTION_CONTINUE_SEARCH;
    refuse(child->last_words, "crashed with %s (0x%08lX)", crash_name(code), code);
    exception->ContextRecord->Rip = (DWORD64)(uintptr_t)end_crashed_thread;
    exception->ContextRecord->Rsp = ((DWORD64)(uintptr_t)child->stack & ~(DWORD64)15) - 8;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* A core's abort(), where it shares our C library. */
static void on_abort(int number)
{
    signal(number, on_abort); /* it was reset */
    if (!own) return;
    refuse(own->last_words, "crashed with SIGABRT");
    ExitThread(EXIT_WITH_WORDS);
}

static DWORD WINAPI run(void *context)
{
    worker_child_t *const child = context;
    char bottom[64];
    child->stack = bottom;
    own = child;
    child->worker->body(child, child->worker->memory, child->worker->argument);
    own = NULL;
    return 0;
}

/* ---- the owner
 * ----------------------------------------------------------------------------------- */

void *worker_shared(worker_t *worker)
{
    return worker->memory;
}

const char *worker_name(const worker_t *worker)
{
    return worker->name;
}

/* The thread's number: processors_seconds_of() knows it. */
int32_t worker_pid(const worker_t *worker)
{
    return worker->thread ? (int32_t)worker->thread_id : 0;
}

static void free_child(worker_child_t *child)
{
    if (!child) return;
    const HANDLE events[] = { child->posted, child->replied, child->stopped };
    for (int i = 0; i < 3; i++)
        if (events[i]) CloseHandle(events[i]);
    free(child);
}

static worker_status_t spawn(worker_t *worker, why_t why)
{
    static LONG is_prepared;
    if (InterlockedExchange(&is_prepared, 1) == 0) {
        filter_before = SetUnhandledExceptionFilter(on_crash);
        signal(SIGABRT, on_abort);
    }
    worker_child_t *const child = calloc(1, sizeof *child);
    worker->epitaph[0] = '\0';
    if (child) {
        child->worker = worker;
        child->posted = CreateEventW(NULL, FALSE, FALSE, NULL);
        child->replied = CreateEventW(NULL, FALSE, FALSE, NULL);
        child->stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    }
    if (child && child->posted && child->replied && child->stopped)
        worker->thread = CreateThread(NULL, STACK_BYTES, run, child,
                                      STACK_SIZE_PARAM_IS_A_RESERVATION, &worker->thread_id);
    if (!worker->thread) {
        free_child(child);
        refuse(why, "%s: no thread for a worker", worker->name);
        return WORKER_NO_MEMORY;
    }
    worker->child = child;
    return WORKER_OK;
}

worker_status_t worker_start(worker_t **out, size_t shared_bytes, worker_body_t body,
                             void *argument, const char *name, why_t why)
{
    *out = NULL;
    worker_t *const worker = calloc(1, sizeof *worker);
    if (worker) worker->memory = calloc(1, shared_bytes + 1);
    if (!worker || !worker->memory) {
        free(worker);
        refuse(why, "%s: no memory for a worker", name);
        return WORKER_NO_MEMORY;
    }
    worker->body = body;
    worker->argument = argument;
    snprintf(worker->name, sizeof worker->name, "%s", name);
    const worker_status_t status = spawn(worker, why);
    if (status != WORKER_OK) {
        free(worker->memory);
        free(worker);
        return status;
    }
    *out = worker;
    return WORKER_OK;
}

/* Collect the thread; end it first if it does not end within grace_ms. */
static void reap(worker_t *worker, DWORD grace_ms)
{
    if (!worker->thread) return;
    DWORD code = 0;
    if (WaitForSingleObject(worker->thread, grace_ms) != WAIT_OBJECT_0) {
        TerminateThread(worker->thread, EXIT_WITH_WORDS);
        WaitForSingleObject(worker->thread, INFINITE);
        refuse(worker->child->last_words, "was ended");
    }
    GetExitCodeThread(worker->thread, &code);
    worker->child->last_words[sizeof(why_t) - 1] = '\0';
    if (worker->child->last_words[0])
        refuse(worker->epitaph, "%s: %.240s", worker->name, worker->child->last_words);
    else
        refuse(worker->epitaph, "%s: ended with exit code %lu without a reply", worker->name, code);
    CloseHandle(worker->thread);
    free_child(worker->child);
    worker->thread = NULL;
    worker->child = NULL;
}

void worker_post(worker_t *worker)
{
    if (worker->thread) SetEvent(worker->child->posted); /* dead: worker_wait() says so */
}

worker_status_t worker_wait(worker_t *worker, int32_t timeout_ms, why_t why)
{
    if (worker->thread) {
        const HANDLE events[] = { worker->child->replied, worker->thread };
        const DWORD got =
            WaitForMultipleObjects(2, events, FALSE, timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms);
        if (got == WAIT_OBJECT_0) return WORKER_OK;
        if (got == WAIT_TIMEOUT) {
            refuse(why, "%s: no reply within %d ms", worker->name, (int)timeout_ms);
            return WORKER_TIMEOUT;
        }
        reap(worker, STOP_MS);
    }
    refuse(why, "%s", worker->epitaph);
    return WORKER_DIED;
}

worker_status_t worker_restart(worker_t *worker, why_t why)
{
    reap(worker, 0);
    const worker_status_t status = spawn(worker, why);
    if (status == WORKER_OK) worker->restarts++;
    return status;
}

uint32_t worker_restarts(const worker_t *worker)
{
    return worker->restarts;
}

static void end(worker_t *worker, DWORD grace_ms)
{
    reap(worker, grace_ms);
    free(worker->memory);
    free(worker);
}

void worker_stop(worker_t *worker)
{
    if (!worker) return;
    if (worker->thread) SetEvent(worker->child->stopped); /* worker_next() returns false */
    end(worker, STOP_MS);
}

void worker_kill(worker_t *worker)
{
    if (worker) end(worker, 0);
}
