/* inputs.h - what the players want. The pad or the CPU sets dir[], press_a[], press_b[] or
 * cpu_slot[] in each frame; inputs_remember() makes motions, charges and early buttons of it, which
 * the rules read. */
#ifndef KUMITE_INPUTS_H
#define KUMITE_INPUTS_H

#include "state.h"

#define CHARGE_FRAMES 40

/* What the players want in this frame. dir: 1 to 9 as on the keypad, 6 is towards where the fighter
 * faces. */
extern u8 dir[2], press_a[2], press_b[2], cpu_slot[2]; /* cpu_slot: 1 + SLOT_..., 0 none */

/* Frames left in which a button still counts. */
extern u8 buf_a[2], buf_b[2], buf_cpu[2];
extern u8 motion_done[6]; /* for each fighter, in this order: */
enum { MOTION_236, MOTION_623, MOTION_214, NUM_MOTIONS };
extern u8 charge_window[2], charge_done[2]; /* [4]6 */
extern u8 rise_window[2], rise_done[2];     /* [2]8 */

void inputs_reset(void);
void inputs_remember(void); /* every frame, for fighter p */
void inputs_forget(void);   /* fighter p has used what was remembered */

/* Dice: stepped every frame, stirred by the pads; every draw differs. */
void rng_step(void);
u8 rng_get(void);

#endif
