/* context_core.c - a libretro core that draws with OpenGL: in each frame it calls through a pointer
 * that only the frontend's context_reset() fills in. Its memory is the number of frames. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

enum { WIDTH = 64, HEIGHT = 48 };
static retro_video_refresh_t video;
static retro_input_poll_t poll;
static uint32_t num_frames;
static retro_environment_t environment;
static struct retro_hw_render_callback hw;
static void (*clear)(unsigned);

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
    *info = (struct retro_system_info){ .library_name = "Context",
                                        .library_version = "1",
                                        .valid_extensions = "vec" };
}

static void reset_context(void)
{
    const retro_proc_address_t found = hw.get_proc_address("glClear");
    memcpy(&clear, &found, sizeof clear);
}

static void destroy_context(void)
{
    clear = NULL;
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    (void)game;
    enum retro_pixel_format format = RETRO_PIXEL_FORMAT_XRGB8888;
    environment(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format);
    hw = (struct retro_hw_render_callback){ .context_type = RETRO_HW_CONTEXT_OPENGL,
                                            .context_reset = reset_context,
                                            .context_destroy = destroy_context };
    return environment(RETRO_ENVIRONMENT_SET_HW_RENDER, &hw);
}

RETRO_API void retro_run(void)
{
    poll();
    num_frames++;
    clear(0);
    video(RETRO_HW_FRAME_BUFFER_VALID, WIDTH, HEIGHT, 0);
}
