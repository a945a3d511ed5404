/* inputs.c - see inputs.h. A motion is three directions, each at most WINDOW frames after the one
 * before. */
#include "inputs.h"
#include "state.h"

#define WINDOW 12        /* frames from one direction of a motion to the next */
#define BUTTON_WINDOW 10 /* frames that a whole motion waits for its button */
#define DASH_WINDOW 10   /* frames from the first press of a direction to the second */

u8 press, released, dash_now;
static u8 prev, dir, dir_prev, m, n;
static u8 at[2], left[2], motion_left, tap_dir, tap_left;

/* Left, down, right, up, as bits 3 to 0, to a keypad direction; opposite directions cancel out. */
static const u8 keypad[16] = { 5, 8, 6, 9, 2, 5, 3, 6, 4, 7, 5, 8, 1, 4, 2, 5 };
static const u8 motions[6] = { 2, 3, 6, 2, 1, 4 };

void inputs_reset(void)
{
    at[0] = at[1] = left[0] = left[1] = motion_left = tap_dir = tap_left = 0;
    motion = charge = released = dash_now = press = 0;
    prev = pad_held; /* what is held already is no press */
    dir = dir_prev = 5;
}

static void take_motions(void)
{
    if (motion_left && !--motion_left) motion = MOTION_NONE;
    for (m = 0; m < 2; ++m) {
        n = at[m];
        if (left[m])
            --left[m];
        else
            n = 0;
        if (dir == motions[(u8)(m * 3 + n)]) {
            left[m] = WINDOW;
            if (++n == 3) {
                motion = MOTION_LANCE + m;
                motion_left = BUTTON_WINDOW;
                n = 0;
            }
        } else if (n && dir == motions[(u8)(m * 3 + n - 1)]) {
            left[m] = WINDOW; /* still held */
        } else if (n && dir == 2) {
            n = 1;
            left[m] = WINDOW;
        }
        at[m] = n;
    }
}

void inputs_take(void)
{
    press = pad_held & ~prev;
    prev = pad_held;
    dir_prev = dir;
    dir = keypad[pad_held >> 4];
    take_motions();

    dash_now = 0;
    if (tap_left) --tap_left;
    if (dir != dir_prev && (dir == 4 || dir == 6)) {
        if (dir_prev == 5) {
            if (tap_left && tap_dir == dir) {
                dash_now = dir == 4 ? PAD_LEFT : PAD_RIGHT;
                tap_left = 0;
            } else {
                tap_dir = dir;
                tap_left = DASH_WINDOW;
            }
        } else {
            tap_left = 0; /* the end of a motion is no first tap */
        }
    }

    released = 0;
    if (pad_held & PAD_I) {
        if (charge < CHARGE_FULL) ++charge;
    } else {
        released = charge == CHARGE_FULL;
        charge = 0;
    }
}
