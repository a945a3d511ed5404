/* keeping_host.h - a frontend that keeps everything it is given, for tests to look at and to call.
 */
#ifndef KEEPING_HOST_H
#define KEEPING_HOST_H

#include "setup.h"

typedef struct {
    const void *pixels;
    unsigned width, height;
    size_t pitch;
    int videos, samples, batches, polls, asked;
    const int16_t *batch;
    size_t batch_frames;
    uint16_t pads[8];
    bool has_masks;       /* answers JOYPAD_MASK */
    bool says_no;         /* to every call */
    int av_enable;        /* GET_AUDIO_VIDEO_ENABLE */
    _Atomic int messages; /* SET_MESSAGE, from any thread */
    const char *_Atomic message;
    const struct retro_input_descriptor *descriptors;
    const struct retro_controller_description *controllers; /* of port 0 */
    unsigned num_controllers[2];                            /* of ports 0 and 1 */
    struct retro_memory_map map;
    struct retro_keyboard_callback keyboard;
    struct retro_disk_control_callback disk;
    struct retro_disk_control_ext_callback disk_ext;
    struct retro_frame_time_callback time;
    struct retro_audio_callback audio;
    struct retro_audio_buffer_status_callback status;
    struct retro_core_options_update_display_callback display;
    struct retro_camera_callback camera;
    struct retro_location_callback location;
    struct retro_hw_render_callback *hw;
    const void *negotiation;
    uint64_t quirks;
} kept_t;

extern kept_t kept;
extern struct bridge_host keeping_host;

/* Functions that it hands to a core. */
bool host_camera_start(void); /* and of the location interface */
uintptr_t host_framebuffer(void);
retro_proc_address_t host_proc_address(const char *name);

/* The fake core with `script` on this frontend, all of `kept` new; fails the test if it cannot. */
bridge_t *open_hosted(const char *script);

#endif
