/* threads.h - threads beside a frontend's own: they take no signal of the process, and can give
 * way. */
#ifndef FILES_THREADS_H
#define FILES_THREADS_H

#include <pthread.h>
#include <stdbool.h>

/* Like pthread_create; signals are the frontend's. */
bool threads_start(pthread_t *thread, void *(*run)(void *), void *context);

/* From now on the calling thread runs when a processor has nothing else to do. */
void threads_step_back(void);
/* Somebody waits for the thread: where other programs keep the processors busy it would not end. */
void threads_step_forward(pthread_t thread);

#endif
