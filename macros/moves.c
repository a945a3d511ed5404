/* moves.c - one move: jump, directions, charges, then the press that lands on the last of them. */
#include "parser.h"

#include <string.h>

/* Whole circles, from forward through down; the buttons land on the last digit. */
static const struct {
    const char *name, *digits;
} circles[] = {
    { "360", "6321478" },
    { "720", "632147896321478" },
};
#define NUM_CIRCLES ((int32_t)(sizeof circles / sizeof circles[0]))

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
    return parser_emit(parser, notation_digit_pad(pending->digit) | parser->held, frames);
}

/* "66" needs the stick back in the middle, or it is one long 6. */
static bool next_direction(parser_t *parser, pending_t *pending, int32_t digit, int32_t frames)
{
    if (pending->digit) {
        if (!emit_direction(parser, pending)) return false;
        if (pending->digit == digit && digit != 5 &&
            !parser_emit(parser, parser->held, at_least_one(parser->language->motion_frames)))
            return false;
    }
    *pending = (pending_t){ .digit = digit, .frames = frames };
    return true;
}

static bool parse_circle(parser_t *parser, pending_t *pending, bool *found)
{
    *found = false;
    for (int32_t i = 0; i < NUM_CIRCLES; i++) {
        if (!parser_at_text(parser, circles[i].name)) continue;
        *found = true;
        if (!parser_print_text(parser, circles[i].name)) return false;
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
    if (parser_peek(parser) != ']') return parser_expected(parser, "] after the direction to hold");
    parser->pos++;
    int32_t frames;
    if (!parser_frames(parser, false, &frames)) return false;
    if (frames < 0 && parser->language->charge_frames <= 0)
        return parser_fail(parser, start,
                           "[%c] is a charge, and this game has no charge time: expected "
                           "\"charge_frames\" in its timing, or [%c]{frames}",
                           digit, digit);
    if (!parser_print(parser, parser->text + start, 3)) return false;
    if (frames > 0 && !parser_print_frames(parser, frames)) return false;
    return next_direction(parser, pending, digit - '0',
                          frames > 0 ? frames : parser->language->charge_frames);
}

static bool is_direction(char c)
{
    return c >= '1' && c <= '9';
}

/* Directions up to where a press or the end of the move is. */
static bool parse_directions(parser_t *parser, pending_t *pending)
{
    for (;;) {
        const int32_t before_spaces = parser->pos;
        parser_skip_spaces(parser);
        bool circle;
        circle = false; /* only at the start: "2360" is a 0 too many */
        if (!pending->digit && !parse_circle(parser, pending, &circle)) return false;
        if (circle) continue;
        if (parser_peek(parser) == '[' && is_direction(parser->text[parser->pos + 1])) {
            if (!parse_charge(parser, pending)) return false;
        } else if (is_direction(parser_peek(parser))) {
            const char *digit = parser->text + parser->pos++;
            int32_t frames;
            if (!parser_frames(parser, false, &frames)) return false;
            if (!parser_print(parser, digit, 1)) return false;
            if (frames > 0 && !parser_print_frames(parser, frames)) return false;
            if (!next_direction(parser, pending, *digit - '0', frames)) return false;
        } else if (parser_peek(parser) == '0') {
            return parser_expected(parser, "a direction (1 to 9)");
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
    parser_skip_spaces(parser);
    const bool plus = pending->digit && parser_peek(parser) == '+';
    if (plus) {
        parser->pos++;
        parser_skip_spaces(parser);
    }
    const char open = parser_peek(parser);
    const bool letter = (open >= 'A' && open <= 'Z') || (open >= 'a' && open <= 'z');
    *found = (letter && !parser_at_text(parser, "xx")) || open == '[' || open == ']';
    if (!*found && plus) return parser_expected_button(parser);
    if (!*found) {
        parser->pos = before_spaces;
        return true;
    }

    const int32_t start = parser->pos;
    press_t press;
    if (!letter) parser->pos++;
    if (!letter) parser_skip_spaces(parser);
    if (!press_parse(parser, &press)) return false;
    if (!letter) {
        parser_skip_spaces(parser);
        if (parser_peek(parser) != (open == '[' ? ']' : '['))
            return parser_expected(parser, open == '[' ? "] after the buttons to hold"
                                                       : "[ after the buttons to release");
        parser->pos++;
    }
    int32_t frames;
    if (!parser_frames(parser, false, &frames)) return false;
    if (open == ']' && (press.pad & (uint16_t)~parser->held))
        return parser_fail(parser, start, "expected buttons that are held here by [ ]");
    if (open != ']' && (press.pad & parser->held))
        return parser_fail(parser, start, "expected buttons that are not held already");

    if (!letter && !parser_print(parser, &open, 1)) return false;
    if (!press_print(parser, &press)) return false;
    if (!letter && !parser_print_text(parser, open == '[' ? "]" : "[")) return false;
    if (frames > 0 && !parser_print_frames(parser, frames)) return false;

    /* A direction with frames of its own is held that long before the buttons come. */
    if (pending->digit && pending->frames > 0 && !emit_direction(parser, pending)) return false;
    const uint16_t direction = pending->digit ? notation_digit_pad(pending->digit) : 0;
    pending->digit = 0;
    if (frames < 0) frames = at_least_one(parser->language->press_frames);
    if (open == ']') {
        parser->held &= (uint16_t)~press.pad;
        parser->raw_join = false;
        return parser_emit(parser, direction | parser->held, frames);
    }
    if (!parser_emit_press(parser, direction | press.pad | parser->held, press.pad, frames))
        return false;
    if (open == '[') parser->held |= press.pad;
    return true;
}

/* "j.", "j7.", "j8.", "j9.": jump, rise, then what follows. */
static bool parse_jump(parser_t *parser, bool *found)
{
    *found = false;
    if (parser_peek(parser) != 'j') return true;
    const char next = parser->text[parser->pos + 1];
    const bool digit = next >= '7' && next <= '9';
    if (next != '.' && !(digit && parser->text[parser->pos + 2] == '.')) return true;
    const int32_t length = digit ? 3 : 2;
    if (!parser_print(parser, parser->text + parser->pos, length)) return false;
    parser->pos += length;
    *found = true;
    parser->raw_join = false;
    return parser_emit(parser, notation_digit_pad(digit ? next - '0' : 8) | parser->held,
                       at_least_one(parser->language->jump_frames)) &&
           parser_emit(parser, parser->held, parser->language->rise_frames);
}

bool parser_move(parser_t *parser)
{
    bool jump, press;
    pending_t pending = { 0 };
    const int32_t start = parser->pos;
    if (!parse_jump(parser, &jump)) return false;
    if (!parse_directions(parser, &pending)) return false;
    const bool directions = pending.digit != 0;
    if (!parse_press(parser, &pending, &press)) return false;
    if (!directions && !press)
        return parser->pos == start && !jump ? parser_expected(parser, EXPECT_MOVE)
                                             : parser_expected(parser, "what to do in the air");
    if (pending.digit) return emit_direction(parser, &pending);
    return true;
}
