/* sparring_core.c - the game of sparring.s as a libretro core, its memory held as Genesis Plus GX
 * holds the 68000's: 16-bit words of this machine, so that console byte a lies at a ^ 1.
 *
 * The tests play the same round on it and, where one is installed, on a real core. Only what they
 * look at is here: numbers in memory, pads, a picture, savestates.
 */
#include "libretro.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum {
    HEALTH = 0x8042,
    ENEMY_HEALTH = 0x82C2,
    MATCHES_WON = 0x81DA,
    ENEMY_MATCHES_WON = 0x8457,
    SCORE = 0x81E8,
    CONTINUETIMER = 0x81D5,
    X_PX = 0x9000,
    ENEMY_X_PX = 0x9002,
    PAD_HELD = 0x9004,
    FIGHTING = 0x9008,
    REST_FRAMES = 0x900A
};
enum { WIDTH_PX = 320, HEIGHT_PX = 224 };

static retro_environment_t environment;
static retro_video_refresh_t video;
static retro_input_poll_t poll_input;
static retro_input_state_t input;
static uint8_t ram[65536];
static uint16_t picture[HEIGHT_PX][WIDTH_PX];

static void store(uint32_t address, int32_t num_bytes, uint32_t value)
{
    for (int32_t i = 0; i < num_bytes; i++)
        ram[(address + (uint32_t)i) ^ 1] = (uint8_t)(value >> 8 * (num_bytes - 1 - i));
}

static uint32_t fetch(uint32_t address, int32_t num_bytes)
{
    uint32_t value = 0;
    for (int32_t i = 0; i < num_bytes; i++) value = value << 8 | ram[(address + (uint32_t)i) ^ 1];
    return value;
}

static void add(uint32_t address, int32_t num_bytes, int32_t change)
{
    store(address, num_bytes, fetch(address, num_bytes) + (uint32_t)change);
}

/* ---- the rules ---- */

static void new_round(void)
{
    store(HEALTH, 2, 176);
    store(ENEMY_HEALTH, 2, 176);
    store(X_PX, 2, 96);
    store(ENEMY_X_PX, 2, 216);
}

/* The score has a decimal digit in each half byte. */
static void hit(int32_t damage, uint32_t points)
{
    add(ENEMY_HEALTH, 2, -damage);
    uint32_t score = 0, sum = 0, carry = 0;
    const uint32_t old = fetch(SCORE, 4);
    for (int32_t digit = 0; digit < 8; digit++) {
        sum = (old >> 4 * digit & 15) + (points >> 4 * digit & 15) + carry;
        carry = sum > 9;
        score |= (sum - 10 * carry) << 4 * digit;
    }
    store(SCORE, 4, score);
}

static void special(uint16_t held)
{
    if (held & 1 << RETRO_DEVICE_ID_JOYPAD_DOWN)
        store(CONTINUETIMER, 1, 10);
    else if (held & 1 << RETRO_DEVICE_ID_JOYPAD_UP)
        store(ENEMY_MATCHES_WON, 4, 0x01020304);
    else
        add(MATCHES_WON, 1, 1);
}

static void knock_out(uint32_t health, uint32_t matches, int32_t matches_bytes)
{
    if ((int16_t)fetch(health, 2) >= 0) return;
    store(health, 2, 0xFFFF);
    add(matches, matches_bytes, 1);
    store(REST_FRAMES, 2, 120);
}

static void fight(uint16_t held, uint16_t pressed)
{
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_L) hit(8, 0x0100);
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_X) hit(16, 0x0200);
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_R) hit(32, 0x0500);
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_Y) add(HEALTH, 2, -8);
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_B) add(HEALTH, 2, -32);
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_A) {
        const uint32_t x_px = fetch(X_PX, 2);
        store(X_PX, 2, fetch(ENEMY_X_PX, 2));
        store(ENEMY_X_PX, 2, x_px);
    }
    if (pressed & 1 << RETRO_DEVICE_ID_JOYPAD_SELECT) special(held);
    if (held & 1 << RETRO_DEVICE_ID_JOYPAD_LEFT && fetch(X_PX, 2) > 8) add(X_PX, 2, -1);
    if (held & 1 << RETRO_DEVICE_ID_JOYPAD_RIGHT && fetch(X_PX, 2) < 304) add(X_PX, 2, 1);
    knock_out(ENEMY_HEALTH, MATCHES_WON, 1);
    knock_out(HEALTH, ENEMY_MATCHES_WON, 4);
}

static void play(uint16_t held, uint16_t pressed)
{
    if (!fetch(FIGHTING, 2)) {
        if (!(pressed & 1 << RETRO_DEVICE_ID_JOYPAD_START)) return;
        store(FIGHTING, 2, 1);
        new_round();
    } else if (fetch(REST_FRAMES, 2)) {
        add(REST_FRAMES, 2, -1);
        if (!fetch(REST_FRAMES, 2)) new_round();
    } else {
        fight(held, pressed);
    }
}

static void draw_block(int32_t left_px, int32_t top_px, int32_t width_px, uint16_t colour)
{
    for (int32_t y = top_px; y < top_px + 8; y++)
        for (int32_t x = left_px; x < left_px + width_px && x < WIDTH_PX; x++)
            picture[y][x] = colour;
}

static void draw(void)
{
    memset(picture, 0, sizeof picture);
    draw_block(0, 16, (int16_t)fetch(HEALTH, 2), 0x07E0);
    draw_block(0, 32, (int16_t)fetch(ENEMY_HEALTH, 2), 0xF800);
    draw_block((int32_t)fetch(X_PX, 2), 160, 8, 0x07E0);
    draw_block((int32_t)fetch(ENEMY_X_PX, 2), 160, 8, 0xF800);
    video(picture, WIDTH_PX, HEIGHT_PX, sizeof picture[0]);
}

/* ---- libretro ---- */

EXPORT void retro_run(void)
{
    uint16_t held = 0;
    poll_input();
    for (unsigned id = 0; id < 16; id++)
        if (input(0, RETRO_DEVICE_JOYPAD, 0, id)) held |= (uint16_t)(1 << id);
    const uint16_t before = (uint16_t)fetch(PAD_HELD, 2);
    store(PAD_HELD, 2, held);
    play(held, held & (uint16_t)~before);
    draw();
}

EXPORT unsigned retro_api_version(void)
{
    return RETRO_API_VERSION;
}

EXPORT void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Sparring",
                                        .library_version = "1",
                                        .valid_extensions = "md" };
}

EXPORT void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){ .geometry = { WIDTH_PX, HEIGHT_PX, WIDTH_PX, HEIGHT_PX,
                                                         4.0f / 3.0f },
                                           .timing = { 60.0, 44100.0 } };
}

EXPORT bool retro_load_game(const struct retro_game_info *game)
{
    enum retro_pixel_format format = RETRO_PIXEL_FORMAT_RGB565;
    memset(ram, 0, sizeof ram);
    return game && environment(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format);
}

EXPORT size_t retro_serialize_size(void)
{
    return sizeof ram;
}

EXPORT bool retro_serialize(void *data, size_t num_bytes)
{
    if (num_bytes < sizeof ram) return false;
    memcpy(data, ram, sizeof ram);
    return true;
}

EXPORT bool retro_unserialize(const void *data, size_t num_bytes)
{
    if (num_bytes < sizeof ram) return false;
    memcpy(ram, data, sizeof ram);
    return true;
}

EXPORT void *retro_get_memory_data(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? ram : NULL;
}

EXPORT size_t retro_get_memory_size(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? sizeof ram : 0;
}

EXPORT void retro_set_environment(retro_environment_t callback)
{
    environment = callback;
}

EXPORT void retro_set_video_refresh(retro_video_refresh_t callback)
{
    video = callback;
}

EXPORT void retro_set_audio_sample(retro_audio_sample_t callback)
{
    (void)callback;
}

EXPORT void retro_set_audio_sample_batch(retro_audio_sample_batch_t callback)
{
    (void)callback;
}

EXPORT void retro_set_input_poll(retro_input_poll_t callback)
{
    poll_input = callback;
}

EXPORT void retro_set_input_state(retro_input_state_t callback)
{
    input = callback;
}

EXPORT void retro_init(void)
{
}

EXPORT void retro_deinit(void)
{
}

EXPORT void retro_reset(void)
{
    memset(ram, 0, sizeof ram);
}

EXPORT void retro_unload_game(void)
{
}

EXPORT void retro_set_controller_port_device(unsigned port, unsigned device)
{
    (void)port, (void)device;
}

EXPORT void retro_cheat_reset(void)
{
}

EXPORT void retro_cheat_set(unsigned index, bool enabled, const char *code)
{
    (void)index, (void)enabled, (void)code;
}

EXPORT bool retro_load_game_special(unsigned type, const struct retro_game_info *info, size_t count)
{
    (void)type, (void)info, (void)count;
    return false;
}

EXPORT unsigned retro_get_region(void)
{
    return RETRO_REGION_NTSC;
}
