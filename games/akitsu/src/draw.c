/* draw.c - see draw.h. Tiles are at word $1000, sprites at $4000. */
#include "draw.h"
#include "round.h"
#include "video.h"

#define TILES 0x1000
#define FIRST_TILE 0x100
#define PATTERNS 0x4000
#define ATTRIBUTES_LARGE 0x1180 /* 32 x 32, before the tiles */
#define ATTRIBUTES_SMALL 0x0080

extern const u8 art_font[], colours_sky[];
extern const u16 art_ship[], art_bolt[], art_beam[];
extern const char art_characters[];

/* Patterns in the order of art.txt: the large ones, eight units of 64 bytes each, then the small
 * ones. */
enum { LARGE_SHIP, LARGE_DRONE, LARGE_HUSK, LARGE_MIRROR, LARGE_WASP, LARGE_BURST, NUM_LARGE };
enum { SMALL_BOLT, SMALL_HEAVY, SMALL_LANCE, SMALL_FAN, SMALL_PELLET, NUM_SMALL };
#define PATTERN_LARGE(n) (PATTERNS / 32 + (n)*8)
#define PATTERN_SMALL(n) (PATTERNS / 32 + NUM_LARGE * 8 + (n)*2)
#define PATTERN_BEAM (PATTERNS / 32 + NUM_LARGE * 8 + 16)
#define PATTERN_MARK (PATTERN_BEAM + 8)
enum { COLOURS_SHIP, COLOURS_SHOTS = 5 };

static u8 glyph[128]; /* a character's tile, from FIRST_TILE on */
static u8 n, row, tile_colours;
static u16 *next_sprite;

static void send(const void *from, u16 bytes, u16 to)
{
    video_at(to);
    video_src = from;
    video_bytes = bytes;
    video_copy();
}

/* The font's points are colour 1. */
static void send_font(void)
{
    const u8 *points = art_font;
    for (n = 0; n < 128; ++n) glyph[n] = 0;
    video_at(TILES);
    for (n = 0; n < 16; ++n) video_put(0);
    for (n = 0; art_characters[n]; ++n) {
        glyph[art_characters[n]] = n + 1;
        for (row = 0; row < 8; ++row) video_put(*points++);
        for (row = 0; row < 8; ++row) video_put(0);
    }
}

void draw_init(void)
{
    video_init();
    send_font();
    send(art_ship, NUM_LARGE * 512, PATTERNS);
    send(art_bolt, NUM_SMALL * 128, PATTERNS + NUM_LARGE * 256);
    send(art_beam, 512 + 128, PATTERN_BEAM * 32);
    video_src = colours_sky;
    colours_set(0);
    video_src = colours_sky + 32;
    colours_set(16);
    for (n = 0; n < 6; ++n) {
        video_src = colours_sky + 64 + n * 32;
        colours_set(256 + n * 16);
    }
    for (n = 0; n < 255; ++n) sprites[n] = 0;
    video_on();
}

static void put(u8 tile)
{
    video_put(FIRST_TILE + tile + ((u16)tile_colours << 12));
}

void draw_text(u8 at_row, u8 column, const char *text)
{
    video_at(at_row * 32 + column);
    while (*text) put(glyph[*text++]);
}

/* The whole map: stars where a small generator says so, always the same. */
static void draw_stars(void)
{
    u16 at, seed = 7;
    tile_colours = 0;
    video_at(0);
    for (at = 0; at < 1024; ++at) {
        seed = seed * 77 + 13;
        n = (u8)(seed >> 8);
        put(n < 14 ? glyph['.'] : n < 22 ? glyph[','] : 0);
    }
}

static const char *const title_rows[5] = {
    " ##  #  # ### ###  ### #  #", "#  # # #   #   #  #    #  #", "#### ##    #   #   ##  #  #",
    "#  # # #   #   #     # #  #", "#  # #  # ###  #  ###   ## ",
};

void draw_title(void)
{
    draw_stars();
    tile_colours = 1;
    for (row = 0; row < 5; ++row) draw_text(6 + row, 2, title_rows[row]);
    tile_colours = 0;
    draw_text(20, 11, "PUSH RUN");
    draw_level();
}

static void put_number(u8 value)
{
    put(glyph['0' + value / 10]);
    put(glyph['0' + value % 10]);
}

void draw_level(void)
{
    draw_text(17, 11, "LEVEL ");
    put(glyph['0' + level]);
}

void draw_field(void)
{
    draw_stars();
    draw_text(1, 24, "LEVEL ");
    put(glyph['0' + level]);
    draw_text(0, 1, "TIME");
    draw_text(0, 13, "LEFT");
    draw_text(0, 23, "SCORE");
}

void draw_numbers(void)
{
    video_at(6);
    put_number(timer);
    video_at(18);
    put_number(enemies_left);
    video_at(29);
    n = (u8)(score / 10);
    put_number(n);
    put(glyph['0']);
    video_at(32 + 1);
    for (n = 0; n < 6; ++n) put(n < hp ? glyph['*'] : 0);
}

/* A sprite around its middle. */
static void large(u8 x, u8 y, u16 pattern, u8 colours)
{
    *next_sprite++ = y + (64 - 16);
    *next_sprite++ = x + (32 - 16);
    *next_sprite++ = pattern;
    *next_sprite++ = ATTRIBUTES_LARGE | colours;
}

static void small(u8 x, u8 y, u16 pattern)
{
    *next_sprite++ = y + (64 - 8);
    *next_sprite++ = x + (32 - 8);
    *next_sprite++ = pattern;
    *next_sprite++ = ATTRIBUTES_SMALL | COLOURS_SHOTS;
}

static void draw_beam(void)
{
    if (!beam_state) return;
    for (n = 32; n < 224; n += 32) {
        if (beam_state != BEAM_BURNS) { /* its edges */
            if (beam_state == BEAM_FOLLOWS && frame_count[0] & 4) return;
            if (beam_x >= BEAM_HALF) small(beam_x - BEAM_HALF, n, PATTERN_MARK);
            if (beam_x < 256 - BEAM_HALF) small(beam_x + BEAM_HALF, n, PATTERN_MARK);
            continue;
        }
        if (beam_x >= 32) large(beam_x - 32, n, PATTERN_BEAM, COLOURS_SHOTS);
        large(beam_x, n, PATTERN_BEAM, COLOURS_SHOTS);
        if (beam_x < 224) large(beam_x + 32, n, PATTERN_BEAM, COLOURS_SHOTS);
    }
}

void draw_sprites(void)
{
    next_sprite = (u16 *)sprites;
    if (screen == SCREEN_ROUND) {
        for (n = 0; n < NUM_SHOTS; ++n)
            if (shot_kind[n]) small(shot_x[n], shot_y[n], PATTERN_SMALL(shot_kind[n] - 1));
        for (n = 0; n < NUM_PELLETS; ++n)
            if (pellet_y[n]) small(pellet_x[n], pellet_y[n], PATTERN_SMALL(SMALL_PELLET));
        if (charge > 12) { /* what it gathers before its nose, and that it is full */
            if (charge < CHARGE_FULL)
                small(ship_x, SHIP_Y - 22, PATTERN_SMALL(SMALL_FAN));
            else
                small(ship_x, SHIP_Y - 22, PATTERN_SMALL(SMALL_HEAVY));
        }
        if (!(safe & 4) || dash || !hp)
            large(ship_x, SHIP_Y, PATTERN_LARGE(hp ? LARGE_SHIP : LARGE_BURST),
                  hp ? COLOURS_SHIP : COLOURS_SHOTS);
        for (n = 0; n < NUM_ENEMIES; ++n) {
            if (enemy_kind[n])
                large(enemy_x[n], enemy_y[n], PATTERN_LARGE(enemy_kind[n]), enemy_kind[n]);
            if (burst_left[n])
                large(burst_x[n], burst_y[n], PATTERN_LARGE(LARGE_BURST), COLOURS_SHOTS);
        }
        draw_beam();
    }
    while (next_sprite < (u16 *)(sprites + 512)) {
        *next_sprite = 0; /* above the picture */
        next_sprite += 4;
    }
}
