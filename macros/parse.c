/* parse.c - the notation of docs/NOTATION.md: recursive descent that writes steps and canonical
 * text as it goes. What can be listed is listed: joins, circles, digits, the language's names. */
#include "parser.h"

#include <stdio.h>
#include <string.h>

#include "why.h"

/* A join between two moves and the field that holds its default gap. */
typedef struct {
    const char *symbol;
    size_t gap_field;
} join_t;

static const join_t joins[] = {
    { ",", offsetof(macro_language_t, link_gap_frames) },
    { ">", offsetof(macro_language_t, chain_gap_frames) },
    { "xx", offsetof(macro_language_t, cancel_gap_frames) },
    { "~", offsetof(macro_language_t, follow_gap_frames) },
    { ";", 0 }, /* the next step of a step list: no gap, and nothing is put in */
};
#define NUM_JOINS ((int32_t)(sizeof joins / sizeof joins[0]))

/* "*5": the steps since `first_step` four times more. */
static bool repeat_steps(parser_t *parser, int32_t first_step, uint16_t held_before,
                         int32_t gap_frames)
{
    const int32_t start = parser->pos;
    if (parser_peek(parser) != '*') return true;
    parser->pos++;
    parser_skip_spaces(parser);
    int32_t times = 0;
    while (parser_peek(parser) >= '0' && parser_peek(parser) <= '9') {
        if (times <= MACRO_MAX_REPEAT) times = times * 10 + (parser_peek(parser) - '0');
        parser->pos++;
    }
    if (times < 2 || times > MACRO_MAX_REPEAT) {
        parser->pos = start + 1;
        parser_skip_spaces(parser);
        return parser_fail(parser, parser->pos, "expected how often, 2 to %d", MACRO_MAX_REPEAT);
    }
    if (parser->held != held_before)
        return parser_fail(parser, start,
                           "expected every [ ] hold to be released before it repeats");
    char text[16];
    if (!parser_print(parser, text, snprintf(text, sizeof text, "*%d", (int)times))) return false;
    const macro_t *out = parser->out;
    const int32_t num_steps = out->num_steps - first_step;
    for (int32_t t = 1; t < times; t++) {
        const macro_step_t first = out->steps[first_step];
        if (!parser_emit(parser, parser->held, gap_frames)) return false;
        if (!parser_emit_press(parser, first.pad, first.pad & (uint16_t)~NOTATION_DIRECTIONS,
                               first.frames))
            return false;
        for (int32_t s = 1; s < num_steps; s++)
            if (!parser_emit(parser, out->steps[first_step + s].pad,
                             out->steps[first_step + s].frames))
                return false;
    }
    return true;
}

static bool parse_sequence(parser_t *parser);

static bool parse_group(parser_t *parser)
{
    const int32_t first_step = parser->out->num_steps;
    const uint16_t held_before = parser->held;
    if (parser->nesting == MACRO_MAX_NESTING)
        return parser_fail(parser, parser->pos, "groups must be nested at most %d deep",
                           MACRO_MAX_NESTING);
    parser->nesting++;
    parser->pos++;
    if (!parser_print_text(parser, "(") || !parse_sequence(parser)) return false;
    if (parser_peek(parser) != ')') return parser_expected(parser, "a join (, > xx ~ ;) or )");
    parser->pos++;
    parser->nesting--;
    if (!parser_print_text(parser, ")")) return false;
    return repeat_steps(parser, first_step, held_before, 0);
}

/* A move, a group or a wait. */
static bool parse_part(parser_t *parser, bool *is_wait)
{
    int32_t frames;
    *is_wait = false;
    if (parser_peek(parser) == '(') return parse_group(parser);
    if (parser_peek(parser) == '{') {
        *is_wait = true;
        if (!parser_frames(parser, false, &frames)) return false;
        parser->raw_join = false;
        return parser_print_frames(parser, frames) && parser_emit(parser, parser->held, frames);
    }
    const int32_t first_step = parser->out->num_steps;
    const uint16_t held_before = parser->held;
    return parser_move(parser) &&
           repeat_steps(parser, first_step, held_before, parser->language->mash_gap_frames);
}

/* A join and its gap; *found = false if none is here. *ends: a gap with frames may end a macro. */
static bool parse_join(parser_t *parser, bool *found, bool *ends)
{
    *found = *ends = false;
    for (int32_t j = 0; j < NUM_JOINS; j++) {
        if (!parser_at_text(parser, joins[j].symbol)) continue;
        *found = true;
        parser->pos += (int32_t)strlen(joins[j].symbol);
        if (!parser_print_text(parser, joins[j].symbol)) return false;
        parser->raw_join = joins[j].gap_field == 0;
        if (parser->raw_join) return true;
        parser_skip_spaces(parser);
        int32_t frames;
        if (!parser_frames(parser, true, &frames)) return false;
        *ends = frames > 0;
        if (frames >= 0 && !parser_print_frames(parser, frames)) return false;
        if (frames < 0)
            memcpy(&frames, (const char *)parser->language + joins[j].gap_field, sizeof frames);
        return parser_emit(parser, parser->held, frames);
    }
    return true;
}

static bool parse_sequence(parser_t *parser)
{
    parser_skip_spaces(parser);
    for (;;) {
        bool is_wait, joined, may_end;
        if (!parse_part(parser, &is_wait)) return false;
        parser_skip_spaces(parser);
        if (!parse_join(parser, &joined, &may_end)) return false;
        parser_skip_spaces(parser);
        const char next = parser_peek(parser);
        if (next == '\0' || next == ')') {
            if (!joined || may_end) return true;
            return parser_expected(parser, EXPECT_MOVE);
        }
        /* A wait stands for a join: "LP {3} LP". */
        if (!joined && !is_wait && next != '{')
            return parser_expected(parser, "a join (, > xx ~ ;)");
        if (!joined && !parser_print_text(parser, " ")) return false;
    }
}

static void merge_steps(macro_t *macro)
{
    int32_t kept = 0;
    for (int32_t s = 0; s < macro->num_steps; s++) {
        if (kept && macro->steps[kept - 1].pad == macro->steps[s].pad)
            macro->steps[kept - 1].frames += macro->steps[s].frames;
        else
            macro->steps[kept++] = macro->steps[s];
    }
    memset(macro->steps + kept, 0, (size_t)(MACRO_MAX_STEPS - kept) * sizeof macro->steps[0]);
    macro->num_steps = kept;
}

bool macro_parse(macro_t *out, const char *text, const macro_language_t *language, why_t why)
{
    *out = (macro_t){ 0 };
    parser_t parser = { .text = text, .language = language, .out = out, .why = why };
    bool ok;
    if (strnlen(text, MACRO_TEXT_BYTES) == MACRO_TEXT_BYTES)
        ok = parser_fail(&parser, MACRO_TEXT_BYTES - 1,
                         "a macro's notation must be shorter than %d bytes", MACRO_TEXT_BYTES);
    else
        ok = parse_sequence(&parser);
    if (ok && parser_peek(&parser) != '\0')
        ok = parser_expected(&parser, "a join (, > xx ~ ;) or the end");
    if (!ok) {
        *out = (macro_t){ 0 };
        return false;
    }
    merge_steps(out);
    return true;
}
