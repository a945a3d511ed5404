/* parser.h - the state of a parse, shared by the files that read parts of a notation.
 *
 * Functions return false once a mistake was found; `why` then says it, and the caller returns
 * false, too. Internal to macros/.
 */
#ifndef KATA_PARSER_H
#define KATA_PARSER_H

#include "macro.h"
#include "notation.h"

#define EXPECT_MOVE "a direction (1 to 9), a button, [, ], (, j. or {frames}"

typedef struct {
    const char *text;
    int32_t pos;
    const macro_language_t *language;
    macro_t *out;      /* steps are kept apart while parsing and merged at the end */
    int32_t text_size; /* of out->notation so far */
    uint16_t held;     /* buttons in "[P]" that no "]P[" has released yet */
    bool raw_join;     /* ";" came last: nothing may be inserted */
    int32_t nesting;
    char *why;
} parser_t;

/* Which buttons a press has: a bit for each of the language's buttons, and how many times each
 * class is named ("PP": 2). Sorting by these makes the canonical text. */
typedef struct {
    uint16_t pad;
    bool buttons[MACRO_MAX_BUTTONS];
    int32_t classes[MACRO_MAX_CLASSES];
} press_t;

/* ---- saying what is wrong ---- */
bool parser_fail(parser_t *parser, int32_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "column 4: expected <what>, found 'Q'" */
bool parser_expected(parser_t *parser, const char *what);
/* ... with the names of the language's buttons. */
bool parser_expected_button(parser_t *parser);

/* ---- characters ---- */
char parser_peek(const parser_t *parser);
bool parser_skip_spaces(parser_t *parser); /* true if there were some */
bool parser_at_text(const parser_t *parser, const char *text);
/* "{n}" if it is here: *frames >= 0; if not, *frames = -1. Zero only where a gap may be empty. */
bool parser_frames(parser_t *parser, bool zero_allowed, int32_t *frames);

/* ---- canonical text ---- */
bool parser_print(parser_t *parser, const char *text, int32_t length);
bool parser_print_text(parser_t *parser, const char *text);
bool parser_print_frames(parser_t *parser, int32_t frames);

/* ---- steps ---- */
/* frames <= 0: nothing. */
bool parser_emit(parser_t *parser, uint16_t pad, int32_t frames);
/* `pad` with `buttons` newly pressed: released for a frame before if they are down. */
bool parser_emit_press(parser_t *parser, uint16_t pad, uint16_t buttons, int32_t frames);

/* ---- parts ---- */
bool press_parse(parser_t *parser, press_t *press); /* "LP+LK" */
bool press_print(parser_t *parser, const press_t *press);
bool parser_move(parser_t *parser); /* "236P", "j.HK", "[4]6P" */

#endif
