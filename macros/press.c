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

bool press_print(parser_t *parser, const press_t *press)
{
    const macro_language_t *language = parser->language;
    bool first = true;
    for (int32_t i = 0; i < language->num_buttons + language->num_classes; i++) {
        const bool is_class = i >= language->num_buttons;
        const int32_t c = i - language->num_buttons;
        const int32_t times = is_class ? press->classes[c] : press->buttons[i];
        const char *name = is_class ? language->classes[c].name : language->buttons[i].name;
        if (times && !first && !parser_print_text(parser, "+")) return false;
        for (int32_t t = 0; t < times; t++)
            if (!parser_print_text(parser, name)) return false;
        if (times) first = false;
    }
    return true;
}
