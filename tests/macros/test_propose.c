/* test_propose.c - proposed macros: their order, none twice in effect, the same list each time. */
#include "fighter.h"
#include "propose.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEP = 4 };

static macro_t parsed(const char *notation, const macro_language_t *language)
{
    macro_t macro;
    why_t why;
    if (!macro_parse(&macro, notation, language, why)) fail_msg("%s", why);
    return macro;
}

/* What the pad does in whole steps, the slow way. */
static bool does_the_same(const macro_t *a, const macro_t *b)
{
    int32_t frames_a = a->num_frames, frames_b = b->num_frames;
    while (frames_a % STEP) frames_a++;
    while (frames_b % STEP) frames_b++;
    if (frames_a != frames_b) return false;
    for (int32_t f = 0; f < frames_a; f++)
        if (macro_pad_at(a, f, false) != macro_pad_at(b, f, false)) return false;
    return true;
}

static propose_options_t options_of(const macro_language_t *language, int32_t count)
{
    return (propose_options_t){
        .language = language, .frames_per_step = STEP, .count = count, .seed = 1
    };
}

static void test_sources_come_in_their_order_and_none_twice(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    const propose_options_t options = options_of(&language, 300);
    propose_t proposed;
    assert_true(propose_macros(&proposed, &options, NULL));
    assert_int_equal(proposed.num_macros, 300);
    int32_t counts[PROPOSE_NUM_SOURCES] = { 0 };
    for (int32_t i = 0; i < 300; i++) {
        const propose_macro_t *item = &proposed.list[i];
        counts[item->source]++;
        if (i > 0) assert_true(item->source >= proposed.list[i - 1].source);
        const macro_t again = parsed(item->macro.notation, &language);
        assert_true(macro_same_steps(&again, &item->macro));
        assert_true((item->macro.steps[0].pad & (1u << 2 | 1u << 3)) == 0);
        for (int32_t j = 0; j < i; j++) {
            assert_string_not_equal(item->name, proposed.list[j].name);
            assert_false(does_the_same(&item->macro, &proposed.list[j].macro));
        }
    }
    /* Six buttons: 16 motions with each; 9 directions alone in four lengths and with a button in
     * two, of which doing nothing for half a step is doing nothing for a step. */
    assert_int_equal(counts[PROPOSE_MOTION], 16 * 6);
    assert_int_equal(counts[PROPOSE_DIRECTION], 9 * 4 - 1 + 9 * 6 * 2);
    assert_int_equal(counts[PROPOSE_RECORDED], 0);
    assert_int_equal(counts[PROPOSE_RANDOM], 300 - 96 - 143);
    assert_string_equal(proposed.list[0].name, "236LP");
    propose_free(&proposed);
}

static void test_what_does_the_same_as_an_action_is_left_out_and_told(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    const macro_t fireball = parsed("236LP", &language), wait = parsed("{4}", &language);
    const macro_t *const known[] = { &fireball, &wait };
    static const char *const names[] = { "Fireball", "Wait" };
    propose_options_t options = options_of(&language, 200);
    options.known = known;
    options.known_names = names;
    options.num_known = 2;
    propose_t proposed;
    assert_true(propose_macros(&proposed, &options, NULL));
    for (int32_t i = 0; i < proposed.num_macros; i++)
        for (int32_t k = 0; k < 2; k++)
            assert_false(does_the_same(&proposed.list[i].macro, known[k]));
    assert_int_equal(proposed.num_duplicates, 3);
    assert_string_equal(proposed.duplicates[0].name, "236LP");
    assert_string_equal(proposed.duplicates[0].of, "Fireball");
    assert_string_equal(proposed.duplicates[1].of, "Wait");
    assert_string_equal(proposed.duplicates[2].of, "Wait");
    propose_free(&proposed);
}

/* Half a step held and half a step of nothing is one step; a step more of nothing is another. */
static void test_the_rest_of_the_last_step_is_neutral(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    const macro_t half = parsed("6{2}", &language), whole = parsed("6{4}", &language);
    const macro_t padded = parsed("6{2};5{2}", &language), longer = parsed("6{2};5{3}", &language);
    assert_true(propose_same_effect(&half, &padded, STEP));
    assert_false(propose_same_effect(&half, &whole, STEP));
    assert_false(propose_same_effect(&half, &longer, STEP));
}

static void test_a_seed_makes_the_same_list_and_another_only_other_random_ones(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    propose_options_t options = options_of(&language, 260);
    propose_t first, again, other;
    assert_true(propose_macros(&first, &options, NULL));
    assert_true(propose_macros(&again, &options, NULL));
    options.seed = 2;
    assert_true(propose_macros(&other, &options, NULL));
    int32_t differ = 0;
    for (int32_t i = 0; i < 260; i++) {
        assert_string_equal(first.list[i].macro.notation, again.list[i].macro.notation);
        const bool same = strcmp(first.list[i].macro.notation, other.list[i].macro.notation) == 0;
        if (first.list[i].source != PROPOSE_RANDOM) assert_true(same);
        differ += !same;
    }
    assert_true(differ > 15);
    propose_free(&first);
    propose_free(&again);
    propose_free(&other);
    options.random_only = true;
    assert_true(propose_macros(&first, &options, NULL));
    for (int32_t i = 0; i < 260; i++) assert_int_equal(first.list[i].source, PROPOSE_RANDOM);
    propose_free(&first);
}

static void test_charges_only_where_the_game_has_them(void **state)
{
    (void)state;
    macro_language_t language = fighter();
    language.charge_frames = 0;
    const propose_options_t options = options_of(&language, 84);
    propose_t proposed;
    assert_true(propose_macros(&proposed, &options, NULL));
    for (int32_t i = 0; i < 84; i++) {
        assert_int_equal(proposed.list[i].source, PROPOSE_MOTION);
        assert_null(strchr(proposed.list[i].name, '['));
    }
    propose_free(&proposed);
}

static void test_what_recordings_hold_comes_before_random_sequences(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    mine_macro_t found[2] = { { .name = "236LP", .macro = parsed("2{5};3{2};6LP{3}", &language) },
                              { .macro = parsed("8{9};LK{2}", &language) } };
    const mine_t mine = { .macros = found, .num_macros = 2 };
    propose_options_t options = options_of(&language, 5);
    options.recorded = &mine;
    options.random_only = true;
    propose_t proposed;
    assert_true(propose_macros(&proposed, &options, NULL));
    assert_string_equal(proposed.list[0].name, "236LP, as played");
    assert_string_equal(proposed.list[1].name, "Played 2");
    assert_int_equal(proposed.list[1].source, PROPOSE_RECORDED);
    assert_int_equal(proposed.list[2].source, PROPOSE_RANDOM);
    propose_free(&proposed);
}

static void test_options_out_of_range_are_refused(void **state)
{
    (void)state;
    const macro_language_t language = fighter();
    propose_options_t options = options_of(&language, PROPOSE_MAX + 1);
    propose_t proposed;
    why_t why;
    assert_false(propose_macros(&proposed, &options, why));
    assert_non_null(strstr(why, "0 to 512 macros"));
    assert_null(proposed.list);
    options.count = 1;
    options.frames_per_step = 0;
    assert_false(propose_macros(&proposed, &options, why));
    assert_non_null(strstr(why, "at least one frame"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_come_in_their_order_and_none_twice),
        cmocka_unit_test(test_what_does_the_same_as_an_action_is_left_out_and_told),
        cmocka_unit_test(test_the_rest_of_the_last_step_is_neutral),
        cmocka_unit_test(test_a_seed_makes_the_same_list_and_another_only_other_random_ones),
        cmocka_unit_test(test_charges_only_where_the_game_has_them),
        cmocka_unit_test(test_what_recordings_hold_comes_before_random_sequences),
        cmocka_unit_test(test_options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
