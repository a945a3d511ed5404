/* parse.c - the notation of docs/NOTATION.md: recursive descent that writes steps and canonical
 * text as it goes. What can be listed is listed: joins, circles, digits, the language's names. */
#include "macro.h"
#include "notation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* Whole circles, from forward through down; the buttons land on the last digit. */
static const struct {
    const char *name, *digits;
} circles[] = {
    { "360", "6321478" },
    { "720", "632147896321478" },
};
#define NUM_CIRCLES ((int32_t)(sizeof circles / sizeof circles[0]))

#define EXPECT_MOVE "a direction (1 to 9), a button, [, ], (, j. or {frames}"

/* ---- errors ---- */

static void describe_found(const parser_t *parser, int32_t at, char out[48])
{
    const char *text = parser->text + at;
    const unsigned char c = (unsigned char)text[0];
    if (c == '\0')
        snprintf(out, 48, "the end");
    else if (c < 0x20 || c > 0x7E)
        snprintf(out, 48, "byte 0x%02X", c);
    else {
        int length = 1;
        while (length < 12 &&
               ((text[length] >= 'A' && text[length] <= 'Z') ||
                (text[length] >= 'a' && text[length] <= 'z')) &&
               ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            length++;
        snprintf(out, 48, "'%.*s'", length, text);
    }
}

__attribute__((format(printf, 3, 4))) static bool fail(parser_t *parser, int32_t at,
                                                       const char *format, ...)
{
    if (parser->why) {
        const int used = snprintf(parser->why, MACRO_WHY_BYTES, "column %d: ", (int)at + 1);
        va_list args;
        va_start(args, format);
        vsnprintf(parser->why + used, MACRO_WHY_BYTES - (size_t)used, format, args);
        va_end(args);
    }
    return false;
}

static bool expected(parser_t *parser, const char *what)
{
    char found[48];
    describe_found(parser, parser->pos, found);
    return fail(parser, parser->pos, "expected %s, found %s", what, found);
}

/* "expected a button (LP MP ...), found 'Q'" */
static bool expected_button(parser_t *parser)
{
    char what[320] = "a button (";
    size_t used = strlen(what);
    const macro_language_t *language = parser->language;
    for (int32_t i = 0; i < language->num_buttons + language->num_classes && used < 260; i++) {
        const char *name = i < language->num_buttons
                               ? language->buttons[i].name
                               : language->classes[i - language->num_buttons].name;
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", i ? " " : "", name);
    }
    snprintf(what + used, sizeof what - used, ")");
    return expected(parser, what);
}

/* ---- characters ---- */

static char peek(const parser_t *parser)
{
    return parser->text[parser->pos];
}

/* True if a space was skipped. */
static bool skip_spaces(parser_t *parser)
{
    const int32_t from = parser->pos;
    while (peek(parser) == ' ' || peek(parser) == '\t') parser->pos++;
    return parser->pos != from;
}

static bool at_text(const parser_t *parser, const char *text)
{
    return strncmp(parser->text + parser->pos, text, strlen(text)) == 0;
}

static bool is_direction(char c)
{
    return c >= '1' && c <= '9';
}

/* ---- what comes out: steps and canonical text ---- */

static bool print(parser_t *parser, const char *text, int32_t length)
{
    if (parser->text_size + length >= MACRO_TEXT_BYTES)
        return fail(parser, parser->pos, "a macro's notation must be shorter than %d bytes",
                    MACRO_TEXT_BYTES);
    memcpy(parser->out->notation + parser->text_size, text, (size_t)length);
    parser->text_size += length;
    parser->out->notation[parser->text_size] = '\0';
    return true;
}

static bool print_text(parser_t *parser, const char *text)
{
    return print(parser, text, (int32_t)strlen(text));
}

static bool print_frames(parser_t *parser, int32_t frames)
{
    char text[16];
    return print(parser, text, snprintf(text, sizeof text, "{%d}", (int)frames));
}

static bool emit(parser_t *parser, uint16_t pad, int32_t frames)
{
    macro_t *out = parser->out;
    if (frames <= 0) return true;
    if (out->num_steps == MACRO_MAX_STEPS)
        return fail(parser, parser->pos, "a macro must have at most %d steps", MACRO_MAX_STEPS);
    if (frames > MACRO_MAX_FRAMES - out->num_frames)
        return fail(parser, parser->pos, "a macro must last at most %d frames", MACRO_MAX_FRAMES);
    out->steps[out->num_steps++] = (macro_step_t){ .pad = pad, .frames = (uint16_t)frames };
    out->num_frames += frames;
    return true;
}

/* A button that was down in the last frame has to go up before it can be pressed again. */
static bool emit_press(parser_t *parser, uint16_t pad, uint16_t buttons, int32_t frames)
{
    const macro_t *out = parser->out;
    const uint16_t last = out->num_steps ? out->steps[out->num_steps - 1].pad : 0;
    if (!parser->raw_join && (last & buttons & (uint16_t)~parser->held))
        if (!emit(parser, (uint16_t)(last & ~buttons & ~NOTATION_DIRECTIONS) | parser->held, 1))
            return false;
    parser->raw_join = false;
    return emit(parser, pad, frames);
}

/* ---- {n} ---- */

/* "{n}" if it is here: *frames >= 0; if not, *frames = -1. Zero only where a gap may be empty. */
static bool parse_frames(parser_t *parser, bool zero_allowed, int32_t *frames)
{
    *frames = -1;
    if (peek(parser) != '{') return true;
    const int32_t start = parser->pos++;
    skip_spaces(parser);
    if (peek(parser) < '0' || peek(parser) > '9') return expected(parser, "a number of frames");
    int32_t value = 0;
    while (peek(parser) >= '0' && peek(parser) <= '9') {
        if (value <= MACRO_MAX_FRAMES) value = value * 10 + (peek(parser) - '0');
        parser->pos++;
    }
    skip_spaces(parser);
    if (peek(parser) != '}') return expected(parser, "} after the number of frames");
    if (value > MACRO_MAX_FRAMES || value < (zero_allowed ? 0 : 1))
        return fail(parser, start, "expected %d to %d frames, found %.*s", zero_allowed ? 0 : 1,
                    MACRO_MAX_FRAMES,
                    (int)(parser->pos - start + 1 < 24 ? parser->pos - start + 1 : 24),
                    parser->text + start);
    parser->pos++;
    *frames = value;
    return true;
}

/* ---- buttons ---- */

/* Which buttons a press has: a bit for each of the language's buttons, and how many times each
 * class is named ("PP": 2). Sorting by these makes the canonical text. */
typedef struct {
    uint16_t pad;
    bool buttons[MACRO_MAX_BUTTONS];
    int32_t classes[MACRO_MAX_CLASSES];
} press_t;

/* "PP" in the text for class "P": how often the name repeats. A class called "PP" counts double. */
static int32_t class_repeats(const char *text, const char *name, int32_t *length)
{
    const int32_t name_length = (int32_t)strlen(name);
    int32_t repeats = 0;
    if (name_length > 0)
        while (strncmp(text + repeats * name_length, name, (size_t)name_length) == 0) repeats++;
    *length = repeats * name_length;
    return repeats;
}

/* How many members one naming of a class presses: "P" 1, a class that the preset calls "PP" 2. */
static int32_t class_weight(const char *name)
{
    const int32_t length = (int32_t)strlen(name);
    for (int32_t i = 1; i < length; i++)
        if (name[i] != name[0]) return 1;
    return length;
}

/* The longest name that starts here: a button's, or a class's, repeated. */
static bool parse_button(parser_t *parser, press_t *press)
{
    const macro_language_t *language = parser->language;
    const char *text = parser->text + parser->pos;
    int32_t best_length = 0, button = -1, class_idx = -1, repeats = 0;
    for (int32_t b = 0; b < language->num_buttons; b++) {
        const int32_t length = (int32_t)strlen(language->buttons[b].name);
        if (length <= best_length || strncmp(text, language->buttons[b].name, (size_t)length) != 0)
            continue;
        best_length = length;
        button = b;
    }
    for (int32_t c = 0; c < language->num_classes; c++) {
        int32_t length;
        const int32_t found = class_repeats(text, language->classes[c].name, &length);
        if (!found || length <= best_length) continue;
        best_length = length;
        button = -1;
        class_idx = c;
        repeats = found;
    }
    if (!best_length) return expected_button(parser);
    if (button >= 0) {
        press->buttons[button] = true;
        press->pad |= language->buttons[button].pad;
    } else {
        const macro_class_t *class = &language->classes[class_idx];
        const int32_t wanted = (press->classes[class_idx] + repeats) * class_weight(class->name);
        if (wanted > class->num_members)
            return fail(parser, parser->pos, "expected at most %d of class %s, found %d",
                        (int)class->num_members, class->name, (int)wanted);
        press->classes[class_idx] += repeats;
        for (int32_t m = 0; m < wanted; m++) press->pad |= language->buttons[class->members[m]].pad;
    }
    parser->pos += best_length;
    return true;
}

static bool parse_buttons(parser_t *parser, press_t *press)
{
    *press = (press_t){ 0 };
    for (;;) {
        if (!parse_button(parser, press)) return false;
        const int32_t before_spaces = parser->pos;
        skip_spaces(parser);
        if (peek(parser) != '+') {
            parser->pos = before_spaces; /* a space before {n} means something */
            return true;
        }
        parser->pos++;
        skip_spaces(parser);
    }
}

static bool print_buttons(parser_t *parser, const press_t *press)
{
    const macro_language_t *language = parser->language;
    bool first = true;
    for (int32_t i = 0; i < language->num_buttons + language->num_classes; i++) {
        const bool is_class = i >= language->num_buttons;
        const int32_t c = i - language->num_buttons;
        const int32_t times = is_class ? press->classes[c] : press->buttons[i];
        const char *name = is_class ? language->classes[c].name : language->buttons[i].name;
        if (times && !first && !print_text(parser, "+")) return false;
        for (int32_t t = 0; t < times; t++)
            if (!print_text(parser, name)) return false;
        if (times) first = false;
    }
    return true;
}

/* ---- moves ---- */

/* The last direction of a motion is held back until it is known whether buttons land on it. */
typedef struct {
    int32_t digit;  /* 0: none */
    int32_t frames; /* -1: motion_frames, or the press's */
} pending_t;

static int32_t at_least_one(int32_t frames)
{
    return frames > 0 ? frames : 1;
}

static bool emit_direction(parser_t *parser, const pending_t *pending)
{
    const int32_t frames =
        pending->frames > 0 ? pending->frames : at_least_one(parser->language->motion_frames);
    parser->raw_join = false;
    return emit(parser, notation_digit_pad(pending->digit) | parser->held, frames);
}

/* "66" needs the stick back in the middle, or it is one long 6. */
static bool next_direction(parser_t *parser, pending_t *pending, int32_t digit, int32_t frames)
{
    if (pending->digit) {
        if (!emit_direction(parser, pending)) return false;
        if (pending->digit == digit && digit != 5 &&
            !emit(parser, parser->held, at_least_one(parser->language->motion_frames)))
            return false;
    }
    *pending = (pending_t){ .digit = digit, .frames = frames };
    return true;
}

static bool parse_circle(parser_t *parser, pending_t *pending, bool *found)
{
    *found = false;
    for (int32_t i = 0; i < NUM_CIRCLES; i++) {
        if (!at_text(parser, circles[i].name)) continue;
        *found = true;
        if (!print_text(parser, circles[i].name)) return false;
        for (const char *digit = circles[i].digits; *digit; digit++)
            if (!next_direction(parser, pending, *digit - '0', -1)) return false;
        parser->pos += (int32_t)strlen(circles[i].name);
        return true;
    }
    return true;
}

/* "[4]" or "[4]{50}" */
static bool parse_charge(parser_t *parser, pending_t *pending)
{
    const int32_t start = parser->pos;
    const char digit = parser->text[start + 1];
    parser->pos += 2;
    if (peek(parser) != ']') return expected(parser, "] after the direction to hold");
    parser->pos++;
    int32_t frames;
    if (!parse_frames(parser, false, &frames)) return false;
    if (frames < 0 && parser->language->charge_frames <= 0)
        return fail(parser, start,
                    "[%c] is a charge, and this game has no charge time: expected "
                    "\"charge_frames\" in its timing, or [%c]{frames}",
                    digit, digit);
    if (!print(parser, parser->text + start, 3)) return false;
    if (frames > 0 && !print_frames(parser, frames)) return false;
    return next_direction(parser, pending, digit - '0',
                          frames > 0 ? frames : parser->language->charge_frames);
}

/* Directions up to where a press or the end of the move is. */
static bool parse_directions(parser_t *parser, pending_t *pending)
{
    for (;;) {
        const int32_t before_spaces = parser->pos;
        skip_spaces(parser);
        bool circle;
        if (!parse_circle(parser, pending, &circle)) return false;
        if (circle) continue;
        if (peek(parser) == '[' && is_direction(parser->text[parser->pos + 1])) {
            if (!parse_charge(parser, pending)) return false;
        } else if (is_direction(peek(parser))) {
            const char *digit = parser->text + parser->pos++;
            int32_t frames;
            if (!parse_frames(parser, false, &frames)) return false;
            if (!print(parser, digit, 1)) return false;
            if (frames > 0 && !print_frames(parser, frames)) return false;
            if (!next_direction(parser, pending, *digit - '0', frames)) return false;
        } else if (peek(parser) == '0') {
            return expected(parser, "a direction (1 to 9)");
        } else {
            parser->pos = before_spaces;
            return true;
        }
    }
}

/* "P", "[P]" or "]P[", each perhaps with {frames}; *found = false if none is here. */
static bool parse_press(parser_t *parser, pending_t *pending, bool *found)
{
    const int32_t before_spaces = parser->pos;
    skip_spaces(parser);
    if (pending->digit && peek(parser) == '+') {
        parser->pos++;
        skip_spaces(parser);
    }
    const char open = peek(parser);
    const bool letter = (open >= 'A' && open <= 'Z') || (open >= 'a' && open <= 'z');
    *found = (letter && !at_text(parser, "xx")) || open == '[' || open == ']';
    if (!*found && parser->pos > before_spaces && parser->text[parser->pos - 1] == '+')
        return expected_button(parser);
    if (!*found) {
        parser->pos = before_spaces;
        return true;
    }

    const int32_t start = parser->pos;
    press_t press;
    if (!letter) parser->pos++;
    if (!letter) skip_spaces(parser);
    if (!parse_buttons(parser, &press)) return false;
    if (!letter) {
        skip_spaces(parser);
        if (peek(parser) != (open == '[' ? ']' : '['))
            return expected(parser, open == '[' ? "] after the buttons to hold"
                                                : "[ after the buttons to release");
        parser->pos++;
    }
    int32_t frames;
    if (!parse_frames(parser, false, &frames)) return false;
    if (open == ']' && (press.pad & (uint16_t)~parser->held))
        return fail(parser, start, "expected buttons that are held here by [ ]");
    if (open != ']' && (press.pad & parser->held))
        return fail(parser, start, "expected buttons that are not held already");

    if (!letter && !print(parser, &open, 1)) return false;
    if (!print_buttons(parser, &press)) return false;
    if (!letter && !print_text(parser, open == '[' ? "]" : "[")) return false;
    if (frames > 0 && !print_frames(parser, frames)) return false;

    /* A direction with frames of its own is held that long before the buttons come. */
    if (pending->digit && pending->frames > 0 && !emit_direction(parser, pending)) return false;
    const uint16_t direction = pending->digit ? notation_digit_pad(pending->digit) : 0;
    pending->digit = 0;
    if (frames < 0) frames = at_least_one(parser->language->press_frames);
    if (open == ']') {
        parser->held &= (uint16_t)~press.pad;
        parser->raw_join = false;
        return emit(parser, direction | parser->held, frames);
    }
    if (!emit_press(parser, direction | press.pad | parser->held, press.pad, frames)) return false;
    if (open == '[') parser->held |= press.pad;
    return true;
}

/* "j.", "j7.", "j8.", "j9.": jump, rise, then what follows. */
static bool parse_jump(parser_t *parser, bool *found)
{
    *found = false;
    if (peek(parser) != 'j') return true;
    const char next = parser->text[parser->pos + 1];
    const bool digit = next >= '7' && next <= '9';
    if (next != '.' && !(digit && parser->text[parser->pos + 2] == '.')) return true;
    const int32_t length = digit ? 3 : 2;
    if (!print(parser, parser->text + parser->pos, length)) return false;
    parser->pos += length;
    *found = true;
    parser->raw_join = false;
    return emit(parser, notation_digit_pad(digit ? next - '0' : 8) | parser->held,
                at_least_one(parser->language->jump_frames)) &&
           emit(parser, parser->held, parser->language->rise_frames);
}

static bool parse_move(parser_t *parser)
{
    bool jump, press;
    pending_t pending = { 0 };
    const int32_t start = parser->pos;
    if (!parse_jump(parser, &jump)) return false;
    if (!parse_directions(parser, &pending)) return false;
    const bool directions = pending.digit != 0;
    if (!parse_press(parser, &pending, &press)) return false;
    if (!directions && !press)
        return parser->pos == start && !jump ? expected(parser, EXPECT_MOVE)
                                             : expected(parser, "what to do in the air");
    if (pending.digit) return emit_direction(parser, &pending);
    return true;
}

/* ---- sequences ---- */

/* "*5": the steps since `first_step` four times more. */
static bool repeat_steps(parser_t *parser, int32_t first_step, uint16_t held_before,
                         int32_t gap_frames)
{
    const int32_t start = parser->pos;
    if (peek(parser) != '*') return true;
    parser->pos++;
    skip_spaces(parser);
    int32_t times = 0;
    while (peek(parser) >= '0' && peek(parser) <= '9') {
        if (times <= MACRO_MAX_REPEAT) times = times * 10 + (peek(parser) - '0');
        parser->pos++;
    }
    if (times < 2 || times > MACRO_MAX_REPEAT) {
        parser->pos = start + 1;
        skip_spaces(parser);
        return fail(parser, parser->pos, "expected how often, 2 to %d", MACRO_MAX_REPEAT);
    }
    if (parser->held != held_before)
        return fail(parser, start, "expected every [ ] hold to be released before it repeats");
    char text[16];
    if (!print(parser, text, snprintf(text, sizeof text, "*%d", (int)times))) return false;
    const macro_t *out = parser->out;
    const int32_t num_steps = out->num_steps - first_step;
    for (int32_t t = 1; t < times; t++) {
        const macro_step_t first = out->steps[first_step];
        if (!emit(parser, parser->held, gap_frames)) return false;
        if (!emit_press(parser, first.pad, first.pad & (uint16_t)~NOTATION_DIRECTIONS,
                        first.frames))
            return false;
        for (int32_t s = 1; s < num_steps; s++)
            if (!emit(parser, out->steps[first_step + s].pad, out->steps[first_step + s].frames))
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
        return fail(parser, parser->pos, "groups must be nested at most %d deep",
                    MACRO_MAX_NESTING);
    parser->nesting++;
    parser->pos++;
    if (!print_text(parser, "(") || !parse_sequence(parser)) return false;
    if (peek(parser) != ')') return expected(parser, "a join (, > xx ~ ;) or )");
    parser->pos++;
    parser->nesting--;
    if (!print_text(parser, ")")) return false;
    return repeat_steps(parser, first_step, held_before, 0);
}

/* A move, a group or a wait. */
static bool parse_part(parser_t *parser, bool *is_wait)
{
    int32_t frames;
    *is_wait = false;
    if (peek(parser) == '(') return parse_group(parser);
    if (peek(parser) == '{') {
        *is_wait = true;
        if (!parse_frames(parser, false, &frames)) return false;
        parser->raw_join = false;
        return print_frames(parser, frames) && emit(parser, parser->held, frames);
    }
    const int32_t first_step = parser->out->num_steps;
    const uint16_t held_before = parser->held;
    return parse_move(parser) &&
           repeat_steps(parser, first_step, held_before, parser->language->mash_gap_frames);
}

/* A join and its gap; *found = false if none is here. *ends: a gap with frames may end a macro. */
static bool parse_join(parser_t *parser, bool *found, bool *ends)
{
    *found = *ends = false;
    for (int32_t j = 0; j < NUM_JOINS; j++) {
        if (!at_text(parser, joins[j].symbol)) continue;
        *found = true;
        parser->pos += (int32_t)strlen(joins[j].symbol);
        if (!print_text(parser, joins[j].symbol)) return false;
        parser->raw_join = joins[j].gap_field == 0;
        if (parser->raw_join) return true;
        skip_spaces(parser);
        int32_t frames;
        if (!parse_frames(parser, true, &frames)) return false;
        *ends = frames > 0;
        if (frames >= 0 && !print_frames(parser, frames)) return false;
        if (frames < 0)
            memcpy(&frames, (const char *)parser->language + joins[j].gap_field, sizeof frames);
        return emit(parser, parser->held, frames);
    }
    return true;
}

static bool parse_sequence(parser_t *parser)
{
    skip_spaces(parser);
    for (;;) {
        bool is_wait, joined, may_end;
        if (!parse_part(parser, &is_wait)) return false;
        skip_spaces(parser);
        if (!parse_join(parser, &joined, &may_end)) return false;
        skip_spaces(parser);
        const char next = peek(parser);
        if (next == '\0' || next == ')') {
            if (!joined || may_end) return true;
            return expected(parser, EXPECT_MOVE);
        }
        /* A wait stands for a join: "LP {3} LP". */
        if (!joined && !is_wait && next != '{') return expected(parser, "a join (, > xx ~ ;)");
        if (!joined && !print_text(parser, " ")) return false;
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

bool macro_parse(macro_t *out, const char *text, const macro_language_t *language,
                 char why[MACRO_WHY_BYTES])
{
    *out = (macro_t){ 0 };
    parser_t parser = { .text = text, .language = language, .out = out, .why = why };
    bool ok;
    if (strnlen(text, MACRO_TEXT_BYTES) == MACRO_TEXT_BYTES)
        ok = fail(&parser, MACRO_TEXT_BYTES - 1, "a macro's notation must be shorter than %d bytes",
                  MACRO_TEXT_BYTES);
    else
        ok = parse_sequence(&parser);
    if (ok && peek(&parser) != '\0') ok = expected(&parser, "a join (, > xx ~ ;) or the end");
    if (!ok) {
        *out = (macro_t){ 0 };
        return false;
    }
    merge_steps(out);
    return true;
}
