/* worker_posix.c - a forked child, a shared block, and a token passed over a socket pair.
 *
 * The token is one byte. A socket pair rather than a futex, because it tells of a death by itself:
 * when either process is gone, the other end reads end-of-file, at once and without a timer.
 */
#define _GNU_SOURCE
#include "worker.h"

#include "clock.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_WITH_WORDS = 70, HEADER_BYTES = 4096, STOP_MS = 500 };

/* In front of the caller's block, on a page of its own. */
typedef struct {
    why_t last_words;
} header_t;

struct worker {
    pid_t pid;  /* 0: none is alive (or it was reaped) */
    int socket; /* -1: closed */
    uint8_t *memory;
    size_t memory_bytes;
    worker_body_t body;
    void *argument;
    char name[256];
    uint32_t restarts;
    why_t epitaph; /* how the last child ended; set once it is reaped */
};

struct worker_child {
    int socket;
    header_t *header;
};

/* ---- the child ----------------------------------------------------------------------------------
 */

static void close_from(int first)
{
#ifdef SYS_close_range /* Linux 5.9 */
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
#endif
    struct rlimit limit;
    const bool is_known = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1 << 20;
    for (int fd = first; fd < (is_known ? (int)limit.rlim_cur : 1 << 20); fd++) close(fd);
}

/* Whatever the parent has open (other workers' sockets above all: they would hide a death) is
 * closed. Terminal input is the parent's alone, and Ctrl-C is the parent's to answer. */
static void leave_the_parent(pid_t parent, int socket)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0); /* it died before the line above */
    if (dup2(socket, 3) != 3) _exit(EXIT_WITH_WORDS);
    close_from(4);
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing > 0) {
        dup2(nothing, 0);
        close(nothing);
    }
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    /* Sent to the whole process group they mean the parent, which ends us when it has saved. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

bool worker_next(worker_child_t *child)
{
    char token;
    ssize_t got;
    do got = recv(child->socket, &token, 1, 0);
    while (got < 0 && errno == EINTR);
    return got == 1;
}

void worker_reply(worker_child_t *child)
{
    const char token = 'r';
    ssize_t put;
    do put = send(child->socket, &token, 1, MSG_NOSIGNAL);
    while (put < 0 && errno == EINTR);
    if (put != 1) _exit(0); /* the parent is gone */
}

void worker_fail(worker_child_t *child, const char *why)
{
    refuse(child->header->last_words, "%s", why);
    _exit(EXIT_WITH_WORDS);
}

void worker_leave(worker_child_t *child)
{
    (void)child;
    _exit(0);
}

/* ---- the parent ---------------------------------------------------------------------------------
 */

static header_t *header_of(const worker_t *worker)
{
    return (header_t *)worker->memory;
}

void *worker_shared(worker_t *worker)
{
    return worker->memory + HEADER_BYTES;
}

const char *worker_name(const worker_t *worker)
{
    return worker->name;
}

int32_t worker_pid(const worker_t *worker)
{
    return (int32_t)worker->pid;
}

static worker_status_t spawn(worker_t *worker, why_t why)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        refuse(why, "%s: no socket pair for a worker: %s", worker->name, strerror(errno));
        return WORKER_NO_MEMORY;
    }
    memset(header_of(worker), 0, sizeof(header_t));
    worker->epitaph[0] = '\0';
    fflush(NULL); /* or the child could write our buffered text once more */
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        refuse(why, "%s: a worker could not be forked: %s", worker->name, strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return WORKER_NO_MEMORY;
    }
    if (pid == 0) {
        leave_the_parent(parent, ends[1]);
        worker_child_t child = { .socket = 3, .header = header_of(worker) };
        worker->body(&child, worker_shared(worker), worker->argument);
        _exit(0);
    }
    close(ends[1]);
    worker->socket = ends[0];
    worker->pid = pid;
    return WORKER_OK;
}

worker_status_t worker_start(worker_t **out, size_t shared_bytes, worker_body_t body,
                             void *argument, const char *name, why_t why)
{
    *out = NULL;
    worker_t *const worker = calloc(1, sizeof *worker);
    if (!worker || shared_bytes > SIZE_MAX - HEADER_BYTES) {
        free(worker);
        refuse(why, "%s: no memory for a worker", name);
        return WORKER_NO_MEMORY;
    }
    worker->socket = -1;
    worker->body = body;
    worker->argument = argument;
    snprintf(worker->name, sizeof worker->name, "%s", name);
    worker->memory_bytes = HEADER_BYTES + shared_bytes;
    worker->memory =
        mmap(NULL, worker->memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    worker_status_t status = WORKER_NO_MEMORY;
    if (worker->memory == MAP_FAILED) {
        refuse(why, "%s: no memory for %zu bytes shared with a worker", name, shared_bytes);
        free(worker);
        return status;
    }
    status = spawn(worker, why);
    if (status != WORKER_OK) {
        munmap(worker->memory, worker->memory_bytes);
        free(worker);
        return status;
    }
    *out = worker;
    return WORKER_OK;
}

/* Of the signals that end a process; NULL: another one. (sigabbrev_np() is glibc 2.32's.) */
static const char *signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } signals[] = {
        { SIGABRT, "SIGABRT" }, { SIGALRM, "SIGALRM" }, { SIGBUS, "SIGBUS" },
        { SIGFPE, "SIGFPE" },   { SIGHUP, "SIGHUP" },   { SIGILL, "SIGILL" },
        { SIGINT, "SIGINT" },   { SIGKILL, "SIGKILL" }, { SIGPIPE, "SIGPIPE" },
        { SIGQUIT, "SIGQUIT" }, { SIGSEGV, "SIGSEGV" }, { SIGSYS, "SIGSYS" },
        { SIGTERM, "SIGTERM" }, { SIGTRAP, "SIGTRAP" }, { SIGXCPU, "SIGXCPU" },
        { SIGXFSZ, "SIGXFSZ" }, { SIGUSR1, "SIGUSR1" }, { SIGUSR2, "SIGUSR2" },
    };
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (signals[i].number == number) return signals[i].name;
    return NULL;
}

static void write_epitaph(worker_t *worker, int status)
{
    header_t *const header = header_of(worker);
    header->last_words[sizeof(why_t) - 1] = '\0'; /* a broken child wrote it */
    why_one_line(header->last_words);
    if (WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        const char *const name = signal_name(number);
        refuse(worker->epitaph, "%s: crashed with %s (%s)", worker->name, name ? name : "a signal",
               strsignal(number));
    } else if (header->last_words[0]) {
        refuse(worker->epitaph, "%s: %.240s", worker->name, header->last_words);
    } else {
        refuse(worker->epitaph, "%s: ended with exit code %d without a reply", worker->name,
               WEXITSTATUS(status));
    }
}

/* Collect the child; kill it first if it does not end within grace_ms. */
static void reap(worker_t *worker, int32_t grace_ms)
{
    if (worker->pid == 0) return;
    const int64_t deadline = clock_now_ms() + grace_ms;
    int status = 0;
    pid_t got = 0;
    while (got == 0) {
        got = waitpid(worker->pid, &status, WNOHANG);
        if (got < 0 && errno == EINTR) got = 0;
        if (got != 0) break;
        if (clock_now_ms() >= deadline) {
            kill(worker->pid, SIGKILL);
            do got = waitpid(worker->pid, &status, 0);
            while (got < 0 && errno == EINTR);
            break;
        }
        nanosleep(&(struct timespec){ 0, 200000 }, NULL);
    }
    if (got == worker->pid)
        write_epitaph(worker, status);
    else
        refuse(worker->epitaph, "%s: was ended by someone else", worker->name);
    worker->pid = 0;
    if (worker->socket >= 0) close(worker->socket);
    worker->socket = -1;
}

void worker_post(worker_t *worker)
{
    const char token = 'p';
    ssize_t put;
    if (worker->socket < 0) return; /* dead: worker_wait() says so */
    do put = send(worker->socket, &token, 1, MSG_NOSIGNAL);
    while (put < 0 && errno == EINTR);
}

/* 1: a reply or a death is there to be read; 0: not in time. */
static int wait_readable(const worker_t *worker, int32_t timeout_ms)
{
    struct pollfd waiting = { .fd = worker->socket, .events = POLLIN };
    const int64_t deadline = clock_now_ms() + timeout_ms;
    for (;;) {
        const int64_t left = timeout_ms < 0 ? -1 : deadline - clock_now_ms();
        const int got = poll(&waiting, 1, timeout_ms < 0 ? -1 : left > 0 ? (int)left : 0);
        if (got >= 0) return got;
        if (errno != EINTR) return 1; /* let the read say what is wrong */
    }
}

worker_status_t worker_wait(worker_t *worker, int32_t timeout_ms, why_t why)
{
    if (worker->pid == 0) {
        refuse(why, "%s", worker->epitaph);
        return WORKER_DIED;
    }
    char token;
    ssize_t got = -1;
    /* For ever: a plain blocking read saves a system call. */
    if (timeout_ms >= 0 && wait_readable(worker, timeout_ms) == 0) {
        refuse(why, "%s: no reply within %d ms", worker->name, (int)timeout_ms);
        return WORKER_TIMEOUT;
    }
    do got = recv(worker->socket, &token, 1, 0);
    while (got < 0 && errno == EINTR);
    if (got == 1) return WORKER_OK;
    reap(worker, STOP_MS);
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

static void end(worker_t *worker, int32_t grace_ms)
{
    reap(worker, grace_ms);
    munmap(worker->memory, worker->memory_bytes);
    free(worker);
}

void worker_stop(worker_t *worker)
{
    if (!worker) return;
    if (worker->socket >= 0) shutdown(worker->socket, SHUT_RDWR); /* worker_next() returns false */
    end(worker, STOP_MS);
}

void worker_kill(worker_t *worker)
{
    if (worker) end(worker, 0);
}
