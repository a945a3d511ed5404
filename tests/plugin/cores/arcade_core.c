/* arcade_core.c - a libretro core that opens its game's zip by itself, as arcade cores do: it takes
 * a path to a zip and nothing else. Its memory is the number of frames. */
#include <stdio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

enum { WIDTH = 64, HEIGHT = 48 };
static retro_video_refresh_t video;
static retro_input_poll_t poll;
static uint32_t num_frames;
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
    (void)callback;
}

RETRO_API void retro_init(void)
{
}

RETRO_API void retro_deinit(void)
{
}

RETRO_API unsigned retro_api_version(void)
{
    return RETRO_API_VERSION;
}

RETRO_API void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){
        .geometry = { WIDTH, HEIGHT, WIDTH, HEIGHT, 0 },
        .timing = { 60, 44100 },
    };
}

RETRO_API void retro_set_controller_port_device(unsigned port, unsigned device)
{
    (void)port, (void)device;
}

RETRO_API void retro_reset(void)
{
}

RETRO_API bool retro_load_game_special(unsigned type, const struct retro_game_info *info,
                                       size_t count)
{
    (void)type, (void)info, (void)count;
    return false;
}

RETRO_API void retro_unload_game(void)
{
}

RETRO_API size_t retro_serialize_size(void)
{
    return sizeof num_frames;
}

RETRO_API bool retro_serialize(void *data, size_t size)
{
    if (size < sizeof num_frames) return false;
    memcpy(data, &num_frames, sizeof num_frames);
    return true;
}

RETRO_API bool retro_unserialize(const void *data, size_t size)
{
    if (size < sizeof num_frames) return false;
    memcpy(&num_frames, data, sizeof num_frames);
    return true;
}

RETRO_API void retro_cheat_reset(void)
{
}

RETRO_API void retro_cheat_set(unsigned index, bool enabled, const char *code)
{
    (void)index, (void)enabled, (void)code;
}

RETRO_API unsigned retro_get_region(void)
{
    return RETRO_REGION_NTSC;
}

RETRO_API void *retro_get_memory_data(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? &num_frames : NULL;
}

RETRO_API size_t retro_get_memory_size(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? sizeof num_frames : 0;
}

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Arcade",
                                        .library_version = "1",
                                        .valid_extensions = "zip|7z",
                                        .need_fullpath = true,
                                        .block_extract = true };
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    char magic[4] = "";
    FILE *const file = game && game->path && !game->data ? fopen(game->path, "rb") : NULL;
    const bool is_zip = file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "PK\3\4", 4) == 0;
    if (file) fclose(file);
    return is_zip;
}

RETRO_API void retro_run(void)
{
    poll();
    num_frames++;
    video(pixels, WIDTH, HEIGHT, WIDTH * sizeof *pixels);
}
