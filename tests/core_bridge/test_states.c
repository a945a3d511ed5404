/* test_states.c - savestates: what is saved comes back, and how large it is, moment by moment. */
#define _GNU_SOURCE
#include "keeping_host.h"

#include "why.h"

enum { NUM = 60 };

static void test_states_round_trip(void **state)
{
    (void)state;
    why_t why = "";
    uint32_t expected[NUM];
    uint8_t saved[300], again[300];
    bridge_frame_t frame;
    bridge_t *const bridge = open_fake("state=300");
    assert_int_equal(bridge_state_bytes(bridge), 300);
    for (int i = 0; i < 10; i++) bridge_run_frame(bridge, NULL);
    assert_int_equal(bridge_save(bridge, saved, sizeof saved, why), BRIDGE_OK);
    for (int i = 0; i < NUM; i++) {
        see_frame(bridge, &frame);
        expected[i] = sum_of(&frame);
    }
    assert_int_equal(bridge_restore(bridge, saved, sizeof saved, why), BRIDGE_OK);
    assert_int_equal(bridge_save(bridge, again, sizeof again, why), BRIDGE_OK);
    assert_memory_equal(saved, again, sizeof saved);
    for (int i = 0; i < NUM; i++) {
        see_frame(bridge, &frame);
        assert_int_equal(sum_of(&frame), expected[i]);
    }
    bridge_close(bridge);
}

static void test_states_that_fail(void **state)
{
    (void)state;
    why_t why = "";
    uint8_t buffer[300] = { 0 };
    bridge_t *bridge = open_fake("no_state");
    assert_int_equal(bridge_state_bytes(bridge), 0);
    assert_int_equal(bridge_save(bridge, buffer, sizeof buffer, why), BRIDGE_NO_STATE);
    assert_sentence(why, "Fake Core cannot save its state");
    assert_int_equal(bridge_restore(bridge, buffer, sizeof buffer, why), BRIDGE_NO_STATE);
    assert_sentence(why, "Fake Core cannot restore a state");
    bridge_close(bridge);

    bridge = open_fake("state=300 growing_state"); /* takes its own size only */
    assert_int_equal(bridge_save(bridge, buffer, 299, why), BRIDGE_NO_STATE);
    assert_sentence(why, "takes 300 bytes, there is room for 299");
    assert_int_equal(bridge_restore(bridge, buffer, sizeof buffer, why), BRIDGE_NO_STATE);
    assert_sentence(why, "did not take the state of 300 bytes");
    assert_int_equal(bridge_restore(bridge, NULL, 0, why), BRIDGE_NO_STATE);
    assert_int_equal(bridge_restore(bridge, "FS", 2, NULL), BRIDGE_NO_STATE);
    bridge_close(bridge);

    bridge = open_fake("state=10"); /* less than it needs: the core says no */
    assert_int_equal(bridge_save(bridge, buffer, 10, why), BRIDGE_NO_STATE);
    assert_sentence(why, "Fake Core did not save its state");
    bridge_close(bridge);
}

/* CORE_VARIABLE_SIZE: the size of now is asked, not the size of load. */
static void test_the_size_is_asked_when_asked(void **state)
{
    (void)state;
    why_t why = "";
    uint8_t saved[400];
    bridge_t *const bridge = open_fake("state=300 growing_state");
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(bridge_state_bytes(bridge), 300 + i);
        assert_int_equal(bridge_save(bridge, saved, 300 + i, why), BRIDGE_OK);
        assert_int_equal(bridge_restore(bridge, saved, 300 + i, why), BRIDGE_OK);
        bridge_run_frame(bridge, NULL);
    }
    assert_int_equal(bridge_save(bridge, saved, 319, why), BRIDGE_NO_STATE);
    assert_sentence(why, "a state of Fake Core takes 320 bytes, there is room for 319");
    bridge_close(bridge);
}

/* Run-ahead saves every frame; for some cores the size costs as much as a save. */
static void test_saving_does_not_ask_for_the_size(void **state)
{
    (void)state;
    uint8_t saved[300];
    bridge_t *const bridge = open_fake("state=300");
    const uint32_t before = report_of(bridge)->size_questions;
    assert_int_equal(bridge_save(bridge, saved, sizeof saved, NULL), BRIDGE_OK);
    assert_int_equal(bridge_restore(bridge, saved, sizeof saved, NULL), BRIDGE_OK);
    assert_int_equal(report_of(bridge)->size_questions, before);
    bridge_close(bridge);
}

/* MUST_INITIALIZE: what the core says before its first frame is not to be relied on. */
static void test_no_size_before_the_first_frame(void **state)
{
    (void)state;
    uint8_t saved[300];
    const char *const scripts[] = { "must_run", "must_run early_state=77" };
    bridge_t *bridge = open_fake(scripts[0]);
    for (int s = 0; s < 2; s++)
        for (int times = 0; times < 2; times++) {
            assert_int_equal(bridge_load(bridge, scripted(scripts[s]), NULL, 0, NULL), BRIDGE_OK);
            assert_int_equal(bridge_state_bytes(bridge), 0);
            bridge_run_frame(bridge, NULL);
            assert_int_equal(bridge_state_bytes(bridge), 300);
            assert_int_equal(bridge_save(bridge, saved, sizeof saved, NULL), BRIDGE_OK);
        }
    bridge_close(bridge);

    /* A frontend is told of the quirk and gets the core's own answers. */
    bridge = open_hosted("must_run early_state=77");
    assert_int_equal(kept.quirks, RETRO_SERIALIZATION_QUIRK_MUST_INITIALIZE);
    assert_int_equal(bridge_state_bytes(bridge), 77);
    bridge_run_frame(bridge, NULL);
    assert_int_equal(bridge_state_bytes(bridge), 300);
    bridge_close(bridge);
}

/* FBNeo: bit 2 of the frontend's GET_AUDIO_VIDEO_ENABLE decides, at each question. */
static void test_two_sizes_by_what_the_frontend_asks_for(void **state)
{
    (void)state;
    uint8_t saved[300];
    bridge_t *const bridge = open_hosted("state=300 two_states");
    for (int times = 0; times < 3; times++)
        for (int for_now = 0; for_now < 2; for_now++) {
            const size_t num_bytes = for_now ? 280 : 300;
            kept.av_enable = for_now ? 3 | 4 : 3;
            assert_int_equal(bridge_state_bytes(bridge), num_bytes);
            assert_int_equal(bridge_save(bridge, saved, num_bytes, NULL), BRIDGE_OK);
            bridge_run_frame(bridge, NULL);
            assert_int_equal(bridge_restore(bridge, saved, num_bytes, NULL), BRIDGE_OK);
        }
    bridge_close(bridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states_round_trip),
        cmocka_unit_test(test_states_that_fail),
        cmocka_unit_test(test_the_size_is_asked_when_asked),
        cmocka_unit_test(test_saving_does_not_ask_for_the_size),
        cmocka_unit_test(test_no_size_before_the_first_frame),
        cmocka_unit_test(test_two_sizes_by_what_the_frontend_asks_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
