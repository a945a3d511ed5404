/* test_hosted.c - a bridge with a frontend behind it: pictures, sound and pads pass untouched. */
#define _GNU_SOURCE
#include "keeping_host.h"

#include "environment.h"

/* ---- picture and sound ---- */

static void test_pictures_pass_without_a_copy(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("format=2 padding=12 dupe=3 rotation=1");
    bridge_frame_t frame;
    for (int i = 1; i <= 6; i++) {
        see_frame(bridge, &frame);
        assert_int_equal(kept.videos, i);
        assert_int_equal(kept.pitch, 64 * 2 + 12);
        assert_ptr_equal(kept.pixels, pixels_seen());
        assert_int_equal(kept.pixels == NULL, i % 3 == 0);
        assert_int_equal(frame.format, BRIDGE_PIXEL_RGB565);
        assert_int_equal(frame.rotation_quarters, 1);
    }
    bridge_close(bridge);
}

static void test_sound_passes_without_a_copy(void **state)
{
    (void)state;
    bridge_t *bridge = open_hosted("sound=batch");
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.batches, 1);
    assert_int_equal(kept.batch_frames, 800);
    assert_int_equal(report_of(bridge)->sound_taken, 400); /* what the frontend took */
    assert_int_equal(kept.samples, 0);
    bridge_close(bridge);
    bridge = open_hosted("sound=sample");
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.samples, 800);
    assert_int_equal(kept.batches, 0);
    bridge_close(bridge);
}

static void test_host_without_callbacks(void **state)
{
    (void)state;
    struct bridge_host nobody = { 0 };
    bridge_t *const bridge = open_fake_hosted("sound=sample format=2", &nobody);
    bridge_frame_t frame;
    see_frame(bridge, &frame);
    assert_non_null(frame.pixels);
    assert_int_equal(frame.format, BRIDGE_PIXEL_0RGB1555); /* nobody agreed to another one */
    bridge_close(bridge);
}

static void other_show(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    (void)pixels, (void)width, (void)height, (void)pitch;
    kept.videos += 100;
}

static void other_poll(void)
{
    kept.polls += 100;
}

/* Run-ahead swaps a frontend's callbacks between frames. */
static void test_callbacks_may_be_replaced_between_frames(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    bridge_run_frame(bridge, NULL);
    keeping_host.video = other_show;
    keeping_host.input_poll = NULL;
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.videos, 101);
    assert_int_equal(kept.polls, 1);
    keeping_host.input_poll = other_poll;
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.polls, 101);
    bridge_close(bridge);
}

/* ---- pads
 * --------------------------------------------------------------------------------------------------
 */

static void test_pads_are_the_humans_until_held(void **state)
{
    (void)state;
    const char *const ways[] = { "pads=mask", "pads=single", "pads=mask" };
    for (int way = 0; way < 3; way++) {
        bridge_t *const bridge = open_hosted(ways[way]);
        const fake_report_t *const report = report_of(bridge);
        kept.pads[0] = 0x8421;
        kept.pads[1] = 0x1248;
        kept.pads[3] = 0x0f0f;
        bridge_run_frame(bridge, NULL);
        assert_int_equal(report->pads[0], 0x8421);
        assert_int_equal(report->pads[1], 0x1248);
        assert_int_equal(report->pads[3], 0x0f0f);
        assert_int_equal(report->sticks[0], 1234);
        bridge_hold(bridge, 1, 0x00f0);
        bridge_run_frame(bridge, NULL);
        assert_int_equal(report->pads[0], 0x8421);
        assert_int_equal(report->pads[1], 0x00f0);
        assert_int_equal(report->sticks[1], 0); /* not the human's stick */
        bridge_release(bridge, 1);
        bridge_run_frame(bridge, NULL);
        assert_int_equal(report->pads[1], 0x1248);
        bridge_close(bridge);
    }
}

/* The bridge promises masks (environment call 51) even where the frontend has none. */
static void test_masks_are_made_of_single_buttons(void **state)
{
    (void)state;
    bridge_close(open_hosted(""));
    kept.has_masks = false;
    bridge_t *const bridge = open_fake_hosted("pads=mask", &keeping_host);
    kept.pads[0] = 0x8421;
    bridge_run_frame(bridge, NULL);
    assert_int_equal(report_of(bridge)->pads[0], 0x8421);
    bridge_close(bridge);
}

static void test_the_host_is_polled_at_least_once_a_frame(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        int polls;
    } cases[] = { { "", 1 }, { "poll=none", 1 }, { "poll=late", 1 }, { "poll=twice", 2 } };
    for (int i = 0; i < 4; i++) {
        bridge_t *const bridge = open_hosted(cases[i].script);
        bridge_run_frame(bridge, NULL);
        assert_int_equal(kept.polls, cases[i].polls);
        /* The plugin looked at the pad itself: not polled again, and only for this frame. */
        keeping_host.polled_this_frame = true;
        bridge_run_frame(bridge, NULL);
        assert_int_equal(kept.polls, cases[i].polls);
        assert_false(keeping_host.polled_this_frame);
        bridge_run_frame(bridge, NULL);
        assert_int_equal(kept.polls, 2 * cases[i].polls);
        bridge_close(bridge);
    }
}

static void test_a_held_port_does_not_ask_the_host(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("pads=mask");
    for (uint32_t port = 0; port < FAKE_PORTS; port++) bridge_hold(bridge, port, 0);
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.asked, 0);
    bridge_close(bridge);
}

static void test_the_frontend_plugs_the_pads_in(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    const fake_report_t *const report = report_of(bridge);
    assert_int_equal(report->devices[0], 0);
    bridge_set_port_device(bridge, 0, RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 1));
    assert_int_equal(report->devices[0], RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 1));
    bridge_cheat_set(bridge, 4, true, "ABC");
    assert_int_equal(report->cheats, 5);
    bridge_cheat_reset(bridge);
    assert_int_equal(report->cheats, 0);
    assert_int_equal(bridge_region(bridge), RETRO_REGION_PAL);
    struct retro_system_av_info info;
    bridge_system_av_info(bridge, &info);
    assert_int_equal(info.geometry.max_width, 640);
    bridge_unload(bridge); /* and without content none of them reaches the core */
    bridge_set_port_device(bridge, 0, 0);
    bridge_cheat_set(bridge, 0, true, "");
    bridge_cheat_reset(bridge);
    bridge_system_av_info(bridge, &info);
    assert_int_equal(info.geometry.max_width, 0);
    assert_int_equal(bridge_region(bridge), RETRO_REGION_NTSC);
    bridge_close(bridge);
}

/* Its pictures stay on the card: passed on as they are, and nothing to read here. */
static void test_pictures_on_the_card_pass(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("hw");
    bridge_frame_t frame;
    see_frame(bridge, &frame);
    assert_ptr_equal(kept.pixels, RETRO_HW_FRAME_BUFFER_VALID);
    assert_null(frame.pixels);
    assert_int_equal(frame.width_px, 64);
    bridge_close(bridge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures_pass_without_a_copy),
        cmocka_unit_test(test_sound_passes_without_a_copy),
        cmocka_unit_test(test_host_without_callbacks),
        cmocka_unit_test(test_callbacks_may_be_replaced_between_frames),
        cmocka_unit_test(test_pads_are_the_humans_until_held),
        cmocka_unit_test(test_masks_are_made_of_single_buttons),
        cmocka_unit_test(test_the_host_is_polled_at_least_once_a_frame),
        cmocka_unit_test(test_a_held_port_does_not_ask_the_host),
        cmocka_unit_test(test_the_frontend_plugs_the_pads_in),
        cmocka_unit_test(test_pictures_on_the_card_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
