/* inner.h - what a bridge_t is made of, at the bottom of this folder: for its files and tests only.
 *
 * libretro's callbacks carry no user pointer, so there is one active bridge a process, and each
 * callback finds it here. Nothing below calls up:
 *
 *     bridge.c, bridge_host.c     open, load, run, save, close
 *        environment.c            answers the core's environment calls
 *           trampolines.c, descriptors.c, perf.c     what the core registers
 *              inner.c            the active bridge; the way to the host
 */
#ifndef CORE_BRIDGE_INNER_H
#define CORE_BRIDGE_INNER_H

#include "bridge_content.h"
#include "bridge_host.h"
#include "bridge_pool.h"
#include "library.h"
#include "memory.h"
#include "options.h"
#include "read_back.h"

#include <stdatomic.h>

/* What the inner core registered. A frontend is given trampolines instead, which look here, so that
 * nothing it keeps points into a library that may be gone. All zero: nothing registered. The audio
 * callback is not here: trampolines.c keeps it behind a lock. */
typedef struct {
    retro_keyboard_event_t keyboard;
    struct retro_disk_control_ext_callback disk;
    struct retro_hw_render_callback hw;
    struct retro_hw_render_callback hw_given; /* what the frontend got, and may keep */
    struct retro_frame_time_callback frame_time;
    retro_audio_buffer_status_callback_t audio_status;
    retro_core_options_update_display_callback_t options_display;
    struct retro_camera_callback camera;
    struct retro_location_callback location;
} registered_t;

/* A field is written by the files named above it, after bridge_open() has set it to zero. */
struct bridge {
    /* bridge.c, in bridge_open(); then fixed */
    library_t library;
    struct bridge_host *host; /* NULL: headless */
    bridge_pool_t strings;    /* what bridge_open() was given */
    const char *system_dir, *save_dir;
    char *info; /* the text of the core's .info file; NULL: none */
    bridge_core_t core;
    bool host_has_masks; /* the host answers JOYPAD_MASK */

    /* bridge.c: content */
    content_t content;
    bool is_loaded;
    bool has_run; /* a frame, since the content was loaded */

    /* bridge.c: the frame that runs */
    const bridge_observer_t *observer; /* NULL: nobody looks */
    bool picture_unneeded;             /* bridge_need_picture() */
    bool spared_picture;               /* the core asked in this frame, and was told so */
    bool polled;                       /* the host was polled since retro_run began */

    /* bridge.c: pads */
    uint16_t held[BRIDGE_MAX_PORTS];
    uint32_t held_ports;                   /* bit n: port n is held */
    uint16_t frame_held[BRIDGE_MAX_PORTS]; /* both, of the last frame */
    uint32_t frame_held_ports;

    /* environment.c, as the core says; bridge.c resets them when content is loaded or unloaded */
    bool may_start_empty; /* SET_SUPPORT_NO_GAME */
    content_overrides_t overrides;
    uint64_t quirks; /* SET_SERIALIZATION_QUIRKS */
    bool wanted_hw;  /* asked for hardware rendering and was refused */
    bool has_hw;     /* asked for it, and the host gave it */
    bool wants_shutdown;
    char complaint[192]; /* the last error that the core logged or showed */
    bridge_av_t av;
    bridge_pixel_t pixel_format;
    uint32_t rotation_quarters;
    memory_map_t memory_map;
    bool host_has_map;     /* the host took memory_map, and may keep pointers into it */
    memory_map_t host_map; /* the one that it took before, if it refused memory_map */

    /* environment.c: options; bridge.c gives the answers in bridge_open() and clears `asked` after
     * each frame, bridge_host.c clears `changed_own` */
    options_t options;
    bool options_asked;         /* the host was asked for changes since the last frame */
    bool options_changed_inner; /* latched for the inner core */

    /* perf.c */
    _Atomic uint64_t emulated_usec; /* headless */

    /* trampolines.c */
    registered_t registered;
    read_back_t read_back; /* bridge.c reads pictures by it */

    /* descriptors.c */
    bool lists_controllers;                           /* the core has called SET_CONTROLLER_INFO */
    bridge_pool_t descriptors_pool, controllers_pool; /* deep copies the host keeps pointers to */
    const char *button_names[16];                     /* port 0, in descriptors_pool */
};

/* The one bridge of this process, or NULL. */
bridge_t *inner_active(void);
/* The one in whose way another would be, or NULL. (On Windows: this thread's.) */
bridge_t *inner_taken(void);
void inner_activate(bridge_t *bridge);
void inner_leave(bridge_t *bridge); /* it is the one no more */

/* Ask the host, if it has an environment callback. */
bool inner_ask_host(bridge_t *bridge, unsigned cmd, void *data);

#endif
