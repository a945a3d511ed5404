/* context_core.c - a libretro core that draws with OpenGL: in each frame it calls through a pointer
 * that only the frontend's context_reset() fills in. Its memory is the number of frames. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

#define FPS 60
enum { WIDTH = 64, HEIGHT = 48 };
static uint32_t ram[1]; /* frames */
static struct retro_hw_render_callback hw;
static void (*clear)(unsigned);

#include "odd_core.h"

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
    ram[0]++;
    clear(0);
    video(RETRO_HW_FRAME_BUFFER_VALID, WIDTH, HEIGHT, 0);
}
