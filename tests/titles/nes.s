; nes.s - a catching game for the NES behind three kinds of title screens (FLOW), each with a way to go wrong:
; 1 START twice, and A on the second screen goes back; 2 START, then a menu whose second of three entries begins,
; moved by SELECT, the others are options that only B leaves; 3 a title that ignores pads for 360 frames and, left
; alone for 340 more, shows a demo whose score counts, too.
; $0010 state (0 title, 1 second screen, 2 play, 3 over, 4 options, 5 demo), $0011 score, $0012 place, $0013 cursor,
; $0014 target, $0016 frames in this state (2 bytes).
        .setcpu "6502"
        .segment "HEADER"
        .byte "NES", $1a, 1, 1, 0, 0            ; 16 KB program, 8 KB pictures, mapper 0
        .res 8, 0

pad     = $02
before  = $03
pressed = $04                                   ; of this frame: A B SELECT START up down left right
random  = $05
state   = $10
score   = $11
place   = $12
cursor  = $13
target  = $14
time    = $16

A_BIT = $80
B_BIT = $40
SELECT_BIT = $20
START_BIT = $10

        .segment "CODE"
reset:  sei
        cld
        ldx #$ff
        txs
        inx
        stx $2000
        stx $2001
        txa
clear:  sta $00,x
        inx
        bne clear
warm:   bit $2002                               ; two frames until the PPU listens
        bpl warm
warm2:  bit $2002
        bpl warm2
        lda #$20                                ; an empty name table
        sta $2006
        lda #$00
        sta $2006
        ldy #4
        ldx #0
fill:   sta $2007
        inx
        bne fill
        dey
        bne fill
        lda #$3f
        sta $2006
        lda #$00
        sta $2006
        ldx #0
colour: txa
        ora #$20
        sta $2007
        inx
        cpx #16
        bne colour
        lda #1
        sta random
        lda #$80                                ; NMI from now on
        sta $2000
forever:
        jmp forever

read_pad:
        lda pad
        sta before
        lda #1
        sta $4016
        lda #0
        sta $4016
        ldx #8
bit1:   lda $4016
        lsr a
        rol pad
        dex
        bne bit1
        lda before
        eor #$ff
        and pad
        sta pressed
        rts

enter:  sta state                               ; A: the state, from its first frame
        lda #0
        sta time
        sta time+1
        rts

begin:  lda #0
        sta score
        lda #8
        sta place
        sta target
        lda #2
        jmp enter

step:   lda random                              ; the next of 255 random numbers
        asl a
        bcc plain
        eor #$1d
plain:  sta random
        rts

nmi:    jsr read_pad
        inc time
        bne counted
        inc time+1
counted:
        lda state
        asl a
        tax
        lda states+1,x
        pha
        lda states,x
        pha
        rts                                     ; to the state's code
states: .word title-1, second-1, play-1, over-1, options-1, demo-1

; ---- titles ----

        .if FLOW = 3
title:  lda time+1                              ; 360 frames: $168
        beq deaf
        cmp #2
        bcs hears
        lda time
        cmp #$68
        bcc deaf
hears:  lda pressed
        and #START_BIT
        beq waits
        jsr begin
deaf:   jmp draw
waits:  lda time+1                              ; 700 frames: $2bc
        cmp #2
        bcc deaf
        lda time
        cmp #$bc
        bcc deaf
        lda #5
        jsr enter
        jmp draw
demo:   jsr step
        cmp #32
        bcs still
        inc score
        inc place
still:  lda pressed
        and #START_BIT
        beq shown
        lda #0                                  ; to a title that hears at once
        sta state
        lda #$69
        sta time
        lda #1
        sta time+1
shown:  jmp draw
        .else
title:  lda pressed
        and #START_BIT
        beq stays
        lda #0
        sta cursor
        lda #1
        jsr enter
demo:
stays:  jmp draw
        .endif

        .if FLOW = 2
second: lda pressed
        and #SELECT_BIT
        beq chosen
        inc cursor
        lda cursor
        cmp #3
        bne chosen
        lda #0
        sta cursor
chosen: lda pressed
        and #START_BIT
        beq asks
        lda cursor
        cmp #1
        beq fight
        lda #4
        jsr enter
        jmp draw
fight:  jsr begin
asks:   jmp draw
        .else
second: lda pressed
        bpl not_a
        lda #0
        jsr enter
        jmp draw
not_a:  and #START_BIT
        beq asks
        jsr begin
asks:   jmp draw
        .endif

options:
        lda pressed
        and #B_BIT
        beq kept
        lda #0
        jsr enter
kept:   jmp draw

over:   lda pressed
        and #START_BIT
        beq ended
        lda #0
        jsr enter
ended:  jmp draw

; ---- the game: A where the target is ----

play:   lda pad
        lsr a
        bcc not_right
        lda place
        cmp #30
        bcs not_right
        inc place
not_right:
        lda pad
        and #2
        beq not_left
        lda place
        beq not_left
        dec place
not_left:
        lda pressed
        bpl missed
        lda place
        sec
        sbc target
        clc
        adc #4
        cmp #9                                  ; at most four places beside it
        bcs missed
        inc score
        jsr step
        and #$1f
        sta target
missed: lda time+1                              ; a minute: 3,600 frames, nearly
        cmp #14
        bcc draw
        lda #3
        jsr enter

; ---- the picture: the state as the background, place and target in two rows ----

draw:   lda #$3f
        sta $2006
        lda #$00
        sta $2006
        lda state
        asl a
        ora cursor
        sta $2007
        lda #$21
        ldx place
        jsr row
        lda #$22
        ldx target
        jsr row
        lda #0
        sta $2005
        sta $2005
        lda #$0a
        sta $2001
irq:    rti

row:    stx $06                                 ; 32 tiles: one of them not empty
        sta $2006
        lda #$00
        sta $2006
        ldx #0
tile:   lda #0
        cpx $06
        bne empty
        lda #1
empty:  sta $2007
        inx
        cpx #32
        bne tile
        rts

        .segment "VECTORS"
        .word nmi, reset, irq

        .segment "TILES"
        .res 16, 0
        .res 16, $ff
        .res 8160, 0
