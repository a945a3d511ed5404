/* painted_core.c - a libretro core that draws in the pixel format, size and turn that its game
 * names: "FORMAT WIDTH HEIGHT QUARTERS WHAT", WHAT: n each frame, d only each second one, h as a
 * core on the graphics card. Rows have 8 pixels more than are shown. Its memory: frames run (bytes
 * 0 to 3), what the pads did so far (4 to 7), the pad words of the last frame (8, 9 and 10, 11).
 * What it draws depends on the memory alone; no colour of it is bright. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libretro.h"

#define FPS 60
static unsigned width, height, format, quarters;
static char what;
#define WIDTH width
#define HEIGHT height
static uint8_t ram[256];
static uint32_t pixels[648 * 480];

#include "odd_core.h"

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Painted",
                                        .library_version = "1",
                                        .valid_extensions = "nes" };
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
    const size_t bytes = format == RETRO_PIXEL_FORMAT_XRGB8888 ? 4 : 2;
    const size_t pitch = (width + 8) * bytes;
    const uint32_t noise = get(0) * 2654435761u ^ get(4);
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++) {
            const uint32_t value = (noise >> (x * 8 / width + y * 8 / height) % 16 & 1) * 2 + 1;
            uint8_t *at = (uint8_t *)pixels + y * pitch + x * bytes;
            const uint32_t wide = value << 21 | value << 12 | value << 5;
            const uint16_t small = (uint16_t)(format == RETRO_PIXEL_FORMAT_RGB565
                                                  ? value << 13 | value << 7 | value << 2
                                                  : value << 12 | value << 6 | value << 2);
            memcpy(at, bytes == 4 ? (const void *)&wide : (const void *)&small, bytes);
        }
    video(pixels, width, height, pitch);
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
    if (what == 'h')
        video(RETRO_HW_FRAME_BUFFER_VALID, width, height, 0);
    else if (what == 'd' && get(0) % 2 == 0)
        video(NULL, width, height, 0);
    else
        draw();
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    char text[64] = "";
    if (!game || !game->data || game->size >= sizeof text) return false;
    memcpy(text, game->data, game->size);
    if (sscanf(text, "%u %u %u %u %c", &format, &width, &height, &quarters, &what) != 5 ||
        width > 640 || height > 480)
        return false;
    enum retro_pixel_format wanted = (enum retro_pixel_format)format;
    return environment(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &wanted) &&
           (quarters == 0 || environment(RETRO_ENVIRONMENT_SET_ROTATION, &quarters));
}
