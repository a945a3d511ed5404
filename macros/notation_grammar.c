/* notation_grammar.c - the grammar of docs/NOTATION.md: joins, groups, waits, remarks; a function a
 * rule. Moves are in notation_moves.c. */
#include "notation_grammar.h"

#include <stdio.h>
#include <string.h>

/* ---- tokens ---- */

notation_token_t *grammar_now(grammar_t *g)
{
    return &g->scanner->token;
}

bool grammar_at(const grammar_t *g, notation_kind_t kind)
{
    return g->scanner->token.kind == kind;
}

/* The token is here: go behind it. */
bool grammar_accept(grammar_t *g, notation_kind_t kind)
{
    if (!grammar_at(g, kind)) return false;
    notation_next(g->scanner);
    return true;
}

bool grammar_expected(grammar_t *g, const char *what)
{
    return notation_expected(g->scanner, what, "");
}

/* The kind of the token behind the next one. */
notation_kind_t grammar_kind_after(const grammar_t *g)
{
    notation_scanner_t ahead = *g->scanner;
    notation_next(&ahead);
    return ahead.token.kind;
}

bool grammar_bad_frames(grammar_t *g, int32_t least)
{
    const int32_t found = grammar_now(g)->number;
    if (found > MACRO_MAX_FRAMES)
        return notation_fail(g->scanner, grammar_now(g)->at, "expected %d to %d frames, found more",
                             (int)least, MACRO_MAX_FRAMES);
    return notation_fail(g->scanner, grammar_now(g)->at, "expected %d to %d frames, found {%d}",
                         (int)least, MACRO_MAX_FRAMES, (int)found);
}

/* "{n}" if it is here, touching what is before it: *frames >= 1; if not, -1. */
bool grammar_frames(grammar_t *g, int32_t *frames)
{
    *frames = -1;
    const notation_token_t *token = grammar_now(g);
    if (token->kind != TOKEN_FRAMES || token->spaced) return true;
    *frames = token->number;
    if (*frames < 1 || *frames > MACRO_MAX_FRAMES) return grammar_bad_frames(g, 1);
    notation_next(g->scanner);
    return true;
}

/* "*5"; 1 if none is here. */
bool grammar_repeat(grammar_t *g, int32_t *times)
{
    *times = 1;
    if (!grammar_at(g, TOKEN_REPEAT)) return true;
    *times = grammar_now(g)->number;
    if (*times < 2 || *times > MACRO_MAX_REPEAT)
        return notation_fail(g->scanner, grammar_now(g)->at, "expected how often, *2 to *%d",
                             MACRO_MAX_REPEAT);
    notation_next(g->scanner);
    return true;
}

/* ---- remarks ---- */

void grammar_add_remark(grammar_t *g, int32_t from, int32_t end)
{
    char *remarks = g->phrase->remarks;
    const size_t used = strlen(remarks);
    const int32_t length = end - from;
    if (used + (size_t)length + 2 > MACRO_REMARK_BYTES) {
        if (used + 5 < MACRO_REMARK_BYTES && !strstr(remarks, "..."))
            snprintf(remarks + used, MACRO_REMARK_BYTES - used, "%s...", used ? " " : "");
        return;
    }
    snprintf(remarks + used, MACRO_REMARK_BYTES - used, "%s%.*s", used ? " " : "", (int)length,
             g->scanner->text + from);
    for (char *c = remarks + used; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) *c = ' ';
}

/* "(air)": everything up to its bracket; it changes nothing. */
static bool pass_remark(grammar_t *g)
{
    const char *text = g->scanner->text;
    const int32_t from = grammar_now(g)->at;
    int32_t end = from, depth = 0;
    do {
        if (text[end] == '\0')
            return notation_fail(g->scanner, from, "expected ) behind the remark, found the end");
        depth += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
        end++;
    } while (depth > 0);
    grammar_add_remark(g, from, end);
    g->scanner->pos = end;
    notation_next(g->scanner);
    return true;
}

/* "during Weapons Free": up to a join or the end. */
static bool pass_situation(grammar_t *g)
{
    const char *text = g->scanner->text;
    const int32_t from = grammar_now(g)->at;
    int32_t end = from + (int32_t)strcspn(text + from, ">,;~()[]{}");
    while (text[end - 1] == ' ') end--;
    grammar_add_remark(g, from, end);
    for (int32_t i = from; i + 4 <= end; i++)
        if (strncmp(text + i, " or ", 4) == 0)
            return notation_fail(g->scanner, i + 1,
                                 "'or' gives a choice, and a macro is one way to press it: write "
                                 "one of the ways");
    g->scanner->pos = end;
    notation_next(g->scanner);
    return true;
}

static bool pass_remarks(grammar_t *g)
{
    while (grammar_at(g, TOKEN_OPEN) || grammar_at(g, TOKEN_SITUATION)) {
        const int32_t from = grammar_now(g)->at;
        if (!(grammar_at(g, TOKEN_OPEN) ? pass_remark(g) : pass_situation(g))) return false;
        if (grammar_at(g, TOKEN_REPEAT))
            return notation_fail(g->scanner, from,
                                 "( ) behind a move is a remark, and a remark is not repeated: "
                                 "write a join before the group, or the repeat before the remark");
    }
    return true;
}

/* ---- sequences ---- */

static notation_part_t *add_part(grammar_t *g, notation_part_kind_t kind, notation_join_t join,
                                 int32_t gap_frames)
{
    notation_phrase_t *phrase = g->phrase;
    if (phrase->num_parts == MACRO_MAX_STEPS) {
        notation_fail(g->scanner, grammar_now(g)->at, "a macro must have at most %d steps",
                      MACRO_MAX_STEPS);
        return NULL;
    }
    notation_part_t *part = &phrase->parts[phrase->num_parts++];
    *part = (notation_part_t){ .kind = kind,
                               .join = join,
                               .gap_frames = gap_frames,
                               .opens = g->num_opened,
                               .first_direction = phrase->num_directions,
                               .frames = -1,
                               .times = 1,
                               .at = grammar_now(g)->at };
    g->num_opened = 0;
    return part;
}

static bool sequence(grammar_t *g, notation_join_t join, int32_t gap_frames);

/* Words that stand alone in brackets, "(hold)", and all that begins no move, "(in the air)". */
static bool is_remark(const grammar_t *g)
{
    notation_scanner_t inside = *g->scanner;
    notation_next(&inside);
    switch (inside.token.kind) {
    case TOKEN_DIRECTION:
    case TOKEN_MOTION:
    case TOKEN_PRESS:
    case TOKEN_OPEN:
    case TOKEN_LEFT:
    case TOKEN_RIGHT:
    case TOKEN_FRAMES: return false;
    case TOKEN_JUMP:
    case TOKEN_STANCE:
    case TOKEN_KNEE:
    case TOKEN_CHARGE:
    case TOKEN_HOLD: notation_next(&inside); return inside.token.kind == TOKEN_CLOSE;
    case TOKEN_SITUATION: return true;
    case TOKEN_BAD: return inside.token.style == STYLE_WORDS;
    default: return inside.token.kind == TOKEN_CLOSE;
    }
}

static bool group(grammar_t *g, notation_join_t join, int32_t gap_frames)
{
    if (g->nesting == MACRO_MAX_NESTING)
        return notation_fail(g->scanner, grammar_now(g)->at,
                             "groups must be nested at most %d deep", MACRO_MAX_NESTING);
    g->nesting++;
    g->num_opened++;
    notation_next(g->scanner);
    if (!sequence(g, join, gap_frames)) return false;
    if (!grammar_accept(g, TOKEN_CLOSE)) return grammar_expected(g, EXPECT_JOIN " or )");
    g->nesting--;
    int32_t times;
    if (!grammar_repeat(g, &times)) return false;
    notation_part_t *last = &g->phrase->parts[g->phrase->num_parts - 1];
    last->repeats[last->closes++] = (int16_t)times;
    return true;
}

/* A move, a group or a wait. */
static bool one_part(grammar_t *g, notation_join_t join, int32_t gap_frames, bool *is_wait)
{
    *is_wait = grammar_at(g, TOKEN_FRAMES);
    if (grammar_at(g, TOKEN_OPEN)) return group(g, join, gap_frames);
    notation_part_t *added = add_part(g, *is_wait ? PART_WAIT : PART_MOVE, join, gap_frames);
    if (!added) return false;
    if (!*is_wait) return grammar_move(g, added);
    grammar_now(g)->spaced = false; /* it belongs to nothing before it */
    return grammar_frames(g, &added->frames);
}

/* A join is here: pass it, and its frames. */
static bool join_and_gap(grammar_t *g, notation_join_t *join, int32_t *gap_frames)
{
    *join = (notation_join_t)grammar_now(g)->number;
    *gap_frames = -1;
    notation_next(g->scanner);
    if (*join == JOIN_STEP || !grammar_at(g, TOKEN_FRAMES)) return true;
    *gap_frames = grammar_now(g)->number;
    if (*gap_frames > MACRO_MAX_FRAMES) return grammar_bad_frames(g, 0);
    notation_next(g->scanner);
    return true;
}

/* Behind a press an arrow to the right is a join: "LP → MP". */
static bool arrow_join(grammar_t *g)
{
    notation_token_t *token = grammar_now(g);
    if (token->kind != TOKEN_DIRECTION || token->style != STYLE_ARROWS || token->number != 6 ||
        g->phrase->parts[g->phrase->num_parts - 1].press_kind == PRESS_NONE)
        return true;
    if (grammar_kind_after(g) == TOKEN_PLUS)
        return notation_fail(g->scanner, token->at,
                             "this arrow is then or forward: write > before the next move, or 6");
    token->kind = TOKEN_JOIN;
    token->number = JOIN_CHAIN;
    return true;
}

static bool no_join(grammar_t *g)
{
    if (grammar_at(g, TOKEN_PRESS) || grammar_at_direction(g) || grammar_at(g, TOKEN_JUMP) ||
        grammar_at(g, TOKEN_STANCE))
        return notation_expected(g->scanner, EXPECT_JOIN,
                                 ": write + between buttons that are pressed at once, and , or > "
                                 "between moves");
    return grammar_expected(g, EXPECT_JOIN);
}

/* `join` is before the first part. */
static bool sequence(grammar_t *g, notation_join_t join, int32_t gap_frames)
{
    for (;;) {
        bool is_wait;
        while (grammar_at(g, TOKEN_OPEN) && is_remark(g))
            if (!pass_remark(g)) return false;
        if (grammar_at(g, TOKEN_FRAMES) && join != JOIN_NONE && join != JOIN_STEP && gap_frames < 0)
            return notation_fail(g->scanner, grammar_now(g)->at,
                                 "{ } behind a join is its gap: write it before the remark");
        if (!one_part(g, join, gap_frames, &is_wait) || !pass_remarks(g) || !arrow_join(g))
            return false;
        const bool joined = grammar_at(g, TOKEN_JOIN);
        join = JOIN_NONE;
        if (joined && !join_and_gap(g, &join, &gap_frames)) return false;
        if (grammar_at(g, TOKEN_END) || grammar_at(g, TOKEN_CLOSE)) {
            if (!joined) return true;
            if (gap_frames <= 0) return grammar_expected(g, EXPECT_MOVE);
            return add_part(g, PART_GAP, join, gap_frames) != NULL;
        }
        /* A wait stands for a join: "LP {3} LP". */
        if (!joined && !is_wait && !grammar_at(g, TOKEN_FRAMES)) return no_join(g);
    }
}

bool notation_parse(notation_phrase_t *phrase, notation_scanner_t *scanner)
{
    grammar_t g = { .scanner = scanner, .phrase = phrase };
    phrase->num_parts = phrase->num_directions = 0;
    phrase->remarks[0] = '\0';
    if (!sequence(&g, JOIN_NONE, -1)) return false;
    return grammar_at(&g, TOKEN_END) || grammar_expected(&g, EXPECT_JOIN " or the end");
}
