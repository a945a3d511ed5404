/* sound.c - see sound.h. Channel 4 of the sound chip: a square, or noise. */
#include "sound.h"
#include "state.h"

#define PSG(n) (*(volatile u8 *)(0x0800 + (n)))
enum { CHANNEL, PAN_ALL, FREQ_LOW, FREQ_HIGH, CONTROL, PAN, DATA, NOISE };

/* Of each sound: first pitch (a period; noise: 128 and its pitch), its change a frame, frames. */
static const u8 pitch[7] = { 0, 90, 160, 60, 128 + 8, 128 + 24, 128 + 28 };
static const signed char bend[7] = { 0, 8, -6, 4, 1, 0, 0 };
static const u8 frames[7] = { 0, 6, 16, 10, 16, 20, 12 };
static u8 now, left, tone;

void sound_init(void)
{
    u8 n;
    PSG(PAN_ALL) = 0xFF;
    PSG(CHANNEL) = 4;
    PSG(CONTROL) = 0;
    for (n = 0; n < 32; ++n) PSG(DATA) = n < 16 ? 31 : 0;
    PSG(PAN) = 0xFF;
    now = left = 0;
}

void sound_step(u8 wish)
{
    if (wish >= now || (wish && !left)) {
        if (wish) {
            now = wish;
            left = frames[wish];
            tone = pitch[wish];
        }
    }
    PSG(CHANNEL) = 4;
    if (!left) {
        now = 0;
        PSG(CONTROL) = 0;
        return;
    }
    --left;
    if (tone & 128 && now >= SOUND_BREAK) {
        PSG(NOISE) = 0x80 | (tone & 31);
    } else {
        PSG(NOISE) = 0;
        PSG(FREQ_LOW) = tone;
        PSG(FREQ_HIGH) = 0;
    }
    PSG(CONTROL) = 0x80 | (8 + left);
    tone += bend[now];
}
