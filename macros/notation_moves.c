/* notation_moves.c - the grammar of one move: stance, jump, directions, presses. */
#include "notation_grammar.h"

#include <stdio.h>
#include <string.h>

/* ---- directions ---- */

static bool add_direction(grammar_t *g, notation_part_t *part, notation_direction_t direction)
{
    notation_phrase_t *phrase = g->phrase;
    if (phrase->num_directions == MACRO_MAX_STEPS)
        return notation_fail(g->scanner, direction.at, "a macro must have at most %d steps",
                             MACRO_MAX_STEPS);
    phrase->directions[phrase->num_directions++] = direction;
    part->num_directions++;
    return true;
}

static bool add_digits(grammar_t *g, notation_part_t *part, const notation_token_t *token)
{
    notation_direction_t direction = { .frames = -1, .at = (int16_t)token->at };
    if (token->digits) {
        /* qcf,hcb is 2363214: the stick is already where the second begins. */
        const notation_direction_t *behind = g->phrase->directions + g->phrase->num_directions;
        const bool shared = part->num_directions > 1 && strlen(token->digits) > 2 &&
                            behind[-1].digit == token->digits[0] - '0' && !behind[-1].is_charge;
        for (const char *digit = token->digits + shared; *digit; digit++) {
            direction.digit = (uint8_t)(*digit - '0');
            if (!add_direction(g, part, direction)) return false;
        }
        return true;
    }
    const char *digits;
    notation_circle(token->number, &digits);
    direction.circle = (uint8_t)(token->number + 1);
    direction.digit = (uint8_t)(digits[strlen(digits) - 1] - '0');
    return add_direction(g, part, direction);
}

/* "4", "f", with frames of its own perhaps. */
static bool one_direction(grammar_t *g, notation_part_t *part, bool is_charge)
{
    notation_direction_t direction = { .digit = (uint8_t)grammar_now(g)->number,
                                       .is_charge = is_charge,
                                       .at = (int16_t)grammar_now(g)->at };
    int32_t frames;
    notation_next(g->scanner);
    /* "b (charge)" */
    const char *text = g->scanner->text + grammar_now(g)->at;
    if (grammar_at(g, TOKEN_OPEN) && strncmp(text, "(charge)", 8) == 0) {
        direction.is_charge = true;
        g->scanner->pos = grammar_now(g)->at + 8;
        notation_next(g->scanner);
    }
    if (!grammar_frames(g, &frames)) return false;
    direction.frames = (int16_t)frames;
    return add_direction(g, part, direction);
}

/* "[4]", or "charge b" */
static bool charge(grammar_t *g, notation_part_t *part)
{
    const int32_t from = grammar_now(g)->at;
    const bool bracket = grammar_at(g, TOKEN_LEFT);
    notation_next(g->scanner);
    if (!grammar_at(g, TOKEN_DIRECTION))
        return grammar_expected(g, "the direction to charge, as b or 4");
    if (!bracket) return one_direction(g, part, true);
    notation_direction_t direction = { .digit = (uint8_t)grammar_now(g)->number,
                                       .is_charge = true,
                                       .at = (int16_t)from };
    int32_t frames;
    notation_next(g->scanner);
    if (!grammar_accept(g, TOKEN_RIGHT))
        return grammar_expected(g, "] after the direction to hold");
    if (!grammar_frames(g, &frames)) return false;
    direction.frames = (int16_t)frames;
    return add_direction(g, part, direction);
}

static bool is_stick(const notation_token_t *token)
{
    return token->kind == TOKEN_DIRECTION || token->kind == TOKEN_MOTION;
}

/* A direction, a motion or a charge is here. */
bool grammar_at_direction(const grammar_t *g)
{
    if (is_stick(&g->scanner->token) || grammar_at(g, TOKEN_CHARGE)) return true;
    return grammar_at(g, TOKEN_LEFT) && grammar_kind_after(g) == TOKEN_DIRECTION;
}

/* A comma goes on with the motion between words (d,df,f), between arrows, and behind a charge;
 * between digits it is a join. *goes_on: it was one of the former, and is passed. */
static bool motion_comma(grammar_t *g, const notation_part_t *part, notation_style_t style,
                         bool *goes_on)
{
    *goes_on = false;
    if (!grammar_at(g, TOKEN_JOIN) || grammar_now(g)->number != JOIN_LINK) return true;
    notation_scanner_t ahead = *g->scanner;
    notation_next(&ahead);
    bool after_charge = false;
    for (int32_t d = 0; d < part->num_directions; d++)
        after_charge |= g->phrase->directions[part->first_direction + d].is_charge;
    if (ahead.token.kind == TOKEN_LEFT) notation_next(&ahead); /* "f,[b],f" */
    if (ahead.token.kind == TOKEN_CHARGE && style != STYLE_DIGITS) ahead.token.style = style;
    if (!is_stick(&ahead.token) && ahead.token.kind != TOKEN_CHARGE) return true;
    if (!after_charge && style != ahead.token.style)
        return notation_fail(
            g->scanner, ahead.token.at,
            "a comma between digits and words goes on with the motion or begins "
            "another move: write all of it in digits (214236P), or > between moves");
    if (!after_charge && style == STYLE_DIGITS) return true;
    *goes_on = true;
    notation_next(g->scanner);
    return true;
}

/* "x2" behind a motion that a press follows: the motion twice. */
static bool motion_repeat(grammar_t *g, notation_part_t *part)
{
    if (!grammar_at(g, TOKEN_REPEAT)) return true;
    const notation_kind_t next = grammar_kind_after(g);
    if (next != TOKEN_PLUS && next != TOKEN_PRESS && next != TOKEN_LEFT) return true;
    const int32_t times = grammar_now(g)->number, count = part->num_directions;
    if (times < 2 || times > 4)
        return notation_fail(g->scanner, grammar_now(g)->at,
                             "a motion is repeated 2 to 4 times, as in 236x2P");
    if (g->phrase->directions[part->first_direction].circle)
        return notation_fail(g->scanner, grammar_now(g)->at,
                             "a full circle is not repeated: write 720 for two of them");
    for (int32_t i = count; i < count * times; i++)
        if (!add_direction(g, part, g->phrase->directions[part->first_direction + i - count]))
            return false;
    notation_next(g->scanner);
    return true;
}

/* "66 → LP", "236 B": the motion goes on, or something else was meant. */
static bool mixed_styles(grammar_t *g)
{
    if (grammar_now(g)->style == STYLE_ARROWS)
        return notation_fail(g->scanner, grammar_now(g)->at,
                             "an arrow behind digits or words goes on with the motion or means "
                             "then: write 6, or >");
    char what[MACRO_NAME_BYTES];
    const notation_token_t *token = grammar_now(g);
    snprintf(what, sizeof what, "%.*s", (int)(token->end - token->at),
             g->scanner->text + token->at);
    return notation_fail(g->scanner, token->at,
                         "'%s' is a direction in the middle of digits or words: write a motion all "
                         "in digits or all in words, and + before a button",
                         what);
}

static bool directions(grammar_t *g, notation_part_t *part)
{
    notation_style_t style = grammar_now(g)->style;
    bool goes_on = grammar_at_direction(g);
    while (goes_on) {
        if (is_stick(grammar_now(g))) {
            const notation_style_t next = grammar_now(g)->style;
            if (part->num_directions > 0 && next != style) return mixed_styles(g);
            style = grammar_now(g)->style;
        } else {
            notation_scanner_t ahead = *g->scanner;
            notation_next(&ahead);
            style = ahead.token.style;
        }
        bool is_whole = false; /* a dash: a comma behind it is a join */
        if (grammar_at(g, TOKEN_MOTION)) {
            if (!grammar_now(g)->digits && part->num_directions > 0)
                return notation_fail(g->scanner, grammar_now(g)->at,
                                     "a full circle begins a motion: write > before it");
            is_whole = grammar_now(g)->digits && grammar_now(g)->number;
            if (!add_digits(g, part, grammar_now(g))) return false;
            notation_next(g->scanner);
        } else if (grammar_at(g, TOKEN_DIRECTION)) {
            if (!one_direction(g, part, false)) return false;
        } else if (!charge(g, part)) {
            return false;
        }
        goes_on = false;
        if (!is_whole && !motion_comma(g, part, style, &goes_on)) return false;
        goes_on = goes_on || grammar_at_direction(g);
    }
    return part->num_directions == 0 || motion_repeat(g, part);
}

/* ---- presses ---- */

/* "3P" behind a plus: any three. */
static bool counted_class(grammar_t *g, notation_press_t *press)
{
    notation_scanner_t ahead = *g->scanner;
    const int32_t count = grammar_now(g)->number;
    notation_next(&ahead);
    int32_t class = -1;
    for (int32_t c = 0; c < MACRO_MAX_CLASSES && ahead.token.kind == TOKEN_PRESS; c++)
        if (ahead.token.press.classes[c]) class = class < 0 ? c : -2;
    if (class < 0 || ahead.token.press.classes[class] != 1 || ahead.token.press.buttons ||
        ahead.token.spaced)
        return false;
    press->classes[class] = (uint8_t)count;
    *g->scanner = ahead;
    return true;
}

/* "LP+LK", "LPLK" */
static bool buttons(grammar_t *g, notation_part_t *part, bool after_plus)
{
    notation_press_t *press = &part->press;
    *press = (notation_press_t){ 0 };
    do {
        const int32_t from = grammar_now(g)->at;
        notation_press_t more = { 0 };
        if (grammar_at(g, TOKEN_PRESS))
            more = grammar_now(g)->press;
        else if (!after_plus || !grammar_at(g, TOKEN_DIRECTION) || !counted_class(g, &more))
            return notation_expected_button(g->scanner);
        press->buttons |= more.buttons;
        for (int32_t c = 0; c < MACRO_MAX_CLASSES; c++)
            press->classes[c] = (uint8_t)(press->classes[c] + more.classes[c]);
        int32_t class, wanted;
        part->pad = notation_press_pad(press, g->scanner->language, &class, &wanted);
        if (class >= 0) {
            const macro_class_t *of = &g->scanner->language->classes[class];
            return notation_fail(g->scanner, from, "expected at most %d of class %s, found %d",
                                 (int)of->num_members, of->name, (int)wanted);
        }
        notation_next(g->scanner);
        after_plus = true;
    } while (grammar_accept(g, TOKEN_PLUS));
    return true;
}

/* "P", "[P]", "]P[", "hold P", each perhaps with {frames}; none if nothing of it is here. */
static bool press(grammar_t *g, notation_part_t *part)
{
    const bool plus = part->num_directions > 0 && grammar_accept(g, TOKEN_PLUS);
    const notation_kind_t open = grammar_now(g)->kind;
    if (open == TOKEN_PRESS || (plus && open == TOKEN_DIRECTION)) {
        part->press_kind = PRESS_TAP;
        return buttons(g, part, plus) && grammar_frames(g, &part->frames);
    }
    if (open == TOKEN_HOLD) {
        part->press_kind = PRESS_HOLD;
        notation_next(g->scanner);
        if (is_stick(grammar_now(g)))
            return notation_fail(
                g->scanner, grammar_now(g)->at,
                "hold is for buttons: write charge b,f+P or [4]6P for a direction, "
                "6{20} for how long");
        return buttons(g, part, false) && grammar_frames(g, &part->frames);
    }
    const bool other = open == TOKEN_BAD && part->num_directions > 0 && !grammar_now(g)->spaced &&
                       grammar_now(g)->style == STYLE_WORDS;
    if ((plus && open != TOKEN_LEFT && open != TOKEN_RIGHT) || other)
        return notation_expected_button(g->scanner);
    if (open != TOKEN_LEFT && open != TOKEN_RIGHT) return true;
    part->press_kind = open == TOKEN_LEFT ? PRESS_HOLD : PRESS_RELEASE;
    notation_next(g->scanner);
    if (!buttons(g, part, false)) return false;
    if (!grammar_accept(g, open == TOKEN_LEFT ? TOKEN_RIGHT : TOKEN_LEFT))
        return grammar_expected(g, open == TOKEN_LEFT ? "] after the buttons to hold"
                                                      : "[ after the buttons to release");
    return grammar_frames(g, &part->frames);
}

/* ---- moves ---- */

/* "tk.": the motion goes on to the up that is next to its last direction. */
static bool add_knee(grammar_t *g, notation_part_t *part, int32_t from)
{
    static const uint8_t up_from[10] = { 0, 7, 8, 9, 7, 8, 9, 7, 8, 9 };
    const int32_t last = g->phrase->num_directions - 1;
    if (part->num_directions == 0 || g->phrase->directions[last].circle)
        return notation_fail(g->scanner, from,
                             "tk is a motion that ends in a jump: write tk.236P, which is 2369P");
    const uint8_t digit = g->phrase->directions[last].digit;
    const notation_direction_t up = { .digit = up_from[digit], .frames = -1, .at = (int16_t)from };
    return up.digit == digit || add_direction(g, part, up);
}

/* "cr.", "st.", "cl.", "far.", alone or two of them: "cl.st." */
static bool stances(grammar_t *g, int32_t *digit)
{
    *digit = 0;
    while (grammar_at(g, TOKEN_STANCE)) {
        if (grammar_now(g)->number == 0)
            grammar_add_remark(g, grammar_now(g)->at, grammar_now(g)->end);
        else if (*digit)
            return grammar_expected(g, "a button");
        else
            *digit = grammar_now(g)->number;
        notation_next(g->scanner);
    }
    return true;
}

bool grammar_move(grammar_t *g, notation_part_t *part)
{
    const int32_t from = grammar_now(g)->at;
    bool is_knee = false;
    int32_t stance, far = grammar_at(g, TOKEN_STANCE);
    if (!stances(g, &stance)) return false;
    if (stance) {
        const notation_direction_t held = { .digit = (uint8_t)stance,
                                            .frames = -1,
                                            .at = (int16_t)from };
        if (!add_direction(g, part, held)) return false;
        grammar_accept(g, TOKEN_PLUS);
        if (grammar_at_direction(g)) return notation_expected_button(g->scanner);
    } else {
        if (grammar_at(g, TOKEN_KNEE)) {
            is_knee = true;
            notation_next(g->scanner);
        }
        if (grammar_at(g, TOKEN_JUMP)) {
            part->jump = is_knee ? 0 : grammar_now(g)->number;
            notation_next(g->scanner);
            grammar_accept(g, TOKEN_PLUS);
        }
        if (!directions(g, part)) return false;
    }
    if (is_knee && !add_knee(g, part, from)) return false;
    const bool directions_alone = part->num_directions > 0 && !stance;
    if (!press(g, part)) return false;
    if (part->press_kind == PRESS_NONE) {
        if (part->jump && !directions_alone)
            return grammar_expected(g, "what to do in the air, as j.LP");
        if (stance || (far && !directions_alone)) return notation_expected_button(g->scanner);
        if (!directions_alone) return grammar_expected(g, EXPECT_MOVE);
    }
    return grammar_repeat(g, &part->times);
}
