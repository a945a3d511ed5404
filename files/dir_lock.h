/* dir_lock.h - a folder that one process at a time writes to. The lock dies with the process. */
#ifndef FILES_DIR_LOCK_H
#define FILES_DIR_LOCK_H

#include <stdbool.h>

/* The lock, at least 0. -1: errno says why, EWOULDBLOCK if another process has it. On Linux the
 * children of the process hold it, too. */
int dir_lock_take(const char *dir);
/* -1 is fine. */
void dir_lock_drop(int lock);
/* Does a process have it now? */
bool dir_lock_is_held(const char *dir);

#endif
