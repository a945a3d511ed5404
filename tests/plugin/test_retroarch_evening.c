/* An evening in RetroArch: what a new user did, each under Xvfb. The plugin, the inner core and
 * their .info are where RetroArch's Online Updater puts them (row 3: where Debian has them, too),
 * put there by `kata install`; RetroArch loads the installed plugin. test_retroarch.c and
 * test_retroarch_netplay.c have Debian's folders.
 *
 *     row                                test
 *      1 a tap on the title              test_a_tap_on_the_title_and_a_button_the_game_has_not
 *      2 a direction held while resetting  test_a_direction_held_through_a_reset
 *      3 savestates, rewind              test_states_and_rewind_as_debian_lays_it, the updater too
 *        run-ahead                       test_retroarch.c: test_running_ahead_shows_the_same_game
 *      4 cores in RetroArch's own folder   test_the_inner_core_beside_the_plugin_is_taken
 *      5 a match of two                  test_a_match_of_two_is_followed_by_one_of_two,
 *                                        test_without_a_way_a_reset_begins_one_of_two
 *      6 pad 2 in a game for one         test_pad_2_in_a_game_for_one_presses_nothing
 *      7 trained on level 3              test_it_plays_the_level_it_was_trained_on
 *      8 two evenings                    test_each_evening_is_another_fight
 *      9 netplay, the agent in the saves   test_retroarch_netplay.c
 *     10 netplay, other options          test_retroarch_netplay.c
 *     11 damaged or missing files        test_what_is_wrong_is_said_first; RetroArch's log has the
 *                                        whole sentence, what is on the screen is test_load.c's
 *     12 saves sorted                    test_the_agent_is_found_however_saves_are_sorted
 *     13 nothing but the plugin          test_the_plugin_alone_knows_the_preset
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stb/stb_image.h>

#include "retroarch_kit.h"

enum {
    CPU_LEVEL = 0x307,
    TWO_PLAYERS = 0x308,
    FRAME_COUNT = 0x309,
    ROUNDS_WON = 0x31c,
    SPARE = 0x7f0,
    SPARE_2,
    LIMIT_S = 240
};

typedef struct {
    const char *cores, *info; /* in kit_dir */
} layout_t;
static const layout_t debian = { "lib/libretro", "share/info" };
static const layout_t updater = { "user/retroarch/cores", "user/retroarch/info" };

/* 60 frames a second: what lasts for seconds in a game is not missed by a test that has to wait for
 * its processor. */
static const char at_its_speed[] = "vrr_runloop_enable = \"true\"\n";

/* RetroArch's configuration where Kata looks for it; RetroArch itself is told by --config. */
static void configure(const layout_t *layout)
{
    char config[4096];
    snprintf(config, sizeof config,
             "libretro_directory = \"%s/%s\"\nlibretro_info_path = \"%s/%s\"\n", kit_dir,
             layout->cores, kit_dir, layout->info);
    kit_write(kit_path("user/retroarch/retroarch.cfg"), config, strlen(config));
}

/* ---- one evening ----------------------------------------------------------------------------- */

typedef struct {
    pid_t retroarch;
    int s; /* network commands */
    const char *log;
} evening_t;

/* options: lines of Kata's core options; more: of RetroArch's configuration. frames: as for
 * ra_start_retroarch(). */
static pid_t start(const layout_t *layout, const char *log, const char *options, const char *more,
                   int port, int frames, const char *shot)
{
    char config[8192], options_path[2048], plugin[2048], name[128];
    strcpy(options_path, kit_path("evening.opt"));
    kit_write(options_path, options, strlen(options));
    snprintf(name, sizeof name, "%s/kata_libretro.so", layout->cores);
    strcpy(plugin, kit_path(name));
    snprintf(config, sizeof config,
             "libretro_directory = \"%s/%s\"\nlibretro_info_path = \"%s/%s\"\n"
             "global_core_options = \"true\"\ncore_options_path = \"%s\"\n"
             "network_cmd_enable = \"%s\"\nnetwork_cmd_port = \"%d\"\n"
             "input_player2_left = \"j\"\n%s",
             kit_dir, layout->cores, kit_dir, layout->info, options_path, port ? "true" : "false",
             port, more);
    const char *const args[] = { "-L", plugin, NULL };
    return ra_start_retroarch(kit_kumite, log, config, frames, shot, args);
}

static evening_t begin(const layout_t *layout, const char *log, const char *options,
                       const char *more)
{
    const int port = ra_free_port();
    evening_t evening = { .log = log };
    evening.retroarch = start(layout, log, options, more, port, 0, NULL);
    evening.s = ra_connect(port);
    return evening;
}

/* Whatever a test found is looked at when nothing runs any more. */
static void end(const evening_t *evening)
{
    ra_tell(evening->s, "QUIT\n");
    close(evening->s);
    const int code = ra_wait(evening->retroarch, 60, evening->log);
    if (code != 0) fail_msg("exit %d: %s", code, ra_log_end(evening->log));
}

/* So many frames shown, and nothing else. */
static void play_frames(const layout_t *layout, const char *log, const char *more, int frames,
                        const char *shot)
{
    const pid_t retroarch = start(layout, log, "", more, 0, frames, shot);
    const int code = ra_wait(retroarch, LIMIT_S, log);
    if (code != 0) fail_msg("exit %d: %s", code, ra_log_end(log));
}

static void assert_log_says(const char *log, const char *text)
{
    const char *const all = ra_log(log);
    if (strstr(all, text)) return;
    const char *line = strstr(all, "[libretro ");
    for (; line; line = strstr(line + 1, "[libretro "))
        print_error("%.*s\n", (int)strcspn(line, "\n"), line);
    fail_msg("\"%s\" is not in %s", text, log);
}

static bool fight_begins(int s)
{
    return ra_wait_for_byte(s, KUMITE_FIGHT_ACTIVE, 1, LIMIT_S);
}

/* Frames go by; how many of those that were looked at had something on this fighter's pad. */
static int count_presses(int s, int fighter, int num_frames)
{
    int presses = 0, before = ra_look(s, FRAME_COUNT);
    for (const double limit = ra_now_s() + LIMIT_S; num_frames > 0 && ra_now_s() < limit;) {
        const int frame = ra_look(s, FRAME_COUNT);
        if (frame < 0 || frame == before) continue;
        num_frames -= before < 0 ? 1 : (frame - before) & 0xff;
        before = frame;
        presses += ra_look(s, (unsigned)(KUMITE_PAD + fighter)) > 0;
    }
    if (num_frames > 0) return -1;
    return presses;
}

static bool agent_fights(int s, int fighter)
{
    for (const double limit = ra_now_s() + LIMIT_S; ra_now_s() < limit;)
        if (fight_begins(s) && count_presses(s, fighter, 40) >= 5) return true;
    return false;
}

/* The game stands still on its title. Where that is over already, by a reset. */
static bool stop_on_title(int s)
{
    for (const double limit = ra_now_s() + LIMIT_S; ra_now_s() < limit;) {
        char status[256] = "";
        const int screen = ra_look(s, KUMITE_SCREEN);
        if (screen == 2) ra_tell(s, "RESET\n");
        if (screen != 1) {
            if (screen != 0) ra_nap_ms(5);
            continue;
        }
        ra_tell(s, "PAUSE_TOGGLE\n");
        /* It counts in the next frame, before which any number of questions may be answered. */
        for (const double paused = ra_now_s() + 60; !strstr(status, "PAUSED"); ra_nap_ms(5)) {
            ra_ask(s, "GET_STATUS\n", status);
            if (ra_now_s() > paused) return false;
        }
        if (ra_look(s, KUMITE_SCREEN) == 1) return ra_focus_window();
        ra_tell(s, "PAUSE_TOGGLE\n");
    }
    return false;
}

/* Pressed for some frames, let go for some. */
static bool tap(int s, const char *key)
{
    return ra_press("keydown", key) && count_presses(s, 0, 4) >= 0 && ra_press("keyup", key) &&
           count_presses(s, 0, 4) >= 0;
}

static void poke(int s, unsigned address, int value)
{
    char command[64];
    snprintf(command, sizeof command, "WRITE_CORE_RAM %x %02x\n", address, (unsigned)value);
    for (int tries = 0; tries < 100; tries++) { /* RetroArch 1.14 answers nothing */
        ra_tell(s, command);
        if (ra_wait_for_byte(s, address, value, 2)) return;
    }
}

/* Fighter 0 or 1 loses the match that is on, his health being taken away. */
static bool lose_match(int s, int loser)
{
    for (int round = 0; round < 2; round++) {
        if (!fight_begins(s)) return false;
        poke(s, (unsigned)(KUMITE_HEALTH + loser), 0);
        if (!ra_wait_for_byte(s, (unsigned)(ROUNDS_WON + !loser), round + 1, LIMIT_S)) return false;
    }
    return true;
}

/* ---- rows 1, 2: the way to the fight --------------------------------------------------------- */

static void test_a_tap_on_the_title_and_a_button_the_game_has_not(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    const evening_t evening = begin(&updater, "tap.log", "", "");
    const int s = evening.s;
    /* RetroArch's key for L */
    const bool l_down = stop_on_title(s) && ra_press("keydown", "q");
    ra_tell(s, "PAUSE_TOGGLE\n");
    const bool with_l = l_down && agent_fights(s, 0), l_up = ra_press("keyup", "q");
    const char *const told = strstr(ra_log("tap.log"), "Kata: you play");

    ra_tell(s, "RESET\n");
    bool tapped = stop_on_title(s) && ra_press("keydown", "Right");
    ra_tell(s, "PAUSE_TOGGLE\n");
    tapped = tapped && ra_wait_for_byte(s, CPU_LEVEL, 2, LIMIT_S) && ra_press("keyup", "Right");
    const bool fights = tapped && agent_fights(s, 0);
    const int level = ra_look(s, CPU_LEVEL);
    end(&evening);
    assert_true(with_l);
    assert_true(l_up);
    assert_null(told);
    assert_true(tapped);
    assert_true(fights);
    assert_int_equal(level, 1); /* gone to anew: the tap had moved it */
    assert_log_says("tap.log", "Kata: you play");
}

static void test_a_direction_held_through_a_reset(void **state)
{
    (void)state;
    kit_learn_kumite("level1", NULL);
    const evening_t evening = begin(&updater, "held.log", "", "");
    const int s = evening.s;
    const bool held = fight_begins(s) && ra_focus_window() && ra_press("keydown", "Right") &&
                      ra_wait_for_byte(s, KUMITE_PAD, KUMITE_RIGHT, LIMIT_S);
    ra_tell(s, "RESET\n");
    const bool title =
        held && ra_wait_for_byte(s, KUMITE_SCREEN, 1, LIMIT_S) && count_presses(s, 0, 120) >= 0;
    const bool let_go = ra_press("keyup", "Right");
    const bool fights = title && agent_fights(s, 0);
    const int level = ra_look(s, CPU_LEVEL);
    end(&evening);
    assert_true(held);
    assert_true(title);
    assert_true(let_go);
    assert_true(fights);
    assert_int_equal(level, 1);
}

/* ---- rows 3, 4, 12, 13: how it is installed -------------------------------------------------- */

/* Of two bytes that the game does not use the second is changed later. A state from between the two
 * brings that back alone, where a game that begins anew has neither; so does rewinding. */
static void check_states_and_rewind(const layout_t *layout, const char *log)
{
    char name[128], info_path[2048], saved[2048];
    snprintf(name, sizeof name, "%s/kata_libretro.info", layout->info);
    strcpy(info_path, kit_path(name));
    assert_int_equal(access(info_path, R_OK), 0); /* by `kata install` */
    kit_learn_kumite("level1", NULL);
    strcpy(saved, kit_path("saves/kumite.state"));
    unlink(saved);
    const evening_t evening =
        begin(layout, log, "",
              "vrr_runloop_enable = \"true\"\n" /* as at_its_speed */
              "rewind_enable = \"true\"\nsavestate_thumbnail_enable = \"false\"\n"
              "savestate_file_compression = \"false\"");
    const int s = evening.s;
    bool ok = fight_begins(s) && ra_look(s, SPARE) == 0;
    poke(s, SPARE_2, 0x11);
    ok = ok && ra_wait_for_byte(s, SPARE_2, 0x11, LIMIT_S) && count_presses(s, 0, 20) >= 0;
    ra_tell(s, "SAVE_STATE\n");
    bool is_saved = false;
    for (const double limit = ra_now_s() + 120; ok && !is_saved && ra_now_s() < limit;) {
        ra_nap_ms(50);
        is_saved = access(saved, R_OK) == 0;
    }
    poke(s, SPARE, 0xab);
    ok = ok && ra_wait_for_byte(s, SPARE, 0xab, LIMIT_S) && count_presses(s, 0, 60) >= 0 &&
         ra_look(s, SPARE) == 0xab;
    ra_tell(s, "LOAD_STATE\n");
    const bool loaded = ok && ra_wait_for_byte(s, SPARE, 0, 60) && ra_look(s, SPARE_2) == 0x11;
    const bool fights = loaded && agent_fights(s, 0);

    poke(s, SPARE, 0xcd);
    ok = ok && ra_wait_for_byte(s, SPARE, 0xcd, LIMIT_S) && count_presses(s, 0, 60) >= 0;
    const bool rewound = ok && ra_focus_window() && ra_press("keydown", "r") &&
                         ra_wait_for_byte(s, SPARE, 0, 120) && ra_look(s, SPARE_2) == 0x11 &&
                         ra_press("keyup", "r");
    const bool fights_again = rewound && agent_fights(s, 0);
    end(&evening);
    if (!ok || !is_saved || !loaded || !fights || !rewound || !fights_again)
        fail_msg("played %d, saved %d, loaded %d, fights %d, rewound %d, fights %d: %s", ok,
                 is_saved, loaded, fights, rewound, fights_again, ra_log_end(log));
    assert_null(strstr(ra_log(log), "does not support"));
}

static void test_states_and_rewind_as_debian_lays_it(void **state)
{
    (void)state;
    check_states_and_rewind(&debian, "debian.log");
}

static void test_states_and_rewind_as_the_updater_lays_it(void **state)
{
    (void)state;
    check_states_and_rewind(&updater, "updater.log");
}

static void test_the_inner_core_beside_the_plugin_is_taken(void **state)
{
    (void)state;
    char line[2048];
    kit_learn_kumite("level1", NULL);
    configure(&debian); /* which has a nestopia, too: the plugin's own folder comes first */
    play_frames(&updater, "beside.log", "", 20, "beside.png");
    configure(&updater);
    snprintf(line, sizeof line, "kumite.nes runs in nestopia (%s/%s/nestopia_libretro.so)", kit_dir,
             updater.cores);
    assert_log_says("beside.log", line);
    assert_log_says("beside.log", "Kata: the agent for Kumite plays on pad 1");
}

static void test_the_agent_is_found_however_saves_are_sorted(void **state)
{
    (void)state;
    char command[8192], more[2048];
    kit_learn_kumite("level1", NULL);
    snprintf(command, sizeof command, "mkdir -p '%s/sorted' && cp -r '%s' '%s/sorted/kata'",
             kit_dir, kit_path("home"), kit_dir);
    assert_int_equal(system(command), 0);
    kit_forget();
    for (int by = 0; by < 4; by++) {
        snprintf(more, sizeof more,
                 "savefile_directory = \"%s\"\nsort_savefiles_enable = \"%s\"\n"
                 "sort_savefiles_by_content_enable = \"%s\"",
                 kit_path("sorted"), by & 1 ? "true" : "false", by & 2 ? "true" : "false");
        play_frames(&updater, "sorted.log", more, 20, "sorted.png");
        assert_log_says("sorted.log", "Kata: the agent for Kumite plays on pad 1");
    }
}

/* From a folder where no preset is: what it says of the game it knows by itself. */
static void test_the_plugin_alone_knows_the_preset(void **state)
{
    (void)state;
    char here[PATH_MAX];
    kit_forget();
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(kit_dir), 0);
    const pid_t retroarch = start(&updater, "alone.log", "", "", 0, 20, "alone.png");
    assert_int_equal(chdir(here), 0);
    assert_int_equal(ra_wait(retroarch, LIMIT_S, "alone.log"), 0);
    assert_log_says("alone.log", "Kata: no agent has learned Kumite yet");
}

/* ---- rows 5 to 8: what it plays -------------------------------------------------------------- */

/* without: a field that the preset lacks, or NULL. */
static void check_one_of_two_follows(const char *without)
{
    kit_learn_kumite("level1", without);
    const evening_t evening = begin(&updater, "two.log", "", at_its_speed);
    const int s = evening.s;
    /* Held, a direction keeps the pad the human's until the game is begun. */
    const bool stopped = stop_on_title(s) && ra_press("keydown", "Right");
    ra_tell(s, "PAUSE_TOGGLE\n");
    const bool begun = stopped && ra_wait_for_byte(s, CPU_LEVEL, 2, LIMIT_S) && tap(s, "Down") &&
                       tap(s, "Return") && fight_begins(s);
    const int first_for = ra_look(s, TWO_PLAYERS);
    const bool held = ra_press("keyup", "Right") && begun && ra_press("keydown", "j") &&
                      ra_wait_for_byte(s, KUMITE_PAD + 1, KUMITE_LEFT, LIMIT_S);
    const bool ok = held && ra_press("keyup", "j") && agent_fights(s, 0);
    const bool is_over = ok && lose_match(s, 1);
    const bool again = is_over && agent_fights(s, 0);
    const int next_for = ra_look(s, TWO_PLAYERS);
    end(&evening);
    if (!ok)
        fail_msg("stopped %d, begun %d, held %d: %s", stopped, begun, held, ra_log_end("two.log"));
    assert_int_equal(first_for, 1);
    assert_true(is_over);
    assert_true(again);
    assert_int_equal(next_for, 1);
}

/* By START on the winner's screen, which the preset names as a way. */
static void test_a_match_of_two_is_followed_by_one_of_two(void **state)
{
    (void)state;
    check_one_of_two_follows(NULL);
}

/* By a reset, as in all games whose preset names none. */
static void test_without_a_way_a_reset_begins_one_of_two(void **state)
{
    (void)state;
    check_one_of_two_follows("ways");
}

static void test_pad_2_in_a_game_for_one_presses_nothing(void **state)
{
    (void)state;
    kit_learn_kumite("level2", NULL);
    const evening_t evening = begin(&updater, "pad2.log", "kata_port = \"2\"\n", "");
    const int s = evening.s;
    bool ok = stop_on_title(s) && ra_press("keydown", "Right");
    ra_tell(s, "PAUSE_TOGGLE\n");
    ok = ok && ra_wait_for_byte(s, CPU_LEVEL, 2, LIMIT_S) && tap(s, "Return") && fight_begins(s) &&
         ra_press("keyup", "Right");
    const int presses = count_presses(s, 1, 600);
    const int players = ra_look(s, TWO_PLAYERS), level = ra_look(s, CPU_LEVEL);
    end(&evening);
    assert_true(ok);
    assert_int_equal(players, 0);
    assert_int_equal(presses, 0);
    assert_int_equal(level, 2);
    assert_log_says("pad2.log", "Kata: start a game for two: the agent waits for the fight");
}

static void test_it_plays_the_level_it_was_trained_on(void **state)
{
    (void)state;
    kit_learn_kumite("level3", NULL);
    const evening_t evening = begin(&updater, "level.log", "", at_its_speed);
    const int s = evening.s;
    const bool began = fight_begins(s);
    const int level = ra_look(s, CPU_LEVEL);
    const bool again = began && lose_match(s, 0) && agent_fights(s, 0);
    const int next_level = ra_look(s, CPU_LEVEL);
    end(&evening);
    assert_true(began);
    assert_int_equal(level, 3);
    assert_true(again);
    assert_int_equal(next_level, 3);
    assert_log_says("level.log", "plays on pad 1, trained on level3");
}

static bool are_same_picture(const char *name_a, const char *name_b)
{
    int width[2], height[2], channels;
    uint8_t *a = stbi_load(kit_path(name_a), &width[0], &height[0], &channels, 3);
    uint8_t *b = stbi_load(kit_path(name_b), &width[1], &height[1], &channels, 3);
    if (!a || !b) fail_msg("no picture %s or %s", name_a, name_b);
    assert_int_equal(width[0], width[1]);
    assert_int_equal(height[0], height[1]);
    const bool same = memcmp(a, b, (size_t)width[0] * (size_t)height[0] * 3) == 0;
    free(a);
    free(b);
    return same;
}

static void test_each_evening_is_another_fight(void **state)
{
    (void)state;
    enum { FRAMES = 400 };
    char seed[32];
    kit_learn_kumite("level1", NULL);
    snprintf(seed, sizeof seed, "%s", getenv("KATA_SEED"));
    play_frames(&updater, "seed.log", "", FRAMES, "seed1.png");
    play_frames(&updater, "seed.log", "", FRAMES, "seed2.png");
    assert_true(are_same_picture("seed1.png", "seed2.png"));
    unsetenv("KATA_SEED");
    bool differs = false; /* 31 lengths of waiting: seven alike are one in 31^6 */
    play_frames(&updater, "luck.log", "", FRAMES, "first.png");
    for (int evening = 0; evening < 6 && !differs; evening++) {
        play_frames(&updater, "luck.log", "", FRAMES, "next.png");
        differs = !are_same_picture("first.png", "next.png");
    }
    setenv("KATA_SEED", seed, 1);
    assert_true(differs);
}

/* ---- row 11: what is wrong ------------------------------------------------------------------- */

static void test_what_is_wrong_is_said_first(void **state)
{
    (void)state;
    char path[2048];
    static const struct {
        const char *file, *content, *says;
    } rows[] = {
        { "agent.safetensors", "garbage",
          "/agent.safetensors: is too short for a safetensors file" },
        { "preset.json", "{\"kata_preset\": 1,", "/preset.json: " },
        { NULL, NULL, "Kata: no agent has learned Kumite yet; train one: kata train kumite.nes" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        kit_forget();
        if (rows[r].file) {
            kit_learn_kumite("level1", NULL);
            snprintf(path, sizeof path, "%s/%s", kit_game_dir(kit_kumite), rows[r].file);
            kit_write(path, rows[r].content, strlen(rows[r].content));
        }
        play_frames(&updater, "wrong.log", "", 20, "wrong.png");
        assert_log_says("wrong.log", rows[r].says);
        if (rows[r].file) assert_log_says("wrong.log", ", its agent is in ");
        assert_null(strstr(ra_log("wrong.log"), "plays on pad"));
    }
}

/* ---- folders --------------------------------------------------------------------------------- */

/* Both layouts, each with the plugin by `kata install` and nestopia. */
static int set_up(void **state)
{
    char command[PATH_MAX + 4096];
    if (ra_setup(state) != 0) return -1;
    ra_put_nestopia();
    if (mkdir(kit_path("saves"), 0700) != 0 || mkdir(kit_path(updater.cores), 0700) != 0 ||
        mkdir(kit_path(updater.info), 0700) != 0)
        return -1;
    configure(&updater);
    snprintf(command, sizeof command,
             "'%s/kata' install >'%s/updater.install' && cd '%s' && "
             "cp %s/nestopia_libretro.so %s/ && cp %s/nestopia_libretro.info %s/",
             ra_build_dir, kit_dir, kit_dir, debian.cores, updater.cores, debian.info,
             updater.info);
    return system(command) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tap_on_the_title_and_a_button_the_game_has_not),
        cmocka_unit_test(test_a_direction_held_through_a_reset),
        cmocka_unit_test(test_states_and_rewind_as_debian_lays_it),
        cmocka_unit_test(test_states_and_rewind_as_the_updater_lays_it),
        cmocka_unit_test(test_the_inner_core_beside_the_plugin_is_taken),
        cmocka_unit_test(test_a_match_of_two_is_followed_by_one_of_two),
        cmocka_unit_test(test_without_a_way_a_reset_begins_one_of_two),
        cmocka_unit_test(test_pad_2_in_a_game_for_one_presses_nothing),
        cmocka_unit_test(test_it_plays_the_level_it_was_trained_on),
        cmocka_unit_test(test_each_evening_is_another_fight),
        cmocka_unit_test(test_what_is_wrong_is_said_first),
        cmocka_unit_test(test_the_agent_is_found_however_saves_are_sorted),
        cmocka_unit_test(test_the_plugin_alone_knows_the_preset),
    };
    return cmocka_run_group_tests(tests, set_up, ra_teardown);
}
