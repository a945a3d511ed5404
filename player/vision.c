/* vision.c - luma and area averaging in 16-bit integers, which compilers turn into SIMD. */
#include "vision.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* 256 * (0.299, 0.587, 0.114) scaled from 5 or 6 bits to 8; each sum stays below 65,536. */
enum { R8 = 77, G8 = 150, B8 = 29, R5 = 630, G6 = 608, G5 = 1236, B5 = 240 };

/* Everything below that is INLINE is compiled twice, for any x86-64 and for AVX2. */
#define INLINE static inline __attribute__((always_inline))

INLINE void luma_row(uint8_t *restrict out, const uint8_t *row, uint32_t width_px,
                     bridge_pixel_t format)
{
    if (format == BRIDGE_PIXEL_XRGB8888) {
        const uint32_t *restrict in = (const uint32_t *)(const void *)row;
        for (uint32_t x = 0; x < width_px; x++) {
            /* One product for two channels: its upper half is R * R8 + B * B8. */
            const uint32_t p = in[x], red_blue = (p & 0xff00ff) * (B8 << 16 | R8) >> 16;
            out[x] = (uint8_t)((red_blue + (p >> 8 & 255) * G8) >> 8);
        }
    } else if (format == BRIDGE_PIXEL_RGB565) {
        const uint16_t *restrict in = (const uint16_t *)(const void *)row;
        for (uint32_t x = 0; x < width_px; x++) {
            const uint16_t p = in[x];
            const uint16_t sum = (uint16_t)((p >> 11) * R5 + (p >> 5 & 63) * G6 + (p & 31) * B5);
            out[x] = (uint8_t)(sum >> 8);
        }
    } else {
        const uint16_t *restrict in = (const uint16_t *)(const void *)row;
        for (uint32_t x = 0; x < width_px; x++) {
            const uint16_t p = in[x];
            const uint16_t sum =
                (uint16_t)((p >> 10 & 31) * R5 + (p >> 5 & 31) * G5 + (p & 31) * B5);
            out[x] = (uint8_t)(sum >> 8);
        }
    }
}

/* The second half is the first one's mirror image, so that the mirror image of a picture is, to the
 * bit, the picture of the mirrored source. */
static void axis_make_even(vision_axis_t *axis, uint32_t target_px)
{
    for (uint32_t i = 0; i < target_px / 2; i++) {
        const uint32_t mirrored = target_px - 1 - i;
        axis->first[mirrored] = (uint16_t)(axis->source_px - axis->first[i] - axis->num_taps);
        for (uint32_t k = 0; k < axis->num_taps; k++)
            axis->weight[k][mirrored] = axis->weight[axis->num_taps - 1 - k][i];
    }
}

/* Overlaps of [i * s, (i + 1) * s) with whole source pixels, s = source / target, in 1/256. */
static void axis_prepare(vision_axis_t *axis, uint32_t source_px, uint32_t target_px)
{
    if (axis->source_px == source_px) return;
    memset(axis, 0, sizeof *axis);
    axis->source_px = source_px;
    const double scale = (double)source_px / target_px;
    for (uint32_t i = 0; i < target_px; i++) {
        const double from = i * scale, to = (i + 1) * scale;
        const uint32_t first = (uint32_t)from;
        uint32_t last = (uint32_t)ceil(to - 1e-9) - 1;
        if (last >= source_px) last = source_px - 1;
        const uint32_t count = last - first + 1;
        axis->first[i] = (uint16_t)first;
        if (count > axis->num_taps) axis->num_taps = count;
        /* Rounding the running total, not each weight: they add up, and no error gathers. */
        double covered = 0;
        uint32_t given = 0;
        for (uint32_t k = 0; k < count; k++) {
            covered += fmin(first + k + 1, to) - fmax(first + k, from);
            const uint32_t total = k + 1 == count ? 256 : (uint32_t)lround(256 * covered / scale);
            axis->weight[k][i] = (uint16_t)(total - given);
            given = total;
        }
    }
    /* Taps of weight 0 must not reach behind the row. */
    for (uint32_t i = 0; i < target_px; i++) {
        while (axis->first[i] > 0 && axis->first[i] + axis->num_taps > source_px) {
            axis->first[i]--;
            for (uint32_t k = axis->num_taps - 1; k > 0; k--)
                axis->weight[k][i] = axis->weight[k - 1][i];
            axis->weight[0][i] = 0;
        }
    }
    axis_make_even(axis, target_px);
}

INLINE void sum_row(uint16_t *restrict sum, const uint8_t *restrict luma, uint32_t width_px,
                    uint16_t weight, bool is_first)
{
    if (is_first)
        for (uint32_t x = 0; x < width_px; x++) sum[x] = (uint16_t)(luma[x] * weight);
    else
        for (uint32_t x = 0; x < width_px; x++) sum[x] = (uint16_t)(sum[x] + luma[x] * weight);
}

INLINE void shrink_row_taps(uint8_t *restrict out, const uint16_t *restrict sum,
                            const vision_axis_t *across, uint32_t num_taps)
{
    for (uint32_t x = 0; x < VISION_W; x++) {
        const uint16_t *in = sum + across->first[x];
        uint32_t total = 0;
        for (uint32_t k = 0; k < num_taps; k++) total += (uint32_t)in[k] * across->weight[k][x];
        out[x] = (uint8_t)(total >> 16);
    }
}

/* Usual widths (160 to 320 pixels) with the number of taps known to the compiler. */
INLINE void shrink_row(uint8_t *out, const uint16_t *sum, const vision_axis_t *across)
{
    switch (across->num_taps) {
    case 3: shrink_row_taps(out, sum, across, 3); break;
    case 4: shrink_row_taps(out, sum, across, 4); break;
    case 5: shrink_row_taps(out, sum, across, 5); break;
    default: shrink_row_taps(out, sum, across, across->num_taps); break;
    }
}

INLINE void shrink(vision_t *vision, const bridge_frame_t *frame, uint32_t width_px, uint8_t *out)
{
    uint32_t decoded = UINT32_MAX; /* which row vision->luma holds: neighbours share one */
    for (uint32_t y = 0; y < VISION_H; y++) {
        bool is_first = true;
        for (uint32_t k = 0; k < vision->down.num_taps; k++) {
            const uint16_t weight = vision->down.weight[k][y];
            if (weight == 0) continue;
            const uint32_t row = vision->down.first[y] + k;
            if (row != decoded)
                luma_row(vision->luma, (const uint8_t *)frame->pixels + row * frame->pitch_bytes,
                         width_px, frame->format);
            decoded = row;
            sum_row(vision->sum, vision->luma, width_px, weight, is_first);
            is_first = false;
        }
        shrink_row(out + y * VISION_W, vision->sum, &vision->across);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void
shrink_avx2(vision_t *vision, const bridge_frame_t *frame, uint32_t width_px, uint8_t *out)
{
    shrink(vision, frame, width_px, out);
}
#endif

static void shrink_anywhere(vision_t *vision, const bridge_frame_t *frame, uint32_t width_px,
                            uint8_t *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        shrink_avx2(vision, frame, width_px, out);
        return;
    }
#endif
    shrink(vision, frame, width_px, out);
}

/* Counter-clockwise by quarters; the picture before had the sides swapped for odd quarters, which
 * for a square picture is the same size. */
static void rotate(uint8_t *out, const uint8_t *in, uint32_t quarters)
{
    _Static_assert(VISION_H == VISION_W, "rotation by odd quarters needs square pictures");
    const int n = VISION_W;
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++)
            out[y * n + x] = quarters == 1   ? in[x * n + (n - 1 - y)]
                             : quarters == 2 ? in[(n - 1 - y) * n + (n - 1 - x)]
                                             : in[(n - 1 - x) * n + y];
}

void vision_shrink(vision_t *vision, const bridge_frame_t *frame, uint8_t *picture)
{
    const uint32_t width_px =
        frame->width_px < VISION_MAX_WIDTH_PX ? frame->width_px : VISION_MAX_WIDTH_PX;
    const uint32_t height_px =
        frame->height_px < VISION_MAX_WIDTH_PX ? frame->height_px : VISION_MAX_WIDTH_PX;
    if (width_px == 0 || height_px == 0) return;
    const uint32_t quarters = frame->rotation_quarters & 3;
    axis_prepare(&vision->across, width_px, VISION_W);
    axis_prepare(&vision->down, height_px, VISION_H);
    shrink_anywhere(vision, frame, width_px, quarters ? vision->upright : picture);
    if (quarters) rotate(picture, vision->upright, quarters);
}

void vision_mirror(uint8_t *out, const uint8_t *picture)
{
    for (int y = 0; y < VISION_H; y++)
        for (int x = 0; x < VISION_W; x++)
            out[y * VISION_W + x] = picture[y * VISION_W + VISION_W - 1 - x];
}

static void rgb_at(const bridge_frame_t *frame, uint32_t x, uint32_t y, uint8_t rgb[3])
{
    const uint8_t *row = (const uint8_t *)frame->pixels + y * frame->pitch_bytes;
    if (frame->format == BRIDGE_PIXEL_XRGB8888) {
        uint32_t p;
        memcpy(&p, row + 4 * (size_t)x, 4);
        rgb[0] = (uint8_t)(p >> 16), rgb[1] = (uint8_t)(p >> 8), rgb[2] = (uint8_t)p;
        return;
    }
    uint16_t p;
    memcpy(&p, row + 2 * (size_t)x, 2);
    const bool is_565 = frame->format == BRIDGE_PIXEL_RGB565;
    const unsigned r = is_565 ? p >> 11 : p >> 10 & 31, b = p & 31;
    const unsigned g = is_565 ? p >> 5 & 63 : p >> 5 & 31;
    rgb[0] = (uint8_t)(r << 3 | r >> 2);
    rgb[1] = (uint8_t)(is_565 ? g << 2 | g >> 4 : g << 3 | g >> 2);
    rgb[2] = (uint8_t)(b << 3 | b >> 2);
}

bool vision_rgb(const bridge_frame_t *frame, uint8_t *rgb, uint32_t max_px)
{
    if (!frame->pixels || (uint64_t)frame->width_px * frame->height_px > max_px) return false;
    for (uint32_t y = 0; y < frame->height_px; y++)
        for (uint32_t x = 0; x < frame->width_px; x++, rgb += 3) rgb_at(frame, x, y, rgb);
    return true;
}

void vision_shrink_slowly(const bridge_frame_t *frame, uint8_t *picture)
{
    const double sx = (double)frame->width_px / VISION_W, sy = (double)frame->height_px / VISION_H;
    uint8_t upright[VISION_BYTES];
    for (int ty = 0; ty < VISION_H; ty++)
        for (int tx = 0; tx < VISION_W; tx++) {
            double total = 0;
            for (uint32_t y = (uint32_t)(ty * sy); y < frame->height_px && y < (ty + 1) * sy; y++)
                for (uint32_t x = (uint32_t)(tx * sx); x < frame->width_px && x < (tx + 1) * sx;
                     x++) {
                    uint8_t rgb[3];
                    rgb_at(frame, x, y, rgb);
                    const double luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
                    total += luma * (fmin(y + 1, (ty + 1) * sy) - fmax(y, ty * sy)) *
                             (fmin(x + 1, (tx + 1) * sx) - fmax(x, tx * sx));
                }
            upright[ty * VISION_W + tx] = (uint8_t)fmin(255, total / (sx * sy));
        }
    if (frame->rotation_quarters & 3)
        rotate(picture, upright, frame->rotation_quarters & 3);
    else
        memcpy(picture, upright, VISION_BYTES);
}

void vision_coarse(const uint8_t *picture, float *out)
{
    enum { BLOCK_PX = VISION_H / VISION_COARSE_PX };
    _Static_assert(VISION_W == VISION_COARSE_PX * BLOCK_PX, "whole blocks");
    for (int32_t y = 0; y < VISION_COARSE_PX; y++)
        for (int32_t x = 0; x < VISION_COARSE_PX; x++) {
            int32_t sum = 0;
            for (int32_t i = 0; i < BLOCK_PX * BLOCK_PX; i++)
                sum +=
                    picture[(y * BLOCK_PX + i / BLOCK_PX) * VISION_W + x * BLOCK_PX + i % BLOCK_PX];
            *out++ = (float)sum / (BLOCK_PX * BLOCK_PX * 255);
        }
}
