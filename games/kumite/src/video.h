/* video.h - what crt0.s and the generated art.s offer to C. */
#ifndef KUMITE_VIDEO_H
#define KUMITE_VIDEO_H

#include "state.h"

extern u8 nmi_count, oam_pos, vram_len, pal_dirty, spr_x, spr_y, spr_flip, spr_pal, scroll_y;
extern u8 vram_addr_hi, vram_addr_lo;
extern const u8 *rle_src;
#pragma zpsym("nmi_count")
#pragma zpsym("oam_pos")
#pragma zpsym("vram_len")
#pragma zpsym("pal_dirty")
#pragma zpsym("spr_x")
#pragma zpsym("spr_y")
#pragma zpsym("spr_flip")
#pragma zpsym("spr_pal")
#pragma zpsym("scroll_y")
#pragma zpsym("vram_addr_hi")
#pragma zpsym("vram_addr_lo")
#pragma zpsym("rle_src")
extern u8 vram_buf[128]; /* entries of address high, low, length, bytes; vram_len is written last */
extern u8 pal_buf[32];
extern u8 pad_now[2];

void wait_nmi(void);
void read_pads(void);
void ppu_off(void);
void ppu_on(void);
void vram_set(void);
void vram_rle(void);
void __fastcall__ vram_put(u8 byte);
void __fastcall__ draw_pose(u8 pose);
void oam_finish(void);

/* From tools/mkart.c. Poses after the fighters': see there. */
extern const u8 pose_head_x[], pose_head_y[], pose_head_kind[];
extern const u8 nt_arena[], nt_title[];

#define GROUND_Y 206
#define TILE(c) ((c)-32)
#define CHAR_BAR_EMPTY '#'
#define CHAR_BAR_FULL '$'
#define CHAR_BAR_RIGHT '%' /* three of them: % & ' hold 2, 4 and 6 pixels at their right side */
#define CHAR_BAR_LEFT '('  /* ( ) * */
#define CHAR_WIN_NONE '+'
#define CHAR_WIN ','

#endif
