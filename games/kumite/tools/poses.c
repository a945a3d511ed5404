/* poses.c - the poses in the order of the enum in src/fight.h, and how a figure is painted. */
#include "poses.h"

/* clang-format off */
const pose_t poses[NUM_POSES] = {
    /*  name       chest       hip         far elbow, hand       near elbow, hand      far knee, foot       near knee, foot       head */
    { "idle",     { 1, 24 }, { -1, 15 },  { 8, 21 }, { 13, 27 }, { 3, 17 }, { 9, 21 },  { 6, 8 }, { 8, 1 },   { -6, 8 }, { -10, 1 },  { 4, 37 }, HEAD_CALM },
    { "walk1",    { 2, 24 }, { 0, 15 },   { 8, 21 }, { 13, 27 }, { 3, 17 }, { 9, 21 },  { 8, 9 }, { 13, 1 },  { -4, 8 }, { -11, 2 },  { 5, 37 }, HEAD_CALM },
    { "walk2",    { 2, 24 }, { 0, 15 },   { 8, 21 }, { 13, 27 }, { 3, 17 }, { 9, 21 },  { 4, 8 }, { 1, 1 },   { 1, 9 }, { -3, 2 },    { 5, 37 }, HEAD_CALM },
    { "crouch",   { 1, 15 }, { -3, 8 },   { 8, 12 }, { 13, 17 }, { 3, 8 }, { 9, 11 },   { 8, 9 }, { 7, 1 },   { -8, 6 }, { -9, 1 },   { 4, 26 }, HEAD_CALM },
    { "jump",     { 1, 25 }, { -1, 17 },  { 8, 24 }, { 11, 30 }, { -7, 22 }, { -8, 15 }, { 8, 18 }, { 5, 10 }, { -5, 11 }, { -9, 16 }, { 4, 37 }, HEAD_CALM },
    { "block",    { -1, 24 }, { -1, 15 }, { 7, 22 }, { 9, 31 },  { 5, 18 }, { 10, 25 }, { 6, 8 }, { 8, 1 },   { -6, 8 }, { -10, 1 },  { 0, 37 }, HEAD_CALM },
    { "blocklow", { 0, 15 }, { -3, 8 },  { 7, 14 }, { 9, 23 },  { 5, 9 }, { 10, 16 },  { 8, 9 }, { 7, 1 },   { -8, 6 }, { -9, 1 },   { 1, 26 }, HEAD_CALM },
    { "hit",      { -4, 24 }, { -1, 15 }, { 4, 23 }, { 10, 21 }, { -10, 21 }, { -12, 18 }, { 6, 8 }, { 8, 1 },   { -6, 8 }, { -10, 1 }, { -6, 36 }, HEAD_HURT },
    { "hitlow",   { 1, 15 }, { -3, 8 },   { 8, 12 }, { 13, 17 }, { 3, 8 }, { 9, 11 },   { 8, 9 }, { 7, 1 },   { -8, 6 }, { -9, 1 },   { 3, 25 }, HEAD_HURT },
    { "fall",     { -6, 14 }, { 3, 16 },  { -9, 21 }, { -12, 26 }, { -12, 9 }, { -17, 6 }, { 11, 20 }, { 16, 26 }, { 12, 12 }, { 19, 15 }, { -15, 14 }, HEAD_HURT },
    { "down",     { -8, 5 }, { 2, 4 },    { -4, 10 }, { 2, 9 },  { -9, 3 }, { -4, 2 },  { 10, 8 }, { 15, 2 }, { 11, 3 }, { 19, 3 },   { -19, 7 }, HEAD_HURT },
    { "win",      { 0, 24 }, { -1, 15 },  { 7, 29 }, { 7, 40 },  { -7, 19 }, { -3, 14 }, { 5, 8 }, { 6, 1 },  { -5, 8 }, { -7, 1 },   { 0, 37 }, HEAD_CALM },
    { "jab",      { 3, 24 }, { -1, 15 },  { 12, 26 }, { 22, 28 }, { 2, 17 }, { 7, 20 }, { 6, 8 }, { 8, 1 },   { -6, 8 }, { -10, 1 },  { 5, 37 }, HEAD_CALM },
    { "windup",   { -2, 24 }, { -1, 15 }, { 3, 21 }, { 6, 17 },  { -9, 21 }, { -11, 18 }, { 6, 8 }, { 8, 1 },  { -6, 8 }, { -10, 1 },  { 1, 35 }, HEAD_CALM },
    { "kick",     { -5, 24 }, { 0, 17 },  { 2, 22 }, { 5, 26 },  { -11, 19 }, { -13, 13 }, { 13, 22 }, { 26, 29 }, { 0, 8 }, { -3, 1 }, { -6, 37 }, HEAD_CALM },
    { "lowkick",  { -3, 15 }, { -4, 8 },  { 4, 13 }, { 7, 18 },  { -9, 10 }, { -8, 4 }, { 8, 8 }, { 20, 6 },  { -8, 6 }, { -9, 1 },   { 0, 26 }, HEAD_CALM },
    { "sweep",    { -7, 14 }, { -3, 8 },  { 0, 10 }, { 4, 14 },  { -13, 8 }, { -13, 2 }, { 10, 4 }, { 27, 2 }, { -6, 4 }, { -9, 1 },  { -6, 25 }, HEAD_CALM },
    { "jumpkick", { -2, 25 }, { 0, 16 },  { 5, 24 }, { 8, 29 },  { -9, 21 }, { -10, 15 }, { 8, 9 }, { 17, 4 }, { -5, 11 }, { -3, 4 },  { 0, 37 }, HEAD_CALM },
    { "jumpheavy", { 1, 25 }, { -2, 17 }, { 9, 22 }, { 5, 17 },  { 10, 22 }, { 21, 13 }, { 4, 11 }, { -3, 7 }, { -8, 13 }, { -13, 18 }, { 5, 37 }, HEAD_CALM },
    { "palm",     { 5, 21 }, { -1, 13 },  { 14, 23 }, { 22, 25 }, { 12, 18 }, { 22, 20 }, { 9, 9 }, { 13, 1 }, { -7, 7 }, { -14, 1 }, { 8, 34 }, HEAD_CALM },
    { "rise",     { 1, 25 }, { -2, 16 },  { 6, 32 }, { 9, 44 },  { -6, 20 }, { -3, 14 }, { 6, 17 }, { 5, 8 }, { -4, 8 }, { -8, 1 },   { 0, 37 }, HEAD_CALM },
    { "dash",     { 6, 22 }, { -4, 17 },  { 14, 23 }, { 23, 24 }, { -1, 17 }, { -7, 18 }, { -9, 12 }, { -17, 10 }, { -9, 17 }, { -19, 17 }, { 12, 33 }, HEAD_CALM },
    { "grab",     { 5, 21 }, { -1, 13 },  { 14, 23 }, { 22, 25 }, { 12, 18 }, { 22, 20 }, { 9, 9 }, { 13, 1 }, { -7, 7 }, { -14, 1 }, { 8, 34 }, HEAD_CALM },
    { "toss",     { 4, 20 }, { -2, 14 },  { 13, 16 }, { 20, 11 }, { 9, 13 }, { 16, 7 }, { 6, 8 }, { 8, 1 },   { -6, 8 }, { -10, 1 },  { 10, 31 }, HEAD_CALM },
};
/* clang-format on */

/* Both halves of a limb get their outlines before their fills, so that no line crosses the joint.
 */
static void leg(canvas_t *c, point_t hip, point_t knee, point_t foot)
{
    double dx = foot.x - knee.x, dy = foot.y - knee.y;
    point_t ankle = { knee.x + dx * 0.75, knee.y + dy * 0.75 };
    point_t toe = { foot.x + 3.5, foot.y };
    if (dy > -3) toe = (point_t){ foot.x + (dx < 0 ? -2 : 2), foot.y + 2 };
    canvas_limb(c, foot, toe, 1.5, 1.3, COLOUR_SKIN);
    canvas_capsule(c, hip, knee, 4.8, 4.0, COLOUR_DARK);
    canvas_capsule(c, knee, ankle, 4.0, 3.6, COLOUR_DARK);
    canvas_capsule(c, hip, knee, 3.8, 3.0, COLOUR_GI);
    canvas_capsule(c, knee, ankle, 3.0, 2.6, COLOUR_GI);
}

static void arm(canvas_t *c, point_t shoulder, point_t elbow, point_t hand)
{
    canvas_capsule(c, elbow, hand, 2.8, 2.8, COLOUR_DARK);
    canvas_capsule(c, hand, hand, 3.3, 3.3, COLOUR_DARK);
    canvas_capsule(c, shoulder, elbow, 3.9, 3.4, COLOUR_DARK);
    canvas_capsule(c, elbow, hand, 1.7, 1.7, COLOUR_SKIN);
    canvas_capsule(c, hand, hand, 2.3, 2.3, COLOUR_SKIN);
    canvas_capsule(c, shoulder, elbow, 2.8, 2.3, COLOUR_GI);
}

void pose_paint(canvas_t *c, const pose_t *pose)
{
    canvas_clear(c, 80, 64, 40, 56);
    point_t hip_far = { pose->hip.x + 1.5, pose->hip.y },
            hip_near = { pose->hip.x - 1.5, pose->hip.y };
    point_t far_shoulder = { pose->chest.x + 3, pose->chest.y + 3 };
    point_t near_shoulder = { pose->chest.x - 3, pose->chest.y + 3 };
    arm(c, far_shoulder, pose->far_elbow, pose->far_hand);
    canvas_limb(c, pose->chest, pose->hip, 5.6, 4.2, COLOUR_GI);
    leg(c, hip_far, pose->far_knee, pose->far_foot);
    leg(c, hip_near, pose->near_knee, pose->near_foot);
    canvas_capsule(c, pose->chest, pose->hip, 5.6, 3.6,
                   COLOUR_GI); /* no line where legs and body meet */
    /* open collar: skin where the coat parts, belt at the hip */
    double dx = pose->chest.x - pose->hip.x, dy = pose->chest.y - pose->hip.y;
    double length = dx * dx + dy * dy > 0 ? 1 / __builtin_sqrt(dx * dx + dy * dy) : 0;
    double ux = dx * length, uy = dy * length;
    for (int i = -4; i <= 4; i++)
        for (int w = 0; w < 2; w++) {
            double x = pose->hip.x + ux * (w + 1.0) - uy * i,
                   y = pose->hip.y + uy * (w + 1.0) + ux * i;
            canvas_set(c, (int)__builtin_floor(c->origin_x + x),
                       (int)__builtin_floor(c->origin_y - y), COLOUR_DARK);
        }
    for (int k = 0; k < 5; k++)
        for (int i = 0; i <= k / 2 + 1; i++) {
            double along = k + 0.5, side = 1.0 + i;
            double x = pose->chest.x + ux * along + uy * side,
                   y = pose->chest.y + uy * along - ux * side;
            canvas_set(c, (int)__builtin_floor(c->origin_x + x),
                       (int)__builtin_floor(c->origin_y - y), COLOUR_SKIN);
        }
    arm(c, near_shoulder, pose->near_elbow, pose->near_hand);
}
