/* scan.c - RFC 8259 without memory: says where a text stops being JSON that we will read. */
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "why.h"

typedef struct {
    const uint8_t *text;
    size_t num_bytes, at;
    int32_t num_values;
    const char *source;
    char *why;
} scan_t;

__attribute__((format(printf, 2, 3))) static bool refuse_here(const scan_t *scan,
                                                              const char *format, ...)
{
    if (!scan->why) return false;
    int32_t line = 1, column = 1;
    for (size_t i = 0; i < scan->at && i < scan->num_bytes; i++) {
        column++;
        if (scan->text[i] == '\n') line++, column = 1;
    }
    const int used = snprintf(scan->why, sizeof(why_t),
                              "%.200s: line %d, column %d: ", scan->source, (int)line, (int)column);
    va_list args;
    va_start(args, format);
    vsnprintf(scan->why + used, sizeof(why_t) - (size_t)used, format, args);
    va_end(args);
    return false;
}

static bool expected(const scan_t *scan, const char *what)
{
    if (scan->at >= scan->num_bytes) return refuse_here(scan, "expected %s, found the end", what);
    const uint8_t c = scan->text[scan->at];
    if (c < 0x20 || c > 0x7E) return refuse_here(scan, "expected %s, found byte 0x%02X", what, c);
    return refuse_here(scan, "expected %s, found '%c'", what, c);
}

static int peek(const scan_t *scan)
{
    return scan->at < scan->num_bytes ? scan->text[scan->at] : -1;
}

static void skip_spaces(scan_t *scan)
{
    while (peek(scan) == ' ' || peek(scan) == '\n' || peek(scan) == '\r' || peek(scan) == '\t')
        scan->at++;
}

/* Length of the UTF-8 sequence at `at`, 0 if it is none (overlong, surrogate, past U+10FFFF). */
static size_t utf8_length(const uint8_t *at, size_t left)
{
    static const struct {
        uint8_t first, last; /* of the lead byte */
        uint8_t low, high;   /* of the second byte */
        uint8_t length;
    } rows[] = {
        { 0x00, 0x7F, 0x00, 0x00, 1 }, { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 },
        { 0xE1, 0xEC, 0x80, 0xBF, 3 }, { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
        { 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (at[0] < rows[r].first || at[0] > rows[r].last) continue;
        if (rows[r].length > left) return 0;
        if (rows[r].length > 1 && (at[1] < rows[r].low || at[1] > rows[r].high)) return 0;
        for (size_t i = 2; i < rows[r].length; i++)
            if ((at[i] & 0xC0) != 0x80) return 0;
        return rows[r].length;
    }
    return 0;
}

/* The four digits of \uXXXX; -1: not four hex digits. */
static int32_t hex4(const scan_t *scan)
{
    int32_t code = 0;
    if (scan->num_bytes - scan->at < 4) return -1;
    for (size_t i = 0; i < 4; i++) {
        const uint8_t c = scan->text[scan->at + i];
        int32_t digit;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        else
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static bool scan_escape(scan_t *scan)
{
    scan->at++;
    const int c = peek(scan);
    if (c < 0 || !strchr("\"\\/bfnrtu", c) || c == 0) return expected(scan, "an escape after \\");
    scan->at++;
    if (c != 'u') return true;
    const int32_t code = hex4(scan);
    if (code < 0) return expected(scan, "four hex digits after \\u");
    if (code == 0) return refuse_here(scan, "a text must not contain \\u0000");
    scan->at += 4;
    if (code >= 0xDC00 && code <= 0xDFFF) return refuse_here(scan, "a low surrogate stands alone");
    if (code < 0xD800 || code > 0xDBFF) return true;
    if (peek(scan) != '\\' || scan->num_bytes - scan->at < 6 || scan->text[scan->at + 1] != 'u')
        return refuse_here(scan, "a high surrogate stands alone");
    scan->at += 2;
    const int32_t low = hex4(scan);
    if (low < 0xDC00 || low > 0xDFFF) return refuse_here(scan, "a high surrogate stands alone");
    scan->at += 4;
    return true;
}

static bool scan_string(scan_t *scan)
{
    const size_t start = scan->at;
    if (peek(scan) != '"') return expected(scan, "\"");
    scan->at++;
    for (;;) {
        const int c = peek(scan);
        if (c < 0) return expected(scan, "\" at the end of a text");
        if (scan->at - start > JSON_MAX_STRING_BYTES)
            return refuse_here(scan, "a text must have at most %d bytes", JSON_MAX_STRING_BYTES);
        if (c == '"') break;
        if (c < 0x20) return refuse_here(scan, "a text must not contain control byte 0x%02X", c);
        if (c == '\\') {
            if (!scan_escape(scan)) return false;
            continue;
        }
        const size_t length = utf8_length(scan->text + scan->at, scan->num_bytes - scan->at);
        if (!length) return refuse_here(scan, "text must be UTF-8, found byte 0x%02X", c);
        scan->at += length;
    }
    scan->at++;
    return true;
}

static bool scan_digits(scan_t *scan)
{
    if (peek(scan) < '0' || peek(scan) > '9') return expected(scan, "a digit");
    while (peek(scan) >= '0' && peek(scan) <= '9') scan->at++;
    return true;
}

static bool scan_number(scan_t *scan)
{
    const size_t start = scan->at;
    if (peek(scan) == '-') scan->at++;
    if (peek(scan) == '0')
        scan->at++;
    else if (!scan_digits(scan))
        return false;
    if (peek(scan) == '.') {
        scan->at++;
        if (!scan_digits(scan)) return false;
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        scan->at++;
        if (peek(scan) == '+' || peek(scan) == '-') scan->at++;
        if (!scan_digits(scan)) return false;
    }
    if (scan->at - start > JSON_MAX_NUMBER_BYTES)
        return refuse_here(scan, "a number must have at most %d digits", JSON_MAX_NUMBER_BYTES);
    return true;
}

static bool scan_word(scan_t *scan, const char *word)
{
    const size_t length = strlen(word);
    if (scan->num_bytes - scan->at < length || memcmp(scan->text + scan->at, word, length) != 0)
        return expected(scan, "a value");
    scan->at += length;
    return true;
}

static bool scan_scalar(scan_t *scan)
{
    switch (peek(scan)) {
    case '"': return scan_string(scan);
    case 't': return scan_word(scan, "true");
    case 'f': return scan_word(scan, "false");
    case 'n': return scan_word(scan, "null");
    case '-': return scan_number(scan);
    default:
        if (peek(scan) >= '0' && peek(scan) <= '9') return scan_number(scan);
        return expected(scan, "a value");
    }
}

/* A key and its colon. */
static bool scan_key(scan_t *scan, int32_t *num_keys)
{
    if (++*num_keys > JSON_MAX_KEYS)
        return refuse_here(scan, "an object must have at most %d keys", JSON_MAX_KEYS);
    if (peek(scan) != '"') return expected(scan, "a key in \"\"");
    if (!scan_string(scan)) return false;
    skip_spaces(scan);
    if (peek(scan) != ':') return expected(scan, "':' after a key");
    scan->at++;
    skip_spaces(scan);
    return true;
}

/* Without recursion: a stack of what is open. */
static bool scan_value(scan_t *scan)
{
    struct {
        bool object;
        int32_t num_keys;
    } open[JSON_MAX_NESTING];
    int32_t depth = 0;
    for (;;) {
        if (++scan->num_values > JSON_MAX_VALUES)
            return refuse_here(scan, "a preset must have at most %d values", JSON_MAX_VALUES);
        const int c = peek(scan);
        bool closed = true;
        if (c == '{' || c == '[') {
            if (depth == JSON_MAX_NESTING)
                return refuse_here(scan, "objects and lists must be nested at most %d deep",
                                   JSON_MAX_NESTING);
            open[depth].object = c == '{';
            open[depth++].num_keys = 0;
            scan->at++;
            skip_spaces(scan);
            closed = peek(scan) == (c == '{' ? '}' : ']');
            if (!closed && c == '{' && !scan_key(scan, &open[depth - 1].num_keys)) return false;
        } else if (!scan_scalar(scan)) {
            return false;
        }
        if (!closed) continue;
        for (;;) { /* close what ends here, or go on to the next item */
            skip_spaces(scan);
            if (depth == 0) return true;
            const bool object = open[depth - 1].object;
            if (peek(scan) == (object ? '}' : ']')) {
                scan->at++;
                depth--;
                continue;
            }
            if (peek(scan) != ',') return expected(scan, object ? "',' or '}'" : "',' or ']'");
            scan->at++;
            skip_spaces(scan);
            if (object && !scan_key(scan, &open[depth - 1].num_keys)) return false;
            break;
        }
    }
}

bool json_scan(const char *text, size_t num_bytes, const char *source, char *why)
{
    scan_t scan = {
        .text = (const uint8_t *)text, .num_bytes = num_bytes, .source = source, .why = why
    };
    if (num_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return refuse_here(&scan, "a preset must not begin with a byte order mark");
    skip_spaces(&scan);
    if (!scan_value(&scan)) return false;
    skip_spaces(&scan);
    if (scan.at != num_bytes) return expected(&scan, "the end");
    return true;
}
