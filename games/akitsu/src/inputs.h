/* inputs.h - directions, motions, the charge. */
#ifndef AKITSU_INPUTS_H
#define AKITSU_INPUTS_H

extern unsigned char press;    /* buttons that went down in this frame */
extern unsigned char released; /* 1: the shot button went up with a full charge */
extern unsigned char dash_now; /* 0, or PAD_LEFT or PAD_RIGHT: that direction came twice */

/* Once a frame of a round, with pad_held of this frame. Reset just before the first. */
void inputs_take(void);
void inputs_reset(void);

#endif
