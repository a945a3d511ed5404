/* fighter.c - the language of fighter.h. */
#include "fighter.h"

#include <stdio.h>

macro_language_t fighter(void)
{
    static const struct {
        const char *name;
        int id;
    } rows[6] = { { "LP", 9 }, { "MP", 1 }, { "HP", 10 }, { "LK", 0 }, { "MK", 8 }, { "HK", 11 } };
    macro_language_t language;
    macro_language_defaults(&language);
    language.num_buttons = 6;
    for (int i = 0; i < 6; i++) {
        snprintf(language.buttons[i].name, MACRO_NAME_BYTES, "%s", rows[i].name);
        language.buttons[i].pad = (uint16_t)(1u << rows[i].id);
    }
    language.num_classes = 2;
    language.classes[0] = (macro_class_t){ .name = "P", .num_members = 3, .members = { 0, 1, 2 } };
    language.classes[1] = (macro_class_t){ .name = "K", .num_members = 3, .members = { 3, 4, 5 } };
    language.motion_frames = 3;
    language.press_frames = 2;
    language.charge_frames = 50;
    language.hold_frames = 20;
    language.link_gap_frames = 8;
    language.chain_gap_frames = 4;
    language.cancel_gap_frames = 1;
    language.follow_gap_frames = 0;
    language.mash_gap_frames = 5;
    language.jump_frames = 6;
    language.rise_frames = 10;
    return language;
}

uint32_t random_next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

int32_t random_below(uint32_t *seed, int32_t below)
{
    return (int32_t)(random_next(seed) % (uint32_t)below);
}
