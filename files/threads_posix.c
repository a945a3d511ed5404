/* threads_posix.c - see threads.h. */
#define _GNU_SOURCE /* SCHED_IDLE */
#include "threads.h"

#include <sched.h>
#include <signal.h>

bool threads_start(pthread_t *thread, void *(*run)(void *), void *context)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool ok = pthread_create(thread, NULL, run, context) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

void threads_step_back(void)
{
#ifdef SCHED_IDLE
    const struct sched_param none = { 0 };
    (void)sched_setscheduler(0, SCHED_IDLE, &none); /* of this thread alone, on Linux */
#endif
}

void threads_step_forward(pthread_t thread)
{
    const struct sched_param none = { 0 };
    (void)pthread_setschedparam(thread, SCHED_OTHER, &none);
}
