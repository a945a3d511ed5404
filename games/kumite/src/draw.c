/* draw.c - sprites: which pose a fighter shows, and the order in which things take their slots. */
#include "draw.h"
#include "fight.h"
#include "inputs.h"
#include "video.h"

static u8 pose, j, t;
static int head_x;

static const u8 state_pose[] = {
    POSE_IDLE,   POSE_WALK1,  POSE_WALK1,    POSE_CROUCH, POSE_CROUCH, POSE_JUMP,
    POSE_CROUCH, POSE_BLOCK,  POSE_BLOCKLOW, POSE_HIT,    POSE_HITLOW, POSE_FALL,
    POSE_DOWN,   POSE_CROUCH, POSE_HIT,      POSE_WIN,    POSE_HITLOW,
};
static const u8 walk_cycle[4] = { POSE_WALK1, POSE_IDLE, POSE_WALK2, POSE_IDLE };

static void choose_pose(u8 k)
{
    t = state[k];
    if (t >= ST_MOVE) {
        t -= ST_MOVE;
        if (t == M_THROW)
            pose = mframe[k] < 16 ? POSE_GRAB : POSE_TOSS;
        else if (phase[k] == PHASE_ACTIVE) {
            pose = MV(MV_POSE1, row[k]);
            if ((t == M_214B || t == M_214A) && mframe[k] & 4) spr_flip ^= 0x40; /* spins */
        } else if (phase[k] == PHASE_STARTUP)
            pose = MV(MV_POSE0, row[k]);
        else if (t == M_236B || t == M_236A)
            pose = mframe[k] < 32 ? POSE_PALM : POSE_IDLE;
        else if (pos_y[k])
            pose = POSE_JUMP;
        else
            pose = MV(MV_POSE0, row[k]);
    } else if (t == ST_FORWARD) {
        pose = walk_cycle[(u8)(mframe[k] >> 3) & 3];
    } else if (t == ST_BACK) {
        pose = walk_cycle[(u8)(255 - mframe[k]) >> 3 & 3];
        if (distance < 60 && phase[k ^ 1]) pose = POSE_BLOCK;
    } else {
        pose = state_pose[t];
        if (t == ST_CROUCH && distance < 60 && phase[k ^ 1] && (dir[k] == 1)) pose = POSE_BLOCKLOW;
    }
}

static void draw_fighter(u8 k)
{
    spr_flip = facing[k] ? 0x40 : 0;
    choose_pose(k);
    spr_y = GROUND_Y - pos_y[k];
    if (state[k] == ST_STAND && frame_count[0] & 16) ++spr_y;
    head_x = (signed char)pose_head_x[pose];
    head_x = spr_flip ? pos_x[k] - head_x : pos_x[k] + head_x;
    if (head_x >= 8 && head_x <= 256 - 8) { /* else it would come back at the other side */
        spr_x = (u8)head_x;
        spr_y -= pose_head_y[pose];
        spr_pal = 2 + k;
        draw_pose(POSE_HEAD + (character[k] << 1) + pose_head_kind[pose]);
    }
    spr_x = pos_x[k];
    spr_y = GROUND_Y - pos_y[k];
    if (hitstop && state[k] >= ST_HIT && state[k] <= ST_FALL)
        spr_x += facing[k] ? -(frame_count[0] & 2) : frame_count[0] & 2; /* shudder */
    spr_pal = k;
    draw_pose(pose);
}

static void draw_projectile(u8 k)
{
    if (!proj_on[k]) return;
    spr_x = proj_x[k];
    spr_y = GROUND_Y - proj_y[k];
    spr_flip = frame_count[0] & 8 ? 0x40 : 0;
    if (proj_v[k] < 0) spr_flip ^= 0x40;
    spr_pal = 2 + k;
    draw_pose(POSE_PROJECTILE + ((u8)(frame_count[0] >> 2) & 1));
}

void draw_fight(void)
{
    if (spark_time) {
        spr_x = spark_x;
        spr_y = GROUND_Y - spark_y;
        spr_flip =
            spark_x > 128 ? 0x40 : 0; /* of a spark in one half, the mirror image in the other */
        t = spark_time > 5 ? 0 : 1;
        spr_pal = spark_blocked ? 3 : 2;
        draw_pose(POSE_SPARK + t);
    }
    /* who comes first alternates, so that crowded lines flicker and nobody vanishes */
    j = (frame_count[0] & 1) ^ fight_leans_right();
    draw_projectile(j);
    draw_projectile(j ^ 1);
    draw_fighter(j);
    draw_fighter(j ^ 1);
    oam_finish();
}
