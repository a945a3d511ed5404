/* test_vision.c - the picture that the agent sees against a slow version in floating point. */
#include "vision.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t noise_state = 1;

static uint8_t noise(void)
{
    noise_state = noise_state * 1664525u + 1013904223u;
    return (uint8_t)(noise_state >> 24);
}

typedef struct {
    bridge_frame_t frame;
    uint8_t *bytes;
} scene_t;

static scene_t make_scene(uint32_t width_px, uint32_t height_px, bridge_pixel_t format,
                          size_t padding_bytes)
{
    const size_t pixel_bytes = format == BRIDGE_PIXEL_XRGB8888 ? 4 : 2;
    const size_t pitch = width_px * pixel_bytes + padding_bytes;
    scene_t scene = { .bytes = malloc(pitch * height_px) };
    for (size_t i = 0; i < pitch * height_px; i++) scene.bytes[i] = noise();
    scene.frame = (bridge_frame_t){ .pixels = scene.bytes,
                                    .width_px = width_px,
                                    .height_px = height_px,
                                    .pitch_bytes = pitch,
                                    .format = format };
    return scene;
}

static void expect_close(const bridge_frame_t *frame, int tolerance)
{
    static vision_t vision; /* kept between sizes, as a player keeps it */
    uint8_t fast[VISION_BYTES], slow[VISION_BYTES];
    vision_shrink(&vision, frame, fast);
    vision_shrink_slowly(frame, slow);
    for (int i = 0; i < VISION_BYTES; i++)
        if (abs(fast[i] - slow[i]) > tolerance)
            fail_msg("%ux%u format %d pixel %d: %d, slowly %d", frame->width_px, frame->height_px,
                     frame->format, i, fast[i], slow[i]);
}

static void test_agrees_with_the_slow_version_for_all_formats_and_sizes(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = { { 256, 240 }, { 160, 144 }, { 320, 224 },
                                         { 84, 84 },   { 85, 83 },   { 512, 448 },
                                         { 60, 40 },   { 640, 480 }, { 256, 240 } };
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int format = 0; format < 3; format++) {
            scene_t scene = make_scene(sizes[s][0], sizes[s][1], (bridge_pixel_t)format, 4 * s);
            expect_close(&scene.frame, 2);
            free(scene.bytes);
        }
}

static void test_white_stays_white_and_black_black(void **state)
{
    (void)state;
    static vision_t vision;
    for (uint32_t width = 50; width < 700; width += 37) {
        scene_t scene = make_scene(width, 240, BRIDGE_PIXEL_RGB565, 0);
        uint8_t picture[VISION_BYTES];
        memset(scene.bytes, 0xff, scene.frame.pitch_bytes * 240);
        vision_shrink(&vision, &scene.frame, picture);
        for (int i = 0; i < VISION_BYTES; i++) assert_in_range(picture[i], 251, 255);
        memset(scene.bytes, 0, scene.frame.pitch_bytes * 240);
        vision_shrink(&vision, &scene.frame, picture);
        for (int i = 0; i < VISION_BYTES; i++) assert_int_equal(picture[i], 0);
        free(scene.bytes);
    }
}

static void test_rotation_turns_counter_clockwise(void **state)
{
    (void)state;
    static vision_t vision;
    scene_t scene = make_scene(84, 84, BRIDGE_PIXEL_XRGB8888, 0);
    memset(scene.bytes, 0, 4u * 84 * 84);
    memset(scene.bytes + 4 * 83, 0xff, 4); /* the top right corner is white */
    static const int corner[4] = { 83, 0, 84 * 83, 84 * 84 - 1 }; /* TR, TL, BL, BR */
    for (uint32_t quarters = 0; quarters < 4; quarters++) {
        uint8_t picture[VISION_BYTES];
        scene.frame.rotation_quarters = quarters;
        vision_shrink(&vision, &scene.frame, picture);
        for (int i = 0; i < VISION_BYTES; i++)
            assert_true((picture[i] > 200) == (i == corner[quarters]));
        expect_close(&scene.frame, 1);
    }
    free(scene.bytes);
}

static void mirror_rows(scene_t *scene)
{
    const size_t pixel = scene->frame.format == BRIDGE_PIXEL_XRGB8888 ? 4 : 2;
    for (uint32_t y = 0; y < scene->frame.height_px; y++)
        for (uint32_t x = 0; x < scene->frame.width_px / 2; x++) {
            uint8_t *row = scene->bytes + y * scene->frame.pitch_bytes, kept[4];
            uint8_t *a = row + x * pixel, *b = row + (scene->frame.width_px - 1 - x) * pixel;
            memcpy(kept, a, pixel);
            memcpy(a, b, pixel);
            memcpy(b, kept, pixel);
        }
}

/* To the bit: port 2 must see what port 1 would see of the mirrored screen. */
static void test_a_mirrored_picture_is_that_of_the_mirrored_frame(void **state)
{
    (void)state;
    static vision_t vision;
    static const uint32_t sizes[][2] = { { 256, 240 }, { 160, 144 }, { 320, 224 },
                                         { 85, 83 },   { 512, 448 }, { 60, 40 } };
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int format = 0; format < 3; format++) {
            uint8_t seen[VISION_BYTES], expected[VISION_BYTES], plain[VISION_BYTES];
            scene_t scene = make_scene(sizes[s][0], sizes[s][1], (bridge_pixel_t)format, 4 * s);
            vision_shrink(&vision, &scene.frame, plain);
            vision_mirror(seen, plain);
            mirror_rows(&scene);
            vision_shrink(&vision, &scene.frame, expected);
            assert_memory_equal(seen, expected, VISION_BYTES);
            assert_memory_not_equal(seen, plain, VISION_BYTES);
            free(scene.bytes);
        }
}

static void test_mirroring_is_of_the_upright_picture(void **state)
{
    (void)state;
    static vision_t vision;
    scene_t scene = make_scene(84, 84, BRIDGE_PIXEL_XRGB8888, 0);
    memset(scene.bytes, 0, 4u * 84 * 84);
    memset(scene.bytes + 4 * 83, 0xff, 4); /* the top right corner is white */
    static const int corner[4] = { 0, 83, 84 * 84 - 1, 84 * 83 }; /* TL, TR, BR, BL */
    for (uint32_t quarters = 0; quarters < 4; quarters++) {
        uint8_t picture[VISION_BYTES], straight[VISION_BYTES];
        scene.frame.rotation_quarters = quarters;
        vision_shrink(&vision, &scene.frame, straight);
        vision_mirror(picture, straight);
        for (int i = 0; i < VISION_BYTES; i++)
            assert_true((picture[i] > 200) == (i == corner[quarters]));
    }
    free(scene.bytes);
}

static void test_empty_and_huge_frames_do_no_harm(void **state)
{
    (void)state;
    static vision_t vision;
    uint8_t picture[VISION_BYTES] = { 7 };
    bridge_frame_t frame = { .pixels = picture, .format = BRIDGE_PIXEL_RGB565 };
    vision_shrink(&vision, &frame, picture);
    assert_int_equal(picture[0], 7);
    scene_t scene = make_scene(VISION_MAX_WIDTH_PX + 500, 2, BRIDGE_PIXEL_RGB565, 0);
    vision_shrink(&vision, &scene.frame, picture);
    free(scene.bytes);
}

static void test_rgb_spreads_each_format_over_the_whole_range(void **state)
{
    (void)state;
    uint8_t rgb[3];
    const uint16_t r565 = 0xf800, g1555 = 0x03e0;
    const uint32_t b8888 = 0xff;
    bridge_frame_t frame = { &r565, 1, 1, 2, BRIDGE_PIXEL_RGB565, 0 };
    assert_true(vision_rgb(&frame, rgb, 1));
    assert_memory_equal(rgb, ((uint8_t[]){ 255, 0, 0 }), 3);
    frame.pixels = &g1555, frame.format = BRIDGE_PIXEL_0RGB1555;
    assert_true(vision_rgb(&frame, rgb, 1));
    assert_memory_equal(rgb, ((uint8_t[]){ 0, 255, 0 }), 3);
    frame.pixels = &b8888, frame.format = BRIDGE_PIXEL_XRGB8888, frame.pitch_bytes = 4;
    assert_true(vision_rgb(&frame, rgb, 1));
    assert_memory_equal(rgb, ((uint8_t[]){ 0, 0, 255 }), 3);
    assert_false(vision_rgb(&frame, rgb, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_the_slow_version_for_all_formats_and_sizes),
        cmocka_unit_test(test_white_stays_white_and_black_black),
        cmocka_unit_test(test_rotation_turns_counter_clockwise),
        cmocka_unit_test(test_a_mirrored_picture_is_that_of_the_mirrored_frame),
        cmocka_unit_test(test_mirroring_is_of_the_upright_picture),
        cmocka_unit_test(test_empty_and_huge_frames_do_no_harm),
        cmocka_unit_test(test_rgb_spreads_each_format_over_the_whole_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
