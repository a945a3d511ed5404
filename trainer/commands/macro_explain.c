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

/* Without a preset nobody says what P and K are: six buttons as fighters on a pad have them. */
static void add_fighter(macro_language_t *language)
{
    static const struct {
        const char *name, *members[3];
    } classes[] = { { "P", { "Y", "X", "L" } }, { "K", { "B", "A", "R" } } };
    for (size_t c = 0; c < 2 && language->num_classes < MACRO_MAX_CLASSES; c++) {
        macro_class_t *class = &language->classes[language->num_classes++];
        *class = (macro_class_t){ 0 };
        snprintf(class->name, sizeof class->name, "%s", classes[c].name);
        for (size_t m = 0; m < 3; m++)
            for (int32_t b = 0; b < language->num_buttons; b++)
                if (strcmp(language->buttons[b].name, classes[c].members[m]) == 0)
                    class->members[class->num_members++] = b;
    }
    if (language->charge_frames == 0) language->charge_frames = 60;
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

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const macro_explain_values_t *v = values;
    preset_t *preset = NULL;
    why_t why;
    if (v->preset && !preset_load(&preset, v->preset, why)) return say_failed("%s", why);
    macro_language_t language;
    if (preset) {
        language = *preset_language(preset);
    } else {
        macro_language_defaults(&language);
        add_fighter(&language);
    }

    static macro_t macro;
    int status = EXIT_OK;
    if (!macro_parse(&macro, arguments[0], &language, why)) {
        status = say_failed("%s", why);
    } else {
        printf("%s: %d frame%s, %.2f s at 60 Hz, facing %s\n", macro.notation, macro.num_frames,
               macro.num_frames == 1 ? "" : "s", macro.num_frames / 60.0,
               v->left ? "left" : "right");
        print_timeline(&macro, v->left, &language);
        if (!preset)
            puts("  Without --preset: RetroPad buttons; P is Y, X or L, K is B, A or R; a charge "
                 "is 60 frames.");
    }
    preset_free(preset);
    return status;
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
        "notation. A move that cannot be read is refused with the column and what was\n"
        "expected there.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  A fireball:\n"
                "    kata macro explain '236P'\n"
                "  A charge move, as played from the right side:\n"
                "    kata macro explain '[4]6P' --left\n"
                "  With the buttons and timing of a game:\n"
                "    kata macro explain '623B' --preset presets/library/nes/Kumite.kata.json\n",
    .values_bytes = sizeof(macro_explain_values_t),
    .run = run,
};
