/* notation_spell.c - parts as their canonical text: digits, sorted buttons, no space but at waits.
 */
#include "notation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char *out;
    size_t length; /* what was needed, like snprintf */
    const macro_language_t *language;
    bool words; /* directions as words: digits are buttons */
} speller_t;

__attribute__((format(printf, 2, 3))) static void add(speller_t *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const size_t at = s->length < MACRO_TEXT_BYTES ? s->length : MACRO_TEXT_BYTES;
    const int added = vsnprintf(s->out + at, MACRO_TEXT_BYTES - at, format, args);
    va_end(args);
    if (added > 0) s->length += (size_t)added;
}

static void add_frames(speller_t *s, int32_t frames)
{
    if (frames > 0) add(s, "{%d}", (int)frames);
}

/* The class whose name comes next after `last` (NULL: the first); -1: none. */
static int32_t next_class(const macro_language_t *language, const char *last)
{
    int32_t best = -1;
    for (int32_t c = 0; c < language->num_classes; c++) {
        const char *name = language->classes[c].name;
        if (last && strcmp(name, last) <= 0) continue;
        if (best < 0 || strcmp(name, language->classes[best].name) < 0) best = c;
    }
    return best;
}

static void add_buttons(speller_t *s, const notation_press_t *press)
{
    const macro_language_t *language = s->language;
    int32_t order[MACRO_MAX_BUTTONS];
    const int32_t num_buttons = notation_button_order(language, order);
    const char *plus = "";
    for (int32_t i = 0; i < num_buttons; i++) {
        if (!(press->buttons >> order[i] & 1)) continue;
        add(s, "%s%s", plus, language->buttons[order[i]].name);
        plus = "+";
    }
    for (int32_t c = next_class(language, NULL); c >= 0;
         c = next_class(language, language->classes[c].name)) {
        if (!press->classes[c]) continue;
        add(s, "%s", plus);
        for (int32_t t = 0; t < press->classes[c]; t++) add(s, "%s", language->classes[c].name);
        plus = "+";
    }
}

static void add_directions(speller_t *s, const notation_direction_t *directions, int32_t count)
{
    for (int32_t d = 0; d < count; d++) {
        char digit[3] = { (char)('0' + directions[d].digit), '\0' };
        const char *name = s->words ? notation_digit_word(directions[d].digit) : digit;
        if (directions[d].circle) name = notation_circle(directions[d].circle - 1, NULL);
        add(s, "%s%s%s%s", s->words && d ? "," : "", directions[d].is_charge ? "[" : "", name,
            directions[d].is_charge ? "]" : "");
        add_frames(s, directions[d].frames);
    }
}

static void add_move(speller_t *s, const notation_phrase_t *phrase, const notation_part_t *part)
{
    if (part->jump) add(s, part->jump == 8 ? "j." : "j%d.", (int)part->jump);
    add_directions(s, phrase->directions + part->first_direction, part->num_directions);
    if (part->press_kind != PRESS_NONE) {
        if (s->words && part->num_directions) add(s, "+");
        if (part->press_kind != PRESS_TAP) add(s, part->press_kind == PRESS_HOLD ? "[" : "]");
        add_buttons(s, &part->press);
        if (part->press_kind != PRESS_TAP) add(s, part->press_kind == PRESS_HOLD ? "]" : "[");
        add_frames(s, part->frames);
    }
    if (part->times > 1) add(s, "*%d", (int)part->times);
}

/* A bare comma before part p would go on with the motion before it: between words, and in a charge.
 */
static bool comma_goes_on(const speller_t *s, const notation_phrase_t *phrase, int32_t p)
{
    const notation_part_t *before = &phrase->parts[p - 1], *part = &phrase->parts[p];
    if (part->join != JOIN_LINK || before->kind != PART_MOVE || before->press_kind != PRESS_NONE ||
        before->closes || before->times > 1 || !part->num_directions || part->jump || part->opens)
        return false;
    bool is_charge = s->words;
    for (int32_t d = 0; d < before->num_directions; d++)
        is_charge |= phrase->directions[before->first_direction + d].is_charge;
    return is_charge;
}

/* A name begins or ends with x: it would run into the join xx. */
static bool has_name_with_x(const macro_language_t *language)
{
    for (int32_t n = 0; n < language->num_buttons + language->num_classes; n++) {
        const char *name = n < language->num_buttons
                               ? language->buttons[n].name
                               : language->classes[n - language->num_buttons].name;
        if (name[0] == 'x' || (name[0] && name[strlen(name) - 1] == 'x')) return true;
    }
    return false;
}

bool notation_spell(macro_t *out, const notation_phrase_t *phrase,
                    const notation_scanner_t *scanner)
{
    const char *const joins[] = {
        ",", ">", scanner->digits_are_buttons || has_name_with_x(scanner->language) ? " xx " : "xx",
        "~", ";"
    };
    speller_t s = { .out = out->notation,
                    .language = scanner->language,
                    .words = scanner->digits_are_buttons };
    for (int32_t p = 0; p < phrase->num_parts; p++) {
        const notation_part_t *part = &phrase->parts[p];
        if (p > 0) add(&s, "%s", part->join == JOIN_NONE ? " " : joins[part->join]);
        if (part->join != JOIN_NONE && part->gap_frames >= 0)
            add(&s, "{%d}", (int)part->gap_frames);
        else if (p > 0 && comma_goes_on(&s, phrase, p))
            add(&s, "{%d}", (int)scanner->language->link_gap_frames);
        for (int32_t o = 0; o < part->opens; o++) add(&s, "(");
        if (part->kind == PART_WAIT) add_frames(&s, part->frames);
        if (part->kind == PART_MOVE) add_move(&s, phrase, part);
        for (int32_t c = 0; c < part->closes; c++) {
            add(&s, ")");
            if (part->repeats[c] > 1) add(&s, "*%d", (int)part->repeats[c]);
        }
    }
    if (s.length < MACRO_TEXT_BYTES) return true;
    return notation_fail(scanner, scanner->token.at,
                         "a macro's notation must be shorter than %d bytes", MACRO_TEXT_BYTES);
}
