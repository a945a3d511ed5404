/* test_parse.c - the notation: what each construct becomes, and what each mistake is told. */
#include "fighter.h"
#include "macro.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *notation, *steps;
} becomes_t;

static const becomes_t all_become[] = {
    /* motions: the press lands with the last direction */
    { "236P", "2{3};3{3};6LP{2}" },
    { "236236K", "2{3};3{3};6{3};2{3};3{3};6LK{2}" },
    { "623LP", "6{3};2{3};3LP{2}" },
    { "63214K", "6{3};3{3};2{3};1{3};4LK{2}" },
    { "41236P", "4{3};1{3};2{3};3{3};6LP{2}" },
    { "360P", "6{3};3{3};2{3};1{3};4{3};7{3};8LP{2}" },
    { "720P", "6{3};3{3};2{3};1{3};4{3};7{3};8{3};9{3};6{3};3{3};2{3};1{3};4{3};7{3};8LP{2}" },
    { "22", "2{3};5{3};2{3}" },
    { "44", "4{3};5{3};4{3}" },
    { "214K", "2{3};1{3};4LK{2}" },
    { "2369K", "2{3};3{3};6{3};9LK{2}" },
    { "66", "6{3};5{3};6{3}" },
    { "22P", "2{3};5{3};2LP{2}" },
    { "5LP", "LP{2}" },
    { "6", "6{3}" },
    { "5", "5{3}" },
    /* charges */
    { "[4]6P", "4{50};6LP{2}" },
    { "[2]8K", "2{50};8LK{2}" },
    { "[4]{20}6P", "4{20};6LP{2}" },
    { "[4]646P", "4{50};6{3};4{3};6LP{2}" },
    /* buttons and classes */
    { "LP", "LP{2}" },
    { "LP+LK", "LK+LP{2}" },
    { "LK+LP", "LK+LP{2}" },
    { "6+LP", "6LP{2}" },
    { "2LK", "2LK{2}" },
    { "PP", "LP+MP{2}" },
    { "PPP", "HP+LP+MP{2}" },
    { "KK", "LK+MK{2}" },
    { "P+K", "LK+LP{2}" },
    { "63214PPP", "6{3};3{3};2{3};1{3};4HP+LP+MP{2}" },
    /* explicit frames */
    { "6{4}", "6{4}" },
    { "6{4}P", "6{4};6LP{2}" },
    { "2{1}3{1}6P{7}", "2{1};3{1};6LP{7}" },
    { "{3}", "5{3}" },
    { "LP {3} LP", "LP{2};5{3};LP{2}" },
    { "LP{3}LP{9}", NULL },
    /* joins */
    { "2LK > 2LK > 236LP", "2LK{2};5{4};2LK{2};5{4};2{3};3{3};6LP{2}" },
    { "LP,LP", "LP{2};5{8};LP{2}" },
    { "2MK xx 236P", "2MK{2};5{1};2{3};3{3};6LP{2}" },
    { "P~K", "LP{2};LK{2}" },
    { "P~P", "LP{2};5{1};LP{2}" },
    { "LP+LK~LP", "LK+LP{2};LK{1};LP{2}" },
    { "LP,{20}LP", "LP{2};5{20};LP{2}" },
    { "LP,{0}LK", "LP{2};LK{2}" },
    { "LP;LP", "LP{4}" },
    /* holds and negative edge */
    { "236[P]", "2{3};3{3};6LP{2}" },
    { "[P]{30}", "LP{30}" },
    { "[P]{30}~]P[", "LP{30};5{2}" },
    { "[P]~236]P[", "LP{2};2LP{3};3LP{3};6{2}" },
    { "[LP] {5} [LK] {5} ]LP[", "LP{7};LK+LP{7};LK{2}" },
    { "[LP],LK", "LP{10};LK+LP{2}" },
    /* jumps */
    { "j.HK", "8{6};5{10};HK{2}" },
    { "j9.HK", "9{6};5{10};HK{2}" },
    { "j7.236P", "7{6};5{10};2{3};3{3};6LP{2}" },
    /* repeats */
    { "P*3", "LP{2};5{5};LP{2};5{5};LP{2}" },
    { "(LP {3})*2", "LP{2};5{3};LP{2};5{3}" },
    { "(LP)*2", "LP{2};5{1};LP{2}" },
    { "((6)*2)*2", "6{12}" },
    /* step lists */
    { "2{3};3{3};6LP{3}", "2{3};3{3};6LP{3}" },
    { "LP{3};LP+MP{1};MP{2}", "LP{3};LP+MP{1};MP{2}" },
};

static void test_each_construct_becomes_its_steps(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    for (size_t i = 0; i < sizeof all_become / sizeof all_become[0]; i++) {
        macro_t macro;
        char steps[MACRO_TEXT_BYTES] = "";
        why_t why = "";
        const bool ok = macro_parse(&macro, all_become[i].notation, &language, why);
        macro_print_steps(steps, sizeof steps, &macro, &language);
        if (!all_become[i].steps) {
            if (ok) fail_msg("%s: should be refused, became %s", all_become[i].notation, steps);
        } else if (!ok || strcmp(steps, all_become[i].steps) != 0) {
            fail_msg("%s: became %s %s, expected %s", all_become[i].notation, steps, why,
                     all_become[i].steps);
        }
    }
}

/* Every table row of docs/NOTATION.md that begins with a notation and ends with its steps. */
static void test_the_examples_of_the_manual(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    FILE *manual = fopen("docs/NOTATION.md", "r");
    assert_non_null(manual);
    char line[1024], notation[256], expected[512];
    int32_t num_examples = 0;
    while (fgets(line, sizeof line, manual)) {
        if (strcmp(line, "## Grammar\n") == 0) break;
        const char *last = strrchr(line, '|');
        if (!last || sscanf(line, "| `%255[^`]`", notation) != 1) continue;
        while (last > line && last[-1] != '|') last--;
        if (sscanf(last, " `%511[^`]`", expected) != 1) continue;
        macro_t macro;
        char steps[MACRO_TEXT_BYTES];
        why_t why = "";
        if (!macro_parse(&macro, notation, &language, why)) fail_msg("%s: %s", notation, why);
        macro_print_steps(steps, sizeof steps, &macro, &language);
        if (strcmp(steps, expected) != 0) fail_msg("%s: %s, not %s", notation, steps, expected);
        num_examples++;
    }
    fclose(manual);
    assert_true(num_examples >= 30);
}

/* shared facts: the notation examples that presets must be able to express. */
static void test_notations_that_players_write(void **state)
{
    (void)state;
    static const char *const all[] = {
        "236P",   "623LP",   "[4]6P", "63214K",    "360P",
        "22",     "j.HK",    "5LP",   "LP+LK",     "2LK > 2LK > 236LP",
        "236[P]", "[P]~]P[", "P~K",   "P",         "K",
        "PP",     "KK",      "{3}",   "6{4}",      "214K",
        "[2]8K",  "K*5",     "P*5",   "PPP",       "KKK",
        "41236P", "[4]6K",   "236K",  "[PPP]{90}", "[KKK]{90}",
    };
    const macro_language_t language = fighter();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        macro_t macro;
        why_t why;
        if (!macro_parse(&macro, all[i], &language, why)) fail_msg("%s: %s", all[i], why);
    }
}

typedef struct {
    const char *notation, *why;
} refused_t;

#define BUTTONS "a button (LP MP HP LK MK HK P K)"
#define MOVE "a direction (1 to 9), a button, [, ], (, j. or {frames}"

static const refused_t all_refused[] = {
    { "", "column 1: expected " MOVE ", found the end" },
    { "   ", "column 4: expected " MOVE ", found the end" },
    { "236Q", "column 4: expected " BUTTONS ", found 'Q'" },
    { "236PUNCH", "column 5: expected a join (, > xx ~ ;), found 'UNCH'" },
    { "LPLK", "column 3: expected a join (, > xx ~ ;), found 'LK'" },
    { "0", "column 1: expected a direction (1 to 9), found '0'" },
    { "2360P", "column 4: expected a direction (1 to 9), found '0'" },
    { "LP+", "column 4: expected " BUTTONS ", found the end" },
    { "LP+6", "column 4: expected " BUTTONS ", found '6'" },
    { "6+", "column 3: expected " BUTTONS ", found the end" },
    { "6 + ", "column 5: expected " BUTTONS ", found the end" },
    { "PPPP", "column 1: expected at most 3 of class P, found 4" },
    { "PP+PP", "column 4: expected at most 3 of class P, found 4" },
    { "[4", "column 3: expected ] after the direction to hold, found the end" },
    { "[46]P", "column 3: expected ] after the direction to hold, found '6'" },
    { "[LP", "column 4: expected ] after the buttons to hold, found the end" },
    { "]LP", "column 4: expected [ after the buttons to release, found the end" },
    { "]LP[", "column 1: expected buttons that are held here by [ ]" },
    { "[LP]~LP", "column 6: expected buttons that are not held already" },
    { "j.", "column 3: expected what to do in the air, found the end" },
    { "j5.LP", "column 1: expected " BUTTONS ", found 'j'" },
    { "6{", "column 3: expected a number of frames, found the end" },
    { "6{x}", "column 3: expected a number of frames, found 'x'" },
    { "6{4", "column 4: expected } after the number of frames, found the end" },
    { "6{0}", "column 2: expected 1 to 3600 frames, found {0}" },
    { "{\t0 }xx", "column 1: expected 1 to 3600 frames, found {0}" },
    { "{99999999999999999999}",
      "column 1: expected 1 to 3600 frames, found {99999999999999999999}" },
    { "{3600} {1}", "column 11: a macro must last at most 3600 frames" },
    { "LP > ", "column 6: expected " MOVE ", found the end" },
    { "LP >> LK", "column 5: expected " MOVE ", found '>'" },
    { "xx", "column 1: expected " MOVE ", found 'xx'" },
    { "(LP", "column 4: expected a join (, > xx ~ ;) or ), found the end" },
    { "LP)", "column 3: expected a join (, > xx ~ ;) or the end, found ')'" },
    { "((((( 6 )))))", "column 5: groups must be nested at most 4 deep" },
    { "P*", "column 3: expected how often, 2 to 999" },
    { "P*1", "column 3: expected how often, 2 to 999" },
    { "P*1000", "column 3: expected how often, 2 to 999" },
    { "P*999", "column 6: a macro must have at most 256 steps" },
    { "[P]*2", "column 4: expected every [ ] hold to be released before it repeats" },
    { "236\x01P", "column 4: expected a join (, > xx ~ ;), found byte 0x01" },
    { "\xC3\xA9", "column 1: expected " MOVE ", found byte 0xC3" },
    { "LP/LK", "column 3: expected a join (, > xx ~ ;), found '/'" },
};

static void test_each_mistake_names_its_column(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    for (size_t i = 0; i < sizeof all_refused / sizeof all_refused[0]; i++) {
        macro_t macro;
        why_t why = "";
        if (macro_parse(&macro, all_refused[i].notation, &language, why))
            fail_msg("%s: was not refused", all_refused[i].notation);
        if (strcmp(why, all_refused[i].why) != 0)
            fail_msg("%s: said \"%s\", not \"%s\"", all_refused[i].notation, why,
                     all_refused[i].why);
        assert_int_equal(macro.num_steps, 0);
        assert_false(macro_parse(&macro, all_refused[i].notation, &language, NULL));
    }
}

static void test_charge_fails_loudly_without_a_charge_time(void **state)
{
    (void)state;
    macro_language_t language = fighter();
    language.charge_frames = 0;
    macro_t macro;
    why_t why;
    assert_false(macro_parse(&macro, "LP > [4]6P", &language, why));
    assert_string_equal(why,
                        "column 6: [4] is a charge, and this game has no charge time: expected "
                        "\"charge_frames\" in its timing, or [4]{frames}");
    assert_true(macro_parse(&macro, "[4]{40}6P", &language, why));
    assert_int_equal(macro.steps[0].frames, 40);
}

static void test_a_text_that_is_too_long_is_refused(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    static char text[1 << 20];
    memset(text, '6', sizeof text - 1);
    macro_t macro;
    why_t why;
    assert_false(macro_parse(&macro, text, &language, why));
    assert_string_equal(why, "column 2048: a macro's notation must be shorter than 2048 bytes");
}

static void test_buttons_with_long_names_and_classes_of_two(void **state)
{
    (void)state;
    macro_language_t language;
    macro_language_defaults(&language);
    macro_t macro;
    why_t why;
    assert_true(macro_parse(&macro, "L2", &language, why));
    assert_int_equal(macro.steps[0].pad, 1 << 12);
    assert_true(macro_parse(&macro, "L+B", &language, why));
    assert_int_equal(macro.steps[0].pad, 1 << 10 | 1 << 0);
    assert_string_equal(macro.notation, "B+L");
    /* The longest name counts, whichever comes first. */
    const macro_button_t held = language.buttons[6];
    language.buttons[6] = language.buttons[8];
    language.buttons[8] = held;
    assert_true(macro_parse(&macro, "L2,L", &language, why));
    assert_int_equal(macro.steps[0].pad, 1 << 12);
    assert_int_equal(macro.steps[2].pad, 1 << 10);
    /* A preset may also name "PP" itself. */
    language.num_classes = 1;
    language.classes[0] = (macro_class_t){ .name = "PP", .num_members = 3, .members = { 0, 1, 4 } };
    assert_true(macro_parse(&macro, "PP", &language, why));
    assert_int_equal(macro.steps[0].pad, 1 << 0 | 1 << 1);
    assert_false(macro_parse(&macro, "PPPP", &language, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_construct_becomes_its_steps),
        cmocka_unit_test(test_the_examples_of_the_manual),
        cmocka_unit_test(test_notations_that_players_write),
        cmocka_unit_test(test_each_mistake_names_its_column),
        cmocka_unit_test(test_charge_fails_loudly_without_a_charge_time),
        cmocka_unit_test(test_a_text_that_is_too_long_is_refused),
        cmocka_unit_test(test_buttons_with_long_names_and_classes_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
