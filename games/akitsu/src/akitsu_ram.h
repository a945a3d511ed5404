/* akitsu_ram.h - where the state of the game lies in the PC Engine's RAM, counted from its first
 * byte, for programs that watch it. Promised: these addresses stay. A byte each, where nothing else
 * is said; README.md has what they mean. */
#ifndef AKITSU_RAM_H
#define AKITSU_RAM_H

enum {
    AKITSU_MAGIC = 0x200, /* 'A', then the version of this table: 1 */
    AKITSU_SCREEN = 0x202,
    AKITSU_ROUND_STATE = 0x203,
    AKITSU_ROUND_ACTIVE = 0x204,
    AKITSU_LEVEL = 0x205,
    AKITSU_TIMER = 0x206,
    AKITSU_ROUND_RESULT = 0x207, /* 1 won, 2 lost */
    AKITSU_FRAME_COUNT = 0x208,  /* 2 bytes, low first */
    AKITSU_RNG = 0x20A,          /* 2 bytes */
    AKITSU_LAG_FRAMES = 0x20C,
    AKITSU_ROUNDS_DONE = 0x20D,
    AKITSU_ROUNDS_WON = 0x20E,
    AKITSU_HP = 0x210,
    AKITSU_X = 0x211,
    AKITSU_CHARGE = 0x212,
    AKITSU_DASH = 0x213,
    AKITSU_SAFE = 0x215,
    AKITSU_ENEMIES_LEFT = 0x217,
    AKITSU_SCORE = 0x218, /* 2 bytes, low first */
    AKITSU_SHOTS_FIRED = 0x21A,
    AKITSU_SPECIALS = 0x21B,
    AKITSU_BOUNCED = 0x21C,
    AKITSU_MOTION = 0x21D,
    AKITSU_ENEMY_KIND = 0x220, /* 3 enemies; so the four below */
    AKITSU_ENEMY_X = 0x223,
    AKITSU_ENEMY_Y = 0x226,
    AKITSU_ENEMY_WAIT = 0x229,
    AKITSU_ENEMY_HP = 0x22C,
    AKITSU_BEAM_STATE = 0x230,
    AKITSU_BEAM_X = 0x231,
    AKITSU_BEAM_FRAMES = 0x232,
    AKITSU_PELLET_X = 0x234,  /* 6 */
    AKITSU_PELLET_Y = 0x23A,  /* 6; 0: none */
    AKITSU_SHOT_KIND = 0x240, /* 8; so the two below */
    AKITSU_SHOT_X = 0x248,
    AKITSU_SHOT_Y = 0x250,
    AKITSU_END = 0x258,
    AKITSU_CHARGE_FULL = 40,
    AKITSU_SHIP_Y = 188
};

enum { AKITSU_DRONE = 1, AKITSU_HUSK, AKITSU_MIRROR, AKITSU_WASP };
enum { AKITSU_BOLT = 1, AKITSU_HEAVY, AKITSU_LANCE, AKITSU_FAN };

#endif
