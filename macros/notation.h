/* notation.h - from text to pads in four passes, each a file of its own. Internal to macros/.
 *
 *     "cr.MK xx qcf+P"
 *     notation_words.c     letters: buttons side by side, words such as qcf; what is ambiguous
 *     notation_tokens.c    [stance 2] [press MK] [join xx] [motion 236] [+] [press P]
 *     notation_grammar.c,  parts: {directions 2, press MK}, xx, {directions 236, press P}
 *     notation_steps.c     pad words and frames
 *     notation_spell.c     "2MKxx236P", the canonical text of the same parts
 *
 * Functions that return false have written the sentence.
 */
#ifndef MACROS_NOTATION_H
#define MACROS_NOTATION_H

#include "macro.h"

enum { NOTATION_DIRECTIONS = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT };

/* ---- what one press names ---- */

typedef struct {
    uint16_t buttons;                   /* bit b: language->buttons[b] */
    uint8_t classes[MACRO_MAX_CLASSES]; /* how often each is named: 2 for "PP" */
} notation_press_t;

/* Its pad bits; a class that is named more often than it has members goes into *too_many (-1:
 * none), with how many were asked for in *wanted. */
uint16_t notation_press_pad(const notation_press_t *press, const macro_language_t *language,
                            int32_t *too_many, int32_t *wanted);

/* ---- tokens ---- */

typedef enum {
    TOKEN_END,
    TOKEN_BAD,       /* no token begins here; the scanner's `problem` may say why. style is
                      * STYLE_WORDS for letters that are no notation at all */
    TOKEN_DIRECTION, /* 6, f, an arrow: number is the digit */
    TOKEN_MOTION,    /* qcf: digits; 360: number, without digits */
    TOKEN_PRESS,     /* LP, MPMK, PP: press */
    TOKEN_JUMP,      /* j. j9.: number is 7, 8 or 9 */
    TOKEN_STANCE,    /* cr. 2, st. 5; cl. and far. 0: no direction */
    TOKEN_KNEE,      /* tk. */
    TOKEN_CHARGE,    /* the word charge */
    TOKEN_HOLD,      /* the word hold */
    TOKEN_SITUATION, /* the word during, after, ...: a remark without brackets */
    TOKEN_PLUS,
    TOKEN_JOIN,   /* number is a notation_join_t */
    TOKEN_FRAMES, /* {n}: number */
    TOKEN_REPEAT, /* *n, xn: number */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_LEFT, /* [ */
    TOKEN_RIGHT
} notation_kind_t;

typedef enum { STYLE_DIGITS, STYLE_WORDS, STYLE_ARROWS } notation_style_t;

typedef enum {
    JOIN_NONE = -1, /* the first part, or a wait is next to it */
    JOIN_LINK,      /* ,  */
    JOIN_CHAIN,     /* > -> */
    JOIN_CANCEL,    /* xx */
    JOIN_FOLLOW,    /* ~  */
    JOIN_STEP       /* ;  the next step of a list: nothing is put in between */
} notation_join_t;

typedef struct {
    notation_kind_t kind;
    notation_style_t style; /* of a direction or a motion */
    int32_t at, end;        /* bytes of the text */
    bool spaced;            /* a space is before it */
    int32_t number;
    const char *digits; /* of a motion, "236"; number is then 1 for one that is a move, a dash */
    notation_press_t press;
} notation_token_t;

/* The text, and the token that comes next. Copy it to look further ahead. */
typedef struct {
    const char *text;
    const macro_language_t *language;
    int32_t pos; /* behind the token */
    notation_token_t token;
    char problem[240]; /* of TOKEN_BAD: what to write instead, or "" */
    int32_t budget;    /* of readings tried; bounds what hostile names and texts cost */
    /* Buttons, then classes, the longest names first. */
    int8_t names[MACRO_MAX_BUTTONS + MACRO_MAX_CLASSES];
    /* 1: the text names a button as the language spells it, with a capital; -1: not yet known. */
    int8_t names_in_capital;
    bool digits_are_buttons; /* a button is called 1: directions are words then */
    char *why;
} notation_scanner_t;

void notation_scan(notation_scanner_t *scanner, const char *text, const macro_language_t *language,
                   char *why);
void notation_next(notation_scanner_t *scanner);
/* scanner->names. */
void notation_sort_names(notation_scanner_t *scanner);
/* Letters at scanner->pos: a press, a word, or TOKEN_BAD with its problem. */
void notation_read_word(notation_scanner_t *scanner, notation_token_t *token);

/* "column 4: ..."; at counts from 0. */
bool notation_fail(const notation_scanner_t *scanner, int32_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "column 4: expected a join, found 'Q'" and the advice ("" for none), or what the token's problem
 * is. */
bool notation_expected(const notation_scanner_t *scanner, const char *what, const char *advice);
bool notation_expected_button(const notation_scanner_t *scanner);

/* ---- parts ---- */

typedef struct {
    uint8_t digit;  /* 1..9; of a circle its last */
    uint8_t circle; /* 0, or which of notation_circle() plus 1 */
    bool is_charge; /* [4] */
    int16_t frames; /* -1: the language's */
    int16_t at;     /* for messages */
} notation_direction_t;

typedef enum { PART_MOVE, PART_WAIT, PART_GAP } notation_part_kind_t;
typedef enum { PRESS_NONE, PRESS_TAP, PRESS_HOLD, PRESS_RELEASE } notation_press_kind_t;

/* A move or a wait, with the join before it, the groups that open before it and close behind it.
 * PART_GAP: a join whose frames end a sequence. */
typedef struct {
    notation_part_kind_t kind;
    notation_join_t join;
    int32_t gap_frames; /* of the join; -1: the language's */
    int32_t opens, closes;
    int16_t repeats[MACRO_MAX_NESTING]; /* of each group that closes; 1: once */
    int32_t jump;                       /* 0, or 7, 8, 9 */
    int32_t first_direction, num_directions;
    notation_press_kind_t press_kind;
    notation_press_t press;
    uint16_t pad;   /* of the press */
    int32_t frames; /* of the press or the wait; -1: the language's */
    int32_t times;  /* of the move; 1: once */
    int32_t at;     /* for messages */
} notation_part_t;

/* Each part and each direction becomes a step at least, so that no more can be of use. */
typedef struct {
    int32_t num_parts, num_directions;
    notation_part_t parts[MACRO_MAX_STEPS];
    notation_direction_t directions[MACRO_MAX_STEPS];
    char remarks[MACRO_REMARK_BYTES];
} notation_phrase_t;

bool notation_parse(notation_phrase_t *phrase, notation_scanner_t *scanner);
bool notation_emit(macro_t *out, const notation_phrase_t *phrase,
                   const notation_scanner_t *scanner);
bool notation_spell(macro_t *out, const notation_phrase_t *phrase,
                    const notation_scanner_t *scanner);

/* ---- tables ---- */

/* Whole circles, from forward through down: 0 is 360, 1 is 720; NULL behind the last. */
const char *notation_circle(int32_t circle, const char **digits);
/* Pad word of a keypad digit 1..9. */
uint16_t notation_digit_pad(int32_t digit);
/* The digit of a pad word's directions, its buttons aside; 0: no digit has them (left and right, or
 * up and down, together). */
int32_t notation_pad_digit(uint16_t pad);
/* "df" for 3, as directions are written where digits are buttons. */
const char *notation_digit_word(int32_t digit);
bool notation_digits_are_buttons(const macro_language_t *language);
/* The language's buttons in the order in which a notation names them: by their names' bytes, so
 * that one macro has one spelling however the preset lists its buttons. Returns how many. */
int32_t notation_button_order(const macro_language_t *language, int32_t order[MACRO_MAX_BUTTONS]);

#endif
