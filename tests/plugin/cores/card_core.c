/* card_core.c - a libretro core that draws with OpenGL. Its content is numbers: width, height,
 * whether its picture's first row lies first, the type of context, whether it is odd. What it draws
 * is the background, in a colour that the pad chooses, a white bar over the top eighth, and a red
 * block at the left of the bottom eighth that grows with each frame. An odd one leaves GL in a
 * state that no reader would like before it hands a picture over, and looks at it afterwards. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libretro.h"

#define FPS 60
enum { NUM_FRAMES, PAD, FAULTS, CONTEXTS, NUM_WORDS = 16 };
static uint32_t ram[NUM_WORDS]; /* FAULTS: bit n, what of expected[] was another afterwards */
static unsigned width = 64, height = 48, odd;
#define WIDTH width
#define HEIGHT height

static struct retro_hw_render_callback hw;

#include "odd_core.h"

enum {
    GL_COLOR_BUFFER_BIT = 0x4000,
    GL_INVALID_ENUM = 0x0500,
    GL_READ_BUFFER = 0x0C02,
    GL_SCISSOR_TEST = 0x0C11,
    GL_SCISSOR_BOX = 0x0C10,
    GL_PACK_ROW_LENGTH = 0x0D02,
    GL_PACK_SKIP_ROWS = 0x0D03,
    GL_PACK_SKIP_PIXELS = 0x0D04,
    GL_PACK_ALIGNMENT = 0x0D05,
    GL_RGBA8 = 0x8058,
    GL_PIXEL_PACK_BUFFER = 0x88EB,
    GL_PIXEL_PACK_BUFFER_BINDING = 0x88ED,
    GL_STREAM_READ = 0x88E1,
    GL_READ_FRAMEBUFFER = 0x8CA8,
    GL_DRAW_FRAMEBUFFER = 0x8CA9,
    GL_DRAW_FRAMEBUFFER_BINDING = 0x8CA6,
    GL_RENDERBUFFER_BINDING = 0x8CA7,
    GL_READ_FRAMEBUFFER_BINDING = 0x8CAA,
    GL_COLOR_ATTACHMENT0 = 0x8CE0,
    GL_FRAMEBUFFER = 0x8D40,
    GL_RENDERBUFFER = 0x8D41,
};

static struct {
    void (*clear)(unsigned);
    void (*colour)(float, float, float, float);
    void (*scissor)(int, int, int, int);
    void (*enable)(unsigned);
    void (*disable)(unsigned);
    void (*get)(unsigned, int *);
    unsigned (*error)(void);
    void (*store)(unsigned, int);
    void (*bind_framebuffer)(unsigned, unsigned);
    void (*make_framebuffers)(int, unsigned *);
    void (*make_renderbuffers)(int, unsigned *);
    void (*bind_renderbuffer)(unsigned, unsigned);
    void (*storage)(unsigned, unsigned, int, int);
    void (*attach)(unsigned, unsigned, unsigned, unsigned);
    void (*make_buffers)(int, unsigned *);
    void (*bind_buffer)(unsigned, unsigned);
    void (*fill_buffer)(unsigned, ptrdiff_t, const void *, unsigned);
    void (*read_buffer)(unsigned);
} gl;
static const char *const names[] = {
    "glClear",
    "glClearColor",
    "glScissor",
    "glEnable",
    "glDisable",
    "glGetIntegerv",
    "glGetError",
    "glPixelStorei",
    "glBindFramebuffer",
    "glGenFramebuffers",
    "glGenRenderbuffers",
    "glBindRenderbuffer",
    "glRenderbufferStorage",
    "glFramebufferRenderbuffer",
    "glGenBuffers",
    "glBindBuffer",
    "glBufferData",
    "glReadBuffer",
};
static unsigned framebuffers[2], renderbuffer, buffer;

RETRO_API void retro_get_system_info(struct retro_system_info *info)
{
    *info = (struct retro_system_info){ .library_name = "Card",
                                        .library_version = "1",
                                        .valid_extensions = "card" };
}

static void reset_context(void)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const retro_proc_address_t found = hw.get_proc_address(names[i]);
        memcpy((char *)&gl + i * sizeof found, &found, sizeof found);
    }
    gl.make_framebuffers(2, framebuffers);
    gl.make_renderbuffers(1, &renderbuffer);
    gl.bind_renderbuffer(GL_RENDERBUFFER, renderbuffer);
    gl.storage(GL_RENDERBUFFER, GL_RGBA8, 16, 16);
    for (int i = 0; i < 2; i++) {
        gl.bind_framebuffer(GL_FRAMEBUFFER, framebuffers[i]);
        gl.attach(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, renderbuffer);
    }
    gl.make_buffers(1, &buffer);
    gl.bind_buffer(GL_PIXEL_PACK_BUFFER, buffer);
    gl.fill_buffer(GL_PIXEL_PACK_BUFFER, 16, NULL, GL_STREAM_READ);
    gl.bind_buffer(GL_PIXEL_PACK_BUFFER, 0);
    ram[CONTEXTS]++;
}

RETRO_API bool retro_load_game(const struct retro_game_info *game)
{
    enum retro_pixel_format format = RETRO_PIXEL_FORMAT_XRGB8888;
    char text[32] = "";
    unsigned top_left = 0, type = RETRO_HW_CONTEXT_OPENGL;
    if (game && game->data && game->size < sizeof text) memcpy(text, game->data, game->size);
    sscanf(text, "%u %u %u %u %u", &width, &height, &top_left, &type, &odd);
    environment(RETRO_ENVIRONMENT_SET_PIXEL_FORMAT, &format);
    hw = (struct retro_hw_render_callback){ .context_type = (enum retro_hw_context_type)type,
                                            .bottom_left_origin = !top_left,
                                            .context_reset = reset_context };
    return environment(RETRO_ENVIRONMENT_SET_HW_RENDER, &hw);
}

/* y counts from the top. */
static void draw_block(int x, int y, int w, int h, float r, float g, float b)
{
    gl.scissor(x, hw.bottom_left_origin ? (int)height - y - h : y, w, h);
    gl.colour(r, g, b, 1);
    gl.clear(GL_COLOR_BUFFER_BIT);
}

static void draw(void)
{
    const int w = (int)width, h = (int)height, grown = (int)(ram[NUM_FRAMES] % 32 + 1);
    gl.bind_framebuffer(GL_FRAMEBUFFER, (unsigned)hw.get_current_framebuffer());
    gl.enable(GL_SCISSOR_TEST);
    draw_block(0, 0, w, h, ram[PAD] & 1 ? 0.8f : 0.2f, ram[PAD] & 2 ? 0.6f : 0.4f, 0.6f);
    draw_block(0, 0, w, h / 8, 1, 1, 1);
    draw_block(0, h - h / 8, w * grown / 32, h / 8, 1, 0, 0);
}

static void spoil(void)
{
    gl.scissor(1, 2, 3, 4);
    gl.bind_framebuffer(GL_READ_FRAMEBUFFER, (unsigned)hw.get_current_framebuffer());
    gl.read_buffer(0); /* GL_NONE */
    gl.bind_framebuffer(GL_DRAW_FRAMEBUFFER, framebuffers[0]);
    gl.bind_framebuffer(GL_READ_FRAMEBUFFER, framebuffers[1]);
    gl.bind_renderbuffer(GL_RENDERBUFFER, renderbuffer);
    gl.bind_buffer(GL_PIXEL_PACK_BUFFER, buffer);
    gl.store(GL_PACK_ALIGNMENT, 1);
    gl.store(GL_PACK_ROW_LENGTH, 13);
    gl.store(GL_PACK_SKIP_ROWS, 2);
    gl.store(GL_PACK_SKIP_PIXELS, 3);
    gl.enable(0xdead); /* an error of the core's own, for the core to read */
}

static void look(void)
{
    const struct {
        unsigned name;
        int value;
    } expected[] = {
        { GL_DRAW_FRAMEBUFFER_BINDING, (int)framebuffers[0] },
        { GL_READ_FRAMEBUFFER_BINDING, (int)framebuffers[1] },
        { GL_RENDERBUFFER_BINDING, (int)renderbuffer },
        { GL_PIXEL_PACK_BUFFER_BINDING, (int)buffer },
        { GL_PACK_ALIGNMENT, 1 },
        { GL_PACK_ROW_LENGTH, 13 },
        { GL_PACK_SKIP_ROWS, 2 },
        { GL_PACK_SKIP_PIXELS, 3 },
        { GL_SCISSOR_TEST, 1 },
        { GL_READ_BUFFER, GL_COLOR_ATTACHMENT0 }, /* of its own framebuffer */
    };
    int value, box[4];
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        gl.get(expected[i].name, &value);
        if (value != expected[i].value) ram[FAULTS] |= 1u << i;
    }
    gl.get(GL_SCISSOR_BOX, box);
    if (box[0] != 1 || box[1] != 2 || box[2] != 3 || box[3] != 4) ram[FAULTS] |= 1u << 16;
    if (gl.error() != GL_INVALID_ENUM || gl.error() != 0) ram[FAULTS] |= 1u << 17;
    gl.bind_framebuffer(GL_READ_FRAMEBUFFER, (unsigned)hw.get_current_framebuffer());
    gl.get(GL_READ_BUFFER, &value);
    if (value != 0) ram[FAULTS] |= 1u << 18;
    gl.read_buffer(GL_COLOR_ATTACHMENT0);
    gl.bind_buffer(GL_PIXEL_PACK_BUFFER, 0); /* as a frontend wants to find it */
    gl.store(GL_PACK_ALIGNMENT, 4);
    gl.store(GL_PACK_ROW_LENGTH, 0);
    gl.store(GL_PACK_SKIP_ROWS, 0);
    gl.store(GL_PACK_SKIP_PIXELS, 0);
}

RETRO_API void retro_run(void)
{
    poll();
    ram[PAD] = 0;
    for (unsigned id = 0; id < 16; id++)
        if (input(0, RETRO_DEVICE_JOYPAD, 0, id)) ram[PAD] |= 1u << id;
    draw();
    ram[NUM_FRAMES]++;
    if (odd)
        spoil();
    else
        gl.disable(GL_SCISSOR_TEST); /* a frontend draws on in this context */
    video(RETRO_HW_FRAME_BUFFER_VALID, width, height, 0);
    if (odd) look();
}
