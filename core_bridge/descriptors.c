/* descriptors.c - what the inner core says of its pads, copied because frontends keep the pointers.
 */
#include "inner.h"

static struct retro_input_descriptor *copy_descriptors(bridge_t *bridge,
                                                       const struct retro_input_descriptor *from)
{
    size_t count = 0;
    while (count < 4096 && from[count].description) count++;
    pool_t fresh = { 0 };
    struct retro_input_descriptor *const to = pool_alloc(&fresh, count + 1, sizeof *to);
    const char *names[16] = { 0 };
    for (size_t i = 0; to && i < count; i++) {
        to[i] = from[i];
        to[i].description = pool_string(&fresh, from[i].description);
        if (to[i].port == 0 && to[i].id < 16 &&
            (to[i].device & RETRO_DEVICE_MASK) == RETRO_DEVICE_JOYPAD)
            names[to[i].id] = to[i].description;
    }
    if (fresh.failed) {
        pool_empty(&fresh);
        return NULL;
    }
    pool_empty(&bridge->descriptors_pool); /* the host is about to be told of the new ones */
    bridge->descriptors_pool = fresh;
    for (int i = 0; i < 16; i++) bridge->button_names[i] = names[i];
    return to;
}

bool descriptors_record(bridge_t *bridge, unsigned cmd, void *data)
{
    (void)cmd;
    return copy_descriptors(bridge, data) != NULL;
}

bool descriptors_forward(bridge_t *bridge, unsigned cmd, void *data)
{
    struct retro_input_descriptor *const copy = copy_descriptors(bridge, data);
    return copy && environment_forward(bridge, cmd, copy);
}

/* An outer list that ends with types == NULL, of inner lists that say their length. */
bool controllers_forward(bridge_t *bridge, unsigned cmd, void *data)
{
    const struct retro_controller_info *const from = data;
    size_t count = 0;
    while (count < 64 && from[count].types) count++;
    pool_t fresh = { 0 };
    struct retro_controller_info *const to = pool_alloc(&fresh, count + 1, sizeof *to);
    for (size_t i = 0; to && i < count; i++) {
        struct retro_controller_description *const types =
            pool_alloc(&fresh, from[i].num_types + (size_t)1, sizeof *types);
        for (unsigned k = 0; types && k < from[i].num_types; k++) {
            types[k].id = from[i].types[k].id;
            types[k].desc = pool_string(&fresh, from[i].types[k].desc);
        }
        to[i] = (struct retro_controller_info){ types, from[i].num_types };
    }
    if (fresh.failed) {
        pool_empty(&fresh);
        return false;
    }
    const bool answer = environment_forward(bridge, cmd, to);
    pool_empty(&bridge->controllers_pool); /* the host looks at the new ones now */
    bridge->controllers_pool = fresh;
    return answer;
}
