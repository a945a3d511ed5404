/* kata_overlay and kata_mode coach: what is drawn into the picture, in any format, size and turn;
 * that it changes nothing else; that a coach presses nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit.h"
#include "pixel_font.h"
#include "../leaky_cores.h"

enum { PAD_AT = 8, NUM_FRAMES = 200 };

static const char preset[] =
    "{\"kata_preset\": 1, \"game\": \"Painted\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    " \"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 1, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4},"
    " \"actions\": {\"primitives\": [{\"name\": \"Left\", \"pad\": \"4\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623A\"}, {\"name\": \"Spin\", \"notation\": \"214A\"},"
    "   {\"name\": \"Sweep\", \"notation\": \"2A,2B\"}]},"
    " \"similarity\": {\"rows\": [\"4\", \"236B\"], \"upper\": [[0.5]]}}";

static char rom[2048];
static unsigned quarters;
static uint32_t ink = 0xffffff;

/* game: as painted_core.c reads it. mode, overlay: options; NULL: the default. */
static void open_painted(frontend_t *front, const char *game, const char *mode, const char *overlay)
{
    const char *build = getenv("KATA_BUILD");
    char core[2048];
    snprintf(core, sizeof core, "%s/tests/plugin/cores/painted_libretro.so",
             build ? build : "build/release");
    kit_forget();
    kit_uninstall();
    kit_install(core, "painted", "nes");
    strcpy(rom, kit_path("game.nes"));
    kit_write(rom, game, strlen(game));
    kit_learn(rom, preset);
    kit_open(front);
    if (mode) frontend_set_option(front, "kata_mode", mode);
    if (overlay) frontend_set_option(front, "kata_overlay", overlay);
    if (!frontend_load(front, rom)) fail_msg("%s", front->messages[0]);
}

static void close_painted(frontend_t *front)
{
    frontend_close(front);
    kit_uninstall();
    kit_forget();
}

/* ---- reading the picture --------------------------------------------------------------------- */

static bool is_inked(const frontend_t *front, int32_t x, int32_t y)
{
    const int32_t w = (int32_t)front->width, h = (int32_t)front->height;
    const int32_t fx = quarters == 0   ? x
                       : quarters == 1 ? w - 1 - y
                       : quarters == 2 ? w - 1 - x
                                       : y;
    const int32_t fy = quarters == 0   ? y
                       : quarters == 1 ? x
                       : quarters == 2 ? h - 1 - y
                                       : h - 1 - x;
    if (fx < 0 || fy < 0 || fx >= w || fy >= h) return false;
    return (front->pixels[fy * w + fx] & 0xf8f8f8) == (ink & 0xf8f8f8);
}

static bool stands_at(const frontend_t *front, const char *text, int32_t x, int32_t y, int32_t sx,
                      int32_t sy)
{
    for (const char *at = text; *at; at++) {
        pixel_glyph_t glyph;
        pixel_font_glyph((unsigned char)*at, &glyph);
        for (int32_t row = 0; row < PIXEL_FONT_ROWS; row++)
            for (int32_t dot = 0; dot < glyph.width; dot++)
                if (is_inked(front, x + dot * sx, y + row * sy) != (glyph.rows[row] >> dot & 1))
                    return false;
        x += (glyph.width + PIXEL_FONT_GAP) * sx;
    }
    return true;
}

/* Letters of the ink anywhere in the picture as the viewer sees it. */
static bool shows(const frontend_t *front, const char *text)
{
    const int32_t wide = (int32_t)front->width, high = (int32_t)front->height;
    const int32_t w = quarters & 1 ? high : wide, h = quarters & 1 ? wide : high;
    const int32_t sx = w >= 480 ? 2 : 1, sy = h >= 440 ? 2 : 1;
    for (int32_t y = 0; y < h; y++)
        for (int32_t x = 0; x < w; x++)
            if (stands_at(front, text, x, y, sx, sy)) return true;
    return false;
}

/* Frames run until the text stands there. */
static bool comes_to_show(frontend_t *front, const char *text, int most)
{
    for (int i = 0; i < most; i++) {
        if (shows(front, text)) return true;
        frontend_run(front, 1);
    }
    return false;
}

static uint64_t hash_of_ram(const frontend_t *front)
{
    uint64_t hash = 0;
    for (size_t at = 0; at < 256; at++) {
        const uint8_t byte = frontend_ram(front, at);
        hash = frontend_hash(hash, &byte, 1);
    }
    return hash;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_it_can_be_read_in_each_format_size_and_turn(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 160, 144 }, { 240, 160 }, { 256, 240 },
                                    { 384, 224 }, { 512, 448 }, { 640, 480 } };
    for (int s = 0; s < 6; s++)
        for (int format = 0; format < 3; format++) {
            frontend_t *front = calloc(1, sizeof *front);
            assert_non_null(front);
            quarters = (unsigned)(s + format) % 4;
            char game[64];
            snprintf(game, sizeof game, "%d %d %d %u n", format, sizes[s][0], sizes[s][1],
                     quarters);
            open_painted(front, game, NULL, "small");
            frontend_run(front, 30);
            if (!shows(front, "P1 agent")) fail_msg("%s", game);
            frontend_set_option(front, "kata_overlay", "full");
            frontend_run(front, 30);
            if (!shows(front, "P1 agent") || !shows(front, "\2\3\6")) fail_msg("%s", game);
            assert_int_equal(front->width, sizes[s][0]);
            close_painted(front);
            free(front);
        }
    quarters = 0;
}

/* The picture beside what is drawn, the memory, the agent's pads, the states: as without. */
static void test_all_but_the_picture_is_as_without_it(void **state)
{
    (void)state;
    static const char *const overlays[] = { "off", "small", "full", "similarity" };
    static frontend_t front;
    static uint64_t ram[NUM_FRAMES], video[NUM_FRAMES];
    uint8_t *first_state = NULL;
    size_t num_bytes = 0;
    for (int o = 0; o < 4; o++) {
        open_painted(&front, "1 256 240 0 n", NULL, overlays[o]);
        int same_pictures = 0;
        for (int i = 0; i < NUM_FRAMES; i++) {
            if (o > 0 && i == NUM_FRAMES - 20) frontend_set_option(&front, "kata_overlay", "off");
            frontend_run(&front, 1);
            if (o == 0) {
                ram[i] = hash_of_ram(&front);
                video[i] = front.video_hash;
            }
            assert_true(ram[i] == hash_of_ram(&front));
            same_pictures += video[i] == front.video_hash;
        }
        assert_int_equal(same_pictures, o == 0 ? NUM_FRAMES : 20);
        if (o == 0) num_bytes = front.core.serialize_size();
        assert_int_equal(front.core.serialize_size(), num_bytes);
        uint8_t *saved = calloc(1, num_bytes);
        assert_non_null(saved);
        assert_true(front.core.serialize(saved, num_bytes));
        if (o == 0)
            first_state = saved;
        else
            assert_memory_equal(first_state, saved, num_bytes);
        if (o > 0) free(saved);
        close_painted(&front);
    }
    free(first_state);
}

/* What is drawn stays within the panels: rows between them are the core's own. */
static void test_the_small_one_leaves_the_game_free(void **state)
{
    (void)state;
    static frontend_t front;
    static uint32_t plain[256 * 240];
    open_painted(&front, "2 256 240 0 n", NULL, "off");
    frontend_run(&front, 40);
    memcpy(plain, front.pixels, sizeof plain);
    close_painted(&front);
    open_painted(&front, "2 256 240 0 n", NULL, "small");
    frontend_run(&front, 40);
    assert_memory_equal(plain, front.pixels, 256 * 200 * 4);
    assert_memory_not_equal(plain, front.pixels, sizeof plain);
    close_painted(&front);
}

static void test_pictures_that_are_not_there_are_passed_on(void **state)
{
    (void)state;
    static frontend_t front;
    open_painted(&front, "1 256 240 0 h", NULL, "full");
    frontend_run(&front, 20);
    assert_ptr_equal(front.shown, RETRO_HW_FRAME_BUFFER_VALID);
    close_painted(&front);
    open_painted(&front, "1 256 240 0 d", NULL, "full");
    for (int i = 1; i <= 20; i++) {
        frontend_run(&front, 1);
        if (i % 2 == 0)
            assert_null(front.shown);
        else
            assert_non_null(front.shown);
        if (!shows(&front, "P1 agent"))
            fail_msg("frame %d: %s", i, front.status); /* the frontend shows the last one again */
    }
    close_painted(&front);
}

static void test_a_coach_shows_three_moves_and_presses_nothing(void **state)
{
    (void)state;
    static frontend_t front;
    static uint64_t ram[NUM_FRAMES];
    static const uint16_t pads[4] = { 0, PAD_LEFT, PAD_DOWN | PAD_B, PAD_START };
    for (int coached = 0; coached < 2; coached++) {
        open_painted(&front, "0 256 224 0 n", coached ? "coach" : "off", NULL);
        for (int i = 0; i < NUM_FRAMES; i++) {
            front.pad[0] = pads[i / 25 % 4];
            front.pad[1] = pads[i / 40 % 4];
            frontend_run(&front, 1);
            if (!coached) ram[i] = hash_of_ram(&front);
            assert_true(ram[i] == hash_of_ram(&front));
            if (i == 120) front.core.reset();
        }
        if (coached) {
            assert_string_equal(front.status, "you play | the agent advises pad 1");
            assert_true(shows(&front, "\2\3\6") || shows(&front, "\6\2\3") ||
                        shows(&front, "\2\1\4"));
        }
        close_painted(&front);
    }
}

/* On a real game: no start script, nothing but the human's own buttons in a whole minute. */
static void test_a_coach_leaves_the_game_to_the_human(void **state)
{
    (void)state;
    static frontend_t front;
    quarters = 0;
    kit_uninstall();
    kit_learn_kumite(NULL, NULL);
    kit_open(&front);
    frontend_set_option(&front, "kata_mode", "coach");
    assert_true(frontend_load(&front, kit_kumite));
    for (int i = 0; i < 1200 && frontend_ram(&front, KUMITE_FIGHT_ACTIVE) != 1; i++) {
        front.pad[0] = i > 300 && i % 40 < 4 ? PAD_START : 0; /* through the menus */
        if (i == 299) assert_int_equal(frontend_ram(&front, KUMITE_SCREEN), 1);
        frontend_run(&front, 1);
    }
    assert_int_equal(frontend_ram(&front, KUMITE_FIGHT_ACTIVE), 1);
    front.pad[0] = 0;
    frontend_run(&front, 4);
    for (int i = 0; i < 3000; i++) {
        frontend_run(&front, 1);
        assert_int_equal(frontend_ram(&front, KUMITE_PAD), 0);
    }
    assert_false(frontend_was_told(&front, "the agent plays"));
    frontend_close(&front);
    kit_forget();
}

static void test_rounds_are_counted(void **state)
{
    (void)state;
    static frontend_t front;
    kit_learn_kumite(NULL, NULL);
    kit_open(&front);
    frontend_set_option(&front, "kata_overlay", "small");
    frontend_set_option(&front, "kata_takeover", "disabled");
    assert_true(frontend_load(&front, kit_kumite));
    frontend_run(&front, 30);
    assert_string_equal(front.status, ""); /* the line is in the picture */
    bool was_fighting = false;
    int rounds = 0;
    for (int i = 0; i < 12000 && rounds == 0; i++) {
        frontend_run(&front, 1);
        const bool fights = frontend_ram(&front, KUMITE_FIGHT_ACTIVE) == 1;
        rounds += was_fighting && !fights;
        was_fighting = fights;
    }
    assert_int_equal(rounds, 1);
    ink = 0x58d068;
    assert_true(comes_to_show(&front, "won 0 of 1", 10) || comes_to_show(&front, "won 1 of 1", 10));
    ink = 0xffffff;
    frontend_close(&front);
    kit_forget();
}

static void test_modes_and_overlays_change_at_any_time(void **state)
{
    (void)state;
    static const char *const modes[] = { "play", "coach", "off", "learn" };
    static const char *const overlays[] = { "off", "small", "full", "similarity" };
    static frontend_t front;
    unsigned draw = 11;
    size_t num_bytes;
    open_painted(&front, "2 320 224 0 n", "play", "full");
    num_bytes = front.core.serialize_size();
    uint8_t *saved = calloc(1, num_bytes);
    assert_non_null(saved);
    assert_true(front.core.serialize(saved, num_bytes));
    const char *mode = "play";
    for (int i = 0; i < 120; i++) {
        draw = draw * 1664525u + 1013904223u;
        if ((draw >> 8 & 3) == 0)
            frontend_set_option(&front, "kata_mode", mode = modes[draw >> 10 & 3]);
        if ((draw >> 12 & 1) == 0)
            frontend_set_option(&front, "kata_overlay", overlays[draw >> 14 & 3]);
        if ((draw >> 16 & 7) == 0) assert_true(front.core.serialize(saved, num_bytes));
        if ((draw >> 19 & 7) == 0) assert_true(front.core.unserialize(saved, num_bytes));
        if ((draw >> 22 & 15) == 0) front.core.reset();
        front.hidden = (draw >> 26 & 3) == 0;
        for (int frame = 0; frame < 5; frame++) {
            frontend_run(&front, 1);
            const int pad = frontend_ram(&front, PAD_AT) | frontend_ram(&front, PAD_AT + 1) << 8;
            if (strcmp(mode, "coach") == 0 || strcmp(mode, "off") == 0) assert_int_equal(pad, 0);
        }
    }
    free(saved);
    close_painted(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_can_be_read_in_each_format_size_and_turn),
        cmocka_unit_test(test_all_but_the_picture_is_as_without_it),
        cmocka_unit_test(test_the_small_one_leaves_the_game_free),
        cmocka_unit_test(test_pictures_that_are_not_there_are_passed_on),
        cmocka_unit_test(test_a_coach_shows_three_moves_and_presses_nothing),
        cmocka_unit_test(test_a_coach_leaves_the_game_to_the_human),
        cmocka_unit_test(test_rounds_are_counted),
        cmocka_unit_test(test_modes_and_overlays_change_at_any_time),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
