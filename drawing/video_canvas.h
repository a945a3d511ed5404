/* video_canvas.h - drawing into a picture in the pixel format that a console's core chose.
 *
 * For an overlay on a frame that is about to be shown: no own pixels, no smooth edges, no memory
 * taken, each call bounded by the area that it draws. Coordinates are pixels from the top left
 * corner as the viewer sees the picture, after its rotation; colours are 0xRRGGBB. What lies
 * outside the picture is cut off. Lettering is pixel_font.h's, scale_x by scale_y pixels a dot.
 *
 *     video_canvas_t canvas;
 *     video_canvas_open(&canvas, pixels, width, height, pitch, VIDEO_RGB565, quarters);
 *     video_canvas_shade(&canvas, 0, 0, 80, 11);
 *     video_canvas_text(&canvas, 2, 2, 0xffffff, "P1 agent");
 */
#ifndef DRAWING_VIDEO_CANVAS_H
#define DRAWING_VIDEO_CANVAS_H

#include <stddef.h>
#include <stdint.h>

typedef enum { VIDEO_0RGB1555 = 0, VIDEO_XRGB8888 = 1, VIDEO_RGB565 = 2 } video_format_t;

/* Borrowed pixels; a plain value. */
typedef struct {
    uint8_t *origin;             /* of the pixel that the viewer sees at the top left */
    ptrdiff_t right, down;       /* bytes from a pixel to the next one that way */
    int32_t width_px, height_px; /* as the viewer sees it */
    int32_t scale_x, scale_y;    /* of lettering: a dot is so many pixels; see below */
    video_format_t format;
} video_canvas_t;

/* pixels: (height, pitch_bytes), as the core drew them; quarters: counter-clockwise turns by which
 * the frontend shows them, as libretro counts. The scales are chosen so that letters are about as
 * large on the screen for any size: 1 for a console of 160 to 384 columns, 2 for 512 or 640. */
void video_canvas_open(video_canvas_t *canvas, void *pixels, uint32_t width_px, uint32_t height_px,
                       size_t pitch_bytes, video_format_t format, uint32_t quarters);

/* Bytes of a pixel: 2 or 4. */
size_t video_pixel_bytes(video_format_t format);

/* A quarter as bright: what is written on it can be read, and the game still be seen. */
void video_canvas_shade(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t width,
                        int32_t height);
void video_canvas_fill(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t width,
                       int32_t height, uint32_t colour);
void video_canvas_dot(const video_canvas_t *canvas, int32_t x, int32_t y, uint32_t colour);

/* x, y: the top left corner of the first letter's cell. Returns the x behind the last letter and
 * the gap that follows it. */
int32_t video_canvas_text(const video_canvas_t *canvas, int32_t x, int32_t y, uint32_t colour,
                          const char *text);
/* No letter begins that would end at or beyond x_end; where one is left out ".." ends it, if that
 * fits. */
int32_t video_canvas_text_within(const video_canvas_t *canvas, int32_t x, int32_t y, int32_t x_end,
                                 uint32_t colour, const char *text);
/* How far video_canvas_text() would go. */
int32_t video_canvas_text_width(const video_canvas_t *canvas, const char *text);
/* From one line's top to the next one's. */
int32_t video_canvas_line(const video_canvas_t *canvas);

#endif
