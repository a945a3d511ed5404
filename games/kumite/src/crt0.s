; Start-up, interrupt handlers and the routines that must be quick.
        .export __STARTUP__ : absolute = 1
        .import _main, zerobss, copydata
        .import __CSTACK_START__, __CSTACK_SIZE__
        .importzp sp
        .import _pose_ptr_lo, _pose_ptr_hi, _nt_data
        .export _nmi_count, _oam_pos, _vram_buf, _vram_len, _pal_buf, _pal_dirty
        .export _pad_now, _spr_x, _spr_y, _spr_flip, _spr_pal, _scroll_y
        .export _wait_nmi, _read_pads, _draw_pose, _oam_finish, _ppu_off, _ppu_on
        .export _vram_addr_hi, _vram_addr_lo, _vram_set, _vram_put, _vram_fill, _vram_rle, _rle_src
        .export _p, _q, _ai_zp, _ppu_mask

        .segment "HEADER"
        .byte "NES", $1A, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0   ; vertical mirroring, mapper 0

        .segment "ZEROPAGE"
_p:             .res 1          ; fighter being updated
_q:             .res 1          ; the other one
_ai_zp:         .res 1
_nmi_count:     .res 1
_oam_pos:       .res 1
_vram_len:      .res 1          ; bytes waiting in vram_buf; the NMI empties it
_pal_dirty:     .res 1
_spr_x:         .res 1
_spr_y:         .res 1
_spr_flip:      .res 1
_spr_pal:       .res 1
_scroll_y:      .res 1
_vram_addr_hi:  .res 1
_vram_addr_lo:  .res 1
_rle_src:       .res 2
ppu_ctrl:       .res 1
_ppu_mask:      .res 1
oam_ready:      .res 1
ptr:            .res 2
tmp:            .res 1
count:          .res 1
pad_a:          .res 2

        .segment "OAM"
oam:            .res 256

        .segment "BSS"
_pad_now:       .res 2
_vram_buf:      .res 128
_pal_buf:       .res 32

        .segment "STARTUP"
reset:
        sei
        cld
        ldx     #$40
        stx     $4017
        ldx     #$FF
        txs
        inx
        stx     $2000
        stx     $2001
        stx     $4010
        bit     $2002
@w1:    bit     $2002
        bpl     @w1
        lda     #0
        tax
@clr:   sta     $00,x
        sta     $0200,x
        sta     $0300,x
        sta     $0400,x
        sta     $0500,x
        sta     $0600,x
        sta     $0700,x
        inx
        bne     @clr
@w2:    bit     $2002
        bpl     @w2
        lda     #<(__CSTACK_START__ + __CSTACK_SIZE__)
        sta     sp
        lda     #>(__CSTACK_START__ + __CSTACK_SIZE__)
        sta     sp+1
        jsr     copydata
        lda     #$0F
        sta     $4015
        jsr     _oam_finish
        jsr     _main
@hang:  jmp     @hang

nmi:
        pha
        txa
        pha
        tya
        pha
        bit     _ppu_mask
        lda     _ppu_mask
        beq     @off
        lda     oam_ready
        beq     @nooam
        lda     #0
        sta     $2003
        lda     #>oam
        sta     $4014
        lda     #0
        sta     oam_ready
@nooam: lda     _pal_dirty
        beq     @nopal
        lda     #$3F
        sta     $2006
        lda     #0
        sta     $2006
        tax
@pal:   lda     _pal_buf,x
        sta     $2007
        inx
        cpx     #32
        bne     @pal
        lda     #0
        sta     _pal_dirty
@nopal: lda     _vram_len
        beq     @novram
        ldx     #0
@entry: lda     _vram_buf,x             ; hi, lo, length, bytes
        sta     $2006
        inx
        lda     _vram_buf,x
        sta     $2006
        inx
        ldy     _vram_buf,x
        inx
@byte:  lda     _vram_buf,x
        sta     $2007
        inx
        dey
        bne     @byte
        cpx     _vram_len
        bcc     @entry
        lda     #0
        sta     _vram_len
@novram:
        lda     #0
        sta     $2006
        sta     $2006
        lda     ppu_ctrl
        sta     $2000
        lda     #0
        sta     $2005
        lda     _scroll_y
        sta     $2005
        lda     _ppu_mask
        sta     $2001
@off:   inc     _nmi_count
        pla
        tay
        pla
        tax
        pla
irq:    rti

        .segment "CODE"
; void wait_nmi(void)
_wait_nmi:
        lda     _nmi_count
@w:     cmp     _nmi_count
        beq     @w
        rts

; void ppu_off(void): rendering off, so that video memory may be written at will
_ppu_off:
        lda     #0
        sta     _ppu_mask
        sta     $2001
        sta     _vram_len
        rts

; void ppu_on(void)
_ppu_on:
        lda     #$A0                    ; NMI on, 8x16 sprites, background from table 0
        sta     ppu_ctrl
        sta     $2000
        jsr     _wait_nmi
        lda     #$1E
        sta     _ppu_mask
        rts

; void vram_set(void): address from vram_addr_hi and vram_addr_lo; rendering must be off
_vram_set:
        bit     $2002
        lda     _vram_addr_hi
        sta     $2006
        lda     _vram_addr_lo
        sta     $2006
        rts

; void __fastcall__ vram_put(unsigned char)
_vram_put:
        sta     $2007
        rts

; void vram_rle(void): unpacks rle_src to the current address.
; n < 128: n+1 bytes follow; n >= 128: the next byte n-126 times; 255: end
_vram_rle:
        ldy     #0
@next:  lda     (_rle_src),y
        cmp     #255
        beq     @done
        jsr     @step
        cmp     #128
        bcs     @run
        tax
        inx
@lit:   lda     (_rle_src),y
        jsr     @step
        sta     $2007
        dex
        bne     @lit
        beq     @next
@run:   sec
        sbc     #126
        tax
        lda     (_rle_src),y
        jsr     @step
@rep:   sta     $2007
        dex
        bne     @rep
        beq     @next
@step:  inc     _rle_src
        bne     @s1
        inc     _rle_src+1
@s1:    rts
@done:  rts
_vram_fill = _vram_put

; void read_pads(void): both pads; bits from 7: A B select start up down left right
; read until two reads agree, as the sample channel may disturb one
_read_pads:
        jsr     read_once
@again: lda     _pad_now
        sta     pad_a
        lda     _pad_now+1
        sta     pad_a+1
        jsr     read_once
        lda     _pad_now
        cmp     pad_a
        bne     @again
        lda     _pad_now+1
        cmp     pad_a+1
        bne     @again
        rts
read_once:
        ldx     #1
        stx     $4016
        dex
        stx     $4016
        ldx     #8
@bit:   lda     $4016
        and     #3
        cmp     #1
        rol     _pad_now
        lda     $4017
        and     #3
        cmp     #1
        rol     _pad_now+1
        dex
        bne     @bit
        rts

; void __fastcall__ draw_pose(unsigned char pose): at spr_x, spr_y (ground), spr_flip (0 or $40), spr_pal.
; A pose is a count, then dx, dy (up from the ground line), tile, attributes.
_draw_pose:
        tax
        lda     _pose_ptr_lo,x
        sta     ptr
        lda     _pose_ptr_hi,x
        sta     ptr+1
        ldy     #0
        lda     (ptr),y
        beq     @none
        sta     count
        iny
        ldx     _oam_pos
@loop:  lda     (ptr),y                 ; dx
        iny
        bit     _spr_flip
        bvc     @right
        eor     #$FF                    ; mirrored: -8 - dx
        sec
        sbc     #7
@right: cmp     #0                      ; BIT changed the sign flag
        clc
        bmi     @neg
        adc     _spr_x
        bcs     @skip
        bcc     @xok
@neg:   adc     _spr_x
        bcc     @skip
@xok:   cmp     #249
        bcs     @skip
        sta     oam+3,x
        lda     (ptr),y                 ; dy
        clc
        adc     _spr_y
        sta     oam+0,x
        iny
        lda     (ptr),y
        sta     oam+1,x
        iny
        lda     (ptr),y
        eor     _spr_flip
        ora     _spr_pal
        sta     oam+2,x
        iny
        txa                             ; next slot, 9 further on: order changes as oam_pos moves
        clc
        adc     #4
        tax
        beq     @full
@cont:  dec     count
        bne     @loop
@full:  stx     _oam_pos
@none:  rts
@skip:  iny
        iny
        iny
        jmp     @cont

; void oam_finish(void): hides the unused sprites and hands the table to the NMI
_oam_finish:
        ldx     _oam_pos
        lda     #$F8
@hide:  sta     oam,x
        inx
        inx
        inx
        inx
        bne     @hide
        stx     _oam_pos
        lda     #1
        sta     oam_ready
        rts

        .segment "VECTORS"
        .word   nmi, reset, irq

        .segment "CHARS"
        .incbin "kumite.chr"
