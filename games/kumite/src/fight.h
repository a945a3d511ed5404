/* fight.h - two fighters and what they do to each other. fight_round_start() places them,
 * fight_step() is one frame of the rules and knows nothing of pictures or pads: it reads what
 * inputs.h offers. */
#ifndef KUMITE_FIGHT_H
#define KUMITE_FIGHT_H

#include "state.h"

enum { GUARD_ANY, GUARD_LOW, GUARD_HIGH, GUARD_NONE };

enum {
    POSE_IDLE,
    POSE_WALK1,
    POSE_WALK2,
    POSE_CROUCH,
    POSE_JUMP,
    POSE_BLOCK,
    POSE_BLOCKLOW,
    POSE_HIT,
    POSE_HITLOW,
    POSE_FALL,
    POSE_DOWN,
    POSE_WIN,
    POSE_JAB,
    POSE_WINDUP,
    POSE_KICK,
    POSE_LOWKICK,
    POSE_SWEEP,
    POSE_JUMPKICK,
    POSE_JUMPHEAVY,
    POSE_PALM,
    POSE_RISE,
    POSE_DASH,
    POSE_GRAB,
    POSE_TOSS,
    NUM_FIGHTER_POSES
};

enum {
    SFX_NONE,
    SFX_LIGHT,
    SFX_HEAVY,
    SFX_HIT,
    SFX_HITHARD,
    SFX_BLOCK,
    SFX_PROJ,
    SFX_RISE,
    SFX_FALL,
    SFX_MENU,
    SFX_BELL,
    SFX_KO
};

#define MOVE(name, start, act, rec, dmg, reach, low, high, guard, hit, blk, push, fall, p0, p1,    \
             snd)                                                                                  \
    M_##name,
enum {
#include "moves.def"
    NUM_MOVES
};
#undef MOVE

/* The columns of moves.def, and how to read one: MV(MV_REACH, ROW(M_5B)). */
enum {
    MV_START,
    MV_ACTIVE,
    MV_RECOVER,
    MV_DAMAGE,
    MV_REACH,
    MV_LOW,
    MV_HIGH,
    MV_GUARD,
    MV_HITSTUN,
    MV_BLOCKSTUN,
    MV_PUSH,
    MV_FALL,
    MV_POSE0,
    MV_POSE1,
    MV_SOUND
};
#define ROW(move) ((u8)((move) << 4))
#define MV(column, row) ((move_table + (column))[row])
extern const u8 move_table[];

/* Special moves by the input that calls them; a character's list says which move that is. */
enum {
    SLOT_236B,
    SLOT_236A,
    SLOT_623B,
    SLOT_623A,
    SLOT_46A,
    SLOT_214B,
    SLOT_214A,
    SLOT_28A,
    NUM_SLOTS
};
enum { CHARACTER_RYOMA, CHARACTER_TORA, CHARACTER_SAYA, NUM_CHARACTERS };
#define NO_MOVE 255

#define FLOOR_LEFT 18
#define FLOOR_RIGHT 238

extern u8 spark_x, spark_y, spark_time, spark_blocked; /* where the last hit landed */
extern u8 distance;                                    /* between the middles of the fighters */
/* 1 if the two are, together, nearer to the right: then what is fighter 0's turn is fighter 1's, so
 * that exchanging them and the sides changes nothing. */
u8 fight_leans_right(void);
extern u8 invulnerable[2];
extern int proj_v[2]; /* speed of the projectile, 8.8, below 0 to the left */
extern u8 row[2];     /* of the move that the fighter is doing */

void fight_round_start(void);
void fight_step(void);
u8 fight_in_control(void); /* may fighter p choose what to do? */
void sfx(u8 number);       /* sound.c */

#endif
