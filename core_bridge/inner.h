/* inner.h - what a bridge_t is made of, for the files of this folder only.
 *
 * bridge.c owns the struct; environment.c answers the inner core's calls from it;
 * trampolines.c stands between callbacks that the inner core hands to a frontend.
 */
#ifndef KATA_INNER_H
#define KATA_INNER_H

#include "bridge_host.h"
#include "content.h"
#include "library.h"
#include "memory.h"
#include "options.h"
#include "pool.h"

/* What the inner core registered. A frontend is given trampolines instead, which look here, so that
 * nothing it keeps points into a library that may be gone. All zero: nothing registered. */
typedef struct {
    retro_keyboard_event_t keyboard;
    struct retro_disk_control_ext_callback disk;
    struct retro_hw_render_callback hw;
    struct retro_hw_render_callback hw_given; /* what the frontend got, and may keep */
    struct retro_frame_time_callback frame_time;
    struct retro_audio_callback audio;
    retro_audio_buffer_status_callback_t audio_status;
    retro_core_options_update_display_callback_t options_display;
    struct retro_camera_callback camera;
    struct retro_location_callback location;
} registered_t;

struct bridge {
    library_t library;
    struct bridge_host *host; /* NULL: headless */
    pool_t strings;           /* what bridge_open() was given */
    const char *system_dir, *save_dir;
    bridge_core_t core;

    options_t options;
    bool options_asked;         /* the host was asked for changes since the last frame */
    bool options_changed_inner; /* latched for the inner core */
    bool options_changed_own;   /* latched for the plugin */

    bool is_loaded;
    bool may_start_empty; /* SET_SUPPORT_NO_GAME */
    bool wanted_hw;       /* asked for hardware rendering and was refused */
    content_t content;
    content_overrides_t overrides;
    char complaint[192]; /* the last error that the core logged or showed */

    bridge_pixel_t pixel_format;
    uint32_t rotation_quarters;
    const bridge_observer_t *observer; /* of the frame that runs; NULL: nobody looks */
    bridge_av_t av;

    uint16_t held[BRIDGE_MAX_PORTS];
    uint32_t held_ports; /* bit n: port n is held */
    bool host_has_masks; /* the host answers JOYPAD_MASK */
    bool polled;         /* the host was polled since retro_run began */

    memory_map_t memory_map;
    size_t state_bytes;
    unsigned av_enable; /* the host's answer to GET_AUDIO_VIDEO_ENABLE this frame, if asked */
    bool av_enable_asked;

    bool wants_shutdown;
    registered_t registered;
    pool_t descriptors_pool, controllers_pool; /* deep copies the host keeps pointers to */
    const char *button_names[16];              /* port 0, in descriptors_pool or names_pool */
};

/* The one bridge of this process, or NULL: callbacks carry no user pointer. */
bridge_t *bridge_active(void);

/* The environment callback that inner cores are given. */
bool environment_call(unsigned cmd, void *data);

/* One row of the table in environment.c. */
typedef bool (*environment_answer_t)(bridge_t *bridge, unsigned cmd, void *data);
typedef struct {
    unsigned id;
    const char *name;
    bool needs_data;               /* refused when data is NULL */
    environment_answer_t headless; /* host == NULL */
    environment_answer_t hosted;
} environment_row_t;
const environment_row_t *environment_rows(size_t *num_rows);
const environment_row_t *environment_row(unsigned cmd); /* NULL: unknown */

/* Ask the host, if it has an environment callback. */
bool environment_forward(bridge_t *bridge, unsigned cmd, void *data);

/* Has the host changed options? Asked at most once between two frames, latched for both readers. */
void environment_latch_options(bridge_t *bridge);

/* Rows of the table that are answered elsewhere. */
bool trampoline_keyboard(bridge_t *, unsigned, void *);
bool trampoline_disk(bridge_t *, unsigned, void *);
bool trampoline_hw_render(bridge_t *, unsigned, void *);
bool trampoline_frame_time(bridge_t *, unsigned, void *);
bool trampoline_audio(bridge_t *, unsigned, void *);
bool trampoline_audio_status(bridge_t *, unsigned, void *);
bool trampoline_options_display(bridge_t *, unsigned, void *);
bool trampoline_camera(bridge_t *, unsigned, void *);
bool trampoline_location(bridge_t *, unsigned, void *);
/* Forget what the inner core registered; waits for an audio callback that is running. */
void trampolines_drop(bridge_t *bridge);

/* Deep copies of tables that a host keeps pointers to. */
bool descriptors_record(bridge_t *, unsigned, void *);  /* headless: only names of port 0 */
bool descriptors_forward(bridge_t *, unsigned, void *); /* SET_INPUT_DESCRIPTORS */
bool controllers_forward(bridge_t *, unsigned, void *); /* SET_CONTROLLER_INFO */

#endif
