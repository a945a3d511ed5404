/* core_rig.c - see core_rig.h */
#include "core_rig.h"
#include "../leaky_cores.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libretro.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

enum { MAX_SIDE_PX = 512 };

static struct {
    void *library;
    void (*run)(void);
    void (*reset)(void);
    void (*deinit)(void);
    void (*unload_game)(void);
    void *(*get_memory_data)(unsigned);
    size_t (*get_memory_size)(unsigned);
    size_t (*serialize_size)(void);
    bool (*serialize)(void *, size_t);
    bool (*unserialize)(const void *, size_t);
    enum retro_pixel_format format;
    uint8_t pads[2];
    unsigned width_px, height_px;
    uint8_t picture[MAX_SIDE_PX * MAX_SIDE_PX * 4];
    void *rom;
} rig;

static void log_nothing(enum retro_log_level level, const char *format, ...)
{
    (void)level;
    (void)format;
}

static bool on_environment(unsigned command, void *data)
{
    switch (command) {
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
        rig.format = *(const enum retro_pixel_format *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_LOG_INTERFACE:
        ((struct retro_log_callback *)data)->log = log_nothing;
        return true;
    case RETRO_ENVIRONMENT_GET_SYSTEM_DIRECTORY:
    case RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY: *(const char **)data = "/tmp"; return true;
    default: return false;
    }
}

static void on_video(const void *data, unsigned width, unsigned height, size_t pitch)
{
    const size_t pixel_bytes = rig.format == RETRO_PIXEL_FORMAT_XRGB8888 ? 4 : 2;
    if (!data || width > MAX_SIDE_PX || height > MAX_SIDE_PX) return;
    rig.width_px = width;
    rig.height_px = height;
    for (unsigned y = 0; y < height; y++)
        memcpy(rig.picture + y * width * pixel_bytes, (const uint8_t *)data + y * pitch,
               width * pixel_bytes);
}

static void pixel_rgb(size_t at, uint8_t out[3])
{
    if (rig.format == RETRO_PIXEL_FORMAT_XRGB8888) {
        uint32_t v;
        memcpy(&v, rig.picture + at * 4, 4);
        out[0] = (uint8_t)(v >> 16), out[1] = (uint8_t)(v >> 8), out[2] = (uint8_t)v;
    } else {
        uint16_t v;
        memcpy(&v, rig.picture + at * 2, 2);
        out[0] = (uint8_t)(v >> 11 << 3), out[1] = (uint8_t)(v >> 5 << 2),
        out[2] = (uint8_t)(v << 3);
    }
}

static void on_audio(int16_t left, int16_t right)
{
    (void)left;
    (void)right;
}

static size_t on_audio_batch(const int16_t *data, size_t frames)
{
    (void)data;
    return frames;
}

static void on_poll(void)
{
}

static int16_t on_input(unsigned port, unsigned device, unsigned index, unsigned id)
{
    static const struct {
        unsigned id, bit;
    } map[] = {
        { RETRO_DEVICE_ID_JOYPAD_A, RIG_A },           { RETRO_DEVICE_ID_JOYPAD_B, RIG_B },
        { RETRO_DEVICE_ID_JOYPAD_SELECT, RIG_SELECT }, { RETRO_DEVICE_ID_JOYPAD_START, RIG_START },
        { RETRO_DEVICE_ID_JOYPAD_UP, RIG_UP },         { RETRO_DEVICE_ID_JOYPAD_DOWN, RIG_DOWN },
        { RETRO_DEVICE_ID_JOYPAD_LEFT, RIG_LEFT },     { RETRO_DEVICE_ID_JOYPAD_RIGHT, RIG_RIGHT },
    };
    (void)index;
    if (port > 1 || device != RETRO_DEVICE_JOYPAD) return 0;
    int16_t mask = 0;
    for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
        if (!(rig.pads[port] & map[i].bit)) continue;
        if (map[i].id == id) return 1;
        mask |= (int16_t)(1 << map[i].id);
    }
    return id == RETRO_DEVICE_ID_JOYPAD_MASK ? mask : 0;
}

static void *symbol(const char *name)
{
    void *found = dlsym(rig.library, name);
    if (!found) fprintf(stderr, "core_rig: the core lacks %s\n", name);
    return found;
}

/* ISO C keeps data and function pointers apart; POSIX says that this works. */
#define FIND(pointer, name) (*(void **)&(pointer) = symbol(name))

static void *read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    void *data = size > 0 ? malloc((size_t)size) : NULL;
    if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
        free(data);
        data = NULL;
    }
    fclose(file);
    *bytes = (size_t)size;
    return data;
}

bool rig_open(const char *core_path, const char *rom_path)
{
    struct retro_game_info game = { .path = rom_path };
    void (*set_environment)(retro_environment_t);
    void (*set_video)(retro_video_refresh_t);
    void (*set_audio)(retro_audio_sample_t);
    void (*set_audio_batch)(retro_audio_sample_batch_t);
    void (*set_poll)(retro_input_poll_t);
    void (*set_input)(retro_input_state_t);
    void (*init)(void);
    void (*set_port)(unsigned, unsigned);
    bool (*load_game)(const struct retro_game_info *);

    memset(&rig, 0, sizeof(rig));
    rig.library = dlopen(core_path, RTLD_NOW | RTLD_LOCAL);
    if (!rig.library) {
        fprintf(stderr, "core_rig: %s\n", dlerror());
        return false;
    }
    rig.rom = read_file(rom_path, &game.size);
    if (!rig.rom) {
        fprintf(stderr, "core_rig: cannot read %s\n", rom_path);
        return false;
    }
    game.data = rig.rom;
    if (!FIND(set_environment, "retro_set_environment") ||
        !FIND(set_video, "retro_set_video_refresh") || !FIND(set_audio, "retro_set_audio_sample") ||
        !FIND(set_audio_batch, "retro_set_audio_sample_batch") ||
        !FIND(set_poll, "retro_set_input_poll") || !FIND(set_input, "retro_set_input_state") ||
        !FIND(init, "retro_init") || !FIND(set_port, "retro_set_controller_port_device") ||
        !FIND(load_game, "retro_load_game") || !FIND(rig.run, "retro_run") ||
        !FIND(rig.reset, "retro_reset") || !FIND(rig.deinit, "retro_deinit") ||
        !FIND(rig.unload_game, "retro_unload_game") ||
        !FIND(rig.get_memory_data, "retro_get_memory_data") ||
        !FIND(rig.get_memory_size, "retro_get_memory_size") ||
        !FIND(rig.serialize_size, "retro_serialize_size") ||
        !FIND(rig.serialize, "retro_serialize") || !FIND(rig.unserialize, "retro_unserialize"))
        return false;
    set_environment(on_environment);
    set_video(on_video);
    set_audio(on_audio);
    set_audio_batch(on_audio_batch);
    set_poll(on_poll);
    set_input(on_input);
    init();
    if (!load_game(&game)) {
        fprintf(stderr, "core_rig: the core refused %s\n", rom_path);
        return false;
    }
    set_port(0, RETRO_DEVICE_JOYPAD); /* nestopia reads no pad before this */
    set_port(1, RETRO_DEVICE_JOYPAD);
    return rig_ram() != NULL;
}

void rig_close(void)
{
    rig.unload_game();
    rig.deinit();
    free(rig.rom);
    dlclose(rig.library);
    memset(&rig, 0, sizeof(rig));
}

void rig_reset(void)
{
    rig.reset();
}

void rig_frame(uint8_t pad1, uint8_t pad2)
{
    rig.pads[0] = pad1;
    rig.pads[1] = pad2;
    rig.run();
}

const uint8_t *rig_ram(void)
{
    return rig.get_memory_data(RETRO_MEMORY_SYSTEM_RAM);
}

size_t rig_ram_bytes(void)
{
    return rig.get_memory_size(RETRO_MEMORY_SYSTEM_RAM);
}

void rig_poke(size_t at, uint8_t value)
{
    ((uint8_t *)rig.get_memory_data(RETRO_MEMORY_SYSTEM_RAM))[at] = value;
}

bool rig_save_png(const char *path, int scale)
{
    const int width = (int)rig.width_px * scale, height = (int)rig.height_px * scale;
    uint8_t *big = malloc((size_t)width * (size_t)height * 3);
    if (!big) return false;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            pixel_rgb((size_t)(y / scale) * rig.width_px + (size_t)(x / scale),
                      big + ((size_t)y * (size_t)width + (size_t)x) * 3);
    const bool ok = stbi_write_png(path, width, height, 3, big, width * 3) != 0;
    free(big);
    return ok;
}

size_t rig_state_bytes(void)
{
    return rig.serialize_size();
}

bool rig_state_save(void *data, size_t bytes)
{
    return rig.serialize(data, bytes);
}

bool rig_state_load(const void *data, size_t bytes)
{
    return rig.unserialize(data, bytes);
}
