/* main.c - title, rounds. One pass of next_frame() is one frame. */
#include "draw.h"
#include "inputs.h"
#include "round.h"
#include "sound.h"
#include "state.h"
#include "video.h"

#define READY_FRAMES 50
#define OVER_FRAMES 80

static u8 prev, pressed, wait;

/* Sprites and numbers are handed over as soon as the picture before is done. */
static void next_frame(void)
{
    draw_sprites();
    lag_frames += frame_wait();
    sprites_send();
    if (screen == SCREEN_ROUND) draw_numbers();
    if (!++frame_count[0]) ++frame_count[1];
    pad_held = pad_read();
    pressed = pad_held & ~prev;
    prev = pad_held;
}

static void title(void)
{
    round_state = ROUND_NONE;
    round_active = round_result = 0;
    draw_title();
    screen = SCREEN_TITLE;
    frame_wait(); /* drawing took longer than a frame */
    do {
        next_frame();
        sound_step(SOUND_NONE);
        if (pressed & PAD_RIGHT) level = level == NUM_LEVELS ? 1 : level + 1;
        if (pressed & PAD_LEFT) level = level == 1 ? NUM_LEVELS : level - 1;
        if (pressed & (PAD_LEFT | PAD_RIGHT)) draw_level();
    } while (!(pressed & PAD_RUN));
}

static void play(void)
{
    rng[0] = frame_count[0] ^ 0x4B; /* chance begins where the player pressed RUN */
    rng[1] = frame_count[1] ^ (u8)(level << 4) ^ 0x55;
    if (!(rng[0] | rng[1])) rng[0] = 1;
    for (wait = 0; wait < 16; ++wait) rng_step();
    round_begin();
    round_result = RESULT_NONE;
    round_state = ROUND_READY;
    draw_field();
    screen = SCREEN_ROUND;
    draw_text(12, 13, "READY");
    frame_wait();
    for (wait = 0; wait < READY_FRAMES; ++wait) {
        next_frame();
        sound_step(SOUND_NONE);
    }
    draw_text(12, 13, "     ");
    inputs_reset();
    round_state = ROUND_PLAY;
    round_active = 1;
    do {
        next_frame();
        round_step();
        sound_step(sound_wish);
    } while (!round_result);
    round_active = 0;
    ++rounds_done;
    if (round_result == RESULT_WON) ++rounds_won;
    round_state = ROUND_OVER;
    if (round_result == RESULT_WON)
        draw_text(12, 13, "CLEAR");
    else
        draw_text(12, 12, hp ? "TIME OUT" : "  LOST");
    for (wait = 0; wait < OVER_FRAMES; ++wait) {
        next_frame();
        sound_step(SOUND_NONE);
    }
    round_state = ROUND_WAITS;
}

int main(void)
{
    magic[0] = 'A';
    magic[1] = 1;
    level = 1;
    prev = 0xFF;
    draw_init();
    sound_init();
    for (;;) {
        title();
        for (;;) {
            play();
            draw_text(20, 11, "PUSH RUN");
            do next_frame();
            while (!(pressed & (PAD_RUN | PAD_SELECT)));
            if (pressed & PAD_SELECT) break;
            if (round_result == RESULT_WON && level++ == NUM_LEVELS) {
                level = 1;
                break;
            }
        }
    }
}
