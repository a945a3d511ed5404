; gb.s - a catching game for the Game Boy behind a title: START, then a choice that A takes, B leaves, and where
; START does nothing. State at $C000: state (0 title, 1 choice, 2 play, 3 over), score, place, target, frames (2),
; pad, pressed, random. The header is that of tests/pad_echo/gb.s, for its reasons.
        .module titles
        .area _HEADER (ABS)
        .org 0x0100
        nop
        jp reset
        .org 0x0104                             ; what programs know a Game Boy's file by
        .db 0xce, 0xed, 0x66, 0x66, 0xcc, 0x0d, 0x00, 0x0b
        .org 0x0134
        .ascii "KATATITLES"
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
map:    ld a, l
        ld (hl+), a
        ld a, h
        cp #0xa0
        jr nz, map
        ld a, #1
        ld (0xc008), a
        ld a, #0x91                             ; picture on
        ldh (0x40), a

frame:  ldh a, (0x44)                           ; leave the blank, wait for the next
        cp #144
        jr z, frame
blank:  ldh a, (0x44)
        cp #144
        jr nz, blank

        ld a, #0x20                             ; directions: right left up down from bit 4
        ldh (0x00), a
        ldh a, (0x00)
        ldh a, (0x00)
        cpl
        and #0x0f
        swap a
        ld b, a
        ld a, #0x10                             ; A B SELECT START from bit 0
        ldh (0x00), a
        ldh a, (0x00)
        ldh a, (0x00)
        ldh a, (0x00)
        ldh a, (0x00)
        cpl
        and #0x0f
        or b
        ld b, a
        ld a, (0xc006)
        cpl
        and b
        ld (0xc007), a
        ld c, a                                 ; C: pressed, B: held
        ld a, b
        ld (0xc006), a
        ld a, #0x30
        ldh (0x00), a

        ld hl, #0xc004
        inc (hl)
        jr nz, low
        inc hl
        inc (hl)
low:    ld a, (0xc000)
        or a
        jr z, title
        dec a
        jr z, choice
        dec a
        jr z, play
        bit 3, c                                ; over: START to the title
        jr z, draw
        xor a
        jr enter

title:  bit 3, c
        jr z, draw
        ld a, #1
enter:  ld (0xc000), a
        xor a
        ld (0xc004), a
        ld (0xc005), a
        jr draw

choice: xor a
        bit 1, c
        jr nz, enter
        bit 0, c
        jr z, draw
        ld (0xc001), a
        ld a, #16
        ld (0xc002), a
        ld (0xc003), a
        ld a, #2
        jr enter

play:   ld hl, #0xc002                          ; place: 0 to 31
        bit 4, b
        jr z, left
        inc (hl)
left:   bit 5, b
        jr z, held
        dec (hl)
held:   ld a, (hl)
        and #31
        ld (hl), a
        bit 0, c
        jr z, missed
        ld b, a
        ld a, (0xc003)
        ld d, a
        ld a, b
        sub d
        add a, #4
        cp #9                                   ; at most four places beside it
        jr nc, missed
        ld hl, #0xc001
        inc (hl)
        ld a, (0xc008)                          ; the next of 255 random numbers
        add a, a
        jr nc, plain
        xor #0x1d
plain:  ld (0xc008), a
        and #31
        ld (0xc003), a
missed: ld a, (0xc005)                          ; a minute, nearly
        cp #14
        jr c, draw
        ld a, #3
        jr enter

draw:   ld a, (0xc000)                          ; colours by the state, scrolled by place and target
        add a, a
        add a, a
        xor #0xe4
        ldh (0x47), a
        ld a, (0xc002)
        ldh (0x43), a
        ld a, (0xc003)
        ldh (0x42), a
        jp frame
