; Start-up, and what C cannot reach or is too slow for: the video chip, the pad.
        .setcpu "HUC6280"
        .export __STARTUP__ : absolute = 1
        .export _video_init, _video_on, _video_at, _video_put, _video_copy, _video_src, _video_bytes
        .export _sprites, _sprites_send, _colours_set, _frame_wait, _pad_read
        .import _main, copydata
        .import __CSTACK_START__, __CSTACK_SIZE__
        .importzp sp

; The chip's ports once more behind $0200: below $0100 the assembler would take them for the zero page.
vdc_flags = $0200
vdc_lo    = $0202
vdc_hi    = $0203
vce       = $0400
psg       = $0800
pad_port  = $1000
sprite_table = $7F00            ; in the words of video memory

        .segment "ZEROPAGE"
half:           .res 1
_video_src:     .res 2          ; for video_copy
_video_bytes:   .res 2

        .segment "BSS"
_sprites:       .res 512        ; 64 sprites of 4 words: y, x, pattern, attributes

        .segment "STARTUP"
reset:  sei
        csh                     ; 7.16 MHz
        cld
        lda     #$FF
        tam     #%00000001      ; ports at $0000
        lda     #$F8
        tam     #%00000010      ; memory at $2000
        lda     #1
        tam     #%00010000      ; the other banks at $8000
        inc     a
        tam     #%00100000
        inc     a
        tam     #%01000000
        ldx     #$FF
        txs
        lda     #7
        sta     $1402           ; no interrupts: the frame is waited for
        sta     $1403
        stz     $0C01
        stz     $2000
        tii     $2000, $2001, $1FFF
        lda     #<(__CSTACK_START__ + __CSTACK_SIZE__)
        sta     sp
        lda     #>(__CSTACK_START__ + __CSTACK_SIZE__)
        sta     sp+1
        jsr     copydata
        jsr     _main
@hang:  bra     @hang

nothing: rti

        .macro  vdc register, value
        st0     #(register)
        st1     #<(value)
        st2     #>(value)
        .endmacro

        .segment "CODE"
; void video_init(void): 256 x 224 points, a map of 32 x 32 tiles at 0, picture off
_video_init:
        vdc     5, $0000
        vdc     6, $0000
        vdc     7, 0
        vdc     8, 0
        vdc     9, $0000
        vdc     10, $0202
        vdc     11, $031F
        vdc     12, $1702
        vdc     13, $00DF
        vdc     14, $000C
        vdc     15, $0010       ; the sprite table is fetched before every frame
        vdc     19, sprite_table
        stz     vce
        rts

; void video_on(void): tiles and sprites, and the flag of a new frame
_video_on:
        vdc     5, $00C8
        rts

; void __fastcall__ video_at(unsigned word): where video_put and video_copy go on from
_video_at:
        st0     #0
        sta     vdc_lo
        stx     vdc_hi
        st0     #2
        rts

; void __fastcall__ video_put(unsigned)
_video_put:
        sta     vdc_lo
        stx     vdc_hi
        rts

; void video_copy(void): video_bytes bytes, an even number, from video_src
_video_copy:
        ldy     #0
@word:  lda     (_video_src),y
        sta     vdc_lo
        iny
        lda     (_video_src),y
        sta     vdc_hi
        iny
        bne     @same
        inc     _video_src+1
@same:  lda     _video_bytes
        bne     @low
        dec     _video_bytes+1
@low:   dec     a
        dec     a
        sta     _video_bytes
        ora     _video_bytes+1
        bne     @word
        rts

; void sprites_send(void)
_sprites_send:
        vdc     0, sprite_table
        st0     #2
        tia     _sprites, vdc_lo, 512
        rts

; void __fastcall__ colours_set(unsigned first): 16 colours from video_src
_colours_set:
        sta     vce+2
        stx     vce+3
        ldy     #0
@next:  lda     (_video_src),y
        sta     vce+4
        iny
        lda     (_video_src),y
        sta     vce+5
        iny
        cpy     #32
        bne     @next
        rts

; unsigned char frame_wait(void): until the frame was drawn; 1 if it was before we asked: the work took too long
_frame_wait:
        ldx     #0
        lda     vdc_flags       ; reading the flags clears them
        and     #$20
        bne     @late
@wait:  lda     vdc_flags
        and     #$20
        beq     @wait
        lda     #0
        rts
@late:  lda     #1
        rts

; unsigned char pad_read(void): from bit 7 left, down, right, up, RUN, SELECT, II, I; 1 is pressed
_pad_read:
        lda     #1
        sta     pad_port
        lda     #3
        sta     pad_port
        lda     #1
        sta     pad_port
        pha
        pla
        lda     pad_port
        asl     a
        asl     a
        asl     a
        asl     a
        sta     half
        stz     pad_port
        pha
        pla
        lda     pad_port
        and     #$0F
        ora     half
        eor     #$FF
        ldx     #0
        rts

        .segment "VECTORS"
        .word   nothing, nothing, nothing, nothing, reset
