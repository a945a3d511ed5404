/* test_environment.c - every environment call, headless and hosted, against a second list written
 * from the reference: what the call is answered, and what the host gets to see of it. */
#define _GNU_SOURCE
#include "setup.h"

#include "environment_ids.h"
#include "environment.h"

#include <time.h>

/* ---- a host that records and answers as told ---- */

static struct {
    bool answer;
    unsigned last, before_last;
    void *data;
    int calls;
    uint8_t first_byte; /* of what data pointed at */
} heard;

static bool host_environment(unsigned cmd, void *data)
{
    heard.before_last = heard.last;
    heard.last = cmd;
    heard.data = data;
    heard.calls++;
    if (data) memcpy(&heard.first_byte, data, 1);
    return heard.answer;
}

static struct bridge_host host = { .environment = host_environment };

static void hear_nothing(bool answer)
{
    memset(&heard, 0, sizeof heard);
    heard.answer = answer;
}

/* ---- the expectation ---- */

enum hosted {
    AS_IS,    /* the host gets the same pointer, its answer is returned */
    WRAPPED,  /* the host gets something of ours, its answer is returned */
    OWN_TRUE, /* the host hears nothing */
    OWN_FALSE,
    ELSEWHERE /* has a test of its own */
};

static const struct {
    unsigned id;
    bool headless; /* answer to a zeroed struct */
    enum hosted hosted;
} expected[] = {
    { 1, true, AS_IS },
    { 2, true, AS_IS },
    { 3, true, AS_IS },
    { 6, true, AS_IS },
    { 7, true, AS_IS },
    { 8, true, AS_IS },
    { 9, true, AS_IS }, /* headless: the content's folder */
    { 10, true, AS_IS },
    { 11, true, WRAPPED },
    { 12, true, WRAPPED },
    { 13, true, WRAPPED },
    { 14, false, WRAPPED },
    { 15, false, AS_IS },
    { 16, true, AS_IS },
    { 17, true, ELSEWHERE },
    { 18, true, OWN_TRUE },
    { 19, true, OWN_TRUE },
    { 21, true, WRAPPED },
    { 22, false, WRAPPED },
    { 23, false, AS_IS },
    { 24, true, AS_IS },
    { 25 | 0x10000, false, AS_IS },
    { 26 | 0x10000, false, WRAPPED },
    { 27, true, ELSEWHERE },
    { 28, true, AS_IS },
    { 29, false, WRAPPED },
    { 30, true, AS_IS },
    { 31, false, AS_IS }, /* headless without a save folder */
    { 32, true, AS_IS },
    { 33, true, OWN_TRUE },
    { 34, true, OWN_TRUE },
    { 35, true, WRAPPED },
    { 36 | 0x10000, true, WRAPPED },
    { 37, true, AS_IS },
    { 38, true, AS_IS },
    { 39, true, AS_IS },
    { 40 | 0x10000, false, OWN_FALSE },
    { 41 | 0x10000, false, AS_IS },
    { 42 | 0x10000, true, AS_IS },
    { 43 | 0x10000, false, ELSEWHERE },
    { 44, true, ELSEWHERE },
    { 44 | 0x10000, false, AS_IS },
    { 45 | 0x10000, false, AS_IS },
    { 46 | 0x10000, false, AS_IS },
    { 47 | 0x10000, true, AS_IS },
    { 48 | 0x10000, false, AS_IS },
    { 49 | 0x10000, true, AS_IS },
    { 50 | 0x10000, true, AS_IS },
    { 51 | 0x10000, true, OWN_TRUE },
    { 52, true, AS_IS }, /* without own options */
    { 53, true, AS_IS },
    { 54, true, AS_IS },
    { 55, true, AS_IS },
    { 56, false, AS_IS },
    { 57, true, AS_IS },
    { 58, true, WRAPPED },
    { 59, true, AS_IS },
    { 60, true, AS_IS },
    { 61, true, ELSEWHERE },
    { 62, false, WRAPPED },
    { 63, true, AS_IS },
    { 64, true, AS_IS },
    { 65, true, OWN_TRUE },
    { 66, true, OWN_TRUE },
    { 67, true, AS_IS },
    { 68, true, AS_IS },
    { 69, true, WRAPPED },
    { 70, false, AS_IS }, /* a variable without key */
    { 71 | 0x10000, true, AS_IS },
    { 72 | 0x10000, true, AS_IS },
    { 73 | 0x10000, false, AS_IS },
    { 74, false, AS_IS },
    { 75 | 0x10000, false, AS_IS },
    { 77 | 0x10000, false, AS_IS },
    { 78, false, OWN_FALSE },
    { 79, false, AS_IS },
    { 80, false, AS_IS },
    { 81 | 0x10000, true, AS_IS },
    { 82 | 0x10000, false, AS_IS },
    { 83, false, AS_IS },
    { 84, false, AS_IS },
    { 85 | 0x10000, false, OWN_FALSE },
    { 86 | 0x10000, false, AS_IS },
    { 87, true, ELSEWHERE },
    { 88 | 0x10000, false, OWN_FALSE },
    { 89 | 0x10000, false, OWN_FALSE },
    { 90 | 0x10000, false, OWN_FALSE },
    { 91 | 0x10000, false, OWN_FALSE },
};
enum { NUM_EXPECTED = sizeof expected / sizeof expected[0] };

static void test_the_table_has_every_call_in_order(void **state)
{
    (void)state;
    size_t num_rows;
    const environment_row_t *const rows = environment_rows(&num_rows);
    assert_int_equal(num_rows, NUM_EXPECTED);
    for (size_t i = 0; i < num_rows; i++) {
        if (rows[i].id != expected[i].id)
            fail_msg("row %zu is %s (%u)", i, rows[i].name, rows[i].id);
        assert_ptr_equal(environment_row(rows[i].id), &rows[i]);
        assert_non_null(rows[i].headless);
        assert_non_null(rows[i].hosted);
    }
    assert_null(environment_row(0));
    assert_null(environment_row(92));
    assert_null(environment_row(25)); /* without its experimental bit it is another call */
    assert_null(environment_row(1 | 0x10000));
    assert_null(environment_row(1 | 0x20000));
    assert_null(environment_row(2 | 0x800000));
}

static void test_headless_answers(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    for (size_t i = 0; i < NUM_EXPECTED; i++) {
        static uint64_t zeros[8192];
        memset(zeros, 0, sizeof zeros);
        const environment_row_t *const row = environment_row(expected[i].id);
        if (environment_call(expected[i].id, zeros) != expected[i].headless)
            fail_msg("%s is answered %d", row->name, !expected[i].headless);
        if (row->needs_data)
            assert_false(environment_call(expected[i].id, NULL));
        else
            environment_call(expected[i].id, NULL); /* must not crash */
    }
    assert_true(bridge_wants_shutdown(bridge)); /* call 7 was among them */
    bridge_close(bridge);
}

static void test_hosted_answers(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake_hosted("", &host);
    for (int answer = 0; answer <= 1; answer++)
        for (size_t i = 0; i < NUM_EXPECTED; i++) {
            static uint64_t zeros[8192];
            memset(zeros, 0, sizeof zeros);
            const unsigned id = expected[i].id;
            const char *const name = environment_row(id)->name;
            if (expected[i].hosted == ELSEWHERE) continue;
            bridge->options_asked = true; /* so that GET_VARIABLE asks nothing before */
            hear_nothing(answer);
            const bool got = environment_call(id, zeros);
            switch (expected[i].hosted) {
            case AS_IS:
                if (heard.last != id || heard.data != zeros || heard.calls != 1 || got != answer)
                    fail_msg("%s should pass as it is", name);
                break;
            case WRAPPED:
                if (heard.last != id || heard.data == zeros || heard.calls != 1 || got != answer)
                    fail_msg("%s should pass wrapped", name);
                break;
            case OWN_TRUE:
            case OWN_FALSE:
                if (heard.calls != 0 || got != (expected[i].hosted == OWN_TRUE))
                    fail_msg("%s should not reach the host", name);
                break;
            case ELSEWHERE: break;
            }
            if (environment_row(id)->needs_data) {
                hear_nothing(true);
                assert_false(environment_call(id, NULL));
                assert_int_equal(heard.calls, 0);
            }
        }
    bridge_close(bridge);
}

static void test_unknown_calls_go_to_the_host_or_are_refused(void **state)
{
    (void)state;
    const unsigned unknown[] = {
        0, 4, 5, 20, 76, 92, 1000, 3 | 0x10000, 1 | 0x20000, 2 | 0x800000
    };
    int data = 7;
    bridge_t *bridge = open_fake("");
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_false(environment_call(unknown[i], &data));
    bridge_close(bridge);
    bridge = open_fake_hosted("", &host);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        hear_nothing(i % 2);
        assert_int_equal(environment_call(unknown[i], &data), i % 2);
        assert_int_equal(heard.last, unknown[i]);
        assert_ptr_equal(heard.data, &data);
    }
    bridge_close(bridge);
    assert_false(environment_call(1, &data)); /* no core: nobody to answer */
}

static void test_headless_values_are_fixed(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    bool yes = true, no = false;
    unsigned number = 99;
    int bits = 99;
    float rate = 0;
    uint64_t devices = 0;
    const char *text = NULL;
    struct retro_throttle_state throttle = { 9, 9 };
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_OVERSCAN, &yes) && !yes);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_CAN_DUPE, &no) && no);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_FASTFORWARDING, &no) && !no);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_LANGUAGE, &number) && number == 0);
    number = 99;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_CORE_OPTIONS_VERSION, &number));
    assert_int_equal(number, 2);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_DISK_CONTROL_INTERFACE_VERSION, &number));
    assert_int_equal(number, 1);
    number = 99;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_MESSAGE_INTERFACE_VERSION, &number));
    assert_int_equal(number, 1);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &bits));
    assert_int_equal(bits, 1); /* pictures, no sound */
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_TARGET_REFRESH_RATE, &rate));
    assert_true(rate == 60.0f);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_DEVICE_CAPABILITIES, &devices));
    assert_int_equal(devices, 1 << RETRO_DEVICE_JOYPAD | 1 << RETRO_DEVICE_ANALOG);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_USERNAME, &text));
    assert_string_equal(text, "kata");
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_THROTTLE_STATE, &throttle));
    assert_true(throttle.mode == RETRO_THROTTLE_NONE && throttle.rate == 60.0f);
    assert_true(environment_call(ENV_GET_TARGET_SAMPLE_RATE, &number) && number == 48000);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_SAVESTATE_CONTEXT, &bits) && bits == 0);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &number) && number == 2);
    bridge_hold(bridge, 3, 0);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &number) && number == 4);
    bridge_close(bridge);
}

static void test_both_numbers_of_serialization_quirks(void **state)
{
    (void)state;
    uint64_t quirks = 1;
    bridge_t *const bridge = open_fake_hosted("", &host);
    hear_nothing(true);
    assert_true(environment_call(44, &quirks));
    assert_int_equal(heard.last, 44);
    assert_int_equal(heard.calls, 1);
    hear_nothing(true);
    assert_true(environment_call(87, &quirks));
    assert_int_equal(heard.last, 87);
    hear_nothing(false); /* an older or newer frontend: the other number is tried */
    assert_false(environment_call(44, &quirks));
    assert_int_equal(heard.before_last, 44);
    assert_int_equal(heard.last, 87);
    hear_nothing(false);
    assert_false(environment_call(87, &quirks));
    assert_int_equal(heard.last, 44);
    bridge_close(bridge);
}

static void test_a_core_always_finds_a_log(void **state)
{
    (void)state;
    struct retro_log_callback log = { NULL };
    bridge_t *const bridge = open_fake_hosted("", &host);
    hear_nothing(false);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_LOG_INTERFACE, &log));
    assert_non_null(log.log);
    log.log(RETRO_LOG_ERROR, "%s %d\n", "said", 1);
    hear_nothing(true);
    log.log = NULL;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_LOG_INTERFACE, &log));
    assert_null(log.log); /* this host said yes, so it is the host's */
    bridge_close(bridge);
}

static bool host_of_one_user(unsigned cmd, void *data)
{
    if (cmd != RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS) return false;
    *(unsigned *)data = 1;
    return true;
}

static void test_ports_of_the_agent_are_counted(void **state)
{
    (void)state;
    struct bridge_host one = { .environment = host_of_one_user };
    unsigned users = 0;
    bridge_t *const bridge = open_fake_hosted("", &one);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &users) && users == 1);
    one.num_agent_ports = 2;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &users) && users == 2);
    bridge_hold(bridge, 2, 0);
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &users) && users == 3);
    one.environment = NULL; /* even where nobody counts */
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &users) && users == 3);
    bridge_release(bridge, 2);
    one.num_agent_ports = 0;
    assert_false(environment_call(RETRO_ENVIRONMENT_GET_INPUT_MAX_USERS, &users));
    bridge_close(bridge);
}

static void test_agents_earn_no_achievements_and_hear_no_sound_card(void **state)
{
    (void)state;
    bool yes = true;
    struct retro_audio_callback audio = { NULL, NULL };
    struct retro_audio_buffer_status_callback status = { NULL };
    struct bridge_host playing = { .environment = host_environment, .agent_may_play = true };
    bridge_t *const bridge = open_fake_hosted("", &playing);
    hear_nothing(true);
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_SUPPORT_ACHIEVEMENTS, &yes));
    assert_int_equal(heard.first_byte, false);
    assert_true(yes);
    hear_nothing(true);
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_AUDIO_CALLBACK, &audio));
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_AUDIO_BUFFER_STATUS_CALLBACK, &status));
    assert_int_equal(heard.calls, 0);
    bridge_close(bridge);
}

static void test_high_colour_formats_never_reach_the_host(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake_hosted("", &host);
    for (int format = 3; format <= 4; format++) {
        hear_nothing(true);
        assert_false(environment_call(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format));
        assert_int_equal(heard.calls, 0);
    }
    /* A format that the host refuses is not the picture's format. */
    int format = 2;
    bridge_frame_t frame;
    hear_nothing(false);
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format));
    see_frame(bridge, &frame);
    assert_int_equal(frame.format, BRIDGE_PIXEL_0RGB1555);
    bridge_close(bridge);
}

/* Every per-frame question must be cheap: a frame of a fast core takes 300 microseconds. */
static void test_a_call_is_cheap(void **state)
{
    (void)state;
    struct timespec start, end;
    bool changed;
    bridge_t *const bridge = open_fake("");
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < 100000; i++)
        environment_call(RETRO_ENVIRONMENT_GET_VARIABLE_UPDATE, &changed);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    assert_true(seconds / 100000 < 1e-5); /* 10 us, on a busy machine; 20 ns when idle */
    bridge_close(bridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_has_every_call_in_order),
        cmocka_unit_test(test_headless_answers),
        cmocka_unit_test(test_hosted_answers),
        cmocka_unit_test(test_unknown_calls_go_to_the_host_or_are_refused),
        cmocka_unit_test(test_headless_values_are_fixed),
        cmocka_unit_test(test_both_numbers_of_serialization_quirks),
        cmocka_unit_test(test_a_core_always_finds_a_log),
        cmocka_unit_test(test_ports_of_the_agent_are_counted),
        cmocka_unit_test(test_agents_earn_no_achievements_and_hear_no_sound_card),
        cmocka_unit_test(test_high_colour_formats_never_reach_the_host),
        cmocka_unit_test(test_a_call_is_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
