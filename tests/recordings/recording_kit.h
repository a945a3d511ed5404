/* recording_kit.h - reading what a test made by hand, and what must come out. */
#ifndef TEST_RECORDING_KIT_H
#define TEST_RECORDING_KIT_H

#include <stddef.h>
#include <stdint.h>

#include "recording.h"
#include "why.h"

enum { B = 1, Y = 2, SELECT = 4, START = 8, UP = 16, DOWN = 32, LEFT = 64, RIGHT = 128, A = 256 };
enum { X = 512, L = 1024, R = 2048 };

extern recording_t r; /* what the last one read */
extern why_t why;

int forget(void **state); /* cmocka teardown */
void expect_read(const void *bytes, size_t num_bytes);
/* The refusal begins with "file: " and has `says` in it. */
void expect_refused(const void *bytes, size_t num_bytes, const char *says);
void read_text(const char *text);
void refuse_text(const char *text, const char *says);
void expect_pads(int32_t port, const uint16_t *pads, int32_t num_pads);

#define PADS(port, ...)                                                                            \
    expect_pads(port, (const uint16_t[]){ __VA_ARGS__ },                                           \
                (int32_t)(sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t)))

#endif
