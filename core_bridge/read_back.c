/* read_back.c - a small copy of what an inner core drew with OpenGL: see read_back.h. */
#include "read_back.h"

#include <stddef.h>
#include <string.h>

/* By number, as the Khronos registry has them: no GL header is needed to build a bridge. */
enum {
    GL_COLOR_BUFFER_BIT = 0x4000,
    GL_READ_BUFFER = 0x0C02,
    GL_SCISSOR_TEST = 0x0C11,
    GL_PACK_ROW_LENGTH = 0x0D02,
    GL_PACK_SKIP_ROWS = 0x0D03,
    GL_PACK_SKIP_PIXELS = 0x0D04,
    GL_PACK_ALIGNMENT = 0x0D05,
    GL_UNSIGNED_BYTE = 0x1401,
    GL_RGBA = 0x1908,
    GL_LINEAR = 0x2601,
    GL_RGBA8 = 0x8058,
    GL_SAMPLES = 0x80A9,
    GL_PIXEL_PACK_BUFFER = 0x88EB,
    GL_PIXEL_PACK_BUFFER_BINDING = 0x88ED,
    GL_READ_FRAMEBUFFER = 0x8CA8,
    GL_DRAW_FRAMEBUFFER = 0x8CA9,
    GL_DRAW_FRAMEBUFFER_BINDING = 0x8CA6,
    GL_RENDERBUFFER_BINDING = 0x8CA7,
    GL_READ_FRAMEBUFFER_BINDING = 0x8CAA,
    GL_FRAMEBUFFER_COMPLETE = 0x8CD5,
    GL_COLOR_ATTACHMENT0 = 0x8CE0,
    GL_RENDERBUFFER = 0x8D41,
};

void read_back_begin(read_back_t *back, const struct retro_hw_render_callback *given)
{
    *back = (read_back_t){ 0 };
    switch (given->context_type) {
    case RETRO_HW_CONTEXT_OPENGL:
    case RETRO_HW_CONTEXT_OPENGL_CORE:
    case RETRO_HW_CONTEXT_OPENGLES2:
    case RETRO_HW_CONTEXT_OPENGLES3:
    case RETRO_HW_CONTEXT_OPENGLES_VERSION: back->is_gl = true; break;
    default: return;
    }
    back->bottom_left = given->bottom_left_origin;
    back->framebuffer_of_frame = given->get_current_framebuffer;
    back->find = given->get_proc_address;
}

void read_back_forget(read_back_t *back)
{
    memset(back->levels, 0, sizeof back->levels);
    back->num_levels = 0;
    back->source_width = back->source_height = 0;
    back->has_looked = back->is_able = false;
}

static void drop_levels(read_back_t *back)
{
    for (int i = 0; i < READ_BACK_MAX_LEVELS; i++) {
        read_back_level_t *level = &back->levels[i];
        if (level->framebuffer) back->gl.delete_framebuffers(1, &level->framebuffer);
        if (level->renderbuffer) back->gl.delete_renderbuffers(1, &level->renderbuffer);
        *level = (read_back_level_t){ 0 };
    }
    back->num_levels = 0;
    back->source_width = back->source_height = 0;
}

void read_back_release(read_back_t *back)
{
    if (back->is_able) drop_levels(back);
    read_back_forget(back);
}

/* ---- what the context has -------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
    { "glGetIntegerv", offsetof(read_back_gl_t, get_integer) },
    { "glIsEnabled", offsetof(read_back_gl_t, is_enabled) },
    { "glEnable", offsetof(read_back_gl_t, enable) },
    { "glDisable", offsetof(read_back_gl_t, disable) },
    { "glPixelStorei", offsetof(read_back_gl_t, pixel_store) },
    { "glReadPixels", offsetof(read_back_gl_t, read_pixels) },
    { "glBindFramebuffer", offsetof(read_back_gl_t, bind_framebuffer) },
    { "glBindBuffer", offsetof(read_back_gl_t, bind_buffer) },
    { "glReadBuffer", offsetof(read_back_gl_t, read_buffer) },
    { "glGenFramebuffers", offsetof(read_back_gl_t, make_framebuffers) },
    { "glDeleteFramebuffers", offsetof(read_back_gl_t, delete_framebuffers) },
    { "glGenRenderbuffers", offsetof(read_back_gl_t, make_renderbuffers) },
    { "glDeleteRenderbuffers", offsetof(read_back_gl_t, delete_renderbuffers) },
    { "glBindRenderbuffer", offsetof(read_back_gl_t, bind_renderbuffer) },
    { "glRenderbufferStorage", offsetof(read_back_gl_t, renderbuffer_storage) },
    { "glFramebufferRenderbuffer", offsetof(read_back_gl_t, attach_renderbuffer) },
    { "glCheckFramebufferStatus", offsetof(read_back_gl_t, check_framebuffer) },
    { "glBlitFramebuffer", offsetof(read_back_gl_t, blit) },
};
_Static_assert(sizeof functions / sizeof functions[0] * sizeof(void (*)(void)) ==
                   sizeof(read_back_gl_t),
               "each function has a name");

static bool look_for_functions(read_back_t *back)
{
    if (!back->is_gl || !back->find || !back->framebuffer_of_frame) return false;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const retro_proc_address_t found = back->find(functions[i].name);
        if (!found) return false;
        memcpy((char *)&back->gl + functions[i].offset, &found, sizeof found);
    }
    return true;
}

/* ---- the core's state ------------------------------------------------------------------------ */

static const unsigned packings[] = { GL_PACK_ALIGNMENT, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS,
                                     GL_PACK_SKIP_PIXELS };
enum { NUM_PACKINGS = sizeof packings / sizeof packings[0] };

typedef struct {
    int drawn_to, read_from, renderbuffer, pack_buffer, packing[NUM_PACKINGS];
    bool scissor;
} kept_t;

static void keep(const read_back_gl_t *gl, kept_t *kept)
{
    gl->get_integer(GL_DRAW_FRAMEBUFFER_BINDING, &kept->drawn_to);
    gl->get_integer(GL_READ_FRAMEBUFFER_BINDING, &kept->read_from);
    gl->get_integer(GL_RENDERBUFFER_BINDING, &kept->renderbuffer);
    gl->get_integer(GL_PIXEL_PACK_BUFFER_BINDING, &kept->pack_buffer);
    for (int i = 0; i < NUM_PACKINGS; i++) gl->get_integer(packings[i], &kept->packing[i]);
    kept->scissor = gl->is_enabled(GL_SCISSOR_TEST);
}

static void put_back(const read_back_gl_t *gl, const kept_t *kept)
{
    gl->bind_framebuffer(GL_DRAW_FRAMEBUFFER, (unsigned)kept->drawn_to);
    gl->bind_framebuffer(GL_READ_FRAMEBUFFER, (unsigned)kept->read_from);
    gl->bind_renderbuffer(GL_RENDERBUFFER, (unsigned)kept->renderbuffer);
    gl->bind_buffer(GL_PIXEL_PACK_BUFFER, (unsigned)kept->pack_buffer);
    for (int i = 0; i < NUM_PACKINGS; i++) gl->pixel_store(packings[i], kept->packing[i]);
    if (kept->scissor) gl->enable(GL_SCISSOR_TEST);
}

/* ---- halving --------------------------------------------------------------------------------- */

static bool make_level(const read_back_gl_t *gl, read_back_level_t *level, int width, int height)
{
    level->width = width;
    level->height = height;
    gl->make_renderbuffers(1, &level->renderbuffer);
    gl->bind_renderbuffer(GL_RENDERBUFFER, level->renderbuffer);
    gl->renderbuffer_storage(GL_RENDERBUFFER, GL_RGBA8, width, height);
    gl->make_framebuffers(1, &level->framebuffer);
    gl->bind_framebuffer(GL_DRAW_FRAMEBUFFER, level->framebuffer);
    gl->attach_renderbuffer(GL_DRAW_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER,
                            level->renderbuffer);
    return gl->check_framebuffer(GL_DRAW_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

static int halved(int px)
{
    return px > READ_BACK_MAX_PX ? (px + 1) / 2 : px;
}

static bool make_levels(read_back_t *back, int width, int height)
{
    if (width == back->source_width && height == back->source_height) return true;
    drop_levels(back);
    int w = width, h = height, n = 0;
    for (; w > READ_BACK_MAX_PX || h > READ_BACK_MAX_PX; n++) {
        if (n == READ_BACK_MAX_LEVELS) return false;
        w = halved(w);
        h = halved(h);
        if (!make_level(&back->gl, &back->levels[n], w, h)) return false;
    }
    back->num_levels = n;
    back->source_width = width;
    back->source_height = height;
    return true;
}

/* Leaves the smallest picture bound for reading; *width, *height become its size. */
static void halve(const read_back_t *back, int *width, int *height)
{
    const read_back_gl_t *gl = &back->gl;
    for (int i = 0; i < back->num_levels; i++) {
        const read_back_level_t *to = &back->levels[i];
        gl->bind_framebuffer(GL_DRAW_FRAMEBUFFER, to->framebuffer);
        gl->blit(0, 0, *width, *height, 0, 0, to->width, to->height, GL_COLOR_BUFFER_BIT,
                 GL_LINEAR);
        gl->bind_framebuffer(GL_READ_FRAMEBUFFER, to->framebuffer);
        *width = to->width;
        *height = to->height;
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

/* From bytes R, G, B, A to numbers 0x00RRGGBB, the top row first. */
static void turn(read_back_t *back, int width, int height)
{
    for (int y = 0; y < height; y++) {
        const uint8_t *in =
            (const uint8_t *)(back->read + (back->bottom_left ? height - 1 - y : y) * width);
        uint32_t *out = back->pixels + y * width;
        for (int x = 0; x < width; x++, in += 4)
            out[x] = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
    }
}

/* The core's framebuffer is bound for both; its read buffer may be any. */
static bool read_framebuffer(read_back_t *back, unsigned framebuffer, int *width, int *height)
{
    const read_back_gl_t *gl = &back->gl;
    int samples = 0, source = 0;
    gl->bind_framebuffer(GL_READ_FRAMEBUFFER, framebuffer);
    gl->bind_framebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
    gl->get_integer(GL_SAMPLES, &samples);
    if (samples > 1 || gl->check_framebuffer(GL_READ_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE ||
        !make_levels(back, *width, *height))
        return false;
    if (framebuffer) { /* the screen's own has other names, and only one that is read */
        gl->get_integer(GL_READ_BUFFER, &source);
        if (source != GL_COLOR_ATTACHMENT0) gl->read_buffer(GL_COLOR_ATTACHMENT0);
    }
    gl->disable(GL_SCISSOR_TEST);
    halve(back, width, height);
    gl->bind_buffer(GL_PIXEL_PACK_BUFFER, 0);
    for (int i = 0; i < NUM_PACKINGS; i++)
        gl->pixel_store(packings[i], packings[i] == GL_PACK_ALIGNMENT ? 4 : 0);
    gl->read_pixels(0, 0, *width, *height, GL_RGBA, GL_UNSIGNED_BYTE, back->read);
    if (framebuffer && source != GL_COLOR_ATTACHMENT0) {
        gl->bind_framebuffer(GL_READ_FRAMEBUFFER, framebuffer);
        gl->read_buffer((unsigned)source);
    }
    return true;
}

const uint32_t *read_back_picture(read_back_t *back, unsigned width, unsigned height,
                                  uint32_t *out_width, uint32_t *out_height)
{
    enum { LONGEST = READ_BACK_MAX_PX << READ_BACK_MAX_LEVELS };
    if (!back->has_looked) back->is_able = look_for_functions(back);
    back->has_looked = true;
    if (!back->is_able || width == 0 || height == 0 || width > LONGEST || height > LONGEST)
        return NULL;
    kept_t kept;
    int w = (int)width, h = (int)height;
    keep(&back->gl, &kept);
    const bool ok = read_framebuffer(back, (unsigned)back->framebuffer_of_frame(), &w, &h);
    put_back(&back->gl, &kept);
    if (!ok) {
        drop_levels(back);
        return NULL;
    }
    turn(back, w, h);
    *out_width = (uint32_t)w;
    *out_height = (uint32_t)h;
    return back->pixels;
}
