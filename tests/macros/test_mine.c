/* test_mine.c - macros planted in noise are found, and little else; what they are called. */
#include "fighter.h"
#include "mine.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { TEN_MINUTES = 36000, MAX_PLANTED = 12 };

static uint16_t pads[TEN_MINUTES];
static uint8_t faces_left[TEN_MINUTES];

/* ---- a recording made of noise and planted macros ---- */

typedef struct {
    uint32_t seed;
    int32_t num_frames;
    bool left; /* the fighter looks left now */
} tape_t;

static void hold(tape_t *tape, uint16_t pad, int32_t frames)
{
    for (int32_t f = 0; f < frames && tape->num_frames < TEN_MINUTES; f++) {
        faces_left[tape->num_frames] = tape->left;
        pads[tape->num_frames++] = tape->left ? macro_mirror(pad) : pad;
    }
}

/* A hand that does nothing in particular: any direction, now and then a button, 1 to 30 frames. */
static void add_noise(tape_t *tape, int32_t num_runs)
{
    static const uint16_t directions[] = { 0,          0,
                                           0,          MACRO_UP,
                                           MACRO_DOWN, MACRO_LEFT,
                                           MACRO_LEFT, MACRO_RIGHT,
                                           MACRO_LEFT, MACRO_RIGHT | MACRO_UP,
                                           MACRO_DOWN, MACRO_LEFT | MACRO_DOWN };
    static const uint16_t buttons[] = { 0, 0, 0, 0, 1 << 1, 1 << 9, 1 << 10, 1 << 0 };
    for (int32_t r = 0; r < num_runs; r++)
        hold(tape,
             directions[random_below(&tape->seed, 12)] | buttons[random_below(&tape->seed, 8)],
             1 + random_below(&tape->seed, 30));
}

static void add_macro(tape_t *tape, const macro_t *macro, int32_t jitter)
{
    for (int32_t s = 0; s < macro->num_steps; s++) {
        const int32_t more = random_below(&tape->seed, 2 * jitter + 1) - jitter;
        const int32_t frames = macro->steps[s].frames + more;
        hold(tape, macro->steps[s].pad, frames < 1 ? 1 : frames);
    }
}

/* Each macro as often as the others, in any order, either way round, noise between. */
static void make_tape(tape_t *tape, uint32_t seed, const macro_t *macros, int32_t num_macros,
                      int32_t jitter)
{
    *tape = (tape_t){ .seed = seed };
    while (tape->num_frames < TEN_MINUTES) {
        tape->left = random_below(&tape->seed, 2);
        add_noise(tape, 2 + random_below(&tape->seed, 8));
        if (num_macros) add_macro(tape, &macros[random_below(&tape->seed, num_macros)], jitter);
    }
}

/* ---- did it find them? ---- */

/* The same pads in the same order, each as long give or take the jitter. */
static bool is_same(const macro_t *found, const macro_t *planted, int32_t jitter)
{
    if (found->num_steps != planted->num_steps) return false;
    for (int32_t s = 0; s < found->num_steps; s++)
        if (found->steps[s].pad != planted->steps[s].pad ||
            abs(found->steps[s].frames - planted->steps[s].frames) > jitter)
            return false;
    return true;
}

static void parse_all(macro_t *macros, const char *const *notations, int32_t count)
{
    const macro_language_t language = fighter();
    why_t why;
    for (int32_t m = 0; m < count; m++)
        if (!macro_parse(&macros[m], notations[m], &language, why))
            fail_msg("%s: %s", notations[m], why);
}

/* Precision and recall of what is found, of those that were planted. */
static void expect_found(const mine_t *mine, const macro_t *planted, int32_t num_planted)
{
    int32_t num_right = 0, num_recalled = 0;
    for (int32_t m = 0; m < mine->num_macros; m++) {
        bool is_right = false;
        for (int32_t p = 0; p < num_planted; p++)
            is_right = is_right || is_same(&mine->macros[m].macro, &planted[p], 2);
        num_right += is_right;
        if (!is_right)
            print_message("beside: %s, %d times, %.0f bits\n", mine->macros[m].macro.notation,
                          mine->macros[m].count, mine->macros[m].bits_saved);
    }
    for (int32_t p = 0; p < num_planted; p++) {
        bool is_there = false;
        for (int32_t m = 0; m < mine->num_macros; m++)
            is_there = is_there || is_same(&mine->macros[m].macro, &planted[p], 2);
        num_recalled += is_there;
        if (!is_there) print_message("missed: %s\n", planted[p].notation);
    }
    const double precision = mine->num_macros ? (double)num_right / mine->num_macros : 0;
    const double recall = (double)num_recalled / num_planted;
    print_message("precision %.2f, recall %.2f\n", precision, recall);
    assert_true(precision >= 0.9);
    assert_true(recall >= 0.9);
}

static void mine_tape(mine_t *mine, const tape_t *tape, bool says_facing)
{
    const macro_language_t language = fighter();
    mine_options_t options;
    why_t why;
    mine_options_defaults(&options, &language);
    options.facing_unknown = !says_facing;
    const mine_track_t track = { .pads = pads,
                                 .num_frames = tape->num_frames,
                                 .faces_left = says_facing ? faces_left : NULL };
    if (!mine_macros(mine, &track, 1, &options, why)) fail_msg("%s", why);
}

static const char *const planted_notations[] = {
    "236LP", "623HP", "[4]6LP", "41236HK", "2LK > 2LK > 236LP", "LP,LP,HP", "66", "2MK xx 236{4}HP",
};
enum { NUM_PLANTED = sizeof planted_notations / sizeof planted_notations[0] };

static void test_planted_macros_are_found(void **state)
{
    (void)state;
    macro_t planted[MAX_PLANTED];
    parse_all(planted, planted_notations, NUM_PLANTED);
    for (uint32_t seed = 1; seed <= 6; seed++) {
        tape_t tape;
        mine_t mine;
        make_tape(&tape, seed, planted, NUM_PLANTED, seed % 2 ? 1 : 2);
        mine_tape(&mine, &tape, false);
        expect_found(&mine, planted, NUM_PLANTED);
        mine_free(&mine);
    }
}

static void test_noise_alone_has_no_macros(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        tape_t tape;
        mine_t mine;
        make_tape(&tape, seed * 77, NULL, 0, 0);
        mine_tape(&mine, &tape, false);
        if (mine.num_macros > 0) fail_msg("found %s", mine.macros[0].macro.notation);
        assert_true(mine.num_runs > 1000);
        mine_free(&mine);
    }
}

/* Forward and back are told apart where it is said which way the fighter looks. */
static void test_where_facing_is_said_back_is_not_forward(void **state)
{
    (void)state;
    static const char *const notations[] = { "236HP", "214HP", "63214LK" };
    macro_t planted[3];
    parse_all(planted, notations, 3);
    tape_t tape;
    mine_t mine;
    make_tape(&tape, 11, planted, 3, 2);
    mine_tape(&mine, &tape, true);
    expect_found(&mine, planted, 3);
    for (int32_t m = 0; m < mine.num_macros; m++) assert_int_equal(mine.macros[m].num_mirrored, 0);
    mine_free(&mine);

    /* where it is not said, 214 facing right is 236 facing left: one macro, told as 236 */
    mine_tape(&mine, &tape, false);
    assert_int_equal(mine.num_macros, 2);
    for (int32_t m = 0; m < 2; m++) {
        const mine_macro_t *macro = &mine.macros[m];
        assert_true(strcmp(macro->name, "236HP") == 0 || strcmp(macro->name, "41236LK") == 0);
        assert_in_range(macro->num_mirrored, macro->count / 4, macro->count * 3 / 4);
    }
    mine_free(&mine);
}

/* A direction that was held before the motion, and a button that is not let go. */
static void test_ends_may_be_longer(void **state)
{
    (void)state;
    macro_t planted[1];
    parse_all(planted, (const char *const[]){ "236HP" }, 1);
    tape_t tape = { .seed = 5 };
    while (tape.num_frames < TEN_MINUTES) {
        add_noise(&tape, 6);
        hold(&tape, 0, 5);
        hold(&tape, MACRO_DOWN, random_below(&tape.seed, 3) ? random_below(&tape.seed, 40) : 0);
        add_macro(&tape, planted, 1);
        hold(&tape, planted->steps[2].pad, random_below(&tape.seed, 20));
    }
    mine_t mine;
    mine_tape(&mine, &tape, false);
    assert_true(mine.num_macros >= 1);
    assert_string_equal(mine.macros[0].name, "236HP");
    assert_string_equal(mine.macros[0].family, "236P");
    assert_true(mine.macros[0].count > 150);
    mine_free(&mine);
}

static void test_nothing_is_found_across_tracks(void **state)
{
    (void)state;
    macro_t macro;
    parse_all(&macro, (const char *const[]){ "236HP" }, 1);
    enum { NUM_TRACKS = 200 };
    static mine_track_t tracks[2 * NUM_TRACKS];
    tape_t tape = { .seed = 3 };
    int32_t starts[2 * NUM_TRACKS + 1];
    for (int32_t t = 0; t < 2 * NUM_TRACKS; t++) { /* the motion in one, the button in the next */
        starts[t] = tape.num_frames;
        if (t % 2 == 0) add_noise(&tape, 1);
        for (int32_t s = t % 2 * 2; s < 2 + t % 2; s++)
            hold(&tape, macro.steps[s].pad, macro.steps[s].frames);
        if (t % 2) add_noise(&tape, 1);
    }
    starts[2 * NUM_TRACKS] = tape.num_frames;
    for (int32_t t = 0; t < 2 * NUM_TRACKS; t++)
        tracks[t] =
            (mine_track_t){ .pads = pads + starts[t], .num_frames = starts[t + 1] - starts[t] };
    const macro_language_t language = fighter();
    mine_options_t options;
    mine_t mine;
    why_t why;
    mine_options_defaults(&options, &language);
    assert_true(mine_macros(&mine, tracks, 2 * NUM_TRACKS, &options, why));
    for (int32_t m = 0; m < mine.num_macros; m++)
        assert_string_not_equal(mine.macros[m].name, "236HP");
    mine_free(&mine);
    /* in one track it is there: the test can fail */
    mine_tape(&mine, &tape, false);
    assert_string_equal(mine.macros[0].name, "236HP");
    mine_free(&mine);
}

static void test_the_same_tape_gives_the_same_macros(void **state)
{
    (void)state;
    macro_t planted[MAX_PLANTED];
    parse_all(planted, planted_notations, NUM_PLANTED);
    tape_t tape;
    mine_t first, again;
    make_tape(&tape, 42, planted, NUM_PLANTED, 2);
    mine_tape(&first, &tape, false);
    mine_tape(&again, &tape, false);
    assert_int_equal(first.num_macros, again.num_macros);
    for (int32_t m = 0; m < first.num_macros; m++) {
        assert_string_equal(first.macros[m].macro.notation, again.macros[m].macro.notation);
        assert_true(first.macros[m].bits_saved == again.macros[m].bits_saved);
        if (m) assert_true(first.macros[m].bits_saved <= first.macros[m - 1].bits_saved);
    }
    double saved = 0;
    for (int32_t m = 0; m < first.num_macros; m++) saved += first.macros[m].bits_saved;
    assert_true(saved < first.bits);
    mine_free(&first);
    mine_free(&again);
}

/* Pads that change every frame, at random and in a short circle: the most runs and windows. */
static void test_the_worst_tapes_take_seconds(void **state)
{
    (void)state;
    uint32_t seed = 9;
    for (int32_t period = 0; period <= 6; period += 3) {
        for (int32_t f = 0; f < TEN_MINUTES; f++)
            pads[f] = (uint16_t)((period ? f % period : random_below(&seed, 3)) * 16 + f % 2);
        const tape_t tape = { .num_frames = TEN_MINUTES };
        mine_t mine;
        const clock_t began = clock();
        mine_tape(&mine, &tape, false);
        const double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
        print_message("%d runs, %d macros: %.2f s\n", mine.num_runs, mine.num_macros, seconds);
        assert_true(seconds < 10);
        mine_free(&mine);
    }
}

static void test_options_out_of_range_are_refused(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    mine_options_t options;
    mine_t mine;
    why_t why;
    const mine_track_t track = { .pads = pads, .num_frames = 100 };
    mine_options_defaults(&options, &language);
    options.jitter_frames = 9;
    assert_false(mine_macros(&mine, &track, 1, &options, why));
    assert_string_equal(why, "jitter must be 0 to 8 frames, found 9");
    mine_options_defaults(&options, &language);
    options.min_count = 1;
    assert_false(mine_macros(&mine, &track, 1, &options, why));
    assert_string_equal(why, "a macro must be found at least 2 times, found 1");
    mine_options_defaults(&options, &language);
    options.min_bits = 0;
    assert_false(mine_macros(&mine, &track, 1, &options, why));
    mine_options_defaults(&options, &language);
    options.max_macros = 257;
    assert_false(mine_macros(&mine, &track, 1, &options, why));
    assert_null(mine.macros);

    uint16_t *many = calloc(MINE_MAX_RUNS + 1, sizeof *many);
    for (int32_t f = 0; f <= MINE_MAX_RUNS; f += 2) many[f] = 1;
    const mine_track_t long_track = { .pads = many, .num_frames = MINE_MAX_RUNS + 1 };
    mine_options_defaults(&options, &language);
    assert_false(mine_macros(&mine, &long_track, 1, &options, why));
    assert_string_equal(why, "the pads must change at most 262144 times, they change 262145 times");
    free(many);

    const mine_track_t empty = { .pads = pads, .num_frames = 0 };
    assert_true(mine_macros(&mine, &empty, 1, &options, why));
    assert_int_equal(mine.num_macros, 0);
    mine_free(&mine);
}

/* ---- names ---- */

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *steps, *name, *family;
    } rows[] = {
        { "2{5};3{2};6LP{9}", "236LP", "236P" },
        { "2{5};3{2};6{4};6LP{2}", "236LP", "236P" },
        { "2{3};3{3};6{4};LP{2}", "236LP", "236P" },      /* the direction let go first */
        { "2{3};3{3};6{4};5{3};LP{2}", "236LP", "236P" }, /* the button a moment later */
        { "2{3};3{3};6{4};5{20};LP{2}", "236,{20}LP", "236,{20}P" },
        { "2{3};3{3};6LP{4};6{9}", "236LP", "236P" }, /* the button let go first */
        { "6{3};2{3};3HK{4}", "623HK", "623K" },
        { "4{60};6LP{3}", "[4]6LP", "[4]6P" },
        { "2{45};8LK{3}", "[2]8LK", "[2]8K" },
        { "4{20};6LP{3}", "46LP", "46P" },
        { "6{3};3{3};2{3};1{3};4{3};7{3};8LP{2}", "360LP", "360P" },
        { "6{4};5{4};6{5}", "66", "" },
        { "6{4};5{4};6LP{5}", "66LP", "66P" },
        { "2LK{3};5{4};2LK{3}", "2LK,{4}2LK", "2K,{4}2K" },
        { "2LK{3};2{9};2MK{5}", "2LK,{9}2MK", "2K,{9}2K" }, /* down held all the while */
        { "2LK{3};2{2};3{3};6LP{3}", "2LK,{0}236LP", "2K,{0}236P" },
        { "LP{3};6{2};6LP{3}", "LP,{2}6LP", "P,{2}6P" },
        { "LP{3};6{2};3{2};6{2}", "", "" }, /* after the last press there is only letting go */
        { "LP+MP{3}", "LP+MP", "" },
        { "2{3};3{3};6LP+LK{3}", "236LK+LP", "" },
        { "LP{3};LP+LK{3}", "", "" }, /* a second button joins: no name */
        { "2LP{3};6LP{3}", "", "" },
    };
    const macro_language_t language = fighter();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        macro_t macro;
        char name[64], family[64];
        parse_all(&macro, &rows[i].steps, 1);
        mine_name(&macro, &language, name, family, sizeof name);
        if (strcmp(name, rows[i].name) != 0 || strcmp(family, rows[i].family) != 0)
            fail_msg("%s is named \"%s\" (\"%s\"), expected \"%s\" (\"%s\")", rows[i].steps, name,
                     family, rows[i].name, rows[i].family);
    }
    macro_language_t plain = language;
    plain.charge_frames = 0; /* a game without charges: the name says how long */
    macro_t macro;
    char name[64], family[64];
    parse_all(&macro, (const char *const[]){ "4{60};6LP{3}" }, 1);
    mine_name(&macro, &plain, name, family, sizeof name);
    assert_string_equal(name, "[4]{60}6LP");
    mine_name(&macro, &plain, name, family, 5); /* no room: no name, not half of one */
    assert_string_equal(name, "");
}

/* Two ways to play the same move are one macro. */
static void test_variants_are_told_once(void **state)
{
    (void)state;
    macro_t ways[2];
    parse_all(ways, (const char *const[]){ "2{3};3{3};6LP{3}", "2{3};3{3};6{6};6LP{3}" }, 2);
    tape_t tape;
    mine_t mine;
    make_tape(&tape, 21, ways, 2, 1);
    mine_tape(&mine, &tape, false);
    assert_int_equal(mine.num_macros, 1);
    assert_string_equal(mine.macros[0].name, "236LP");
    assert_int_equal(mine.macros[0].num_variants, 2);
    mine_free(&mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_macros_are_found),
        cmocka_unit_test(test_noise_alone_has_no_macros),
        cmocka_unit_test(test_where_facing_is_said_back_is_not_forward),
        cmocka_unit_test(test_ends_may_be_longer),
        cmocka_unit_test(test_nothing_is_found_across_tracks),
        cmocka_unit_test(test_the_same_tape_gives_the_same_macros),
        cmocka_unit_test(test_the_worst_tapes_take_seconds),
        cmocka_unit_test(test_options_out_of_range_are_refused),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_variants_are_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
