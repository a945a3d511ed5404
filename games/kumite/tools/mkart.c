/* mkart.c - draws everything that Kumite shows and writes kumite.chr (8 KiB of tiles) and art.s
 * (poses, screens).
 *
 *     mkart OUTPUT_FOLDER [PREVIEW_FOLDER]
 *
 * Fighters are jointed figures: a pose is a row of joint positions (poses.h), limbs are drawn as
 * capsules with a dark outline and cut into 8x16 sprites, equal tiles (also mirrored) stored once.
 * Heads and effects are drawn by hand (pixels.h). Screens are painted (scenes.h) and cut into
 * background tiles. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "poses.h"
#include "pixels.h"
#include "scenes.h"

enum { NUM_TILES = 512, BACK_TILES_MAX = 256 };

typedef struct {
    unsigned char pixel[8][8];
} tile_t;

static tile_t tiles[NUM_TILES];
static unsigned char used[NUM_TILES];

static void fail(const char *what)
{
    fprintf(stderr, "mkart: %s\n", what);
    exit(1);
}

/* ---- sprites ---- */

typedef struct {
    unsigned char pixel[16][8];
} strip_t;

static strip_t strips[NUM_TILES / 2];
static int num_strips;

static strip_t strip_flip(const strip_t *from, int flip_x, int flip_y)
{
    strip_t to;
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 8; x++)
            to.pixel[y][x] = from->pixel[flip_y ? 15 - y : y][flip_x ? 7 - x : x];
    return to;
}

/* Number of an equal strip and how to mirror it, or -1. */
static int strip_find(const strip_t *want, int *flags)
{
    for (int flip = 0; flip < 4; flip++) {
        strip_t turned = strip_flip(want, flip & 1, flip >> 1);
        for (int i = 0; i < num_strips; i++)
            if (!memcmp(&turned, &strips[i], sizeof(turned))) {
                *flags = (flip & 1 ? 0x40 : 0) | (flip >> 1 ? 0x80 : 0);
                return i;
            }
    }
    return -1;
}

static int strip_is_empty(const strip_t *strip)
{
    static const strip_t empty;
    return !memcmp(strip, &empty, sizeof(empty));
}

static strip_t strip_at(const canvas_t *from, int x0, int y0)
{
    strip_t strip;
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 8; x++) strip.pixel[y][x] = canvas_get(from, x0 + x, y0 + y);
    return strip;
}

typedef struct {
    int num;
    struct {
        int dx, dy, strip, flags;
    } part[40];
} sprite_t;

/* Cuts one column of 8 pixels; commit adds its new strips. Returns the price: new tiles weigh most.
 */
static int cut_column(const canvas_t *from, int x0, int y_first, int commit, sprite_t *out)
{
    int price = 0;
    for (int y0 = y_first; y0 < from->height; y0 += 16) {
        strip_t strip = strip_at(from, x0, y0);
        if (strip_is_empty(&strip)) continue;
        int flags = 0;
        int found = strip_find(&strip, &flags);
        price += found < 0 ? 17 : 1;
        if (!commit) continue;
        if (found < 0) {
            if (num_strips == NUM_TILES / 2) fail("too many sprite tiles");
            found = num_strips;
            strips[num_strips++] = strip;
            flags = 0;
        }
        out->part[out->num].dx = x0 - from->origin_x;
        out->part[out->num].dy = y0 - from->origin_y - 1;
        out->part[out->num].strip = found;
        out->part[out->num].flags = flags;
        out->num++;
    }
    return price;
}

static int best_row(const canvas_t *from, int x0, int *price)
{
    int best = 0;
    *price = 1 << 20;
    for (int y = -15; y <= 0; y++) {
        /* cuts that lie 0, 16, 32 ... above the ground make equal legs equal tiles */
        int now = cut_column(from, x0, y, 0, NULL) * 2 + ((from->origin_y - y) % 16 != 0);
        if (now < *price) {
            *price = now;
            best = y;
        }
    }
    return best;
}

static sprite_t cut_sprite(const canvas_t *from)
{
    int best_x = 0, best_price = 1 << 20, price;
    for (int x = -7; x <= 0; x++) {
        int total = 0;
        for (int x0 = x; x0 < from->width; x0 += 8) {
            best_row(from, x0, &price);
            total += price;
        }
        if (total < best_price) {
            best_price = total;
            best_x = x;
        }
    }
    sprite_t out = { 0 };
    for (int x0 = best_x; x0 < from->width; x0 += 8)
        cut_column(from, x0, best_row(from, x0, &price), 1, &out);
    return out;
}

/* ---- background ---- */

static int num_back;

static int back_tile(const tile_t *want)
{
    for (int i = 0; i < num_back; i++)
        if (used[i] && !memcmp(want, &tiles[i], sizeof(*want))) return i;
    for (int i = 0; i < num_back; i++) /* characters that have no letter */
        if (!used[i]) {
            tiles[i] = *want;
            used[i] = 1;
            return i;
        }
    if (num_back == BACK_TILES_MAX) fail("too many background tiles");
    tiles[num_back] = *want;
    used[num_back] = 1;
    return num_back++;
}

static void cut_screen(const canvas_t *from, const unsigned char attr[15][16],
                       unsigned char out[1024])
{
    for (int row = 0; row < 30; row++)
        for (int col = 0; col < 32; col++) {
            tile_t tile;
            for (int y = 0; y < 8; y++)
                for (int x = 0; x < 8; x++)
                    tile.pixel[y][x] = canvas_get(from, col * 8 + x, row * 8 + y) & 3;
            out[row * 32 + col] = (unsigned char)back_tile(&tile);
        }
    for (int i = 0; i < 64; i++) {
        int r = i / 8 * 2, c = i % 8 * 2;
        int low = r + 1 < 15 ? attr[r + 1][c] | attr[r + 1][c + 1] << 2 : 0;
        out[960 + i] = (unsigned char)(attr[r][c] | attr[r][c + 1] << 2 | low << 4);
    }
}

static int put_rle(FILE *file, const unsigned char *in, int count)
{
    int at = 0, bytes = 0;
    while (at < count) {
        int run = 1;
        while (at + run < count && in[at + run] == in[at] && run < 128) run++;
        if (run >= 3) {
            fprintf(file, "        .byte %d, %d\n", run + 126, in[at]);
            at += run;
            bytes += 2;
            continue;
        }
        int end = at;
        while (end < count && end - at < 128 &&
               !(end + 2 < count && in[end] == in[end + 1] && in[end] == in[end + 2]))
            end++;
        fprintf(file, "        .byte %d", end - at - 1);
        bytes += end - at + 1;
        for (; at < end; at++) fprintf(file, ", %d", in[at]);
        fprintf(file, "\n");
    }
    fprintf(file, "        .byte 255\n");
    return bytes + 1;
}

/* ---- output ---- */

static void put_chr(const char *folder)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/kumite.chr", folder);
    FILE *file = fopen(path, "wb");
    if (!file) fail("cannot write kumite.chr");
    for (int i = 0; i < NUM_TILES; i++)
        for (int plane = 0; plane < 2; plane++)
            for (int y = 0; y < 8; y++) {
                int byte = 0;
                for (int x = 0; x < 8; x++) byte = byte << 1 | (tiles[i].pixel[y][x] >> plane & 1);
                fputc(byte, file);
            }
    if (fclose(file)) fail("cannot write kumite.chr");
}

/* Strips fill table 1 first, then table 0 from its end. Returns the tile byte of 8x16 mode. */
static int strip_place(int strip)
{
    int table1 = strip < 128;
    int even = table1 ? strip * 2 : 254 - (strip - 128) * 2;
    int at = (table1 ? 256 : 0) + even;
    if (!table1 && even < num_back) fail("sprites and background meet in the tile table");
    for (int y = 0; y < 16; y++) memcpy(tiles[at + y / 8].pixel[y % 8], strips[strip].pixel[y], 8);
    return even | table1;
}

static void put_pose(FILE *file, int number, const sprite_t *sprite)
{
    fprintf(file, "pose%d: .byte %d\n", number, sprite->num);
    for (int i = 0; i < sprite->num; i++)
        fprintf(file, "        .byte %d, %d, %d, %d\n", sprite->part[i].dx & 255,
                sprite->part[i].dy & 255, strip_place(sprite->part[i].strip),
                sprite->part[i].flags);
}

/* A preview has the head that the game draws as a sprite of its own. */
static void save_with_head(const canvas_t *body, const pose_t *pose, const char *folder)
{
    canvas_t whole = *body;
    const char *head = pixel_art[pose->head_kind == HEAD_HURT];
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 16; x++) {
            char ch = head[y * 16 + x];
            if (ch != '.')
                canvas_set(&whole, whole.origin_x + (int)pose->head.x - 8 + x,
                           whole.origin_y - (int)pose->head.y - 8 + y, ch == '2' ? 5 : ch - '0');
        }
    canvas_save(&whole, folder, pose->name);
}

int main(int argc, char **argv)
{
    static sprite_t sprites[64];
    static unsigned char arena[1024], title[1024], attr[15][16];
    static canvas_t canvas;
    char path[512];
    if (argc < 2) fail("usage: mkart OUTPUT_FOLDER [PREVIEW_FOLDER]");

    /* font and bars first: their tile numbers are ASCII - 32 */
    num_back = 64;
    for (int i = 0; i < 64; i++) {
        glyph_paint(i + 32, tiles[i].pixel);
        used[i] = i == 0 || memcmp(&tiles[i], &tiles[0], sizeof(tile_t)) != 0;
    }
    scene_arena(&canvas, attr);
    if (argc > 2) canvas_save(&canvas, argv[2], "arena");
    cut_screen(&canvas, attr, arena);
    int back_arena = num_back;
    scene_title(&canvas, attr);
    if (argc > 2) canvas_save(&canvas, argv[2], "title");
    cut_screen(&canvas, attr, title);

    int num = 0;
    for (int i = 0; i < NUM_POSES; i++) {
        pose_paint(&canvas, &poses[i]);
        if (argc > 2) save_with_head(&canvas, &poses[i], argv[2]);
        int before = num_strips;
        sprites[num++] = cut_sprite(&canvas);
        if (argc > 2)
            printf("%-12s %2d sprites %2d new\n", poses[i].name, sprites[num - 1].num,
                   num_strips - before);
    }
    for (int i = 0; i < NUM_PIXEL_ART; i++) {
        pixels_paint(&canvas, pixel_art[i]);
        sprites[num++] = cut_sprite(&canvas);
    }

    printf("art: %d background tiles (%d without the title), %d sprite strips, %d fit\n", num_back,
           back_arena, num_strips, 128 + (256 - num_back) / 2);
    snprintf(path, sizeof(path), "%s/art.s", argv[1]);
    FILE *file = fopen(path, "w");
    if (!file) fail("cannot write art.s");
    fprintf(file,
            "; written by tools/mkart.c\n        .export _pose_ptr_lo, _pose_ptr_hi, _pose_head_x, "
            "_pose_head_y\n"
            "        .export _pose_head_kind, _nt_arena, _nt_title\n        .segment \"RODATA\"\n");
    for (int i = 0; i < num; i++) put_pose(file, i, &sprites[i]);
    fprintf(file, "_pose_ptr_lo:\n");
    for (int i = 0; i < num; i++) fprintf(file, "        .byte <pose%d\n", i);
    fprintf(file, "_pose_ptr_hi:\n");
    for (int i = 0; i < num; i++) fprintf(file, "        .byte >pose%d\n", i);
    fprintf(file, "_pose_head_x:\n");
    for (int i = 0; i < NUM_POSES; i++)
        fprintf(file, "        .byte %d\n", (int)poses[i].head.x & 255);
    fprintf(file, "_pose_head_y:\n");
    for (int i = 0; i < NUM_POSES; i++)
        fprintf(file, "        .byte %d\n", (int)poses[i].head.y & 255);
    fprintf(file, "_pose_head_kind:\n");
    for (int i = 0; i < NUM_POSES; i++)
        fprintf(file, "        .byte %d\n", poses[i].head_kind & 255);
    fprintf(file, "_nt_arena:\n");
    put_rle(file, arena, 1024);
    fprintf(file, "_nt_title:\n");
    put_rle(file, title, 1024);
    if (fclose(file)) fail("cannot write art.s");
    put_chr(argv[1]);
    return 0;
}
