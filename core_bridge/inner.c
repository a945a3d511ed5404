/* inner.c - the one file-scope pointer that libretro's callbacks need. */
#include "inner.h"

static bridge_t *active;

bridge_t *inner_active(void)
{
    return active;
}

void inner_activate(bridge_t *bridge)
{
    active = bridge;
}

bool inner_ask_host(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct bridge_host *const host = bridge->host;
    return host && host->environment && host->environment(cmd, data);
}
