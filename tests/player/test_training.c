/* test_training.c - one training of a game at a time, and agents of other actions told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void test_one_game_is_trained_once_at_a_time(void **state)
{
    (void)state;
    char dir[600], left[700];
    why_t why = "";
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/training-once", tmp ? tmp : "/tmp");
    training_config_t config;
    training_config_defaults(&config, preset_num_actions(preset));
    config.actors.actor.core_path = core;
    config.actors.actor.content_path = rom;
    config.actors.actor.preset = preset;
    config.actors.actor.start = preset_default_start(preset);
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

static void test_notes_tell_agents_of_other_actions_apart(void **state)
{
    (void)state;
    static char note[NOTE_BYTES];
    char *line;
    why_t why = "";
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
        cmocka_unit_test(test_one_game_is_trained_once_at_a_time),
        cmocka_unit_test(test_notes_tell_agents_of_other_actions_apart),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
