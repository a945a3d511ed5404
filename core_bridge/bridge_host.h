/* bridge_host.h - the libretro side of bridge.h: for plugin/, which has a frontend behind it.
 *
 * Everything here is plain forwarding in libretro's own types. A host's callbacks may be
 * replaced at any time between frames (run-ahead does): the bridge always calls through the
 * struct it was given a pointer to, so the plugin updates its struct in place. NULL members
 * are allowed and mean "not there".
 */
#ifndef CORE_BRIDGE_BRIDGE_HOST_H
#define CORE_BRIDGE_BRIDGE_HOST_H

#include "bridge.h"
#include "libretro.h"

struct bridge_host {
    retro_environment_t environment; /* gets every command that environment.c forwards */
    retro_video_refresh_t video;
    retro_audio_sample_t audio_sample;
    retro_audio_sample_batch_t audio_batch;
    retro_input_poll_t input_poll;
    retro_input_state_t input_state; /* asked only for ports that nobody holds */

    /* The plugin polled the frontend itself this frame (to see whether a human touched the
     * pad): the inner core's poll is not forwarded a second time. Cleared by bridge_run_frame(). */
    bool polled_this_frame;

    /* The plugin's own core options, shown under categories of their own before the inner core's.
     * Borrowed, static; NULL: none. */
    const struct retro_core_option_v2_category *own_categories; /* ends with a NULL key */
    const struct retro_core_option_v2_definition *own_options;  /* ends with a NULL key */

    /* A type of pad of the plugin's own, listed behind the inner core's types at these ports (bit
     * p: port p), where the inner core has none of this id. Borrowed, static; NULL: none. */
    const struct retro_controller_description *own_controller;
    uint32_t own_controller_ports;

    /* The agent may press buttons in this session: no achievements, and no callbacks that make a
     * run depend on the sound card's clock (asynchronous audio, buffer status). */
    bool agent_may_play;
    uint32_t num_agent_ports; /* the inner core is told of at least this many pads; 0: as the host
                                 says */
};

/* Straight forwards for the plugin's entry points. */
/* Own controllers for an inner core that listed none when its content was loaded. */
void bridge_offer_controllers(bridge_t *bridge);
void bridge_set_port_device(bridge_t *bridge, unsigned port, unsigned device);
void bridge_cheat_reset(bridge_t *bridge);
void bridge_cheat_set(bridge_t *bridge, unsigned index, bool enabled, const char *code);
unsigned bridge_region(bridge_t *bridge);
void bridge_system_av_info(bridge_t *bridge, struct retro_system_av_info *info);

#endif
