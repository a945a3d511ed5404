/* notation_grammar.h - the state of the grammar, shared by the files of its rules. Internal to
 * macros/.
 */
#ifndef MACROS_NOTATION_GRAMMAR_H
#define MACROS_NOTATION_GRAMMAR_H

#include "notation.h"

#define EXPECT_MOVE                                                                                \
    "a direction (1 to 9, or a word as qcf, d, df), a button, [, ], (, j. or {frames}"
#define EXPECT_JOIN "a join (, > xx ~ ;)"

typedef struct {
    notation_scanner_t *scanner;
    notation_phrase_t *phrase;
    int32_t num_opened; /* groups that the next part opens */
    int32_t nesting;
} grammar_t;

/* ---- the next token ---- */
notation_token_t *grammar_now(grammar_t *g);
bool grammar_at(const grammar_t *g, notation_kind_t kind);
/* It is here: go behind it. */
bool grammar_accept(grammar_t *g, notation_kind_t kind);
/* The kind of the token behind it. */
notation_kind_t grammar_kind_after(const grammar_t *g);
/* A direction, a motion or a charge is here. */
bool grammar_at_direction(const grammar_t *g);
bool grammar_expected(grammar_t *g, const char *what);
/* The frames of the token are out of range. */
bool grammar_bad_frames(grammar_t *g, int32_t least);

/* ---- rules ---- */
/* "{n}" if it is here, touching what is before it: *frames >= 1; if not, -1. */
bool grammar_frames(grammar_t *g, int32_t *frames);
/* "*5"; 1 if none is here. */
bool grammar_repeat(grammar_t *g, int32_t *times);
/* "j.236LP+LK*2" into its part. */
bool grammar_move(grammar_t *g, notation_part_t *part);
/* Keep these bytes of the text as passed over. */
void grammar_add_remark(grammar_t *g, int32_t from, int32_t end);

#endif
