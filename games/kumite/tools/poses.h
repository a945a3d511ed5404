/* poses.h - the jointed figure. All points are relative to the middle of the feet line, x forwards,
 * y up. */
#ifndef POSES_H
#define POSES_H
#include "canvas.h"

enum { HEAD_CALM = 0, HEAD_HURT = 1 };
enum { COLOUR_DARK = 1, COLOUR_GI = 2, COLOUR_SKIN = 3 };

typedef struct {
    const char *name;
    point_t chest, hip;
    point_t far_elbow, far_hand, near_elbow, near_hand;
    point_t far_knee, far_foot, near_knee, near_foot;
    point_t head; /* middle of the 16x16 head, feet of its box 8 below */
    int head_kind;
} pose_t;

enum { NUM_POSES = 24 };
extern const pose_t poses[NUM_POSES];
void pose_paint(canvas_t *c, const pose_t *pose);
#endif
