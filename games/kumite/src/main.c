/* main.c - screens: title, rounds, winner. One pass of step() is one frame. */
#include "cpu.h"
#include "draw.h"
#include "fight.h"
#include "hud.h"
#include "inputs.h"
#include "sound.h"
#include "video.h"

#define ROUND_SECONDS 60
#define INTRO_FRAMES 60
#define KO_FRAMES 70
#define OVER_FRAMES 60
#define MAX_ROUNDS 5 /* only draws make a match longer than three */

static u8 pad_prev[2], pad_pressed[2];
static u8 wait, second, menu, c, last_nmi;

static const u8 palette_fight[32] = {
    0x0F, 0x16, 0x28, 0x30, 0x0F, 0x14, 0x26, 0x37,
    0x0F, 0x03, 0x26, 0x37, 0x0F, 0x07, 0x17, 0x27, /* background */
    0x0F, 0x0F, 0x30, 0x37, 0x0F, 0x0F, 0x16, 0x37,
    0x0F, 0x0F, 0x16, 0x37, 0x0F, 0x0F, 0x21, 0x37, /* bodies, heads */
};

/* Bits of a pad to a keypad direction; opposite directions cancel out. Index: up down left right, 4
 * bits. */
static const u8 pad_to_dir[16] = { 5, 6, 4, 5, 2, 3, 1, 2, 8, 9, 7, 8, 5, 6, 4, 5 };
static const u8 mirrored[10] = { 5, 3, 2, 1, 6, 5, 4, 9, 8, 7 };

/* Clothes and headband or hair ribbon, for each character as first and as second fighter. */
static const u8 colour_gi[2 * NUM_CHARACTERS] = { 0x30, 0x16, 0x28, 0x1A, 0x24, 0x11 };
static const u8 colour_band[2 * NUM_CHARACTERS] = { 0x16, 0x21, 0x17, 0x17, 0x28, 0x25 };

static const char *const names[2 * NUM_CHARACTERS] = { "RYOMA", "KAGE ", "TORA ",
                                                       "KUMA ", "SAYA ", "YUKI " };

static void load_palette(void)
{
    for (c = 0; c < 32; ++c) pal_buf[c] = palette_fight[c];
    for (p = 0; p < 2; ++p) {
        c = (character[p] << 1) + p;
        pal_buf[18 + (p << 2)] = colour_gi[c];
        pal_buf[26 + (p << 2)] = colour_band[c];
    }
    pal_dirty = 1;
}

static const char *name_of(u8 fighter)
{
    return names[(u8)((character[fighter] << 1) + fighter)];
}

/* The end of every frame: sprites are handed over, then wait for the picture. */
static void next_frame(void)
{
    sound_update();
    if (nmi_count != last_nmi) ++lag_frames; /* work took longer than a frame */
    wait_nmi();
    last_nmi = nmi_count;
    if (!++frame_count[0]) ++frame_count[1];
    read_pads();
    for (c = 0; c < 2; ++c) {
        pad_held[c] = pad_now[c];
        pad_pressed[c] = pad_held[c] & ~pad_prev[c];
        pad_prev[c] = pad_held[c];
    }
    rng_step();
}

static void screen_begin(const u8 *picture)
{
    ppu_off();
    vram_addr_hi = 0x20;
    vram_addr_lo = 0;
    vram_set();
    rle_src = picture;
    vram_rle();
    load_palette();
}

static void screen_end(void)
{
    oam_finish();
    ppu_on();
    last_nmi = nmi_count;
}

/* ---- title ---- */

/* Left: players and level; right: who fights. */
enum { MENU_ONE, MENU_TWO, MENU_LEVEL, MENU_FIRST, MENU_SECOND, NUM_MENU };
static const u8 menu_row[NUM_MENU] = { 21, 23, 25, 21, 23 };
static const u8 menu_col[NUM_MENU] = { 3, 3, 3, 18, 18 };

static void show_menu(void)
{
    for (p = 0; p < NUM_MENU; ++p) text_queue(menu_row[p], menu_col[p], p == menu ? "-" : " ");
    text_queue(21, 24, name_of(0));
    text_queue(23, 20, two_players ? "P2 " : "CPU");
    text_queue(23, 24, name_of(1));
    vram_buf[vram_len] = 0x23;
    vram_buf[vram_len + 1] = 0x20 + 15;
    vram_buf[vram_len + 2] = 1;
    vram_buf[vram_len + 3] = TILE('0') + cpu_level;
    vram_len += 4;
}

static void choose_menu(void)
{
    if (c & PAD_UP) {
        menu = menu ? menu - 1 : NUM_MENU - 1;
    } else if (c & (PAD_DOWN | PAD_SELECT)) {
        menu = menu == NUM_MENU - 1 ? 0 : menu + 1;
    } else if (menu >= MENU_FIRST) {
        p = menu - MENU_FIRST;
        if (c & PAD_RIGHT) character[p] = character[p] == NUM_CHARACTERS - 1 ? 0 : character[p] + 1;
        if (c & PAD_LEFT) character[p] = character[p] ? character[p] - 1 : NUM_CHARACTERS - 1;
    } else if (c & PAD_RIGHT) {
        cpu_level = cpu_level == 8 ? 1 : cpu_level + 1;
    } else if (c & PAD_LEFT) {
        cpu_level = cpu_level == 1 ? 8 : cpu_level - 1;
    }
    if (menu <= MENU_TWO) two_players = menu == MENU_TWO;
}

static void title(void)
{
    screen_begin(nt_title);
    text_now(21, 5, "1 PLAYER");
    text_now(23, 5, "2 PLAYERS");
    text_now(25, 5, "CPU LEVEL");
    text_now(21, 20, "P1");
    text_now(27, 11, "PUSH START");
    screen_end();
    screen = SCREEN_TITLE;
    round_state = ROUND_NONE;
    fight_active = 0;
    if (!cpu_level) cpu_level = 1;
    menu = two_players;
    tune(TUNE_TITLE);
    show_menu();
    for (;;) {
        next_frame();
        c = pad_pressed[0] | pad_pressed[1];
        if (c & PAD_START) return;
        if (!c) continue;
        choose_menu();
        sfx(SFX_MENU);
        show_menu();
    }
}

/* ---- fight ---- */

static void take_pad(void) /* of fighter p */
{
    c = pad_to_dir[pad_held[p] & 15];
    dir[p] = facing[p] ? mirrored[c] : c;
    press_a[p] = pad_pressed[p] & PAD_A;
    press_b[p] = pad_pressed[p] & PAD_B;
}

static void fight_frame(void)
{
    next_frame();
    for (p = 0; p < 2; ++p) {
        q = p ^ 1;
        if (!fight_active) {
            dir[p] = 5;
            press_a[p] = press_b[p] = 0;
        } else if (p && !two_players) {
            cpu_watch();
            cpu_think();
        } else {
            take_pad();
        }
        inputs_remember();
    }
    fight_step();
    draw_fight();
    hud_update();
}

static void round_intro(void)
{
    ++round_no;
    round_state = ROUND_INTRO;
    fight_active = 0;
    fight_round_start();
    cpu_round_start();
    timer = ROUND_SECONDS;
    second = 60;
    text_queue(9, 12, "ROUND@@");
    vram_buf[vram_len] = 0x21;
    vram_buf[vram_len + 1] = 0x20 + 18;
    vram_buf[vram_len + 2] = 1;
    vram_buf[vram_len + 3] = TILE('0') + round_no;
    vram_len += 4;
    for (wait = 0; wait < INTRO_FRAMES; ++wait) {
        if (wait == 40) {
            text_queue(9, 12, "FIGHT!@");
            sfx(SFX_BELL);
        }
        fight_frame();
    }
}

static void round_fight(void)
{
    round_state = ROUND_FIGHT;
    fight_active = 1;
    wait = 0;
    while (timer && health[0] && health[1]) {
        fight_frame();
        if (++wait == 30) text_queue(9, 12, "@@@@@@@");
        if (!--second) {
            second = 60;
            --timer;
        }
        if (pad_pressed[0] & PAD_START) { /* pause */
            text_queue(9, 13, "PAUSE");
            do next_frame();
            while (!((pad_pressed[0] | pad_pressed[1]) & PAD_START));
            text_queue(9, 13, "@@@@@");
        }
    }
}

static void round_end(void)
{
    u8 time_up = health[0] && health[1];
    fight_active = 0;
    round_state = ROUND_KO;
    ++rounds_done;
    if (health[0] > health[1]) {
        round_result = RESULT_P1;
        ++rounds_won[0];
    } else if (health[0] < health[1]) {
        round_result = RESULT_P2;
        ++rounds_won[1];
    } else {
        round_result = RESULT_DRAW; /* a point for nobody */
    }
    text_queue(9, 12, time_up ? "TIME UP" : "@@K.O.@");
    sfx(SFX_KO);
    for (wait = 0; wait < KO_FRAMES; ++wait) {
        fight_frame();
        if (wait < 30 && !time_up) next_frame(); /* slow motion */
    }
    round_state = ROUND_OVER;
    for (c = 0; c < 2; ++c) {
        if (pos_y[c]) continue;
        if (round_result == RESULT_P1 + c) {
            state[c] = ST_WIN;
            phase[c] = PHASE_NONE;
        } else if (health[c]) {
            state[c] = ST_LOSE;
            phase[c] = PHASE_NONE;
        }
    }
    text_queue(9, 12,
               round_result == RESULT_DRAW ? "@@DRAW@"
               : round_result == RESULT_P1 ? "P1 WINS"
               : two_players               ? "P2 WINS"
                                           : "CPU WIN");
    for (wait = 0; wait < OVER_FRAMES; ++wait) fight_frame();
    text_queue(9, 12, "@@@@@@@");
    fight_frame();
}

static void match(void)
{
    screen_begin(nt_arena);
    text_now(3, 2, name_of(0));
    if (two_players) {
        text_now(3, 25, name_of(1));
    } else {
        text_now(3, 23, name_of(1));
        text_now(3, 28, "L");
        vram_put(TILE('0') + cpu_level);
    }
    hud_reset();
    screen_end();
    screen = SCREEN_FIGHT;
    round_no = 0;
    rounds_won[0] = rounds_won[1] = 0;
    round_result = match_winner = 0;
    hits[0] = hits[1] = blocks[0] = blocks[1] = specials[0] = specials[1] = rounds_done = 0;
    tune(TUNE_FIGHT);
    do {
        round_intro();
        round_fight();
        round_end();
    } while (rounds_won[0] < 2 && rounds_won[1] < 2 && round_no < MAX_ROUNDS);
    if (rounds_won[0] == rounds_won[1]) {
        match_winner = RESULT_DRAW;
    } else {
        match_winner = rounds_won[0] > rounds_won[1] ? RESULT_P1 : RESULT_P2;
        ++matches_won[match_winner - 1];
    }
    round_state = ROUND_MATCH_OVER;
}

/* ---- winner ---- */

/* Returns 1 if the players want to go on. */
static u8 winner(void)
{
    u8 on = 0;
    u8 climbs = !two_players && match_winner == 1;
    screen_begin(nt_title);
    screen = SCREEN_WINNER;
    if (two_players) {
        if (match_winner == RESULT_DRAW) {
            text_now(22, 14, "DRAW");
        } else {
            text_now(22, 11, name_of(match_winner - 1));
            text_now(22, 17, "WINS");
        }
        text_now(25, 8, "START FOR REMATCH");
    } else if (climbs) {
        if (cpu_level == 8) {
            text_now(22, 7, "YOU ARE THE MASTER");
        } else {
            text_now(22, 12, "VICTORY!");
            text_now(25, 8, "START FOR LEVEL");
            vram_put(TILE(' '));
            vram_put(TILE('1') + cpu_level);
        }
    } else {
        text_now(22, 11, "GAME OVER");
        text_now(25, 8, "START FOR REVENGE");
    }
    screen_end();
    tune(TUNE_TITLE);
    for (wait = second = 0; wait < 250; wait += second ^= 1) { /* 500 frames */
        next_frame();
        if (wait > 15 && pad_pressed[0] & PAD_START) {
            on = 1;
            break;
        }
    }
    if (on && climbs) {
        if (cpu_level == 8) return 0;
        ++cpu_level;
    }
    return on;
}

int main(void)
{
    magic[0] = 'K';
    magic[1] = 1;
    rng[0] = 0x4B;
    rng[1] = 0x55;
    for (;;) {
        title();
        matches_won[0] = matches_won[1] = 0;
        do match();
        while (winner());
    }
}
