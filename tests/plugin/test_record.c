/* kata_record: what humans hold while a real core plays is saved, and their moves are found in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../comma_locale.h"
#include "files.h"
#include "kit.h"
#include "mine.h"
#include "preset.h"
#include "recording.h"
#include "why.h"
#include "../leaky_cores.h"

enum { PAD_A = 256, KUMITE_FACING = 0x316, KUMITE_SPECIALS = 0x332, MAX_HELD = 20000 };

static uint16_t held[MAX_HELD]; /* by the human on the first pad, frame by frame */
static int num_held;

static int forget(void **state)
{
    (void)state;
    kit_forget();
    num_held = 0;
    return 0;
}

/* A frame of the human's, as the frontend shows it. */
static void hold(frontend_t *front, uint16_t pad, int num_frames)
{
    front->pad[0] = pad;
    for (int i = 0; i < num_frames && num_held < MAX_HELD; i++) {
        held[num_held++] = pad;
        frontend_run(front, 1);
    }
}

static void open_recording(frontend_t *front, const char *value)
{
    kit_open(front);
    frontend_set_option(front, "kata_record", value);
    if (!frontend_load(front, kit_kumite)) fail_msg("%s", front->messages[0]);
}

/* The recordings of Kumite: how many there are, and the path of the last. */
static int count_recordings(char path[4096])
{
    char dir[2048];
    int count = 0;
    snprintf(dir, sizeof dir, "%s/recordings", kit_game_dir(kit_kumite));
    DIR *listing = opendir(dir);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (entry->d_name[0] == '.') continue;
        assert_non_null(strstr(entry->d_name, ".kata-recording"));
        snprintf(path, 4096, "%s/%s", dir, entry->d_name);
        count++;
    }
    if (listing) closedir(listing);
    return count;
}

/* Closes the game, and reads the only recording. */
static void close_and_read(frontend_t *front, recording_t *recording)
{
    char path[4096];
    why_t why;
    frontend_close(front);
    assert_int_equal(count_recordings(path), 1);
    if (!recording_read(recording, path, why)) fail_msg("%s", why);
}

static void expect_what_was_held(const recording_t *recording)
{
    assert_int_equal(recording->num_frames, num_held);
    for (int f = 0; f < num_held; f++)
        if (recording_pads(recording, 0)[f] != held[f])
            fail_msg("frame %d: 0x%x was held, 0x%x is recorded", f, held[f],
                     recording_pads(recording, 0)[f]);
}

/* ---- a human who plays Kumite ---- */

static uint32_t luck = 20260101;

static int below(int limit)
{
    luck = luck * 1664525u + 1013904223u;
    return (int)((luck >> 8) % (uint32_t)limit);
}

/* Sides turned round if the fighter looks left. */
static uint16_t facing(const frontend_t *front, uint16_t pad)
{
    const uint16_t sides = pad & (PAD_LEFT | PAD_RIGHT);
    if (!frontend_ram(front, KUMITE_FACING) || !sides) return pad;
    return pad ^ (sides == (PAD_LEFT | PAD_RIGHT) ? 0 : PAD_LEFT | PAD_RIGHT);
}

/* A hand is not a machine: each step two to six frames. */
static void throw_fireball(frontend_t *front)
{
    static const uint16_t steps[] = { PAD_DOWN, PAD_DOWN | PAD_RIGHT, PAD_RIGHT | PAD_B };
    const bool left = frontend_ram(front, KUMITE_FACING) != 0;
    for (int s = 0; s < 3; s++) {
        uint16_t pad = steps[s];
        if (left && (pad & PAD_RIGHT)) pad ^= PAD_RIGHT | PAD_LEFT;
        hold(front, pad, 4 + below(4) - 2);
    }
    hold(front, 0, 10 + below(40));
}

static void do_something_else(frontend_t *front)
{
    static const uint16_t moves[] = {
        PAD_RIGHT,           PAD_LEFT, PAD_DOWN, PAD_UP,           PAD_UP | PAD_RIGHT,
        PAD_DOWN | PAD_LEFT, PAD_B,    PAD_A,    PAD_DOWN | PAD_B, PAD_DOWN | PAD_A
    };
    hold(front, facing(front, moves[below(10)]), 2 + below(25));
    if (below(2)) hold(front, 0, 1 + below(20));
}

static void play(frontend_t *front, int num_frames)
{
    while (num_held < num_frames) {
        if (frontend_ram(front, KUMITE_SCREEN) == 1) {
            hold(front, 0, 30);
            hold(front, PAD_START, 3);
            hold(front, 0, 60);
        } else if (!frontend_ram(front, KUMITE_FIGHT_ACTIVE)) {
            hold(front, 0, 5);
        } else if (below(3) == 0) {
            throw_fireball(front);
        } else {
            do_something_else(front);
        }
    }
}

static void test_the_fireballs_of_a_human_are_found(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    open_recording(&front, "enabled");
    int specials = 0;
    for (int f = 500; f <= 7000; f += 500) {
        play(&front, f);
        const int now = frontend_ram(&front, KUMITE_SPECIALS);
        if (now > specials) specials = now;
    }
    assert_true(specials >= 5); /* the game saw them, too */
    close_and_read(&front, &recording);
    expect_what_was_held(&recording);
    assert_string_equal(recording.system, "nes");
    assert_string_equal(recording.game, "kumite");
    assert_int_equal(strlen(recording.sha1), 40);
    assert_true(recording.fps > 59 && recording.fps < 61);

    preset_t *preset;
    mine_t mine;
    mine_options_t options;
    why_t why;
    if (!preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) fail_msg("%s", why);
    mine_options_defaults(&options, preset_language(preset));
    const mine_track_t track = { .pads = recording_pads(&recording, 0),
                                 .num_frames = recording.num_frames };
    assert_true(mine_macros(&mine, &track, 1, &options, why));
    bool is_found = false;
    for (int32_t m = 0; m < mine.num_macros; m++) {
        const mine_macro_t *macro = &mine.macros[m];
        if (m < 3 && strcmp(macro->name, "236B") == 0 && strcmp(macro->family, "236P") == 0)
            is_found = macro->count >= 30;
    }
    assert_true(is_found);
    mine_free(&mine);
    preset_free(preset);
    recording_free(&recording);
}

static void test_nothing_is_written_unless_asked_for(void **state)
{
    (void)state;
    frontend_t front;
    char path[4096];
    open_recording(&front, "disabled");
    hold(&front, PAD_B, 30);
    frontend_close(&front);
    assert_int_equal(count_recordings(path), 0);

    open_recording(&front, "enabled"); /* nobody pressed anything */
    hold(&front, 0, 30);
    frontend_close(&front);
    assert_int_equal(count_recordings(path), 0);
}

/* RetroArch sets the user's locale. What is written down in its process is read everywhere, a frame
 * rate that is no whole number too. */
static void test_the_frontends_locale_is_in_no_file(void **state)
{
    (void)state;
    const char *build = getenv("KATA_BUILD");
    char core[2048], rom[2048], command[4096];
    snprintf(core, sizeof core, "%s/tests/plugin/cores/lazy_libretro.so",
             build ? build : "build/release");
    kit_install(core, "lazy", "nes");
    strcpy(rom, kit_path("game.nes"));
    kit_write(rom, "1", 1);
    for (int i = 0; i < COMMA_NUM_LOCALES; i++) {
        frontend_t front;
        recording_t recording;
        why_t why;
        kit_forget();
        comma_locale_begin(i);
        kit_open(&front);
        frontend_set_option(&front, "kata_record", "enabled");
        assert_true(frontend_load(&front, rom));
        hold(&front, PAD_B, 40);
        frontend_close(&front);
        comma_locale_end();
        snprintf(command, sizeof command, "cp %s/recordings/*.kata-recording %s", kit_game_dir(rom),
                 kit_path("recorded"));
        assert_int_equal(system(command), 0);
        if (!recording_read(&recording, kit_path("recorded"), why)) fail_msg("%s", why);
        assert_int_equal(recording.num_frames, 40);
        assert_true(recording.fps > 59.72 && recording.fps < 59.73);
        recording_free(&recording);
    }
    kit_uninstall();
}

static void test_two_games_in_a_second_are_two_files(void **state)
{
    (void)state;
    frontend_t front;
    char path[4096];
    for (int i = 0; i < 3; i++) {
        open_recording(&front, "enabled");
        hold(&front, PAD_B, 3);
        frontend_close(&front);
    }
    assert_int_equal(count_recordings(path), 3);
}

static void test_it_can_be_switched_while_the_game_runs(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    open_recording(&front, "disabled");
    frontend_run(&front, 20);
    frontend_set_option(&front, "kata_record", "enabled");
    hold(&front, PAD_B, 30);
    frontend_set_option(&front, "kata_record", "disabled");
    front.pad[0] = PAD_A;
    frontend_run(&front, 20);
    frontend_set_option(&front, "kata_record", "enabled");
    hold(&front, PAD_DOWN, 10);
    front.core.reset();
    hold(&front, PAD_UP, 10);
    close_and_read(&front, &recording);
    expect_what_was_held(&recording);
    assert_int_equal(recording.num_segments, 3);
    assert_int_equal(recording.segments[1], 30);
    assert_int_equal(recording.segments[2], 40);
    recording_free(&recording);
}

/* As RetroArch does with one instance: a hidden frame that counts, its state, a shown one that does
 * not, the state again. */
static void test_run_ahead_records_each_frame_once(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    kit_open(&front);
    front.without_masks = true; /* the pads are asked for button by button */
    frontend_set_option(&front, "kata_record", "enabled");
    assert_true(frontend_load(&front, kit_kumite));
    const size_t num_bytes = front.core.serialize_size();
    uint8_t *bytes = calloc(1, num_bytes);
    for (int i = 0; i < 300; i++) {
        front.hidden = true;
        hold(&front, i % 7 == 0 ? PAD_B : (uint16_t)(i % 50 < 20 ? PAD_LEFT : 0), 1);
        assert_true(front.core.serialize(bytes, num_bytes));
        frontend_run(&front, 1);
        front.hidden = false;
        frontend_run(&front, 1);
        assert_true(front.core.unserialize(bytes, num_bytes));
    }
    free(bytes);
    close_and_read(&front, &recording);
    expect_what_was_held(&recording);
    assert_int_equal(recording.num_segments, 1);
    recording_free(&recording);
}

/* A person who practises: the same state again and again. */
static void test_a_loaded_state_begins_a_segment(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    open_recording(&front, "enabled");
    const size_t num_bytes = front.core.serialize_size();
    uint8_t *bytes = calloc(1, num_bytes);
    hold(&front, PAD_DOWN, 10);
    assert_true(front.core.serialize(bytes, num_bytes));
    for (int i = 0; i < 3; i++) {
        hold(&front, PAD_B, 40 + i);
        assert_true(front.core.unserialize(bytes, num_bytes));
    }
    hold(&front, PAD_A, 5);
    free(bytes);
    close_and_read(&front, &recording);
    expect_what_was_held(&recording);
    assert_int_equal(recording.num_segments, 4);
    assert_int_equal(recording.segments[1], 50);
    assert_int_equal(recording.segments[3], 133);
    recording_free(&recording);
}

/* Two instances: the frontend plays in one and shows the other. */
static void test_the_second_instance_writes_nothing(void **state)
{
    (void)state;
    frontend_t front;
    char path[4096];
    open_recording(&front, "enabled");
    front.second = true;
    hold(&front, PAD_B, 30);
    frontend_close(&front);
    assert_int_equal(count_recordings(path), 0);
}

/* What the agent and the start script hold is nobody's; what the human takes over is his. */
static void test_only_humans_are_recorded(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    kit_learn(kit_kumite, NULL);
    kit_open(&front);
    frontend_set_option(&front, "kata_record", "enabled");
    frontend_set_option(&front, "kata_takeover", "1");
    assert_true(frontend_load(&front, kit_kumite));
    front.pad[1] = PAD_LEFT;
    frontend_run(&front, 400); /* the script, then the agent, against a human */
    front.pad[1] = 0;
    front.pad[0] = PAD_UP;
    frontend_run(&front, 10);
    front.pad[0] = 0;
    frontend_run(&front, 90);
    frontend_close(&front);
    char path[4096];
    why_t why;
    assert_int_equal(count_recordings(path), 1);
    if (!recording_read(&recording, path, why)) fail_msg("%s", why);
    assert_int_equal(recording.num_ports, 2);
    int first[2] = { 0 }, second = 0;
    for (int f = 0; f < recording.num_frames; f++) {
        if (recording_pads(&recording, 0)[f]) first[f >= 400]++;
        second += recording_pads(&recording, 1)[f] == PAD_LEFT;
    }
    assert_int_equal(first[0], 0);
    assert_int_equal(first[1], 10);
    assert_in_range(second, 150, 399); /* from when the script let go */
    recording_free(&recording);
}

static void wait_for_a_recording(void)
{
    char path[4096];
    for (int i = 0; i < 600 && count_recordings(path) == 0; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
    assert_int_equal(count_recordings(path), 1);
}

enum { LONG_ENOUGH = 1800 + 60 }; /* plugin/record.h: when it saves */

static void hold_for_long(frontend_t *front)
{
    while (num_held < LONG_ENOUGH) hold(front, num_held % 140 ? PAD_B : PAD_RIGHT, 70);
}

static void test_a_crash_loses_half_a_minute_at_most(void **state)
{
    (void)state;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        frontend_t front;
        open_recording(&front, "enabled");
        hold_for_long(&front);
        for (;;) pause();
    }
    wait_for_a_recording();
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);

    char path[4096];
    why_t why;
    recording_t recording;
    assert_int_equal(count_recordings(path), 1);
    if (!recording_read(&recording, path, why)) fail_msg("%s", why);
    assert_true(recording.num_frames >= 1800 && recording.num_frames <= LONG_ENOUGH);
    for (int f = 0; f < recording.num_frames; f++)
        assert_int_equal(recording_pads(&recording, 0)[f], f / 70 % 2 ? PAD_B : PAD_RIGHT);
    recording_free(&recording);
}

static void test_what_was_saved_meanwhile_is_saved_whole_at_the_end(void **state)
{
    (void)state;
    frontend_t front;
    recording_t recording;
    open_recording(&front, "enabled");
    hold_for_long(&front);
    wait_for_a_recording();
    hold(&front, PAD_DOWN, 50);
    close_and_read(&front, &recording);
    expect_what_was_held(&recording);
    recording_free(&recording);
}

/* The folder cannot be made: it is said, and nothing is left behind. */
static void test_a_recording_that_cannot_be_saved_is_said(void **state)
{
    (void)state;
    frontend_t front;
    char path[4096];
    why_t why;
    if (!files_make_dirs(kit_game_dir(kit_kumite), why)) fail_msg("%s", why);
    snprintf(path, sizeof path, "%s/recordings", kit_game_dir(kit_kumite));
    kit_write(path, "a file", 6);
    open_recording(&front, "enabled"); /* at once, not when the evening is over */
    assert_true(frontend_was_told(&front, "nothing is recorded: "));
    hold(&front, PAD_B, 30);
    frontend_close(&front);
    assert_false(frontend_was_told(&front, "the recording is lost"));

    assert_int_equal(remove(path), 0); /* it was well in the beginning */
    open_recording(&front, "enabled");
    assert_false(frontend_was_told(&front, "nothing is recorded: "));
    hold(&front, PAD_B, 30);
    assert_int_equal(remove(path), 0);
    kit_write(path, "a file", 6);
    frontend_close(&front);
    assert_true(frontend_was_told(&front, "the recording is lost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_fireballs_of_a_human_are_found, forget),
        cmocka_unit_test_setup(test_nothing_is_written_unless_asked_for, forget),
        cmocka_unit_test_setup(test_the_frontends_locale_is_in_no_file, forget),
        cmocka_unit_test_setup(test_two_games_in_a_second_are_two_files, forget),
        cmocka_unit_test_setup(test_it_can_be_switched_while_the_game_runs, forget),
        cmocka_unit_test_setup(test_run_ahead_records_each_frame_once, forget),
        cmocka_unit_test_setup(test_a_loaded_state_begins_a_segment, forget),
        cmocka_unit_test_setup(test_the_second_instance_writes_nothing, forget),
        cmocka_unit_test_setup(test_only_humans_are_recorded, forget),
        cmocka_unit_test_setup(test_a_crash_loses_half_a_minute_at_most, forget),
        cmocka_unit_test_setup(test_what_was_saved_meanwhile_is_saved_whole_at_the_end, forget),
        cmocka_unit_test_setup(test_a_recording_that_cannot_be_saved_is_said, forget),
    };
    return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
