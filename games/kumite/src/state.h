/* state.h - the variables of the game that are promised to the outside (state.s fixes the
 * addresses), and the names of their values. Fighters are numbered 0 (left at the start) and 1; `p`
 * is the one being updated and `q` the other, both in zero page, because that is what makes cc65's
 * code quick. */
#ifndef KUMITE_STATE_H
#define KUMITE_STATE_H

typedef unsigned char u8;
typedef unsigned int u16;

extern u8 magic[2], screen, round_state, fight_active, round_no, timer, cpu_level, two_players;
extern u8 frame_count[2], rng[2], round_result, match_winner, lag_frames;
extern u8 health[2], pos_x[2], pos_y[2], facing[2], state[2], mframe[2], rounds_won[2];
extern u8 proj_on[2], proj_x[2], proj_y[2], hits[2], matches_won[2], phase[2], combo[2], blocks[2];
extern u8 character[2], stun[2], specials[2], charge[2], pad_held[2], rounds_done, hitstop;
extern u8 p, q;
#ifdef __CC65__
#pragma zpsym("p")
#pragma zpsym("q")
#endif

enum { SCREEN_BOOT, SCREEN_TITLE, SCREEN_FIGHT, SCREEN_WINNER };
enum { ROUND_NONE, ROUND_INTRO, ROUND_FIGHT, ROUND_KO, ROUND_OVER, ROUND_MATCH_OVER };
enum { RESULT_NONE, RESULT_P1, RESULT_P2, RESULT_DRAW };
enum { PHASE_NONE, PHASE_STARTUP, PHASE_ACTIVE, PHASE_RECOVERY };

enum {
    ST_STAND,
    ST_FORWARD,
    ST_BACK,
    ST_CROUCH,
    ST_PREJUMP,
    ST_JUMP,
    ST_LAND,
    ST_BLOCK,
    ST_BLOCK_LOW,
    ST_HIT,
    ST_HIT_LOW,
    ST_FALL,
    ST_DOWN,
    ST_GETUP,
    ST_THROWN,
    ST_WIN,
    ST_LOSE,
    ST_MOVE = 32 /* from here on: ST_MOVE + the number of the move in moves.def */
};

#define HEALTH_FULL 96
#define PAD_A 0x80
#define PAD_B 0x40
#define PAD_SELECT 0x20
#define PAD_START 0x10
#define PAD_UP 0x08
#define PAD_DOWN 0x04
#define PAD_LEFT 0x02
#define PAD_RIGHT 0x01

#endif
