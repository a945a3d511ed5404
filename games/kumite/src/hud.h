/* hud.h - bars, clock and words on the background while the picture runs. */
#ifndef KUMITE_HUD_H
#define KUMITE_HUD_H
#include "state.h"

void hud_reset(void);  /* forget what is on the screen: the next hud_update() draws everything */
void hud_update(void); /* queues at most a few changes a frame */
void text_now(u8 row, u8 col, const char *text);   /* rendering off */
void text_queue(u8 row, u8 col, const char *text); /* rendering on: next vertical blank */
#endif
