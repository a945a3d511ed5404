; gb.s - pad echo for the Game Boy: see nes.s. State at $C000: frames (2), pad, mix, history at $C100.
; The header holds no logo: emulators that start without the boot ROM do not look at it. It claims a
; bank switch (MBC1 with memory), because gambatte's states of cartridges without one hold bytes of its
; stack that were never written, and no two states would be alike.
        .module pad_echo
        .area _HEADER (ABS)
        .org 0x0100
        nop
        jp reset
        .org 0x0134
        .ascii "KATAPADECHO"
        .org 0x0143
        .db 0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x02, 0x01, 0x33, 0x00

        .org 0x0150
reset:  di
        ld sp, #0xdfff
off:    ldh a, (0x44)                           ; the picture may only be switched off in the blank
        cp #145
        jr nz, off
        xor a
        ldh (0x40), a
        ld hl, #0xc000                          ; clear memory
clear:  xor a
        ld (hl+), a
        ld a, h
        cp #0xd0
        jr nz, clear
        ld hl, #0x8000                          ; tiles: no two alike
tile:   ld a, l
        add a, h
        xor #0x5a
        rlca
        add a, l
        ld (hl+), a
        ld a, h
        cp #0x98
        jr nz, tile
map:    ld a, l                                 ; map: low byte of its place
        ld (hl+), a
        ld a, h
        cp #0xa0
        jr nz, map
        ld a, #0x80                             ; sound on
        ldh (0x26), a
        ld a, #0x77
        ldh (0x24), a
        ld a, #0xff
        ldh (0x25), a
        ld a, #0x91                             ; picture on
        ldh (0x40), a

frame:  ldh a, (0x44)                           ; leave the blank, wait for the next
        cp #144
        jr z, frame
blank:  ldh a, (0x44)
        cp #144
        jr nz, blank

        ld a, #0x20                             ; directions
        ldh (0x00), a
        ldh a, (0x00)
        ldh a, (0x00)
        cpl
        and #0x0f
        swap a
        ld b, a
        ld a, #0x10                             ; buttons
        ldh (0x00), a
        ldh a, (0x00)
        ldh a, (0x00)
        ldh a, (0x00)
        ldh a, (0x00)
        cpl
        and #0x0f
        or b
        ld (0xc002), a
        ld b, a
        ld a, #0x30
        ldh (0x00), a

        ld hl, #0xc000
        inc (hl)
        jr nz, low
        inc hl
        inc (hl)
low:    ld a, (0xc000)
        ld c, a
        ld a, (0xc003)
        add a, a
        adc a, b
        xor c
        ld (0xc003), a
        ld d, a
        ld h, #0xc1                             ; history
        ld a, c
        and #63
        ld l, a
        ld (hl), b

        ld a, b                                 ; colours from the pad
        xor #0xe4
        ldh (0x47), a
        ld a, c
        ldh (0x43), a                           ; scrolled by the frame
        ld h, #0x99                             ; one place of the map from the mix
        ld l, c
        ld (hl), d
        ld a, #0x80                             ; channel 2: pitch follows the pad
        ldh (0x16), a
        ld a, #0xf0
        ldh (0x17), a
        ld a, b
        ldh (0x18), a
        ld a, #0x86
        ldh (0x19), a
        jp frame
