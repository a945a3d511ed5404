/* descriptors.c - see descriptors.h. */
#include "descriptors.h"

#include <string.h>

/* The host took the new table, or (headless) there is none: `fresh` replaces the one before it. */
static bool settle(bridge_pool_t *kept, bridge_pool_t *fresh, bool is_taken)
{
    bridge_pool_empty(is_taken ? kept : fresh);
    if (is_taken) *kept = *fresh;
    return is_taken;
}

typedef struct {
    bridge_pool_t pool;
    struct retro_input_descriptor *list; /* NULL: no memory */
    const char *names[16];               /* of port 0's buttons */
} descriptors_copy_t;

static descriptors_copy_t copy_descriptors(const struct retro_input_descriptor *from)
{
    size_t count = 0;
    while (count < 4096 && from[count].description) count++;
    descriptors_copy_t copy = { 0 };
    struct retro_input_descriptor *const to = bridge_pool_alloc(&copy.pool, count + 1, sizeof *to);
    for (size_t i = 0; to && i < count; i++) {
        to[i] = from[i];
        to[i].description = bridge_pool_string(&copy.pool, from[i].description);
        if (to[i].port == 0 && to[i].id < 16 &&
            (to[i].device & RETRO_DEVICE_MASK) == RETRO_DEVICE_JOYPAD)
            copy.names[to[i].id] = to[i].description;
    }
    if (copy.pool.failed)
        bridge_pool_empty(&copy.pool);
    else
        copy.list = to;
    return copy;
}

static bool keep_descriptors(bridge_t *bridge, descriptors_copy_t *copy, bool is_taken)
{
    if (is_taken) memcpy(bridge->button_names, copy->names, sizeof copy->names);
    return settle(&bridge->descriptors_pool, &copy->pool, is_taken);
}

bool descriptors_record(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    descriptors_copy_t copy = copy_descriptors(data);
    return copy.list && keep_descriptors(bridge, &copy, true);
}

bool descriptors_forward(bridge_t *bridge, unsigned cmd, void *data)
{
    descriptors_copy_t copy = copy_descriptors(data);
    return copy.list && keep_descriptors(bridge, &copy, inner_ask_host(bridge, cmd, copy.list));
}

static bool has_type(const struct retro_controller_info *port, unsigned id)
{
    for (unsigned k = 0; k < port->num_types; k++)
        if (port->types[k].id == id) return true;
    return false;
}

/* The port's types and, where it has a place there, the host's own. */
static struct retro_controller_info copy_port(bridge_pool_t *pool, const bridge_t *bridge,
                                              const struct retro_controller_info *from, size_t port)
{
    const struct bridge_host *const host = bridge->host;
    struct retro_controller_description *const types =
        bridge_pool_alloc(pool, from->num_types + (size_t)2, sizeof *types);
    unsigned count = 0;
    for (; types && count < from->num_types; count++) {
        types[count].id = from->types[count].id;
        types[count].desc = bridge_pool_string(pool, from->types[count].desc);
    }
    if (types && host->own_controller && port < 32 && host->own_controller_ports >> port & 1 &&
        !has_type(from, host->own_controller->id))
        types[count++] = *host->own_controller;
    return (struct retro_controller_info){ types, count };
}

/* from: `count` ports. */
static bool tell_controllers(bridge_t *bridge, const struct retro_controller_info *from,
                             size_t count)
{
    bridge_pool_t fresh = { 0 };
    struct retro_controller_info *const to = bridge_pool_alloc(&fresh, count + 1, sizeof *to);
    for (size_t i = 0; to && i < count; i++) to[i] = copy_port(&fresh, bridge, &from[i], i);
    if (fresh.failed) {
        bridge_pool_empty(&fresh);
        return false;
    }
    return settle(&bridge->controllers_pool, &fresh,
                  inner_ask_host(bridge, RETRO_ENVIRONMENT_SET_CONTROLLER_INFO, to));
}

/* An outer list that ends with types == NULL, of inner lists that say their length. */
bool controllers_forward(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    const struct retro_controller_info *const from = data;
    size_t count = 0;
    while (count < 64 && from[count].types) count++;
    bridge->lists_controllers = true;
    return tell_controllers(bridge, from, count);
}

bool controllers_offer(bridge_t *bridge)
{
    static const struct retro_controller_description pad[] = { { "RetroPad",
                                                                 RETRO_DEVICE_JOYPAD } };
    struct retro_controller_info ports[32];
    size_t count = 0;
    const struct bridge_host *const host = bridge->host;
    if (!host->own_controller) return false;
    for (uint32_t rest = host->own_controller_ports; rest; rest >>= 1)
        ports[count++] = (struct retro_controller_info){ pad, 1 };
    return count > 0 && tell_controllers(bridge, ports, count);
}
