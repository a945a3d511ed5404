/* test_parse.c - the notation: what each construct becomes, and what each mistake is told. */
#include "macro.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A six-button game: X Y L are the punches, B A R the kicks; every timing differs. */
static macro_language_t fighter(void)
{
    static const struct {
        const char *name;
        int id;
    } rows[6] = { { "LP", 9 }, { "MP", 1 }, { "HP", 10 }, { "LK", 0 }, { "MK", 8 }, { "HK", 11 } };
    macro_language_t language;
    macro_language_defaults(&language);
    language.num_buttons = 6;
    for (int i = 0; i < 6; i++) {
        snprintf(language.buttons[i].name, MACRO_NAME_BYTES, "%s", rows[i].name);
        language.buttons[i].pad = (uint16_t)(1u << rows[i].id);
    }
    language.num_classes = 2;
    language.classes[0] = (macro_class_t){ .name = "P", .num_members = 3, .members = { 0, 1, 2 } };
    language.classes[1] = (macro_class_t){ .name = "K", .num_members = 3, .members = { 3, 4, 5 } };
    language.motion_frames = 3;
    language.press_frames = 2;
    language.charge_frames = 50;
    language.link_gap_frames = 8;
    language.chain_gap_frames = 4;
    language.cancel_gap_frames = 1;
    language.follow_gap_frames = 0;
    language.mash_gap_frames = 5;
    language.jump_frames = 6;
    language.rise_frames = 10;
    return language;
}

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
    { "LP+LK", "LP+LK{2}" },
    { "LK+LP", "LP+LK{2}" },
    { "6+LP", "6LP{2}" },
    { "2LK", "2LK{2}" },
    { "PP", "LP+MP{2}" },
    { "PPP", "LP+MP+HP{2}" },
    { "KK", "LK+MK{2}" },
    { "P+K", "LP+LK{2}" },
    { "63214PPP", "6{3};3{3};2{3};1{3};4LP+MP+HP{2}" },
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
    { "LP+LK~LP", "LP+LK{2};LK{1};LP{2}" },
    { "LP,{20}LP", "LP{2};5{20};LP{2}" },
    { "LP,{0}LK", "LP{2};LK{2}" },
    { "LP;LP", "LP{4}" },
    /* holds and negative edge */
    { "236[P]", "2{3};3{3};6LP{2}" },
    { "[P]{30}", "LP{30}" },
    { "[P]{30}~]P[", "LP{30};5{2}" },
    { "[P]~236]P[", "LP{2};2LP{3};3LP{3};6{2}" },
    { "[LP] {5} [LK] {5} ]LP[", "LP{7};LP+LK{7};LK{2}" },
    { "[LP],LK", "LP{10};LP+LK{2}" },
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
        char why[MACRO_WHY_BYTES] = "", steps[MACRO_TEXT_BYTES] = "";
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_construct_becomes_its_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
