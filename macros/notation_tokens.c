/* notation_tokens.c - the text in tokens: what is not letters here, letters in notation_words.c;
 * and how a mistake is said. */
#include "notation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "why.h"

/* ---- saying what is wrong ---- */

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void describe_found(const char *text, char out[48])
{
    const unsigned char c = (unsigned char)text[0];
    if (c == '\0')
        snprintf(out, 48, "the end");
    else if (c < 0x20 || c > 0x7E)
        snprintf(out, 48, "byte 0x%02X", c);
    else {
        int length = 1;
        while (length < 12 && is_letter(text[0]) && is_letter(text[length])) length++;
        snprintf(out, 48, "'%.*s'", length, text);
    }
}

__attribute__((format(printf, 3, 4))) bool notation_fail(const notation_scanner_t *scanner,
                                                         int32_t at, const char *format, ...)
{
    char text[sizeof(why_t) - 32];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return refuse(scanner->why, "column %d: %s", (int)at + 1, text);
}

bool notation_expected(const notation_scanner_t *scanner, const char *what, const char *advice)
{
    const notation_token_t *token = &scanner->token;
    if (scanner->problem[0]) return notation_fail(scanner, token->at, "%s", scanner->problem);
    char found[48];
    describe_found(scanner->text + token->at, found);
    return notation_fail(scanner, token->at, "expected %s, found %s%s", what, found, advice);
}

/* "expected a button (LP MP ...), found 'Q'" */
bool notation_expected_button(const notation_scanner_t *scanner)
{
    char what[320] = "a button (";
    size_t used = strlen(what);
    const macro_language_t *language = scanner->language;
    for (int32_t i = 0; i < language->num_buttons + language->num_classes && used < 260; i++) {
        const char *name = i < language->num_buttons
                               ? language->buttons[i].name
                               : language->classes[i - language->num_buttons].name;
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", i ? " " : "", name);
    }
    snprintf(what + used, sizeof what - used, ")");
    return notation_expected(scanner, what, "");
}

/* ---- tables ---- */

const char *notation_circle(int32_t circle, const char **digits)
{
    static const struct {
        const char *name, *digits;
    } circles[] = { { "360", "6321478" }, { "720", "632147896321478" } };
    if (circle >= (int32_t)(sizeof circles / sizeof circles[0])) return NULL;
    if (digits) *digits = circles[circle].digits;
    return circles[circle].name;
}

/* Longest first where one begins with another. */
static const struct {
    const char *symbol;
    notation_kind_t kind;
    int32_t number;
} symbols[] = {
    { "->", TOKEN_JOIN, JOIN_CHAIN }, { "=>", TOKEN_JOIN, JOIN_CHAIN },
    { ",", TOKEN_JOIN, JOIN_LINK },   { ">", TOKEN_JOIN, JOIN_CHAIN },
    { "~", TOKEN_JOIN, JOIN_FOLLOW }, { ";", TOKEN_JOIN, JOIN_STEP },
    { "+", TOKEN_PLUS, 0 },           { "(", TOKEN_OPEN, 0 },
    { ")", TOKEN_CLOSE, 0 },          { "[", TOKEN_LEFT, 0 },
    { "]", TOKEN_RIGHT, 0 },          { "⇒", TOKEN_JOIN, JOIN_CHAIN },
    { "➔", TOKEN_JOIN, JOIN_CHAIN },  { "➜", TOKEN_JOIN, JOIN_CHAIN },
    { "▶", TOKEN_JOIN, JOIN_CHAIN },  { "►", TOKEN_JOIN, JOIN_CHAIN },
    { "»", TOKEN_JOIN, JOIN_CHAIN },  { "↙", TOKEN_DIRECTION, 1 },
    { "↓", TOKEN_DIRECTION, 2 },      { "↘", TOKEN_DIRECTION, 3 },
    { "←", TOKEN_DIRECTION, 4 },      { "→", TOKEN_DIRECTION, 6 },
    { "↖", TOKEN_DIRECTION, 7 },      { "↑", TOKEN_DIRECTION, 8 },
    { "↗", TOKEN_DIRECTION, 9 },      { "⬇", TOKEN_DIRECTION, 2 },
    { "⬅", TOKEN_DIRECTION, 4 },      { "➡", TOKEN_DIRECTION, 6 },
    { "⬆", TOKEN_DIRECTION, 8 },
};
#define NUM_SYMBOLS ((int32_t)(sizeof symbols / sizeof symbols[0]))

/* Behind an arrow: draw it as a picture. It has no width and says nothing. */
#define PICTURE_MARK "\xEF\xB8\x8F"

/* ---- numbers ---- */

/* Digits at `pos`; *number is capped far above every limit. Returns how many. */
static int32_t read_number(const char *text, int32_t *number)
{
    int32_t length = 0;
    *number = 0;
    for (; is_digit(text[length]); length++)
        if (*number < 100000) *number = *number * 10 + (text[length] - '0');
    return length;
}

static int32_t skip_spaces(const char *text)
{
    return (int32_t)strspn(text, " \t");
}

static void problem_at(notation_scanner_t *scanner, notation_token_t *token, int32_t at,
                       const char *what)
{
    char found[48];
    describe_found(scanner->text + at, found);
    token->kind = TOKEN_BAD;
    token->at = at;
    snprintf(scanner->problem, sizeof scanner->problem, "expected %s, found %s", what, found);
}

/* "{30}" */
static void read_frames(notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text;
    int32_t pos = token->at + 1;
    pos += skip_spaces(text + pos);
    const int32_t length = read_number(text + pos, &token->number);
    if (length == 0) {
        problem_at(scanner, token, pos, "a number of frames");
        return;
    }
    pos += length;
    pos += skip_spaces(text + pos);
    if (text[pos] != '}') {
        problem_at(scanner, token, pos, "} after the number of frames");
        return;
    }
    token->kind = TOKEN_FRAMES;
    token->end = pos + 1;
}

/* "*3" or the multiplication sign; "x3" is among the words. */
static bool read_repeat(const notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text + token->at;
    const int32_t sign = text[0] == '*' ? 1 : strncmp(text, "×", 2) == 0 ? 2 : 0;
    if (!sign) return false;
    const int32_t spaces = skip_spaces(text + sign);
    token->kind = TOKEN_REPEAT;
    token->end = token->at + sign + spaces + read_number(text + sign + spaces, &token->number);
    return true;
}

/* "6", "360"; where digits are buttons, a press. */
static void read_digit(notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text + token->at;
    const bool goes_on = token->at > 0 && is_digit(text[-1]);
    const char *name;
    for (int32_t c = 0; !goes_on && (name = notation_circle(c, NULL)); c++)
        if (strncmp(text, name, strlen(name)) == 0) {
            /* Where digits are buttons it stands among words: "360,b+3". */
            token->kind = TOKEN_MOTION;
            token->style = scanner->digits_are_buttons ? STYLE_WORDS : STYLE_DIGITS;
            token->end = token->at + (int32_t)strlen(name);
            token->number = c;
            return;
        }
    if (!scanner->digits_are_buttons) {
        if (text[0] == '0') {
            problem_at(scanner, token, token->at, "a direction (1 to 9)");
            return;
        }
        token->kind = TOKEN_DIRECTION;
        token->style = STYLE_DIGITS;
        token->number = text[0] - '0';
        token->end = token->at + 1;
        return;
    }
    if (is_digit(text[1])) {
        snprintf(scanner->problem, sizeof scanner->problem,
                 "buttons that are numbers need a sign between them: write %c+%c for both at once, "
                 "%c,%c for one after the other",
                 text[0], text[1], text[0], text[1]);
        return;
    }
    const macro_language_t *language = scanner->language;
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (language->buttons[b].name[0] == text[0] && language->buttons[b].name[1] == '\0') {
            token->kind = TOKEN_PRESS;
            token->press.buttons = (uint16_t)(1u << b);
            token->end = token->at + 1;
        }
    if (token->kind == TOKEN_BAD)
        snprintf(scanner->problem, sizeof scanner->problem,
                 "numbers are buttons here, and none is called %c: write directions as words, "
                 "b f u d db df ub uf",
                 text[0]);
}

/* ---- the next token ---- */

void notation_scan(notation_scanner_t *scanner, const char *text, const macro_language_t *language,
                   char *why)
{
    *scanner = (notation_scanner_t){
        .text = text,
        .language = language,
        .budget = 20000,
        .names_in_capital = -1,
        .digits_are_buttons = notation_digits_are_buttons(language),
        .why = why,
    };
    notation_sort_names(scanner);
    notation_next(scanner);
}

void notation_next(notation_scanner_t *scanner)
{
    const char *text = scanner->text;
    const int32_t spaces = skip_spaces(text + scanner->pos);
    notation_token_t token = { .kind = TOKEN_BAD,
                               .at = scanner->pos + spaces,
                               .spaced = spaces > 0 };
    token.end = token.at;
    scanner->problem[0] = '\0';
    const char c = text[token.at];
    if (c == '\0') {
        token.kind = TOKEN_END;
    } else if (is_letter(c)) {
        notation_read_word(scanner, &token);
    } else if (is_digit(c)) {
        read_digit(scanner, &token);
    } else if (c == '{') {
        read_frames(scanner, &token);
    } else if (!read_repeat(scanner, &token)) {
        for (int32_t s = 0; s < NUM_SYMBOLS && token.kind == TOKEN_BAD; s++) {
            const size_t length = strlen(symbols[s].symbol);
            if (strncmp(text + token.at, symbols[s].symbol, length) != 0) continue;
            token.kind = symbols[s].kind;
            token.number = symbols[s].number;
            token.style = STYLE_ARROWS;
            token.end = token.at + (int32_t)length;
            if (strncmp(text + token.end, PICTURE_MARK, strlen(PICTURE_MARK)) == 0)
                token.end += (int32_t)strlen(PICTURE_MARK);
        }
        if (token.kind == TOKEN_BAD && (c == '/' || c == '|'))
            snprintf(scanner->problem, sizeof scanner->problem,
                     "'%c' gives a choice, and a macro is one way to press it: write one of the "
                     "ways, 236LP of 236LP/MP",
                     c);
    }
    scanner->pos = token.end;
    scanner->token = token;
}
