/* bots.c - see bots.h */
#include "bots.h"

#include <stdlib.h>
#include <string.h>

#include "kumite_ram.h"
#include "core_rig.h"

const char *const bot_names[NUM_BOTS] = {
    "random", "masher", "projectile", "rising", "throw",
    "sweep",  "jumper", "charge",     "low",    "good player"
};

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
    while (frames-- > 0 && bot->macro_frames < (int)sizeof(bot->macro))
        bot->macro[bot->macro_frames++] = pad;
}

/* Directions as on the keypad, facing right. */
static uint8_t way(int keypad)
{
    static const uint8_t pads[10] = {
        0,         RIG_DOWN | RIG_LEFT, RIG_DOWN, RIG_DOWN | RIG_RIGHT, RIG_LEFT, 0,
        RIG_RIGHT, RIG_UP | RIG_LEFT,   RIG_UP,   RIG_UP | RIG_RIGHT
    };
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
    return bot_random(bot) & 1 ? RIG_A : RIG_B;
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
        if (gap < 25) add(bot, way(6) | RIG_A, 2);
        break;
    case BOT_SWEEP:
        if (gap > 46) {
            add(bot, way(6), 2);
        } else {
            add(bot, way(2), 2);
            add(bot, way(2) | RIG_A, 2);
        }
        break;
    case BOT_JUMPER:
        add(bot, way(9), 6);
        add(bot, way(6), 18);
        add(bot, way(6) | RIG_A, 3);
        add(bot, way(6), 12);
        break;
    case BOT_CHARGE:
        add(bot, way(1), 44);
        add(bot, way(6) | RIG_A, 4);
        break;
    case BOT_LOW:
        if (gap > 36) {
            add(bot, way(6), 2);
        } else {
            add(bot, way(2), 2);
            add(bot, way(2) | RIG_B, 2);
        }
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
        if (button == 0) bot->held |= RIG_A;
        if (button == 1) bot->held |= RIG_B;
    }
    return bot->held;
}

static uint8_t mirrored(uint8_t pad)
{
    uint8_t out = pad & (uint8_t) ~(RIG_LEFT | RIG_RIGHT);
    if (pad & RIG_LEFT) out |= RIG_RIGHT;
    if (pad & RIG_RIGHT) out |= RIG_LEFT;
    return out;
}

/* What the good player knows of the other: as it was GOOD_LATE_FRAMES ago. */
enum {
    GOOD_LATE_FRAMES = 12,
    ATTACK = 32,
    JUMP = 5,
    LAND = 6,
    BLOCK = 7,
    BLOCK_LOW = 8,
    FALL = 11,
    GETUP = 13
};
enum { SAW_STATE, SAW_PHASE, SAW_Y, SAW_GAP, SAW_SHOT };

static void look(bot_t *bot, const uint8_t *ram)
{
    const int other = !bot->fighter;
    uint8_t *now = bot->late[bot->frames % 16];
    now[SAW_STATE] = ram[KUMITE_STATE + other];
    now[SAW_PHASE] = ram[KUMITE_PHASE + other];
    now[SAW_Y] = ram[KUMITE_Y + other];
    now[SAW_GAP] = (uint8_t)distance(ram);
    now[SAW_SHOT] = 255;
    if (ram[KUMITE_PROJ_ON + other])
        now[SAW_SHOT] = (uint8_t)abs(ram[KUMITE_PROJ_X + other] - ram[KUMITE_X + bot->fighter]);
}

static void punish(bot_t *bot, int gap)
{
    if (gap < 24) {
        add(bot, way(6) | RIG_A, 3);
    } else if (gap < 36) { /* heavy, and a fireball as soon as it touches */
        add(bot, RIG_A, 3);
        add(bot, 0, 6);
        motion(bot, 2, 3, 6, RIG_A);
    } else if (gap < 48) {
        add(bot, way(2), 1);
        add(bot, way(2) | RIG_A, 3);
    } else {
        add(bot, way(6), 3);
    }
}

/* Fireballs from afar, rises at who jumps over them, guards what it sees, punishes what it blocked,
 * throws who guards. */
static void plan_good(bot_t *bot, const uint8_t *ram)
{
    const uint8_t *saw = bot->late[(bot->frames + 16 - GOOD_LATE_FRAMES) % 16];
    const int gap = distance(ram), mine = ram[KUMITE_STATE + bot->fighter];
    const int state = saw[SAW_STATE];
    const uint32_t dice = bot_random(bot) % 100;
    if (mine >= ATTACK || mine > BLOCK_LOW) {
        add(bot, way(1), 1);
    } else if (saw[SAW_SHOT] < 80) {
        add(bot, way(1), 2);
    } else if (state == JUMP || (state >= ATTACK && saw[SAW_Y] > 0 && state < ATTACK + 9)) {
        if (gap < 62 && dice < 80)
            motion(bot, 6, 2, 3, RIG_A);
        else
            add(bot, way(4), 3);
    } else if (state >= ATTACK && gap < 80 && saw[SAW_PHASE] != 3) {
        add(bot, way(1), 3);
    } else if ((saw[SAW_PHASE] == 3 || state == LAND) && gap < 70) {
        punish(bot, gap);
    } else if (state == FALL || state == FALL + 1) {
        if (gap > 60 && !ram[KUMITE_PROJ_ON + bot->fighter])
            motion(bot, 2, 3, 6, RIG_B);
        else
            add(bot, way(1), 4);
    } else if (state == GETUP) {
        add(bot, way(1), 12);
    } else if (gap > 90) {
        if (!ram[KUMITE_PROJ_ON + bot->fighter] && dice < 60)
            motion(bot, 2, 3, 6, dice & 1 ? RIG_A : RIG_B);
        else
            add(bot, way(1), 6);
    } else if (gap < 30 && (state == BLOCK || state == BLOCK_LOW || state == 3) && dice < 50) {
        add(bot, way(6) | RIG_A, 3);
    } else if (gap < 50) {
        add(bot, way(dice < 70 ? 1 : 4), 6);
    } else {
        add(bot, way(dice < 50 ? 1 : 4), 5);
    }
}

uint8_t bot_pad(bot_t *bot, const uint8_t *ram)
{
    if (!ram[KUMITE_FIGHT_ACTIVE]) {
        memset(bot->late, 0, sizeof(bot->late));
        bot->macro_at = bot->macro_frames = 0;
        return 0;
    }
    bot->frames++;
    look(bot, ram);
    if (bot->kind == BOT_RANDOM) return random_pad(bot);
    if (bot->macro_at >= bot->macro_frames) {
        bot->macro_at = bot->macro_frames = 0;
        plan(bot, ram);
    }
    const uint8_t pad = bot->macro[bot->macro_at++];
    return ram[KUMITE_FACING + bot->fighter] ? mirrored(pad) : pad;
}
