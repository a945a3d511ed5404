/* video.h - the routines of crt0.s. */
#ifndef AKITSU_VIDEO_H
#define AKITSU_VIDEO_H

#include "state.h"

extern const u8 *video_src;
extern u16 video_bytes;
#ifdef __CC65__
#pragma zpsym("video_src")
#pragma zpsym("video_bytes")
#endif
extern u8 sprites[512];

void video_init(void);
void video_on(void);
void __fastcall__ video_at(u16 word);
void __fastcall__ video_put(u16 value);
void video_copy(void);
void sprites_send(void);
void __fastcall__ colours_set(u16 first);
u8 frame_wait(void);
u8 pad_read(void);

#endif
