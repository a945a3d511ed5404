/* children.h - the processes that a test has started, by /proc. */
#ifndef TESTS_CHILDREN_H
#define TESTS_CHILDREN_H

#include <sys/types.h>

/* The newest living child of this process; 0: none. */
pid_t children_newest(void);

#endif
