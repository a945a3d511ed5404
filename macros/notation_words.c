/* notation_words.c - letters: buttons, alone or side by side, and the words that players write for
 * directions and motions. Where letters can be read in two ways, that is said, and neither is
 * taken.
 *
 * A run of letters and digits is read in this order:
 *   1. the language's own name of one button: a button may be called DP
 *   2. buttons side by side, spelled as the language does (MPMK), and a word (db): one of them
 *   3. buttons in other case (mp), and a word: one of them
 *   4. a word that touches buttons (qcfHP, jLP)
 */
#include "notation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *word;
    notation_kind_t kind;
    int32_t number;
    const char *digits;
} notation_word_t;

static const notation_word_t words[] = {
    { "b", TOKEN_DIRECTION, 4, NULL },       { "f", TOKEN_DIRECTION, 6, NULL },
    { "u", TOKEN_DIRECTION, 8, NULL },       { "d", TOKEN_DIRECTION, 2, NULL },
    { "n", TOKEN_DIRECTION, 5, NULL },       { "db", TOKEN_DIRECTION, 1, NULL },
    { "df", TOKEN_DIRECTION, 3, NULL },      { "ub", TOKEN_DIRECTION, 7, NULL },
    { "uf", TOKEN_DIRECTION, 9, NULL },      { "back", TOKEN_DIRECTION, 4, NULL },
    { "forward", TOKEN_DIRECTION, 6, NULL }, { "fwd", TOKEN_DIRECTION, 6, NULL },
    { "toward", TOKEN_DIRECTION, 6, NULL },  { "towards", TOKEN_DIRECTION, 6, NULL },
    { "up", TOKEN_DIRECTION, 8, NULL },      { "down", TOKEN_DIRECTION, 2, NULL },
    { "neutral", TOKEN_DIRECTION, 5, NULL }, { "qcf", TOKEN_MOTION, 0, "236" },
    { "qcb", TOKEN_MOTION, 0, "214" },       { "hcf", TOKEN_MOTION, 0, "41236" },
    { "hcb", TOKEN_MOTION, 0, "63214" },     { "dp", TOKEN_MOTION, 0, "623" },
    { "srk", TOKEN_MOTION, 0, "623" },       { "rdp", TOKEN_MOTION, 0, "421" },
    { "spd", TOKEN_MOTION, 0, NULL },        { "dash", TOKEN_MOTION, 1, "66" },
    { "ff", TOKEN_MOTION, 1, "66" },         { "backdash", TOKEN_MOTION, 1, "44" },
    { "bb", TOKEN_MOTION, 1, "44" },         { "iad", TOKEN_MOTION, 1, "956" },
    { "cr", TOKEN_STANCE, 2, NULL },         { "crouch", TOKEN_STANCE, 2, NULL },
    { "crouching", TOKEN_STANCE, 2, NULL },  { "st", TOKEN_STANCE, 5, NULL },
    { "stand", TOKEN_STANCE, 5, NULL },      { "standing", TOKEN_STANCE, 5, NULL },
    { "cl", TOKEN_STANCE, 0, NULL },         { "close", TOKEN_STANCE, 0, NULL },
    { "far", TOKEN_STANCE, 0, NULL },        { "j", TOKEN_JUMP, 8, NULL },
    { "nj", TOKEN_JUMP, 8, NULL },           { "jump", TOKEN_JUMP, 8, NULL },
    { "jumping", TOKEN_JUMP, 8, NULL },      { "tk", TOKEN_KNEE, 0, NULL },
    { "charge", TOKEN_CHARGE, 0, NULL },     { "hold", TOKEN_HOLD, 0, NULL },
    { "xx", TOKEN_JOIN, JOIN_CANCEL, NULL },
};
#define NUM_WORDS ((int32_t)(sizeof words / sizeof words[0]))

/* What players write and this notation does not read, with what to write. A dot is part of it. */
static const struct {
    const char *word, *instead;
} instead[] = {
    { "f.", "f. is far or forward: write far.%s or f+%s" },
    { "c.", "c. is crouching or close: write cr.%s or cl.%s" },
    { "sj.", "sj. is a jump after a tap of down: write 2~j8.%s" },
    { "hj.", "hj. is a jump after a tap of down: write 2~j8.%s" },
    { "dj.",
      "dj. is a second jump or one to the side: write j9.%s, or 9~{10}j9.%s for the second" },
    { "jc", "jc is a jump: write 8 or 9" },
    { "ad", "ad is a dash in the air: write 66" },
    { "dl", "dl is a delay: write its frames, {10}" },
    { "delay", "a delay is written with its frames, {10}" },
    { "or", "'or' gives a choice, and a macro is one way to press it: write one of the ways" },
    { "mash", "mash is several presses: write P*5" },
    { "run", "a run is a dash whose last direction is held: write 66{20}" },
    { "release", "a release is written ]P[, after [P]" },
    { "then", "then is written , or >" },
};
/* They begin a remark: "S during Weapons Free". */
static const char *const situations[] = { "during", "while", "when", "after", "before", "in",
                                          "near",   "at",    "on",   "with",  "from",   "vs" };
#define NUM_SITUATIONS ((int32_t)(sizeof situations / sizeof situations[0]))
#define NUM_INSTEAD ((int32_t)(sizeof instead / sizeof instead[0]))

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The `length` bytes at text are `word`, in any case. */
static bool is_word(const char *text, int32_t length, const char *word)
{
    int32_t i = 0;
    for (; i < length && word[i]; i++)
        if (lower(text[i]) != lower(word[i])) return false;
    return i == length && word[i] == '\0';
}

static const notation_word_t *find_word(const char *text, int32_t length)
{
    for (int32_t w = 0; w < NUM_WORDS; w++)
        if (is_word(text, length, words[w].word)) return &words[w];
    return NULL;
}

/* ---- buttons side by side ---- */

enum { MAX_NAMES = 40 }; /* of one press */

/* The ways in which a run is names of buttons, none of them twice; of those that reach furthest the
 * first and one with another pad. */
typedef struct {
    notation_scanner_t *scanner;
    const char *text;
    int32_t length;
    bool any_case, may_repeat;
    int32_t end, num_readings; /* 2: two that differ */
    notation_press_t readings[2];
    char spelled[2][64];
    int8_t path[MAX_NAMES];
} word_reader_t;

static const char *name_of(const macro_language_t *language, int32_t name)
{
    return name < language->num_buttons ? language->buttons[name].name
                                        : language->classes[name - language->num_buttons].name;
}

void notation_sort_names(notation_scanner_t *scanner)
{
    const macro_language_t *language = scanner->language;
    for (int32_t n = 0; n < language->num_buttons + language->num_classes; n++) {
        int32_t to = n;
        for (; to > 0; to--) {
            const int8_t before = scanner->names[to - 1];
            if (strlen(name_of(language, before)) >= strlen(name_of(language, n))) break;
            scanner->names[to] = before;
        }
        scanner->names[to] = (int8_t)n;
    }
}

/* Buttons may end here: at the run's end, or before a digit, xx or x3. */
static bool may_end(const word_reader_t *reader, int32_t at)
{
    const char *text = reader->text + at;
    if (at == reader->length || is_digit(text[0])) return true;
    return text[0] == 'x' && at + 1 < reader->length && (text[1] == 'x' || is_digit(text[1]));
}

static void take_reading(word_reader_t *reader, int32_t at, int32_t num_names,
                         const notation_press_t *press)
{
    const macro_language_t *language = reader->scanner->language;
    int32_t too_many, wanted;
    if (at < reader->end || reader->num_readings == 2) return;
    if (at > reader->end) reader->num_readings = 0;
    reader->end = at;
    if (reader->num_readings == 1 &&
        notation_press_pad(press, language, &too_many, &wanted) ==
            notation_press_pad(&reader->readings[0], language, &too_many, &wanted))
        return;
    char *spelled = reader->spelled[reader->num_readings];
    size_t used = 0;
    for (int32_t n = 0; n < num_names && used < 48; n++)
        used += (size_t)snprintf(spelled + used, 64 - used, "%s%.12s", n ? "+" : "",
                                 name_of(language, reader->path[n]));
    reader->readings[reader->num_readings++] = *press;
}

static void read_names(word_reader_t *reader, int32_t at, int32_t num_names, notation_press_t press)
{
    const macro_language_t *language = reader->scanner->language;
    if (num_names > 0 && may_end(reader, at)) take_reading(reader, at, num_names, &press);
    if (num_names == MAX_NAMES || at == reader->length) return;
    if (at > 0 && strncmp(reader->text + at, "xx", 2) == 0) return; /* a join, and no button x */
    for (int32_t n = 0; n < language->num_buttons + language->num_classes; n++) {
        const int32_t name = reader->scanner->names[n];
        const char *spelled = name_of(language, name);
        const int32_t length = (int32_t)strlen(spelled);
        if (length > reader->length - at || reader->scanner->budget <= 0) continue;
        if (reader->any_case ? !is_word(reader->text + at, length, spelled)
                             : strncmp(reader->text + at, spelled, (size_t)length) != 0)
            continue;
        reader->scanner->budget--;
        notation_press_t longer = press;
        if (name < language->num_buttons) {
            if ((press.buttons >> name & 1) && !reader->may_repeat) continue;
            longer.buttons |= (uint16_t)(1u << name);
        } else {
            longer.classes[name - language->num_buttons]++;
        }
        reader->path[num_names] = (int8_t)name;
        read_names(reader, at + length, num_names + 1, longer);
    }
}

static void read_buttons(word_reader_t *reader, notation_scanner_t *scanner, const char *text,
                         int32_t length, bool any_case)
{
    *reader =
        (word_reader_t){ .scanner = scanner, .text = text, .length = length, .any_case = any_case };
    read_names(reader, 0, 0, (notation_press_t){ 0 });
}

/* One name is the whole run, or all of it before a digit: no other reading counts. */
static bool read_one_name(word_reader_t *reader, notation_scanner_t *scanner, const char *text,
                          int32_t length, bool any_case)
{
    const macro_language_t *language = scanner->language;
    *reader =
        (word_reader_t){ .scanner = scanner, .text = text, .length = length, .any_case = any_case };
    for (int32_t name = 0; name < language->num_buttons + language->num_classes; name++) {
        const char *spelled = name_of(language, name);
        const int32_t end = (int32_t)strlen(spelled);
        if (end > length || end <= reader->end || !may_end(reader, end)) continue;
        if (any_case ? !is_word(text, end, spelled) : strncmp(text, spelled, (size_t)end) != 0)
            continue;
        notation_press_t press = { 0 };
        if (name < language->num_buttons)
            press.buttons = (uint16_t)(1u << name);
        else
            press.classes[name - language->num_buttons] = 1;
        reader->path[0] = (int8_t)name;
        take_reading(reader, end, 1, &press);
    }
    return reader->num_readings == 1;
}

static int32_t run_length(const char *text)
{
    int32_t length = 0;
    while (is_letter(text[length]) || is_digit(text[length])) length++;
    return length;
}

/* Some button of the text is spelled with a capital, as the language does: then b is back although
 * there is a button B. */
static bool names_in_capital(notation_scanner_t *scanner)
{
    if (scanner->names_in_capital >= 0) return scanner->names_in_capital;
    scanner->names_in_capital = 0;
    for (const char *at = scanner->text; *at && !scanner->names_in_capital;) {
        const int32_t length = run_length(at);
        if (!is_letter(*at)) {
            at++;
            continue;
        }
        word_reader_t reader;
        read_buttons(&reader, scanner, at, length, false);
        for (int32_t i = 0; reader.num_readings && i < reader.end; i++)
            if (at[i] >= 'A' && at[i] <= 'Z') scanner->names_in_capital = 1;
        at += length;
    }
    return scanner->names_in_capital;
}

/* ---- what to say of what is not read ---- */

__attribute__((format(printf, 2, 3))) static bool problem(notation_scanner_t *scanner,
                                                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(scanner->problem, sizeof scanner->problem, format, args);
    va_end(args);
    return true;
}

/* "down (2)", "the motion 236", "the word st": what a word is, and *write what to write for it. */
static void describe_word(const notation_word_t *word, char is[40], char write[16])
{
    if (word->kind == TOKEN_DIRECTION) {
        snprintf(is, 40, "the direction %d", (int)word->number);
        snprintf(write, 16, "%d", (int)word->number);
    } else if (word->kind == TOKEN_MOTION) {
        snprintf(is, 40, "the motion %s", word->digits ? word->digits : "360");
        snprintf(write, 16, "%s", word->digits ? word->digits : "360");
    } else {
        snprintf(is, 40, "the word %s", word->word);
        snprintf(write, 16, "%s.", word->word);
    }
}

static bool say_word_or_buttons(notation_scanner_t *scanner, const char *text, int32_t length,
                                const notation_word_t *word, const word_reader_t *reader)
{
    char is[40], write[16];
    describe_word(word, is, write);
    return problem(scanner, "'%.*s' is %s or the button%s %s: write %s or %s", (int)length, text,
                   is, strchr(reader->spelled[0], '+') ? "s" : "", reader->spelled[0], write,
                   reader->spelled[0]);
}

static bool say_two_readings(notation_scanner_t *scanner, const word_reader_t *reader)
{
    const int32_t length = reader->end < 24 ? reader->end : 24;
    return problem(scanner, "'%.*s' is %s or %s: write the one that is meant", (int)length,
                   reader->text, reader->spelled[0], reader->spelled[1]);
}

/* A capital B D F U is a button here, so that a word in capitals may be buttons that were meant. */
static bool has_letter_buttons(const macro_language_t *language)
{
    for (int32_t b = 0; b < language->num_buttons; b++)
        if (strchr("BDFUN", language->buttons[b].name[0]) && language->buttons[b].name[1] == '\0')
            return true;
    return false;
}

static bool say_instead(notation_scanner_t *scanner, const char *text, int32_t length)
{
    char follows[12];
    snprintf(follows, sizeof follows, "%.*s",
             (int)(run_length(text + length) < 8 ? run_length(text + length) : 8), text + length);
    const char *example = follows[0] ? follows : "LP";
    for (int32_t i = 0; i < NUM_INSTEAD; i++) {
        if (!is_word(text, length, instead[i].word)) continue;
        char *out = scanner->problem;
        /* The sentence, with each %s replaced by what follows. */
        size_t used = 0;
        for (const char *at = instead[i].instead; *at && used + 12 < sizeof scanner->problem;)
            if (at[0] == '%' && at[1] == 's') {
                used += (size_t)snprintf(out + used, 12, "%s", example);
                at += 2;
            } else {
                out[used++] = *at++;
            }
        out[used] = '\0';
        return true;
    }
    return false;
}

/* ---- words ---- */

static bool take_word(notation_token_t *token, const notation_word_t *word, int32_t length)
{
    token->kind = word->kind;
    token->style = STYLE_WORDS;
    token->number = word->number;
    token->digits = word->digits;
    token->end = token->at + length;
    return true;
}

static bool take_press(notation_token_t *token, const word_reader_t *reader)
{
    token->kind = TOKEN_PRESS;
    token->press = reader->readings[0];
    token->end = token->at + reader->end;
    return true;
}

/* "cr.", "j9.", "qcf.": a word and its dot. */
static bool read_dotted(notation_scanner_t *scanner, notation_token_t *token, int32_t length)
{
    const char *text = scanner->text + token->at;
    if (length == 1 && lower(text[0]) == 'j' && text[1] >= '7' && text[1] <= '9' &&
        text[2] == '.') {
        token->kind = TOKEN_JUMP;
        token->number = text[1] - '0';
        token->end = token->at + 3;
        return true;
    }
    if (text[length] != '.') return false;
    static const notation_word_t stand = { "s", TOKEN_STANCE, 5, NULL };
    const notation_word_t *word = is_word(text, length, "s") ? &stand : find_word(text, length);
    if (say_instead(scanner, text, length + 1)) return true;
    if (!word || word->kind == TOKEN_JOIN || word->kind == TOKEN_CHARGE || word->kind == TOKEN_HOLD)
        return false;
    return take_word(token, word, length + 1);
}

/* "d/f" */
static bool read_slashed(notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text + token->at;
    const char first = lower(text[0]), last = text[1] == '/' ? lower(text[2]) : '\0';
    if ((first != 'd' && first != 'u') || (last != 'b' && last != 'f') || is_letter(text[3]))
        return false;
    const notation_word_t word = { "", TOKEN_DIRECTION,
                                   first == 'd' ? (last == 'b' ? 1 : 3) : (last == 'b' ? 7 : 9),
                                   NULL };
    return take_word(token, &word, 3);
}

/* "qcfHP", "jLP", "crmk": only a word whose rest is buttons. */
static bool read_touching(notation_scanner_t *scanner, notation_token_t *token, int32_t letters,
                          int32_t length)
{
    const char *text = scanner->text + token->at;
    for (int32_t at = letters - 1; at > 0; at--) {
        const notation_word_t *word = find_word(text, at);
        word_reader_t rest;
        if (!word || word->kind == TOKEN_JOIN) continue;
        read_buttons(&rest, scanner, text + at, length - at, false);
        if (!rest.num_readings && at > 1)
            read_buttons(&rest, scanner, text + at, length - at, true);
        if (!rest.num_readings) continue;
        if (word->kind == TOKEN_DIRECTION)
            return problem(scanner, "a direction and a button need a + between them: write %s+%s",
                           word->word, rest.spelled[0]);
        return take_word(token, word, at);
    }
    return false;
}

/* A word whose letters end here, before a digit perhaps. */
static bool word_may_end(const notation_scanner_t *scanner, const char *text, int32_t length,
                         const notation_word_t *word)
{
    const char next = text[length];
    if (!is_digit(next)) return true;
    return word->kind == TOKEN_JUMP || word->kind == TOKEN_STANCE || word->kind == TOKEN_KNEE ||
           scanner->digits_are_buttons;
}

/* The run is a word, and no buttons as the language spells them. */
static bool read_plain_word(notation_scanner_t *scanner, notation_token_t *token, int32_t letters,
                            const notation_word_t *word, const word_reader_t *any_case)
{
    const char *text = scanner->text + token->at;
    const char next = text[letters];
    if (word->kind == TOKEN_DIRECTION) {
        bool capital = false;
        for (int32_t i = 0; i < letters; i++) capital |= text[i] < 'a';
        if (capital && has_letter_buttons(scanner->language))
            return problem(
                scanner, "'%.*s' in capitals may be buttons here: write %.*s in lower case, or %d",
                (int)letters, text, (int)letters, word->word, (int)word->number);
        if (is_digit(next) && letters > 1)
            return problem(scanner, "'%.*s%c' is %c/%c+%c or %c,%c+%c: write the one that is meant",
                           (int)letters, text, next, text[0], text[1], next, text[0], text[1],
                           next);
    }
    if (word->kind == TOKEN_JUMP && next >= '7' && next <= '9')
        return problem(scanner,
                       "j%c is a jump to the side or a direction in the air: write j%c. "
                       "or j.%c",
                       next, next, next);
    if (any_case->num_readings && any_case->end >= letters && !names_in_capital(scanner))
        return say_word_or_buttons(scanner, text, letters, word, any_case);
    return take_word(token, word, letters);
}

/* "x3", "x 3" */
static bool read_times(const notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text + token->at;
    if (lower(text[0]) != 'x') return false;
    int32_t at = 1 + (int32_t)strspn(text + 1, " \t");
    if (!is_digit(text[at])) return false;
    for (token->number = 0; is_digit(text[at]); at++)
        if (token->number < 100000) token->number = token->number * 10 + (text[at] - '0');
    token->kind = TOKEN_REPEAT;
    token->end = token->at + at;
    return true;
}

static bool read_run(notation_scanner_t *scanner, notation_token_t *token)
{
    const char *text = scanner->text + token->at;
    const int32_t length = run_length(text);
    int32_t letters = 0;
    while (is_letter(text[letters])) letters++;
    if (text[0] == 'x' && text[1] == 'x') return take_word(token, find_word("xx", 2), 2);
    if (read_dotted(scanner, token, letters)) return true;

    word_reader_t one, exact, any_case;
    read_buttons(&exact, scanner, text, length, false);
    if (read_one_name(&one, scanner, text, length, false) && one.end >= exact.end)
        return take_press(token, &one);
    if (!exact.num_readings && read_times(scanner, token)) return true;
    if (letters > 1 && is_digit(text[letters]) && lower(text[letters - 1]) == 'x') letters--;
    const notation_word_t *word = find_word(text, letters);
    if (word && !word_may_end(scanner, text, letters, word)) word = NULL;
    if (exact.num_readings) {
        if (word && exact.end == letters)
            return say_word_or_buttons(scanner, text, letters, word, &exact);
        if (exact.num_readings == 2) return say_two_readings(scanner, &exact);
        return take_press(token, &exact);
    }
    if (read_slashed(scanner, token)) return true;
    read_buttons(&any_case, scanner, text, length, true);
    if (word) return read_plain_word(scanner, token, letters, word, &any_case);
    if (any_case.num_readings) {
        if (read_one_name(&one, scanner, text, length, true) && one.end >= any_case.end)
            return take_press(token, &one);
        if (any_case.num_readings == 2) return say_two_readings(scanner, &any_case);
        return take_press(token, &any_case);
    }
    if (read_touching(scanner, token, letters, length)) return true;
    token->style = STYLE_WORDS;
    for (int32_t i = 0; i < NUM_SITUATIONS; i++)
        if (is_word(text, letters, situations[i])) {
            token->kind = TOKEN_SITUATION;
            return problem(scanner,
                           "'%s' says when, and a macro is what to press: write the move before it",
                           situations[i]);
        }
    if (say_instead(scanner, text, letters)) return true;

    if (text[letters] == '.')
        return problem(scanner,
                       "'%.*s.' is no word here: before a dot stand cr st cl far j tk, or a "
                       "direction or motion in words",
                       (int)(letters < 16 ? letters : 16), text);
    word_reader_t twice = {
        .scanner = scanner, .text = text, .length = length, .may_repeat = true
    };
    read_names(&twice, 0, 0, (notation_press_t){ 0 });
    token->style = twice.num_readings ? STYLE_DIGITS : STYLE_WORDS;
    if (twice.num_readings)
        return problem(scanner,
                       "'%.*s' names a button twice, and it can be pressed only once at a time: "
                       "write %.12s > %.12s for one press after the other",
                       (int)(twice.end < 16 ? twice.end : 16), text,
                       name_of(scanner->language, twice.path[0]),
                       name_of(scanner->language, twice.path[1]));
    return false;
}

void notation_read_word(notation_scanner_t *scanner, notation_token_t *token)
{
    read_run(scanner, token); /* false: TOKEN_BAD, as it was */
    if (scanner->budget <= 0) {
        token->kind = TOKEN_BAD;
        problem(scanner, "there are too many ways to read these letters: write + between buttons");
    }
}
