/* inputs.c - motions, charges and buttons, remembered for some frames; and the dice. */
#include "inputs.h"

#define MOTION_WINDOW 12 /* frames from one direction of a motion to the next */
#define BUTTON_WINDOW 10 /* frames from the end of a motion to its button */
#define BUFFER_FRAMES 5  /* a button pressed this early still counts */

u8 dir[2], press_a[2], press_b[2], cpu_slot[2];
u8 buf_a[2], buf_b[2], buf_cpu[2];
u8 motion_done[6];
u8 charge_window[2], charge_done[2], rise_window[2], rise_done[2];
static u8 rise_charge[2];
static u8 motion_at[6], motion_time[6];
static u8 d, i, n;

static const u8 motion_dirs[9] = { 2, 3, 6, 6, 2, 3, 2, 1, 4 };

void rng_step(void)
{
    /* 16 bit Galois shift register, stirred by the pads */
    u8 low = rng[0] & 1;
    rng[0] = (rng[0] >> 1) | (rng[1] << 7);
    rng[1] >>= 1;
    if (low) {
        rng[1] ^= 0xB4;
    }
    rng[0] ^= pad_held[0];
    rng[1] ^= pad_held[1] << 1;
    if (!(rng[0] | rng[1])) rng[0] = 0x5A;
}

u8 rng_get(void)
{
    u8 a = rng[0];
    /* several draws in a frame must differ */
    a ^= rng[1];
    rng[0] = (rng[0] << 3) | (rng[0] >> 5);
    rng[0] += 0x35;
    rng[1] += a;
    return a ^ (a << 3);
}

void inputs_remember(void)
{
    u8 k;
    d = dir[p];
    i = p ? 3 : 0;
    for (k = 0; k < 9; k += 3, ++i) {
        if (motion_done[i]) --motion_done[i];
        if (motion_time[i])
            --motion_time[i];
        else
            motion_at[i] = 0;
        n = motion_at[i];
        if (d == motion_dirs[(u8)(k + n)]) {
            motion_time[i] = MOTION_WINDOW;
            if (++n == 3) { /* whole: the motion that ended last is the one that counts */
                n = p ? 3 : 0;
                motion_done[n] = motion_done[(u8)(n + 1)] = motion_done[(u8)(n + 2)] = 0;
                motion_done[i] = BUTTON_WINDOW;
                n = 0;
            }
            motion_at[i] = n;
        } else if (n && d == motion_dirs[(u8)(k + n - 1)]) {
            motion_time[i] = MOTION_WINDOW; /* still held */
        } else if (d == motion_dirs[k]) {
            motion_at[i] = 1;
            motion_time[i] = MOTION_WINDOW;
        }
    }
    if (charge_done[p]) --charge_done[p];
    if (d == 4 || d == 1 || d == 7) {
        if (charge[p] != 255) ++charge[p];
        if (charge[p] >= CHARGE_FRAMES) charge_window[p] = MOTION_WINDOW;
    } else {
        charge[p] = 0;
        if (charge_window[p]) {
            --charge_window[p];
            if (d == 6) {
                charge_done[p] = BUTTON_WINDOW;
                charge_window[p] = 0;
            }
        }
    }
    if (rise_done[p]) --rise_done[p];
    if (d <= 3) {
        if (rise_charge[p] != 255) ++rise_charge[p];
        if (rise_charge[p] >= CHARGE_FRAMES) rise_window[p] = MOTION_WINDOW;
    } else {
        rise_charge[p] = 0;
        if (rise_window[p]) {
            --rise_window[p];
            if (d >= 7) {
                rise_done[p] = BUTTON_WINDOW;
                rise_window[p] = 0;
            }
        }
    }
    if (press_a[p])
        buf_a[p] = BUFFER_FRAMES;
    else if (buf_a[p])
        --buf_a[p];
    if (press_b[p])
        buf_b[p] = BUFFER_FRAMES;
    else if (buf_b[p])
        --buf_b[p];
    if (cpu_slot[p]) {
        buf_cpu[p] = cpu_slot[p];
        cpu_slot[p] = 0;
    }
}

void inputs_forget(void)
{
    buf_a[p] = buf_b[p] = buf_cpu[p] = charge_done[p] = rise_done[p] = 0;
    i = p ? 3 : 0;
    motion_done[i] = motion_done[(u8)(i + 1)] = motion_done[(u8)(i + 2)] = 0;
}

void inputs_reset(void)
{
    for (i = 0; i < 6; ++i) motion_at[i] = motion_time[i] = 0;
    for (p = 0; p < 2; ++p) {
        dir[p] = 5;
        press_a[p] = press_b[p] = cpu_slot[p] = charge[p] = charge_window[p] = 0;
        rise_charge[p] = rise_window[p] = 0;
        inputs_forget();
    }
}
