/* bridge.c - opens, plays and closes the one inner core of this process. */
#define _GNU_SOURCE
#include "catalog.h"
#include "environment.h"
#include "extensions.h"
#include "firmware.h"
#include "inner.h"
#include "perf.h"
#include "retroarch_folders.h"
#include "trampolines.h"
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the inner core calls ----------------------------------------------------------------
 */

/* Of a picture on the card a small copy, where somebody looks at it. */
static void look_at_card(bridge_t *bridge, bridge_frame_t *frame)
{
    if (bridge->picture_unneeded) {
        bridge->spared_picture = true;
        return;
    }
    uint32_t width_px, height_px;
    frame->pixels = read_back_picture(&bridge->read_back, frame->width_px, frame->height_px,
                                      &width_px, &height_px);
    if (!frame->pixels) return;
    frame->width_px = width_px;
    frame->height_px = height_px;
    frame->pitch_bytes = width_px * sizeof(uint32_t);
    frame->format = BRIDGE_PIXEL_XRGB8888;
}

static void on_video(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    bridge_t *const b = inner_active();
    if (!b) return;
    if (b->observer) {
        bridge_frame_t frame = {
            .pixels = pixels == RETRO_HW_FRAME_BUFFER_VALID ? NULL : pixels,
            .width_px = width,
            .height_px = height,
            .pitch_bytes = pitch,
            .format = b->pixel_format,
            .rotation_quarters = b->rotation_quarters,
        };
        if (pixels == RETRO_HW_FRAME_BUFFER_VALID) look_at_card(b, &frame);
        b->observer->on_frame(b->observer->user, &frame);
    }
    if (b->host && b->host->video) b->host->video(pixels, width, height, pitch);
}

static void on_audio_sample(int16_t left, int16_t right)
{
    const bridge_t *const b = inner_active();
    const int16_t both[2] = { left, right };
    if (b && b->observer && b->observer->on_sound)
        b->observer->on_sound(b->observer->user, both, 1);
    if (b && b->host && b->host->audio_sample) b->host->audio_sample(left, right);
}

static size_t on_audio_batch(const int16_t *samples, size_t num_frames)
{
    const bridge_t *const b = inner_active();
    if (b && b->observer && b->observer->on_sound)
        b->observer->on_sound(b->observer->user, samples, num_frames);
    if (b && b->host && b->host->audio_batch) return b->host->audio_batch(samples, num_frames);
    return num_frames; /* heard by nobody, but taken */
}

static void poll_host(bridge_t *b)
{
    b->polled = true;
    if (b->host && b->host->input_poll && !b->host->polled_this_frame) b->host->input_poll();
}

static void on_input_poll(void)
{
    bridge_t *const b = inner_active();
    if (b) poll_host(b);
}

static int16_t held_state(uint16_t buttons, unsigned device, unsigned index, unsigned id)
{
    if (device == RETRO_DEVICE_JOYPAD) {
        if (id == RETRO_DEVICE_ID_JOYPAD_MASK) return (int16_t)buttons;
        return id < 16 ? buttons >> id & 1 : 0;
    }
    /* Pressure of a button: all or nothing. Sticks rest. */
    if (device == RETRO_DEVICE_ANALOG && index == RETRO_DEVICE_INDEX_ANALOG_BUTTON && id < 16)
        return buttons >> id & 1 ? 0x7fff : 0;
    return 0;
}

static int16_t on_input_state(unsigned port, unsigned device, unsigned index, unsigned id)
{
    bridge_t *const b = inner_active();
    if (!b) return 0;
    const unsigned kind = device & RETRO_DEVICE_MASK; /* subclasses are pads, too */
    if (port < BRIDGE_MAX_PORTS && b->held_ports >> port & 1)
        return held_state(b->held[port], kind, index, id);
    if (!b->host || !b->host->input_state) return 0;

    const retro_input_state_t ask = b->host->input_state;
    if (kind != RETRO_DEVICE_JOYPAD || id != RETRO_DEVICE_ID_JOYPAD_MASK || b->host_has_masks)
        return ask(port, device, index, id);
    unsigned mask = 0;
    for (unsigned button = 0; button < 16; button++)
        if (ask(port, device, index, button)) mask |= 1u << button;
    return (int16_t)mask;
}

/* ---- open and close -----------------------------------------------------------------------------
 */

/* Headless, what the user's RetroArch would give the core. */
static void find_firmware(bridge_t *bridge)
{
    retroarch_folders_t folders[RETROARCH_FOLDERS_MAX];
    const int32_t count = retroarch_folders_find(folders);
    for (int32_t i = 0; i < count && !bridge->system_dir; i++)
        if (firmware_is_in(bridge->info, folders[i].system))
            bridge->system_dir = bridge_pool_string(&bridge->strings, folders[i].system);
}

static bool copy_config(bridge_t *bridge, const bridge_config_t *config)
{
    bridge->system_dir = bridge_pool_string(&bridge->strings, config->system_dir);
    bridge->save_dir = bridge_pool_string(&bridge->strings, config->save_dir);
    for (int32_t i = 0; i < config->num_options; i++)
        if (!options_answer(&bridge->options, config->options[i].key, config->options[i].value))
            return false;
    return !bridge->strings.failed;
}

static bool describe_core(bridge_t *bridge)
{
    struct retro_system_info info = { 0 };
    bridge->library.get_system_info(&info);
    bridge_pool_t *const pool = &bridge->strings;
    char *const extensions =
        bridge_pool_string(pool, info.valid_extensions ? info.valid_extensions : "");
    for (char *c = extensions; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    bridge->core = (bridge_core_t){
        .name = bridge_pool_string(pool, info.library_name ? info.library_name : "an unnamed core"),
        .version = bridge_pool_string(pool, info.library_version ? info.library_version : ""),
        .extensions = extensions,
        .needs_full_path = info.need_fullpath,
        .blocks_extract = info.block_extract,
    };
    return !pool->failed;
}

static void forget_map(bridge_t *bridge)
{
    memory_map_drop(&bridge->memory_map);
    memory_map_drop(&bridge->host_map);
    bridge->host_has_map = false;
}

static void free_all(bridge_t *bridge)
{
    library_close(&bridge->library);
    options_drop(&bridge->options);
    content_drop(&bridge->content);
    content_overrides_drop(&bridge->overrides);
    forget_map(bridge);
    bridge_pool_empty(&bridge->descriptors_pool);
    bridge_pool_empty(&bridge->controllers_pool);
    bridge_pool_empty(&bridge->strings);
    free(bridge->info);
    free(bridge);
}

bridge_status_t bridge_open(bridge_t **out, const bridge_config_t *config, why_t why)
{
    *out = NULL;
    if (inner_taken()) {
        refuse(why, "a core is already open in this process: %s", inner_taken()->core.name);
        return BRIDGE_BUSY;
    }
    bridge_t *const bridge = calloc(1, sizeof *bridge);
    if (!bridge) {
        refuse(why, "no memory for a core");
        return BRIDGE_NO_MEMORY;
    }
    bridge->host = config->host;
    bridge_status_t status = BRIDGE_NO_MEMORY;
    if (!copy_config(bridge, config)) goto no_memory;
    status = library_open(&bridge->library, config->core_path, why);
    if (status != BRIDGE_OK) goto fail;
    if (!describe_core(bridge)) goto no_memory;
    bridge->info = catalog_info(config->core_path);
    if (!config->system_dir && !config->host) find_firmware(bridge);
    bridge->host_has_masks = inner_ask_host(bridge, RETRO_ENVIRONMENT_GET_INPUT_BITMASKS, NULL);

    inner_activate(bridge);
    trampolines_start_audio();
    const library_t *const core = &bridge->library;
    core->set_environment(environment_call);
    core->set_video_refresh(on_video);
    core->set_audio_sample(on_audio_sample);
    core->set_audio_sample_batch(on_audio_batch);
    core->set_input_poll(on_input_poll);
    core->set_input_state(on_input_state);
    core->init();
    *out = bridge;
    return BRIDGE_OK;

no_memory:
    status = BRIDGE_NO_MEMORY;
    refuse(why, "no memory for a core");
fail:
    free_all(bridge);
    return status;
}

void bridge_close(bridge_t *bridge)
{
    if (!bridge) return;
    trampolines_drop(bridge); /* first, so that nothing calls into a core that is half gone */
    bridge_unload(bridge);
    bridge->library.deinit();
    trampolines_drop(bridge); /* what it registered in its last calls */
    inner_leave(bridge);
    free_all(bridge); /* closes the library */
}

bridge_core_t bridge_core(const bridge_t *bridge)
{
    return bridge->core;
}

/* ---- content ---- */

static void take_av_info(bridge_t *bridge)
{
    struct retro_system_av_info info = { 0 };
    bridge->library.get_system_av_info(&info);
    bridge->av = (bridge_av_t){
        .base_width_px = info.geometry.base_width,
        .base_height_px = info.geometry.base_height,
        .max_width_px = info.geometry.max_width,
        .max_height_px = info.geometry.max_height,
        .aspect_ratio = info.geometry.aspect_ratio > 0 ? info.geometry.aspect_ratio : 0,
        .fps = info.timing.fps,
        .sample_rate_hz = info.timing.sample_rate,
    };
}

/* Where the core looks for it. */
static const char *system_dir_of(bridge_t *bridge)
{
    const char *dir = bridge->system_dir ? bridge->system_dir : bridge->content.details.dir;
    if (bridge->host &&
        !inner_ask_host(bridge, RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY, (void *)&dir))
        return NULL;
    return dir && *dir ? dir : NULL;
}

int32_t bridge_missing_firmware(bridge_t *bridge, firmware_kind_t kind,
                                char names[FIRMWARE_TEXT_BYTES])
{
    const char *const dir = system_dir_of(bridge);
    names[0] = '\0';
    return dir ? firmware_missing(bridge->info, dir, kind, names) : 0;
}

/* A core seldom says that this is why. */
static void add_firmware(bridge_t *bridge, why_t why)
{
    char names[FIRMWARE_TEXT_BYTES];
    const char *const verb =
        bridge_missing_firmware(bridge, FIRMWARE_NEEDED, names) > 0 ? "it needs firmware"
        : bridge_missing_firmware(bridge, FIRMWARE_ANY, names) > 0  ? "some games need firmware"
                                                                    : NULL;
    why_t so_far;
    snprintf(so_far, sizeof so_far, "%s", why);
    if (verb)
        refuse(why, "%.600s; %s that is not in %.160s: %s", so_far, verb, system_dir_of(bridge),
               names);
}

static void say_refused(const bridge_t *bridge, const char *path, why_t why)
{
    const char *const game = path ? path : "the content";
    if (bridge->wanted_hw) {
        refuse(why,
               "%.200s: %s draws with the graphics card, which only works inside a frontend; "
               "choose a core or an option with software rendering",
               game, bridge->core.name);
    } else if (bridge->complaint[0]) {
        refuse(why, "%.200s: %s does not open it: %s", game, bridge->core.name, bridge->complaint);
    } else {
        refuse(why, "%.200s: %s does not open it (it opens %s)", game, bridge->core.name,
               bridge->core.extensions[0] ? bridge->core.extensions : "nothing by name");
    }
}

bridge_status_t bridge_load(bridge_t *bridge, const char *path, const void *bytes, size_t num_bytes,
                            why_t why)
{
    bridge_unload(bridge);
    const library_t *const core = &bridge->library;
    const bool is_empty = !path && !bytes;
    if (is_empty && !bridge->may_start_empty) {
        refuse(why, "%s cannot start without content", bridge->core.name);
        return BRIDGE_NO_CONTENT;
    }
    if (!is_empty) {
        const bool needs_path = content_needs_path(&bridge->overrides, bridge->core.needs_full_path,
                                                   extension_of(path ? path : ""));
        const bridge_status_t status =
            content_open(&bridge->content, path, bytes, num_bytes, needs_path, why);
        if (status != BRIDGE_OK) return status;
    }
    bridge->complaint[0] = '\0';
    bridge->wanted_hw = bridge->has_hw = false;
    if (!core->load_game(is_empty ? NULL : &bridge->content.info)) {
        say_refused(bridge, path, why);
        if (!bridge->wanted_hw) add_firmware(bridge, why);
        content_drop(&bridge->content);
        forget_map(bridge);
        return BRIDGE_NO_CONTENT;
    }
    bridge->is_loaded = true;
    trampolines_start_audio();
    take_av_info(bridge);
    /* Some cores read no input until a pad is plugged in. A host's frontend does this by itself. */
    for (unsigned port = 0; port < 2 && !bridge->host; port++)
        core->set_controller_port_device(port, RETRO_DEVICE_JOYPAD);
    return BRIDGE_OK;
}

/* The bytes stay until close: a core may use what it was given until its deinit. */
void bridge_unload(bridge_t *bridge)
{
    if (!bridge->is_loaded) return;
    trampolines_stop_audio(); /* it may be running in another thread */
    bridge->library.unload_game();
    bridge->is_loaded = false;
    bridge->has_run = false;
    bridge->wants_shutdown = false;
    bridge->av = (bridge_av_t){ 0 };
    bridge->rotation_quarters = 0;
    forget_map(bridge);
}

bridge_av_t bridge_av(const bridge_t *bridge)
{
    return bridge->av;
}

/* ---- one frame ---------------------------------------------------------------------------------
 */

void bridge_hold(bridge_t *bridge, uint32_t port, uint16_t buttons)
{
    if (port >= BRIDGE_MAX_PORTS) return;
    bridge->held[port] = buttons;
    bridge->held_ports |= 1u << port;
}

void bridge_release(bridge_t *bridge, uint32_t port)
{
    if (port < BRIDGE_MAX_PORTS) bridge->held_ports &= ~(1u << port);
}

bool bridge_held(const bridge_t *bridge, uint32_t port, uint16_t *buttons)
{
    if (port >= BRIDGE_MAX_PORTS || !(bridge->frame_held_ports >> port & 1)) return false;
    *buttons = bridge->frame_held[port];
    return true;
}

void bridge_need_picture(bridge_t *bridge, bool needed)
{
    bridge->picture_unneeded = !needed;
}

bool bridge_spared_picture(const bridge_t *bridge)
{
    return bridge->spared_picture;
}

void bridge_run_frame(bridge_t *bridge, const bridge_observer_t *observer)
{
    if (!bridge->is_loaded) return;
    bridge->observer = observer;
    bridge->spared_picture = false;
    bridge->polled = false;
    memcpy(bridge->frame_held, bridge->held, sizeof bridge->held);
    bridge->frame_held_ports = bridge->held_ports;
    const struct retro_frame_time_callback *const time = &bridge->registered.frame_time;
    if (!bridge->host && time->callback) time->callback(time->reference);
    if (!bridge->host) perf_pass_frame(bridge);

    bridge->library.run();
    bridge->observer = NULL;
    bridge->has_run = true;

    if (!bridge->polled) poll_host(bridge); /* a frontend expects one poll a frame */
    if (bridge->host) bridge->host->polled_this_frame = false;
    bridge->options_asked = false;
}

bool bridge_wants_shutdown(const bridge_t *bridge)
{
    return bridge->wants_shutdown;
}

bool bridge_draws_on_card(const bridge_t *bridge)
{
    return bridge->has_hw;
}

bool bridge_sees_card(const bridge_t *bridge)
{
    return !bridge->has_hw || bridge->read_back.is_gl;
}

void bridge_reset(bridge_t *bridge)
{
    if (bridge->is_loaded) bridge->library.reset();
}

/* ---- memory and state ---- */

void *bridge_memory(bridge_t *bridge, uint32_t memory_id, size_t *num_bytes)
{
    void *const data = bridge->is_loaded ? bridge->library.get_memory_data(memory_id) : NULL;
    *num_bytes = data ? bridge->library.get_memory_size(memory_id) : 0;
    return *num_bytes ? data : NULL;
}

const uint8_t *bridge_address(bridge_t *bridge, uint64_t address, size_t num_bytes,
                              uint64_t ram_base)
{
    if (num_bytes == 0) return NULL;
    const uint8_t *const mapped = memory_map_range(&bridge->memory_map, address, num_bytes);
    if (mapped) return mapped;
    size_t ram_bytes;
    const uint8_t *const ram = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &ram_bytes);
    if (!ram || address < ram_base || address - ram_base >= ram_bytes) return NULL;
    return ram_bytes - (address - ram_base) >= num_bytes ? ram + (address - ram_base) : NULL;
}

typedef struct {
    bridge_range_t *ranges; /* (max_ranges) */
    const uint8_t **first;  /* of each, where it is in this process */
    int32_t num_ranges, max_ranges;
} ranges_t;

/* The same bytes at several addresses are one range: the largest of its mirrors. */
static void list_range(ranges_t *list, uint64_t address, const uint8_t *first, size_t num_bytes)
{
    int32_t kept = 0;
    for (int32_t r = 0; r < list->num_ranges; r++) {
        const uint8_t *const there = list->first[r];
        const uint8_t *const end = there + list->ranges[r].num_bytes;
        if (first >= there && first + num_bytes <= end) return;
        if (there >= first && end <= first + num_bytes) continue; /* it is inside the new one */
        list->first[kept] = there;
        list->ranges[kept++] = list->ranges[r];
    }
    list->num_ranges = kept;
    if (kept == list->max_ranges) return;
    list->first[kept] = first;
    list->ranges[kept] = (bridge_range_t){ .address = address, .num_bytes = num_bytes };
    list->num_ranges++;
}

int32_t bridge_ram(bridge_t *bridge, uint64_t ram_base, bridge_range_t *ranges, int32_t max_ranges)
{
    const uint8_t *first[BRIDGE_MAX_RANGES];
    ranges_t list = { .ranges = ranges, .first = first, .max_ranges = max_ranges };
    if (max_ranges > BRIDGE_MAX_RANGES) list.max_ranges = BRIDGE_MAX_RANGES;
    const memory_map_t *const map = &bridge->memory_map;
    for (unsigned i = 0; i < map->map.num_descriptors; i++) {
        uint64_t address;
        const size_t num_bytes = memory_map_run(map, i, &address);
        if (num_bytes > 0) list_range(&list, address, memory_map_byte(map, address), num_bytes);
    }
    size_t ram_bytes;
    const uint8_t *const ram = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &ram_bytes);
    size_t num_bytes = 0;
    for (; num_bytes < ram_bytes; num_bytes++) {
        const uint8_t *const mapped = memory_map_byte(map, ram_base + num_bytes);
        if (mapped && mapped != ram + num_bytes) break;
    }
    if (num_bytes > 0) list_range(&list, ram_base, ram, num_bytes);
    return list.num_ranges;
}

/* A core that says MUST_INITIALIZE gives no size to be relied on before its first frame. A host was
 * told of that by the same call and is given the core's own answer. */
size_t bridge_state_bytes(bridge_t *bridge)
{
    if (!bridge->is_loaded) return 0;
    const bool is_early = (bridge->quirks & RETRO_SERIALIZATION_QUIRK_MUST_INITIALIZE) != 0 &&
                          !bridge->has_run && !bridge->host;
    return is_early ? 0 : bridge->library.serialize_size();
}

/* Why a core did not save: asked afterwards, because for some cores the size costs as much as a
 * save.
 */
static void say_unsaved(bridge_t *bridge, size_t num_bytes, why_t why)
{
    const size_t needed = bridge_state_bytes(bridge);
    if (needed == 0)
        refuse(why, "%s cannot save its state", bridge->core.name);
    else if (num_bytes < needed)
        refuse(why, "a state of %s takes %zu bytes, there is room for %zu", bridge->core.name,
               needed, num_bytes);
    else
        refuse(why, "%s did not save its state", bridge->core.name);
}

bridge_status_t bridge_save(bridge_t *bridge, void *state, size_t num_bytes, why_t why)
{
    if (bridge->is_loaded && num_bytes > 0 && bridge->library.serialize(state, num_bytes))
        return BRIDGE_OK;
    say_unsaved(bridge, num_bytes, why);
    return BRIDGE_NO_STATE;
}

bridge_status_t bridge_restore(bridge_t *bridge, const void *state, size_t num_bytes, why_t why)
{
    if (bridge->is_loaded && state && num_bytes > 0 &&
        bridge->library.unserialize(state, num_bytes))
        return BRIDGE_OK;
    if (bridge_state_bytes(bridge) == 0)
        refuse(why, "%s cannot restore a state", bridge->core.name);
    else
        refuse(why, "%s did not take the state of %zu bytes: it is of another game or version",
               bridge->core.name, num_bytes);
    return BRIDGE_NO_STATE;
}

const char *bridge_button_name(const bridge_t *bridge, uint32_t button_id)
{
    return button_id < 16 ? bridge->button_names[button_id] : NULL;
}
