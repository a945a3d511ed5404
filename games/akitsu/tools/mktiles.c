/* mktiles.c - art.txt to art.s: a font of 8 x 8 points, palettes, sprites of the PC Engine.
 *
 *     mktiles art.txt art.s
 *
 * A sprite of 32 x 32 is four cells of 16 x 16; a cell is four planes of 16 words, the leftmost
 * point in bit 15. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE = 32 };

static FILE *in, *out;
static int line_no;
static char line[256];

static void refuse(const char *rule)
{
    fprintf(stderr, "mktiles: line %d: %s, found '%s'\n", line_no, rule, line);
    exit(1);
}

static int next_line(void)
{
    if (!fgets(line, sizeof line, in)) return 0;
    line_no++;
    line[strcspn(line, "\n")] = 0;
    return 1;
}

static void words(const uint16_t *data, int count)
{
    for (int i = 0; i < count; i++)
        fprintf(out, "%s$%04X%s", i % 8 ? "," : "        .word   ", data[i],
                i % 8 == 7 || i == count - 1 ? "\n" : "");
}

static void cell(uint8_t picture[MAX_SIDE][MAX_SIDE], int left, int top)
{
    uint16_t planes[64] = { 0 };
    for (int plane = 0; plane < 4; plane++)
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 16; x++)
                if (picture[top + y][left + x] >> plane & 1)
                    planes[plane * 16 + y] |= (uint16_t)(0x8000 >> x);
    words(planes, 64);
}

/* Twice as large, with the corners of steps filled: a point takes the colour of two neighbours that
 * agree. */
static void enlarge(uint8_t small[16][16], uint8_t large[MAX_SIDE][MAX_SIDE])
{
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 16; x++) {
            const uint8_t here = small[y][x];
            const uint8_t up = y ? small[y - 1][x] : here, down = y < 15 ? small[y + 1][x] : here;
            const uint8_t left = x ? small[y][x - 1] : here,
                          right = x < 15 ? small[y][x + 1] : here;
            const int slope = up != down && left != right;
            large[2 * y][2 * x] = slope && up == left ? up : here;
            large[2 * y][2 * x + 1] = slope && up == right ? up : here;
            large[2 * y + 1][2 * x] = slope && down == left ? down : here;
            large[2 * y + 1][2 * x + 1] = slope && down == right ? down : here;
        }
}

static void sprite(const char *name, int is_large)
{
    uint8_t half[16][16], picture[MAX_SIDE][MAX_SIDE] = { { 0 } };
    for (int y = 0; y < 16; y++) {
        if (!next_line() || strlen(line) != 8 || strspn(line, ".0123456789abcdef") != 8)
            refuse("a row of a sprite is 8 of . and 0 to f");
        for (int x = 0; x < 8; x++) {
            const char point[2] = { line[x], 0 };
            half[y][x] = half[y][15 - x] = line[x] == '.' ? 0 : (uint8_t)strtol(point, NULL, 16);
        }
    }
    fprintf(out, "_art_%s:\n", name);
    if (is_large) {
        enlarge(half, picture);
    } else {
        for (int y = 0; y < 16; y++) memcpy(picture[y], half[y], 16);
    }
    for (int at = 0; at < (is_large ? 4 : 1); at++) cell(picture, at % 2 * 16, at / 2 * 16);
}

static void colours(const char *text)
{
    uint16_t values[16];
    for (int i = 0; i < 16; i++) {
        unsigned rgb;
        int used;
        if (sscanf(text, " %3x%n", &rgb, &used) != 1 || rgb & ~0x777u)
            refuse("16 colours of three digits 0 to 7");
        text += used;
        values[i] = (uint16_t)((rgb >> 4 & 7) << 6 | (rgb >> 8 & 7) << 3 | (rgb & 7));
    }
    words(values, 16);
}

int main(int argc, char **argv)
{
    char name[32], characters[64] = "";
    int used, large;
    if (argc != 3) {
        fprintf(stderr, "usage: mktiles art.txt art.s\n");
        return 1;
    }
    in = fopen(argv[1], "r");
    out = fopen(argv[2], "w");
    if (!in || !out) {
        fprintf(stderr, "mktiles: cannot open %s\n", in ? argv[2] : argv[1]);
        return 1;
    }
    fprintf(out, "        .segment \"ART\"\n_art_font:\n");
    while (next_line()) {
        if (!line[0] || line[0] == '#') continue;
        unsigned row[7];
        char character;
        if (sscanf(line, "font %c %x %x %x %x %x %x %x", &character, &row[0], &row[1], &row[2],
                   &row[3], &row[4], &row[5], &row[6]) == 8) {
            characters[strlen(characters)] = character;
            fprintf(out, "        .byte   ");
            for (int i = 0; i < 7; i++) fprintf(out, "$%02X,", row[i] << 2 & 0xFF);
            fprintf(out, "0\n");
        } else if (sscanf(line, "colours %31s%n", name, &used) == 1) {
            fprintf(out, "_colours_%s:\n", name);
            colours(line + used);
        } else if ((large = sscanf(line, "sprite %31s", name)) == 1 ||
                   sscanf(line, "small %31s", name) == 1) {
            sprite(name, large == 1);
        } else {
            refuse("font, colours, sprite or small");
        }
    }
    fprintf(out, "_art_characters:\n        .asciiz \"%s\"\n", characters);
    fprintf(out, "        .export _art_font, _art_characters, _colours_sky, _art_ship, _art_bolt, "
                 "_art_beam\n");
    if (fclose(out)) {
        fprintf(stderr, "mktiles: cannot write %s\n", argv[2]);
        return 1;
    }
    return 0;
}
