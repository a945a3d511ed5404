/* draw.h - the sprites of a fight. */
#ifndef KUMITE_DRAW_H
#define KUMITE_DRAW_H
#include "fight.h"

/* Poses that come after the fighters' in tools/mkart.c; heads are 2 for each character: calm, hurt.
 */
enum {
    POSE_HEAD = NUM_FIGHTER_POSES,
    POSE_PROJECTILE = POSE_HEAD + 2 * NUM_CHARACTERS,
    POSE_SPARK = POSE_PROJECTILE + 2,
    NUM_POSES = POSE_SPARK + 2
};
void draw_fight(void);
#endif
