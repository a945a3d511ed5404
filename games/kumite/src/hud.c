/* hud.c - bars, clock and words on the background. */
#include "hud.h"
#include "fight.h"
#include "video.h"

static u8 shown_health[2], shown_timer, shown_wins[2];
static u8 turn, v, k, h, c;

static void address(u8 row, u8 col)
{
    vram_addr_hi = 0x20 + (row >> 3);
    vram_addr_lo = (row << 5) + col;
}

void text_now(u8 row, u8 col, const char *text)
{
    address(row, col);
    vram_set();
    for (; *text; ++text) vram_put(TILE(*text));
}

static void begin(u8 row, u8 col, u8 length)
{
    address(row, col);
    v = vram_len;
    vram_buf[v] = vram_addr_hi;
    vram_buf[++v] = vram_addr_lo;
    vram_buf[++v] = length;
    ++v;
}

void text_queue(u8 row, u8 col, const char *text)
{
    for (k = 0; text[k]; ++k) {
    }
    begin(row, col, k);
    for (k = 0; text[k]; ++k, ++v) vram_buf[v] = TILE(text[k]);
    vram_len = v;
}

void hud_reset(void)
{
    shown_health[0] = shown_health[1] = shown_timer = shown_wins[0] = shown_wins[1] = 255;
}

static void bar_left(void)
{
    begin(4, 2, 12);
    h = health[0];
    for (k = 0, c = 88; k < 12; ++k, c -= 8, ++v) {
        if (h <= c)
            vram_buf[v] = TILE(CHAR_BAR_EMPTY);
        else if ((u8)(h - c) >= 8)
            vram_buf[v] = TILE(CHAR_BAR_FULL);
        else {
            c = h - c;
            vram_buf[v] = TILE(CHAR_BAR_RIGHT) + (c < 3 ? 0 : c < 5 ? 1 : 2);
            c = h - c;
        }
    }
    vram_len = v;
}

static void bar_right(void)
{
    begin(4, 18, 12);
    h = health[1];
    for (k = 0; k < 12; ++k, ++v) {
        if (!h) {
            vram_buf[v] = TILE(CHAR_BAR_EMPTY);
        } else if (h >= 8) {
            vram_buf[v] = TILE(CHAR_BAR_FULL);
            h -= 8;
        } else {
            vram_buf[v] = TILE(CHAR_BAR_LEFT) + (h < 3 ? 0 : h < 5 ? 1 : 2);
            h = 0;
        }
    }
    vram_len = v;
}

void hud_update(void)
{
    if (vram_len) return;
    turn ^= 1;
    if (shown_health[turn] != health[turn]) {
        shown_health[turn] = health[turn];
        if (turn)
            bar_right();
        else
            bar_left();
    } else if (shown_timer != timer) {
        shown_timer = timer;
        begin(4, 15, 2);
        for (h = timer, c = 0; h >= 10; h -= 10) ++c;
        vram_buf[v] = TILE('0') + c;
        vram_buf[++v] = TILE('0') + h;
        vram_len = v + 1;
    } else if (shown_wins[turn] != rounds_won[turn]) {
        shown_wins[turn] = rounds_won[turn];
        begin(5, turn ? 18 : 12, 2);
        h = rounds_won[turn];
        if (turn) {
            vram_buf[v] = TILE(h > 0 ? CHAR_WIN : CHAR_WIN_NONE);
            vram_buf[++v] = TILE(h > 1 ? CHAR_WIN : CHAR_WIN_NONE);
        } else {
            vram_buf[v] = TILE(h > 1 ? CHAR_WIN : CHAR_WIN_NONE);
            vram_buf[++v] = TILE(h > 0 ? CHAR_WIN : CHAR_WIN_NONE);
        }
        vram_len = v + 1;
    }
}
