; pce.s - pad echo for the PC Engine: see nes.s. State at $2000: frames (2), pad 1, mix, pad 2 (of a
; multitap), history at $2100.
        .setcpu "HUC6280"
vdc_reg  = $0000                        ; a: keeps these out of the zero page, which is memory
vdc_lo   = $0002
vdc_hi   = $0003
vce_ctl  = $0400
vce_addr = $0402
vce_data = $0404
psg      = $0800
io_pad   = $1000
frames   = $2000
pad      = $2002
mix      = $2003
pad2     = $2004
half     = $2005
history  = $2100

        .macro vdc reg, value
        st0 #(reg)
        st1 #<(value)
        st2 #>(value)
        .endmacro

        .segment "CODE"
reset:  sei
        csh
        cld
        lda #$ff
        tam #%00000001                          ; I/O at $0000
        lda #$f8
        tam #%00000010                          ; memory at $2000
        ldx #$ff
        txs
        lda #7
        sta $1402                               ; no interrupts: the frame is waited for
        stz $2000
        tii $2000, $2001, $1fff

        vdc 5, $0000
        vdc 6, $0000
        vdc 7, 0
        vdc 8, 0
        vdc 9, $0010                            ; 64 x 32 tiles
        vdc 10, $0202
        vdc 11, $031f
        vdc 12, $0f02
        vdc 13, $00ef
        vdc 14, $0003
        vdc 15, 0
        stz vce_ctl

        vdc 0, 0                                ; tile map: tile 256 + low byte of its place
        st0 #2
        ldy #8
        ldx #0
map:    stx a:vdc_lo
        lda #1
        sta a:vdc_hi
        inx
        bne map
        dey
        bne map
        vdc 0, $1000                            ; tiles 256..511: no two alike
        st0 #2
        ldy #16
        clx
tile:   txa
        sta a:vdc_lo
        sxy
        txa
        sxy
        eor #$5a
        sta a:vdc_hi
        inx
        bne tile
        dey
        bne tile
        stz vce_addr
        stz vce_addr+1
        clx
colour: stx vce_data
        stz vce_data+1
        inx
        bne colour

        stz psg                                 ; channel 0, a saw tooth
        lda #$ff
        sta psg+1
        stz psg+4
        clx
wave:   stx psg+6
        inx
        cpx #32
        bne wave
        lda #$9f
        sta psg+4
        lda #$ff
        sta psg+5
        vdc 5, $0088                            ; picture on, frame flag on

frame:  lda a:vdc_reg                           ; wait for the flag of a new frame
        and #$20
        beq frame

        lda #1                                  ; pad: directions first, then buttons
        sta io_pad
        lda #3
        sta io_pad
        lda #1
        sta io_pad
        jsr read_pad
        sta pad
        lda #1                                  ; the next pad of a multitap
        sta io_pad
        jsr read_pad
        sta pad2

        inc frames
        bne low
        inc frames+1
low:    lda mix
        asl a
        adc pad
        eor pad2
        eor frames
        sta mix
        lda frames
        and #63
        tax
        lda pad
        sta history,x

        stz vce_addr                            ; background colour from the pad
        stz vce_addr+1
        lda pad
        sta vce_data
        stz vce_data+1
        st0 #0                                  ; one place of the map from the mix
        lda frames
        sta a:vdc_lo
        st2 #1
        st0 #2
        lda mix
        sta a:vdc_lo
        st2 #1
        st0 #7
        lda frames
        sta a:vdc_lo
        st2 #0
        stz psg
        lda pad
        sta psg+2
        lda #1
        sta psg+3
        jmp frame

; A pad that is selected, directions above, buttons below; 1 is pressed.
read_pad:
        pha
        pla
        lda io_pad
        asl a
        asl a
        asl a
        asl a
        sta half
        stz io_pad
        pha
        pla
        lda io_pad
        and #$0f
        ora half
        eor #$ff
        rts

nothing:
        rti

        .segment "VECTORS"
        .word nothing, nothing, nothing, nothing, reset
