/* sound.c - effects on pulse 1 and noise, tune on pulse 2 and triangle. Everything is a table of
 * notes. */
#include "sound.h"
#include "fight.h"

#define APU(n) (*(volatile u8 *)(0x4000 + (n)))

/* Notes from C2 upwards in half tones: timer values of the pulse channels (the triangle sounds an
 * octave lower). */
static const u16 note_timer[] = {
    1710, 1614, 1523, 1438, 1357, 1281, 1209, 1141, 1077, 1016, 959, 905, 854,
    806,  761,  718,  678,  640,  604,  570,  538,  507,  479,  452, 427, 403,
    380,  358,  338,  319,  301,  284,  268,  253,  239,  225,  213, 201,
};
#define REST 255
#define AGAIN 254

/* An effect: frames, then its pulse (first timer, change a frame, duty) and noise (period; 16
 * none). */
static const u8 sfx_frames[] = { 0, 5, 8, 7, 14, 5, 22, 20, 12, 4, 40, 60 };
static const u16 sfx_timer[] = { 0, 500, 700, 300, 420, 180, 160, 420, 900, 240, 150, 300 };
static const signed char sfx_slide[] = { 0, 40, 60, 50, 40, 10, 6, -14, 50, -20, 0, 12 };
static const u8 sfx_noise[] = { 16, 2, 4, 6, 9, 3, 8, 5, 12, 16, 16, 10 };

static u8 fx_number, fx_left, fx_volume;
static u16 fx_timer;

/* The tunes, in steps of a sixteenth: a scale of the islands (D E G A C) over a walking bass. */
static const u8 lead_title[64] = {
    26, AGAIN, REST, 28,    31, AGAIN, 33, AGAIN, 31, AGAIN, 28,    AGAIN, 26,   AGAIN, REST, REST,
    26, AGAIN, REST, 28,    31, AGAIN, 33, AGAIN, 36, AGAIN, 33,    AGAIN, 31,   AGAIN, REST, REST,
    33, AGAIN, REST, 36,    33, AGAIN, 31, AGAIN, 28, AGAIN, 31,    AGAIN, 26,   AGAIN, REST, REST,
    24, AGAIN, 26,   AGAIN, 28, AGAIN, 31, AGAIN, 26, AGAIN, AGAIN, AGAIN, REST, REST,  REST, REST,
};
static const u8 bass_title[16] = { 26, REST, 26, REST, 33, REST, 26, REST,
                                   24, REST, 24, REST, 31, REST, 24, REST };
static const u8 lead_fight[64] = {
    26, 26,   REST, 26, 28, REST, 31, REST, 33, REST, 31, 28, 26, REST,  24,   REST,
    26, 26,   REST, 26, 28, REST, 31, REST, 36, REST, 33, 31, 33, AGAIN, REST, REST,
    33, 33,   REST, 33, 36, REST, 33, REST, 31, REST, 28, 31, 28, REST,  26,   REST,
    24, REST, 26,   28, 31, REST, 28, 26,   24, REST, 21, 24, 26, AGAIN, REST, REST,
};
static const u8 bass_fight[16] = { 26, 26, REST, 26, 33, REST, 26, REST,
                                   24, 24, REST, 24, 31, REST, 24, 26 };

static const u8 *lead, *bass;
static u8 tune_now, tempo, tempo_left, step, lead_volume, note;

void sfx(u8 number)
{
    /* a weaker sound does not cut a stronger one short */
    if (fx_left > 6 && number < fx_number && number <= SFX_HEAVY) return;
    fx_number = number;
    fx_left = sfx_frames[number];
    fx_timer = sfx_timer[number];
    fx_volume = 15;
}

void tune(u8 number)
{
    if (number == tune_now) return;
    tune_now = number;
    step = tempo_left = lead_volume = 0;
    if (number == TUNE_TITLE) {
        lead = lead_title;
        bass = bass_title;
        tempo = 9;
    } else {
        lead = lead_fight;
        bass = bass_fight;
        tempo = 7;
    }
    APU(4) = 0x30;
    APU(8) = 0x80;
}

static void update_tune(void)
{
    if (!tune_now) return;
    if (tempo_left) {
        --tempo_left;
        if (lead_volume > 1 && tempo_left & 1) --lead_volume;
        APU(4) = 0x70 | lead_volume;
        return;
    }
    tempo_left = tempo - 1;
    note = lead[step];
    if (note == REST) {
        lead_volume = 0;
    } else if (note != AGAIN) {
        lead_volume = 8;
        APU(5) = 8;
        APU(6) = (u8)note_timer[note];
        APU(7) = (u8)(note_timer[note] >> 8) | 0xF8;
    }
    APU(4) = 0x70 | lead_volume;
    note = bass[step & 15];
    if (note == REST) {
        APU(8) = 0x80;
    } else {
        APU(8) = 0xFF;
        APU(10) = (u8)note_timer[note];
        APU(11) = (u8)(note_timer[note] >> 8) | 0xF8;
    }
    step = (step + 1) & 63;
}

static void update_effect(void)
{
    if (!fx_left) return;
    if (!--fx_left) {
        APU(0) = 0x30;
        APU(12) = 0x30;
        return;
    }
    if (fx_left < 12) fx_volume = fx_left + 2;
    APU(0) = 0xB0 | fx_volume;
    APU(1) = 8;
    APU(2) = (u8)fx_timer;
    APU(3) = (u8)(fx_timer >> 8) | 0xF8;
    fx_timer += sfx_slide[fx_number];
    if (sfx_noise[fx_number] < 16) {
        APU(12) = 0x30 | (u8)(fx_volume >> 1);
        APU(14) = sfx_noise[fx_number];
        APU(15) = 0xF8;
    }
}

void sound_update(void)
{
    update_tune();
    update_effect();
}
