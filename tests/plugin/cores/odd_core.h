/* odd_core.h - what every core of this folder has in common: a libretro core whose whole state is
 * `ram`. A file defines ram, WIDTH, HEIGHT and FPS, includes this, and adds what is odd about it:
 * retro_get_system_info(), retro_load_game(), retro_run(). */
#ifndef TEST_ODD_CORE_H
#define TEST_ODD_CORE_H

#include <string.h>

static retro_environment_t environment;
static retro_video_refresh_t video;
static retro_input_poll_t poll;
static retro_input_state_t input;

RETRO_API void retro_set_environment(retro_environment_t callback)
{
    environment = callback;
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
    (void)environment, (void)input; /* not all cores ask */
    memset(ram, 0, sizeof ram);
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
        .timing = { FPS, 48000 },
    };
}

RETRO_API void retro_set_controller_port_device(unsigned port, unsigned device)
{
    (void)port, (void)device;
}

RETRO_API void retro_reset(void)
{
    memset(ram, 0, sizeof ram);
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

#endif
