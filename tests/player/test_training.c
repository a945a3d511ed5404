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

#include "kumite.h"
#include "note.h"
#include "training.h"
#include "why.h"

static void test_one_game_is_trained_once_at_a_time(void **state)
{
    (void)state;
    char dir[600], left[700];
    why_t why = "";
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/training-once", tmp ? tmp : "/tmp");
    training_config_t config;
    training_config_defaults(&config, preset_num_actions(kumite_preset));
    config.actors.actor.core_path = kumite_core;
    config.actors.actor.content_path = kumite_rom;
    config.actors.actor.preset = kumite_preset;
    config.actors.actor.start = preset_default_start(kumite_preset);
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
    assert_false(note_make(note, 40, kumite_preset, 0, 0));
    assert_true(note_make(note, sizeof note, kumite_preset, 2, 1));
    assert_true(note_fits(note, kumite_preset, why));
    assert_non_null(strstr(note, "\nport=2\n"));
    line = strstr(strstr(note, "action=") + 1, "action="); /* the second: forward */
    assert_non_null(line);
    const char held = line[7];
    line[7] = '3';
    assert_false(note_fits(note, kumite_preset, why));
    assert_non_null(strstr(why, "action 2 is 3"));
    line[7] = held;
    *strstr(note, "action=") = '\0';
    assert_false(note_fits(note, kumite_preset, why));
    assert_non_null(strstr(why, "0 actions"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_game_is_trained_once_at_a_time),
        cmocka_unit_test(test_notes_tell_agents_of_other_actions_apart),
    };
    return cmocka_run_group_tests(tests, kumite_load, kumite_unload);
}
