/* test_hosted.c - a bridge with a frontend behind it: pictures, sound and pads pass untouched,
 * tables are copied, and nothing that the frontend keeps points into a core that is gone. */
#define _GNU_SOURCE
#include "setup.h"

#include "inner.h"

/* ---- a frontend that keeps everything it is given
 * ---------------------------------------------------- */

static struct {
    const void *pixels;
    unsigned width, height;
    size_t pitch;
    int videos, samples, batches, polls, asked;
    const int16_t *batch;
    size_t batch_frames;
    uint16_t pads[8];
    bool has_masks, says_no;
    int av_enable;
    int av_enable_asked;
    const struct retro_input_descriptor *descriptors;
    const struct retro_controller_description *controllers;
    struct retro_memory_map map;
    struct retro_keyboard_callback keyboard;
    struct retro_disk_control_callback disk;
    struct retro_disk_control_ext_callback disk_ext;
    struct retro_frame_time_callback time;
    struct retro_audio_callback audio;
    struct retro_audio_buffer_status_callback status;
    struct retro_core_options_update_display_callback display;
    struct retro_camera_callback camera;
    struct retro_location_callback location;
    struct retro_hw_render_callback *hw;
} kept;

static uintptr_t framebuffer(void)
{
    return 77;
}

static retro_proc_address_t proc_address(const char *name)
{
    (void)name;
    return NULL;
}

static bool camera_start(void)
{
    return true;
}

static bool answer(unsigned cmd, void *data)
{
    if (cmd == RETRO_ENVIRONMENT_GET_INPUT_BITMASKS) return kept.has_masks;
    if (kept.says_no) return false;
    switch (cmd) {
    case RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE:
        *(int *)data = kept.av_enable;
        kept.av_enable_asked++;
        return true;
    case RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS: kept.descriptors = data; return true;
    case RETRO_ENVIRONMENT_SET_CONTROLLER_INFO:
        kept.controllers = ((const struct retro_controller_info *)data)->types;
        return true;
    case RETRO_ENVIRONMENT_SET_MEMORY_MAPS:
        kept.map = *(struct retro_memory_map *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_KEYBOARD_CALLBACK:
        kept.keyboard = *(struct retro_keyboard_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_DISK_CONTROL_INTERFACE:
        kept.disk = *(struct retro_disk_control_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE:
        kept.disk_ext = *(struct retro_disk_control_ext_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_FRAME_TIME_CALLBACK:
        kept.time = *(struct retro_frame_time_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_AUDIO_CALLBACK:
        kept.audio = *(struct retro_audio_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_AUDIO_BUFFER_STATUS_CALLBACK:
        kept.status = *(struct retro_audio_buffer_status_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK:
        kept.display = *(struct retro_core_options_update_display_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_CAMERA_INTERFACE:
        ((struct retro_camera_callback *)data)->start = camera_start;
        kept.camera = *(struct retro_camera_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_GET_LOCATION_INTERFACE:
        ((struct retro_location_callback *)data)->start = camera_start;
        kept.location = *(struct retro_location_callback *)data;
        return true;
    case RETRO_ENVIRONMENT_SET_HW_RENDER:
        kept.hw = data; /* some frontends keep the pointer */
        kept.hw->get_current_framebuffer = framebuffer;
        kept.hw->get_proc_address = proc_address;
        return true;
    case RETRO_ENVIRONMENT_SET_PIXEL_FORMAT:
    case RETRO_ENVIRONMENT_SET_ROTATION:
    case RETRO_ENVIRONMENT_SET_SYSTEM_AV_INFO:
    case RETRO_ENVIRONMENT_SET_GEOMETRY: return true;
    default: return false;
    }
}

static void show(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    kept.pixels = pixels;
    kept.width = width;
    kept.height = height;
    kept.pitch = pitch;
    kept.videos++;
}

static void hear(int16_t left, int16_t right)
{
    (void)left, (void)right;
    kept.samples++;
}

static size_t hear_batch(const int16_t *samples, size_t num_frames)
{
    kept.batch = samples;
    kept.batch_frames = num_frames;
    kept.batches++;
    return num_frames / 2; /* a frontend may take less */
}

static void poll_pads(void)
{
    kept.polls++;
}

static int16_t ask_pad(unsigned port, unsigned device, unsigned index, unsigned id)
{
    kept.asked++;
    if (port > 7) return 0;
    if (device == RETRO_DEVICE_ANALOG) return index == RETRO_DEVICE_INDEX_ANALOG_LEFT ? 1234 : 0;
    if (id == RETRO_DEVICE_ID_JOYPAD_MASK) return kept.has_masks ? (int16_t)kept.pads[port] : 0;
    return id < 16 ? kept.pads[port] >> id & 1 : 0;
}

static struct bridge_host host;

static bridge_t *open_hosted(const char *script)
{
    memset(&kept, 0, sizeof kept);
    kept.has_masks = true;
    kept.av_enable = 3;
    host = (struct bridge_host){ .environment = answer,
                                 .video = show,
                                 .audio_sample = hear,
                                 .audio_batch = hear_batch,
                                 .input_poll = poll_pads,
                                 .input_state = ask_pad };
    return open_fake_hosted(script, &host);
}

/* ---- picture and sound
 * --------------------------------------------------------------------------------- */

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
    assert_int_equal(bridge_av_enable(bridge), 3);
    assert_false(bridge_frame_is_hidden(bridge));
    assert_false(bridge_own_options_changed(bridge));
    assert_null(bridge_own_option(bridge, "kata_mode"));
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
    host.video = other_show;
    host.input_poll = NULL;
    bridge_run_frame(bridge, NULL);
    assert_int_equal(kept.videos, 101);
    assert_int_equal(kept.polls, 1);
    host.input_poll = other_poll;
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
    memset(&kept, 0, sizeof kept);
    host = (struct bridge_host){ .environment = answer, .input_state = ask_pad };
    bridge_t *const bridge = open_fake_hosted("pads=mask", &host);
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
        host.polled_this_frame = true;
        bridge_run_frame(bridge, NULL);
        assert_int_equal(kept.polls, cases[i].polls);
        assert_false(host.polled_this_frame);
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

/* ---- hidden frames
 * ----------------------------------------------------------------------------------------- */

static void test_hidden_frames_are_known(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    assert_int_equal(bridge_av_enable(bridge), 3);
    assert_false(bridge_frame_is_hidden(bridge));
    assert_int_equal(kept.av_enable_asked, 1); /* once a frame */
    bridge_run_frame(bridge, NULL);
    kept.av_enable = 2 | 8;
    assert_true(bridge_frame_is_hidden(bridge));
    assert_int_equal(bridge_av_enable(bridge), 10);
    assert_int_equal(kept.av_enable_asked, 2);
    bridge_close(bridge);
}

/* ---- tables that the frontend keeps
 * --------------------------------------------------------------------------- */

static void test_descriptors_outlive_the_cores_stack(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("descriptors map");
    const fake_report_t *const report = report_of(bridge);
    assert_true(report->answers[2] && report->answers[3] && report->answers[4]);
    assert_string_equal(kept.descriptors[0].description, "Punch");
    assert_string_equal(kept.descriptors[1].description, "Kick");
    assert_int_equal(kept.descriptors[2].port, 1);
    assert_null(kept.descriptors[3].description);
    assert_string_equal(kept.controllers[0].desc, "Robot");
    assert_int_equal(kept.controllers[0].id, RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 1));
    assert_string_equal(kept.controllers[1].desc, "None");
    assert_int_equal(kept.map.num_descriptors, 3);
    assert_string_equal(kept.map.descriptors[0].addrspace, "CPU");
    assert_int_equal(kept.map.descriptors[0].start, 0x8000);
    assert_string_equal(bridge_button_name(bridge, 8), "Punch");
    bridge_close(bridge);
}

/* ---- callbacks that the frontend keeps
 * --------------------------------------------------------------------------- */

static int called;

static void on_key(bool down, unsigned keycode, uint32_t character, uint16_t modifiers)
{
    called += down && keycode == 5 && character == 'a' && modifiers == 1;
}

static void test_keyboard(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_keyboard_callback callback = { on_key };
    called = 0;
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_KEYBOARD_CALLBACK, &callback));
    assert_ptr_not_equal(kept.keyboard.callback, on_key);
    kept.keyboard.callback(true, 5, 'a', 1);
    assert_int_equal(called, 1);
    callback.callback = NULL;
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_KEYBOARD_CALLBACK, &callback));
    assert_null(kept.keyboard.callback);
    callback.callback = on_key;
    environment_call(RETRO_ENVIRONMENT_SET_KEYBOARD_CALLBACK, &callback);
    bridge_close(bridge);
    kept.keyboard.callback(true, 5, 'a', 1); /* the core is gone: nothing happens */
    assert_int_equal(called, 1);
}

static bool set_eject(bool ejected)
{
    return ejected;
}
static bool get_eject(void)
{
    return true;
}
static unsigned get_image(void)
{
    return 3;
}
static bool set_image(unsigned index)
{
    return index == 3;
}
static unsigned get_num_images(void)
{
    return 9;
}
static bool replace_image(unsigned index, const struct retro_game_info *info)
{
    return index == 1 && !info;
}
static bool add_image(void)
{
    return true;
}
static bool set_initial(unsigned index, const char *path)
{
    return index == 2 && strcmp(path, "disc") == 0;
}
static bool get_path(unsigned index, char *path, size_t num_bytes)
{
    return snprintf(path, num_bytes, "path%u", index) > 0;
}

static void test_discs(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_disk_control_callback old = { set_eject,      get_eject,     get_image, set_image,
                                               get_num_images, replace_image, add_image };
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_DISK_CONTROL_INTERFACE, &old));
    assert_ptr_not_equal(kept.disk.add_image_index, add_image);
    assert_true(kept.disk.set_eject_state(true) && !kept.disk.set_eject_state(false));
    assert_true(kept.disk.get_eject_state() && kept.disk.add_image_index());
    assert_true(kept.disk.set_image_index(3) && !kept.disk.set_image_index(4));
    assert_true(kept.disk.replace_image_index(1, NULL) && !kept.disk.replace_image_index(0, NULL));
    assert_int_equal(kept.disk.get_image_index(), 3);
    assert_int_equal(kept.disk.get_num_images(), 9);

    struct retro_disk_control_ext_callback ext = { .set_eject_state = set_eject,
                                                   .set_initial_image = set_initial,
                                                   .get_image_path = get_path };
    char path[16];
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_DISK_CONTROL_EXT_INTERFACE, &ext));
    assert_true(kept.disk_ext.set_initial_image(2, "disc"));
    assert_true(kept.disk_ext.get_image_path(7, path, sizeof path));
    assert_string_equal(path, "path7");
    assert_null(kept.disk_ext.get_image_label); /* left out by the core, so left out */
    assert_false(kept.disk.add_image_index());  /* the old table's is gone, too */
    bridge_close(bridge);
    assert_false(kept.disk_ext.set_eject_state(true));
    assert_false(kept.disk_ext.get_image_path(7, path, sizeof path));
    assert_int_equal(kept.disk.get_num_images(), 0);
}

static void on_usec(retro_usec_t usec)
{
    called += (int)usec;
}

static void test_frame_time(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_frame_time_callback callback = { on_usec, 16667 };
    called = 0;
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_FRAME_TIME_CALLBACK, &callback));
    assert_int_equal(kept.time.reference, 16667);
    kept.time.callback(5);
    bridge_run_frame(bridge, NULL); /* it is the host who calls it */
    assert_int_equal(called, 5);
    kept.says_no = true; /* netplay */
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_FRAME_TIME_CALLBACK, &callback));
    bridge_close(bridge);
    kept.time.callback(7);
    assert_int_equal(called, 5);
}

static void on_audio(void)
{
    called++;
}
static void on_audio_state(bool enabled)
{
    called += enabled ? 10 : 0;
}
static void on_status(bool active, unsigned occupancy, bool underrun)
{
    called += active && occupancy == 50 && !underrun;
}

static void test_asynchronous_sound(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_audio_callback callback = { on_audio, on_audio_state };
    struct retro_audio_buffer_status_callback status = { on_status };
    called = 0;
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_AUDIO_CALLBACK, &callback));
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_AUDIO_BUFFER_STATUS_CALLBACK, &status));
    kept.audio.callback();
    kept.audio.set_state(true);
    kept.status.callback(true, 50, false);
    assert_int_equal(called, 12);
    bridge_close(bridge);
    kept.audio.callback();
    kept.audio.set_state(true);
    kept.status.callback(true, 50, false);
    assert_int_equal(called, 12);
}

static bool on_display(void)
{
    called++;
    return true;
}

static void test_options_display(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_core_options_update_display_callback callback = { on_display };
    called = 0;
    assert_true(
        environment_call(RETRO_ENVIRONMENT_SET_CORE_OPTIONS_UPDATE_DISPLAY_CALLBACK, &callback));
    assert_true(kept.display.callback());
    bridge_close(bridge);
    assert_false(kept.display.callback());
    assert_int_equal(called, 1);
}

static void on_camera(const uint32_t *buffer, unsigned width, unsigned height, size_t pitch)
{
    called += buffer == NULL && width == 1 && height == 2 && pitch == 3;
}
static void on_life(void)
{
    called += 10;
}

static void test_camera_and_location(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_camera_callback camera = { .frame_raw_framebuffer = on_camera,
                                            .initialized = on_life };
    struct retro_location_callback location = { .deinitialized = on_life };
    called = 0;
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_CAMERA_INTERFACE, &camera));
    assert_ptr_equal(camera.start, camera_start);  /* what the frontend filled in comes back */
    assert_ptr_equal(camera.initialized, on_life); /* and the core's own stays the core's */
    assert_null(kept.camera.frame_opengl_texture);
    kept.camera.frame_raw_framebuffer(NULL, 1, 2, 3);
    kept.camera.initialized();
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_LOCATION_INTERFACE, &location));
    assert_ptr_equal(location.start, camera_start);
    kept.location.deinitialized();
    assert_int_equal(called, 21);
    bridge_close(bridge);
    kept.camera.frame_raw_framebuffer(NULL, 1, 2, 3);
    kept.camera.initialized();
    kept.location.deinitialized();
    assert_int_equal(called, 21);
}

static void on_context(void)
{
    called++;
}

static void test_hardware_rendering_passes_through(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("");
    struct retro_hw_render_callback hw = { .context_type = RETRO_HW_CONTEXT_OPENGL,
                                           .context_reset = on_context,
                                           .context_destroy = on_context,
                                           .depth = true };
    called = 0;
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_HW_RENDER, &hw));
    assert_ptr_equal(hw.get_current_framebuffer, framebuffer);
    assert_ptr_equal(hw.get_proc_address, proc_address);
    assert_ptr_equal(hw.context_reset, on_context);
    assert_ptr_not_equal(kept.hw, &hw); /* the core's struct may be gone tomorrow */
    assert_true(kept.hw->depth);
    kept.hw->context_reset();
    kept.hw->context_destroy();
    assert_int_equal(called, 2);
    kept.says_no = true; /* another try with another context, refused: the first one stays */
    hw.context_reset = hw.context_destroy = NULL;
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_HW_RENDER, &hw));
    kept.hw->context_destroy();
    assert_int_equal(called, 3);
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
        cmocka_unit_test(test_hidden_frames_are_known),
        cmocka_unit_test(test_descriptors_outlive_the_cores_stack),
        cmocka_unit_test(test_keyboard),
        cmocka_unit_test(test_discs),
        cmocka_unit_test(test_frame_time),
        cmocka_unit_test(test_asynchronous_sound),
        cmocka_unit_test(test_options_display),
        cmocka_unit_test(test_camera_and_location),
        cmocka_unit_test(test_hardware_rendering_passes_through),
        cmocka_unit_test(test_pictures_on_the_card_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
