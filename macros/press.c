/* press.c - the buttons of one press: names, classes, canonical order. */
#include "parser.h"

#include <string.h>

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
    if (!best_length) return parser_expected_button(parser);
    if (button >= 0) {
        press->buttons[button] = true;
        press->pad |= language->buttons[button].pad;
    } else {
        const macro_class_t *class = &language->classes[class_idx];
        const int32_t wanted = (press->classes[class_idx] + repeats) * class_weight(class->name);
        if (wanted > class->num_members)
            return parser_fail(parser, parser->pos, "expected at most %d of class %s, found %d",
                               (int)class->num_members, class->name, (int)wanted);
        press->classes[class_idx] += repeats;
        for (int32_t m = 0; m < wanted; m++) press->pad |= language->buttons[class->members[m]].pad;
    }
    parser->pos += best_length;
    return true;
}

bool press_parse(parser_t *parser, press_t *press)
{
    *press = (press_t){ 0 };
    for (;;) {
        if (!parse_button(parser, press)) return false;
        const int32_t before_spaces = parser->pos;
        parser_skip_spaces(parser);
        if (parser_peek(parser) != '+') {
            parser->pos = before_spaces; /* a space before {n} means something */
            return true;
        }
        parser->pos++;
        parser_skip_spaces(parser);
    }
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

bool press_print(parser_t *parser, const press_t *press)
{
    const macro_language_t *language = parser->language;
    int32_t order[MACRO_MAX_BUTTONS];
    const int32_t num_buttons = notation_button_order(language, order);
    bool first = true;
    for (int32_t i = 0; i < num_buttons; i++) {
        if (!press->buttons[order[i]]) continue;
        if (!first && !parser_print_text(parser, "+")) return false;
        if (!parser_print_text(parser, language->buttons[order[i]].name)) return false;
        first = false;
    }
    for (int32_t c = next_class(language, NULL); c >= 0;
         c = next_class(language, language->classes[c].name)) {
        if (!press->classes[c]) continue;
        if (!first && !parser_print_text(parser, "+")) return false;
        for (int32_t t = 0; t < press->classes[c]; t++)
            if (!parser_print_text(parser, language->classes[c].name)) return false;
        first = false;
    }
    return true;
}
