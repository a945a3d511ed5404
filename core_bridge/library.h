/* library.h - open a libretro core as a shared library, and its 25 entry points.
 *
 * A library that is already mapped in this process (a frontend's second instance, or a core that
 * stayed mapped after it was closed) is opened from a private copy, so that two instances never
 * share globals.
 */
#ifndef CORE_BRIDGE_LIBRARY_H
#define CORE_BRIDGE_LIBRARY_H

#include "bridge.h"
#include "libretro.h"
#include "why.h"

#define LIBRARY_PATH_BYTES 4096

/* All pointers are set while handle is; all zero means "not open". */
typedef struct {
    void *handle;
    char path[LIBRARY_PATH_BYTES]; /* absolute, of the library that was asked for */
    bool is_private_copy;

    void (*set_environment)(retro_environment_t);
    void (*set_video_refresh)(retro_video_refresh_t);
    void (*set_audio_sample)(retro_audio_sample_t);
    void (*set_audio_sample_batch)(retro_audio_sample_batch_t);
    void (*set_input_poll)(retro_input_poll_t);
    void (*set_input_state)(retro_input_state_t);
    void (*init)(void);
    void (*deinit)(void);
    unsigned (*api_version)(void);
    void (*get_system_info)(struct retro_system_info *);
    void (*get_system_av_info)(struct retro_system_av_info *);
    void (*set_controller_port_device)(unsigned, unsigned);
    void (*reset)(void);
    void (*run)(void);
    size_t (*serialize_size)(void);
    bool (*serialize)(void *, size_t);
    bool (*unserialize)(const void *, size_t);
    void (*cheat_reset)(void);
    void (*cheat_set)(unsigned, bool, const char *);
    bool (*load_game)(const struct retro_game_info *);
    bool (*load_game_special)(unsigned, const struct retro_game_info *, size_t);
    void (*unload_game)(void);
    unsigned (*get_region)(void);
    void *(*get_memory_data)(unsigned);
    size_t (*get_memory_size)(unsigned);
} library_t;

/* Open, bind all entry points, check the API version, refuse Kata itself. Calls nothing in the core
 * but retro_api_version() and retro_get_system_info(). On failure *out is all zero and nothing
 * stays loaded. */
bridge_status_t library_open(library_t *out, const char *path, why_t why);

/* The same, but Kata may be opened, too: for those who stand in a frontend's place (a bench, a
 * test). */
bridge_status_t library_open_any(library_t *out, const char *path, why_t why);

/* Harmless on an all-zero library. */
void library_close(library_t *library);

#endif
