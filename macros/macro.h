/* macro.h - moves as players write them, turned into pad words frame by frame.
 *
 * "236P" becomes: down 3 frames, down+right 3, right+P 3. Everything is written for a
 * player who faces right; macro_mirror() swaps left and right at play time.
 *
 *     macro_language_t language;
 *     macro_language_defaults(&language);              RetroPad names, no classes
 *     macro_t macro;
 *     if (!macro_parse(&macro, "236B", &language, why)) say(why);
 *     for (f = 0; f < macro.num_frames; f++) pad = macro_pad_at(&macro, f, faces_left);
 *
 * The grammar is in docs/NOTATION.md. Every parse error names the column (1-based) and what was
 * expected there. Plain values, no heap: a macro_t can be copied.
 *
 * May include: the C library. Must not include: cores, agents, JSON.
 */
#ifndef KATA_MACRO_H
#define KATA_MACRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define MACRO_TEXT_BYTES 2048 /* longest notation, with its NUL: a full step list must fit */
#define MACRO_NAME_BYTES 32
#define MACRO_MAX_STEPS 256
#define MACRO_MAX_FRAMES 3600 /* of a whole macro */
#define MACRO_MAX_BUTTONS 16
#define MACRO_MAX_CLASSES 8
#define MACRO_REMARK_BYTES 64

#define MACRO_MAX_NESTING 4  /* groups in groups */
#define MACRO_MAX_REPEAT 999 /* "P*5" */

/* Pad words: bit n = libretro joypad id n. The four that notation itself needs: */
enum { MACRO_UP = 1 << 4, MACRO_DOWN = 1 << 5, MACRO_LEFT = 1 << 6, MACRO_RIGHT = 1 << 7 };

typedef struct {
    uint16_t pad;    /* facing right */
    uint16_t frames; /* >= 1; neighbours differ in their pads */
} macro_step_t;

typedef struct {
    char notation[MACRO_TEXT_BYTES]; /* canonical: parsing it again gives the same steps */
    /* What was passed over, as it was written: "(air) (1)"; "" if all was read. Say it. */
    char remarks[MACRO_REMARK_BYTES];
    int32_t num_steps;
    int32_t num_frames; /* sum of steps[].frames */
    macro_step_t steps[MACRO_MAX_STEPS];
} macro_t;

typedef struct {
    char name[MACRO_NAME_BYTES]; /* "LP": macro_name_is_valid() */
    uint16_t pad;                /* one or more pad bits, no directions */
} macro_button_t;

typedef struct {
    /* "P" is any one of its members: the first. "PP" and "PPP" need no entry of their own: they
     * are the first two and the first three. */
    char name[MACRO_NAME_BYTES];
    int32_t num_members;
    int32_t members[MACRO_MAX_BUTTONS]; /* indices into buttons[] */
} macro_class_t;

/* What the game calls its buttons, and its default timing. */
typedef struct {
    int32_t num_buttons;
    macro_button_t buttons[MACRO_MAX_BUTTONS];
    int32_t num_classes;
    macro_class_t classes[MACRO_MAX_CLASSES];
    int32_t motion_frames;    /* each direction of a motion */
    int32_t press_frames;     /* a button press */
    int32_t charge_frames;    /* of [4] and [2]; 0: the game has no charge moves, [4] is an error */
    int32_t hold_frames;      /* of [P] */
    int32_t link_gap_frames;  /* ","  */
    int32_t chain_gap_frames; /* ">"  */
    int32_t cancel_gap_frames; /* "xx" */
    int32_t follow_gap_frames; /* "~"  */
    int32_t mash_gap_frames;   /* between the presses of "P*5" */
    int32_t jump_frames;       /* "j." holds up this long ... */
    int32_t rise_frames;       /* ... and waits this long before what follows */
} macro_language_t;

/* RetroPad button names (B Y SELECT START A X L R L2 R2 L3 R3), 3-frame motions. */
void macro_language_defaults(macro_language_t *language);

/* True if a button or class may have this name: a letter, then letters and digits, shorter than
 * MACRO_NAME_BYTES, and not "j" nor "xx...", which the notation itself uses; or one digit, 1 to 9,
 * which makes the notation write directions as words (df+1). */
bool macro_name_is_valid(const char *name);

/* False: *out is zeroed and `why` says column and expectation. */
bool macro_parse(macro_t *out, const char *text, const macro_language_t *language, why_t why);

/* From an explicit step list (a preset's "frames"); the canonical notation is made from it. */
bool macro_from_steps(macro_t *out, const macro_step_t *steps, int32_t num_steps,
                      const macro_language_t *language, why_t why);

/* The same macro as its step list, "2{3};3{3};6B{3}": parses to the same steps. Returns the length
 * that it needed, like snprintf. */
int macro_print_steps(char *out, size_t out_bytes, const macro_t *macro,
                      const macro_language_t *language);

/* Same steps, however they were written. */
bool macro_same_steps(const macro_t *a, const macro_t *b);

/* Left and right swapped. */
uint16_t macro_mirror(uint16_t pad);

/* The pad word of frame `frame_idx`; 0 behind the end. */
uint16_t macro_pad_at(const macro_t *macro, int32_t frame_idx, bool faces_left);

/* "down+right+B" or "-" for nothing. Returns the length that it needed, like snprintf. */
int macro_print_pad(char *out, size_t out_bytes, uint16_t pad, const macro_language_t *language);

#endif
