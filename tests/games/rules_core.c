/* rules_core.c - Kumite's rules as a libretro core, for measuring agents in a tenth of the time:
 * the title screen's menu as far as the preset's starts use it, one round, no picture, no sound. */
#include <libretro.h>
#include <string.h>

#include "kumite_ram.h"
#include "rules.h"

enum { WIDTH_PX = 256, HEIGHT_PX = 240, INTRO_FRAMES = 60 };
enum { AT_TITLE, AT_INTRO, IN_ROUND };

static struct {
    uint8_t place, frames_left, level, two_players, pad_before;
} menu;
static uint16_t picture[WIDTH_PX * HEIGHT_PX];
static retro_video_refresh_t show_picture;
static retro_input_poll_t poll_pads;
static retro_input_state_t pad_state;

static void begin_fight(void)
{
    rules_begin_at(menu.two_players ? RULES_VERSUS : menu.level);
    menu.place = IN_ROUND;
}

/* At the title: right chooses the level, down two players, START begins. */
static void choose(uint8_t pad)
{
    const uint8_t pressed = pad & (uint8_t)~menu.pad_before;
    menu.pad_before = pad;
    if (pressed & 0x01) menu.level = menu.level % 8 + 1;
    if (pressed & 0x04) menu.two_players = 1;
    if (pressed & 0x10) {
        menu.place = AT_INTRO;
        menu.frames_left = INTRO_FRAMES;
    }
    rules_ram()[KUMITE_SCREEN] = 1;
    rules_ram()[KUMITE_CPU_LEVEL] = menu.level;
    rules_ram()[KUMITE_TWO_PLAYERS] = menu.two_players;
}

void retro_reset(void)
{
    memset(&menu, 0, sizeof menu);
    menu.level = 1;
    rules_power_on();
}

/* As the NES reads it: right is bit 0, A bit 7. */
static uint8_t read_pad(unsigned port)
{
    static const unsigned ids[8] = { RETRO_DEVICE_ID_JOYPAD_RIGHT, RETRO_DEVICE_ID_JOYPAD_LEFT,
                                     RETRO_DEVICE_ID_JOYPAD_DOWN,  RETRO_DEVICE_ID_JOYPAD_UP,
                                     RETRO_DEVICE_ID_JOYPAD_START, RETRO_DEVICE_ID_JOYPAD_SELECT,
                                     RETRO_DEVICE_ID_JOYPAD_B,     RETRO_DEVICE_ID_JOYPAD_A };
    uint8_t pad = 0;
    for (int bit = 0; bit < 8; bit++)
        if (pad_state(port, RETRO_DEVICE_JOYPAD, 0, ids[bit])) pad |= (uint8_t)(1 << bit);
    return pad;
}

void retro_run(void)
{
    poll_pads();
    const uint8_t pads[2] = { read_pad(0), read_pad(1) };
    if (menu.place == AT_TITLE)
        choose(pads[0]);
    else if (menu.place == IN_ROUND)
        rules_frame(pads[0], pads[1]);
    else if (!--menu.frames_left)
        begin_fight();
    show_picture(picture, WIDTH_PX, HEIGHT_PX, sizeof picture / HEIGHT_PX);
}

size_t retro_serialize_size(void)
{
    size_t num_bytes;
    rules_memory(&num_bytes);
    return num_bytes + sizeof menu;
}

bool retro_serialize(void *state, size_t room_bytes)
{
    size_t num_bytes;
    const void *memory = rules_memory(&num_bytes);
    if (room_bytes < retro_serialize_size()) return false;
    memcpy(state, &menu, sizeof menu);
    memcpy((char *)state + sizeof menu, memory, num_bytes);
    return true;
}

bool retro_unserialize(const void *state, size_t room_bytes)
{
    size_t num_bytes;
    void *memory = rules_memory(&num_bytes);
    if (room_bytes < retro_serialize_size()) return false;
    memcpy(&menu, state, sizeof menu);
    memcpy(memory, (const char *)state + sizeof menu, num_bytes);
    return true;
}

void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Kumite's rules",
                                        .library_version = "1",
                                        .valid_extensions = "nes" };
}

void retro_get_system_av_info(struct retro_system_av_info *info)
{
    *info = (struct retro_system_av_info){
        .geometry = { WIDTH_PX, HEIGHT_PX, WIDTH_PX, HEIGHT_PX, 4.0f / 3 },
        .timing = { .fps = 60.0988, .sample_rate = 48000 },
    };
}

void retro_set_environment(retro_environment_t ask)
{
    enum retro_pixel_format format = RETRO_PIXEL_FORMAT_RGB565;
    ask(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format);
}

bool retro_load_game(const struct retro_game_info *game)
{
    (void)game; /* whatever it is, it is Kumite */
    retro_reset();
    return true;
}

void *retro_get_memory_data(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? rules_ram() : NULL;
}

size_t retro_get_memory_size(unsigned id)
{
    return id == RETRO_MEMORY_SYSTEM_RAM ? 2048 : 0;
}

void retro_set_video_refresh(retro_video_refresh_t refresh)
{
    show_picture = refresh;
}

void retro_set_input_poll(retro_input_poll_t poll)
{
    poll_pads = poll;
}

void retro_set_input_state(retro_input_state_t state)
{
    pad_state = state;
}

unsigned retro_api_version(void)
{
    return RETRO_API_VERSION;
}

unsigned retro_get_region(void)
{
    return RETRO_REGION_NTSC;
}

/* What libretro asks for and the rules have no use for. */
void retro_init(void)
{
}

void retro_deinit(void)
{
}

void retro_unload_game(void)
{
}

void retro_set_audio_sample(retro_audio_sample_t sample)
{
    (void)sample;
}

void retro_set_audio_sample_batch(retro_audio_sample_batch_t batch)
{
    (void)batch;
}

void retro_set_controller_port_device(unsigned port, unsigned device)
{
    (void)port, (void)device;
}

bool retro_load_game_special(unsigned kind, const struct retro_game_info *games, size_t num_games)
{
    (void)kind, (void)games, (void)num_games;
    return false;
}

void retro_cheat_reset(void)
{
}

void retro_cheat_set(unsigned number, bool is_on, const char *code)
{
    (void)number, (void)is_on, (void)code;
}
