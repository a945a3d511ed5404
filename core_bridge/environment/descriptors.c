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

/* An outer list that ends with types == NULL, of inner lists that say their length. */
bool controllers_forward(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct retro_controller_info *const from = data;
    size_t count = 0;
    while (count < 64 && from[count].types) count++;
    bridge_pool_t fresh = { 0 };
    struct retro_controller_info *const to = bridge_pool_alloc(&fresh, count + 1, sizeof *to);
    for (size_t i = 0; to && i < count; i++) {
        struct retro_controller_description *const types =
            bridge_pool_alloc(&fresh, from[i].num_types + (size_t)1, sizeof *types);
        for (unsigned k = 0; types && k < from[i].num_types; k++) {
            types[k].id = from[i].types[k].id;
            types[k].desc = bridge_pool_string(&fresh, from[i].types[k].desc);
        }
        to[i] = (struct retro_controller_info){ types, from[i].num_types };
    }
    if (fresh.failed) {
        bridge_pool_empty(&fresh);
        return false;
    }
    return settle(&bridge->controllers_pool, &fresh, inner_ask_host(bridge, cmd, to));
}
