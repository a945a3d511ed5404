/* macro_explain.c - `kata macro explain '236P'`: a move as the pad is held, frame by frame. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "macro.h"
#include "preset.h"
#include "why.h"

typedef struct {
    const char *preset;
    bool left;
} macro_explain_values_t;

static const option_t rows[] = {
    { "preset", OPTION_TEXT, offsetof(macro_explain_values_t, preset), "FILE", 0, 0,
      "the game's own buttons, classes and timing" },
    { "left", OPTION_FLAG, offsetof(macro_explain_values_t, left), NULL, 0, 0,
      "as played when facing left" },
};
static const option_group_t groups[] = { { "Options", rows, 2, 0 } };

enum { DIRECTIONS = MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT };

/* Without a preset nobody says what the buttons are called: six as the manual's examples have them.
 */
static void fighter_language(macro_language_t *language)
{
    static const struct {
        const char *name;
        uint16_t pad;
    } buttons[] = {
        { "LP", 1 << 1 }, { "MP", 1 << 9 },  { "HP", 1 << 10 },   { "LK", 1 << 0 },
        { "MK", 1 << 8 }, { "HK", 1 << 11 }, { "START", 1 << 3 }, { "SELECT", 1 << 2 }
    };
    macro_language_defaults(language);
    language->charge_frames = 60;
    language->num_buttons = sizeof buttons / sizeof buttons[0];
    for (int32_t b = 0; b < language->num_buttons; b++) {
        snprintf(language->buttons[b].name, MACRO_NAME_BYTES, "%s", buttons[b].name);
        language->buttons[b].pad = buttons[b].pad;
    }
    language->num_classes = 2;
    language->classes[0] = (macro_class_t){ .name = "P", .num_members = 3, .members = { 0, 1, 2 } };
    language->classes[1] = (macro_class_t){ .name = "K", .num_members = 3, .members = { 3, 4, 5 } };
}

static bool has_utf8(void)
{
    const char *name = getenv("LC_ALL");
    if (!name || !*name) name = getenv("LC_CTYPE");
    if (!name || !*name) name = getenv("LANG");
    for (const char *s = name ? name : ""; *s; s++)
        if (tolower((unsigned char)s[0]) == 'u' && tolower((unsigned char)s[1]) == 't' &&
            tolower((unsigned char)s[2]) == 'f')
            return true;
    return false;
}

/* The keypad's digit of a direction: 1 is down and left, 5 is nothing, 9 is up and right. */
static int digit_of(uint16_t pad)
{
    int digit = 5;
    if (pad & MACRO_UP) digit += 3;
    if (pad & MACRO_DOWN) digit -= 3;
    if (pad & MACRO_LEFT) digit -= 1;
    if (pad & MACRO_RIGHT) digit += 1;
    return digit;
}

static const char *arrow_of(int digit)
{
    static const char *const arrows[] = { "?", "↙", "↓", "↘", "←", "·", "→", "↖", "↑", "↗" };
    static const char *const letters[] = { "?", "db", "d", "df", "b", ".", "f", "ub", "u", "uf" };
    return has_utf8() ? arrows[digit] : letters[digit];
}

static void print_rule(int32_t num_columns, const int32_t *columns,
                       const macro_language_t *language)
{
    printf("  frames       pad");
    for (int32_t c = 0; c < num_columns; c++) printf("  %s", language->buttons[columns[c]].name);
    putchar('\n');
}

static void print_step(int32_t first, int32_t frames, uint16_t pad, int32_t num_columns,
                       const int32_t *columns, const macro_language_t *language)
{
    char range[32];
    if (frames == 1)
        snprintf(range, sizeof range, "%d", first);
    else
        snprintf(range, sizeof range, "%d-%d", first, first + frames - 1);
    const int digit = digit_of(pad);
    printf("  %-11s  %d ", range, digit);
    /* An arrow is one column wide and three bytes long: printf's width would count bytes. */
    const char *arrow = arrow_of(digit);
    printf("%s%*s", arrow, has_utf8() ? 1 : 2 - (int)strlen(arrow), "");
    for (int32_t c = 0; c < num_columns; c++) {
        const macro_button_t *button = &language->buttons[columns[c]];
        const bool held = (pad & button->pad) == button->pad;
        printf("%*s%s", c ? 2 : 1, "", held ? (has_utf8() ? "●" : "#") : (has_utf8() ? "·" : "."));
        if (c + 1 < num_columns) printf("%*s", (int)strlen(button->name) - 1, "");
    }
    putchar('\n');
}

/* The buttons that this macro uses, in the language's order. */
static int32_t used_buttons(const macro_t *macro, const macro_language_t *language,
                            int32_t columns[MACRO_MAX_BUTTONS])
{
    int32_t num_columns = 0;
    for (int32_t b = 0; b < language->num_buttons; b++) {
        const uint16_t pad = language->buttons[b].pad;
        bool used = false;
        if ((pad & ~DIRECTIONS) == 0) continue;
        for (int32_t s = 0; s < macro->num_steps && !used; s++)
            used = (macro->steps[s].pad & pad) == pad;
        if (used) columns[num_columns++] = b;
    }
    return num_columns;
}

static void print_timeline(const macro_t *macro, bool left, const macro_language_t *language)
{
    int32_t columns[MACRO_MAX_BUTTONS];
    const int32_t num_columns = used_buttons(macro, language, columns);
    print_rule(num_columns, columns, language);
    int32_t first = 1;
    for (int32_t s = 0; s < macro->num_steps; s++) {
        const macro_step_t *step = &macro->steps[s];
        print_step(first, step->frames, left ? macro_mirror(step->pad) : step->pad, num_columns,
                   columns, language);
        first += step->frames;
    }
}

static void explain(const macro_t *macro, bool left, const macro_language_t *language)
{
    printf("%s: %d frame%s, %.2f s at 60 Hz, facing %s\n", macro->notation, macro->num_frames,
           macro->num_frames == 1 ? "" : "s", macro->num_frames / 60.0, left ? "left" : "right");
    if (macro->remarks[0]) printf("  passed over: %s\n", macro->remarks);
    print_timeline(macro, left, language);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const macro_explain_values_t *v = values;
    macro_t macro;
    why_t why;
    if (v->preset) {
        preset_t *preset = NULL;
        int status = EXIT_OK;
        if (!preset_load(&preset, v->preset, why)) return say_failed("%s", why);
        if (macro_parse(&macro, arguments[0], preset_language(preset), why))
            explain(&macro, v->left, preset_language(preset));
        else
            status = say_failed("%s", why);
        preset_free(preset);
        return status;
    }
    /* The RetroPad's own names first: B is its button there, and would be back to the fighter. */
    macro_language_t fighter, retropad;
    const macro_language_t *language = &retropad;
    fighter_language(&fighter);
    macro_language_defaults(&retropad);
    retropad.charge_frames = fighter.charge_frames;
    if (!macro_parse(&macro, arguments[0], &retropad, NULL)) {
        language = &fighter;
        if (!macro_parse(&macro, arguments[0], &fighter, why))
            return say_failed("%s (without --preset the buttons are LP MP HP LK MK HK, or those of "
                              "a RetroPad: B Y A X L R L2 R2 L3 R3)",
                              why);
    }
    explain(&macro, v->left, language);
    puts(
        "  Without --preset: LP MP HP are Y X L of a RetroPad, LK MK HK are B A R; P is any of the "
        "former,\n  K of the latter; a charge is 60 frames, a hold 30.");
    return EXIT_OK;
}

const command_t command_macro_explain = {
    .name = "macro explain",
    .arguments = "NOTATION",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "a move, as 236P, frame by frame on the pad",
    .about =
        "Prints what the pad does when a move is played: which frames, which direction (as the\n"
        "digit of a keypad and as an arrow), which buttons. docs/NOTATION.md has the whole\n"
        "notation. A move that cannot be read is refused with the column and what to write\n"
        "instead; remarks in brackets are passed over, and it says so.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  A fireball, in digits and in words:\n"
                "    kata macro explain '236P'\n"
                "    kata macro explain 'qcf+P'\n"
                "  A charge move, as played from the right side:\n"
                "    kata macro explain '[4]6P' --left\n"
                "  With the buttons and timing of a game:\n"
                "    kata macro explain '623B' --preset presets/library/nes/Kumite.kata.json\n",
    .values_bytes = sizeof(macro_explain_values_t),
    .run = run,
};
