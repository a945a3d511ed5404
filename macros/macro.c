/* macro.c - pad words: names, mirroring, looking up a frame, step lists as text. */
#include "macro.h"
#include "notation.h"
#include "retropad.h"
#include "why.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* By keypad digit; 5 is the middle. Index 0 is unused. */
static const uint16_t digit_pads[10] = {
    [1] = MACRO_DOWN | MACRO_LEFT,
    [2] = MACRO_DOWN,
    [3] = MACRO_DOWN | MACRO_RIGHT,
    [4] = MACRO_LEFT,
    [5] = 0,
    [6] = MACRO_RIGHT,
    [7] = MACRO_UP | MACRO_LEFT,
    [8] = MACRO_UP,
    [9] = MACRO_UP | MACRO_RIGHT,
};

void macro_language_defaults(macro_language_t *language)
{
    *language = (macro_language_t){
        .motion_frames = 3,
        .press_frames = 3,
        .charge_frames = 0,
        .hold_frames = 30,
        .link_gap_frames = 8,
        .chain_gap_frames = 4,
        .cancel_gap_frames = 1,
        .follow_gap_frames = 0,
        .mash_gap_frames = 3,
        .jump_frames = 4,
        .rise_frames = 12,
    };
    for (int32_t id = 0; id < RETROPAD_NUM_BUTTONS; id++) {
        if (retropad_is_direction(id)) continue;
        macro_button_t *button = &language->buttons[language->num_buttons++];
        snprintf(button->name, sizeof button->name, "%s", retropad_label(id));
        button->pad = (uint16_t)(1u << id);
    }
}

bool macro_name_is_valid(const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length >= MACRO_NAME_BYTES) return false;
    if (length == 1 && name[0] >= '1' && name[0] <= '9') return true;
    if (strcmp(name, "j") == 0 || strncmp(name, "xx", 2) == 0) return false;
    for (size_t i = 0; i < length; i++) {
        const char c = name[i];
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && (i == 0 || c < '0' || c > '9')) return false;
    }
    return true;
}

uint16_t macro_mirror(uint16_t pad)
{
    uint16_t mirrored = pad & (uint16_t) ~(MACRO_LEFT | MACRO_RIGHT);
    if (pad & MACRO_LEFT) mirrored |= MACRO_RIGHT;
    if (pad & MACRO_RIGHT) mirrored |= MACRO_LEFT;
    return mirrored;
}

uint16_t macro_pad_at(const macro_t *macro, int32_t frame_idx, bool faces_left)
{
    if (frame_idx < 0) return 0;
    for (int32_t s = 0; s < macro->num_steps; s++) {
        if (frame_idx < macro->steps[s].frames) {
            const uint16_t pad = macro->steps[s].pad;
            return faces_left ? macro_mirror(pad) : pad;
        }
        frame_idx -= macro->steps[s].frames;
    }
    return 0;
}

bool macro_same_steps(const macro_t *a, const macro_t *b)
{
    if (a->num_steps != b->num_steps) return false;
    for (int32_t s = 0; s < a->num_steps; s++)
        if (a->steps[s].pad != b->steps[s].pad || a->steps[s].frames != b->steps[s].frames)
            return false;
    return true;
}

/* How many members one naming of a class presses: "P" 1, a class that the preset calls "PP" 2. */
static int32_t class_weight(const char *name)
{
    const int32_t length = (int32_t)strlen(name);
    for (int32_t i = 1; i < length; i++)
        if (name[i] != name[0]) return 1;
    return length;
}

uint16_t notation_digit_pad(int32_t digit)
{
    return digit_pads[digit];
}

const char *notation_digit_word(int32_t digit)
{
    static const char *const names[10] = { "", "db", "d", "df", "b", "n", "f", "ub", "u", "uf" };
    return names[digit];
}

bool notation_digits_are_buttons(const macro_language_t *language)
{
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (language->buttons[b].name[0] >= '1' && language->buttons[b].name[0] <= '9') return true;
    return false;
}

uint16_t notation_press_pad(const notation_press_t *press, const macro_language_t *language,
                            int32_t *too_many, int32_t *wanted)
{
    uint16_t pad = 0;
    *too_many = -1;
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (press->buttons >> b & 1) pad |= language->buttons[b].pad;
    for (int32_t c = 0; c < language->num_classes; c++) {
        const macro_class_t *class = &language->classes[c];
        const int32_t members = press->classes[c] * class_weight(class->name);
        for (int32_t m = 0; m < members && m < class->num_members; m++)
            pad |= language->buttons[class->members[m]].pad;
        if (members <= class->num_members) continue;
        *too_many = c;
        *wanted = members;
    }
    return pad;
}

int32_t notation_pad_digit(uint16_t pad)
{
    const uint16_t directions = pad & NOTATION_DIRECTIONS;
    for (int32_t digit = 1; digit <= 9; digit++)
        if (digit_pads[digit] == directions) return digit;
    return 0;
}

/* ---- text that counts what did not fit, like snprintf ---- */

typedef struct {
    char *out;
    size_t out_bytes, length;
} macro_text_t;

__attribute__((format(printf, 2, 3))) static void text_add(macro_text_t *text, const char *format,
                                                           ...)
{
    va_list args;
    va_start(args, format);
    const size_t at = text->length < text->out_bytes ? text->length : text->out_bytes;
    const int added =
        vsnprintf(text->out_bytes ? text->out + at : NULL, text->out_bytes - at, format, args);
    va_end(args);
    if (added > 0) text->length += (size_t)added;
}

int32_t notation_button_order(const macro_language_t *language, int32_t order[MACRO_MAX_BUTTONS])
{
    const int32_t num_buttons = language->num_buttons;
    for (int32_t b = 0; b < num_buttons; b++) {
        int32_t at = b;
        for (; at > 0; at--) {
            const int32_t before = order[at - 1];
            if (strcmp(language->buttons[before].name, language->buttons[b].name) <= 0) break;
            order[at] = before;
        }
        order[at] = b;
    }
    return num_buttons;
}

/* Buttons whose pads together are exactly `pad`, in `chosen` (indices, by name); the ones with most
 * bits are taken first. -1 if some bit has no button. */
static int32_t cover_with_buttons(uint16_t pad, const macro_language_t *language,
                                  int32_t chosen[MACRO_MAX_BUTTONS])
{
    int32_t order[MACRO_MAX_BUTTONS], num_chosen = 0;
    bool is_chosen[MACRO_MAX_BUTTONS] = { false };
    const int32_t num_buttons = notation_button_order(language, order);
    for (int32_t bits = 16; bits > 0 && pad; bits--) {
        for (int32_t i = 0; i < num_buttons && pad; i++) {
            const uint16_t button = language->buttons[order[i]].pad;
            if (__builtin_popcount(button) != bits || (button & ~pad)) continue;
            pad &= (uint16_t)~button;
            is_chosen[order[i]] = true;
        }
    }
    for (int32_t i = 0; i < num_buttons; i++)
        if (is_chosen[order[i]]) chosen[num_chosen++] = order[i];
    return pad ? -1 : num_chosen;
}

static bool add_buttons(macro_text_t *text, uint16_t buttons, const macro_language_t *language)
{
    int32_t chosen[MACRO_MAX_BUTTONS];
    const int32_t num_chosen = cover_with_buttons(buttons, language, chosen);
    for (int32_t i = 0; i < num_chosen; i++)
        text_add(text, "%s%s", i ? "+" : "", language->buttons[chosen[i]].name);
    return num_chosen >= 0;
}

int macro_print_pad(char *out, size_t out_bytes, uint16_t pad, const macro_language_t *language)
{
    macro_text_t text = { .out = out, .out_bytes = out_bytes };
    if (out_bytes) out[0] = '\0';
    for (int32_t id = 0; id < RETROPAD_NUM_BUTTONS; id++)
        if (retropad_is_direction(id) && pad >> id & 1)
            text_add(&text, "%s%s", text.length ? "+" : "", retropad_label(id));
    const uint16_t buttons = pad & (uint16_t)~NOTATION_DIRECTIONS;
    int32_t chosen[MACRO_MAX_BUTTONS];
    if (buttons && cover_with_buttons(buttons, language, chosen) >= 0) {
        if (text.length) text_add(&text, "+");
        add_buttons(&text, buttons, language);
    } else {
        for (int32_t id = 0; id < MACRO_MAX_BUTTONS; id++)
            if (buttons >> id & 1) text_add(&text, "%sbit%d", text.length ? "+" : "", (int)id);
    }
    if (!pad) text_add(&text, "-");
    return (int)text.length;
}

/* False: this pad has no notation in this language. */
static bool add_step(macro_text_t *text, const macro_step_t *step, const macro_language_t *language)
{
    const int32_t digit = notation_pad_digit(step->pad);
    const uint16_t buttons = step->pad & (uint16_t)~NOTATION_DIRECTIONS;
    if (digit == 0) return false;
    if (text->length) text_add(text, ";");
    const bool words = notation_digits_are_buttons(language);
    if (digit != 5 || !buttons) {
        if (words)
            text_add(text, "%s%s", notation_digit_word(digit), buttons ? "+" : "");
        else
            text_add(text, "%d", (int)digit);
    }
    if (!add_buttons(text, buttons, language)) return false;
    text_add(text, "{%d}", (int)step->frames);
    return true;
}

int macro_print_steps(char *out, size_t out_bytes, const macro_t *macro,
                      const macro_language_t *language)
{
    macro_text_t text = { .out = out, .out_bytes = out_bytes };
    if (out_bytes) out[0] = '\0';
    for (int32_t s = 0; s < macro->num_steps; s++) add_step(&text, &macro->steps[s], language);
    return (int)text.length;
}

static bool take_steps(macro_t *out, const macro_step_t *steps, int32_t num_steps,
                       const macro_language_t *language, char *why)
{
    if (num_steps < 1 || num_steps > MACRO_MAX_STEPS)
        return refuse(why, "a macro must have 1 to %d steps, found %d", MACRO_MAX_STEPS,
                      (int)num_steps);
    macro_text_t text = { .out = out->notation, .out_bytes = sizeof out->notation };
    for (int32_t s = 0; s < num_steps; s++) {
        if (steps[s].frames < 1 || steps[s].frames > MACRO_MAX_FRAMES - out->num_frames)
            return refuse(why, "step %d: a macro must have 1 to %d frames, each step at least 1",
                          (int)s + 1, MACRO_MAX_FRAMES);
        out->num_frames += steps[s].frames;
        if (out->num_steps && out->steps[out->num_steps - 1].pad == steps[s].pad)
            out->steps[out->num_steps - 1].frames += steps[s].frames;
        else
            out->steps[out->num_steps++] = steps[s];
    }
    for (int32_t s = 0; s < out->num_steps; s++) {
        if (!notation_pad_digit(out->steps[s].pad))
            return refuse(why, "step %d: opposite directions cannot be held together", (int)s + 1);
        if (!add_step(&text, &out->steps[s], language))
            return refuse(why, "step %d: pad word 0x%04X has a button without a name", (int)s + 1,
                          (unsigned)out->steps[s].pad);
    }
    if (text.length >= sizeof out->notation)
        return refuse(why, "the step list must be shorter than %d bytes, it needs %zu",
                      MACRO_TEXT_BYTES, text.length);
    return true;
}

bool macro_from_steps(macro_t *out, const macro_step_t *steps, int32_t num_steps,
                      const macro_language_t *language, why_t why)
{
    *out = (macro_t){ 0 };
    const bool ok = take_steps(out, steps, num_steps, language, why);
    if (!ok) *out = (macro_t){ 0 };
    return ok;
}
