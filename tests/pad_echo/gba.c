/* gba.c - writes the pad echo for the Game Boy Advance: see nes.s. There is no ARM assembler among
 * our packages, so this is the program as words, with its source beside it. State at $02000000:
 * frames (4), pad (4), mix (4), history at $02000100. The header holds no logo.
 *
 *     gba OUTPUT
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const uint32_t code[] = {
    0xe3a00301, /*         mov r0, #0x04000000     registers */
    0xe3a01406, /*         mov r1, #0x06000000     video memory */
    0xe3a02405, /*         mov r2, #0x05000000     palette */
    0xe3a03402, /*         mov r3, #0x02000000     state */
    0xe3a04000, /*         mov r4, #0              frames */
    0xe3a05000, /*         mov r5, #0              mix */
    0xe3a06000, /*         mov r6, #0              video memory: no two words alike */
    0xe02674e6, /* fill:   eor r7, r6, r6, ror #9 */
    0xe7817006, /*         str r7, [r1, r6] */
    0xe2866004, /*         add r6, r6, #4 */
    0xe3560801, /*         cmp r6, #0x10000 */
    0x1afffffa, /*         bne fill */
    0xe3a06000, /*         mov r6, #0 */
    0xe0867386, /* colour: add r7, r6, r6, lsl #7 */
    0xe18270b6, /*         strh r7, [r2, r6] */
    0xe2866002, /*         add r6, r6, #2 */
    0xe3560c02, /*         cmp r6, #512 */
    0x1afffffa, /*         bne colour */
    0xe3a07c01, /*         mov r7, #0x100 */
    0xe1c070b0, /*         strh r7, [r0]           mode 0, background 0 */
    0xe3a07c1f, /*         mov r7, #0x1f00 */
    0xe1c070b8, /*         strh r7, [r0, #8]       map at 0xf800, tiles at 0 */
    0xe3a07080, /*         mov r7, #0x80 */
    0xe1c078b4, /*         strh r7, [r0, #0x84]    sound on */
    0xe3a07c22, /*         mov r7, #0x2200 */
    0xe3877077, /*         orr r7, r7, #0x77 */
    0xe1c078b0, /*         strh r7, [r0, #0x80] */
    0xe3a07002, /*         mov r7, #2 */
    0xe1c078b2, /*         strh r7, [r0, #0x82] */
    0xe1d070b6, /* frame:  ldrh r7, [r0, #6]       out of the blank */
    0xe35700a0, /*         cmp r7, #160 */
    0x0afffffc, /*         beq frame */
    0xe1d070b6, /* blank:  ldrh r7, [r0, #6]       into the next */
    0xe35700a0, /*         cmp r7, #160 */
    0x1afffffc, /*         bne blank */
    0xe2808c01, /*         add r8, r0, #0x100 */
    0xe1d893b0, /*         ldrh r9, [r8, #0x30] */
    0xe1e09009, /*         mvn r9, r9 */
    0xe1a09b09, /*         mov r9, r9, lsl #22 */
    0xe1a09b29, /*         mov r9, r9, lsr #22     pad */
    0xe2844001, /*         add r4, r4, #1 */
    0xe0895fe5, /*         add r5, r9, r5, ror #31 */
    0xe0255004, /*         eor r5, r5, r4 */
    0xe5834000, /*         str r4, [r3] */
    0xe5839004, /*         str r9, [r3, #4] */
    0xe5835008, /*         str r5, [r3, #8] */
    0xe204703f, /*         and r7, r4, #63 */
    0xe0837087, /*         add r7, r3, r7, lsl #1 */
    0xe2877c01, /*         add r7, r7, #0x100 */
    0xe1c790b0, /*         strh r9, [r7]           history */
    0xe1c290b0, /*         strh r9, [r2]           background colour from the pad */
    0xe1c041b0, /*         strh r4, [r0, #0x10]    scrolled by the frame */
    0xe1c091b2, /*         strh r9, [r0, #0x12]    and by the pad */
    0xe1a07b04, /*         mov r7, r4, lsl #22     one place of the map from the mix */
    0xe0817aa7, /*         add r7, r1, r7, lsr #21 */
    0xe2877b3e, /*         add r7, r7, #0xf800 */
    0xe1a08b85, /*         mov r8, r5, lsl #23 */
    0xe1a08ba8, /*         mov r8, r8, lsr #23 */
    0xe1c780b0, /*         strh r8, [r7] */
    0xe3a07a0f, /*         mov r7, #0xf000 */
    0xe1c076b8, /*         strh r7, [r0, #0x68]    channel 2: its pitch follows the pad */
    0xe3897902, /*         orr r7, r9, #0x8000 */
    0xe1c076bc, /*         strh r7, [r0, #0x6c] */
    0xeaffffdc, /*         b frame */
};

static uint8_t rom[0x400];

static void put_word(size_t at, uint32_t word)
{
    for (int i = 0; i < 4; i++) rom[at + (size_t)i] = (uint8_t)(word >> 8 * i);
}

int main(int argc, char **argv)
{
    put_word(0, 0xea00002e); /* b 0xc0 */
    memcpy(rom + 0xa0, "PAD ECHO", 8);
    memcpy(rom + 0xac, "KATA00", 6);
    rom[0xb2] = 0x96;
    uint8_t sum = 0;
    for (int i = 0xa0; i < 0xbd; i++) sum = (uint8_t)(sum - rom[i]);
    rom[0xbd] = (uint8_t)(sum - 0x19);
    for (size_t i = 0; i < sizeof code / sizeof code[0]; i++) put_word(0xc0 + 4 * i, code[i]);

    FILE *const file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (!file || fwrite(rom, sizeof rom, 1, file) != 1 || fclose(file) != 0) {
        fprintf(stderr, "usage: gba OUTPUT\n");
        return 1;
    }
    return 0;
}
