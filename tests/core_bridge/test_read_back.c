/* The picture of a core that draws with OpenGL reaches an observer, small, and the core finds its
 * context as it left it. On Mesa's software renderer, without a window. */
#define _GNU_SOURCE
#include "setup.h"

#include <dlfcn.h>

#include "libretro.h"
#include "read_back.h"

/* Mesa's driver keeps what it has for the life of the process. */
int __lsan_is_turned_off(void);
__attribute__((visibility("default"))) int __lsan_is_turned_off(void)
{
    return 1;
}

enum { NUM_FRAMES, PAD, FAULTS, CONTEXTS }; /* card_core.c's memory */

/* ---- a context without a window (EGL_MESA_platform_surfaceless), by number ---- */

static struct {
    void *library;
    void *(*get_display)(unsigned platform, void *native, const intptr_t *attributes);
    unsigned (*initialize)(void *display, int *major, int *minor);
    unsigned (*bind_api)(unsigned api);
    unsigned (*choose)(void *display, const int *wanted, void **configs, int size, int *count);
    void *(*create)(void *display, void *config, void *shared, const int *attributes);
    unsigned (*destroy)(void *display, void *context);
    unsigned (*make_current)(void *display, void *draw, void *read, void *context);
    retro_proc_address_t (*find)(const char *name);
    void *display, *config, *context;
} egl;

static void find_in(void *to, const char *name)
{
    void *const found = dlsym(egl.library, name);
    if (!found) fail_msg("libEGL.so.1 has no %s", name);
    memcpy(to, &found, sizeof found);
}

static bool open_display(void)
{
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
    egl.library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!egl.library) return false;
    find_in(&egl.get_display, "eglGetPlatformDisplay");
    find_in(&egl.initialize, "eglInitialize");
    find_in(&egl.bind_api, "eglBindAPI");
    find_in(&egl.choose, "eglChooseConfig");
    find_in(&egl.create, "eglCreateContext");
    find_in(&egl.destroy, "eglDestroyContext");
    find_in(&egl.make_current, "eglMakeCurrent");
    find_in(&egl.find, "eglGetProcAddress");
    int major, minor, count = 0;
    const int wanted[] = { 0x3040, 8, 0x3033, 1, 0x3038 }; /* OpenGL, a pbuffer */
    egl.display = egl.get_display(0x31DD, NULL, NULL);
    return egl.display && egl.initialize(egl.display, &major, &minor) && egl.bind_api(0x30A2) &&
           egl.choose(egl.display, wanted, &egl.config, 1, &count) && count == 1;
}

static bool make_context(void)
{
    egl.context = egl.create(egl.display, egl.config, NULL, NULL);
    return egl.context && egl.make_current(egl.display, NULL, NULL, egl.context);
}

static int set_up(void **state)
{
    (void)state;
    if (!egl.library && (!open_display() || !make_context())) egl.context = NULL;
    return 0;
}

/* ---- the frontend ---- */

static struct {
    struct retro_hw_render_callback hw;
    bool has_hw;
    unsigned framebuffer, renderbuffer, asked; /* for the framebuffer */
    unsigned videos;
    uint16_t pad;

} front;

static struct {
    void (*make_framebuffers)(int, unsigned *);
    void (*bind_framebuffer)(unsigned, unsigned);
    void (*make_renderbuffers)(int, unsigned *);
    void (*bind_renderbuffer)(unsigned, unsigned);
    void (*storage)(unsigned, unsigned, int, int);
    void (*attach)(unsigned, unsigned, unsigned, unsigned);
    void (*read)(int, int, int, int, unsigned, unsigned, void *);
} gl;

static void find_gl(void)
{
    static const char *const names[] = { "glGenFramebuffers",     "glBindFramebuffer",
                                         "glGenRenderbuffers",    "glBindRenderbuffer",
                                         "glRenderbufferStorage", "glFramebufferRenderbuffer",
                                         "glReadPixels" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const retro_proc_address_t found = egl.find(names[i]);
        assert_non_null(found);
        memcpy((char *)&gl + i * sizeof found, &found, sizeof found);
    }
}

/* Larger than the picture: what lies beside it is nobody's business. */
static void make_framebuffer(unsigned width, unsigned height)
{
    find_gl();
    gl.make_renderbuffers(1, &front.renderbuffer);
    gl.bind_renderbuffer(0x8D41, front.renderbuffer);
    gl.storage(0x8D41, 0x8058, (int)width + 40, (int)height + 24);
    gl.make_framebuffers(1, &front.framebuffer);
    gl.bind_framebuffer(0x8D40, front.framebuffer);
    gl.attach(0x8D40, 0x8CE0, 0x8D41, front.renderbuffer);
}

static uintptr_t framebuffer_of_frame(void)
{
    front.asked++;
    return front.framebuffer;
}

static bool answer(unsigned command, void *data)
{
    if (command == RETRO_ENVIRONMENT_SET_PIXEL_FORMAT) return true;
    if (command != RETRO_ENVIRONMENT_SET_HW_RENDER) return false;
    struct retro_hw_render_callback *const hw = data;
    hw->get_current_framebuffer = framebuffer_of_frame;
    hw->get_proc_address = egl.find;
    front.hw = *hw;
    front.has_hw = true;
    return true;
}

static void show(const void *pixels, unsigned width, unsigned height, size_t pitch)
{
    (void)width, (void)height, (void)pitch;
    assert_ptr_equal(pixels, RETRO_HW_FRAME_BUFFER_VALID); /* untouched */
    front.videos++;
}

static void poll(void)
{
}

static int16_t press(unsigned port, unsigned device, unsigned index, unsigned id)
{
    (void)device, (void)index;
    if (port) return 0;
    return id < 16 ? front.pad >> id & 1 : 0;
}

static struct bridge_host host = {
    .environment = answer, .video = show, .input_poll = poll, .input_state = press
};

/* A missing driver skips, which `make check` shows with its reason. */
static bridge_t *open_card(const char *content)
{
    if (!egl.context) {
        print_message("skipped: libEGL.so.1 gives no software OpenGL here\n");
        skip();
    }
    front.asked = front.videos = front.pad = 0;
    front.has_hw = false;
    bridge_t *bridge;
    why_t why;
    const char *core = build_path("plugin/cores/card_libretro.so");
    const bridge_config_t config = { .core_path = core, .host = &host };
    if (bridge_open(&bridge, &config, why) != BRIDGE_OK) fail_msg("%s", why);
    const char *file = content_file("game.card", content, strlen(content));
    if (bridge_load(bridge, file, NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    return bridge;
}

static uint32_t word_of(bridge_t *bridge, int which)
{
    size_t num_bytes;
    const uint32_t *const words = bridge_memory(bridge, BRIDGE_MEMORY_SYSTEM_RAM, &num_bytes);
    assert_non_null(words);
    return words[which];
}

/* ---- what is seen ---- */

typedef struct {
    uint32_t width, height, num_frames;
    bool has_pixels;
    uint32_t pixels[READ_BACK_MAX_PX * READ_BACK_MAX_PX];
} seen_t;

static void look(void *user, const bridge_frame_t *frame)
{
    seen_t *seen = user;
    seen->num_frames++;
    seen->has_pixels = frame->pixels != NULL;
    if (!frame->pixels) return;
    assert_int_equal(frame->format, BRIDGE_PIXEL_XRGB8888);
    assert_int_equal(frame->pitch_bytes, frame->width_px * 4);
    seen->width = frame->width_px;
    seen->height = frame->height_px;
    assert_in_range((uint64_t)seen->width * seen->height, 1, READ_BACK_MAX_PX * READ_BACK_MAX_PX);
    memcpy(seen->pixels, frame->pixels, frame->pitch_bytes * frame->height_px);
}

/* What card_core.c drew in its n-th frame (from 0) at a place of the whole picture, 0..1. */
static uint32_t drawn(unsigned width, unsigned height, uint32_t n, uint32_t pad, double x, double y)
{
    const int bar = (int)(height / 8), grown = (int)(n % 32 + 1), px = (int)(x * width),
              py = (int)(y * height);
    if (py < bar) return 0xffffff;
    if (py >= (int)height - bar && px < (int)width * grown / 32) return 0xff0000;
    return (pad & 1 ? 0xccu : 0x33u) << 16 | (pad & 2 ? 0x99u : 0x66u) << 8 | 0x99u;
}

static double inside(double at)
{
    return at < 0 ? 0 : at > 0.999999 ? 0.999999 : at;
}

static void expect_near(uint32_t found, uint32_t expected, int x, int y)
{
    for (int shift = 0; shift < 24; shift += 8)
        if (abs((int)(found >> shift & 255) - (int)(expected >> shift & 255)) > 1)
            fail_msg("at %d, %d: %06x, expected %06x", x, y, found, expected);
}

/* Every pixel that no edge of a block runs through. */
static void expect_drawn(const seen_t *seen, unsigned width, unsigned height, uint32_t n,
                         uint32_t pad)
{
    int num_compared = 0;
    const double w = seen->width, h = seen->height;
    for (uint32_t y = 0; y < seen->height; y++)
        for (uint32_t x = 0; x < seen->width; x++) {
            const uint32_t expected = drawn(width, height, n, pad, (x + 0.5) / w, (y + 0.5) / h);
            bool is_edge = false;
            for (int c = 0; c < 9; c++) { /* two pixels around, inside the picture */
                const double nx = (x + 0.5 + (c % 3 - 1) * 2) / w,
                             ny = (y + 0.5 + (c / 3 - 1) * 2) / h;
                is_edge |= drawn(width, height, n, pad, inside(nx), inside(ny)) != expected;
            }
            if (is_edge) continue;
            expect_near(seen->pixels[y * seen->width + x], expected, (int)x, (int)y);
            num_compared++;
        }
    assert_in_range(num_compared, (int)(seen->width * seen->height) / 2, 1 << 20);
}

static seen_t seen;

/* Sizes below and above what is read; both origins; a context that is lost on the way. */
static void test_the_picture_is_seen_as_it_was_drawn(void **state)
{
    (void)state;
    static const struct {
        unsigned width, height, seen_width, seen_height;
    } cases[] = { { 64, 48, 64, 48 },       { 256, 224, 256, 224 }, { 320, 240, 160, 240 },
                  { 640, 480, 160, 240 },   { 257, 96, 129, 96 },   { 1, 1, 1, 1 },
                  { 1920, 1080, 240, 135 }, { 3000, 8, 188, 8 } };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0] * 2; c++) {
        const unsigned width = cases[c / 2].width, height = cases[c / 2].height;
        char content[64];
        snprintf(content, sizeof content, "%u %u %u 1 1", width, height, (unsigned)c % 2);
        bridge_t *const bridge = open_card(content);
        assert_true(front.has_hw && bridge_draws_on_card(bridge) && bridge_sees_card(bridge));
        for (uint32_t n = 0; n < 6; n++) {
            if (n % 3 == 0) {
                if (n) { /* the card is lost: another context, the same core */
                    front.hw.context_destroy();
                    egl.make_current(egl.display, NULL, NULL, NULL);
                    egl.destroy(egl.display, egl.context);
                    assert_true(make_context());
                }
                make_framebuffer(width, height);
                front.hw.context_reset();
            }
            front.pad = (uint16_t)(n % 4);
            seen.num_frames = 0;
            bridge_need_picture(bridge, true);
            bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = look, .user = &seen });
            assert_int_equal(seen.num_frames, 1);
            assert_true(seen.has_pixels);
            assert_int_equal(seen.width, cases[c / 2].seen_width);
            assert_int_equal(seen.height, cases[c / 2].seen_height);
            if (width > 1) expect_drawn(&seen, width, height, n, n % 4);
            if (word_of(bridge, FAULTS)) fail_msg("faults %x", word_of(bridge, FAULTS));
        }
        assert_int_equal(word_of(bridge, CONTEXTS), 2);
        assert_int_equal(front.videos, 6);
        front.hw.context_destroy();
        bridge_close(bridge);
    }
}

/* Nothing is read where nobody looks, and that is no picture that a core left out. */
static void test_a_picture_that_nobody_needs_is_not_read(void **state)
{
    (void)state;
    bridge_t *const bridge = open_card("320 240 0 1 1");
    make_framebuffer(320, 240);
    front.hw.context_reset();
    bridge_need_picture(bridge, false);
    for (int n = 0; n < 3; n++) {
        front.asked = 0;
        bridge_run_frame(bridge, &(bridge_observer_t){ .on_frame = look, .user = &seen });
        assert_false(seen.has_pixels);
        assert_true(bridge_spared_picture(bridge));
        assert_int_equal(front.asked, 3); /* by the core: draw, spoil, look */
    }
    bridge_run_frame(bridge, NULL);
    assert_int_equal(front.videos, 4);
    assert_int_equal(word_of(bridge, FAULTS), 0);
    bridge_close(bridge);
}

static retro_proc_address_t find_no_blit(const char *name)
{
    return strcmp(name, "glBlitFramebuffer") == 0 ? NULL : egl.find(name);
}

/* No OpenGL, or too old a one: no picture, no fault. */
static void test_a_card_that_cannot_be_read(void **state)
{
    (void)state;
    bridge_t *bridge = open_card("320 240 0 6"); /* Vulkan */
    assert_true(bridge_draws_on_card(bridge));
    assert_false(bridge_sees_card(bridge));
    bridge_close(bridge);

    static read_back_t back;
    uint32_t width, height;
    const struct retro_hw_render_callback old = { .context_type = RETRO_HW_CONTEXT_OPENGL,
                                                  .get_current_framebuffer = framebuffer_of_frame,
                                                  .get_proc_address = find_no_blit };
    front.asked = 0;
    read_back_begin(&back, &old);
    assert_null(read_back_picture(&back, 320, 240, &width, &height));
    assert_int_equal(front.asked, 0);
    read_back_release(&back);

    /* Sizes that nobody draws. */
    const struct retro_hw_render_callback now = { .context_type = RETRO_HW_CONTEXT_OPENGL,
                                                  .get_current_framebuffer = framebuffer_of_frame,
                                                  .get_proc_address = egl.find };
    read_back_begin(&back, &now);
    assert_null(read_back_picture(&back, 0, 240, &width, &height));
    assert_null(read_back_picture(&back, 320, 1u << 30, &width, &height));
    read_back_release(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_picture_is_seen_as_it_was_drawn),
        cmocka_unit_test(test_a_picture_that_nobody_needs_is_not_read),
        cmocka_unit_test(test_a_card_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
