/* lazy_core.c - a libretro core that draws every third frame only and repeats it in between, as
 * games of 20 pictures a second do, or each one where its game begins with "1". Its memory: frames
 * run (bytes 0 to 3), what the pads did so far (4 to 7), the pad words of the last frame (8, 9 and
 * 10, 11). What it draws depends on the memory alone and looks much different each time. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

enum { WIDTH = 84, HEIGHT = 84, CELL = 42 };
static retro_video_refresh_t video;
static retro_input_poll_t poll;
static retro_input_state_t input;
static uint8_t ram[256];
static uint32_t period;
static uint16_t pixels[WIDTH * HEIGHT];

RETRO_API void retro_set_environment(retro_environment_t callback)
{
    (void)callback;
}

RETRO_API void retro_set_video_refresh(retro_video_refresh_t callback)
{
    video = callback;
}

RETRO_API void retro_set_audio_sample(retro_audio_sample_t callback)
{
    (void)callback;
}

RETRO_API void retro_set_audio_sample_batch(retro_audio_sample_batch_t callback)
{
    (void)callback;
}

RETRO_API void retro_set_input_poll(retro_input_poll_t callback)
{
    poll = callback;
}

RETRO_API void retro_set_input_state(retro_input_state_t callback)
{
    input = callback;
}

RETRO_API void retro_init(void)
{
    memset(ram, 0, sizeof ram);
}

RETRO_API void retro_deinit(void)
{
}

RETRO_API unsigned retro_api_version(void)
{
    return RETRO_API_VERSION;
}

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Lazy",
                                        .library_version = "1",
                                        .valid_extensions = "nes" };
}

RETRO_API void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){
        .geometry = { WIDTH, HEIGHT, WIDTH, HEIGHT, 0 },
        .timing = { 59.7275, 48000 },
    };
}

RETRO_API void retro_set_controller_port_device(unsigned port, unsigned device)
{
    (void)port, (void)device;
}

static uint32_t get(int at)
{
    uint32_t value;
    memcpy(&value, ram + at, sizeof value);
    return value;
}

static void put(int at, uint32_t value)
{
    memcpy(ram + at, &value, sizeof value);
}

static void draw(void)
{
    uint32_t noise = get(0) * 2654435761u ^ get(4);
    for (int y = 0; y < HEIGHT; y += CELL)
        for (int x = 0; x < WIDTH; x += CELL) {
            noise = noise * 1664525u + 1013904223u;
            const uint16_t colour = noise >> 31 ? 0 : 0x7fff;
            for (int i = 0; i < CELL * CELL; i++)
                pixels[(y + i / CELL) * WIDTH + x + i % CELL] = colour;
        }
    video(pixels, WIDTH, HEIGHT, WIDTH * sizeof *pixels);
}

RETRO_API void retro_run(void)
{
    poll();
    for (unsigned port = 0; port < 2; port++) {
        uint16_t pad = 0;
        for (unsigned id = 0; id < 16; id++)
            if (input(port, RETRO_DEVICE_JOYPAD, 0, id)) pad |= (uint16_t)(1u << id);
        ram[8 + 2 * port] = (uint8_t)pad;
        ram[9 + 2 * port] = (uint8_t)(pad >> 8);
        put(4, get(4) * 31 + pad);
    }
    put(0, get(0) + 1);
    if (get(0) % period == 0)
        draw();
    else
        video(NULL, WIDTH, HEIGHT, 0);
}

RETRO_API void retro_reset(void)
{
    memset(ram, 0, sizeof ram);
}

RETRO_API size_t retro_serialize_size(void)
{
    return sizeof ram;
}

RETRO_API bool retro_serialize(void *data, size_t size)
{
    if (size < sizeof ram) return false;
    memcpy(data, ram, sizeof ram);
    return true;
}

RETRO_API bool retro_unserialize(const void *data, size_t size)
{
    if (size != sizeof ram) return false; /* strict, as some real ones are */
    memcpy(ram, data, sizeof ram);
    return true;
}

RETRO_API void retro_cheat_reset(void)
{
}

RETRO_API void retro_cheat_set(unsigned index, bool enabled, const char *code)
{
    (void)index, (void)enabled, (void)code;
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    if (!game || !game->data || game->size == 0) return false;
    period = *(const char *)game->data == '1' ? 1 : 3;
    return true;
}

RETRO_API bool retro_load_game_special(unsigned type, const struct retro_game_info *info,
                                       size_t num)
{
    (void)type, (void)info, (void)num;
    return false;
}

RETRO_API void retro_unload_game(void)
{
}

RETRO_API unsigned retro_get_region(void)
{
    return RETRO_REGION_NTSC;
}

RETRO_API void *retro_get_memory_data(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? ram : NULL;
}

RETRO_API size_t retro_get_memory_size(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? sizeof ram : 0;
}
