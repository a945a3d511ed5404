/* threads_windows.c - see threads.h. There are no signals to keep from a thread. */
#include "threads.h"

#include <windows.h>

bool threads_start(pthread_t *thread, void *(*run)(void *), void *context)
{
    return pthread_create(thread, NULL, run, context) == 0;
}

void threads_step_back(void)
{
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_LOWEST);
}

void threads_step_forward(pthread_t thread)
{
    SetThreadPriority(pthread_gethandle(thread), THREAD_PRIORITY_NORMAL);
}
