/* read_back.h - the picture of an inner core that draws with OpenGL, made small on the card and
 * read from there, for the agent's eyes. The frontend still gets the core's own.
 *
 * Inside the core's video callback the picture lies in the frontend's framebuffer, and the core's
 * context is current. It is halved (linear filter: each pixel the mean of four) until neither side
 * is longer than READ_BACK_MAX_PX, then read by glReadPixels. All state that this changes is asked
 * before and put back after: bindings of framebuffers, renderbuffer and pixel buffer, scissor test,
 * how pixels are packed, the framebuffer's read buffer. glGetError() is left to the core.
 *
 * Reading waits for the card. It is done only for frames that somebody looks at (half of them at 4
 * frames a step). Storage on the card is made when the core's picture has a new size.
 */
#ifndef CORE_BRIDGE_READ_BACK_H
#define CORE_BRIDGE_READ_BACK_H

#include <stdbool.h>
#include <stdint.h>

#include "libretro.h"

enum { READ_BACK_MAX_PX = 256, READ_BACK_MAX_LEVELS = 6 };

/* GL's own functions, found by the frontend's get_proc_address. */
typedef struct {
    void (*get_integer)(unsigned name, int *value);
    uint8_t (*is_enabled)(unsigned name);
    void (*enable)(unsigned name);
    void (*disable)(unsigned name);
    void (*pixel_store)(unsigned name, int value);
    void (*read_pixels)(int x, int y, int width, int height, unsigned format, unsigned type,
                        void *pixels);
    void (*bind_framebuffer)(unsigned target, unsigned name);
    void (*bind_buffer)(unsigned target, unsigned name);
    void (*read_buffer)(unsigned source);
    void (*make_framebuffers)(int count, unsigned *names);
    void (*delete_framebuffers)(int count, const unsigned *names);
    void (*make_renderbuffers)(int count, unsigned *names);
    void (*delete_renderbuffers)(int count, const unsigned *names);
    void (*bind_renderbuffer)(unsigned target, unsigned name);
    void (*renderbuffer_storage)(unsigned target, unsigned format, int width, int height);
    void (*attach_renderbuffer)(unsigned target, unsigned attachment, unsigned renderbuffer_target,
                                unsigned name);
    unsigned (*check_framebuffer)(unsigned target);
    void (*blit)(int x0, int y0, int x1, int y1, int to_x0, int to_y0, int to_x1, int to_y1,
                 unsigned mask, unsigned filter);
} read_back_gl_t;

/* A halved picture on the card. */
typedef struct {
    unsigned framebuffer, renderbuffer; /* 0: not made */
    int width, height;
} read_back_level_t;

/* All zero: no core draws on the card. */
typedef struct {
    bool is_gl;               /* the context is one of OpenGL or OpenGL ES */
    bool bottom_left;         /* the picture's last row lies first */
    bool has_looked, is_able; /* gl was looked for in this context, and all of it found */
    retro_hw_get_current_framebuffer_t framebuffer_of_frame;
    retro_hw_get_proc_address_t find;
    read_back_gl_t gl;
    read_back_level_t levels[READ_BACK_MAX_LEVELS];
    int num_levels, source_width, source_height; /* what the levels are for */
    uint32_t read[READ_BACK_MAX_PX * READ_BACK_MAX_PX];
    uint32_t pixels[READ_BACK_MAX_PX * READ_BACK_MAX_PX];
} read_back_t;

/* given: the host's, after it took SET_HW_RENDER. */
void read_back_begin(read_back_t *back, const struct retro_hw_render_callback *given);
/* The context is new, or gone without a word: names in it are not ours any more. */
void read_back_forget(read_back_t *back);
/* The context is current and about to go. */
void read_back_release(read_back_t *back);

/* XRGB8888, (*out_height, *out_width), no gaps, the top row first; borrowed until the next call.
 * NULL: there is no picture to be had (no OpenGL, a function that it lacks, a framebuffer of
 * several samples). width, height: of the core's picture. */
const uint32_t *read_back_picture(read_back_t *back, unsigned width, unsigned height,
                                  uint32_t *out_width, uint32_t *out_height);

#endif
