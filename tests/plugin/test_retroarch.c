/* The whole way in the real frontend: RetroArch under Xvfb loads Kata with Kumite, the agent plays,
 * a key takes the pad, and running ahead shows the same game.
 *
 * RetroArch runs as fast as it can, in a folder of its own, and is asked over its network commands.
 * Frames that must be the same are taken by --max-frames, which counts them exactly.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stb/stb_image.h>

#include "retroarch_kit.h"

#include "../zip_file.h"

static int learned_setup(void **state)
{
    if (ra_setup(state) != 0) return -1;
    kit_learn(kit_kumite, NULL);
    return 0;
}

/* ---- pictures ---- */

typedef struct {
    int width, height;
    uint8_t *rgb;
} picture_t;

static picture_t load_picture(const char *path)
{
    picture_t picture;
    int channels;
    picture.rgb = stbi_load(path, &picture.width, &picture.height, &channels, 3);
    if (!picture.rgb) fail_msg("%s: no picture: %s", path, stbi_failure_reason());
    return picture;
}

/* False: none came. */
static bool take_screenshot(int s, int number, picture_t *picture)
{
    glob_t found;
    char pattern[2048];
    strcpy(pattern, kit_path("kumite-*.png"));
    ra_tell(s, "SCREENSHOT\n");
    for (int tries = 0; tries < 1200; tries++, ra_nap_ms(50)) {
        if (glob(pattern, 0, NULL, &found) != 0) continue;
        const bool there = (int)found.gl_pathc >= number;
        if (there) {
            ra_nap_ms(300); /* it is written by a thread */
            *picture = load_picture(found.gl_pathv[number - 1]);
        }
        globfree(&found);
        if (there) return true;
    }
    return false;
}

static int count_colours(const picture_t *picture)
{
    static uint8_t seen[1 << 15];
    memset(seen, 0, sizeof seen);
    int count = 0;
    for (int i = 0; i < picture->width * picture->height; i++) {
        const uint8_t *p = picture->rgb + 3 * i;
        const int at = p[0] >> 3 << 10 | p[1] >> 3 << 5 | p[2] >> 3;
        count += !seen[at];
        seen[at] = 1;
    }
    return count;
}

static bool pixels_differ(const picture_t *a, const picture_t *b, int x, int y)
{
    const size_t at = 3 * ((size_t)y * (size_t)a->width + (size_t)x);
    return memcmp(a->rgb + at, b->rgb + at, 3) != 0;
}

/* Pixels that differ where the fighters stand. */
static int count_moved(const picture_t *a, const picture_t *b)
{
    int count = 0;
    for (int y = a->height * 6 / 10; y < a->height * 95 / 100; y++)
        for (int x = 0; x < a->width; x++) count += pixels_differ(a, b, x, y);
    return count;
}

static void assert_same_picture(const char *name_a, const char *name_b)
{
    const picture_t a = load_picture(kit_path(name_a)), b = load_picture(kit_path(name_b));
    assert_int_equal(a.width, b.width);
    assert_int_equal(a.height, b.height);
    int count = 0;
    for (int y = 0; y < a.height; y++)
        for (int x = 0; x < a.width; x++) count += pixels_differ(&a, &b, x, y);
    if (count) fail_msg("%s and %s differ in %d pixels", name_a, name_b, count);
    assert_in_range(count_colours(&a), 8, 64);
    free(a.rgb);
    free(b.rgb);
}

/* ---- tests ---- */

/* Frames in which the agent pressed something, and in which each fighter stood elsewhere than at
 * first; asked until there are enough, for rounds have pauses. */
static void watch_the_fight(int s, int *presses, int moved[2])
{
    const int x[2] = { ra_look(s, KUMITE_X), ra_look(s, KUMITE_X + 1) };
    for (const double end = ra_now_s() + 240; ra_now_s() < end;) {
        *presses += ra_peek(s, KUMITE_PAD) > 0;
        for (unsigned f = 0; f < 2; f++) {
            const int now = ra_peek(s, KUMITE_X + f);
            moved[f] += now >= 0 && now != x[f];
        }
        if (*presses >= 60 && moved[0] >= 20 && moved[1] >= 20) return;
    }
}

static void test_the_agent_plays_and_a_key_takes_the_pad(void **state)
{
    (void)state;
    char more[128];
    const int port = ra_free_port();
    snprintf(more, sizeof more, "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"", port);
    const pid_t retroarch = ra_start_retroarch(kit_kumite, "play.log", more, 0, NULL, NULL);
    const int s = ra_connect(port);
    int presses = 0, moved[2] = { 0, 0 }, num_moved_px = 0, colours[2] = { 0, 0 };
    bool taken = false, held = true, quiet = false, again = false;
    char status[256] = "";

    const bool began = ra_wait_for_byte(s, KUMITE_FIGHT_ACTIVE, 1, 240);
    picture_t first = { 0 }, second = { 0 };
    bool shot = began && take_screenshot(s, 1, &first);
    if (shot) watch_the_fight(s, &presses, moved);
    ra_nap_ms(1100); /* screenshots are named by the second */
    shot = shot && take_screenshot(s, 2, &second);
    if (shot) {
        num_moved_px = count_moved(&first, &second);
        colours[0] = count_colours(&first);
        colours[1] = count_colours(&second);

        /* A human's key. No action of this agent jumps. */
        taken = ra_focus_window() && ra_press("keydown", "Up") &&
                ra_wait_for_byte(s, KUMITE_PAD, KUMITE_UP, 60);
        for (int i = 0; i < 20; i++) held = held && ra_look(s, KUMITE_PAD) == KUMITE_UP;
        quiet = ra_press("keyup", "Up") && ra_wait_for_byte(s, KUMITE_PAD, 0, 60);
        for (const double end = ra_now_s() + 240; !again && ra_now_s() < end;)
            again = ra_peek(s, KUMITE_PAD) > 0;
        /* RetroArch 1.20 to 1.22 copy the .info's systemid unchecked: without one they die here. */
        for (int tries = 0; tries < 120 && !ra_ask(s, "GET_STATUS\n", status); tries++) {
        }
    }
    ra_tell(s, "QUIT\n");
    close(s);
    const int code = ra_wait(retroarch, 60, "play.log");
    if (!began || !shot || code != 0)
        fail_msg("fight %d, screenshots %d, exit %d: %s", began, shot, code,
                 ra_log_end("play.log"));
    assert_in_range(presses, 60, 1 << 20);
    assert_in_range(moved[0], 20, 1 << 20);
    assert_in_range(moved[1], 20, 1 << 20);
    assert_in_range(colours[0], 8, 64); /* a picture of Kumite, not black */
    assert_in_range(colours[1], 8, 64);
    assert_in_range(num_moved_px, 100, 1 << 20);
    assert_true(taken);
    assert_true(held);
    assert_true(quiet);
    assert_true(again); /* let go: the agent plays */
    if (strncasecmp(status, "GET_STATUS PLAYING kata,kumite,", 31) != 0)
        fail_msg("status: %s", status);
    assert_non_null(strstr(ra_log("play.log"), "Kata: the agent for Kumite plays on pad 1"));
    assert_non_null(strstr(ra_log("play.log"), "SET_SUPPORT_ACHIEVEMENTS: no"));
    free(first.rgb);
    free(second.rgb);
}

static void shoot(const char *log, const char *more, int frames, const char *shot)
{
    const pid_t retroarch = ra_start_retroarch(kit_kumite, log, more, frames, shot, NULL);
    const int code = ra_wait(retroarch, 300, log);
    if (code != 0) fail_msg("exit %d: %s", code, ra_log_end(log));
}

/* One frame ahead shows in frame n what is shown in frame n + 1 otherwise, if the agent plays the
 * same game: real frames hidden and saved, shown ones undone. With a second instance the plugin
 * and its inner core are there twice. */
static void test_running_ahead_shows_the_same_game(void **state)
{
    (void)state;
    static const int frames[] = { 420, 700 };
    ra_put_nestopia();
    for (int i = 0; i < 2; i++) {
        shoot("plain.log", "", frames[i] + 1, "plain.png");
        shoot("ahead.log",
              "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
              "run_ahead_secondary_instance = \"false\"",
              frames[i], "ahead.png");
        assert_null(strstr(ra_log("ahead.log"), "Run-Ahead unavailable"));
        assert_same_picture("plain.png", "ahead.png");
    }
    shoot("second.log",
          "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
          "run_ahead_secondary_instance = \"true\"",
          frames[1], "second.png");
    const char *loaded = strstr(ra_log("second.log"), "runs in nestopia");
    assert_non_null(loaded);
    assert_non_null(strstr(loaded + 1, "runs in nestopia"));
    assert_same_picture("plain.png", "second.png");
}

/* Sent as a .kata file, the agent plays on another's machine what it plays at home. */
static void test_an_agent_that_was_sent_plays_the_same_game(void **state)
{
    (void)state;
    enum { FRAMES = 700 };
    char command[PATH_MAX + 4096];
    shoot("home.log", "", FRAMES, "home.png");
    snprintf(command, sizeof command,
             "mkdir -p '%s' && '%s/kata' export '%s' --with-agent --name ryu --out '%s' >/dev/null",
             kit_path("saves/kata"), ra_build_dir, kit_kumite, kit_path("saves/kata/ryu.kata"));
    assert_int_equal(system(command), 0);
    kit_forget();
    shoot("sent.log", "", FRAMES, "sent.png");
    assert_non_null(strstr(ra_log("sent.log"), "the agent \"ryu\" was put beside yours"));
    assert_non_null(strstr(ra_log("sent.log"), "Kata: the agent \"ryu\" for Kumite plays"));
    assert_same_picture("home.png", "sent.png");
}

static void test_content_that_does_not_load_is_explained(void **state)
{
    (void)state;
    char rom[2048];
    strcpy(rom, kit_path("garbage.nes"));
    kit_write(rom, "garbage", 7);
    const pid_t retroarch = ra_start_retroarch(rom, "garbage.log", "", 10, "garbage.png", NULL);
    ra_wait(retroarch, 240, "garbage.log");
    assert_non_null(strstr(ra_log("garbage.log"), "garbage.nes: Nestopia does not open it"));
}

/* RetroArch leaves archives whole: an arcade core gets its zip, and a game inside is unpacked. */
static void test_archives(void **state)
{
    (void)state;
    static uint8_t bytes[1 << 17];
    char zip[2048];
    FILE *file = fopen(kit_kumite, "rb");
    assert_non_null(file);
    const size_t num_bytes = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    ra_put_own_core("arcade", "zip|7z", "");
    strcpy(zip, kit_path("fighter.zip"));
    zip_file_write(zip, &(zip_entry_t){ "cpu.01", "code", 4 }, 1);
    pid_t retroarch = ra_start_retroarch(zip, "arcade.log", "", 20, "arcade.png", NULL);
    assert_int_equal(ra_wait(retroarch, 240, "arcade.log"), 0);
    assert_non_null(strstr(ra_log("arcade.log"), "fighter.zip runs in arcade"));

    strcpy(zip, kit_path("Kumite again.zip"));
    zip_file_write(zip, &(zip_entry_t){ "roms/Kumite.nes", bytes, num_bytes }, 1);
    retroarch = ra_start_retroarch(zip, "zipped.log", "", 20, "zipped.png", NULL);
    assert_int_equal(ra_wait(retroarch, 240, "zipped.log"), 0);
    assert_non_null(strstr(ra_log("zipped.log"), "Kumite.nes runs in nestopia"));
    assert_non_null(strstr(ra_log("zipped.log"), " for Kumite plays on pad 1"));
}

/* Chosen in RetroArch's Controls menu and saved, the agent's type of controller is at port 2 when
 * the game is loaded. */
static void test_the_controls_menu_gives_pad_2_to_the_agent(void **state)
{
    (void)state;
    char more[4096], remap[64];
    const int port = ra_free_port();
    kit_learn_kumite("level1", NULL);
    assert_int_equal(mkdir(kit_path("remaps"), 0700), 0);
    assert_int_equal(mkdir(kit_path("remaps/Kata"), 0700), 0);
    snprintf(remap, sizeof remap, "input_libretro_device_p2 = \"%d\"\n",
             RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 0x4b41));
    kit_write(kit_path("remaps/Kata/Kata.rmp"), remap, strlen(remap));
    snprintf(more, sizeof more,
             "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"\n"
             "auto_remaps_enable = \"true\"\ninput_remapping_directory = \"%s\"",
             port, kit_path("remaps"));
    const pid_t retroarch = ra_start_retroarch(kit_kumite, "controls.log", more, 0, NULL, NULL);
    const int s = ra_connect(port);
    const bool began = ra_wait_for_byte(s, KUMITE_FIGHT_ACTIVE, 1, 240);
    const int two_players = began ? ra_look(s, 0x308) : -1;
    int presses[2] = { 0, 0 };
    for (const double end = ra_now_s() + 240; began && presses[1] < 60 && ra_now_s() < end;)
        for (unsigned pad = 0; pad < 2; pad++) presses[pad] += ra_peek(s, KUMITE_PAD + pad) > 0;
    ra_tell(s, "QUIT\n");
    close(s);
    assert_int_equal(ra_wait(retroarch, 60, "controls.log"), 0);
    if (!strstr(ra_log("controls.log"), "the agent's pad is pad 2"))
        fail_msg("%s", ra_log_end("controls.log"));
    assert_int_equal(two_players, 1);
    assert_int_equal(presses[0], 0);
    assert_int_equal(presses[1], 60);
    kit_learn(kit_kumite, NULL);
}

/* The file of options that RetroArch keeps names a start: it is gone to, though RetroArch was shown
 * options before Kata knew the game, and the file still names it afterwards. */
static void test_a_start_that_was_chosen_another_evening(void **state)
{
    (void)state;
    static const char saved[] = "kata_start = \"level3\"\n";
    char more[4096], options[2048];
    const int port = ra_free_port();
    kit_learn_kumite("level1", NULL);
    strcpy(options, kit_path("options.cfg"));
    kit_write(options, saved, strlen(saved));
    snprintf(more, sizeof more,
             "network_cmd_enable = \"true\"\nnetwork_cmd_port = \"%d\"\n"
             "global_core_options = \"true\"\ncore_options_path = \"%s\"",
             port, options);
    const pid_t retroarch = ra_start_retroarch(kit_kumite, "start.log", more, 0, NULL, NULL);
    const int s = ra_connect(port);
    const bool began = ra_wait_for_byte(s, KUMITE_FIGHT_ACTIVE, 1, 240);
    const int level = began ? ra_look(s, 0x307) : -1;
    ra_tell(s, "QUIT\n");
    close(s);
    assert_int_equal(ra_wait(retroarch, 60, "start.log"), 0);
    assert_int_equal(level, 3);
    assert_non_null(strstr(ra_log("start.log"), ", goes to level3"));
    if (!strstr(ra_log("options.cfg"), saved)) fail_msg("%s", ra_log_end("options.cfg"));
    kit_learn(kit_kumite, NULL);
}

/* A second instance gets no context of the graphics card: such a core would call through NULL. */
static void test_no_running_ahead_with_a_core_that_cannot(void **state)
{
    (void)state;
    static const char second[] = "run_ahead_enabled = \"true\"\nrun_ahead_frames = \"1\"\n"
                                 "run_ahead_secondary_instance = \"true\"";
    static const struct {
        const char *states, *says;
    } rows[] = { { RA_DETERMINISTIC, "context draws with the graphics card: no run-ahead" },
                 { "savestate = \"true\"\nsavestate_features = \"serialized\"",
                   "context promises savestates that are only serialized: no run-ahead" } };
    char game[2048];
    strcpy(game, kit_path("game.vec"));
    kit_write(game, "x", 1);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        ra_put_own_core("context", "vec", rows[r].states);
        const pid_t retroarch =
            ra_start_retroarch(game, "context.log", second, 60, "context.png", NULL);
        assert_int_equal(ra_wait(retroarch, 240, "context.log"), 0);
        const char *log = ra_log("context.log");
        if (!strstr(log, rows[r].says) || !strstr(log, "[Run-Ahead]")) fail_msg("%s", log);
        const char *loaded = strstr(log, "runs in context");
        assert_non_null(loaded);
        if (strstr(loaded + 1, "runs in context")) fail_msg("%s", log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_agent_plays_and_a_key_takes_the_pad),
        cmocka_unit_test(test_running_ahead_shows_the_same_game),
        cmocka_unit_test(test_an_agent_that_was_sent_plays_the_same_game),
        cmocka_unit_test(test_content_that_does_not_load_is_explained),
        cmocka_unit_test(test_archives),
        cmocka_unit_test(test_the_controls_menu_gives_pad_2_to_the_agent),
        cmocka_unit_test(test_a_start_that_was_chosen_another_evening),
        cmocka_unit_test(test_no_running_ahead_with_a_core_that_cannot),
    };
    return cmocka_run_group_tests(tests, learned_setup, ra_teardown);
}
