/* round.h - the rules: what moves, what hits, who has won. */
#ifndef AKITSU_ROUND_H
#define AKITSU_ROUND_H

extern unsigned char flash; /* frames that a blow is still shown */
extern unsigned char burst_x[3], burst_y[3], burst_left[3];
extern unsigned char sound_wish; /* SOUND_... of this frame */

void rng_step(void);
unsigned char rng_get(void);
void round_begin(void);
/* One frame; sets round_result when the round is decided. */
void round_step(void);

#endif
