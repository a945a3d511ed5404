/* test_no_memory.c - the n-th allocation fails, for each n: a status and a sentence, nothing left
 * open. */
#define _GNU_SOURCE
#include "setup.h"

#include "environment.h"
#include "why.h"

enum { MANY = 500 };

static void test_open(void **state)
{
    (void)state;
    const bridge_option_t options[] = { { "a", "1" }, { "b", "2" } };
    const bridge_config_t config = { .core_path = fake_path("plain"),
                                     .system_dir = "/sys",
                                     .save_dir = "/saves",
                                     .options = options,
                                     .num_options = 2 };
    int refused = 0;
    for (long n = 1; n < MANY; n++) {
        why_t why = "";
        bridge_t *bridge;
        fail_allocation(n);
        const bridge_status_t status = bridge_open(&bridge, &config, why);
        const bool was_reached = allocations_seen() >= n;
        fail_allocation(0);
        if (!was_reached) assert_int_equal(status, BRIDGE_OK);
        if (!was_reached) assert_true(refused > 5);
        if (status == BRIDGE_OK) bridge_close(bridge); /* its .info file is not needed */
        if (!was_reached) return;
        if (status == BRIDGE_OK) continue;
        refused++;
        assert_int_equal(status, BRIDGE_NO_MEMORY);
        assert_null(bridge);
        assert_null(inner_active());
        assert_sentence(why, "no memory");
    }
    fail_msg("no end of allocations");
}

/* A load may succeed without what could not be kept (a map, names), but never half. */
static void test_load(void **state)
{
    (void)state;
    setenv("FAKE_CORE", "options=v2_intl full_path=cue", 1);
    int refusals = 0;
    for (int by_bytes = 0; by_bytes <= 1; by_bytes++)
        for (long n = 1; n < MANY; n++) {
            why_t why = "";
            static const char game[] = "FAKE map descriptors";
            bridge_t *const bridge = open_variant("plain", NULL);
            const char *const path = scripted("map descriptors");
            fail_allocation(n);
            const bridge_status_t status =
                bridge_load(bridge, path, by_bytes ? game : NULL, sizeof game, why);
            const bool was_reached = allocations_seen() >= n;
            fail_allocation(0);
            if (status == BRIDGE_OK) {
                bridge_run_frame(bridge, NULL);
                assert_non_null(bridge_address(bridge, 0x40, 1, 0));
            } else {
                refusals++;
                assert_true(status == BRIDGE_NO_MEMORY || status == BRIDGE_NO_CONTENT);
                assert_sentence(why, "no memory");
                assert_int_equal(bridge_load(bridge, path, NULL, 0, why), BRIDGE_OK);
            }
            bridge_close(bridge);
            if (!was_reached) break;
            assert_true(n < MANY - 1);
        }
    assert_true(refusals > 5);
    unsetenv("FAKE_CORE");
}

static bool yes(unsigned cmd, void *data)
{
    (void)cmd, (void)data;
    return true;
}

/* Registering options, maps and tables with a host: refused as a whole, or done as a whole. */
static void test_hosted(void **state)
{
    (void)state;
    static const struct retro_core_option_v2_definition own[] = {
        { "kata_mode", "Mode", NULL, NULL, NULL, NULL, { { "off", NULL } }, "off" }, { 0 }
    };
    struct bridge_host host = { .environment = yes, .own_options = own };
    setenv("FAKE_CORE", "options=v2_intl", 1);
    for (long n = 1; n < MANY; n++) {
        why_t why = "";
        bridge_t *bridge;
        const bridge_config_t config = { .core_path = fake_path("plain"), .host = &host };
        fail_allocation(n);
        bridge_status_t status = bridge_open(&bridge, &config, why);
        if (status == BRIDGE_OK)
            status = bridge_load(bridge, scripted("map descriptors sound=sample"), NULL, 0, why);
        if (status == BRIDGE_OK) bridge_run_frame(bridge, NULL);
        const bool was_reached = allocations_seen() >= n;
        fail_allocation(0);
        bridge_close(bridge);
        if (!was_reached) {
            assert_int_equal(status, BRIDGE_OK);
            unsetenv("FAKE_CORE");
            return;
        }
    }
    fail_msg("no end of allocations");
}

static void test_a_frame_allocates_nothing(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("stack_pixels");
    bridge_frame_t frame;
    see_frame(bridge, &frame);
    fail_allocation(1);
    see_frame(bridge, &frame);
    assert_int_equal(allocations_seen(), 0);
    fail_allocation(0);
    assert_non_null(frame.pixels);
    bridge_close(bridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_hosted),
        cmocka_unit_test(test_a_frame_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
