/* test_trampolines.c - what a frontend keeps: tables are copied, callbacks are ours, and nothing of
 * it points into a core that is gone. */
#define _GNU_SOURCE
#include "keeping_host.h"

#include "environment.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- tables that the frontend keeps ---- */

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

/* The plugin's own type of pad comes behind the core's, where it has a place and no core's type has
 * its number; a core that lists none is given a plain pad beside it. */
static void test_an_own_type_of_controller(void **state)
{
    (void)state;
    static const struct retro_controller_description own[] = {
        { "Own", RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 9) },
        { "Taken", RETRO_DEVICE_SUBCLASS(RETRO_DEVICE_JOYPAD, 1) }
    };
    for (int which = 0; which < 4; which++) {
        keeping_host.own_controller = which < 3 ? &own[which % 2] : NULL;
        keeping_host.own_controller_ports = which == 2 ? 2 : 1;
        bridge_t *bridge = open_hosted("descriptors");
        bridge_offer_controllers(bridge); /* it listed its own: nothing more is said */
        assert_string_equal(kept.controllers[0].desc, "Robot");
        assert_string_equal(kept.controllers[1].desc, "None");
        assert_int_equal(kept.num_controllers[0], which == 0 ? 3 : 2);
        if (which == 0) assert_string_equal(kept.controllers[2].desc, "Own");
        bridge_close(bridge);

        bridge = open_hosted("");
        assert_null(kept.controllers);
        bridge_offer_controllers(bridge);
        if (which == 3) {
            assert_null(kept.controllers);
        } else { /* two ports where the second is meant; there alone it has a place */
            assert_int_equal(kept.controllers[0].id, RETRO_DEVICE_JOYPAD);
            assert_int_equal(kept.num_controllers[0], which == 2 ? 1 : 2);
            assert_int_equal(kept.num_controllers[1], which == 2 ? 2 : 0);
        }
        bridge_close(bridge);
    }
    keeping_host.own_controller = NULL;
    keeping_host.own_controller_ports = 0;
}

/* ---- callbacks that the frontend keeps ---- */

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
    assert_ptr_equal(camera.start, host_camera_start); /* what the frontend filled in comes back */
    assert_ptr_equal(camera.initialized, on_life);     /* and the core's own stays the core's */
    assert_null(kept.camera.frame_opengl_texture);
    kept.camera.frame_raw_framebuffer(NULL, 1, 2, 3);
    kept.camera.initialized();
    assert_true(environment_call(RETRO_ENVIRONMENT_GET_LOCATION_INTERFACE, &location));
    assert_ptr_equal(location.start, host_camera_start);
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
    assert_ptr_equal(hw.get_current_framebuffer, host_framebuffer);
    assert_ptr_equal(hw.get_proc_address, host_proc_address);
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

/* ---- what the frontend keeps when it refuses a change ---- */

/* Where a freed block was, other bytes stand soon. */
static void overwrite_free_blocks(void)
{
    enum { COUNT = 400 };
    static void *blocks[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        const size_t bytes = 8 + i % 50 * 8;
        blocks[i] = malloc(bytes);
        if (blocks[i]) memset(blocks[i], 0xee, bytes);
    }
    for (size_t i = 0; i < COUNT; i++) free(blocks[i]);
}

static void test_a_refused_table_leaves_the_one_before_it(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("descriptors map");
    char text[] = "Other";
    struct retro_input_descriptor list[] = { { 0, RETRO_DEVICE_JOYPAD, 0, 8, text }, { 0 } };
    struct retro_controller_description types[] = { { text, 5 } };
    struct retro_controller_info info[] = { { types, 1 }, { 0 } };
    struct retro_memory_descriptor memory = { .ptr = text, .start = 0x40, .len = 4 };
    struct retro_memory_map map = { &memory, 1 };
    for (int times = 0; times < 2; times++) {
        kept.says_no = true;
        assert_false(environment_call(RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS, list));
        assert_false(environment_call(RETRO_ENVIRONMENT_SET_CONTROLLER_INFO, info));
        assert_false(environment_call(RETRO_ENVIRONMENT_SET_MEMORY_MAPS, &map));
        kept.says_no = false;
        overwrite_free_blocks();
        assert_string_equal(kept.descriptors[0].description, "Punch");
        assert_string_equal(bridge_button_name(bridge, 8), "Punch");
        assert_string_equal(kept.controllers[0].desc, "Robot");
        assert_string_equal(kept.map.descriptors[0].addrspace, "CPU");
        assert_ptr_equal(bridge_address(bridge, 0x40, 4, 0),
                         text); /* we can read it all the same */
    }
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_INPUT_DESCRIPTORS, list));
    assert_true(environment_call(RETRO_ENVIRONMENT_SET_MEMORY_MAPS, &map));
    text[0] = '?';
    assert_string_equal(kept.descriptors[0].description, "Other");
    assert_string_equal(bridge_button_name(bridge, 8), "Other");
    bridge_close(bridge);
}

/* ---- Vulkan ---- */

typedef struct {
    int type;
    unsigned version;
    void *functions[2];
    void (*destroy_device)(void);
    void *more[2];
} negotiation_t;

static void test_the_vulkan_interface_is_a_table_of_ours(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("negotiation");
    assert_true(report_of(bridge)->answers[7]);
    const negotiation_t *const given = kept.negotiation;
    assert_int_equal(given->version, 2);
    assert_null(given->functions[0]); /* left out by the core, so left out */
    given->destroy_device();
    assert_int_equal(kept.messages, 1);
    assert_string_equal(kept.message, "destroy_device");
    negotiation_t other = { .type = 1, .version = 1 };
    assert_false(environment_call(RETRO_ENVIRONMENT_SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE,
                                  &other)); /* a type that nobody knows */
    other.type = 0;
    kept.says_no = true;
    assert_false(
        environment_call(RETRO_ENVIRONMENT_SET_HW_RENDER_CONTEXT_NEGOTIATION_INTERFACE, &other));
    assert_int_equal(given->version, 2); /* a refusal changes nothing */
    kept.says_no = false;
    bridge_close(bridge);
    given->destroy_device(); /* the core is gone: nothing happens */
    assert_int_equal(kept.messages, 1);
}

/* ---- closing while a sound thread calls ---- */

static atomic_bool sound_stops;

static void *call_audio(void *calls)
{
    while (!sound_stops) {
        kept.audio.callback();
        ++*(_Atomic int *)calls;
    }
    return NULL;
}

static void test_closing_waits_for_the_audio_callback(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        bridge_t *const bridge = open_hosted("audio_callback audio_usec=20000");
        _Atomic int calls = 0;
        pthread_t thread;
        sound_stops = false;
        assert_true(report_of(bridge)->answers[5]);
        assert_int_equal(pthread_create(&thread, NULL, call_audio, &calls), 0);
        while (calls < 1) usleep(1000);
        usleep(5000); /* inside the next call, most likely */
        bridge_close(bridge);
        const int at_close = calls;
        while (calls < at_close + 3) usleep(1000); /* it goes on calling */
        sound_stops = true;
        pthread_join(thread, NULL);
        if (kept.messages > 0) fail_msg("the fake core says: it was %s", kept.message);
    }
}

static void test_content_goes_without_the_audio_callback(void **state)
{
    (void)state;
    bridge_t *const bridge = open_hosted("audio_callback");
    kept.audio.callback();
    bridge_unload(bridge);
    kept.audio.callback();
    assert_int_equal(kept.messages, 0);
    assert_int_equal(bridge_load(bridge, scripted("audio_callback"), NULL, 0, NULL), BRIDGE_OK);
    kept.audio.callback();
    assert_int_equal(report_of(bridge)->audio_callbacks, 2);
    bridge_close(bridge);
    kept.audio.callback();
    assert_int_equal(kept.messages, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors_outlive_the_cores_stack),
        cmocka_unit_test(test_an_own_type_of_controller),
        cmocka_unit_test(test_keyboard),
        cmocka_unit_test(test_discs),
        cmocka_unit_test(test_frame_time),
        cmocka_unit_test(test_asynchronous_sound),
        cmocka_unit_test(test_options_display),
        cmocka_unit_test(test_camera_and_location),
        cmocka_unit_test(test_hardware_rendering_passes_through),
        cmocka_unit_test(test_a_refused_table_leaves_the_one_before_it),
        cmocka_unit_test(test_the_vulkan_interface_is_a_table_of_ours),
        cmocka_unit_test(test_closing_waits_for_the_audio_callback),
        cmocka_unit_test(test_content_goes_without_the_audio_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
