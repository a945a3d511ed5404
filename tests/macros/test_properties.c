/* test_properties.c - what holds for every macro: printing, mirroring, step lists, looking up
 * frames. */
#include "fighter.h"
#include "macro.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUM_ROUNDS 20000

static const char *const buttons[] = { "LP", "MP", "HP", "LK", "MK", "HK", "P", "K", "PP", "KKK" };

/* Writes a move with `seed`'s luck; held: a button is held by [ ]. */
static size_t write_move(char *out, size_t left, uint32_t *seed, bool *held)
{
    static const char *const jumps[] = { "", "", "", "", "", "j.", "j7.", "j8.", "j9." };
    static const char *const motions[] = { "",      "",         "236",  "63214",
                                           "6",     "5",        "22",   "360",
                                           "[4]6",  "[2]{30}8", "6{4}", "2{1}3{2}6{3}",
                                           " 4 6 ", "656" };
    const char *motion = motions[random_below(seed, 14)];
    const char *button = buttons[random_below(seed, 10)], *other = buttons[random_below(seed, 6)];
    const char *frames = random_below(seed, 4) ? "" : "{7}";
    size_t used = (size_t)snprintf(out, left, "%s%s", jumps[random_below(seed, 9)], motion);
    switch (random_below(seed, 8)) {
    case 0:
        return used + (size_t)snprintf(out + used, left - used, "%s+%s%s", button, other, frames);
    case 1:
        if (*held) break;
        *held = true;
        return used + (size_t)snprintf(out + used, left - used, "[HP]%s", frames);
    case 2:
        if (!*held) break;
        *held = false;
        return used + (size_t)snprintf(out + used, left - used, "]HP[%s", frames);
    case 3:
        if (motion[0]) return used;
        break;
    default: break;
    }
    return used + (size_t)snprintf(out + used, left - used, "%s%s", button, frames);
}

static void write_macro(char *out, size_t left, uint32_t *seed)
{
    static const char *const joins[] = { ",", " > ", "xx", "~", ";", ", {12}", "~{0}", " {5} " };
    const int32_t num_moves = 1 + random_below(seed, 6);
    bool held = false;
    size_t used = 0;
    for (int32_t m = 0; m < num_moves; m++) {
        if (m)
            used += (size_t)snprintf(out + used, left - used, "%s", joins[random_below(seed, 8)]);
        const bool group = !held && random_below(seed, 6) == 0;
        bool inner_held = false;
        if (group) used += (size_t)snprintf(out + used, left - used, "(");
        used += write_move(out + used, left - used, seed, group ? &inner_held : &held);
        if (group)
            used += (size_t)snprintf(out + used, left - used, ")*%d", 2 + random_below(seed, 3));
    }
}

static void test_print_and_parse_give_the_same_steps(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    uint32_t seed = 20260101;
    int32_t num_parsed = 0;
    for (int32_t round = 0; round < NUM_ROUNDS; round++) {
        char text[1024], steps[MACRO_TEXT_BYTES];
        why_t why = "";
        macro_t first, again, listed;
        write_macro(text, sizeof text, &seed);
        if (!macro_parse(&first, text, &language, why)) continue; /* pressed while held, mostly */
        num_parsed++;
        if (!macro_parse(&again, first.notation, &language, why))
            fail_msg("%s prints as %s: %s", text, first.notation, why);
        if (!macro_same_steps(&first, &again) || strcmp(first.notation, again.notation) != 0)
            fail_msg("%s prints as %s, and that as %s", text, first.notation, again.notation);
        if (macro_print_steps(steps, sizeof steps, &first, &language) >= (int)sizeof steps)
            continue;
        if (!macro_parse(&listed, steps, &language, why))
            fail_msg("%s lists as %s: %s", text, steps, why);
        if (!macro_same_steps(&first, &listed)) fail_msg("%s lists as %s", text, steps);
    }
    assert_true(num_parsed > NUM_ROUNDS * 3 / 4);
}

/* However the preset lists its buttons: keys of a JSON object have no order. */
static void test_spelling_does_not_depend_on_the_order_of_buttons(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    macro_language_t turned = language;
    for (int32_t b = 0; b < 6; b++) turned.buttons[b] = language.buttons[5 - b];
    for (int32_t c = 0; c < 2; c++) {
        turned.classes[c] = language.classes[1 - c];
        for (int32_t m = 0; m < 3; m++)
            turned.classes[c].members[m] = 5 - language.classes[1 - c].members[m];
    }
    uint32_t seed = 31;
    for (int32_t round = 0; round < NUM_ROUNDS; round++) {
        char text[1024], first_steps[MACRO_TEXT_BYTES], second_steps[MACRO_TEXT_BYTES];
        macro_t first, second;
        write_macro(text, sizeof text, &seed);
        if (!macro_parse(&first, text, &language, NULL)) continue;
        assert_true(macro_parse(&second, text, &turned, NULL));
        assert_string_equal(first.notation, second.notation);
        assert_true(macro_same_steps(&first, &second));
        macro_print_steps(first_steps, sizeof first_steps, &first, &language);
        macro_print_steps(second_steps, sizeof second_steps, &second, &turned);
        assert_string_equal(first_steps, second_steps);
    }
}

static void test_steps_merge_and_add_up(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    uint32_t seed = 7;
    for (int32_t round = 0; round < NUM_ROUNDS; round++) {
        char text[1024];
        macro_t macro;
        write_macro(text, sizeof text, &seed);
        if (!macro_parse(&macro, text, &language, NULL)) continue;
        int32_t frames = 0;
        for (int32_t s = 0; s < macro.num_steps; s++) {
            assert_true(macro.steps[s].frames >= 1);
            if (s) assert_int_not_equal(macro.steps[s].pad, macro.steps[s - 1].pad);
            frames += macro.steps[s].frames;
        }
        assert_int_equal(frames, macro.num_frames);
    }
}

static void test_mirroring_twice_changes_nothing(void **state)
{
    (void)state;
    for (int32_t pad = 0; pad < 65536; pad++) {
        const uint16_t word = (uint16_t)pad, mirrored = macro_mirror(word);
        assert_int_equal(macro_mirror(mirrored), word);
        assert_int_equal((word & MACRO_LEFT) != 0, (mirrored & MACRO_RIGHT) != 0);
        assert_int_equal(word & ~(MACRO_LEFT | MACRO_RIGHT),
                         mirrored & ~(MACRO_LEFT | MACRO_RIGHT));
    }
}

/* Facing left, every frame of a random macro is the mirror of the same frame facing right; seen in
 * the mirror once more it is the frame itself, and what was printed and parsed plays the same. */
static void test_the_timeline_of_random_macros_mirrors(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    uint32_t seed = 20260202;
    int32_t num_sided = 0; /* macros that differ in the mirror */
    for (int32_t round = 0; round < NUM_ROUNDS / 4; round++) {
        char text[1024];
        macro_t macro, again;
        write_macro(text, sizeof text, &seed);
        if (!macro_parse(&macro, text, &language, NULL)) continue;
        assert_true(macro_parse(&again, macro.notation, &language, NULL));
        bool differs = false;
        for (int32_t f = 0; f <= macro.num_frames; f++) {
            const uint16_t right = macro_pad_at(&macro, f, false);
            const uint16_t left = macro_pad_at(&macro, f, true);
            assert_int_equal(left, macro_mirror(right));
            assert_int_equal(macro_mirror(left), right);
            assert_int_equal(macro_pad_at(&again, f, false), right);
            differs |= left != right;
        }
        num_sided += differs;
    }
    assert_true(num_sided > NUM_ROUNDS / 16);
}

static void test_each_frame_has_the_pad_of_its_step(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    macro_t macro;
    assert_true(macro_parse(&macro, "236P", &language, NULL));
    const uint16_t lp = 1 << 9;
    const uint16_t right[] = { 32, 32, 32, 160, 160, 160, 128 | lp, 128 | lp, 0, 0 };
    const uint16_t left[] = { 32, 32, 32, 96, 96, 96, 64 | lp, 64 | lp, 0, 0 };
    for (int32_t f = 0; f < 10; f++) {
        assert_int_equal(macro_pad_at(&macro, f, false), right[f]);
        assert_int_equal(macro_pad_at(&macro, f, true), left[f]);
    }
    assert_int_equal(macro_pad_at(&macro, -1, false), 0);
}

static void test_random_step_lists_survive(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    static const uint16_t directions[9] = {
        0, 16, 32, 64, 128, 16 | 64, 16 | 128, 32 | 64, 32 | 128
    };
    uint32_t seed = 99;
    for (int32_t round = 0; round < NUM_ROUNDS / 4; round++) {
        macro_step_t steps[60];
        const int32_t num_steps = 1 + random_below(&seed, 60);
        for (int32_t s = 0; s < num_steps; s++) {
            uint16_t pad = directions[random_below(&seed, 9)];
            for (int32_t b = 0; b < 6; b++)
                if (random_below(&seed, 3) == 0) pad |= language.buttons[b].pad;
            steps[s] = (macro_step_t){ pad, (uint16_t)(1 + random_below(&seed, 50)) };
        }
        macro_t macro, again;
        why_t why = "";
        if (!macro_from_steps(&macro, steps, num_steps, &language, why)) fail_msg("%s", why);
        if (!macro_parse(&again, macro.notation, &language, why))
            fail_msg("%s: %s", macro.notation, why);
        assert_true(macro_same_steps(&macro, &again));
        assert_string_equal(macro.notation, again.notation);
        int32_t frame_idx = 0;
        for (int32_t s = 0; s < num_steps; s++)
            for (int32_t f = 0; f < steps[s].frames; f++)
                assert_int_equal(macro_pad_at(&macro, frame_idx++, false), steps[s].pad);
    }
}

static void test_step_lists_that_are_refused(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    static macro_step_t many[MACRO_MAX_STEPS + 1];
    for (int32_t s = 0; s <= MACRO_MAX_STEPS; s++)
        many[s] = (macro_step_t){ (uint16_t)(s % 2 ? 32 : 0), 1 };
    const macro_step_t empty[1] = { { 0, 0 } }, opposite[1] = { { MACRO_LEFT | MACRO_RIGHT, 1 } },
                       unknown[1] = { { 1 << 3, 1 } }, too_long[2] = { { 0, 3000 }, { 32, 601 } };
    const struct {
        const macro_step_t *steps;
        int32_t num_steps;
        const char *why;
    } rows[] = {
        { many, 0, "a macro must have 1 to 256 steps, found 0" },
        { many, MACRO_MAX_STEPS + 1, "a macro must have 1 to 256 steps, found 257" },
        { empty, 1, "step 1: a macro must have 1 to 3600 frames, each step at least 1" },
        { too_long, 2, "step 2: a macro must have 1 to 3600 frames, each step at least 1" },
        { opposite, 1, "step 1: opposite directions cannot be held together" },
        { unknown, 1, "step 1: pad word 0x0008 has a button without a name" },
    };
    macro_t macro;
    why_t why;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        assert_false(macro_from_steps(&macro, rows[r].steps, rows[r].num_steps, &language, why));
        assert_string_equal(why, rows[r].why);
        assert_int_equal(macro.num_steps, 0);
    }
    assert_true(macro_from_steps(&macro, many, MACRO_MAX_STEPS, &language, why));
}

/* Random bytes, and valid notations with bytes changed: refused or parsed, never more. */
static void test_hostile_texts(void **state)
{
    (void)state;
    static const char letters[] = "123456789[](){}*+,;>~ xLPMHKj.0\x80\xFF\t\n";
    const macro_language_t language = fighter();
    uint32_t seed = 4711;
    for (int32_t round = 0; round < NUM_ROUNDS * 5; round++) {
        char text[512];
        why_t why = "";
        macro_t macro, again;
        if (round % 2) {
            write_macro(text, sizeof text, &seed);
            text[random_below(&seed, (int32_t)strlen(text))] =
                letters[random_below(&seed, (int32_t)sizeof letters - 1)];
        } else {
            const int32_t length = random_below(&seed, 40);
            for (int32_t i = 0; i < length; i++)
                text[i] = letters[random_below(&seed, (int32_t)sizeof letters - 1)];
            text[length] = '\0';
        }
        if (!macro_parse(&macro, text, &language, why)) {
            assert_int_equal(strncmp(why, "column ", 7), 0);
            assert_in_range(atoi(why + 7), 1, strlen(text) + 1);
            continue;
        }
        if (!macro_parse(&again, macro.notation, &language, why) ||
            !macro_same_steps(&macro, &again) || strcmp(macro.notation, again.notation) != 0)
            fail_msg("%s prints as %s, and that as %s %s", text, macro.notation, again.notation,
                     why);
    }
}

static void test_pads_in_words(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    const struct {
        uint16_t pad;
        const char *text;
    } rows[] = {
        { 0, "-" },
        { MACRO_DOWN | MACRO_RIGHT | 1 << 9, "down+right+LP" },
        { MACRO_UP, "up" },
        { 1 << 9 | 1 << 0, "LK+LP" },
        { MACRO_LEFT | 1 << 3, "left+bit3" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char text[64], little[5];
        const int length = macro_print_pad(text, sizeof text, rows[r].pad, &language);
        assert_string_equal(text, rows[r].text);
        assert_int_equal(length, strlen(rows[r].text));
        assert_int_equal(macro_print_pad(little, sizeof little, rows[r].pad, &language), length);
        assert_true(strlen(little) < sizeof little);
        assert_int_equal(macro_print_pad(NULL, 0, rows[r].pad, &language), length);
    }
}

static void test_names_of_buttons(void **state)
{
    (void)state;
    assert_true(macro_name_is_valid("LP"));
    assert_true(macro_name_is_valid("L2"));
    assert_false(macro_name_is_valid(""));
    assert_false(macro_name_is_valid("2L"));
    assert_false(macro_name_is_valid("j"));
    assert_false(macro_name_is_valid("xx"));
    assert_false(macro_name_is_valid("xxl"));
    assert_true(macro_name_is_valid("1"));
    assert_false(macro_name_is_valid("0"));
    assert_false(macro_name_is_valid("12"));
    assert_false(macro_name_is_valid("L-P"));
    assert_false(macro_name_is_valid("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print_and_parse_give_the_same_steps),
        cmocka_unit_test(test_spelling_does_not_depend_on_the_order_of_buttons),
        cmocka_unit_test(test_steps_merge_and_add_up),
        cmocka_unit_test(test_mirroring_twice_changes_nothing),
        cmocka_unit_test(test_the_timeline_of_random_macros_mirrors),
        cmocka_unit_test(test_each_frame_has_the_pad_of_its_step),
        cmocka_unit_test(test_random_step_lists_survive),
        cmocka_unit_test(test_step_lists_that_are_refused),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_pads_in_words),
        cmocka_unit_test(test_names_of_buttons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
