/* scenes.c - evening seen through the gate of the ring. Palettes: 0 words and gate (1 red, 2
 * yellow, 3 white), 1 sky (1 violet, 2 orange, 3 pale), 2 far (1 dark blue, 2 orange, 3 pale), 3
 * boards (1 dark, 2 brown, 3 light). Colour 0 is black. Shapes repeat every 8 pixels where they
 * can: tiles are few. */
#include "scenes.h"
#include <stdlib.h>
#include <string.h>

enum { SKY_TOP = 48, FAR_TOP = 128, HORIZON = 160 };

/* The sky: violet, then more and more orange, in a pattern that repeats every 4 pixels. */
static int sky(int x, int y)
{
    static const int bayer[4][4] = {
        { 0, 8, 2, 10 }, { 12, 4, 14, 6 }, { 3, 11, 1, 9 }, { 15, 7, 13, 5 }
    };
    int share = y < 80 ? 0 : (y - 72) / 8 * 2 + 2;
    if (y >= FAR_TOP) share = 16;
    return bayer[y & 3][x & 3] < share ? 2 : 1;
}

static void paint_sky(canvas_t *c)
{
    for (int y = SKY_TOP; y < HORIZON; y++)
        for (int x = 0; x < 256; x++) {
            int dx = 2 * x - 255, dy = 2 * y - 2 * 112; /* the sun */
            canvas_set(c, x, y, dx * dx + dy * dy < 56 * 56 ? 3 : sky(x, y));
        }
}

/* Slopes of one in two; dark blue below 128, where palette 2 begins, so peaks stay below that line.
 */
static void paint_mountains(canvas_t *c)
{
    for (int y = FAR_TOP; y < HORIZON; y++)
        for (int x = 0; x < 256; x++) {
            int far = abs(x - 196), near = abs(x - 84);
            if ((y - FAR_TOP) * 2 >= far - 8) canvas_set(c, x, y, y < 134 + (x / 2 & 3) ? 3 : 1);
            if ((y - 144) * 4 >= near - 8) canvas_set(c, x, y, 1);
        }
}

/* A pagoda against the sky: roofs that grow downwards, each with turned-up corners. */
static void paint_pagoda(canvas_t *c, int middle)
{
    for (int floor = 0; floor < 3; floor++) {
        int top = 88 + floor * 24, half = 16 + floor * 4;
        for (int y = 0; y < 8; y++)
            canvas_rect(c, middle - half + 7 - y, top + y, middle + half - 8 + y, top + y, 0);
        canvas_rect(c, middle - half - 2, top + 5, middle - half + 3, top + 7, 0);
        canvas_rect(c, middle + half - 4, top + 5, middle + half + 1, top + 7, 0);
        canvas_rect(c, middle - half / 2, top + 8, middle + half / 2 - 1, top + 23, 0);
        for (int k = -half / 2 + 2; k < half / 2 - 2; k += 6)
            canvas_rect(c, middle + k, top + 13, middle + k + 1, top + 17, 3); /* windows */
    }
    canvas_rect(c, middle - 1, 76, middle, 88, 0);
}

/* The ring is entered through a gate: its posts stand at both sides, its beam above. */
static void paint_gate(canvas_t *c, unsigned char attr[15][16])
{
    canvas_rect(c, 0, 48, 255, 63, 1);
    canvas_rect(c, 0, 48, 255, 48, 2);
    canvas_rect(c, 0, 57, 255, 58, 0);
    canvas_rect(c, 0, 63, 255, 63, 0);
    for (int side = 0; side < 2; side++) {
        int x = side ? 240 : 0;
        canvas_rect(c, x, 59, x + 15, HORIZON + 15, 1);
        canvas_rect(c, side ? x : x + 14, 59, side ? x + 1 : x + 15, HORIZON + 15, 0);
        canvas_rect(c, x + 4, 59, x + 4, HORIZON + 15, 2);
        canvas_rect(c, x, HORIZON + 4, x + 15, HORIZON + 15, 0);
        for (int y = 3; y < 11; y++) attr[y][x / 16] = 0;
    }
    for (int x = 0; x < 16; x++) attr[3][x] = 0;
}

static void paint_boards(canvas_t *c)
{
    for (int y = HORIZON; y < 240; y++)
        for (int x = 0; x < 256; x++) {
            int line = y - HORIZON, colour = 2;
            if (line < 2)
                colour = 3;
            else if (line < 8)
                colour = 1;
            else if (line % 16 == 8)
                colour = 0;
            else if (line % 16 == 9)
                colour = 3;
            else if ((x + line / 16 * 40) % 64 == 0)
                colour = 1;
            canvas_set(c, x, y, colour);
        }
}

void scene_arena(canvas_t *c, unsigned char attr[15][16])
{
    canvas_clear(c, 256, 240, 0, 0);
    memset(attr, 0, 15 * 16);
    for (int y = 3; y < 15; y++)
        for (int x = 0; x < 16; x++) attr[y][x] = y < FAR_TOP / 16 ? 1 : y < HORIZON / 16 ? 2 : 3;
    paint_sky(c);
    paint_mountains(c);
    paint_pagoda(c, 56);
    paint_boards(c);
    paint_gate(c, attr);
}

/* The letters of the title: # full squares of 8 pixels, a b c d squares cut in half along a
 * diagonal. */
static const char *const logo[5] = {
    "#.ad #..# b...a ### ### ####", "#ad. #..# #b.a# .#. .#. #...", "##.. #..# #c#d# .#. .#. ###.",
    "#cb. #..# #...# .#. .#. #...", "#.cb c##d #...# ### .#. ####",
};

static int in_square(char kind, int x, int y)
{
    switch (kind) {
    case '#': return 1;
    case 'a': return x + y >= 7;
    case 'b': return x <= y;
    case 'c': return x >= y;
    case 'd': return x + y <= 7;
    default: return 0;
    }
}

/* Red below, yellow above, mixed in the middle row. */
static void paint_logo(canvas_t *c, int x0, int y0)
{
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 28 * 8; x++)
            if (in_square(logo[y / 8][x / 8], x % 8, y % 8))
                canvas_set(c, x0 + x, y0 + y,
                           y < 16    ? 2
                           : y >= 24 ? 1
                           : y < 20  ? 2 - (x & y & 1)
                                     : 1 + (x & y & 1));
}

void scene_title(canvas_t *c, unsigned char attr[15][16])
{
    canvas_clear(c, 256, 240, 0, 0);
    memset(attr, 0, 15 * 16);
    for (int y = 5; y < 10; y++)
        for (int x = 0; x < 16; x++) attr[y][x] = y < FAR_TOP / 16 ? 1 : 2;
    paint_sky(c);
    paint_mountains(c);
    paint_pagoda(c, 56);
    canvas_rect(c, 0, 0, 255, 79, 0);
    canvas_rect(c, 0, HORIZON, 255, 239, 0);
    paint_logo(c, 16, 24);
}
