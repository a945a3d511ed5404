/* test_library.c - every preset of the library loads without a warning; Kumite in detail. */
#include "preset.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static preset_t *load(const char *path)
{
    preset_t *preset = sample_load(path);
    for (int32_t w = 0; w < preset_num_warnings(preset); w++)
        print_error("%s\n", preset_warning(preset, w));
    assert_int_equal(preset_num_warnings(preset), 0);
    return preset;
}

static void test_kumite_loads(void **state)
{
    (void)state;
    preset_t *preset = load(KUMITE);
    assert_string_equal(preset_game(preset), "Kumite");
    assert_in_range(preset_num_actions(preset), 20, 24);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        if (!action->is_macro) assert_int_equal(action->macro.num_frames, 4);
        assert_in_range(action->macro.num_frames, 1, 60);
        char steps[MACRO_TEXT_BYTES];
        macro_print_steps(steps, sizeof steps, &action->macro, preset_language(preset));
        print_message("%-24s %-10s %3d  %s\n", action->name, action->macro.notation,
                      (int)action->macro.num_frames, steps);
    }
    assert_int_equal(preset_num_starts(preset), 9);
    assert_int_equal(preset_default_start(preset), preset_find_start(preset, "level1"));
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kumite_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
