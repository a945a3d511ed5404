/* frontend.h - a small frontend for tests: opens a core, answers it, and writes down what it did.
 *
 *     frontend_t front;
 *     frontend_open(&front, path);                 dlopen and the 25 entry points
 *     frontend_init(&front);                       callbacks and retro_init
 *     frontend_load(&front, "game.nes")            as bytes, if the core allows it
 *     frontend_run(&front, 60);
 *     frontend_close(&front);
 *
 * A libretro callback carries no user pointer, so the frontend that ran last answers: two cores can
 * be open as long as their calls take turns.
 */
#ifndef TEST_FRONTEND_H
#define TEST_FRONTEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretro.h"

enum { FRONTEND_TYPES = 32, FRONTEND_PORTS = 8 };
enum { FRONTEND_MESSAGES = 64, FRONTEND_OPTIONS = 128, FRONTEND_PIXELS = 640 * 512 };

typedef struct {
    unsigned (*api_version)(void);
    void (*init)(void);
    void (*deinit)(void);
    void (*set_environment)(retro_environment_t);
    void (*set_video_refresh)(retro_video_refresh_t);
    void (*set_audio_sample)(retro_audio_sample_t);
    void (*set_audio_sample_batch)(retro_audio_sample_batch_t);
    void (*set_input_poll)(retro_input_poll_t);
    void (*set_input_state)(retro_input_state_t);
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
} frontend_core_t;

/* As RetroArch keeps them: a value that is not among those of the newest set is replaced by the
 * default, and an option that is in none any more is kept, but not answered. */
typedef struct {
    char key[64], value[64];
    char values[1024]; /* "play|off": of the newest set */
    char category[64];
    bool is_there;   /* in the newest set */
    bool is_visible; /* SET_CORE_OPTIONS_DISPLAY */
} frontend_option_t;

typedef struct {
    void *library;
    frontend_core_t core;
    char path[4096];

    /* What a test may set. */
    const char *save_dir;
    unsigned options_version; /* 0: only the oldest form */
    bool without_masks;       /* input masks are refused */
    bool without_path;        /* it does not say where the core's file is */
    bool without_messages;    /* no message interface of version 1: the old call only */
    bool hidden;              /* the frame to come is not shown */
    bool for_now;             /* states are not kept: run-ahead, netplay */
    bool second;              /* this is the second of two instances that run ahead */
    bool netplay;             /* it saves and loads for netplay */
    bool gives_card;          /* a core may draw on the card; there is none to draw on */
    uint16_t pad[2];          /* what the humans hold */
    int16_t stick_x[2];

    /* What it writes down. */
    char messages[FRONTEND_MESSAGES][640];
    int num_messages;
    char status[640]; /* the line that stands on the screen */
    char log[1 << 16];
    frontend_option_t options[FRONTEND_OPTIONS];
    int num_options;
    bool options_changed;
    int option_sets;       /* calls that registered options */
    unsigned option_shape; /* the last of them */
    retro_core_options_update_display_callback_t update_display;
    bool in_set_environment;
    const struct retro_controller_description *types[FRONTEND_PORTS]; /* the core's, as RetroArch */
    int num_types[FRONTEND_PORTS];
    bool bytes_for_nes;
    bool achievements; /* the last word on them; true until then */
    enum retro_pixel_format format;
    unsigned width, height;
    const void *shown;   /* what the core handed over last */
    uint64_t video_hash; /* of the last frame */
    uint64_t audio_hash; /* of everything since the load */
    unsigned num_frames_shown, num_polls;
    uint32_t pixels[FRONTEND_PIXELS]; /* of the last frame, XRGB8888 */
    int num_environment_calls;
    uint8_t *bytes; /* of the loaded game */
} frontend_t;

/* These fail the running test when they cannot. */
void frontend_open(frontend_t *front, const char *path);
void frontend_init(frontend_t *front);
void frontend_close(frontend_t *front); /* unload, deinit, dlclose: whatever is still to be done */

bool frontend_load(frontend_t *front, const char *path);
bool frontend_load_bytes(frontend_t *front, const char *path, const void *bytes, size_t num_bytes);
void frontend_run(frontend_t *front, int num_frames);

/* frontend_options.c. True: *answer is what the core is told. The test fails where the core does
 * what libretro.h forbids: a set in a newer form than the frontend has, keys of other letters or
 * twice, a default that is no value, visibility of one of Kata's options that is not there. */
bool frontend_answer_option(frontend_t *front, unsigned command, void *data, bool *answer);
const frontend_option_t *frontend_find_option(const frontend_t *front, const char *key);
bool frontend_shows_option(const frontend_t *front, const char *key);
/* "" if it was never registered. */
const char *frontend_option(const frontend_t *front, const char *key);
void frontend_set_option(frontend_t *front, const char *key, const char *value);
/* True if one of the messages on the screen holds the text. */
bool frontend_was_told(const frontend_t *front, const char *text);
uint8_t frontend_ram(const frontend_t *front, size_t address);

uint64_t frontend_hash(uint64_t hash, const void *bytes, size_t num_bytes);

#endif
