/* test_crew.c - games in worker processes: a real core, our own game, and deaths. */
#include "crew.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "masher.h"
#include "note.h"
#include "training.h"
#include "why.h"

static preset_t *preset;
static char rom[1024];
static const char *core;

static int load(void **state)
{
    (void)state;
    why_t why = "";
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    core = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so";
    if (preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) return 0;
    print_error("%s\n", why);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    preset_free(preset);
    return 0;
}

static crew_config_t config_for(int32_t members)
{
    return (crew_config_t){ .core_path = core,
                            .content_path = rom,
                            .preset = preset,
                            .start = preset_default_start(preset),
                            .num_members = members,
                            .discount_per_step = 0.99f,
                            .max_idle_frames = 30,
                            .seed = 5 };
}

/* The newest child of this process, by /proc. */
static pid_t a_child(void)
{
    DIR *proc = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *entry; (entry = readdir(proc));) {
        char path[300], name[64];
        int pid, parent;
        snprintf(path, sizeof path, "/proc/%.200s/stat", entry->d_name);
        FILE *stat = fopen(path, "r");
        if (!stat) continue;
        if (fscanf(stat, "%d (%63[^)]) %*c %d", &pid, name, &parent) == 3 && parent == getpid() &&
            pid > found)
            found = pid;
        fclose(stat);
    }
    closedir(proc);
    return found;
}

static void test_members_play_the_same_game_for_the_same_seed(void **state)
{
    (void)state;
    why_t why = "";
    static uint8_t obs[2][PLAYER_OBS_BYTES];
    float returns[2] = { 0, 0 };
    for (int round = 0; round < 2; round++) {
        crew_t *crew;
        crew_turn_t turn;
        const crew_config_t config = config_for(1);
        if (!crew_start(&crew, &config, why)) fail_msg("%s", why);
        crew_reset(crew, 0);
        assert_true(crew_collect(crew, 0, &turn, why));
        assert_false(turn.has_outcome);
        for (int d = 0; d < 120; d++) {
            crew_act(crew, 0, d * 7 % preset_num_actions(preset));
            assert_true(crew_collect(crew, 0, &turn, why));
            assert_true(turn.has_outcome);
            returns[round] += turn.outcome.reward * (float)(d + 1);
        }
        memcpy(obs[round], turn.obs, PLAYER_OBS_BYTES);
        assert_true(crew_frames(crew) > 480);
        crew_stop(crew);
    }
    assert_memory_equal(obs[0], obs[1], PLAYER_OBS_BYTES);
    assert_true(returns[0] == returns[1] && returns[0] != 0);
}

static void test_a_member_that_is_killed_is_named_and_plays_on(void **state)
{
    (void)state;
    why_t why = "";
    crew_t *crew;
    crew_turn_t turn;
    const crew_config_t config = config_for(1);
    if (!crew_start(&crew, &config, why)) fail_msg("%s", why);
    crew_reset(crew, 0);
    assert_true(crew_collect(crew, 0, &turn, why));
    const pid_t child = a_child();
    assert_true(child > 0);
    kill(child, SIGSEGV);
    crew_act(crew, 0, 0);
    assert_true(crew_collect(crew, 0, &turn, why));
    assert_true(turn.crashed);
    assert_false(turn.has_outcome);
    assert_non_null(strstr(why, "nestopia"));
    assert_non_null(strstr(why, "SIGSEGV"));
    assert_int_equal(crew_crashes(crew), 1);
    crew_act(crew, 0, 0);
    assert_true(crew_collect(crew, 0, &turn, why));
    assert_true(turn.has_outcome && !turn.crashed);

    bool alive = true; /* and one that dies again and again is given up */
    for (int death = 0; death < 20 && alive; death++) {
        kill(a_child(), SIGKILL);
        crew_act(crew, 0, 0);
        alive = crew_collect(crew, 0, &turn, why);
        assert_true(turn.crashed);
    }
    assert_false(alive);
    assert_non_null(strstr(why, "given up"));
    crew_stop(crew);
}

static void test_what_cannot_start_says_why(void **state)
{
    (void)state;
    why_t why = "";
    crew_t *crew;
    crew_config_t config = config_for(1);
    config.content_path = "no/such.nes";
    assert_false(crew_start(&crew, &config, why));
    assert_null(crew);
    assert_non_null(strstr(why, "no/such.nes"));
    config = config_for(2);
    config.core_path = "presets/README.md";
    assert_false(crew_start(&crew, &config, why));
    assert_non_null(strstr(why, "README.md"));
    config = config_for(0);
    assert_false(crew_start(&crew, &config, why));
    assert_non_null(strstr(why, "workers must be 1..256"));
    config = config_for(1);
    config.start = 999;
    assert_false(crew_start(&crew, &config, why));
    assert_non_null(strstr(why, "start"));
}

static void test_pictures_come_when_they_are_wanted(void **state)
{
    (void)state;
    why_t why = "";
    crew_t *crew;
    crew_turn_t turn;
    int32_t width, height;
    const crew_config_t config = config_for(1);
    if (!crew_start(&crew, &config, why)) fail_msg("%s", why);
    crew_reset(crew, 0);
    assert_true(crew_collect(crew, 0, &turn, why));
    assert_null(crew_picture(crew, 0, &width, &height));
    crew_want_pictures(crew, 0, true);
    crew_act(crew, 0, 1);
    assert_true(crew_collect(crew, 0, &turn, why));
    const uint8_t *rgb = crew_picture(crew, 0, &width, &height);
    assert_non_null(rgb);
    assert_true(width >= 240 && height >= 200);
    int colours = 0;
    for (int i = 1; i < width * height; i++) colours += memcmp(rgb, rgb + 3 * i, 3) != 0;
    assert_true(colours > 1000);
    crew_stop(crew);
}

static void test_one_game_is_trained_once_at_a_time(void **state)
{
    (void)state;
    char dir[600], left[700];
    why_t why = "";
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/crew-once", tmp ? tmp : "/tmp");
    training_config_t config;
    training_config_defaults(&config, preset_num_actions(preset));
    const crew_config_t crew = config_for(1);
    config.crew = crew;
    config.dir = dir;
    training_t *first, *second;
    if (!training_open(&first, &config, why)) fail_msg("%s", why);
    assert_false(training_open(&second, &config, why));
    assert_null(second);
    assert_non_null(strstr(why, "another training of this game is running"));
    assert_true(training_save(first, why));
    training_close(first);

    snprintf(left, sizeof left, "%s/agent.safetensors.tmp-Ab12Cd", dir);
    fclose(fopen(left, "w")); /* a save that was killed */
    if (!training_open(&first, &config, why)) fail_msg("%s", why);
    assert_true(training_resumed(first));
    assert_int_not_equal(access(left, F_OK), 0);
    training_close(first);
}

/* Whoever stands still is hit, on either pad. */
static void test_a_masher_plays_on_the_other_pad(void **state)
{
    (void)state;
    for (uint32_t port = 0; port < 2; port++)
        for (int32_t plays = 0; plays < 2; plays++) {
            why_t why = "";
            crew_t *crew;
            crew_turn_t turn;
            crew_config_t config = config_for(1);
            config.start = preset_find_start(preset, "versus");
            config.port = port;
            config.against_masher = plays;
            if (!crew_start(&crew, &config, why)) fail_msg("%s", why);
            crew_reset(crew, 0);
            if (!crew_collect(crew, 0, &turn, why)) fail_msg("%s", why);
            float lost = 0;
            for (int32_t d = 0; d < 500; d++) {
                crew_act(crew, 0, 0);
                if (!crew_collect(crew, 0, &turn, why)) fail_msg("%s", why);
                if (turn.outcome.reward < 0) lost -= turn.outcome.reward;
            }
            assert_true(plays ? lost > 0 : lost == 0);
            crew_stop(crew);
        }
}

static void test_a_masher_presses_anything_but_start(void **state)
{
    (void)state;
    masher_t masher, same;
    int32_t num_left = 0, num_right = 0, num_up = 0, num_down = 0, num_a = 0, num_b = 0;
    masher_init(&masher, preset, 3);
    masher_init(&same, preset, 3);
    for (int32_t f = 0; f < 20000; f++) {
        const uint16_t pad = masher_next(&masher);
        assert_int_equal(masher_next(&same), pad);
        assert_int_equal(pad & (1 << 2 | 1 << 3), 0);
        num_left += (pad & MACRO_LEFT) != 0;
        num_right += (pad & MACRO_RIGHT) != 0;
        num_up += (pad & MACRO_UP) != 0;
        num_down += (pad & MACRO_DOWN) != 0;
        num_b += pad & 1;
        num_a += pad >> 8 & 1;
    }
    /* a third each, an eighth each; a pad is kept for 5.5 frames in the mean, so 3,600 draws */
    const int32_t counts[4] = { num_left, num_right, num_up, num_down };
    for (int32_t i = 0; i < 4; i++) assert_in_range(counts[i], 5900, 7450);
    assert_in_range(num_a, 1900, 3100);
    assert_in_range(num_b, 1900, 3100);
}

static void test_notes_tell_agents_of_other_actions_apart(void **state)
{
    (void)state;
    static char note[NOTE_BYTES];
    char why[512] = "", *line;
    assert_false(note_make(note, 40, preset, 0));
    assert_true(note_make(note, sizeof note, preset, 1));
    assert_true(note_fits(note, preset, why));
    assert_non_null(strstr(note, "\nport=2\n"));
    line = strstr(strstr(note, "action=") + 1, "action="); /* the second: forward */
    assert_non_null(line);
    const char held = line[7];
    line[7] = '3';
    assert_false(note_fits(note, preset, why));
    assert_non_null(strstr(why, "action 2 is 3"));
    line[7] = held;
    *strstr(note, "action=") = '\0';
    assert_false(note_fits(note, preset, why));
    assert_non_null(strstr(why, "0 actions"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_play_the_same_game_for_the_same_seed),
        cmocka_unit_test(test_a_member_that_is_killed_is_named_and_plays_on),
        cmocka_unit_test(test_what_cannot_start_says_why),
        cmocka_unit_test(test_pictures_come_when_they_are_wanted),
        cmocka_unit_test(test_a_masher_plays_on_the_other_pad),
        cmocka_unit_test(test_a_masher_presses_anything_but_start),
        cmocka_unit_test(test_one_game_is_trained_once_at_a_time),
        cmocka_unit_test(test_notes_tell_agents_of_other_actions_apart),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
