/* test_import_macros.c - MacroLua scripts and MAME's macros become step lists. */
#include "import.h"
#include "sample.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static import_macros_t got;

static macro_language_t six_buttons(void)
{
    static const struct {
        const char *name;
        int id;
    } rows[8] = { { "LP", 9 }, { "MP", 1 },  { "HP", 10 },   { "LK", 0 },
                  { "MK", 8 }, { "HK", 11 }, { "START", 3 }, { "SELECT", 2 } };
    macro_language_t language;
    macro_language_defaults(&language);
    language.num_buttons = 8;
    for (int i = 0; i < 8; i++) {
        snprintf(language.buttons[i].name, MACRO_NAME_BYTES, "%s", rows[i].name);
        language.buttons[i].pad = (uint16_t)(1u << rows[i].id);
    }
    return language;
}

static void test_scripts_become_steps(void **state)
{
    (void)state;
    static const struct {
        const char *script, *steps, *second; /* of players 1 and 2; NULL: not there */
    } rows[] = {
        { "D.DF.F1.", "2{1};3{1};6LP{1}", NULL },
        { "D.,D R., R1.\n", "2{1};3{1};6LP{1}", NULL },
        { "1.W3 1.", "LP{1};5{3};LP{1}", NULL },
        { "_2W10,^2.", "MP{10};5{1}", NULL },
        { "_D_R W5 *W5", "3{5};5{5}", NULL },
        { "(1..)3", "LP{1};5{1};LP{1};5{1};LP{1};5{1}", NULL },
        { "((1.)2.)2", "LP{2};5{1};LP{2};5{1}", NULL },
        { "# a comment 1.\n2.# 3.\n4.!5.6.", "MP{1};LK{1}", NULL },
        { "B.f.b.", "4{1};6{1};4{1}", NULL },
        { "S.C.", "START{1};SELECT{1}", NULL },
        { "1.-2.+3.", "LP{1};5{1};HP{1}", "5{1};MP{1};5{1}" },
        { "<1.2.3./-.>W1", NULL, NULL },
        { "<1.2.3./4.>5.", "LP{1};MP{1};HP{1};MK{1}", "LK{1};5{3}" },
        { "_1.<W3/_2W5>W1", "LP{7}", "5{1};MP{6}" },
        { "$3 1.&3 2.", "LP{1};MP{1}", NULL },
        { "W 2?,1.", "5{2};LP{1}", NULL },
    };
    const macro_language_t language = six_buttons();
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        why_t why = "";
        const bool ok =
            import_mis(&got, rows[r].script, strlen(rows[r].script), "M", NULL, &language, why);
        if (!rows[r].steps) {
            if (ok) fail_msg("%s was accepted", rows[r].script);
            continue;
        }
        if (!ok) fail_msg("%s: %s", rows[r].script, why);
        assert_int_equal(got.num_macros, rows[r].second ? 2 : 1);
        if (strcmp(got.macros[0].macro.notation, rows[r].steps) != 0)
            fail_msg("%s: %s, not %s", rows[r].script, got.macros[0].macro.notation, rows[r].steps);
        if (!rows[r].second) continue;
        assert_string_equal(got.macros[1].macro.notation, rows[r].second);
        assert_string_equal(got.macros[1].name, "M P2");
        assert_int_equal(got.macros[1].port, 1);
    }
}

static void test_keys_can_be_given(void **state)
{
    (void)state;
    const macro_language_t language = six_buttons();
    why_t why;
    assert_true(import_mis(&got, "a.q.", 4, "M", "a=HK q=LP", &language, why));
    assert_string_equal(got.macros[0].macro.notation, "HK{1};LP{1}");
    static const char *const broken[] = { "a", "a=", "a=XX", "=LP", ".=LP", "W=LP", "ab=LP" };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_false(import_mis(&got, "1.", 2, "M", broken[i], &language, why));
        assert_int_equal(strncmp(why, "keys: must be like 1=LP", 23), 0);
    }
}

static void test_numbers_skip_start_and_select(void **state)
{
    (void)state;
    macro_language_t language;
    macro_language_defaults(&language); /* B Y SELECT START A X ... */
    assert_true(import_mis(&got, "1.2.3.a.S.C.", 12, "M", NULL, &language, NULL));
    assert_string_equal(got.macros[0].macro.notation, "B{1};Y{1};A{2};START{1};SELECT{1}");
}

static void test_what_is_left_out_is_said(void **state)
{
    (void)state;
    const macro_language_t language = six_buttons();
    static const char script[] = "1.$2 2.Dial[5].9.~.3";
    assert_true(import_mis(&got, script, strlen(script), "x/../y\x1b", NULL, &language, NULL));
    assert_string_equal(got.macros[0].name, "xy");
    static const char *const lines[] = { "a savestate operation ($) is left out\n",
                                         "an analog control is left out\n",
                                         "key '9' is not mapped to a button\n",
                                         "key '~' is not mapped to a button\n",
                                         "player 1 presses something at the end, and no frame" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(got.report, lines[i])) fail_msg("%s is not in %s", lines[i], got.report);
}

static void test_scripts_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *script, *why;
    } rows[] = {
        { "", "the script presses nothing" },
        { "W10", "the script presses nothing" },
        { "W", "expected a number of frames after W" },
        { "W4000", "the script must last at most 3600 frames" },
        { "(1.", "expected ) after (" },
        { "1.)", "expected ( before )" },
        { "(1.)", "expected how often after )" },
        { "(1.)999999", "the script must last at most 3600 frames" },
        { "((((((((((1.)2)2)2)2)2)2)2)2)2)2", "loops must be nested at most 8 deep" },
        { "(((((((1)99999)99999)99999)99999)99999)9)9", "the script's loops run too long" },
        { "(()999999)999999", "the script's loops run too long" },
        { "<1.", "expected > after <" },
        { "1/2.", "expected < before / and >" },
        { "<<", "expected < before / and >" },
        { "<1.+", "expected no + between < and >" },
        { "----", "there must be at most 4 players" },
    };
    const macro_language_t language = six_buttons();
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        why_t why = "";
        const clock_t start = clock();
        if (import_mis(&got, rows[r].script, strlen(rows[r].script), "M", NULL, &language, why))
            fail_msg("%s was accepted", rows[r].script);
        if (!strstr(why, rows[r].why)) fail_msg("%s: said %s", rows[r].script, why);
        assert_true(clock() - start < CLOCKS_PER_SEC);
    }
}

static void test_random_scripts(void **state)
{
    (void)state;
    static const char letters[] = "UDLRFB123456S...W0159_^*+-<>/()#!$&?[] ,\n\xFF";
    const macro_language_t language = six_buttons();
    uint32_t seed = 77;
    for (int32_t round = 0; round < 20000; round++) {
        char script[64];
        const uint32_t length = (seed = seed * 1664525u + 1013904223u) >> 26;
        for (uint32_t i = 0; i < length; i++) {
            seed = seed * 1664525u + 1013904223u;
            script[i] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        why_t why = "";
        if (import_mis(&got, script, length, "M", NULL, &language, why)) {
            for (int32_t m = 0; m < got.num_macros; m++)
                assert_in_range(got.macros[m].macro.num_frames, 1, MACRO_MAX_FRAMES);
        } else {
            assert_true(why[0] != '\0');
        }
    }
}

/* ---- MAME ---- */

static const char fireball[] =
    "[{\"name\": \"Fireball\", \"binding\": \"KEYCODE_F\", \"earlycancel\": true, \"loop\": -1,"
    " \"steps\": ["
    "{\"delay\": 0, \"duration\": 2, \"inputs\": [{\"port\": \":IN1\", \"mask\": 4, \"type\":"
    " \"P1_JOYSTICK_DOWN\"}]},"
    "{\"delay\": 0, \"duration\": 2, \"inputs\": [{\"port\": \":IN1\", \"mask\": 4, \"type\":"
    " \"P1_JOYSTICK_DOWN\"}, {\"port\": \":IN1\", \"mask\": 1, \"type\": \"P1_JOYSTICK_RIGHT\"}]},"
    "{\"delay\": 1, \"duration\": 3, \"inputs\": [{\"port\": \":IN1\", \"mask\": 1, \"type\":"
    " \"P1_JOYSTICK_RIGHT\"}, {\"port\": \":IN1\", \"mask\": 16, \"type\": \"P1_BUTTON3\"}]}]},"
    "{\"name\": \"Credit\", \"loop\": 1, \"steps\": [{\"delay\": 5, \"duration\": 4, \"inputs\":"
    " [{\"type\": \"COIN1\"}, {\"type\": \"P2_BUTTON1\"}, {\"type\": \"DIAL\"}]},"
    " {\"delay\": 60, \"duration\": 4, \"inputs\": [{\"type\": \"START1\"}]}]},"
    "{\"name\": \"Empty\", \"steps\": []}]";

static void test_mame_macros(void **state)
{
    (void)state;
    const macro_language_t language = six_buttons();
    why_t why = "";
    if (!import_inputmacro(&got, fireball, strlen(fireball), &language, why)) fail_msg("%s", why);
    assert_int_equal(got.num_macros, 2);
    assert_string_equal(got.macros[0].name, "Fireball");
    assert_string_equal(got.macros[0].macro.notation, "2{2};3{2};5{1};6HP{3}");
    assert_string_equal(got.macros[1].macro.notation, "5{5};LP+SELECT{4};5{60};START{4}");
    static const char *const lines[] = { "\"Credit\": input P2_BUTTON1 is played by port 1\n",
                                         "\"Credit\": input DIAL is left out\n",
                                         "\"Credit\": it loops; one round is kept\n",
                                         "\"Empty\" is left out: it has no frames\n" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(got.report, lines[i])) fail_msg("%s is not in %s", lines[i], got.report);
}

static void test_mame_files_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "", "inputmacro: line 1, column 1: expected a value, found the end" },
        { "{}", "inputmacro: must be a list of macros, found an object" },
        { "[1]", "inputmacro: [0]: must be an object {}, found 1" },
        { "[{\"steps\": []}]", "inputmacro: [0].name: is required" },
        { "[{\"name\": \"a\"}]", "inputmacro: [0].steps: is required" },
        { "[{\"name\": \"a\", \"steps\": [{}]}]", "inputmacro: [0].steps[0].delay: is required" },
        { "[{\"name\": \"a\", \"steps\": [{\"delay\": 0, \"duration\": 3601, \"inputs\": []}]}]",
          "inputmacro: [0].steps[0]: the macro must last at most 3600 frames" },
        { "[{\"name\": \"a\", \"steps\": [{\"delay\": -1, \"duration\": 1, \"inputs\": []}]}]",
          "must be a whole number" },
    };
    const macro_language_t language = six_buttons();
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        why_t why = "";
        assert_false(import_inputmacro(&got, rows[r].text, strlen(rows[r].text), &language, why));
        if (!strstr(why, rows[r].why)) fail_msg("%s: said %s", rows[r].text, why);
    }
}

/* ---- into a preset ---- */

static void test_macros_join_a_preset(void **state)
{
    (void)state;
    preset_t *preset = sample_load(KUMITE);
    const macro_language_t *language = preset_language(preset);
    static const char script[] = "D.D.DR.DR.R1.R1.";
    why_t why = "";
    assert_true(import_mis(&got, script, strlen(script), "Fireball", NULL, language, why));
    assert_int_equal(got.num_macros, 1); /* 1 is B: the steps of 236B, which Kumite has */
    static const char other[] = "D.DR.R1.";
    import_macros_t more;
    assert_true(import_mis(&more, other, strlen(other), "Fireball", NULL, language, why));
    got.macros[got.num_macros++] = more.macros[0];
    char *text = preset_with_macros(preset, &got, why);
    if (!text) fail_msg("%s", why);
    preset_t *joined = sample_parse(text);
    assert_int_equal(preset_num_actions(joined), preset_num_actions(preset) + 1);
    const preset_action_t *last = preset_action(joined, preset_num_actions(joined) - 1);
    assert_string_equal(last->name, "Fireball 2");
    assert_string_equal(last->macro.notation, "2{1};3{1};6B{1}");
    free(text);
    preset_free(joined);
    preset_free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts_become_steps),
        cmocka_unit_test(test_keys_can_be_given),
        cmocka_unit_test(test_numbers_skip_start_and_select),
        cmocka_unit_test(test_what_is_left_out_is_said),
        cmocka_unit_test(test_scripts_that_are_refused),
        cmocka_unit_test(test_random_scripts),
        cmocka_unit_test(test_mame_macros),
        cmocka_unit_test(test_mame_files_that_are_refused),
        cmocka_unit_test(test_macros_join_a_preset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
