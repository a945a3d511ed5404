/* bots.c - see bots.h */
#include "bots.h"

#include <stdlib.h>
#include <string.h>

#include "kumite_ram.h"
#include "nes_rig.h"

const char *const bot_names[NUM_BOTS] = { "random", "masher", "projectile", "rising",
                                          "throw",  "sweep",  "jumper",     "good player" };

void bot_init(bot_t *bot, bot_kind_t kind, int fighter, uint32_t seed)
{
    memset(bot, 0, sizeof(*bot));
    bot->kind = kind;
    bot->fighter = fighter;
    bot->seed = seed * 2654435761u + 12345u;
    for (int i = 0; i < 8; i++) bot_random(bot);
}

uint32_t bot_random(bot_t *bot)
{
    bot->seed ^= bot->seed << 13;
    bot->seed ^= bot->seed >> 17;
    bot->seed ^= bot->seed << 5;
    return bot->seed >> 8;
}

static void add(bot_t *bot, uint8_t pad, int frames)
{
    while (frames-- > 0 && bot->macro_frames < (int)sizeof(bot->macro)) bot->macro[bot->macro_frames++] = pad;
}

/* Directions as on the keypad, facing right. */
static uint8_t way(int keypad)
{
    static const uint8_t pads[10] = { 0, NES_DOWN | NES_LEFT, NES_DOWN, NES_DOWN | NES_RIGHT, NES_LEFT, 0,
                                      NES_RIGHT, NES_UP | NES_LEFT, NES_UP, NES_UP | NES_RIGHT };
    return pads[keypad];
}

static void motion(bot_t *bot, int first, int second, int third, uint8_t button)
{
    add(bot, way(first), 3);
    add(bot, way(second), 3);
    add(bot, way(third) | button, 3);
}

static int distance(const uint8_t *ram)
{
    return abs(ram[KUMITE_X] - ram[KUMITE_X + 1]);
}

static uint8_t heavy_or_light(bot_t *bot)
{
    return bot_random(bot) & 1 ? NES_A : NES_B;
}

static void plan_good(bot_t *bot, const uint8_t *ram);

/* Fills the macro with what comes next. */
static void plan(bot_t *bot, const uint8_t *ram)
{
    const int gap = distance(ram);
    switch (bot->kind) {
    case BOT_MASHER:
        add(bot, gap > 30 ? way(6) : 0, 2);
        add(bot, (gap > 30 ? way(6) : 0) | heavy_or_light(bot), 2);
        break;
    case BOT_PROJECTILE:
        motion(bot, 2, 3, 6, heavy_or_light(bot));
        add(bot, 0, 4);
        break;
    case BOT_RISING:
        if (gap > 36) {
            add(bot, way(6), 4);
        } else {
            motion(bot, 6, 2, 3, heavy_or_light(bot));
            add(bot, 0, 3);
        }
        break;
    case BOT_THROW:
        add(bot, way(6), 3);
        if (gap < 25) add(bot, way(6) | NES_A, 2);
        break;
    case BOT_SWEEP:
        if (gap > 46) {
            add(bot, way(6), 2);
        } else {
            add(bot, way(2), 2);
            add(bot, way(2) | NES_A, 2);
        }
        break;
    case BOT_JUMPER:
        add(bot, way(9), 6);
        add(bot, way(6), 18);
        add(bot, way(6) | NES_A, 3);
        add(bot, way(6), 12);
        break;
    case BOT_GOOD: plan_good(bot, ram); break;
    default: add(bot, 0, 1); break;
    }
}

static uint8_t random_pad(bot_t *bot)
{
    if (bot->held_frames-- <= 0) {
        bot->held_frames = 4 + (int)(bot_random(bot) % 9);
        bot->held = way(1 + (int)(bot_random(bot) % 9));
        const uint32_t button = bot_random(bot) % 4;
        if (button == 0) bot->held |= NES_A;
        if (button == 1) bot->held |= NES_B;
    }
    return bot->held;
}

static uint8_t mirrored(uint8_t pad)
{
    uint8_t out = pad & (uint8_t)~(NES_LEFT | NES_RIGHT);
    if (pad & NES_LEFT) out |= NES_RIGHT;
    if (pad & NES_RIGHT) out |= NES_LEFT;
    return out;
}

static void plan_good(bot_t *bot, const uint8_t *ram)
{
    (void)ram;
    add(bot, 0, 1);
}

uint8_t bot_pad(bot_t *bot, const uint8_t *ram)
{
    if (!ram[KUMITE_FIGHT_ACTIVE]) {
        bot->macro_at = bot->macro_frames = 0;
        return 0;
    }
    bot->frames++;
    if (bot->kind == BOT_RANDOM) return random_pad(bot);
    if (bot->macro_at >= bot->macro_frames) {
        bot->macro_at = bot->macro_frames = 0;
        plan(bot, ram);
    }
    const uint8_t pad = bot->macro[bot->macro_at++];
    return ram[KUMITE_FACING + bot->fighter] ? mirrored(pad) : pad;
}
