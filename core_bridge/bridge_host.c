/* bridge_host.c - what only the plugin asks of a bridge: its own options, straight forwards. */
#include "bridge_host.h"

#include "environment.h"
#include "inner.h"

bool bridge_own_options_changed(bridge_t *bridge)
{
    environment_latch_options(bridge);
    const bool changed = bridge->options_changed_own;
    bridge->options_changed_own = false;
    return changed;
}

const char *bridge_own_option(bridge_t *bridge, const char *key)
{
    struct retro_variable variable = { key, NULL };
    environment_latch_options(bridge);
    if (!inner_ask_host(bridge, RETRO_ENVIRONMENT_GET_VARIABLE, &variable)) return NULL;
    return variable.value;
}

void bridge_set_port_device(bridge_t *bridge, unsigned port, unsigned device)
{
    if (bridge->is_loaded) bridge->library.set_controller_port_device(port, device);
}

void bridge_cheat_reset(bridge_t *bridge)
{
    if (bridge->is_loaded) bridge->library.cheat_reset();
}

void bridge_cheat_set(bridge_t *bridge, unsigned index, bool enabled, const char *code)
{
    if (bridge->is_loaded) bridge->library.cheat_set(index, enabled, code);
}

unsigned bridge_region(bridge_t *bridge)
{
    return bridge->is_loaded ? bridge->library.get_region() : RETRO_REGION_NTSC;
}

void bridge_system_av_info(bridge_t *bridge, struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){ 0 };
    if (bridge->is_loaded) bridge->library.get_system_av_info(info);
}
