/* scenes.c - evening over the mountain, the gate, the boards of the ring. Palettes: 0 words, 1 sky (1 violet,
 * 2 orange, 3 pale), 2 gate (1 violet, 2 red, 3 orange), 3 boards (1 dark, 2 brown, 3 light). Colour 0 is black. */
#include "scenes.h"
#include <string.h>

enum { SKY_TOP = 48, HORIZON = 168 };

/* The sky: violet, then more and more orange, in a pattern that repeats every 4 pixels. */
static int sky(int x, int y)
{
    static const int bayer[4][4] = { { 0, 8, 2, 10 }, { 12, 4, 14, 6 }, { 3, 11, 1, 9 }, { 15, 7, 13, 5 } };
    int level = (y - SKY_TOP) / 8; /* 0 to 14 */
    int share = level < 3 ? 0 : (level - 2) * 2;
    if (share > 16) share = 16;
    return bayer[y & 3][x & 3] < share ? 2 : 1;
}

static void paint_sky(canvas_t *c, int top)
{
    for (int y = top; y < HORIZON; y++)
        for (int x = 0; x < 256; x++) {
            int colour = sky(x, y < SKY_TOP ? SKY_TOP : y);
            int dx = x - 128, dy = y - 96; /* the sun */
            if (dx * dx + dy * dy < 30 * 30) colour = 3;
            canvas_set(c, x, y, colour);
        }
    for (int y = 104; y < HORIZON; y++) /* the mountain, slopes of one in two */
        for (int x = 0; x < 256; x++) {
            int dx = x > 190 ? x - 190 : 190 - x;
            if ((y - 104) * 2 >= dx - 8) {
                int snow = y < 120 + ((x / 4) & 1) * 4;
                canvas_set(c, x, y, snow ? 3 : 0);
            }
            int near = x > 40 ? x - 40 : 40 - x;
            if ((y - 136) * 4 >= near - 8) canvas_set(c, x, y, 0);
        }
}

static void paint_gate(canvas_t *c, unsigned char attr[15][16])
{
    for (int side = 0; side < 2; side++) {
        int x = side ? 160 : 80;
        canvas_rect(c, x, 88, x + 7, HORIZON - 1, 2);
        canvas_rect(c, x + 6, 88, x + 7, HORIZON - 1, 0);
        canvas_rect(c, x - 2, HORIZON - 8, x + 9, HORIZON - 1, 0);
    }
    canvas_rect(c, 64, 80, 191 - 8, 87, 2);
    canvas_rect(c, 64, 86, 183, 87, 0);
    canvas_rect(c, 72, 104, 175, 109, 2);
    canvas_rect(c, 72, 108, 175, 109, 0);
    for (int y = 5; y <= 10; y++)
        for (int x = 4; x < 12; x++)
            if (y == 5 || x == 5 || x == 10 || (y == 6)) attr[y][x] = 2;
}

void scene_arena(canvas_t *c, unsigned char attr[15][16])
{
    canvas_clear(c, 256, 240, 0, 0);
    memset(attr, 0, 15 * 16);
    for (int y = 3; y < 15; y++)
        for (int x = 0; x < 16; x++) attr[y][x] = y < 10 ? 1 : 3;
    paint_sky(c, SKY_TOP);
    for (int y = 160; y < 240; y++)
        for (int x = 0; x < 256; x++) {
            int line = y - 160;
            int colour = 2;
            if (line < 2) colour = 3;
            else if (line < 8) colour = 1;
            else if (line % 16 == 8) colour = 1;
            else if (line % 16 == 9) colour = 3;
            else if ((x + (line / 16) * 40) % 64 == 0) colour = 1;
            canvas_set(c, x, y, colour);
        }
}

static const char *const logo[5] = {
    "#..#.#..#.#...#.###.#####.####",
    "#.#..#..#.##.##..#....#...#...",
    "##...#..#.#.#.#..#....#...###.",
    "#.#..#..#.#...#..#....#...#...",
    "#..#.####.#...#.###...#...####",
};

void scene_title(canvas_t *c, unsigned char attr[15][16])
{
    canvas_clear(c, 256, 240, 0, 0);
    memset(attr, 0, 15 * 16);
    for (int y = 3; y < 9; y++)
        for (int x = 0; x < 16; x++) attr[y][x] = 1;
    paint_sky(c, SKY_TOP);
    canvas_rect(c, 0, 136, 255, 239, 0);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 30; x++)
            if (logo[y][x] == '#') canvas_rect(c, 8 + x * 8, 64 + y * 8, 8 + x * 8 + 7, 64 + y * 8 + 7, 0);
}
