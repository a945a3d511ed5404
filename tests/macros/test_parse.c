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
    { "[4], 6, 4, 6P", "4{50};6{3};4{3};6LP{2}" }, /* a comma in a charge goes on */
    { "f,[b],f+P", "6{3};4{50};6LP{2}" },
    { "6,[4]6P", "6{3};5{8};4{50};6LP{2}" },
    { "[4]6,cr.LP", "4{50};6{3};5{8};2LP{2}" },
    { "f,[LP]", "6{3};5{8};LP{20}" },
    { "[4]6,LP", "4{50};6{3};5{8};LP{2}" },
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
    { "236[P]", "2{3};3{3};6LP{20}" },
    { "5[HP]", "HP{20}" },
    { "j.[HK]", "8{6};5{10};HK{20}" },
    { "[P]{30}", "LP{30}" },
    { "[P]{30}~]P[", "LP{30};5{2}" },
    { "[P]~236]P[", "LP{20};2LP{3};3LP{3};6{2}" },
    { "[LP] {5} [LK] {5} ]LP[", "LP{25};LK+LP{20};LP{5};5{2}" },
    { "[LP],LK", "LP{20};5{8};LK{2}" }, /* nothing releases it: it lets go */
    { "[LP],LK,]LP[", "LP{28};LK+LP{2};LP{8};5{2}" },
    { "[LP+LK],]LP[", "LK+LP{20};LP{8};5{2}" }, /* of two, the one that is released later */
    { "[LP]~LP", "LP{20};5{1};LP{2}" },
    { "[P]*2", "LP{20};5{5};LP{20}" },
    { "214+[K]", "2{3};1{3};4LK{20}" },
    /* jumps */
    { "j.HK", "8{6};5{10};HK{2}" },
    { "j9.HK", "9{6};5{10};HK{2}" },
    { "j7.236P", "7{6};5{10};2{3};3{3};6LP{2}" },
    /* a chain in the air is one jump */
    { "j.LP > j.MK > j.HP", "8{6};5{10};LP{2};5{4};MK{2};5{4};HP{2}" },
    { "j.HK, j.HP", "8{6};5{10};HK{2};5{8};HP{2}" },
    { "j8.HK, j.HP", "8{6};5{10};HK{2};5{8};HP{2}" },
    { "j.LP {7} j.MK", "8{6};5{10};LP{2};5{7};MK{2}" },
    { "j.LP*2", "8{6};5{10};LP{2};5{5};LP{2}" },
    { "(j.LP)*2", "8{6};5{10};LP{2};8{6};5{10};LP{2}" },
    { "j.LP,(j.LP)", "8{6};5{10};LP{2};5{8};8{6};5{10};LP{2}" },
    { "j.LP > LK > j.LP", "8{6};5{10};LP{2};5{4};LK{2};5{4};8{6};5{10};LP{2}" },
    { "j.LP > j9.LP", "8{6};5{10};LP{2};5{4};9{6};5{10};LP{2}" },
    { "9 > j.HP > j.HK", "9{3};5{4};HP{2};5{4};HK{2}" },
    { "9HP > j.HP", "9HP{2};5{4};8{6};5{10};HP{2}" },
    { "j.[HK] > j.HP", "8{6};5{10};HK{20};5{4};HP{2}" },
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
    int32_t num_examples = 0, length;
    while (fgets(line, sizeof line, manual)) {
        if (strcmp(line, "## Grammar\n") == 0) break;
        const char *last = strrchr(line, '|');
        if (!last || strncmp(line, "| `", 3) != 0) continue;
        while (last > line && last[-1] != '|') last--;
        if (sscanf(last, " `%511[^`]`", expected) != 1) continue;
        const char *at = line + 2; /* the first cell may spell the same move in several ways */
        for (; sscanf(at, "`%255[^`]`%n", notation, &length) == 1; at += length + 1) {
            macro_t macro;
            char steps[MACRO_TEXT_BYTES];
            why_t why = "";
            if (!macro_parse(&macro, notation, &language, why)) fail_msg("%s: %s", notation, why);
            macro_print_steps(steps, sizeof steps, &macro, &language);
            if (strcmp(steps, expected) != 0) fail_msg("%s: %s, not %s", notation, steps, expected);
            num_examples++;
        }
    }
    fclose(manual);
    assert_true(num_examples >= 70);
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
#define MOVE "a direction (1 to 9, or a word as qcf, d, df), a button, [, ], (, j. or {frames}"
#define BETWEEN ": write + between buttons that are pressed at once, and , or > between moves"
#define ONE_WAY " gives a choice, and a macro is one way to press it: write one of the ways"

static const refused_t all_refused[] = {
    { "", "column 1: expected " MOVE ", found the end" },
    { "   ", "column 4: expected " MOVE ", found the end" },
    { "236Q", "column 4: expected " BUTTONS ", found 'Q'" },
    { "236+Q", "column 5: expected " BUTTONS ", found 'Q'" },
    { "qcg+P", "column 1: expected " MOVE ", found 'qcg'" },
    { "236PUNCH", "column 4: expected " BUTTONS ", found 'PUNCH'" },
    { "LP LK", "column 4: expected a join (, > xx ~ ;), found 'LK'" BETWEEN },
    { "LP 236P", "column 4: expected a join (, > xx ~ ;), found '2'" BETWEEN },
    { "0", "column 1: expected a direction (1 to 9), found '0'" },
    { "2360P", "column 4: expected a direction (1 to 9), found '0'" },
    { "LP+", "column 4: expected " BUTTONS ", found the end" },
    { "LP+6", "column 4: expected " BUTTONS ", found '6'" },
    { "6+", "column 3: expected " BUTTONS ", found the end" },
    { "6 + ", "column 5: expected " BUTTONS ", found the end" },
    { "PPPP", "column 1: expected at most 3 of class P, found 4" },
    { "PP+PP", "column 4: expected at most 3 of class P, found 4" },
    { "qcf+4P", "column 5: expected at most 3 of class P, found 4" },
    { "[4", "column 3: expected ] after the direction to hold, found the end" },
    { "[46]P", "column 3: expected ] after the direction to hold, found '6'" },
    { "[LP", "column 4: expected ] after the buttons to hold, found the end" },
    { "]LP", "column 4: expected [ after the buttons to release, found the end" },
    { "]LP[", "column 1: expected buttons that are held here by [ ]: write [P] before ]P[ releases "
              "it" },
    { "[LP]~LP~]LP[", "column 6: expected buttons that are not held already: they are down until "
                      "] [ releases them" },
    { "hold b,f+P", "column 6: hold is for buttons: write charge b,f+P or [4]6P for a direction, "
                    "6{20} for how long" },
    { "charge P", "column 8: expected the direction to charge, as b or 4, found 'P'" },
    { "j.", "column 3: expected what to do in the air, as j.LP, found the end" },
    { "j5.LP", "column 3: expected a join (, > xx ~ ;), found '.'" },
    { "j9LP", "column 1: j9 is a jump to the side or a direction in the air: write j9. or j.9" },
    { "st.2LP", "column 4: expected " BUTTONS ", found '2'" },
    { "cr.", "column 4: expected " BUTTONS ", found the end" },
    { "cl.", "column 4: expected " BUTTONS ", found the end" },
    { "tk.LP", "column 1: tk is a motion that ends in a jump: write tk.236P, which is 2369P" },
    { "6{", "column 3: expected a number of frames, found the end" },
    { "6{x}", "column 3: expected a number of frames, found 'x'" },
    { "6{4", "column 4: expected } after the number of frames, found the end" },
    { "6{0}", "column 2: expected 1 to 3600 frames, found {0}" },
    { "{\t0 }xx", "column 1: expected 1 to 3600 frames, found {0}" },
    { "{99999999999999999999}", "column 1: expected 1 to 3600 frames, found more" },
    { "LP,{3601}LK", "column 4: expected 0 to 3600 frames, found more" },
    { "{3600} {1}", "column 8: a macro must last at most 3600 frames" },
    { "LP > ", "column 6: expected " MOVE ", found the end" },
    { "LP >> LK", "column 5: expected " MOVE ", found '>'" },
    { "xx", "column 1: expected " MOVE ", found 'xx'" },
    { "(LP", "column 4: expected a join (, > xx ~ ;) or ), found the end" },
    { "LP)", "column 3: expected a join (, > xx ~ ;) or the end, found ')'" },
    { "LP (air", "column 4: expected ) behind the remark, found the end" },
    { "LP (LK)*2", "column 4: ( ) behind a move is a remark, and a remark is not repeated: write a "
                   "join before the group, or the repeat before the remark" },
    { "((((( 6 )))))", "column 5: groups must be nested at most 4 deep" },
    { "P*", "column 2: expected how often, *2 to *999" },
    { "P*1", "column 2: expected how often, *2 to *999" },
    { "P*1000", "column 2: expected how often, *2 to *999" },
    { "P*999", "column 1: a macro must have at most 256 steps" },
    { "236x5P", "column 4: a motion is repeated 2 to 4 times, as in 236x2P" },
    { "([P])*2~]P[", "column 2: expected every [ ] hold to be released before it repeats" },
    { "236\x01P", "column 4: expected a join (, > xx ~ ;), found byte 0x01" },
    { "\xC3\xA9", "column 1: expected " MOVE ", found byte 0xC3" },
    /* what gives a choice, or can be read in two ways */
    { "LP/LK", "column 3: '/'" ONE_WAY ", 236LP of 236LP/MP" },
    { "7 or 9HK", "column 3: 'or'" ONE_WAY },
    { "LP after LK or MK", "column 13: 'or'" ONE_WAY },
    { "66 \xE2\x86\x92 LP", "column 4: an arrow behind digits or words goes on with the motion or "
                            "means then: write 6, or >" },
    { "LP \xE2\x86\x92+MP",
      "column 4: this arrow is then or forward: write > before the next move, "
      "or 6" },
    { "236, hcb+P", "column 6: a comma between digits and words goes on with the motion or begins "
                    "another move: write all of it in digits (214236P), or > between moves" },
    { "236B",
      "column 4: 'B' is a direction in the middle of digits or words: write a motion all in "
      "digits or all in words, and + before a button" },
    { "c.MK", "column 1: c. is crouching or close: write cr.MK or cl.MK" },
    { "f.HP", "column 1: f. is far or forward: write far.HP or f+HP" },
    { "fHP", "column 1: a direction and a button need a + between them: write f+HP" },
    { "HPHP", "column 1: 'HPHP' names a button twice, and it can be pressed only once at a time: "
              "write HP > HP for one press after the other" },
    { "sj.HP", "column 1: sj. is a jump after a tap of down: write 2~j8.HP" },
    { "w.P", "column 1: 'w.' is no word here: before a dot stand cr st cl far j tk, or a direction "
             "or motion in words" },
    { "during LP", "column 1: 'during' says when, and a macro is what to press: write the move "
                   "before it" },
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

/* Buttons as some game calls them, on the pad's bits in order; all in one class. */
static macro_language_t buttons_called(const char *const names[], int32_t num_names,
                                       const char *class)
{
    macro_language_t language = fighter();
    language.num_buttons = num_names;
    language.num_classes = 1;
    language.classes[0] = (macro_class_t){ .num_members = num_names };
    snprintf(language.classes[0].name, MACRO_NAME_BYTES, "%s", class);
    for (int32_t b = 0; b < num_names; b++) {
        language.classes[0].members[b] = b;
        snprintf(language.buttons[b].name, MACRO_NAME_BYTES, "%s", names[b]);
        language.buttons[b].pad = (uint16_t)(1u << (b < 4 ? b : b + 4));
    }
    return language;
}

/* notation: canonical, or NULL: refused with `why` after the column. */
typedef struct {
    const char *text, *notation, *why;
} spelled_t;

static void expect_spelled(const macro_language_t *language, const spelled_t *rows, size_t num_rows)
{
    for (size_t r = 0; r < num_rows; r++) {
        macro_t macro, again;
        why_t why = "";
        const bool ok = macro_parse(&macro, rows[r].text, language, why);
        if (!rows[r].notation) {
            if (ok) fail_msg("%s: became %s", rows[r].text, macro.notation);
            if (!strstr(why, rows[r].why)) fail_msg("%s: said %s", rows[r].text, why);
            continue;
        }
        if (!ok || strcmp(macro.notation, rows[r].notation) != 0)
            fail_msg("%s: became %s %s", rows[r].text, macro.notation, why);
        assert_true(macro_parse(&again, macro.notation, language, why));
        assert_true(macro_same_steps(&macro, &again));
        assert_string_equal(macro.notation, again.notation);
    }
}
#define EXPECT_SPELLED(language, rows) expect_spelled(language, rows, sizeof rows / sizeof rows[0])

static void test_letters_that_are_buttons_and_words(void **state)
{
    (void)state;
    static const char *const strive[] = { "P", "K", "S", "H", "D" };
    static const char *const king[] = { "A", "B", "C", "D" };
    static const char *const prefixes[] = { "L", "LP", "P", "K", "LK" };
    static const spelled_t in_strive[] = {
        { "f,d,df+S", "623S", NULL },
        { "d+D", "2D", NULL },
        { "d.D", "2D", NULL },
        { "dp+S", "623S", NULL },
        { "KSH", "H+K+S", NULL },
        { "ksh", "H+K+S", NULL },
        { "far S", "S", NULL },
        { "f,d,df+s", NULL, "'d' is the direction 2 or the button D: write 2 or D" },
        { "d", NULL, "'d' is the direction 2 or the button D: write 2 or D" },
        { "DP", NULL, "'DP' is the motion 623 or the buttons D+P: write 623 or D+P" },
        { "dp", NULL, "'dp' is the motion 623 or the buttons D+P" },
        { "F,D,DF+S", NULL, "'F' in capitals may be buttons here: write f in lower case, or 6" },
        { "6HH", NULL, "write H > H for one press after the other" },
    };
    static const spelled_t in_king[] = {
        { "AB", "A+B", NULL },
        { "abcd", "A+B+C+D", NULL },
        { "db+C", "1C", NULL },
        { "b,f+A", "46A", NULL },
        { "qcf+a", "236A", NULL },
        { "qcf+b", NULL, "'b' is the direction 4 or the button B: write 4 or B" },
        { "2b", NULL, "'b' is the direction 4 or the button B" },
        { "DB", NULL, "'DB' is the direction 1 or the buttons D+B: write 1 or D+B" },
        { "db", NULL, "'db' is the direction 1 or the buttons D+B" },
    };
    static const spelled_t in_prefixes[] = {
        { "LP", "LP", NULL },
        { "LP+LK", "LK+LP", NULL },
        { "LPLK", NULL, "'LPLK' is LP+LK or LP+L+K: write the one that is meant" },
        { "LPK", NULL, "'LPK' is LP+K or L+P+K: write the one that is meant" },
    };
    macro_language_t language = buttons_called(strive, 5, "Any");
    EXPECT_SPELLED(&language, in_strive);
    language = buttons_called(king, 4, "Any");
    EXPECT_SPELLED(&language, in_king);
    language = buttons_called(prefixes, 5, "Any");
    EXPECT_SPELLED(&language, in_prefixes);
    /* A name of the preset's own is no word: a button may be called DP, or dash. */
    static const char *const named[] = { "DP", "dash", "x", "B" };
    static const spelled_t in_named[] = {
        { "DP", "DP", NULL },     { "dash+B", "B+dash", NULL }, { "x,x", "x,x", NULL },
        { "236x", "236x", NULL }, { "Bxxx", "B xx x", NULL },   { "x xx {2}B", "x xx {2}B", NULL },
    };
    language = buttons_called(named, 4, "Any");
    EXPECT_SPELLED(&language, in_named);
}

static void test_buttons_that_are_numbers(void **state)
{
    (void)state;
    static const char *const tekken[] = { "1", "2", "3", "4" };
    static const spelled_t rows[] = {
        { "1", "1", NULL },
        { "2+1", "1+2", NULL },
        { "1, 2, 1+2", "1,2,1+2", NULL },
        { "d/f+1", "df+1", NULL },
        { "qcf+1", "d,df,f+1", NULL },
        { "f,n,d,df+2", "f,n,d,df+2", NULL },
        { "[b],f+1", "[b],f+1", NULL },
        { "d,far d/b", "d,{8}db", NULL }, /* a bare comma would go on with the motion */
        { "b xx d+1", "b xx d+1", NULL },
        { "dash, cr.2", "f,f,{8}d+2", NULL },
        { "d[b]f+1", "d,[b],f+1", NULL }, /* printed as d[b],f+1 it was another macro */
        { "360+1", "360+1", NULL },
        { "360,b+3", "360,b+3", NULL }, /* the circle is among words here */
        { "720[B]3", "720,[b]+3", NULL },
        { "b+1*3", "b+1*3", NULL },
        { "12", NULL, "write 1+2 for both at once, 1,2 for one after the other" },
        { "236+1", NULL, "write 2+3 for both at once" },
        { "6", NULL, "numbers are buttons here, and none is called 6: write directions as words" },
        { "df1", NULL, "'df1' is d/f+1 or d,f+1: write the one that is meant" },
    };
    const macro_language_t language = buttons_called(tekken, 4, "Any");
    EXPECT_SPELLED(&language, rows);
    /* What they press, and the step list of it. */
    macro_t macro;
    char steps[256];
    assert_true(macro_parse(&macro, "f,F+3", &language, NULL));
    macro_print_steps(steps, sizeof steps, &macro, &language);
    assert_string_equal(steps, "f{3};n{3};f+3{2}");
    assert_int_equal(macro.steps[2].pad, MACRO_RIGHT | 1 << 2);
}

/* What is passed over is kept, to be said. */
static void test_remarks_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *text, *notation, *remarks;
    } rows[] = {
        { "236P", "236P", "" },
        { "236P (air)", "236P", "(air)" },
        { "5HP(1)", "5HP", "(1)" },
        { "2LP(1) > 236P (2 (or 3) hits)", "2LP>236P", "(1) (2 (or 3) hits)" },
        { "(in the air) 236P", "236P", "(in the air)" },
        { "(hold) LP > (close) LP", "LP>LP", "(hold) (close)" },
        { "cl.HP", "HP", "cl." },
        { "S (x) near wall > LP", NULL, NULL },
        { "LP (x) near the wall > MP", "LP>MP", "(x) near the wall" },
        { "LP (\t)", "LP", "( )" },
        { "LP (0123456789012345678901234567890123456789) "
          "(0123456789012345678901234567890123456789)",
          "LP", "(0123456789012345678901234567890123456789) ..." },
    };
    const macro_language_t language = fighter();
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        macro_t macro;
        why_t why = "";
        const bool ok = macro_parse(&macro, rows[r].text, &language, why);
        assert_int_equal(ok, rows[r].notation != NULL);
        if (!ok) continue;
        assert_string_equal(macro.notation, rows[r].notation);
        assert_string_equal(macro.remarks, rows[r].remarks);
    }
}

/* Names of which each is the start of the next, and a text of nothing else: bounded, not tried out.
 */
static void test_too_many_readings_are_refused(void **state)
{
    (void)state;
    char spelled[16][MACRO_NAME_BYTES];
    const char *names[16];
    for (int32_t b = 0; b < 16; b++) {
        memset(spelled[b], 'A', (size_t)b + 1);
        spelled[b][b + 1] = '\0';
        names[b] = spelled[b];
    }
    const macro_language_t language = buttons_called(names, 12, "AB");
    char text[2000];
    memset(text, 'A', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    macro_t macro;
    why_t why = "";
    assert_false(macro_parse(&macro, text, &language, why));
    for (size_t i = 60; i < sizeof text - 1; i += 60) text[i] = ',';
    assert_false(macro_parse(&macro, text, &language, why));
    assert_non_null(strstr(why, "too many ways to read these letters"));
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
        cmocka_unit_test(test_letters_that_are_buttons_and_words),
        cmocka_unit_test(test_buttons_that_are_numbers),
        cmocka_unit_test(test_remarks_are_kept),
        cmocka_unit_test(test_too_many_readings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
