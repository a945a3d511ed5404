; snes.s - pad echo for the SNES: see nes.s. State at $7E0000: frames (2), pad 1 (2), mix (2),
; pad 2 (2), history at $7E0100. The sound chip gets a program of its own: noise whose pitch follows the pad.
        .setcpu "65816"
        .segment "CODE"
        .a8
        .i16
frames  = $00
pad     = $02
mix     = $04
pad2    = $06
history = $0100

reset:  sei
        clc
        xce
        rep #$38                                ; 16 bits, binary
        .a16
        ldx #$1fff
        txs
        lda #0
        tcd
        ldx #$1ffe
clear:  stz $0000,x
        dex
        dex
        bpl clear
        sep #$20
        .a8
        lda #$80
        sta $2100                               ; picture off
        stz $4200
        ldx #$2101                              ; all picture registers to zero
zero:   stz $0000,x
        inx
        cpx #$2134
        bne zero

        lda #$80                                ; video memory: no two words alike
        sta $2115
        ldx #0
        stx $2116
fill:   rep #$20
        .a16
        txa
        xba
        eor #$35a7
        sta $2118
        sep #$20
        .a8
        inx
        cpx #$8000
        bne fill
        ldx #0                                  ; colours
        stz $2121
colour: txa
        sta $2122
        eor #$2b
        sta $2122
        inx
        cpx #256
        bne colour
        lda #$10
        sta $2107                               ; map at $1000
        lda #$02
        sta $210b                               ; tiles at $2000
        lda #$01
        sta $212c
        jsr start_sound
        lda #$01
        sta $4200                               ; pads are read by the machine

frame:  lda $4212                               ; out of the blank, then into the next
        bmi frame
blank:  lda $4212
        bpl blank
busy:   lda $4212
        lsr a
        bcs busy
        rep #$20
        .a16
        lda $4218
        sta pad
        lda $421a
        sta pad2
        inc frames
        lda mix
        asl a
        adc pad
        eor pad2
        eor frames
        sta mix
        lda frames
        and #63
        asl a
        tax
        lda pad
        sta history,x
        lda frames                              ; one place of the map from the mix
        and #$03ff
        ora #$1000
        sta $2116
        lda mix
        and #$01ff
        sta $2118
        sep #$20
        .a8
        stz $2121                               ; background colour from the pad
        lda pad
        sta $2122
        lda pad+1
        and #$7f
        sta $2122
        lda frames
        sta $210d
        stz $210d
        lda pad+1
        sta $210e
        stz $210e
        lda #$0f
        sta $2100                               ; picture on
        lda pad+1
        sta $2140                               ; what the sound chip reads
        jmp frame

; Hand the program below to the sound chip by its boot protocol.
start_sound:
        ldx #$bbaa
ready:  cpx $2140
        bne ready
        ldx #$0300
        stx $2142
        lda #1
        sta $2141
        lda #$cc
        sta $2140
go:     cmp $2140
        bne go
        ldx #0
send:   lda f:spc,x
        sta $2141
        txa
        sta $2140
sent:   cmp $2140
        bne sent
        inx
        cpx #spc_end - spc
        bne send
        ldy #$0300 + spc_start - spc
        sty $2142
        stz $2141
        txa
        inc a
        sta $2140
        rts

; SPC700 code by hand, at $0300 of its memory. set r, v = mov $f2,#r / mov $f3,#v
        .macro set register, value
        .byte $8f, register, $f2, $8f, value, $f3
        .endmacro
spc:    .byte $04, $03, $04, $03                ; sample table: starts and loops at $0304
        .byte $03, 0, 0, 0, 0, 0, 0, 0, 0       ; one silent block for ever
spc_start:
        set $6c, $20                            ; no echo writes
        set $5d, $03                            ; table at $0300
        set $0c, $7f                            ; main volume
        set $1c, $7f
        set $00, $50                            ; voice 0: volume, pitch, sample 0, full gain
        set $01, $40
        set $02, $00
        set $03, $10
        set $04, $00
        set $05, $00
        set $07, $7f
        set $3d, $01                            ; voice 0 makes noise
        set $5c, $00
        set $4c, $01
spc_loop:
        .byte $8f, $6c, $f2                     ; mov $f2,#$6c
        .byte $e4, $f4                          ; mov a,$f4
        .byte $28, $1f                          ; and a,#$1f
        .byte $08, $20                          ; or a,#$20
        .byte $c4, $f3                          ; mov $f3,a
        .byte $2f, <(spc_loop - (* + 2))        ; bra spc_loop
spc_end:

nothing:
        rti

        .segment "HEADER"                       ; $ffc0
        .byte "KATA PAD ECHO        "
        .byte $20, $00, $05, $00, $01, $00, $00 ; LoROM, ROM only, 32 KB, no RAM, America
        .word $ffff, $0000                      ; checksum complement, checksum: not kept
        .res 4, 0
        .word nothing, nothing, nothing, nothing, nothing, nothing
        .res 4, 0
        .word nothing, nothing, nothing, nothing, reset, nothing
