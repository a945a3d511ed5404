/* lazy_core.c - a libretro core that draws every third frame only and repeats it in between, as
 * games of 20 pictures a second do, or each one where its game begins with "1". Its memory: frames
 * run (bytes 0 to 3), what the pads did so far (4 to 7), the pad words of the last frame (8, 9 and
 * 10, 11). What it draws depends on the memory alone and looks much different each time. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "libretro.h"

#define FPS 59.7275
enum { WIDTH = 84, HEIGHT = 84, CELL = 42 };
static uint8_t ram[256];
static uint32_t period;
static uint16_t pixels[WIDTH * HEIGHT];

#include "odd_core.h"

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Lazy",
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

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    if (!game || !game->data || game->size == 0) return false;
    period = *(const char *)game->data == '1' ? 1 : 3;
    return true;
}
