/* mini_frontend.c - see mini_frontend.h. */
#define _GNU_SOURCE
#include "mini_frontend.h"

#include "bridge_host.h"
#include "files.h"
#include "library.h"
#include "options.h"
#include "worker.h"
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Cores keep the time of day in their states (gambatte's clock chip), so it stands still in these
 * tests: the linker exports this function, and a library that is opened finds it before the C
 * library's. */
__attribute__((visibility("default"))) time_t time(time_t *out)
{
    const time_t fixed = 1700000000;
    if (out) *out = fixed;
    return fixed;
}

/* ---- hashing: 8 bytes at a time, order matters ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_bytes(uint64_t hash, const void *bytes, size_t num_bytes)
{
    const uint8_t *at = bytes;
    uint64_t word = 0;
    for (; num_bytes >= 8; at += 8, num_bytes -= 8) {
        memcpy(&word, at, 8);
        hash = mix(hash, word);
    }
    word = num_bytes;
    memcpy(&word, at, num_bytes);
    return mix(hash, word ^ (uint64_t)num_bytes << 56);
}

uint16_t mini_frontend_pad(uint32_t seed, uint32_t frame, uint32_t port)
{
    uint16_t pad = 0;
    for (uint32_t button = 0; button < 12; button++) {
        const uint32_t hold = 1 + (button * 5 + port * 3) % 16;
        const uint64_t word = mix(mix(seed, frame / hold), button << 8 | port);
        pad |= (uint16_t)((word >> 40 & 3) == 0) << button;
    }
    return pad;
}

/* ---- the frontend: one core a process, so one of these ---- */

static struct {
    const mini_run_t *run;
    uint32_t frame_idx;
    mini_frame_t now;
    uint64_t last_picture;
    enum retro_pixel_format format;
    options_t options;
    const struct retro_memory_descriptor
        *regions; /* the caller's pointers, as frontends keep them */
    struct retro_memory_descriptor region_copies[64];
    unsigned num_regions;
    char folder[1024];
} front;

static void show(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    uint64_t hash = mix(mix(width, height), (uint64_t)front.format);
    front.now.width_px = width;
    front.now.height_px = height;
    front.now.is_repeat = !pixels;
    if (!pixels) {
        front.now.video = mix(front.last_picture, 1);
        return;
    }
    for (unsigned y = 0; y < height; y++) {
        const uint8_t *const row = (const uint8_t *)pixels + y * pitch;
        if (front.format != RETRO_PIXEL_FORMAT_XRGB8888) {
            hash = mix_bytes(hash, row, width * (size_t)2);
            continue;
        }
        for (unsigned x = 0; x < width; x++) { /* the top byte is nobody's */
            uint32_t pixel;
            memcpy(&pixel, row + x * (size_t)4, 4);
            hash = mix(hash, pixel & 0xffffff);
        }
    }
    front.now.video = front.last_picture = hash;
}

static void hear(int16_t left, int16_t right)
{
    const int16_t both[2] = { left, right };
    uint32_t word;
    memcpy(&word, both, sizeof word);
    front.now.audio = mix(front.now.audio, word);
    front.now.audio_frames++;
}

static size_t hear_batch(const int16_t *samples, size_t num_frames)
{
    for (size_t i = 0; i < num_frames; i++) hear(samples[2 * i], samples[2 * i + 1]);
    return num_frames;
}

static void poll_pads(void)
{
    front.now.polls++;
}

static int16_t ask_pad(unsigned port, unsigned device, unsigned index, unsigned id)
{
    (void)index;
    front.now.pads_asked++;
    if (port > 1 || (device & RETRO_DEVICE_MASK) != RETRO_DEVICE_JOYPAD) return 0;
    const uint16_t pad = mini_frontend_pad(front.run->seed, front.frame_idx, port);
    return id == RETRO_DEVICE_ID_JOYPAD_MASK ? (int16_t)pad : pad >> (id & 15) & 1;
}

static void keep_regions(const struct retro_memory_map *map)
{
    front.num_regions = map->num_descriptors < 64 ? map->num_descriptors : 64;
    memcpy(front.region_copies, map->descriptors, front.num_regions * sizeof *map->descriptors);
    front.regions = front.region_copies;
}

static void ignore(enum retro_log_level level, const char *format, ...)
{
    (void)level, (void)format;
}

static bool answer(unsigned cmd, void *data)
{
    switch (cmd) {
    case RETRO_ENVIRONMENT_GET_CAN_DUPE: *(bool *)data = true; return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
        front.format = *(enum retro_pixel_format *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY:
    case RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY: *(const char **)data = front.folder; return true;
    case RETRO_ENVIRONMENT_GET_LOG_INTERFACE:
        ((struct retro_log_callback *)data)->log = ignore;
        return true;
    case RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION: *(unsigned *)data = 2; return true;
    case RETRO_ENVIRONMENT_SET_VARIABLES:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_INTL:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2:
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_V2_INTL:
        return options_capture(&front.options, cmd, data);
    case RETRO_ENVIRONMENT_GET_VARIABLE: {
        struct retro_variable *const variable = data;
        variable->value = options_value(&front.options, variable->key);
        return variable->value != NULL;
    }
    case RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE: *(bool *)data = false; return true;
    case RETRO_ENVIRONMENT_GET_INPUT_BITMASKS: return true;
    case RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE: *(int *)data = 3; return true;
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS: keep_regions(data); return true;
    case RETRO_ENVIRONMENT_SET_GEOMETRY:
    case RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO:
    case RETRO_ENVIRONMENT_SET_ROTATION:
    case RETRO_ENVIRONMENT_SET_PERFORMANCE_LEVEL:
    case RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS:
    case RETRO_ENVIRONMENT_SET_CONTROLLER_INFO:
    case RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS:
    case RETRO_ENVIRONMENT_SET_SUPPORT_NO_GAME: return true;
    default: return false;
    }
}

/* Options of the host's own, as the plugin has them. */
static const struct retro_core_option_v2_category own_categories[] = {
    { "kata", "Kata", "Learning" }, { NULL, NULL, NULL }
};
static const struct retro_core_option_v2_definition own_options[] = {
    { "kata_mode", "Mode", NULL, NULL, NULL, "kata", { { "off", NULL }, { "play", NULL } }, "off" },
    { 0 }
};

static struct bridge_host host = {
    .environment = answer,
    .video = show,
    .audio_sample = hear,
    .audio_batch = hear_batch,
    .input_poll = poll_pads,
    .input_state = ask_pad,
};

/* ---- one frame, whichever way the core is reached ---- */

typedef struct {
    bridge_t *bridge; /* NULL: direct */
    library_t core;
} game_t;

static const void *memory_of(game_t *game, unsigned id, size_t *num_bytes)
{
    if (game->bridge) return bridge_memory(game->bridge, id, num_bytes);
    const void *const data = game->core.get_memory_data(id);
    *num_bytes = data ? game->core.get_memory_size(id) : 0;
    return data;
}

static uint64_t hash_memory(game_t *game)
{
    uint64_t hash = 1;
    for (unsigned id = 0; id < 4; id++) {
        size_t num_bytes;
        const void *const data = memory_of(game, id, &num_bytes);
        hash = mix(hash, num_bytes);
        if (data && num_bytes) hash = mix_bytes(hash, data, num_bytes);
    }
    for (unsigned i = 0; i < front.num_regions; i++) {
        const struct retro_memory_descriptor *const r = &front.regions[i];
        hash = mix(mix(hash, r->start), mix(r->len, r->flags));
        if (r->ptr && r->len && !(r->flags & RETRO_MEMDESC_CONST))
            hash = mix_bytes(hash, (const uint8_t *)r->ptr + r->offset, r->len);
    }
    return hash;
}

static bool save_state(game_t *game, void *state, size_t num_bytes)
{
    if (game->bridge) return bridge_save(game->bridge, state, num_bytes, NULL) == BRIDGE_OK;
    return game->core.serialize(state, num_bytes);
}

static bool restore_state(game_t *game, const void *state, size_t num_bytes)
{
    if (game->bridge) return bridge_restore(game->bridge, state, num_bytes, NULL) == BRIDGE_OK;
    return game->core.unserialize(state, num_bytes);
}

static void play_frames(game_t *game, worker_child_t *child, mini_frame_t *frames)
{
    const mini_run_t *const run = front.run;
    const size_t state_bytes =
        game->bridge ? bridge_state_bytes(game->bridge) : game->core.serialize_size();
    uint8_t *const state = calloc(1, state_bytes + 1);
    if (!state) worker_fail(child, "no memory for a state");
    bool has_state = false;
    for (uint32_t i = 0; i < run->num_frames; i++) {
        if (run->rewind_every && has_state && i % run->rewind_every == run->rewind_every - 1 &&
            !restore_state(game, state, state_bytes))
            worker_fail(child, "a state was not restored");
        front.frame_idx = i;
        front.now = (mini_frame_t){ 0 };
        if (game->bridge)
            bridge_run_frame(game->bridge, NULL);
        else
            game->core.run();
        front.now.memory = hash_memory(game);
        if (run->state_every && i % run->state_every == run->state_every - 1) {
            if (!save_state(game, state, state_bytes)) worker_fail(child, "a state was not saved");
            const size_t hashed = run->state_hash_bytes ? run->state_hash_bytes : state_bytes;
            if (hashed > state_bytes) worker_fail(child, "a state is too short");
            front.now.state = mix_bytes(1, state, hashed);
            front.now.state_bytes = (uint32_t)state_bytes;
            has_state = true;
        }
        frames[i] = front.now;
    }
    free(state);
}

static void play_direct(worker_child_t *child, mini_frame_t *frames)
{
    why_t why;
    game_t game = { 0 };
    library_t *const core = &game.core;
    struct retro_system_info info = { 0 };
    struct retro_game_info content = { .path = front.run->content_path };
    uint8_t *bytes = NULL;
    if (library_open_any(core, front.run->core_path, why) != BRIDGE_OK) worker_fail(child, why);
    core->get_system_info(&info);
    if (front.run->library_name && strcmp(info.library_name, front.run->library_name) != 0)
        worker_fail(child, "this is another core");
    if (!info.need_fullpath) {
        if (!files_read(content.path, 1 << 26, &bytes, &content.size, why)) worker_fail(child, why);
        content.data = bytes;
    }
    core->set_environment(answer);
    core->set_video_refresh(show);
    core->set_audio_sample(hear);
    core->set_audio_sample_batch(hear_batch);
    core->set_input_poll(poll_pads);
    core->set_input_state(ask_pad);
    core->init();
    if (!core->load_game(&content)) worker_fail(child, "the core does not open the content");
    struct retro_system_av_info av;
    core->get_system_av_info(&av);
    core->set_controller_port_device(0, RETRO_DEVICE_JOYPAD);
    core->set_controller_port_device(1, RETRO_DEVICE_JOYPAD);
    play_frames(&game, child, frames);
    core->unload_game();
    core->deinit();
    library_close(core);
    free(bytes);
}

static void play_bridged(worker_child_t *child, mini_frame_t *frames)
{
    why_t why;
    game_t game = { 0 };
    const bridge_config_t config = { .core_path = front.run->core_path, .host = &host };
    if (front.run->own_options) {
        host.own_categories = own_categories;
        host.own_options = own_options;
    }
    if (bridge_open(&game.bridge, &config, why) != BRIDGE_OK) worker_fail(child, why);
    if (bridge_load(game.bridge, front.run->content_path, NULL, 0, why) != BRIDGE_OK)
        worker_fail(child, why);
    bridge_set_port_device(game.bridge, 0, RETRO_DEVICE_JOYPAD);
    bridge_set_port_device(game.bridge, 1, RETRO_DEVICE_JOYPAD);
    play_frames(&game, child, frames);
    bridge_close(game.bridge);
}

static void in_the_child(worker_child_t *child, void *shared, void *argument)
{
    front.run = argument;
    snprintf(front.folder, sizeof front.folder, "%s", front.run->content_path);
    char *const slash = strrchr(front.folder, '/');
    if (slash) *slash = '\0';
    for (int32_t i = 0; i < front.run->num_variables; i++)
        options_answer(&front.options, front.run->variables[i].key, front.run->variables[i].value);
    if (!worker_next(child)) return;
    if (front.run->through_bridge)
        play_bridged(child, shared);
    else
        play_direct(child, shared);
    worker_reply(child);
    worker_next(child);
}

bool mini_frontend_run(const mini_run_t *run, mini_frame_t *frames, why_t why)
{
    char name[200];
    const char *const file = strrchr(run->core_path, '/');
    snprintf(name, sizeof name, "%.150s, %s", file ? file + 1 : run->core_path,
             run->through_bridge ? "through the bridge" : "direct");
    const size_t bytes = run->num_frames * sizeof *frames;
    mini_run_t own = *run;
    worker_t *worker;
    if (worker_start(&worker, bytes, in_the_child, &own, name, why) != WORKER_OK) return false;
    worker_post(worker);
    const bool ok = worker_wait(worker, 600000, why) == WORKER_OK;
    if (ok) memcpy(frames, worker_shared(worker), bytes);
    worker_stop(worker);
    return ok;
}

/* The bridge polls once for a core that did not, because frontends count on it. */
static uint32_t at_least_one(uint32_t polls)
{
    return polls > 0 ? polls : 1;
}

int64_t mini_frontend_difference(const mini_frame_t *a, const mini_frame_t *b, uint32_t num_frames,
                                 why_t why)
{
    for (uint32_t i = 0; i < num_frames; i++) {
        const char *what = NULL;
        if (a[i].width_px != b[i].width_px || a[i].height_px != b[i].height_px)
            what = "size";
        else if (a[i].is_repeat != b[i].is_repeat || a[i].video != b[i].video)
            what = "picture";
        else if (a[i].audio != b[i].audio || a[i].audio_frames != b[i].audio_frames)
            what = "sound";
        else if (a[i].memory != b[i].memory)
            what = "memory";
        else if (a[i].state != b[i].state)
            what = "state";
        else if (a[i].pads_asked != b[i].pads_asked ||
                 at_least_one(a[i].polls) != at_least_one(b[i].polls))
            what = "pad polls";
        if (!what) continue;
        refuse(why, "frame %u differs in its %s", (unsigned)i, what);
        return i;
    }
    return -1;
}
