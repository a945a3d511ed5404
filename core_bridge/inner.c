/* inner.c - the one file-scope pointer that libretro's callbacks need. */
#include "inner.h"

#ifdef _WIN32
/* Workers are threads there (worker_windows.c), each with a bridge and a copy of the core of its
 * own. A thread that has none, of a core's or a frontend's, means the one that was opened last. */
static _Thread_local bridge_t *own;
static bridge_t *_Atomic newest;

bridge_t *inner_active(void)
{
    return own ? own : newest;
}

bridge_t *inner_taken(void)
{
    return own;
}

void inner_activate(bridge_t *bridge)
{
    own = newest = bridge;
}

void inner_leave(bridge_t *bridge)
{
    bridge_t *left = bridge;
    if (own == bridge) own = NULL;
    atomic_compare_exchange_strong(&newest, &left, NULL);
}
#else
static bridge_t *active;

bridge_t *inner_active(void)
{
    return active;
}

bridge_t *inner_taken(void)
{
    return active;
}

void inner_activate(bridge_t *bridge)
{
    active = bridge;
}

void inner_leave(bridge_t *bridge)
{
    if (active == bridge) active = NULL;
}
#endif

bool inner_ask_host(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct bridge_host *const host = bridge->host;
    return host && host->environment && host->environment(cmd, data);
}
