/* fake_core.h - a tiny libretro core whose behaviour is written in its content.
 *
 * Content is text: "FAKE" and words, such as "FAKE format=2 resize_at=10 crash_at=20". The same
 * words are read from the environment variable FAKE_CORE, for what happens before there is content.
 * What cannot be decided at run time (a missing symbol, another API version) is a build variant:
 * see tests/core_bridge/tests.mk.
 *
 *     format=0|1|2       pixel format
 *     width=N height=N   picture (default 64 x 48)
 *     padding=N          bytes behind each row
 *     dupe=N             every N-th frame is NULL
 *     resize_at=N        then 32 x 24
 *     stack_pixels       draws on its own stack
 *     gone_pixels        draws into memory that is unmapped after the video callback
 *     draws=N            calls video_refresh N times a frame
 *     video_until=N      draws nothing after frame N
 *     hw                 asks for OpenGL
 *     refuse             does not open the content
 *     log=WORD           logs it as an error
 *     message=WORD       shows it with SET_MESSAGE
 *     crash_at=N exit_at=N shutdown_at=N   aborts, calls _exit(3), asks for shutdown
 *     hang_at=N spin_at=N   sleeps, or works, for ever
 *     poll=none|late|twice   pads=mask|single   how it reads pads
 *     sound=sample|batch|none
 *     rotation=N         SET_ROTATION in load
 *     geometry_at=N      SET_GEOMETRY 100 x 50
 *     av_info_at=N       SET_SYSTEM_AV_INFO, 50 fps
 *     map                memory map, from the stack
 *     descriptors        and controllers, from the stack
 *     asks_av            draws and sounds only where GET_AUDIO_VIDEO_ENABLE says so; counted
 *     frame_usec=N       a frame takes so long, asleep
 *     work_usec=N        a frame takes so much of a processor's time
 *     leaks=N            takes N MiB more each frame
 *     options=variables|v1|v1_intl|v2|v2_intl
 *     frame_time         SET_FRAME_TIME_CALLBACK
 *     audio_callback     SET_AUDIO_CALLBACK
 *     audio_usec=N       the audio callback takes so long
 *     negotiation        SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE
 *     needs_log          aborts without GET_LOG_INTERFACE
 *     needs_perf         does not open the content without GET_PERF_INTERFACE
 *     state=N            bytes of a savestate
 *     no_state           cannot save
 *     must_run           quirk MUST_INITIALIZE: no size (or early_state=N) before the first frame
 *     growing_state      quirk CORE_VARIABLE_SIZE: a byte more each frame, no other number is taken
 *     two_states         20 bytes less for states that are not kept, no other number is taken
 *     no_game            starts without content
 *     full_path=EXT by_bytes=EXT   override: EXT by path, as bytes
 *
 * Memory: SYSTEM_RAM is 256 bytes that change each frame, SAVE_RAM is the report below.
 */
#ifndef FAKE_CORE_H
#define FAKE_CORE_H

#include <stdbool.h>
#include <stdint.h>

enum { FAKE_RAM_BYTES = 256, FAKE_PORTS = 4 };

/* What the core saw, for tests to read as SAVE_RAM. */
typedef struct {
    uint32_t frames;
    uint16_t pads[FAKE_PORTS]; /* of the last frame */
    int16_t sticks[FAKE_PORTS], pressures[FAKE_PORTS];
    uint32_t devices[FAKE_PORTS]; /* retro_set_controller_port_device() */
    int64_t time_usec;            /* the frame time callback's sum */
    char path[256];               /* as retro_load_game() got it */
    bool had_path, had_data, had_ext;
    uint64_t num_bytes;
    char ext_dir[256], ext_name[64], ext_ext[16], ext_archive_file[64];
    bool ext_persistent;
    char option[64];     /* GET_VARIABLE fake_speed at load */
    char option_now[64]; /* and after the last update */
    uint32_t option_updates;
    bool answers[8]; /* of calls made in load; see the source */
    char system_dir[256], save_dir[256], libretro_path[256];
    bool saw_data_after_load; /* the content's bytes were still the same in the last frame */
    uint32_t audio_callbacks;
    uint64_t sound_taken; /* sum of what audio_sample_batch returned */
    uint32_t cheats, resets, inits;
    uint32_t frames_drawn, frames_sounded; /* since the content was loaded, states or not */
    uint32_t size_questions;               /* retro_serialize_size() was called */
    uint64_t cpu_features;
    int64_t clock_usec; /* get_time_usec(), in load and in the last frame */
} fake_report_t;

#endif
