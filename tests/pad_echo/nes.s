; nes.s - pad echo for the NES: the picture, the sound and the memory of each frame depend on the pads.
; $0000 frame counter (2 bytes), $0002 pad 1, $0003 pad 2, $0004 mix of all so far, $0100.. history of 64.
        .setcpu "6502"
        .segment "HEADER"
        .byte "NES", $1a, 1, 1, 0, 0            ; 16 KB program, 8 KB pictures, mapper 0
        .res 8, 0

frames  = $00
pad1    = $02
pad2    = $03
mix     = $04
history = $0300

        .segment "CODE"
reset:  sei
        cld
        ldx #$ff
        txs
        inx
        stx $2000                               ; no NMI, no picture yet
        stx $2001
        txa
clear:  sta $00,x
        sta $0300,x
        inx
        bne clear
warm:   bit $2002                               ; two frames until the PPU listens
        bpl warm
warm2:  bit $2002
        bpl warm2

        lda #$20                                ; the whole name table: tile = low byte of its place
        sta $2006
        lda #$00
        sta $2006
        ldy #4
        ldx #0
fill:   stx $2007
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
        ora #$10
        sta $2007
        inx
        cpx #16
        bne colour
        lda #$0f                                ; both pulse channels, triangle and noise
        sta $4015
        lda #$80
        sta $2000                               ; NMI from now on
forever:
        jmp forever

read_pads:
        lda #1
        sta $4016
        lda #0
        sta $4016
        ldx #8
bit1:   lda $4016
        lsr a
        rol pad1
        lda $4017
        lsr a
        rol pad2
        dex
        bne bit1
        rts

nmi:    jsr read_pads
        inc frames
        bne low
        inc frames+1
low:    lda mix                                 ; mix = mix * 2 + carry ^ pads ^ frame
        asl a
        adc pad1
        eor pad2
        eor frames
        sta mix
        lda frames
        and #63
        tax
        lda pad1
        sta history,x

        lda #$3f                                ; background colour from the pad
        sta $2006
        lda #$00
        sta $2006
        lda pad1
        and #$3f
        sta $2007
        lda #$21                                ; one tile of the picture from the mix
        sta $2006
        lda frames
        sta $2006
        lda mix
        sta $2007
        lda frames
        sta $2005
        lda pad2
        and #$7f
        sta $2005
        lda #$1e
        sta $2001

        lda #$bf                                ; pulse: its pitch follows pad 1
        sta $4000
        lda pad1
        sta $4002
        lda #$01
        sta $4003
        lda #$3c                                ; noise follows the mix
        sta $400c
        lda mix
        and #$0f
        sta $400e
        lda #$08
        sta $400f
irq:    rti

        .segment "VECTORS"
        .word nmi, reset, irq

        .segment "TILES"
        .repeat 256, t                          ; no two tiles alike
        .repeat 16, r
        .byte <((t + 1) * (r * 37 + 11) + t / 7)
        .endrepeat
        .endrepeat
        .res 4096, $3c
