/* mine_name.c - what players call a list of steps, however long each is held.
 *
 * The steps are cut into parts at the pauses, and where a button is let go before the next. A part
 * is directions and then a press: "236B". Parts are joined by the pause between them: "2B,{4}236B".
 * What comes out is parsed again, so that a name is always a notation.
 */
#include "mine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "notation.h"

enum {
    CHARGE_FRAMES = 30,    /* a first direction held so long is a charge */
    LATE_PRESS_FRAMES = 8, /* after a motion, until its button */
    DASH_FRAMES = 12,      /* between the two directions of "66" */
    MOTION_DIGITS = 3,
    TEXT_BYTES = 256
};

typedef struct {
    char digits[MINE_MAX_STEPS + 1];
    uint16_t buttons;
    int32_t charge_frames; /* of the first digit; 0: none */
    int32_t gap_frames;    /* before the part */
    bool joined;           /* to the part before, without a gap in the name */
} part_t;

typedef struct {
    part_t parts[MINE_MAX_STEPS];
    int32_t num_parts;
} phrase_t;

static char digit_of(uint16_t pad)
{
    const int32_t digit = notation_pad_digit(pad);
    return (char)(digit ? '0' + digit : '\0');
}

/* Steps without a pause. False: more than directions and then one press. */
static bool read_part(part_t *part, const macro_step_t *steps, int32_t num_steps)
{
    size_t num_digits = 0;
    for (int32_t s = 0; s < num_steps; s++) {
        const char digit = digit_of(steps[s].pad);
        const uint16_t buttons = steps[s].pad & (uint16_t)~NOTATION_DIRECTIONS;
        if (!digit) return false;
        if (part->buttons) { /* after the press there is only letting go */
            if (buttons & ~part->buttons) return false;
            if (digit != '5' && digit != part->digits[num_digits - 1]) return false;
            continue;
        }
        part->buttons = buttons;
        const bool is_late = digit == '5' && num_digits >= MOTION_DIGITS;
        if (is_late || (num_digits > 0 && part->digits[num_digits - 1] == digit)) continue;
        part->digits[num_digits++] = digit;
        if (s == 0 && !buttons && steps[s].frames >= CHARGE_FRAMES)
            part->charge_frames = steps[s].frames;
    }
    if (num_digits < 2) part->charge_frames = 0; /* held, but for nothing */
    return num_digits > 0;
}

/* "236" and, a moment later, "B" are one; so are "6" and "6". */
static void join_part(const part_t *before, part_t *part)
{
    if (before->buttons) return;
    const size_t num_digits = strlen(before->digits);
    if (part->gap_frames <= LATE_PRESS_FRAMES && num_digits >= MOTION_DIGITS &&
        strcmp(part->digits, "5") == 0)
        part->joined = true;
    if (part->gap_frames <= DASH_FRAMES && num_digits == 1 && part->digits[0] == before->digits[0])
        part->joined = true;
}

static bool has_buttons(const macro_step_t *step)
{
    return (step->pad & (uint16_t)~NOTATION_DIRECTIONS) != 0;
}

/* Where the part that begins at step `s` ends: at a pause, or where a press was let go if another
 * follows. */
static int32_t end_of_part(const macro_t *macro, int32_t s)
{
    int32_t let_go = -1;
    bool pressed = false;
    for (; s < macro->num_steps && macro->steps[s].pad != 0; s++) {
        const bool has = has_buttons(&macro->steps[s]);
        if (has && let_go >= 0) return let_go;
        if (pressed && !has && let_go < 0) let_go = s;
        pressed = pressed || has;
    }
    return s;
}

/* Between two presses: a direction that is only held is a pause. Returns where the next part
 * begins. */
static int32_t skip_hold(const macro_t *macro, int32_t s, int32_t *gap_frames)
{
    const int32_t start = s;
    const char digit = digit_of(macro->steps[s].pad);
    *gap_frames = 0;
    if (macro->steps[s].pad == 0) return s;
    for (; s < macro->num_steps && digit_of(macro->steps[s].pad) == digit; s++) {
        if (has_buttons(&macro->steps[s])) return s;
        *gap_frames += macro->steps[s].frames;
    }
    *gap_frames = 0; /* the direction changes: the next motion begins */
    return start;
}

static bool read_phrase(phrase_t *phrase, const macro_t *macro)
{
    int32_t gap_frames = 0;
    *phrase = (phrase_t){ 0 };
    if (macro->num_steps > MINE_MAX_STEPS) return false;
    for (int32_t s = 0; s < macro->num_steps;) {
        if (macro->steps[s].pad == 0) {
            gap_frames = macro->steps[s++].frames;
            continue;
        }
        const int32_t end = end_of_part(macro, s);
        part_t *part = &phrase->parts[phrase->num_parts];
        if (!read_part(part, macro->steps + s, end - s)) return false;
        part->gap_frames = gap_frames;
        if (phrase->num_parts > 0) join_part(part - 1, part);
        phrase->num_parts++;
        s = end < macro->num_steps ? skip_hold(macro, end, &gap_frames) : end;
    }
    return phrase->num_parts > 0;
}

/* ---- as text ---- */

__attribute__((format(printf, 2, 3))) static void add(char text[TEXT_BYTES], const char *format,
                                                      ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, TEXT_BYTES - used, format, args);
    va_end(args);
}

/* The class that this one button belongs to, or NULL. */
static const char *class_of(uint16_t buttons, const macro_language_t *language)
{
    for (int32_t c = 0; c < language->num_classes; c++)
        for (int32_t m = 0; m < language->classes[c].num_members; m++)
            if (language->buttons[language->classes[c].members[m]].pad == buttons)
                return language->classes[c].name;
    return NULL;
}

/* False: a button without a name. */
static bool add_buttons(char text[TEXT_BYTES], uint16_t buttons, const macro_language_t *language)
{
    bool is_first = true;
    for (int32_t bits = 16; bits > 0; bits--) /* a button of several bits before its parts */
        for (int32_t b = 0; b < language->num_buttons; b++) {
            const uint16_t pad = language->buttons[b].pad;
            if (__builtin_popcount(pad) != bits || (pad & ~buttons)) continue;
            add(text, "%s%s", is_first ? "" : "+", language->buttons[b].name);
            buttons &= (uint16_t)~pad;
            is_first = false;
        }
    return buttons == 0;
}

static void add_digits(char text[TEXT_BYTES], const part_t *part, const macro_language_t *language)
{
    const char *digits = part->digits;
    if (part->joined && strcmp(digits, "5") == 0) return;
    if (strcmp(digits, "5") == 0 && part->buttons) return;
    if (strcmp(digits, "6321478") == 0) {
        add(text, "360");
        return;
    }
    if (part->charge_frames > 0) {
        add(text, "[%c]", digits[0]);
        if (language->charge_frames == 0) add(text, "{%d}", part->charge_frames);
        digits++;
    }
    add(text, "%s", digits);
}

static bool write_phrase(char text[TEXT_BYTES], const phrase_t *phrase,
                         const macro_language_t *language, bool with_class)
{
    text[0] = '\0';
    for (int32_t p = 0; p < phrase->num_parts; p++) {
        const part_t *part = &phrase->parts[p];
        if (p > 0 && !part->joined) add(text, ",{%d}", part->gap_frames);
        add_digits(text, part, language);
        const char *class = with_class ? class_of(part->buttons, language) : NULL;
        if (class)
            add(text, "%s", class);
        else if (part->buttons && !add_buttons(text, part->buttons, language))
            return false;
    }
    return strlen(text) + 1 < TEXT_BYTES;
}

/* The notation's one spelling, or "" if it is none. */
static void spell(char *out, size_t bytes, const char *text, const macro_language_t *language)
{
    macro_t parsed;
    out[0] = '\0';
    if (macro_parse(&parsed, text, language, NULL) && strlen(parsed.notation) < bytes)
        snprintf(out, bytes, "%s", parsed.notation);
}

void mine_name(const macro_t *macro, const macro_language_t *language, char *name, char *family,
               size_t bytes)
{
    phrase_t phrase;
    char text[TEXT_BYTES];
    name[0] = family[0] = '\0';
    /* Names are in digits, and those are buttons there. */
    if (notation_digits_are_buttons(language) || !read_phrase(&phrase, macro)) return;
    if (write_phrase(text, &phrase, language, false)) spell(name, bytes, text, language);
    if (!name[0] || !write_phrase(text, &phrase, language, true)) return;
    spell(family, bytes, text, language);
    if (strcmp(family, name) == 0) family[0] = '\0';
}
