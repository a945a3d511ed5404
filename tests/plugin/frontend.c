/* frontend.c - the small frontend of frontend.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "frontend.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static frontend_t *active;

uint64_t frontend_hash(uint64_t hash, const void *bytes, size_t num_bytes)
{
    const uint8_t *at = bytes;
    if (hash == 0) hash = 14695981039346656037u;
    for (size_t i = 0; i < num_bytes; i++) hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

/* ---- the environment ---- */

static void add_message(frontend_t *front, const char *text)
{
    if (front->num_messages == FRONTEND_MESSAGES) return;
    snprintf(front->messages[front->num_messages++], sizeof front->messages[0], "%s", text);
}

static void take_message(frontend_t *front, const struct retro_message_ext *message)
{
    if (message->type == RETRO_MESSAGE_TYPE_STATUS)
        snprintf(front->status, sizeof front->status, "%s", message->msg);
    else
        add_message(front, message->msg);
}

static void write_log(enum retro_log_level level, const char *format, ...)
{
    (void)level;
    const size_t length = strlen(active->log);
    va_list args;
    va_start(args, format);
    vsnprintf(active->log + length, sizeof active->log - length, format, args);
    va_end(args);
}

/* RetroArch copies the list of ports and keeps the pointers to their types. */
static void take_controllers(frontend_t *front, const struct retro_controller_info *ports)
{
    memset(front->types, 0, sizeof front->types);
    memset(front->num_types, 0, sizeof front->num_types);
    for (int p = 0; p < FRONTEND_PORTS && ports[p].types; p++) {
        front->types[p] = ports[p].types;
        front->num_types[p] = (int)ports[p].num_types;
        for (unsigned t = 0; t < ports[p].num_types; t++) assert_non_null(ports[p].types[t].desc);
    }
}

static bool environment(unsigned command, void *data)
{
    frontend_t *front = active;
    bool answer;
    front->num_environment_calls++;
    if (frontend_answer_option(front, command, data, &answer)) return answer;
    switch (command) {
    case RETRO_ENVIRONMENT_SET_MESSAGE:
        add_message(front, ((struct retro_message *)data)->msg);
        return true;
    case RETRO_ENVIRONMENT_GET_MESSAGE_INTERFACE_VERSION:
        *(unsigned *)data = 1;
        return !front->without_messages;
    case RETRO_ENVIRONMENT_SET_MESSAGE_EXT:
        if (front->without_messages) return false;
        take_message(front, data);
        return true;
    case RETRO_ENVIRONMENT_GET_LOG_INTERFACE:
        ((struct retro_log_callback *)data)->log = write_log;
        return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
        front->format = *(enum retro_pixel_format *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_ROTATION: return true; /* pixels stay as the core drew them */
    case RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY:
    case RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY:
        *(const char **)data = front->save_dir;
        return front->save_dir != NULL;
    case RETRO_ENVIRONMENT_GET_LIBRETRO_PATH:
        *(const char **)data = front->path;
        return !front->without_path;
    case RETRO_ENVIRONMENT_SET_CONTENT_INFO_OVERRIDE: {
        const struct retro_system_content_info_override *row = data;
        for (; row && row->extensions; row++)
            if (strstr(row->extensions, "nes") && !row->need_fullpath) front->bytes_for_nes = true;
        return true;
    }
    case RETRO_ENVIRONMENT_SET_CONTROLLER_INFO: take_controllers(front, data); return true;
    case RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS:
        front->achievements = *(bool *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_INPUT_BITMASKS: return !front->without_masks;
    case RETRO_ENVIRONMENT_GET_CAN_DUPE: *(bool *)data = true; return true;
    case RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE:
        *(int *)data = (front->hidden ? 2 : 3) | (front->for_now ? 4 : 0) | (front->second ? 8 : 0);
        return true;
    case RETRO_ENVIRONMENT_GET_SAVESTATE_CONTEXT:
        *(int *)data = front->netplay ? RETRO_SAVESTATE_CONTEXT_ROLLBACK_NETPLAY
                                      : RETRO_SAVESTATE_CONTEXT_NORMAL;
        return true;
    case RETRO_ENVIRONMENT_SET_HW_RENDER: return front->gives_card;
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS:
    case RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS:
    case RETRO_ENVIRONMENT_SET_GEOMETRY: return true;
    default: return false;
    }
}

/* ---- pictures, sound, pads ---- */

static uint32_t pixel_at(const frontend_t *front, const uint8_t *row, unsigned x)
{
    uint16_t p;
    switch (front->format) {
    case RETRO_PIXEL_FORMAT_XRGB8888: {
        uint32_t wide;
        memcpy(&wide, row + 4 * x, 4);
        return wide & 0xffffff;
    }
    case RETRO_PIXEL_FORMAT_RGB565:
        memcpy(&p, row + 2 * x, 2);
        return (uint32_t)(p >> 11) << 19 | (uint32_t)(p >> 5 & 63) << 10 | (uint32_t)(p & 31) << 3;
    default:
        memcpy(&p, row + 2 * x, 2);
        return (uint32_t)(p >> 10 & 31) << 19 | (uint32_t)(p >> 5 & 31) << 11 |
               (uint32_t)(p & 31) << 3;
    }
}

static void video(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    frontend_t *front = active;
    front->num_frames_shown++;
    front->shown = pixels;
    if (!pixels || pixels == RETRO_HW_FRAME_BUFFER_VALID) return;
    assert_true((size_t)width * height <= FRONTEND_PIXELS);
    front->width = width;
    front->height = height;
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            front->pixels[y * width + x] = pixel_at(front, (const uint8_t *)pixels + y * pitch, x);
    front->video_hash = frontend_hash(0, front->pixels, (size_t)width * height * 4);
}

static void audio_sample(int16_t left, int16_t right)
{
    const int16_t both[2] = { left, right };
    active->audio_hash = frontend_hash(active->audio_hash, both, sizeof both);
}

static size_t audio_batch(const int16_t *samples, size_t num_frames)
{
    active->audio_hash = frontend_hash(active->audio_hash, samples, num_frames * 4);
    return num_frames;
}

static void poll(void)
{
    active->num_polls++;
}

static int16_t input(unsigned port, unsigned device, unsigned index, unsigned id)
{
    const frontend_t *front = active;
    if (port > 1) return 0;
    if ((device & RETRO_DEVICE_MASK) == RETRO_DEVICE_ANALOG)
        return index == 0 && id == 0 ? front->stick_x[port] : 0;
    if ((device & RETRO_DEVICE_MASK) != RETRO_DEVICE_JOYPAD) return 0;
    if (id == RETRO_DEVICE_ID_JOYPAD_MASK)
        return front->without_masks ? 0 : (int16_t)front->pad[port];
    return id < 16 ? front->pad[port] >> id & 1 : 0;
}

/* ---- life ---- */

static void bind(void *library, const char *name, void *function)
{
    char symbol[64];
    snprintf(symbol, sizeof symbol, "retro_%s", name);
    void *found = dlsym(library, symbol);
    if (!found) fail_msg("%s", dlerror());
    memcpy(function, &found, sizeof found);
}

void frontend_open(frontend_t *front, const char *path)
{
    memset(front, 0, sizeof *front);
    front->options_version = 2;
    front->achievements = true;
    snprintf(front->path, sizeof front->path, "%s", path);
    active = front;
    front->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!front->library) fail_msg("%s", dlerror());
    frontend_core_t *core = &front->core;
#define BIND(name) bind(front->library, #name, &core->name)
    BIND(api_version);
    BIND(init);
    BIND(deinit);
    BIND(set_environment);
    BIND(set_video_refresh);
    BIND(set_audio_sample);
    BIND(set_audio_sample_batch);
    BIND(set_input_poll);
    BIND(set_input_state);
    BIND(get_system_info);
    BIND(get_system_av_info);
    BIND(set_controller_port_device);
    BIND(reset);
    BIND(run);
    BIND(serialize_size);
    BIND(serialize);
    BIND(unserialize);
    BIND(cheat_reset);
    BIND(cheat_set);
    BIND(load_game);
    BIND(load_game_special);
    BIND(unload_game);
    BIND(get_region);
    BIND(get_memory_data);
    BIND(get_memory_size);
#undef BIND
}

void frontend_init(frontend_t *front)
{
    active = front;
    const frontend_core_t *core = &front->core;
    front->in_set_environment = true;
    core->set_environment(environment);
    front->in_set_environment = false;
    core->set_video_refresh(video);
    core->set_audio_sample(audio_sample);
    core->set_audio_sample_batch(audio_batch);
    core->set_input_poll(poll);
    core->set_input_state(input);
    core->init();
}

void frontend_close(frontend_t *front)
{
    if (!front->library) return;
    active = front;
    front->core.unload_game();
    front->core.deinit();
    assert_int_equal(dlclose(front->library), 0);
    free(front->bytes);
    front->bytes = NULL;
    front->library = NULL;
}

bool frontend_load_bytes(frontend_t *front, const char *path, const void *bytes, size_t num_bytes)
{
    active = front;
    const struct retro_game_info game = { path, bytes, num_bytes, NULL };
    front->audio_hash = 0;
    if (!front->core.load_game(&game)) return false;
    struct retro_system_av_info av;
    front->core.get_system_av_info(&av);
    front->core.set_controller_port_device(0, RETRO_DEVICE_JOYPAD);
    front->core.set_controller_port_device(1, RETRO_DEVICE_JOYPAD);
    return true;
}

bool frontend_load(frontend_t *front, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return frontend_load_bytes(front, path, NULL, 0);
    free(front->bytes);
    front->bytes = malloc(1 << 24);
    assert_non_null(front->bytes);
    const size_t num_bytes = fread(front->bytes, 1, 1 << 24, file);
    fclose(file);
    return frontend_load_bytes(front, path, front->bytes, num_bytes);
}

void frontend_run(frontend_t *front, int num_frames)
{
    active = front;
    for (int i = 0; i < num_frames; i++) front->core.run();
}

bool frontend_was_told(const frontend_t *front, const char *text)
{
    for (int i = 0; i < front->num_messages; i++)
        if (strstr(front->messages[i], text)) return true;
    return false;
}

uint8_t frontend_ram(const frontend_t *front, size_t address)
{
    active = (frontend_t *)front;
    const uint8_t *ram = front->core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM);
    assert_non_null(ram);
    assert_true(address < front->core.get_memory_size(RETRO_MEMORY_SYSTEM_RAM));
    return ram[address];
}
