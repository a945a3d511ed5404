/* parser.c - reading characters, writing steps and canonical text, saying what was expected. */
#include "parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "why.h"

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

__attribute__((format(printf, 3, 4))) bool parser_fail(parser_t *parser, int32_t at,
                                                       const char *format, ...)
{
    if (parser->why) {
        const int used = snprintf(parser->why, sizeof(why_t), "column %d: ", (int)at + 1);
        va_list args;
        va_start(args, format);
        vsnprintf(parser->why + used, sizeof(why_t) - (size_t)used, format, args);
        va_end(args);
    }
    return false;
}

bool parser_expected(parser_t *parser, const char *what)
{
    char found[48];
    describe_found(parser, parser->pos, found);
    return parser_fail(parser, parser->pos, "expected %s, found %s", what, found);
}

/* "expected a button (LP MP ...), found 'Q'" */
bool parser_expected_button(parser_t *parser)
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
    return parser_expected(parser, what);
}

/* ---- characters ---- */

char parser_peek(const parser_t *parser)
{
    return parser->text[parser->pos];
}

/* True if a space was skipped. */
bool parser_skip_spaces(parser_t *parser)
{
    const int32_t from = parser->pos;
    while (parser_peek(parser) == ' ' || parser_peek(parser) == '\t') parser->pos++;
    return parser->pos != from;
}

bool parser_at_text(const parser_t *parser, const char *text)
{
    return strncmp(parser->text + parser->pos, text, strlen(text)) == 0;
}

/* ---- what comes out: steps and canonical text ---- */

bool parser_print(parser_t *parser, const char *text, int32_t length)
{
    if (parser->text_size + length >= MACRO_TEXT_BYTES)
        return parser_fail(parser, parser->pos, "a macro's notation must be shorter than %d bytes",
                           MACRO_TEXT_BYTES);
    memcpy(parser->out->notation + parser->text_size, text, (size_t)length);
    parser->text_size += length;
    parser->out->notation[parser->text_size] = '\0';
    return true;
}

bool parser_print_text(parser_t *parser, const char *text)
{
    return parser_print(parser, text, (int32_t)strlen(text));
}

bool parser_print_frames(parser_t *parser, int32_t frames)
{
    char text[16];
    return parser_print(parser, text, snprintf(text, sizeof text, "{%d}", (int)frames));
}

bool parser_emit(parser_t *parser, uint16_t pad, int32_t frames)
{
    macro_t *out = parser->out;
    if (frames <= 0) return true;
    if (out->num_steps == MACRO_MAX_STEPS)
        return parser_fail(parser, parser->pos, "a macro must have at most %d steps",
                           MACRO_MAX_STEPS);
    if (frames > MACRO_MAX_FRAMES - out->num_frames)
        return parser_fail(parser, parser->pos, "a macro must last at most %d frames",
                           MACRO_MAX_FRAMES);
    out->steps[out->num_steps++] = (macro_step_t){ .pad = pad, .frames = (uint16_t)frames };
    out->num_frames += frames;
    return true;
}

/* A button that was down in the last frame has to go up before it can be pressed again. */
bool parser_emit_press(parser_t *parser, uint16_t pad, uint16_t buttons, int32_t frames)
{
    const macro_t *out = parser->out;
    const uint16_t last = out->num_steps ? out->steps[out->num_steps - 1].pad : 0;
    if (!parser->raw_join && (last & buttons & (uint16_t)~parser->held))
        if (!parser_emit(parser, (uint16_t)(last & ~buttons & ~NOTATION_DIRECTIONS) | parser->held,
                         1))
            return false;
    parser->raw_join = false;
    return parser_emit(parser, pad, frames);
}

/* ---- {n} ---- */

bool parser_frames(parser_t *parser, bool zero_allowed, int32_t *frames)
{
    *frames = -1;
    if (parser_peek(parser) != '{') return true;
    const int32_t start = parser->pos++;
    parser_skip_spaces(parser);
    if (parser_peek(parser) < '0' || parser_peek(parser) > '9')
        return parser_expected(parser, "a number of frames");
    const int32_t digits = parser->pos;
    int32_t value = 0;
    while (parser_peek(parser) >= '0' && parser_peek(parser) <= '9') {
        if (value <= MACRO_MAX_FRAMES) value = value * 10 + (parser_peek(parser) - '0');
        parser->pos++;
    }
    const int32_t num_digits = parser->pos - digits < 22 ? parser->pos - digits : 22;
    parser_skip_spaces(parser);
    if (parser_peek(parser) != '}') return parser_expected(parser, "} after the number of frames");
    if (value > MACRO_MAX_FRAMES || value < (zero_allowed ? 0 : 1))
        return parser_fail(parser, start, "expected %d to %d frames, found {%.*s}",
                           zero_allowed ? 0 : 1, MACRO_MAX_FRAMES, (int)num_digits,
                           parser->text + digits);
    parser->pos++;
    *frames = value;
    return true;
}
