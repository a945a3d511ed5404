/* kumite_ram.h - where the state of the game lies in the NES's RAM, for programs that watch it.
 * Promised: these addresses stay. Each is one byte; PER FIGHTER ones are followed by the same for
 * the second fighter. */
#ifndef KUMITE_RAM_H
#define KUMITE_RAM_H

enum {
    KUMITE_MAGIC = 0x0300,  /* 'K', then the version of this table: 1 */
    KUMITE_SCREEN = 0x0302, /* 0 starting, 1 title, 2 fight, 3 winner */
    KUMITE_ROUND_STATE =
        0x0303, /* 0 none, 1 intro, 2 fight, 3 the blow sinks in, 4 result shown, 5 match over */
    KUMITE_FIGHT_ACTIVE = 0x0304, /* 1 while the pads move the fighters */
    KUMITE_ROUND_NO = 0x0305,     /* 1 to 5 */
    KUMITE_TIMER = 0x0306,        /* seconds left, 60 to 0 */
    KUMITE_CPU_LEVEL = 0x0307,    /* 1 to 8 */
    KUMITE_TWO_PLAYERS = 0x0308,  /* 1: the second pad plays, 0: the CPU */
    KUMITE_FRAME_COUNT = 0x0309,  /* 2 bytes, low first */
    KUMITE_RNG = 0x030B,          /* 2 bytes */
    KUMITE_ROUND_RESULT =
        0x030D, /* of the last round: 0 none yet, 1 first fighter, 2 second, 3 draw */
    KUMITE_MATCH_WINNER = 0x030E, /* of the last match, same values */
    KUMITE_LAG_FRAMES = 0x030F,   /* pictures missed because work took too long */
    /* PER FIGHTER */
    KUMITE_HEALTH = 0x0310,     /* 96 to 0 */
    KUMITE_X = 0x0312,          /* middle of the body, pixels */
    KUMITE_Y = 0x0314,          /* height of the feet above the ground, pixels */
    KUMITE_FACING = 0x0316,     /* 0 looks right, 1 left */
    KUMITE_STATE = 0x0318,      /* ST_... of state.h; 32 + row of moves.def while attacking */
    KUMITE_MOVE_FRAME = 0x031A, /* frames since that began */
    KUMITE_ROUNDS_WON = 0x031C, /* in this match */
    KUMITE_PROJ_ON = 0x031E,    /* 1 while the projectile flies */
    KUMITE_PROJ_X = 0x0320,
    KUMITE_PROJ_Y = 0x0322,      /* above the ground */
    KUMITE_HITS = 0x0324,        /* landed and not blocked, in this match (wraps at 256) */
    KUMITE_MATCHES_WON = 0x0326, /* since the title */
    KUMITE_PHASE = 0x0328,       /* of the attack: 0 none, 1 start-up, 2 can hit, 3 recovery */
    KUMITE_COMBO = 0x032A,       /* hits without the other getting free */
    KUMITE_BLOCKS = 0x032C,      /* attacks blocked, in this match (wraps) */
    KUMITE_CHARACTER = 0x032E,
    KUMITE_STUN = 0x0330,     /* frames of hit or block stun left */
    KUMITE_SPECIALS = 0x0332, /* special moves begun, in this match (wraps) */
    KUMITE_CHARGE = 0x0334,   /* frames that back has been held */
    KUMITE_PAD = 0x0336,      /* as read: A B select start up down left right from bit 7 */
    /* ONE */
    KUMITE_ROUNDS_DONE = 0x0338, /* finished rounds in this match */
    KUMITE_HITSTOP = 0x0339      /* frames that a blow still freezes both */
};

enum { KUMITE_HEALTH_FULL = 96 };

#endif
