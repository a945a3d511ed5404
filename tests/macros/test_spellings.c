/* test_spellings.c - moves of a dozen games as players write them: how many are read, and that none
 * is read wrongly. What is right is expanded here, without the code under test. */
#include "macro.h"
#include "spellings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOTION = 3, PRESS = 2, CHARGE = 50, HOLD = 20, JUMP = 6, RISE = 10 };

typedef struct {
    uint16_t pads[1200];
    int32_t num_frames;
} timeline_t;

static void hold(timeline_t *timeline, int32_t pad, int32_t frames)
{
    for (int32_t f = 0; f < frames; f++) {
        assert_true(timeline->num_frames < 1200);
        timeline->pads[timeline->num_frames++] = (uint16_t)pad;
    }
}

/* Keypad: up is bit 4, down 5, left 6, right 7. */
static int32_t stick(char digit)
{
    static const uint8_t pads[10] = { 0, 32 | 64, 32, 32 | 128, 64, 0, 128, 16 | 64, 16, 16 | 128 };
    return pads[digit - '0'];
}

static int32_t buttons(const char *names, const macro_language_t *language)
{
    int32_t pad = 0;
    while (*names) {
        const size_t length = strcspn(names, "+");
        int32_t found = -1;
        for (int32_t b = 0; b < language->num_buttons; b++)
            if (strlen(language->buttons[b].name) == length &&
                strncmp(language->buttons[b].name, names, length) == 0)
                found = b;
        if (found < 0) fail_msg("the table names no button: %s", names);
        pad |= language->buttons[found].pad;
        names += length + (names[length] == '+');
    }
    return pad;
}

/* "[4]6LP+MP", "623HP!", "6523/2": digits for MOTION frames each ([4]: CHARGE), the same twice with
 * MOTION frames of neutral between; buttons on the last digit for PRESS frames, "!" for HOLD, ":n"
 * for n. A "/" stands between digits and buttons that are numbers; without it these are buttons. */
static void expand_move(timeline_t *timeline, const char *text, const macro_language_t *language)
{
    char names[64];
    const bool numbers = language->buttons[0].name[0] == '1';
    int32_t last = -1, charged = 0, frames = PRESS;
    char before = '\0';
    const bool has_stick = !numbers || strchr(text, '/') || strspn(text, "0123456789") > 1;
    while (has_stick && ((*text >= '1' && *text <= '9') || *text == '[')) {
        const bool is_charge = *text == '[';
        const char digit = text[is_charge];
        if (last >= 0) hold(timeline, last, charged ? CHARGE : MOTION);
        if (before == digit && digit != '5') hold(timeline, 0, MOTION);
        last = stick(digit);
        before = digit;
        charged = is_charge;
        text += is_charge ? 3 : 1;
        if (text[0] == ':' && text[1] == '8') text++; /* "632147:8LP": only a mark for the eye */
    }
    if (*text == '/') text++;
    snprintf(names, sizeof names, "%s", text);
    char *colon = strchr(names, ':'), *mark = strchr(names, '!');
    if (colon) frames = atoi(colon + 1);
    if (mark) frames = HOLD;
    if (colon) *colon = '\0';
    if (mark) *mark = '\0';
    if (!names[0]) {
        hold(timeline, last, colon ? frames : MOTION);
        return;
    }
    hold(timeline, (last < 0 ? 0 : last) | buttons(names, language), frames);
}

/* Moves, and between them ".8": 8 frames of neutral (".0" is none, ".1r" the frame in which a
 * button goes up, ".4k" 4 frames with the buttons before still down); "^" is a jump, "^9" one
 * forward. */
static void expand(timeline_t *timeline, const char *text, const macro_language_t *language)
{
    timeline->num_frames = 0;
    while (*text) {
        char token[64];
        const size_t length = strcspn(text, " ");
        snprintf(token, sizeof token, "%.*s", (int)length, text);
        if (token[0] == '.') {
            const bool keeps = token[strlen(token) - 1] == 'k';
            hold(timeline, keeps ? timeline->pads[timeline->num_frames - 1] : 0, atoi(token + 1));
        } else if (token[0] == '^') {
            hold(timeline, stick(token[1] ? token[1] : '8'), JUMP);
            hold(timeline, 0, RISE);
        } else {
            expand_move(timeline, token, language);
        }
        text += length + (text[length] == ' ');
    }
}

static macro_language_t language_of(const char *names)
{
    macro_language_t language;
    macro_language_defaults(&language);
    language.motion_frames = MOTION;
    language.press_frames = PRESS;
    language.charge_frames = CHARGE;
    language.hold_frames = HOLD;
    language.mash_gap_frames = 5;
    language.jump_frames = JUMP;
    language.rise_frames = RISE;
    language.num_buttons = 0;
    for (; *names; names += strcspn(names, " ") + (names[strcspn(names, " ")] == ' ')) {
        macro_button_t *button = &language.buttons[language.num_buttons];
        memset(button, 0, sizeof *button);
        memcpy(button->name, names, strcspn(names, " "));
        button->pad = (uint16_t)(1u << (language.num_buttons < 4 ? language.num_buttons
                                                                 : language.num_buttons + 4));
        language.num_buttons++;
    }
    return language;
}

typedef struct {
    const char *game, *buttons;
    const spelling_t *rows;
    size_t num_rows;
} spelled_game_t;

#define SIX "LP MP HP LK MK HK START"
#define ROWS(rows) rows, sizeof rows / sizeof rows[0]
static const spelled_game_t games[] = {
    { "Street Fighter 6", SIX, ROWS(street_fighter_6) },
    { "Third Strike", SIX, ROWS(third_strike) },
    { "Street Fighter IV", SIX, ROWS(street_fighter_4) },
    { "Street Fighter II", SIX, ROWS(street_fighter_2) },
    { "Skullgirls", SIX, ROWS(skullgirls) },
    { "Guilty Gear Strive", "P K S H D", ROWS(strive) },
    { "The King of Fighters", "A B C D", ROWS(king_of_fighters) },
    { "Melty Blood, Under Night", "A B C D", ROWS(melty_blood) },
    { "Tekken", "1 2 3 4", ROWS(tekken) },
    { "Mortal Kombat", "LP RP LK RK BL", ROWS(mortal_kombat) },
    { "Fantasy Strike", "A B C S T", ROWS(fantasy_strike) },
};
#define NUM_GAMES (sizeof games / sizeof games[0])

/* True: read as the table says. A spelling that the table has refused must be. */
static bool is_read(const spelled_game_t *game, const spelling_t *row,
                    const macro_language_t *language)
{
    static macro_t macro, again;
    static timeline_t expected;
    why_t why = "";
    const bool ok = macro_parse(&macro, row->text, language, why);
    if (!row->pads) {
        if (ok)
            fail_msg("%s: %s: became %s, should be refused", game->game, row->text, macro.notation);
        print_message("  refused   %-24s %s: %s\n", game->game, row->text, why);
        return false;
    }
    if (!ok) fail_msg("%s: %s: %s", game->game, row->text, why);
    expand(&expected, row->pads, language);
    for (int32_t f = 0; f < expected.num_frames || f < macro.num_frames; f++)
        if (f >= expected.num_frames || macro_pad_at(&macro, f, false) != expected.pads[f])
            fail_msg("%s: %s became %s: frame %d of %d is not as in %s (%d)", game->game, row->text,
                     macro.notation, (int)f, (int)macro.num_frames, row->pads,
                     (int)expected.num_frames);
    if (!macro_parse(&again, macro.notation, language, why) || !macro_same_steps(&macro, &again) ||
        strcmp(macro.notation, again.notation) != 0)
        fail_msg("%s: %s prints as %s, and that as %s %s", game->game, row->text, macro.notation,
                 again.notation, why);
    return true;
}

static void test_spellings_are_read_and_none_wrongly(void **state)
{
    (void)state;
    int32_t num_read = 0, num_rows = 0;
    for (size_t g = 0; g < NUM_GAMES; g++) {
        macro_language_t language = language_of(games[g].buttons);
        if (language.num_buttons == 7) {
            language.num_classes = 2;
            language.classes[0] =
                (macro_class_t){ .name = "P", .num_members = 3, .members = { 0, 1, 2 } };
            language.classes[1] =
                (macro_class_t){ .name = "K", .num_members = 3, .members = { 3, 4, 5 } };
        }
        int32_t read = 0;
        for (size_t r = 0; r < games[g].num_rows; r++)
            read += is_read(&games[g], &games[g].rows[r], &language);
        print_message("  %-24s %3d of %3d\n", games[g].game, (int)read, (int)games[g].num_rows);
        num_read += read;
        num_rows += (int32_t)games[g].num_rows;
    }
    print_message("%d of %d spellings are read (%.1f %%), none wrongly\n", (int)num_read,
                  (int)num_rows, 100.0 * num_read / num_rows);
    assert_true(num_rows >= 400 && num_read * 100 >= num_rows * 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_are_read_and_none_wrongly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
