/* shy_core.c - a libretro core that draws only when the frontend wants to see it, as some real ones
 * do. Its memory says how many frames it ran (byte 0) and how many it drew (byte 1). */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

#define FPS 60
enum { WIDTH = 64, HEIGHT = 48 };
static uint8_t ram[256];
static uint16_t pixels[WIDTH * HEIGHT];

#include "odd_core.h"

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Shy",
                                        .library_version = "1",
                                        .valid_extensions = "nes" };
}

RETRO_API void retro_run(void)
{
    int enabled = 3;
    poll();
    ram[0]++;
    if (environment(RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled) && !(enabled & 1)) return;
    ram[1]++;
    for (int i = 0; i < WIDTH * HEIGHT; i++) pixels[i] = (uint16_t)(ram[0] * 37 + i);
    video(pixels, WIDTH, HEIGHT, WIDTH * sizeof *pixels);
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    return game && game->data;
}
