/* bots.h - simple players of Kumite, to measure the CPU with. A bot looks at the game's RAM and
 * says which buttons it holds in the next frame. Same seed, same RAM: same buttons. */
#ifndef BOTS_H
#define BOTS_H

#include <stdint.h>

typedef enum {
    BOT_RANDOM,     /* any direction and button, changed every few frames */
    BOT_MASHER,     /* walks in and hammers both buttons */
    BOT_PROJECTILE, /* 236 and a button, again and again */
    BOT_RISING,     /* walks in, 623 and a button */
    BOT_THROW,      /* walks in and throws */
    BOT_SWEEP,      /* walks in, crouching heavy */
    BOT_JUMPER,     /* jumps in with the heavy attack */
    BOT_CHARGE,     /* holds back, then 6 and A */
    BOT_LOW,        /* walks in, crouching light */
    BOT_GOOD,       /* plays: reads the state 12 frames late */
    NUM_BOTS
} bot_kind_t;

typedef struct {
    bot_kind_t kind;
    int fighter; /* 0 or 1 */
    uint32_t seed;
    int frames;        /* since the bot began */
    uint8_t macro[48]; /* pads to hold, one a frame, as if facing right */
    int macro_at, macro_frames;
    uint8_t held;
    int held_frames;
    uint8_t late[16][8]; /* what GOOD saw */
    int plan, plan_frames, answered;
} bot_t;

extern const char *const bot_names[NUM_BOTS];
void bot_init(bot_t *bot, bot_kind_t kind, int fighter, uint32_t seed);
uint32_t bot_random(bot_t *bot);
uint8_t bot_pad(bot_t *bot, const uint8_t *ram);

#endif
