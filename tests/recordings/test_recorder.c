/* test_recorder.c - a recorder follows a game through time: each frame that counts is held once. */
#include "recorder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "why.h"

static recorder_t *recorder, *copy;
static uint32_t now; /* the game: how many frames since power-on */

static int begin(void **state)
{
    (void)state;
    now = 0;
    recorder = recorder_create();
    copy = recorder_create();
    return recorder && copy ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    recorder_free(recorder);
    recorder_free(copy);
    return 0;
}

/* The pad of each frame is its number, so that it can be told which were kept. */
static bool run_frame(void)
{
    const uint16_t pads[RECORDING_MAX_PORTS] = { (uint16_t)(now + 1) };
    now++;
    return recorder_frame(recorder, pads);
}

static void run_frames(int32_t count)
{
    for (int32_t i = 0; i < count; i++) assert_true(run_frame());
}

static uint32_t save(void)
{
    uint32_t bytes[8] = { now };
    recorder_saved(recorder, bytes, sizeof bytes);
    return now;
}

static void load(uint32_t saved)
{
    uint32_t bytes[8] = { saved };
    recorder_restored(recorder, bytes, sizeof bytes);
    now = saved;
}

static void expect_frames_of(const recorder_t *from, const char *expected)
{
    recording_t made;
    char found[256] = "";
    why_t why;
    if (!recorder_take(from, &made, why)) fail_msg("%s", why);
    for (int32_t s = 0; s < made.num_segments; s++) {
        const uint16_t *pads = recording_pads(&made, 0) + made.segments[s];
        const int32_t num_frames = recording_segment_frames(&made, s);
        const size_t used = strlen(found);
        for (int32_t f = 1; f < num_frames; f++) assert_int_equal(pads[f], pads[f - 1] + 1);
        snprintf(found + used, sizeof found - used, "%s%d-%d", s ? " " : "", pads[0],
                 pads[num_frames - 1]);
    }
    recording_free(&made);
    assert_string_equal(found, expected);
}

/* "1-5 3-9": segments of frames, by their numbers; of the recorder, and of a copy of it. */
static void expect_frames(const char *expected)
{
    expect_frames_of(recorder, expected);
    recorder_copy(recorder, copy);
    expect_frames_of(copy, expected);
    assert_int_equal(recorder_num_held(copy), recorder_num_held(recorder));
}

static void test_a_copy_follows(void **state)
{
    (void)state;
    run_frames(30);
    const uint32_t saved = save();
    run_frames(10);
    expect_frames("1-40");
    run_frames(5);
    load(saved); /* frames that the copy has, too, are undone and run again */
    now = 130;
    run_frames(12);
    recorder_copy(recorder, copy);
    assert_int_equal(recorder_num_held(copy), 42);
    run_frames(3);
    recorder_cut(recorder);
    run_frames(4);
    recording_t made;
    recorder_copy(recorder, copy);
    assert_true(recorder_take(copy, &made, NULL));
    assert_int_equal(made.num_segments, 2);
    assert_int_equal(made.segments[1], 45);
    assert_int_equal(recording_pads(&made, 0)[29], 30);
    assert_int_equal(recording_pads(&made, 0)[30], 131);
    assert_int_equal(recording_pads(&made, 0)[48], 149);
    recording_free(&made);
}

static void test_frames_in_a_row(void **state)
{
    (void)state;
    recording_t made;
    assert_false(recorder_take(recorder, &made, NULL));
    run_frames(10);
    save();
    run_frames(5);
    expect_frames("1-15");
    assert_int_equal(recorder_num_held(recorder), 15);
}

/* One instance: a frame that counts, the state, frames that are shown, the state again. */
static void test_run_ahead_counts_each_frame_once(void **state)
{
    (void)state;
    for (int32_t ahead = 1; ahead <= 12; ahead++) {
        for (int32_t i = 0; i < 50; i++) {
            run_frames(1);
            const uint32_t saved = save();
            run_frames(ahead);
            load(saved);
        }
        char expected[32];
        snprintf(expected, sizeof expected, "1-%d", 50 * ahead);
        expect_frames(expected);
    }
}

/* Netplay: some frames are run again with what the other really held. */
static void test_frames_that_are_run_again(void **state)
{
    (void)state;
    uint32_t saved[8] = { 0 };
    for (int32_t i = 0; i < 100; i++) {
        saved[i % 8] = save();
        run_frames(1);
        if (i % 10 != 9) continue;
        load(saved[(i + 4) % 8]); /* five frames back */
        run_frames(5);
    }
    expect_frames("1-100");
}

static void test_a_state_of_long_ago_begins_a_segment(void **state)
{
    (void)state;
    run_frames(30);
    const uint32_t saved = save();
    run_frames(RECORDER_UNDO_FRAMES + 1);
    load(saved);
    run_frames(40);
    load(saved);
    run_frames(10);
    expect_frames("1-51 31-70 31-40");
}

static void test_an_unknown_state_begins_a_segment(void **state)
{
    (void)state;
    run_frames(30);
    load(1000);
    run_frames(10);
    load(500);
    expect_frames("1-30 1001-1010");
}

/* A state that was saved in time that is gone is not mistaken for one that is still there. */
static void test_saves_of_undone_frames_are_forgotten(void **state)
{
    (void)state;
    run_frames(10);
    const uint32_t early = save();
    run_frames(8);
    const uint32_t late = save();
    load(early);
    run_frames(12);
    load(late);
    run_frames(5);
    expect_frames("1-22 19-23");
}

static void test_running_time_backwards_leaves_no_crumbs(void **state)
{
    (void)state;
    run_frames(100);
    for (uint32_t back = 99; back > 40; back--) {
        load(5000 + back); /* states that it never saw saved */
        run_frames(1);
    }
    load(40);
    run_frames(20);
    expect_frames("1-100 41-60");
}

static void test_a_cut_begins_a_segment(void **state)
{
    (void)state;
    recorder_cut(recorder);
    run_frames(10);
    recorder_cut(recorder);
    recorder_cut(recorder);
    run_frames(10);
    recorder_cut(recorder);
    expect_frames("1-10 11-20");
}

static void test_it_says_when_it_is_full(void **state)
{
    (void)state;
    run_frames(RECORDING_MAX_FRAMES);
    assert_false(run_frame());
    assert_false(run_frame());
    recording_t made;
    assert_true(recorder_take(recorder, &made, NULL));
    assert_int_equal(made.num_frames, RECORDING_MAX_FRAMES);
    recording_free(&made);
}

static void test_ports_up_to_the_last_that_held_something(void **state)
{
    (void)state;
    const uint16_t pads[RECORDING_MAX_PORTS] = { [2] = 5 };
    run_frames(3);
    assert_true(recorder_frame(recorder, pads));
    recording_t made;
    assert_true(recorder_take(recorder, &made, NULL));
    assert_int_equal(made.num_ports, 3);
    assert_int_equal(recording_pads(&made, 2)[3], 5);
    assert_int_equal(recording_pads(&made, 0)[2], 3);
    recording_free(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_frames_in_a_row, begin, finish),
        cmocka_unit_test_setup_teardown(test_a_copy_follows, begin, finish),
        cmocka_unit_test_setup_teardown(test_run_ahead_counts_each_frame_once, begin, finish),
        cmocka_unit_test_setup_teardown(test_frames_that_are_run_again, begin, finish),
        cmocka_unit_test_setup_teardown(test_a_state_of_long_ago_begins_a_segment, begin, finish),
        cmocka_unit_test_setup_teardown(test_an_unknown_state_begins_a_segment, begin, finish),
        cmocka_unit_test_setup_teardown(test_saves_of_undone_frames_are_forgotten, begin, finish),
        cmocka_unit_test_setup_teardown(test_running_time_backwards_leaves_no_crumbs, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(test_a_cut_begins_a_segment, begin, finish),
        cmocka_unit_test_setup_teardown(test_it_says_when_it_is_full, begin, finish),
        cmocka_unit_test_setup_teardown(test_ports_up_to_the_last_that_held_something, begin,
                                        finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
