/* arcade_core.c - a libretro core that opens its game's zip by itself, as arcade cores do: it takes
 * a path to a zip and nothing else. Its memory is the number of frames. */
#include <stdio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

#define FPS 60
enum { WIDTH = 64, HEIGHT = 48 };
static uint32_t ram[1]; /* frames */
static uint16_t pixels[WIDTH * HEIGHT];

#include "odd_core.h"

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
    ram[0]++;
    video(pixels, WIDTH, HEIGHT, WIDTH * sizeof *pixels);
}
