/* test_bridge.c - bridge.h without a host: content, frames, pads, memory, states. */
#define _GNU_SOURCE
#include "setup.h"

#include <sys/stat.h>

#include "why.h"

enum { MAX_FRAMES = 60 };

/* ---- content ---- */

static void expect_no_content(bridge_t *bridge, const char *path, const char *part)
{
    why_t why = "";
    assert_int_equal(bridge_load(bridge, path, NULL, 0, why), BRIDGE_NO_CONTENT);
    assert_sentence(why, part);
    assert_int_equal(bridge_load(bridge, path, NULL, 0, NULL), BRIDGE_NO_CONTENT);
    assert_int_equal(bridge_state_bytes(bridge), 0);
}

static void test_content_that_is_not_there_or_empty_or_foreign(void **state)
{
    (void)state;
    bridge_t *const bridge = open_variant("plain", NULL);
    expect_no_content(bridge, "/nowhere/game.fake", "/nowhere/game.fake: cannot be read: No such");
    expect_no_content(bridge, "/tmp", "/tmp: is not a regular file");
    expect_no_content(bridge, content_file("empty.fake", "", 0), "empty.fake: is empty");
    expect_no_content(bridge, content_file("other.nes", "NES\x1a", 4),
                      "other.nes: Fake Core does not open it (it opens fake|txt)");
    expect_no_content(bridge, content_file("cut.fake", "FA", 2), "cut.fake: Fake Core does not");
    expect_no_content(bridge, NULL, "Fake Core cannot start without content");
    why_t why = "";
    assert_int_equal(bridge_load(bridge, NULL, "", 0, why), BRIDGE_NO_CONTENT);
    assert_sentence(why, "the content: is empty");
    /* And after all that, a good one plays. */
    assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, why), BRIDGE_OK);
    bridge_close(bridge);
}

static void test_refusal_repeats_what_the_core_said(void **state)
{
    (void)state;
    bridge_t *const bridge = open_variant("plain", NULL);
    expect_no_content(bridge, scripted("refuse log=no_firmware"),
                      "Fake Core does not open it: [fake] no_firmware");
    expect_no_content(bridge, scripted("refuse message=bad_dump"),
                      "Fake Core does not open it: bad_dump");
    /* An old complaint is not blamed on the next content. */
    expect_no_content(bridge, scripted("refuse"), "does not open it (it opens fake|txt)");
    bridge_close(bridge);
}

static void test_hardware_rendering_is_refused_with_advice(void **state)
{
    (void)state;
    bridge_t *const bridge = open_variant("plain", NULL);
    expect_no_content(bridge, scripted("hw"),
                      "draws with the graphics card, which only works inside");
    expect_no_content(bridge, scripted("refuse"), "does not open it (it opens fake|txt)");
    bridge_close(bridge);
}

static void test_content_by_path_is_read_by_the_bridge(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("sound=none");
    const fake_report_t *const report = report_of(bridge);
    char *const resolved = realpath(scripted("sound=none"), NULL);
    assert_string_equal(report->path, resolved);
    assert_true(report->had_data);
    assert_int_equal(report->num_bytes, strlen("FAKE sound=none"));
    free(resolved);
    bridge_close(bridge);
}

static void test_content_by_bytes_is_copied_and_lasts(void **state)
{
    (void)state;
    char game[] = "FAKE sound=none";
    why_t why;
    bridge_t *const bridge = open_variant("plain", NULL);
    assert_int_equal(bridge_load(bridge, NULL, game, sizeof game, why), BRIDGE_OK);
    memset(game, 0, sizeof game);
    bridge_run_frame(bridge, NULL);
    assert_false(report_of(bridge)->had_path);
    assert_true(report_of(bridge)->saw_data_after_load);
    assert_int_equal(report_of(bridge)->num_bytes, sizeof game);
    bridge_unload(bridge);
    bridge_unload(bridge); /* twice is fine */
    bridge_close(bridge);
}

static void test_core_that_wants_a_path_gets_no_bytes(void **state)
{
    (void)state;
    why_t why = "";
    bridge_t *const bridge = open_variant("full_path", NULL);
    assert_int_equal(bridge_load(bridge, scripted(""), "FAKE", 4, why), BRIDGE_OK);
    assert_false(report_of(bridge)->had_data);
    assert_true(report_of(bridge)->had_path);
    assert_int_equal(bridge_load(bridge, NULL, "FAKE", 4, why), BRIDGE_NO_CONTENT);
    assert_sentence(why, "needs a file, not bytes in memory");
    expect_no_content(bridge, "/nowhere/game.fake", "cannot be read: No such");
    expect_no_content(bridge, content_file("empty.fake", "", 0), "is empty");
    bridge_close(bridge);
}

static void test_overrides_decide_by_extension(void **state)
{
    (void)state;
    why_t why = "";
    setenv("FAKE_CORE", "full_path=cue|FAKE", 1);
    bridge_t *bridge = open_variant("plain", NULL);
    assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, why), BRIDGE_OK);
    assert_false(report_of(bridge)->had_data);
    assert_int_equal(bridge_load(bridge, content_file("a.txt", "FAKE", 4), NULL, 0, why),
                     BRIDGE_OK);
    assert_true(report_of(bridge)->had_data);
    bridge_close(bridge);

    setenv("FAKE_CORE", "by_bytes=fake", 1);
    bridge = open_variant("full_path", NULL);
    assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, why), BRIDGE_OK);
    assert_true(report_of(bridge)->had_data);
    assert_true(report_of(bridge)->ext_persistent);
    bridge_close(bridge);
    unsetenv("FAKE_CORE");
}

static void test_details_of_content(void **state)
{
    (void)state;
    char archive[600];
    why_t why = "";
    bridge_t *const bridge = open_variant("plain", NULL);
    const char *path = content_file("Some Game.v1.FAKE", "FAKE", 4);
    char *const resolved = realpath(path, NULL);
    *strrchr(resolved, '/') = '\0';
    assert_int_equal(bridge_load(bridge, path, NULL, 0, why), BRIDGE_OK);
    const fake_report_t *report = report_of(bridge);
    assert_true(report->had_ext);
    assert_string_equal(report->ext_dir, resolved);
    assert_string_equal(report->ext_name, "Some Game.v1");
    assert_string_equal(report->ext_ext, "fake");
    assert_string_equal(report->ext_archive_file, "");

    snprintf(archive, sizeof archive, "%s#inside/game.fake", content_file("pack.zip", "PK", 2));
    assert_int_equal(bridge_load(bridge, archive, "FAKE", 4, why), BRIDGE_OK);
    report = report_of(bridge);
    assert_string_equal(report->ext_archive_file, "inside/game.fake");
    assert_string_equal(report->ext_name, "game");
    assert_string_equal(report->ext_ext, "fake");
    assert_string_equal(report->path, archive);
    free(resolved);
    bridge_close(bridge);
}

static void test_core_that_starts_without_content(void **state)
{
    (void)state;
    setenv("FAKE_CORE", "no_game", 1);
    bridge_t *const bridge = open_variant("plain", NULL);
    assert_int_equal(bridge_load(bridge, NULL, NULL, 0, NULL), BRIDGE_OK);
    bridge_frame_t frame;
    see_frame(bridge, &frame);
    assert_non_null(frame.pixels);
    assert_false(report_of(bridge)->had_ext);
    bridge_close(bridge);
    unsetenv("FAKE_CORE");
}

static void test_folders(void **state)
{
    (void)state;
    const char *const game = scripted("");
    char *const folder = realpath(game, NULL);
    *strrchr(folder, '/') = '\0';
    bridge_config_t config = { .core_path = fake_path("plain") };
    bridge_t *bridge;
    assert_int_equal(bridge_open(&bridge, &config, NULL), BRIDGE_OK);
    assert_int_equal(bridge_load(bridge, game, NULL, 0, NULL), BRIDGE_OK);
    assert_string_equal(report_of(bridge)->system_dir, folder); /* the content's */
    assert_string_equal(report_of(bridge)->save_dir, "");       /* none: nothing is written */
    bridge_close(bridge);

    char system_dir[] = "/sys", save_dir[] = "/saves";
    config.system_dir = system_dir;
    config.save_dir = save_dir;
    assert_int_equal(bridge_open(&bridge, &config, NULL), BRIDGE_OK);
    system_dir[1] = save_dir[1] = '?'; /* strings are copied */
    assert_int_equal(bridge_load(bridge, game, NULL, 0, NULL), BRIDGE_OK);
    assert_string_equal(report_of(bridge)->system_dir, "/sys");
    assert_string_equal(report_of(bridge)->save_dir, "/saves");
    bridge_close(bridge);
    free(folder);
}

/* ---- frames ---- */

static void test_all_pixel_formats_with_any_pitch(void **state)
{
    (void)state;
    for (int format = 0; format <= 2; format++)
        for (int padding = 0; padding <= 20; padding += 20) {
            char script[64];
            const size_t pixel = format == 1 ? 4 : 2;
            snprintf(script, sizeof script, "format=%d padding=%d", format, padding);
            bridge_t *const bridge = open_fake(script);
            bridge_frame_t frame;
            see_frame(bridge, &frame);
            assert_int_equal(frame.format, format);
            assert_int_equal(frame.width_px, 64);
            assert_int_equal(frame.height_px, 48);
            assert_int_equal(frame.pitch_bytes, 64 * pixel + (size_t)padding);
            /* The core draws seed + 251 y + 7 x: neighbours differ so, in every row. */
            const uint32_t bits = pixel == 4 ? 0xffffff : 0x7fff;
            for (uint32_t y = 0; y < 48; y++) {
                uint32_t first = 0, second = 0, top = 0;
                const uint8_t *const row = (const uint8_t *)frame.pixels + y * frame.pitch_bytes;
                memcpy(&top, frame.pixels, pixel);
                memcpy(&first, row, pixel);
                memcpy(&second, row + pixel, pixel);
                assert_int_equal((second - first) & bits, 7);
                assert_int_equal((first - top) & bits, (y * 251) & bits);
            }
            bridge_close(bridge);
        }
}

static void test_unknown_pixel_format_is_refused(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("format=3");
    bridge_frame_t frame;
    assert_false(report_of(bridge)->answers[0]);
    see_frame(bridge, &frame);
    assert_int_equal(frame.format, BRIDGE_PIXEL_0RGB1555);
    bridge_close(bridge);
}

static void test_repeated_frame_has_no_pixels(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("dupe=3");
    bridge_frame_t frame;
    for (int i = 1; i <= 9; i++) {
        see_frame(bridge, &frame);
        assert_int_equal(frame.pixels == NULL, i % 3 == 0);
        assert_int_equal(frame.width_px, 64);
    }
    bridge_close(bridge);
}

static void test_core_that_stops_drawing(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("video_until=2");
    bridge_frame_t frame;
    for (int i = 1; i <= 4; i++) {
        see_frame(bridge, &frame);
        assert_int_equal(frame.pixels != NULL, i <= 2);
    }
    bridge_close(bridge);
}

static void test_no_content_no_frames(void **state)
{
    (void)state;
    bridge_t *const bridge = open_variant("plain", NULL);
    bridge_frame_t frame;
    see_frame(bridge, &frame);
    assert_null(frame.pixels);
    bridge_reset(bridge);
    assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, NULL), BRIDGE_OK);
    assert_int_equal(report_of(bridge)->frames, 0);
    bridge_close(bridge);
}

static void test_resized_frames(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("resize_at=3 padding=4");
    bridge_frame_t frame;
    for (int i = 1; i <= 4; i++) {
        see_frame(bridge, &frame);
        assert_int_equal(frame.width_px, i < 3 ? 64 : 32);
        assert_int_equal(frame.height_px, i < 3 ? 48 : 24);
        assert_int_equal(frame.pitch_bytes, (i < 3 ? 64 : 32) * 2 + 4);
    }
    bridge_close(bridge);
}

/* libretro promises pixels inside the video callback only: they may lie on the core's stack, or in
 * memory that the core gives back. They must have been looked at before. */
static void test_pixels_are_read_inside_the_video_callback(void **state)
{
    (void)state;
    const char *const scripts[] = { "format=1 stack_pixels", "format=1 gone_pixels" };
    uint32_t expected[5];
    bridge_frame_t frame;
    bridge_t *bridge = open_fake("format=1");
    for (int i = 0; i < 5; i++) {
        see_frame(bridge, &frame);
        expected[i] = sum_of(&frame);
    }
    bridge_close(bridge);
    for (int s = 0; s < 2; s++) {
        bridge = open_fake(scripts[s]);
        for (int i = 0; i < 5; i++) {
            see_frame(bridge, &frame);
            assert_int_equal(sum_of(&frame), expected[i]);
        }
        bridge_close(bridge);
    }
}

static void ignore_frame(void *user, const bridge_frame_t *frame)
{
    (void)user;
    (void)frame;
}

static void count_frame(void *user, const bridge_frame_t *frame)
{
    (void)frame;
    ++*(int *)user;
}

static void test_an_observer_sees_each_call_of_its_own_frame(void **state)
{
    (void)state;
    int first = 0, second = 0;
    bridge_t *const bridge = open_fake("draws=2 video_until=2");
    bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = count_frame, .user = &first });
    assert_int_equal(first, 2); /* as often as the core drew */
    bridge_run_frame(bridge, NULL);
    assert_int_equal(first, 2); /* borrowed for one frame */
    bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = count_frame, .user = &second });
    assert_int_equal(second, 0); /* nothing was drawn */
    bridge_close(bridge);
}

typedef struct {
    size_t num_frames;
    bool is_stereo; /* the fake core's right side is its left one, inverted */
} heard_t;

static void hear(void *user, const int16_t *samples, size_t num_frames)
{
    heard_t *heard = user;
    if (heard->num_frames == 0) heard->is_stereo = true;
    for (size_t i = 0; i < num_frames; i++)
        heard->is_stereo &= samples[2 * i + 1] == (int16_t)~samples[2 * i];
    heard->num_frames += num_frames;
}

static void test_an_observer_hears_each_frame_if_it_listens(void **state)
{
    (void)state;
    static const char *const ways[] = { "", "sound=sample" }; /* in one piece, and one by one */
    for (size_t i = 0; i < 2; i++) {
        int frames = 0;
        heard_t heard = { 0 };
        bridge_t *const bridge = open_fake(ways[i]);
        const bridge_observer_t looks = { .on_frame = count_frame, .user = &frames };
        bridge_run_frame(bridge, &looks); /* it only looks */
        assert_int_equal(frames, 1);
        bridge_run_frame(bridge, &(bridge_observer_t){
                                     .on_frame = ignore_frame, .user = &heard, .on_sound = hear });
        assert_int_equal(heard.num_frames, 800);
        assert_true(heard.is_stereo);
        bridge_run_frame(bridge, NULL);
        assert_int_equal(heard.num_frames, 800);
        bridge_close(bridge);
    }
}

static void test_geometry_rates_and_rotation_follow_the_core(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("geometry_at=2 av_info_at=3 rotation=3");
    bridge_frame_t frame;
    bridge_av_t av = bridge_av(bridge);
    assert_int_equal(av.base_width_px, 64);
    assert_int_equal(av.max_width_px, 640);
    assert_true(av.fps == 60.0 && av.sample_rate_hz == 48000.0);
    see_frame(bridge, &frame);
    assert_int_equal(frame.rotation_quarters, 3);
    bridge_run_frame(bridge, NULL);
    av = bridge_av(bridge);
    assert_int_equal(av.base_width_px, 100);
    assert_int_equal(av.max_width_px, 640); /* SET_GEOMETRY may not change it */
    assert_true(av.aspect_ratio == 2.0f);
    bridge_run_frame(bridge, NULL);
    av = bridge_av(bridge);
    assert_int_equal(av.base_width_px, 200);
    assert_int_equal(av.max_height_px, 300);
    assert_true(av.fps == 50.0 && av.sample_rate_hz == 32000.0 && av.aspect_ratio == 0);
    bridge_close(bridge);
}

static void test_sound_of_any_kind_is_taken(void **state)
{
    (void)state;
    const char *const kinds[] = { "sound=sample", "sound=batch", "sound=none" };
    for (int i = 0; i < 3; i++) {
        bridge_t *const bridge = open_fake(kinds[i]);
        for (int k = 0; k < 3; k++) bridge_run_frame(bridge, NULL);
        assert_int_equal(report_of(bridge)->frames, 3);
        assert_int_equal(report_of(bridge)->sound_taken, i == 1 ? 3 * 800 : 0);
        bridge_close(bridge);
    }
}

static void test_time_is_emulated_time(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("frame_time");
    for (int i = 0; i < 60; i++) bridge_run_frame(bridge, NULL);
    assert_int_equal(report_of(bridge)->time_usec, 60 * 16667);
    bridge_close(bridge);
}

/* lutro refuses a frontend without it. The clock is emulated time: the same in each run. */
static void test_the_perf_interface_is_there(void **state)
{
    (void)state;
    int64_t seen[2];
    for (int run = 0; run < 2; run++) {
        bridge_t *const bridge = open_fake("needs_perf needs_log");
        const int64_t before = report_of(bridge)->clock_usec;
        assert_int_equal(report_of(bridge)->cpu_features, 0);
        for (int i = 0; i < 60; i++) bridge_run_frame(bridge, NULL);
        seen[run] = report_of(bridge)->clock_usec;
        assert_in_range(seen[run] - before, 999000, 1001000);
        bridge_close(bridge);
    }
    assert_int_equal(seen[0], seen[1]);
}

static void test_shutdown_is_noticed_and_forgotten_with_the_content(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("shutdown_at=2");
    bridge_run_frame(bridge, NULL);
    assert_false(bridge_wants_shutdown(bridge));
    bridge_run_frame(bridge, NULL);
    assert_true(bridge_wants_shutdown(bridge));
    assert_int_equal(bridge_load(bridge, scripted(""), NULL, 0, NULL), BRIDGE_OK);
    assert_false(bridge_wants_shutdown(bridge));
    bridge_close(bridge);
}

static void test_reset(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    bridge_run_frame(bridge, NULL);
    bridge_reset(bridge);
    assert_int_equal(report_of(bridge)->resets, 1);
    bridge_close(bridge);
}

/* ---- pads ---- */

static void test_pads_by_mask_and_by_single_id(void **state)
{
    (void)state;
    const char *const ways[] = { "pads=mask", "pads=single", "pads=single poll=late",
                                 "pads=mask poll=none", "poll=twice" };
    for (int way = 0; way < 5; way++) {
        bridge_t *const bridge = open_fake(ways[way]);
        const fake_report_t *const report = report_of(bridge);
        for (uint32_t i = 0; i < 200; i++) {
            const uint16_t first = (uint16_t)(i * 40503u), second = (uint16_t)(i * 30011u + 7);
            bridge_hold(bridge, 0, first);
            bridge_hold(bridge, 1, second);
            bridge_run_frame(bridge, NULL);
            assert_int_equal(report->pads[0], first);
            assert_int_equal(report->pads[1], second);
            assert_int_equal(report->pads[2], 0);
            assert_int_equal(report->sticks[0], 0);
            assert_int_equal(report->pressures[0], first & BRIDGE_PAD_A ? 0x7fff : 0);
        }
        bridge_close(bridge);
    }
}

static void test_held_until_released(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    const fake_report_t *const report = report_of(bridge);
    bridge_hold(bridge, 0, BRIDGE_PAD_LEFT | BRIDGE_PAD_RIGHT); /* opposites pass */
    bridge_hold(bridge, BRIDGE_MAX_PORTS, 0xffff);              /* no such port: nothing */
    bridge_release(bridge, BRIDGE_MAX_PORTS);
    for (int i = 0; i < 3; i++) {
        bridge_run_frame(bridge, NULL);
        assert_int_equal(report->pads[0], BRIDGE_PAD_LEFT | BRIDGE_PAD_RIGHT);
    }
    bridge_release(bridge, 0);
    bridge_run_frame(bridge, NULL);
    assert_int_equal(report->pads[0], 0);
    bridge_close(bridge);
}

static void test_two_joypads_are_plugged_in(void **state)
{
    (void)state;
    bridge_t *const bridge = open_fake("");
    assert_int_equal(report_of(bridge)->devices[0], 1);
    assert_int_equal(report_of(bridge)->devices[1], 1);
    assert_int_equal(report_of(bridge)->devices[2], 0);
    bridge_close(bridge);
}

static void test_button_names(void **state)
{
    (void)state;
    bridge_t *bridge = open_fake("descriptors");
    assert_string_equal(bridge_button_name(bridge, 8), "Punch");
    assert_string_equal(bridge_button_name(bridge, 0), "Kick");
    assert_null(bridge_button_name(bridge, 9)); /* said of port 1 only */
    assert_null(bridge_button_name(bridge, 16));
    bridge_close(bridge);
    bridge = open_fake("");
    assert_null(bridge_button_name(bridge, 8));
    bridge_close(bridge);
}

/* ---- the same again ---- */

static uint32_t play(const char *script)
{
    uint32_t sum = 0, random = 12345;
    bridge_frame_t frame;
    bridge_t *const bridge = open_fake(script);
    for (int i = 0; i < MAX_FRAMES; i++) {
        random = random * 1664525 + 1013904223;
        bridge_hold(bridge, 0, (uint16_t)(random >> 16));
        see_frame(bridge, &frame);
        sum = sum * 33 + sum_of(&frame);
    }
    bridge_close(bridge);
    return sum;
}

static void test_same_input_same_pictures(void **state)
{
    (void)state;
    const uint32_t first = play("format=2");
    assert_int_equal(play("format=2"), first);
    assert_int_not_equal(play("format=2 dupe=2"), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_that_is_not_there_or_empty_or_foreign),
        cmocka_unit_test(test_refusal_repeats_what_the_core_said),
        cmocka_unit_test(test_hardware_rendering_is_refused_with_advice),
        cmocka_unit_test(test_content_by_path_is_read_by_the_bridge),
        cmocka_unit_test(test_content_by_bytes_is_copied_and_lasts),
        cmocka_unit_test(test_core_that_wants_a_path_gets_no_bytes),
        cmocka_unit_test(test_overrides_decide_by_extension),
        cmocka_unit_test(test_details_of_content),
        cmocka_unit_test(test_core_that_starts_without_content),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_all_pixel_formats_with_any_pitch),
        cmocka_unit_test(test_unknown_pixel_format_is_refused),
        cmocka_unit_test(test_repeated_frame_has_no_pixels),
        cmocka_unit_test(test_core_that_stops_drawing),
        cmocka_unit_test(test_no_content_no_frames),
        cmocka_unit_test(test_resized_frames),
        cmocka_unit_test(test_pixels_are_read_inside_the_video_callback),
        cmocka_unit_test(test_an_observer_sees_each_call_of_its_own_frame),
        cmocka_unit_test(test_an_observer_hears_each_frame_if_it_listens),
        cmocka_unit_test(test_geometry_rates_and_rotation_follow_the_core),
        cmocka_unit_test(test_sound_of_any_kind_is_taken),
        cmocka_unit_test(test_time_is_emulated_time),
        cmocka_unit_test(test_the_perf_interface_is_there),
        cmocka_unit_test(test_shutdown_is_noticed_and_forgotten_with_the_content),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_pads_by_mask_and_by_single_id),
        cmocka_unit_test(test_held_until_released),
        cmocka_unit_test(test_two_joypads_are_plugged_in),
        cmocka_unit_test(test_button_names),
        cmocka_unit_test(test_same_input_same_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
