/* fuzz_notation.c - any text as a move: refused with a column, or printed and parsed to itself. */
#include "macro.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes);

static void expect(bool truth)
{
    if (!truth) abort();
}

static void use(const macro_t *macro, const macro_language_t *language)
{
    static char steps[1 << 16];
    macro_t again;
    why_t why;
    int32_t frames = 0;
    for (int32_t s = 0; s < macro->num_steps; s++) {
        expect(macro->steps[s].frames >= 1);
        expect(s == 0 || macro->steps[s].pad != macro->steps[s - 1].pad);
        frames += macro->steps[s].frames;
    }
    expect(frames == macro->num_frames && frames >= 1 && frames <= MACRO_MAX_FRAMES);
    expect(macro_parse(&again, macro->notation, language, why));
    expect(macro_same_steps(macro, &again) && strcmp(macro->notation, again.notation) == 0);
    if (macro_print_steps(steps, sizeof steps, macro, language) >= MACRO_TEXT_BYTES) return;
    expect(macro_parse(&again, steps, language, why));
    expect(macro_same_steps(macro, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t num_bytes)
{
    /* The first byte chooses the language. */
    if (num_bytes < 1) return 0;
    macro_language_t language;
    macro_language_defaults(&language);
    language.charge_frames = bytes[0] & 1 ? 40 : 0;
    language.mash_gap_frames = bytes[0] >> 1 & 3;
    language.follow_gap_frames = bytes[0] >> 3 & 1;
    if (bytes[0] & 16) {
        language.num_classes = 2;
        language.classes[0] =
            (macro_class_t){ .name = "P", .num_members = 3, .members = { 0, 1, 4 } };
        language.classes[1] =
            (macro_class_t){ .name = "KK", .num_members = 2, .members = { 5, 6 } };
    }
    /* Letters that are directions, too; buttons that are numbers; names within names. */
    static const char *const names[4][5] = { { NULL },
                                             { "P", "K", "S", "H", "D" },
                                             { "1", "2", "3", "4", "LP" },
                                             { "B", "BB", "d", "DP", "x" } };
    for (int32_t b = 0; b < 5 && (bytes[0] >> 5 & 3); b++) {
        memset(language.buttons[b].name, 0, sizeof language.buttons[b].name);
        strcpy(language.buttons[b].name, names[bytes[0] >> 5 & 3][b]);
    }
    /* A preset's class has no button's name. */
    if ((bytes[0] >> 5 & 3) == 1) language.classes[0].name[0] = 'Q';
    char *text = malloc(num_bytes);
    if (!text) return 0;
    memcpy(text, bytes + 1, num_bytes - 1);
    text[num_bytes - 1] = '\0';
    macro_t macro;
    why_t why = "";
    if (macro_parse(&macro, text, &language, why)) {
        use(&macro, &language);
    } else {
        expect(strncmp(why, "column ", 7) == 0 && macro.num_steps == 0);
        for (const char *c = why; *c; c++) expect((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
    free(text);
    return 0;
}
