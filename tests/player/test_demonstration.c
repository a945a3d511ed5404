/* test_demonstration.c - what a human's pads mean as decisions: moves planted with the timing of
 * people are found, what follows is paired and summed as the agent's own decisions are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "demonstration.h"
#include "splitmix.h"
#include "why.h"

enum { SKIP = 4, B = 1, A = 1 << 8, START = 1 << 3 };
enum { NEUTRAL, FORWARD, BACK, CROUCH, FIREBALL, RISE, CHARGE, HEAVY, SWEEP };

static const char text[] =
    "{\"kata_preset\": 1, \"game\": \"Test\", \"system\": \"nes\","
    " \"memory\": {\"ram_base\": 0, \"ram_bytes\": 256},"
    " \"variables\": {\"a\": {\"address\": 0, \"type\": \"|u1\"}},"
    " \"pad\": {\"ports\": 1, \"buttons\": {\"B\": \"b\", \"A\": \"a\"}},"
    " \"timing\": {\"frame_skip\": 4, \"charge_frames\": 40},"
    " \"actions\": {\"primitives\": [{\"name\": \"Neutral\", \"pad\": \"5\"},"
    "   {\"name\": \"Forward\", \"pad\": \"6\"}, {\"name\": \"Back\", \"pad\": \"4\"},"
    "   {\"name\": \"Crouch\", \"pad\": \"2\"}],"
    "  \"macros\": [{\"name\": \"Fireball\", \"notation\": \"236B\"},"
    "   {\"name\": \"Rise\", \"notation\": \"623B\"},"
    "   {\"name\": \"Charge\", \"notation\": \"[4]6A\"}, {\"name\": \"Heavy\", \"notation\": "
    "\"A\"},"
    "   {\"name\": \"Sweep\", \"notation\": \"2A\"}]}}";

static preset_t *preset;
static demonstration_t *demo;
static int32_t frame_no, actions[4096], durations[4096], num_decisions;
static uint8_t obs_no;
static bool faces_left;
static demonstration_decision_t last;

static void begin(void)
{
    const demonstration_config_t config = { preset, 0.5f, 1 };
    demonstration_destroy(demo);
    demo = demonstration_create(&config);
    assert_non_null(demo);
    frame_no = num_decisions = 0;
    obs_no = 0;
    faces_left = false;
}

static void take_decisions(void)
{
    demonstration_decision_t decision;
    while (demonstration_next(demo, &decision)) {
        assert_in_range(num_decisions, 0, 4095);
        actions[num_decisions] = decision.outcome.action;
        durations[num_decisions++] = decision.outcome.duration_steps;
        assert_true(decision.begins == (num_decisions == 1));
        if (!decision.outcome.terminal)
            assert_int_equal((uint8_t)(decision.before[0] + decision.outcome.duration_steps),
                             decision.after[0]);
        last = decision;
    }
}

static void hold(uint16_t pad, int32_t frames)
{
    for (int32_t f = 0; f < frames; f++, frame_no++) {
        const bool begins = frame_no % SKIP == 0;
        if (begins) obs_no++;
        const demonstration_frame_t frame = { .obs = begins ? &obs_no : NULL,
                                              .pad = faces_left ? macro_mirror(pad) : pad,
                                              .faces_left = faces_left };
        demonstration_frame(demo, &frame);
        take_decisions();
    }
}

/* All that was held becomes known. */
static void rest(void)
{
    hold(0, SKIP * (DEMONSTRATION_STEPS + 2));
}

/* The actions but neutral ones, as letters. */
static const char *played(void)
{
    static char letters[4096];
    int32_t count = 0;
    for (int32_t i = 0; i < num_decisions; i++)
        if (actions[i] != NEUTRAL) letters[count++] = "nfbcFRCHS"[actions[i]];
    letters[count] = '\0';
    return letters;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_moves_are_found_with_the_timing_of_people(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (int32_t turn = 0; turn < 400; turn++) {
        begin();
        faces_left = turn & 1;
        hold(0, 1 + turn % 7); /* they begin in the middle of a step */
#define FRAMES(low, high) ((low) + (int32_t)splitmix_below(&random, (high) - (low) + 1))
        const int32_t late = FRAMES(0, 5);
        switch (turn / 2 % 5) {
        case 0:
            hold(MACRO_DOWN, FRAMES(1, 10));
            hold(MACRO_DOWN | MACRO_RIGHT, FRAMES(1, 8));
            hold(MACRO_RIGHT, late); /* the button comes after the motion */
            hold(MACRO_RIGHT | B, FRAMES(1, 12));
            rest();
            assert_non_null(strchr(played(), 'F'));
            break;
        case 1:
            hold(MACRO_RIGHT, FRAMES(1, 8));
            hold(MACRO_DOWN, FRAMES(1, 8));
            hold(MACRO_DOWN | MACRO_RIGHT, late);
            hold(MACRO_DOWN | MACRO_RIGHT | B, FRAMES(1, 8));
            rest();
            assert_non_null(strchr(played(), 'R'));
            break;
        case 2:
            hold(MACRO_LEFT, FRAMES(40, 70));
            hold(MACRO_RIGHT, late);
            hold(MACRO_RIGHT | A, FRAMES(1, 8));
            rest();
            assert_non_null(strchr(played(), 'C'));
            break;
        case 3:
            hold(A, FRAMES(1, 12));
            rest();
            assert_string_equal(played(), "H");
            break;
        case 4:
            hold(MACRO_DOWN, 9);
            hold(MACRO_DOWN | A, FRAMES(1, 3));
            rest();
            assert_non_null(strchr(played(), 'S'));
            assert_null(strchr(played(), 'F'));
            break;
        }
#undef FRAMES
    }
}

static void test_what_is_no_move_is_none(void **state)
{
    (void)state;
    begin();
    hold(MACRO_DOWN, 4); /* no diagonal */
    hold(MACRO_RIGHT | B, 4);
    rest();
    assert_null(strchr(played(), 'F'));
    begin();
    hold(MACRO_LEFT, 20); /* too short for a charge */
    hold(MACRO_RIGHT | A, 4);
    rest();
    assert_null(strchr(played(), 'C'));
    begin();
    hold(MACRO_DOWN, 3);
    hold(MACRO_DOWN | MACRO_RIGHT, 30); /* held on: a walk, no motion */
    hold(MACRO_RIGHT | B, 4);
    rest();
    assert_null(strchr(played(), 'F'));
    begin();
    hold(A, 40); /* held, not pressed again and again */
    rest();
    assert_int_equal(strchr(played(), 'H') - played(), 0);
    assert_null(strchr(played() + 1, 'H'));
}

static void test_else_it_is_the_nearest_primitive(void **state)
{
    (void)state;
    begin();
    hold(MACRO_RIGHT, 8);
    hold(MACRO_LEFT, 8);
    hold(MACRO_DOWN, 4);
    hold(MACRO_RIGHT | MACRO_UP, 4); /* forward but for one button */
    hold(START, 4);                  /* which no action presses */
    hold(0, 4);
    rest();
    static const int32_t expected[] = { FORWARD, FORWARD, BACK, BACK, CROUCH, FORWARD, NEUTRAL };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(actions[i], expected[i]);
        assert_int_equal(durations[i], 1);
    }
    /* As the fighter sees it. */
    begin();
    faces_left = true;
    hold(MACRO_RIGHT, 8);
    rest();
    assert_int_equal(actions[0], FORWARD);
}

static void test_rewards_and_ends_are_the_decisions_own(void **state)
{
    (void)state;
    begin();
    /* A fireball of 12 frames, three steps with rewards of 4, 8 and 16, and the round is won. */
    static const uint16_t pads[12] = { MACRO_DOWN,
                                       MACRO_DOWN,
                                       MACRO_DOWN,
                                       MACRO_DOWN,
                                       MACRO_DOWN | MACRO_RIGHT,
                                       MACRO_DOWN | MACRO_RIGHT,
                                       MACRO_DOWN | MACRO_RIGHT,
                                       MACRO_DOWN | MACRO_RIGHT,
                                       MACRO_RIGHT | B,
                                       MACRO_RIGHT | B,
                                       0,
                                       0 };
    demonstration_decision_t decision;
    for (int32_t f = 0; f < 10; f++) {
        assert_false(demonstration_next(demo, &decision));
        if (f % SKIP == 0) obs_no++;
        const demonstration_frame_t frame = { .obs = f % SKIP == 0 ? &obs_no : NULL,
                                              .pad = pads[f],
                                              .reward = (float)(1 << f / SKIP),
                                              .ended = f == 9, /* in the middle of a step */
                                              .result = f == 9 ? PRESET_WON : PRESET_NO_RESULT };
        demonstration_frame(demo, &frame);
    }
    assert_true(demonstration_next(demo, &decision));
    assert_int_equal(decision.outcome.action, FIREBALL);
    assert_true(decision.begins && decision.outcome.terminal && !decision.outcome.truncated);
    assert_int_equal(decision.outcome.result, PRESET_WON);
    assert_int_equal(decision.outcome.duration_steps, 3);
    assert_int_equal(decision.outcome.duration_frames, 10);
    assert_true(fabs((double)decision.outcome.reward - (4 + 0.5 * 8 + 0.25 * 8)) < 1e-6);
    assert_true(fabs((double)decision.outcome.episode_return - 20) < 1e-6);
    assert_int_equal(decision.before[0], 1);
    assert_false(demonstration_next(demo, &decision));
}

static void test_a_break_forgets_what_is_not_known(void **state)
{
    (void)state;
    begin();
    hold(MACRO_DOWN, 8);
    demonstration_break(demo);
    hold(0, 2); /* the middle of a step is passed over */
    frame_no = 0;
    hold(MACRO_RIGHT, 8);
    rest();
    assert_null(strchr(played(), 'c'));
    assert_int_equal(actions[0], FORWARD);
}

static int load(void **state)
{
    (void)state;
    why_t why;
    if (!preset_parse(&preset, text, sizeof text - 1, "the test's preset", why))
        fail_msg("%s", why);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    demonstration_destroy(demo);
    preset_free(preset);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_are_found_with_the_timing_of_people),
        cmocka_unit_test(test_what_is_no_move_is_none),
        cmocka_unit_test(test_else_it_is_the_nearest_primitive),
        cmocka_unit_test(test_rewards_and_ends_are_the_decisions_own),
        cmocka_unit_test(test_a_break_forgets_what_is_not_known),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
