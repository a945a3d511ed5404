/* bridge_host.c - what only the plugin asks of a bridge: straight forwards. */
#include "bridge_host.h"

#include "descriptors.h"
#include "environment.h"
#include "inner.h"

void bridge_offer_controllers(bridge_t *bridge)
{
    if (bridge->host && !bridge->lists_controllers) controllers_offer(bridge);
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
