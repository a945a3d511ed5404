/* bridge.h - run one libretro core inside this process, as plain data.
 *
 * A bridge_t is one inner core: its shared library, the content it plays and
 * the callbacks it was handed. player/ opens it, calls bridge_run_frame() once
 * per emulated frame, and reads picture, memory and state back as plain data.
 *
 *     why_t why;
 *     bridge_config_t config = { .core_path = "nestopia_libretro.so" };
 *     bridge_t *inner;
 *     if (bridge_open(&inner, &config, why) != BRIDGE_OK) return say(why);
 *     if (bridge_load(inner, "game.nes", NULL, 0, why) != BRIDGE_OK) ...
 *
 * Two hosts. With config.host == NULL the bridge is headless: it answers every
 * environment call by itself, audio is dropped, pads are what bridge_hold() said.
 * With a host (bridge_host.h: libretro's callback types, for plugin/ only) the
 * inner core's calls are forwarded as environment.c's table says.
 *
 * One at a time. libretro callbacks carry no user pointer, so an inner core
 * cannot say which bridge it is calling. inner.c keeps one `active` pointer;
 * a second bridge_open() returns BRIDGE_BUSY. Many games at once: worker.h.
 *
 * Ownership. The bridge owns every buffer it returns. "Borrowed" pointers die
 * at the next call on the same bridge; copy what you keep.
 *
 * Threads. None: call everything from one thread.
 *
 * This header holds no libretro type, so that player/ compiles without
 * libretro.h. May include: the C library, files/why.h. Must not include: agents, macros.
 */
#ifndef CORE_BRIDGE_BRIDGE_H
#define CORE_BRIDGE_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "firmware.h"
#include "why.h"

typedef struct bridge bridge_t; /* opaque: see inner.h  */
struct bridge_host;             /* see bridge_host.h    */

typedef enum {
    BRIDGE_OK = 0,
    BRIDGE_BUSY,       /* a bridge is already open in this process          */
    BRIDGE_NO_LIBRARY, /* path is missing, or is not a shared library       */
    BRIDGE_NO_SYMBOL,  /* the library lacks one of the retro_* entry points */
    BRIDGE_WRONG_API,  /* its retro_api_version() differs from ours         */
    BRIDGE_IS_KATA,    /* the inner core would be Kata itself               */
    BRIDGE_NO_CONTENT, /* content missing, unreadable, or refused by the core */
    BRIDGE_NO_STATE,   /* the inner core cannot, or would not, (de)serialize */
    BRIDGE_NO_MEMORY
} bridge_status_t;

/* Every `why` argument (files/why.h): caller-owned, or NULL if you do not care. Written only on
 * failure; always NUL-terminated; one line, no newline. */
#define BRIDGE_MAX_PORTS 8

/* RetroPad buttons as bits of a pad word: bit n = libretro's joypad id n. */
enum {
    BRIDGE_PAD_B = 1 << 0,
    BRIDGE_PAD_Y = 1 << 1,
    BRIDGE_PAD_SELECT = 1 << 2,
    BRIDGE_PAD_START = 1 << 3,
    BRIDGE_PAD_UP = 1 << 4,
    BRIDGE_PAD_DOWN = 1 << 5,
    BRIDGE_PAD_LEFT = 1 << 6,
    BRIDGE_PAD_RIGHT = 1 << 7,
    BRIDGE_PAD_A = 1 << 8,
    BRIDGE_PAD_X = 1 << 9,
    BRIDGE_PAD_L = 1 << 10,
    BRIDGE_PAD_R = 1 << 11,
    BRIDGE_PAD_L2 = 1 << 12,
    BRIDGE_PAD_R2 = 1 << 13,
    BRIDGE_PAD_L3 = 1 << 14,
    BRIDGE_PAD_R3 = 1 << 15
};

typedef struct {
    const char *key;
    const char *value;
} bridge_option_t;

/* Strings are copied by bridge_open(). */
typedef struct {
    const char *core_path;
    const char *system_dir; /* firmware; NULL: a RetroArch's system folder that has what the core's
                               .info names, else the content's folder ("." before content) */
    const char *save_dir;   /* battery saves; NULL: a headless core gets none */
    const bridge_option_t *options; /* headless only: answers to core options */
    int32_t num_options;
    struct bridge_host *host; /* borrowed until close; NULL: headless */
} bridge_config_t;

typedef enum {
    BRIDGE_PIXEL_0RGB1555 = 0, /* libretro's default: numbers are libretro's */
    BRIDGE_PIXEL_XRGB8888 = 1,
    BRIDGE_PIXEL_RGB565 = 2
} bridge_pixel_t;

/* One call of the inner core's video callback, in the pixel format that the core chose. */
typedef struct {
    const void *pixels; /* (height_px, pitch_bytes), the core's own memory: readable inside
                           on_frame() only. NULL: the last picture again, or one on the graphics
                           card that cannot be read (bridge_sees_card). One that can: a copy, at
                           most 256 pixels wide and high */
    uint32_t width_px;
    uint32_t height_px;
    size_t pitch_bytes; /* row to row; may be wider than width_px needs */
    bridge_pixel_t format;
    uint32_t rotation_quarters; /* counter-clockwise, as the core asked for */
} bridge_frame_t;

/* Who looks at the pictures of one bridge_run_frame(). libretro promises pixels inside the video
 * callback only, so on_frame() is called there, before the host's own callback: once per call of
 * the core, which is once a frame for most cores, never for a frame without a picture, and more
 * often for a few (the last call is the frame's picture). on_frame() must not call the bridge. */
typedef struct {
    void (*on_frame)(void *user, const bridge_frame_t *frame);
    void *user;
    /* NULL: nobody listens, and a headless core that asks is told not to make sound. Else each
     * piece of the frame's sound, (num_frames, 2): left, right; bridge_av_t has the rate. Borrowed
     * for the call; the same rules. */
    void (*on_sound)(void *user, const int16_t *samples, size_t num_frames);
} bridge_observer_t;

typedef struct {
    uint32_t base_width_px, base_height_px;
    uint32_t max_width_px, max_height_px;
    float aspect_ratio; /* 0: width / height */
    double fps;
    double sample_rate_hz;
} bridge_av_t;

/* What the core says of itself; readable without content. Borrowed until close. */
typedef struct {
    const char *name;       /* library_name */
    const char *version;    /* library_version */
    const char *extensions; /* "nes|fds", lower case */
    bool needs_full_path;
    bool blocks_extract;
} bridge_core_t;

/* Load the library, check all 25 symbols and the API version, refuse Kata itself.
 * If the library is already mapped in this process, a private copy is opened, so
 * that a second instance never shares the first one's globals. retro_init() has
 * been called when this returns BRIDGE_OK. On failure *out is NULL and nothing
 * stays loaded. */
bridge_status_t bridge_open(bridge_t **out, const bridge_config_t *config, why_t why);

/* In this order: stop the callbacks that the core registered with a host (waiting for an audio
 * callback that runs in another thread), unload content if any, deinit the core, close the library.
 * NULL is fine. */
void bridge_close(bridge_t *bridge);

bridge_core_t bridge_core(const bridge_t *bridge);

/* Load content. bytes == NULL: read from `path` by the bridge (or by the core when it
 * needs the full path). bytes != NULL: the content as the frontend handed it (patched,
 * unzipped); copied. `path` may then be NULL. path and bytes NULL: the core starts
 * without content, if it can. Headless, ports 0..1 are set to a joypad; with a host, the frontend
 * plugs pads in (bridge_set_port_device). */
bridge_status_t bridge_load(bridge_t *bridge, const char *path, const void *bytes, size_t num_bytes,
                            why_t why);
void bridge_unload(bridge_t *bridge);

/* How many files of firmware that the core's .info names are not in its system folder, and the
 * names of the first. Content that does not load says so itself. */
int32_t bridge_missing_firmware(bridge_t *bridge, firmware_kind_t kind,
                                char names[FIRMWARE_TEXT_BYTES]);

/* Geometry and rates; changes when the core changes them. */
bridge_av_t bridge_av(const bridge_t *bridge);

/* From the next frame on, `port` reads these buttons instead of the human's. Bit n =
 * libretro joypad id n. Opposite directions are passed as they are. */
void bridge_hold(bridge_t *bridge, uint32_t port, uint16_t buttons);
/* Give the port back to the host's pad (headless: nothing is held). */
void bridge_release(bridge_t *bridge, uint32_t port);
/* Was the port held in the last frame, and what? False: *buttons is left alone. */
bool bridge_held(const bridge_t *bridge, uint32_t port, uint16_t *buttons);

/* Advance the inner core exactly one frame; nothing without content. Cannot fail: a core that
 * crashes takes the process with it. observer: borrowed for this call; NULL: nobody looks. */
void bridge_run_frame(bridge_t *bridge, const bridge_observer_t *observer);
/* Whether the pictures of the frames from now on are needed, as they are at first. Headless: a core
 * that asks (GET_AUDIO_VIDEO_ENABLE) is told so, and that sound is not where nobody listens. */
void bridge_need_picture(bridge_t *bridge, bool needed);
/* In the last frame the core asked and was told that its picture is not needed: that it showed none
 * says nothing then. */
bool bridge_spared_picture(const bridge_t *bridge);

/* True once the core asked to shut down (environment call 7); headless only. */
bool bridge_wants_shutdown(const bridge_t *bridge);

/* True if the core was given a context of the graphics card; hosted only. */
bool bridge_draws_on_card(const bridge_t *bridge);
/* True unless it draws there by something else than OpenGL: then observers get no pictures. */
bool bridge_sees_card(const bridge_t *bridge);

void bridge_reset(bridge_t *bridge);

/* libretro memory regions by id; borrowed, NULL and *num_bytes = 0 if there is none. The
 * pointer may change after load, reset and state load. */
enum {
    BRIDGE_MEMORY_SAVE_RAM = 0,
    BRIDGE_MEMORY_RTC = 1,
    BRIDGE_MEMORY_SYSTEM_RAM = 2,
    BRIDGE_MEMORY_VIDEO_RAM = 3
};
void *bridge_memory(bridge_t *bridge, uint32_t memory_id, size_t *num_bytes);

/* num_bytes of the game's memory at a console address: by the core's memory map, and
 * where that does not know the address (or there is no map) as system RAM that starts
 * at ram_base. Borrowed; NULL if the range is not mapped as a whole. */
const uint8_t *bridge_address(bridge_t *bridge, uint64_t address, size_t num_bytes,
                              uint64_t ram_base);

/* Memory that a game may change, for searching: `address` as in bridge_address(). */
#define BRIDGE_MAX_RANGES 32
typedef struct {
    uint64_t address;
    size_t num_bytes; /* as many lie behind each other in the core's memory, too */
} bridge_range_t;

/* The writable ranges of the core's memory map (neither constant nor video memory; of mirrors the
 * largest), then system RAM from ram_base where the map does not know it. Returns how many there
 * are, at most max_ranges and BRIDGE_MAX_RANGES. They may change after load, reset and state load.
 */
int32_t bridge_ram(bridge_t *bridge, uint64_t ram_base, bridge_range_t *ranges, int32_t max_ranges);

/* The inner core's own answer of this moment to "how many bytes is a savestate": ask before each
 * save. 0: it cannot save, or not before its first frame. It may shrink and grow while content is
 * loaded (a core that said CORE_VARIABLE_SIZE), and with a host it may depend on what the host
 * answers to GET_AUDIO_VIDEO_ENABLE right now (FBNeo has one size for run-ahead and netplay, bit 2,
 * and another for files, and refuses to save or restore any other number of bytes). It can cost as
 * much as a save. */
size_t bridge_state_bytes(bridge_t *bridge);

/* state: (num_bytes), which the core is told as it is: what bridge_state_bytes() answered for this
 * save. A host passes what its frontend asks for, because the frontend got that number by the same
 * question, and never keeps the core's size.
 *
 * A host that adds a block behind the core's state (plugin/) gives it a size B that is fixed from
 * load to unload, and finds it from the end:
 *
 *   - asked for the size, it answers bridge_state_bytes() + B, or 0 where the core says 0;
 *   - asked to save N bytes, it calls bridge_save(N - B) and writes the block behind;
 *   - asked to restore N bytes, it looks for the block at N - B: if it is there, the core gets N -
 * B bytes; if not (a state of the core alone, a damaged block), N, and if the core does not take
 *     those, bridge_state_bytes() of them.
 */
bridge_status_t bridge_save(bridge_t *bridge, void *state, size_t num_bytes, why_t why);
/* num_bytes: as it was saved. */
bridge_status_t bridge_restore(bridge_t *bridge, const void *state, size_t num_bytes, why_t why);

/* Names the core gave its buttons (input descriptors), for port 0; NULL if it said none. */
const char *bridge_button_name(const bridge_t *bridge, uint32_t button_id);

#endif
