| sparring.s - a Mega Drive game that keeps its numbers where Street Fighter II' keeps them.
|
| Hand-written for the tests; nothing in it is another game's. START begins a fight of 176 points of
| health each. Each press of a button does one thing:
|     X Y Z  the enemy loses 8, 16, 32 points; the score grows by 100, 200, 500
|     A B    the player loses 8, 32
|     C      the two change places
|     MODE   a match is won; with DOWN the time to continue is over; with UP the enemy's matches
|            become 0x01020304, four bytes that differ
| LEFT and RIGHT walk. Below zero, health becomes -1, a match is counted, and two seconds later both
| are well again. The picture: two bars of health, where the two stand, the pad as a colour.

health            = 0xFF8042                    | word
enemy_health      = 0xFF82C2                    | word
matches_won       = 0xFF81DA                    | byte
enemy_matches_won = 0xFF8457                    | long, at an odd address
score             = 0xFF81E8                    | long, two decimal digits a byte
continuetimer     = 0xFF81D5                    | byte
x_px              = 0xFF9000                    | words from here, the game's own
enemy_x_px        = 0xFF9002
pad_held          = 0xFF9004                    | MXYZ SACB RLDU, 1: held
frames            = 0xFF9006
fighting          = 0xFF9008
rest_frames       = 0xFF900A
points            = 0xFF900C                    | long, as the score

vdp_data    = 0xC00000
vdp_control = 0xC00004
psg         = 0xC00011
version     = 0xA10001
pad_data    = 0xA10003
pad_control = 0xA10009
z80_bus     = 0xA11100
z80_reset   = 0xA11200
tmss        = 0xA14000

        .text
        .long   0x00FFFE00, start               | stack, entry
        .rept   62
        .long   ignore
        .endr

        .ascii  "SEGA MEGA DRIVE "
        .ascii  "(C)KATA 2026.JAN"
        .ascii  "SPARRING                                        "
        .ascii  "SPARRING                                        "
        .ascii  "GM KATATEST-00"
        .word   0                               | checksum: header_sum.sh
        .ascii  "J6              "              | pads of three and of six buttons
        .long   0, rom_end-1
        .long   0x00FF0000, 0x00FFFFFF
        .ascii  "            "                  | no save memory
        .ascii  "            "                  | no modem
        .ascii  "                                        "
        .ascii  "JUE             "

ignore: rte

start:  move.w  #0x2700,sr
        move.b  version,d0
        andi.b  #15,d0
        beq.s   no_tmss                         | the first consoles do not ask
        move.l  #0x53454741,tmss                | SEGA
no_tmss:
        tst.w   vdp_control
        move.w  #0x100,z80_bus
        move.w  #0x100,z80_reset
        lea     quiet(pc),a0
        moveq   #3,d0
1:      move.b  (a0)+,psg
        dbra    d0,1b

        lea     0xFF0000,a0                     | all memory to zero
        move.w  #0x3FFF,d0
        moveq   #0,d1
1:      move.l  d1,(a0)+
        dbra    d0,1b

        lea     registers(pc),a0
        moveq   #(registers_end-registers)/2-1,d0
1:      move.w  (a0)+,vdp_control
        dbra    d0,1b
        move.l  #0x40000000,vdp_control         | video memory
        move.w  #0x7FFF,d0
1:      move.w  d1,vdp_data
        dbra    d0,1b
        move.l  #0x40000010,vdp_control         | vertical scroll
        moveq   #39,d0
1:      move.w  d1,vdp_data
        dbra    d0,1b
        move.l  #0x40200000,vdp_control         | tiles 1, 2, 3: one colour each
        move.w  #0x1111,d1
        moveq   #2,d2
2:      moveq   #15,d0
1:      move.w  d1,vdp_data
        dbra    d0,1b
        addi.w  #0x1111,d1
        dbra    d2,2b
        move.l  #0xC0020000,vdp_control         | their colours
        move.w  #0x00E0,vdp_data
        move.w  #0x000E,vdp_data
        move.w  #0x0E80,vdp_data
        move.w  #0x8144,vdp_control             | picture on

frame:  move.w  vdp_control,d0                  | out of the blank, then into the next
        btst    #3,d0
        bne.s   frame
1:      move.w  vdp_control,d0
        btst    #3,d0
        beq.s   1b
        bsr     read_pad                        | d0: held
        move.w  pad_held,d7
        move.w  d0,pad_held
        not.w   d7
        and.w   d0,d7                           | d7: pressed in this frame
        addq.w  #1,frames
        bsr     play
        bsr     draw
        bra.s   frame

| Six buttons answer in the third low and the fourth high phase; three buttons never pull the low
| four lines down there.
        .macro  phase level
        move.b  #\level,(a0)
        nop
        nop
        nop
        .endm

read_pad:
        lea     pad_data,a0
        move.b  #0x40,pad_control
        phase   0x40
        move.b  (a0),d0                         | --CB RLDU
        phase   0
        move.b  (a0),d1                         | --SA 00DU
        phase   0x40
        phase   0
        phase   0x40
        phase   0
        move.b  (a0),d2                         | --SA 0000
        phase   0x40
        move.b  (a0),d3                         | --CB MXYZ
        phase   0
        phase   0x40
        andi.w  #0x3F,d0
        andi.w  #0x30,d1
        lsl.w   #2,d1
        or.w    d1,d0
        andi.w  #15,d3
        andi.b  #15,d2
        beq.s   1f
        moveq   #15,d3                          | no such buttons: none held
1:      lsl.w   #8,d3
        or.w    d3,d0
        not.w   d0
        andi.w  #0x0FFF,d0
        rts

play:   tst.w   fighting
        bne.s   1f
        btst    #7,d7                           | START
        beq     done
        move.w  #1,fighting
        bra     new_round
1:      tst.w   rest_frames
        beq.s   1f
        subq.w  #1,rest_frames
        beq     new_round
        rts
1:      btst    #10,d7                          | X
        beq.s   1f
        moveq   #8,d1
        move.l  #0x0100,d2
        bsr     hit
1:      btst    #9,d7                           | Y
        beq.s   1f
        moveq   #16,d1
        move.l  #0x0200,d2
        bsr     hit
1:      btst    #8,d7                           | Z
        beq.s   1f
        moveq   #32,d1
        move.l  #0x0500,d2
        bsr     hit
1:      btst    #6,d7                           | A
        beq.s   1f
        subi.w  #8,health
1:      btst    #4,d7                           | B
        beq.s   1f
        subi.w  #32,health
1:      btst    #5,d7                           | C
        beq.s   1f
        move.w  x_px,d1
        move.w  enemy_x_px,x_px
        move.w  d1,enemy_x_px
1:      btst    #11,d7                          | MODE
        beq.s   1f
        bsr     special
1:      btst    #2,d0                           | LEFT
        beq.s   1f
        cmpi.w  #8,x_px
        ble.s   1f
        subq.w  #1,x_px
1:      btst    #3,d0                           | RIGHT
        beq.s   1f
        cmpi.w  #304,x_px
        bge.s   1f
        addq.w  #1,x_px
1:      tst.w   enemy_health
        bpl.s   1f
        move.w  #-1,enemy_health
        addq.b  #1,matches_won
        move.w  #120,rest_frames
1:      tst.w   health
        bpl.s   done
        move.w  #-1,health
        addq.b  #1,enemy_matches_won+3
        move.w  #120,rest_frames
done:   rts

new_round:
        move.w  #176,health
        move.w  #176,enemy_health
        move.w  #96,x_px
        move.w  #216,enemy_x_px
        rts

hit:    sub.w   d1,enemy_health                 | d1: points of health, d2: of the score
        move.l  d2,points
        lea     points+4,a0
        lea     score+4,a1
        move    #0,ccr
        abcd    -(a0),-(a1)
        abcd    -(a0),-(a1)
        abcd    -(a0),-(a1)
        abcd    -(a0),-(a1)
        rts

special:
        btst    #1,d0                           | DOWN
        beq.s   1f
        move.b  #10,continuetimer
        rts
1:      btst    #0,d0                           | UP
        beq.s   1f
        lea     enemy_matches_won,a0
        move.b  #1,(a0)+
        move.b  #2,(a0)+
        move.b  #3,(a0)+
        move.b  #4,(a0)
        rts
1:      addq.b  #1,matches_won
        rts

draw:   move.l  #0x41000003,vdp_control         | row 2 of plane A
        move.w  health,d1
        moveq   #1,d3
        bsr.s   bar
        move.l  #0x42000003,vdp_control         | row 4
        move.w  enemy_health,d1
        moveq   #2,d3
        bsr.s   bar
        move.l  #0x4A000003,vdp_control         | row 20
        move.w  x_px,d1
        move.w  enemy_x_px,d2
        lsr.w   #3,d1
        lsr.w   #3,d2
        moveq   #0,d4
1:      moveq   #0,d3
        cmp.w   d1,d4
        bne.s   2f
        moveq   #1,d3
2:      cmp.w   d2,d4
        bne.s   2f
        moveq   #2,d3
2:      tst.w   fighting
        bne.s   2f
        moveq   #3,d3                           | before the fight: a line
2:      move.w  d3,vdp_data
        addq.w  #1,d4
        cmpi.w  #40,d4
        bne.s   1b
        move.l  #0xC0000000,vdp_control         | behind it all
        move.w  pad_held,d1
        lsl.w   #1,d1
        andi.w  #0x0EEE,d1
        move.w  d1,vdp_data
        rts

bar:    asr.w   #3,d1                           | d1: points of health, d3: tile
        moveq   #0,d4
1:      moveq   #0,d2
        cmp.w   d1,d4
        bge.s   2f
        move.w  d3,d2
2:      move.w  d2,vdp_data
        addq.w  #1,d4
        cmpi.w  #40,d4
        bne.s   1b
        rts

quiet:  .byte   0x9F, 0xBF, 0xDF, 0xFF

registers:
        .word   0x8004                          | no interrupts of lines
        .word   0x8104                          | picture off
        .word   0x8230                          | plane A at 0xC000
        .word   0x8340                          | window
        .word   0x8407                          | plane B at 0xE000
        .word   0x8578                          | sprites at 0xF000
        .word   0x8700                          | colour behind it all: 0
        .word   0x8AFF
        .word   0x8B00
        .word   0x8C81                          | 320 pixels
        .word   0x8D3F                          | horizontal scroll at 0xFC00
        .word   0x8F02                          | words follow each other
        .word   0x9001                          | planes of 64 x 32
        .word   0x9100
        .word   0x9200
registers_end:
        .balign 1024, 0
rom_end:
